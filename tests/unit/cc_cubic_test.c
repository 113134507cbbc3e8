/* CUBIC's window against the equations of RFC 9438, computed here in floating point; HyStart++ (RFC 9406). */
#include "transport/tcp_conn.h"
#include "unit/support/pair.h"
#include "unit/support/property.h"

enum { MSS = 1000 };

struct fixture {
    struct pair *pair;
    struct tcp_conn *c;
};

/* An established connection with CUBIC, whose fields a test then sets. */
static struct fixture make(void)
{
    struct pair_config config;
    pair_config_default(&config);
    config.host[0].tcp.congestion = TCP_CONGESTION_CUBIC;
    config.host[0].tcp.mss_max_bytes = MSS;
    config.host[0].tcp.timestamps = false;
    struct fixture f = {.pair = pair_create(&config)};
    int client = 0, server = 0;
    pair_connect(f.pair, 80, &client, &server);
    f.c = tcp_next(host_tcp(f.pair->host[0]), NULL);
    assert_int_equal(f.c->state, TCP_ESTABLISHED);
    assert_int_equal(f.c->snd_mss, MSS);
    return f;
}

/* What a window's worth of acknowledgments does, RTT after RTT. */
static void acknowledge_for(struct fixture *f, int64_t duration_us, int64_t rtt_us)
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

static void test_curve(void **state)
{
    (void)state;
    struct fixture f = make();
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

/* RFC 9438, 4.2: the curve stands still while the program does not use the window. */
static void test_time_unused_does_not_count(void **state)
{
    (void)state;
    struct fixture f = make();
    struct tcp_conn *c = f.c;
    c->cwnd = 1000 * MSS;
    c->ssthresh = c->cc->threshold(c, c->cwnd);
    c->cwnd = c->ssthresh;
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
    struct fixture f = make();
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
    struct fixture f = make();
    struct tcp_conn *c = f.c;
    c->cwnd = 20 * MSS; /* a small window and a short round trip: Reno would grow faster than the cube */
    c->ssthresh = c->cc->threshold(c, c->cwnd);
    c->cwnd = c->ssthresh;
    acknowledge_for(&f, 100000, 10000); /* ten round trips at 9/17 of a segment each */
    assert_in_range(c->cwnd, 18 * MSS, 20 * MSS);
    pair_destroy(f.pair);
}

static void test_timeout_starts_from_where_slow_start_ended(void **state)
{
    (void)state;
    struct fixture f = make();
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

static void round_of(struct tcp_conn *c, uint32_t rtt_us)
{
    c->snd.una = c->snd.nxt;
    c->snd.nxt += 100 * MSS;
    c->cc->acked(c, MSS); /* ends the round before */
    for (int i = 0; i < 10; i++)
        c->cc->rtt(c, rtt_us);
}

static void test_hystart_leaves_slow_start_when_round_trips_grow(void **state)
{
    (void)state;
    struct fixture f = make();
    struct tcp_conn *c = f.c;
    c->cwnd = 50 * MSS;
    round_of(c, 40000);
    round_of(c, 40000);
    uint32_t before = c->cwnd;
    c->cc->acked(c, 4 * MSS);
    assert_int_equal(c->cwnd - before, 4 * MSS);
    round_of(c, 46000); /* more than an eighth above: conservative slow start */
    before = c->cwnd;
    c->cc->acked(c, 4 * MSS);
    assert_int_equal(c->cwnd - before, MSS);
    for (int i = 0; i < 6; i++)
        round_of(c, 46000);
    assert_int_not_equal(c->ssthresh, UINT32_MAX); /* five rounds of it: congestion avoidance */
    c->snd.una = c->snd.nxt = c->snd.max;
    pair_destroy(f.pair);
}

static void test_hystart_goes_back_when_it_was_nothing(void **state)
{
    (void)state;
    struct fixture f = make();
    struct tcp_conn *c = f.c;
    c->cwnd = 50 * MSS;
    round_of(c, 40000);
    round_of(c, 46000);
    round_of(c, 41000);
    uint32_t before = c->cwnd;
    c->cc->acked(c, 4 * MSS);
    assert_int_equal(c->cwnd - before, 4 * MSS);
    pair_destroy(f.pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_curve),
        cmocka_unit_test(test_time_unused_does_not_count),
        cmocka_unit_test(test_fast_convergence),
        cmocka_unit_test(test_friendly_region),
        cmocka_unit_test(test_timeout_starts_from_where_slow_start_ended),
        cmocka_unit_test(test_hystart_leaves_slow_start_when_round_trips_grow),
        cmocka_unit_test(test_hystart_goes_back_when_it_was_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
