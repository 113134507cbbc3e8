/*
 * base/hash.h: SipHash-2-4 against the authors' vectors (key 00..0f, message 00, 01, ..), and the mix for
 * tables.
 */
#include "base/hash.h"
#include "unit/support/property.h"

static const struct hash_key key = {0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull};

static void test_siphash_vectors(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        uint64_t hash;
    } vector[] = {
        {0, 0x726fdb47dd0e0e31ull},  {1, 0x74f839c593dc67fdull},  {2, 0x0d6c8009d9a94f5aull},
        {3, 0x85676696d7fb7e2dull},  {4, 0xcf2794e0277187b7ull},  {5, 0x18765564cd99a68dull},
        {6, 0xcbc9466e58fee3ceull},  {7, 0xab0200f58b01d137ull},  {8, 0x93f5f5799a932462ull},
        {9, 0x9e0082df0ba9e4b0ull},  {15, 0xa129ca6149be45e5ull}, {16, 0x3f2acc7f57c29bdbull},
        {23, 0xa80c038ccd5ccec8ull}, {31, 0x32d892fad841c342ull}, {32, 0x7127512f72f27cceull},
        {62, 0xe51b38608ef25f57ull}, {63, 0x958a324ceb064572ull},
    };
    uint8_t message[64];
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof vector / sizeof vector[0]; i++)
        assert_true(hash_bytes(&key, bytes_of(message, vector[i].len)) == vector[i].hash);
}

static void three_are_twelve_bytes(struct rng *rng)
{
    uint8_t message[12];
    uint32_t word[3];
    rng_fill(rng, message, sizeof message);
    for (unsigned i = 0; i < 3; i++)
        word[i] = __builtin_bswap32(be32_load(message + (size_t)4 * i));
    assert_true(hash_three(&key, word[0], word[1], word[2]) ==
                hash_bytes(&key, bytes_of(message, sizeof message)));
}

static void test_three_words(void **state)
{
    (void)state;
    property_run(100, three_are_twelve_bytes);
}

static void every_bit_counts(struct rng *rng)
{
    uint8_t message[40];
    rng_fill(rng, message, sizeof message);
    size_t len = rng_between(rng, 1, sizeof message);
    uint64_t before = hash_bytes(&key, bytes_of(message, len));
    message[rng_below(rng, (uint32_t)len)] ^= (uint8_t)(1 << rng_below(rng, 8));
    assert_true(hash_bytes(&key, bytes_of(message, len)) != before);
    struct hash_key other = {key.k0, key.k1 ^ 1ull << rng_below(rng, 64)};
    assert_true(hash_bytes(&other, bytes_of(message, len)) != hash_bytes(&key, bytes_of(message, len)));
}

static void test_every_bit_counts(void **state)
{
    (void)state;
    property_run(1000, every_bit_counts);
}

/* Connections that differ in the port only, as a client makes them, must not gather in few buckets. */
static void test_words_spread(void **state)
{
    (void)state;
    uint32_t bucket[256] = {0};
    for (uint64_t port = 0; port < 256 * 64; port++)
        bucket[hash_words(&key, 0x0a000001, 0x0a000002, 80 << 16 | port) % 256]++;
    for (size_t i = 0; i < 256; i++)
        assert_in_range(bucket[i], 24, 120);
    assert_int_not_equal(hash_words(&key, 1, 2, 3), hash_words(&key, 1, 3, 2));
    assert_int_not_equal(hash_words(&key, 1, 2, 3), hash_words(&key, 2, 1, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_siphash_vectors),
        cmocka_unit_test(test_three_words),
        cmocka_unit_test(test_every_bit_counts),
        cmocka_unit_test(test_words_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
