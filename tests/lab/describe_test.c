/* Descriptions: what stands in them is what the lab does at that moment. */
#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#define LOSSY                                                                                                \
    "{'nodes':[{'name':'client','address':'10.0.0.1/24','apps':[{'app':'sender','to':'server:80','bytes':"   \
    "200000,'start_ms':1}]},{'name':'server','address':'10.0.0.2/24','apps':[{'app':'receiver','port':80}]}" \
    "],'links':[{'name':'wire','between':['client','server'],'delay_ms':10,'rate_bit_per_s':10000000,"       \
    "'exactly':[{'drop':{'match':'data','from':'client','nth':5}}]}],'actions':[{'at_ms':90000,'do':'link'," \
    "'link':'wire','loss':0},{'do':'link','link':'wire','loss':0,'when':{'state':'CLOSING','nth':3}}]}"

static struct bench b;

/* The state with all detail; to be deleted. */
static cJSON *describe(const char *command)
{
    static char reply[1 << 20];
    lab_command(b.lab, bytes_of(command, strlen(command)), room_of(reply, sizeof reply));
    cJSON *state = cJSON_Parse(reply);
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(state, "ok")));
    return state;
}

/* "nodes.1.connections.0" */
static const cJSON *get(const cJSON *from, const char *path)
{
    char name[64];
    while (*path && from) {
        size_t len = strcspn(path, ".");
        memcpy(name, path, len);
        name[len] = 0;
        from = cJSON_IsArray(from) ? cJSON_GetArrayItem(from, atoi(name)) : cJSON_GetObjectItem(from, name);
        path += len + (path[len] == '.');
    }
    assert_non_null(from);
    return from;
}

static double number(const cJSON *from, const char *path)
{
    assert_true(cJSON_IsNumber(get(from, path)));
    return get(from, path)->valuedouble;
}

static const char *text(const cJSON *from, const char *path)
{
    assert_true(cJSON_IsString(get(from, path)));
    return get(from, path)->valuestring;
}

/* The fifth data segment is lost: the receiver holds what came behind it, the sender's scoreboard says so. */
static void a_hole_is_seen_on_both_sides(void **state)
{
    (void)state;
    bench_open(&b, LOSSY);
    while (bench_count(&b, TRACE_TCP_SACKED) < 3)
        lab_run_until(b.lab, lab_next_us(b.lab), 1);
    cJSON *s = describe("{\"do\":\"describe\",\"detail\":true}");
    const cJSON *sender = get(s, "nodes.0.connections.0.sender");
    double hole = number(s, "nodes.0.sockets.0.tcp.snd_una");
    assert_int_equal(number(s, "nodes.1.sockets.1.tcp.rcv_nxt"), hole);
    assert_true(number(s, "nodes.1.connections.1.receiver.held.0.from") > hole);
    assert_true(number(sender, "sacked_bytes") > 0);
    assert_int_equal(number(sender, "flight_count"), cJSON_GetArraySize(get(sender, "flight")));
    assert_int_equal(number(sender, "flight.0.from"), hole);
    assert_false(cJSON_IsTrue(get(sender, "flight.0.sacked")));
    assert_true(cJSON_IsTrue(get(sender, "flight.1.sacked")));
    assert_int_equal(number(s, "links.0.exactly.0.seen"),
                     number(s, "links.0.a_to_b.frames") - number(s, "links.0.a_to_b.queue_length_frames") -
                         3); /* but ARP, SYN and the ACK of the handshake */
    assert_string_equal(text(s, "links.0.exactly.0.do"), "drop");
    cJSON_Delete(s);
    bench_close(&b);
}

static void a_listener_tells_who_waits(void **state)
{
    (void)state;
    bench_open(&b,
               "{'nodes':[{'name':'client','address':'10.0.0.1/24','apps':[{'app':'sender','to':'server:80',"
               "'text':'x'}]},{'name':'server','address':'10.0.0.2/24'}],'links':[{'between':['client',"
               "'server'],'delay_ms':1}],'actions':[{'do':'socket','node':'server'},{'do':'bind','node':"
               "'server','socket':1,'port':80},{'do':'listen','node':'server','socket':1,'backlog':5}]}");
    lab_run_until(b.lab, 100000, 0);
    cJSON *s = describe("{\"do\":\"describe\",\"node\":\"server\",\"detail\":true}");
    assert_string_equal(text(s, "connections.0.state"), "LISTEN");
    assert_int_equal(number(s, "connections.0.listener.backlog"), 5);
    assert_int_equal(number(s, "connections.0.listener.ready_count"), 1);
    assert_string_equal(text(s, "connections.0.listener.ready.0"), text(s, "connections.1.remote"));
    assert_int_equal(number(s, "connections.1.socket"), 0);
    assert_int_equal(number(s, "connection_count"), 2);
    assert_true(number(s, "ip_counters.in_delivered") >= 3);
    assert_true(number(s, "interfaces.0.arp.0.deadline_us") > 0);
    cJSON_Delete(s);
    bench_close(&b);
}

static void what_is_to_come_is_told(void **state)
{
    (void)state;
    bench_open(&b, LOSSY);
    cJSON *s = describe("{\"do\":\"describe\",\"detail\":true}");
    assert_int_equal(number(s, "actions_to_come.0.at_us"), 90000000);
    assert_string_equal(text(s, "actions_to_come.0.command.do"), "link");
    assert_int_equal(number(s, "actions_waiting.0.times"), 3);
    assert_true(cJSON_IsNull(get(s, "ended_us")));
    cJSON_Delete(s);
    bench_close(&b);
}

/* Looking changes nothing, with detail or without. */
static void looking_leaves_no_trace(void **state)
{
    (void)state;
    bench_open(&b, LOSSY);
    lab_run_until(b.lab, 60000, 0);
    uint64_t before = bench_hash(&b);
    cJSON *brief = describe("{\"do\":\"describe\"}"),
          *full = describe("{\"do\":\"describe\",\"detail\":true}");
    assert_null(
        cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(brief, "nodes"), 0), "connections"));
    assert_true(bench_hash(&b) == before);
    for (const cJSON *m = brief->child; m; m = m->next)
        assert_non_null(cJSON_GetObjectItem(full, m->string));
    cJSON_Delete(brief);
    cJSON_Delete(full);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hole_is_seen_on_both_sides),
        cmocka_unit_test(a_listener_tells_who_waits),
        cmocka_unit_test(what_is_to_come_is_told),
        cmocka_unit_test(looking_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
