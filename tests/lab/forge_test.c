/* Segments made by hand: what is said is what is sent, and a person alone can be the stack. */
#include "lab/forge.h"

#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/status.h"
#include "wire/ethernet.h"

/* The client is deaf: its stack does not answer what a person does in its name. */
#define PAIR                                                                                                 \
    "{'nodes':[{'name':'client','address':'10.0.0.1/24','faults':['deaf_tcp']},{'name':'server','address':"  \
    "'10.0.0.2/24','apps':[{'app':'receiver','port':80,'keep':true}]}],'links':[{'name':'wire','between':["  \
    "'client','server'],'delay_ms':10}]}"

static struct bench b;

/* The last frame that the client sent, taken apart. Its padding and FCS are not in `payload`. */
struct sent {
    struct ipv4_repr ip;
    struct tcp_repr tcp;
    struct bytes packet, message, payload;
    struct lab_frame frame;
};

static struct sent last_sent(void)
{
    struct sent s = {.frame = {.t_us = 0}};
    uint32_t id = 0;
    for (unsigned i = 0; i < bench_count(&b, TRACE_FRAME_SENT); i++)
        if (bench_event(&b, TRACE_FRAME_SENT, i)->node == 0)
            id = bench_event(&b, TRACE_FRAME_SENT, i)->frame;
    assert_true(lab_frame(b.lab, id, &s.frame));
    s.packet = link_ip_packet(lab_link(b.lab, 0), s.frame.bytes);
    assert_int_equal(ipv4_parse(&s.ip, s.packet), 0);
    s.message = bytes_first(bytes_from(s.packet, s.ip.header_bytes), s.ip.payload_bytes);
    tcp_options_clear(&s.tcp.options);
    if (s.ip.protocol == IP_PROTOCOL_TCP && !s.ip.fragment_offset_bytes) {
        assert_int_equal(tcp_parse(&s.tcp, s.message), 0);
        s.payload = bytes_from(s.message, s.tcp.header_bytes);
    }
    return s;
}

static void forge(const char *command)
{
    const char *reply = bench_do(&b, command);
    if (strncmp(reply, "{'ok':true,'frame':", 19) != 0)
        print_error("%s\n%s\n", command, reply);
    assert_int_equal(strncmp(reply, "{'ok':true,'frame':", 19), 0);
    lab_run_until(b.lab, lab_now_us(b.lab) + 100000, 0);
}

static void every_field_is_as_it_was_said(void **state)
{
    (void)state;
    bench_open(&b, PAIR);
    forge("{'do':'forge','node':'client','to':'server:80','from':'10.9.9.9:1234','flags':'SYN,ECE,CWR','seq':"
          "4294967295,'ack':7,'window':1000,'urgent':3,'text':'hi','ttl':5,'tos':8,'id':777,'dont_fragment':"
          "false,'options':{'mss':1400,'window_scale':7,'sack_permitted':true,'timestamps':[5,6]}}");
    struct sent s = last_sent();
    assert_true(ip_addr_equal(s.ip.src, ip_addr_v4(0x0a090909)));
    assert_true(ip_addr_equal(s.ip.dst, ip_addr_v4(0x0a000002)));
    assert_int_equal(s.ip.ttl, 5);
    assert_int_equal(s.ip.tos, 8);
    assert_int_equal(s.ip.id, 777);
    assert_false(s.ip.dont_fragment);
    assert_int_equal(s.tcp.src_port, 1234);
    assert_int_equal(s.tcp.dst_port, 80);
    assert_int_equal(s.tcp.flags, TCP_SYN | TCP_ECE | TCP_CWR);
    assert_int_equal(s.tcp.seq, 4294967295u);
    assert_int_equal(s.tcp.ack, 7);
    assert_int_equal(s.tcp.window, 1000);
    assert_int_equal(s.tcp.urgent, 3);
    assert_int_equal(s.tcp.options.mss, 1400);
    assert_int_equal(s.tcp.options.window_scale, 7);
    assert_true(s.tcp.options.sack_permitted);
    assert_int_equal(s.tcp.options.ts_value, 5);
    assert_int_equal(s.tcp.options.ts_echo, 6);
    assert_true(bytes_equal(s.payload, bytes_of("hi", 2)));
    assert_true(ipv4_checksum_good(s.packet));
    assert_true(tcp_checksum_good(s.message, s.ip.src, s.ip.dst));
    bench_close(&b);
}

static void sack_blocks_and_a_wrong_checksum(void **state)
{
    (void)state;
    bench_open(&b, PAIR);
    forge(
        "{'do':'forge','node':'client','to':'server:80','flags':'ACK','checksum':'wrong','options':{'sack':[["
        "10,20],[30,40]]}}");
    struct sent s = last_sent();
    assert_int_equal(s.tcp.options.sack_count, 2);
    assert_int_equal(s.tcp.options.sack[1].left, 30);
    assert_false(tcp_checksum_good(s.message, s.ip.src, s.ip.dst));
    assert_true(ipv4_checksum_good(s.packet));
    const struct trace_event *dropped = bench_event(&b, TRACE_PACKET_DROPPED, 0);
    assert_int_equal(dropped->u.packet_dropped.reason, DROP_BAD_CHECKSUM);
    bench_close(&b);
}

/* The person is why it was sent: the action is at the root of its causes, and no rule asked for it. */
static void the_person_is_the_cause(void **state)
{
    (void)state;
    bench_open(&b, PAIR);
    forge("{'do':'forge','node':'client','to':'server:81','from':'client:9','flags':'SYN'}");
    struct sent s = last_sent();
    assert_int_equal(s.frame.rule, RULE_NONE);
    const struct trace_event *cause = trace_at(lab_trace(b.lab), s.frame.cause);
    assert_int_equal(cause->kind, TRACE_ACTION);
    assert_int_equal(cause->u.action.action, LAB_ACTION_FORGE);
    bench_close(&b);
}

/* A handshake, data and a close, all from a person's hand, numbers counted from the SYNs. */
static void a_person_can_be_the_stack(void **state)
{
    (void)state;
    bench_open(&b, PAIR);
    forge("{'do':'forge','node':'client','to':'server:80','from':'client:5000','flags':'SYN','seq':1000000}");
    forge(
        "{'do':'forge','node':'client','to':'server:80','from':'client:5000','flags':'ACK','seq_relative':1,"
        "'ack_relative':1}");
    forge(
        "{'do':'forge','node':'client','to':'server:80','from':'client:5000','flags':'PSH,ACK','seq_relative':"
        "1,'ack_relative':1,'text':'by hand'}");
    assert_int_equal(last_sent().tcp.seq, 1000001);
    const struct app *receiver = host_app(lab_host(b.lab, 1), 1);
    assert_int_equal(receiver->received_bytes, 7);
    assert_true(bytes_equal(app_received(receiver, 0), bytes_of("by hand", 7)));
    forge(
        "{'do':'forge','node':'client','to':'server:80','from':'client:5000','flags':'FIN,ACK','seq_relative':"
        "8,'ack_relative':1}");
    bool close_wait = false;
    for (unsigned i = 0; i < bench_count(&b, TRACE_TCP_STATE); i++)
        close_wait = close_wait || bench_event(&b, TRACE_TCP_STATE, i)->u.tcp_state.to == TCP_CLOSE_WAIT;
    assert_true(close_wait);
    bench_close(&b);
}

static void datagrams_and_fragments(void **state)
{
    (void)state;
    bench_open(&b, PAIR);
    forge("{'do':'forge','node':'client','protocol':'udp','to':'server:53','from':'client:9','text':'abcd'}");
    struct sent s = last_sent();
    assert_int_equal(s.ip.protocol, IP_PROTOCOL_UDP);
    assert_int_equal(s.message.len, 12);
    forge(
        "{'do':'forge','node':'client','protocol':'udp','to':'server:53','from':'client:9','text':'abcdefgh',"
        "'more_fragments':true,'dont_fragment':false,'fragment_offset_bytes':16}");
    s = last_sent();
    assert_int_equal(s.ip.fragment_offset_bytes, 16);
    assert_true(s.ip.more_fragments);
    assert_true(bytes_equal(s.message, bytes_of("abcdefgh", 8)));
    bench_close(&b);
}

static void raw_bytes_go_on_the_link_as_they_are(void **state)
{
    (void)state;
    bench_open(&b, PAIR);
    forge("{'do':'inject','link':'wire','from':'server','base64':'AgAAAAABAgAAAAACCAAB'}"); /* 15 bytes */
    const struct trace_event *sent = bench_event(&b, TRACE_FRAME_SENT, 0);
    struct lab_frame f;
    assert_true(lab_frame(b.lab, sent->frame, &f));
    assert_int_equal(f.node, 1);
    assert_int_equal(f.bytes.len, 15 + ETHERNET_FCS);
    assert_true(ethernet_fcs_good(f.bytes));
    assert_int_equal(trace_at(lab_trace(b.lab), f.cause)->u.action.action, LAB_ACTION_INJECT);
    forge("{'do':'inject','link':'wire','from':'client','base64':'AQ==','fcs':'given'}");
    sent = bench_event(&b, TRACE_FRAME_SENT, bench_count(&b, TRACE_FRAME_SENT) - 1);
    assert_true(lab_frame(b.lab, sent->frame, &f));
    assert_int_equal(f.bytes.len, 1);
    bench_close(&b);
}

static void refused(const char *command, const char *why)
{
    const char *reply = bench_do(&b, command);
    if (!strstr(reply, why))
        print_error("%s\nhas not: %s\n", reply, why);
    assert_non_null(strstr(reply, why));
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    bench_open(&b, PAIR);
    uint32_t before = lab_trace(b.lab)->last_id;
    refused("{'do':'forge','node':'client'}", "to: expected an address and port");
    refused("{'do':'forge','node':'client','to':'server:80','flags':'SIN'}",
            "flags: expected flags out of FIN SYN");
    refused("{'do':'forge','node':'client','to':'server:80','flags':'SYN,'}", "flags: expected flags");
    refused("{'do':'forge','node':'client','to':'server:80','seq_relative':1}",
            "seq_relative: no SYN of that direction was captured to count from");
    refused("{'do':'forge','node':'client','to':'server:80','seq':1,'seq_relative':1}", "only one of");
    refused("{'do':'forge','node':'client','to':'server:80','fragment_offset_bytes':3}",
            "fragment_offset_bytes: expected a multiple of 8");
    refused("{'do':'forge','node':'client','to':'server:80','options':{'mss':70000}}",
            "options.mss: expected");
    refused("{'do':'forge','node':'client','to':'server:80','options':{'sack':[[1,2,3]]}}",
            "options.sack[0]: expected [left, right]");
    refused("{'do':'forge','node':'client','to':'[2001:db8::1]:80'}", "to: expected an IPv4 address");
    refused("{'do':'inject','link':'wire','from':'client'}", "the frame");
    refused("{'do':'inject','link':'wire','from':'nobody','base64':'AQ=='}",
            "from: expected the name of a node");
    assert_int_equal(lab_trace(b.lab)->last_id, before);
    refused("{'do':'forge','node':'client','to':'10.7.0.1:80'}", "ENETUNREACH");
    refused("{'do':'forge','node':'client','to':'client:80'}", "ENETUNREACH");
    refused(
        "{'do':'forge','node':'client','to':'server:80','options':{'timestamps':[1,2],'sack':[[1,2],[3,4],[5,"
        "6],[7,8]]}}",
        "EINVAL");
    bench_close(&b);
}

static void what_is_too_large_for_the_link_is_refused(void **state)
{
    (void)state;
    bench_open(&b, PAIR);
    static uint8_t large[1461];
    struct forged f;
    forged_default(&f);
    f.ip.src = ip_addr_v4(0x0a000001);
    f.ip.dst = ip_addr_v4(0x0a000002);
    f.payload = bytes_of(large, sizeof large);
    assert_int_equal(forge_send(lab_host(b.lab, 0), &f), STATUS_EMSGSIZE);
    f.payload.len--;
    assert_true(forge_send(lab_host(b.lab, 0), &f) > 0);
    bench_close(&b);
}

/* A host between two others, and a router behind one of them. */
#define BETWEEN                                                                                              \
    "{'nodes':[{'name':'middle','interfaces':[{'address':'10.0.0.9/24'},{'address':'10.0.1.9/24'},"          \
    "{'address':'10.0.2.9/24'}],'routes':[{'to':'10.7.0.0/16','via':'10.0.1.1'}]},"                          \
    "{'name':'left','address':'10.0.0.1/24'},{'name':'right','address':'10.0.1.1/24'}],"                     \
    "'links':[{'name':'a','between':['middle:0','left']},{'name':'b','between':['middle:1','right']}]}"

/* Which link a forged segment left on, if any, and whose address was asked for there. */
static void assert_leaves(const char *command, int link, uint32_t next_hop)
{
    bench_open(&b, BETWEEN);
    forge(command);
    const struct trace_event *sent = bench_event(&b, TRACE_FRAME_SENT, 0);
    assert_int_equal(sent ? sent->u.frame_sent.link : -1, link);
    assert_int_equal(bench_event(&b, TRACE_ARP_ASKED, 0)->u.arp_asked.addr, next_hop);
    bench_close(&b);
}

/* Without a word the route decides. By an interface the packet goes to the router that a route there names, else to the
 * destination itself, as if it were there. */
static void the_interface_can_be_chosen(void **state)
{
    (void)state;
    assert_leaves("{'do':'forge','node':'middle','to':'10.0.0.1:80'}", 0, 0x0a000001);
    assert_leaves("{'do':'forge','node':'middle','to':'10.0.0.1:80','interface':0}", 0, 0x0a000001);
    assert_leaves("{'do':'forge','node':'middle','to':'10.0.0.1:80','interface':1}", 1, 0x0a000001);
    assert_leaves("{'do':'forge','node':'middle','to':'10.7.0.1:80'}", 1, 0x0a000101);
    assert_leaves("{'do':'forge','node':'middle','to':'10.7.0.1:80','interface':1}", 1, 0x0a000101);
    assert_leaves("{'do':'forge','node':'middle','to':'10.7.0.1:80','interface':0}", 0, 0x0a070001);
    assert_leaves("{'do':'forge','node':'middle','to':'10.0.0.1:80','interface':2}", -1, 0x0a000001);
}

/* Its address is the one that is claimed, unless another is said; what it carries goes to whoever answers there. */
static void it_is_from_the_interface_that_was_chosen(void **state)
{
    (void)state;
    bench_open(&b, BETWEEN);
    forge("{'do':'forge','node':'middle','to':'10.0.1.1:80','interface':1}");
    unsigned last = bench_count(&b, TRACE_TCP_SEGMENT_RECEIVED);
    assert_true(last > 0);
    assert_int_equal(bench_event(&b, TRACE_TCP_SEGMENT_RECEIVED, 0)->u.tcp_segment_received.src_addr,
                     0x0a000109);
    bench_close(&b);
}

static void an_interface_that_is_not_there_is_named(void **state)
{
    (void)state;
    bench_open(&b, BETWEEN);
    assert_non_null(strstr(bench_do(&b, "{'do':'forge','node':'middle','to':'10.0.0.1:80','interface':3}"),
                           "interface: expected a whole number from 0 to 2, got 3"));
    assert_non_null(strstr(bench_do(&b, "{'do':'forge','node':'middle','to':'10.0.0.1:80','interface':'b'}"),
                           "interface: expected a whole number from 0 to 2, got 'b'"));
    assert_non_null(strstr(bench_do(&b, "{'do':'forge','node':'middle','to':'10.0.1.9:80','interface':0}"),
                           "'error':'ENETUNREACH'"));
    bench_close(&b);
    assert_string_equal(
        bench_faults("{'nodes':[{'name':'a','address':'10.0.0.1/24'}],'actions':[{'do':'forge','node':'a',"
                     "'to':'10.0.0.2:80','interface':1}]}"),
        "actions[0].interface: expected a whole number from 0 to 0, got 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_as_it_was_said),
        cmocka_unit_test(sack_blocks_and_a_wrong_checksum),
        cmocka_unit_test(the_person_is_the_cause),
        cmocka_unit_test(a_person_can_be_the_stack),
        cmocka_unit_test(datagrams_and_fragments),
        cmocka_unit_test(raw_bytes_go_on_the_link_as_they_are),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(what_is_too_large_for_the_link_is_refused),
        cmocka_unit_test(the_interface_can_be_chosen),
        cmocka_unit_test(it_is_from_the_interface_that_was_chosen),
        cmocka_unit_test(an_interface_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
