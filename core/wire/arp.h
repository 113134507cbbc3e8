/*
 * ARP for IPv4 over Ethernet (RFC 826). Other hardware or protocol types and other operations are refused.
 */
#ifndef TCPLAB_WIRE_ARP_H
#define TCPLAB_WIRE_ARP_H

#include "base/address.h"

enum { ARP_LENGTH = 28, ARP_REQUEST = 1, ARP_REPLY = 2 };

struct arp_repr {
    uint16_t operation; /* ARP_REQUEST or ARP_REPLY */
    struct mac_addr sender_mac;
    struct ip_addr sender_ip;
    struct mac_addr target_mac;
    struct ip_addr target_ip;
};

/* Reads a packet; bytes after it are padding and allowed. STATUS_EBADMSG: short, not IPv4 over Ethernet,
 * neither request nor reply. */
int arp_parse(struct arp_repr *out, struct bytes packet);

/* Writes it; both IP addresses must be IPv4. Returns ARP_LENGTH, or STATUS_ENOBUFS. */
int arp_emit(const struct arp_repr *repr, struct room to);
size_t arp_length(const struct arp_repr *repr);

#endif
