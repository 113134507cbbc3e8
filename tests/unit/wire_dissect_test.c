/*
 * wire/dissect.h: whole frames as people see them, field by field; that every bit of any frame, whole, cut or
 * random, belongs to some field; and that whatever is wrong is marked.
 */
#include "wire/dissect.h"

#include "base/checksum.h"
#include "unit/support/wire.h"
#include "wire/ethernet.h"

enum { FRAME_MAX = 256, LISTING_MAX = 16384 };

struct frame_bytes {
    size_t len;
    uint8_t at[FRAME_MAX];
};

static const char SYN_FRAME[] = "020000000002 020000000001 0800"
                                "4500003c 1c464000 40060a74 0a000001 0a000002"
                                "9c400050 12345678 00000000 a002faf0 23d00000"
                                "020405b4 0402080a 00001000 00000000 01030307 99ff3d9a";
static const char UDP_FRAME[] = "020000000002 020000000001 0800"
                                "45000021 1c464000 40110a84 0a000001 0a000002 14e90035 000d92e1 68656c6c 6f"
                                "00000000000000000000000000 c9f1149f";
static const char ARP_FRAME[] =
    "020000000002 020000000001 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"
    "000000000000000000000000000000000000 800f4eb4";
static const char UNREACHABLE_FRAME[] =
    "020000000002 020000000001 0800"
    "4500003d 1c464000 40010a78 0a000002 0a000001 0303111e 00000000"
    "45000021 1c464000 40110a84 0a000001 0a000002 14e90035 000d92e1 68656c6c 6f c4812122";
static const char *const FRAMES[] = {SYN_FRAME, UDP_FRAME, ARP_FRAME, UNREACHABLE_FRAME};
enum { FRAME_COUNT = sizeof FRAMES / sizeof FRAMES[0] };

static struct frame_bytes frame_read(const char *hex)
{
    struct frame_bytes f = {.len = 0};
    f.len = hex_read(f.at, sizeof f.at, hex);
    return f;
}

/* Every bit of the frame is in a field that is no header, no field leaves the frame, every text ends. */
static void check_covered(const struct dissect *d, size_t len)
{
    static uint8_t covered[65536];
    memset(covered, 0, len);
    assert_true(d->count <= DISSECT_FIELDS_MAX);
    for (uint32_t i = 0; i < d->count; i++) {
        const struct dissect_field *f = &d->field[i];
        assert_true((size_t)f->offset + f->len <= len);
        assert_non_null(f->protocol);
        assert_non_null(f->name);
        assert_non_null(memchr(f->text, 0, sizeof f->text));
        assert_true(f->bit_offset + f->bit_count <= f->len * 8);
        if (f->is_header)
            continue;
        for (unsigned bit = 0; bit < f->len * 8u; bit++) {
            if (f->bit_count == 0 || (bit >= f->bit_offset && bit < f->bit_offset + f->bit_count))
                covered[f->offset + bit / 8] |= (uint8_t)(0x80 >> bit % 8);
        }
    }
    for (size_t i = 0; i < len; i++)
        assert_int_equal(covered[i], 0xff);
}

static struct dissect *dissect_checked(const void *at, size_t len, enum dissect_start start, bool has_fcs)
{
    static struct dissect d;
    memset(&d, 0xa5, sizeof d); /* nothing may depend on what was there */
    struct bytes exact = bytes_exact(at, len);
    dissect_frame(&d, exact, start, has_fcs);
    bytes_exact_free(exact);
    check_covered(&d, len);
    return &d;
}

static bool anything_bad(const struct dissect *d)
{
    bool bad = d->malformed;
    for (uint32_t i = 0; i < d->count; i++)
        bad |= d->field[i].is_bad;
    return bad;
}

/* The `nth` field of that name, from 0. */
static const struct dissect_field *field(const struct dissect *d, const char *protocol, const char *name,
                                         unsigned nth)
{
    for (uint32_t i = 0; i < d->count; i++) {
        const struct dissect_field *f = &d->field[i];
        if (strcmp(f->protocol, protocol) == 0 && strcmp(f->name, name) == 0 && nth-- == 0)
            return f;
    }
    fail_msg("no field %s.%s", protocol, name);
    return NULL;
}

/* A line for each field from the first of `protocol` on, as long as it stays: "seq 38+4: 305419896". */
static void assert_listing(const struct dissect *d, const char *protocol, const char *want)
{
    static char got[LISTING_MAX];
    size_t used = 0;
    got[0] = 0;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct dissect_field *f = &d->field[i];
        if (strcmp(f->protocol, protocol) != 0)
            continue;
        used += (size_t)snprintf(got + used, sizeof got - used, "%s %u+%u", f->name, f->offset, f->len);
        if (f->bit_count)
            used +=
                (size_t)snprintf(got + used, sizeof got - used, " bits %u+%u", f->bit_offset, f->bit_count);
        used += (size_t)snprintf(got + used, sizeof got - used, ": %s\n", f->text);
    }
    assert_string_equal(got, want);
}

static void test_ethernet_and_arp(void **state)
{
    (void)state;
    struct frame_bytes b = frame_read(ARP_FRAME);
    const struct dissect *d = dissect_checked(b.at, b.len, DISSECT_ETHERNET, true);
    assert_false(anything_bad(d));
    assert_listing(d, "ethernet",
                   "header 0+14: 02:00:00:00:00:01 > 02:00:00:00:00:02\n"
                   "dst 0+6: 02:00:00:00:00:02\n"
                   "src 6+6: 02:00:00:00:00:01\n"
                   "type 12+2: 0x0806 (ARP)\n"
                   "padding 42+18: 18 bytes\n"
                   "fcs 60+4: 0xb44e0f80 (good)\n");
    assert_listing(d, "arp",
                   "header 14+28: who has 10.0.0.2? tell 10.0.0.1\n"
                   "hardware_type 14+2: 1\n"
                   "protocol_type 16+2: 0x0800\n"
                   "hardware_length 18+1: 6\n"
                   "protocol_length 19+1: 4\n"
                   "operation 20+2: 1 (request)\n"
                   "sender_mac 22+6: 02:00:00:00:00:01\n"
                   "sender_ip 28+4: 10.0.0.1\n"
                   "target_mac 32+6: 00:00:00:00:00:00\n"
                   "target_ip 38+4: 10.0.0.2\n");
    assert_int_equal(field(d, "arp", "sender_ip", 0)->value, 0x0a000001);
    assert_int_equal(field(d, "ethernet", "src", 0)->value, 0x020000000001);
    assert_int_equal(field(d, "arp", "operation", 0)->layer, DISSECT_LINK);
}

static void test_ipv4(void **state)
{
    (void)state;
    struct frame_bytes b = frame_read(SYN_FRAME);
    const struct dissect *d = dissect_checked(b.at, b.len, DISSECT_ETHERNET, true);
    assert_false(anything_bad(d));
    assert_listing(d, "ipv4",
                   "header 14+20: 10.0.0.1 > 10.0.0.2\n"
                   "version 14+1 bits 0+4: 4\n"
                   "header_length 14+1 bits 4+4: 5 (20 bytes)\n"
                   "dscp 15+1 bits 0+6: 0\n"
                   "ecn 15+1 bits 6+2: 0 (not ECT)\n"
                   "total_length 16+2: 60\n"
                   "id 18+2: 0x1c46\n"
                   "flag_reserved 20+1 bits 0+1: 0\n"
                   "dont_fragment 20+1 bits 1+1: 1\n"
                   "more_fragments 20+1 bits 2+1: 0\n"
                   "fragment_offset 20+2 bits 3+13: 0\n"
                   "ttl 22+1: 64\n"
                   "protocol 23+1: 6 (TCP)\n"
                   "checksum 24+2: 0x0a74 (good)\n"
                   "src 26+4: 10.0.0.1\n"
                   "dst 30+4: 10.0.0.2\n");
    assert_int_equal(field(d, "ipv4", "ttl", 0)->layer, DISSECT_INTERNET);
}

static void test_tcp(void **state)
{
    (void)state;
    struct frame_bytes b = frame_read(SYN_FRAME);
    const struct dissect *d = dissect_checked(b.at, b.len, DISSECT_ETHERNET, true);
    assert_listing(d, "tcp",
                   "header 34+40: 40000 > 80 SYN\n"
                   "src_port 34+2: 40000\n"
                   "dst_port 36+2: 80\n"
                   "seq 38+4: 305419896\n"
                   "ack 42+4: 0\n"
                   "data_offset 46+1 bits 0+4: 10 (40 bytes)\n"
                   "reserved 46+1 bits 4+4: 0\n"
                   "flags 47+1: SYN\n"
                   "flag_cwr 47+1 bits 0+1: 0\n"
                   "flag_ece 47+1 bits 1+1: 0\n"
                   "flag_urg 47+1 bits 2+1: 0\n"
                   "flag_ack 47+1 bits 3+1: 0\n"
                   "flag_psh 47+1 bits 4+1: 0\n"
                   "flag_rst 47+1 bits 5+1: 0\n"
                   "flag_syn 47+1 bits 6+1: 1\n"
                   "flag_fin 47+1 bits 7+1: 0\n"
                   "window 48+2: 64240\n"
                   "checksum 50+2: 0x23d0 (good)\n"
                   "urgent 52+2: 0\n"
                   "option_mss 54+4: 1460 bytes\n"
                   "option_sack_permitted 58+2: permitted\n"
                   "option_timestamps 60+10: value 4096, echo 0\n"
                   "option_nop 70+1: no operation x 1\n"
                   "option_window_scale 71+3: 7 (windows count 128 bytes)\n");
    assert_int_equal(field(d, "tcp", "seq", 0)->layer, DISSECT_TRANSPORT);
}

static void test_udp_and_payload(void **state)
{
    (void)state;
    struct frame_bytes b = frame_read(UDP_FRAME);
    const struct dissect *d = dissect_checked(b.at, b.len, DISSECT_ETHERNET, true);
    assert_false(anything_bad(d));
    assert_listing(d, "udp",
                   "header 34+8: 5353 > 53\n"
                   "src_port 34+2: 5353\n"
                   "dst_port 36+2: 53\n"
                   "length 38+2: 13\n"
                   "checksum 40+2: 0x92e1 (good)\n");
    assert_listing(d, "payload", "data 42+5: hello\n");
    assert_int_equal(field(d, "payload", "data", 0)->layer, DISSECT_APPLICATION);
    assert_int_equal(field(d, "ethernet", "padding", 0)->len, 13);
}

static void test_icmp_shows_what_it_quotes(void **state)
{
    (void)state;
    struct frame_bytes b = frame_read(UNREACHABLE_FRAME);
    const struct dissect *d = dissect_checked(b.at, b.len, DISSECT_ETHERNET, true);
    assert_false(anything_bad(d));
    assert_listing(d, "icmp",
                   "header 34+8: destination unreachable\n"
                   "type 34+1: 3 (destination unreachable)\n"
                   "code 35+1: 3 (port)\n"
                   "checksum 36+2: 0x111e (good)\n"
                   "unused 38+4: 0\n");
    assert_false(field(d, "ipv4", "src", 0)->is_quoted);
    assert_true(field(d, "ipv4", "src", 1)->is_quoted);
    assert_int_equal(field(d, "ipv4", "src", 1)->offset, 54);
    assert_int_equal(field(d, "udp", "dst_port", 0)->value, 53);
    assert_true(field(d, "udp", "dst_port", 0)->is_quoted);
    assert_false(field(d, "ethernet", "fcs", 0)->is_quoted);
}

static void test_icmp_words(void **state)
{
    (void)state;
    struct frame_bytes b = frame_read(
        "4500002c 00000000 400166cf 0a000001 0a000002 0800542f 12340007 6162636465666768 00000000 00000000");
    be16_store(b.at + 10, 0);
    be16_store(b.at + 2, 36);
    be16_store(b.at + 10, checksum_finish(checksum_of(b.at, 20)));
    const struct dissect *d = dissect_checked(b.at, b.len, DISSECT_RAW_IP, true);
    assert_false(anything_bad(d));
    assert_int_equal(field(d, "icmp", "id", 0)->value, 0x1234);
    assert_int_equal(field(d, "icmp", "sequence", 0)->value, 7);
    assert_string_equal(field(d, "payload", "data", 0)->text, "abcdefgh");
    b.at[20] = 3;
    b.at[21] = 4;
    d = dissect_checked(b.at, b.len, DISSECT_RAW_IP, false);
    assert_int_equal(field(d, "icmp", "mtu", 0)->value, 7);
    assert_string_equal(field(d, "icmp", "code", 0)->text, "4 (too big, must not be fragmented)");
    b.at[20] = 12;
    d = dissect_checked(b.at, b.len, DISSECT_RAW_IP, false);
    assert_int_equal(field(d, "icmp", "pointer", 0)->value, 0x12);
}

static void test_wrong_checksums_say_what_is_right(void **state)
{
    (void)state;
    struct frame_bytes b = frame_read(SYN_FRAME);
    b.at[24] ^= 0xff;
    b.at[51] ^= 0x01;
    b.at[77] ^= 0x80;
    const struct dissect *d = dissect_checked(b.at, b.len, DISSECT_ETHERNET, true);
    assert_string_equal(field(d, "ipv4", "checksum", 0)->text, "0xf574 (bad, should be 0x0a74)");
    assert_string_equal(field(d, "tcp", "checksum", 0)->text, "0x23d1 (bad, should be 0x23d0)");
    assert_int_equal(strncmp(field(d, "ethernet", "fcs", 0)->text, "0x1a3dff99 (bad, should be 0x", 29), 0);
    assert_true(field(d, "tcp", "checksum", 0)->is_bad);
    assert_false(d->malformed); /* wrong, but readable */
}

static void test_every_flipped_bit_is_marked(void **state)
{
    (void)state;
    for (size_t i = 0; i < FRAME_COUNT; i++) {
        struct frame_bytes b = frame_read(FRAMES[i]);
        for (size_t bit = 0; bit < b.len * 8; bit++) {
            b.at[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
            assert_true(anything_bad(dissect_checked(b.at, b.len, DISSECT_ETHERNET, true)));
            b.at[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        }
    }
    struct frame_bytes b = frame_read(SYN_FRAME); /* and without FCS, in IP and TCP */
    for (size_t bit = ETHERNET_HEADER * 8; bit < (b.len - ETHERNET_FCS) * 8; bit++) {
        b.at[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        assert_true(anything_bad(dissect_checked(b.at, b.len - ETHERNET_FCS, DISSECT_ETHERNET, false)));
        b.at[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
    }
}

static void test_every_cut_is_covered(void **state)
{
    (void)state;
    for (size_t i = 0; i < FRAME_COUNT; i++) {
        struct frame_bytes b = frame_read(FRAMES[i]);
        for (size_t len = 0; len <= b.len; len++) {
            dissect_checked(b.at, len, DISSECT_ETHERNET, false);
            dissect_checked(b.at, len, DISSECT_ETHERNET, true);
            if (len >= ETHERNET_HEADER)
                dissect_checked(b.at + ETHERNET_HEADER, len - ETHERNET_HEADER, DISSECT_RAW_IP, false);
        }
    }
}

/* A TCP segment quoted by an ICMP error with its first 8 bytes, as RFC 792 has it. */
static void test_a_short_quotation_shows_ports(void **state)
{
    (void)state;
    struct frame_bytes b = frame_read("45000038 00000000 40010000 0a000002 0a000001 0304f246 00000578"
                                      "4500003c 1c464000 40060a74 0a000001 0a000002 9c400050 12345678");
    be16_store(b.at + 10, checksum_finish(checksum_of(b.at, 20)));
    const struct dissect *d = dissect_checked(b.at, b.len, DISSECT_RAW_IP, false);
    assert_false(anything_bad(d));
    assert_int_equal(field(d, "icmp", "mtu", 0)->value, 1400);
    assert_listing(d, "tcp",
                   "header 48+8: 40000 > 80\nsrc_port 48+2: 40000\ndst_port 50+2: 80\nseq 52+4: 305419896\n");
}

static void test_tcp_options(void **state)
{
    (void)state;
    struct frame_bytes b = frame_read(
        "45000050 00000000 40060000 0a000001 0a000002"
        "00500051 00000001 00000002 f01003e8 00000000"
        "0512 00000064 000000c8 ffffff00 00000010 2206deadbeef 0303ff 0203ff fd03aa 01 010100 000000");
    b.len = 80;
    const struct dissect *d = dissect_checked(b.at, b.len, DISSECT_RAW_IP, false);
    assert_string_equal(field(d, "tcp", "option_sack", 0)->text, "100-200 4294967040-16");
    assert_string_equal(field(d, "tcp", "option_fastopen", 0)->text, "cookie deadbeef");
    assert_string_equal(field(d, "tcp", "option_window_scale", 0)->text, "255 (windows count 16384 bytes)");
    assert_true(field(d, "tcp", "option_mss", 0)->is_bad);
    assert_string_equal(field(d, "tcp", "option_unknown", 0)->text, "kind 253, 3 bytes");
    assert_string_equal(field(d, "tcp", "option_nop", 0)->text, "no operation x 3");
    assert_int_equal(field(d, "tcp", "option_end", 0)->len, 4);
    assert_false(d->malformed);
    b.at[41] = 0; /* an option of length 0 */
    d = dissect_checked(b.at, b.len, DISSECT_RAW_IP, false);
    assert_true(d->malformed);
    assert_int_equal(field(d, "tcp", "malformed", 0)->offset, 40);
}

static void test_text_of_payload(void **state)
{
    (void)state;
    struct frame_bytes b = frame_read("4500 00a0 0000 0000 40fd 0000 0a000001 0a000002 0d0a095c41007f80");
    b.len = 160;
    memset(b.at + 28, 'x', 132);
    const struct dissect *d = dissect_checked(b.at, b.len, DISSECT_RAW_IP, false);
    const char *text = field(d, "payload", "data", 0)->text;
    assert_int_equal(strncmp(text, "\\r\\n\\t\\\\A...xxx", 15), 0);
    assert_string_equal(text + strlen(text) - 5, "x ...");
    assert_true(strlen(text) > DISSECT_TEXT_MAX - 8);
}

static void test_a_fragment_is_not_read_as_a_header(void **state)
{
    (void)state;
    struct frame_bytes b = frame_read(UDP_FRAME);
    be16_store(b.at + 20, 185);
    const struct dissect *d = dissect_checked(b.at, b.len, DISSECT_ETHERNET, true);
    assert_int_equal(field(d, "payload", "fragment", 0)->len, 13);
    assert_string_equal(field(d, "ipv4", "fragment_offset", 0)->text, "185 (byte 1480)");
    for (uint32_t i = 0; i < d->count; i++)
        assert_string_not_equal(d->field[i].protocol, "udp");
}

static void noise_is_covered(struct rng *rng)
{
    struct frame_bytes b = frame_read(FRAMES[rng_below(rng, FRAME_COUNT)]);
    for (uint32_t flips = rng_between(rng, 1, 6); flips > 0; flips--)
        b.at[rng_below(rng, (uint32_t)b.len)] = (uint8_t)rng_u32(rng);
    dissect_checked(b.at, b.len, DISSECT_ETHERNET, rng_coin(rng));
    rng_fill(rng, b.at, sizeof b.at);
    b.at[0] = (uint8_t)(0x40 | b.at[0] >> 4); /* version 4, or noise ends early */
    b.at[2] = 0;
    static const uint8_t PROTOCOLS[] = {1, 6, 17};
    b.at[9] = PROTOCOLS[rng_below(rng, 3)];
    b.at[6] &= 0x20;
    b.at[7] = 0;
    dissect_checked(b.at, rng_between(rng, 0, sizeof b.at), DISSECT_RAW_IP, false);
}

static void test_noise(void **state)
{
    (void)state;
    property_run(3000, noise_is_covered);
}

static void test_a_frame_too_large_to_count_is_cut(void **state)
{
    (void)state;
    enum { HUGE_LENGTH = 70000 };
    uint8_t *huge = calloc(1, HUGE_LENGTH);
    assert_non_null(huge);
    static struct dissect d;
    dissect_frame(&d, bytes_of(huge, HUGE_LENGTH), DISSECT_ETHERNET, false);
    check_covered(&d, UINT16_MAX);
    free(huge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ethernet_and_arp),
        cmocka_unit_test(test_ipv4),
        cmocka_unit_test(test_tcp),
        cmocka_unit_test(test_udp_and_payload),
        cmocka_unit_test(test_icmp_shows_what_it_quotes),
        cmocka_unit_test(test_icmp_words),
        cmocka_unit_test(test_wrong_checksums_say_what_is_right),
        cmocka_unit_test(test_every_flipped_bit_is_marked),
        cmocka_unit_test(test_every_cut_is_covered),
        cmocka_unit_test(test_a_short_quotation_shows_ports),
        cmocka_unit_test(test_tcp_options),
        cmocka_unit_test(test_text_of_payload),
        cmocka_unit_test(test_a_fragment_is_not_read_as_a_header),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_a_frame_too_large_to_count_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
