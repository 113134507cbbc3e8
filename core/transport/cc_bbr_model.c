/*
 * BBR's model of the path (draft-ietf-ccwg-bbr, "Network Path Model") and what it makes of it ("Updating Control Parameters"): how fast to send and how
 * much may be in flight.
 *
 *   max_bw   the highest delivery rate of the last two cycles        long term: what is there when nobody disturbs
 *   min_rtt  the lowest round-trip time of the last ten seconds
 *   bdp      = bw * min_rtt                                          cwnd about 2 bdp, pace about bw
 *   bw_shortterm, inflight_shortterm    after losses, until the next probe
 *   inflight_longterm                   what was in flight when a probe met too many losses
 */
#include "transport/cc_bbr.h"

static uint64_t max64(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint32_t max32(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t min32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t initial_cwnd(const struct tcp_conn *c)
{
    return c->tcp->config.initial_window_segments * c->snd_mss;
}

void bbr_start_round(struct bbr *b)
{
    b->next_round_delivered = b->rate.delivered;
}

void bbr_reset_full_bw(struct bbr *b)
{
    b->full_bw = 0;
    b->full_bw_count = 0;
    b->full_bw_now = false;
}

void bbr_reset_short_term(struct bbr *b)
{
    b->bw_shortterm = BBR_NO_RATE;
    b->inflight_shortterm = BBR_NO_LIMIT;
}

void bbr_reset_congestion_signals(struct bbr *b)
{
    b->is_loss_in_round = false;
    b->bw_latest = 0;
    b->inflight_latest = 0;
}

/* InitPacingRate(): without a measurement, the first window in the round trip of the handshake. */
static void init_pacing(const struct tcp_conn *c, struct bbr *b)
{
    uint64_t rtt_us = c->srtt_us ? c->srtt_us : 1000;
    b->has_rtt = c->srtt_us != 0;
    b->rate.pacing_bytes_per_s = (uint64_t)initial_cwnd(c) * 1000000 / rtt_us * BBR_STARTUP_PACING_GAIN / 100;
}

void bbr_model_start(struct tcp_conn *c, struct bbr *b)
{
    *b = (struct bbr){.min_rtt_us = c->srtt_us ? c->srtt_us : UINT32_MAX,
                      .min_rtt_stamp_us = tcp_now(c),
                      .probe_rtt_cwnd = initial_cwnd(c),
                      .undo_state = BBR_NO_STATE,
                      .extra_acked_start_us = tcp_now(c),
                      .inflight_longterm = BBR_NO_LIMIT,
                      .probe_up_acked_per_inc = BBR_NO_LIMIT};
    tcp_rate_start(c, &b->rate);
    bbr_reset_short_term(b);
    init_pacing(c, b);
}

/* UpdateRound(). */
static void update_round(struct bbr *b, const struct tcp_rate_sample *s)
{
    b->round_start = s->prior_delivered >= b->next_round_delivered;
    if (!b->round_start)
        return;
    bbr_start_round(b);
    b->round_count++;
    b->rounds_since_probe_up++;
}

/* UpdateMaxBw(): what the program held back counts only when it is more than all else. */
static void update_max_bw(struct bbr *b, const struct tcp_rate_sample *s)
{
    if (s->bytes_per_s == 0 || (s->bytes_per_s < b->max_bw && s->is_app_limited))
        return;
    b->max_bw_of_cycle[1] = max64(b->max_bw_of_cycle[1], s->bytes_per_s);
    b->max_bw = max64(b->max_bw_of_cycle[0], b->max_bw_of_cycle[1]);
}

/* AdvanceMaxBwFilter(); a cycle without a sample does not push the last one out. */
void bbr_advance_max_bw(struct bbr *b)
{
    if (b->max_bw_of_cycle[1] == 0)
        return;
    b->max_bw_of_cycle[0] = b->max_bw_of_cycle[1];
    b->max_bw_of_cycle[1] = 0;
    b->max_bw = b->max_bw_of_cycle[0];
}

/* UpdateLatestDeliverySignals(). */
static void update_latest(struct bbr *b, const struct tcp_rate_sample *s)
{
    b->bw_latest = max64(b->bw_latest, s->bytes_per_s);
    b->inflight_latest = max32(b->inflight_latest, (uint32_t)s->delivered_bytes);
    b->loss_round_start = s->prior_delivered >= b->loss_round_delivered;
    if (b->loss_round_start)
        b->loss_round_delivered = b->rate.delivered;
}

/* UpdateCongestionSignals(): once in a round with losses, when not probing, towards what was delivered. */
static void update_congestion_signals(struct tcp_conn *c, struct bbr *b, const struct tcp_rate_sample *s)
{
    update_round(b, s);
    update_max_bw(b, s);
    if (!b->loss_round_start)
        return;
    if (b->is_loss_in_round && !bbr_is_probing(b)) {
        uint64_t bw = b->bw_shortterm == BBR_NO_RATE ? b->max_bw : b->bw_shortterm;
        uint32_t inflight = b->inflight_shortterm == BBR_NO_LIMIT ? c->cwnd : b->inflight_shortterm;
        b->bw_shortterm = max64(b->bw_latest, bw * BBR_BETA / 100);
        b->inflight_shortterm = max32(b->inflight_latest, bbr_percent(inflight, BBR_BETA));
    }
    b->is_loss_in_round = false;
}

/* UpdateACKAggregation(). DEVIATION: after a second an interval ends in any case. While losses hold `bw` below what is delivered
 * (bw_shortterm), its sum would only grow. */
static void update_aggregation(struct tcp_conn *c, struct bbr *b, const struct tcp_rate_sample *s)
{
    uint32_t rounds = b->full_bw_reached ? BBR_EXTRA_ACKED_ROUNDS : 1;
    uint64_t interval_us = (uint64_t)(tcp_now(c) - b->extra_acked_start_us);
    uint64_t expected = b->bw == 0 ? 0 : b->bw * (interval_us > 1000000 ? 1000000 : interval_us) / 1000000;
    if (b->extra_acked_delivered <= expected || interval_us > 1000000) {
        b->extra_acked_delivered = 0;
        b->extra_acked_start_us = tcp_now(c);
        expected = 0;
    }
    b->extra_acked_delivered += s->acked_bytes;
    if (b->round_start && b->round_count - b->extra_acked_round >= rounds) {
        b->extra_acked_round = b->round_count;
        b->extra_acked[0] = b->full_bw_reached ? b->extra_acked[1] : 0;
        b->extra_acked[1] = 0;
    }
    uint64_t extra = b->extra_acked_delivered - expected;
    b->extra_acked[1] = max32(b->extra_acked[1], extra < c->cwnd ? (uint32_t)extra : c->cwnd);
}

/* CheckFullBWReached(): three rounds that brought less than a quarter more. */
static void check_full_bw(struct bbr *b, const struct tcp_rate_sample *s)
{
    if (b->full_bw_now || !b->round_start || s->is_app_limited)
        return;
    if (s->bytes_per_s >= b->full_bw + b->full_bw / 4) {
        bbr_reset_full_bw(b);
        b->full_bw = s->bytes_per_s;
        return;
    }
    b->full_bw_now = ++b->full_bw_count >= 3;
    b->full_bw_reached |= b->full_bw_now;
}

void bbr_learn(struct tcp_conn *c, struct bbr *b)
{
    const struct tcp_rate_sample *s = &b->rate.sample;
    if (!b->has_rtt && c->srtt_us)
        init_pacing(c, b);
    update_latest(b, s);
    update_congestion_signals(c, b, s);
    update_aggregation(c, b, s);
    check_full_bw(b, s);
}

/* AdvanceLatestDeliverySignals() and BoundBWForModel(). */
void bbr_bound(struct bbr *b)
{
    if (b->loss_round_start) {
        b->bw_latest = b->rate.sample.bytes_per_s;
        b->inflight_latest = (uint32_t)b->rate.sample.delivered_bytes;
        b->loss_ranges = 0;
    }
    b->bw = b->max_bw < b->bw_shortterm ? b->max_bw : b->bw_shortterm;
    assert(b->bw <= b->max_bw && b->bw != BBR_NO_RATE);
    if (b->round_start)
        b->rate.cwnd_limited = false;
}

/* BDPMultiple(). */
uint32_t bbr_bdp(const struct tcp_conn *c, const struct bbr *b, uint64_t bw, uint32_t gain)
{
    if (b->min_rtt_us == UINT32_MAX)
        return initial_cwnd(c);
    uint64_t bdp = bw < UINT32_MAX ? bw * b->min_rtt_us / 1000000 : bw / 1000000 * b->min_rtt_us;
    return bbr_percent(bdp > INT32_MAX ? INT32_MAX : (uint32_t)bdp, gain);
}

/* QuantizationBudget(): SetSendQuantum() within it. */
static uint32_t with_budget(const struct tcp_conn *c, const struct bbr *b, uint32_t inflight)
{
    uint64_t per_ms = b->rate.pacing_bytes_per_s / 1000;
    uint32_t quantum = per_ms < BBR_QUANTUM_BYTES_MAX ? (uint32_t)per_ms : BBR_QUANTUM_BYTES_MAX;
    quantum = max32(quantum, 2 * c->snd_mss);
    inflight = max32(inflight, 3 * quantum);
    inflight = max32(inflight, bbr_min_pipe(c));
    return b->state == BBR_UP ? inflight + 2 * c->snd_mss : inflight;
}

uint32_t bbr_inflight(const struct tcp_conn *c, const struct bbr *b, uint64_t bw, uint32_t gain)
{
    return with_budget(c, b, bbr_bdp(c, b, bw, gain));
}

/* TargetInflight(). */
uint32_t bbr_target(const struct tcp_conn *c, const struct bbr *b)
{
    return min32(bbr_bdp(c, b, b->bw, 100), c->cwnd);
}

/* InflightWithHeadroom(). */
uint32_t bbr_with_headroom(const struct tcp_conn *c, const struct bbr *b)
{
    if (b->inflight_longterm == BBR_NO_LIMIT)
        return BBR_NO_LIMIT;
    uint32_t headroom = max32(c->snd_mss, bbr_percent(b->inflight_longterm, BBR_HEADROOM));
    uint32_t left = b->inflight_longterm > headroom ? b->inflight_longterm - headroom : 0;
    return max32(left, bbr_min_pipe(c));
}

/* IsInflightTooHigh(). */
bool bbr_loss_too_high(const struct tcp_rate_sample *s)
{
    return s->lost_bytes * 100 > (uint64_t)s->tx_in_flight * BBR_LOSS_THRESHOLD;
}

/* SaveCwnd(). */
void bbr_save_cwnd(const struct tcp_conn *c, struct bbr *b)
{
    bool modulated =
        c->ca_state == TCP_CA_RECOVERY || c->ca_state == TCP_CA_LOSS || b->state == BBR_PROBE_RTT;
    b->prior_cwnd = modulated ? max32(b->prior_cwnd, c->cwnd) : c->cwnd;
}

/* NoteLoss() and SaveStateUponLoss(). */
void bbr_note_loss(const struct tcp_conn *c, struct bbr *b)
{
    if (!b->is_loss_in_round) {
        b->loss_round_delivered = b->rate.delivered;
        bbr_save_cwnd(c, b);
        b->undo_state = BBR_NO_STATE;
        b->undo_bw_shortterm = b->bw_shortterm;
        b->undo_inflight_shortterm = b->inflight_shortterm;
        b->undo_inflight_longterm = b->inflight_longterm;
    }
    b->is_loss_in_round = true;
}

/* SetPacingRateWithGain(). */
void bbr_set_pacing(struct bbr *b, uint32_t gain)
{
    uint64_t rate = b->bw / 100 * gain / 100 * (100 - BBR_PACING_MARGIN);
    if (rate > 0 && (b->full_bw_reached || rate > b->rate.pacing_bytes_per_s))
        b->rate.pacing_bytes_per_s = rate;
}

/* BoundCwndForModel(). */
static uint32_t model_cap(const struct tcp_conn *c, const struct bbr *b)
{
    uint32_t cap = BBR_NO_LIMIT;
    if (b->state == BBR_PROBE_RTT || b->state == BBR_CRUISE)
        cap = bbr_with_headroom(c, b);
    else if (bbr_in_probe_bw(b))
        cap = b->inflight_longterm;
    return max32(min32(cap, b->inflight_shortterm), bbr_min_pipe(c));
}

/* UpdateControlParameters(): SetPacingRate() and SetCwnd(). */
void bbr_control(struct tcp_conn *c, struct bbr *b)
{
    uint32_t acked = b->rate.sample.acked_bytes;
    bbr_set_pacing(b, b->pacing_gain);
    uint32_t extra = max32(b->extra_acked[0], b->extra_acked[1]);
    uint32_t most = with_budget(c, b, bbr_bdp(c, b, b->bw, b->cwnd_gain) + extra);
    if (b->full_bw_reached)
        c->cwnd = min32(c->cwnd + acked, most);
    else if (c->cwnd < most || b->rate.delivered < initial_cwnd(c))
        c->cwnd += acked;
    c->cwnd = max32(c->cwnd, bbr_min_pipe(c));
    if (b->state == BBR_PROBE_RTT)
        c->cwnd = min32(c->cwnd, b->probe_rtt_cwnd);
    c->cwnd = min32(c->cwnd, model_cap(c, b));
    assert(c->cwnd >= bbr_min_pipe(c));
}
