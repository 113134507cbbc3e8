/*
 * Bytes at somebody else's address, and big-endian loads and stores. `struct bytes` is read, `struct room` is
 * written; both are a pointer and a length, so no function needs two arguments for one thing.
 */
#ifndef TCPLAB_BASE_BYTES_H
#define TCPLAB_BASE_BYTES_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Marks a function for what is rare: an error, or something once in a thousand packets. It stays out of line,
 * so that its callers are short where they are in a hurry. */
#define RARE __attribute__((cold, noinline))

/* The same for what is not rare, only longer: once in a connection, as it were. */
#define APART __attribute__((noinline))

/* Borrowed, read-only. */
struct bytes {
    const uint8_t *at;
    size_t len;
};

/* Borrowed, to be written. */
struct room {
    uint8_t *at;
    size_t len;
};

static inline struct bytes bytes_of(const void *at, size_t len)
{
    return (struct bytes){(const uint8_t *)at, len};
}

static inline struct room room_of(void *at, size_t len)
{
    return (struct room){(uint8_t *)at, len};
}

/* The bytes from `offset` on; `offset` must not be past the end. */
static inline struct bytes bytes_from(struct bytes b, size_t offset)
{
    assert(offset <= b.len);
    return (struct bytes){b.at + offset, b.len - offset};
}

/* The first `len` bytes; there must be as many. */
static inline struct bytes bytes_first(struct bytes b, size_t len)
{
    assert(len <= b.len);
    return (struct bytes){b.at, len};
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Numbers in the order of the wire are the machine's own, or those turned round. (Shifting bytes one by one
 * comes to the same, but compilers do not always see it.) */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BYTES_TURN(bits, v) __builtin_bswap##bits(v)
#else
#define BYTES_TURN(bits, v) (v)
#endif

static inline uint16_t be16_load(const uint8_t *p)
{
    uint16_t v;
    memcpy(&v, p, sizeof v);
    return BYTES_TURN(16, v);
}

/* In the machine's order, for those who do not care. */
static inline uint32_t word32_load(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint64_t word64_load(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint32_t be32_load(const uint8_t *p)
{
    return BYTES_TURN(32, word32_load(p));
}

static inline uint64_t be64_load(const uint8_t *p)
{
    return BYTES_TURN(64, word64_load(p));
}

static inline void be16_store(uint8_t *p, uint16_t v)
{
    v = BYTES_TURN(16, v);
    memcpy(p, &v, sizeof v);
}

static inline void be32_store(uint8_t *p, uint32_t v)
{
    v = BYTES_TURN(32, v);
    memcpy(p, &v, sizeof v);
}

static inline void be64_store(uint8_t *p, uint64_t v)
{
    v = BYTES_TURN(64, v);
    memcpy(p, &v, sizeof v);
}

#endif
