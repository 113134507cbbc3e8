/*
 * Wishes about frames: what they carry, and what happens to exactly which of them. A frame is counted when its
 * first bit goes out, so copies and what was refused do not count.
 */
#include "lab/link.h"

#include "base/status.h"
#include "wire/ethernet.h"
#include "wire/ipv4.h"
#include "wire/tcp.h"
#include "wire/udp.h"

static bool match_tcp(enum link_match match, struct bytes message)
{
    struct tcp_repr tcp;
    if (match == LINK_MATCH_TCP)
        return true;
    if (tcp_parse(&tcp, message) < 0)
        return false;
    bool has_data = message.len > tcp.header_bytes;
    switch (match) {
    case LINK_MATCH_SYN:
        return tcp.flags & TCP_SYN;
    case LINK_MATCH_SYN_ACK:
        return (tcp.flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
    case LINK_MATCH_FIN:
        return tcp.flags & TCP_FIN;
    case LINK_MATCH_RST:
        return tcp.flags & TCP_RST;
    case LINK_MATCH_DATA:
        return has_data;
    case LINK_MATCH_ACK:
        return !has_data && (tcp.flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK;
    default:
        return false;
    }
}

static bool match_arp(const struct link *l, struct bytes frame)
{
    struct ethernet_repr ethernet;
    return l->framing.ethernet && ethernet_parse(&ethernet, frame) == 0 && ethernet.type == ETHERNET_TYPE_ARP;
}

bool link_match_bytes(const struct link *l, enum link_match match, struct bytes frame)
{
    struct ipv4_repr ip;
    if (match == LINK_MATCH_ANY)
        return true;
    if (match == LINK_MATCH_ARP)
        return match_arp(l, frame);
    struct bytes packet = link_ip_packet(l, frame);
    if (ipv4_parse(&ip, packet) < 0 || ip.fragment_offset_bytes)
        return false;
    struct bytes message = bytes_first(bytes_from(packet, ip.header_bytes), ip.payload_bytes);
    if (ip.protocol == IP_PROTOCOL_ICMP)
        return match == LINK_MATCH_ICMP;
    if (ip.protocol == IP_PROTOCOL_UDP)
        return match == LINK_MATCH_UDP || (match == LINK_MATCH_DATA && message.len > UDP_HEADER);
    return ip.protocol == IP_PROTOCOL_TCP && match_tcp(match, message);
}

int link_exact_add(struct link *l, const struct link_exact *wish)
{
    assert(wish->direction <= 2 && wish->first > 0 && wish->every > 0 && wish->kind < LINK_EXACT_KIND_COUNT);
    if (l->exact_count == LINK_EXACT_MAX)
        return STATUS_ENOBUFS;
    l->exact[l->exact_count] = *wish;
    l->exact[l->exact_count++].seen = 0;
    return 0;
}

void link_exact_clear(struct link *l)
{
    l->exact_count = 0;
    for (unsigned d = 0; d < 2; d++)
        memset(l->direction[d].matcher, 0, sizeof l->direction[d].matcher);
}

/* Is this one of the frames that are meant? Counts it. */
static bool exact_takes(const struct link *l, struct link_exact *x, unsigned direction,
                        const struct link_frame *f)
{
    if (x->direction != 2 && x->direction != direction)
        return false;
    if (!link_match_bytes(l, x->match, bytes_of(f->bytes, f->len)))
        return false;
    if (x->seen < UINT32_MAX)
        x->seen++;
    return x->seen >= x->first && x->seen <= x->last && (x->seen - x->first) % x->every == 0;
}

void link_exact_apply(struct link *l, unsigned direction, const struct link_frame *f, struct link_fate *fate)
{
    for (unsigned i = 0; i < l->exact_count; i++) {
        struct link_exact *x = &l->exact[i];
        if (!exact_takes(l, x, direction, f))
            continue;
        switch (x->kind) {
        case LINK_EXACT_DROP:
            fate->lost = true;
            fate->reason = x->cause ? LOSS_PERSON : LOSS_EXACT;
            fate->loss_cause = x->cause;
            break;
        case LINK_EXACT_DELAY:
            fate->exact_delay_us += x->by_us;
            break;
        case LINK_EXACT_DUPLICATE:
            fate->duplicate = true;
            break;
        default:
            assert(x->kind == LINK_EXACT_CORRUPT);
            fate->exact_corrupt = x;
        }
    }
}
