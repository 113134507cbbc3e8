/*
 * base/ring.h against a flat array: whatever is written, committed, peeked, consumed and grown, in any order
 * and across the end of the memory, both hold the same bytes and sums.
 */
#include "base/checksum.h"
#include "base/ring.h"
#include "base/status.h"
#include "unit/support/property.h"

enum { ARENA_SIZE = 1 << 18, FLAT_SIZE = 1 << 16 };

static struct arena *arena_fresh(void)
{
    void *memory = aligned_alloc(ARENA_ALIGN, ARENA_SIZE);
    assert_non_null(memory);
    memset(memory, 0, ARENA_SIZE);
    return arena_create(memory, ARENA_SIZE);
}

static void test_reserve(void **state)
{
    (void)state;
    struct arena *a = arena_fresh();
    struct ring r = {0};
    assert_int_equal(ring_free(&r), 0);
    assert_int_equal(ring_reserve(&r, a, 0, 0), STATUS_OK);
    assert_null(r.data);
    assert_int_equal(ring_reserve(&r, a, 1, 0), STATUS_OK);
    assert_int_equal(r.capacity, 1);
    assert_int_equal(ring_reserve(&r, a, 100, 0), STATUS_OK);
    assert_int_equal(r.capacity, 128);
    uint8_t *data = r.data;
    assert_int_equal(ring_reserve(&r, a, 128, 0), STATUS_OK);
    assert_ptr_equal(r.data, data);
    assert_int_equal(ring_reserve(&r, a, 129, 0), STATUS_OK);
    assert_int_equal(r.capacity, 256);
    ring_release(&r, a);
    assert_int_equal(a->in_use, 0);
    assert_null(r.data);
    ring_release(&r, a);
    free(a);
}

static void test_reserve_fails_cleanly(void **state)
{
    (void)state;
    struct arena *a = arena_fresh();
    struct ring r = {0};
    assert_int_equal(ring_reserve(&r, a, 8, 0), STATUS_OK);
    ring_write_ahead(&r, 0, "abcd", 4);
    ring_commit(&r, 4);
    struct ring before = r;
    assert_int_equal(ring_reserve(&r, a, ARENA_SIZE, 0), STATUS_ENOMEM);
    assert_int_equal(ring_reserve(&r, a, UINT32_MAX, 0), STATUS_ENOMEM);
    assert_ptr_equal(r.data, before.data);
    assert_int_equal(r.len, 4);
    char out[4];
    ring_peek(&r, 0, out, 4);
    assert_memory_equal(out, "abcd", 4);
    free(a);
}

/* Bytes beyond a hole survive growth even when they, or the hole, lie across the end. */
static void test_growth_keeps_what_is_ahead(void **state)
{
    (void)state;
    struct arena *a = arena_fresh();
    struct ring r = {0};
    assert_int_equal(ring_reserve(&r, a, 8, 0), STATUS_OK);
    ring_write_ahead(&r, 0, "------", 6);
    ring_commit(&r, 6);
    ring_consume(&r, 5);
    ring_write_ahead(&r, 3, "ef", 2);
    assert_int_equal(ring_reserve(&r, a, 16, 5), STATUS_OK);
    ring_write_ahead(&r, 0, "bcd", 3);
    ring_commit(&r, 5);
    char out[6];
    ring_peek(&r, 0, out, 6);
    assert_memory_equal(out, "-bcdef", 6);
    free(a);
}

static void test_sum_across_the_end(void **state)
{
    (void)state;
    struct arena *a = arena_fresh();
    uint8_t from[32], to[32];
    for (size_t i = 0; i < sizeof from; i++)
        from[i] = (uint8_t)(i * 37 + 5);
    for (uint32_t head = 0; head < 32; head++) {
        struct ring r = {0};
        assert_int_equal(ring_reserve(&r, a, 32, 0), STATUS_OK);
        ring_write_ahead(&r, 0, from, head);
        ring_commit(&r, head);
        ring_consume(&r, head);
        assert_int_equal(ring_write_ahead_sum(&r, 0, from, 31), checksum_of(from, 31));
        ring_commit(&r, 31);
        assert_int_equal(ring_peek_sum(&r, 1, to, 29), checksum_of(from + 1, 29));
        assert_memory_equal(to, from + 1, 29);
        ring_release(&r, a);
    }
    struct ring empty = {0};
    assert_int_equal(ring_write_ahead_sum(&empty, 0, from, 0), 0);
    assert_int_equal(ring_peek_sum(&empty, 0, to, 0), 0);
    free(a);
}

/* The model: all bytes ever written, at their place in the stream. */
struct model {
    struct arena *arena;
    struct ring ring;
    uint8_t flat[FLAT_SIZE];
    uint32_t head;  /* place of the first readable byte */
    uint32_t tail;  /* place of the first byte that is not readable */
    uint32_t ahead; /* bytes known past tail, without a hole */
};

static void model_write(struct model *m, struct rng *rng)
{
    uint32_t room = ring_free(&m->ring);
    uint32_t offset =
        rng_below(rng, m->ahead + 1); /* touching what is known, maybe writing part of it again */
    uint32_t len = rng_below(rng, room - offset + 1);
    uint8_t fresh[4096];
    rng_fill(rng, fresh, len);
    if (rng_below(rng, 2))
        ring_write_ahead(&m->ring, offset, fresh, len);
    else
        assert_int_equal(ring_write_ahead_sum(&m->ring, offset, fresh, len), checksum_of(fresh, len));
    memcpy(m->flat + m->tail + offset, fresh, len);
    if (offset + len > m->ahead)
        m->ahead = offset + len;
}

static void model_read(struct model *m, struct rng *rng)
{
    uint32_t offset = rng_below(rng, m->ring.len + 1);
    uint32_t len = rng_below(rng, m->ring.len - offset + 1);
    uint8_t out[4096];
    const uint8_t *want = m->flat + m->head + offset;
    if (rng_below(rng, 2))
        ring_peek(&m->ring, offset, out, len);
    else
        assert_int_equal(ring_peek_sum(&m->ring, offset, out, len), checksum_of(want, len));
    assert_memory_equal(out, want, len);
}

static void model_step(struct model *m, struct rng *rng)
{
    uint32_t len = 0;
    switch (rng_below(rng, 8)) {
    case 0:
        if (m->ring.capacity < 4096)
            assert_int_equal(ring_reserve(&m->ring, m->arena, rng_between(rng, 1, 4096), m->ahead),
                             STATUS_OK);
        break;
    case 1:
    case 2:
        model_write(m, rng);
        break;
    case 3:
    case 4:
        len = rng_below(rng, m->ahead + 1);
        ring_commit(&m->ring, len);
        m->tail += len;
        m->ahead -= len;
        break;
    case 5:
        len = rng_below(rng, m->ring.len + 1);
        ring_consume(&m->ring, len);
        m->head += len;
        break;
    default:
        model_read(m, rng);
    }
    assert_int_equal(m->ring.len, m->tail - m->head);
    assert_true(m->ring.capacity == 0 || m->ring.head < m->ring.capacity);
}

static void ring_is_a_flat_array(struct rng *rng)
{
    struct model *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->arena = arena_fresh();
    if (rng_below(rng, 2)) /* small ones wrap more often */
        assert_int_equal(ring_reserve(&m->ring, m->arena, rng_between(rng, 1, 64), 0), STATUS_OK);
    while (m->tail + 4096 < FLAT_SIZE && rng_below(rng, 1000) > 0)
        model_step(m, rng);
    ring_release(&m->ring, m->arena);
    assert_int_equal(m->arena->in_use, 0);
    free(m->arena);
    free(m);
}

static void test_ring_is_a_flat_array(void **state)
{
    (void)state;
    property_run(150, ring_is_a_flat_array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reserve),
        cmocka_unit_test(test_reserve_fails_cleanly),
        cmocka_unit_test(test_growth_keeps_what_is_ahead),
        cmocka_unit_test(test_sum_across_the_end),
        cmocka_unit_test(test_ring_is_a_flat_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
