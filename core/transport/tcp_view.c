/*
 * Copying out of a connection block what tcp_view.h promises.
 */
#include "transport/tcp_view.h"

#include "transport/tcp_conn.h"

const struct tcp_conn *tcp_view_next(const struct tcp *t, const struct tcp_conn *c)
{
    return c ? c->all_next : t->first;
}

static void view_flight(struct tcp_view *out, const struct tcp_flight *f)
{
    out->flight_count = f->count;
    out->sacked_bytes = f->sacked_bytes;
    out->lost_bytes = f->lost_bytes;
    out->rack_rtt_us = f->rack_rtt_us;
    out->fack = f->fack;
    out->prr_delivered_bytes = f->prr_delivered;
    out->prr_out_bytes = f->prr_out;
}

void tcp_view_of(struct tcp_view *out, const struct tcp_conn *c)
{
    *out = (struct tcp_view){.local = c->local,
                             .remote = c->remote,
                             .state = (enum tcp_state)c->state,
                             .socket = c->owner ? c->socket : 0,
                             .passive = c->passive,
                             .fin_wanted = c->fin_wanted,
                             .fin_received = c->fin_received,
                             .fack = c->snd.una,
                             .recover = c->recover,
                             .rtx_next = c->rtx_next,
                             .loss_end = c->loss_end,
                             .cwnd_credit_bytes = c->cwnd_credit,
                             .listens = c->listener != NULL};
    if (c->held)
        out->held = *c->held;
    if (c->flight)
        view_flight(out, c->flight);
    if (c->listener) {
        out->backlog = c->listener->backlog;
        out->half_open = c->listener->half_open;
        out->ready_count = c->listener->ready_count;
    }
}

struct tcp_view_segment tcp_view_flight(const struct tcp_conn *c, uint32_t n)
{
    assert(c->flight && n < c->flight->count);
    const struct tcp_sent *s = tcp_flight_at(c->flight, n);
    return (struct tcp_view_segment){.from = s->from,
                                     .to = s->to,
                                     .sent_us = s->sent_us,
                                     .sacked = s->flags & TCP_SENT_SACKED,
                                     .lost = (s->flags & TCP_SENT_LOST) && !(s->flags & TCP_SENT_AGAIN),
                                     .sent_again = s->flags & TCP_SENT_TWICE};
}

struct ip_endpoint tcp_view_ready(const struct tcp_conn *c, uint32_t n)
{
    assert(c->listener && n < c->listener->ready_count);
    const struct tcp_conn *child = c->listener->ready;
    while (n-- > 0)
        child = child->work->ready_next;
    return child->remote;
}
