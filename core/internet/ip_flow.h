/*
 * The headers of a flow, made once. Packets of one connection differ in little: length and identification. What is in
 * front of them, Ethernet's header and IP's, is kept as it was made for the first, copied in one go, and those two
 * numbers are put in. (Linux keeps the link's header likewise, as hh_cache.)
 *
 *      dst MAC   src MAC   type | 45 TOS [length] [id] DF TTL protocol [checksum] src dst
 *      |<------ Ethernet ------>|<-------------------- IPv4 --------------------------->|
 *
 * It leaves out what ip_output(), arp_output() and ethernet_output() would ask anew for each packet. None of their
 * answers changes without the interface's `version` changing, so the bytes are equal; test builds compare them.
 */
#ifndef TCPLAB_INTERNET_IP_FLOW_H
#define TCPLAB_INTERNET_IP_FLOW_H

#include "base/checksum.h"
#include "internet/ip.h"
#include "wire/ethernet.h"

enum { IP_FLOW_BYTES = ETHERNET_HEADER + IPV4_HEADER };

struct ip_flow {
    uint32_t version;            /* of the interface when it was made; 0: it was not */
    uint32_t sum;                /* of the IP header's other numbers */
    struct arp_entry *neighbour; /* that it goes to */
    uint8_t header[IP_FLOW_BYTES];
};

/* The headers in front of a message of `message_bytes`. */
static inline void ip_flow_write(const struct ip_flow *w, uint8_t *to, uint32_t message_bytes, uint16_t id)
{
    uint32_t numbers = (message_bytes + IPV4_HEADER) << 16 | id; /* length and identification, side by side */
    memcpy(to, w->header, IP_FLOW_BYTES);
    be32_store(to + ETHERNET_HEADER + IPV4_LENGTH_AT, numbers);
    be16_store(to + ETHERNET_HEADER + IPV4_CHECKSUM_AT, (uint16_t)~checksum_fold((uint64_t)numbers + w->sum));
}

/* May packets go this way at once? Not where somebody looks at each layer's step. */
static inline bool ip_flow_ready(const struct ip *ip, const struct ip_flow *w, const struct ip_path *path)
{
    return w->version != 0 && w->version == path->netif->version && trace_is_absent(ip->machine->trace);
}

/* Sends a message by a flow that is ready; at most what fits into the path's MTU. Takes the frame. */
static inline void ip_flow_output(struct ip *ip, const struct ip_flow *w, const struct ip_path *path,
                                  struct frame *message)
{
    struct netif *n = path->netif;
    uint32_t bytes = message->len;
    assert(bytes + IPV4_HEADER <= path->mtu_bytes);
    ip_flow_write(w, frame_push(message, IP_FLOW_BYTES), bytes, ip->next_id++);
    ethernet_pad(message);
    w->neighbour->used_us = ip->machine->now_us;
    ip->counters.out_packets++;
    netif_enqueue(n, message);
}

/* Sends as ip_output() does, and makes the flow when it is not there (any more). */
int ip_flow_begin(struct ip *ip, struct ip_flow *w, struct frame *message, const struct ip_send *s,
                  const struct ip_path *path);

#endif
