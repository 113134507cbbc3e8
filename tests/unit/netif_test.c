#include "unit/support/node.h"

static const struct netif_config GOOD = {.kind = NETIF_ETHERNET,
                                         .mtu_bytes = 1500,
                                         .mac = {{2, 0, 0, 0, 0, 1}},
                                         .addr = {0, IPV4_MAPPED_PREFIX | 0x0a000001},
                                         .prefix = 24};

static int init_status(struct netif_config c)
{
    struct node *t = node_create((struct node_options){0});
    struct netif n;
    int status = netif_init(&n, &t->m, 0, &c);
    node_destroy(t);
    return status;
}

static void the_config_is_checked(void **state)
{
    (void)state;
    assert_int_equal(init_status(GOOD), 0);
    struct netif_config c = GOOD;
    c.mtu_bytes = 575;
    assert_int_equal(init_status(c), STATUS_EINVAL);
    c.mtu_bytes = 65536;
    assert_int_equal(init_status(c), STATUS_EINVAL);
    c = GOOD;
    c.prefix = 33;
    assert_int_equal(init_status(c), STATUS_EINVAL);
    c = GOOD;
    c.mac.octet[0] = 1;
    assert_int_equal(init_status(c), STATUS_EINVAL);
    c = GOOD;
    c.addr = ip_addr_v4(0xe0000001);
    assert_int_equal(init_status(c), STATUS_EINVAL);
    c.addr = ip_addr_v4(0x7f000001);
    assert_int_equal(init_status(c), STATUS_EINVAL);
    c.addr = ip_addr_v4(0);
    assert_int_equal(init_status(c), STATUS_EINVAL);
    c.prefix = 0;
    assert_int_equal(init_status(c), 0); /* no address yet */
}

static struct frame *frame_of(struct node *t, const char *text)
{
    struct frame *f = frame_create(&t->m, 64);
    f->ethertype = ETHERNET_TYPE_IPV4;
    memcpy(frame_append(f, (uint32_t)strlen(text)), text, strlen(text));
    return f;
}

static void the_queue_is_first_in_first_out(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.raw_ip = true});
    netif_output(&t->n[0], frame_of(t, "one"), PEER);
    netif_output(&t->n[0], frame_of(t, "three"), PEER);
    assert_int_equal(t->n[0].counters.out_frames, 2);
    assert_int_equal(t->n[0].counters.out_bytes, 8);
    struct node_packet p = node_take(t, 0, 0);
    assert_int_equal(p.len, 3);
    assert_memory_equal(p.at, "one", 3);
    p = node_take(t, 0, 0);
    assert_memory_equal(p.at, "three", 5);
    assert_null(netif_take(&t->n[0]));
    node_destroy(t);
}

static void a_full_queue_drops_the_newest(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.raw_ip = true});
    for (unsigned i = 0; i < NETIF_QUEUE_MAX; i++)
        netif_output(&t->n[0], frame_of(t, "x"), PEER);
    assert_int_equal(node_count(t, TRACE_PACKET_DROPPED), 0);
    netif_output(&t->n[0], frame_of(t, "y"), PEER);
    node_assert_dropped(t, TRACE_IPV4, DROP_QUEUE_FULL);
    assert_int_equal(t->n[0].queue_count, NETIF_QUEUE_MAX);
    assert_int_equal(t->n[0].counters.out_dropped, 1);
    node_destroy(t);
}

static void a_frame_queued_gets_the_current_cause_unless_it_has_one(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.raw_ip = true});
    trace_enter(t->m.trace, 5);
    netif_output(&t->n[0], frame_of(t, "x"), PEER);
    struct frame *f = frame_of(t, "y");
    f->cause = 3;
    netif_output(&t->n[0], f, PEER);
    f = netif_take(&t->n[0]);
    assert_int_equal(f->cause, 5);
    frame_free(&t->m, f);
    f = netif_take(&t->n[0]);
    assert_int_equal(f->cause, 3);
    frame_free(&t->m, f);
    node_destroy(t);
}

static void an_interface_that_is_down_drops_both_ways(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    node_know_neighbours(t);
    t->n[0].up = false;
    netif_output(&t->n[0], frame_of(t, "x"), PEER);
    node_assert_dropped(t, TRACE_ETHERNET, DROP_INTERFACE_DOWN);
    node_assert_silent(t, 0);
    struct node_packet p = node_arp(ARP_REQUEST, PEER, MAC_PEER, NODE_A);
    node_receive_frame(t, 0, &p);
    assert_int_equal(node_count(t, TRACE_PACKET_DROPPED), 2);
    node_assert_dropped(t, TRACE_ETHERNET, DROP_INTERFACE_DOWN);
    assert_int_equal(t->n[0].counters.in_frames, 0);
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void raw_ip_takes_only_version_4(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.raw_ip = true});
    struct node_packet p = {.len = 40, .at = {0x60}};
    node_receive_frame(t, 0, &p);
    node_assert_dropped(t, TRACE_IPV4, DROP_UNKNOWN_PROTOCOL);
    p.len = 0;
    node_receive_frame(t, 0, &p);
    node_assert_dropped(t, TRACE_IPV4, DROP_TRUNCATED);
    p = node_ipv4(PEER, NODE_A, NULL, bytes_of("12345678", 8));
    node_receive_frame(t, 0, &p);
    assert_int_equal(t->ip.counters.in_packets, 1);
    assert_int_equal(t->n[0].counters.in_frames, 3);
    assert_int_equal(t->n[0].counters.in_bytes, 40 + 28);
    node_destroy(t);
}

static void broadcast_addresses_are_the_limited_one_and_the_nets(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct netif *n = &t->n[0];
    assert_true(netif_is_broadcast(n, ip_addr_v4(0xffffffff)));
    assert_true(netif_is_broadcast(n, LINK_BROADCAST));
    assert_false(netif_is_broadcast(n, ip_addr_v4(0x0a0001ff)));
    assert_false(netif_is_broadcast(n, PEER));
    assert_false(netif_is_broadcast(n, (struct ip_addr){0, 0xffffffff}));
    n->config.prefix = 31; /* RFC 3021: both addresses are hosts */
    assert_false(netif_is_broadcast(n, NODE_A));
    node_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_config_is_checked),
        cmocka_unit_test(the_queue_is_first_in_first_out),
        cmocka_unit_test(a_full_queue_drops_the_newest),
        cmocka_unit_test(a_frame_queued_gets_the_current_cause_unless_it_has_one),
        cmocka_unit_test(an_interface_that_is_down_drops_both_ways),
        cmocka_unit_test(raw_ip_takes_only_version_4),
        cmocka_unit_test(broadcast_addresses_are_the_limited_one_and_the_nets),
    };
    return cmocka_run_group_tests_name("netif", tests, NULL, NULL);
}
