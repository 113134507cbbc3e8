/*
 * Comparing two runs. The events say where they part; the frames sent from there on are matched by content.
 *
 * What a frame says is made two numbers. Its key tells which message it is: who to whom, sequence numbers,
 * flags, payload. Its rest is what may differ and still be that message: window, options, TTL. Left out of
 * both is what follows from the time of sending and from how many packets were sent before: timestamps, IP
 * identification, checksums.
 *
 * Both runs' frames are put into one array and sorted by key; equal keys pair up in the order of sending.
 */
#include "lab/compare.h"

#include "base/hash.h"
#include "base/status.h"
#include "lab/lab_state.h"
#include "wire/ethernet.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"
#include "wire/tcp.h"
#include "wire/udp.h"

const char *compare_kind_name(enum compare_kind kind)
{
    static const char *const names[] = {
#define X(NAME, text) text,
        COMPARE_LIST(X)
#undef X
    };
    assert(kind < COMPARE_KIND_COUNT);
    return names[kind];
}

/* A frame of one of the runs. */
struct compare_item {
    uint64_t key, rest;
    int64_t t_us;
    uint32_t frame;
    uint32_t order; /* among the frames of its run */
    uint8_t run;    /* 0: a, 1: b */
    uint8_t link, direction;
};

/* ---- What a frame says ---- */

/* A growing hash: each word is mixed with all before it. */
static void mix(uint64_t *hash, uint64_t word)
{
    const struct hash_key key = {*hash, 0x636f6d70617265ull};
    uint8_t bytes[8];
    be64_store(bytes, word);
    *hash = hash_bytes(&key, bytes_of(bytes, sizeof bytes));
}

static void mix_bytes(uint64_t *hash, struct bytes data)
{
    const struct hash_key key = {*hash, data.len};
    *hash = hash_bytes(&key, data);
}

static void read_tcp(struct compare_item *item, struct bytes message)
{
    struct tcp_repr tcp;
    tcp_options_clear(&tcp.options);
    if (tcp_parse(&tcp, message) < 0) {
        mix_bytes(&item->key, message);
        return;
    }
    const struct tcp_options *o = &tcp.options;
    mix(&item->key, (uint64_t)tcp.src_port << 16 | tcp.dst_port);
    mix(&item->key, (uint64_t)tcp.seq << 32 | (tcp.flags & TCP_ACK ? tcp.ack : 0));
    mix(&item->key, tcp.flags);
    mix_bytes(&item->key, bytes_from(message, tcp.header_bytes));
    mix(&item->rest, (uint64_t)tcp.window << 16 | tcp.urgent);
    mix(&item->rest, (uint64_t)(o->has_mss ? o->mss : 0) << 32 | (uint64_t)o->has_timestamps << 24 |
                         (uint64_t)o->sack_permitted << 16 |
                         (uint64_t)(o->has_window_scale ? o->window_scale + 1 : 0) << 8 | o->sack_count);
    for (unsigned i = 0; i < o->sack_count; i++)
        mix(&item->rest, (uint64_t)o->sack[i].left << 32 | o->sack[i].right);
}

/* Any other message, but for its checksum at `checksum_at`. */
static void read_message(struct compare_item *item, struct bytes message, size_t checksum_at)
{
    if (message.len < checksum_at + 2) {
        mix_bytes(&item->key, message);
        return;
    }
    mix_bytes(&item->key, bytes_first(message, checksum_at));
    mix_bytes(&item->key, bytes_from(message, checksum_at + 2));
}

static void read_ipv4(struct compare_item *item, struct bytes packet)
{
    struct ipv4_repr ip;
    if (ipv4_parse(&ip, packet) < 0) {
        mix_bytes(&item->key, packet);
        return;
    }
    struct bytes message = bytes_first(bytes_from(packet, ip.header_bytes), ip.payload_bytes);
    mix(&item->key, ip.src.lo);
    mix(&item->key, ip.dst.lo);
    mix(&item->key,
        (uint64_t)ip.protocol << 32 | (uint64_t)ip.more_fragments << 16 | ip.fragment_offset_bytes);
    mix(&item->rest, (uint64_t)ip.ttl << 16 | (uint64_t)ip.tos << 8 | ip.dont_fragment);
    if (ip.fragment_offset_bytes)
        mix_bytes(&item->key, message);
    else if (ip.protocol == IP_PROTOCOL_TCP)
        read_tcp(item, message);
    else
        read_message(item, message, ip.protocol == IP_PROTOCOL_UDP ? UDP_CHECKSUM_AT : ICMP_CHECKSUM_AT);
}

static void read_frame(struct compare_item *item, struct bytes frame, const struct link_framing *framing)
{
    item->key = (uint64_t)item->link << 1 | item->direction;
    if (!framing->ethernet) {
        read_ipv4(item, frame);
        return;
    }
    size_t around = ETHERNET_HEADER + (framing->fcs ? ETHERNET_FCS : 0u);
    struct ethernet_repr e;
    if (ethernet_parse(&e, frame) < 0 || frame.len < around) {
        mix_bytes(&item->key, frame);
        return;
    }
    struct bytes payload = bytes_first(bytes_from(frame, ETHERNET_HEADER), frame.len - around);
    mix_bytes(&item->rest, bytes_first(frame, ETHERNET_HEADER));
    if (e.type == ETHERNET_TYPE_IPV4)
        read_ipv4(item, payload);
    else
        mix_bytes(&item->key, payload);
}

/* ---- Sorting ---- */

/* By message, then in the order of sending, then a before b. */
static bool before_by_key(const struct compare_item *a, const struct compare_item *b)
{
    if (a->key != b->key)
        return a->key < b->key;
    return a->run != b->run ? a->run < b->run : a->order < b->order;
}

static void sift(struct compare_item *items, size_t at, size_t count)
{
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && before_by_key(&items[child], &items[child + 1]))
            child++;
        if (!before_by_key(&items[at], &items[child]))
            return;
        struct compare_item swap = items[at];
        items[at] = items[child];
        items[child] = swap;
    }
}

/* Heap sort: in place, and never slower for unlucky input. */
static void sort(struct compare_item *items, size_t count)
{
    for (size_t i = count / 2; i > 0; i--)
        sift(items, i - 1, count);
    for (size_t end = count; end > 1; end--) {
        struct compare_item swap = items[0];
        items[0] = items[end - 1];
        items[end - 1] = swap;
        sift(items, 0, end - 1);
    }
}

/* ---- The two runs ---- */

void compare_run_of(struct compare_run *out, struct lab *l)
{
    *out = (struct compare_run){.trace = *l->trace, .capture = *l->capture};
    for (unsigned i = 0; i < l->link_count; i++)
        out->framing[i] = l->link[i]->framing;
}

/* Where in the copy something lies that was at `p`; NULL when not all of it is in there. */
static const void *image_at(const struct lab *l, struct bytes image, const void *p, size_t len)
{
    uintptr_t base = (uintptr_t)l->arena, at = (uintptr_t)p;
    bool inside = at >= base && len <= image.len && at - base <= image.len - len;
    return inside ? image.at + (at - base) : NULL;
}

int compare_run_of_image(struct compare_run *out, const struct lab *l, struct bytes image)
{
    assert((uintptr_t)image.at % ARENA_ALIGN == 0);
    const struct lab *then = image_at(l, image, l, sizeof *l);
    if (!then || then->magic != LAB_MAGIC || then->link_count > LAB_LINKS_MAX)
        return STATUS_EINVAL;
    const struct trace *trace = image_at(l, image, then->trace, sizeof *trace);
    const struct capture *capture = image_at(l, image, then->capture, sizeof *capture);
    if (!trace || !capture)
        return STATUS_EINVAL;
    const void *ring = image_at(l, image, trace->ring, (size_t)trace->capacity * sizeof trace->ring[0]);
    const void *frames = image_at(l, image, capture->ring, capture->capacity);
    if (!ring || !frames)
        return STATUS_EINVAL;
    *out = (struct compare_run){.trace = *trace, .capture = *capture};
    out->trace.ring = (struct trace_event *)(uintptr_t)ring; /* only read */
    out->capture.ring = (uint8_t *)(uintptr_t)frames;
    out->capture.index = NULL;
    for (unsigned i = 0; i < then->link_count; i++) {
        const struct link *link = image_at(l, image, then->link[i], sizeof *link);
        if (!link)
            return STATUS_EINVAL;
        out->framing[i] = link->framing;
    }
    return 0;
}

static const struct trace_event *event_at(const struct compare_run *r, uint32_t id)
{
    const struct trace_event *e = &r->trace.ring[id & (r->trace.capacity - 1)];
    return id > 0 && id <= r->trace.last_id && e->id == id ? e : NULL;
}

static uint32_t oldest_event(const struct compare_run *r)
{
    return r->trace.last_id > r->trace.capacity ? r->trace.last_id - r->trace.capacity + 1 : 1;
}

static void find_divergence(struct compare_result *out, const struct compare_run *a,
                            const struct compare_run *b)
{
    uint32_t last = a->trace.last_id > b->trace.last_id ? a->trace.last_id : b->trace.last_id;
    uint32_t first = oldest_event(a) > oldest_event(b) ? oldest_event(a) : oldest_event(b);
    out->first_known = first;
    for (uint32_t id = first; id <= last && id > 0; id++) {
        const struct trace_event *x = event_at(a, id), *y = event_at(b, id);
        if (x && y && bytes_equal(bytes_of(x, sizeof *x), bytes_of(y, sizeof *y)))
            continue;
        if (!x && !y)
            return;
        out->event = id;
        out->t_us = !y || (x && x->t_us <= y->t_us) ? x->t_us : y->t_us;
        return;
    }
}

/* ---- Frames ---- */

static uint32_t count_sent(const struct compare_run *r, int64_t from_us)
{
    uint64_t position = 0;
    uint32_t count = 0;
    for (const struct captured *c; (c = capture_next(&r->capture, &position));)
        count += c->point == CAPTURE_SENT && c->t_us >= from_us;
    return count;
}

size_t compare_scratch_bytes(const struct compare_run *a, const struct compare_run *b)
{
    return ((size_t)count_sent(a, 0) + count_sent(b, 0)) * sizeof(struct compare_item);
}

/* Adds the frames that a run sent since `from_us`; returns how many there are now. */
static uint32_t collect(struct compare_item *items, uint32_t count, const struct compare_run *r, uint8_t run,
                        int64_t from_us)
{
    uint64_t position = 0;
    uint32_t order = 0;
    for (const struct captured *c; (c = capture_next(&r->capture, &position));) {
        if (c->point != CAPTURE_SENT || c->t_us < from_us)
            continue;
        struct compare_item *item = &items[count++];
        *item = (struct compare_item){.t_us = c->t_us,
                                      .frame = c->id,
                                      .order = order,
                                      .run = run,
                                      .link = c->link,
                                      .direction = c->direction};
        read_frame(item, bytes_of(c->bytes, c->len), &r->framing[c->link % LAB_LINKS_MAX]);
        order++;
    }
    return count;
}

static int64_t segment_us(const struct compare_segment *s)
{
    return s->a_us < s->b_us ? s->a_us : s->b_us;
}

/* Puts a segment in its place by time. When the list is full the latest falls off. */
static void list_add(struct compare_result *out, struct compare_segment *list, uint32_t list_max,
                     struct compare_segment s)
{
    out->count[s.kind]++;
    uint32_t at = out->listed < list_max ? out->listed++ : list_max;
    if (at == list_max && (list_max == 0 || segment_us(&s) >= segment_us(&list[--at])))
        return;
    for (; at > 0 && segment_us(&list[at - 1]) > segment_us(&s); at--)
        list[at] = list[at - 1];
    list[at] = s;
}

/* The frames of both runs that say the same: [from, middle) are a's, [middle, to) are b's. */
static void pair_up(struct compare_result *out, struct compare_segment *list, uint32_t list_max,
                    const struct compare_item *from, const struct compare_item *middle,
                    const struct compare_item *to)
{
    size_t count_a = (size_t)(middle - from), count_b = (size_t)(to - middle);
    for (size_t k = 0; k < count_a || k < count_b; k++) {
        const struct compare_item *x = k < count_a ? from + k : NULL, *y = k < count_b ? middle + k : NULL;
        const struct compare_item *any = x ? x : y;
        struct compare_segment s = {.link = any->link,
                                    .direction = any->direction,
                                    .frame_a = x ? x->frame : 0,
                                    .frame_b = y ? y->frame : 0,
                                    .a_us = x ? x->t_us : TIME_NEVER,
                                    .b_us = y ? y->t_us : TIME_NEVER};
        s.kind = !y                   ? COMPARE_ONLY_A
                 : !x                 ? COMPARE_ONLY_B
                 : x->rest != y->rest ? COMPARE_CHANGED
                                      : COMPARE_MOVED;
        if (s.kind == COMPARE_MOVED && x->t_us == y->t_us)
            out->same++;
        else
            list_add(out, list, list_max, s);
    }
}

int compare_runs(struct compare_result *out, struct compare_segment *list, uint32_t list_max,
                 const struct compare_run *a, const struct compare_run *b, struct room scratch)
{
    *out = (struct compare_result){0};
    find_divergence(out, a, b);
    if (out->event == 0)
        return 0;
    size_t needed = (size_t)count_sent(a, out->t_us) + count_sent(b, out->t_us);
    if (needed > scratch.len / sizeof(struct compare_item))
        return STATUS_ENOBUFS;
    assert((uintptr_t)scratch.at % _Alignof(struct compare_item) == 0);
    struct compare_item *items = (struct compare_item *)(void *)scratch.at;
    uint32_t count = collect(items, 0, a, 0, out->t_us);
    count = collect(items, count, b, 1, out->t_us);
    sort(items, count);
    for (uint32_t i = 0, end; i < count; i = end) {
        uint32_t middle = i;
        while (middle < count && items[middle].key == items[i].key && items[middle].run == 0)
            middle++;
        for (end = middle; end < count && items[end].key == items[i].key;)
            end++;
        pair_up(out, list, list_max, &items[i], &items[middle], &items[end]);
    }
    return 0;
}
