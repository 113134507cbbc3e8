/*
 * UDP headers (RFC 768; RFC 1122, section 4.1.3.4 for the checksum).
 *
 * Left out on purpose: UDP-Lite, and datagrams above 65,535 bytes (RFC 2675).
 */
#include "wire/udp.h"

#include "base/checksum.h"
#include "base/status.h"

enum {
    AT_SRC_PORT = 0,
    AT_DST_PORT = 2,
    AT_LENGTH = 4,
    AT_CHECKSUM = 6,
    PROTOCOL_UDP = 17,
    LENGTH_MAX = 65535
};

int udp_parse(struct udp_repr *out, struct bytes datagram)
{
    const uint8_t *p = datagram.at;
    if (datagram.len < UDP_HEADER)
        return STATUS_EBADMSG;
    unsigned length = be16_load(p + AT_LENGTH);
    if (length < UDP_HEADER || length > datagram.len)
        return STATUS_EBADMSG;
    out->src_port = be16_load(p + AT_SRC_PORT);
    out->dst_port = be16_load(p + AT_DST_PORT);
    out->payload_bytes = (uint16_t)(length - UDP_HEADER);
    out->has_checksum = be16_load(p + AT_CHECKSUM) != 0;
    return STATUS_OK;
}

bool udp_checksum_good(struct bytes datagram, struct ip_addr src, struct ip_addr dst)
{
    assert(datagram.len >= UDP_HEADER);
    uint32_t length = be16_load(datagram.at + AT_LENGTH);
    assert(length >= UDP_HEADER && length <= datagram.len);
    if (be16_load(datagram.at + AT_CHECKSUM) == 0)
        return true;
    uint32_t pseudo = checksum_pseudo(src, dst, PROTOCOL_UDP, length);
    return checksum_good(checksum_add(pseudo, checksum_of(datagram.at, length)));
}

int udp_emit(const struct udp_repr *repr, struct room to, struct ip_addr src, struct ip_addr dst,
             uint32_t payload_sum)
{
    uint32_t length = UDP_HEADER + (uint32_t)repr->payload_bytes;
    assert(length <= LENGTH_MAX);
    assert(payload_sum <= 0xffff);
    if (to.len < UDP_HEADER)
        return STATUS_ENOBUFS;
    uint8_t *p = to.at;
    be16_store(p + AT_SRC_PORT, repr->src_port);
    be16_store(p + AT_DST_PORT, repr->dst_port);
    be16_store(p + AT_LENGTH, (uint16_t)length);
    be16_store(p + AT_CHECKSUM, 0);
    if (repr->has_checksum) {
        uint32_t sum =
            checksum_add(checksum_pseudo(src, dst, PROTOCOL_UDP, length), checksum_of(p, UDP_HEADER));
        uint16_t checksum = checksum_finish(checksum_add(sum, payload_sum));
        be16_store(p + AT_CHECKSUM, checksum ? checksum : 0xffff); /* 0 would say that there is none */
    }
    return UDP_HEADER;
}

size_t udp_length(const struct udp_repr *repr)
{
    (void)repr; /* every header is equally long; the argument is there because all formats have it */
    return UDP_HEADER;
}
