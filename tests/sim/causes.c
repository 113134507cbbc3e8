/*
 * The page shows each number with what changed it. So no window may change without an event that says so: between any two
 * looks at a connection, the last event about its window tells what it is now. Half of the runs are traced; the others
 * take the shortcuts of hosts that nobody looks at (core/transport/tcp_calm.c).
 */
#include "sim/sim.h"

#include "transport/tcp_conn.h"

enum { TRACE_EVENTS = 1 << 14 };

bool causes_traced(const struct plan *p)
{
    return p->seed % 2 == 0;
}

void causes_setup(struct run *r, unsigned h, struct arena *arena)
{
    r->seen_windows[h] = (struct seen_windows){0};
    r->trace[h] = causes_traced(&r->plan) ? trace_create(arena, TRACE_EVENTS) : NULL;
    if (causes_traced(&r->plan) && !r->trace[h])
        run_fail(r, "host %u: no memory for a trace", h);
}

/* Does an event since the last look say what the window of `c` is now? A connection may have had no socket then. */
static bool told(struct run *r, unsigned h, const struct tcp_conn *c)
{
    struct trace *t = r->trace[h];
    for (uint32_t id = t->last_id; id > r->seen_windows[h].event; id--) {
        const struct trace_event *e = trace_at(t, id);
        if (!e) {
            run_fail(r, "host %u: more than %u events at once", h, (unsigned)TRACE_EVENTS);
            return true;
        }
        bool its_own = e->socket == c->socket || e->socket == TRACE_NO_SOCKET;
        if (e->kind != TRACE_TCP_CONGESTION || !its_own)
            continue;
        bool same =
            e->u.tcp_congestion.cwnd_bytes == c->cwnd && e->u.tcp_congestion.ssthresh_bytes == c->ssthresh;
        if (same || e->socket == c->socket)
            return same;
    }
    return false;
}

static const struct seen_window *find(const struct seen_windows *seen, const struct tcp_conn *c)
{
    for (uint32_t i = 0; i < seen->count; i++)
        if (seen->at[i].conn == c && seen->at[i].iss == c->snd.iss)
            return &seen->at[i];
    return NULL;
}

void causes_check(struct run *r, unsigned h)
{
    struct seen_windows *seen = &r->seen_windows[h], now = {0};
    if (!r->trace[h] || r->failed)
        return;
    for (struct tcp_conn *c = tcp_next(host_tcp(r->host[h]), NULL); c;
         c = tcp_next(host_tcp(r->host[h]), c)) {
        const struct seen_window *before = find(seen, c);
        bool changed = !before || before->cwnd != c->cwnd || before->ssthresh != c->ssthresh;
        if (!tcp_synchronised(c))
            continue;
        if (changed && !told(r, h, c))
            run_fail(r, "host %u, port %u: cwnd %u and ssthresh %u became %u and %u, and no event tells why",
                     h, c->local.port, before ? before->cwnd : 0, before ? before->ssthresh : 0, c->cwnd,
                     c->ssthresh);
        if (now.count == SIM_WINDOWS_MAX) {
            run_fail(r, "host %u: more connections than a run has", h);
            return;
        }
        now.at[now.count++] = (struct seen_window){c, c->snd.iss, c->cwnd, c->ssthresh};
    }
    now.event = r->trace[h]->last_id;
    *seen = now;
}
