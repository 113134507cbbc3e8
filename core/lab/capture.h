/*
 * Frames kept for looking at them later, and for writing them as pcapng. A ring of bounded size: the oldest
 * go first.
 *
 * A frame is captured where it leaves a machine (as it was sent, before the link does anything to it) and
 * where it arrives (as it came). A frame that the link refused at once was never on the wire; it is kept too,
 * but no capture file shows it.
 */
#ifndef TCPLAB_LAB_CAPTURE_H
#define TCPLAB_LAB_CAPTURE_H

#include "base/arena.h"

enum { CAPTURE_BYTES_DEFAULT = 8 << 20, CAPTURE_BYTES_MIN = 1 << 17 };

enum capture_point { CAPTURE_SENT, CAPTURE_RECEIVED, CAPTURE_REFUSED };

struct captured {
    uint32_t size; /* of this record in the ring, with what follows it */
    uint32_t id;   /* of the frame */
    int64_t t_us;
    uint32_t event; /* the trace event of this point of its life */
    uint32_t cause; /* why it was sent */
    uint16_t rule;  /* enum trace_rule */
    uint8_t link;
    uint8_t direction; /* 0: a to b */
    uint8_t point;     /* enum capture_point */
    uint8_t unused[3];
    uint32_t len;
    uint8_t bytes[];
};

/*
 *   positions count all bytes ever written; a record lies at position % capacity and never wraps.
 *
 *        oldest                        end
 *   .......|==========================|.......
 */
struct capture {
    uint8_t *ring;
    uint32_t capacity;
    uint64_t oldest, end;
    uint64_t *index; /* frame id % index_count -> 1 + position of its first record; a guess to be verified */
    uint32_t index_count;
    uint64_t kept, forgotten; /* records */
};

struct capture *capture_create(struct arena *a, uint32_t capacity);

/* Keeps a frame; `what` says all but size and bytes. */
void capture_add(struct capture *c, const struct captured *what, struct bytes frame);

/* The record at *position, which then points behind it; NULL at the end. A position that was overwritten
 * moves to the oldest. Begin with 0. */
const struct captured *capture_next(const struct capture *c, uint64_t *position);

/* The first record of a frame (as sent), or the one at a certain point. NULL: not kept, or no longer. */
const struct captured *capture_find(const struct capture *c, uint32_t id);
const struct captured *capture_find_at(const struct capture *c, uint32_t id, enum capture_point point);

#endif
