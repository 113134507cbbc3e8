/*
 * A frame being built or waiting: bytes in the arena with room in front, so that each layer on the way down
 * puts its header there without moving what is behind it.
 *
 *   buf     head                  head + len       room
 *   |.......|=====================|................|
 *   headroom  bytes of the frame      tailroom
 */
#ifndef TCPLAB_LINK_FRAME_H
#define TCPLAB_LINK_FRAME_H

#include "base/machine.h"
#include "trace/trace.h"

/* Ethernet 14 + IPv6 40 + TCP 60 = 114, rounded up so that payloads start aligned. */
enum { FRAME_HEADROOM = 128 };

/* The FCS, or what padding writes too much: see ethernet_pad(). */
enum { FRAME_TAILROOM = 8 };

struct frame {
    struct frame *next; /* in whatever queue it waits in */
    uint32_t id;        /* its name in the trace; 0 without trace */
    uint32_t cause;     /* the trace event that sent it; 0 without trace */
    uint32_t head;      /* index of the first byte */
    uint32_t len;
    uint32_t room;      /* size of buf */
    uint16_t rule;      /* enum trace_rule of the segment or packet inside */
    uint16_t ethertype; /* while it waits for the next hop's address */
    uint8_t buf[];
};

/* An empty frame with FRAME_HEADROOM in front and room for `payload` bytes and an FCS behind. NULL: out of
 * memory. It gets a new id from the trace. */
struct frame *frame_create(struct machine *m, uint32_t payload);
void frame_free(struct machine *m, struct frame *f);

/* What nobody named a cause for was sent because of what goes on now. */
static inline void frame_set_cause(const struct machine *m, struct frame *f)
{
    if (f->cause == 0)
        f->cause = trace_cause(m->trace);
}

/* Bytes of the frame. */
static inline struct bytes frame_bytes(const struct frame *f)
{
    return bytes_of(f->buf + f->head, f->len);
}

/* Grows the frame by `n` bytes in front and returns where they start. */
static inline uint8_t *frame_push(struct frame *f, uint32_t n)
{
    assert(f->head >= n);
    f->head -= n;
    f->len += n;
    return f->buf + f->head;
}

/* Grows it by `n` bytes behind and returns where they start. */
static inline uint8_t *frame_append(struct frame *f, uint32_t n)
{
    assert(f->head + f->len + n <= f->room);
    uint8_t *at = f->buf + f->head + f->len;
    f->len += n;
    return at;
}

#endif
