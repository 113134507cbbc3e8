/*
 * transport/cc_newreno.c: the window's arithmetic (RFC 5681, 3465, 6928). With segments on the wire:
 * tests/pkt/scripts/congestion.
 */
#include "unit/support/conn.h"

static struct pair *p;
static struct tcp_conn *c;
static const struct tcp_cc *const cc = &tcp_cc_newreno;

static int setup(void **state)
{
    (void)state;
    int handle;
    p = pair_create(NULL);
    c = conn_open(p, 0, &handle);
    c->snd_mss = 1000;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_destroy(p);
    return 0;
}

static uint32_t initial_window(uint32_t mss, bool syn_lost)
{
    c->snd_mss = mss;
    c->syn_lost = syn_lost;
    cc->start(c);
    assert_true(c->ssthresh == UINT32_MAX);
    assert_int_equal(c->ca_state, TCP_CA_SLOW_START);
    return c->cwnd;
}

/* RFC 6928, 2: min(10 MSS, max(2 MSS, 14600)). */
static void test_initial_window(void **state)
{
    (void)state;
    assert_int_equal(initial_window(536, false), 5360);
    assert_int_equal(initial_window(1460, false), 14600);
    assert_int_equal(initial_window(4000, false), 14600);
    assert_int_equal(initial_window(9000, false), 18000);
    assert_int_equal(initial_window(1460, true), 1460); /* RFC 5681, 3.1 */
}

static void test_slow_start(void **state)
{
    (void)state;
    cc->start(c);
    cc->acked(c, 400);
    assert_int_equal(c->cwnd, 10400);
    cc->acked(c, 2000);
    assert_int_equal(c->cwnd, 12400);
    cc->acked(c, 9000); /* RFC 3465, 2.2: no more than two segments for an ACK */
    assert_int_equal(c->cwnd, 14400);
    c->ssthresh = 100000;
    cc->acked(c, 9000); /* 2.3: one, in a slow start that follows a timeout */
    assert_int_equal(c->cwnd, 15400);
}

/* One segment for each window of bytes acknowledged, however they are cut. */
static void test_avoidance(void **state)
{
    (void)state;
    for (uint32_t piece = 100; piece <= 10000; piece *= 10) {
        c->cwnd = c->ssthresh = 10000;
        c->cwnd_credit = 0;
        for (uint32_t acked = 0; acked < 10000; acked += piece) {
            assert_int_equal(c->cwnd, 10000);
            cc->acked(c, piece);
        }
        assert_int_equal(c->cwnd, 11000);
        assert_int_equal(c->cwnd_credit, 0);
    }
}

/* RFC 5681, equation 4: half of the flight, two segments at least. */
static void test_threshold(void **state)
{
    (void)state;
    assert_int_equal(cc->threshold(c, 20000), 10000);
    assert_int_equal(cc->threshold(c, 4001), 2000);
    assert_int_equal(cc->threshold(c, 4000), 2000);
    assert_int_equal(cc->threshold(c, 0), 2000);
    assert_int_equal(cc->after_timeout(c), 1000);
    assert_true(cc->limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_initial_window, setup, teardown),
        cmocka_unit_test_setup_teardown(test_slow_start, setup, teardown),
        cmocka_unit_test_setup_teardown(test_avoidance, setup, teardown),
        cmocka_unit_test_setup_teardown(test_threshold, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
