/*
 * The only place where sequence numbers are compared (RFC 9293, section 3.4): arithmetic modulo 2^32, in
 * which "less" means "before, by less than half the space".
 */
#ifndef TCPLAB_BASE_SEQ_H
#define TCPLAB_BASE_SEQ_H

#include <stdbool.h>
#include <stdint.h>

typedef uint32_t seq_t;

static inline int32_t seq_diff(seq_t a, seq_t b)
{
    return (int32_t)(a - b);
}

static inline bool seq_lt(seq_t a, seq_t b)
{
    return seq_diff(a, b) < 0;
}

static inline bool seq_le(seq_t a, seq_t b)
{
    return seq_diff(a, b) <= 0;
}

static inline bool seq_gt(seq_t a, seq_t b)
{
    return seq_diff(a, b) > 0;
}

static inline bool seq_ge(seq_t a, seq_t b)
{
    return seq_diff(a, b) >= 0;
}

static inline seq_t seq_max(seq_t a, seq_t b)
{
    return seq_gt(a, b) ? a : b;
}

static inline seq_t seq_min(seq_t a, seq_t b)
{
    return seq_lt(a, b) ? a : b;
}

/* Is `s` in [from, from + size)? An empty window holds nothing. */
static inline bool seq_in_window(seq_t s, seq_t from, uint32_t size)
{
    return (uint32_t)(s - from) < size;
}

#endif
