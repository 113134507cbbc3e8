/*
 * Half of the runs are traced, and held to it that no window changes without an event (tests/unit/support/windows.h). The
 * others take the shortcuts of hosts that nobody looks at (core/transport/tcp_calm.c).
 */
#include "sim/sim.h"

enum { TRACE_EVENTS = 1 << 14 };

void causes_setup(struct run *r, unsigned h, struct arena *arena)
{
    bool traced = r->plan.seed % 2 == 0;
    r->windows[h] = (struct windows){0};
    r->trace[h] = traced ? trace_create(arena, TRACE_EVENTS) : NULL;
    if (traced && !r->trace[h])
        run_fail(r, "host %u: no memory for a trace", h);
}

void causes_check(struct run *r)
{
    for (unsigned h = 0; h < 2 && !r->failed; h++) {
        const char *wrong = r->trace[h] ? windows_look(&r->windows[h], host_tcp(r->host[h])) : NULL;
        if (wrong)
            run_fail(r, "host %u, %s", h, wrong);
    }
}
