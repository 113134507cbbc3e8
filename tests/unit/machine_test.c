/*
 * base/machine.h: a fresh machine is empty, and seed and node pick its randomness.
 */
#include "base/machine.h"
#include "unit/support/property.h"

static _Alignas(16) uint8_t memory[1 << 14];

static void test_init(void **state)
{
    (void)state;
    struct arena *arena = arena_create(memory, sizeof memory);
    struct machine m;
    memset(&m, 0xff, sizeof m);
    machine_init(&m, arena, NULL, 3, 7);
    assert_int_equal(m.now_us, 0);
    assert_ptr_equal(m.arena, arena);
    assert_null(m.trace);
    assert_int_equal(m.node, 3);
    assert_true(timer_first_due(&m.timers) == TIME_NEVER);
}

static void test_seed_and_node_pick_the_stream(void **state)
{
    (void)state;
    struct arena *arena = arena_create(memory, sizeof memory);
    struct machine m, same, other_node, other_seed;
    machine_init(&m, arena, NULL, 1, 7);
    machine_init(&same, arena, NULL, 1, 7);
    machine_init(&other_node, arena, NULL, 2, 7);
    machine_init(&other_seed, arena, NULL, 1, 8);
    assert_true(m.secret.k0 == same.secret.k0 && m.secret.k1 == same.secret.k1);
    assert_true(m.secret.k0 != other_node.secret.k0 && m.secret.k0 != other_seed.secret.k0);
    assert_true(m.secret.k0 != m.secret.k1);
    uint64_t first = rng_u64(&m.rng);
    assert_true(first == rng_u64(&same.rng));
    assert_true(first != rng_u64(&other_node.rng));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_init),
        cmocka_unit_test(test_seed_and_node_pick_the_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
