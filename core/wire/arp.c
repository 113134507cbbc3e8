/*
 * ARP packets (RFC 826, "Packet format"), as IPv4 over Ethernet has them.
 *
 * Left out on purpose: other hardware and protocol types, and the operations of RARP and InARP. They are
 * refused, so that no reader has to ask whether an address really is one.
 */
#include "wire/arp.h"

#include "base/status.h"

enum {
    AT_HARDWARE = 0,
    AT_PROTOCOL = 2,
    AT_HARDWARE_LENGTH = 4,
    AT_PROTOCOL_LENGTH = 5,
    AT_OPERATION = 6,
    AT_SENDER_MAC = 8,
    AT_SENDER_IP = 14,
    AT_TARGET_MAC = 18,
    AT_TARGET_IP = 24,
    HARDWARE_ETHERNET = 1,
    PROTOCOL_IPV4 = 0x0800,
    MAC_LENGTH = 6,
    IP_LENGTH = 4,
};

int arp_parse(struct arp_repr *out, struct bytes packet)
{
    const uint8_t *p = packet.at;
    if (packet.len < ARP_LENGTH)
        return STATUS_EBADMSG;
    if (be16_load(p + AT_HARDWARE) != HARDWARE_ETHERNET || be16_load(p + AT_PROTOCOL) != PROTOCOL_IPV4)
        return STATUS_EBADMSG;
    if (p[AT_HARDWARE_LENGTH] != MAC_LENGTH || p[AT_PROTOCOL_LENGTH] != IP_LENGTH)
        return STATUS_EBADMSG;
    uint16_t operation = be16_load(p + AT_OPERATION);
    if (operation != ARP_REQUEST && operation != ARP_REPLY)
        return STATUS_EBADMSG;
    out->operation = operation;
    memcpy(out->sender_mac.octet, p + AT_SENDER_MAC, MAC_LENGTH);
    out->sender_ip = ip_addr_v4(be32_load(p + AT_SENDER_IP));
    memcpy(out->target_mac.octet, p + AT_TARGET_MAC, MAC_LENGTH);
    out->target_ip = ip_addr_v4(be32_load(p + AT_TARGET_IP));
    return STATUS_OK;
}

int arp_emit(const struct arp_repr *repr, struct room to)
{
    assert(repr->operation == ARP_REQUEST || repr->operation == ARP_REPLY);
    uint8_t *p = to.at;
    if (to.len < ARP_LENGTH)
        return STATUS_ENOBUFS;
    be16_store(p + AT_HARDWARE, HARDWARE_ETHERNET);
    be16_store(p + AT_PROTOCOL, PROTOCOL_IPV4);
    p[AT_HARDWARE_LENGTH] = MAC_LENGTH;
    p[AT_PROTOCOL_LENGTH] = IP_LENGTH;
    be16_store(p + AT_OPERATION, repr->operation);
    memcpy(p + AT_SENDER_MAC, repr->sender_mac.octet, MAC_LENGTH);
    be32_store(p + AT_SENDER_IP, ip_addr_to_v4(repr->sender_ip));
    memcpy(p + AT_TARGET_MAC, repr->target_mac.octet, MAC_LENGTH);
    be32_store(p + AT_TARGET_IP, ip_addr_to_v4(repr->target_ip));
    return ARP_LENGTH;
}

size_t arp_length(const struct arp_repr *repr)
{
    (void)repr; /* every packet is equally long; the argument is there because all formats have it */
    return ARP_LENGTH;
}
