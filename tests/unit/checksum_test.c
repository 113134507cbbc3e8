/*
 * base/checksum.h: the Internet checksum against RFC 1071's example and a loop over bytes, in both of its
 * ways (the machine's vectors, and portable arithmetic), and CRC-32 against its check value and a loop over
 * bits.
 */
#include "base/checksum.h"
#include "unit/support/property.h"

/* The same file once more, without vector instructions. */
#define CHECKSUM_PORTABLE 1
#define checksum_of       portable_of
#define checksum_copy     portable_copy
#define checksum_pseudo   portable_pseudo
#include "base/checksum.c"
#undef checksum_of
#undef checksum_copy
#undef checksum_pseudo

/* CRC-32 as the page has it, with the smaller tables. */
#define CRC32_HALVES
#define crc32_of halves_crc32_of
#include "base/crc32.c"
#undef crc32_of

/* And the checksum once more, with the shorter vectors only: support/checksum_sse2.c. */
uint32_t sse2_of(const void *at, size_t len);
uint32_t sse2_copy(void *restrict to, const void *restrict from, size_t len);

/* As RFC 1071 says it: 16-bit words, big-endian, added with end-around carry. The value for the header field.
 */
static uint16_t naive_checksum(const uint8_t *p, size_t len)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i++) {
        sum += (uint32_t)p[i] << (i % 2 ? 0 : 8);
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)~sum;
}

/* RFC 1071, section 3. */
static void test_rfc1071_example(void **state)
{
    (void)state;
    const uint8_t at[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    assert_int_equal(checksum_finish(checksum_of(at, sizeof at)), 0xffff - 0xddf2);
}

static void test_known_ipv4_header(void **state)
{
    (void)state;
    uint8_t header[20];
    hex_read(header, sizeof header, "4500 0073 0000 4000 4011 0000 c0a8 0001 c0a8 00c7");
    assert_int_equal(checksum_finish(checksum_of(header, sizeof header)), 0xb861);
    be16_store(header + 10, 0xb861);
    assert_true(checksum_good(checksum_of(header, sizeof header)));
    assert_true(checksum_total_good(checksum_total_of_20(header, 0)));
    header[8]--;
    assert_false(checksum_good(checksum_of(header, sizeof header)));
    assert_false(checksum_total_good(checksum_total_of_20(header, 0)));
}

/* From what a header says instead of its bytes: the same sum. */
static void test_numbers(void **state)
{
    (void)state;
    uint8_t header[20];
    struct rng rng;
    rng_seed(&rng, 2, 0);
    for (unsigned i = 0; i < 100; i++) {
        uint64_t total = 0;
        rng_fill(&rng, header, sizeof header);
        for (unsigned at = 0; at < 16; at += 4)
            total += be32_load(header + at);
        total += (uint64_t)be16_load(header + 16) + be16_load(header + 18);
        assert_int_equal(checksum_of_numbers(total), checksum_of(header, sizeof header));
    }
    assert_int_equal(checksum_of_numbers(0), 0);
    assert_int_equal(checksum_of_numbers(0xffff), 0xffff);
}

/* What is added up without folding: each length that has a function of its own, also where carries run over. */
static void test_totals(void **state)
{
    (void)state;
    uint8_t at[20];
    struct rng rng;
    rng_seed(&rng, 3, 0);
    for (unsigned i = 0; i < 100; i++) {
        rng_fill(&rng, at, sizeof at);
        if (i % 4 == 0)
            memset(at, 0xff, 8 + i % 12);
        uint32_t more = (uint32_t)i * 0x28f5c28;
        uint32_t sum = checksum_of(at, sizeof at);
        assert_int_equal(checksum_fold(checksum_total_of_20(at, 0)), sum);
        assert_int_equal(checksum_fold(checksum_total_of_20(at, more)),
                         checksum_add(sum, checksum_fold(more)));
        assert_int_equal(checksum_fold(checksum_total_of_12(at)), checksum_of(at, 12));
        assert_int_equal(checksum_fold(checksum_total_of_words(at, 16)), checksum_of(at, 16));
    }
    assert_int_equal(checksum_plus(UINT64_MAX, 1), 1);
    for (uint64_t total = 1; total < UINT64_MAX / 3; total *= 3) {
        assert_int_equal(checksum_total_good(total), checksum_good(checksum_fold(total)));
        assert_int_equal(checksum_total_good(total * 0xffff), checksum_good(checksum_fold(total * 0xffff)));
    }
}

static void test_zeros_and_ones(void **state)
{
    (void)state;
    static uint8_t at[200];
    assert_int_equal(checksum_of(at, 0), 0);
    assert_int_equal(checksum_of(at, sizeof at), 0);
    assert_int_equal(checksum_finish(0), 0xffff);
    memset(at, 0xff, sizeof at);
    assert_int_equal(checksum_of(at, sizeof at), 0xffff);
    assert_int_equal(checksum_of(at, 20), 0xffff);
}

/* All lengths up to more than a frame, at alignments that move with the length; the longest at all of them.
 */
static void test_all_lengths(void **state)
{
    (void)state;
    static uint8_t from[2200], to[2200];
    struct rng rng;
    rng_seed(&rng, 1, 0);
    rng_fill(&rng, from, sizeof from);
    for (size_t len = 0; len <= 2100; len++) {
        for (size_t shift = 0; shift<16; shift += len> 2090 ? 1 : 5) {
            size_t offset = (shift + len) % 16;
            size_t to_offset = (offset * 7 + 3) % 16;
            const uint8_t *p = from + offset;
            uint16_t want = naive_checksum(p, len);
            assert_int_equal(checksum_finish(checksum_of(p, len)), want);
            assert_int_equal(checksum_finish(portable_of(p, len)), want);
            memset(to, 0xa5, sizeof to);
            assert_int_equal(checksum_finish(checksum_copy(to + to_offset, p, len)), want);
            assert_memory_equal(to + to_offset, p, len);
            assert_int_equal(to[to_offset + len], 0xa5);
            assert_true(to_offset == 0 || to[to_offset - 1] == 0xa5);
            assert_int_equal(portable_copy(to + to_offset, p, len), checksum_of(p, len));
            assert_memory_equal(to + to_offset, p, len);
            assert_int_equal(sse2_of(p, len), checksum_of(p, len));
            memset(to, 0xa5, sizeof to);
            assert_int_equal(sse2_copy(to + to_offset, p, len), checksum_of(p, len));
            assert_memory_equal(to + to_offset, p, len);
            assert_int_equal(to[to_offset + len], 0xa5);
        }
    }
}

/* Sums of 32 bits in each lane must neither overflow nor lose sign: the extremes, over more than one run of
 * blocks. */
static void test_long_extremes(void **state)
{
    (void)state;
    enum { LEN = 600000 };
    uint8_t *at = malloc(LEN);
    assert_non_null(at);
    static const uint8_t fill[] = {0x00, 0x7f, 0x80, 0xff};
    for (size_t i = 0; i < sizeof fill; i++) {
        memset(at, fill[i], LEN);
        at[LEN - 1] ^= 0x15;
        assert_int_equal(checksum_finish(checksum_of(at, LEN)), naive_checksum(at, LEN));
        assert_int_equal(portable_of(at, LEN), checksum_of(at, LEN));
        assert_int_equal(sse2_of(at, LEN), checksum_of(at, LEN));
    }
    free(at);
}

/* A message cut at any places, odd ones too, sums up to what it is in one piece. */
static void parts_make_the_whole(struct rng *rng)
{
    uint8_t at[300];
    rng_fill(rng, at, sizeof at);
    size_t len = rng_below(rng, sizeof at + 1);
    uint32_t sum = 0;
    for (size_t offset = 0; offset < len;) {
        size_t part = rng_between(rng, 1, (uint32_t)(len - offset));
        sum = checksum_add_at(sum, checksum_of(at + offset, part), offset);
        offset += part;
    }
    assert_int_equal(checksum_finish(sum), naive_checksum(at, len));
    size_t half = len / 4 * 2;
    sum = checksum_add(checksum_of(at, half), checksum_of(at + half, len - half));
    assert_int_equal(checksum_finish(sum), naive_checksum(at, len));
}

static void test_parts_make_the_whole(void **state)
{
    (void)state;
    property_run(3000, parts_make_the_whole);
}

/* A message with its checksum in it is good, and no longer so with any one bit changed. */
static void good_until_changed(struct rng *rng)
{
    uint8_t at[100];
    rng_fill(rng, at, sizeof at);
    size_t len = rng_between(rng, 2, sizeof at);
    memset(at, 0, 2);
    be16_store(at, checksum_finish(checksum_of(at, len)));
    if (checksum_of(at, len) != 0) /* all zeros has no other form */
        assert_true(checksum_good(checksum_of(at, len)));
    at[rng_below(rng, (uint32_t)len)] ^= (uint8_t)(1 << rng_below(rng, 8));
    assert_false(checksum_good(checksum_of(at, len)));
}

static void test_good_until_changed(void **state)
{
    (void)state;
    property_run(3000, good_until_changed);
}

static void pseudo_is_naive(struct rng *rng)
{
    uint8_t flat[40] = {0};
    uint8_t protocol = (uint8_t)rng_between(rng, 1, 255);
    uint32_t src = rng_u32(rng);
    uint32_t dst = rng_u32(rng);
    uint32_t len = rng_below(rng, 65536);
    be32_store(flat, src);
    be32_store(flat + 4, dst);
    flat[9] = protocol;
    be16_store(flat + 10, (uint16_t)len);
    uint32_t sum = checksum_pseudo(ip_addr_v4(src), ip_addr_v4(dst), protocol, len);
    assert_int_equal(checksum_finish(sum), naive_checksum(flat, 12));

    struct ip_addr src6 = {rng_u64(rng), rng_u64(rng)};
    struct ip_addr dst6 = {rng_u64(rng), rng_u64(rng)};
    len = rng_u32(rng);
    be64_store(flat, src6.hi);
    be64_store(flat + 8, src6.lo);
    be64_store(flat + 16, dst6.hi);
    be64_store(flat + 24, dst6.lo);
    be32_store(flat + 32, len);
    be32_store(flat + 36, protocol);
    assert_int_equal(checksum_finish(checksum_pseudo(src6, dst6, protocol, len)), naive_checksum(flat, 40));
}

static void test_pseudo(void **state)
{
    (void)state;
    property_run(1000, pseudo_is_naive);
}

static uint32_t naive_crc32(const uint8_t *p, size_t len)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < len * 8; i++) {
        uint32_t bit = (crc ^ p[i / 8] >> (i % 8)) & 1;
        crc = crc >> 1 ^ (bit ? 0xedb88320u : 0);
    }
    return ~crc;
}

static void test_crc32(void **state)
{
    (void)state;
    assert_int_equal(crc32_of("123456789", 9), 0xcbf43926u);
    assert_int_equal(halves_crc32_of("123456789", 9), 0xcbf43926u);
    assert_int_equal(crc32_of(NULL, 0), 0);
    uint8_t at[1536];
    struct rng rng;
    rng_seed(&rng, 2, 0);
    rng_fill(&rng, at, sizeof at);
    for (size_t len = 1; len < 1530; len += len < 64 ? 1 : 97) {
        assert_int_equal(crc32_of(at + len % 4, len), naive_crc32(at + len % 4, len));
        assert_int_equal(halves_crc32_of(at + len % 4, len), naive_crc32(at + len % 4, len));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc1071_example),
        cmocka_unit_test(test_known_ipv4_header),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_zeros_and_ones),
        cmocka_unit_test(test_all_lengths),
        cmocka_unit_test(test_long_extremes),
        cmocka_unit_test(test_parts_make_the_whole),
        cmocka_unit_test(test_good_until_changed),
        cmocka_unit_test(test_pseudo),
        cmocka_unit_test(test_crc32),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
