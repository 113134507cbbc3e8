/*
 * wire/tcp.h: each field where RFC 9293 has it, the checksum over the pseudo-header, headers that contradict
 * themselves, flags as text.
 */
#include "wire/tcp.h"

#include "base/checksum.h"
#include "unit/support/wire.h"

/* From 10.0.0.1 to 10.0.0.2. */
static const char SYN[] =
    "9c400050 12345678 00000000 a002faf0 23d00000 020405b4 0402080a 00001000 00000000 01030307";
static const char GET[] = "9c400050 12345679 9abcdef1 801801f6 d31c0000 0101080a 00001001 00002000"
                          "47455420 2f204854 54502f31 2e310d0a 0d0a";
static const char ACK[] = "00509c40 00000001 00000002 501003e8 fb560000";

static int parse(struct bytes b)
{
    struct tcp_repr r;
    return tcp_parse(&r, b);
}

/* Reads a segment whose checksum must be right, and writes its header again, which must give the same. */
static struct tcp_repr check(const char *hex, size_t payload)
{
    uint8_t b[128];
    size_t len = hex_read(b, sizeof b, hex);
    struct tcp_repr r;
    assert_int_equal(tcp_parse(&r, bytes_of(b, len)), STATUS_OK);
    assert_int_equal(r.header_bytes, len - payload);
    assert_false(r.options_malformed);
    assert_int_equal(tcp_length(&r), len - payload);
    assert_true(tcp_checksum_good(bytes_of(b, len), HOST_A, HOST_B));
    uint8_t to[TCP_HEADER_MAX];
    uint32_t sum = checksum_of(b + r.header_bytes, payload);
    assert_int_equal(tcp_emit(&r, room_of(to, sizeof to), HOST_A, HOST_B, sum, (uint32_t)payload),
                     r.header_bytes);
    assert_memory_equal(to, b, r.header_bytes);
    assert_int_equal(tcp_emit(&r, room_of(to, r.header_bytes - 1u), HOST_A, HOST_B, sum, 0), STATUS_ENOBUFS);
    return r;
}

static void test_fields(void **state)
{
    (void)state;
    struct tcp_repr r = check(GET, 18);
    assert_int_equal(r.src_port, 40000);
    assert_int_equal(r.dst_port, 80);
    assert_int_equal(r.seq, 0x12345679);
    assert_int_equal(r.ack, 0x9abcdef1);
    assert_int_equal(r.flags, TCP_PSH | TCP_ACK);
    assert_int_equal(r.header_bytes, 32);
    assert_int_equal(r.window, 502);
    assert_int_equal(r.urgent, 0);
    assert_true(r.options.has_timestamps);
    assert_int_equal(r.options.ts_value, 0x1001);
    r = check(SYN, 0);
    assert_int_equal(r.flags, TCP_SYN);
    assert_int_equal(r.options.mss, 1460);
    r = check(ACK, 0);
    assert_int_equal(r.flags, TCP_ACK);
    assert_int_equal(tcp_length(&r), TCP_HEADER);
}

static void test_urgent_and_flags_have_their_places(void **state)
{
    (void)state;
    uint8_t b[TCP_HEADER];
    hex_read(b, sizeof b, ACK);
    be16_store(b + 18, 0xabcd);
    struct tcp_repr r;
    for (unsigned bit = 0; bit < 8; bit++) {
        b[13] = (uint8_t)(1 << bit);
        assert_int_equal(tcp_parse(&r, bytes_of(b, sizeof b)), STATUS_OK);
        assert_int_equal(r.flags, 1 << bit);
    }
    assert_int_equal(r.urgent, 0xabcd);
    b[12] |= 0x0f; /* reserved bits are ignored */
    assert_int_equal(tcp_parse(&r, bytes_of(b, sizeof b)), STATUS_OK);
    assert_int_equal(r.header_bytes, TCP_HEADER);
}

static void test_checksum_sees_flips_and_addresses(void **state)
{
    (void)state;
    uint8_t b[50];
    hex_read(b, sizeof b, GET);
    for (unsigned bit = 0; bit < sizeof b * 8; bit++) {
        b[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(tcp_checksum_good(bytes_of(b, sizeof b), HOST_A, HOST_B));
        b[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_false(tcp_checksum_good(bytes_of(b, sizeof b), HOST_A, ip_addr_v4(0x0a000003)));
    assert_false(tcp_checksum_good(bytes_of(b, sizeof b - 1), HOST_A, HOST_B));
}

static void test_refusals(void **state)
{
    (void)state;
    uint8_t b[50];
    hex_read(b, sizeof b, GET);
    truncations_check(bytes_of(b, sizeof b), 32, parse);
    b[12] = 0x40; /* a header of 16 bytes */
    assert_int_equal(parse(bytes_of(b, sizeof b)), STATUS_EBADMSG);
    b[12] = 0xd0; /* of 52 */
    assert_int_equal(parse(bytes_of(b, sizeof b)), STATUS_EBADMSG);
}

static void test_malformed_options_leave_the_segment_usable(void **state)
{
    (void)state;
    uint8_t b[24];
    hex_read(b, sizeof b, "00509c40 00000001 00000002 601003e8 00000000 020105b4");
    struct tcp_repr r;
    assert_int_equal(tcp_parse(&r, bytes_of(b, sizeof b)), STATUS_OK);
    assert_true(r.options_malformed);
    assert_int_equal(r.seq, 1);
    assert_false(r.options.has_mss);
}

static void assert_flags(uint8_t flags, const char *want)
{
    char text[TCP_FLAGS_TEXT_MAX];
    assert_int_equal(tcp_flags_format(flags, text), strlen(want));
    assert_string_equal(text, want);
}

static void test_flags_format(void **state)
{
    (void)state;
    assert_flags(0, "none");
    assert_flags(TCP_SYN, "SYN");
    assert_flags(TCP_SYN | TCP_ACK, "SYN,ACK");
    assert_flags(TCP_PSH | TCP_ACK, "PSH,ACK");
    assert_flags(0xff, "FIN,SYN,RST,PSH,ACK,URG,ECE,CWR");
}

static void test_seq_length(void **state)
{
    (void)state;
    assert_int_equal(tcp_seq_length(TCP_ACK, 0), 0);
    assert_int_equal(tcp_seq_length(TCP_SYN, 0), 1);
    assert_int_equal(tcp_seq_length(TCP_FIN | TCP_ACK, 100), 101);
    assert_int_equal(tcp_seq_length(TCP_SYN | TCP_FIN, 1), 3);
}

static void emit_and_parse_are_inverse(struct rng *rng)
{
    uint8_t segment[TCP_HEADER_MAX + 100];
    uint8_t payload[100];
    size_t payload_bytes = rng_between(rng, 0, sizeof payload);
    struct ip_addr src = rng_ipv4(rng);
    struct ip_addr dst = rng_ipv4(rng);
    struct tcp_repr in;
    memset(&in, 0, sizeof in);
    in.src_port = (uint16_t)rng_u32(rng);
    in.dst_port = (uint16_t)rng_u32(rng);
    in.seq = rng_u32(rng);
    in.ack = rng_u32(rng);
    in.flags = (uint8_t)rng_u32(rng);
    in.window = (uint16_t)rng_u32(rng);
    in.urgent = (uint16_t)rng_u32(rng);
    in.options.has_timestamps = rng_coin(rng);
    in.options.ts_value = in.options.has_timestamps ? rng_u32(rng) : 0;
    in.options.has_mss = rng_coin(rng);
    in.options.mss = (uint16_t)(in.options.has_mss ? rng_u32(rng) : 0);
    in.header_bytes = (uint8_t)tcp_length(&in);
    rng_fill(rng, payload, sizeof payload);
    uint32_t sum = checksum_of(payload, payload_bytes);
    int header = tcp_emit(&in, room_of(segment, sizeof segment), src, dst, sum, (uint32_t)payload_bytes);
    assert_int_equal(header, in.header_bytes);
    memcpy(segment + header, payload, payload_bytes);
    struct bytes exact = bytes_exact(segment, (size_t)header + payload_bytes);
    assert_true(tcp_checksum_good(exact, src, dst));
    struct tcp_repr out;
    memset(&out, 0, sizeof out);
    assert_int_equal(tcp_parse(&out, exact), STATUS_OK);
    assert_memory_equal(&out, &in, sizeof in);
    uint8_t again[TCP_HEADER_MAX];
    assert_int_equal(tcp_emit(&out, room_of(again, sizeof again), src, dst, sum, (uint32_t)payload_bytes),
                     header);
    assert_memory_equal(again, segment, (size_t)header);
    bytes_exact_free(exact);
    noise_check(rng, 100, parse);
}

static void test_round_trip(void **state)
{
    (void)state;
    property_run(1000, emit_and_parse_are_inverse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_urgent_and_flags_have_their_places),
        cmocka_unit_test(test_checksum_sees_flips_and_addresses),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_malformed_options_leave_the_segment_usable),
        cmocka_unit_test(test_flags_format),
        cmocka_unit_test(test_seq_length),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
