/*
 * Loss recovery: fast retransmit and fast recovery (RFC 5681, section 3.2) with NewReno's partial
 * acknowledgments (RFC 6582), limited transmit (RFC 3042), and what the retransmission timer does to the
 * window (RFC 5681, section 3.1).
 *
 *   dup ACK 1, 2      one new segment each (limited transmit)
 *   dup ACK 3         ssthresh := half of what is in flight; the segment at snd.una again; cwnd := ssthresh +
 * 3 segments more dup ACKs     cwnd += 1 segment: one more has left the network partial ACK       the next
 * hole again; cwnd shrinks by what was acknowledged full ACK          cwnd := ssthresh; recovery is over
 *   timer             everything in flight counts as lost; cwnd := 1 segment, slow start
 */
#include "transport/tcp_conn.h"

/* Each change of cwnd or ssthresh is told, so that nobody sees a number that nothing has changed. */
void tcp_trace_congestion(const struct tcp_conn *c)
{
    TRACE(tcp_machine(c), TCP_CONGESTION, .socket = c->socket,
          .u.tcp_congestion = {.cwnd_bytes = c->cwnd,
                               .ssthresh_bytes = c->ssthresh,
                               .in_flight_bytes = tcp_in_flight(c),
                               .phase = c->ca_state});
}

uint8_t tcp_open_phase(const struct tcp_conn *c)
{
    return c->cwnd < c->ssthresh ? TCP_CA_SLOW_START : TCP_CA_AVOIDANCE;
}

static void retransmit_first(struct tcp_conn *c, enum trace_rule rule)
{
    c->rtx_now = true;
    c->rtx_rule = (uint16_t)rule;
    c->lost_segments++;
}

/* RFC 5681, 3.1, equation 4; with SACK, for what RACK found lost. */
void tcp_congestion_event(struct tcp_conn *c)
{
    uint32_t flight = c->snd.nxt - c->snd.una;
    tcp_spurious_remember(c, false);
    if (!tcp_ecn_was_reduced(c, c->snd.una))
        c->ssthresh = c->cc->threshold(c, flight < c->cwnd ? flight : c->cwnd);
    tcp_ecn_window_reduced(c);
}

/* RFC 6582, 3.2, step 2. */
static void enter_recovery(struct tcp_conn *c)
{
    uint32_t flight = c->snd.nxt - c->snd.una;
    uint32_t lent = TCP_DUP_ACK_THRESHOLD *
                    c->snd_mss; /* sent by limited transmit: not counted (RFC 5681, 3.2, step 2) */
    tcp_spurious_remember(c, false);
    if (!tcp_ecn_was_reduced(c, c->snd.una))
        c->ssthresh = c->cc->threshold(c, flight > c->cwnd && flight - c->cwnd <= lent ? c->cwnd : flight);
    tcp_ecn_window_reduced(c);
    c->recover = c->snd.nxt;
    c->cwnd = c->ssthresh + TCP_DUP_ACK_THRESHOLD * c->snd_mss;
    c->ca_state = TCP_CA_RECOVERY;
    c->dup_acks_limited = 0;
    retransmit_first(c, RULE_TCP_FAST_RETRANSMIT);
    tcp_trace_congestion(c);
}

void tcp_recovery_dup_ack(struct tcp_conn *c, const struct tcp_segment *s)
{
    static const struct tcp_delivery nothing = {0};
    c->dup_acks++;
    TRACE(tcp_machine(c), TCP_DUP_ACK, .socket = c->socket,
          .u.tcp_dup_ack = {.ack = c->snd.una, .count = c->dup_acks});
    if (c->ca_state == TCP_CA_RECOVERY) {
        c->cwnd += c->snd_mss; /* RFC 5681, 3.2, step 4 */
        tcp_trace_congestion(c);
        return;
    }
    if (c->ca_state == TCP_CA_LOSS) { /* the timer has declared all lost already */
        tcp_spurious_acked(c, s, &nothing);
        return;
    }
    /* RFC 6582, 3.2, step 2: not again for the same flight. At first `recover` is ISS, and the first segment may be lost like
     * any, although by the letter, ack_number - 1 > recover, it would be left to the timer. */
    bool fresh = seq_gt(c->snd.una, c->recover);
    if (c->dup_acks < TCP_DUP_ACK_THRESHOLD) {
        c->ca_state = TCP_CA_DISORDER;
        c->dup_acks_limited = (uint8_t)c->dup_acks;
    } else if (c->dup_acks == TCP_DUP_ACK_THRESHOLD && fresh) {
        enter_recovery(c);
    }
}

/* RFC 6582, 3.2, step 3: the acknowledgment covers all that was in flight when recovery began. */
static void leave_recovery(struct tcp_conn *c)
{
    uint32_t flight = c->snd.nxt - c->snd.una;
    uint32_t most = (flight > c->snd_mss ? flight : c->snd_mss) + c->snd_mss; /* no burst */
    c->cwnd = c->ssthresh < most ? c->ssthresh : most;
    c->ca_state = tcp_open_phase(c);
    tcp_trace_congestion(c);
}

/* DEVIATION from RFC 6582, 3.2, step 3: each of them restarts the timer (RFC 6298, 5.3), not the first alone: recovery is
 * slow, but steady. */
static void partial_ack(struct tcp_conn *c, uint32_t acked_bytes)
{
    c->cwnd = c->cwnd > acked_bytes ? c->cwnd - acked_bytes : 0;
    if (acked_bytes >= c->snd_mss || c->cwnd < c->snd_mss)
        c->cwnd += c->snd_mss;
    retransmit_first(c, RULE_TCP_PARTIAL_ACK);
    tcp_trace_congestion(c);
}

/*
 * RFC 7661, 4.4, and RFC 9438, 5.8: a window that was not used up says nothing about the network, and does not grow.
 * DEVIATION: the rest of RFC 7661 is left out: what is used is told by what is in flight, not by a sum over a round
 * (pipeACK); and a window that idles is kept for an RTO (RFC 5681, 4.1), not for five minutes.
 */
void tcp_window_acked(struct tcp_conn *c, uint32_t acked_bytes)
{
    if (c->ecn & TCP_ECN_HEARD) /* RFC 3168, 6.1.2: nor does one for which there was a mark */
        return;
    if (acked_bytes > 0) {
        uint64_t flight = (uint64_t)(c->snd.nxt - c->snd.una) + acked_bytes;
        bool slow_start = c->cwnd < c->ssthresh;
        bool limited = slow_start ? 2 * flight > c->cwnd : flight + c->snd_mss >= c->cwnd;
        if (limited && !c->cc->update)
            c->cc->acked(c, acked_bytes);
        else if (c->cc->unused)
            c->cc->unused(c);
    }
    tcp_buffer_window_grew(c);
}

/* RFC 5681, 4.1: nothing was sent for longer than an RTO, so the ACK clock has stopped: begin with the initial window.
 * DEVIATION from RFC 6928, 2: of ten segments, also when the first of them were lost. */
void tcp_restart_window(struct tcp_conn *c)
{
    if (!tcp_congestion_limits(c) || c->cc->update || c->snd.una != c->snd.nxt ||
        tcp_now(c) - c->data_sent_us <= tcp_rto_us(c))
        return;
    uint32_t initial = c->tcp->config.initial_window_segments * c->snd_mss;
    if (c->cwnd <= initial)
        return;
    c->cwnd = initial;
    tcp_trace_congestion(c);
}

void tcp_recovery_acked(struct tcp_conn *c, const struct tcp_segment *s, uint32_t acked_bytes)
{
    const struct tcp_delivery d = {.bytes = acked_bytes, .acked = acked_bytes};
    c->dup_acks = 0;
    c->dup_acks_limited = 0;
    if (c->flight && tcp_spurious_acked(c, s, &d))
        return;
    if (c->ca_state == TCP_CA_RECOVERY) {
        if (seq_ge(c->snd.una, c->recover))
            leave_recovery(c);
        else
            partial_ack(c, acked_bytes);
        return;
    }
    struct tcp_window before = tcp_window_of(c);
    tcp_window_acked(c, acked_bytes);
    bool still_lost = c->ca_state == TCP_CA_LOSS && seq_lt(c->snd.una, c->recover);
    c->ca_state = still_lost ? TCP_CA_LOSS : tcp_open_phase(c);
    tcp_trace_window(c, before);
}

/* RFC 5681, 3.1, equation 4, once for each flight; RFC 6582, 3.2, step 4. */
void tcp_recovery_timeout(struct tcp_conn *c)
{
    uint32_t flight = c->snd.nxt - c->snd.una;
    if (tcp_synchronised(c)) {
        tcp_spurious_timeout(c);
        if (c->retransmits == 0)
            c->ssthresh = c->cc->threshold(c, flight);
        c->cwnd = c->cc->after_timeout(c);
        tcp_ecn_window_reduced(c);
        c->ca_state = TCP_CA_LOSS;
        c->recover = c->snd.nxt;
        c->cwnd_credit = 0;
    }
    c->dup_acks = 0;
    c->dup_acks_limited = 0;
    c->rtx_now = false;
    if (c->uses_sack && tcp_synchronised(c)) {
        tcp_rack_timeout(c);
        if (c->flight)
            c->flight->probe_open = false;
    } else {
        c->rtx_next = c->snd.una;
        c->loss_end =
            tcp_synchronised(c) ? c->snd.nxt : c->snd.una + 1; /* of what is opening the SYN goes again */
    }
    c->lost_segments += flight ? (flight + c->snd_mss - 1) / c->snd_mss : 0;
    tcp_trace_congestion(c);
}
