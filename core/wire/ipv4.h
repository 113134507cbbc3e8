/*
 * IPv4 headers (RFC 791, RFC 2474 and 3168 for the type-of-service byte).
 */
#ifndef TCPLAB_WIRE_IPV4_H
#define TCPLAB_WIRE_IPV4_H

#include "base/checksum.h"

enum {
    IPV4_HEADER = 20,
    IPV4_HEADER_MAX = 60,
    IPV4_TTL_AT = 8, /* for routers, which change these two in place */
    IPV4_CHECKSUM_AT = 10,
    IPV4_TOS_AT = 1,    /* and for those that mark */
    IPV4_LENGTH_AT = 2, /* and for those who make or read plain ones: the identification is behind it */
    IPV4_FRAGMENT_AT = 6,
    IPV4_PROTOCOL_AT = 9,
    IPV4_SRC_AT = 12,
    IPV4_DST_AT = 16,
    IP_PROTOCOL_ICMP = 1,
    IP_PROTOCOL_TCP = 6,
    IP_PROTOCOL_UDP = 17,
    IP_PROTOCOL_ICMPV6 = 58,
};

/* The two low bits of the type-of-service byte (RFC 3168, section 5, figure 1). */
enum ipv4_ecn {
    IPV4_ECN_NONE = 0,
    IPV4_ECN_ECT_1 = 1, /* capable: both say the same */
    IPV4_ECN_ECT_0 = 2,
    IPV4_ECN_CE = 3, /* congestion was met on the way */
    IPV4_ECN_MASK = 3,
};

struct ipv4_repr {
    struct ip_addr src;
    struct ip_addr dst;
    uint8_t protocol;
    uint8_t ttl;
    uint8_t tos; /* DSCP << 2 | ECN (enum ipv4_ecn) */
    bool dont_fragment;
    bool more_fragments;
    uint16_t fragment_offset_bytes; /* a multiple of 8 */
    uint16_t id;
    uint16_t header_bytes;  /* with options; parse sets it, emit writes none and uses IPV4_HEADER */
    uint16_t payload_bytes; /* after the header */
};

/* Reads header and lengths. STATUS_EBADMSG: short, not version 4, header or total length impossible or longer
 * than the bytes, the reserved flag set, a fragment that would end past byte 65,535. Does not verify the
 * checksum. Bytes after total length are padding and allowed. */
int ipv4_parse(struct ipv4_repr *out, struct bytes packet);

/* A packet that is no fragment, has no options and is intact, as nearly all are? What it says may then be read one by one. */
static inline bool ipv4_is_plain(struct bytes packet)
{
    const uint8_t *p = packet.at;
    if (packet.len < IPV4_HEADER || p[0] != 0x45 || (be16_load(p + IPV4_FRAGMENT_AT) & 0xbfff) != 0)
        return false; /* all but "do not fragment" */
    uint32_t total = be16_load(p + IPV4_LENGTH_AT);
    return total >= IPV4_HEADER && total <= packet.len && checksum_total_good(checksum_total_of_20(p, 0));
}

/* The same for a packet quoted in an ICMP error, of which only the front is there: total length may go past
 * the bytes. payload_bytes is what the quoted packet had. */
int ipv4_parse_quoted(struct ipv4_repr *out, struct bytes quoted);

/* Is the header checksum right? The packet must have passed ipv4_parse(). */
bool ipv4_checksum_good(struct bytes packet);

/* Writes the header with its checksum. Returns IPV4_HEADER, or STATUS_ENOBUFS. */
int ipv4_emit(const struct ipv4_repr *repr, struct room to);
size_t ipv4_length(const struct ipv4_repr *repr);

#endif
