/*
 * IPv4 receiving (RFC 791; RFC 1122 section 3.2.1): is this a packet, is it intact, are its addresses
 * possible, is it for us? What is for somebody else goes to ipv4_forward() when we are a router.
 *
 * Left out on purpose: options are skipped (RFC 7126 advises to drop or ignore them; source routes are never
 * followed) and fragments are dropped and counted.
 */
#include "base/checksum.h"
#include "base/status.h"
#include "internet/ip.h"

/* The first step: header and lengths, then the checksum (RFC 1122, 3.2.1.2). False: dropped. `p` has
 * netif, loopback, to_group and frame_id. */
static bool ipv4_accept(struct ip *ip, struct ip_packet *p, struct ipv4_repr *repr, struct bytes packet)
{
    if (ipv4_parse(repr, packet) < 0) {
        ip->counters.in_bad++;
        ip_drop(ip, p, TRACE_IPV4, packet.len < IPV4_HEADER ? DROP_TRUNCATED : DROP_MALFORMED);
        return false;
    }
    p->src = repr->src;
    p->dst = repr->dst;
    p->protocol = repr->protocol;
    p->ttl = repr->ttl;
    p->tos = repr->tos;
    p->header = bytes_first(packet, repr->header_bytes);
    p->payload = (struct bytes){packet.at + repr->header_bytes, repr->payload_bytes};
    if (!ip->verify_checksum)
        return true;
    bool good = ipv4_checksum_good(packet);
    struct step step = {ip->machine, TRACE_IPV4, ip_packet_iface(p), p->frame_id};
    step_checksum_checked(step, (struct step_checksum){p->header, IPV4_CHECKSUM_AT, 0, good});
    if (!good) {
        ip->counters.in_bad++;
        ip_drop(ip, p, TRACE_IPV4, DROP_BAD_CHECKSUM);
    }
    return good;
}

/* RFC 1122, 3.2.1.3: addresses that cannot be on a link, or that nobody sends from. */
static bool ipv4_addresses_possible(const struct ip *ip, const struct ip_packet *p)
{
    if (p->loopback)
        return true;
    if (ip_addr_is_any(p->src))
        return ip_addr_is_limited_broadcast(p->dst); /* a host that does not have its address yet */
    if (ip_addr_is_multicast(p->src) || ip_is_broadcast(ip, p->src) || ip_is_local(ip, p->src))
        return false;
    return !ip_addr_is_loopback(p->dst) && !ip_addr_is_any(p->dst);
}

/* The common case in a few instructions: a host with one interface, a packet to its address from another one of its net
 * that is not everybody's, or from elsewhere from a plain unicast address. Whatever is not plainly so goes the long
 * way, so this may say no too often but never yes wrongly. */
static inline bool ipv4_plainly_for_us(const struct ip *ip, const struct netif *n, uint32_t src, uint32_t dst)
{
    uint32_t us = (uint32_t)n->config.addr.lo;
    uint32_t host_bits = (uint32_t)((uint64_t)UINT32_MAX >> n->config.prefix);
    uint32_t first = src >> 24;
    if (ip->netif_count != 1 || us == 0 || dst != us)
        return false;
    bool our_net = (src ^ us) <= host_bits;
    return our_net ? src != us && (src & host_bits) != host_bits : first != 0 && first != 127 && first < 224;
}

/* All that must hold before a packet is ours; else it is dropped or forwarded. */
static bool ipv4_is_for_us(struct ip *ip, const struct ip_packet *p)
{
    if (!ipv4_addresses_possible(ip, p)) {
        ip->counters.in_bad++;
        ip_drop(ip, p, TRACE_IPV4, DROP_BAD_ADDRESS);
        return false;
    }
    if (ip_is_local(ip, p->dst) || ip_is_broadcast(ip, p->dst))
        return true;
    if (ip->forwarding && !p->to_group && !ip_addr_is_multicast(p->dst))
        ipv4_forward(ip, p);
    else
        ip_drop(ip, p, TRACE_IPV4, DROP_NOT_FOR_US);
    return false;
}

static APART void ipv4_receive(struct ip *ip, struct ip_packet *p, struct bytes packet)
{
    struct ipv4_repr repr;
    ip->counters.in_packets++;
    if (!ipv4_accept(ip, p, &repr, packet))
        return;
    bool is_fragment = repr.more_fragments || repr.fragment_offset_bytes > 0;
    if (!ipv4_is_for_us(ip, p))
        return;
    if (is_fragment) {
        ip->counters.in_fragments++;
        ip_drop(ip, p, TRACE_IPV4, DROP_FRAGMENT);
        return;
    }
    struct step step = {ip->machine, TRACE_IPV4, ip_packet_iface(p), p->frame_id};
    step_header_removed(step, p->header.len, p->header.len + p->payload.len);
    ip_deliver(ip, p);
}

/* Would the long way have let it pass, and understood the same? */
static bool ipv4_plain_holds(struct ip *ip, const struct ip_packet *p, struct bytes packet)
{
    struct ipv4_repr repr;
    struct ip_packet q = {.netif = p->netif, .to_group = p->to_group, .frame_id = p->frame_id};
    return ipv4_accept(ip, &q, &repr, packet) && !repr.more_fragments && repr.fragment_offset_bytes == 0 &&
           ipv4_is_for_us(ip, &q) && ip_addr_equal(q.src, p->src) && ip_addr_equal(q.dst, p->dst) &&
           q.protocol == p->protocol && q.ttl == p->ttl && q.tos == p->tos && q.header.at == p->header.at &&
           q.header.len == p->header.len && q.payload.at == p->payload.at && q.payload.len == p->payload.len;
}

/*
 * A plain packet that is plainly for us, where nobody looks at the steps: what ipv4_accept() and ipv4_is_for_us() would
 * say of it is known. Test builds ask them all the same. False: the long way.
 */
static inline bool ipv4_take_plain(struct ip *ip, struct ip_packet *p, struct bytes packet)
{
    const uint8_t *at = packet.at;
    if (!trace_is_absent(ip->machine->trace) || !ipv4_is_plain(packet))
        return false;
    uint32_t src = be32_load(at + IPV4_SRC_AT), dst = be32_load(at + IPV4_DST_AT);
    if (!ipv4_plainly_for_us(ip, p->netif, src, dst))
        return false;
    p->src = ip_addr_v4(src);
    p->dst = ip_addr_v4(dst);
    p->protocol = at[IPV4_PROTOCOL_AT];
    p->ttl = at[IPV4_TTL_AT];
    p->tos = at[IPV4_TOS_AT];
    p->header = bytes_of(at, IPV4_HEADER);
    p->payload = bytes_of(at + IPV4_HEADER, be16_load(at + IPV4_LENGTH_AT) - (size_t)IPV4_HEADER);
    assert(!TCPLAB_CHECK || ipv4_plain_holds(ip, p, packet));
    return true;
}

void ipv4_input(void *layer, struct netif *n, struct bytes packet, uint32_t frame_id, bool to_group)
{
    struct ip *ip = layer;
    struct ip_packet p; /* filled in bit by bit: clearing it first would be felt here */
    p.netif = n;
    p.loopback = false;
    p.to_group = to_group;
    p.frame_id = frame_id;
    if (!ipv4_take_plain(ip, &p, packet)) {
        ipv4_receive(ip, &p, packet);
        return;
    }
    ip->counters.in_packets++;
    ip_deliver(ip, &p);
}

void ipv4_input_loopback(struct ip *ip, struct frame *f)
{
    struct ip_packet p = {.netif = ip->netif[0], .loopback = true, .frame_id = f->id};
    ipv4_receive(ip, &p, frame_bytes(f));
}

/* We sent it: the transport is told as if a router had said host unreachable, now that nobody has answered; that
 * there was no ARP entry yet was no reason (RFC 1122, 2.4). */
static void ipv4_tell_transport(struct ip *ip, const struct ip_packet *p)
{
    const struct ip_protocol *handler = ip_handler(ip, p->protocol);
    struct ip_error e = {.type = ICMP_TYPE_UNREACHABLE,
                         .code = ICMP_CODE_HOST,
                         .from = p->src,
                         .src = p->src,
                         .dst = p->dst,
                         .frame_id = p->frame_id,
                         .quoted = p->payload};
    if (handler && handler->error)
        handler->error(handler->layer, &e);
    else if (p->protocol == IP_PROTOCOL_ICMP && ip->echo_error && p->payload.at[0] == ICMP_TYPE_ECHO)
        ip->echo_error(ip->echo_reply_context, &e);
}

void ipv4_unreachable(void *layer, struct netif *n, struct frame *f)
{
    struct ip *ip = layer;
    struct ipv4_repr repr;
    struct bytes packet = frame_bytes(f);
    int status = ipv4_parse(&repr, packet);
    assert(status >= 0); /* we built or checked it */
    (void)status;
    struct ip_packet p = {.src = repr.src,
                          .dst = repr.dst,
                          .netif = n,
                          .protocol = repr.protocol,
                          .ttl = repr.ttl,
                          .tos = repr.tos,
                          .frame_id = f->id,
                          .header = bytes_first(packet, repr.header_bytes),
                          .payload = {packet.at + repr.header_bytes, repr.payload_bytes}};
    if (!ip_is_local(ip, p.src))
        icmp_send_error(ip, &p, ICMP_TYPE_UNREACHABLE, ICMP_CODE_HOST, 0);
    else if (p.payload.len >= 8)
        ipv4_tell_transport(ip, &p);
}
