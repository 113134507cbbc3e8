/*
 * transport/tcp_rtt.c: RFC 6298's arithmetic, number by number, its bounds, and Karn's algorithm.
 */
#include "unit/support/conn.h"

static struct pair *p;
static struct tcp_conn *c;

static int setup(void **state)
{
    (void)state;
    int handle;
    p = pair_create(NULL);
    c = conn_open(p, 0, &handle);
    assert_int_equal(tcp_wake(c), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_destroy(p);
    return 0;
}

static void check(uint32_t srtt_us, uint32_t rttvar_us, uint32_t rto_us)
{
    assert_int_equal(c->srtt_us, srtt_us);
    assert_int_equal(c->rttvar_us, rttvar_us);
    assert_int_equal(tcp_rto_us(c), rto_us);
}

static void test_before_any_sample(void **state)
{
    (void)state;
    check(0, 0, 1000000); /* RFC 6298, 2.1 */
}

static void test_formula(void **state)
{
    (void)state;
    tcp_rtt_sample(c, 400000); /* 2.2 */
    check(400000, 200000, 1200000);
    tcp_rtt_sample(c, 800000); /* 2.3: RTTVAR = 3/4 * 200 + 1/4 * 400, SRTT = 7/8 * 400 + 1/8 * 800 */
    check(450000, 250000, 1450000);
    tcp_rtt_sample(c, 50000);
    check(400000, 287500, 1550000);
    assert_int_equal(c->rtt_min_us, 50000);
}

/* A steady round trip: the variation dies out, the mean is the round trip. */
static void test_converges(void **state)
{
    (void)state;
    tcp_rtt_sample(c, 900000);
    for (int i = 0; i < 200; i++)
        tcp_rtt_sample(c, 300000);
    assert_in_range(c->srtt_us, 299990, 300010);
    assert_in_range(c->rttvar_us, 0, 10);
    assert_in_range(tcp_rto_us(c), 300000, 300060);
}

static void test_bounds(void **state)
{
    (void)state;
    tcp_rtt_sample(c, 10);
    assert_int_equal(tcp_rto_us(c), 200000); /* rto_min_us */
    for (int i = 0; i < 40; i++)
        tcp_rtt_sample(c, UINT32_MAX);
    assert_int_equal(tcp_rto_us(c), 60000000); /* rto_max_us */
    tcp_rtt_sample(c, 0);                      /* on the same microsecond: a sample all the same */
    assert_true(c->srtt_us > 0);
    assert_int_equal(c->rtt_min_us, 1);
}

/* Whatever is measured: within the bounds, and never less than the mean (unless the upper bound is). */
static void random_samples(struct rng *rng)
{
    int handle;
    struct tcp_conn *fresh = conn_open(p, 0, &handle);
    for (int i = 0; i < 50; i++) {
        tcp_rtt_sample(fresh, rng_u32(rng) >> rng_below(rng, 32));
        uint32_t rto_us = tcp_rto_us(fresh);
        assert_in_range(rto_us, 200000, 60000000);
        assert_true(rto_us >= fresh->srtt_us || rto_us == 60000000);
        assert_true(fresh->srtt_us > 0);
    }
    assert_int_equal(socket_close(pair_sockets(p, 0), handle), 0);
}

static void test_random_samples(void **state)
{
    (void)state;
    property_run(200, random_samples);
}

static void test_backoff(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < 6; i++) {
        c->backoff = i;
        assert_int_equal(tcp_rto_us(c), 1000000u << i); /* 5.5 */
    }
    c->backoff = 6;
    assert_int_equal(tcp_rto_us(c), 60000000);
    c->backoff = 31;
    assert_int_equal(tcp_rto_us(c), 60000000);
    tcp_rtt_sample(c, 100000); /* a measurement ends the back-off */
    check(100000, 50000, 300000);
}

static void test_one_segment_at_a_time(void **state)
{
    (void)state;
    tcp_rtt_acked(c, 1000); /* nothing is timed */
    assert_int_equal(c->srtt_us, 0);
    int64_t now_us = tcp_now(c);
    tcp_rtt_start(c, 0xfffffff0);
    tcp_machine(c)->now_us = now_us + 70000;
    tcp_rtt_acked(c, 0xffffffef); /* not all of it */
    assert_int_equal(c->srtt_us, 0);
    tcp_rtt_acked(c, 0x00000010); /* more than it: numbers wrap */
    check(70000, 35000, 210000);
    tcp_machine(c)->now_us = now_us + 500000;
    tcp_rtt_acked(c, 0x00000020); /* timed once only */
    check(70000, 35000, 210000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_before_any_sample, setup, teardown),
        cmocka_unit_test_setup_teardown(test_formula, setup, teardown),
        cmocka_unit_test_setup_teardown(test_converges, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_random_samples, setup, teardown),
        cmocka_unit_test_setup_teardown(test_backoff, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_segment_at_a_time, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
