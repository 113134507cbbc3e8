/*
 * A packet's steps through the layers, for the trace: headers put on and taken off, checksums verified,
 * packets dropped. Every layer from here up says them the same way. Without a trace each costs one test, with
 * TCPLAB_TRACE=0 nothing.
 */
#ifndef TCPLAB_LINK_STEP_H
#define TCPLAB_LINK_STEP_H

#include "base/machine.h"
#include "trace/trace.h"

/* The interface of packets that a host sends to itself, or for which it has not chosen one. */
enum { STEP_NO_INTERFACE = 255 };

struct step {
    const struct machine *machine;
    enum trace_protocol protocol;
    uint8_t iface; /* index on this host, or STEP_NO_INTERFACE */
    uint32_t frame_id;
};

/* A checksum that was verified: where in the message it is, and what else it covers. */
struct step_checksum {
    struct bytes message;
    size_t field_at;     /* offset of the checksum field: even */
    uint32_t pseudo_sum; /* partial sum of the pseudo-header; 0 for none */
    bool good;
};

void step_emit_header(struct step s, bool added, size_t header_bytes, size_t total_bytes);
void step_emit_dropped(struct step s, enum drop_reason reason);
void step_emit_checksum(struct step s, const struct step_checksum *c);

static inline bool step_traced(struct step s)
{
    return TCPLAB_TRACE && s.machine->trace;
}

/* A header of `header_bytes` was put on; with it the packet has `total_bytes`. */
static inline void step_header_added(struct step s, size_t header_bytes, size_t total_bytes)
{
    if (step_traced(s))
        step_emit_header(s, true, header_bytes, total_bytes);
}

/* A header of `header_bytes` was taken off a packet that had `total_bytes` with it. */
static inline void step_header_removed(struct step s, size_t header_bytes, size_t total_bytes)
{
    if (step_traced(s))
        step_emit_header(s, false, header_bytes, total_bytes);
}

static inline void step_dropped(struct step s, enum drop_reason reason)
{
    if (step_traced(s))
        step_emit_dropped(s, reason);
}

static inline void step_checksum_checked(struct step s, struct step_checksum c)
{
    if (step_traced(s))
        step_emit_checksum(s, &c);
}

#endif
