/* CUBIC's window against the equations of RFC 9438, computed here in floating point. HyStart++ is in cc_hystart_test.c. */
#include "unit/support/flow.h"

enum { MSS = FLOW_MSS };

/* What a window's worth of acknowledgments does, RTT after RTT. */
static void acknowledge_for(struct flow *f, int64_t duration_us, int64_t rtt_us)
{
    struct machine *m = tcp_machine(f->c);
    f->c->srtt_us = (uint32_t)rtt_us;
    for (int64_t end_us = m->now_us + duration_us; m->now_us < end_us;) {
        uint32_t acks = f->c->cwnd / MSS;
        for (uint32_t i = 0; i < acks && m->now_us < end_us; i++) {
            m->now_us += rtt_us / acks;
            f->c->cc->acked(f->c, MSS);
        }
    }
}

static double cube(double x)
{
    return x * x * x;
}

/* Congestion avoidance just after a loss, which the window met when it was so many segments. */
static struct flow flow_reduced(uint32_t mss, uint32_t segments)
{
    struct flow f = flow_make(TCP_CONGESTION_CUBIC);
    f.c->snd_mss = mss;
    f.c->cwnd = segments * mss;
    f.c->cwnd = f.c->ssthresh = f.c->cc->threshold(f.c, f.c->cwnd);
    return f;
}

static void test_curve(void **state)
{
    (void)state;
    struct flow f = flow_make(TCP_CONGESTION_CUBIC);
    struct tcp_conn *c = f.c;
    c->cwnd = 1000 * MSS;
    c->ssthresh = c->cc->threshold(c, c->cwnd);
    assert_int_equal(c->ssthresh, 700 * MSS); /* beta */
    c->cwnd = c->ssthresh;
    int64_t epoch_us = tcp_now(c);
    const double k_s = 9.0856; /* cbrt(300 / 0.4) */
    for (int second = 1; second <= 14; second++) {
        acknowledge_for(&f, 1000000, 100000);
        double t_s = (double)(tcp_now(c) - epoch_us) / 1e6;
        double expected = 0.4 * cube(t_s - k_s) + 1000;
        double seen = c->cwnd / (double)MSS;
        assert_true(seen > expected * 0.99 - 1 && seen < expected * 1.02 + 4);
    }
    pair_destroy(f.pair);
}

/* Where the curve is flat an acknowledgment brings less than a byte; fractions are kept. */
static void test_curve_of_small_segments(void **state)
{
    (void)state;
    enum { SMALL = 100 };
    struct flow f = flow_reduced(SMALL, 1000);
    struct tcp_conn *c = f.c;
    c->srtt_us = 100000;
    for (int round = 0; round < 130; round++) {
        for (uint32_t i = 0, acks = c->cwnd / SMALL; i < acks; i++)
            c->cc->acked(c, SMALL);
        tcp_machine(c)->now_us += 100000;
        double expected = 0.4 * cube((round + 1) * 0.1 - 9.0856) + 1000;
        double seen = c->cwnd / (double)SMALL;
        assert_true(seen > expected * 0.98 - 1 && seen < expected * 1.02 + 4);
    }
    assert_in_range(c->cwnd, 1022 * SMALL, 1030 * SMALL); /* 13 s: 1024, where Reno's would be at 770 */
    pair_destroy(f.pair);
}

/* 4.2: the target is where the curve will be after a round trip, so that a long one is no step behind. */
static void test_curve_over_a_long_path(void **state)
{
    (void)state;
    struct flow f = flow_reduced(MSS, 1000);
    struct tcp_conn *c = f.c;
    acknowledge_for(&f, 2000000, 500000);
    double expected = 0.4 * cube(2 - 9.0856) + 1000; /* 858; at 1.5 s it was 825 */
    assert_in_range(c->cwnd, (uint32_t)(expected * 0.985) * MSS, (uint32_t)(expected * 1.02) * MSS);
    pair_destroy(f.pair);
}

/* RFC 9438, 4.2: the curve stands still while the program does not use the window. */
static void test_time_unused_does_not_count(void **state)
{
    (void)state;
    struct flow f = flow_reduced(MSS, 1000);
    struct tcp_conn *c = f.c;
    acknowledge_for(&f, 1000000, 100000);
    uint32_t before = c->cwnd;
    for (int i = 0; i < 200; i++) { /* 20 s of a program that sends little */
        tcp_machine(c)->now_us += 100000;
        c->cc->unused(c);
    }
    assert_int_equal(c->cwnd, before);
    acknowledge_for(&f, 1000000, 100000);
    double expected = 0.4 * cube(2 - 9.0856) + 1000; /* two seconds after the loss, not twenty-two */
    assert_in_range(c->cwnd, (uint32_t)(expected * 0.99) * MSS, (uint32_t)(expected * 1.02) * MSS);
    pair_destroy(f.pair);
}

static void test_fast_convergence(void **state)
{
    (void)state;
    struct flow f = flow_make(TCP_CONGESTION_CUBIC);
    struct tcp_conn *c = f.c;
    c->cwnd = 1000 * MSS;
    c->cc->threshold(c, c->cwnd);
    /* Another loss, below the last maximum: the new one is 0.85 of the window. */
    c->cwnd = c->ssthresh = 800 * MSS;
    c->cc->threshold(c, c->cwnd);
    c->cwnd = c->ssthresh = 560 * MSS;
    int64_t k_us = 6840000; /* cbrt((680 - 560) / 0.4) s = 6.694 s, and a little more: the plateau */
    acknowledge_for(&f, k_us, 50000);
    assert_in_range(c->cwnd, 675 * MSS, 690 * MSS);
    pair_destroy(f.pair);
}

static void test_friendly_region(void **state)
{
    (void)state;
    /* A small window and a short round trip: Reno would grow faster than the cube. */
    struct flow f = flow_reduced(MSS, 20);
    struct tcp_conn *c = f.c;
    acknowledge_for(&f, 100000, 10000); /* ten round trips at 9/17 of a segment each */
    assert_in_range(c->cwnd, 18 * MSS, 20 * MSS);
    pair_destroy(f.pair);
}

/* The same with small segments in a large window, where what one acknowledgment brings is less than a byte. */
static void test_friendly_region_keeps_fractions(void **state)
{
    (void)state;
    enum { SMALL = 100 };
    struct flow f = flow_reduced(SMALL, 400);
    struct tcp_conn *c = f.c;
    c->srtt_us = 1000;
    for (int round = 0; round < 40; round++) { /* 40 ms: the cube has hardly begun */
        uint32_t acks = c->cwnd / SMALL;
        for (uint32_t i = 0; i < acks; i++)
            c->cc->acked(c, SMALL);
        tcp_machine(c)->now_us += 1000;
    }
    assert_in_range(c->cwnd, 300 * SMALL, 302 * SMALL); /* 280 + 40 * 9 / 17 = 301 */
    pair_destroy(f.pair);
}

/* RFC 9438, 4.3: when W_est has grown to where the window was, it grows like Reno's. */
static void test_friendly_region_grows_like_reno_beyond_the_last_window(void **state)
{
    (void)state;
    struct flow f = flow_reduced(MSS, 20);
    struct tcp_conn *c = f.c;
    acknowledge_for(&f, 120000, 10000); /* 14 + 12 * 9 / 17: at 20 */
    uint32_t before = c->cwnd;
    assert_in_range(before, 19 * MSS, 21 * MSS);
    acknowledge_for(&f, 100000, 10000);
    assert_in_range(c->cwnd - before, 9 * MSS, 10 * MSS);
    pair_destroy(f.pair);
}

/* 4.2: half as much again in a round trip at most, however far the curve is ahead. */
static void test_target_is_clamped(void **state)
{
    (void)state;
    struct flow f = flow_reduced(MSS, 10);
    struct tcp_conn *c = f.c;
    c->srtt_us = 10000;
    c->cc->acked(c, MSS);
    uint32_t before = c->cwnd;
    tcp_machine(c)->now_us += 60000000; /* the curve is at tens of thousands of segments */
    c->cc->acked(c, before);
    assert_in_range(c->cwnd - before, before / 2 - MSS, before / 2);
    pair_destroy(f.pair);
}

/* 4.9.2: the curve goes on as if there had been no reduction, although the next stage had begun already. */
static void undo_restores(uint32_t window, int64_t rtt_us, int64_t before_us, int64_t after_us)
{
    struct flow f = flow_make(TCP_CONGESTION_CUBIC), g = flow_make(TCP_CONGESTION_CUBIC);
    for (int i = 0; i < 2; i++) {
        struct tcp_conn *c = i ? g.c : f.c;
        c->cwnd = window;
        c->ssthresh = c->cc->threshold(c, c->cwnd);
        c->cwnd = c->ssthresh;
        acknowledge_for(i ? &g : &f, before_us, rtt_us);
    }
    uint32_t cwnd = g.c->cwnd, ssthresh = g.c->ssthresh;
    g.c->cwnd = g.c->ssthresh = g.c->cc->threshold(g.c, cwnd);
    g.c->cc->acked(g.c, MSS);
    g.c->cwnd = cwnd;
    g.c->ssthresh = ssthresh;
    g.c->cc->undo(g.c);
    acknowledge_for(&f, after_us, rtt_us);
    acknowledge_for(&g, after_us, rtt_us);
    assert_in_range(g.c->cwnd, f.c->cwnd - MSS / 2, f.c->cwnd + MSS / 2);
    pair_destroy(f.pair);
    pair_destroy(g.pair);
}

static void test_undo_restores_the_curve(void **state)
{
    (void)state;
    undo_restores(1000 * MSS, 100000, 3000000, 4000000); /* where it is the cube */
    undo_restores(20 * MSS, 10000, 100000, 300000);      /* and where Reno's window is the larger */
}

/* ... so also when a timeout came before: the next stage has still to begin from where slow start ends (4.8). */
static void test_undo_remembers_the_timeout_before(void **state)
{
    (void)state;
    struct flow f = flow_make(TCP_CONGESTION_CUBIC);
    struct tcp_conn *c = f.c;
    c->cwnd = 1000 * MSS;
    c->ssthresh = c->cc->threshold(c, c->cwnd);
    c->cwnd = c->cc->after_timeout(c);
    c->cwnd = 200 * MSS; /* slow start has come so far; then segments overtake one another */
    c->cc->threshold(c, c->cwnd);
    c->cc->undo(c);
    c->ssthresh = c->cwnd = 300 * MSS;
    acknowledge_for(&f, 1000000, 100000); /* K = 0, not cbrt(700 / 0.4) s */
    assert_in_range(c->cwnd, 300 * MSS, 312 * MSS);
    pair_destroy(f.pair);
}

/* "If cwnd < cwnd_prior": who has grown beyond it meanwhile goes on from there. */
static void test_undo_comes_too_late(void **state)
{
    (void)state;
    struct flow f = flow_reduced(MSS, 100);
    struct tcp_conn *c = f.c;
    acknowledge_for(&f, 9000000, 100000); /* K = 4.2 s: far beyond */
    uint32_t before = c->cwnd;
    assert_true(before > 120 * MSS);
    c->cc->undo(c);
    acknowledge_for(&f, 1000000, 100000);
    double expected = 0.4 * cube(10 - 4.217) + 100;
    assert_in_range(c->cwnd, (uint32_t)(expected * 0.98) * MSS, (uint32_t)(expected * 1.03) * MSS);
    pair_destroy(f.pair);
}

static void test_timeout_starts_from_where_slow_start_ended(void **state)
{
    (void)state;
    struct flow f = flow_make(TCP_CONGESTION_CUBIC);
    struct tcp_conn *c = f.c;
    c->cwnd = 100 * MSS;
    c->ssthresh = c->cc->threshold(c, c->cwnd);
    c->cwnd = c->cc->after_timeout(c);
    assert_int_equal(c->cwnd, MSS);
    c->cwnd = c->ssthresh;
    c->cc->acked(c, MSS);
    /* K = 0: 0.4 segments in the first second, or Reno's ten times 9/17. */
    acknowledge_for(&f, 1000000, 100000);
    assert_in_range(c->cwnd, 70 * MSS, 77 * MSS);
    pair_destroy(f.pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_curve),
        cmocka_unit_test(test_curve_of_small_segments),
        cmocka_unit_test(test_curve_over_a_long_path),
        cmocka_unit_test(test_time_unused_does_not_count),
        cmocka_unit_test(test_fast_convergence),
        cmocka_unit_test(test_friendly_region),
        cmocka_unit_test(test_timeout_starts_from_where_slow_start_ended),
        cmocka_unit_test(test_friendly_region_keeps_fractions),
        cmocka_unit_test(test_friendly_region_grows_like_reno_beyond_the_last_window),
        cmocka_unit_test(test_target_is_clamped),
        cmocka_unit_test(test_undo_restores_the_curve),
        cmocka_unit_test(test_undo_remembers_the_timeout_before),
        cmocka_unit_test(test_undo_comes_too_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
