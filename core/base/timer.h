/*
 * Timers, earliest first: a pairing heap, intrusive, so that arming allocates nothing. Insert and "earlier"
 * are O(1), taking the first is O(log n) amortised. Timers that are due at the same microsecond fire in the
 * order in which they were armed.
 *
 * TCP arms one timer per connection at the earliest of its deadlines and never moves it later: when it fires
 * too early, it looks again. So re-arming on every ACK costs a store.
 */
#ifndef TCPLAB_BASE_TIMER_H
#define TCPLAB_BASE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

/* "Never", and the largest time there is. */
#define TIME_NEVER INT64_MAX

struct timer {
    int64_t due_us;      /* TIME_NEVER when not armed */
    uint64_t order;      /* the queue's count when it was armed */
    struct timer *child; /* first child in the heap */
    struct timer *next;  /* next sibling */
    struct timer *prev;  /* previous sibling, or the parent when first */
    void (*fire)(struct timer *t);
};

struct timer_queue {
    struct timer *root;
    uint64_t armed_count; /* ever */
};

void timer_init(struct timer *t, void (*fire)(struct timer *t));

static inline bool timer_armed(const struct timer *t)
{
    return t->due_us != TIME_NEVER;
}

/* Arms or re-arms `t` to fire at `due_us` (< TIME_NEVER). */
void timer_arm(struct timer_queue *q, struct timer *t, int64_t due_us);

/* Does nothing when it is not armed. */
void timer_cancel(struct timer_queue *q, struct timer *t);

/* When the first is due; TIME_NEVER when there is none. */
static inline int64_t timer_first_due(const struct timer_queue *q)
{
    return q->root ? q->root->due_us : TIME_NEVER;
}

/* Takes the first timer that is due at `now_us`, disarmed, or NULL. The caller calls its `fire`. */
struct timer *timer_take_due(struct timer_queue *q, int64_t now_us);

#endif
