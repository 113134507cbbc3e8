/*
 * Packets made by hand: every field is what a person says, right or wrong, and nothing of the host's stack but
 * the link layer has a part in it.
 */
#ifndef TCPLAB_LAB_FORGE_H
#define TCPLAB_LAB_FORGE_H

#include "lab/lab.h"
#include "wire/ipv4.h"
#include "wire/tcp.h"

struct forged {
    struct ipv4_repr ip; /* lengths are filled in; protocol: IP_PROTOCOL_TCP or IP_PROTOCOL_UDP */
    struct tcp_repr tcp; /* UDP: only the ports */
    bool wrong_checksum; /* of TCP or UDP: one bit off */
    struct bytes payload;
    int netif; /* the interface that it leaves by; negative: the route's */
};

/* TTL 64, window 65535, DF, no flags, no options; by the first interface. */
void forged_default(struct forged *f);

/* Sends it by the route to ip.dst, or by its interface as ip_route_by() has it. A fragment that does not begin at 0 has
 * no transport header: its payload is what stands there. Returns the frame's id, or STATUS_ENETUNREACH (no route, or to
 * itself), STATUS_EMSGSIZE, STATUS_EINVAL (options that do not fit), STATUS_ENOMEM. */
int64_t forge_send(struct host *h, const struct forged *f);

/* The sequence number of the last SYN that is still in the capture, from one endpoint to another. False: there
 * is none. */
bool forge_find_isn(struct lab *l, struct ip_endpoint from, struct ip_endpoint to, seq_t *isn);

#endif
