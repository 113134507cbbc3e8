/*
 * base/bytes.h: loads and stores are big-endian at any alignment, slices stay inside.
 */
#include "unit/support/property.h"

static void test_slices(void **state)
{
    (void)state;
    uint8_t at[5] = {1, 2, 3, 4, 5};
    struct bytes all = bytes_of(at, sizeof at);
    assert_hex(bytes_from(all, 2), "030405");
    assert_hex(bytes_first(all, 2), "0102");
    assert_int_equal(bytes_from(all, 5).len, 0);
    assert_int_equal(bytes_first(all, 0).len, 0);
    struct room room = room_of(at, sizeof at);
    assert_ptr_equal(room.at, at);
    assert_int_equal(room.len, 5);
}

static void test_equal(void **state)
{
    (void)state;
    assert_true(bytes_equal(bytes_of("abc", 3), bytes_of("abc", 3)));
    assert_false(bytes_equal(bytes_of("abc", 3), bytes_of("abd", 3)));
    assert_false(bytes_equal(bytes_of("abc", 3), bytes_of("abc", 2)));
    assert_true(bytes_equal(bytes_of(NULL, 0), bytes_of("x", 0)));
}

static void test_load(void **state)
{
    (void)state;
    const uint8_t at[9] = {0, 0xf1, 0xe2, 0xd3, 0xc4, 0xb5, 0xa6, 0x97, 0x88};
    assert_int_equal(be16_load(at + 1), 0xf1e2);
    assert_int_equal(be32_load(at + 1), 0xf1e2d3c4u);
    assert_true(be64_load(at + 1) == 0xf1e2d3c4b5a69788ull);
}

static void test_store(void **state)
{
    (void)state;
    uint8_t at[10] = {0};
    be16_store(at + 1, 0xf1e2);
    assert_hex(bytes_of(at, 4), "00f1e200");
    be32_store(at + 1, 0xf1e2d3c4u);
    assert_hex(bytes_of(at, 6), "00f1e2d3c400");
    be64_store(at + 1, 0xf1e2d3c4b5a69788ull);
    assert_hex(bytes_of(at, 10), "00f1e2d3c4b5a6978800");
}

static void round_trip(struct rng *rng)
{
    uint8_t at[16];
    uint64_t v = rng_u64(rng);
    uint8_t *p = at + rng_below(rng, 8);
    be64_store(p, v);
    assert_true(be64_load(p) == v);
    be32_store(p, (uint32_t)v);
    assert_int_equal(be32_load(p), (uint32_t)v);
    be16_store(p, (uint16_t)v);
    assert_int_equal(be16_load(p), (uint16_t)v);
}

static void test_round_trip(void **state)
{
    (void)state;
    property_run(1000, round_trip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slices), cmocka_unit_test(test_equal),      cmocka_unit_test(test_load),
        cmocka_unit_test(test_store),  cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
