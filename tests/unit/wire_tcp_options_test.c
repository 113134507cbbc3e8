/*
 * wire/tcp_options.h: each option, the orders that hosts use, lists that end in nonsense, and both ways of
 * reading the common case.
 */
#include "wire/tcp_options.h"

#include "unit/support/wire.h"

static int parse(struct bytes b)
{
    struct tcp_options o;
    return tcp_options_parse(&o, b);
}

/* Reads the options in `hex`; values that are not given are zero here. */
static struct tcp_options options_read(const char *hex, int status)
{
    uint8_t b[64];
    size_t len = hex_read(b, sizeof b, hex);
    struct bytes exact = bytes_exact(b, len);
    struct tcp_options o;
    memset(&o, 0, sizeof o);
    o.has_mss = o.has_timestamps = o.has_window_scale = o.sack_permitted = o.has_fastopen = true;
    o.sack_count = 4; /* left over from another segment: parse must clear what says that something is there */
    assert_int_equal(tcp_options_parse(&o, exact), status);
    bytes_exact_free(exact);
    return o;
}

static void assert_none(struct tcp_options o)
{
    assert_false(o.has_timestamps || o.has_mss || o.has_window_scale || o.sack_permitted || o.has_fastopen);
    assert_int_equal(o.sack_count, 0);
}

static void assert_emitted(const struct tcp_options *o, const char *hex)
{
    uint8_t to[TCP_OPTIONS_MAX];
    size_t len = tcp_options_length(o);
    assert_int_equal(tcp_options_emit(o, room_of(to, sizeof to)), len);
    assert_hex(bytes_of(to, len), hex);
    if (len > 0)
        assert_int_equal(tcp_options_emit(o, room_of(to, len - 1)), STATUS_ENOBUFS);
}

static void test_a_syn_as_linux_sends_it(void **state)
{
    (void)state;
    static const char SYN[] = "020405b4 0402 080a 00001000 00000000 01 030307";
    struct tcp_options o = options_read(SYN, STATUS_OK);
    assert_true(o.has_mss && o.mss == 1460);
    assert_true(o.sack_permitted);
    assert_true(o.has_timestamps && o.ts_value == 0x1000 && o.ts_echo == 0);
    assert_true(o.has_window_scale && o.window_scale == 7);
    assert_false(o.has_fastopen);
    assert_int_equal(o.sack_count, 0);
    assert_emitted(&o, SYN);
    o.has_timestamps = false;
    assert_emitted(&o, "020405b4 01010402 01030307");
    o.sack_permitted = false;
    assert_emitted(&o, "020405b4 01030307");
    o.has_window_scale = false;
    assert_emitted(&o, "020405b4");
    o.has_mss = false;
    assert_emitted(&o, "");
}

static void test_timestamps(void **state)
{
    (void)state;
    static const char *const SHAPES[] = {
        "0101080a 01020304 05060708",  /* the common one */
        "080a 01020304 05060708 0101", /* NOPs behind */
        "0101080a 01020304 05060708 00000000",
    };
    for (size_t i = 0; i < 3; i++) {
        struct tcp_options o = options_read(SHAPES[i], STATUS_OK);
        assert_true(o.has_timestamps);
        assert_int_equal(o.ts_value, 0x01020304);
        assert_int_equal(o.ts_echo, 0x05060708);
        assert_emitted(&o, SHAPES[0]);
        o.has_timestamps = false;
        assert_none(o);
    }
}

static void test_sack(void **state)
{
    (void)state;
    static const char TWO[] = "0101080a 00000001 00000002 0101 0512 00000064 000000c8 ffffff00 00000010";
    struct tcp_options o = options_read(TWO, STATUS_OK);
    assert_int_equal(o.sack_count, 2);
    assert_int_equal(o.sack[0].left, 100);
    assert_int_equal(o.sack[0].right, 200);
    assert_int_equal(o.sack[1].left, 0xffffff00);
    assert_int_equal(o.sack[1].right, 0x10);
    assert_emitted(&o, TWO);
    o.sack_count = 4;
    assert_int_equal(tcp_options_length(&o), 48);
    uint8_t to[64];
    assert_int_equal(tcp_options_emit(&o, room_of(to, sizeof to)), STATUS_ENOBUFS);
    o.has_timestamps = false;
    assert_int_equal(tcp_options_emit(&o, room_of(to, sizeof to)), 36);
}

static void test_window_scale_is_at_most_14(void **state)
{
    (void)state;
    assert_int_equal(options_read("03030e00", STATUS_OK).window_scale, 14);
    assert_int_equal(options_read("03030f00", STATUS_OK).window_scale, 14);
    assert_int_equal(options_read("0303ff00", STATUS_OK).window_scale, 14);
}

static void test_fastopen(void **state)
{
    (void)state;
    struct tcp_options o = options_read("2202 0000", STATUS_OK);
    assert_true(o.has_fastopen);
    assert_int_equal(o.fastopen_len, 0);
    o = options_read("2206 deadbeef 0000", STATUS_OK);
    assert_int_equal(o.fastopen_len, 4);
    assert_hex(bytes_of(o.fastopen_cookie, 4), "deadbeef");
    assert_emitted(&o, "2206 deadbeef 0000");
    o = options_read("2212 000102030405060708090a0b0c0d0e0f 0000", STATUS_OK);
    assert_int_equal(o.fastopen_len, 16);
    assert_false(options_read("2203 aa 00", STATUS_OK).has_fastopen);
    assert_false(options_read("2205 aabbcc 000000", STATUS_OK).has_fastopen);
    assert_false(options_read("2207 aabbccddee 00", STATUS_OK).has_fastopen);
    assert_false(options_read("2214 000102030405060708090a0b0c0d0e0f1011", STATUS_OK).has_fastopen);
}

static void test_wrong_lengths_are_skipped(void **state)
{
    (void)state;
    static const char *const WRONG[] = {
        "0203050000",
        "0205050505",
        "0302",
        "030407ff",
        "0403ff",
        "0502",
        "0509 0000000000000000 00",
        "0803ff",
        "080b 0102030405060708ff",
        "0532 00000000",
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        assert_none(options_read(WRONG[i], i == 9 ? STATUS_EBADMSG : STATUS_OK));
    struct tcp_options o = options_read("0203ff 020405b4", STATUS_OK);
    assert_true(o.has_mss && o.mss == 1460);
}

static void test_unknown_options_are_skipped(void **state)
{
    (void)state;
    struct tcp_options o = options_read("fd04 abcd 1e02 020405b4", STATUS_OK);
    assert_true(o.has_mss);
    o.has_mss = false;
    assert_none(o);
}

static void test_nonsense_ends_the_list(void **state)
{
    (void)state;
    static const char *const ENDS[] = {"020405b4 0300", "020405b4 0301", "020405b4 0304", "020405b4 03",
                                       "020405b4 fd"};
    for (size_t i = 0; i < sizeof ENDS / sizeof ENDS[0]; i++) {
        struct tcp_options o = options_read(ENDS[i], STATUS_EBADMSG);
        assert_true(o.has_mss); /* what came before counts */
        assert_false(o.has_window_scale);
    }
    assert_none(options_read("00 020405b4", STATUS_OK)); /* behind the end nothing counts */
    assert_none(options_read("0101010101", STATUS_OK));
    assert_none(options_read("", STATUS_OK));
}

static void test_truncations(void **state)
{
    (void)state;
    uint8_t b[40];
    size_t len = hex_read(
        b, sizeof b, "020405b4 0402 080a 00001000 00000000 01 030307 2206 deadbeef 050a 00000001 00000002");
    for (size_t n = 0; n <= len; n++) {
        struct bytes cut = bytes_exact(b, n);
        int status = parse(cut);
        assert_true(status == STATUS_OK || status == STATUS_EBADMSG);
        bytes_exact_free(cut);
    }
}

/* Random options that fit. */
static struct tcp_options options_random(struct rng *rng)
{
    struct tcp_options o;
    do {
        memset(&o, 0, sizeof o);
        o.has_timestamps = rng_coin(rng);
        o.has_mss = rng_coin(rng);
        o.has_window_scale = rng_coin(rng);
        o.sack_permitted = rng_coin(rng);
        o.has_fastopen = rng_below(rng, 4) == 0;
        o.window_scale = (uint8_t)(o.has_window_scale ? rng_between(rng, 0, TCP_WINDOW_SCALE_MAX) : 0);
        o.sack_count = (uint8_t)rng_between(rng, 0, TCP_SACK_BLOCKS_MAX);
        o.fastopen_len = (uint8_t)(o.has_fastopen && rng_coin(rng) ? 2 * rng_between(rng, 2, 8) : 0);
        o.mss = (uint16_t)(o.has_mss ? rng_u32(rng) : 0);
        o.ts_value = o.has_timestamps ? rng_u32(rng) : 0;
        o.ts_echo = o.has_timestamps ? rng_u32(rng) : 0;
        for (unsigned i = 0; i < o.sack_count; i++)
            o.sack[i] = (struct tcp_sack_block){rng_u32(rng), rng_u32(rng)};
        rng_fill(rng, o.fastopen_cookie, o.fastopen_len);
    } while (tcp_options_length(&o) > TCP_OPTIONS_MAX);
    return o;
}

static void emit_and_parse_are_inverse(struct rng *rng)
{
    struct tcp_options in = options_random(rng);
    uint8_t to[TCP_OPTIONS_MAX];
    uint8_t again[TCP_OPTIONS_MAX];
    int len = tcp_options_emit(&in, room_of(to, sizeof to));
    assert_true(len >= 0 && len % 4 == 0);
    struct bytes exact = bytes_exact(to, (size_t)len);
    struct tcp_options out;
    memset(&out, 0, sizeof out);
    assert_int_equal(tcp_options_parse(&out, exact), STATUS_OK);
    assert_memory_equal(&out, &in, sizeof in);
    assert_int_equal(tcp_options_emit(&out, room_of(again, sizeof again)), len);
    assert_memory_equal(to, again, (size_t)len);
    bytes_exact_free(exact);
    noise_check(rng, TCP_OPTIONS_MAX, parse);
}

static void test_round_trip(void **state)
{
    (void)state;
    property_run(2000, emit_and_parse_are_inverse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_syn_as_linux_sends_it),
        cmocka_unit_test(test_timestamps),
        cmocka_unit_test(test_sack),
        cmocka_unit_test(test_window_scale_is_at_most_14),
        cmocka_unit_test(test_fastopen),
        cmocka_unit_test(test_wrong_lengths_are_skipped),
        cmocka_unit_test(test_unknown_options_are_skipped),
        cmocka_unit_test(test_nonsense_ends_the_list),
        cmocka_unit_test(test_truncations),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
