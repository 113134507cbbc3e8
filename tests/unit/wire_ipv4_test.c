/*
 * wire/ipv4.h: each field where RFC 791 has it, the checksum, and headers that contradict themselves.
 */
#include "wire/ipv4.h"

#include "unit/support/wire.h"

/* A UDP packet's header as found in the wild: 192.168.0.1 to 192.168.0.199, 115 bytes, don't fragment. */
static const char HEADER[] = "4500 0073 0000 4000 4011 b861 c0a80001 c0a800c7";

enum { TOTAL = 115 };

struct packet {
    uint8_t at[TOTAL];
};

static struct packet packet_whole(void)
{
    struct packet p = {{0}};
    assert_int_equal(hex_read(p.at, sizeof p.at, HEADER), IPV4_HEADER);
    return p;
}

static int parse(struct bytes b)
{
    struct ipv4_repr r;
    return ipv4_parse(&r, b);
}

static void test_fields(void **state)
{
    (void)state;
    struct packet p = packet_whole();
    struct ipv4_repr r;
    assert_int_equal(ipv4_parse(&r, bytes_of(p.at, TOTAL)), STATUS_OK);
    assert_true(ip_addr_equal(r.src, ip_addr_v4(0xc0a80001)));
    assert_true(ip_addr_equal(r.dst, ip_addr_v4(0xc0a800c7)));
    assert_int_equal(r.protocol, IP_PROTOCOL_UDP);
    assert_int_equal(r.ttl, 64);
    assert_int_equal(r.tos, 0);
    assert_true(r.dont_fragment);
    assert_false(r.more_fragments);
    assert_int_equal(r.fragment_offset_bytes, 0);
    assert_int_equal(r.id, 0);
    assert_int_equal(r.header_bytes, 20);
    assert_int_equal(r.payload_bytes, 95);
    assert_true(ipv4_checksum_good(bytes_of(p.at, TOTAL)));
    uint8_t to[IPV4_HEADER];
    assert_int_equal(ipv4_emit(&r, room_of(to, sizeof to)), IPV4_HEADER);
    assert_hex(bytes_of(to, sizeof to), HEADER);
    assert_int_equal(ipv4_length(&r), IPV4_HEADER);
    assert_int_equal(ipv4_emit(&r, room_of(to, sizeof to - 1)), STATUS_ENOBUFS);
}

static void test_rarer_fields(void **state)
{
    (void)state;
    struct packet p = packet_whole();
    p.at[1] = 0xb9; /* DSCP 46, ECT(1) */
    be16_store(p.at + 4, 0xbeef);
    be16_store(p.at + 6, 0x2000 | 185); /* more fragments, byte 1480 */
    struct ipv4_repr r;
    assert_int_equal(ipv4_parse(&r, bytes_of(p.at, TOTAL)), STATUS_OK);
    assert_int_equal(r.tos, 0xb9);
    assert_int_equal(r.id, 0xbeef);
    assert_false(r.dont_fragment);
    assert_true(r.more_fragments);
    assert_int_equal(r.fragment_offset_bytes, 1480);
    assert_false(ipv4_checksum_good(bytes_of(p.at, TOTAL)));
}

static void test_options_are_stepped_over(void **state)
{
    (void)state;
    uint8_t b[37];
    hex_read(b, sizeof b,
             "46000025 1c464000 4011757b 0a000001 0a000002 94040000 14e90035 000d92e1 68656c6c 6f");
    struct ipv4_repr r;
    assert_int_equal(ipv4_parse(&r, bytes_of(b, sizeof b)), STATUS_OK);
    assert_int_equal(r.header_bytes, 24);
    assert_int_equal(r.payload_bytes, 13);
    assert_true(ipv4_checksum_good(bytes_of(b, sizeof b)));
    b[20] ^= 1; /* the checksum covers options */
    assert_false(ipv4_checksum_good(bytes_of(b, sizeof b)));
}

static void assert_refused(size_t at, uint16_t value)
{
    struct packet p = packet_whole();
    be16_store(p.at + at, value);
    assert_int_equal(parse(bytes_of(p.at, TOTAL)), STATUS_EBADMSG);
}

static void test_contradictions_are_refused(void **state)
{
    (void)state;
    assert_refused(0, 0x6500); /* not version 4 */
    assert_refused(0, 0x4400); /* a header of 16 bytes */
    assert_refused(2, 19);     /* total less than the header */
    assert_refused(2, 116);    /* more than there is */
    assert_refused(6, 0x8000); /* the reserved flag */
    assert_refused(6, 8191);   /* a fragment that would end past 65,535 */
    struct packet p = packet_whole();
    be16_store(p.at + 2, 20);
    p.at[0] = 0x46; /* header longer than the total */
    assert_int_equal(parse(bytes_of(p.at, TOTAL)), STATUS_EBADMSG);
    p = packet_whole();
    truncations_check(bytes_of(p.at, TOTAL), TOTAL, parse);
}

static void test_padding_is_not_payload(void **state)
{
    (void)state;
    struct packet p = packet_whole();
    be16_store(p.at + 2, 21);
    struct ipv4_repr r;
    assert_int_equal(ipv4_parse(&r, bytes_of(p.at, TOTAL)), STATUS_OK);
    assert_int_equal(r.payload_bytes, 1);
}

static void assert_same(const struct ipv4_repr *a, const struct ipv4_repr *b)
{
    assert_true(ip_addr_equal(a->src, b->src));
    assert_true(ip_addr_equal(a->dst, b->dst));
    assert_int_equal(a->protocol, b->protocol);
    assert_int_equal(a->ttl, b->ttl);
    assert_int_equal(a->tos, b->tos);
    assert_int_equal(a->dont_fragment, b->dont_fragment);
    assert_int_equal(a->more_fragments, b->more_fragments);
    assert_int_equal(a->fragment_offset_bytes, b->fragment_offset_bytes);
    assert_int_equal(a->id, b->id);
    assert_int_equal(a->payload_bytes, b->payload_bytes);
}

static void emit_and_parse_are_inverse(struct rng *rng)
{
    static uint8_t packet[65536];
    uint32_t payload = rng_below(rng, 65516);
    struct ipv4_repr in = {
        .src = rng_ipv4(rng),
        .dst = rng_ipv4(rng),
        .protocol = (uint8_t)rng_u32(rng),
        .ttl = (uint8_t)rng_u32(rng),
        .tos = (uint8_t)rng_u32(rng),
        .dont_fragment = rng_coin(rng),
        .more_fragments = rng_coin(rng),
        .fragment_offset_bytes = (uint16_t)(rng_between(rng, 0, (65515 - payload) / 8) * 8),
        .id = (uint16_t)rng_u32(rng),
        .payload_bytes = (uint16_t)payload,
    };
    uint8_t again[IPV4_HEADER];
    assert_int_equal(ipv4_emit(&in, room_of(packet, sizeof packet)), IPV4_HEADER);
    struct bytes whole = bytes_of(packet, IPV4_HEADER + payload);
    struct ipv4_repr out;
    assert_int_equal(ipv4_parse(&out, whole), STATUS_OK);
    assert_true(ipv4_checksum_good(whole));
    assert_same(&in, &out);
    assert_int_equal(out.header_bytes, IPV4_HEADER);
    ipv4_emit(&out, room_of(again, sizeof again));
    assert_memory_equal(packet, again, sizeof again);
    uint32_t bit = rng_below(rng, 4 * 8) + 12 * 8; /* of the source address: the header stays readable */
    packet[bit / 8] ^= (uint8_t)(1 << bit % 8);
    assert_false(ipv4_checksum_good(whole));
    noise_check(rng, 80, parse);
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
        cmocka_unit_test(test_rarer_fields),
        cmocka_unit_test(test_options_are_stepped_over),
        cmocka_unit_test(test_contradictions_are_refused),
        cmocka_unit_test(test_padding_is_not_payload),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
