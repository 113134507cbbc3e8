/*
 * The cable: rate, queue, delay, and the faults of a plan, each direction with a random stream of its own. Each
 * frame draws the same count of random numbers whatever happens to it.
 *
 * A flipped bit is one that the checksums are sure to find: up to three where Ethernet's FCS guards the frame
 * (its distance is four at these lengths), one where only the Internet checksums do.
 */
#include "sim/sim.h"

#include "base/checksum.h"
#include "wire/ethernet.h"
#include "wire/ipv4.h"

void net_init(struct net *n, const struct plan *p)
{
    *n = (struct net){.room = 64};
    n->heap = malloc(n->room * sizeof(struct flight *));
    if (!n->heap)
        abort();
    for (unsigned d = 0; d < 2; d++) {
        rng_seed(&n->direction[d].rng, p->seed, 100 + d);
        n->direction[d].departures = malloc(p->direction[d].queue_frames * sizeof(int64_t));
        if (!n->direction[d].departures)
            abort();
    }
}

void net_free(struct net *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->heap[i]);
    for (unsigned d = 0; d < 2; d++)
        free(n->direction[d].departures);
    free(n->heap);
}

static bool earlier(const struct flight *a, const struct flight *b)
{
    return a->at_us < b->at_us || (a->at_us == b->at_us && a->order < b->order);
}

static void put(struct net *n, struct flight *f)
{
    if (n->count == n->room) {
        n->room *= 2;
        n->heap = realloc(n->heap, n->room * sizeof(struct flight *));
        if (!n->heap)
            abort();
    }
    size_t i = n->count++;
    for (; i > 0 && earlier(f, n->heap[(i - 1) / 2]); i = (i - 1) / 2)
        n->heap[i] = n->heap[(i - 1) / 2];
    n->heap[i] = f;
}

struct flight *net_take(struct net *n)
{
    struct flight *first = n->heap[0];
    struct flight *last = n->heap[--n->count];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= n->count)
            break;
        if (child + 1 < n->count && earlier(n->heap[child + 1], n->heap[child]))
            child++;
        if (!earlier(n->heap[child], last))
            break;
        n->heap[i] = n->heap[child];
        i = child;
    }
    n->heap[i] = last;
    return first;
}

/* All random numbers of a frame. */
struct fate {
    bool lost, duplicate, reorder, corrupt, marked;
    uint32_t jitter_us, reorder_us, second_us;
    uint32_t where[3], flips;
};

static struct fate draw(struct rng *rng, const struct direction_plan *d)
{
    struct fate f = {0};
    f.lost = rng_chance(rng, d->loss_ppm);
    f.duplicate = rng_chance(rng, d->duplicate_ppm);
    f.reorder = rng_chance(rng, d->reorder_ppm);
    f.corrupt = rng_chance(rng, d->corrupt_ppm);
    f.jitter_us = rng_below(rng, d->jitter_us + 1);
    f.reorder_us = rng_below(rng, d->reorder_us + 1);
    f.second_us = rng_below(rng, d->reorder_us + 1);
    f.flips = rng_u32(rng);
    for (unsigned i = 0; i < 3; i++)
        f.where[i] = rng_u32(rng);
    return f;
}

/* Flips bits, or now and then cuts off the tail. */
static void corrupt(const struct plan *p, const struct fate *fate, struct flight *f)
{
    bool cut = fate->flips % 8 == 0 && f->len > 1;
    if (cut && p->ethernet == p->fcs) {
        f->len = 1 + fate->where[0] % (f->len - 1);
        return;
    }
    unsigned flips = p->fcs ? 1 + fate->flips / 8 % 3 : 1;
    for (unsigned i = 0; i < flips; i++) {
        uint32_t bit = (fate->where[0] + i * (1 + fate->where[i] % 1000)) % (f->len * 8);
        f->bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

/* Congestion experienced, where the packet is ECN-capable (RFC 3168, section 5). */
static void mark(const struct plan *p, struct flight *f)
{
    uint32_t front = p->ethernet ? ETHERNET_HEADER : 0;
    uint8_t *header = f->bytes + front;
    bool is_ipv4 = f->len >= front + IPV4_HEADER && header[0] == 0x45;
    uint8_t ecn = is_ipv4 ? header[IPV4_TOS_AT] & IPV4_ECN_MASK : IPV4_ECN_NONE;
    if (ecn == IPV4_ECN_NONE)
        return;
    header[IPV4_TOS_AT] |= IPV4_ECN_CE;
    be16_store(header + IPV4_CHECKSUM_AT, 0);
    be16_store(header + IPV4_CHECKSUM_AT, checksum_finish(checksum_of(header, IPV4_HEADER)));
    if (p->fcs) {
        uint32_t body = f->len - ETHERNET_FCS;
        uint32_t crc = crc32_of(f->bytes, body);
        for (unsigned i = 0; i < ETHERNET_FCS; i++)
            f->bytes[body + i] = (uint8_t)(crc >> (8 * i));
    }
}

static void fly(struct net *n, unsigned to, struct bytes frame, int64_t at_us, const struct plan *p,
                const struct fate *fate)
{
    struct flight *f = malloc(sizeof *f + frame.len);
    if (!f)
        abort();
    *f = (struct flight){.at_us = at_us, .order = n->order++, .to = to, .len = (uint32_t)frame.len};
    memcpy(f->bytes, frame.at, frame.len);
    if (fate->marked)
        mark(p, f);
    if (fate->corrupt) {
        corrupt(p, fate, f);
        n->corrupted++;
    }
    put(n, f);
}

/* Time at which the last bit has left, or -1: the queue is full. */
static int64_t depart(struct run *r, unsigned direction, size_t len)
{
    const struct direction_plan *d = &r->plan.direction[direction];
    struct net *n = &r->net;
    int64_t now_ns = r->now_us * 1000;
    uint32_t *head = &n->direction[direction].head;
    uint32_t *queued = &n->direction[direction].queued;
    while (*queued && n->direction[direction].departures[*head] <= now_ns) {
        *head = (*head + 1) % d->queue_frames;
        (*queued)--;
    }
    if (*queued == d->queue_frames)
        return -1;
    int64_t start_ns = n->direction[direction].free_ns > now_ns ? n->direction[direction].free_ns : now_ns;
    int64_t end_ns = start_ns;
    if (d->rate_bit_per_s)
        end_ns += (int64_t)(len * 8 * 1000000000ull / d->rate_bit_per_s);
    n->direction[direction].free_ns = end_ns;
    n->direction[direction].departures[(*head + *queued) % d->queue_frames] = end_ns;
    (*queued)++;
    return (end_ns + 999) / 1000;
}

/* The cable breaks at a certain frame, and may come back. */
static bool is_down(struct run *r, unsigned direction)
{
    const struct plan *p = &r->plan;
    struct net *n = &r->net;
    if (n->sent_frames < p->down_frames)
        return false;
    if (n->down_until_us == 0) {
        n->down_until_us = p->down_us == TIME_NEVER ? TIME_NEVER : r->now_us + p->down_us;
        text_note(r, "the cable breaks");
    }
    return p->down[direction] && r->now_us < n->down_until_us;
}

void net_send(struct run *r, unsigned direction, struct bytes frame)
{
    const struct direction_plan *d = &r->plan.direction[direction];
    struct net *n = &r->net;
    struct fate fate = draw(&n->direction[direction].rng, d);
    bool down = is_down(r, direction);
    n->sent_frames++;
    int64_t left_us = down ? -1 : depart(r, direction, frame.len);
    fate.marked = r->plan.mark_frames && n->direction[direction].queued > r->plan.mark_frames;
    if (fate.lost || left_us < 0) {
        n->lost++;
        text_frame(r, direction, frame, down ? "DOWN" : left_us < 0 ? "QUEUE FULL" : "LOST");
        return;
    }
    int64_t at_us = left_us + d->delay_us + fate.jitter_us;
    int64_t *last_us = &n->direction[direction].last_arrival_us;
    if (!d->jitter_overtakes && at_us < *last_us)
        at_us = *last_us;
    if (fate.reorder)
        at_us += fate.reorder_us;
    else if (at_us > *last_us)
        *last_us = at_us;
    text_frame(r, direction, frame,
               fate.corrupt     ? "CORRUPT"
               : fate.duplicate ? "TWICE"
               : fate.reorder   ? "LATE"
                                : "");
    fly(n, 1 - direction, frame, at_us, &r->plan, &fate);
    if (fate.duplicate) {
        n->duplicated++;
        fate.corrupt = false;
        fly(n, 1 - direction, frame, at_us + fate.second_us, &r->plan, &fate);
    }
}
