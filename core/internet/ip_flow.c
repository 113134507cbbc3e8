/*
 * Making a flow's headers, and holding them against what the layers put on one by one.
 */
#include "internet/ip_flow.h"

#include "base/status.h"

static void flow_make(struct ip_flow *w, const struct ip_send *s, const struct ip_path *path)
{
    const struct netif *n = path->netif;
    w->version = 0;
    if (path->loopback || !(TCPLAB_CHECK || trace_is_absent(n->machine->trace)))
        return;
    if (n->config.kind != NETIF_ETHERNET || n->config.fcs || !n->up)
        return;
    w->neighbour = arp_known(&path->netif->arp, path->next_hop);
    if (!w->neighbour)
        return;
    struct ethernet_repr link = {.dst = w->neighbour->mac, .src = n->config.mac, .type = ETHERNET_TYPE_IPV4};
    struct ipv4_repr repr = {.src = s->src,
                             .dst = s->dst,
                             .protocol = s->protocol,
                             .ttl = s->ttl ? s->ttl : IP_TTL_DEFAULT,
                             .tos = s->tos,
                             .dont_fragment = s->dont_fragment};
    uint8_t *packet = w->header + ETHERNET_HEADER;
    ethernet_emit(&link, room_of(w->header, ETHERNET_HEADER));
    ipv4_emit(&repr, room_of(packet, IPV4_HEADER));
    /* The sum of all numbers, less the length that they now have: in one's complement that is 0xffff. */
    w->sum = (uint16_t)~be16_load(packet + IPV4_CHECKSUM_AT) + 0xffffU - IPV4_HEADER;
    w->version = n->version;
}

int ip_flow_begin(struct ip *ip, struct ip_flow *w, struct frame *message, const struct ip_send *s,
                  const struct ip_path *path)
{
    if (w->version == 0 || path->loopback || w->version != path->netif->version)
        flow_make(w, s, path);
    if (w->version == 0)
        return ip_output(ip, message, s, path);
    if (ip_flow_ready(ip, w, path) && message->len + IPV4_HEADER <= path->mtu_bytes) {
        ip_flow_output(ip, w, path, message);
        return STATUS_OK;
    }
    uint8_t expected[IP_FLOW_BYTES];
    ip_flow_write(w, expected, message->len, ip->next_id);
    int status = ip_output(ip, message, s, path);
    if (TCPLAB_CHECK && path->netif->queue_tail == message) /* else it was dropped */
        assert(memcmp(frame_bytes(message).at, expected, sizeof expected) == 0);
    return status;
}
