/*
 * A byte ring: what TCP sends from and receives into. Its memory comes when first needed and may grow.
 *
 *            head                 head + len
 *   .........|####################|...............   (indices modulo capacity, a power of two)
 *            readable              room to write
 *
 * Bytes past head + len may be written ahead of time (out-of-order data); ring_commit() makes them readable.
 */
#ifndef TCPLAB_BASE_RING_H
#define TCPLAB_BASE_RING_H

#include "base/arena.h"

struct ring {
    uint8_t *data;     /* NULL until something is stored */
    uint32_t capacity; /* of data: 0, or a power of two */
    uint32_t head;     /* index of the first readable byte, < capacity */
    uint32_t len;      /* readable bytes */
};

/* Makes room for at least `capacity` bytes in all (rounded up to a power of two), keeping what is readable
 * and the first `ahead` bytes written past it. STATUS_ENOMEM leaves the ring as it was. */
int ring_reserve(struct ring *r, struct arena *a, uint32_t capacity, uint32_t ahead);

/* Gives the memory back and forgets the bytes. */
void ring_release(struct ring *r, struct arena *a);

static inline uint32_t ring_free(const struct ring *r)
{
    return r->capacity - r->len;
}

/* Copies `len` bytes to `offset` bytes past the readable end. offset + len must be <= ring_free(). */
void ring_write_ahead(struct ring *r, uint32_t offset, const void *from, uint32_t len);

/* The same, returning the partial checksum of what was copied (as a part that starts at an even offset). */
uint32_t ring_write_ahead_sum(struct ring *r, uint32_t offset, const void *from, uint32_t len);

/* Makes the next `len` written bytes readable. */
void ring_commit(struct ring *r, uint32_t len);

/* Copies `len` bytes from `offset` bytes past the head. They must be readable. */
void ring_peek(const struct ring *r, uint32_t offset, void *to, uint32_t len);

/* The same, returning the partial checksum of what was copied (as a part that starts at an even offset). */
uint32_t ring_peek_sum(const struct ring *r, uint32_t offset, void *to, uint32_t len);

/* Drops `len` readable bytes from the head. */
void ring_consume(struct ring *r, uint32_t len);

/* Begins at the beginning of the memory again, so that the next bytes lie in one part. The ring must be empty,
 * and nothing written ahead. */
static inline void ring_rewind(struct ring *r)
{
    assert(r->len == 0);
    r->head = 0;
}

#endif
