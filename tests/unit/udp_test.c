/*
 * transport/udp.c: datagrams that go out, and those that come in and find the port they are for.
 */
#include "unit/support/udp_node.h"

static void a_datagram_goes_out_as_it_is(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *p = udp_node_bound(x, ANY, 53);
    struct ip_endpoint to = {PEER, 99};
    p->ttl = 7;
    p->tos = 0x10;
    assert_int_equal(udp_send(&x->u, p, &to, bytes_of("hello", 5)), 5);
    const struct trace_event *e = node_last(x->t, TRACE_UDP_SENT);
    assert_int_equal(x->t->n[0].queue_head->cause, e->id);
    assert_int_equal(x->t->n[0].queue_head->rule, RULE_UDP_SEND);
    assert_int_equal(e->socket, 4);
    assert_int_equal(e->u.udp_sent.payload_bytes, 5);
    struct ipv4_repr ip;
    struct node_packet out;
    struct bytes b;
    struct udp_repr r;
    node_take_ipv4(x->t, 0, &ip, &out, &b);
    assert_int_equal(ip.ttl, 7);
    assert_int_equal(ip.tos, 0x10);
    assert_int_equal(ip.protocol, IP_PROTOCOL_UDP);
    assert_int_equal(udp_parse(&r, b), 0);
    assert_true(r.has_checksum);
    assert_true(udp_checksum_good(b, NODE_A, PEER));
    assert_int_equal(r.src_port, 53);
    assert_int_equal(r.dst_port, 99);
    assert_memory_equal(b.at + UDP_HEADER, "hello", 5);
    p->no_checksum = true;
    assert_int_equal(udp_send(&x->u, p, &to, bytes_of("", 0)), 0);
    node_take_ipv4(x->t, 0, &ip, &out, &b);
    assert_int_equal(udp_parse(&r, b), 0);
    assert_false(r.has_checksum);
    assert_int_equal(r.payload_bytes, 0);
    assert_int_equal(x->u.counters.out_datagrams, 2);
    udp_node_destroy(x);
}

static void what_cannot_be_sent_has_a_status(void **state)
{
    (void)state;
    static const uint8_t large[UDP_PAYLOAD_MAX + 1];
    struct udp_node *x = udp_node_create();
    struct udp_port *p = udp_node_bound(x, ANY, 53);
    struct ip_endpoint to = {PEER, 99};
    assert_int_equal(udp_send(&x->u, p, NULL, bytes_of("x", 1)), STATUS_EDESTADDRREQ);
    assert_int_equal(udp_send(&x->u, p, &to, bytes_of(large, 1473)), STATUS_EMSGSIZE);
    assert_int_equal(udp_send(&x->u, p, &to, bytes_of(large, sizeof large)), STATUS_EMSGSIZE);
    assert_int_equal(udp_send(&x->u, p, &to, bytes_of(large, 1472)), 1472);
    assert_int_equal(udp_send(&x->u, p, &(struct ip_endpoint){PEER, 0}, bytes_of("x", 1)), STATUS_EINVAL);
    assert_int_equal(udp_send(&x->u, p, &(struct ip_endpoint){STRANGER, 9}, bytes_of("x", 1)),
                     STATUS_ENETUNREACH);
    p->shut_send = true;
    assert_int_equal(udp_send(&x->u, p, &to, bytes_of("x", 1)), STATUS_EPIPE);
    struct udp_port *q = udp_node_bound(x, ip_addr_v4(0x7f000001), 54);
    assert_int_equal(udp_send(&x->u, q, &to, bytes_of("x", 1)), STATUS_EADDRNOTAVAIL);
    udp_node_destroy(x);
}

static void a_datagram_is_received_whole_or_cut(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *p = udp_node_bound(x, ANY, 53);
    udp_node_receive(x, PEER, NODE_A, 53, "first");
    udp_node_receive(x, PEER, NODE_A, 53, "second");
    assert_int_equal(x->ready_count, 2);
    const struct trace_event *e = node_last(x->t, TRACE_UDP_RECEIVED);
    assert_int_equal(e->socket, 4);
    assert_int_equal(e->frame, 7);
    assert_int_equal(e->u.udp_received.src_port, 1000);
    assert_int_equal(e->u.udp_received.payload_bytes, 6);
    assert_int_equal(p->tail->event, e->id);
    char text[16];
    struct ip_endpoint from;
    uint32_t full;
    assert_int_equal(udp_receive(&x->u, p, room_of(text, 3), &from, &full, true), 3);
    assert_int_equal(full, 5);
    assert_true(ip_endpoint_equal(from, (struct ip_endpoint){PEER, 1000}));
    assert_int_equal(udp_receive(&x->u, p, room_of(text, 3), &from, &full, false), 3);
    assert_memory_equal(text, "fir", 3);
    assert_int_equal(udp_node_read(x, p, text), 6); /* the rest of the first is gone */
    assert_string_equal(text, "second");
    assert_int_equal(udp_node_read(x, p, text), STATUS_EAGAIN);
    p->shut_receive = true;
    assert_int_equal(udp_node_read(x, p, text), 0);
    udp_node_destroy(x);
}

static void an_empty_datagram_counts(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *p = udp_node_bound(x, ANY, 53);
    udp_node_receive(x, PEER, NODE_A, 53, "");
    char text[16];
    assert_int_equal(udp_node_read(x, p, text), 0);
    assert_int_equal(udp_node_read(x, p, text), STATUS_EAGAIN);
    udp_node_destroy(x);
}

static void malformed_datagrams_are_dropped(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    udp_node_bound(x, ANY, 53);
    struct node_packet p = udp_node_datagram(PEER, NODE_A, 53, "hello", true);
    for (size_t len = 0; len < UDP_HEADER + 5; len++) {
        struct node_packet cut = node_ipv4(PEER, NODE_A, NULL, bytes_of(p.at + 20, len));
        node_receive(x->t, 0, &cut);
        node_assert_dropped(x->t, TRACE_UDP, len < UDP_HEADER ? DROP_TRUNCATED : DROP_MALFORMED);
        assert_int_equal(x->u.counters.in_bad, len + 1);
    }
    p.at[20 + 5] = 7; /* a length below the header's */
    node_receive(x->t, 0, &p);
    node_assert_dropped(x->t, TRACE_UDP, DROP_MALFORMED);
    node_assert_silent(x->t, 0);
    udp_node_destroy(x);
}

static void the_checksum_is_verified_when_there_is_one(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *port = udp_node_bound(x, ANY, 53);
    struct node_packet p = udp_node_datagram(PEER, NODE_A, 53, "hello", true);
    uint16_t right = be16_load(p.at + 20 + UDP_CHECKSUM_AT);
    be16_store(p.at + 20 + UDP_CHECKSUM_AT, (uint16_t)(right ^ 0x100));
    node_receive(x->t, 0, &p);
    node_assert_dropped(x->t, TRACE_UDP, DROP_BAD_CHECKSUM);
    const struct trace_event *e = node_last(x->t, TRACE_CHECKSUM_CHECKED);
    assert_int_equal(e->u.checksum_checked.protocol, TRACE_UDP);
    assert_int_equal(e->u.checksum_checked.good, 0);
    assert_int_equal(e->u.checksum_checked.computed, right);
    assert_null(port->head);
    x->u.verify_checksum = false;
    node_receive(x->t, 0, &p);
    assert_non_null(port->head);
    x->u.verify_checksum = true;
    p = udp_node_datagram(PEER, NODE_A, 53, "none", false);
    node_receive(x->t, 0, &p);
    assert_int_equal(x->u.counters.in_datagrams, 2);
    udp_node_destroy(x);
}

static void a_port_without_listener_is_unreachable(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    udp_node_receive(x, PEER, NODE_A, 53, "hello");
    node_assert_dropped(x->t, TRACE_UDP, DROP_NO_PORT);
    assert_int_equal(x->u.counters.in_no_port, 1);
    struct ipv4_repr ip;
    struct node_packet p;
    struct bytes b;
    struct icmp_repr icmp;
    node_take_ipv4(x->t, 0, &ip, &p, &b);
    assert_int_equal(icmp_parse(&icmp, b), 0);
    assert_int_equal(icmp.type, ICMP_TYPE_UNREACHABLE);
    assert_int_equal(icmp.code, ICMP_CODE_PORT);
    udp_node_receive(x, PEER, LINK_BROADCAST, 53, "hello");
    node_assert_silent(x->t, 0);
    udp_node_destroy(x);
}

static unsigned queued(const struct udp_port *p)
{
    unsigned count = 0;
    for (const struct udp_datagram *d = p->head; d; d = d->next)
        count++;
    return count;
}

static void the_closest_match_gets_the_datagram(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *any = udp_node_open(x);
    struct udp_port *local = udp_node_open(x);
    struct udp_port *connected = udp_node_open(x);
    any->reuse_addr = local->reuse_addr = connected->reuse_addr = true;
    assert_int_equal(udp_bind(&x->u, connected, (struct ip_endpoint){NODE_A, 53}), 0);
    assert_int_equal(udp_connect(&x->u, connected, (struct ip_endpoint){PEER, 1000}), 0);
    assert_int_equal(udp_bind(&x->u, local, (struct ip_endpoint){NODE_A, 53}), 0);
    assert_int_equal(udp_bind(&x->u, any, (struct ip_endpoint){ANY, 53}), 0);
    udp_node_receive(x, PEER, NODE_A, 53, "to connected");
    assert_int_equal(queued(connected), 1);
    assert_int_equal(queued(local), 0);
    udp_node_receive(x, ip_addr_v4(0x0a000003), NODE_A, 53, "to local");
    assert_int_equal(queued(local), 1);
    assert_int_equal(queued(any), 0);
    udp_node_receive(x, PEER, LINK_BROADCAST, 53, "to any");
    assert_int_equal(queued(any), 1);
    assert_int_equal(queued(local), 1);
    assert_int_equal(queued(connected), 1);
    udp_node_destroy(x);
}

static void a_broadcast_goes_to_everybody_who_matches(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *a = udp_node_open(x);
    struct udp_port *b = udp_node_open(x);
    a->reuse_addr = b->reuse_addr = true;
    assert_int_equal(udp_bind(&x->u, a, (struct ip_endpoint){ANY, 67}), 0);
    assert_int_equal(udp_bind(&x->u, b, (struct ip_endpoint){ANY, 67}), 0);
    udp_node_receive(x, PEER, LINK_BROADCAST, 67, "all");
    assert_non_null(a->head);
    assert_non_null(b->head);
    udp_node_destroy(x);
}

static void the_receive_queue_has_a_limit_in_bytes(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *p = udp_node_bound(x, ANY, 53);
    p->queue_bytes_max = 3 * (sizeof(struct udp_datagram) + 10);
    for (int i = 0; i < 4; i++)
        udp_node_receive(x, PEER, NODE_A, 53, "0123456789");
    node_assert_dropped(x->t, TRACE_UDP, DROP_QUEUE_FULL);
    assert_int_equal(x->u.counters.in_full, 1);
    assert_int_equal(x->u.counters.in_datagrams, 3);
    char text[16];
    assert_int_equal(udp_node_read(x, p, text), 10);
    udp_node_receive(x, PEER, NODE_A, 53, "0123456789");
    assert_int_equal(x->u.counters.in_datagrams, 4);
    udp_node_destroy(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_datagram_goes_out_as_it_is),
        cmocka_unit_test(what_cannot_be_sent_has_a_status),
        cmocka_unit_test(a_datagram_is_received_whole_or_cut),
        cmocka_unit_test(an_empty_datagram_counts),
        cmocka_unit_test(malformed_datagrams_are_dropped),
        cmocka_unit_test(the_checksum_is_verified_when_there_is_one),
        cmocka_unit_test(a_port_without_listener_is_unreachable),
        cmocka_unit_test(the_closest_match_gets_the_datagram),
        cmocka_unit_test(a_broadcast_goes_to_everybody_who_matches),
        cmocka_unit_test(the_receive_queue_has_a_limit_in_bytes),
    };
    return cmocka_run_group_tests_name("udp", tests, NULL, NULL);
}
