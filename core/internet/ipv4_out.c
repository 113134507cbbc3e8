/*
 * IPv4 sending (RFC 791; RFC 1122 section 3.3) and forwarding (RFC 1812 sections 4.2.2 and 5.2).
 *
 * Left out on purpose: options, redirects (RFC 1812 5.2.7.2), and fragmenting.
 * DEVIATION: a router drops a packet that is too large for the next link even when it may be fragmented (RFC
 * 1812 4.2.2.7), and says so to its sender as if DF were set. All modern senders of TCP set it.
 */
#include "base/checksum.h"
#include "base/status.h"
#include "internet/ip.h"
#include "wire/ethernet.h"

static RARE int ip_reject(struct ip *ip, struct frame *f, enum drop_reason reason, int status)
{
    ip->counters.out_no_route += status == STATUS_ENETUNREACH;
    step_dropped((struct step){ip->machine, TRACE_IPV4, STEP_NO_INTERFACE, f->id}, reason);
    frame_free(ip->machine, f);
    return status;
}

/* Looks the way up and checks that the source is one we may use there. */
static int ip_choose_path(const struct ip *ip, const struct ip_send *s, struct ip_path *out)
{
    int status = ip_route(ip, s->dst, out);
    if (status < 0)
        return status;
    if (ip_addr_is_any(s->src))
        return 0;
    if (!ip_is_local(ip, s->src) || (ip_addr_is_loopback(s->src) && !out->loopback))
        return STATUS_EADDRNOTAVAIL;
    out->src = s->src;
    return 0;
}

static enum drop_reason reason_of(int status)
{
    if (status == STATUS_ENETDOWN)
        return DROP_INTERFACE_DOWN;
    return status == STATUS_EADDRNOTAVAIL ? DROP_BAD_ADDRESS : DROP_NO_ROUTE;
}

/* Packets to ourselves wait, so that receiving never happens inside sending. */
static int ip_loopback_queue(struct ip *ip, struct frame *f)
{
    if (ip->loopback_count >= IP_LOOPBACK_QUEUE_MAX)
        return ip_reject(ip, f, DROP_QUEUE_FULL, STATUS_ENOBUFS);
    frame_set_cause(ip->machine, f);
    f->next = NULL;
    if (ip->loopback_tail)
        ip->loopback_tail->next = f;
    else
        ip->loopback_head = f;
    ip->loopback_tail = f;
    ip->loopback_count++;
    return 0;
}

int ip_output(struct ip *ip, struct frame *message, const struct ip_send *s, const struct ip_path *path)
{
    struct ip_path found;
    struct ip_addr src = s->src;
    if (!path) {
        int status = ip_choose_path(ip, s, &found);
        if (status < 0)
            return ip_reject(ip, message, reason_of(status), status);
        path = &found;
        src = found.src;
    }
    if (message->len + IPV4_HEADER > path->mtu_bytes)
        return ip_reject(ip, message, DROP_TOO_BIG, STATUS_EMSGSIZE);
    if (!path->loopback && !path->netif->up)
        return ip_reject(ip, message, DROP_INTERFACE_DOWN, STATUS_ENETDOWN);
    struct ipv4_repr repr = {.src = src,
                             .dst = s->dst,
                             .protocol = s->protocol,
                             .ttl = s->ttl ? s->ttl : IP_TTL_DEFAULT,
                             .tos = s->tos,
                             .dont_fragment = s->dont_fragment,
                             .id = ip->next_id++,
                             .header_bytes = IPV4_HEADER,
                             .payload_bytes = (uint16_t)message->len};
    int written = ipv4_emit(&repr, room_of(frame_push(message, IPV4_HEADER), IPV4_HEADER));
    assert(written == IPV4_HEADER);
    (void)written;
    message->ethertype = ETHERNET_TYPE_IPV4;
    ip->counters.out_packets++;
    uint8_t iface = path->loopback ? STEP_NO_INTERFACE : path->netif->index;
    step_header_added((struct step){ip->machine, TRACE_IPV4, iface, message->id}, IPV4_HEADER, message->len);
    if (path->loopback)
        return ip_loopback_queue(ip, message);
    netif_output(path->netif, message, path->next_hop);
    return 0;
}

/* RFC 1812, 5.2.1.2 on: route, TTL, size. Returns false when the packet was dropped and its sender told. */
static bool ipv4_may_forward(struct ip *ip, const struct ip_packet *p, struct ip_path *path)
{
    if (ip_addr_is_loopback(p->src) || ip_addr_is_any(p->src)) {
        ip_drop(ip, p, TRACE_IPV4, DROP_BAD_ADDRESS);
        return false;
    }
    if (p->ttl <= 1) {
        ip_drop(ip, p, TRACE_IPV4, DROP_TTL_EXPIRED);
        icmp_send_error(ip, p, ICMP_TYPE_TIME_EXCEEDED, ICMP_CODE_TTL, 0);
        return false;
    }
    if (ip_route(ip, p->dst, path) < 0) {
        ip->counters.out_no_route++;
        ip_drop(ip, p, TRACE_IPV4, DROP_NO_ROUTE);
        icmp_send_error(ip, p, ICMP_TYPE_UNREACHABLE, ICMP_CODE_NET, 0);
        return false;
    }
    if (p->header.len + p->payload.len > path->mtu_bytes) {
        ip_drop(ip, p, TRACE_IPV4, DROP_TOO_BIG);
        icmp_send_error(ip, p, ICMP_TYPE_UNREACHABLE, ICMP_CODE_TOO_BIG, (uint16_t)path->mtu_bytes);
        return false;
    }
    return true;
}

/* One hop less to live, and the checksum made anew. Everything else of the header, options too, stays as
 * it came. */
static void ipv4_decrement_ttl(uint8_t *header, size_t header_bytes)
{
    assert(header[IPV4_TTL_AT] > 1);
    header[IPV4_TTL_AT]--;
    be16_store(header + IPV4_CHECKSUM_AT, 0);
    be16_store(header + IPV4_CHECKSUM_AT, checksum_finish(checksum_of(header, header_bytes)));
}

void ipv4_forward(struct ip *ip, const struct ip_packet *p)
{
    struct ip_path path;
    if (!ipv4_may_forward(ip, p, &path))
        return;
    assert(!path.loopback);
    uint32_t total = (uint32_t)(p->header.len + p->payload.len);
    struct frame *f = frame_create(ip->machine, total);
    if (!f) {
        ip_drop(ip, p, TRACE_IPV4, DROP_NO_MEMORY);
        return;
    }
    uint8_t *copy = frame_append(f, total);
    memcpy(copy, p->header.at, total);
    ipv4_decrement_ttl(copy, p->header.len);
    f->ethertype = ETHERNET_TYPE_IPV4;
    f->cause = TRACE(ip->machine, PACKET_FORWARDED, .iface = p->netif->index, .frame = f->id,
                     .u.packet_forwarded = {.next_hop = ip_addr_to_v4(path.next_hop),
                                            .ttl = copy[IPV4_TTL_AT],
                                            .out_interface = path.netif->index});
    ip->counters.forwarded++;
    netif_output(path.netif, f, path.next_hop);
}
