#include "unit/support/node.h"

/* A transport that remembers what it was given. */
struct heard {
    unsigned packets, errors;
    struct ip_packet packet;
    struct ip_error error;
    uint8_t first;
};

static void hear(void *layer, const struct ip_packet *p)
{
    struct heard *h = layer;
    h->packets++;
    h->packet = *p;
    h->first = p->payload.len ? p->payload.at[0] : 0;
}

static void hear_error(void *layer, const struct ip_error *e)
{
    struct heard *h = layer;
    h->errors++;
    h->error = *e;
}

static int send_bytes(struct node *t, struct ip_addr dst, const char *text)
{
    uint32_t len = (uint32_t)strlen(text);
    struct frame *f = frame_create(&t->m, len);
    memcpy(frame_append(f, len), text, len);
    struct ip_send s = {.dst = dst, .protocol = IP_PROTOCOL_TCP};
    return ip_output(&t->ip, f, &s, NULL);
}

static void local_addresses_are_ours_and_loopback(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.router = true});
    assert_true(ip_is_local(&t->ip, NODE_A));
    assert_true(ip_is_local(&t->ip, NODE_B));
    assert_true(ip_is_local(&t->ip, ip_addr_v4(0x7f123456)));
    assert_false(ip_is_local(&t->ip, PEER));
    assert_false(ip_is_local(&t->ip, ip_addr_v4(0)));
    assert_false(ip_is_local(&t->ip, LINK_BROADCAST));
    assert_true(ip_is_broadcast(&t->ip, LINK_BROADCAST));
    assert_true(ip_is_broadcast(&t->ip, ip_addr_v4(0x0a0001ff)));
    assert_true(ip_is_broadcast(&t->ip, ip_addr_v4(0xffffffff)));
    assert_false(ip_is_broadcast(&t->ip, NODE_A));
    node_destroy(t);
}

static void the_path_names_interface_neighbour_and_source(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.router = true});
    struct ip_path path;
    assert_int_equal(ip_route(&t->ip, PEER_2, &path), 0);
    assert_ptr_equal(path.netif, &t->n[1]);
    assert_true(ip_addr_equal(path.next_hop, PEER_2));
    assert_true(ip_addr_equal(path.src, NODE_B));
    assert_int_equal(path.mtu_bytes, 1500);
    assert_false(path.loopback);
    assert_int_equal(ip_route(&t->ip, STRANGER, &path), STATUS_ENETUNREACH);
    struct route r = {.net = ip_addr_v4(0), .prefix = 0, .netif = 0, .has_gateway = true, .gateway = PEER};
    assert_int_equal(route_add(&t->ip.routes, &r), 0);
    assert_int_equal(ip_route(&t->ip, STRANGER, &path), 0);
    assert_true(ip_addr_equal(path.next_hop, PEER));
    assert_int_equal(ip_route(&t->ip, ip_addr_v4(0xffffffff), &path), 0);
    assert_true(ip_addr_equal(path.next_hop, ip_addr_v4(0xffffffff))); /* not by the gateway */
    t->n[0].up = false;
    assert_int_equal(ip_route(&t->ip, STRANGER, &path), STATUS_ENETDOWN);
    assert_int_equal(ip_route(&t->ip, (struct ip_addr){1, 1}, &path), STATUS_ENETUNREACH);
    assert_int_equal(ip_route(&t->ip, ip_addr_v4(0), &path), STATUS_ENETUNREACH);
    node_destroy(t);
}

static void only_transports_with_a_slot_register(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct heard h = {0};
    struct ip_protocol p = {&h, hear, NULL};
    assert_int_equal(ip_register(&t->ip, IP_PROTOCOL_TCP, &p), 0);
    assert_int_equal(ip_register(&t->ip, IP_PROTOCOL_UDP, &p), 0);
    assert_int_equal(ip_register(&t->ip, IP_PROTOCOL_ICMP, &p), STATUS_EPROTONOSUPPORT);
    assert_int_equal(ip_register(&t->ip, 132, &p), STATUS_EPROTONOSUPPORT);
    assert_ptr_equal(ip_handler(&t->ip, IP_PROTOCOL_TCP)->layer, &h);
    assert_null(ip_handler(&t->ip, 132));
    node_destroy(t);
}

static void there_is_an_end_to_interfaces(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    for (int i = 1; i < IP_INTERFACES_MAX; i++)
        assert_int_equal(ip_add_interface(&t->ip, &t->n[0]), i);
    assert_int_equal(ip_add_interface(&t->ip, &t->n[0]), STATUS_ENOBUFS);
    t->ip.netif_count = 1;
    node_destroy(t);
}

static void a_packet_to_ourselves_waits_and_comes_back(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct heard h = {0};
    ip_register(&t->ip, IP_PROTOCOL_TCP, &(struct ip_protocol){&h, hear, hear_error});
    trace_enter(t->m.trace, 77);
    assert_int_equal(send_bytes(t, ip_addr_v4(0x7f000001), "a"), 0);
    trace_enter(t->m.trace, 0);
    assert_int_equal(send_bytes(t, NODE_A, "b"), 0);
    assert_int_equal(h.packets, 0); /* never inside the sending */
    assert_true(ip_loopback_run(&t->ip));
    assert_int_equal(h.packets, 1);
    assert_int_equal(h.first, 'a');
    assert_true(h.packet.loopback);
    assert_true(ip_addr_equal(h.packet.src, ip_addr_v4(0x7f000001)));
    assert_int_equal(node_last(t, TRACE_HEADER_REMOVED)->cause, 77);
    assert_true(ip_loopback_run(&t->ip));
    assert_int_equal(h.first, 'b');
    assert_true(ip_addr_equal(h.packet.src, NODE_A));
    assert_false(ip_loopback_run(&t->ip));
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void the_loopback_queue_has_an_end(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    for (unsigned i = 0; i < IP_LOOPBACK_QUEUE_MAX; i++)
        assert_int_equal(send_bytes(t, NODE_A, "x"), 0);
    assert_int_equal(send_bytes(t, NODE_A, "x"), STATUS_ENOBUFS);
    node_assert_dropped(t, TRACE_IPV4, DROP_QUEUE_FULL);
    while (ip_loopback_run(&t->ip))
        ;
    assert_int_equal(t->ip.loopback_count, 0);
    node_destroy(t);
}

static void a_neighbour_that_does_not_answer_is_told_to_the_transport(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct heard h = {0};
    ip_register(&t->ip, IP_PROTOCOL_TCP, &(struct ip_protocol){&h, hear, hear_error});
    assert_int_equal(send_bytes(t, PEER, "12345678"), 0);
    node_run_until(t, t->m.now_us + 10000000);
    assert_int_equal(h.errors, 1);
    assert_int_equal(h.error.type, ICMP_TYPE_UNREACHABLE);
    assert_int_equal(h.error.code, ICMP_CODE_HOST);
    assert_true(ip_addr_equal(h.error.src, NODE_A));
    assert_true(ip_addr_equal(h.error.dst, PEER));
    assert_int_equal(h.error.quoted.len, 8);
    assert_int_equal(t->ip.counters.icmp_out, 0);
    node_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_addresses_are_ours_and_loopback),
        cmocka_unit_test(the_path_names_interface_neighbour_and_source),
        cmocka_unit_test(only_transports_with_a_slot_register),
        cmocka_unit_test(there_is_an_end_to_interfaces),
        cmocka_unit_test(a_packet_to_ourselves_waits_and_comes_back),
        cmocka_unit_test(the_loopback_queue_has_an_end),
        cmocka_unit_test(a_neighbour_that_does_not_answer_is_told_to_the_transport),
    };
    return cmocka_run_group_tests_name("ip", tests, NULL, NULL);
}
