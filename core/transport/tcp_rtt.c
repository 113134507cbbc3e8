/*
 * Round-trip time and retransmission timeout (RFC 6298). One segment at a time is timed; one that was sent
 * again is not (Karn's algorithm, section 3). Times are in microseconds, so the clock granularity G of
 * section 2 is 1.
 *
 * DEVIATION, as on Linux: the least RTO is 200 ms where rule 2.4 has a second (`rto_min_us`); and with SACK each acknowledgment
 * gives a sample, for all of which alpha and beta stay as they are (RFC 7323, 4.2, would have them smaller).
 */
#include "transport/tcp_conn.h"

void tcp_rtt_start(struct tcp_conn *c, seq_t end)
{
    c->rtt_timing = true;
    c->work->rtt_seq = end;
    c->work->rtt_start_us = tcp_now(c);
}

void tcp_rtt_acked(struct tcp_conn *c, seq_t ack)
{
    if (!c->rtt_timing || seq_lt(ack, c->work->rtt_seq))
        return;
    c->rtt_timing = false;
    int64_t rtt_us = tcp_now(c) - c->work->rtt_start_us;
    tcp_rtt_sample(c, rtt_us > UINT32_MAX ? UINT32_MAX : (uint32_t)rtt_us);
}

void tcp_rtt_sample(struct tcp_conn *c, uint32_t rtt_us)
{
    const struct tcp_config *config = &c->tcp->config;
    if (rtt_us == 0)
        rtt_us = 1;        /* 0 means "no sample yet" */
    if (c->srtt_us == 0) { /* RFC 6298, 2.2 */
        c->srtt_us = rtt_us;
        c->rttvar_us = rtt_us / 2;
        c->rtt_min_us = rtt_us;
    } else { /* RFC 6298, 2.3: alpha 1/8, beta 1/4, the variation first */
        uint32_t off_us = rtt_us > c->srtt_us ? rtt_us - c->srtt_us : c->srtt_us - rtt_us;
        c->rttvar_us = (uint32_t)(((uint64_t)c->rttvar_us * 3 + off_us) / 4);
        c->srtt_us = (uint32_t)(((uint64_t)c->srtt_us * 7 + rtt_us) / 8);
        c->srtt_us += c->srtt_us == 0;
        c->rtt_min_us = rtt_us < c->rtt_min_us ? rtt_us : c->rtt_min_us;
    }
    uint64_t rto_us = (uint64_t)c->srtt_us + (c->rttvar_us ? 4 * (uint64_t)c->rttvar_us : 1);
    if (rto_us < config->rto_min_us)
        rto_us = config->rto_min_us;
    if (rto_us > config->rto_max_us)
        rto_us = config->rto_max_us;
    c->rto_us = (uint32_t)rto_us;
    c->backoff =
        0; /* RFC 6298, section 5: a measurement ends the back-off, an ACK of something sent again does not */
    if (c->flight)
        c->flight->probe_unmeasured = false;
    if (c->cc->rtt && tcp_synchronised(c))
        c->cc->rtt(c, rtt_us);
    TRACE(tcp_machine(c), TCP_RTT_SAMPLE, .socket = c->socket,
          .u.tcp_rtt_sample = {
              .rtt_us = rtt_us, .srtt_us = c->srtt_us, .rttvar_us = c->rttvar_us, .rto_us = c->rto_us});
}

uint32_t tcp_rto_us(const struct tcp_conn *c)
{
    uint8_t doublings = tcp_faulty(c, TCP_FAULT_NO_BACKOFF) ? 0 : c->backoff;
    uint64_t rto_us = (uint64_t)c->rto_us << doublings; /* RFC 6298, 5.5 */
    return rto_us > c->tcp->config.rto_max_us ? c->tcp->config.rto_max_us : (uint32_t)rto_us;
}
