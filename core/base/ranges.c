/*
 * Ranges of sequence numbers, kept sorted in an array: with 32 at most, moving them is cheaper than any tree,
 * and arrival in order at the end (the common case) looks at one of them.
 */
#include "base/ranges.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* The first range that ends at or after `seq`: the one that holds it, touches it from the left, or is the
 * next. */
static uint32_t ranges_seek(const struct ranges *s, seq_t seq)
{
    uint32_t i = s->count;
    while (i > 0 && seq_ge(s->at[i - 1].to, seq))
        i--;
    return i;
}

/* Puts `count_new` places where `count_old` were, from index `i` on. */
static void ranges_splice(struct ranges *s, uint32_t i, uint32_t count_old, uint32_t count_new)
{
    assert(i + count_old <= s->count);
    assert(s->count - count_old + count_new <= RANGES_MAX);
    uint32_t behind = s->count - i - count_old;
    memmove(&s->at[i + count_new], &s->at[i + count_old], behind * sizeof s->at[0]);
    s->count = s->count - count_old + count_new;
}

bool ranges_add(struct ranges *s, seq_t from, seq_t to)
{
    assert(s->count <= RANGES_MAX);
    assert(seq_le(from, to));
    if (from == to)
        return true;
    uint32_t i = ranges_seek(s, from);
    uint32_t end = i;
    while (end < s->count && seq_le(s->at[end].from, to)) {
        from = seq_min(from, s->at[end].from);
        to = seq_max(to, s->at[end].to);
        end++;
    }
    if (end == i && s->count == RANGES_MAX)
        return false;
    ranges_splice(s, i, end - i, 1);
    s->at[i] = (struct range){from, to};
    return true;
}

void ranges_drop_before(struct ranges *s, seq_t seq)
{
    uint32_t gone = 0;
    while (gone < s->count && seq_le(s->at[gone].to, seq))
        gone++;
    ranges_splice(s, 0, gone, 0);
    if (s->count > 0)
        s->at[0].from = seq_max(s->at[0].from, seq);
}

const struct range *ranges_find(const struct ranges *s, seq_t seq)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (seq_le(s->at[i].from, seq) && seq_lt(seq, s->at[i].to))
            return &s->at[i];
    }
    return NULL;
}

bool ranges_cover(const struct ranges *s, seq_t from, seq_t to)
{
    assert(seq_le(from, to));
    if (from == to)
        return true;
    const struct range *r = ranges_find(s, from);
    return r && seq_le(to, r->to);
}

uint32_t ranges_bytes(const struct ranges *s)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < s->count; i++)
        sum += s->at[i].to - s->at[i].from;
    return sum;
}
