/*
 * The arena. A request of `size` bytes goes to the smallest class that holds it. With x = size - 1 and p the
 * place of x's highest bit (at least 6), p and the three bits of x from there make the class:
 *
 *   size     1..16 17..32 33..48 49..64 | 65..80 ..96 ..112 ..128 | ..160 ..192 ..224 ..256 | ..320 ...
 *   class      0     1      2      3    |   4     5     6     7   |   8     9     10    11  |  12
 *
 * so at most a fifth of a block is waste, above 64 bytes.
 *
 * Under AddressSanitizer everything not handed out is poisoned: a use after arena_free(), or past the end of
 * a block, is caught as if the block had come from malloc().
 *
 * Left out on purpose: splitting and joining blocks. A stack asks for the same few sizes again and again.
 */
#include "base/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif

#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#define POISON(at, len)   __asan_poison_memory_region((at), (len))
#define UNPOISON(at, len) __asan_unpoison_memory_region((at), (len))
#define IS_POISONED(at)   (__asan_address_is_poisoned(at) != 0)
#else
#define POISON(at, len)   ((void)(at), (void)(len))
#define UNPOISON(at, len) ((void)(at), (void)(len))
#define IS_POISONED(at)   false
#endif

enum { HEADER_SIZE = (sizeof(struct arena) + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN };

struct size_class {
    unsigned index;
    size_t size; /* of each of its blocks */
};

static inline struct size_class size_class_of(size_t size)
{
    size_t x = size ? size - 1 : 0;
    unsigned shift = 61 - (unsigned)__builtin_clzll((unsigned long long)x | 64);
    size_t steps = x >> shift;
    return (struct size_class){4 * (shift - 4) + (unsigned)steps, (steps + 1) << shift};
}

struct arena *arena_create(void *memory, size_t size)
{
    assert(memory && (uintptr_t)memory % ARENA_ALIGN == 0);
    if (size < HEADER_SIZE || (uint64_t)size > (uint64_t)1 << 35)
        return NULL;
    struct arena *a = memory;
    *a = (struct arena){.size = size, .used = HEADER_SIZE};
    POISON((uint8_t *)a + HEADER_SIZE, size - HEADER_SIZE);
    return a;
}

/* Hands out memory that nobody has had yet; it is zero. NULL when there is not enough. */
static void *arena_carve(struct arena *a, struct size_class c, size_t size)
{
    assert(a->used <= a->size && a->used % ARENA_ALIGN == 0);
    if (size > a->size || c.size > a->size - a->used)
        return NULL;
    uint8_t *block = (uint8_t *)a + a->used;
    a->used += c.size;
    a->in_use += c.size;
    UNPOISON(block, size);
    return block;
}

/* Is there a block on the free list? Of a size that no arena has, never; of one that the compiler knows, that is not asked. */
static inline bool arena_has_free(const struct arena *a, struct size_class c)
{
    return c.index < ARENA_CLASS_COUNT && a->free_list[c.index];
}

/* 64 bytes are four vectors. */
static inline uint8_t *clear_64(uint8_t *at)
{
    memset(at, 0, 64);
    return at + 64;
}

/* A memset() of a few hundred bytes would become a string instruction, which is slow to start. The compiler knows `size`
 * mostly, and then asks nothing of this. */
static inline void *clear(void *block, size_t size)
{
    uint8_t *at = block;
    if (size >= 512)
        return memset(block, 0, size);
    if (size & 256)
        at = clear_64(clear_64(clear_64(clear_64(at))));
    if (size & 128)
        at = clear_64(clear_64(at));
    if (size & 64)
        at = clear_64(at);
    memset(at, 0, size & 63);
    return block;
}

/* Takes the first block from a free list that is not empty. */
static inline void *arena_reuse(struct arena *a, struct size_class c, size_t size)
{
    void *block = a->free_list[c.index];
    UNPOISON(block, sizeof a->free_list[0]);
    memcpy(&a->free_list[c.index], block, sizeof a->free_list[0]);
    a->in_use += c.size;
    POISON(block, c.size);
    UNPOISON(block, size);
    return block;
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct size_class c = size_class_of(size);
    return arena_has_free(a, c) ? arena_reuse(a, c, size) : arena_carve(a, c, size);
}

void *arena_zalloc(struct arena *a, size_t size)
{
    struct size_class c = size_class_of(size);
    if (!arena_has_free(a, c))
        return arena_carve(a, c, size);
    return clear(arena_reuse(a, c, size), size);
}

void arena_free(struct arena *a, void *block, size_t size)
{
    if (!block)
        return;
    struct size_class c = size_class_of(size);
    assert((uintptr_t)block % ARENA_ALIGN == 0);
    assert((uint8_t *)block >= (uint8_t *)a + HEADER_SIZE &&
           (uint8_t *)block + c.size <= (uint8_t *)a + a->used);
    assert(a->in_use >= c.size);
    assert(size == 0 || !IS_POISONED(block)); /* else it was freed before */
    UNPOISON(block, sizeof a->free_list[0]);
    memcpy(block, &a->free_list[c.index], sizeof a->free_list[0]);
    a->free_list[c.index] = block;
    a->in_use -= c.size;
    POISON(block, c.size);
}

size_t arena_block_size(size_t size)
{
    return size_class_of(size).size;
}

/* Poisons the free lists' blocks and what was never handed out, after it was unpoisoned to be copied. */
static void arena_poison_free(const struct arena *a)
{
#ifdef ARENA_POISONS
    POISON((const uint8_t *)a + a->used, a->size - a->used);
    for (unsigned i = 0; i < ARENA_CLASS_COUNT; i++) {
        size_t step = 4 + i % 4;
        size_t block_size = i < 8 ? (i + 1) * ARENA_ALIGN : (step + 1) << (i / 4 + 3);
        for (void *block = a->free_list[i], *next; block; block = next) {
            memcpy(&next, block, sizeof next);
            POISON(block, block_size);
        }
    }
#else
    (void)a;
#endif
}

size_t arena_save(const struct arena *a, struct room to)
{
    assert(to.len >= a->used);
    UNPOISON(a, a->used);
    memcpy(to.at, a, a->used);
    arena_poison_free(a);
    return a->used;
}

void arena_restore(struct arena *a, struct bytes saved)
{
    size_t used_before = a->used;
    UNPOISON(a, a->size);
    assert(saved.len >= HEADER_SIZE && saved.len <= a->size);
    memcpy(a, saved.at, saved.len);
    assert(a->used == saved.len); /* else it is not what arena_save() took */
    if (used_before > a->used)
        memset((uint8_t *)a + a->used, 0, used_before - a->used);
    arena_poison_free(a);
}
