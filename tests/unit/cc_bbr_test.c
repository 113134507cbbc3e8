/*
 * BBR's state machine, step by step, against the pseudocode of draft-ietf-ccwg-bbr: acknowledgments are made up here, so that
 * each rule is seen alone. How it fares on a path is in tests/lab/bbr_test.c.
 */
#include "unit/support/bbr.h"

/* CheckFullBWReached(): three rounds in a row with less than a quarter more. */
static void test_startup_ends_on_a_plateau(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make();
    assert_int_equal(f.b->pacing_gain, 277);
    assert_int_equal(f.b->cwnd_gain, 200);
    bbr_set_in_flight(&f, 100 * MSS);
    bbr_round_at(&f, RATE);
    bbr_round_at(&f, RATE * 5 / 4 - 1);
    bbr_round_at(&f, RATE * 5 / 4 - 1);
    bbr_round_at(&f, RATE * 5 / 4); /* a quarter: it grows still */
    assert_int_equal(f.b->full_bw_count, 0);
    struct tcp_rate_sample limited = bbr_sample(&f);
    limited.is_app_limited = true;
    for (int i = 0; i < 5; i++) /* says nothing */
        bbr_round_with(&f, limited);
    for (int i = 0; i < 3; i++) {
        assert_false(f.b->full_bw_now || f.b->full_bw_reached);
        assert_int_equal(f.b->state, BBR_STARTUP);
        bbr_round_at(&f, RATE * 3 / 2);
    }
    assert_true(f.b->full_bw_now && f.b->full_bw_reached);
    assert_int_equal(f.b->state, BBR_DRAIN);
    assert_int_equal(f.b->pacing_gain, 50);
    assert_int_equal(f.b->cwnd_gain, 200);
    bbr_free(&f);
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
        struct bbr_bench f = bbr_make();
        bbr_set_in_flight(&f, 100 * MSS);
        bbr_round_at(&f, RATE);
        f.c->ca_state = (uint8_t)cases[i].ca_state;
        bbr_note_loss(f.c, f.b);
        f.b->loss_ranges = cases[i].ranges;
        struct tcp_rate_sample s = bbr_sample(&f);
        s.lost_bytes = cases[i].lost;
        s.prior_delivered = f.b->loss_round_delivered - 1; /* the round of the loss is not over */
        bbr_acknowledge(&f, s);
        assert_int_equal(f.b->state, BBR_STARTUP);
        s.delivered_bytes = BDP + MSS;
        bbr_round_with(&f, s);
        assert_int_equal(f.b->state, cases[i].ends ? BBR_DRAIN : BBR_STARTUP);
        if (cases[i].ends)
            assert_int_equal(f.b->inflight_longterm, BDP + MSS); /* max(bdp, inflight_latest) */
        f.c->ca_state = TCP_CA_AVOIDANCE;
        bbr_free(&f);
    }
}

/* CheckDrainDone(). */
static void test_drain_ends_when_the_queue_is_gone(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_DRAIN);
    f.b->rate.pacing_bytes_per_s = RATE;
    bbr_set_in_flight(&f, BDP + MSS);
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_DRAIN);
    bbr_set_in_flight(&f, BDP);
    f.b->inflight_longterm = 20 * MSS; /* no headroom yet: not on to CRUISE at once */
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_DOWN);
    assert_int_equal(f.b->pacing_gain, 90);
    bbr_free(&f);
}

static void test_drain_ends_after_three_rounds(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_DRAIN);
    bbr_set_in_flight(&f, 3 * BDP);
    for (int i = 0; i < 3; i++) {
        bbr_round_at(&f, RATE);
        assert_int_equal(f.b->state, BBR_DRAIN);
    }
    bbr_round_at(&f, RATE);
    assert_int_equal(f.b->state, BBR_DOWN);
    bbr_free(&f);
}

/* IsTimeToCruise(): headroom, and no queue. */
static void test_down_ends_with_headroom(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_DOWN);
    f.b->rate.pacing_bytes_per_s = RATE;
    f.b->inflight_longterm = BDP;
    bbr_set_in_flight(&f, BDP * 85 / 100 + 1);
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_DOWN);
    bbr_set_in_flight(&f, BDP * 85 / 100);
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_CRUISE);
    assert_int_equal(f.b->pacing_gain, 100);
    bbr_free(&f);
}

/* IsTimeToProbeBW(): by the clock, or after as many rounds as Reno would need. */
static void test_cruise_ends_in_time(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_CRUISE);
    bbr_set_in_flight(&f, BDP);
    for (int i = 0; i < 39; i++)
        bbr_round_at(&f, RATE);
    assert_int_equal(f.b->state, BBR_CRUISE);
    bbr_round_at(&f, RATE); /* BDP / MSS = 40 rounds */
    assert_int_equal(f.b->state, BBR_REFILL);
    bbr_free(&f);

    f = bbr_make_in(BBR_CRUISE);
    bbr_set_in_flight(&f, BDP);
    tcp_machine(f.c)->now_us += 2000000;
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_CRUISE);
    tcp_machine(f.c)->now_us += 1;
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_REFILL);
    bbr_free(&f);
}

static void test_probe_waits_two_to_three_seconds(void **state)
{
    (void)state;
    uint32_t least = UINT32_MAX, most = 0;
    struct bbr_bench f = bbr_make_in(BBR_DRAIN);
    for (int i = 0; i < 200; i++) {
        f.b->state = BBR_DRAIN;
        f.b->inflight_longterm = 20 * MSS;
        bbr_set_in_flight(&f, BDP);
        bbr_acknowledge(&f, bbr_sample(&f));
        assert_in_range(f.b->bw_probe_wait_us, 2000000, 3000000);
        assert_in_range(f.b->rounds_since_probe_up, 0, 1);
        least = f.b->bw_probe_wait_us < least ? f.b->bw_probe_wait_us : least;
        most = f.b->bw_probe_wait_us > most ? f.b->bw_probe_wait_us : most;
    }
    assert_true(least < 2100000 && most > 2900000);
    bbr_free(&f);
}

/* REFILL for a round, UP until the rate grows no more. */
static void test_refill_then_up_then_down(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_CRUISE);
    f.b->bw_shortterm = RATE / 2;
    f.b->inflight_shortterm = BDP / 2;
    bbr_set_in_flight(&f, BDP);
    tcp_machine(f.c)->now_us += 2000001;
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_REFILL);
    assert_true(f.b->bw_shortterm == BBR_NO_RATE && f.b->inflight_shortterm == BBR_NO_LIMIT);
    assert_int_equal(f.b->pacing_gain, 100);
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_REFILL); /* the same round */
    bbr_round_at(&f, RATE);
    assert_int_equal(f.b->state, BBR_UP);
    assert_int_equal(f.b->pacing_gain, 125);
    assert_int_equal(f.b->cwnd_gain, 225);
    assert_true(f.b->is_bw_probe_sample);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(f.b->state, BBR_UP);
        bbr_round_at(&f, RATE * 11 / 10);
    }
    assert_int_equal(f.b->state, BBR_DOWN);
    assert_int_equal(f.b->cwnd_gain, 200);
    assert_int_equal(f.b->max_bw, RATE * 11 / 10);
    bbr_free(&f);
}

/* ProbeInflightLongtermUpward(): 1, 2, 4 ... segments in a round, spread over it. */
static void test_the_limit_is_raised_faster_and_faster(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_REFILL);
    f.c->cwnd = f.b->inflight_longterm = 40 * MSS;
    bbr_set_in_flight(&f, 40 * MSS);
    bbr_round_at(&f, RATE);
    assert_int_equal(f.b->state, BBR_UP);
    assert_int_equal(f.b->probe_up_acked_per_inc, 40 * MSS);
    for (uint32_t round = 0, growth = 1; round < 4; round++, growth *= 2) {
        uint32_t limit = f.b->inflight_longterm;
        f.c->cwnd = limit;
        for (uint32_t acked = 0; acked < limit; acked += MSS) {
            struct tcp_rate_sample s = bbr_sample(&f);
            s.bytes_per_s = RATE + (round + 1) * RATE / 2; /* it does bring more */
            f.b->rate.cwnd_limited = true;
            if (acked + MSS < limit)
                bbr_acknowledge(&f, s);
            else
                bbr_round_with(&f, s);
            f.c->cwnd = f.c->cwnd > f.b->inflight_longterm ? f.c->cwnd : f.b->inflight_longterm;
        }
        assert_in_range((f.b->inflight_longterm - limit) / MSS, growth, growth + 1);
    }
    bbr_free(&f);
}

/* IsTimeToGoDown(): what a window at its limit brings is no plateau; after a probe with losses it stops at the limit. */
static void test_up_at_the_limit(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_UP);
    f.c->cwnd = f.b->inflight_longterm = 2 * BDP;
    bbr_set_in_flight(&f, BDP);
    f.b->full_bw = RATE;
    for (int i = 0; i < 6; i++) {
        f.b->rate.cwnd_limited = true;
        f.c->cwnd = f.b->inflight_longterm;
        bbr_round_at(&f, RATE);
    }
    assert_int_equal(f.b->state, BBR_UP);
    f.b->prev_probe_too_high = true;
    bbr_set_in_flight(&f, f.b->inflight_longterm - 1);
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_UP);
    bbr_set_in_flight(&f, f.b->inflight_longterm);
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_DOWN);
    assert_true(f.b->prev_probe_precautionary && !f.b->prev_probe_too_high);
    bbr_round_at(&f, RATE); /* it went well: at once again, and this time all of it */
    assert_int_equal(f.b->state, BBR_REFILL);
    assert_false(f.b->prev_probe_precautionary);
    bbr_free(&f);
}

static void lose(struct bbr_bench *f, uint32_t tx_in_flight, uint64_t lost_since)
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
    struct bbr_bench f = bbr_make_in(BBR_UP);
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
    bbr_free(&f);

    f = bbr_make_in(BBR_UP);
    f.b->is_bw_probe_sample = true;
    lose(&f, 10000, 3000); /* never below 0.7 of the target */
    assert_int_equal(f.b->inflight_longterm, BDP * 7 / 10);
    bbr_free(&f);
}

/* UpdateMinRTT() and ProbeRTT: the target is of the round trip as it was known, not of the one that replaces it. */
static void test_probe_rtt(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_CRUISE);
    bbr_set_in_flight(&f, BDP);
    f.b->rounds_since_probe_up = 0;
    f.b->bw_probe_wait_us = 100000000;
    f.b->prior_cwnd = 90 * MSS;
    struct tcp_rate_sample s = bbr_sample(&f);
    s.rtt_us = 2 * RTT_US;
    tcp_machine(f.c)->now_us = f.b->min_rtt_stamp_us + BBR_MIN_RTT_WINDOW_US;
    bbr_acknowledge(&f, s);
    assert_int_equal(f.b->state, BBR_CRUISE);
    tcp_machine(f.c)->now_us += 1;
    bbr_acknowledge(&f, s);
    assert_int_equal(f.b->state, BBR_PROBE_RTT);
    assert_int_equal(f.b->min_rtt_us, 2 * RTT_US);
    assert_int_equal(f.b->probe_rtt_cwnd, BDP / 2);
    assert_int_equal(f.c->cwnd, BDP / 2);
    assert_int_equal(f.b->pacing_gain, 100);
    assert_int_equal(f.b->cwnd_gain, 50);
    assert_int_equal(f.b->prior_cwnd, 90 * MSS); /* EnterProbeRTT() comes before SaveCwnd(): the larger */
    assert_int_equal(f.b->probe_rtt_done_us, 0); /* more than half of a BDP is still on its way */
    bbr_set_in_flight(&f, BDP / 2);
    bbr_acknowledge(&f, s);
    int64_t done_us = f.b->probe_rtt_done_us;
    assert_int_equal(done_us, tcp_now(f.c) + 200000);
    tcp_machine(f.c)->now_us = done_us + 1;
    bbr_acknowledge(&f, s);
    assert_int_equal(f.b->state, BBR_PROBE_RTT); /* 200 ms, but no round */
    f.b->bw_shortterm = RATE / 2;
    bbr_round_with(&f, s);
    assert_int_equal(f.b->state, BBR_CRUISE);
    assert_int_equal(f.b->min_rtt_stamp_us, tcp_now(f.c));
    assert_true(f.b->bw_shortterm == BBR_NO_RATE);
    assert_true(f.c->cwnd >= 90 * MSS); /* RestoreCwnd() */
    bbr_free(&f);
}

static void test_probe_rtt_takes_its_time(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_PROBE_RTT);
    f.b->probe_rtt_cwnd = BDP / 2;
    f.b->full_bw_reached = false;
    bbr_set_in_flight(&f, BDP / 2);
    bbr_acknowledge(&f, bbr_sample(&f));
    int64_t done_us = f.b->probe_rtt_done_us;
    bbr_round_with(&f, bbr_sample(&f));
    tcp_machine(f.c)->now_us = done_us;
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_PROBE_RTT); /* a round, but not more than 200 ms */
    tcp_machine(f.c)->now_us = done_us + 1;
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_STARTUP); /* the pipe was never full */
    bbr_free(&f);
}

/* "The idleness is deemed a sufficient attempt to drain the queue." */
static void test_idling_spares_probe_rtt(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_CRUISE);
    f.b->bw_probe_wait_us = 100000000;
    f.b->pacing_gain = 90;
    tcp_machine(f.c)->now_us = f.b->min_rtt_stamp_us + BBR_MIN_RTT_WINDOW_US + 1;
    f.c->cc->restarts(f.c);
    assert_int_equal(f.b->rate.pacing_bytes_per_s, RATE / 100 * 99); /* at exactly bw */
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.b->state, BBR_CRUISE);
    assert_false(f.b->idle_restart);
    bbr_free(&f);
}

/* HandleSpuriousLossDetection(). */
static void test_undo(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_UP);
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
    bbr_free(&f);

    f = bbr_make();
    bbr_set_in_flight(&f, 100 * MSS);
    bbr_round_at(&f, RATE);
    f.c->ca_state = TCP_CA_RECOVERY;
    bbr_note_loss(f.c, f.b);
    f.b->loss_ranges = 6;
    struct tcp_rate_sample s = bbr_sample(&f);
    s.lost_bytes = BDP;
    bbr_round_with(&f, s);
    assert_int_equal(f.b->state, BBR_DRAIN);
    f.c->cc->undo(f.c);
    assert_int_equal(f.b->state, BBR_STARTUP);
    assert_false(f.b->full_bw_reached);
    f.c->ca_state = TCP_CA_SLOW_START;
    bbr_free(&f);
}

/* A timer that runs out leaves a window of one segment; what it was comes back with the end of recovery. */
static void test_timeout(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_CRUISE);
    f.c->cwnd = 60 * MSS;
    f.c->cc->threshold(f.c, BDP);
    assert_int_equal(f.c->cc->after_timeout(f.c), MSS);
    f.c->cwnd = MSS;
    f.c->ca_state = TCP_CA_LOSS;
    f.c->cc->recovered(f.c);
    assert_int_equal(f.c->cwnd, 60 * MSS);
    f.c->ca_state = TCP_CA_AVOIDANCE;
    bbr_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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
        cmocka_unit_test(test_probe_rtt),
        cmocka_unit_test(test_probe_rtt_takes_its_time),
        cmocka_unit_test(test_idling_spares_probe_rtt),
        cmocka_unit_test(test_undo),
        cmocka_unit_test(test_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
