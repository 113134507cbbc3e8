/*
 * A link that is another one each way, seen from outside: what whole hosts send over it takes the time on the wire
 * that its own direction asks for; what is said of the link as a whole is said of both directions.
 */
#include "lab/link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lab/support/bench.h"

static struct bench b;

/* The captured frames of a direction that arrived, and how long they travelled: from the first bit sent to the
 * last one arrived, less the sending. */
struct wire {
    unsigned frames;
    int64_t shortest_us, longest_us;
};

static struct wire measure(unsigned direction, uint64_t rate_bit_per_s)
{
    struct wire w = {.shortest_us = INT64_MAX};
    int64_t free_us = 0;
    uint64_t position = 0;
    for (const struct captured *sent; (sent = capture_next(lab_capture(b.lab), &position));) {
        if (sent->direction != direction || sent->point != CAPTURE_SENT)
            continue;
        const struct captured *came = capture_find_at(lab_capture(b.lab), sent->id, CAPTURE_RECEIVED);
        if (!came)
            continue;
        int64_t sending_us = (int64_t)((sent->len * 8ull * 1000000 + rate_bit_per_s - 1) / rate_bit_per_s);
        int64_t travelled_us = came->t_us - sent->t_us - sending_us;
        assert_true(sent->t_us >= free_us - 1); /* no two are sent at once; times are whole microseconds */
        free_us = sent->t_us + sending_us;
        w.frames++;
        w.shortest_us = travelled_us < w.shortest_us ? travelled_us : w.shortest_us;
        w.longest_us = travelled_us > w.longest_us ? travelled_us : w.longest_us;
    }
    return w;
}

static void each_way_has_its_own_delay_and_rate_on_the_wire(void **state)
{
    (void)state;
    bench_open_file(&b, "asymmetric", 0);
    bench_rest(&b, 60000000);
    struct wire up = measure(0, 64000), down = measure(1, 8000000);
    assert_in_range(up.shortest_us, 29999, 30001);
    assert_in_range(up.longest_us, 29999, 30001);
    assert_true(up.frames > 10);
    assert_true(down.frames > 40);
    assert_in_range(down.shortest_us, 4999, 5300); /* delay and jitter */
    assert_in_range(down.longest_us, 6500, 7001);
    const struct link *link = lab_link(b.lab, 0);
    assert_true(link->counters[0].lost[LOSS_QUEUE] > 0); /* acknowledgments find two places */
    assert_int_equal(link->counters[1].lost[LOSS_QUEUE], 0);
    bench_close(&b);
}

#define HOSTS                                                                                                       \
    "{'seed':7,'nodes':[{'name':'a','apps':[{'app':'sender','to':'b:80','bytes':90000,'close':true}]},{'name':'b'," \
    "'apps':[{'app':'receiver','port':80,'close':true}]}],'links':[{'between':['a','b'],"
#define WAY                                                                                                  \
    "{'delay_ms':9,'jitter_ms':3,'reorder_by_jitter':true,'rate_bit_per_s':2000000,'queue_frames':9,'loss':0.02}"

static uint64_t hash_of(const char *scenario)
{
    bench_open(&b, scenario);
    bench_rest(&b, 60000000);
    uint64_t hash = bench_hash(&b);
    bench_close(&b);
    return hash;
}

static void what_is_said_of_the_link_is_said_of_both_ways(void **state)
{
    (void)state;
    uint64_t whole = hash_of(HOSTS "'delay_ms':9,'jitter_ms':3,'reorder_by_jitter':true,'rate_bit_per_s':"
                                   "2000000,'queue_frames':9,'loss':0.02}]}");
    assert_true(whole == hash_of(HOSTS "'a_to_b':" WAY ",'b_to_a':" WAY "}]}"));
    assert_true(whole == hash_of(HOSTS "'delay_ms':1,'a_to_b':" WAY ",'b_to_a':" WAY "}]}"));
    assert_true(whole != hash_of(HOSTS "'a_to_b':" WAY "}]}"));
}

static void a_description_tells_what_both_ways_have_in_common(void **state)
{
    (void)state;
    bench_open(&b, HOSTS "'delay_ms':9,'jitter_ms':3,'b_to_a':{'delay_ms':40,'up':false}}]}");
    const char *told = bench_do(&b, "{'do':'describe'}");
    const char *link = strstr(told, "'links':["), *there = strstr(link, "'a_to_b':{"),
               *back = strstr(link, "'b_to_a':{");
    const char *jitter = strstr(link, "'jitter_ms':3"), *delay = strstr(link, "'delay_ms':");
    assert_true(jitter && jitter < there);
    assert_true(delay > there); /* not above: it differs */
    assert_true(strstr(link, "'up':") > there);
    assert_int_equal(strncmp(there, "'a_to_b':{'delay_ms':9,'jitter_ms':3,", 37), 0);
    assert_int_equal(strncmp(back, "'b_to_a':{'delay_ms':40,'jitter_ms':3,", 38), 0);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_has_its_own_delay_and_rate_on_the_wire),
        cmocka_unit_test(what_is_said_of_the_link_is_said_of_both_ways),
        cmocka_unit_test(a_description_tells_what_both_ways_have_in_common),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
