/*
 * The file formats: where packets begin and when they were captured. What is inside of them is for pcap_link.c.
 */
#include "lab/pcap_in.h"

#include "base/status.h"

enum {
    CLASSIC_HEAD = 24,
    CLASSIC_RECORD = 16,
    NG_HEAD = 8,   /* type and length */
    NG_FRAME = 12, /* with the length again at the end */
    NG_SECTION = 0x0a0d0d0a,
    NG_ORDER = 0x1a2b3c4d,
    NG_ORDER_SWAPPED = 0x4d3c2b1a,
    NG_INTERFACE = 1,
    NG_PACKET_OLD = 2,
    NG_SIMPLE = 3,
    NG_ENHANCED = 6,
    OPTION_TSRESOL = 9,
    OPTION_FCSLEN = 13,
    OPTION_TSOFFSET = 14,
    RESOLUTION_US = 6,
    RESOLUTION_BINARY = 0x80,
    NS_PER_S = 1000000000,
    LINK_TYPE_MASK = 0xffff,
    FCS_SHIFT = 28, /* of a pcap's link type: FCS length in 16-bit words, when the bit below says so */
    FCS_PRESENT = 1 << 26,
};

static const uint32_t MAGIC_US = 0xa1b2c3d4, MAGIC_NS = 0xa1b23c4d;
static const uint32_t MAGIC_US_SWAPPED = 0xd4c3b2a1, MAGIC_NS_SWAPPED = 0x4d3cb2a1;

static uint32_t load32(const uint8_t *at, bool swapped)
{
    uint32_t v;
    memcpy(&v, at, sizeof v);
    return swapped ? __builtin_bswap32(v) : v;
}

static uint16_t load16(const uint8_t *at, bool swapped)
{
    uint16_t v;
    memcpy(&v, at, sizeof v);
    return swapped ? __builtin_bswap16(v) : v;
}

/* Ticks of an interface's clock in nanoseconds since 1970. Longer than 146 years before or after is no time, but damage: 0. So
 * the difference of any two times fits. */
static int64_t time_ns(const struct pcap_interface *i, uint64_t ticks)
{
    unsigned n = i->resolution & ~(unsigned)RESOLUTION_BINARY;
    uint64_t s, rest_ns;
    if (i->resolution & RESOLUTION_BINARY) {
        n = n > 63 ? 63 : n;
        s = ticks >> n;
        const uint64_t rest = ticks - (s << n);
        rest_ns = n <= 34 ? rest * NS_PER_S >> n : (rest >> (n - 34)) * NS_PER_S >> 34;
    } else {
        uint64_t per_s = 1;
        for (unsigned k = 0; k < n && k < 19; k++)
            per_s *= 10;
        s = ticks / per_s;
        const uint64_t rest = ticks % per_s;
        rest_ns = per_s <= NS_PER_S ? rest * (NS_PER_S / per_s) : rest / (per_s / NS_PER_S);
    }
    const int64_t far_s = INT64_MAX / 2 / NS_PER_S - 1;
    if (s > (uint64_t)far_s || i->offset_s > far_s || i->offset_s < -far_s)
        return 0;
    int64_t t_s = (int64_t)s + i->offset_s;
    return t_s > far_s || t_s < -far_s ? 0 : t_s * NS_PER_S + (int64_t)rest_ns;
}

static int classic_begin(struct pcap_in *p, const uint8_t *at)
{
    uint32_t network = load32(at + 20, p->swapped);
    p->format = PCAP_CLASSIC;
    p->interface_count = 1;
    p->interface[0] = (struct pcap_interface){
        .link_type = (uint16_t)(network & LINK_TYPE_MASK),
        .fcs_bytes = (uint8_t)(network & FCS_PRESENT ? 2 * (network >> FCS_SHIFT) : 0),
        .resolution = RESOLUTION_US,
        .snap_len_bytes = load32(at + 16, p->swapped),
    };
    return 0;
}

/* Which format is it? 1 when that is known now. */
static int begin(struct pcap_in *p, struct bytes data, size_t *used)
{
    if (data.len < CLASSIC_HEAD)
        return 0;
    uint32_t magic = load32(data.at, false);
    if (magic == NG_SECTION) {
        p->format = PCAP_NG;
        return 1;
    }
    p->swapped = magic == MAGIC_US_SWAPPED || magic == MAGIC_NS_SWAPPED;
    p->nanoseconds = magic == MAGIC_NS || magic == MAGIC_NS_SWAPPED;
    if (magic != MAGIC_US && !p->swapped && !p->nanoseconds)
        return STATUS_EBADMSG;
    *used += CLASSIC_HEAD;
    p->position += CLASSIC_HEAD;
    classic_begin(p, data.at);
    return 1;
}

static int classic_next(struct pcap_in *p, struct bytes data, struct pcap_packet *out, size_t *used)
{
    if (data.len < CLASSIC_RECORD)
        return 0;
    uint32_t len = load32(data.at + 8, p->swapped);
    if (len > PCAP_PACKET_MAX)
        return STATUS_EBADMSG;
    if (data.len < CLASSIC_RECORD + len)
        return 0;
    uint32_t fraction = load32(data.at + 4, p->swapped);
    *out = (struct pcap_packet){
        .bytes = bytes_of(data.at + CLASSIC_RECORD, len),
        .position = p->position + CLASSIC_RECORD,
        .t_ns =
            (int64_t)load32(data.at, p->swapped) * NS_PER_S + (int64_t)fraction * (p->nanoseconds ? 1 : 1000),
        .wire_bytes = load32(data.at + 12, p->swapped),
        .link_type = p->interface[0].link_type,
        .fcs_bytes = p->interface[0].fcs_bytes,
        .swapped = p->swapped,
    };
    *used += CLASSIC_RECORD + len;
    p->position += CLASSIC_RECORD + len;
    return 1;
}

/* An interface's options: those that say how to read its packets. */
static void interface_options(struct pcap_interface *i, struct bytes options, bool swapped)
{
    while (options.len >= 4) {
        unsigned code = load16(options.at, swapped), len = load16(options.at + 2, swapped);
        size_t whole = 4 + (len + 3u) / 4 * 4;
        if (code == 0 || whole > options.len)
            return;
        const uint8_t *value = options.at + 4;
        if (code == OPTION_TSRESOL && len >= 1)
            i->resolution = value[0];
        if (code == OPTION_FCSLEN && len >= 1)
            i->fcs_bytes = value[0];
        if (code == OPTION_TSOFFSET && len >= 8) {
            uint64_t low = load32(value + (swapped ? 4 : 0), swapped);
            uint64_t high = load32(value + (swapped ? 0 : 4), swapped);
            i->offset_s = (int64_t)(high << 32 | low);
        }
        options = bytes_from(options, whole);
    }
}

static void interface_add(struct pcap_in *p, struct bytes body)
{
    if (p->interface_count < PCAP_INTERFACES_MAX && body.len >= 8) {
        struct pcap_interface *i = &p->interface[p->interface_count];
        *i = (struct pcap_interface){.link_type = load16(body.at, p->swapped),
                                     .resolution = RESOLUTION_US,
                                     .snap_len_bytes = load32(body.at + 4, p->swapped)};
        interface_options(i, bytes_from(body, 8), p->swapped);
    }
    p->interface_count++;
}

/* A packet of an interface at `offset` in a block's body. False: the block is not what it says. */
static bool block_packet(const struct pcap_in *p, struct bytes body, size_t offset, struct pcap_packet *out)
{
    if (out->interface >= p->interface_count || out->interface >= PCAP_INTERFACES_MAX)
        return false;
    const struct pcap_interface *i = &p->interface[out->interface];
    if (out->bytes.len > body.len - offset || out->bytes.len > PCAP_PACKET_MAX)
        return false;
    out->bytes.at = body.at + offset;
    out->position = p->position + NG_HEAD + offset;
    out->link_type = i->link_type;
    out->fcs_bytes = i->fcs_bytes;
    out->swapped = p->swapped;
    return true;
}

/* The packet of a block, when it has one. */
static bool block_read(struct pcap_in *p, uint32_t type, struct bytes body, struct pcap_packet *out)
{
    *out = (struct pcap_packet){0};
    if (type == NG_INTERFACE)
        interface_add(p, body);
    if ((type == NG_ENHANCED || type == NG_PACKET_OLD) && body.len >= 20) {
        uint64_t high = load32(body.at + 4, p->swapped), low = load32(body.at + 8, p->swapped);
        uint32_t interface = type == NG_ENHANCED ? load32(body.at, p->swapped) : load16(body.at, p->swapped);
        out->interface = interface < UINT16_MAX ? (uint16_t)interface : UINT16_MAX;
        out->bytes.len = load32(body.at + 12, p->swapped);
        out->wire_bytes = load32(body.at + 16, p->swapped);
        if (!block_packet(p, body, 20, out))
            return false;
        out->t_ns = time_ns(&p->interface[out->interface], high << 32 | low);
        return true;
    }
    if (type == NG_SIMPLE && body.len >= 4 && p->interface_count > 0) {
        uint32_t snap = p->interface[0].snap_len_bytes;
        out->wire_bytes = load32(body.at, p->swapped);
        out->bytes.len = snap && snap < out->wire_bytes ? snap : out->wire_bytes;
        return block_packet(p, body, 4, out);
    }
    return false;
}

/* Where a section begins, its byte order does, too. */
static int section_begin(struct pcap_in *p, struct bytes data)
{
    uint32_t order = load32(data.at + NG_HEAD, false);
    if (order != NG_ORDER && order != NG_ORDER_SWAPPED)
        return STATUS_EBADMSG;
    p->swapped = order == NG_ORDER_SWAPPED;
    p->interface_count = 0;
    return 0;
}

static int ng_next(struct pcap_in *p, struct bytes data, struct pcap_packet *out, size_t *used)
{
    while (data.len >= NG_FRAME) {
        uint32_t type = load32(data.at, p->swapped);
        if (load32(data.at, false) == NG_SECTION) {
            type = NG_SECTION;
            if (section_begin(p, data) < 0)
                return STATUS_EBADMSG;
        }
        uint32_t len = load32(data.at + 4, p->swapped);
        if (len < NG_FRAME || len % 4 != 0)
            return STATUS_EBADMSG;
        bool is_large = len > PCAP_ROOM_MIN;
        if (is_large &&
            (type == NG_ENHANCED || type == NG_SIMPLE || type == NG_PACKET_OLD || type == NG_INTERFACE))
            return STATUS_EBADMSG;
        if (!is_large && data.len < len)
            return 0;
        size_t here = data.len < len ? data.len : len;
        bool found = !is_large && block_read(p, type, bytes_of(data.at + NG_HEAD, len - NG_FRAME), out);
        p->skip_bytes = len - here;
        p->position += here;
        *used += here;
        if (found)
            return 1;
        data = bytes_from(data, here);
    }
    return 0;
}

int pcap_in_next(struct pcap_in *p, struct bytes data, struct pcap_packet *out, size_t *used)
{
    *used = 0;
    if (p->skip_bytes > 0) {
        size_t skip = p->skip_bytes < data.len ? (size_t)p->skip_bytes : data.len;
        p->skip_bytes -= skip;
        p->position += skip;
        *used += skip;
        data = bytes_from(data, skip);
    }
    if (p->format == PCAP_UNKNOWN) {
        size_t head = 0;
        int known = begin(p, data, &head);
        *used += head;
        if (known <= 0)
            return known;
        data = bytes_from(data, head);
    }
    return p->format == PCAP_NG ? ng_next(p, data, out, used) : classic_next(p, data, out, used);
}
