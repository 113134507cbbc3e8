/* Actions that wait for something to happen, and runs that end with it. */
#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define NODES                                                                                                \
    "'nodes':[{'name':'client','address':'10.0.0.1/24','apps':[{'app':'sender','to':'server:80','text':"     \
    "'Hello!','close':true}]},{'name':'server','address':'10.0.0.2/24','apps':[{'app':'receiver','port':80," \
    "'close':true}]}],'links':[{'name':'wire','between':['client','server'],'delay_ms':10}]"
#define WITH(action) "{" NODES ",'actions':[" action "]}"

static struct bench b;

/* The only action of the run. */
static const struct trace_event *run(const char *scenario)
{
    bench_open(&b, scenario);
    bench_rest(&b, 20000000);
    assert_int_equal(lab_action_failures(b.lab), 0);
    return bench_event(&b, TRACE_ACTION, 0);
}

/* "when server is ESTABLISHED": at the moment of its state change, which is the action's cause. */
static void an_action_waits_for_a_state(void **state)
{
    (void)state;
    const struct trace_event *action =
        run(WITH("{'do':'link','link':'wire','delay_ms':50,'when':{'node':'server','state':'ESTABLISHED'}}"));
    assert_non_null(action);
    const struct trace_event *cause = trace_at(lab_trace(b.lab), action->cause);
    assert_int_equal(cause->kind, TRACE_TCP_STATE);
    assert_int_equal(cause->node, 1);
    assert_int_equal(cause->u.tcp_state.to, TCP_ESTABLISHED);
    assert_int_equal(action->t_us, cause->t_us);
    assert_int_equal(bench_count(&b, TRACE_ACTION), 1);
    bench_close(&b);
}

static void after_is_added(void **state)
{
    (void)state;
    const struct trace_event *action = run(WITH("{'do':'link','link':'wire','delay_ms':50,'when':{'node':"
                                                "'server','state':'ESTABLISHED','after_ms':7.5}}"));
    assert_int_equal(action->t_us, trace_at(lab_trace(b.lab), action->cause)->t_us + 7500);
    bench_close(&b);
}

/* A state that lasts no time at all is not missed: CLOSE_WAIT of a server that closes at once. */
static void a_state_of_one_moment_is_not_missed(void **state)
{
    (void)state;
    assert_non_null(run(WITH("{'do':'link','link':'wire','delay_ms':1,'when':{'state':'CLOSE_WAIT'}}")));
    bench_close(&b);
}

static void the_nth_event_of_a_kind(void **state)
{
    (void)state;
    const struct trace_event *action = run(WITH("{'do':'link','link':'wire','delay_ms':1,'when':{'node':"
                                                "'client','event':'tcp_segment_sent','nth':2}}"));
    unsigned n = 0;
    for (unsigned i = 0; i < bench_count(&b, TRACE_TCP_SEGMENT_SENT); i++) {
        const struct trace_event *e = bench_event(&b, TRACE_TCP_SEGMENT_SENT, i);
        n += e->node == 0;
        if (n == 2) {
            assert_int_equal(action->cause, e->id);
            break;
        }
    }
    assert_int_equal(n, 2);
    bench_close(&b);
}

static void a_frame_that_is_delivered(void **state)
{
    (void)state;
    const struct trace_event *action =
        run(WITH("{'do':'link','link':'wire','delay_ms':1,'when':{'match':'data','from':'client'}}"));
    const struct trace_event *cause = trace_at(lab_trace(b.lab), action->cause);
    struct lab_frame f;
    assert_int_equal(cause->kind, TRACE_FRAME_DELIVERED);
    assert_true(lab_frame(b.lab, cause->frame, &f));
    assert_int_equal(f.node, 0);
    assert_true(link_match_bytes(lab_link(b.lab, 0), LINK_MATCH_DATA, f.bytes));
    bench_close(&b);
}

static void what_happened_before_its_time_does_not_count(void **state)
{
    (void)state;
    assert_null(run(WITH("{'at_ms':5000,'do':'link','link':'wire','delay_ms':50,'when':{'node':'server',"
                         "'state':'ESTABLISHED'}}")));
    bench_close(&b);
}

static void a_program_waits_too(void **state)
{
    (void)state;
    bench_open(&b, "{'nodes':[{'name':'client','address':'10.0.0.1/24','apps':[{'app':'sender','to':"
                   "'server:80','text':'Hello!','close':true},{'app':'ping','to':'server','count':1,'when':{"
                   "'node':'client','state':'TIME_WAIT'}}]},{'name':'server','address':'10.0.0.2/24','apps':"
                   "[{'app':'receiver','port':80,'close':true}]}],'links':[{'name':'wire','between':"
                   "['client','server'],'delay_ms':10}]}");
    assert_null(host_app(lab_host(b.lab, 0), 2));
    bench_rest(&b, 20000000);
    const struct app *ping = host_app(lab_host(b.lab, 0), 2);
    assert_non_null(ping);
    assert_string_equal(ping->class->name, "ping");
    assert_int_equal(ping->received_messages, 1);
    bench_close(&b);
}

static void the_run_ends_when_it_is_said_to(void **state)
{
    (void)state;
    bench_open(&b, "{" NODES ",'end_when':{'node':'client','state':'TIME_WAIT','after_ms':1}}");
    assert_true(lab_ended_us(b.lab) == TIME_NEVER);
    bench_rest(&b, 20000000);
    unsigned i = 0;
    while (bench_event(&b, TRACE_TCP_STATE, i)->u.tcp_state.to != TCP_TIME_WAIT)
        i++;
    assert_int_equal(lab_ended_us(b.lab), bench_event(&b, TRACE_TCP_STATE, i)->t_us + 1000);
    bench_close(&b);
}

/* Two runs of it are the same to the byte: waiting is part of the run. */
static void waiting_is_deterministic(void **state)
{
    (void)state;
    static const char *const scenario = WITH(
        "{'do':'link','link':'wire','loss':0.5,'when':{'match':'data'}},{'do':'link','link':'wire','loss':0,"
        "'when':{'event':'tcp_timer_fired','nth':2}}");
    run(scenario);
    uint64_t hash = bench_hash(&b);
    assert_int_equal(bench_count(&b, TRACE_ACTION), 2);
    bench_close(&b);
    run(scenario);
    assert_true(bench_hash(&b) == hash);
    bench_close(&b);
}

/* Each event tells which of the scenario's actions it is, whatever order they come in; what a person does is none of
 * them, nor is a program's start. */
static void an_event_tells_which_action_it_is(void **state)
{
    (void)state;
    bench_open(
        &b,
        "{'nodes':[{'name':'client','address':'10.0.0.1/24','apps':[{'app':'sender','to':'server:80',"
        "'text':'Hello!','close':true},{'app':'ping','to':'server','count':1,'when':{'node':'client',"
        "'state':'TIME_WAIT'}}]},{'name':'server','address':'10.0.0.2/24','apps':[{'app':'receiver',"
        "'port':80,'close':true}]}],'links':[{'name':'wire','between':['client','server'],'delay_ms':10}],"
        "'actions':[{'do':'link','link':'wire','loss':0,'when':{'state':'CLOSE_WAIT'}},"
        "{'do':'link','link':'wire','delay_ms':5,'when':{'node':'server','state':'ESTABLISHED'}},"
        "{'at_ms':1,'do':'link','link':'wire','delay_ms':7}]}");
    bench_do(&b, "{'do':'link','link':'wire','jitter_ms':0}");
    bench_rest(&b, 20000000);
    static const int32_t planned[] = {LAB_BY_HAND, 3, 2, 1, LAB_BY_PROGRAM};
    assert_int_equal(bench_count(&b, TRACE_ACTION), sizeof planned / sizeof *planned);
    for (unsigned i = 0; i < sizeof planned / sizeof *planned; i++)
        assert_int_equal(bench_event(&b, TRACE_ACTION, i)->u.action.planned, planned[i]);
    bench_close(&b);
}

static void assert_fault(const char *scenario, const char *fault)
{
    assert_string_equal(bench_faults(scenario), fault);
}

static void each_fault_is_named_by_its_path(void **state)
{
    (void)state;
    assert_fault(WITH("{'do':'link','link':'wire','when':{'state':'ESTABLISHD'}}"),
                 "actions[0].when.state: expected a name like 'ESTABLISHED', got 'ESTABLISHD'");
    assert_fault(WITH("{'do':'link','link':'wire','when':{'node':'server'}}"),
                 "actions[0].when: expected one of 'state', 'event' and 'match', got an object");
    assert_fault(WITH("{'do':'link','link':'wire','when':{'event':'tcp_state','port':80}}"),
                 "actions[0].when: 'port' belongs to 'state'");
    assert_fault(WITH("{'do':'link','link':'wire','when':7}"), "actions[0].when: expected an object, got 7");
    assert_fault("{" NODES ",'end_when':{'node':'nobody','state':'CLOSED'}}",
                 "end_when.node: expected the name of a node, got 'nobody'");
    bench_open(&b, "{" NODES "}");
    assert_non_null(strstr(bench_do(&b, "{'do':'link','link':'wire','when':{'state':'CLOSED'}}"),
                           "when: only an action of a scenario can wait"));
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_action_waits_for_a_state),
        cmocka_unit_test(after_is_added),
        cmocka_unit_test(a_state_of_one_moment_is_not_missed),
        cmocka_unit_test(the_nth_event_of_a_kind),
        cmocka_unit_test(a_frame_that_is_delivered),
        cmocka_unit_test(what_happened_before_its_time_does_not_count),
        cmocka_unit_test(a_program_waits_too),
        cmocka_unit_test(the_run_ends_when_it_is_said_to),
        cmocka_unit_test(waiting_is_deterministic),
        cmocka_unit_test(an_event_tells_which_action_it_is),
        cmocka_unit_test(each_fault_is_named_by_its_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
