#include "unit/support/node.h"

static struct route to_net(uint32_t net, uint8_t prefix, uint8_t netif)
{
    return (struct route){.net = ip_addr_v4(net), .prefix = prefix, .netif = netif};
}

static int found(const struct route_table *t, uint32_t dst)
{
    const struct route *r = route_find(t, ip_addr_v4(dst));
    return r ? r->netif : -1;
}

static void the_longest_prefix_wins_in_whatever_order_they_came(void **state)
{
    (void)state;
    const struct route routes[] = {to_net(0, 0, 0), to_net(0x0a000000, 8, 1), to_net(0x0a010000, 16, 2),
                                   to_net(0x0a010200, 24, 3), to_net(0x0a010203, 32, 4)};
    for (unsigned first = 0; first < 5; first++) {
        struct route_table t = {0};
        for (unsigned i = 0; i < 5; i++)
            assert_int_equal(route_add(&t, &routes[(first + i * 2) % 5]), 0);
        assert_int_equal(found(&t, 0x0a010203), 4);
        assert_int_equal(found(&t, 0x0a010204), 3);
        assert_int_equal(found(&t, 0x0a010304), 2);
        assert_int_equal(found(&t, 0x0a020304), 1);
        assert_int_equal(found(&t, 0x0b020304), 0);
    }
}

static void without_a_match_there_is_none(void **state)
{
    (void)state;
    struct route_table t = {0};
    assert_int_equal(found(&t, 0x0a000001), -1);
    struct route r = to_net(0x0a000000, 8, 1);
    assert_int_equal(route_add(&t, &r), 0);
    assert_int_equal(found(&t, 0x0b000001), -1);
    assert_null(route_find(&t, (struct ip_addr){0x20010db800000000, 1}));
}

static void the_default_routes_of_the_families_are_two(void **state)
{
    (void)state;
    struct route_table t = {0};
    struct route r4 = to_net(0, 0, 1);
    struct route r6 = {.net = {0, 0}, .prefix = 0, .netif = 2};
    assert_int_equal(route_add(&t, &r6), 0);
    assert_int_equal(route_add(&t, &r4), 0);
    assert_int_equal(t.count, 2);
    assert_int_equal(found(&t, 0x0a000001), 1);
    assert_int_equal(route_find(&t, (struct ip_addr){0x20010db800000000, 1})->netif, 2);
}

static void host_bits_are_cleared_and_the_same_net_is_replaced(void **state)
{
    (void)state;
    struct route_table t = {0};
    struct route r = to_net(0x0a0000ff, 24, 1);
    assert_int_equal(route_add(&t, &r), 0);
    assert_int_equal((uint32_t)t.at[0].net.lo, 0x0a000000);
    r = to_net(0x0a000001, 24, 2);
    assert_int_equal(route_add(&t, &r), 0);
    assert_int_equal(t.count, 1);
    assert_int_equal(found(&t, 0x0a000077), 2);
}

static void impossible_routes_are_refused(void **state)
{
    (void)state;
    struct route_table t = {0};
    struct route r = to_net(0x0a000000, 33, 0);
    assert_int_equal(route_add(&t, &r), STATUS_EINVAL);
    r = (struct route){.net = {0x20010db800000000, 0}, .prefix = 129};
    assert_int_equal(route_add(&t, &r), STATUS_EINVAL);
    r = to_net(0x0a000000, 8, 0);
    r.has_gateway = true;
    r.gateway = ip_addr_v4(0);
    assert_int_equal(route_add(&t, &r), STATUS_EINVAL);
    r.gateway = (struct ip_addr){0x20010db800000000, 1};
    assert_int_equal(route_add(&t, &r), STATUS_EINVAL);
    r.gateway = ip_addr_v4(0xe0000001);
    assert_int_equal(route_add(&t, &r), STATUS_EINVAL);
    assert_int_equal(t.count, 0);
}

static void it_is_full_at_its_limit(void **state)
{
    (void)state;
    struct route_table t = {0};
    for (uint32_t i = 0; i < ROUTES_MAX; i++) {
        struct route r = to_net(i << 24, 8, 0);
        assert_int_equal(route_add(&t, &r), 0);
    }
    struct route r = to_net(0xc8000000, 8, 0);
    assert_int_equal(route_add(&t, &r), STATUS_ENOBUFS);
    r = to_net(0x05000000, 8, 3);
    assert_int_equal(route_add(&t, &r), 0); /* replaces */
    assert_int_equal(found(&t, 0x05000001), 3);
}

static void removing_leaves_the_others(void **state)
{
    (void)state;
    struct route_table t = {0};
    struct route a = to_net(0x0a000000, 8, 1);
    struct route b = to_net(0x0a010000, 16, 2);
    struct route c = to_net(0x0a010100, 24, 3);
    route_add(&t, &a);
    route_add(&t, &b);
    route_add(&t, &c);
    assert_int_equal(route_remove(&t, ip_addr_v4(0x0a010063), 16), 0);
    assert_int_equal(route_remove(&t, ip_addr_v4(0x0a010063), 16), STATUS_ENOENT);
    assert_int_equal(route_remove(&t, ip_addr_v4(0x0a010000), 99), STATUS_ENOENT);
    assert_int_equal(found(&t, 0x0a010101), 3);
    assert_int_equal(found(&t, 0x0a010201), 1);
    assert_int_equal(t.count, 2);
}

static void by_an_interface_only_its_routes_count(void **state)
{
    (void)state;
    struct route_table t = {0};
    struct route a = to_net(0x0a000000, 8, 1), b = to_net(0x0a010000, 16, 2), c = to_net(0, 0, 2);
    route_add(&t, &a);
    route_add(&t, &b);
    route_add(&t, &c);
    assert_int_equal(route_find_by(&t, 1, ip_addr_v4(0x0a010101))->prefix, 8);
    assert_int_equal(route_find_by(&t, 2, ip_addr_v4(0x0a010101))->prefix, 16);
    assert_int_equal(route_find_by(&t, 2, ip_addr_v4(0x0a020101))->prefix, 0);
    assert_null(route_find_by(&t, 1, ip_addr_v4(0x0b000001)));
    assert_null(route_find_by(&t, 3, ip_addr_v4(0x0a010101)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_prefix_wins_in_whatever_order_they_came),
        cmocka_unit_test(without_a_match_there_is_none),
        cmocka_unit_test(the_default_routes_of_the_families_are_two),
        cmocka_unit_test(host_bits_are_cleared_and_the_same_net_is_replaced),
        cmocka_unit_test(impossible_routes_are_refused),
        cmocka_unit_test(it_is_full_at_its_limit),
        cmocka_unit_test(removing_leaves_the_others),
        cmocka_unit_test(by_an_interface_only_its_routes_count),
    };
    return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
