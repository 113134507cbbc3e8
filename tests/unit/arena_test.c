/*
 * base/arena.h: blocks do not overlap, come back, fit their class; a restored arena is the one that was
 * saved; and under AddressSanitizer freed memory is poisoned.
 */
#include "base/arena.h"
#include "unit/support/property.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#endif

enum { ARENA_SIZE = 1 << 18 };

static struct arena *arena_fresh(void)
{
    void *memory = aligned_alloc(ARENA_ALIGN, ARENA_SIZE);
    assert_non_null(memory);
    memset(memory, 0, ARENA_SIZE);
    struct arena *a = arena_create(memory, ARENA_SIZE);
    assert_ptr_equal(a, memory);
    return a;
}

static void test_create(void **state)
{
    (void)state;
    static _Alignas(16) uint8_t small[64];
    assert_null(arena_create(small, sizeof small));
    struct arena *a = arena_fresh();
    assert_int_equal(a->size, ARENA_SIZE);
    assert_int_equal(a->in_use, 0);
    assert_true(a->used >= sizeof *a && a->used % ARENA_ALIGN == 0);
    free(a);
}

static void test_block_size(void **state)
{
    (void)state;
    static const size_t pair[][2] = {
        {0, 16},
        {1, 16},
        {16, 16},
        {17, 32},
        {64, 64},
        {65, 80},
        {128, 128},
        {129, 160},
        {160, 160},
        {161, 192},
        {256, 256},
        {257, 320},
        {1500, 1536},
        {1537, 1792},
        {4096, 4096},
        {4097, 5120},
        {1u << 30, 1u << 30},
    };
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++)
        assert_int_equal(arena_block_size(pair[i][0]), pair[i][1]);
    for (size_t size = 1; size < 70000; size++) {
        size_t block = arena_block_size(size);
        assert_true(block >= size && block % ARENA_ALIGN == 0);
        assert_int_equal(arena_block_size(block), block);
        assert_true(size <= 64 || (block - size) * 5 <= block);
    }
}

static void test_reuse(void **state)
{
    (void)state;
    struct arena *a = arena_fresh();
    void *first = arena_alloc(a, 100);
    void *second = arena_alloc(a, 100);
    assert_ptr_not_equal(first, second);
    assert_int_equal(a->in_use, 2 * 112);
    arena_free(a, first, 100);
    arena_free(a, second, 100);
    arena_free(a, NULL, 100);
    assert_int_equal(a->in_use, 0);
    size_t used = a->used;
    assert_ptr_equal(arena_alloc(a, 97),
                     second); /* last freed, first reused; another size of the same class */
    assert_ptr_equal(arena_alloc(a, 112), first);
    assert_int_equal(a->used, used);
    free(a);
}

static void test_zalloc(void **state)
{
    (void)state;
    struct arena *a = arena_fresh();
    uint8_t *block = arena_alloc(a, 300);
    memset(block, 0xee, 300);
    arena_free(a, block, 300);
    static const uint8_t zeros[300];
    uint8_t *again = arena_zalloc(a, 300);
    assert_ptr_equal(again, block);
    assert_memory_equal(again, zeros, 300);
    assert_memory_equal(arena_zalloc(a, 300), zeros, 300);
    free(a);
}

static void test_full(void **state)
{
    (void)state;
    struct arena *a = arena_fresh();
    assert_null(arena_alloc(a, ARENA_SIZE));
    assert_null(arena_alloc(a, SIZE_MAX));
    assert_null(arena_zalloc(a, SIZE_MAX / 2));
    assert_int_equal(a->in_use, 0);
    size_t count = 0;
    void *last = NULL;
    for (void *block; (block = arena_alloc(a, 4096)); last = block)
        count++;
    assert_int_equal(count, (ARENA_SIZE - sizeof *a) / 4096);
    arena_free(a, last, 4096);
    assert_ptr_equal(arena_alloc(a, 4096), last);
    assert_null(arena_zalloc(a, 4096));
    free(a);
}

/* Blocks keep what was written to them while others come and go. */
static void blocks_keep_apart(struct rng *rng)
{
    enum { SLOTS = 24 };
    struct {
        uint8_t *at;
        size_t len;
        uint8_t mark;
    } slot[SLOTS] = {{0}};
    struct arena *a = arena_fresh();
    for (int step = 0; step < 400; step++) {
        size_t i = rng_below(rng, SLOTS);
        if (slot[i].at) {
            for (size_t k = 0; k < slot[i].len; k++)
                assert_int_equal(slot[i].at[k], slot[i].mark);
            arena_free(a, slot[i].at, slot[i].len);
            slot[i].at = NULL;
            continue;
        }
        slot[i].len = rng_between(rng, 1, 2000);
        slot[i].mark = (uint8_t)step;
        slot[i].at = arena_alloc(a, slot[i].len);
        if (slot[i].at) {
            assert_int_equal((uintptr_t)slot[i].at % ARENA_ALIGN, 0);
            memset(slot[i].at, slot[i].mark, slot[i].len);
        }
    }
    size_t in_use = 0;
    for (size_t i = 0; i < SLOTS; i++)
        in_use += slot[i].at ? arena_block_size(slot[i].len) : 0;
    assert_int_equal(a->in_use, in_use);
    free(a);
}

static void test_blocks_keep_apart(void **state)
{
    (void)state;
    property_run(40, blocks_keep_apart);
}

static void test_save_and_restore(void **state)
{
    (void)state;
    struct arena *a = arena_fresh();
    uint8_t *kept = arena_alloc(a, 500);
    void *freed = arena_alloc(a, 40);
    memset(kept, 1, 500);
    arena_free(a, freed, 40);
    uint8_t *saved = malloc(ARENA_SIZE);
    size_t len = arena_save(a, room_of(saved, ARENA_SIZE));
    assert_int_equal(len, a->used);

    memset(kept, 2, 500);
    arena_free(a, kept, 500);
    void *later = arena_alloc(a, 40);
    assert_ptr_equal(later, freed);
    memset(arena_alloc(a, 9000), 3, 9000);
    arena_restore(a, bytes_of(saved, len));

    assert_int_equal(a->used, len);
    for (size_t i = 0; i < 500; i++)
        assert_int_equal(kept[i], 1);
    assert_ptr_equal(arena_alloc(a, 40), freed); /* the future repeats itself */
    static const uint8_t zeros[9000];
    assert_memory_equal(arena_zalloc(a, 9000), zeros, 9000);
    free(saved);
    free(a);
}

#ifdef WITH_ASAN
static void test_poison(void **state)
{
    (void)state;
    struct arena *a = arena_fresh();
    static const size_t size[] = {8, 50, 64, 65, 100, 300, 1500, 5000};
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        uint8_t *block = arena_alloc(a, size[i]);
        assert_null(__asan_region_is_poisoned(block, size[i]));
        assert_true(__asan_address_is_poisoned(block + size[i]));
        arena_free(a, block, size[i]);
        assert_true(__asan_address_is_poisoned(block));
        uint8_t *saved = malloc(ARENA_SIZE);
        size_t len = arena_save(a, room_of(saved, ARENA_SIZE));
        arena_restore(a, bytes_of(saved, len));
        free(saved);
        for (size_t k = 0; k < arena_block_size(size[i]); k++)
            assert_true(__asan_address_is_poisoned(block + k));
        block = arena_alloc(a, size[i]);
        assert_null(__asan_region_is_poisoned(block, size[i]));
    }
    assert_true(__asan_address_is_poisoned((uint8_t *)a + a->used));
    free(a);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_block_size),
        cmocka_unit_test(test_reuse),
        cmocka_unit_test(test_zalloc),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_blocks_keep_apart),
        cmocka_unit_test(test_save_and_restore),
#ifdef WITH_ASAN
        cmocka_unit_test(test_poison),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
