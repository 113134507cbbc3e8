/*
 * What the states of both ends must be (RFC 9293, section 3.3.2), by the segments that were seen: one is sent by one end and,
 * as far as an onlooker knows, received by the other. How the connection began and ended follows from it.
 */
#include "lab/analyse.h"

static void state_of_sender(struct analyse_end *e, const struct analyse_segment *s)
{
    if (s->h.flags & TCP_RST) {
        e->state = TCP_CLOSED;
        return;
    }
    if (s->h.flags & TCP_SYN) {
        if (e->state == TCP_CLOSED || e->state == TCP_LISTEN || e->state == TCP_SYN_SENT)
            e->state = s->h.flags & TCP_ACK ? TCP_SYN_RCVD : TCP_SYN_SENT;
        return;
    }
    if (s->h.flags & TCP_FIN) {
        if (e->state == TCP_ESTABLISHED || e->state == TCP_SYN_RCVD)
            e->state = TCP_FIN_WAIT_1;
        else if (e->state == TCP_CLOSE_WAIT)
            e->state = TCP_LAST_ACK;
    }
}

/* An acknowledgment of all that `e` sent: its SYN, or its FIN. */
static void state_acknowledged(struct analyse_end *e, seq_t ack)
{
    if (e->state == TCP_SYN_RCVD && seq_gt(ack, e->first_seq))
        e->state = TCP_ESTABLISHED;
    if (!e->fin_sent || seq_lt(ack, e->fin_end))
        return;
    if (e->state == TCP_FIN_WAIT_1)
        e->state = TCP_FIN_WAIT_2;
    else if (e->state == TCP_CLOSING)
        e->state = TCP_TIME_WAIT;
    else if (e->state == TCP_LAST_ACK)
        e->state = TCP_CLOSED;
}

static void state_of_receiver(struct analyse_end *e, const struct analyse_end *from,
                              const struct analyse_segment *s)
{
    if (s->h.flags & TCP_RST) {
        e->state = TCP_CLOSED;
        return;
    }
    if (s->h.flags & TCP_SYN) {
        if (e->state == TCP_SYN_SENT)
            e->state = s->h.flags & TCP_ACK ? TCP_ESTABLISHED : TCP_SYN_RCVD;
        else if (e->state == TCP_CLOSED && !e->fin_sent)
            e->state = TCP_LISTEN;
        return;
    }
    if (s->h.flags & TCP_ACK)
        state_acknowledged(e, s->h.ack);
    /* A FIN behind a hole is not received yet. */
    if (!(s->h.flags & TCP_FIN) || s->h.seq + s->payload_bytes + 1 != from->next_seq)
        return;
    if (e->state == TCP_ESTABLISHED || e->state == TCP_SYN_RCVD)
        e->state = TCP_CLOSE_WAIT;
    else if (e->state == TCP_FIN_WAIT_1)
        e->state = TCP_CLOSING;
    else if (e->state == TCP_FIN_WAIT_2)
        e->state = TCP_TIME_WAIT;
}

static void classify_opening(struct analyse_connection *c, const struct analyse_segment *s)
{
    bool rst = (s->h.flags & TCP_RST) != 0, syn = (s->h.flags & TCP_SYN) != 0;
    bool ack = (s->h.flags & TCP_ACK) != 0;
    switch (c->opening) {
    case ANALYSE_OPENING_NOT_SEEN:
        if (syn && !ack && c->end[0].packets + c->end[1].packets == 1)
            c->opening = ANALYSE_OPENING_SYN_ONLY;
        break;
    case ANALYSE_OPENING_SYN_ONLY:
        if (rst && s->end == 1)
            c->opening = ANALYSE_OPENING_REFUSED;
        else if (syn && s->end == 1)
            c->opening = ack ? ANALYSE_OPENING_HALF : ANALYSE_OPENING_SIMULTANEOUS;
        break;
    case ANALYSE_OPENING_HALF:
        if (s->end == 0 && ack && !syn && !rst)
            c->opening = ANALYSE_OPENING_COMPLETE;
        break;
    default:
        return;
    }
    if (c->opening == ANALYSE_OPENING_COMPLETE && c->syn_ns != INT64_MIN) {
        int64_t us = (s->t_ns - c->syn_ns) / 1000;
        c->handshake_us = us > 0 && us < UINT32_MAX ? (uint32_t)us : 1;
    }
}

static void classify_closing(struct analyse_connection *c, const struct analyse_segment *s)
{
    const struct analyse_end *a = &c->end[0], *b = &c->end[1];
    unsigned fins = (unsigned)a->fin_sent + b->fin_sent;
    if (c->was_reset)
        return;
    if (s->h.flags & TCP_RST) {
        c->was_reset = true;
        c->closing = fins > 0 ? ANALYSE_CLOSING_RESET_AFTER_FIN : ANALYSE_CLOSING_RESET;
    } else if (fins == 2) {
        c->closing = a->fin_acked && b->fin_acked ? ANALYSE_CLOSING_CLOSED : ANALYSE_CLOSING_FIN_UNANSWERED;
    } else if (fins == 1) {
        c->closing = ANALYSE_CLOSING_HALF_CLOSED;
    }
}

void analyse_states(struct analyse_connection *c, const struct analyse_segment *s)
{
    struct analyse_end *from = &c->end[s->end], *to = &c->end[1 - s->end];
    classify_opening(c, s);
    if (c->opening == ANALYSE_OPENING_NOT_SEEN && c->end[0].packets + c->end[1].packets == 1 &&
        !(s->h.flags & (TCP_SYN | TCP_RST)))
        from->state = to->state = TCP_ESTABLISHED; /* it must have been, in the middle of it */
    state_of_sender(from, s);
    state_of_receiver(to, from, s);
    classify_closing(c, s);
}
