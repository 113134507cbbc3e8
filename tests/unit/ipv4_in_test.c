#include "unit/support/node.h"

struct heard {
    unsigned packets;
    struct ip_addr src, dst;
    uint8_t ttl, tos;
    size_t header_len, payload_len;
    bool to_group;
};

static void hear(void *layer, const struct ip_packet *p)
{
    struct heard *h = layer;
    h->packets++;
    h->src = p->src;
    h->dst = p->dst;
    h->ttl = p->ttl;
    h->tos = p->tos;
    h->header_len = p->header.len;
    h->payload_len = p->payload.len;
    h->to_group = p->to_group;
    assert_int_equal(p->frame_id, 7);
}

static struct node *host_that_hears(struct heard *h)
{
    struct node *t = node_create((struct node_options){0});
    *h = (struct heard){0};
    ip_register(&t->ip, IP_PROTOCOL_UDP, &(struct ip_protocol){h, hear, NULL});
    return t;
}

static struct node_packet good_packet(void)
{
    struct ipv4_repr r = {.protocol = IP_PROTOCOL_UDP, .ttl = 17, .tos = 0x28};
    return node_ipv4(PEER, NODE_A, &r, bytes_of("payload", 7));
}

static void a_good_packet_reaches_its_transport(void **state)
{
    (void)state;
    struct heard h;
    struct node *t = host_that_hears(&h);
    struct node_packet p = good_packet();
    p.len += 19; /* Ethernet padding is not payload */
    node_receive(t, 0, &p);
    assert_int_equal(h.packets, 1);
    assert_true(ip_addr_equal(h.src, PEER));
    assert_true(ip_addr_equal(h.dst, NODE_A));
    assert_int_equal(h.ttl, 17);
    assert_int_equal(h.tos, 0x28);
    assert_int_equal(h.header_len, 20);
    assert_int_equal(h.payload_len, 7);
    assert_false(h.to_group);
    assert_int_equal(node_last(t, TRACE_CHECKSUM_CHECKED)->u.checksum_checked.good, 1);
    const struct trace_event *e = node_last(t, TRACE_HEADER_REMOVED);
    assert_int_equal(e->u.header_removed.protocol, TRACE_IPV4);
    assert_int_equal(e->u.header_removed.header_bytes, 20);
    assert_int_equal(e->u.header_removed.total_bytes, 27);
    assert_int_equal(t->ip.counters.in_delivered, 1);
    node_destroy(t);
}

static void options_are_stepped_over(void **state)
{
    (void)state;
    struct heard h;
    struct node *t = host_that_hears(&h);
    struct node_packet p = good_packet();
    memmove(p.at + 24, p.at + 20, 7);
    memset(p.at + 20, 1, 4); /* four NOPs */
    p.len += 4;
    p.at[0] = 0x46;
    be16_store(p.at + 2, 31);
    node_fix_checksum(&p);
    node_receive(t, 0, &p);
    assert_int_equal(h.packets, 1);
    assert_int_equal(h.header_len, 24);
    assert_int_equal(h.payload_len, 7);
    node_destroy(t);
}

static void every_truncation_is_dropped(void **state)
{
    (void)state;
    struct heard h;
    struct node *t = host_that_hears(&h);
    struct node_packet p = good_packet();
    size_t whole = p.len;
    for (p.len = 0; p.len < whole; p.len++) {
        node_receive(t, 0, &p);
        node_assert_dropped(t, TRACE_IPV4, p.len < IPV4_HEADER ? DROP_TRUNCATED : DROP_MALFORMED);
        assert_int_equal(t->ip.counters.in_bad, p.len + 1);
    }
    assert_int_equal(h.packets, 0);
    node_destroy(t);
}

static void every_flipped_header_bit_is_noticed(void **state)
{
    (void)state;
    struct heard h;
    struct node *t = host_that_hears(&h);
    for (unsigned bit = 0; bit < IPV4_HEADER * 8; bit++) {
        struct node_packet p = good_packet();
        p.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        node_receive(t, 0, &p);
        assert_int_equal(t->ip.counters.in_bad, bit + 1);
    }
    assert_int_equal(h.packets, 0);
    node_destroy(t);
}

static void a_bad_checksum_is_told_and_the_fault_switch_lets_it_pass(void **state)
{
    (void)state;
    struct heard h;
    struct node *t = host_that_hears(&h);
    struct node_packet p = good_packet();
    p.at[IPV4_TTL_AT] = 9;
    node_receive(t, 0, &p);
    node_assert_dropped(t, TRACE_IPV4, DROP_BAD_CHECKSUM);
    const struct trace_event *e = node_last(t, TRACE_CHECKSUM_CHECKED);
    assert_int_equal(e->u.checksum_checked.good, 0);
    assert_true(e->u.checksum_checked.found != e->u.checksum_checked.computed);
    t->ip.verify_checksum = false;
    node_receive(t, 0, &p);
    assert_int_equal(h.packets, 1);
    assert_int_equal(h.ttl, 9);
    node_destroy(t);
}

static void impossible_addresses_are_dropped(void **state)
{
    (void)state;
    const struct {
        struct ip_addr src, dst;
    } impossible[] = {
        {ip_addr_v4(0x7f000001), NODE_A}, /* loopback from a link */
        {PEER, ip_addr_v4(0x7f000001)},
        {ip_addr_v4(0xe0000005), NODE_A}, /* a group never sends */
        {ip_addr_v4(0xffffffff), NODE_A},
        {LINK_BROADCAST, NODE_A},
        {NODE_A, NODE_A}, /* we are not out there */
        {ip_addr_v4(0), NODE_A},
        {PEER, ip_addr_v4(0)},
    };
    struct heard h;
    struct node *t = host_that_hears(&h);
    for (unsigned i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
        struct node_packet p = node_ipv4(impossible[i].src, impossible[i].dst, NULL, bytes_of("12345678", 8));
        node_receive(t, 0, &p);
        node_assert_dropped(t, TRACE_IPV4, DROP_BAD_ADDRESS);
        assert_int_equal(node_count(t, TRACE_PACKET_DROPPED), i + 1);
    }
    assert_int_equal(h.packets, 0);
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void broadcasts_are_received(void **state)
{
    (void)state;
    struct heard h;
    struct node *t = host_that_hears(&h);
    struct node_packet ip = node_ipv4(PEER, LINK_BROADCAST, NULL, bytes_of("12345678", 8));
    struct node_packet p = node_ethernet(MAC_BROADCAST, ETHERNET_TYPE_IPV4, bytes_of(ip.at, ip.len));
    node_receive_frame(t, 0, &p);
    ip = node_ipv4(ip_addr_v4(0), ip_addr_v4(0xffffffff), NULL, bytes_of("12345678", 8)); /* DHCP */
    p = node_ethernet(MAC_BROADCAST, ETHERNET_TYPE_IPV4, bytes_of(ip.at, ip.len));
    node_receive_frame(t, 0, &p);
    assert_int_equal(h.packets, 2);
    assert_true(h.to_group);
    node_destroy(t);
}

static void a_host_does_not_take_or_forward_what_is_for_others(void **state)
{
    (void)state;
    struct heard h;
    struct node *t = host_that_hears(&h);
    const uint32_t others[] = {0x0a000063, 0xc6336401, 0xe0000001};
    for (unsigned i = 0; i < 3; i++) {
        struct node_packet p = node_ipv4(PEER, ip_addr_v4(others[i]), NULL, bytes_of("12345678", 8));
        node_receive(t, 0, &p);
        node_assert_dropped(t, TRACE_IPV4, DROP_NOT_FOR_US);
    }
    assert_int_equal(h.packets, 0);
    assert_int_equal(t->ip.counters.forwarded, 0);
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void fragments_are_dropped_and_counted(void **state)
{
    (void)state;
    struct heard h;
    struct node *t = host_that_hears(&h);
    struct ipv4_repr r = {.protocol = IP_PROTOCOL_UDP, .ttl = 64, .more_fragments = true};
    struct node_packet p = node_ipv4(PEER, NODE_A, &r, bytes_of("12345678", 8));
    node_receive(t, 0, &p);
    node_assert_dropped(t, TRACE_IPV4, DROP_FRAGMENT);
    r = (struct ipv4_repr){.protocol = IP_PROTOCOL_UDP, .ttl = 64, .fragment_offset_bytes = 8};
    p = node_ipv4(PEER, NODE_A, &r, bytes_of("12345678", 8));
    node_receive(t, 0, &p);
    assert_int_equal(t->ip.counters.in_fragments, 2);
    assert_int_equal(h.packets, 0);
    node_destroy(t);
}

static void an_unknown_protocol_is_answered(void **state)
{
    (void)state;
    struct heard h;
    struct node *t = host_that_hears(&h);
    node_know_neighbours(t);
    struct ipv4_repr r = {.protocol = 132, .ttl = 64};
    struct node_packet p = node_ipv4(PEER, NODE_A, &r, bytes_of("12345678", 8));
    node_receive(t, 0, &p);
    node_assert_dropped(t, TRACE_IPV4, DROP_UNKNOWN_PROTOCOL);
    assert_int_equal(t->ip.counters.in_no_protocol, 1);
    struct bytes payload;
    node_take_ipv4(t, 0, &r, &p, &payload);
    struct icmp_repr icmp;
    assert_int_equal(icmp_parse(&icmp, payload), 0);
    assert_int_equal(icmp.type, ICMP_TYPE_UNREACHABLE);
    assert_int_equal(icmp.code, ICMP_CODE_PROTOCOL);
    assert_int_equal(node_last(t, TRACE_ICMP_SENT)->rule, RULE_ICMP_PROTOCOL_UNREACHABLE);
    node_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_packet_reaches_its_transport),
        cmocka_unit_test(options_are_stepped_over),
        cmocka_unit_test(every_truncation_is_dropped),
        cmocka_unit_test(every_flipped_header_bit_is_noticed),
        cmocka_unit_test(a_bad_checksum_is_told_and_the_fault_switch_lets_it_pass),
        cmocka_unit_test(impossible_addresses_are_dropped),
        cmocka_unit_test(broadcasts_are_received),
        cmocka_unit_test(a_host_does_not_take_or_forward_what_is_for_others),
        cmocka_unit_test(fragments_are_dropped_and_counted),
        cmocka_unit_test(an_unknown_protocol_is_answered),
    };
    return cmocka_run_group_tests_name("ipv4_in", tests, NULL, NULL);
}
