#include "unit/support/node.h"

enum { SECOND = 1000000 };

/* Sends an IP packet of one byte, `mark`, to a neighbour. */
static void send_to(struct node *t, struct ip_addr neighbour, uint8_t mark)
{
    struct frame *f = frame_create(&t->m, 1);
    *frame_append(f, 1) = mark;
    struct ip_send s = {.dst = neighbour, .protocol = IP_PROTOCOL_UDP};
    assert_int_equal(ip_output(&t->ip, f, &s, NULL), 0);
}

static struct arp_repr take_arp(struct node *t)
{
    struct node_packet p = node_take(t, 0, ETHERNET_TYPE_ARP);
    struct arp_repr r;
    assert_int_equal(arp_parse(&r, bytes_of(p.at, p.len)), 0);
    return r;
}

static uint8_t take_mark(struct node *t)
{
    struct ipv4_repr r;
    struct node_packet p;
    struct bytes payload;
    node_take_ipv4(t, 0, &r, &p, &payload);
    assert_int_equal(payload.len, 1);
    return payload.at[0];
}

static void receive_arp(struct node *t, uint16_t operation, struct ip_addr sender, struct mac_addr mac,
                        struct ip_addr target)
{
    struct node_packet p = node_arp(operation, sender, mac, target);
    node_receive_frame(t, 0, &p);
}

static void an_unknown_neighbour_is_asked_for(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    send_to(t, PEER, 1);
    struct frame *f = t->n[0].queue_head;
    assert_memory_equal(frame_bytes(f).at, MAC_BROADCAST.octet, 6);
    assert_int_equal(f->rule, RULE_ARP_REQUEST);
    const struct trace_event *asked = node_last(t, TRACE_ARP_ASKED);
    assert_int_equal(f->cause, asked->id);
    assert_int_equal(asked->frame, f->id);
    assert_int_equal(asked->u.arp_asked.addr, 0x0a000002);
    assert_int_equal(asked->u.arp_asked.attempt, 1);
    struct arp_repr r = take_arp(t);
    assert_int_equal(r.operation, ARP_REQUEST);
    assert_true(mac_addr_equal(r.sender_mac, MAC_A));
    assert_true(ip_addr_equal(r.sender_ip, NODE_A));
    assert_true(ip_addr_equal(r.target_ip, PEER));
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void the_answer_releases_what_waited_in_order_with_its_own_cause(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    trace_enter(t->m.trace, 1001);
    send_to(t, PEER, 1);
    send_to(t, PEER, 2);
    trace_enter(t->m.trace, 1002);
    assert_int_equal(t->n[0].queue_count, 1); /* one question for both */
    take_arp(t);
    receive_arp(t, ARP_REPLY, PEER, MAC_PEER, NODE_A);
    assert_int_equal(node_count(t, TRACE_ARP_LEARNED), 1);
    assert_int_equal(t->n[0].queue_head->cause, 1001);
    assert_memory_equal(frame_bytes(t->n[0].queue_head).at, MAC_PEER.octet, 6);
    assert_int_equal(take_mark(t), 1);
    assert_int_equal(take_mark(t), 2);
    send_to(t, PEER, 3);
    assert_int_equal(take_mark(t), 3);
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void a_full_queue_drops_the_oldest(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    for (int i = 0; i <= ARP_QUEUE_MAX; i++)
        send_to(t, PEER, (uint8_t)i);
    node_assert_dropped(t, TRACE_ARP, DROP_QUEUE_FULL);
    assert_int_equal(t->n[0].counters.out_dropped, 1);
    take_arp(t);
    receive_arp(t, ARP_REPLY, PEER, MAC_PEER, NODE_A);
    for (int i = 1; i <= ARP_QUEUE_MAX; i++)
        assert_int_equal(take_mark(t), i);
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void it_asks_three_times_a_second_apart_and_gives_up(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    send_to(t, PEER, 1);
    take_arp(t);
    uint32_t first = node_last(t, TRACE_ARP_ASKED)->id;
    node_run_until(t, t->m.now_us + SECOND - 1);
    node_assert_silent(t, 0);
    node_run_until(t, t->m.now_us + 1);
    take_arp(t);
    assert_int_equal(node_last(t, TRACE_ARP_ASKED)->cause, first);
    assert_int_equal(node_last(t, TRACE_ARP_ASKED)->u.arp_asked.attempt, 2);
    node_run_until(t, t->m.now_us + SECOND);
    take_arp(t);
    assert_int_equal(node_count(t, TRACE_ARP_FAILED), 0);
    node_run_until(t, t->m.now_us + SECOND);
    node_assert_silent(t, 0);
    assert_int_equal(node_count(t, TRACE_ARP_ASKED), ARP_ATTEMPTS_MAX);
    assert_int_equal(node_last(t, TRACE_ARP_FAILED)->u.arp_failed.packets_dropped, 1);
    node_assert_dropped(t, TRACE_ARP, DROP_UNRESOLVED);
    assert_null(arp_find(&t->n[0].arp, PEER));
    assert_false(timer_armed(&t->n[0].arp.timer));
    node_destroy(t);
}

static void we_answer_for_our_address_only(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    receive_arp(t, ARP_REQUEST, PEER, MAC_PEER, ip_addr_v4(0x0a000063));
    node_assert_silent(t, 0);
    assert_null(arp_find(&t->n[0].arp, PEER)); /* not for us: learn nothing new */
    receive_arp(t, ARP_REQUEST, PEER, MAC_PEER, NODE_A);
    assert_memory_equal(frame_bytes(t->n[0].queue_head).at, MAC_PEER.octet, 6);
    assert_int_equal(t->n[0].queue_head->rule, RULE_ARP_REPLY);
    assert_int_equal(t->n[0].queue_head->cause, node_last(t, TRACE_ARP_ANSWERED)->id);
    struct arp_repr r = take_arp(t);
    assert_int_equal(r.operation, ARP_REPLY);
    assert_true(mac_addr_equal(r.sender_mac, MAC_A));
    assert_true(ip_addr_equal(r.sender_ip, NODE_A));
    assert_true(ip_addr_equal(r.target_ip, PEER));
    const struct arp_entry *e = arp_find(&t->n[0].arp, PEER);
    assert_non_null(e); /* who asks will soon be answered to */
    assert_int_equal(e->state, ARP_KNOWN);
    node_destroy(t);
}

static void unasked_news_only_updates_what_is_known(void **state)
{
    (void)state;
    struct mac_addr other = {{2, 0, 0, 0, 0, 0x33}};
    struct node *t = node_create((struct node_options){0});
    receive_arp(t, ARP_REPLY, PEER, MAC_PEER, NODE_A);
    receive_arp(t, ARP_REQUEST, PEER, MAC_PEER, PEER); /* gratuitous */
    assert_null(arp_find(&t->n[0].arp, PEER));
    receive_arp(t, ARP_REQUEST, PEER, MAC_PEER, NODE_A);
    receive_arp(t, ARP_REQUEST, PEER, other, PEER);
    assert_true(mac_addr_equal(arp_find(&t->n[0].arp, PEER)->mac, other));
    assert_int_equal(node_count(t, TRACE_ARP_LEARNED), 2);
    node_destroy(t);
}

static void impossible_neighbours_are_not_learned(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    receive_arp(t, ARP_REQUEST, LINK_BROADCAST, MAC_PEER, NODE_A);
    receive_arp(t, ARP_REQUEST, NODE_A, MAC_PEER, NODE_A);
    receive_arp(t, ARP_REQUEST, ip_addr_v4(0), MAC_PEER, NODE_A);
    receive_arp(t, ARP_REQUEST, ip_addr_v4(0xe0000001), MAC_PEER, NODE_A);
    receive_arp(t, ARP_REQUEST, PEER, (struct mac_addr){{0}}, NODE_A);
    assert_int_equal(node_count(t, TRACE_ARP_LEARNED), 0);
    assert_int_equal(t->n[0].arp.count, 0);
    uint64_t dropped = t->n[0].counters.in_dropped;
    receive_arp(t, ARP_REQUEST, PEER, MAC_BROADCAST, NODE_A);
    assert_int_equal(t->n[0].counters.in_dropped, dropped + 1);
    node_assert_dropped(t, TRACE_ARP, DROP_BAD_ADDRESS);
    node_destroy(t);
}

static void malformed_packets_are_dropped(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct node_packet p = node_arp(ARP_REQUEST, PEER, MAC_PEER, NODE_A);
    for (p.len = ETHERNET_HEADER; p.len < ETHERNET_HEADER + ARP_LENGTH; p.len++) {
        node_receive_frame(t, 0, &p);
        node_assert_dropped(t, TRACE_ARP, DROP_TRUNCATED);
    }
    p.at[ETHERNET_HEADER + 1] = 6; /* hardware type: not Ethernet */
    node_receive_frame(t, 0, &p);
    node_assert_dropped(t, TRACE_ARP, DROP_MALFORMED);
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void an_unused_entry_expires_after_its_lifetime(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    receive_arp(t, ARP_REQUEST, PEER, MAC_PEER, NODE_A);
    take_arp(t);
    node_run_until(t, t->m.now_us + ARP_LIFETIME_US - 1);
    assert_non_null(arp_find(&t->n[0].arp, PEER));
    node_run_until(t, t->m.now_us + 1);
    assert_null(arp_find(&t->n[0].arp, PEER));
    assert_int_equal(node_last(t, TRACE_ARP_EXPIRED)->u.arp_expired.addr, 0x0a000002);
    node_assert_silent(t, 0);
    node_destroy(t);
}

/* RFC 1122, 2.3.2.1 (2): unicast poll. */
static void an_entry_in_use_is_polled_and_stays_when_answered(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    receive_arp(t, ARP_REQUEST, PEER, MAC_PEER, NODE_A);
    take_arp(t);
    node_run_until(t, t->m.now_us + 10 * SECOND);
    send_to(t, PEER, 1);
    take_mark(t);
    node_run_until(t, t->m.now_us + 50 * SECOND);
    assert_memory_equal(frame_bytes(t->n[0].queue_head).at, MAC_PEER.octet, 6);
    assert_true(ip_addr_equal(take_arp(t).target_ip, PEER));
    send_to(t, PEER, 2); /* packets still flow meanwhile */
    assert_int_equal(take_mark(t), 2);
    receive_arp(t, ARP_REPLY, PEER, MAC_PEER, NODE_A);
    node_run_until(t, t->m.now_us + 10 * SECOND);
    node_assert_silent(t, 0);
    assert_int_equal(arp_find(&t->n[0].arp, PEER)->attempts, 0);
    assert_int_equal(node_count(t, TRACE_ARP_EXPIRED), 0);
    node_destroy(t);
}

static void a_poll_that_nobody_answers_ends_the_entry(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    receive_arp(t, ARP_REQUEST, PEER, MAC_PEER, NODE_A);
    take_arp(t);
    node_run_until(t, t->m.now_us + SECOND);
    send_to(t, PEER, 1);
    take_mark(t);
    node_run_until(t, t->m.now_us + 70 * SECOND);
    for (int i = 0; i < ARP_ATTEMPTS_MAX; i++)
        take_arp(t);
    node_assert_silent(t, 0);
    assert_null(arp_find(&t->n[0].arp, PEER));
    assert_int_equal(node_count(t, TRACE_ARP_EXPIRED), 1);
    node_destroy(t);
}

static void groups_need_no_asking(void **state)
{
    (void)state;
    static const uint32_t groups[] = {0xffffffff, 0x0a0000ff, 0xe0000001};
    struct node *t = node_create((struct node_options){0});
    for (unsigned i = 0; i < 3; i++) {
        send_to(t, ip_addr_v4(groups[i]), 1);
        assert_memory_equal(frame_bytes(t->n[0].queue_head).at, MAC_BROADCAST.octet, 6);
        take_mark(t);
    }
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void a_full_cache_forgets_the_one_unused_longest(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    assert_int_equal(arp_set(&t->n[0].arp, PEER, MAC_PEER), 0);
    for (uint32_t i = 1; i < ARP_ENTRIES_MAX; i++) {
        t->m.now_us++;
        receive_arp(t, ARP_REQUEST, ip_addr_v4(0x0a000010 + i), MAC_PEER, NODE_A);
    }
    t->m.now_us++;
    send_to(t, ip_addr_v4(0x0a000011), 1); /* the oldest learned, but used now */
    receive_arp(t, ARP_REQUEST, ip_addr_v4(0x0a0000aa), MAC_PEER, NODE_A);
    assert_non_null(arp_find(&t->n[0].arp, PEER)); /* permanent */
    assert_non_null(arp_find(&t->n[0].arp, ip_addr_v4(0x0a000011)));
    assert_null(arp_find(&t->n[0].arp, ip_addr_v4(0x0a000012)));
    assert_non_null(arp_find(&t->n[0].arp, ip_addr_v4(0x0a0000aa)));
    node_destroy(t);
}

static void permanent_entries_stay_as_they_are(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    send_to(t, PEER, 9);
    take_arp(t);
    assert_int_equal(arp_set(&t->n[0].arp, PEER, MAC_PEER), 0);
    assert_int_equal(take_mark(t), 9); /* what waited goes */
    receive_arp(t, ARP_REPLY, PEER, (struct mac_addr){{2, 9, 9, 9, 9, 9}}, NODE_A);
    node_run_until(t, t->m.now_us + 10 * (int64_t)ARP_LIFETIME_US);
    assert_true(mac_addr_equal(arp_find(&t->n[0].arp, PEER)->mac, MAC_PEER));
    assert_int_equal(arp_set(&t->n[0].arp, LINK_BROADCAST, MAC_PEER), STATUS_EINVAL);
    assert_int_equal(arp_set(&t->n[0].arp, PEER, MAC_BROADCAST), STATUS_EINVAL);
    for (uint32_t i = 1; i < ARP_ENTRIES_MAX; i++)
        assert_int_equal(arp_set(&t->n[0].arp, ip_addr_v4(0x0a000010 + i), MAC_PEER), 0);
    assert_int_equal(arp_set(&t->n[0].arp, ip_addr_v4(0x0a0000aa), MAC_PEER), STATUS_ENOBUFS);
    send_to(t, ip_addr_v4(0x0a0000aa), 1);
    node_assert_dropped(t, TRACE_ARP, DROP_NO_MEMORY);
    arp_flush(&t->n[0].arp);
    assert_null(arp_find(&t->n[0].arp, PEER));
    node_destroy(t);
}

static void everything_works_without_a_trace(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.no_trace = true});
    send_to(t, PEER, 1);
    take_arp(t);
    node_run_until(t, t->m.now_us + SECOND);
    take_arp(t);
    receive_arp(t, ARP_REPLY, PEER, MAC_PEER, NODE_A);
    assert_int_equal(take_mark(t), 1);
    node_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_neighbour_is_asked_for),
        cmocka_unit_test(the_answer_releases_what_waited_in_order_with_its_own_cause),
        cmocka_unit_test(a_full_queue_drops_the_oldest),
        cmocka_unit_test(it_asks_three_times_a_second_apart_and_gives_up),
        cmocka_unit_test(we_answer_for_our_address_only),
        cmocka_unit_test(unasked_news_only_updates_what_is_known),
        cmocka_unit_test(impossible_neighbours_are_not_learned),
        cmocka_unit_test(malformed_packets_are_dropped),
        cmocka_unit_test(an_unused_entry_expires_after_its_lifetime),
        cmocka_unit_test(an_entry_in_use_is_polled_and_stays_when_answered),
        cmocka_unit_test(a_poll_that_nobody_answers_ends_the_entry),
        cmocka_unit_test(groups_need_no_asking),
        cmocka_unit_test(a_full_cache_forgets_the_one_unused_longest),
        cmocka_unit_test(permanent_entries_stay_as_they_are),
        cmocka_unit_test(everything_works_without_a_trace),
    };
    return cmocka_run_group_tests_name("arp", tests, NULL, NULL);
}
