/*
 * The dissector's transport layer: UDP (RFC 768) and TCP (RFC 9293, section 3.1; options as in
 * tcp_options.c).
 *
 * Ports and sequence number are in the first 8 bytes, which every ICMP error quotes at least (RFC 792), so of
 * a cut segment these are shown even when the rest is missing.
 */
#include <stdio.h>

#include "base/checksum.h"
#include "wire/dissect_internal.h"
#include "wire/ipv4.h"
#include "wire/tcp.h"
#include "wire/udp.h"

static void checksum_unchecked(struct dissector *d, size_t at, const char *why)
{
    struct dissect_field *f = dissect_number(d, "checksum", at, 2);
    dissect_say(f, "0x%04x (%s)", (unsigned)f->value, why);
}

static void udp_checksum(struct dissector *d, const struct dissect_packet *p, size_t length)
{
    const uint8_t *b = dissect_at(d, p->at);
    if (be16_load(b + 6) == 0) {
        checksum_unchecked(d, p->at + 6, "none");
    } else if (p->is_cut || length < UDP_HEADER || length > p->end - p->at) {
        checksum_unchecked(d, p->at + 6, "not checked: the datagram is cut");
    } else {
        uint32_t pseudo = checksum_pseudo(p->src, p->dst, IP_PROTOCOL_UDP, (uint32_t)length);
        uint16_t computed = dissect_checksum_computed(d, p->at, p->at + length, 6, pseudo);
        dissect_checksum(d, p->at + 6, computed ? computed : 0xffff,
                         udp_checksum_good(bytes_of(b, length), p->src, p->dst));
    }
}

void dissect_udp(struct dissector *d, const struct dissect_packet *p)
{
    dissect_enter(d, "udp", DISSECT_TRANSPORT);
    if (p->end - p->at < UDP_HEADER) {
        dissect_malformed(d, p->at, p->end, "too short for a UDP header");
        return;
    }
    const uint8_t *b = dissect_at(d, p->at);
    size_t length = be16_load(b + 4);
    bool length_bad = length < UDP_HEADER || (length > p->end - p->at && !p->is_cut);
    struct dissect_field *header = dissect_header(d, p->at, UDP_HEADER);
    dissect_say(header, "%u > %u", be16_load(b), be16_load(b + 2));
    dissect_number(d, "src_port", p->at, 2);
    dissect_number(d, "dst_port", p->at + 2, 2);
    dissect_number(d, "length", p->at + 4, 2)->is_bad = length_bad;
    udp_checksum(d, p, length);
    if (length_bad) {
        dissect_malformed(d, p->at + UDP_HEADER, p->end, "the UDP length is impossible");
        return;
    }
    size_t end = length < p->end - p->at ? p->at + length : p->end;
    dissect_enter(d, "payload", DISSECT_APPLICATION);
    dissect_data(d, "data", p->at + UDP_HEADER, end);
    dissect_enter(d, "udp", DISSECT_TRANSPORT);
    dissect_data(d, "padding", end, p->end); /* the packet may be longer than its datagram */
}

/* "1000-2460 3920-5380" */
static void sack_say(struct dissector *d, struct dissect_field *f, size_t at, size_t len)
{
    size_t used = 0;
    for (size_t block = at + 2; block + 8 <= at + len; block += 8) {
        const uint8_t *b = dissect_at(d, block);
        int n = snprintf(f->text + used, sizeof f->text - used, "%s%lu-%lu", used ? " " : "",
                         (unsigned long)be32_load(b), (unsigned long)be32_load(b + 4));
        used += (size_t)n;
        assert(used <
               sizeof f->text); /* 4 blocks of at most 22 characters: 40 bytes of options hold no more */
    }
}

static void timestamps_say(struct dissector *d, struct dissect_field *f, size_t at)
{
    const uint8_t *b = dissect_at(d, at);
    f->value = be32_load(b + 2);
    dissect_say(f, "value %lu, echo %lu", (unsigned long)be32_load(b + 2), (unsigned long)be32_load(b + 6));
}

static void fastopen_say(struct dissector *d, struct dissect_field *f, size_t at, size_t len)
{
    size_t used = (size_t)snprintf(f->text, sizeof f->text, len > 2 ? "cookie " : "cookie request");
    for (size_t i = 2; i < len && used + 3 < sizeof f->text; i++)
        used += (size_t)snprintf(f->text + used, sizeof f->text - used, "%02x", *dissect_at(d, at + i));
}

/* One of a length that its kind may have. */
static void tcp_option_known(struct dissector *d, unsigned kind, const char *name, size_t at, size_t len)
{
    enum { MSS = 2, WINDOW_SCALE = 3, SACK = 5, TIMESTAMPS = 8, FASTOPEN = 34 };
    struct dissect_field *f = dissect_range(d, name, at, len);
    const uint8_t *b = dissect_at(d, at);
    switch (kind) {
    case MSS:
        f->value = be16_load(b + 2);
        dissect_say(f, "%u bytes", (unsigned)f->value);
        break;
    case WINDOW_SCALE:
        f->value = b[2];
        dissect_say(f, "%u (windows count %lu bytes)", b[2],
                    1ul << (b[2] > TCP_WINDOW_SCALE_MAX ? TCP_WINDOW_SCALE_MAX : b[2]));
        break;
    case SACK:
        f->value = (len - 2) / 8;
        sack_say(d, f, at, len);
        break;
    case TIMESTAMPS:
        timestamps_say(d, f, at);
        break;
    case FASTOPEN:
        f->value = len - 2;
        fastopen_say(d, f, at, len);
        break;
    default: /* SACK-permitted has no value */
        dissect_say(f, "permitted");
    }
}

static void tcp_option(struct dissector *d, size_t at, size_t len)
{
    static const struct {
        uint8_t kind;
        uint8_t len_min;
        uint8_t len_max;
        uint8_t step; /* lengths are len_min plus a multiple of it */
        const char *name;
    } KINDS[] = {
        {2, 4, 4, 1, "option_mss"},
        {3, 3, 3, 1, "option_window_scale"},
        {4, 2, 2, 1, "option_sack_permitted"},
        {5, 10, 34, 8, "option_sack"},
        {8, 10, 10, 1, "option_timestamps"},
        {34, 2, 18, 2, "option_fastopen"},
    };
    unsigned kind = *dissect_at(d, at);
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (KINDS[i].kind != kind)
            continue;
        if (len >= KINDS[i].len_min && len <= KINDS[i].len_max &&
            (len - KINDS[i].len_min) % KINDS[i].step == 0) {
            tcp_option_known(d, kind, KINDS[i].name, at, len);
        } else {
            struct dissect_field *f = dissect_range(d, KINDS[i].name, at, len);
            f->is_bad = true;
            dissect_say(f, "ignored: %u bytes is not a length of this option", (unsigned)len);
        }
        return;
    }
    struct dissect_field *f = dissect_range(d, "option_unknown", at, len);
    f->value = kind;
    dissect_say(f, "kind %u, %u bytes", kind, (unsigned)len);
}

static void tcp_flags(struct dissector *d, size_t at)
{
    static const char *const NAMES[8] = {"flag_cwr", "flag_ece", "flag_urg", "flag_ack",
                                         "flag_psh", "flag_rst", "flag_syn", "flag_fin"};
    struct dissect_field *f = dissect_number(d, "flags", at, 1);
    char text[TCP_FLAGS_TEXT_MAX];
    tcp_flags_format((uint8_t)f->value, text);
    dissect_say(f, "%s", text);
    for (unsigned i = 0; i < 8; i++)
        dissect_bits(d, NAMES[i], at, i, 1);
}

static void tcp_checksum(struct dissector *d, const struct dissect_packet *p)
{
    if (p->is_cut) {
        checksum_unchecked(d, p->at + 16, "not checked: the segment is cut");
        return;
    }
    size_t len = p->end - p->at;
    uint32_t pseudo = checksum_pseudo(p->src, p->dst, IP_PROTOCOL_TCP, (uint32_t)len);
    dissect_checksum(d, p->at + 16, dissect_checksum_computed(d, p->at, p->end, 16, pseudo),
                     tcp_checksum_good(bytes_of(dissect_at(d, p->at), len), p->src, p->dst));
}

/* Ports and sequence number: the 8 bytes that are there even in the shortest quotation. */
static void tcp_first_fields(struct dissector *d, size_t at)
{
    dissect_number(d, "src_port", at, 2);
    dissect_number(d, "dst_port", at + 2, 2);
    dissect_number(d, "seq", at + 4, 4);
}

/* A quotation that ends inside the header. */
static void tcp_cut(struct dissector *d, const struct dissect_packet *p)
{
    const uint8_t *b = dissect_at(d, p->at);
    dissect_say(dissect_header(d, p->at, p->end - p->at), "%u > %u", be16_load(b), be16_load(b + 2));
    tcp_first_fields(d, p->at);
    if (p->end > p->at + 8)
        dissect_say(dissect_range(d, "data", p->at + 8, p->end - p->at - 8),
                    "the rest of the header is cut off");
}

void dissect_tcp(struct dissector *d, const struct dissect_packet *p)
{
    dissect_enter(d, "tcp", DISSECT_TRANSPORT);
    size_t len = p->end - p->at;
    if (p->is_cut && len >= 8 && len < TCP_HEADER) {
        tcp_cut(d, p);
        return;
    }
    if (len < TCP_HEADER) {
        dissect_malformed(d, p->at, p->end, "too short for a TCP header");
        return;
    }
    const uint8_t *b = dissect_at(d, p->at);
    size_t header = (size_t)(b[12] >> 4) * 4;
    bool header_bad = header < TCP_HEADER || (header > len && !p->is_cut);
    size_t shown = header_bad ? TCP_HEADER : header > len ? len : header;
    char flags[TCP_FLAGS_TEXT_MAX];
    tcp_flags_format(b[13], flags);
    dissect_say(dissect_header(d, p->at, shown), "%u > %u %s", be16_load(b), be16_load(b + 2), flags);
    tcp_first_fields(d, p->at);
    dissect_number(d, "ack", p->at + 8, 4);
    struct dissect_field *offset = dissect_bits(d, "data_offset", p->at + 12, 0, 4);
    offset->is_bad = header_bad;
    dissect_say(offset, "%u (%u bytes)", (unsigned)(header / 4), (unsigned)header);
    dissect_bits(d, "reserved", p->at + 12, 4, 4);
    tcp_flags(d, p->at + 13);
    dissect_number(d, "window", p->at + 14, 2);
    tcp_checksum(d, p);
    dissect_number(d, "urgent", p->at + 18, 2);
    if (header_bad) {
        dissect_malformed(d, p->at + TCP_HEADER, p->end, "the TCP data offset is impossible");
        return;
    }
    dissect_options(d, p->at + TCP_HEADER, p->at + shown, tcp_option);
    dissect_enter(d, "payload", DISSECT_APPLICATION);
    dissect_data(d, "data", p->at + shown, p->end);
}
