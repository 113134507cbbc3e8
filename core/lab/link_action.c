/*
 * What people do to single frames on a link: drop, delay, duplicate, corrupt; this very one, or the next ones
 * that look like something. The current cause of the trace is the person's action.
 */
#include "base/status.h"
#include "lab/link.h"

struct link_frame *link_find(struct link *l, uint32_t id, unsigned *direction)
{
    for (unsigned i = 0; i < 2; i++) {
        struct link_frame *lists[2] = {l->direction[i].way_head, l->direction[i].queue_head};
        for (unsigned k = 0; k < 2; k++)
            for (struct link_frame *f = lists[k]; f; f = f->next)
                if (f->id == id) {
                    *direction = i;
                    return f;
                }
    }
    return NULL;
}

/* Takes a frame out of the list of its direction it is in. */
static void link_unlist(struct link_direction *d, struct link_frame *f)
{
    bool waits = f->sent_us == TIME_NEVER;
    struct link_frame **at = waits ? &d->queue_head : &d->way_head, *before = NULL;
    while (*at != f) {
        before = *at;
        assert(before);
        at = &before->next;
    }
    *at = f->next;
    f->next = NULL;
    if (!waits)
        return;
    if (d->queue_tail == f)
        d->queue_tail = before;
    d->queue_count--;
}

int link_drop(struct link *l, uint32_t id, int64_t now_us)
{
    unsigned direction;
    struct link_frame *f = link_find(l, id, &direction);
    if (!f)
        return STATUS_ENOENT;
    link_unlist(&l->direction[direction], f);
    link_lose(l, direction, f, LOSS_PERSON, trace_cause(l->trace), now_us);
    return 0;
}

int link_delay(struct link *l, uint32_t id, uint32_t by_us, int64_t now_us)
{
    unsigned direction;
    struct link_frame *f = link_find(l, id, &direction);
    if (!f)
        return STATUS_ENOENT;
    if (f->sent_us == TIME_NEVER) {
        if (by_us > UINT32_MAX - f->extra_us)
            return STATUS_ERANGE;
        f->extra_us += by_us; /* link_begin() says so when it is sent */
        return 0;
    }
    link_unlist(&l->direction[direction], f);
    f->arrival_us += by_us;
    f->at_us += by_us;
    link_emit_delayed(l, direction, f, by_us, trace_cause(l->trace), now_us);
    link_travel(&l->direction[direction], f);
    return 0;
}

int link_duplicate(struct link *l, uint32_t id, int64_t now_us)
{
    unsigned direction;
    struct link_frame *f = link_find(l, id, &direction);
    if (!f)
        return STATUS_ENOENT;
    if (f->sent_us != TIME_NEVER) {
        const struct link_frame *copy = link_copy(l, direction, f, trace_cause(l->trace), now_us);
        return copy ? (int)copy->id : STATUS_ENOMEM;
    }
    struct link_frame *copy = arena_alloc(l->arena, sizeof *f + f->len);
    if (!copy)
        return STATUS_ENOMEM;
    memcpy(copy, f, sizeof *f + f->len); /* it stays behind the one it is a copy of */
    copy->id = trace_new_frame(l->trace);
    f->next = copy;
    if (l->direction[direction].queue_tail == f)
        l->direction[direction].queue_tail = copy;
    l->direction[direction].queue_count++;
    struct trace_event e = {
        .kind = TRACE_FRAME_DUPLICATED,
        .cause = trace_cause(l->trace),
        .u.frame_duplicated = {.link = l->number, .direction = (uint8_t)direction, .copy_frame = copy->id}};
    copy->event = link_emit(l, direction, f, &e, now_us);
    l->counters[direction].duplicated++;
    return (int)copy->id;
}

int link_corrupt(struct link *l, uint32_t id, struct link_flip flip, int64_t now_us)
{
    unsigned direction;
    struct link_frame *f = link_find(l, id, &direction);
    if (!f)
        return STATUS_ENOENT;
    if (flip.offset_bytes >= f->len || flip.bit > 7)
        return STATUS_ERANGE;
    link_flip_bit(l, direction, f, flip, trace_cause(l->trace), now_us);
    return 0;
}

int link_drop_next(struct link *l, unsigned direction, enum link_match match, uint32_t count)
{
    assert(direction < 2 && match < LINK_MATCH_COUNT);
    for (unsigned i = 0; i < LINK_MATCHERS_MAX; i++) {
        struct link_matcher *m = &l->direction[direction].matcher[i];
        if (m->count > 0)
            continue;
        *m = (struct link_matcher){.match = match, .count = count, .cause = trace_cause(l->trace)};
        return 0;
    }
    return STATUS_ENOBUFS;
}
