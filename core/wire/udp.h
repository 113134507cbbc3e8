/*
 * UDP headers (RFC 768).
 */
#ifndef TCPLAB_WIRE_UDP_H
#define TCPLAB_WIRE_UDP_H

#include "base/address.h"

enum { UDP_HEADER = 8, UDP_CHECKSUM_AT = 6 };

struct udp_repr {
    uint16_t src_port;
    uint16_t dst_port;
    uint16_t payload_bytes;
    bool has_checksum; /* false: the field is 0, "no checksum" */
};

/* Reads the header. STATUS_EBADMSG: short, or a length below 8 or beyond the bytes. */
int udp_parse(struct udp_repr *out, struct bytes datagram);

/* Verifies the checksum over pseudo-header and datagram (as long as its length field says). A datagram
 * without one is good. */
bool udp_checksum_good(struct bytes datagram, struct ip_addr src, struct ip_addr dst);

/* Writes the header in front of a payload whose partial checksum is `payload_sum`; a computed 0 goes out as
 * 0xffff. Without repr->has_checksum the field is 0. Returns UDP_HEADER or STATUS_ENOBUFS. */
int udp_emit(const struct udp_repr *repr, struct room to, struct ip_addr src, struct ip_addr dst,
             uint32_t payload_sum);
size_t udp_length(const struct udp_repr *repr);

#endif
