/*
 * Slow start and congestion avoidance (RFC 5681, section 3.1) with appropriate byte counting (RFC 3465, L =
 * 2) and an initial window of ten segments (RFC 6928). What happens during recovery is in tcp_recovery.c.
 */
#include "transport/tcp_conn.h"

static void newreno_start(struct tcp_conn *c)
{
    uint32_t segments = c->tcp->config.initial_window_segments;
    uint32_t ten = segments * c->snd_mss;
    uint32_t floor = 2 * c->snd_mss > 14600 ? 2 * c->snd_mss
                                            : 14600; /* RFC 6928, section 2: min(10 MSS, max(2 MSS, 14600)) */
    uint32_t window = segments == 10 && floor < ten ? floor : ten;
    /* RFC 5681, 3.1: one segment after a lost SYN. DEVIATION from RFC 6928, 2, which would not count the first loss. */
    c->cwnd = c->syn_lost ? c->snd_mss : window;
    c->ssthresh = UINT32_MAX;
    c->ca_state = TCP_CA_SLOW_START;
}

static void newreno_acked(struct tcp_conn *c, uint32_t bytes)
{
    if (c->cwnd < c->ssthresh) {
        /* RFC 3465, 2.3: L = 2, but 1 in a slow start that follows a timeout. */
        uint32_t limit = c->ssthresh == UINT32_MAX ? 2 * c->snd_mss : c->snd_mss;
        c->cwnd += bytes < limit ? bytes : limit;
        return;
    }
    c->cwnd_credit += bytes; /* RFC 3465, 2.1: one segment for each window of bytes acknowledged */
    if (c->cwnd_credit >= c->cwnd) {
        c->cwnd_credit -= c->cwnd;
        c->cwnd += c->snd_mss;
    }
}

static uint32_t newreno_threshold(struct tcp_conn *c, uint32_t flight_bytes)
{
    uint32_t half = flight_bytes / 2;
    return half > 2 * c->snd_mss ? half : 2 * c->snd_mss; /* RFC 5681, equation 4 */
}

static uint32_t newreno_after_timeout(struct tcp_conn *c)
{
    return c->snd_mss; /* RFC 5681, 3.1: the loss window is one segment */
}

const struct tcp_cc tcp_cc_newreno = {
    .name = "newreno",
    .start = newreno_start,
    .acked = newreno_acked,
    .threshold = newreno_threshold,
    .after_timeout = newreno_after_timeout,
    .limits = true,
};
