/*
 * ICMP for IPv4 (RFC 792; RFC 1191 for the next-hop MTU).
 */
#ifndef TCPLAB_WIRE_ICMP_H
#define TCPLAB_WIRE_ICMP_H

#include "base/bytes.h"

enum {
    ICMP_HEADER = 8,
    ICMP_CHECKSUM_AT = 2,
    ICMP_TYPE_ECHO_REPLY = 0,
    ICMP_TYPE_UNREACHABLE = 3,
    ICMP_TYPE_ECHO = 8,
    ICMP_TYPE_TIME_EXCEEDED = 11,
    ICMP_TYPE_PARAMETER_PROBLEM = 12,
    ICMP_CODE_NET = 0,
    ICMP_CODE_HOST = 1,
    ICMP_CODE_PROTOCOL = 2,
    ICMP_CODE_PORT = 3,
    ICMP_CODE_TOO_BIG = 4,
    ICMP_CODE_TTL = 0,
    ICMP_CODE_REASSEMBLY = 1,
};

struct icmp_repr {
    uint8_t type;
    uint8_t code;
    uint16_t id;       /* echo and reply */
    uint16_t sequence; /* echo and reply */
    uint16_t mtu;      /* unreachable / too big */
    uint8_t pointer;   /* parameter problem: index of the byte at fault */
    struct bytes
        payload; /* borrowed; echo: the data; errors: the offending packet's header and first bytes */
};

/* Reads a message; payload points into it. STATUS_EBADMSG when it is short. Unknown types are read with all
 * after the header as payload. */
int icmp_parse(struct icmp_repr *out, struct bytes message);
bool icmp_checksum_good(struct bytes message);

/* Writes header, payload and checksum; the payload must not overlap `to`. Returns the length, or
 * STATUS_ENOBUFS. */
int icmp_emit(const struct icmp_repr *repr, struct room to);
size_t icmp_length(const struct icmp_repr *repr);

#endif
