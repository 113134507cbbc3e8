/* Switches in a lab: ARP, ping and TCP across them, faults on their links, plugs, loops, snapshots, descriptions. */
#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/status.h"

enum { SECOND = 1000000 };

#define THREE                                                                                                 \
    "'nodes':[{'name':'a','address':'10.0.0.1/24'},{'name':'b','address':'10.0.0.2/24'},"                     \
    "{'name':'c','address':'10.0.0.3/24'},{'name':'sw','kind':'switch'}],"                                    \
    "'links':[{'name':'a','between':['a','sw'],'delay_ms':1},{'name':'b','between':['b','sw'],'delay_ms':1}," \
    "{'name':'c','between':['c','sw'],'delay_ms':1}]"

static void assert_fault(const char *scenario, const char *fault)
{
    assert_string_equal(bench_faults(scenario), fault);
}

/* How many frames arrived at one end of a link. */
static unsigned arrived(struct bench *b, unsigned link, unsigned direction)
{
    return (unsigned)lab_link(b->lab, link)->counters[direction].delivered;
}

static struct bridge *bridge(struct bench *b, const char *name)
{
    return host_bridge(lab_host(b->lab, (unsigned)lab_find_node(b->lab, bytes_of(name, strlen(name)))));
}

static void a_question_reaches_all_and_an_answer_only_who_asked(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b, "{" THREE ",'actions':[{'do':'ping','node':'a','to':'b','count':3,'interval_ms':100}]}");
    bench_rest(&b, SECOND);
    assert_int_equal(bench_count(&b, TRACE_PING_REPLY), 3);
    assert_int_equal(bench_count(&b, TRACE_SWITCH_FLOODED), 1); /* the ARP request */
    assert_int_equal(bench_event(&b, TRACE_SWITCH_FLOODED, 0)->u.switch_flooded.reason, FLOOD_BROADCAST);
    assert_int_equal(bench_event(&b, TRACE_SWITCH_FLOODED, 0)->u.switch_flooded.ports, 2);
    assert_int_equal(bench_count(&b, TRACE_SWITCH_LEARNED), 2);
    assert_int_equal(bench_count(&b, TRACE_SWITCH_FORWARDED),
                     7);                    /* the answer, and three times echo and reply */
    assert_int_equal(arrived(&b, 2, 1), 1); /* c heard the question and nothing else */
    /* All of it: a frame is there when it is there whole, and goes on then. */
    assert_int_equal(bench_event(&b, TRACE_PING_REPLY, 2)->u.ping_reply.rtt_us, 4000);
    bench_close(&b);
}

static void a_frame_is_stored_and_forwarded(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b, "{'nodes':[{'name':'a','address':'10.0.0.1/24'},{'name':'b','address':'10.0.0.2/24'},"
                   "{'name':'sw','kind':'switch'}],'links':[{'between':['a','sw'],'rate_bit_per_s':1e6},"
                   "{'between':['sw','b'],'rate_bit_per_s':1e6}],"
                   "'actions':[{'do':'ping','node':'a','to':'b','count':2,'bytes':958}]}");
    bench_rest(&b, 3 * SECOND);
    /* 14 + 20 + 8 + 958 bytes and the FCS, each bit a microsecond, on two links and back */
    assert_int_equal(bench_event(&b, TRACE_PING_REPLY, 1)->u.ping_reply.rtt_us,
                     4 * (14 + 20 + 8 + 958 + 4) * 8);
    const struct trace_event *e = bench_event(&b, TRACE_SWITCH_FORWARDED, 0);
    assert_int_equal(trace_at(lab_trace(b.lab), e->cause)->kind, TRACE_FRAME_DELIVERED);
    bench_close(&b);
}

static void tcp_goes_across_with_faults_on_both_links(void **state)
{
    (void)state;
    struct bench b;
    bench_open(
        &b,
        "{'nodes':[{'name':'a','address':'10.0.0.1/24'},"
        "{'name':'b','address':'10.0.0.2/24','apps':[{'app':'receiver','port':80,'keep':true}]},"
        "{'name':'sw','kind':'switch'}],'links':["
        "{'between':['a','sw'],'delay_ms':2,'corrupt':0.03,'duplicate':0.02},"
        "{'between':['sw','b'],'delay_ms':3,'loss':0.03,'reorder':0.05}],'actions':[{'do':'start','node':'a',"
        "'app':{'app':'sender','to':'b:80','bytes':300000,'close':true}}]}");
    bench_rest(&b, 120 * SECOND);
    assert_int_equal(host_app(lab_host(b.lab, 1), 1)->received_bytes, 300000);
    unsigned spoilt = 0;
    for (unsigned i = 0; i < bench_count(&b, TRACE_PACKET_DROPPED); i++) {
        const struct trace_event *e = bench_event(&b, TRACE_PACKET_DROPPED, i);
        spoilt += e->node == 2 && e->u.packet_dropped.reason == DROP_BAD_FCS;
    }
    assert_true(spoilt > 0); /* a spoilt frame ends at the switch */
    bench_close(&b);
}

static void unplugging_flushes_the_port(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b, "{" THREE ",'actions':[{'do':'ping','node':'a','to':'b','count':1}]}");
    bench_rest(&b, SECOND);
    assert_int_equal(bridge(&b, "sw")->address_count, 2);
    bench_do(&b, "{'do':'link','link':'b','a_to_b':{'up':false}}"); /* one direction: the cable is still in */
    assert_int_equal(bridge(&b, "sw")->address_count, 2);
    bench_do(&b, "{'do':'link','link':'b','up':false}");
    assert_int_equal(bridge(&b, "sw")->address_count, 1);
    const struct trace_event *e = bench_event(&b, TRACE_SWITCH_FORGOT, 0);
    assert_int_equal(e->u.switch_forgot.reason, FORGET_PORT_DOWN);
    assert_int_equal(e->iface, 1);
    assert_int_equal(e->t_us, SECOND);
    assert_int_equal(trace_at(lab_trace(b.lab), e->cause)->kind, TRACE_ACTION);
    bench_do(&b, "{'do':'ping','node':'a','to':'b','count':1}");
    bench_rest(&b, 2 * SECOND);
    e = bench_event(&b, TRACE_SWITCH_FLOODED, 1);
    assert_int_equal(e->u.switch_flooded.reason, FLOOD_UNKNOWN);
    assert_int_equal(e->u.switch_flooded.ports, 1); /* not into the socket without a cable */
    assert_int_equal(bench_count(&b, TRACE_PING_REPLY), 1);
    bench_do(&b, "{'do':'link','link':'b','up':true}");
    bench_do(&b, "{'do':'ping','node':'a','to':'b','count':1}");
    bench_rest(&b, 3 * SECOND);
    assert_int_equal(bench_count(&b, TRACE_PING_REPLY), 2);
    assert_int_equal(bridge(&b, "sw")->address_count, 2);
    bench_close(&b);
}

static void a_link_added_later_is_a_port_more(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b, "{" THREE "}");
    assert_int_equal(host_netif_count(lab_host(b.lab, 3)), 3);
    bench_do(&b, "{'do':'add_host','name':'d','address':'10.0.0.4/24'}");
    bench_do(&b, "{'do':'add_host','name':'far','kind':'switch','addresses_max':5,'ageing_ms':1000}");
    bench_do(&b, "{'do':'add_link','between':['d','far']}");
    bench_do(&b, "{'do':'add_link','name':'trunk','between':['far','sw:7'],'up':false}");
    assert_int_equal(host_netif_count(lab_host(b.lab, 3)), 8);
    bench_do(&b, "{'do':'ping','node':'d','to':'a','count':1}");
    bench_rest(&b, 5 * SECOND);
    assert_int_equal(bench_count(&b, TRACE_PING_REPLY), 0);
    bench_do(&b, "{'do':'link','link':'trunk','up':true}");
    bench_do(&b, "{'do':'ping','node':'d','to':'a','count':1}");
    bench_rest(&b, 6 * SECOND);
    assert_int_equal(bench_count(&b, TRACE_PING_REPLY), 1);
    assert_string_equal(
        bench_do(&b, "{'do':'add_link','between':['far','sw']}"),
        "{'ok':false,'error':'EINVAL','message':'between: closes a loop of switches, in which frames "
        "would go round for ever: far - sw - far'}");
    bench_close(&b);
}

static void routers_and_hosts_share_a_subnet_behind_a_switch(void **state)
{
    (void)state;
    struct bench b;
    bench_open(
        &b,
        "{'nodes':[{'name':'a','address':'10.0.0.1/24','routes':[{'to':'0.0.0.0/0','via':'10.0.0.9'}]},"
        "{'name':'b','address':'10.0.1.1/24','routes':[{'to':'0.0.0.0/0','via':'10.0.1.9'}]},"
        "{'name':'c','address':'10.0.0.2/24'},{'name':'sw','kind':'switch'},{'name':'r','kind':'router',"
        "'interfaces':[{'address':'10.0.0.9/24'},{'address':'10.0.1.9/24'}]}],'links':[{'between':['a','sw']},"
        "{'between':['c','sw']},{'between':['sw','r:0']},{'between':['r:1','b']}],'actions':["
        "{'do':'ping','node':'a','to':'b','count':1},{'do':'ping','node':'a','to':'c','count':1}]}");
    bench_rest(&b, SECOND);
    assert_int_equal(bench_count(&b, TRACE_PING_REPLY), 2);
    assert_int_equal(bench_count(&b, TRACE_PACKET_FORWARDED), 2);
    bench_close(&b);
}

static void links_with_and_without_an_fcs_meet_at_a_switch(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b, "{'nodes':[{'name':'a','address':'10.0.0.1/24'},"
                   "{'name':'b','interfaces':[{'address':'10.0.0.2/24','fcs':false,'mtu':9000}]},"
                   "{'name':'sw','kind':'switch'}],'links':[{'between':['sw','a']},{'between':['b','sw']}],"
                   "'actions':[{'do':'ping','node':'a','to':'b','count':1}]}");
    assert_true(lab_link(b.lab, 0)->framing.fcs);
    assert_false(lab_link(b.lab, 1)->framing.fcs);
    assert_int_equal(lab_link(b.lab, 0)->framing.mtu_bytes, 1500);
    assert_int_equal(lab_link(b.lab, 1)->framing.mtu_bytes, 9000);
    bench_rest(&b, SECOND);
    assert_int_equal(bench_count(&b, TRACE_PING_REPLY), 1);
    bench_close(&b);
}

static void loops_of_switches_are_refused(void **state)
{
    (void)state;
    assert_fault(
        "{'nodes':[{'name':'x','kind':'switch'},{'name':'y','kind':'switch'},{'name':'z','kind':'switch'}],"
        "'links':[{'between':['x','y']},{'between':['y','z']},{'between':['z','x']}]}",
        "links[2].between: closes a loop of switches, in which frames would go round for ever: z - y - x - z");
    assert_fault(
        "{'nodes':[{'name':'x','kind':'switch'},{'name':'y','kind':'switch'}],"
        "'links':[{'between':['x','y'],'up':false},{'between':['x','y']}]}",
        "links[1].between: closes a loop of switches, in which frames would go round for ever: x - y - x");
    assert_fault(
        "{'nodes':[{'name':'x','kind':'switch'}],'links':[{'between':['x:0','x:1']}]}",
        "links[0].between: closes a loop of switches, in which frames would go round for ever: x - x");
    /* A machine passes no frames on: two cables to it are no loop. */
    assert_fault("{'nodes':[{'name':'x','kind':'switch'},{'name':'y','kind':'switch'},"
                 "{'name':'h','interfaces':[{'address':'10.0.0.1/24'},{'address':'10.0.1.1/24'}]}],"
                 "'links':[{'between':['x','y']},{'between':['h','x']},{'between':['h','y']}]}",
                 "");
}

static void a_switch_has_no_more_than_a_link_layer(void **state)
{
    (void)state;
    assert_fault(
        "{'nodes':[{'name':'x','kind':'switch','address':'10.0.0.1/24','tcp':{},'apps':[],'routes':[],"
        "'interfaces':[],'sockets_max':5,'faults':[]}]}",
        "nodes[0].address: a switch has none: it has a link layer and nothing above it\n"
        "nodes[0].interfaces: a switch has none: it has a link layer and nothing above it\n"
        "nodes[0].routes: a switch has none: it has a link layer and nothing above it\n"
        "nodes[0].tcp: a switch has none: it has a link layer and nothing above it\n"
        "nodes[0].apps: a switch has none: it has a link layer and nothing above it\n"
        "nodes[0].sockets_max: a switch has none: it has a link layer and nothing above it\n"
        "nodes[0].faults: a switch has none: it has a link layer and nothing above it");
    assert_fault(
        "{'nodes':[{'name':'a','ageing_ms':1000,'addresses_max':9}]}",
        "nodes[0].ageing_ms: only a switch has that\nnodes[0].addresses_max: only a switch has that");
    assert_fault("{'nodes':[{'name':'x','kind':'switch','ageing_ms':0,'addresses_max':0}]}",
                 "nodes[0].ageing_ms: expected a number >= 1, got 0\n"
                 "nodes[0].addresses_max: expected a whole number from 1 to 65535, got 0");
    assert_fault("{" THREE ",'actions':[{'do':'socket','node':'sw'},{'do':'ping','node':'a','to':'sw'},"
                 "{'do':'faults','node':'sw','faults':[]},{'do':'forge','node':'sw','to':'a:1'}]}",
                 "actions[0].node: is a switch: it has a link layer and nothing above it\n"
                 "actions[1].to: is a switch, which has no address\n"
                 "actions[2].node: is a switch: it has a link layer and nothing above it\n"
                 "actions[3].node: is a switch: it has a link layer and nothing above it");
    assert_fault("{'nodes':[{'name':'a'},{'name':'x','kind':'switch'}],'links':[{'between':['a','x:16']}]}",
                 "links[0].between[1]: that node has ports 0 to 15");
    assert_fault(
        "{'nodes':[{'name':'a','interfaces':[{'kind':'raw_ip'}]},{'name':'x','kind':'switch'}],"
        "'links':[{'between':['a','x']}]}",
        "links[0]: cannot be made: both interfaces must be of one kind, and there may be 128 links (invalid "
        "argument)");
}

static void a_switch_has_sixteen_ports(void **state)
{
    (void)state;
    char text[8192];
    size_t len = 0;
#define ADD(...) len += (size_t)snprintf(text + len, sizeof text - len, __VA_ARGS__)
    ADD("{'nodes':[{'name':'x','kind':'switch'}");
    for (unsigned i = 0; i <= LAB_PORTS_MAX; i++)
        ADD(",{'name':'h%u'}", i);
    ADD("],'links':[{'between':['h0','x:15']}");
    for (unsigned i = 1; i <= LAB_PORTS_MAX; i++)
        ADD(",{'between':['h%u','x']}", i);
    ADD("]}");
#undef ADD
    assert_fault(text, "links[16].between[1]: has a link at each of its ports");
}

static void it_says_what_it_knows(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b, "{" THREE ",'actions':[{'do':'ping','node':'a','to':'b','count':1}]}");
    bench_rest(&b, SECOND);
    const char *told = bench_do(&b, "{'do':'describe','node':'sw'}");
    assert_non_null(strstr(told, "'kind':'switch'"));
    assert_non_null(
        strstr(told, "'ageing_us':300000000,'addresses_max':1024,'addresses':[{'mac':'02:00:00:00:00:02',"
                     "'port':1,'heard_us':7000},{'mac':'02:00:00:00:00:01','port':0,'heard_us':5000}]"));
    assert_null(strstr(told, "sockets'"));
    bench_do(&b, "{'do':'describe','detail':true}");
    assert_non_null(strstr(b.reply, "addresses_max"));
    bench_close(&b);
}

/* Ageing and flushing are part of the run: back in time, the same again. */
static void a_snapshot_holds_its_table(void **state)
{
    (void)state;
    struct bench b;
    bench_open_file(&b, "switched", 0);
    lab_run_until(b.lab, 10 * SECOND, 0);
    struct bytes image = lab_image(b.lab);
    uint8_t *kept = malloc(image.len);
    assert_non_null(kept);
    size_t len = lab_save(b.lab, room_of(kept, image.len));
    lab_run_until(b.lab, 40 * SECOND, 0);
    uint64_t hash = bench_hash(&b);
    assert_int_equal(bridge(&b, "right")->address_count, 0);
    assert_int_equal(bridge(&b, "left")->address_count, 3);
    assert_int_equal(lab_restore(b.lab, bytes_of(kept, len)), 0);
    assert_int_equal(bridge(&b, "right")->address_count, 3);
    lab_run_until(b.lab, 40 * SECOND, 0);
    assert_int_equal(bench_hash(&b), hash);
    free(kept);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_reaches_all_and_an_answer_only_who_asked),
        cmocka_unit_test(a_frame_is_stored_and_forwarded),
        cmocka_unit_test(tcp_goes_across_with_faults_on_both_links),
        cmocka_unit_test(unplugging_flushes_the_port),
        cmocka_unit_test(a_link_added_later_is_a_port_more),
        cmocka_unit_test(routers_and_hosts_share_a_subnet_behind_a_switch),
        cmocka_unit_test(links_with_and_without_an_fcs_meet_at_a_switch),
        cmocka_unit_test(loops_of_switches_are_refused),
        cmocka_unit_test(a_switch_has_no_more_than_a_link_layer),
        cmocka_unit_test(a_switch_has_sixteen_ports),
        cmocka_unit_test(it_says_what_it_knows),
        cmocka_unit_test(a_snapshot_holds_its_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
