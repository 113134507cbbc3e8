/*
 * A pairing heap (Fredman, Sedgewick, Sleator and Tarjan, 1986). Each timer is at or before its children;
 * children hang in a list:
 *
 *        root
 *         | child        prev of a first child is its parent,
 *         a --- b --- c  prev of the others the sibling before.
 *         |     |
 *         d     e -- f
 *
 * Nothing recurses: a heap into which timers were armed in order is as deep as it is large.
 */
#include "base/timer.h"

#include <assert.h>
#include <stddef.h>

static inline bool timer_before(const struct timer *a, const struct timer *b)
{
    return a->due_us < b->due_us || (a->due_us == b->due_us && a->order < b->order);
}

/* Joins two heaps, neither empty; the later root becomes first child of the earlier. The result's own links
 * are not touched. */
static struct timer *heap_join(struct timer *a, struct timer *b)
{
    if (timer_before(b, a)) {
        struct timer *swap = a;
        a = b;
        b = swap;
    }
    b->prev = a;
    b->next = a->child;
    if (b->next)
        b->next->prev = b;
    a->child = b;
    return a;
}

/* Makes one heap of a list of siblings: joins them in pairs from the left, then the pairs from the right.
 * NULL for none. */
static struct timer *heap_of_siblings(struct timer *list)
{
    struct timer *pairs = NULL; /* the last pair first, linked by next */
    while (list) {
        struct timer *a = list;
        struct timer *b = a->next;
        list = b ? b->next : NULL;
        struct timer *pair = b ? heap_join(a, b) : a;
        pair->next = pairs;
        pairs = pair;
    }
    if (!pairs)
        return NULL;
    struct timer *heap = pairs;
    pairs = pairs->next;
    while (pairs) {
        struct timer *rest = pairs->next;
        heap = heap_join(heap, pairs);
        pairs = rest;
    }
    return heap;
}

static void root_set(struct timer_queue *q, struct timer *root)
{
    q->root = root;
    if (root) {
        root->next = NULL;
        root->prev = NULL;
    }
}

/* Takes `t`, with all that hangs below it, out of the list it is in. It must not be the root. */
static void timer_cut(struct timer *t)
{
    assert(t->prev);
    if (t->prev->child == t) {
        t->prev->child = t->next;
    } else {
        assert(t->prev->next == t);
        t->prev->next = t->next;
    }
    if (t->next)
        t->next->prev = t->prev;
}

void timer_init(struct timer *t, void (*fire)(struct timer *t))
{
    *t = (struct timer){.due_us = TIME_NEVER, .fire = fire};
}

void timer_arm(struct timer_queue *q, struct timer *t, int64_t due_us)
{
    assert(due_us < TIME_NEVER);
    if (timer_armed(t) && due_us < t->due_us) {
        /* Earlier than before, so all below it stays below it. */
        t->due_us = due_us;
        t->order = q->armed_count++;
        if (t != q->root) {
            timer_cut(t);
            root_set(q, heap_join(q->root, t));
        }
        return;
    }
    timer_cancel(q, t);
    t->due_us = due_us;
    t->order = q->armed_count++;
    root_set(q, q->root ? heap_join(q->root, t) : t);
}

void timer_cancel(struct timer_queue *q, struct timer *t)
{
    if (!timer_armed(t))
        return;
    assert(q->root);
    struct timer *orphans = heap_of_siblings(t->child);
    if (t == q->root) {
        root_set(q, orphans);
    } else {
        timer_cut(t);
        if (orphans)
            root_set(q, heap_join(q->root, orphans));
    }
    t->due_us = TIME_NEVER;
    t->child = NULL;
    t->next = NULL;
    t->prev = NULL;
}

struct timer *timer_take_due(struct timer_queue *q, int64_t now_us)
{
    struct timer *first = q->root;
    if (!first || first->due_us > now_us)
        return NULL;
    timer_cancel(q, first);
    return first;
}
