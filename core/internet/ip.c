/*
 * The middle of the internet layer: whose address is that, which way does a packet go, which transport speaks
 * that protocol, and the queue of packets that a host sends to itself.
 *
 * A host takes packets to any of its addresses on any interface (RFC 1122 section 3.3.4.2: the "weak" model,
 * as Linux and BSD). Multicast is level 1 of RFC 1112: sending only.
 */
#include "internet/ip.h"

#include "base/status.h"

void ip_init(struct ip *ip, struct machine *m)
{
    *ip = (struct ip){.machine = m,
                      .verify_checksum = true,
                      .next_id = (uint16_t)rng_u32(&m->rng),
                      .icmp_tokens = ICMP_ERRORS_BURST,
                      .icmp_refilled_us = m->now_us};
}

int ip_add_interface(struct ip *ip, struct netif *n)
{
    if (ip->netif_count == IP_INTERFACES_MAX)
        return STATUS_ENOBUFS;
    if (!ip_addr_is_any(n->config.addr)) {
        struct route connected = {
            .net = n->config.addr, .prefix = n->config.prefix, .netif = ip->netif_count};
        int status = route_add(&ip->routes, &connected);
        if (status < 0)
            return status;
    }
    n->internet = ip;
    n->ipv4_input = ipv4_input;
    n->unreachable = ipv4_unreachable;
    ip->netif[ip->netif_count] = n;
    return ip->netif_count++;
}

int ip_register(struct ip *ip, uint8_t protocol, const struct ip_protocol *handler)
{
    assert(handler->input);
    switch (protocol) {
    case IP_PROTOCOL_TCP:
        ip->tcp = *handler;
        return 0;
    case IP_PROTOCOL_UDP:
        ip->udp = *handler;
        return 0;
    default:
        return STATUS_EPROTONOSUPPORT;
    }
}

const struct ip_protocol *ip_handler(const struct ip *ip, uint8_t protocol)
{
    if (protocol == IP_PROTOCOL_TCP && ip->tcp.input)
        return &ip->tcp;
    if (protocol == IP_PROTOCOL_UDP && ip->udp.input)
        return &ip->udp;
    return NULL;
}

bool ip_is_local(const struct ip *ip, struct ip_addr a)
{
    if (ip_addr_is_any(a))
        return false; /* an interface may have no address yet */
    for (uint8_t i = 0; i < ip->netif_count; i++)
        if (ip_addr_equal(a, ip->netif[i]->config.addr))
            return true;
    return ip_addr_is_v4(a) && ip_addr_is_loopback(a);
}

bool ip_is_broadcast(const struct ip *ip, struct ip_addr a)
{
    for (uint8_t i = 0; i < ip->netif_count; i++)
        if (netif_is_broadcast(ip->netif[i], a))
            return true;
    return ip_addr_is_limited_broadcast(a);
}

/* The interface with that address, else any. */
static struct netif *ip_owner(const struct ip *ip, struct ip_addr a)
{
    for (uint8_t i = 0; i < ip->netif_count; i++)
        if (ip_addr_equal(a, ip->netif[i]->config.addr))
            return ip->netif[i];
    return ip->netif[0];
}

/* Packets to everybody on the link need no route: they leave by the first interface that is up. */
static struct netif *ip_first_up(const struct ip *ip)
{
    for (uint8_t i = 0; i < ip->netif_count; i++)
        if (ip->netif[i]->up)
            return ip->netif[i];
    return NULL;
}

/* The way out by an interface, to the route's gateway if there is one. */
static int path_by(struct netif *n, const struct route *r, struct ip_addr dst, struct ip_path *out)
{
    if (!n->up)
        return STATUS_ENETDOWN;
    bool by_gateway =
        r && r->has_gateway && !(ip_addr_is_limited_broadcast(dst) || ip_addr_is_multicast(dst));
    *out = (struct ip_path){.netif = n,
                            .next_hop = by_gateway ? r->gateway : dst,
                            .src = ip_addr_v4((uint32_t)n->config.addr.lo),
                            .mtu_bytes = n->config.mtu_bytes};
    return 0;
}

int ip_route(const struct ip *ip, struct ip_addr dst, struct ip_path *out)
{
    if (!ip_addr_is_v4(dst) || ip_addr_is_any(dst))
        return STATUS_ENETUNREACH;
    if (ip_is_local(ip, dst)) {
        *out = (struct ip_path){.netif = ip_owner(ip, dst),
                                .loopback = true,
                                .next_hop = dst,
                                .src = dst,
                                .mtu_bytes = IP_LOOPBACK_MTU};
        return 0;
    }
    const struct route *r = route_find(&ip->routes, dst);
    struct netif *n = NULL;
    if (r) {
        assert(r->netif < ip->netif_count);
        n = ip->netif[r->netif];
    } else if (ip_addr_is_limited_broadcast(dst) || ip_addr_is_multicast(dst)) {
        n = ip_first_up(ip);
    }
    return n ? path_by(n, r, dst, out) : STATUS_ENETUNREACH;
}

int ip_route_by(const struct ip *ip, uint8_t netif, struct ip_addr dst, struct ip_path *out)
{
    assert(netif < ip->netif_count);
    if (!ip_addr_is_v4(dst) || ip_addr_is_any(dst) || ip_is_local(ip, dst))
        return STATUS_ENETUNREACH;
    return path_by(ip->netif[netif], route_find_by(&ip->routes, netif, dst), dst, out);
}

static enum trace_protocol protocol_name(uint8_t protocol)
{
    switch (protocol) {
    case IP_PROTOCOL_ICMP:
        return TRACE_ICMP;
    case IP_PROTOCOL_UDP:
        return TRACE_UDP;
    case IP_PROTOCOL_TCP:
        return TRACE_TCP;
    default:
        return TRACE_IPV4;
    }
}

void ip_drop(const struct ip *ip, const struct ip_packet *p, enum trace_protocol protocol,
             enum drop_reason reason)
{
    if (p->netif)
        p->netif->counters.in_dropped++;
    step_dropped((struct step){ip->machine, protocol, ip_packet_iface(p), p->frame_id}, reason);
}

/* To nobody who registered. */
static APART void deliver_to_none(struct ip *ip, const struct ip_packet *p)
{
    if (p->protocol == IP_PROTOCOL_ICMP) {
        ip->counters.in_delivered++;
        icmp_input(ip, p);
    } else {
        ip->counters.in_no_protocol++;
        ip_drop(ip, p, protocol_name(p->protocol), DROP_UNKNOWN_PROTOCOL);
        icmp_send_error(ip, p, ICMP_TYPE_UNREACHABLE, ICMP_CODE_PROTOCOL, 0);
    }
}

void ip_deliver(struct ip *ip, const struct ip_packet *p)
{
    const struct ip_protocol *handler = ip_handler(ip, p->protocol);
    if (handler) {
        ip->counters.in_delivered++;
        handler->input(handler->layer, p);
    } else {
        deliver_to_none(ip, p);
    }
}

bool ip_loopback_run(struct ip *ip)
{
    struct frame *f = ip->loopback_head;
    if (!f)
        return false;
    assert(ip->loopback_count > 0);
    ip->loopback_head = f->next;
    if (!ip->loopback_head)
        ip->loopback_tail = NULL;
    ip->loopback_count--;
    uint32_t before = trace_enter(ip->machine->trace, f->cause);
    ipv4_input_loopback(ip, f);
    trace_leave(ip->machine->trace, before);
    frame_free(ip->machine, f);
    return true;
}
