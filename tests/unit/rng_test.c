/*
 * base/rng.h: PCG32 against the output of O'Neill's pcg32-demo, evenness and the promises about drawing.
 */
#include "unit/support/property.h"

/* pcg32_srandom_r(&rng, 42u, 54u), round 1 of the demo. */
static void test_reference(void **state)
{
    (void)state;
    static const uint32_t want[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e};
    struct rng rng;
    rng_seed(&rng, 42, 54);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        assert_int_equal(rng_u32(&rng), want[i]);
    rng_seed(&rng, 42, 54);
    assert_true(rng_u64(&rng) == 0xa15c02b77b47f409ull);
}

static void test_seed_and_stream_matter(void **state)
{
    (void)state;
    struct rng a, b, c;
    rng_seed(&a, 1, 1);
    rng_seed(&b, 1, 2);
    rng_seed(&c, 2, 1);
    uint64_t first = rng_u64(&a);
    assert_true(first != rng_u64(&b));
    assert_true(first != rng_u64(&c));
}

static void test_below_is_even(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 3, 0);
    uint32_t count[7] = {0};
    for (int i = 0; i < 70000; i++)
        count[rng_below(&rng, 7)]++; /* a result past 6 is caught by the sanitizer */
    for (size_t i = 0; i < 7; i++)
        assert_in_range(count[i], 9500, 10500);
    assert_int_equal(rng_below(&rng, 1), 0);
}

/* With 3 * 2^30 as bound, a plain multiplication or modulo would give some thirds twice the chance of others.
 */
static void test_below_is_fair_for_large_bounds(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 4, 0);
    uint32_t third[3] = {0};
    uint32_t rest_zero = 0;
    for (int i = 0; i < 30000; i++) {
        uint32_t v = rng_below(&rng, 3u << 30);
        assert_true(v < 3u << 30);
        third[v >> 30]++;
        rest_zero += v % 3 == 0;
    }
    for (size_t i = 0; i < 3; i++)
        assert_in_range(third[i], 9500, 10500);
    assert_in_range(rest_zero, 9500, 10500);
}

static void test_chance(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 5, 0);
    uint32_t hits = 0;
    for (int i = 0; i < 100000; i++) {
        assert_false(rng_chance(&rng, 0));
        assert_true(rng_chance(&rng, 1000000));
        hits += rng_chance(&rng, 50000);
    }
    assert_in_range(hits, 4700, 5300);
}

static void test_chance_draws_once(void **state)
{
    (void)state;
    static const uint32_t rate[] = {0, 1, 500000, 1000000};
    for (size_t i = 0; i < 4; i++) {
        struct rng drawn, chanced;
        rng_seed(&drawn, 6, i);
        rng_seed(&chanced, 6, i);
        (void)rng_u32(&drawn);
        (void)rng_chance(&chanced, rate[i]);
        assert_int_equal(rng_u32(&drawn), rng_u32(&chanced));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),     cmocka_unit_test(test_seed_and_stream_matter),
        cmocka_unit_test(test_below_is_even), cmocka_unit_test(test_below_is_fair_for_large_bounds),
        cmocka_unit_test(test_chance),        cmocka_unit_test(test_chance_draws_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
