/*
 * IPv4 headers (RFC 791, section 3.1; RFC 2474 and RFC 3168 for what was the type-of-service byte).
 *
 * Left out on purpose: options. The parser steps over them, the emitter writes none: on today's Internet
 * hardly anybody forwards them.
 */
#include "wire/ipv4.h"

#include "base/checksum.h"
#include "base/status.h"

enum {
    AT_VERSION_IHL = 0,
    AT_TOS = 1,
    AT_TOTAL_LENGTH = 2,
    AT_ID = 4,
    AT_FRAGMENT = 6,
    AT_TTL = 8,
    AT_PROTOCOL = 9,
    AT_CHECKSUM = 10,
    AT_SRC = 12,
    AT_DST = 16,
    VERSION_4_IHL_5 = 0x45,
    FLAG_RESERVED = 0x8000,
    FLAG_DONT_FRAGMENT = 0x4000,
    FLAG_MORE_FRAGMENTS = 0x2000,
    FRAGMENT_OFFSET = 0x1fff,
    TOTAL_MAX = 65535,
};

/* `whole`: all bytes of the packet are there, not only its front. */
static inline int header_parse(struct ipv4_repr *out, struct bytes packet, bool whole)
{
    const uint8_t *p = packet.at;
    if (packet.len < IPV4_HEADER)
        return STATUS_EBADMSG;
    unsigned header = IPV4_HEADER;
    if (p[AT_VERSION_IHL] != VERSION_4_IHL_5) { /* with options, or no such packet at all */
        header = (p[AT_VERSION_IHL] & 0x0fu) * 4;
        if (p[AT_VERSION_IHL] >> 4 != 4 || header < IPV4_HEADER)
            return STATUS_EBADMSG;
    }
    unsigned total = be16_load(p + AT_TOTAL_LENGTH);
    if (total < header || (whole ? total : header) > packet.len)
        return STATUS_EBADMSG;
    unsigned fragment = be16_load(p + AT_FRAGMENT);
    unsigned offset = (fragment & FRAGMENT_OFFSET) * 8;
    if ((fragment & FLAG_RESERVED) || offset + total > TOTAL_MAX)
        return STATUS_EBADMSG;
    out->src = ip_addr_v4(be32_load(p + AT_SRC));
    out->dst = ip_addr_v4(be32_load(p + AT_DST));
    out->protocol = p[AT_PROTOCOL];
    out->ttl = p[AT_TTL];
    out->tos = p[AT_TOS];
    out->dont_fragment = (fragment & FLAG_DONT_FRAGMENT) != 0;
    out->more_fragments = (fragment & FLAG_MORE_FRAGMENTS) != 0;
    out->fragment_offset_bytes = (uint16_t)offset;
    out->id = be16_load(p + AT_ID);
    out->header_bytes = (uint16_t)header;
    out->payload_bytes = (uint16_t)(total - header);
    return STATUS_OK;
}

int ipv4_parse(struct ipv4_repr *out, struct bytes packet)
{
    return header_parse(out, packet, true);
}

int ipv4_parse_quoted(struct ipv4_repr *out, struct bytes quoted)
{
    return header_parse(out, quoted, false);
}

bool ipv4_checksum_good(struct bytes packet)
{
    assert(packet.len >= IPV4_HEADER);
    size_t header = (packet.at[AT_VERSION_IHL] & 0x0fu) * 4;
    assert(header >= IPV4_HEADER && header <= packet.len);
    return checksum_good(checksum_of(packet.at, header));
}

int ipv4_emit(const struct ipv4_repr *repr, struct room to)
{
    unsigned total = IPV4_HEADER + (unsigned)repr->payload_bytes;
    assert(repr->fragment_offset_bytes % 8 == 0);
    assert(repr->fragment_offset_bytes + total <= TOTAL_MAX);
    if (to.len < IPV4_HEADER)
        return STATUS_ENOBUFS;
    uint8_t *p = to.at;
    unsigned fragment = repr->fragment_offset_bytes / 8u;
    if (repr->dont_fragment)
        fragment |= FLAG_DONT_FRAGMENT;
    if (repr->more_fragments)
        fragment |= FLAG_MORE_FRAGMENTS;
    uint32_t length = UINT32_C(0x45000000) | (uint32_t)repr->tos << 16 | total; /* version 4, 5 words */
    uint32_t id = (uint32_t)repr->id << 16 | fragment;
    uint32_t ttl = (uint32_t)repr->ttl << 24 | (uint32_t)repr->protocol << 16;
    uint32_t src = ip_addr_to_v4(repr->src);
    uint32_t dst = ip_addr_to_v4(repr->dst);
    uint64_t numbers = (uint64_t)length + id + ttl + src + dst;
    be32_store(p + AT_VERSION_IHL, length);
    be32_store(p + AT_ID, id);
    be32_store(p + AT_TTL, ttl | checksum_finish_numbers(numbers, 0));
    be32_store(p + AT_SRC, src);
    be32_store(p + AT_DST, dst);
    return IPV4_HEADER;
}

size_t ipv4_length(const struct ipv4_repr *repr)
{
    (void)repr; /* without options every header is equally long; all formats have the argument */
    return IPV4_HEADER;
}
