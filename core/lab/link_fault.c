/*
 * What goes wrong on a cable: which of its faults a frame meets, and bits that flip.
 *
 * A bit that flips on the wire leaves the FCS as it was, so the receiver's Ethernet throws the frame away. A
 * bit that flips inside a device, between receiving and sending on, gets a new and correct FCS: only the
 * checksums of IP, TCP and UDP can catch it. That is why TCP has one although every link has its own (RFC
 * 9293, section 3.1; Stone and Partridge, SIGCOMM 2000).
 */
#include "base/checksum.h"
#include "lab/link.h"
#include "wire/ethernet.h"
#include "wire/ipv4.h"

const char *loss_reason_name(enum loss_reason reason)
{
    static const char *const names[] = {
#define X(NAME, phrase) #NAME,
        LOSS_REASON_LIST(X)
#undef X
    };
    assert(reason < LOSS_REASON_COUNT);
    return names[reason];
}

const char *loss_reason_phrase(enum loss_reason reason)
{
    static const char *const phrases[] = {
#define X(NAME, phrase) phrase,
        LOSS_REASON_LIST(X)
#undef X
    };
    assert(reason < LOSS_REASON_COUNT);
    return phrases[reason];
}

/* The IP packet of a frame; empty when it carries none. */
struct bytes link_ip_packet(const struct link *l, struct bytes frame)
{
    if (!l->framing.ethernet)
        return frame;
    struct ethernet_repr ethernet;
    if (ethernet_parse(&ethernet, frame) < 0 || ethernet.type != ETHERNET_TYPE_IPV4)
        return bytes_first(frame, 0);
    size_t behind = l->framing.fcs ? ETHERNET_FCS : 0;
    return bytes_first(bytes_from(frame, ETHERNET_HEADER), frame.len - ETHERNET_HEADER - behind);
}

/* Does somebody want this frame dropped? Counts it against the wish. */
static bool link_matcher_takes(struct link *l, unsigned direction, const struct link_frame *f,
                               uint32_t *cause)
{
    for (unsigned i = 0; i < LINK_MATCHERS_MAX; i++) {
        struct link_matcher *m = &l->direction[direction].matcher[i];
        if (m->count == 0 || !link_match_bytes(l, m->match, bytes_of(f->bytes, f->len)))
            continue;
        m->count--;
        *cause = m->cause;
        return true;
    }
    return false;
}

/* Evenly in [0, bound), from exactly one draw. */
static uint32_t link_draw_below(struct rng *r, uint32_t bound)
{
    return (uint32_t)((uint64_t)rng_u32(r) * bound >> 32);
}

/*
 * The chance that the next frame is lost. Bursts are Gilbert's model (Bell System Technical Journal 39, 1960):
 * inside a burst each frame is lost and the burst goes on with 1 - 1/length; outside, one begins so rarely
 * that loss_ppm of all frames are lost in the long run: p / (length * (1 - p)).
 */
static uint32_t link_loss_ppm(const struct link_way *w, bool bursting)
{
    uint64_t length = w->loss_burst_frames;
    if (length <= 1 || w->loss_ppm == 0 || w->loss_ppm >= LINK_PPM)
        return w->loss_ppm;
    if (bursting)
        return (uint32_t)(LINK_PPM - LINK_PPM / length);
    uint64_t begins_ppm = (uint64_t)w->loss_ppm * LINK_PPM / (length * (LINK_PPM - w->loss_ppm));
    return begins_ppm < LINK_PPM ? (uint32_t)begins_ppm : LINK_PPM;
}

struct link_fate link_fate_draw(struct link *l, unsigned direction, const struct link_frame *f)
{
    const struct link_way *way = &l->config.way[direction];
    struct rng *r = &l->direction[direction].rng;
    struct link_fate fate = {0};
    fate.lost = rng_chance(r, link_loss_ppm(way, l->direction[direction].bursting));
    l->direction[direction].bursting = fate.lost && way->loss_burst_frames > 1;
    fate.duplicate = rng_chance(r, way->duplicate_ppm);
    fate.reorder_us = rng_chance(r, way->reorder_ppm) ? way->reorder_us : 0;
    fate.corrupt = rng_chance(r, way->corrupt_ppm);
    fate.corrupt_inside = rng_chance(r, way->corrupt_inside_ppm);
    fate.corrupt_at = rng_u32(r);
    fate.corrupt_inside_at = rng_u32(r);
    fate.jitter_us = link_draw_below(r, way->jitter_us == UINT32_MAX ? UINT32_MAX : way->jitter_us + 1);
    fate.reason = LOSS_RANDOM;
    if (link_matcher_takes(l, direction, f, &fate.loss_cause)) {
        fate.lost = true;
        fate.reason = LOSS_PERSON;
    }
    return fate;
}

/* The FCS of a frame that a device changed and sends on. */
static void link_make_fcs(const struct link *l, struct link_frame *f)
{
    if (!l->framing.ethernet || !l->framing.fcs || f->len < ETHERNET_HEADER + ETHERNET_FCS)
        return;
    uint32_t body = f->len - ETHERNET_FCS;
    uint32_t crc = crc32_of(f->bytes, body);
    for (unsigned i = 0; i < ETHERNET_FCS; i++)
        f->bytes[body + i] = (uint8_t)(crc >> (8 * i));
}

/*
 * RFC 3168, section 5: a queue that grows long tells so in the packets of those who understand it. The header's
 * checksum is made anew, as a router does that changes the time to live.
 */
void link_mark(struct link *l, unsigned direction, struct link_frame *f, int64_t now_us)
{
    struct ipv4_repr ip;
    struct bytes packet = link_ip_packet(l, bytes_of(f->bytes, f->len));
    if (ipv4_parse(&ip, packet) < 0 || !ipv4_checksum_good(packet))
        return;
    uint8_t ecn = ip.tos & IPV4_ECN_MASK;
    if (ecn != IPV4_ECN_ECT_0 && ecn != IPV4_ECN_ECT_1)
        return;
    uint8_t *header = f->bytes + (packet.at - f->bytes);
    header[IPV4_TOS_AT] |= IPV4_ECN_CE;
    be16_store(header + IPV4_CHECKSUM_AT, 0);
    be16_store(header + IPV4_CHECKSUM_AT, checksum_finish(checksum_of(header, ip.header_bytes)));
    link_make_fcs(l, f);
    struct trace_event e = {
        .kind = TRACE_FRAME_MARKED,
        .cause = f->event,
        .u.frame_marked = {.link = l->number,
                           .direction = (uint8_t)direction,
                           .queue_frames = (uint16_t)l->direction[direction].queue_count}};
    f->event = link_emit(l, direction, f, &e, now_us);
    l->counters[direction].marked++;
}

void link_flip_bit(struct link *l, unsigned direction, struct link_frame *f, struct link_flip flip,
                   uint32_t cause, int64_t now_us)
{
    assert(flip.offset_bytes < f->len && flip.bit < 8);
    f->bytes[flip.offset_bytes] ^= (uint8_t)(1u << flip.bit);
    if (flip.inside)
        link_make_fcs(l, f);
    struct trace_event e = {.kind = TRACE_FRAME_CORRUPTED,
                            .cause = cause ? cause : f->event,
                            .u.frame_corrupted = {.link = l->number,
                                                  .direction = (uint8_t)direction,
                                                  .inside_device = flip.inside,
                                                  .bit = flip.bit,
                                                  .offset_bytes = flip.offset_bytes}};
    link_emit(l, direction, f, &e, now_us);
    l->counters[direction].corrupted++;
}

void link_flip_random(struct link *l, unsigned direction, struct link_frame *f, const struct link_fate *fate,
                      int64_t now_us)
{
    if (fate->corrupt_inside) {
        struct bytes packet = link_ip_packet(l, bytes_of(f->bytes, f->len));
        struct ipv4_repr ip;
        bool known = ipv4_parse(&ip, packet) == 0;
        uint32_t bits =
            known ? (ip.header_bytes + (uint32_t)ip.payload_bytes) * 8 : 0; /* padding carries nothing */
        if (bits > 0) {
            uint32_t bit = (uint32_t)((uint64_t)fate->corrupt_inside_at * bits >> 32);
            uint32_t front = l->framing.ethernet ? ETHERNET_HEADER : 0;
            link_flip_bit(l, direction, f, (struct link_flip){front + bit / 8, (uint8_t)(bit % 8), true}, 0,
                          now_us);
        }
    }
    if (fate->corrupt && f->len > 0) {
        uint32_t bit = (uint32_t)((uint64_t)fate->corrupt_at * (f->len * 8) >> 32);
        link_flip_bit(l, direction, f, (struct link_flip){bit / 8, (uint8_t)(bit % 8), false}, 0, now_us);
    }
}
