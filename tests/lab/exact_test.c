/* Exactly which frames: what a scenario says of them is what happens to them, and to no others. */
#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/status.h"

/* A client that sends 6 segments of 1000 bytes, 100 ms apart, and closes; `exactly` is what the wire does. */
#define SCENARIO(exactly)                                                                                    \
    "{'nodes':[{'name':'client','address':'10.0.0.1/24','tcp':{'nagle':false},'apps':[{'app':'sender',"      \
    "'to':'server:80','bytes':6000,'chunk':1000,'interval_ms':100,'close':true}]},{'name':'server',"         \
    "'address':'10.0.0.2/24','apps':[{'app':'receiver','port':80,'close':true}]}],'links':[{'name':'wire',"  \
    "'between':['client','server'],'delay_ms':5,'exactly':[" exactly "]}]}"

static struct bench b;

/* Runs it, and gives the frames lost as "client DATA 1 ..." would be counted: which of the frames of one
 * direction that match were lost, as bits from the lowest. */
static unsigned lost_of(const char *scenario, unsigned direction, enum link_match match)
{
    unsigned bits = 0, n = 0;
    bench_open(&b, scenario);
    bench_rest(&b, 20000000);
    for (unsigned i = 0; i < bench_count(&b, TRACE_FRAME_SENT); i++) {
        const struct trace_event *sent = bench_event(&b, TRACE_FRAME_SENT, i);
        struct lab_frame f;
        assert_true(lab_frame(b.lab, sent->frame, &f));
        if (f.direction != direction || !link_match_bytes(lab_link(b.lab, 0), match, f.bytes))
            continue;
        for (unsigned k = 0; k < bench_count(&b, TRACE_FRAME_LOST); k++) {
            const struct trace_event *lost = bench_event(&b, TRACE_FRAME_LOST, k);
            if (lost->frame != sent->frame)
                continue;
            assert_int_equal(lost->u.frame_lost.reason, LOSS_EXACT);
            bits |= 1u << n;
        }
        n++;
    }
    return bits;
}

static void nothing_is_lost_without_a_wish(void **state)
{
    (void)state;
    assert_int_equal(lost_of(SCENARIO(""), 0, LINK_MATCH_ANY), 0);
    bench_close(&b);
}

static void the_second_data_segment_from_client(void **state)
{
    (void)state;
    assert_int_equal(
        lost_of(SCENARIO("{'drop':{'match':'data','from':'client','nth':2}}"), 0, LINK_MATCH_DATA), 1 << 1);
    assert_int_equal(lab_link(b.lab, 0)->counters[0].lost[LOSS_EXACT], 1);
    assert_int_equal(lab_link(b.lab, 0)->counters[1].lost[LOSS_EXACT], 0);
    bench_close(&b);
}

static void the_third_to_the_fifth_frame_of_one_direction(void **state)
{
    (void)state;
    assert_int_equal(lost_of(SCENARIO("{'drop':{'from':'client','nth':[3,5]}}"), 0, LINK_MATCH_ANY), 7 << 2);
    bench_close(&b);
}

static void every_third_data_segment_up_to_the_fifth(void **state)
{
    (void)state;
    assert_int_equal(lost_of(SCENARIO("{'drop':{'match':'data','nth':[1,5],'every':3}}"), 0, LINK_MATCH_DATA),
                     1 << 0 | 1 << 3);
    bench_close(&b);
}

/* "every FIN": without nth, all that match. The client gives up in the end, for nobody hears its FIN. */
static void every_fin(void **state)
{
    (void)state;
    unsigned lost = lost_of(SCENARIO("{'drop':{'match':'fin','from':'client'}}"), 0, LINK_MATCH_FIN);
    assert_true(lost > 3 && (lost & (lost + 1)) == 0);
    bench_close(&b);
}

static void without_from_both_directions_count_together(void **state)
{
    (void)state;
    /* ARP request, ARP reply, SYN: the second is the server's. */
    assert_int_equal(lost_of(SCENARIO("{'drop':{'nth':2}}"), 1, LINK_MATCH_ANY) & 1, 1);
    bench_close(&b);
}

static void delay_duplicate_and_corrupt(void **state)
{
    (void)state;
    bench_open(
        &b, SCENARIO("{'delay':{'match':'data','nth':1,'by_ms':250}},{'duplicate':{'match':'syn','nth':1}},"
                     "{'corrupt':{'match':'data','nth':2,'offset':60,'bit':3}}"));
    bench_rest(&b, 20000000);
    assert_int_equal(bench_count(&b, TRACE_FRAME_DELAYED), 1);
    assert_int_equal(bench_event(&b, TRACE_FRAME_DELAYED, 0)->u.frame_delayed.extra_us, 250000);
    assert_int_equal(bench_count(&b, TRACE_FRAME_DUPLICATED), 1);
    assert_int_equal(bench_count(&b, TRACE_FRAME_CORRUPTED), 1);
    assert_int_equal(bench_event(&b, TRACE_FRAME_CORRUPTED, 0)->u.frame_corrupted.offset_bytes, 60);
    assert_int_equal(bench_event(&b, TRACE_FRAME_CORRUPTED, 0)->u.frame_corrupted.bit, 3);
    bench_close(&b);
}

/* A SYN+ACK is one of the frames with SYN, but not each of these is one. */
static void only_the_syn_ack(void **state)
{
    (void)state;
    const char *wish = SCENARIO("{'drop':{'match':'syn_ack','nth':1}}");
    assert_int_equal(lost_of(wish, 1, LINK_MATCH_SYN), 1);
    bench_close(&b);
    assert_int_equal(lost_of(wish, 0, LINK_MATCH_SYN), 0);
    bench_close(&b);
}

/* Both sorts of wishes are told, and forgotten together. */
static void wishes_are_told_and_forgotten(void **state)
{
    (void)state;
    bench_open(&b, SCENARIO("{'drop':{'match':'fin'}}"));
    bench_do(&b, "{'do':'drop_next','link':'wire','direction':1,'match':'syn_ack'}");
    const char *told = bench_do(&b, "{'do':'describe'}");
    assert_non_null(strstr(told, "'exactly':[{'do':'drop','match':'fin','direction':'both'"));
    assert_non_null(strstr(told, "'drop_next':[{'match':'syn_ack','direction':'b_to_a','count':1}]"));
    bench_do(&b, "{'do':'exactly','link':'wire'}");
    told = bench_do(&b, "{'do':'describe'}");
    assert_non_null(strstr(told, "'exactly':[],'drop_next':[]"));
    bench_rest(&b, 20000000);
    assert_int_equal(bench_count(&b, TRACE_FRAME_LOST), 0);
    bench_close(&b);
}

/* By command the frames count from now, the person is the cause, and an empty wish takes all back. */
static void a_command_counts_from_now(void **state)
{
    (void)state;
    bench_open(&b, SCENARIO(""));
    lab_run_until(b.lab, 250000, 0);
    assert_string_equal(
        bench_do(&b, "{'do':'exactly','link':'wire','drop':{'match':'data','from':'client','nth':1}}"),
        "{'ok':true}");
    lab_run_until(b.lab, 350000, 0);
    assert_int_equal(bench_count(&b, TRACE_FRAME_LOST), 1);
    const struct trace_event *lost = bench_event(&b, TRACE_FRAME_LOST, 0);
    assert_int_equal(lost->u.frame_lost.reason, LOSS_PERSON);
    assert_int_equal(trace_at(lab_trace(b.lab), lost->cause)->kind, TRACE_ACTION);
    bench_do(&b, "{'do':'exactly','link':'wire','drop':{}}");
    assert_string_equal(bench_do(&b, "{'do':'exactly','link':'wire'}"), "{'ok':true}");
    bench_rest(&b, 20000000);
    assert_int_equal(bench_count(&b, TRACE_FRAME_LOST), 1);
    for (unsigned i = 0; i < LINK_EXACT_MAX; i++)
        bench_do(&b, "{'do':'exactly','link':'wire','drop':{'nth':1}}");
    assert_non_null(strstr(bench_do(&b, "{'do':'exactly','link':'wire','drop':{'nth':1}}"), "ENOBUFS"));
    bench_close(&b);
}

static void assert_fault(const char *exactly, const char *fault)
{
    char scenario[1024];
    snprintf(scenario, sizeof scenario, SCENARIO("%s"), exactly);
    assert_string_equal(bench_faults(scenario), fault);
}

static void each_fault_is_named_by_its_path(void **state)
{
    (void)state;
    assert_fault("{'drop':{'match':'dta'}}",
                 "links[0].exactly[0].drop.match: expected a name like 'data', got 'dta'");
    assert_fault("{'drop':{'from':'servr'}}",
                 "links[0].exactly[0].drop.from: expected the name of a node, got 'servr'");
    assert_fault("{'drop':{'nth':0}}", "links[0].exactly[0].drop.nth: expected a whole number from 1, or the "
                                       "first and the last, like [7, 9], got 0");
    assert_fault("{'drop':{'nth':[9,7]}}", "links[0].exactly[0].drop.nth: expected a whole number from 1, or "
                                           "the first and the last, like [7, 9], got an array");
    assert_fault("{'delay':{}}",
                 "links[0].exactly[0].delay.by_ms: expected milliseconds, but it is not there");
    assert_fault("{'corrupt':{'bit':1}}",
                 "links[0].exactly[0].corrupt.offset: expected which byte of the frame, but it is not there");
    assert_fault("{}",
                 "links[0].exactly[0]: expected 'drop', 'delay', 'duplicate' or 'corrupt', got an object");
    assert_fault("{'drop':{},'delay':{'by_ms':1}}",
                 "links[0].exactly[0]: expected one of 'drop', 'delay', 'duplicate' and 'corrupt', got 2");
    assert_fault("{'drop':{'mtach':'any'}}",
                 "links[0].exactly[0].drop.mtach: unknown; did you mean 'match'?");
}

/* Losses in bursts: as many on the whole, but in longer rows than chance makes them. */
static void bursts_are_as_long_as_they_are_said_to_be(void **state)
{
    (void)state;
    bench_open(&b, "{'nodes':[{'name':'a','address':'10.0.0.1/24'},{'name':'b','address':'10.0.0.2/24'}],"
                   "'links':[{'name':'wire','between':['a','b'],'loss':0.2,'loss_burst_frames':5}]}");
    struct link *l = lab_link(b.lab, 0);
    unsigned lost = 0, bursts = 0, frames = 200000;
    bool before = false;
    static const struct link_frame frame;
    for (unsigned i = 0; i < frames; i++) {
        bool now = link_fate_draw(l, 0, &frame).lost;
        lost += now;
        bursts += now && !before;
        before = now;
    }
    assert_true(lost > frames / 5 - frames / 50 && lost < frames / 5 + frames / 50);
    assert_true(lost > bursts * 9 / 2 && lost < bursts * 11 / 2);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_without_a_wish),
        cmocka_unit_test(the_second_data_segment_from_client),
        cmocka_unit_test(the_third_to_the_fifth_frame_of_one_direction),
        cmocka_unit_test(every_third_data_segment_up_to_the_fifth),
        cmocka_unit_test(every_fin),
        cmocka_unit_test(without_from_both_directions_count_together),
        cmocka_unit_test(delay_duplicate_and_corrupt),
        cmocka_unit_test(a_command_counts_from_now),
        cmocka_unit_test(only_the_syn_ack),
        cmocka_unit_test(wishes_are_told_and_forgotten),
        cmocka_unit_test(each_fault_is_named_by_its_path),
        cmocka_unit_test(bursts_are_as_long_as_they_are_said_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
