/* Commands: what a person does, and what comes back. */
#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lab/base64.h"
#include "base/status.h"

#define PAIR                                                                                                 \
    "{'nodes':[{'name':'client','address':'10.0.0.1/24'},{'name':'server','address':'10.0.0.2/24'}],"        \
    "'links':[{'name':'wire','between':['client','server'],'delay_ms':10}]}"

static void assert_reply(struct bench *b, const char *command, const char *reply)
{
    assert_string_equal(bench_do(b, command), reply);
}

static void assert_says(struct bench *b, const char *command, const char *part)
{
    const char *reply = bench_do(b, command);
    if (!strstr(reply, part))
        print_error("%s\nhas not: %s\n", reply, part);
    assert_non_null(strstr(reply, part));
}

/* Client socket 1 is connected with server socket 2. */
static void open_connection(struct bench *b)
{
    bench_open(b, PAIR);
    assert_reply(b, "{'do':'socket','node':'server','type':'tcp'}", "{'ok':true,'socket':1}");
    assert_reply(b, "{'do':'bind','node':'server','socket':1,'port':80}", "{'ok':true}");
    assert_reply(b, "{'do':'listen','node':'server','socket':1,'backlog':4}", "{'ok':true}");
    assert_reply(b, "{'do':'socket','node':'client','type':'tcp'}", "{'ok':true,'socket':1}");
    assert_reply(b, "{'do':'bind','node':'client','socket':1,'address':'10.0.0.1:5000'}", "{'ok':true}");
    assert_reply(b, "{'do':'connect','node':'client','socket':1,'to':'server:80'}", "{'ok':true}");
    lab_run_until(b->lab, 1000000, 0);
    assert_reply(b, "{'do':'accept','node':'server','socket':1}",
                 "{'ok':true,'socket':2,'peer':'10.0.0.1:5000'}");
}

static void a_connection_by_hand(void **state)
{
    (void)state;
    static struct bench b;
    open_connection(&b);
    assert_reply(&b, "{'do':'recv','node':'server','socket':2}",
                 "{'ok':false,'error':'EAGAIN','message':'recv: would block'}");
    assert_reply(&b, "{'do':'send','node':'client','socket':1,'text':'h\xc3\xa9llo'}",
                 "{'ok':true,'sent':6,'waiting':0}");
    lab_run_until(b.lab, 2000000, 0);
    assert_reply(&b, "{'do':'recv','node':'server','socket':2,'max':3}",
                 "{'ok':true,'end':false,'base64':'aMOp','len':3}");
    assert_reply(&b, "{'do':'recv','node':'server','socket':2}",
                 "{'ok':true,'end':false,'base64':'bGxv','len':3}");
    assert_reply(&b, "{'do':'send','node':'server','socket':2,'base64':'AP8='}",
                 "{'ok':true,'sent':2,'waiting':0}");
    assert_reply(&b, "{'do':'shutdown','node':'server','socket':2,'how':'write'}", "{'ok':true}");
    lab_run_until(b.lab, 3000000, 0);
    assert_reply(&b, "{'do':'recv','node':'client','socket':1}",
                 "{'ok':true,'end':false,'base64':'AP8=','len':2}");
    assert_reply(&b, "{'do':'recv','node':'client','socket':1}",
                 "{'ok':true,'end':true,'base64':'','len':0}");
    assert_says(&b, "{'do':'describe','node':'client'}", "'state':'CLOSE_WAIT'");
    assert_reply(&b, "{'do':'close','node':'client','socket':1}", "{'ok':true,'deferred':false}");
    lab_run_until(b.lab, 4000000, 0);
    assert_says(&b, "{'do':'describe'}", "'state':'TIME_WAIT'");
    bench_close(&b);
}

static void a_large_send_goes_on_by_itself_and_close_waits_for_it(void **state)
{
    (void)state;
    static struct bench b;
    static uint8_t blob[300000];
    size_t got = 0;
    open_connection(&b);
    for (size_t i = 0; i < sizeof blob; i++)
        blob[i] = (uint8_t)(i * 7 + i / 256);
    lab_set_blob(b.lab, bytes_of(blob, sizeof blob));
    assert_says(&b, "{'do':'send','node':'client','socket':1,'blob':true}", "'app':1");
    assert_reply(&b, "{'do':'send','node':'client','socket':1,'text':'x'}",
                 "{'ok':false,'error':'EALREADY','message':'send: already in progress'}");
    assert_reply(&b, "{'do':'close','node':'client','socket':1}", "{'ok':true,'deferred':true}");
    for (unsigned i = 0; i < 100; i++) {
        lab_run_until(b.lab, lab_now_us(b.lab) + 100000, 0);
        static uint8_t part[65536];
        int64_t n;
        while ((n = socket_recv(host_sockets(lab_host(b.lab, 1), lab_now_us(b.lab)), 2,
                                room_of(part, sizeof part), 0)) > 0) {
            assert_true(got + (size_t)n <= sizeof blob);
            assert_memory_equal(part, blob + got, (size_t)n);
            got += (size_t)n;
        }
        lab_settle(b.lab, 1);
        if (n == 0)
            break;
    }
    assert_int_equal(got, sizeof blob);
    bench_close(&b);
}

static void datagrams_and_pings(void **state)
{
    (void)state;
    static struct bench b;
    bench_open(&b, PAIR);
    assert_says(&b, "{'do':'socket','node':'server','type':'udp'}", "'socket':1");
    assert_reply(&b, "{'do':'bind','node':'server','socket':1,'port':7}", "{'ok':true}");
    assert_says(&b, "{'do':'socket','node':'client','type':'udp'}", "'socket':1");
    assert_reply(&b, "{'do':'bind','node':'client','socket':1,'port':9}", "{'ok':true}");
    assert_reply(&b, "{'do':'sendto','node':'client','socket':1,'to':'10.0.0.2:7','text':'abcde','chunk':2}",
                 "{'ok':true,'sent':5,'datagrams':3}");
    lab_run_until(b.lab, 100000, 0);
    assert_reply(&b, "{'do':'recvfrom','node':'server','socket':1}",
                 "{'ok':true,'from':'10.0.0.1:9','full_len':2,'base64':'YWI=','len':2}");
    assert_reply(&b, "{'do':'ping','node':'client','to':'server','count':2,'interval_ms':50}",
                 "{'ok':true,'app':1}");
    lab_run_until(b.lab, 500000, 0);
    assert_int_equal(bench_count(&b, TRACE_PING_REPLY), 2);
    assert_reply(&b, "{'do':'start','node':'server','app':{'app':'echo','port':1007}}",
                 "{'ok':true,'app':1}");
    assert_reply(&b, "{'do':'stop','node':'server','app':1}", "{'ok':true}");
    assert_says(&b, "{'do':'stop','node':'server','app':100}", "ENOENT");
    bench_close(&b);
}

static void an_action_is_the_cause_of_what_follows(void **state)
{
    (void)state;
    static struct bench b;
    bench_open(&b, PAIR);
    bench_do(&b, "{'do':'socket','node':'client','type':'tcp'}");
    bench_do(&b, "{'do':'connect','node':'client','socket':1,'to':'10.0.0.2:80'}");
    const struct trace_event *action = bench_event(&b, TRACE_ACTION, 1);
    assert_int_equal(action->u.action.action, LAB_ACTION_CONNECT);
    assert_int_equal(action->node, 0);
    assert_int_equal(action->socket, 1);
    assert_int_equal(bench_event(&b, TRACE_SOCKET_CALL, 1)->cause, action->id);
    uint32_t before = lab_trace(b.lab)->last_id;
    bench_do(&b, "{'do':'describe'}");
    assert_int_equal(lab_trace(b.lab)->last_id, before); /* who only looks leaves no trace */
    bench_close(&b);
}

static void links_can_be_changed(void **state)
{
    (void)state;
    static struct bench b;
    bench_open(&b, PAIR);
    assert_reply(&b, "{'do':'link','link':'wire','loss':1,'b_to_a':{'loss':0.5},'delay_ms':7}",
                 "{'ok':true}");
    const struct link_config *c = &lab_link(b.lab, 0)->config;
    assert_int_equal(c->way[0].loss_ppm, 1000000);
    assert_int_equal(c->way[1].loss_ppm, 500000);
    assert_int_equal(c->way[0].delay_us, 7000);
    assert_reply(&b,
                 "{'do':'link','link':0,'jitter_ms':1,'a_to_b':{'rate_bit_per_s':64000,'queue_frames':5},"
                 "'b_to_a':{'delay_ms':300}}",
                 "{'ok':true}");
    assert_int_equal(c->way[0].delay_us, 7000);
    assert_int_equal(c->way[1].delay_us, 300000);
    assert_int_equal(c->way[0].rate_bit_per_s, 64000);
    assert_int_equal(c->way[1].rate_bit_per_s, 0);
    assert_int_equal(c->way[0].jitter_us, 1000);
    assert_int_equal(c->way[1].jitter_us, 1000);
    assert_reply(&b, "{'do':'link','link':0,'up':false}", "{'ok':true}");
    assert_false(c->way[0].up);
    assert_int_equal(c->way[0].delay_us, 7000); /* what is not named stays */
    assert_int_equal(bench_count(&b, TRACE_LINK_CHANGED), 3);
    assert_says(&b, "{'do':'link','link':'wire','los':1}", "los: unknown; did you mean");
    bench_close(&b);
}

static void frames_can_be_handled(void **state)
{
    (void)state;
    static struct bench b;
    char command[80];
    bench_open(&b, PAIR);
    assert_reply(&b, "{'do':'drop_next','link':'wire','direction':0,'match':'any'}", "{'ok':true}");
    bench_do(&b, "{'do':'ping','node':'client','to':'server','count':1}");
    lab_run_until(b.lab, 1000, 0);
    assert_says(&b, "{'do':'describe'}", "'frames':[{'direction':0");
    lab_run_until(b.lab, 999000, 0);
    assert_int_equal(bench_event(&b, TRACE_FRAME_LOST, 0)->u.frame_lost.reason, LOSS_PERSON);
    lab_run_until(b.lab, 1001000, 0); /* the ARP request goes out again */
    uint32_t frame = bench_event(&b, TRACE_FRAME_SENT, 1)->frame;
    snprintf(command, sizeof command, "{'do':'delay','frame':%u,'by_ms':5}", frame);
    assert_reply(&b, command, "{'ok':true}");
    assert_int_equal(bench_event(&b, TRACE_FRAME_DELAYED, 0)->cause, lab_trace(b.lab)->last_id - 1);
    snprintf(command, sizeof command, "{'do':'duplicate','frame':%u}", frame);
    assert_says(&b, command, "{'ok':true,'frame':");
    snprintf(command, sizeof command, "{'do':'corrupt','frame':%u,'offset':5000}", frame);
    assert_says(&b, command, "ERANGE");
    snprintf(command, sizeof command, "{'do':'corrupt','frame':%u,'offset':20,'bit':3}", frame);
    assert_reply(&b, command, "{'ok':true}");
    lab_run_until(b.lab, 1020000, 0);
    assert_int_equal(bench_event(&b, TRACE_PACKET_DROPPED, 0)->u.packet_dropped.reason, DROP_BAD_FCS);
    assert_reply(&b, command, "{'ok':false,'error':'ENOENT','message':'corrupt: no such thing'}");
    bench_close(&b);
}

static void machines_and_links_can_be_added(void **state)
{
    (void)state;
    static struct bench b;
    bench_open(&b, PAIR);
    assert_reply(&b, "{'do':'add_host','name':'third','interfaces':[{'address':'10.1.0.1/24'}]}",
                 "{'ok':true,'node':2}");
    assert_reply(&b,
                 "{'do':'add_host','name':'fourth','address':'10.1.0.2/24','apps':[{'app':'echo','port':7}]}",
                 "{'ok':true,'node':3}");
    assert_reply(&b, "{'do':'add_link','between':['third','fourth'],'name':'new','delay_ms':1}",
                 "{'ok':true,'link':1}");
    assert_says(&b, "{'do':'add_link','between':['third','fourth']}", "between[0]: has a link already");
    assert_says(&b, "{'do':'add_host','name':'third'}", "EINVAL");
    bench_do(&b, "{'do':'ping','node':'third','to':'fourth','count':1}");
    lab_run_until(b.lab, 100000, 0);
    assert_int_equal(bench_count(&b, TRACE_PING_REPLY), 1);
    bench_close(&b);
}

static void impossible_commands_are_sentences(void **state)
{
    (void)state;
    static struct bench b;
    bench_open(&b, PAIR);
    static const char *const wrong[][2] = {
        {"", "not JSON"},
        {"[]", "expected an object"},
        {"{}", "do: expected what to do"},
        {"{'do':'fly'}", "do: expected a name like"},
        {"{'do':'socket'}", "node: expected the name of a node, but it is not there"},
        {"{'do':'socket','node':'x'}", "node: expected the name of a node, got 'x'"},
        {"{'do':'socket','node':'client','type':'sctp'}",
         "type: expected 'tcp', 'udp' or 'ping', got 'sctp'"},
        {"{'do':'connect','node':'client','socket':1,'to':'10.0.0.2'}", "to: expected an address and port"},
        {"{'do':'connect','node':'client','socket':1.5,'to':'10.0.0.2:80'}",
         "socket: expected a whole number"},
        {"{'do':'connect','node':'client','socket':9,'to':'10.0.0.2:80'}", "connect: not an open socket"},
        {"{'do':'send','node':'client','socket':1}", "what to send"},
        {"{'do':'send','node':'client','socket':1,'base64':'a'}", "base64: expected base64, got 'a'"},
        {"{'do':'send','node':'client','socket':1,'base64':'','text':''}", "only one of"},
        {"{'do':'setsockopt','node':'client','socket':1,'option':'TCP_NODELY','value':1}",
         "option: expected a name like 'TCP_NODELAY'"},
        {"{'do':'drop','frame':99}", "drop: no such thing"},
        {"{'do':'drop','frame':99,'frame':98}", "frame: given twice"},
        {"{'do':'link','link':'cable'}", "link: expected the name or number of a link, got 'cable'"},
    };
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_says(&b, wrong[i][0], wrong[i][1]);
        assert_ptr_equal(strstr(b.reply, "{'ok':false,"), b.reply);
    }
    bench_close(&b);
}

/* Whatever stands in a command: a reply, and it is JSON of ours. */
static void mangled_commands_do_no_harm(void **state)
{
    (void)state;
    static struct bench b;
    static const char *const good[] = {
        "{'do':'connect','node':'client','socket':1,'to':'10.0.0.2:80'}",
        "{'do':'send','node':'client','socket':1,'base64':'AAECAwQ='}",
        "{'do':'corrupt','frame':3,'offset':20,'bit':3,'inside':true}",
        "{'do':'start','node':'server','app':{'app':'receiver','port':81,'read_bytes_per_s':10}}",
        "{'do':'link','link':'wire','loss':0.5,'a_to_b':{'corrupt':0.25},'mtu':600}",
        "{'do':'add_host','name':'new','interfaces':[{'mtu':1400}],'routes':[{'to':'1.0.0.0/8','interface':0}]}",
    };
    static const char put[] = {'9', '"', '}', '-', ',', '[', '\\', '\'', 'e', ':'};
    char text[160];
    bench_open(&b, PAIR);
    for (unsigned i = 0; i < sizeof good / sizeof good[0]; i++)
        for (size_t at = 0; good[i][at]; at++)
            for (unsigned k = 0; k < sizeof put; k++) {
                snprintf(text, sizeof text, "%s", good[i]);
                text[at] = put[k];
                bench_do(&b, text);
                assert_true(strncmp(b.reply, "{'ok':true", 10) == 0 ||
                            strncmp(b.reply, "{'ok':false,'error':'E", 22) == 0);
                if (k == 0)
                    lab_run_until(b.lab, lab_now_us(b.lab) + 1000, 0);
            }
    bench_close(&b);
}

static void a_reply_without_room_says_so(void **state)
{
    (void)state;
    static struct bench b;
    static char small[LAB_REPLY_MIN];
    static const char describe[] = "{\"do\":\"describe\"}";
    bench_open(&b, PAIR);
    size_t len = lab_command(b.lab, bytes_of(describe, sizeof describe - 1), room_of(small, sizeof small));
    assert_int_equal(len, strlen(small));
    assert_non_null(strstr(small, "EMSGSIZE"));
    bench_close(&b);
}

static void failed_actions_of_a_scenario_are_counted(void **state)
{
    (void)state;
    static struct bench b;
    bench_open(&b, "{'nodes':[{'name':'a'}],'actions':[{'at_ms':5,'do':'close','node':'a','socket':3}]}");
    lab_run_until(b.lab, 4999, 0);
    assert_int_equal(lab_action_failures(b.lab), 0);
    lab_run_until(b.lab, 5000, 0);
    assert_int_equal(lab_action_failures(b.lab), 1);
    assert_non_null(strstr(lab_action_failure(b.lab), "EBADF"));
    bench_close(&b);
}

static void a_planned_datagram_that_is_too_large_has_failed(void **state)
{
    (void)state;
    static struct bench b;
    char text[1600], scenario[2000];
    memset(text, 'x', sizeof text);
    snprintf(
        scenario, sizeof scenario,
        "{'nodes':[{'name':'a','address':'10.0.0.1/24'},{'name':'b','address':'10.0.0.2/24'}],"
        "'links':[{'between':['a','b']}],'actions':[{'do':'socket','node':'a','type':'udp'},{'do':'describe'},"
        "{'at_ms':5,'do':'sendto','node':'a','socket':1,'to':'b:5000','chunk':1600,'text':'%.*s'}]}",
        (int)sizeof text, text);
    bench_open(&b, scenario);
    lab_run_until(b.lab, 4999, 0);
    assert_int_equal(lab_action_failures(b.lab), 0);
    lab_run_until(b.lab, 5000, 0);
    assert_int_equal(lab_action_failures(b.lab), 1);
    assert_non_null(strstr(lab_action_failure(b.lab), "EMSGSIZE"));
    bench_close(&b);
}

/* Nobody hears what it replies, so it reads as much as a person would. */
static void a_planned_recv_reads_all_that_is_there(void **state)
{
    (void)state;
    static struct bench b;
    bench_open(
        &b,
        "{'nodes':[{'name':'a','address':'10.0.0.1/24','apps':[{'app':'sender','to':'b:80','bytes':20000}]},"
        "{'name':'b','address':'10.0.0.2/24'}],'links':[{'between':['a','b']}],'actions':["
        "{'do':'socket','node':'b'},{'do':'bind','node':'b','socket':1,'port':80},"
        "{'do':'listen','node':'b','socket':1},{'at_ms':900,'do':'accept','node':'b','socket':1},"
        "{'at_ms':901,'do':'recv','node':'b','socket':2},"
        "{'at_ms':902,'do':'recv','node':'b','socket':2}]}");
    lab_run_until(b.lab, 901000, 0);
    assert_int_equal(lab_action_failures(b.lab), 0);
    struct trace_event last = {0};
    const struct trace_event *e;
    for (unsigned i = 0; (e = bench_event(&b, TRACE_SOCKET_CALL, i)); i++)
        if (e->node == 1)
            last = *e;
    assert_int_equal(last.u.socket_call.call, SOCKET_CALL_RECV);
    assert_int_equal(last.u.socket_call.result, 20000);
    bench_close(&b);
}

static void base64_goes_there_and_back(void **state)
{
    (void)state;
    uint8_t data[256], back[256];
    char text[400];
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(255 - i);
    for (size_t len = 0; len <= sizeof data; len++) {
        base64_encode(text, bytes_of(data, len));
        assert_int_equal(strlen(text), base64_length(len));
        assert_int_equal(base64_decode(back, bytes_of(text, strlen(text))), len);
        assert_memory_equal(back, data, len);
    }
    static const char *const wrong[] = {
        "A", "AA", "AAA", "=AAA", "AA=A", "A===", "AB==", "AAB=", "A\nAA", "AAAA=", "AA==AAAA"};
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(base64_decode(back, bytes_of(wrong[i], strlen(wrong[i]))), STATUS_EINVAL);
    base64_encode(text, bytes_of("foobar", 6)); /* RFC 4648, section 10 */
    assert_string_equal(text, "Zm9vYmFy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_by_hand),
        cmocka_unit_test(a_large_send_goes_on_by_itself_and_close_waits_for_it),
        cmocka_unit_test(datagrams_and_pings),
        cmocka_unit_test(an_action_is_the_cause_of_what_follows),
        cmocka_unit_test(links_can_be_changed),
        cmocka_unit_test(frames_can_be_handled),
        cmocka_unit_test(machines_and_links_can_be_added),
        cmocka_unit_test(impossible_commands_are_sentences),
        cmocka_unit_test(mangled_commands_do_no_harm),
        cmocka_unit_test(a_reply_without_room_says_so),
        cmocka_unit_test(failed_actions_of_a_scenario_are_counted),
        cmocka_unit_test(a_planned_datagram_that_is_too_large_has_failed),
        cmocka_unit_test(a_planned_recv_reads_all_that_is_there),
        cmocka_unit_test(base64_goes_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
