/*
 * BBR's arithmetic, against the pseudocode of draft-ietf-ccwg-bbr: its filters, the path as it sees it, and what that makes of
 * window and pace. The state machine is in cc_bbr_test.c.
 */
#include "unit/support/bbr.h"

/* BDPMultiple(). */
static void test_bdp(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make();
    assert_int_equal(bbr_bdp(f.c, f.b, RATE, 100), BDP);
    assert_int_equal(bbr_bdp(f.c, f.b, RATE, 225), BDP * 9 / 4);
    assert_int_equal(bbr_bdp(f.c, f.b, RATE, 50), BDP / 2);
    f.b->min_rtt_us = 100;
    assert_int_equal(bbr_bdp(f.c, f.b, UINT64_C(5000000000), 100), 500000); /* faster than 32 bits */
    f.b->min_rtt_us = 16;
    assert_int_equal(bbr_bdp(f.c, f.b, UINT64_C(1) << 60, 100), INT32_MAX); /* 16 times that is 2^64 */
    f.b->min_rtt_us = UINT32_MAX;
    assert_int_equal(bbr_bdp(f.c, f.b, RATE, 200), 10 * MSS); /* C.InitialCwnd */
    bbr_free(&f);
}

/* Inflight(), QuantizationBudget(), SetSendQuantum(). */
static void test_inflight_has_room_for_three_quanta(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make();
    f.b->rate.pacing_bytes_per_s = 100000; /* 100 bytes a millisecond: two segments */
    assert_int_equal(bbr_inflight(f.c, f.b, RATE, 100), BDP);
    assert_int_equal(bbr_inflight(f.c, f.b, RATE / 100, 100), 3 * 2 * MSS);
    f.b->rate.pacing_bytes_per_s = 15000000;
    assert_int_equal(bbr_inflight(f.c, f.b, RATE, 100), 45000);
    f.b->rate.pacing_bytes_per_s = 1000000000;
    assert_int_equal(bbr_inflight(f.c, f.b, RATE, 100), 3 * 65536);
    f.b->state = BBR_UP;
    assert_int_equal(bbr_inflight(f.c, f.b, RATE, 100), 3 * 65536 + 2 * MSS);
    bbr_free(&f);
}

/* InflightWithHeadroom() and TargetInflight(). */
static void test_headroom(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_CRUISE);
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
    bbr_free(&f);
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
    struct bbr_bench f = bbr_make();
    bbr_round_at(&f, RATE);
    assert_int_equal(f.b->max_bw, RATE);
    bbr_advance_max_bw(f.b);
    bbr_round_at(&f, RATE / 2);
    assert_int_equal(f.b->max_bw, RATE);
    bbr_advance_max_bw(f.b);
    assert_int_equal(f.b->max_bw, RATE / 2);
    bbr_advance_max_bw(f.b); /* a cycle in which nothing was measured */
    assert_int_equal(f.b->max_bw, RATE / 2);
    bbr_free(&f);
}

static void test_app_limited_rates_count_only_when_higher(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make();
    struct tcp_rate_sample s = bbr_sample(&f);
    bbr_round_at(&f, RATE);
    bbr_advance_max_bw(f.b);
    s.is_app_limited = true;
    s.bytes_per_s = RATE - 1;
    bbr_acknowledge(&f, s);
    assert_int_equal(f.b->max_bw_of_cycle[1], 0);
    s.bytes_per_s = RATE;
    bbr_acknowledge(&f, s);
    assert_int_equal(f.b->max_bw_of_cycle[1], RATE);
    s.bytes_per_s = RATE + 1;
    bbr_acknowledge(&f, s);
    assert_int_equal(f.b->max_bw, RATE + 1);
    bbr_free(&f);
}

/* AdaptLowerBoundsFromCongestion(): once a round with losses, towards what was delivered, but not below 0.7. */
static void test_losses_while_cruising_lower_the_short_term(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_CRUISE);
    bbr_set_in_flight(&f, BDP);
    bbr_round_at(&f, RATE);
    bbr_note_loss(f.c, f.b);
    struct tcp_rate_sample s = bbr_sample(&f);
    s.bytes_per_s = RATE / 2;
    s.delivered_bytes = MSS;
    f.b->bw_latest = f.b->inflight_latest = 0;
    uint32_t cwnd = f.c->cwnd;
    bbr_round_with(&f, s);
    assert_int_equal(f.b->bw_shortterm, RATE * 7 / 10);
    assert_int_equal(f.b->inflight_shortterm, cwnd / 10 * 7);
    assert_int_equal(f.b->bw, RATE * 7 / 10);
    assert_true(f.c->cwnd <= f.b->inflight_shortterm);
    bbr_round_with(&f, s); /* no loss in this one */
    assert_int_equal(f.b->bw_shortterm, RATE * 7 / 10);
    bbr_note_loss(f.c, f.b);
    s.bytes_per_s = RATE * 6 / 10; /* more than 0.49 */
    bbr_round_with(&f, s);
    assert_int_equal(f.b->bw_shortterm, RATE * 6 / 10);
    assert_int_equal(f.b->max_bw, RATE); /* the long term stays */
    bbr_free(&f);

    f = bbr_make_in(BBR_UP); /* one that probes has its own answer */
    bbr_set_in_flight(&f, BDP);
    bbr_note_loss(f.c, f.b);
    bbr_round_at(&f, RATE);
    assert_true(f.b->bw_shortterm == BBR_NO_RATE);
    bbr_free(&f);
}

/* SetPacingRateWithGain(): one percent below; before the pipe is full it only grows. */
static void test_pacing(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make();
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
    bbr_free(&f);
}

/* SetCwnd(): up by what is acknowledged, down at once. */
static void test_window_follows_the_model(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_CRUISE);
    bbr_set_in_flight(&f, BDP);
    f.c->cwnd = 10 * MSS;
    bbr_acknowledge(&f, bbr_sample(&f));
    assert_int_equal(f.c->cwnd, 11 * MSS);
    f.c->cwnd = 500 * MSS;
    bbr_acknowledge(&f, bbr_sample(&f));
    uint32_t extra = f.b->extra_acked[0] > f.b->extra_acked[1] ? f.b->extra_acked[0] : f.b->extra_acked[1];
    assert_int_equal(f.c->cwnd, 2 * BDP + extra);
    f.b->inflight_longterm = 20 * MSS;
    bbr_acknowledge(&f, (struct tcp_rate_sample){.has_data = true, .lost_bytes = 1, .acked_bytes = MSS});
    assert_int_equal(f.c->cwnd, 17 * MSS); /* CRUISE leaves headroom */
    f.b->inflight_longterm = MSS;
    bbr_acknowledge(&f, (struct tcp_rate_sample){.has_data = true, .lost_bytes = 1, .acked_bytes = MSS});
    assert_int_equal(f.c->cwnd, 4 * MSS); /* MinPipeCwnd */
    bbr_free(&f);

    f = bbr_make(); /* STARTUP: before a window has been delivered, the model says nothing */
    f.c->cwnd = 50 * MSS;
    f.b->rate.delivered = 0;
    bbr_acknowledge(&f, (struct tcp_rate_sample){.has_data = true, .bytes_per_s = 1000, .acked_bytes = MSS});
    assert_int_equal(f.c->cwnd, 51 * MSS);
    f.b->rate.delivered = 100 * MSS;
    bbr_acknowledge(&f, (struct tcp_rate_sample){.has_data = true, .bytes_per_s = 1000, .acked_bytes = MSS});
    assert_int_equal(f.c->cwnd, 51 * MSS); /* beyond max_inflight: not on, but not down either */
    bbr_free(&f);
}

/* UpdateACKAggregation(): what came beyond the expected is added to the window, for ten rounds at most. */
static void test_aggregated_acknowledgments_widen_the_window(void **state)
{
    (void)state;
    struct bbr_bench f = bbr_make_in(BBR_CRUISE);
    bbr_set_in_flight(&f, BDP);
    f.c->cwnd = 200 * MSS;
    f.b->bw_probe_wait_us = 100000000;
    f.b->extra_acked_start_us = tcp_now(f.c);
    struct tcp_rate_sample s = bbr_sample(&f);
    s.acked_bytes = 30 * MSS;
    tcp_machine(f.c)->now_us += 10000; /* in which 10 kB were expected */
    f.b->extra_acked_delivered = 11 * MSS;
    bbr_acknowledge(&f, s);
    assert_int_equal(f.b->extra_acked[1], 31 * MSS);
    assert_int_equal(f.c->cwnd, 2 * BDP + 31 * MSS);
    for (int i = 0; i < 9; i++)
        bbr_round_at(&f, RATE);
    assert_true(f.b->extra_acked[0] == 31 * MSS || f.b->extra_acked[1] == 31 * MSS);
    bbr_round_at(&f, RATE);
    assert_true(f.b->extra_acked[0] < 31 * MSS && f.b->extra_acked[1] < 31 * MSS);
    bbr_free(&f);
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
        cmocka_unit_test(test_losses_while_cruising_lower_the_short_term),
        cmocka_unit_test(test_pacing),
        cmocka_unit_test(test_window_follows_the_model),
        cmocka_unit_test(test_aggregated_acknowledgments_widen_the_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
