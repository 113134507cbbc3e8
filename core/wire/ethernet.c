/*
 * Ethernet II headers and the frame check sequence (IEEE 802.3-2022, 3.1.1, 3.2.6 and 3.2.9).
 *
 * Left out on purpose: 802.3 length frames with LLC, and VLAN tags: a tagged frame has a type that nobody
 * here handles. Padding is the sender's affair, because only the layer above knows where its packet ends.
 */
#include "wire/ethernet.h"

#include "base/checksum.h"
#include "base/status.h"

enum { AT_DST = 0, AT_SRC = 6, AT_TYPE = 12, TYPE_MIN = 0x600 };

const struct mac_addr MAC_BROADCAST = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

int ethernet_parse_any(struct ethernet_repr *out, struct bytes frame)
{
    if (frame.len < ETHERNET_HEADER)
        return STATUS_EBADMSG;
    memcpy(out->dst.octet, frame.at + AT_DST, sizeof out->dst.octet);
    memcpy(out->src.octet, frame.at + AT_SRC, sizeof out->src.octet);
    out->type = be16_load(frame.at + AT_TYPE);
    return STATUS_OK;
}

int ethernet_parse(struct ethernet_repr *out, struct bytes frame)
{
    struct ethernet_repr any;
    if (ethernet_parse_any(&any, frame) < 0 || any.type < TYPE_MIN)
        return STATUS_EBADMSG;
    *out = any;
    return STATUS_OK;
}

int ethernet_emit(const struct ethernet_repr *repr, struct room to)
{
    assert(repr->type >= TYPE_MIN);
    if (to.len < ETHERNET_HEADER)
        return STATUS_ENOBUFS;
    memcpy(to.at + AT_DST, repr->dst.octet, sizeof repr->dst.octet);
    memcpy(to.at + AT_SRC, repr->src.octet, sizeof repr->src.octet);
    be16_store(to.at + AT_TYPE, repr->type);
    return ETHERNET_HEADER;
}

size_t ethernet_length(const struct ethernet_repr *repr)
{
    (void)repr; /* every header is equally long; the argument is there because all formats have it */
    return ETHERNET_HEADER;
}

uint32_t ethernet_fcs_load(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

void ethernet_fcs_store(uint8_t *p, uint32_t fcs)
{
    p[0] = (uint8_t)fcs;
    p[1] = (uint8_t)(fcs >> 8);
    p[2] = (uint8_t)(fcs >> 16);
    p[3] = (uint8_t)(fcs >> 24);
}

bool ethernet_fcs_good(struct bytes frame_with_fcs)
{
    if (frame_with_fcs.len < ETHERNET_HEADER + ETHERNET_FCS)
        return false;
    size_t covered = frame_with_fcs.len - ETHERNET_FCS;
    return ethernet_fcs_load(frame_with_fcs.at + covered) == crc32_of(frame_with_fcs.at, covered);
}
