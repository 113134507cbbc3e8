/*
 * The capture ring. Records lie one behind the other, aligned to 8; one that would not fit before the end of
 * the ring begins at its start, and a record of size 0 (or the lack of room for one) says so.
 *
 * Finding a frame by its id takes one look into a table of guesses; when the guess is wrong, the ring is
 * searched. Where it arrived stands behind where it was sent, so that search begins there.
 */
#include "lab/capture.h"

enum { CAPTURE_ALIGN = 8, CAPTURE_RECORD_TYPICAL = 128 };

struct capture *capture_create(struct arena *a, uint32_t capacity)
{
    assert(capacity >= CAPTURE_BYTES_MIN && capacity % CAPTURE_ALIGN == 0);
    struct capture *c = arena_zalloc(a, sizeof *c);
    if (!c)
        return NULL;
    c->capacity = capacity;
    c->index_count = capacity / CAPTURE_RECORD_TYPICAL;
    c->ring = arena_alloc(a, capacity);
    c->index = arena_zalloc(a, c->index_count * sizeof c->index[0]);
    return c->ring && c->index ? c : NULL;
}

static const struct captured *capture_at(const struct capture *c, uint64_t position)
{
    return (const struct captured *)(const void *)(c->ring + position % c->capacity);
}

/* Is there no record at `position`, because the next one begins at the ring's start? */
static bool capture_is_gap(const struct capture *c, uint64_t position)
{
    return c->capacity - position % c->capacity < sizeof(struct captured) ||
           capture_at(c, position)->size == 0;
}

static uint64_t capture_skip_gap(const struct capture *c, uint64_t position)
{
    return capture_is_gap(c, position) ? position + (c->capacity - position % c->capacity) : position;
}

/* Forgets the oldest records until `size` bytes at the end are free. */
static void capture_make_room(struct capture *c, uint32_t size)
{
    assert(size <= c->capacity / 2);
    while (c->end + size - c->oldest > c->capacity) {
        uint64_t position = capture_skip_gap(c, c->oldest);
        if (position == c->oldest) {
            position += capture_at(c, c->oldest)->size;
            c->forgotten++;
        }
        assert(position <= c->end);
        c->oldest = position;
    }
}

void capture_add(struct capture *c, const struct captured *what, struct bytes frame)
{
    uint32_t size =
        (uint32_t)((sizeof *what + frame.len + CAPTURE_ALIGN - 1) / CAPTURE_ALIGN * CAPTURE_ALIGN);
    uint32_t left = (uint32_t)(c->capacity - c->end % c->capacity);
    if (left < size) {
        capture_make_room(c, left);
        if (left >= sizeof *what)
            memset(c->ring + c->end % c->capacity, 0, sizeof *what);
        c->end += left;
    }
    capture_make_room(c, size);
    struct captured *record = (struct captured *)(void *)(c->ring + c->end % c->capacity);
    memset(record, 0, size);
    *record = *what;
    record->size = size;
    record->len = (uint32_t)frame.len;
    if (frame.len > 0)
        memcpy(record->bytes, frame.at, frame.len);
    if (what->point != CAPTURE_RECEIVED || !capture_find(c, what->id))
        c->index[what->id % c->index_count] = c->end + 1;
    c->end += size;
    c->kept++;
}

const struct captured *capture_next(const struct capture *c, uint64_t *position)
{
    if (*position < c->oldest)
        *position = c->oldest;
    if (*position >= c->end)
        return NULL;
    *position = capture_skip_gap(c, *position);
    if (*position >= c->end)
        return NULL;
    const struct captured *record = capture_at(c, *position);
    assert(record->size >= sizeof *record && record->len <= record->size - sizeof *record);
    *position += record->size;
    return record;
}

/* The first record from `position` on that is of a frame, and taken at `point` when that is asked for. */
static const struct captured *capture_search(const struct capture *c, uint64_t position, uint32_t id,
                                             int point)
{
    for (const struct captured *r; (r = capture_next(c, &position));)
        if (r->id == id && (point < 0 || r->point == (enum capture_point)point))
            return r;
    return NULL;
}

/* What may be known of where a frame's first record lies: 0, the beginning of all, when nothing is. */
static bool capture_guess(const struct capture *c, uint32_t id, uint64_t *position)
{
    uint64_t guess = c->index[id % c->index_count];
    bool is_it = guess > 0 && guess - 1 >= c->oldest && capture_at(c, guess - 1)->id == id;
    *position = is_it ? guess - 1 : 0;
    return guess > 0; /* else no frame with this place in the table was ever kept */
}

const struct captured *capture_find(const struct capture *c, uint32_t id)
{
    uint64_t position;
    return capture_guess(c, id, &position) ? capture_search(c, position, id, -1) : NULL;
}

const struct captured *capture_find_at(const struct capture *c, uint32_t id, enum capture_point point)
{
    uint64_t position;
    return capture_guess(c, id, &position) ? capture_search(c, position, id, (int)point) : NULL;
}
