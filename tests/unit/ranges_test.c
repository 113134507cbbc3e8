/*
 * base/ranges.h against a bitmap, with the window laid across 2^32.
 */
#include "base/ranges.h"
#include "unit/support/property.h"

static void assert_ranges(const struct ranges *s, const seq_t *want, uint32_t count)
{
    assert_int_equal(s->count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(s->at[i].from, want[2 * i]);
        assert_int_equal(s->at[i].to, want[2 * i + 1]);
    }
}

static void test_add(void **state)
{
    (void)state;
    struct ranges s = {0};
    assert_true(ranges_add(&s, 10, 20));
    assert_true(ranges_add(&s, 40, 50));
    assert_true(ranges_add(&s, 25, 30));
    assert_ranges(&s, (seq_t[]){10, 20, 25, 30, 40, 50}, 3);
    assert_true(ranges_add(&s, 20, 25)); /* touching both */
    assert_ranges(&s, (seq_t[]){10, 30, 40, 50}, 2);
    assert_true(ranges_add(&s, 12, 15)); /* inside */
    assert_true(ranges_add(&s, 7, 7));   /* empty */
    assert_ranges(&s, (seq_t[]){10, 30, 40, 50}, 2);
    assert_true(ranges_add(&s, 5, 60)); /* around all */
    assert_ranges(&s, (seq_t[]){5, 60}, 1);
}

static void test_add_across_zero(void **state)
{
    (void)state;
    struct ranges s = {0};
    assert_true(ranges_add(&s, 4, 8));
    assert_true(ranges_add(&s, 0xfffffff0u, 0xfffffff8u));
    assert_true(ranges_add(&s, 0xfffffff8u, 2));
    assert_ranges(&s, (seq_t[]){0xfffffff0u, 2, 4, 8}, 2);
    assert_int_equal(ranges_bytes(&s), 18 + 4);
    assert_true(ranges_cover(&s, 0xffffffffu, 1));
    assert_false(ranges_cover(&s, 0xffffffffu, 3));
}

static void test_full(void **state)
{
    (void)state;
    struct ranges s = {0};
    for (seq_t i = 0; i < RANGES_MAX; i++)
        assert_true(ranges_add(&s, 100 + 10 * i, 105 + 10 * i));
    struct ranges before = s;
    assert_false(ranges_add(&s, 50, 60));
    assert_false(ranges_add(&s, 107, 108));
    assert_false(ranges_add(&s, 9000, 9001));
    assert_memory_equal(&s, &before, sizeof s);
    assert_true(ranges_add(&s, 105, 107)); /* grows one, needs none */
    assert_true(ranges_add(&s, 107, 110)); /* joins two */
    assert_int_equal(s.count, RANGES_MAX - 1);
    assert_true(ranges_add(&s, 50, 60));
}

static void test_drop_before(void **state)
{
    (void)state;
    struct ranges s = {0};
    ranges_drop_before(&s, 5);
    assert_true(ranges_add(&s, 10, 20));
    assert_true(ranges_add(&s, 30, 40));
    ranges_drop_before(&s, 5);
    assert_ranges(&s, (seq_t[]){10, 20, 30, 40}, 2);
    ranges_drop_before(&s, 15);
    assert_ranges(&s, (seq_t[]){15, 20, 30, 40}, 2);
    ranges_drop_before(&s, 20);
    assert_ranges(&s, (seq_t[]){30, 40}, 1);
    ranges_drop_before(&s, 99);
    assert_int_equal(s.count, 0);
}

static void test_find(void **state)
{
    (void)state;
    struct ranges s = {0};
    assert_null(ranges_find(&s, 0));
    assert_true(ranges_add(&s, 10, 20));
    assert_true(ranges_add(&s, 30, 40));
    assert_ptr_equal(ranges_find(&s, 10), &s.at[0]);
    assert_ptr_equal(ranges_find(&s, 39), &s.at[1]);
    assert_null(ranges_find(&s, 20));
    assert_null(ranges_find(&s, 9));
    assert_null(ranges_find(&s, 40));
}

static void test_cover_and_bytes(void **state)
{
    (void)state;
    struct ranges s = {0};
    assert_int_equal(ranges_bytes(&s), 0);
    assert_true(ranges_cover(&s, 3, 3));
    assert_true(ranges_add(&s, 10, 20));
    assert_true(ranges_add(&s, 30, 41));
    assert_int_equal(ranges_bytes(&s), 21);
    assert_true(ranges_cover(&s, 10, 20));
    assert_false(ranges_cover(&s, 10, 21));
    assert_false(ranges_cover(&s, 19, 31));
    assert_false(ranges_cover(&s, 9, 12));
}

enum { WINDOW = 400 };

struct bitmap {
    seq_t base;
    bool held[WINDOW];
};

static uint32_t bitmap_runs(const struct bitmap *b)
{
    uint32_t runs = 0;
    for (size_t i = 0; i < WINDOW; i++)
        runs += b->held[i] && (i == 0 || !b->held[i - 1]);
    return runs;
}

static void assert_same(const struct ranges *s, const struct bitmap *b)
{
    uint32_t held = 0;
    for (uint32_t i = 0; i < WINDOW; i++) {
        assert_int_equal(ranges_find(s, b->base + i) != NULL, b->held[i]);
        held += b->held[i];
    }
    assert_int_equal(ranges_bytes(s), held);
    assert_int_equal(s->count, bitmap_runs(b));
    for (uint32_t i = 0; i < s->count; i++) {
        assert_true(seq_lt(s->at[i].from, s->at[i].to));
        assert_true(i == 0 || seq_lt(s->at[i - 1].to, s->at[i].from));
    }
}

static void ranges_are_a_bitmap(struct rng *rng)
{
    struct ranges s = {0};
    struct bitmap b = {.base = 0u - rng_below(rng, WINDOW)};
    uint32_t len_max = rng_between(rng, 1, 12);
    for (int step = 0; step < 120; step++) {
        uint32_t from = rng_below(rng, WINDOW - 12);
        uint32_t to = from + rng_below(rng, len_max + 1);
        struct bitmap after = b;
        if (rng_below(rng, 30) == 0) {
            memset(after.held, 0, from);
            ranges_drop_before(&s, b.base + from);
            b = after;
        } else {
            memset(after.held + from, true, to - from);
            bool fits = bitmap_runs(&after) <= RANGES_MAX;
            assert_int_equal(ranges_add(&s, b.base + from, b.base + to), fits);
            if (fits)
                b = after;
        }
        bool all = true;
        for (uint32_t i = from; i < to; i++)
            all = all && b.held[i];
        assert_int_equal(ranges_cover(&s, b.base + from, b.base + to), all);
        assert_same(&s, &b);
    }
}

static void test_ranges_are_a_bitmap(void **state)
{
    (void)state;
    property_run(60, ranges_are_a_bitmap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_add),
        cmocka_unit_test(test_add_across_zero),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_drop_before),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_cover_and_bytes),
        cmocka_unit_test(test_ranges_are_a_bitmap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
