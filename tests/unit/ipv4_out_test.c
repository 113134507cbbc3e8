#include "unit/support/node.h"

static int send_len(struct node *t, const struct ip_send *s, const struct ip_path *path, uint32_t len)
{
    struct frame *f = frame_create(&t->m, len);
    memset(frame_append(f, len), 0x5a, len);
    return ip_output(&t->ip, f, s, path);
}

static void the_header_says_what_the_transport_asked(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    node_know_neighbours(t);
    struct ip_send s = {
        .dst = PEER, .protocol = IP_PROTOCOL_TCP, .ttl = 3, .tos = 0x10, .dont_fragment = true};
    assert_int_equal(send_len(t, &s, NULL, 100), 0);
    struct ipv4_repr r;
    struct node_packet p;
    struct bytes payload;
    node_take_ipv4(t, 0, &r, &p, &payload);
    assert_true(ip_addr_equal(r.src, NODE_A));
    assert_true(ip_addr_equal(r.dst, PEER));
    assert_int_equal(r.protocol, IP_PROTOCOL_TCP);
    assert_int_equal(r.ttl, 3);
    assert_int_equal(r.tos, 0x10);
    assert_true(r.dont_fragment);
    assert_int_equal(r.payload_bytes, 100);
    uint16_t id = r.id;
    s.ttl = 0;
    assert_int_equal(send_len(t, &s, NULL, 1), 0);
    node_take_ipv4(t, 0, &r, &p, &payload);
    assert_int_equal(r.ttl, IP_TTL_DEFAULT);
    assert_int_equal(r.id, (uint16_t)(id + 1));
    assert_int_equal(t->ip.counters.out_packets, 2);
    node_destroy(t);
}

static void what_cannot_be_sent_is_dropped_with_its_status(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.mtu_bytes = 576});
    struct ip_send s = {.dst = STRANGER, .protocol = IP_PROTOCOL_TCP};
    assert_int_equal(send_len(t, &s, NULL, 1), STATUS_ENETUNREACH);
    node_assert_dropped(t, TRACE_IPV4, DROP_NO_ROUTE);
    assert_int_equal(t->ip.counters.out_no_route, 1);
    s.dst = PEER;
    assert_int_equal(send_len(t, &s, NULL, 557), STATUS_EMSGSIZE);
    node_assert_dropped(t, TRACE_IPV4, DROP_TOO_BIG);
    s.src = PEER;
    assert_int_equal(send_len(t, &s, NULL, 1), STATUS_EADDRNOTAVAIL);
    node_assert_dropped(t, TRACE_IPV4, DROP_BAD_ADDRESS);
    s.src = ip_addr_v4(0x7f000001);
    assert_int_equal(send_len(t, &s, NULL, 1), STATUS_EADDRNOTAVAIL);
    s.src = ip_addr_v4(0);
    t->n[0].up = false;
    assert_int_equal(send_len(t, &s, NULL, 1), STATUS_ENETDOWN);
    node_assert_dropped(t, TRACE_IPV4, DROP_INTERFACE_DOWN);
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void a_packet_may_be_as_large_as_the_mtu(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.mtu_bytes = 576});
    node_know_neighbours(t);
    struct ip_send s = {.dst = PEER, .protocol = IP_PROTOCOL_TCP};
    assert_int_equal(send_len(t, &s, NULL, 556), 0);
    assert_int_equal(node_take(t, 0, ETHERNET_TYPE_IPV4).len, 576);
    node_destroy(t);
}

static void a_cached_path_is_taken_as_it_is(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    node_know_neighbours(t);
    struct ip_path path = {.netif = &t->n[0], .next_hop = PEER, .src = NODE_A, .mtu_bytes = 600};
    struct ip_send s = {.src = NODE_A, .dst = STRANGER, .protocol = IP_PROTOCOL_TCP};
    assert_int_equal(send_len(t, &s, &path, 581), STATUS_EMSGSIZE);
    assert_int_equal(send_len(t, &s, &path, 580), 0); /* no route needed */
    assert_memory_equal(frame_bytes(t->n[0].queue_head).at, MAC_PEER.octet, 6);
    t->n[0].up = false;
    assert_int_equal(send_len(t, &s, &path, 1), STATUS_ENETDOWN);
    node_destroy(t);
}

static struct node_packet for_peer_2(uint8_t ttl, bool dont_fragment, size_t len)
{
    static const uint8_t data[1480] = {1, 2, 3};
    struct ipv4_repr r = {.protocol = IP_PROTOCOL_UDP, .ttl = ttl, .dont_fragment = dont_fragment, .id = 99};
    return node_ipv4(PEER, PEER_2, &r, bytes_of(data, len));
}

static struct icmp_repr take_error(struct node *t, unsigned i, struct ipv4_repr *ip, struct node_packet *p)
{
    struct bytes payload;
    struct icmp_repr icmp;
    node_take_ipv4(t, i, ip, p, &payload);
    assert_int_equal(ip->protocol, IP_PROTOCOL_ICMP);
    assert_true(icmp_checksum_good(payload));
    assert_int_equal(icmp_parse(&icmp, payload), 0);
    return icmp;
}

static void a_router_forwards_with_one_hop_less(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.router = true});
    node_know_neighbours(t);
    struct node_packet in = for_peer_2(64, true, 40);
    node_receive(t, 0, &in);
    assert_int_equal(t->n[1].queue_head->cause, node_last(t, TRACE_PACKET_FORWARDED)->id);
    struct ipv4_repr r;
    struct node_packet p;
    struct bytes payload;
    node_take_ipv4(t, 1, &r, &p, &payload);
    assert_int_equal(r.ttl, 63);
    assert_int_equal(r.id, 99);
    assert_true(r.dont_fragment);
    assert_true(ip_addr_equal(r.src, PEER));
    assert_memory_equal(payload.at, in.at + 20, 40);
    const struct trace_event *e = node_last(t, TRACE_PACKET_FORWARDED);
    assert_int_equal(e->u.packet_forwarded.ttl, 63);
    assert_int_equal(e->u.packet_forwarded.out_interface, 1);
    assert_int_equal(e->u.packet_forwarded.next_hop, 0x0a000102);
    node_assert_silent(t, 0);
    assert_int_equal(t->ip.counters.forwarded, 1);
    node_destroy(t);
}

static void a_router_leaves_options_alone(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.router = true});
    node_know_neighbours(t);
    struct node_packet in = for_peer_2(64, true, 40);
    in.at[0] = 0x46; /* the first four bytes of payload become options */
    memset(in.at + 20, 1, 4);
    node_fix_checksum(&in);
    node_receive(t, 0, &in);
    struct ipv4_repr r;
    struct node_packet p;
    struct bytes payload;
    node_take_ipv4(t, 1, &r, &p, &payload);
    assert_int_equal(r.header_bytes, 24);
    assert_memory_equal(p.at + 20, in.at + 20, 40);
    node_destroy(t);
}

static void a_life_that_ends_here_is_told_to_the_sender(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.router = true});
    node_know_neighbours(t);
    for (uint8_t ttl = 0; ttl < 2; ttl++) {
        struct node_packet in = for_peer_2(ttl, false, 40);
        node_receive(t, 0, &in);
        node_assert_dropped(t, TRACE_IPV4, DROP_TTL_EXPIRED);
        struct ipv4_repr ip;
        struct node_packet p;
        struct icmp_repr icmp = take_error(t, 0, &ip, &p);
        assert_int_equal(icmp.type, ICMP_TYPE_TIME_EXCEEDED);
        assert_int_equal(icmp.code, ICMP_CODE_TTL);
        assert_true(ip_addr_equal(ip.src, NODE_A));
        assert_true(ip_addr_equal(ip.dst, PEER));
        assert_int_equal(icmp.payload.len, 60);
        assert_memory_equal(icmp.payload.at, in.at, 60);
    }
    node_assert_silent(t, 1);
    node_destroy(t);
}

static void without_a_route_the_net_is_unreachable(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.router = true});
    node_know_neighbours(t);
    struct node_packet in = node_ipv4(PEER, STRANGER, NULL, bytes_of("12345678", 8));
    node_receive(t, 0, &in);
    node_assert_dropped(t, TRACE_IPV4, DROP_NO_ROUTE);
    struct ipv4_repr ip;
    struct node_packet p;
    struct icmp_repr icmp = take_error(t, 0, &ip, &p);
    assert_int_equal(icmp.type, ICMP_TYPE_UNREACHABLE);
    assert_int_equal(icmp.code, ICMP_CODE_NET);
    node_destroy(t);
}

static void a_neighbour_that_does_not_answer_is_an_unreachable_host(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.router = true});
    assert_int_equal(arp_set(&t->n[0].arp, PEER, MAC_PEER), 0);
    struct node_packet in = for_peer_2(64, true, 40);
    node_receive(t, 0, &in);
    node_assert_silent(t, 0);
    node_run_until(t, t->m.now_us + 10000000);
    struct ipv4_repr ip;
    struct node_packet p;
    struct icmp_repr icmp = take_error(t, 0, &ip, &p);
    assert_int_equal(icmp.type, ICMP_TYPE_UNREACHABLE);
    assert_int_equal(icmp.code, ICMP_CODE_HOST);
    assert_true(ip_addr_equal(ip.dst, PEER));
    assert_int_equal(node_last(t, TRACE_ICMP_SENT)->cause, node_last(t, TRACE_ARP_FAILED)->id);
    node_destroy(t);
}

static void too_big_for_the_next_link_is_told_with_the_size_that_fits(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.router = true});
    node_know_neighbours(t);
    t->n[1].config.mtu_bytes = 1000;
    struct node_packet in = for_peer_2(64, true, 981);
    node_receive(t, 0, &in);
    node_assert_dropped(t, TRACE_IPV4, DROP_TOO_BIG);
    struct ipv4_repr ip;
    struct node_packet p;
    struct icmp_repr icmp = take_error(t, 0, &ip, &p);
    assert_int_equal(icmp.type, ICMP_TYPE_UNREACHABLE);
    assert_int_equal(icmp.code, ICMP_CODE_TOO_BIG);
    assert_int_equal(icmp.mtu, 1000);
    assert_int_equal(icmp.payload.len, 548);
    assert_int_equal(ip.payload_bytes + 20, 576);
    in = for_peer_2(64, true, 980);
    node_receive(t, 0, &in);
    assert_int_equal(node_take(t, 1, ETHERNET_TYPE_IPV4).len, 1000);
    node_destroy(t);
}

static void groups_are_not_forwarded(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.router = true});
    node_know_neighbours(t);
    struct node_packet ip = for_peer_2(64, true, 40);
    struct node_packet p = node_ethernet(MAC_BROADCAST, ETHERNET_TYPE_IPV4, bytes_of(ip.at, ip.len));
    node_receive_frame(t, 0, &p);
    node_assert_dropped(t, TRACE_IPV4, DROP_NOT_FOR_US);
    p = node_ipv4(PEER, ip_addr_v4(0xe0000009), NULL, bytes_of("12345678", 8));
    node_receive(t, 0, &p);
    node_assert_dropped(t, TRACE_IPV4, DROP_NOT_FOR_US);
    node_assert_silent(t, 0);
    node_assert_silent(t, 1);
    node_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_says_what_the_transport_asked),
        cmocka_unit_test(what_cannot_be_sent_is_dropped_with_its_status),
        cmocka_unit_test(a_packet_may_be_as_large_as_the_mtu),
        cmocka_unit_test(a_cached_path_is_taken_as_it_is),
        cmocka_unit_test(a_router_forwards_with_one_hop_less),
        cmocka_unit_test(a_router_leaves_options_alone),
        cmocka_unit_test(a_life_that_ends_here_is_told_to_the_sender),
        cmocka_unit_test(without_a_route_the_net_is_unreachable),
        cmocka_unit_test(a_neighbour_that_does_not_answer_is_an_unreachable_host),
        cmocka_unit_test(too_big_for_the_next_link_is_told_with_the_size_that_fits),
        cmocka_unit_test(groups_are_not_forwarded),
    };
    return cmocka_run_group_tests_name("ipv4_out", tests, NULL, NULL);
}
