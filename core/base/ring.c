/*
 * The byte ring. A run of bytes lies in at most two parts: up to the end of the memory, and from its
 * beginning.
 */
#include "base/ring.h"

#include "base/checksum.h"
#include "base/status.h"

/* Larger windows than TCP can announce (RFC 7323, section 2.3: 2^30 bytes) are of no use. */
enum { RING_CAPACITY_MAX = 1 << 30 };

struct span {
    uint32_t at;    /* index where the run begins */
    uint32_t first; /* bytes up to the end of the memory; the others start at index 0 */
};

static struct span ring_span(const struct ring *r, uint32_t offset_from_head, uint32_t len)
{
    assert(r->capacity && (r->capacity & (r->capacity - 1)) == 0);
    uint32_t at = (r->head + offset_from_head) & (r->capacity - 1);
    uint32_t to_end = r->capacity - at;
    return (struct span){at, len < to_end ? len : to_end};
}

/* Copies a run out of the ring, readable or written ahead. */
static void ring_copy_out(const struct ring *r, uint32_t offset, uint8_t *to, uint32_t len)
{
    if (len == 0)
        return;
    struct span s = ring_span(r, offset, len);
    memcpy(to, r->data + s.at, s.first);
    if (len > s.first)
        memcpy(to + s.first, r->data, len - s.first);
}

int ring_reserve(struct ring *r, struct arena *a, uint32_t capacity, uint32_t ahead)
{
    assert(ahead <= ring_free(r));
    if (capacity <= r->capacity)
        return STATUS_OK;
    if (capacity > RING_CAPACITY_MAX)
        return STATUS_ENOMEM;
    uint32_t rounded = capacity == 1 ? 1 : 1u << (32 - __builtin_clz(capacity - 1));
    uint8_t *data = arena_alloc(a, rounded);
    if (!data)
        return STATUS_ENOMEM;
    ring_copy_out(r, 0, data, r->len + ahead);
    arena_free(a, r->data, r->capacity);
    r->data = data;
    r->capacity = rounded;
    r->head = 0;
    return STATUS_OK;
}

void ring_release(struct ring *r, struct arena *a)
{
    arena_free(a, r->data, r->capacity);
    *r = (struct ring){0};
}

void ring_write_ahead(struct ring *r, uint32_t offset, const void *from, uint32_t len)
{
    assert(offset <= ring_free(r) && len <= ring_free(r) - offset);
    if (len == 0)
        return;
    struct span s = ring_span(r, r->len + offset, len);
    memcpy(r->data + s.at, from, s.first);
    if (len > s.first)
        memcpy(r->data, (const uint8_t *)from + s.first, len - s.first);
}

uint32_t ring_write_ahead_sum(struct ring *r, uint32_t offset, const void *from, uint32_t len)
{
    assert(offset <= ring_free(r) && len <= ring_free(r) - offset);
    if (len == 0)
        return 0;
    struct span s = ring_span(r, r->len + offset, len);
    uint32_t sum = checksum_copy(r->data + s.at, from, s.first);
    if (len > s.first) {
        uint32_t rest = checksum_copy(r->data, (const uint8_t *)from + s.first, len - s.first);
        sum = checksum_add_at(sum, rest, s.first);
    }
    return sum;
}

void ring_commit(struct ring *r, uint32_t len)
{
    assert(len <= ring_free(r));
    r->len += len;
}

void ring_peek(const struct ring *r, uint32_t offset, void *to, uint32_t len)
{
    assert(offset <= r->len && len <= r->len - offset);
    ring_copy_out(r, offset, to, len);
}

uint32_t ring_peek_sum(const struct ring *r, uint32_t offset, void *to, uint32_t len)
{
    assert(offset <= r->len && len <= r->len - offset);
    if (len == 0)
        return 0;
    struct span s = ring_span(r, offset, len);
    uint32_t sum = checksum_copy(to, r->data + s.at, s.first);
    if (len > s.first) {
        uint32_t rest = checksum_copy((uint8_t *)to + s.first, r->data, len - s.first);
        sum = checksum_add_at(sum, rest, s.first);
    }
    return sum;
}

void ring_consume(struct ring *r, uint32_t len)
{
    assert(len <= r->len);
    r->len -= len;
    if (r->capacity)
        r->head = (r->head + len) & (r->capacity - 1);
}
