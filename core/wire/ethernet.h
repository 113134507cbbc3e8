/*
 * Ethernet II frames (IEEE 802.3-2022, clause 3): addresses, type, payload, padding, frame check sequence.
 */
#ifndef TCPLAB_WIRE_ETHERNET_H
#define TCPLAB_WIRE_ETHERNET_H

#include "base/address.h"

enum {
    ETHERNET_HEADER = 14,
    ETHERNET_FCS = 4,
    ETHERNET_PAYLOAD_MIN = 46, /* shorter payloads are padded with zeros */
    ETHERNET_TYPE_IPV4 = 0x0800,
    ETHERNET_TYPE_ARP = 0x0806,
    ETHERNET_TYPE_IPV6 = 0x86dd,
};

extern const struct mac_addr MAC_BROADCAST;

struct ethernet_repr {
    struct mac_addr dst;
    struct mac_addr src;
    uint16_t type; /* >= 0x600; smaller values are 802.3 lengths and refused */
};

/* Reads the header. STATUS_EBADMSG when it is short or carries a length instead of a type. */
int ethernet_parse(struct ethernet_repr *out, struct bytes frame);

/* The same for any frame: of those with a length only the addresses are read, and `type` is that length. */
int ethernet_parse_any(struct ethernet_repr *out, struct bytes frame);

/* Is it a frame of that type to `mac`, from one station (a group never sends)? */
static inline bool ethernet_is_plain(struct bytes frame, const struct mac_addr *mac, uint16_t type)
{
    return frame.len >= ETHERNET_HEADER && memcmp(frame.at, mac->octet, sizeof mac->octet) == 0 &&
           !(frame.at[sizeof mac->octet] & 1) && be16_load(frame.at + 2 * sizeof mac->octet) == type;
}

/* Writes the header into the first ETHERNET_HEADER bytes. Returns what it wrote, or STATUS_ENOBUFS. */
int ethernet_emit(const struct ethernet_repr *repr, struct room to);

size_t ethernet_length(const struct ethernet_repr *repr);

/* The FCS as it lies on the wire, least significant byte first: what crc32_of() gives. */
uint32_t ethernet_fcs_load(const uint8_t *p);
void ethernet_fcs_store(uint8_t *p, uint32_t fcs);

/* Does the frame, FCS included, carry the right FCS? A frame too short for a header and an FCS does not. */
bool ethernet_fcs_good(struct bytes frame_with_fcs);

#endif
