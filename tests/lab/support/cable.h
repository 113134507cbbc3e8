/*
 * A link alone, with memory and a trace: frames go in at its ends, and what comes out is told with its time.
 */
#ifndef TCPLAB_TESTS_LAB_CABLE_H
#define TCPLAB_TESTS_LAB_CABLE_H

#include "lab/link.h"

enum { FRAME = 1000 };

struct cable {
    struct link *link;
    struct trace *trace;
    void *memory;
};

struct arrival {
    int64_t t_us;
    uint32_t id;
    bool fcs_good;
};

/* To be given back with free(c.memory). */
struct cable cable_with(struct link_config config);

/* What link_config_default() says. */
struct link_config plain(void);

/* A frame with a good FCS; its id is the trace's next. */
uint32_t cable_send_on(struct cable *c, unsigned direction, uint32_t len, int64_t now_us);

/* One of FRAME bytes from a to b. */
uint32_t cable_send(struct cable *c, int64_t now_us);

/* What arrives next, and when; id 0: nothing more. */
struct arrival cable_next(struct cable *c);
void assert_arrives(struct cable *c, uint32_t id, int64_t t_us);

/* The last event of a kind, or NULL. */
const struct trace_event *last_event(struct cable *c, enum trace_kind kind);

#endif
