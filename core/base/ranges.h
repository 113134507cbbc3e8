/*
 * A small sorted set of disjoint ranges of sequence numbers: what has arrived out of order. Touching ranges
 * are joined. All ranges lie within half the sequence space of each other.
 */
#ifndef TCPLAB_BASE_RANGES_H
#define TCPLAB_BASE_RANGES_H

#include "base/seq.h"

struct range {
    seq_t from;
    seq_t to; /* one past the last */
};

/* Enough for 32 holes in one window; when it is full a range that needs one more is refused, and sent again
 * later. */
enum { RANGES_MAX = 32 };

struct ranges {
    uint32_t count;
    struct range at[RANGES_MAX]; /* ascending */
};

/* Adds [from, to). Returns false when it would need one range too many; the set is unchanged then. */
bool ranges_add(struct ranges *s, seq_t from, seq_t to);

/* Removes everything before `seq`. */
void ranges_drop_before(struct ranges *s, seq_t seq);

/* The range that holds `seq`, or NULL. */
const struct range *ranges_find(const struct ranges *s, seq_t seq);

/* Is all of [from, to) held? */
bool ranges_cover(const struct ranges *s, seq_t from, seq_t to);

/* Bytes held in all. */
uint32_t ranges_bytes(const struct ranges *s);

#endif
