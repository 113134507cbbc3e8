/*
 * base/seq.h: comparison modulo 2^32 (RFC 9293, section 3.4), around zero and half the space away.
 */
#include "base/seq.h"
#include "unit/support/property.h"

static void test_diff(void **state)
{
    (void)state;
    assert_int_equal(seq_diff(5, 3), 2);
    assert_int_equal(seq_diff(3, 5), -2);
    assert_int_equal(seq_diff(2, 0xfffffffeu), 4);
    assert_int_equal(seq_diff(0xfffffffeu, 2), -4);
}

static void test_order(void **state)
{
    (void)state;
    assert_true(seq_lt(0xffffffffu, 0));
    assert_false(seq_lt(0, 0xffffffffu));
    assert_false(seq_lt(7, 7));
    assert_true(seq_le(7, 7));
    assert_true(seq_le(0xffffffffu, 0));
    assert_false(seq_le(0, 0xffffffffu));
    assert_true(seq_gt(0, 0xffffffffu));
    assert_false(seq_gt(7, 7));
    assert_true(seq_ge(7, 7));
    assert_false(seq_ge(0xffffffffu, 0));
}

static void test_min_max(void **state)
{
    (void)state;
    assert_int_equal(seq_max(0xfffffff0u, 3), 3);
    assert_int_equal(seq_max(3, 0xfffffff0u), 3);
    assert_int_equal(seq_min(0xfffffff0u, 3), 0xfffffff0u);
    assert_int_equal(seq_min(3, 0xfffffff0u), 0xfffffff0u);
}

static void test_in_window(void **state)
{
    (void)state;
    assert_true(seq_in_window(0xfffffffeu, 0xfffffffeu, 4));
    assert_true(seq_in_window(1, 0xfffffffeu, 4));
    assert_false(seq_in_window(2, 0xfffffffeu, 4));
    assert_false(seq_in_window(0xfffffffdu, 0xfffffffeu, 4));
    assert_false(seq_in_window(9, 9, 0));
}

static void order_agrees_with_distance(struct rng *rng)
{
    seq_t a = rng_u32(rng);
    uint32_t distance = rng_between(rng, 1, 0x7fffffff);
    seq_t b = a + distance;
    assert_true(seq_lt(a, b) && seq_le(a, b) && !seq_gt(a, b) && !seq_ge(a, b));
    assert_true(seq_gt(b, a) && seq_ge(b, a) && !seq_lt(b, a) && !seq_le(b, a));
    assert_int_equal(seq_max(a, b), b);
    assert_int_equal(seq_min(a, b), a);
    assert_int_equal(seq_diff(b, a), (int32_t)distance);
}

static void test_order_agrees_with_distance(void **state)
{
    (void)state;
    property_run(2000, order_agrees_with_distance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diff),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_min_max),
        cmocka_unit_test(test_in_window),
        cmocka_unit_test(test_order_agrees_with_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
