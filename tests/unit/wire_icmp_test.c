/*
 * wire/icmp.h: echo, errors with their quotation, the next-hop MTU (RFC 1191), the checksum.
 */
#include "wire/icmp.h"

#include "unit/support/wire.h"

static int parse(struct bytes b)
{
    struct icmp_repr r;
    return icmp_parse(&r, b);
}

/* Reads the message in `hex`, whose checksum must be right, and writes it again, which must give the same. */
static struct icmp_repr check(const char *hex, uint8_t room[128])
{
    size_t len = hex_read(room, 128, hex);
    struct icmp_repr r;
    assert_int_equal(icmp_parse(&r, bytes_of(room, len)), STATUS_OK);
    assert_true(icmp_checksum_good(bytes_of(room, len)));
    assert_int_equal(icmp_length(&r), len);
    uint8_t to[128];
    assert_int_equal(icmp_emit(&r, room_of(to, len)), len);
    assert_hex(bytes_of(to, len), hex);
    assert_int_equal(icmp_emit(&r, room_of(to, len - 1)), STATUS_ENOBUFS);
    return r;
}

static void test_echo(void **state)
{
    (void)state;
    uint8_t room[128];
    struct icmp_repr r = check("08 00 542f 1234 0007 6162636465666768", room);
    assert_int_equal(r.type, ICMP_TYPE_ECHO);
    assert_int_equal(r.code, 0);
    assert_int_equal(r.id, 0x1234);
    assert_int_equal(r.sequence, 7);
    assert_int_equal(r.mtu, 0);
    assert_ptr_equal(r.payload.at, room + ICMP_HEADER);
    assert_hex(r.payload, "6162636465666768");
    check("00 00 5c2f 1234 0007 6162636465666768", room);
}

static void test_too_big(void **state)
{
    (void)state;
    uint8_t room[128];
    struct icmp_repr r =
        check("0304f246 00000578 4500003c 1c464000 40060a74 0a000001 0a000002 9c400050 12345678", room);
    assert_int_equal(r.type, ICMP_TYPE_UNREACHABLE);
    assert_int_equal(r.code, ICMP_CODE_TOO_BIG);
    assert_int_equal(r.mtu, 1400);
    assert_int_equal(r.id, 0);
    assert_int_equal(r.payload.len, 28);
}

static void test_other_errors(void **state)
{
    (void)state;
    uint8_t room[128];
    struct icmp_repr r = check("03 03 fcfc 00000000", room);
    assert_int_equal(r.code, ICMP_CODE_PORT);
    assert_int_equal(r.payload.len, 0);
    r = check("0b 00 f4ff 00000000", room);
    assert_int_equal(r.type, ICMP_TYPE_TIME_EXCEEDED);
    r = check("0c 00 dfff 14000000", room);
    assert_int_equal(r.type, ICMP_TYPE_PARAMETER_PROBLEM);
    assert_int_equal(r.pointer, 20);
}

static void test_truncations(void **state)
{
    (void)state;
    uint8_t b[16];
    hex_read(b, sizeof b, "08 00 542f 1234 0007 6162636465666768");
    truncations_check(bytes_of(b, sizeof b), ICMP_HEADER, parse);
    for (unsigned bit = 0; bit < sizeof b * 8; bit++) {
        b[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(icmp_checksum_good(bytes_of(b, sizeof b)));
        b[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void emit_and_parse_are_inverse(struct rng *rng)
{
    static const uint8_t TYPES[] = {ICMP_TYPE_ECHO, ICMP_TYPE_ECHO_REPLY, ICMP_TYPE_UNREACHABLE,
                                    ICMP_TYPE_TIME_EXCEEDED, ICMP_TYPE_PARAMETER_PROBLEM};
    uint8_t payload[100];
    rng_fill(rng, payload, sizeof payload);
    struct icmp_repr in = {.type = TYPES[rng_below(rng, sizeof TYPES)], .code = (uint8_t)rng_below(rng, 6)};
    in.payload = bytes_of(payload, rng_between(rng, 0, sizeof payload));
    if (in.type == ICMP_TYPE_ECHO || in.type == ICMP_TYPE_ECHO_REPLY) {
        in.id = (uint16_t)rng_u32(rng);
        in.sequence = (uint16_t)rng_u32(rng);
    } else if (in.type == ICMP_TYPE_UNREACHABLE && in.code == ICMP_CODE_TOO_BIG) {
        in.mtu = (uint16_t)rng_u32(rng);
    } else if (in.type == ICMP_TYPE_PARAMETER_PROBLEM) {
        in.pointer = (uint8_t)rng_u32(rng);
    }
    uint8_t to[ICMP_HEADER + sizeof payload];
    int len = icmp_emit(&in, room_of(to, sizeof to));
    assert_int_equal(len, ICMP_HEADER + in.payload.len);
    struct icmp_repr out;
    assert_int_equal(icmp_parse(&out, bytes_of(to, (size_t)len)), STATUS_OK);
    assert_true(icmp_checksum_good(bytes_of(to, (size_t)len)));
    assert_int_equal(out.type, in.type);
    assert_int_equal(out.code, in.code);
    assert_int_equal(out.id, in.id);
    assert_int_equal(out.sequence, in.sequence);
    assert_int_equal(out.mtu, in.mtu);
    assert_int_equal(out.pointer, in.pointer);
    assert_true(bytes_equal(out.payload, in.payload));
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
        cmocka_unit_test(test_echo),         cmocka_unit_test(test_too_big),
        cmocka_unit_test(test_other_errors), cmocka_unit_test(test_truncations),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
