/*
 * BBR version 3 (draft-ietf-ccwg-bbr): the state machine. It sends at the rate at which the network
 * delivers, keeps about as much in flight as fits, and now and then tries whether there is more, or less delay.
 *
 *   STARTUP --full--> DRAIN --> PROBE_BW: DOWN --> CRUISE --> REFILL --> UP --+
 *      |                                   ^                                  |
 *      +-- any state, when min_rtt is      +----------------------------------+
 *          ten seconds old --> PROBE_RTT --> back
 *
 * All arithmetic is in whole numbers, and its few random choices come from the machine's seed.
 *
 * DEVIATION: a connection without SACK runs NewReno in its place, for without records of what is in flight there are no
 * delivery rate samples. A mark (RFC 3168) counts as a loss; in STARTUP it ends it, for "the congestion controller
 * response MUST treat any CE marks as congestion" (its section "ECN").
 */
#include "transport/cc_bbr.h"

static uint32_t max32(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static void enter_startup(struct bbr *b)
{
    b->state = BBR_STARTUP;
    b->pacing_gain = BBR_STARTUP_PACING_GAIN;
    b->cwnd_gain = BBR_CWND_GAIN;
}

static void enter_drain(struct bbr *b)
{
    b->state = BBR_DRAIN;
    b->pacing_gain = BBR_DRAIN_PACING_GAIN;
    b->cwnd_gain = BBR_CWND_GAIN;
    b->drain_start_round = b->round_count;
}

/* PickProbeWait(): two to three seconds, or as many rounds as Reno would need. */
static void start_down(struct tcp_conn *c, struct bbr *b)
{
    struct rng *rng = &tcp_machine(c)->rng;
    bbr_reset_congestion_signals(b);
    b->probe_up_acked_per_inc = BBR_NO_LIMIT;
    b->rounds_since_probe_up = rng_below(rng, 2);
    b->bw_probe_wait_us = 2000000 + rng_below(rng, 1000001);
    b->cycle_us = tcp_now(c);
    b->ack_phase = BBR_ACKS_STOPPING;
    bbr_start_round(b);
    b->state = BBR_DOWN;
    b->pacing_gain = BBR_DOWN_PACING_GAIN;
    b->cwnd_gain = BBR_CWND_GAIN;
}

static void start_cruise(struct bbr *b)
{
    b->state = BBR_CRUISE;
    b->pacing_gain = 100;
}

static void start_refill(struct bbr *b)
{
    bbr_reset_short_term(b);
    b->probe_up_rounds = 0;
    b->probe_up_acked = 0;
    b->prev_probe_precautionary = false;
    b->ack_phase = BBR_ACKS_REFILLING;
    bbr_start_round(b);
    b->state = BBR_REFILL;
    b->pacing_gain = 100;
    b->cwnd_gain = BBR_CWND_GAIN;
}

/* RaiseInflightLongtermSlope(). */
static void raise_slope(const struct tcp_conn *c, struct bbr *b)
{
    uint32_t growth = 1u << b->probe_up_rounds;
    b->probe_up_rounds = (uint8_t)(b->probe_up_rounds < 30 ? b->probe_up_rounds + 1 : 30);
    b->probe_up_acked_per_inc = max32(c->cwnd / growth, c->snd_mss);
}

static void start_up(const struct tcp_conn *c, struct bbr *b)
{
    b->ack_phase = BBR_ACKS_STARTING;
    bbr_start_round(b);
    bbr_reset_full_bw(b);
    b->full_bw = b->rate.sample.bytes_per_s;
    b->state = BBR_UP;
    b->pacing_gain = BBR_UP_PACING_GAIN;
    b->cwnd_gain = BBR_UP_CWND_GAIN;
    raise_slope(c, b);
}

/* CheckStartupDone() with CheckStartupHighLoss(). */
static void check_startup(struct tcp_conn *c, struct bbr *b)
{
    if (b->state != BBR_STARTUP)
        return;
    bool high_loss = b->loss_round_start && c->ca_state == TCP_CA_RECOVERY &&
                     b->loss_ranges >= BBR_STARTUP_LOSS_RANGES && bbr_loss_too_high(&b->rate.sample);
    if (high_loss && !b->full_bw_reached) {
        b->undo_state = BBR_STARTUP;
        b->full_bw_reached = true;
        b->inflight_longterm = max32(bbr_bdp(c, b, b->bw, 100), b->inflight_latest);
    }
    if (b->full_bw_reached)
        enter_drain(b);
}

static void check_drain(struct tcp_conn *c, struct bbr *b)
{
    bool drained = tcp_in_flight(c) <= bbr_inflight(c, b, b->bw, 100);
    if (b->state == BBR_DRAIN && (drained || b->round_count > b->drain_start_round + 3))
        start_down(c, b);
}

static bool time_to_probe(struct tcp_conn *c, struct bbr *b)
{
    uint32_t reno_rounds = bbr_target(c, b) / c->snd_mss;
    bool as_reno = b->rounds_since_probe_up >= (reno_rounds < 63 ? reno_rounds : 63);
    if (tcp_now(c) <= b->cycle_us + b->bw_probe_wait_us && !as_reno)
        return false;
    start_refill(b);
    return true;
}

static bool time_to_cruise(const struct tcp_conn *c, const struct bbr *b)
{
    uint32_t in_flight = tcp_in_flight(c);
    return in_flight <= bbr_with_headroom(c, b) && in_flight <= bbr_inflight(c, b, b->max_bw, 100);
}

/* IsTimeToGoDown(): with precautionary deceleration. */
static bool time_to_go_down(const struct tcp_conn *c, struct bbr *b)
{
    if (b->prev_probe_too_high && tcp_in_flight(c) >= b->inflight_longterm) {
        b->prev_probe_precautionary = true;
        return true;
    }
    if (b->rate.cwnd_limited && c->cwnd >= b->inflight_longterm) {
        bbr_reset_full_bw(b); /* it is the limit that keeps the rate from growing */
        b->full_bw = b->rate.sample.bytes_per_s;
        return false;
    }
    return b->full_bw_now;
}

/* ProbeInflightLongtermUpward(). */
static void probe_upward(const struct tcp_conn *c, struct bbr *b)
{
    if (!b->rate.cwnd_limited || c->cwnd < b->inflight_longterm)
        return;
    b->probe_up_acked += b->rate.sample.acked_bytes;
    if (b->probe_up_acked >= b->probe_up_acked_per_inc) {
        assert(b->probe_up_acked_per_inc > 0);
        uint32_t delta = b->probe_up_acked / b->probe_up_acked_per_inc;
        b->probe_up_acked -= delta * b->probe_up_acked_per_inc;
        b->inflight_longterm += delta * c->snd_mss;
    }
    if (b->round_start)
        raise_slope(c, b);
}

/* AdaptLongTermModel(). True: it has chosen the next state. */
static bool adapt_long_term(struct tcp_conn *c, struct bbr *b)
{
    const struct tcp_rate_sample *s = &b->rate.sample;
    if (b->ack_phase == BBR_ACKS_STARTING && b->round_start)
        b->ack_phase = BBR_ACKS_FEEDBACK;
    if (b->ack_phase == BBR_ACKS_STOPPING && b->round_start) {
        b->is_bw_probe_sample = false;
        b->ack_phase = BBR_ACKS_INIT;
        if (bbr_in_probe_bw(b) && !s->is_app_limited)
            bbr_advance_max_bw(b);
        if (bbr_in_probe_bw(b) && b->prev_probe_precautionary && !b->prev_probe_too_high) {
            start_refill(b);
            return true;
        }
    }
    if (bbr_loss_too_high(s) || b->inflight_longterm == BBR_NO_LIMIT)
        return false;
    b->inflight_longterm = max32(b->inflight_longterm, s->tx_in_flight);
    if (b->state == BBR_UP)
        probe_upward(c, b);
    return false;
}

/* UpdateProbeBWCyclePhase(). */
static void update_cycle(struct tcp_conn *c, struct bbr *b)
{
    if (!b->full_bw_reached || adapt_long_term(c, b))
        return;
    switch (b->state) {
    case BBR_DOWN:
        if (!time_to_probe(c, b) && time_to_cruise(c, b))
            start_cruise(b);
        break;
    case BBR_CRUISE:
        time_to_probe(c, b);
        break;
    case BBR_REFILL:
        if (b->round_start) {
            b->is_bw_probe_sample = true;
            start_up(c, b);
        }
        break;
    case BBR_UP:
        if (time_to_go_down(c, b)) {
            b->prev_probe_too_high = false;
            start_down(c, b);
        }
        break;
    default:
        break;
    }
}

/* UpdateMinRTT(): the window for PROBE_RTT is made of what was known before it expired. */
static void update_min_rtt(const struct tcp_conn *c, struct bbr *b)
{
    uint32_t rtt_us = b->rate.sample.rtt_us;
    b->min_rtt_expired = tcp_now(c) > b->min_rtt_stamp_us + BBR_MIN_RTT_WINDOW_US;
    if (b->min_rtt_expired && b->state != BBR_PROBE_RTT)
        b->probe_rtt_cwnd = max32(bbr_bdp(c, b, b->bw, BBR_PROBE_RTT_CWND_GAIN), bbr_min_pipe(c));
    if (rtt_us && (rtt_us < b->min_rtt_us || b->min_rtt_expired)) {
        b->min_rtt_us = rtt_us;
        b->min_rtt_stamp_us = tcp_now(c);
    }
}

/* CheckProbeRTTDone() and ExitProbeRTT(). */
static void check_probe_rtt_done(struct tcp_conn *c, struct bbr *b)
{
    if (b->probe_rtt_done_us == 0 || tcp_now(c) <= b->probe_rtt_done_us)
        return;
    b->min_rtt_stamp_us = tcp_now(c);
    c->cwnd = max32(c->cwnd, b->prior_cwnd);
    bbr_reset_short_term(b);
    if (!b->full_bw_reached) {
        enter_startup(b);
        return;
    }
    start_down(c, b);
    start_cruise(b);
}

static void handle_probe_rtt(struct tcp_conn *c, struct bbr *b)
{
    tcp_rate_mark_app_limited(c); /* its low rates are its own doing */
    if (b->probe_rtt_done_us == 0 && tcp_in_flight(c) <= b->probe_rtt_cwnd) {
        b->probe_rtt_done_us = tcp_now(c) + BBR_PROBE_RTT_US;
        b->probe_rtt_round_done = false;
        bbr_start_round(b);
    } else if (b->probe_rtt_done_us != 0) {
        b->probe_rtt_round_done |= b->round_start;
        if (b->probe_rtt_round_done)
            check_probe_rtt_done(c, b);
    }
}

static void check_probe_rtt(struct tcp_conn *c, struct bbr *b)
{
    if (b->state != BBR_PROBE_RTT && b->min_rtt_expired && !b->idle_restart) {
        b->state = BBR_PROBE_RTT;
        b->pacing_gain = 100;
        b->cwnd_gain = BBR_PROBE_RTT_CWND_GAIN;
        bbr_save_cwnd(
            c, b); /* after EnterProbeRTT(), as the draft has it: the larger of this and the last one saved */
        b->probe_rtt_done_us = 0;
        b->ack_phase = BBR_ACKS_STOPPING;
        bbr_start_round(b);
    }
    if (b->state == BBR_PROBE_RTT)
        handle_probe_rtt(c, b);
    b->idle_restart = false;
}

/* UpdateOnACK(). */
static void bbr_update(struct tcp_conn *c)
{
    struct bbr *b = bbr_of(c);
    assert(b && b->state < BBR_NO_STATE && c->uses_sack);
    if (!b->rate.sample.has_data)
        return;
    bbr_learn(c, b);
    check_startup(c, b);
    check_drain(c, b);
    update_cycle(c, b);
    update_min_rtt(c, b);
    check_probe_rtt(c, b);
    bbr_bound(b);
    bbr_control(c, b);
    if (b->full_bw_reached && c->ssthresh > c->cwnd)
        c->ssthresh = c->cwnd; /* it means nothing here, but tells that STARTUP is over */
}

/* HandleInflightTooHigh(). */
static void inflight_too_high(struct tcp_conn *c, struct bbr *b, uint32_t tx_in_flight, bool is_app_limited)
{
    b->prev_probe_too_high = true;
    b->is_bw_probe_sample = false;
    if (!is_app_limited)
        b->inflight_longterm = max32(tx_in_flight, bbr_percent(bbr_target(c, b), BBR_BETA));
    if (b->state == BBR_UP) {
        b->undo_state = BBR_UP;
        start_down(c, b);
    }
}

/* HandleLostPacket(). Here a packet is a segment, so where in it the losses became too many (InflightAtLoss()) is
 * within one. */
static void bbr_lost(struct tcp_conn *c, const struct tcp_sent *r, const struct tcp_sent_rate *p)
{
    struct bbr *b = bbr_of(c);
    bbr_note_loss(c, b);
    b->loss_ranges += r->from != b->lost_to;
    b->lost_to = r->to;
    if (!b->is_bw_probe_sample || !p->valid)
        return;
    uint32_t size = r->to - r->from;
    struct tcp_rate_sample s = {.tx_in_flight = p->tx_in_flight, .lost_bytes = b->rate.lost - p->lost};
    if (!bbr_loss_too_high(&s))
        return;
    int64_t before = (int64_t)p->tx_in_flight - size, lost_before = (int64_t)s.lost_bytes - size;
    int64_t prefix = (BBR_LOSS_THRESHOLD * before - 100 * lost_before) / (100 - BBR_LOSS_THRESHOLD);
    int64_t at_loss = before + prefix;
    inflight_too_high(c, b, at_loss > 0 ? (uint32_t)at_loss : 0, p->is_app_limited);
}

/* A mark in the network: as a loss. */
static void bbr_marked(struct tcp_conn *c)
{
    struct bbr *b = bbr_of(c);
    bbr_note_loss(c, b);
    if (b->state == BBR_STARTUP && !b->full_bw_reached) {
        b->full_bw_reached = true;
        b->inflight_longterm = max32(bbr_bdp(c, b, b->bw, 100), b->inflight_latest);
    } else if (b->is_bw_probe_sample) {
        inflight_too_high(c, b, bbr_percent(tcp_in_flight(c), BBR_BETA), false);
    }
}

/* OnEnterFastRecovery() and the first half of OnEnterRTO(). There is no threshold. DEVIATION: a state is saved for the first loss
 * of a round only. The marks that lead to recovery come before it, and what they changed is not what to go back to. */
static uint32_t bbr_threshold(struct tcp_conn *c, uint32_t flight_bytes)
{
    struct bbr *b = bbr_of(c);
    (void)flight_bytes;
    bbr_note_loss(c, b);
    return c->ssthresh;
}

static uint32_t bbr_after_timeout(struct tcp_conn *c)
{
    bbr_save_cwnd(c, bbr_of(c));
    return c->snd_mss; /* what was in flight counts as lost, so C.inflight + 1 is one */
}

/* RestoreCwnd(). */
static void bbr_recovered(struct tcp_conn *c)
{
    c->cwnd = max32(c->cwnd, bbr_of(c)->prior_cwnd);
}

/* HandleRestartFromIdle(): nothing was in flight, for want of data. */
static void bbr_restarts(struct tcp_conn *c)
{
    struct bbr *b = bbr_of(c);
    b->idle_restart = true;
    b->extra_acked_start_us = tcp_now(c);
    if (bbr_in_probe_bw(b))
        bbr_set_pacing(b, 100);
    else if (b->state == BBR_PROBE_RTT)
        check_probe_rtt_done(c, b);
}

/* HandleSpuriousLossDetection(). */
static void bbr_undo(struct tcp_conn *c)
{
    struct bbr *b = bbr_of(c);
    bbr_recovered(c);
    b->is_loss_in_round = false;
    bbr_reset_full_bw(b);
    if (b->bw_shortterm < b->undo_bw_shortterm)
        b->bw_shortterm = b->undo_bw_shortterm;
    b->inflight_shortterm = max32(b->inflight_shortterm, b->undo_inflight_shortterm);
    b->inflight_longterm = max32(b->inflight_longterm, b->undo_inflight_longterm);
    if (b->undo_state == BBR_STARTUP && b->state != BBR_STARTUP) {
        b->full_bw_reached = false;
        c->ssthresh = UINT32_MAX;
        if (b->state != BBR_PROBE_RTT)
            enter_startup(b);
    } else if (b->undo_state == BBR_UP && b->state != BBR_UP && b->state != BBR_PROBE_RTT) {
        start_refill(b);
    }
    b->undo_state = BBR_NO_STATE;
}

static void bbr_start(struct tcp_conn *c)
{
    tcp_cc_newreno.start(c);
    if (c->uses_sack && !c->cc_state)
        c->cc_state = arena_zalloc(tcp_machine(c)->arena, sizeof(struct bbr));
    if (!c->cc_state || !tcp_flight_measure(c)) {
        tcp_cc_fall_back(c);
        return;
    }
    struct bbr *b = bbr_of(c);
    bbr_model_start(c, b);
    enter_startup(b);
}

static void bbr_acked(struct tcp_conn *c, uint32_t bytes)
{
    (void)c, (void)bytes; /* bbr_update() has done it */
}

const struct tcp_cc tcp_cc_bbr = {
    .name = "bbr",
    .start = bbr_start,
    .acked = bbr_acked,
    .threshold = bbr_threshold,
    .after_timeout = bbr_after_timeout,
    .undo = bbr_undo,
    .update = bbr_update,
    .lost = bbr_lost,
    .marked = bbr_marked,
    .recovered = bbr_recovered,
    .restarts = bbr_restarts,
    .state_bytes = sizeof(struct bbr),
    .limits = true,
};
