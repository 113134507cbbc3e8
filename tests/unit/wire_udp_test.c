/*
 * wire/udp.h: fields, lengths, and the checksum with its two special values (RFC 768).
 */
#include "wire/udp.h"

#include "base/checksum.h"
#include "unit/support/wire.h"

/* From 10.0.0.1:5353 to 10.0.0.2:53: "hello". */
static const char HELLO[] = "14e9 0035 000d 92e1 68656c6c6f";

static int parse(struct bytes b)
{
    struct udp_repr r;
    return udp_parse(&r, b);
}

static void test_fields(void **state)
{
    (void)state;
    uint8_t b[13];
    hex_read(b, sizeof b, HELLO);
    struct udp_repr r;
    assert_int_equal(udp_parse(&r, bytes_of(b, sizeof b)), STATUS_OK);
    assert_int_equal(r.src_port, 5353);
    assert_int_equal(r.dst_port, 53);
    assert_int_equal(r.payload_bytes, 5);
    assert_true(r.has_checksum);
    assert_int_equal(udp_length(&r), UDP_HEADER);
    assert_true(udp_checksum_good(bytes_of(b, sizeof b), HOST_A, HOST_B));
    assert_true(udp_checksum_good(bytes_of(b, sizeof b), HOST_B, HOST_A)); /* a sum does not know the order */
    assert_false(udp_checksum_good(bytes_of(b, sizeof b), HOST_A, ip_addr_v4(0x0a000003)));
    uint8_t to[UDP_HEADER];
    assert_int_equal(udp_emit(&r, room_of(to, sizeof to), HOST_A, HOST_B, checksum_of("hello", 5)),
                     UDP_HEADER);
    assert_hex(bytes_of(to, sizeof to), "14e9 0035 000d 92e1");
    assert_int_equal(udp_emit(&r, room_of(to, sizeof to - 1), HOST_A, HOST_B, 0), STATUS_ENOBUFS);
}

static void test_padding_is_not_summed(void **state)
{
    (void)state;
    uint8_t b[18] = {0};
    hex_read(b, sizeof b, HELLO);
    b[17] = 0xaa;
    struct udp_repr r;
    assert_int_equal(udp_parse(&r, bytes_of(b, sizeof b)), STATUS_OK);
    assert_int_equal(r.payload_bytes, 5);
    assert_true(udp_checksum_good(bytes_of(b, sizeof b), HOST_A, HOST_B));
}

static void test_no_checksum(void **state)
{
    (void)state;
    uint8_t b[13];
    hex_read(b, sizeof b, "14e9 0035 000d 0000 68656c6c6f");
    struct udp_repr r;
    assert_int_equal(udp_parse(&r, bytes_of(b, sizeof b)), STATUS_OK);
    assert_false(r.has_checksum);
    assert_true(udp_checksum_good(bytes_of(b, sizeof b), HOST_A, HOST_B));
    uint8_t to[UDP_HEADER];
    udp_emit(&r, room_of(to, sizeof to), HOST_A, HOST_B, checksum_of("hello", 5));
    assert_hex(bytes_of(to, sizeof to), "14e9 0035 000d 0000");
}

static void test_computed_zero_goes_out_as_ffff(void **state)
{
    (void)state;
    uint8_t b[10];
    hex_read(b, sizeof b, "14e9 0035 000a ffff d6b9");
    struct udp_repr r;
    assert_int_equal(udp_parse(&r, bytes_of(b, sizeof b)), STATUS_OK);
    assert_true(r.has_checksum);
    assert_true(udp_checksum_good(bytes_of(b, sizeof b), HOST_A, HOST_B));
    uint8_t to[UDP_HEADER];
    udp_emit(&r, room_of(to, sizeof to), HOST_A, HOST_B, checksum_of(b + UDP_HEADER, 2));
    assert_hex(bytes_of(to, sizeof to), "14e9 0035 000a ffff");
}

static void test_refusals(void **state)
{
    (void)state;
    uint8_t b[13];
    hex_read(b, sizeof b, HELLO);
    truncations_check(bytes_of(b, sizeof b), sizeof b, parse);
    static const uint16_t WRONG[] = {0, 7, 14, 65535};
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        be16_store(b + 4, WRONG[i]);
        assert_int_equal(parse(bytes_of(b, sizeof b)), STATUS_EBADMSG);
    }
    be16_store(b + 4, UDP_HEADER); /* an empty datagram is one */
    assert_int_equal(parse(bytes_of(b, sizeof b)), STATUS_OK);
}

static void emit_and_parse_are_inverse(struct rng *rng)
{
    uint8_t datagram[200];
    struct udp_repr in = {
        .src_port = (uint16_t)rng_u32(rng),
        .dst_port = (uint16_t)rng_u32(rng),
        .payload_bytes = (uint16_t)rng_between(rng, 0, sizeof datagram - UDP_HEADER),
        .has_checksum = rng_coin(rng),
    };
    struct ip_addr src = rng_ipv4(rng);
    struct ip_addr dst = rng_ipv4(rng);
    rng_fill(rng, datagram, sizeof datagram);
    uint32_t sum = checksum_of(datagram + UDP_HEADER, in.payload_bytes);
    assert_int_equal(udp_emit(&in, room_of(datagram, sizeof datagram), src, dst, sum), UDP_HEADER);
    struct bytes whole = bytes_exact(datagram, UDP_HEADER + (size_t)in.payload_bytes);
    struct udp_repr out;
    assert_int_equal(udp_parse(&out, whole), STATUS_OK);
    assert_true(udp_checksum_good(whole, src, dst));
    assert_int_equal(out.src_port, in.src_port);
    assert_int_equal(out.dst_port, in.dst_port);
    assert_int_equal(out.payload_bytes, in.payload_bytes);
    assert_int_equal(out.has_checksum, in.has_checksum);
    uint8_t again[UDP_HEADER];
    udp_emit(&out, room_of(again, sizeof again), src, dst, sum);
    assert_memory_equal(datagram, again, sizeof again);
    bytes_exact_free(whole);
    noise_check(rng, 40, parse);
}

static void test_round_trip(void **state)
{
    (void)state;
    property_run(500, emit_and_parse_are_inverse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),      cmocka_unit_test(test_padding_is_not_summed),
        cmocka_unit_test(test_no_checksum), cmocka_unit_test(test_computed_zero_goes_out_as_ffff),
        cmocka_unit_test(test_refusals),    cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
