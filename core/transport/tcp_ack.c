/*
 * The fifth check of 3.10.7.4: the ACK field. What it acknowledges leaves the send buffer, gives round-trip
 * times, opens windows and moves the closing states on. Loss recovery (tcp_recovery.c) and congestion control
 * (cc_*.c) are told of it.
 */
#include "transport/tcp_conn.h"

/* SEG.WND. RFC 7323, 2.2: that of a segment with SYN is never scaled. */
static uint32_t segment_window(const struct tcp_conn *c, const struct tcp_segment *s)
{
    return (uint32_t)s->h.window << (s->had_syn ? 0 : c->snd_scale);
}

/*
 * SND.WND is updated only by segments that are not older than the last that did (RFC 9293, 3.10.7.4, fifth).
 * DEVIATION: one that acknowledges more than that is newer whatever its sequence number, which is low in a
 * retransmission; 3.8.6 has it as a refinement. Acknowledgments never go back, so it was sent later; left out,
 * the old window would count from the new SND.UNA and reach further than the peer ever said. SND.WL1 stays at
 * the highest number, so that nothing that was overtaken counts again; no bare ACK, which is what opens a
 * window, is below it.
 */
void tcp_update_window(struct tcp_conn *c, seq_t seq, seq_t ack, uint32_t window)
{
    bool newer =
        seq_lt(c->snd.wl1, seq) || seq_lt(c->snd.wl2, ack) || (c->snd.wl1 == seq && c->snd.wl2 == ack);
    if (!newer)
        return;
    c->snd.wl1 = seq_max(c->snd.wl1, seq);
    c->snd.wl2 = ack;
    if (window == c->snd.wnd)
        return;
    if (c->snd.wnd == 0 &&
        window > 0) { /* it has opened: what went out as a probe goes again with the rest */
        c->backoff = c->snd.nxt == c->snd.una ? 0 : c->backoff;
        tcp_timer_stop(c, TCP_TIMER_PERSIST);
    }
    c->snd.wnd = window;
    if (window > c->snd.wnd_max)
        c->snd.wnd_max = window;
    TRACE(tcp_machine(c), TCP_SEND_WINDOW, .socket = c->socket,
          .u.tcp_send_window = {.window_bytes = window, .una = c->snd.una});
}

/* Gives back what is acknowledged. Returns how many bytes of data that was. */
static uint32_t release_acked(struct tcp_conn *c, seq_t ack)
{
    uint32_t acked = ack - c->snd.una;
    uint32_t data = acked < c->work->send_ring.len
                        ? acked
                        : c->work->send_ring.len; /* the FIN's number is not in the ring */
    ring_consume(&c->work->send_ring, data);
    c->bytes_acked += data;
    c->snd.una = ack;
    c->snd.nxt = seq_max(c->snd.nxt, ack); /* a probe beyond snd.nxt may have been taken */
    c->loss_end = seq_max(c->loss_end, ack);
    c->rtx_next = seq_max(c->rtx_next, ack);
    if (data > 0)
        c->notify = true;
    return data;
}

/* RFC 6298, 5.2 and 5.3: all is acknowledged, or the timer starts again for the rest. */
static void restart_timer(struct tcp_conn *c)
{
    c->retransmits = 0; /* the back-off stays until a round trip is measured again: tcp_rtt_sample() */
    c->work->progress_us = tcp_now(c);
    if (c->snd.una == c->snd.nxt)
        tcp_timer_stop(c, TCP_TIMER_RETRANSMIT);
    else
        tcp_arm_retransmit(c);
}

/*
 * RFC 7323, 4.1: an echoed timestamp tells which sending of a segment is acknowledged, so what was sent again
 * can be measured after all. Used where Karn's algorithm would leave the back-off standing. But not when it is
 * older than the last retransmission: the peer may have had the segment long ago, its acknowledgments lost, and
 * of what it refuses as old it does not echo the timestamp (5.3, R2). That is no round trip.
 */
static void measure_by_timestamp(struct tcp_conn *c, const struct tcp_segment *s)
{
    uint32_t ticks = tcp_timestamp_now(c) - s->h.options.ts_echo;
    uint32_t since_resent = (uint32_t)(tcp_now(c) / 1000 - c->work->resent_us / 1000);
    if (ticks <= since_resent)
        tcp_rtt_sample(c, ticks * 1000);
}

static void new_ack(struct tcp_conn *c, const struct tcp_segment *s)
{
    if (c->backoff > 0 && c->sends_timestamps && s->h.options.has_timestamps)
        measure_by_timestamp(c, s);
    if (!c->uses_sack) /* with SACK each segment's record has its time */
        tcp_rtt_acked(c, s->h.ack);
    uint32_t acked = release_acked(c, s->h.ack);
    c->soft_error = 0;
    restart_timer(c);
    if (c->uses_sack)
        tcp_sack_acked(c, s, acked);
    else
        tcp_recovery_acked(c, s, acked);
    TRACE(tcp_machine(c), TCP_ACKED, .socket = c->socket,
          .u.tcp_acked = {.una = c->snd.una, .acked_bytes = acked, .in_flight_bytes = tcp_in_flight(c)});
}

/* RFC 5681, section 2, (a) to (e). */
static bool is_duplicate(const struct tcp_conn *c, const struct tcp_segment *s)
{
    return s->h.ack == c->snd.una && c->snd.nxt != c->snd.una && s->payload.len == 0 &&
           !(s->h.flags & (TCP_SYN | TCP_FIN)) && segment_window(c, s) == c->snd.wnd;
}

/* What an acknowledgment of our FIN means in each state: RFC 9293, 3.10.7.4, fifth. */
void tcp_fin_acknowledged(struct tcp_conn *c)
{
    switch (c->state) {
    case TCP_FIN_WAIT_1:
        tcp_set_state(c, TCP_FIN_WAIT_2);
        if (!c->owner) /* nobody will read: do not wait for the peer for ever */
            tcp_timer_arm(c, TCP_TIMER_FIN_WAIT_2, tcp_now(c) + c->tcp->config.fin_wait_2_us);
        break;
    case TCP_CLOSING:
        tcp_enter_time_wait(c);
        break;
    case TCP_LAST_ACK:
        tcp_terminate(c, 0);
        break;
    default:
        break;
    }
}

/*
 * Text went out behind our SYN+ACK (RFC 7413, 4.2.2). If that was lost, so probably was the text; and a peer that got
 * the text alone has dropped it (RFC 9293, 3.10.7.3, fifth). So what this acknowledgment does not have goes again at
 * once, as on Linux: the timer has run out for it already.
 */
static void early_text_sent(struct tcp_conn *c)
{
    assert(c->passive && c->fast_open && c->state == TCP_ESTABLISHED);
    tcp_arm_retransmit(c);
    if (!c->syn_lost)
        return;
    c->recover = c->snd.nxt;
    c->ca_state = TCP_CA_LOSS;
    if (c->uses_sack)
        tcp_flight_timeout(c, tcp_now(c));
    else
        c->loss_end = c->snd.nxt;
}

/* SYN_RCVD: is this the third message of the handshake? */
static enum tcp_verdict check_ack_opening(struct tcp_conn *c, struct tcp_segment *s)
{
    if (!(seq_gt(s->h.ack, c->snd.una) && seq_le(s->h.ack, c->snd.max))) {
        s->rule = RULE_TCP_UNACCEPTABLE_ACK_RST;
        tcp_discarded(c, s, TCP_DISCARD_UNACCEPTABLE_ACK);
        return TCP_RESET;
    }
    if (c->work->parent && !c->fast_open && tcp_accept_queue_full(c->work->parent->listener)) {
        c->tcp->counters.backlog_drops++;
        tcp_discarded(c, s, TCP_DISCARD_BACKLOG_FULL); /* our SYN+ACK goes again, and asks again */
        return TCP_STOP;
    }
    seq_t una = c->snd.iss + 1; /* the SYN; the rest is new_ack()'s */
    if (tcp_fastopen_asks(c)) {
        tcp_fastopen_answered(c, s); /* which has dealt with all of it */
        una = s->h.ack;
    }
    tcp_rtt_acked(c, s->h.ack);
    tcp_timer_stop(c, TCP_TIMER_RETRANSMIT);
    c->snd.una = c->rtx_next = c->loss_end = una;
    c->snd.wnd = segment_window(c, s);
    c->snd.wnd_max = c->snd.wnd;
    c->snd.wl1 = s->h.seq;
    c->snd.wl2 = s->h.ack;
    tcp_establish(c);
    if (c->snd.nxt != c->snd.una) /* Fast Open: we have sent before the handshake was over */
        early_text_sent(c);
    if (c->fin_wanted)
        tcp_set_state(c, TCP_FIN_WAIT_1);
    return TCP_CONTINUE;
}

enum tcp_verdict tcp_check_ack(struct tcp_conn *c, struct tcp_segment *s)
{
    bool opening = c->state == TCP_SYN_RCVD;
    if (opening) {
        enum tcp_verdict v = check_ack_opening(c, s);
        if (v != TCP_CONTINUE)
            return v;
    }
    /* RFC 5961, 5.2: SND.UNA - MAX.SND.WND <= SEG.ACK <= SND.NXT. */
    bool too_new = seq_gt(s->h.ack, c->snd.max);
    bool too_old = seq_lt(s->h.ack, c->snd.una - c->snd.wnd_max);
    if (too_new || too_old) {
        tcp_discarded(c, s, TCP_DISCARD_UNACCEPTABLE_ACK);
        tcp_challenge_ack(c, RULE_TCP_OLD_ACK);
        return TCP_STOP;
    }
    c->probes = 0;
    if (c->cc->update) /* before anything of it counts as delivered */
        tcp_rate_check_app_limited(c);
    /* RFC 9293, 3.8.6, SHLD-17: what a closed window keeps from being acknowledged does not end a connection
     * whose peer answers. */
    if (c->snd.wnd == 0)
        c->retransmits = 0;
    if ((c->ecn & TCP_ECN_USED) && (s->h.flags & TCP_ECE) && !s->had_syn)
        tcp_ecn_echoed(c, s);
    if (seq_gt(s->h.ack, c->snd.una)) {
        new_ack(c, s);
        tcp_update_window(c, s->h.seq, s->h.ack, segment_window(c, s));
    } else if (s->h.ack == c->snd.una) {
        /* With nothing on the way, too, blocks may tell of a duplicate. */
        if (c->uses_sack && !opening && (c->snd.nxt != c->snd.una || s->h.options.sack_count > 0))
            tcp_sack_acked(c, s, 0);
        else if (!opening && is_duplicate(c, s))
            tcp_recovery_dup_ack(c, s);
        tcp_update_window(c, s->h.seq, s->h.ack, segment_window(c, s));
    }
    c->ecn &= (uint8_t)~TCP_ECN_HEARD;
    if (tcp_fin_acked(c))
        tcp_fin_acknowledged(c);
    return c->state == TCP_CLOSED ? TCP_STOP : TCP_CONTINUE;
}
