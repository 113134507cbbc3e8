/*
 * The cable: queue, sending, travelling. What goes wrong on it is decided in link_fault.c, what people do to
 * it in link_action.c.
 *
 * A frame has one of two places: the queue of its direction, or the list of those on their way, ordered by
 * when something happens to them (they arrive, or disappear). The link never calls anybody: link_run() does
 * one thing and returns what arrived.
 */
#include "lab/link.h"

#include "base/status.h"

enum { LINK_RNG_STREAM = 0x10000, LINK_MTU_MIN = 68 };

void link_config_default(struct link_config *c)
{
    const struct link_way way = {.up = true, .reorder_us = 5000};
    *c = (struct link_config){.way = {way, way}};
}

int link_config_check(const struct link_config *c)
{
    for (unsigned d = 0; d < 2; d++) {
        const struct link_way *w = &c->way[d];
        if (w->loss_ppm > LINK_PPM || w->duplicate_ppm > LINK_PPM || w->reorder_ppm > LINK_PPM ||
            w->corrupt_ppm > LINK_PPM || w->corrupt_inside_ppm > LINK_PPM || w->loss_burst_frames > LINK_PPM)
            return STATUS_EINVAL;
        if (w->queue_frames > UINT16_MAX || w->ecn_mark_frames > UINT16_MAX ||
            w->rate_bit_per_s > 1000000000000ull)
            return STATUS_EINVAL;
    }
    return c->mtu_bytes && c->mtu_bytes < LINK_MTU_MIN ? STATUS_EINVAL : 0;
}

struct link *link_create(struct arena *a, struct trace *trace, struct capture *capture, uint8_t number,
                         uint64_t seed, const struct link_config *config)
{
    assert(link_config_check(config) == 0);
    struct link *l = arena_zalloc(a, sizeof *l);
    if (!l)
        return NULL;
    l->arena = a;
    l->trace = trace;
    l->capture = capture;
    l->number = number;
    l->config = *config;
    l->framing = (struct link_framing){.ethernet = true, .fcs = true};
    for (unsigned d = 0; d < 2; d++)
        rng_seed(&l->direction[d].rng, seed, LINK_RNG_STREAM + 2 * (uint64_t)number + d);
    return l;
}

uint32_t link_emit(struct link *l, unsigned direction, const struct link_frame *f, struct trace_event *e,
                   int64_t now_us)
{
    bool at_receiver = e->kind == TRACE_FRAME_DELIVERED;
    struct link_end end = l->end[at_receiver ? 1 - direction : direction];
    e->t_us = now_us;
    e->node = end.node;
    e->iface = end.iface;
    e->frame = f->id;
    e->rule = f->rule;
    return trace_emit(l->trace, e);
}

static void link_keep(struct link *l, unsigned direction, const struct link_frame *f,
                      enum capture_point point, uint32_t event, int64_t now_us)
{
    if (!l->capture)
        return;
    const struct captured what = {.id = f->id,
                                  .t_us = now_us,
                                  .event = event,
                                  .cause = f->cause,
                                  .rule = f->rule,
                                  .link = l->number,
                                  .direction = (uint8_t)direction,
                                  .point = (uint8_t)point};
    capture_add(l->capture, &what, bytes_of(f->bytes, f->len));
}

void link_frame_free(struct link *l, struct link_frame *f)
{
    arena_free(l->arena, f, sizeof *f + f->len);
}

/* A frame is gone: says so. What a person did is the cause; else the frame's own story. */
void link_lose(struct link *l, unsigned direction, struct link_frame *f, enum loss_reason reason,
               uint32_t cause, int64_t now_us)
{
    struct trace_event e = {.kind = TRACE_FRAME_LOST,
                            .cause = cause ? cause : f->event,
                            .u.frame_lost = {.link = l->number,
                                             .direction = (uint8_t)direction,
                                             .reason = (uint8_t)reason,
                                             .len_bytes = f->len}};
    link_emit(l, direction, f, &e, now_us);
    l->counters[direction].lost[reason]++;
    link_frame_free(l, f);
}

/* Puts a frame among those on their way; of two at the same time the one that was there first goes first. */
void link_travel(struct link_direction *d, struct link_frame *f)
{
    struct link_frame **at = &d->way_head;
    while (*at && (*at)->at_us <= f->at_us)
        at = &(*at)->next;
    f->next = *at;
    *at = f;
}

static uint64_t link_send_ns(const struct link *l, unsigned direction, uint32_t len)
{
    uint64_t rate = l->config.way[direction].rate_bit_per_s;
    return rate ? ((uint64_t)len * 8 * 1000000000u + rate - 1) / rate : 0;
}

static uint32_t link_emit_sent(struct link *l, unsigned direction, struct link_frame *f, uint32_t cause,
                               int64_t now_us)
{
    struct trace_event e = {.kind = TRACE_FRAME_SENT,
                            .cause = cause,
                            .u.frame_sent = {.link = l->number,
                                             .direction = (uint8_t)direction,
                                             .queue_frames = (uint16_t)l->direction[direction].queue_count,
                                             .len_bytes = f->len,
                                             .sent_us = f->sent_us,
                                             .arrival_us = f->arrival_us}};
    return link_emit(l, direction, f, &e, now_us);
}

void link_emit_delayed(struct link *l, unsigned direction, const struct link_frame *f, uint32_t extra_us,
                       uint32_t cause, int64_t now_us)
{
    struct trace_event e = {
        .kind = TRACE_FRAME_DELAYED,
        .cause = cause ? cause : f->event,
        .u.frame_delayed = {.link = l->number, .direction = (uint8_t)direction, .extra_us = extra_us}};
    link_emit(l, direction, f, &e, now_us);
    l->counters[direction].delayed++;
}

/* Makes a copy with a name of its own that arrives once the sender could have sent it again: as a device
 * that sends twice would. */
struct link_frame *link_copy(struct link *l, unsigned direction, const struct link_frame *f, uint32_t cause,
                             int64_t now_us)
{
    struct link_frame *copy = arena_alloc(l->arena, sizeof *f + f->len);
    if (!copy)
        return NULL;
    memcpy(copy, f, sizeof *f + f->len);
    copy->id = trace_new_frame(l->trace);
    struct trace_event e = {
        .kind = TRACE_FRAME_DUPLICATED,
        .cause = cause ? cause : f->event,
        .u.frame_duplicated = {.link = l->number, .direction = (uint8_t)direction, .copy_frame = copy->id}};
    uint32_t duplicated = link_emit(l, direction, f, &e, now_us);
    copy->arrival_us += (int64_t)((link_send_ns(l, direction, f->len) + 999) / 1000);
    copy->at_us = copy->arrival_us;
    copy->lost = false;
    copy->event = link_emit_sent(l, direction, copy, duplicated, now_us);
    l->counters[direction].duplicated++;
    link_travel(&l->direction[direction], copy);
    return copy;
}

/* Sets when a frame that is sent now has left and when it arrives. */
static void link_schedule(struct link *l, unsigned direction, struct link_frame *f,
                          const struct link_fate *fate, int64_t now_us)
{
    struct link_direction *d = &l->direction[direction];
    const struct link_way *way = &l->config.way[direction];
    uint64_t now_ns = (uint64_t)now_us * 1000;
    d->free_ns = (d->free_ns > now_ns ? d->free_ns : now_ns) + link_send_ns(l, direction, f->len);
    f->sent_us = (int64_t)((d->free_ns + 999) / 1000);
    int64_t arrival_us = f->sent_us + way->delay_us + fate->jitter_us;
    if (!way->reorder_by_jitter) {
        if (arrival_us < d->last_arrival_us)
            arrival_us = d->last_arrival_us;
        d->last_arrival_us = arrival_us;
    }
    f->arrival_us = arrival_us + fate->reorder_us + f->extra_us;
    f->lost = fate->lost;
    f->reason = fate->reason;
    f->loss_cause = fate->loss_cause;
    f->at_us = f->lost ? f->sent_us + (f->arrival_us - f->sent_us) / 2 : f->arrival_us;
}

/* The first bit goes out. */
static void link_begin(struct link *l, unsigned direction, struct link_frame *f, int64_t now_us)
{
    struct link_fate fate = link_fate_draw(l, direction, f);
    link_exact_apply(l, direction, f, &fate);
    f->extra_us += fate.exact_delay_us;
    link_schedule(l, direction, f, &fate, now_us);
    uint32_t sent = link_emit_sent(l, direction, f, f->event, now_us);
    link_keep(l, direction, f, CAPTURE_SENT, sent, now_us);
    if (sent)
        f->event = sent;
    if (fate.reorder_us || f->extra_us)
        link_emit_delayed(l, direction, f, fate.reorder_us + f->extra_us, 0, now_us);
    link_travel(&l->direction[direction], f);
    if (fate.duplicate)
        link_copy(l, direction, f, 0, now_us);
    link_flip_random(l, direction, f, &fate, now_us);
    if (fate.exact_corrupt && fate.exact_corrupt->flip.offset_bytes < f->len)
        link_flip_bit(l, direction, f, fate.exact_corrupt->flip, fate.exact_corrupt->cause, now_us);
}

/* Why a frame cannot even be queued; LOSS_REASON_COUNT when it can. */
static enum loss_reason link_refusal(const struct link *l, unsigned direction, uint32_t len)
{
    const struct link_direction *d = &l->direction[direction];
    const struct link_way *way = &l->config.way[direction];
    uint32_t around = l->framing.ethernet ? 14 + (l->framing.fcs ? 4 : 0) : 0;
    uint32_t queue_max = way->queue_frames ? way->queue_frames : LINK_QUEUE_DEFAULT;
    if (!way->up)
        return LOSS_DOWN;
    if (l->config.mtu_bytes && len > l->config.mtu_bytes + around)
        return LOSS_TOO_BIG;
    return d->queue_count >= queue_max ? LOSS_QUEUE : LOSS_REASON_COUNT;
}

int link_send(struct link *l, unsigned direction, const struct link_packet *p, int64_t now_us)
{
    assert(direction < 2 && p->bytes.len <= UINT16_MAX + 18);
    struct link_direction *d = &l->direction[direction];
    struct link_frame *f = arena_alloc(l->arena, sizeof *f + p->bytes.len);
    if (!f)
        return STATUS_ENOMEM;
    *f = (struct link_frame){.id = p->id,
                             .event = p->cause,
                             .cause = p->cause,
                             .rule = p->rule,
                             .len = (uint32_t)p->bytes.len,
                             .sent_us = TIME_NEVER,
                             .arrival_us = TIME_NEVER,
                             .at_us = TIME_NEVER};
    memcpy(f->bytes, p->bytes.at, p->bytes.len);
    l->counters[direction].frames++;
    enum loss_reason refusal = link_refusal(l, direction, f->len);
    if (refusal != LOSS_REASON_COUNT) {
        link_keep(l, direction, f, CAPTURE_REFUSED, 0, now_us);
        link_lose(l, direction, f, refusal, 0, now_us);
        return 0;
    }
    bool waits = d->queue_head || d->free_ns > (uint64_t)now_us * 1000;
    uint32_t mark_frames = l->config.way[direction].ecn_mark_frames;
    bool long_queue = mark_frames && d->queue_count >= mark_frames;
    d->queue_count += waits;
    struct trace_event e = {.kind = TRACE_FRAME_QUEUED,
                            .cause = p->cause,
                            .u.frame_queued = {.link = l->number,
                                               .direction = (uint8_t)direction,
                                               .queue_frames = (uint16_t)d->queue_count,
                                               .len_bytes = f->len}};
    f->event = link_emit(l, direction, f, &e, now_us);
    if (long_queue)
        link_mark(l, direction, f, now_us);
    if (!waits) {
        link_begin(l, direction, f, now_us);
        return 0;
    }
    if (d->queue_tail)
        d->queue_tail->next = f;
    else
        d->queue_head = f;
    d->queue_tail = f;
    return 0;
}

/* When the next waiting frame can be sent: a whole microsecond, so it may be up to one late; free_ns keeps
 * the account exact. */
static int64_t link_send_due(const struct link_direction *d)
{
    return d->queue_head ? (int64_t)(d->free_ns / 1000) : TIME_NEVER;
}

int64_t link_deadline(const struct link *l)
{
    int64_t due_us = TIME_NEVER;
    for (unsigned i = 0; i < 2; i++) {
        const struct link_direction *d = &l->direction[i];
        if (d->way_head && d->way_head->at_us < due_us)
            due_us = d->way_head->at_us;
        if (link_send_due(d) < due_us)
            due_us = link_send_due(d);
    }
    return due_us;
}

static struct link_frame *link_arrive(struct link *l, unsigned direction, struct link_frame *f,
                                      int64_t now_us)
{
    struct trace_event e = {
        .kind = TRACE_FRAME_DELIVERED,
        .cause = f->event,
        .u.frame_delivered = {.link = l->number, .direction = (uint8_t)direction, .len_bytes = f->len}};
    uint32_t delivered = link_emit(l, direction, f, &e, now_us);
    link_keep(l, direction, f, CAPTURE_RECEIVED, delivered, now_us);
    f->event = delivered;
    l->counters[direction].delivered++;
    return f;
}

struct link_frame *link_run(struct link *l, int64_t now_us, unsigned *direction, bool *done)
{
    *done = true;
    for (unsigned i = 0; i < 2; i++) {
        struct link_frame *f = l->direction[i].way_head;
        if (!f || f->at_us > now_us)
            continue;
        l->direction[i].way_head = f->next;
        f->next = NULL;
        *direction = i;
        if (!f->lost)
            return link_arrive(l, i, f, now_us);
        link_lose(l, i, f, (enum loss_reason)f->reason, f->loss_cause, now_us);
        return NULL;
    }
    for (unsigned i = 0; i < 2; i++) {
        struct link_direction *d = &l->direction[i];
        struct link_frame *f = d->queue_head;
        if (link_send_due(d) > now_us)
            continue;
        d->queue_head = f->next;
        if (!d->queue_head)
            d->queue_tail = NULL;
        d->queue_count--;
        f->next = NULL;
        link_begin(l, i, f, now_us);
        return NULL;
    }
    *done = false;
    return NULL;
}

/* Loses all that is on its way in one direction. */
static void link_unplug(struct link *l, unsigned direction, int64_t now_us)
{
    uint32_t cause = trace_cause(l->trace);
    struct link_direction *d = &l->direction[direction];
    struct link_frame *lists[2] = {d->way_head, d->queue_head};
    d->way_head = d->queue_head = d->queue_tail = NULL;
    d->queue_count = 0;
    d->free_ns = 0;
    for (unsigned k = 0; k < 2; k++)
        for (struct link_frame *f = lists[k], *next; f; f = next) {
            next = f->next;
            link_lose(l, direction, f, LOSS_DOWN, cause, now_us);
        }
}

void link_configure(struct link *l, const struct link_config *config, int64_t now_us)
{
    assert(link_config_check(config) == 0);
    const struct link_config before = l->config;
    l->config = *config;
    const struct trace_event e = {
        .t_us = now_us,
        .kind = TRACE_LINK_CHANGED,
        .node = TRACE_NO_NODE,
        .u.link_changed = {.link = l->number, .up = config->way[0].up || config->way[1].up}};
    trace_emit(l->trace, &e);
    for (unsigned d = 0; d < 2; d++)
        if (before.way[d].up && !config->way[d].up)
            link_unplug(l, d, now_us);
}
