/*
 * BBR (draft-ietf-ccwg-bbr) on whole hosts: what it learns of a path that we know, how it goes through its states, and
 * that losses which are no congestion do not make it slow.
 */
#include "lab/support/bench.h"
#include "transport/cc_bbr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RATE_BIT_PER_S = 8000000, RATE = RATE_BIT_PER_S / 8, RTT_US = 40000 };

static void open_path(struct bench *b, const char *congestion, const char *faults, unsigned queue_frames)
{
    static char scenario[1024];
    snprintf(
        scenario, sizeof scenario,
        "{'tcplab':1,'seed':1,'nodes':[{'name':'a','address':'10.0.0.1/24','tcp':{'congestion':'%s'},'apps':"
        "[{'app':'sender','to':'b:80','bytes':1000000000}]},{'name':'b','address':'10.0.0.2/24','tcp':"
        "{'receive_buffer_bytes':524288},'apps':[{'app':'receiver','port':80}]}],'links':[{'between':['a','b'],"
        "'delay_ms':20,'rate_bit_per_s':%d,'queue_frames':%u%s}]}",
        congestion, RATE_BIT_PER_S, queue_frames, faults);
    bench_open(b, scenario);
}

static struct tcp_conn *sender(struct bench *b)
{
    struct tcp_conn *c = tcp_next(host_tcp(lab_host(b->lab, 0)), NULL);
    assert_non_null(c);
    return c;
}

static uint64_t acked(struct bench *b)
{
    return sender(b)->bytes_acked;
}

static void it_learns_the_path(void **state)
{
    (void)state;
    static struct bench b;
    open_path(&b, "bbr", "", 200);
    const struct bbr *bbr = NULL;
    bool drained = false;
    for (int64_t t = 100000; t <= 3000000; t += 10000) {
        lab_run_until(b.lab, t, 0);
        bbr = bbr_of(sender(&b));
        drained |= bbr->state == BBR_DRAIN;
    }
    assert_true(drained);
    assert_true(bbr->full_bw_reached && bbr_in_probe_bw(bbr));
    assert_in_range(bbr->max_bw, RATE * 93 / 100, RATE); /* of payload: headers take 5 % */
    assert_in_range(bbr->min_rtt_us, RTT_US, RTT_US + 4000);
    assert_int_equal(sender(&b)->retransmitted_segments, 0);
    uint32_t bdp = RATE / 1000 * RTT_US / 1000;
    assert_in_range(sender(&b)->cwnd, bdp, 3 * bdp);
    bench_close(&b);
}

static void it_goes_round_all_phases(void **state)
{
    (void)state;
    static struct bench b;
    static const uint16_t gains[] = {[BBR_DOWN] = 90, [BBR_CRUISE] = 100, [BBR_REFILL] = 100, [BBR_UP] = 125};
    unsigned seen[BBR_NO_STATE] = {0}, before = BBR_STARTUP;
    open_path(&b, "bbr", "", 200);
    for (int64_t t = 100000; t <= 9000000; t += 1000) {
        lab_run_until(b.lab, t, 0);
        const struct bbr *bbr = bbr_of(sender(&b));
        if (bbr_in_probe_bw(bbr))
            assert_int_equal(bbr->pacing_gain, gains[bbr->state]);
        if (bbr->state != before && before == BBR_REFILL)
            assert_int_equal(bbr->state, BBR_UP);
        if (bbr->state != before && before == BBR_UP)
            assert_int_equal(bbr->state, BBR_DOWN);
        seen[bbr->state] += bbr->state != before;
        before = bbr->state;
    }
    assert_true(seen[BBR_DOWN] >= 2 && seen[BBR_CRUISE] >= 1 && seen[BBR_REFILL] >= 2 && seen[BBR_UP] >= 2);
    assert_int_equal(seen[BBR_STARTUP], 0);   /* never again */
    assert_int_equal(seen[BBR_PROBE_RTT], 0); /* not within ten seconds */
    bench_close(&b);
}

static void it_looks_for_the_least_delay_every_ten_seconds(void **state)
{
    (void)state;
    static struct bench b;
    unsigned episodes = 0, before = BBR_STARTUP;
    int64_t began_us = 0;
    bool emptied = false;
    open_path(&b, "bbr", "", 200);
    for (int64_t t = 100000; t <= 24000000; t += 1000) {
        lab_run_until(b.lab, t, 0);
        const struct bbr *bbr = bbr_of(sender(&b));
        if (bbr->state == BBR_PROBE_RTT && before != BBR_PROBE_RTT) {
            began_us = t;
            episodes++;
        }
        if (bbr->state == BBR_PROBE_RTT)
            emptied |= tcp_in_flight(sender(&b)) <= bbr->probe_rtt_cwnd;
        if (bbr->state != BBR_PROBE_RTT && before == BBR_PROBE_RTT) {
            assert_true(emptied);
            assert_in_range(t - began_us, BBR_PROBE_RTT_US, BBR_PROBE_RTT_US + 10 * RTT_US);
            emptied = false;
        }
        before = bbr->state;
    }
    assert_in_range(episodes, 1, 2);
    bench_close(&b);
}

/* Losses of 1 % at random are no congestion: four fifths of the rate are used, half as much again as with NewReno. */
static void it_bears_losses_that_are_no_congestion(void **state)
{
    (void)state;
    static struct bench b;
    uint64_t bytes[2];
    static const char *const names[] = {"bbr", "newreno"};
    for (unsigned i = 0; i < 2; i++) {
        open_path(&b, names[i], ",'a_to_b':{'loss':0.01}", 200);
        lab_run_until(b.lab, 10000000, 0);
        bytes[i] = acked(&b);
        lab_run_until(b.lab, 40000000, 0);
        bytes[i] = acked(&b) - bytes[i];
        bench_close(&b);
    }
    assert_true(bytes[0] > 30ull * RATE * 80 / 100);
    assert_true(bytes[0] * 2 > bytes[1] * 3);
}

/* A queue of a quarter of what fits into the pipe: losses stay below the threshold of 2 %, and it is used well. */
static void it_bears_a_short_queue(void **state)
{
    (void)state;
    static struct bench b;
    open_path(&b, "bbr", "", 7);
    lab_run_until(b.lab, 5000000, 0);
    uint64_t bytes = acked(&b);
    uint32_t again = sender(&b)->retransmitted_segments;
    lab_run_until(b.lab, 35000000, 0);
    bytes = acked(&b) - bytes;
    again = sender(&b)->retransmitted_segments - again;
    assert_true(bytes > 30ull * RATE * 80 / 100);
    assert_true((uint64_t)again * sender(&b)->snd_mss < bytes * 2 / 100);
    bench_close(&b);
}

/* Segments leave one by one at the pacing rate, not as the acknowledgments come. */
static void segments_are_paced(void **state)
{
    (void)state;
    static struct bench b;
    open_path(&b, "bbr", "", 200);
    lab_run_until(b.lab, 3000000, 0);
    uint32_t first = lab_trace(b.lab)->last_id;
    lab_run_until(b.lab, 3200000, 0);
    int64_t last_us = -1, least_us = INT64_MAX;
    unsigned segments = 0;
    for (uint32_t id = first + 1; id <= lab_trace(b.lab)->last_id; id++) {
        const struct trace_event *e = trace_at(lab_trace(b.lab), id);
        if (!e || e->kind != TRACE_TCP_SEGMENT_SENT || e->u.tcp_segment_sent.payload_bytes == 0)
            continue;
        if (last_us >= 0 && e->t_us - last_us < least_us)
            least_us = e->t_us - last_us;
        last_us = e->t_us;
        segments++;
    }
    assert_true(segments > 100);
    assert_true(least_us > 1448ll * 1000000 / RATE * 70 / 100); /* the highest gain is 1.25 */
    bench_close(&b);
}

/* Without SACK there are no records to measure with. */
static void without_sack_it_is_newreno(void **state)
{
    (void)state;
    static struct bench b;
    bench_open(
        &b,
        "{'tcplab':1,'nodes':[{'name':'a','tcp':{'congestion':'bbr','sack':false},'apps':[{'app':'sender',"
        "'to':'b:80','bytes':100000}]},{'name':'b','apps':[{'app':'receiver','port':80}]}],"
        "'links':[{'between':['a','b'],'delay_ms':20}]}");
    lab_run_until(b.lab, 100000, 0);
    struct tcp_info info;
    tcp_status(sender(&b), &info);
    assert_int_equal(info.congestion, TCP_CONGESTION_NEWRENO);
    assert_int_equal(info.pacing_bytes_per_s, 0);
    lab_run_until(b.lab, 1000000, 0);
    assert_int_equal(acked(&b), 100000);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_learns_the_path),
        cmocka_unit_test(it_goes_round_all_phases),
        cmocka_unit_test(it_looks_for_the_least_delay_every_ten_seconds),
        cmocka_unit_test(it_bears_losses_that_are_no_congestion),
        cmocka_unit_test(it_bears_a_short_queue),
        cmocka_unit_test(segments_are_paced),
        cmocka_unit_test(without_sack_it_is_newreno),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
