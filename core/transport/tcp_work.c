/*
 * Waking and resting. Most connections of a busy host do nothing at any one time, and then need little more
 * than their names and numbers: no timer, no ring, no way to the peer. That part (struct tcp_work) comes when
 * a segment arrives or the program does something, and goes when the connection's last timer has run out and
 * nothing is left to be done.
 */
#include "transport/tcp_conn.h"

/* With the socket and its place in the table of connections: at most 512 bytes an end. */
_Static_assert(sizeof(struct tcp_conn) <= 448, "an idle connection is small");

const struct tcp_work tcp_at_rest = {
    .timer = {.due_us = TIME_NEVER},
    .deadline_us =
        {
#define X(NAME, key) [TCP_TIMER_##NAME] = TIME_NEVER,
            TCP_TIMER_LIST(X)
#undef X
        },
};

int tcp_work_make(struct tcp_conn *c)
{
    struct tcp_work *w = arena_zalloc(tcp_machine(c)->arena, sizeof *w);
    if (!w)
        return STATUS_ENOBUFS;
    w->conn = c;
    w->heard_us = w->progress_us = tcp_now(c);
    for (int i = 0; i < TCP_TIMER_COUNT; i++)
        w->deadline_us[i] = TIME_NEVER;
    timer_init(&w->timer, tcp_timer_fire);
    if (c->remote.port)
        ip_route(c->tcp->ip, c->remote.addr, &w->path); /* without one, what is sent says why there is none */
    c->work = w;
    return STATUS_OK;
}

void tcp_work_free(struct tcp_conn *c)
{
    struct tcp_work *w = c->work;
    struct arena *a = tcp_machine(c)->arena;
    if (w == &tcp_at_rest)
        return;
    timer_cancel(&tcp_machine(c)->timers, &w->timer);
    ring_release(&w->send_ring, a);
    ring_release(&w->receive_ring, a);
    arena_free(a, w, sizeof *w);
    c->work = (struct tcp_work *)&tcp_at_rest;
}

/* Is there anything to come back to: something held or on its way, something owed, a place in a queue? */
static bool has_work(const struct tcp_conn *c)
{
    const struct tcp_work *w = c->work;
    bool keeps = w->send_ring.len > 0 || w->receive_ring.len > 0 || c->held || w->parent;
    bool owes = c->ack_now || c->rtx_now || (c->fin_wanted && !tcp_fin_sent(c));
    return keeps || owes || c->snd.una != c->snd.max || timer_armed(&w->timer);
}

/*
 * Called when the connection's timer runs out, and at the end of an entry that finds none running: memory
 * that holds nothing goes back, and comes again with the next bytes. Each exchange arms a timer, so an idle
 * connection ends up small; a transfer meets one seldom, and then mostly has something in each of them.
 */
void tcp_rest(struct tcp_conn *c)
{
    struct arena *a = tcp_machine(c)->arena;
    if (c->work == &tcp_at_rest)
        return;
    if (c->work->send_ring.len == 0)
        ring_release(&c->work->send_ring, a);
    if (c->work->receive_ring.len == 0 && !c->held)
        ring_release(&c->work->receive_ring, a);
    tcp_flight_rest(c);
    if (!has_work(c))
        tcp_work_free(c);
}
