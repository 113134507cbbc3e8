#include "unit/support/windows.h"

#include <stdio.h>

static const struct window_seen *find(const struct windows *w, const struct tcp_conn *c)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (w->at[i].conn == c && w->at[i].iss == c->snd.iss)
            return &w->at[i];
    return NULL;
}

/* A connection that its program has closed keeps the number of a socket that may be another's by now. */
static bool shares_socket(const struct tcp_conn *c)
{
    for (const struct tcp_conn *o = tcp_next(c->tcp, NULL); o; o = tcp_next(c->tcp, o))
        if (o != c && o->socket == c->socket)
            return true;
    return false;
}

/* Does the last event since the last look say what the window is now? A connection may have had no socket then. */
static bool is_told(const struct windows *w, const struct tcp_conn *c)
{
    struct trace *trace = tcp_machine(c)->trace;
    for (uint32_t id = trace->last_id; id > w->event; id--) {
        const struct trace_event *e = trace_at(trace, id);
        if (!e)
            return false; /* overwritten */
        bool its_own = e->socket == c->socket || e->socket == TRACE_NO_SOCKET;
        if (e->kind != TRACE_TCP_CONGESTION || e->node != tcp_machine(c)->node || !its_own)
            continue;
        bool same =
            e->u.tcp_congestion.cwnd_bytes == c->cwnd && e->u.tcp_congestion.ssthresh_bytes == c->ssthresh;
        if (same || (e->socket == c->socket && !shares_socket(c)))
            return same;
    }
    return false;
}

const char *windows_look(struct windows *w, struct tcp *t)
{
    static char wrong[200];
    struct windows now = {.event = t->machine->trace->last_id};
    for (struct tcp_conn *c = tcp_next(t, NULL); c; c = tcp_next(t, c)) {
        if (!tcp_synchronised(c) || !c->cc->limits)
            continue;
        const struct window_seen *before = find(w, c);
        struct tcp_window was = before ? before->window : (struct tcp_window){0};
        bool changed = !before || was.cwnd != c->cwnd || was.ssthresh != c->ssthresh;
        if (changed && !is_told(w, c)) {
            snprintf(wrong, sizeof wrong,
                     "port %u: cwnd %u and ssthresh %u became %u and %u, and no event tells why",
                     c->local.port, was.cwnd, was.ssthresh, c->cwnd, c->ssthresh);
            return wrong;
        }
        if (now.count == WINDOWS_MAX)
            return "more connections than can be looked at";
        now.at[now.count++] = (struct window_seen){c, c->snd.iss, tcp_window_of(c)};
    }
    *w = now;
    return NULL;
}
