/*
 * wire/arp.h: each field where RFC 826 has it, and what is refused.
 */
#include "wire/arp.h"

#include "unit/support/wire.h"

static const char REPLY[] = "0001 0800 06 04 0002 020000000002 0a000002 020000000001 0a000001";

static int parse(struct bytes b)
{
    struct arp_repr r;
    return arp_parse(&r, b);
}

static void test_fields(void **state)
{
    (void)state;
    uint8_t b[ARP_LENGTH];
    assert_int_equal(hex_read(b, sizeof b, REPLY), ARP_LENGTH);
    struct arp_repr r;
    assert_int_equal(arp_parse(&r, bytes_of(b, sizeof b)), STATUS_OK);
    assert_int_equal(r.operation, ARP_REPLY);
    assert_true(mac_addr_equal(r.sender_mac, (struct mac_addr){{2, 0, 0, 0, 0, 2}}));
    assert_true(ip_addr_equal(r.sender_ip, HOST_B));
    assert_true(mac_addr_equal(r.target_mac, (struct mac_addr){{2, 0, 0, 0, 0, 1}}));
    assert_true(ip_addr_equal(r.target_ip, HOST_A));
    uint8_t to[ARP_LENGTH];
    assert_int_equal(arp_emit(&r, room_of(to, sizeof to)), ARP_LENGTH);
    assert_hex(bytes_of(to, sizeof to), REPLY);
    assert_int_equal(arp_length(&r), ARP_LENGTH);
    assert_int_equal(arp_emit(&r, room_of(to, sizeof to - 1)), STATUS_ENOBUFS);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
    } WRONG[] = {{0, 1}, {1, 6}, {2, 0x86}, {3, 6}, {4, 8}, {5, 16}, {6, 1}, {7, 0}, {7, 3}};
    uint8_t b[ARP_LENGTH];
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        hex_read(b, sizeof b, REPLY);
        b[WRONG[i].at] = WRONG[i].value;
        assert_int_equal(parse(bytes_of(b, sizeof b)), STATUS_EBADMSG);
    }
    uint8_t padded[46] = {0};
    hex_read(padded, sizeof padded, REPLY);
    truncations_check(bytes_of(padded, sizeof padded), ARP_LENGTH, parse);
}

static void emit_and_parse_are_inverse(struct rng *rng)
{
    struct arp_repr in = {
        .operation = rng_coin(rng) ? ARP_REQUEST : ARP_REPLY,
        .sender_mac = rng_mac(rng),
        .sender_ip = rng_ipv4(rng),
        .target_mac = rng_mac(rng),
        .target_ip = rng_ipv4(rng),
    };
    uint8_t to[ARP_LENGTH];
    uint8_t again[ARP_LENGTH];
    assert_int_equal(arp_emit(&in, room_of(to, sizeof to)), ARP_LENGTH);
    struct arp_repr out;
    assert_int_equal(arp_parse(&out, bytes_of(to, sizeof to)), STATUS_OK);
    assert_int_equal(out.operation, in.operation);
    assert_true(mac_addr_equal(out.sender_mac, in.sender_mac));
    assert_true(ip_addr_equal(out.sender_ip, in.sender_ip));
    assert_true(mac_addr_equal(out.target_mac, in.target_mac));
    assert_true(ip_addr_equal(out.target_ip, in.target_ip));
    arp_emit(&out, room_of(again, sizeof again));
    assert_memory_equal(to, again, sizeof to);
    noise_check(rng, 60, parse);
}

static void test_round_trip(void **state)
{
    (void)state;
    property_run(500, emit_and_parse_are_inverse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
