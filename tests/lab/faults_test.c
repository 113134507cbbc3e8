/* Rules switched off and on while a lab runs: what changes from then on, and that it is an action as any other. */
#include "lab/lab.h"

#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PAIR                                                                                                      \
    "'nodes':[{'name':'client','address':'10.0.0.1/24','faults':['no_backoff']},{'name':'server','address':"      \
    "'10.0.0.2/24','apps':[{'app':'echo','port':80,'close':true}]}],'links':[{'name':'wire','between':['client'," \
    "'server'],'delay_ms':10}]"

static struct bench b;

static void done(const char *command)
{
    const char *reply = bench_do(&b, command);
    if (strncmp(reply, "{'ok':true", 10) != 0)
        print_error("%s\n%s\n", command, reply);
    assert_int_equal(strncmp(reply, "{'ok':true", 10), 0);
}

static void run_ms(int64_t ms)
{
    lab_run_until(b.lab, lab_now_us(b.lab) + ms * 1000, 0);
}

static void connects(void)
{
    done("{'do':'socket','node':'client'}");
    done("{'do':'connect','node':'client','socket':1,'to':'server:80'}");
}

static void they_are_told_and_replaced_as_a_whole(void **state)
{
    (void)state;
    bench_open(&b, "{" PAIR "}");
    assert_non_null(strstr(bench_do(&b, "{'do':'describe','node':'client'}"), "'faults':['no_backoff']"));
    done("{'do':'faults','node':'client','faults':['fixed_isn','deaf_tcp']}");
    assert_non_null(
        strstr(bench_do(&b, "{'do':'describe','node':'client'}"), "'faults':['deaf_tcp','fixed_isn']"));
    done("{'do':'faults','node':'client','faults':[]}");
    assert_non_null(strstr(bench_do(&b, "{'do':'describe','node':'client'}"), "'faults':[]"));
    bench_close(&b);
}

/* A deaf machine does not answer; with its hearing back, it answers what is sent again. */
static void a_deaf_tcp_hears_again(void **state)
{
    (void)state;
    bench_open(&b, "{" PAIR "}");
    done("{'do':'faults','node':'server','faults':['deaf_tcp']}");
    connects();
    run_ms(500);
    unsigned states = bench_count(&b, TRACE_TCP_STATE);
    done("{'do':'faults','node':'server','faults':[]}");
    run_ms(5000);
    assert_true(bench_count(&b, TRACE_TCP_STATE) > states);
    assert_non_null(strstr(bench_do(&b, "{'do':'describe','node':'client'}"), "ESTABLISHED"));
    bench_close(&b);
}

/* In the midst of a connection: TIME_WAIT is skipped by one that was open before. */
static void a_rule_goes_while_a_connection_stands(void **state)
{
    (void)state;
    for (unsigned broken = 0; broken < 2; broken++) {
        bench_open(&b, "{" PAIR "}");
        connects();
        run_ms(100);
        if (broken)
            done("{'do':'faults','node':'client','faults':['skip_time_wait']}");
        done("{'do':'close','node':'client','socket':1}");
        run_ms(1000);
        const char *client = bench_do(&b, "{'do':'describe','node':'client','detail':true}");
        assert_int_equal(strstr(client, "TIME_WAIT") != NULL, !broken);
        bench_close(&b);
    }
}

/* A bit that flipped inside a device arrives when nobody looks at checksums. */
static void nobody_looks_at_checksums(void **state)
{
    (void)state;
    for (unsigned broken = 0; broken < 2; broken++) {
        bench_open(&b, "{" PAIR "}");
        connects();
        run_ms(100);
        if (broken)
            done("{'do':'faults','node':'server','faults':['no_checksum_verify']}");
        done("{'do':'exactly','link':'wire','corrupt':{'match':'data','from':'client','nth':1,'offset':54,"
             "'bit':0,'inside':true}}");
        done("{'do':'send','node':'client','socket':1,'text':'abc'}");
        run_ms(100);
        assert_int_equal(bench_count(&b, TRACE_PACKET_DROPPED), !broken);
        bench_close(&b);
    }
}

/* Done by a person or by a scenario's list, it is the same run; only who did it is told apart. */
static void it_is_replayed_to_the_same_bytes(void **state)
{
    (void)state;
    bench_open(&b, "{" PAIR ",'actions':[{'at_ms':5,'do':'faults','node':'server','faults':['fixed_isn']},"
                   "{'at_ms':5,'do':'socket','node':'client'},"
                   "{'at_ms':5,'do':'connect','node':'client','socket':1,'to':'server:80'}]}");
    run_ms(1000);
    const struct trace_event *action = bench_event(&b, TRACE_ACTION, 0);
    assert_int_equal(action->u.action.action, LAB_ACTION_FAULTS);
    assert_int_equal(action->node, 1);
    for (unsigned i = 0; i < 3; i++) {
        struct trace_event *e = trace_at(lab_trace(b.lab), bench_event(&b, TRACE_ACTION, i)->id);
        assert_int_equal(e->u.action.planned, i + 1);
        e->u.action.planned = LAB_BY_HAND;
    }
    uint64_t listed = bench_hash(&b);
    bench_close(&b);
    bench_open(&b, "{" PAIR "}");
    run_ms(5);
    done("{'do':'faults','node':'server','faults':['fixed_isn']}");
    connects();
    run_ms(995);
    assert_true(bench_hash(&b) == listed);
    bench_close(&b);
}

static void what_is_no_rule_is_refused(void **state)
{
    (void)state;
    bench_open(&b, "{" PAIR "}");
    uint32_t before = lab_trace(b.lab)->last_id;
    assert_non_null(strstr(bench_do(&b, "{'do':'faults','node':'client','faults':['no_bakoff']}"),
                           "faults[0]: expected the name of a fault"));
    assert_non_null(strstr(bench_do(&b, "{'do':'faults','node':'client'}"), "faults: expected an array"));
    assert_non_null(strstr(bench_do(&b, "{'do':'faults','node':'client','faults':'deaf_tcp'}"),
                           "faults: expected an array"));
    assert_int_equal(lab_trace(b.lab)->last_id, before);
    assert_non_null(strstr(bench_do(&b, "{'do':'describe','node':'client'}"), "'faults':['no_backoff']"));
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_told_and_replaced_as_a_whole), cmocka_unit_test(a_deaf_tcp_hears_again),
        cmocka_unit_test(a_rule_goes_while_a_connection_stands), cmocka_unit_test(nobody_looks_at_checksums),
        cmocka_unit_test(it_is_replayed_to_the_same_bytes),      cmocka_unit_test(what_is_no_rule_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
