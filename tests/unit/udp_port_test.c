/*
 * transport/udp.c: binding and connecting ports, and the errors that come back to them.
 */
#include "unit/support/udp_node.h"

static void binding_collides_unless_both_allow_it(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *a = udp_node_bound(x, NODE_A, 53);
    struct udp_port *b = udp_node_open(x);
    assert_int_equal(udp_bind(&x->u, a, (struct ip_endpoint){ANY, 54}), STATUS_EINVAL);
    assert_int_equal(udp_bind(&x->u, b, (struct ip_endpoint){NODE_A, 53}), STATUS_EADDRINUSE);
    assert_int_equal(udp_bind(&x->u, b, (struct ip_endpoint){ANY, 53}), STATUS_EADDRINUSE);
    b->reuse_addr = true;
    assert_int_equal(udp_bind(&x->u, b, (struct ip_endpoint){ANY, 53}), STATUS_EADDRINUSE);
    assert_int_equal(udp_bind(&x->u, b, (struct ip_endpoint){PEER, 53}), STATUS_EADDRNOTAVAIL);
    a->reuse_addr = true;
    assert_int_equal(udp_bind(&x->u, b, (struct ip_endpoint){ANY, 53}), 0);
    udp_node_bound(x, ip_addr_v4(0x7f000001), 55);
    udp_node_bound(x, NODE_A, 55); /* another address */
    udp_node_destroy(x);
}

static void ephemeral_ports_are_in_their_range_and_differ(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    static bool seen[65536];
    memset(seen, 0, sizeof seen);
    for (int i = 0; i < 300; i++) {
        struct udp_port *p = udp_node_bound(x, ANY, 0);
        p->reuse_addr = true;
        assert_true(p->local.port >= 49152);
        assert_false(seen[p->local.port]);
        seen[p->local.port] = true;
    }
    udp_node_destroy(x);
}

static void connecting_binds_and_filters(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *p = udp_node_open(x);
    assert_int_equal(udp_connect(&x->u, p, (struct ip_endpoint){STRANGER, 9}), STATUS_ENETUNREACH);
    assert_false(p->bound);
    assert_int_equal(udp_connect(&x->u, p, (struct ip_endpoint){PEER, 1000}), 0);
    assert_true(ip_addr_equal(p->local.addr, NODE_A));
    assert_true(p->local.port >= 49152);
    assert_int_equal(udp_send(&x->u, p, NULL, bytes_of("x", 1)), 1);
    udp_node_receive(x, ip_addr_v4(0x0a000003), NODE_A, p->local.port, "stranger");
    assert_null(p->head);
    udp_node_receive(x, PEER, NODE_A, p->local.port, "friend");
    assert_non_null(p->head);
    assert_int_equal(udp_connect(&x->u, p, (struct ip_endpoint){ANY, 0}), 0);
    assert_int_equal(udp_send(&x->u, p, NULL, bytes_of("x", 1)), STATUS_EDESTADDRREQ);
    udp_node_destroy(x);
}

/* An ICMP error about the datagram that was sent last. */
static void receive_error(struct udp_node *x, uint8_t type, uint8_t code)
{
    uint8_t at[256];
    struct node_packet ours = node_take(x->t, 0, ETHERNET_TYPE_IPV4);
    struct icmp_repr r = {.type = type, .code = code, .payload = bytes_of(ours.at, 28)};
    int len = icmp_emit(&r, room_of(at, sizeof at));
    struct ipv4_repr ip = {.protocol = IP_PROTOCOL_ICMP, .ttl = 64};
    struct node_packet p = node_ipv4(PEER, NODE_A, &ip, bytes_of(at, (size_t)len));
    node_receive(x->t, 0, &p);
}

static void errors_come_to_connected_ports_once(void **state)
{
    (void)state;
    static const struct {
        uint8_t type, code;
        int status;
    } errors[] = {
        {ICMP_TYPE_UNREACHABLE, ICMP_CODE_PORT, STATUS_ECONNREFUSED},
        {ICMP_TYPE_UNREACHABLE, ICMP_CODE_HOST, STATUS_EHOSTUNREACH},
        {ICMP_TYPE_UNREACHABLE, ICMP_CODE_NET, STATUS_ENETUNREACH},
        {ICMP_TYPE_UNREACHABLE, ICMP_CODE_PROTOCOL, STATUS_ENOPROTOOPT},
        {ICMP_TYPE_UNREACHABLE, ICMP_CODE_TOO_BIG, STATUS_EMSGSIZE},
        {ICMP_TYPE_UNREACHABLE, 13, STATUS_EHOSTUNREACH},
        {ICMP_TYPE_TIME_EXCEEDED, ICMP_CODE_TTL, STATUS_EHOSTUNREACH},
    };
    struct udp_node *x = udp_node_create();
    struct udp_port *p = udp_node_open(x);
    assert_int_equal(udp_connect(&x->u, p, (struct ip_endpoint){PEER, 99}), 0);
    char text[16];
    for (unsigned i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        assert_int_equal(udp_send(&x->u, p, NULL, bytes_of("x", 1)), 1);
        receive_error(x, errors[i].type, errors[i].code);
        assert_int_equal(x->ready_count, i + 1);
        if (i % 2)
            assert_int_equal(udp_send(&x->u, p, NULL, bytes_of("x", 1)), errors[i].status);
        else
            assert_int_equal(udp_node_read(x, p, text), errors[i].status);
        assert_int_equal(udp_node_read(x, p, text), STATUS_EAGAIN);
    }
    udp_node_destroy(x);
}

static void errors_about_unconnected_ports_are_ignored(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *p = udp_node_bound(x, ANY, 53);
    assert_int_equal(udp_send(&x->u, p, &(struct ip_endpoint){PEER, 99}, bytes_of("x", 1)), 1);
    receive_error(x, ICMP_TYPE_UNREACHABLE, ICMP_CODE_PORT);
    assert_int_equal(p->error, 0);
    assert_int_equal(x->ready_count, 0);
    udp_node_destroy(x);
}

static void a_connected_port_on_ourselves_is_refused(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *p = udp_node_open(x);
    assert_int_equal(udp_connect(&x->u, p, (struct ip_endpoint){ip_addr_v4(0x7f000001), 99}), 0);
    assert_int_equal(udp_send(&x->u, p, NULL, bytes_of("x", 1)), 1);
    while (ip_loopback_run(&x->t->ip))
        ;
    assert_int_equal(p->error, STATUS_ECONNREFUSED);
    p->error = 0;
    udp_node_destroy(x);
}

static void an_unanswered_neighbour_is_an_unreachable_host(void **state)
{
    (void)state;
    struct udp_node *x = udp_node_create();
    struct udp_port *p = udp_node_open(x);
    assert_int_equal(udp_connect(&x->u, p, (struct ip_endpoint){ip_addr_v4(0x0a000063), 99}), 0);
    assert_int_equal(udp_send(&x->u, p, NULL, bytes_of("x", 1)), 1);
    node_run_until(x->t, x->t->m.now_us + 10000000);
    assert_int_equal(p->error, STATUS_EHOSTUNREACH);
    udp_node_destroy(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binding_collides_unless_both_allow_it),
        cmocka_unit_test(ephemeral_ports_are_in_their_range_and_differ),
        cmocka_unit_test(connecting_binds_and_filters),
        cmocka_unit_test(errors_come_to_connected_ports_once),
        cmocka_unit_test(errors_about_unconnected_ports_are_ignored),
        cmocka_unit_test(a_connected_port_on_ourselves_is_refused),
        cmocka_unit_test(an_unanswered_neighbour_is_an_unreachable_host),
    };
    return cmocka_run_group_tests_name("udp_port", tests, NULL, NULL);
}
