/*
 * BBR's arithmetic and its steps, against the pseudocode of draft-ietf-ccwg-bbr: acknowledgments are made up here, so that each
 * rule is seen alone. How it fares on a path is in tests/lab/bbr_test.c.
 */
#include "transport/cc_bbr.h"
#include "unit/support/pair.h"
#include "unit/support/property.h"

enum { MSS = 1000, RATE = 1000000 /* bytes a second */, RTT_US = 40000, BDP = 40000 };

struct fixture {
    struct pair *pair;
    struct tcp_conn *c;
    struct bbr *b;
};

/* An established connection with BBR that has measured nothing but RTT_US, in STARTUP. */
static struct fixture make(void)
{
    struct pair_config config;
    pair_config_default(&config);
    for (int h = 0; h < 2; h++) {
        config.host[h].tcp.congestion = TCP_CONGESTION_BBR;
        config.host[h].tcp.mss_max_bytes = MSS;
        config.host[h].tcp.timestamps = false;
    }
    struct fixture f = {.pair = pair_create(&config)};
    int client = 0, server = 0;
    pair_connect(f.pair, 80, &client, &server);
    f.c = tcp_next(host_tcp(f.pair->host[0]), NULL);
    f.b = bbr_of(f.c);
    assert_non_null(f.b);
    assert_int_equal(f.c->snd_mss, MSS);
    assert_int_equal(f.b->state, BBR_STARTUP);
    f.b->min_rtt_us = RTT_US;
    f.b->rate.delivered = 10 * BDP;
    bbr_start_round(f.b);
    return f;
}

/* The same in a state of PROBE_BW, knowing RATE, with a window of twice the BDP. */
static struct fixture make_in(enum bbr_state state)
{
    struct fixture f = make();
    f.b->state = (uint8_t)state;
    f.b->full_bw_reached = true;
    f.b->max_bw_of_cycle[1] = f.b->max_bw = f.b->bw = RATE;
    f.b->pacing_gain = 100;
    f.b->cwnd_gain = BBR_CWND_GAIN;
    f.b->cycle_us = tcp_now(f.c);
    f.b->bw_probe_wait_us = 2000000;
    f.c->cwnd = 2 * BDP;
    return f;
}

static void free_fixture(struct fixture *f)
{
    f->c->snd.nxt = f->c->snd.una;
    pair_destroy(f->pair);
}

static void set_in_flight(struct fixture *f, uint32_t bytes)
{
    f->c->snd.nxt = f->c->snd.una + bytes;
    assert_int_equal(tcp_in_flight(f->c), bytes);
}

/* The sample of an acknowledgment for one segment, sent in this round, on a path that delivers RATE. */
static struct tcp_rate_sample sample_of(const struct fixture *f)
{
    return (struct tcp_rate_sample){.has_data = true,
                                    .prior_delivered = f->b->next_round_delivered - 1,
                                    .bytes_per_s = RATE,
                                    .delivered_bytes = BDP,
                                    .acked_bytes = MSS,
                                    .tx_in_flight = BDP,
                                    .rtt_us = RTT_US};
}

static void acknowledge(struct fixture *f, struct tcp_rate_sample s)
{
    f->b->rate.delivered += s.acked_bytes;
    f->b->rate.sample = s;
    f->c->cc->update(f->c);
}

/* One that begins a round: of a segment sent after all of the last round was delivered. */
static void round_with(struct fixture *f, struct tcp_rate_sample s)
{
    tcp_machine(f->c)->now_us += RTT_US;
    s.prior_delivered = f->b->rate.delivered;
    acknowledge(f, s);
    assert_true(f->b->round_start);
}

static void round_at(struct fixture *f, uint64_t bytes_per_s)
{
    struct tcp_rate_sample s = sample_of(f);
    s.bytes_per_s = bytes_per_s;
    round_with(f, s);
}

/* BDPMultiple(). */
static void test_bdp(void **state)
{
    (void)state;
    struct fixture f = make();
    assert_int_equal(bbr_bdp(f.c, f.b, RATE, 100), BDP);
    assert_int_equal(bbr_bdp(f.c, f.b, RATE, 225), BDP * 9 / 4);
    assert_int_equal(bbr_bdp(f.c, f.b, RATE, 50), BDP / 2);
    f.b->min_rtt_us = 100;
    assert_int_equal(bbr_bdp(f.c, f.b, UINT64_C(5000000000), 100), 500000); /* faster than 32 bits */
    f.b->min_rtt_us = 16;
    assert_int_equal(bbr_bdp(f.c, f.b, UINT64_C(1) << 60, 100), INT32_MAX); /* 16 times that is 2^64 */
    f.b->min_rtt_us = UINT32_MAX;
    assert_int_equal(bbr_bdp(f.c, f.b, RATE, 200), 10 * MSS); /* C.InitialCwnd */
    free_fixture(&f);
}

/* Inflight(), QuantizationBudget(), SetSendQuantum(). */
static void test_inflight_has_room_for_three_quanta(void **state)
{
    (void)state;
    struct fixture f = make();
    f.b->rate.pacing_bytes_per_s = 100000; /* 100 bytes a millisecond: two segments */
    assert_int_equal(bbr_inflight(f.c, f.b, RATE, 100), BDP);
    assert_int_equal(bbr_inflight(f.c, f.b, RATE / 100, 100), 3 * 2 * MSS);
    f.b->rate.pacing_bytes_per_s = 15000000;
    assert_int_equal(bbr_inflight(f.c, f.b, RATE, 100), 45000);
    f.b->rate.pacing_bytes_per_s = 1000000000;
    assert_int_equal(bbr_inflight(f.c, f.b, RATE, 100), 3 * 65536);
    f.b->state = BBR_UP;
    assert_int_equal(bbr_inflight(f.c, f.b, RATE, 100), 3 * 65536 + 2 * MSS);
    free_fixture(&f);
}

/* InflightWithHeadroom() and TargetInflight(). */
static void test_headroom(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_CRUISE);
    assert_int_equal(bbr_with_headroom(f.c, f.b), BBR_NO_LIMIT);
    f.b->inflight_longterm = 100 * MSS;
    assert_int_equal(bbr_with_headroom(f.c, f.b), 85 * MSS);
    f.b->inflight_longterm = 6 * MSS; /* 0.15 of it is less than a segment */
    assert_int_equal(bbr_with_headroom(f.c, f.b), 5 * MSS);
    f.b->inflight_longterm = 4 * MSS;
    assert_int_equal(bbr_with_headroom(f.c, f.b), 4 * MSS); /* MinPipeCwnd */
    assert_int_equal(bbr_target(f.c, f.b), BDP);
    f.c->cwnd = BDP - 1;
    assert_int_equal(bbr_target(f.c, f.b), BDP - 1);
    free_fixture(&f);
}

/* IsInflightTooHigh(): more than LossThresh. */
static void test_two_percent_is_not_too_much(void **state)
{
    (void)state;
    assert_false(bbr_loss_too_high(&(struct tcp_rate_sample){.tx_in_flight = 100000, .lost_bytes = 2000}));
    assert_true(bbr_loss_too_high(&(struct tcp_rate_sample){.tx_in_flight = 100000, .lost_bytes = 2001}));
    assert_false(bbr_loss_too_high(&(struct tcp_rate_sample){0}));
}

/* UpdateMaxBw() and AdvanceMaxBwFilter(): the last cycle and this. */
static void test_max_bw_is_of_two_cycles(void **state)
{
    (void)state;
    struct fixture f = make();
    round_at(&f, RATE);
    assert_int_equal(f.b->max_bw, RATE);
    bbr_advance_max_bw(f.b);
    round_at(&f, RATE / 2);
    assert_int_equal(f.b->max_bw, RATE);
    bbr_advance_max_bw(f.b);
    assert_int_equal(f.b->max_bw, RATE / 2);
    bbr_advance_max_bw(f.b); /* a cycle in which nothing was measured */
    assert_int_equal(f.b->max_bw, RATE / 2);
    free_fixture(&f);
}

static void test_app_limited_rates_count_only_when_higher(void **state)
{
    (void)state;
    struct fixture f = make();
    struct tcp_rate_sample s = sample_of(&f);
    round_at(&f, RATE);
    bbr_advance_max_bw(f.b);
    s.is_app_limited = true;
    s.bytes_per_s = RATE - 1;
    acknowledge(&f, s);
    assert_int_equal(f.b->max_bw_of_cycle[1], 0);
    s.bytes_per_s = RATE;
    acknowledge(&f, s);
    assert_int_equal(f.b->max_bw_of_cycle[1], RATE);
    s.bytes_per_s = RATE + 1;
    acknowledge(&f, s);
    assert_int_equal(f.b->max_bw, RATE + 1);
    free_fixture(&f);
}

/* CheckFullBWReached(): three rounds in a row with less than a quarter more. */
static void test_startup_ends_on_a_plateau(void **state)
{
    (void)state;
    struct fixture f = make();
    assert_int_equal(f.b->pacing_gain, 277);
    assert_int_equal(f.b->cwnd_gain, 200);
    set_in_flight(&f, 100 * MSS);
    round_at(&f, RATE);
    round_at(&f, RATE * 5 / 4 - 1);
    round_at(&f, RATE * 5 / 4 - 1);
    round_at(&f, RATE * 5 / 4); /* a quarter: it grows still */
    assert_int_equal(f.b->full_bw_count, 0);
    struct tcp_rate_sample limited = sample_of(&f);
    limited.is_app_limited = true;
    for (int i = 0; i < 5; i++) /* says nothing */
        round_with(&f, limited);
    for (int i = 0; i < 3; i++) {
        assert_false(f.b->full_bw_now || f.b->full_bw_reached);
        assert_int_equal(f.b->state, BBR_STARTUP);
        round_at(&f, RATE * 3 / 2);
    }
    assert_true(f.b->full_bw_now && f.b->full_bw_reached);
    assert_int_equal(f.b->state, BBR_DRAIN);
    assert_int_equal(f.b->pacing_gain, 50);
    assert_int_equal(f.b->cwnd_gain, 200);
    free_fixture(&f);
}

/* CheckStartupHighLoss(): in recovery for a round, above 2 %, in six places. */
static void test_startup_ends_on_losses(void **state)
{
    (void)state;
    static const struct {
        enum tcp_ca_state ca_state;
        uint32_t ranges, lost;
        bool ends;
    } cases[] = {{TCP_CA_RECOVERY, 6, 900, true},
                 {TCP_CA_RECOVERY, 5, 900, false},
                 {TCP_CA_RECOVERY, 6, 800, false},
                 {TCP_CA_DISORDER, 6, 900, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture f = make();
        set_in_flight(&f, 100 * MSS);
        round_at(&f, RATE);
        f.c->ca_state = (uint8_t)cases[i].ca_state;
        bbr_note_loss(f.c, f.b);
        f.b->loss_ranges = cases[i].ranges;
        struct tcp_rate_sample s = sample_of(&f);
        s.lost_bytes = cases[i].lost;
        s.prior_delivered = f.b->loss_round_delivered - 1; /* the round of the loss is not over */
        acknowledge(&f, s);
        assert_int_equal(f.b->state, BBR_STARTUP);
        s.delivered_bytes = BDP + MSS;
        round_with(&f, s);
        assert_int_equal(f.b->state, cases[i].ends ? BBR_DRAIN : BBR_STARTUP);
        if (cases[i].ends)
            assert_int_equal(f.b->inflight_longterm, BDP + MSS); /* max(bdp, inflight_latest) */
        f.c->ca_state = TCP_CA_AVOIDANCE;
        free_fixture(&f);
    }
}

/* CheckDrainDone(). */
static void test_drain_ends_when_the_queue_is_gone(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_DRAIN);
    f.b->rate.pacing_bytes_per_s = RATE;
    set_in_flight(&f, BDP + MSS);
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_DRAIN);
    set_in_flight(&f, BDP);
    f.b->inflight_longterm = 20 * MSS; /* no headroom yet: not on to CRUISE at once */
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_DOWN);
    assert_int_equal(f.b->pacing_gain, 90);
    free_fixture(&f);
}

static void test_drain_ends_after_three_rounds(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_DRAIN);
    set_in_flight(&f, 3 * BDP);
    for (int i = 0; i < 3; i++) {
        round_at(&f, RATE);
        assert_int_equal(f.b->state, BBR_DRAIN);
    }
    round_at(&f, RATE);
    assert_int_equal(f.b->state, BBR_DOWN);
    free_fixture(&f);
}

/* IsTimeToCruise(): headroom, and no queue. */
static void test_down_ends_with_headroom(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_DOWN);
    f.b->rate.pacing_bytes_per_s = RATE;
    f.b->inflight_longterm = BDP;
    set_in_flight(&f, BDP * 85 / 100 + 1);
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_DOWN);
    set_in_flight(&f, BDP * 85 / 100);
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_CRUISE);
    assert_int_equal(f.b->pacing_gain, 100);
    free_fixture(&f);
}

/* IsTimeToProbeBW(): by the clock, or after as many rounds as Reno would need. */
static void test_cruise_ends_in_time(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_CRUISE);
    set_in_flight(&f, BDP);
    for (int i = 0; i < 39; i++)
        round_at(&f, RATE);
    assert_int_equal(f.b->state, BBR_CRUISE);
    round_at(&f, RATE); /* BDP / MSS = 40 rounds */
    assert_int_equal(f.b->state, BBR_REFILL);
    free_fixture(&f);

    f = make_in(BBR_CRUISE);
    set_in_flight(&f, BDP);
    tcp_machine(f.c)->now_us += 2000000;
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_CRUISE);
    tcp_machine(f.c)->now_us += 1;
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_REFILL);
    free_fixture(&f);
}

static void test_probe_waits_two_to_three_seconds(void **state)
{
    (void)state;
    uint32_t least = UINT32_MAX, most = 0;
    struct fixture f = make_in(BBR_DRAIN);
    for (int i = 0; i < 200; i++) {
        f.b->state = BBR_DRAIN;
        f.b->inflight_longterm = 20 * MSS;
        set_in_flight(&f, BDP);
        acknowledge(&f, sample_of(&f));
        assert_in_range(f.b->bw_probe_wait_us, 2000000, 3000000);
        assert_in_range(f.b->rounds_since_probe_up, 0, 1);
        least = f.b->bw_probe_wait_us < least ? f.b->bw_probe_wait_us : least;
        most = f.b->bw_probe_wait_us > most ? f.b->bw_probe_wait_us : most;
    }
    assert_true(least < 2100000 && most > 2900000);
    free_fixture(&f);
}

/* REFILL for a round, UP until the rate grows no more. */
static void test_refill_then_up_then_down(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_CRUISE);
    f.b->bw_shortterm = RATE / 2;
    f.b->inflight_shortterm = BDP / 2;
    set_in_flight(&f, BDP);
    tcp_machine(f.c)->now_us += 2000001;
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_REFILL);
    assert_true(f.b->bw_shortterm == BBR_NO_RATE && f.b->inflight_shortterm == BBR_NO_LIMIT);
    assert_int_equal(f.b->pacing_gain, 100);
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_REFILL); /* the same round */
    round_at(&f, RATE);
    assert_int_equal(f.b->state, BBR_UP);
    assert_int_equal(f.b->pacing_gain, 125);
    assert_int_equal(f.b->cwnd_gain, 225);
    assert_true(f.b->is_bw_probe_sample);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(f.b->state, BBR_UP);
        round_at(&f, RATE * 11 / 10);
    }
    assert_int_equal(f.b->state, BBR_DOWN);
    assert_int_equal(f.b->cwnd_gain, 200);
    assert_int_equal(f.b->max_bw, RATE * 11 / 10);
    free_fixture(&f);
}

/* ProbeInflightLongtermUpward(): 1, 2, 4 ... segments in a round, spread over it. */
static void test_the_limit_is_raised_faster_and_faster(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_REFILL);
    f.c->cwnd = f.b->inflight_longterm = 40 * MSS;
    set_in_flight(&f, 40 * MSS);
    round_at(&f, RATE);
    assert_int_equal(f.b->state, BBR_UP);
    assert_int_equal(f.b->probe_up_acked_per_inc, 40 * MSS);
    for (uint32_t round = 0, growth = 1; round < 4; round++, growth *= 2) {
        uint32_t limit = f.b->inflight_longterm;
        f.c->cwnd = limit;
        for (uint32_t acked = 0; acked < limit; acked += MSS) {
            struct tcp_rate_sample s = sample_of(&f);
            s.bytes_per_s = RATE + (round + 1) * RATE / 2; /* it does bring more */
            f.b->rate.cwnd_limited = true;
            if (acked + MSS < limit)
                acknowledge(&f, s);
            else
                round_with(&f, s);
            f.c->cwnd = f.c->cwnd > f.b->inflight_longterm ? f.c->cwnd : f.b->inflight_longterm;
        }
        assert_in_range((f.b->inflight_longterm - limit) / MSS, growth, growth + 1);
    }
    free_fixture(&f);
}

/* IsTimeToGoDown(): what a window at its limit brings is no plateau; after a probe with losses it stops at the limit. */
static void test_up_at_the_limit(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_UP);
    f.c->cwnd = f.b->inflight_longterm = 2 * BDP;
    set_in_flight(&f, BDP);
    f.b->full_bw = RATE;
    for (int i = 0; i < 6; i++) {
        f.b->rate.cwnd_limited = true;
        f.c->cwnd = f.b->inflight_longterm;
        round_at(&f, RATE);
    }
    assert_int_equal(f.b->state, BBR_UP);
    f.b->prev_probe_too_high = true;
    set_in_flight(&f, f.b->inflight_longterm - 1);
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_UP);
    set_in_flight(&f, f.b->inflight_longterm);
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_DOWN);
    assert_true(f.b->prev_probe_precautionary && !f.b->prev_probe_too_high);
    round_at(&f, RATE); /* it went well: at once again, and this time all of it */
    assert_int_equal(f.b->state, BBR_REFILL);
    assert_false(f.b->prev_probe_precautionary);
    free_fixture(&f);
}

static void lose(struct fixture *f, uint32_t tx_in_flight, uint64_t lost_since)
{
    struct tcp_sent r = {.from = f->c->snd.una, .to = f->c->snd.una + MSS};
    struct tcp_sent_rate p = {.tx_in_flight = tx_in_flight, .valid = true};
    f->b->rate.lost = lost_since;
    f->c->cc->lost(f->c, &r, &p);
}

/* HandleLostPacket(), InflightAtLoss(), HandleInflightTooHigh(). */
static void test_a_probe_that_loses_too_much_sets_the_limit(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_UP);
    f.b->is_bw_probe_sample = true;
    lose(&f, 100000, 2000); /* not above 2 % */
    assert_int_equal(f.b->state, BBR_UP);
    assert_int_equal(f.b->inflight_longterm, BBR_NO_LIMIT);
    lose(&f, 100000, 3000);
    /* 99000 before it, with 2000 lost: (0.02 * 99000 - 2000) / 0.98 = -20.4 */
    assert_in_range(f.b->inflight_longterm, 98979, 98980);
    assert_int_equal(f.b->state, BBR_DOWN);
    assert_true(f.b->prev_probe_too_high && !f.b->is_bw_probe_sample);
    lose(&f, 50000, 9000); /* once for each probe */
    assert_in_range(f.b->inflight_longterm, 98979, 98980);
    free_fixture(&f);

    f = make_in(BBR_UP);
    f.b->is_bw_probe_sample = true;
    lose(&f, 10000, 3000); /* never below 0.7 of the target */
    assert_int_equal(f.b->inflight_longterm, BDP * 7 / 10);
    free_fixture(&f);
}

/* AdaptLowerBoundsFromCongestion(): once a round with losses, towards what was delivered, but not below 0.7. */
static void test_losses_while_cruising_lower_the_short_term(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_CRUISE);
    set_in_flight(&f, BDP);
    round_at(&f, RATE);
    bbr_note_loss(f.c, f.b);
    struct tcp_rate_sample s = sample_of(&f);
    s.bytes_per_s = RATE / 2;
    s.delivered_bytes = MSS;
    f.b->bw_latest = f.b->inflight_latest = 0;
    uint32_t cwnd = f.c->cwnd;
    round_with(&f, s);
    assert_int_equal(f.b->bw_shortterm, RATE * 7 / 10);
    assert_int_equal(f.b->inflight_shortterm, cwnd / 10 * 7);
    assert_int_equal(f.b->bw, RATE * 7 / 10);
    assert_true(f.c->cwnd <= f.b->inflight_shortterm);
    round_with(&f, s); /* no loss in this one */
    assert_int_equal(f.b->bw_shortterm, RATE * 7 / 10);
    bbr_note_loss(f.c, f.b);
    s.bytes_per_s = RATE * 6 / 10; /* more than 0.49 */
    round_with(&f, s);
    assert_int_equal(f.b->bw_shortterm, RATE * 6 / 10);
    assert_int_equal(f.b->max_bw, RATE); /* the long term stays */
    free_fixture(&f);

    f = make_in(BBR_UP); /* one that probes has its own answer */
    set_in_flight(&f, BDP);
    bbr_note_loss(f.c, f.b);
    round_at(&f, RATE);
    assert_true(f.b->bw_shortterm == BBR_NO_RATE);
    free_fixture(&f);
}

/* SetPacingRateWithGain(): one percent below; before the pipe is full it only grows. */
static void test_pacing(void **state)
{
    (void)state;
    struct fixture f = make();
    assert_int_equal(f.b->rate.pacing_bytes_per_s,
                     UINT64_C(10000) * 1000000 / f.c->srtt_us * 277 / 100); /* InitPacingRate() */
    f.b->bw = RATE;
    f.b->rate.pacing_bytes_per_s = 2 * RATE;
    bbr_set_pacing(f.b, 100);
    assert_int_equal(f.b->rate.pacing_bytes_per_s, 2 * RATE);
    bbr_set_pacing(f.b, 277);
    assert_int_equal(f.b->rate.pacing_bytes_per_s, 2742300);
    f.b->full_bw_reached = true;
    bbr_set_pacing(f.b, 90);
    assert_int_equal(f.b->rate.pacing_bytes_per_s, 891000);
    free_fixture(&f);
}

/* SetCwnd(): up by what is acknowledged, down at once. */
static void test_window_follows_the_model(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_CRUISE);
    set_in_flight(&f, BDP);
    f.c->cwnd = 10 * MSS;
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.c->cwnd, 11 * MSS);
    f.c->cwnd = 500 * MSS;
    acknowledge(&f, sample_of(&f));
    uint32_t extra = f.b->extra_acked[0] > f.b->extra_acked[1] ? f.b->extra_acked[0] : f.b->extra_acked[1];
    assert_int_equal(f.c->cwnd, 2 * BDP + extra);
    f.b->inflight_longterm = 20 * MSS;
    acknowledge(&f, (struct tcp_rate_sample){.has_data = true, .lost_bytes = 1, .acked_bytes = MSS});
    assert_int_equal(f.c->cwnd, 17 * MSS); /* CRUISE leaves headroom */
    f.b->inflight_longterm = MSS;
    acknowledge(&f, (struct tcp_rate_sample){.has_data = true, .lost_bytes = 1, .acked_bytes = MSS});
    assert_int_equal(f.c->cwnd, 4 * MSS); /* MinPipeCwnd */
    free_fixture(&f);

    f = make(); /* STARTUP: before a window has been delivered, the model says nothing */
    f.c->cwnd = 50 * MSS;
    f.b->rate.delivered = 0;
    acknowledge(&f, (struct tcp_rate_sample){.has_data = true, .bytes_per_s = 1000, .acked_bytes = MSS});
    assert_int_equal(f.c->cwnd, 51 * MSS);
    f.b->rate.delivered = 100 * MSS;
    acknowledge(&f, (struct tcp_rate_sample){.has_data = true, .bytes_per_s = 1000, .acked_bytes = MSS});
    assert_int_equal(f.c->cwnd, 51 * MSS); /* beyond max_inflight: not on, but not down either */
    free_fixture(&f);
}

/* UpdateACKAggregation(): what came beyond the expected is added to the window, for ten rounds at most. */
static void test_aggregated_acknowledgments_widen_the_window(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_CRUISE);
    set_in_flight(&f, BDP);
    f.c->cwnd = 200 * MSS;
    f.b->bw_probe_wait_us = 100000000;
    f.b->extra_acked_start_us = tcp_now(f.c);
    struct tcp_rate_sample s = sample_of(&f);
    s.acked_bytes = 30 * MSS;
    tcp_machine(f.c)->now_us += 10000; /* in which 10 kB were expected */
    f.b->extra_acked_delivered = 11 * MSS;
    acknowledge(&f, s);
    assert_int_equal(f.b->extra_acked[1], 31 * MSS);
    assert_int_equal(f.c->cwnd, 2 * BDP + 31 * MSS);
    for (int i = 0; i < 9; i++)
        round_at(&f, RATE);
    assert_true(f.b->extra_acked[0] == 31 * MSS || f.b->extra_acked[1] == 31 * MSS);
    round_at(&f, RATE);
    assert_true(f.b->extra_acked[0] < 31 * MSS && f.b->extra_acked[1] < 31 * MSS);
    free_fixture(&f);
}

/* UpdateMinRTT() and ProbeRTT: the target is of the round trip as it was known, not of the one that replaces it. */
static void test_probe_rtt(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_CRUISE);
    set_in_flight(&f, BDP);
    f.b->rounds_since_probe_up = 0;
    f.b->bw_probe_wait_us = 100000000;
    f.b->prior_cwnd = 90 * MSS;
    struct tcp_rate_sample s = sample_of(&f);
    s.rtt_us = 2 * RTT_US;
    tcp_machine(f.c)->now_us = f.b->min_rtt_stamp_us + BBR_MIN_RTT_WINDOW_US;
    acknowledge(&f, s);
    assert_int_equal(f.b->state, BBR_CRUISE);
    tcp_machine(f.c)->now_us += 1;
    acknowledge(&f, s);
    assert_int_equal(f.b->state, BBR_PROBE_RTT);
    assert_int_equal(f.b->min_rtt_us, 2 * RTT_US);
    assert_int_equal(f.b->probe_rtt_cwnd, BDP / 2);
    assert_int_equal(f.c->cwnd, BDP / 2);
    assert_int_equal(f.b->pacing_gain, 100);
    assert_int_equal(f.b->cwnd_gain, 50);
    assert_int_equal(f.b->prior_cwnd, 90 * MSS); /* EnterProbeRTT() comes before SaveCwnd(): the larger */
    assert_int_equal(f.b->probe_rtt_done_us, 0); /* more than half of a BDP is still on its way */
    set_in_flight(&f, BDP / 2);
    acknowledge(&f, s);
    int64_t done_us = f.b->probe_rtt_done_us;
    assert_int_equal(done_us, tcp_now(f.c) + 200000);
    tcp_machine(f.c)->now_us = done_us + 1;
    acknowledge(&f, s);
    assert_int_equal(f.b->state, BBR_PROBE_RTT); /* 200 ms, but no round */
    f.b->bw_shortterm = RATE / 2;
    round_with(&f, s);
    assert_int_equal(f.b->state, BBR_CRUISE);
    assert_int_equal(f.b->min_rtt_stamp_us, tcp_now(f.c));
    assert_true(f.b->bw_shortterm == BBR_NO_RATE);
    assert_true(f.c->cwnd >= 90 * MSS); /* RestoreCwnd() */
    free_fixture(&f);
}

static void test_probe_rtt_takes_its_time(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_PROBE_RTT);
    f.b->probe_rtt_cwnd = BDP / 2;
    f.b->full_bw_reached = false;
    set_in_flight(&f, BDP / 2);
    acknowledge(&f, sample_of(&f));
    int64_t done_us = f.b->probe_rtt_done_us;
    round_with(&f, sample_of(&f));
    tcp_machine(f.c)->now_us = done_us;
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_PROBE_RTT); /* a round, but not more than 200 ms */
    tcp_machine(f.c)->now_us = done_us + 1;
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_STARTUP); /* the pipe was never full */
    free_fixture(&f);
}

/* "The idleness is deemed a sufficient attempt to drain the queue." */
static void test_idling_spares_probe_rtt(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_CRUISE);
    f.b->bw_probe_wait_us = 100000000;
    f.b->pacing_gain = 90;
    tcp_machine(f.c)->now_us = f.b->min_rtt_stamp_us + BBR_MIN_RTT_WINDOW_US + 1;
    f.c->cc->restarts(f.c);
    assert_int_equal(f.b->rate.pacing_bytes_per_s, RATE / 100 * 99); /* at exactly bw */
    acknowledge(&f, sample_of(&f));
    assert_int_equal(f.b->state, BBR_CRUISE);
    assert_false(f.b->idle_restart);
    free_fixture(&f);
}

/* HandleSpuriousLossDetection(). */
static void test_undo(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_UP);
    f.b->is_bw_probe_sample = true;
    f.c->cwnd = 80 * MSS;
    f.b->inflight_longterm = 200000;
    lose(&f, 100000, 9000);
    assert_int_equal(f.b->state, BBR_DOWN);
    f.c->cwnd = 10 * MSS;
    f.b->bw_shortterm = RATE / 2;
    f.b->inflight_shortterm = BDP / 2;
    f.c->cc->undo(f.c);
    assert_int_equal(f.c->cwnd, 80 * MSS);
    assert_int_equal(f.b->inflight_longterm, 200000);
    assert_true(f.b->bw_shortterm == BBR_NO_RATE && f.b->inflight_shortterm == BBR_NO_LIMIT);
    assert_int_equal(f.b->state, BBR_REFILL); /* it probes again */
    assert_false(f.b->is_loss_in_round);
    free_fixture(&f);

    f = make();
    set_in_flight(&f, 100 * MSS);
    round_at(&f, RATE);
    f.c->ca_state = TCP_CA_RECOVERY;
    bbr_note_loss(f.c, f.b);
    f.b->loss_ranges = 6;
    struct tcp_rate_sample s = sample_of(&f);
    s.lost_bytes = BDP;
    round_with(&f, s);
    assert_int_equal(f.b->state, BBR_DRAIN);
    f.c->cc->undo(f.c);
    assert_int_equal(f.b->state, BBR_STARTUP);
    assert_false(f.b->full_bw_reached);
    f.c->ca_state = TCP_CA_SLOW_START;
    free_fixture(&f);
}

/* A timer that runs out leaves a window of one segment; what it was comes back with the end of recovery. */
static void test_timeout(void **state)
{
    (void)state;
    struct fixture f = make_in(BBR_CRUISE);
    f.c->cwnd = 60 * MSS;
    f.c->cc->threshold(f.c, BDP);
    assert_int_equal(f.c->cc->after_timeout(f.c), MSS);
    f.c->cwnd = MSS;
    f.c->ca_state = TCP_CA_LOSS;
    f.c->cc->recovered(f.c);
    assert_int_equal(f.c->cwnd, 60 * MSS);
    f.c->ca_state = TCP_CA_AVOIDANCE;
    free_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bdp),
        cmocka_unit_test(test_inflight_has_room_for_three_quanta),
        cmocka_unit_test(test_headroom),
        cmocka_unit_test(test_two_percent_is_not_too_much),
        cmocka_unit_test(test_max_bw_is_of_two_cycles),
        cmocka_unit_test(test_app_limited_rates_count_only_when_higher),
        cmocka_unit_test(test_startup_ends_on_a_plateau),
        cmocka_unit_test(test_startup_ends_on_losses),
        cmocka_unit_test(test_drain_ends_when_the_queue_is_gone),
        cmocka_unit_test(test_drain_ends_after_three_rounds),
        cmocka_unit_test(test_down_ends_with_headroom),
        cmocka_unit_test(test_cruise_ends_in_time),
        cmocka_unit_test(test_probe_waits_two_to_three_seconds),
        cmocka_unit_test(test_refill_then_up_then_down),
        cmocka_unit_test(test_the_limit_is_raised_faster_and_faster),
        cmocka_unit_test(test_up_at_the_limit),
        cmocka_unit_test(test_a_probe_that_loses_too_much_sets_the_limit),
        cmocka_unit_test(test_losses_while_cruising_lower_the_short_term),
        cmocka_unit_test(test_pacing),
        cmocka_unit_test(test_window_follows_the_model),
        cmocka_unit_test(test_aggregated_acknowledgments_widen_the_window),
        cmocka_unit_test(test_probe_rtt),
        cmocka_unit_test(test_probe_rtt_takes_its_time),
        cmocka_unit_test(test_idling_spares_probe_rtt),
        cmocka_unit_test(test_undo),
        cmocka_unit_test(test_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
