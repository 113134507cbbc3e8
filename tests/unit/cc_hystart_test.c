/* HyStart++ (RFC 9406), which is how CUBIC leaves its first slow start. */
#include "unit/support/flow.h"

enum { MSS = FLOW_MSS };

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
    struct flow f = flow_make(TCP_CONGESTION_CUBIC);
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
    for (int i = 0; i < 5; i++) { /* the one in which it began counts (4.2) */
        assert_int_equal(c->ssthresh, UINT32_MAX);
        round_of(c, 46000);
    }
    assert_int_equal(c->ssthresh, c->cwnd); /* congestion avoidance */
    c->snd.una = c->snd.nxt = c->snd.max;
    pair_destroy(f.pair);
}

static void test_hystart_goes_back_when_it_was_nothing(void **state)
{
    (void)state;
    struct flow f = flow_make(TCP_CONGESTION_CUBIC);
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

/* RFC 9406, 4.3: only in the first slow start. The round trips that grew before the loss must not slow the next one. */
static void test_hystart_is_for_the_first_slow_start(void **state)
{
    (void)state;
    struct flow f = flow_make(TCP_CONGESTION_CUBIC);
    struct tcp_conn *c = f.c;
    c->cwnd = 50 * MSS;
    round_of(c, 40000);
    round_of(c, 40000);
    round_of(c, 60000);
    c->ssthresh = c->cc->threshold(c, c->cwnd); /* the queue was full: a loss, and the timer for the rest */
    c->cwnd = c->cc->after_timeout(c);
    for (int i = 0; i < 10; i++) {
        uint32_t before = c->cwnd;
        c->cc->rtt(c, 60000);
        c->cc->acked(c, MSS);
        assert_int_equal(c->cwnd - before, MSS);
    }
    pair_destroy(f.pair);
}

/* 4.2: a delay of an eighth of the last round's, but at least 4 ms and at most 16. */
static void test_hystart_threshold(void **state)
{
    (void)state;
    static const struct {
        uint32_t before_us, after_us;
        bool slows;
    } cases[] = {{10000, 13999, false}, {10000, 14000, true},    {40000, 44999, false},
                 {40000, 45000, true},  {400000, 415999, false}, {400000, 416000, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct flow f = flow_make(TCP_CONGESTION_CUBIC);
        f.c->cwnd = 50 * MSS;
        round_of(f.c, cases[i].before_us);
        round_of(f.c, cases[i].after_us);
        uint32_t before = f.c->cwnd;
        f.c->cc->acked(f.c, 4 * MSS);
        assert_int_equal(f.c->cwnd - before, cases[i].slows ? MSS : 4 * MSS);
        pair_destroy(f.pair);
    }
}

/* 4.2: N_RTT_SAMPLE of them; and L: eight segments for one acknowledgment at most. */
static void test_hystart_needs_eight_samples(void **state)
{
    (void)state;
    struct flow f = flow_make(TCP_CONGESTION_CUBIC);
    struct tcp_conn *c = f.c;
    c->cwnd = 50 * MSS;
    round_of(c, 40000);
    c->snd.una = c->snd.nxt;
    c->snd.nxt += 100 * MSS;
    c->cc->acked(c, MSS);
    for (int i = 0; i < 7; i++)
        c->cc->rtt(c, 60000);
    uint32_t before = c->cwnd;
    c->cc->acked(c, 20 * MSS);
    assert_int_equal(c->cwnd - before, 8 * MSS);
    c->cc->rtt(c, 60000);
    before = c->cwnd;
    c->cc->acked(c, 20 * MSS);
    assert_int_equal(c->cwnd - before, 2 * MSS);
    pair_destroy(f.pair);
}

/* 4.2: a round in which nothing could be measured is no reason to stay in conservative slow start. */
static void test_hystart_goes_back_after_a_round_without_samples(void **state)
{
    (void)state;
    struct flow f = flow_make(TCP_CONGESTION_CUBIC);
    struct tcp_conn *c = f.c;
    c->cwnd = 50 * MSS;
    round_of(c, 40000);
    round_of(c, 46000);
    c->snd.una = c->snd.nxt;
    c->snd.nxt += 100 * MSS;
    c->cc->acked(c, MSS);
    round_of(c, 41000);
    uint32_t before = c->cwnd;
    c->cc->acked(c, 4 * MSS);
    assert_int_equal(c->cwnd - before, 4 * MSS);
    pair_destroy(f.pair);
}

/* 4.2: rounds are of sequence numbers, whether or not the program uses the window. */
static void test_hystart_counts_rounds_of_an_idle_window(void **state)
{
    (void)state;
    struct flow f = flow_make(TCP_CONGESTION_CUBIC);
    struct tcp_conn *c = f.c;
    c->cwnd = 50 * MSS;
    round_of(c, 20000); /* short, when there was no queue */
    for (int round = 0; round < 3; round++) {
        c->snd.una = c->snd.nxt;
        c->snd.nxt += 10 * MSS;
        c->cc->unused(c);
        for (int i = 0; i < 10; i++)
            c->cc->rtt(c, 22000 + (uint32_t)round * 2000);
    }
    round_of(c, 28000); /* 2 ms more than in the last round; 6 than the first of the program's pause */
    uint32_t before = c->cwnd;
    c->cc->acked(c, 4 * MSS);
    assert_int_equal(c->cwnd - before, 4 * MSS);
    pair_destroy(f.pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hystart_leaves_slow_start_when_round_trips_grow),
        cmocka_unit_test(test_hystart_goes_back_when_it_was_nothing),
        cmocka_unit_test(test_hystart_is_for_the_first_slow_start),
        cmocka_unit_test(test_hystart_threshold),
        cmocka_unit_test(test_hystart_needs_eight_samples),
        cmocka_unit_test(test_hystart_goes_back_after_a_round_without_samples),
        cmocka_unit_test(test_hystart_counts_rounds_of_an_idle_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
