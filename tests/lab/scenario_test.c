/* Scenarios: what is built, and that each fault is named by its path. */
#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/status.h"

#define TWO_NODES      "'nodes':[{'name':'a','address':'10.0.0.1/24'},{'name':'b','address':'10.0.0.2/24'}]"
#define ONE_LINK(more) "{" TWO_NODES ",'links':[{'between':['a','b']" more "}]}"

static void assert_fault(const char *scenario, const char *fault)
{
    assert_string_equal(bench_faults(scenario), fault);
}

static void a_good_scenario_has_no_faults(void **state)
{
    (void)state;
    assert_fault(ONE_LINK(",'delay_ms':1.5,'a_to_b':{'loss':0.5}"), "");
    assert_fault("{'tcplab':1,'title':'t','description':'d','$schema':'s','nodes':[{'name':'alone'}]}", "");
}

static void settings_reach_the_link(void **state)
{
    (void)state;
    struct bench b;
    bench_open(
        &b,
        "{" TWO_NODES
        ",'links':[{'name':'w','between':['b:0','a'],'delay_ms':1.5,'jitter_ms':0.25,'loss':0.1,'mtu':1400,"
        "'rate_bit_per_s':1e9,'queue_frames':7,'reorder_ms':9,'b_to_a':{'loss':0,'duplicate':0.25,'delay_ms':80,'rate_bit_per_s':64000,'up':false}}]}");
    const struct link_config *c = &lab_link(b.lab, 0)->config;
    assert_int_equal(lab_find_link(b.lab, bytes_of("w", 1)), 0);
    assert_int_equal(lab_link(b.lab, 0)->end[0].node, 1);
    assert_int_equal(c->way[0].delay_us, 1500);
    assert_int_equal(c->way[0].jitter_us, 250);
    assert_int_equal(c->way[0].rate_bit_per_s, 1000000000);
    assert_int_equal(c->way[0].queue_frames, 7);
    assert_int_equal(c->mtu_bytes, 1400);
    assert_int_equal(c->way[0].loss_ppm, 100000);
    assert_int_equal(c->way[1].loss_ppm, 0);
    assert_int_equal(c->way[1].duplicate_ppm, 250000);
    assert_int_equal(c->way[0].reorder_us, 9000);
    assert_int_equal(c->way[1].reorder_us, 9000);
    assert_true(c->way[0].up);
    assert_false(c->way[1].up);
    assert_int_equal(c->way[1].delay_us, 80000);
    assert_int_equal(c->way[1].rate_bit_per_s, 64000);
    assert_int_equal(c->way[1].jitter_us, 250); /* what only stands above holds for both */
    assert_int_equal(c->way[1].queue_frames, 7);
    bench_close(&b);
}

static void settings_reach_the_nodes(void **state)
{
    (void)state;
    struct bench b;
    bench_open(
        &b,
        "{'nodes':[{'name':'r','kind':'router','interfaces':[{'address':'10.0.0.254/24'},{'address':'10.1.0.254/16',"
        "'mac':'02:aa:00:00:00:07','mtu':1400}],'routes':[{'to':'10.9.0.0/16','via':'10.1.0.1'}],"
        "'tcp':{'msl_us':5,'nagle':false,'congestion':'none','syn_cookies':'always','fast_open':'both'}},"
        "{'name':'x'}]}");
    struct host *h = lab_host(b.lab, 0);
    assert_string_equal(host_name(h), "r");
    assert_true(host_ip(h)->forwarding);
    assert_int_equal(host_netif_count(h), 2);
    assert_int_equal(host_netif(h, 0)->config.mac.octet[5], 1);
    assert_int_equal(host_netif(h, 1)->config.mac.octet[1], 0xaa);
    assert_int_equal(host_netif(h, 1)->config.mtu_bytes, 1400);
    assert_true(host_netif(h, 1)->config.fcs);
    const struct route *route = route_find(&host_ip(h)->routes, ip_addr_v4(0x0a090001));
    assert_int_equal(route->netif, 1);
    assert_true(ip_addr_equal(route->gateway, ip_addr_v4(0x0a010001)));
    assert_int_equal(tcp_config(host_tcp(h))->msl_us, 5);
    assert_false(tcp_config(host_tcp(h))->nagle);
    assert_int_equal(tcp_config(host_tcp(h))->congestion, TCP_CONGESTION_NONE);
    assert_int_equal(tcp_config(host_tcp(h))->syn_cookies, TCP_SYN_COOKIES_ALWAYS);
    assert_int_equal(tcp_config(host_tcp(h))->fast_open, TCP_FAST_OPEN_BOTH);
    assert_true(ip_addr_equal(host_netif(lab_host(b.lab, 1), 0)->config.addr, ip_addr_v4(0x0a000003)));
    bench_close(&b);
}

static void each_fault_of_a_link_is_named_by_its_path(void **state)
{
    (void)state;
    assert_fault(ONE_LINK(",'delay_ms':'fast'"), "links[0].delay_ms: expected a number >= 0, got 'fast'");
    assert_fault(ONE_LINK(",'delay_ms':-1"), "links[0].delay_ms: expected a number >= 0, got -1");
    assert_fault(ONE_LINK(",'delay_ms':1e9"),
                 "links[0].delay_ms: expected a number <= 3600000, got 1000000000");
    assert_fault(ONE_LINK(",'loss':2"), "links[0].loss: expected a number from 0 to 1, got 2");
    assert_fault(ONE_LINK(",'a_to_b':{'loss':null}"),
                 "links[0].a_to_b.loss: expected a number from 0 to 1, got null");
    assert_fault(ONE_LINK(",'a_to_b':{'delay_ms':1e9}"),
                 "links[0].a_to_b.delay_ms: expected a number <= 3600000, got 1000000000");
    assert_fault(ONE_LINK(",'b_to_a':{'queue_frames':70000}"),
                 "links[0].b_to_a.queue_frames: expected a whole number from 0 to 65535, got 70000");
    assert_fault(ONE_LINK(",'b_to_a':{'mtu':600}"), "links[0].b_to_a.mtu: unknown");
    assert_fault(ONE_LINK(",'b_to_a':{'dely_ms':1}"),
                 "links[0].b_to_a.dely_ms: unknown; did you mean 'delay_ms'?");
    assert_fault(ONE_LINK(",'a_to_b':5"), "links[0].a_to_b: expected an object, got 5");
    assert_fault(ONE_LINK(",'dely_ms':1"), "links[0].dely_ms: unknown; did you mean 'delay_ms'?");
    assert_fault(ONE_LINK(",'mtu':20"),
                 "links[0].mtu: expected 0 or a whole number from 68 to 65535, got 20");
    assert_fault(ONE_LINK(",'queue_frames':1.5"),
                 "links[0].queue_frames: expected a whole number from 0 to 65535, got 1.5");
    assert_fault(ONE_LINK(",'up':0"), "links[0].up: expected true or false, got 0");
    assert_fault("{" TWO_NODES ",'links':[{'between':['a','c']}]}",
                 "links[0].between[1]: expected the name of a node, got 'c'");
    assert_fault("{" TWO_NODES ",'links':[{'between':['a']}]}",
                 "links[0].between: expected two nodes, like ['client', 'server'], got an array");
    assert_fault("{" TWO_NODES ",'links':[{'between':['a:1','b']}]}",
                 "links[0].between[0]: that node has interfaces 0 to 0");
    assert_fault("{" TWO_NODES ",'links':[{'between':['a','b']},{'between':['a','b']}]}",
                 "links[1].between[0]: has a link already\nlinks[1].between[1]: has a link already");
    assert_fault("{" TWO_NODES ",'links':[{'between':['a','a']}]}",
                 "links[0].between: a link joins two interfaces, not one with itself");
}

static void each_fault_of_a_node_is_named_by_its_path(void **state)
{
    (void)state;
    assert_fault("{}", "nodes: expected an array of at least one node, but it is not there");
    assert_fault("[]", "document: expected an object, got an array");
    assert_fault("{'tcplab':2,'nodes':[{'name':'a'}]}", "tcplab: expected a whole number from 1 to 1, got 2");
    assert_fault("{'nodes':[{'name':'a','interfaces':[]}]}",
                 "nodes[0].interfaces: expected an array of 1 to 8 interfaces, got an array");
    assert_fault(
        "{'nodes':[{'name':'a','address':'10.0.0.1'}]}",
        "nodes[0].address: expected an address and its prefix length, like '10.0.0.1/24', got '10.0.0.1'");
    assert_fault(
        "{'nodes':[{'name':'a','interfaces':[{'mac':'01:00:00:00:00:00'}]}]}",
        "nodes[0].interfaces[0].mac: expected the address of one interface, like '02:00:00:00:00:01', got '01:00:00:00:00:00'");
    assert_fault("{'nodes':[{'name':'a'},{'name':'a'}]}", "nodes[1]: cannot be made: exists already");
    assert_fault("{'nodes':[{'kind':'hub','name':'s'}]}",
                 "nodes[0].kind: expected 'host', 'router' or 'switch', got 'hub'");
    assert_fault("{'nodes':[{'name':'a','tcp':{'fast_open':'yes'}}]}",
                 "nodes[0].tcp.fast_open: expected 'off', 'client', 'server' or 'both', got 'yes'");
    assert_fault("{'nodes':[{'name':'a','tcp':{'nagel':true}}]}",
                 "nodes[0].tcp.nagel: unknown; did you mean 'nagle'?");
    assert_fault(
        "{'nodes':[{'name':'a','routes':[{'to':'0.0.0.0/0','via':'10.7.0.1'}]}]}",
        "nodes[0].routes[0].via: no interface of this node is in that network; say which one with 'interface'");
    assert_fault(
        "{'nodes':[{'name':'a','apps':[{'app':'sendr'}]}]}",
        "nodes[0].apps[0].app: expected a program: 'echo', 'sender', 'receiver' or 'ping', got 'sendr'");
    assert_fault("{'nodes':[{'name':'a','apps':[{'app':'sender','to':'10.0.0.2'}]}]}",
                 "nodes[0].apps[0].to: expected an address and port, like '10.0.0.2:80', got '10.0.0.2'");
    assert_fault(
        "{'nodes':[{'name':'a','apps':[{'app':'sender','to':'10.0.0.2:99999'}]}]}",
        "nodes[0].apps[0].to: expected an address and port, like '10.0.0.2:80', got '10.0.0.2:99999'");
    assert_fault("{" TWO_NODES ",'actions':[{'do':'conect'}]}",
                 "actions[0].do: expected a name like 'connect', got 'conect'");
    assert_fault("{" TWO_NODES ",'actions':[{'do':'listen','node':'z','socket':1}]}",
                 "actions[0].node: expected the name of a node, got 'z'");
    assert_fault("{" TWO_NODES ",'actions':[{'do':'listen','node':'a','socket':1,'port':2}]}",
                 "actions[0].port: unknown");
    assert_fault("{" TWO_NODES ",'actions':[{'at_ms':-3,'do':'drop','frame':1}]}",
                 "actions[0].at_ms: expected a number >= 0, got -3");
    assert_fault("{" TWO_NODES ",'end_ms':'later'}", "end_ms: expected a number >= 0, got 'later'");
}

static void all_faults_are_told(void **state)
{
    (void)state;
    assert_fault(
        "{'nodes':[{'name':'','mtu':1},{'name':'b','tcp':5}],'links':[{'between':['b','q'],'loss':'x'}],'x':1,'x':2}",
        "x: given twice\n"
        "x: unknown\n"
        "x: unknown\n"
        "nodes[0].mtu: unknown\n"
        "nodes[0].name: expected a name of 1 to 31 bytes without ':', got ''\n"
        "nodes[1].tcp: expected an object, got 5\n"
        "links[0].loss: expected a number from 0 to 1, got 'x'\n"
        "links[0].between[1]: expected the name of a node, got 'q'");
}

/* So many and no more, and how many there were besides. */
static void fifty_faults_are_told_and_the_rest_counted(void **state)
{
    (void)state;
    char scenario[2048] = "{'nodes':[{'name':'a'}]";
    for (unsigned i = 0; i < 60; i++)
        snprintf(scenario + strlen(scenario), sizeof scenario - strlen(scenario), ",'zz%u':1", i);
    snprintf(scenario + strlen(scenario), sizeof scenario - strlen(scenario), "}");
    const char *faults = bench_faults(scenario);
    unsigned lines = 1;
    for (const char *c = faults; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 51);
    assert_string_equal(faults + strlen(faults) - 11, "and 10 more");
}

static void too_many_of_a_kind_are_refused(void **state)
{
    (void)state;
    static char scenario[1 << 14];
    snprintf(scenario, sizeof scenario, "{'nodes':[");
    for (unsigned i = 0; i < LAB_NODES_MAX + 1; i++)
        snprintf(scenario + strlen(scenario), sizeof scenario - strlen(scenario), "%s{'name':'n%u'}",
                 i ? "," : "", i);
    snprintf(scenario + strlen(scenario), sizeof scenario - strlen(scenario), "]}");
    assert_non_null(strstr(bench_faults(scenario), "nodes: at most 64 are possible"));
    snprintf(scenario, sizeof scenario, "{" TWO_NODES ",'links':[{'between':['a','b'],'exactly':[");
    for (unsigned i = 0; i < LINK_EXACT_MAX + 1; i++)
        snprintf(scenario + strlen(scenario), sizeof scenario - strlen(scenario), "%s{'drop':{}}",
                 i ? "," : "");
    snprintf(scenario + strlen(scenario), sizeof scenario - strlen(scenario), "]}]}");
    assert_string_equal(bench_faults(scenario), "links[0].exactly: at most 16 are possible");
}

static void what_is_not_json_is_told_with_its_place(void **state)
{
    (void)state;
    assert_fault("", "document: line 1, column 1: not JSON around here");
    assert_fault("{'nodes':\n [{]", "document: line 2, column 5: not JSON around here");
    assert_fault("{} x", "document: line 1, column 4: not JSON around here");
    assert_fault("[[[[[[[[[[[[[[[[[[", "document: line 1, column 17: nested too deep");
    assert_fault("{'title':'a\\u0000b'}",
                 "document: line 1, column 12: \\u0000 cannot be in a text; use base64 for bytes");
}

static void faults_that_do_not_fit_are_cut_off(void **state)
{
    (void)state;
    struct bench b;
    char few[16];
    bench_open(&b, "{'nodes':[{'name':'a'}]}");
    static const char bad[] = "{\"nodes\":5,\"unknown_member\":1}";
    assert_int_equal(lab_load(b.lab, bytes_of(bad, sizeof bad - 1), room_of(few, sizeof few)), STATUS_EINVAL);
    assert_string_equal(few, "unknown_member:");
    bench_close(&b);
}

/* Whatever is cut out of a scenario, or put in: an error or not, but never a crash. */
static void mangled_scenarios_do_no_harm(void **state)
{
    (void)state;
    static char text[8192], errors[4096];
    FILE *f = fopen("tests/lab/scenarios/routed.json", "rb");
    assert_non_null(f);
    size_t len = fread(text, 1, sizeof text - 2, f);
    fclose(f);
    static const char put[] = {'{', '"', '}', '0', ',', '[', '\\', (char)0xff};
    unsigned refused = 0;
    for (size_t i = 0; i < len; i += 3) {
        const struct lab_config config = {
            .seed = 1, .trace_events = 1024, .capture_bytes = CAPTURE_BYTES_MIN};
        size_t size = 4 << 20;
        void *memory = calloc(1, size);
        struct lab *l = lab_create(memory, size, &config);
        char kept = text[i];
        text[i] = put[i / 3 % sizeof put];
        size_t cut = i % 2 ? len : i;
        refused += lab_load(l, bytes_of(text, cut), room_of(errors, sizeof errors)) < 0;
        text[i] = kept;
        free(memory);
    }
    assert_true(refused > len / 6);
}

static void an_outline_is_read_before_there_is_a_lab(void **state)
{
    (void)state;
    static _Alignas(16) uint8_t scratch[1 << 18];
    static const char json[] = "{\"seed\":42,\"end_ms\":1.5,\"nodes\":7}";
    struct lab_outline o;
    assert_true(lab_outline_read(&o, bytes_of(json, sizeof json - 1), room_of(scratch, sizeof scratch)));
    assert_int_equal(o.seed, 42);
    assert_int_equal(o.end_us, 1500);
    assert_false(lab_outline_read(&o, bytes_of(json, 5), room_of(scratch, sizeof scratch)));
    assert_int_equal(o.seed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_scenario_has_no_faults),
        cmocka_unit_test(settings_reach_the_link),
        cmocka_unit_test(settings_reach_the_nodes),
        cmocka_unit_test(each_fault_of_a_link_is_named_by_its_path),
        cmocka_unit_test(each_fault_of_a_node_is_named_by_its_path),
        cmocka_unit_test(all_faults_are_told),
        cmocka_unit_test(fifty_faults_are_told_and_the_rest_counted),
        cmocka_unit_test(too_many_of_a_kind_are_refused),
        cmocka_unit_test(what_is_not_json_is_told_with_its_place),
        cmocka_unit_test(faults_that_do_not_fit_are_cut_off),
        cmocka_unit_test(mangled_scenarios_do_no_harm),
        cmocka_unit_test(an_outline_is_read_before_there_is_a_lab),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
