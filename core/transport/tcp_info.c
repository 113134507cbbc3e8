/*
 * Looking at a connection and setting its options: STATUS (RFC 9293, section 3.9.1.5) and what setsockopt()
 * has for TCP.
 */
#include "transport/tcp_conn.h"

static void info_counters(const struct tcp_conn *c, struct tcp_info *out)
{
    out->lost_segments = c->lost_segments;
    out->retransmitted_segments = c->retransmitted_segments;
    out->bytes_sent = c->bytes_sent;
    out->bytes_retransmitted = c->bytes_retransmitted;
    out->bytes_acked = c->bytes_acked;
    out->bytes_received = c->bytes_received;
    out->segments_out = c->segments_out;
    out->segments_in = c->segments_in;
}

void tcp_status(const struct tcp_conn *c, struct tcp_info *out)
{
    uint32_t told = tcp_synchronised(c) ? c->rcv.adv - c->rcv.nxt : 0;
    *out = (struct tcp_info){
        .state = (enum tcp_state)c->state,
        .ca_state = (enum tcp_ca_state)c->ca_state,
        .congestion = c->cc == tcp_cc_of((enum tcp_congestion)c->user.congestion)
                          ? (enum tcp_congestion)c->user.congestion
                          : TCP_CONGESTION_NEWRENO,
        .option_window_scale = c->sends_scale,
        .option_timestamps = c->sends_timestamps,
        .option_sack = c->uses_sack,
        .option_ecn = (c->ecn & TCP_ECN_USED) != 0,
        .option_syn_data = c->fast_open && c->state >= TCP_SYN_RCVD,
        .ecn_echoing = (c->ecn & TCP_ECN_ECHO) != 0,
        .reordering_seen = c->flight && c->flight->reordering_seen,
        .snd_wscale = c->snd_scale,
        .rcv_wscale = c->rcv_scale,
        .backoff = c->backoff,
        .probes = c->probes,
        .retransmits = c->retransmits,
        .snd_mss = (uint16_t)c->snd_mss,
        .rcv_mss = (uint16_t)c->rcv_mss,
        .rto_us = tcp_rto_us(c),
        .rtt_us = c->srtt_us,
        .rttvar_us = c->rttvar_us,
        .rtt_min_us = c->rtt_min_us,
        .snd_cwnd_bytes = c->cwnd,
        .snd_ssthresh_bytes = c->ssthresh,
        .unacked_bytes = tcp_in_flight(c),
        .dup_acks = c->dup_acks,
        .iss = c->snd.iss,
        .irs = c->rcv.irs,
        .snd_una = c->snd.una,
        .snd_nxt = c->snd.nxt,
        .snd_max = c->snd.max,
        .rcv_nxt = c->rcv.nxt,
        .snd_wnd_bytes = c->snd.wnd,
        .rcv_wnd_bytes = told,
        .send_queue_bytes = c->work->send_ring.len,
        .not_sent_bytes = tcp_fin_sent(c) || c->state == TCP_CLOSED
                              ? 0
                              : tcp_data_end(c) - seq_max(c->snd.nxt, tcp_data_seq(c)),
        .receive_queue_bytes = c->work->receive_ring.len,
        .out_of_order_bytes = c->held ? ranges_bytes(c->held) : 0,
        .send_buffer_bytes = c->user.send_buffer_bytes,
        .receive_buffer_bytes = c->user.receive_buffer_bytes,
    };
    info_counters(c, out);
    if (c->cc->update && c->cc_state) {
        const struct tcp_rate *rate = c->cc_state;
        out->pacing_bytes_per_s = rate->pacing_bytes_per_s;
        out->delivery_bytes_per_s = rate->sample.bytes_per_s;
    }
    for (int i = 0; i < TCP_TIMER_COUNT; i++)
        out->timer_due_us[i] = c->work->deadline_us[i];
}

uint32_t tcp_accept_queue(const struct tcp_conn *c, uint32_t *backlog)
{
    *backlog = c->listener ? c->listener->backlog : 0;
    return c->listener ? c->listener->ready_count : 0;
}

void tcp_get_options(const struct tcp_conn *c, struct tcp_options_user *out)
{
    *out = c->user;
}

int tcp_set_options(struct tcp_conn *c, const struct tcp_options_user *in)
{
    bool mss_good =
        in->mss_max_bytes == 0 || (in->mss_max_bytes >= TCP_MSS_MIN && in->mss_max_bytes <= 32767);
    if (!mss_good || in->ttl == 0 || in->congestion >= TCP_CONGESTION_COUNT || in->ecn >= TCP_ECN_COUNT)
        return STATUS_EINVAL;
    if (in->keepalive && tcp_synchronised(c) && tcp_wake(c) < 0)
        return STATUS_ENOBUFS;
    bool was_keepalive = c->user.keepalive;
    bool other_congestion = in->congestion != c->user.congestion;
    c->user = *in;
    if (c->work != &tcp_at_rest)
        c->work->flow.version = 0; /* TTL and TOS are in its headers */
    if (c->user.send_buffer_bytes < TCP_BUFFER_MIN)
        c->user.send_buffer_bytes = TCP_BUFFER_MIN;
    if (c->user.receive_buffer_bytes < TCP_BUFFER_MIN)
        c->user.receive_buffer_bytes = TCP_BUFFER_MIN;
    if (c->user.receive_buffer_bytes > TCP_RECEIVE_BUFFER_MAX)
        c->user.receive_buffer_bytes = TCP_RECEIVE_BUFFER_MAX;
    if (other_congestion)
        tcp_cc_choose(c, (enum tcp_congestion)in->congestion);
    if (tcp_synchronised(c) && c->state != TCP_TIME_WAIT) {
        if (in->keepalive && !was_keepalive)
            tcp_timer_arm(c, TCP_TIMER_KEEPALIVE, tcp_now(c) + (int64_t)in->keepalive_idle_ms * 1000);
        else if (!in->keepalive)
            tcp_timer_stop(c, TCP_TIMER_KEEPALIVE);
        if (!in->cork)
            c->more_coming = false;
    }
    tcp_settle(c);
    return STATUS_OK;
}

struct tcp_conn *tcp_next(const struct tcp *t, const struct tcp_conn *c)
{
    return c ? c->all_next : t->first;
}
