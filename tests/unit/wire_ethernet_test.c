/*
 * wire/ethernet.h: each field where IEEE 802.3 has it, refusals, the frame check sequence.
 */
#include "wire/ethernet.h"

#include "base/checksum.h"
#include "unit/support/wire.h"

/* An ARP request on the wire: who has 10.0.0.2? tell 10.0.0.1; with 18 bytes of padding and the FCS. */
static const char ARP_FRAME[] =
    "020000000002 020000000001 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"
    "000000000000000000000000000000000000 800f4eb4";

static int parse(struct bytes b)
{
    struct ethernet_repr r;
    return ethernet_parse(&r, b);
}

static void test_fields(void **state)
{
    (void)state;
    uint8_t frame[64];
    assert_int_equal(hex_read(frame, sizeof frame, ARP_FRAME), 64);
    struct ethernet_repr r;
    assert_int_equal(ethernet_parse(&r, bytes_of(frame, 64)), STATUS_OK);
    assert_true(mac_addr_equal(r.dst, (struct mac_addr){{2, 0, 0, 0, 0, 2}}));
    assert_true(mac_addr_equal(r.src, (struct mac_addr){{2, 0, 0, 0, 0, 1}}));
    assert_int_equal(r.type, ETHERNET_TYPE_ARP);
    assert_true(mac_addr_equal(MAC_BROADCAST, (struct mac_addr){{255, 255, 255, 255, 255, 255}}));
}

static void test_emit(void **state)
{
    (void)state;
    const struct ethernet_repr r = {.dst = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
                                    .src = {{2, 0, 0, 0, 0, 1}},
                                    .type = ETHERNET_TYPE_IPV4};
    uint8_t to[ETHERNET_HEADER];
    assert_int_equal(ethernet_emit(&r, room_of(to, sizeof to)), ETHERNET_HEADER);
    assert_hex(bytes_of(to, sizeof to), "ffffffffffff 020000000001 0800");
    assert_int_equal(ethernet_emit(&r, room_of(to, sizeof to - 1)), STATUS_ENOBUFS);
    assert_int_equal(ethernet_length(&r), ETHERNET_HEADER);
}

static void test_lengths_are_refused(void **state)
{
    (void)state;
    uint8_t frame[64];
    hex_read(frame, sizeof frame, ARP_FRAME);
    be16_store(frame + 12, 0x05ff);
    assert_int_equal(parse(bytes_of(frame, 64)), STATUS_EBADMSG);
    be16_store(frame + 12, 0x0600);
    assert_int_equal(parse(bytes_of(frame, 64)), STATUS_OK);
    truncations_check(bytes_of(frame, 64), ETHERNET_HEADER, parse);
}

static void test_fcs(void **state)
{
    (void)state;
    uint8_t frame[64];
    hex_read(frame, sizeof frame, ARP_FRAME);
    assert_true(ethernet_fcs_good(bytes_of(frame, 64)));
    assert_int_equal(ethernet_fcs_load(frame + 60), 0xb44e0f80);
    for (unsigned bit = 0; bit < 64 * 8; bit++) { /* a CRC sees every single flipped bit */
        frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(ethernet_fcs_good(bytes_of(frame, 64)));
        frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t len = 0; len < 64; len++) {
        struct bytes cut = bytes_exact(frame, len);
        assert_false(ethernet_fcs_good(cut));
        bytes_exact_free(cut);
    }
    ethernet_fcs_store(frame + 30, crc32_of(frame, 30));
    assert_true(ethernet_fcs_good(bytes_of(frame, 34)));
}

static void emit_and_parse_are_inverse(struct rng *rng)
{
    struct ethernet_repr in = {.dst = rng_mac(rng), .src = rng_mac(rng)};
    in.type = (uint16_t)rng_between(rng, 0x600, 0xffff);
    uint8_t to[ETHERNET_HEADER];
    uint8_t again[ETHERNET_HEADER];
    assert_int_equal(ethernet_emit(&in, room_of(to, sizeof to)), ETHERNET_HEADER);
    struct ethernet_repr out;
    assert_int_equal(ethernet_parse(&out, bytes_of(to, sizeof to)), STATUS_OK);
    assert_true(mac_addr_equal(in.dst, out.dst));
    assert_true(mac_addr_equal(in.src, out.src));
    assert_int_equal(in.type, out.type);
    assert_int_equal(ethernet_emit(&out, room_of(again, sizeof again)), ETHERNET_HEADER);
    assert_memory_equal(to, again, sizeof to);
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
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_emit),
        cmocka_unit_test(test_lengths_are_refused),
        cmocka_unit_test(test_fcs),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
