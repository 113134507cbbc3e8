/*
 * base/address.h: text both ways (RFC 4291 in, RFC 5952 out), what is refused, and the special ranges.
 */
#include "base/address.h"
#include "base/status.h"
#include "unit/support/property.h"

static struct ip_addr parsed(const char *text)
{
    struct ip_addr a = {1, 1};
    if (ip_addr_parse(&a, bytes_of(text, strlen(text))) != STATUS_OK)
        fail_msg("refused: %s", text);
    return a;
}

static void assert_text(struct ip_addr a, const char *want)
{
    char text[IP_ADDR_TEXT_MAX];
    size_t len = ip_addr_format(a, text);
    assert_string_equal(text, want);
    assert_int_equal(len, strlen(want));
}

static void test_v4(void **state)
{
    (void)state;
    struct ip_addr a = ip_addr_v4(0x0a000001);
    assert_true(ip_addr_is_v4(a));
    assert_int_equal(ip_addr_to_v4(a), 0x0a000001);
    assert_true(ip_addr_equal(parsed("10.0.0.1"), a));
    assert_text(a, "10.0.0.1");
    assert_text(parsed("255.255.255.255"), "255.255.255.255");
    assert_text(parsed("0.0.0.0"), "0.0.0.0");
    assert_true(ip_addr_equal(parsed("::ffff:10.0.0.1"), a));
    assert_true(ip_addr_equal(parsed("::ffff:a00:1"), a));
    assert_false(ip_addr_is_v4(parsed("::10.0.0.1")));
}

static void test_v6_parse(void **state)
{
    (void)state;
    assert_true(ip_addr_equal(parsed("::"), (struct ip_addr){0, 0}));
    assert_true(ip_addr_equal(parsed("::1"), (struct ip_addr){0, 1}));
    assert_true(ip_addr_equal(parsed("1::"), (struct ip_addr){0x0001000000000000ull, 0}));
    struct ip_addr all = {0x0001000200030004ull, 0x0005000600070008ull};
    assert_true(ip_addr_equal(parsed("1:2:3:4:5:6:7:8"), all));
    assert_true(ip_addr_equal(parsed("0001:2:3:4:5:6:7:0008"), all));
    assert_true(ip_addr_equal(parsed("1:2:3:4:5:6:0.7.0.8"), all));
    assert_true(ip_addr_equal(parsed("1:2::5:6:7:8"), (struct ip_addr){0x0001000200000000ull, all.lo}));
    assert_true(
        ip_addr_equal(parsed("::2:3:4:5:6:7:8"), (struct ip_addr){all.hi & 0xffffffffffffull, all.lo}));
    assert_true(ip_addr_equal(parsed("1:2:3:4:5:6:7::"), (struct ip_addr){all.hi, all.lo & ~0xffffull}));
    assert_true(ip_addr_equal(parsed("2001:DB8::aBcD"), (struct ip_addr){0x20010db800000000ull, 0xabcd}));
    assert_true(
        ip_addr_equal(parsed("64:ff9b::192.0.2.33"), (struct ip_addr){0x0064ff9b00000000ull, 0xc0000221}));
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.010",
        "1.2.3.00",
        "1.2.3.-1",
        "1.2.3.+1",
        "1.2..4",
        ".1.2.3",
        "1.2.3.4.",
        "1.2.3.0x1",
        "1.2.3.1000",
        "16909060",
        "1.2.3.4/8",
        "a.b.c.d",
        ":",
        ":::",
        "1:2",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "::g",
        "1:",
        ":1",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:::2",
        "::1%eth0",
        "[::1]",
        "::1.2.3",
        "::1.2.3.04",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3.4:5",
        "1.2.3.4::",
        "1:2:3:4::5:6:7:8",
        "fe80::1 ",
    };
    struct ip_addr a = {7, 7};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (ip_addr_parse(&a, bytes_of(wrong[i], strlen(wrong[i]))) != STATUS_EINVAL)
            fail_msg("accepted: \"%s\"", wrong[i]);
        assert_true(a.hi == 7 && a.lo == 7);
    }
    assert_int_equal(ip_addr_parse(&a, bytes_of("1.2.3.4\0", 8)), STATUS_EINVAL);
    assert_int_equal(ip_addr_parse(&a, bytes_of("1.2.3.45", 7)), STATUS_OK);
    assert_text(a, "1.2.3.4");
}

/* RFC 5952, section 4: lower case, no leading zeros, "::" for the longest run, the first of equals, never for
 * one group. */
static void test_v6_format(void **state)
{
    (void)state;
    static const char *const pair[][2] = {
        {"::", "::"},
        {"0:0:0:0:0:0:0:1", "::1"},
        {"1:0:0:0:0:0:0:0", "1::"},
        {"2001:0DB8::0001", "2001:db8::1"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"0:0:1:0:0:0:1:0", "0:0:1::1:0"},
        {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
        {"0:0:3:4:5:6:7:8", "::3:4:5:6:7:8"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    };
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++)
        assert_text(parsed(pair[i][0]), pair[i][1]);
}

static void text_round_trip(struct rng *rng)
{
    struct ip_addr a = {rng_u64(rng), rng_u64(rng)};
    for (int i = 0; i < 4; i++) { /* runs of zero groups */
        if (rng_below(rng, 2))
            a.hi &= ~(0xffffull << (16 * i));
        if (rng_below(rng, 2))
            a.lo &= ~(0xffffull << (16 * i));
    }
    if (rng_below(rng, 4) == 0)
        a = ip_addr_v4(rng_u32(rng));
    char text[IP_ADDR_TEXT_MAX];
    size_t len = ip_addr_format(a, text);
    assert_int_equal(len, strlen(text));
    assert_true(ip_addr_equal(parsed(text), a));
}

/* Text made of the right characters in the wrong order is refused or understood, within its bounds. */
static void noise_is_survived(struct rng *rng)
{
    uint8_t *text = malloc(40);
    size_t len = rng_below(rng, 41);
    for (size_t i = 0; i < len; i++)
        text[i] = (uint8_t) "01aF::.."[rng_below(rng, 8)];
    uint8_t *exact = malloc(len + !len); /* its end is where the sanitizer watches */
    memcpy(exact, text, len);
    struct ip_addr a;
    struct mac_addr mac;
    (void)ip_addr_parse(&a, bytes_of(exact, len));
    (void)mac_addr_parse(&mac, bytes_of(exact, len));
    free(exact);
    free(text);
}

static void test_properties(void **state)
{
    (void)state;
    property_run(3000, text_round_trip);
    property_run(3000, noise_is_survived);
}

static void test_special_ranges(void **state)
{
    (void)state;
    assert_true(ip_addr_is_loopback(parsed("127.0.0.1")) && ip_addr_is_loopback(parsed("127.255.0.9")));
    assert_true(ip_addr_is_loopback(parsed("::1")));
    assert_false(ip_addr_is_loopback(parsed("128.0.0.1")) || ip_addr_is_loopback(parsed("::2")));
    assert_true(ip_addr_is_multicast(parsed("224.0.0.1")) && ip_addr_is_multicast(parsed("239.9.9.9")));
    assert_true(ip_addr_is_multicast(parsed("ff02::1")));
    assert_false(ip_addr_is_multicast(parsed("240.0.0.1")) || ip_addr_is_multicast(parsed("223.9.9.9")));
    assert_false(ip_addr_is_multicast(parsed("fe80::1")));
    assert_true(ip_addr_is_limited_broadcast(parsed("255.255.255.255")));
    assert_false(ip_addr_is_limited_broadcast(parsed("255.255.255.254")));
    assert_false(ip_addr_is_limited_broadcast(parsed("::ffff:ffff")));
    assert_true(ip_addr_is_any(parsed("::")) && ip_addr_is_any(parsed("0.0.0.0")));
    assert_false(ip_addr_is_any(parsed("0.0.0.1")) || ip_addr_is_any(parsed("::1")));
}

static void test_same_net(void **state)
{
    (void)state;
    struct ip_addr a = parsed("10.1.2.3");
    assert_true(ip_addr_same_net(a, parsed("10.1.2.200"), 24));
    assert_false(ip_addr_same_net(a, parsed("10.1.3.3"), 24));
    assert_true(ip_addr_same_net(a, parsed("10.1.3.3"), 23));
    assert_true(ip_addr_same_net(a, parsed("99.9.9.9"), 0));
    assert_true(ip_addr_same_net(a, a, 32));
    assert_false(ip_addr_same_net(a, parsed("10.1.2.2"), 32));
    assert_false(ip_addr_same_net(a, parsed("2001:db8::1"), 0));
    struct ip_addr b = parsed("2001:db8::1");
    assert_true(ip_addr_same_net(b, parsed("2001:db8::2"), 64));
    assert_true(ip_addr_same_net(b, parsed("2001:db8::2"), 126));
    assert_false(ip_addr_same_net(b, parsed("2001:db8::2"), 127));
    assert_false(ip_addr_same_net(b, parsed("2001:db8:0:1::1"), 64));
    assert_true(ip_addr_same_net(b, parsed("2001:db8:0:1::1"), 63));
    assert_true(ip_addr_same_net(b, parsed("fe80::1"), 0));
    assert_true(ip_addr_same_net(b, b, 128));
}

static void test_endpoint(void **state)
{
    (void)state;
    char text[IP_ENDPOINT_TEXT_MAX];
    struct ip_endpoint e = {parsed("10.0.0.1"), 80};
    assert_int_equal(ip_endpoint_format(e, text), 11);
    assert_string_equal(text, "10.0.0.1:80");
    struct ip_endpoint e6 = {parsed("2001:db8::1"), 65535};
    assert_int_equal(ip_endpoint_format(e6, text), 19);
    assert_string_equal(text, "[2001:db8::1]:65535");
    e6.addr = parsed("1111:2222:3333:4444:5555:6666:7777:8888");
    assert_int_equal(ip_endpoint_format(e6, text), 47);
    assert_true(ip_endpoint_equal(e, e));
    assert_false(ip_endpoint_equal(e, e6));
    assert_false(ip_endpoint_equal(e, (struct ip_endpoint){e.addr, 81}));
}

static void test_mac(void **state)
{
    (void)state;
    struct mac_addr mac = {{0}};
    char text[MAC_ADDR_TEXT_MAX];
    assert_int_equal(mac_addr_parse(&mac, bytes_of("02:00:5e:10:Fa:0b", 17)), STATUS_OK);
    assert_hex(bytes_of(mac.octet, 6), "02005e10fa0b");
    assert_int_equal(mac_addr_format(mac, text), 17);
    assert_string_equal(text, "02:00:5e:10:fa:0b");
    assert_true(mac_addr_equal(mac, mac));
    assert_false(mac_addr_equal(mac, (struct mac_addr){{2}}));
    static const char *const wrong[] = {
        "",
        "02:00:5e:10:fa",
        "02:00:5e:10:fa:0b:",
        "02:00:5e:10:fa:0b:01",
        "2:0:5e:10:fa:b",
        "02-00-5e-10-fa-0b",
        "02:00:5e:10:fa:0g",
        "02:00:5e:10:fa:0b ",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(mac_addr_parse(&mac, bytes_of(wrong[i], strlen(wrong[i]))), STATUS_EINVAL);
    assert_hex(bytes_of(mac.octet, 6), "02005e10fa0b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_v4),         cmocka_unit_test(test_v6_parse),
        cmocka_unit_test(test_refused),    cmocka_unit_test(test_v6_format),
        cmocka_unit_test(test_properties), cmocka_unit_test(test_special_ranges),
        cmocka_unit_test(test_same_net),   cmocka_unit_test(test_endpoint),
        cmocka_unit_test(test_mac),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
