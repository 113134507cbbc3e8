/*
 * Explicit congestion notification (RFC 3168, section 6.1): a router that is about to run out of queue marks a
 * packet instead of dropping it, the receiver echoes the mark, the sender halves its window as for a loss.
 *
 *   sender                         router            receiver
 *   data, ECT(0)        ------->   CE    ------->    remembers
 *   window down, once   <-------  ACK, ECE  <------  says so in every ACK ...
 *   new data, CWR       ------------------------->   ... until it sees this
 *
 * DEVIATION, as on Linux: the window never becomes smaller than two segments by it (RFC 5681, equation 4), and what 6.1.2 has
 * for a window of one, to wait for the retransmission timer, is left out. Both SYNs must agree (6.1.1). Only new data is ECN-capable: not what is sent again (6.1.5), window probes (6.1.6),
 * bare acknowledgments (6.1.4) or SYNs, for nobody would answer for those.
 */
#include "transport/tcp_conn.h"

/* A SYN that was lost may have been dropped for its flags: its retransmissions do without (6.1.1.1), and then nobody
 * may send ECT (6.1.1). */
static bool asks(const struct tcp_conn *c)
{
    return c->user.ecn == TCP_ECN_ASK && !c->syn_lost;
}

bool tcp_ecn_agrees(const struct tcp_conn *c, const struct tcp_repr *syn)
{
    return (syn->flags & (TCP_ECE | TCP_CWR)) == (TCP_ECE | TCP_CWR) && c->user.ecn != TCP_ECN_OFF;
}

/* A SYN+ACK that agrees to our first SYN, which had the flags, may come after the second, which had not: then the peer may
 * send what can be marked, and must be answered, but we must not (6.1.1). */
void tcp_ecn_negotiate(struct tcp_conn *c, const struct tcp_repr *syn)
{
    bool agreed;
    if (syn->flags & TCP_ACK)
        agreed = c->user.ecn == TCP_ECN_ASK && (syn->flags & (TCP_ECE | TCP_CWR)) == TCP_ECE;
    else
        agreed = tcp_ecn_agrees(c, syn) && (c->passive || asks(c));
    if (!agreed)
        c->ecn = 0;
    else
        c->ecn = c->passive || !c->syn_lost ? TCP_ECN_USED : TCP_ECN_ANSWERS;
}

/* The peer's SYN came again: without the flags it has given up on them (6.1.1.1), and so must we. */
void tcp_ecn_syn_again(struct tcp_conn *c, const struct tcp_repr *syn)
{
    if (!tcp_ecn_agrees(c, syn))
        c->ecn = 0;
}

bool tcp_ecn_is_capable(const struct tcp_conn *c, const struct tcp_plan *plan)
{
    return (c->ecn & TCP_ECN_USED) && plan->payload_bytes > 0 && !(plan->flags & TCP_SYN) &&
           !plan->retransmission && plan->rule != RULE_TCP_WINDOW_PROBE;
}

uint8_t tcp_ecn_flags(struct tcp_conn *c, const struct tcp_plan *plan)
{
    if (plan->flags & TCP_SYN) {
        if (plan->flags & TCP_ACK)
            return c->ecn ? TCP_ECE : 0;
        return asks(c) ? TCP_ECE | TCP_CWR : 0;
    }
    uint8_t flags = c->ecn & TCP_ECN_ECHO ? TCP_ECE : 0;
    if ((c->ecn & TCP_ECN_CWR_OWED) && tcp_ecn_is_capable(c, plan)) {
        c->ecn &= (uint8_t)~TCP_ECN_CWR_OWED;
        flags |= TCP_CWR;
    }
    return flags;
}

/* 6.1.3: data arrived. CWR first: a mark on the same segment is news again. */
void tcp_ecn_received(struct tcp_conn *c, const struct tcp_segment *s)
{
    if (s->h.flags & TCP_CWR)
        c->ecn &= (uint8_t)~TCP_ECN_ECHO;
    if (s->ecn == IPV4_ECN_CE)
        c->ecn |= TCP_ECN_ECHO;
}

/* 6.1.2: a window that was reduced, for whatever reason, is told by CWR, and is not reduced again for what was sent
 * before. */
void tcp_ecn_window_reduced(struct tcp_conn *c)
{
    struct tcp_flight *f = c->ecn & TCP_ECN_USED ? tcp_flight_of(c) : NULL;
    if (!f)
        return;
    c->ecn |= TCP_ECN_CWR_OWED;
    f->reduced = true;
    f->reduced_end = c->snd.nxt;
}

/* Was what `seq` acknowledges sent before the last reduction? */
bool tcp_ecn_was_reduced(const struct tcp_conn *c, seq_t seq)
{
    const struct tcp_flight *f = c->ecn & TCP_ECN_USED ? c->flight : NULL;
    return f && f->reduced && seq_le(seq, f->reduced_end);
}

void tcp_ecn_echoed(struct tcp_conn *c, const struct tcp_segment *s)
{
    assert((c->ecn & TCP_ECN_USED) && !(c->ecn & TCP_ECN_HEARD));
    c->ecn |= TCP_ECN_HEARD;
    tcp_spurious_forget(c); /* whatever else it was reduced for, this is reason enough */
    if (tcp_ecn_was_reduced(c, s->h.ack) || c->snd.una == c->snd.nxt || !tcp_flight_of(c))
        return;
    if (c->cc->marked) {
        c->cc->marked(c);
        tcp_ecn_window_reduced(c);
        return;
    }
    uint32_t flight = c->snd.nxt - c->snd.una;
    c->ssthresh = c->cc->threshold(c, flight < c->cwnd ? flight : c->cwnd);
    c->cwnd = c->ssthresh < c->cwnd ? c->ssthresh : c->cwnd;
    c->cwnd_credit = 0;
    tcp_ecn_window_reduced(c);
    tcp_trace_congestion(c);
}
