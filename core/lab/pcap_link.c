/*
 * From a captured frame to the message in its IP packet: link headers of several sorts, IPv4, and IPv6 with its
 * extension headers (RFC 8200, section 4). Captures are of real networks, where a frame may be cut off (a snap length) or
 * have a total length of 0 (segmentation was left to the card); so lengths are taken as far as there are bytes.
 */
#include "lab/pcap_in.h"

#include "wire/ipv4.h"

enum {
    ETHER_HEAD = 14,
    FCS_BYTES = 4,
    VLAN_TAG = 4,
    VLAN_TAGS_MAX = 4,
    ETHER_VLAN = 0x8100,
    ETHER_QINQ = 0x88a8,
    ETHER_QINQ_OLD = 0x9100,
    ETHER_IPV4 = 0x0800,
    ETHER_IPV6 = 0x86dd,
    SLL_HEAD = 16,
    SLL2_HEAD = 20,
    FAMILY_HEAD = 4,
    IPV6_HEAD = 40,
    IPV6_HOP_BY_HOP = 0,
    IPV6_ROUTING = 43,
    IPV6_FRAGMENT = 44,
    IPV6_OPTIONS = 60,
    IPV6_EXTENSIONS_MAX = 8,
    FRAGMENT_OFFSET_MASK = 0x1fff,
};

static const struct bytes NOTHING = {0};

/* What follows a header of `head` bytes, when it is IP. */
static struct bytes behind(struct bytes frame, size_t head, unsigned type)
{
    return frame.len >= head && (type == ETHER_IPV4 || type == ETHER_IPV6) ? bytes_from(frame, head)
                                                                           : NOTHING;
}

/* `at` is where the type is; tags before the real one are passed over. */
static struct bytes behind_tags(struct bytes frame, size_t head)
{
    for (unsigned tags = 0; tags <= VLAN_TAGS_MAX && frame.len >= head; tags++) {
        unsigned type = be16_load(frame.at + head - 2);
        if (type != ETHER_VLAN && type != ETHER_QINQ && type != ETHER_QINQ_OLD)
            return behind(frame, head, type);
        head += VLAN_TAG;
    }
    return NOTHING;
}

/* The FCS is at the end of the frame on the wire, of which less may have been captured. */
static unsigned fcs_captured(const struct pcap_packet *p)
{
    return p->bytes.len == p->wire_bytes && p->bytes.len >= p->fcs_bytes ? p->fcs_bytes : 0;
}

struct bytes pcap_ip_of(const struct pcap_packet *packet)
{
    struct bytes frame = bytes_first(packet->bytes, packet->bytes.len - fcs_captured(packet));
    switch (packet->link_type) {
    case PCAP_ETHERNET:
        return behind_tags(frame, ETHER_HEAD);
    case PCAP_LINUX_SLL:
        return behind_tags(frame, SLL_HEAD);
    case PCAP_LINUX_SLL2:
        return frame.len >= SLL2_HEAD ? behind(frame, SLL2_HEAD, be16_load(frame.at)) : NOTHING;
    case PCAP_NULL: /* families' numbers differ, so the packet itself says what it is */
    case PCAP_LOOP:
        return frame.len > FAMILY_HEAD ? bytes_from(frame, FAMILY_HEAD) : NOTHING;
    case PCAP_RAW:
    case PCAP_RAW_OLD:
    case PCAP_IPV4:
    case PCAP_IPV6:
        return frame;
    default:
        return NOTHING;
    }
}

bool pcap_dissect(struct dissect *out, const struct pcap_packet *packet)
{
    if (packet->link_type == PCAP_ETHERNET) {
        dissect_frame(out, packet->bytes, DISSECT_ETHERNET, fcs_captured(packet) == FCS_BYTES);
        return true;
    }
    *out = (struct dissect){0};
    struct bytes ip = pcap_ip_of(packet);
    if (ip.len == 0)
        return false;
    dissect_frame(out, ip, DISSECT_RAW_IP, false);
    for (uint32_t i = 0; i < out->count; i++)
        out->field[i].offset += (uint16_t)(ip.at - packet->bytes.at);
    return true;
}

static bool message_of_ipv4(struct bytes ip, struct pcap_message *out)
{
    size_t head = ip.len >= IPV4_HEADER ? (size_t)(ip.at[0] & 15) * 4 : 0;
    if (head < IPV4_HEADER || head > ip.len)
        return false;
    size_t total = be16_load(ip.at + 2);
    if (total == 0)
        total = ip.len;
    if (total < head)
        return false;
    unsigned fragment = be16_load(ip.at + 6);
    if (fragment & FRAGMENT_OFFSET_MASK)
        return false;
    struct bytes here = bytes_first(ip, total < ip.len ? total : ip.len);
    *out = (struct pcap_message){.src = ip_addr_v4(be32_load(ip.at + 12)),
                                 .dst = ip_addr_v4(be32_load(ip.at + 16)),
                                 .bytes = bytes_from(here, head),
                                 .whole_bytes = (uint32_t)(total - head),
                                 .protocol = ip.at[9],
                                 .fragment = (fragment & 0x2000) != 0};
    return true;
}

static bool message_of_ipv6(struct bytes ip, struct pcap_message *out)
{
    if (ip.len < IPV6_HEAD)
        return false;
    size_t total = be16_load(ip.at + 4);
    total = total == 0 ? ip.len : total + IPV6_HEAD;
    struct bytes here = bytes_first(ip, total < ip.len ? total : ip.len);
    *out = (struct pcap_message){.src = {be64_load(ip.at + 8), be64_load(ip.at + 16)},
                                 .dst = {be64_load(ip.at + 24), be64_load(ip.at + 32)},
                                 .protocol = ip.at[6]};
    size_t head = IPV6_HEAD;
    for (unsigned i = 0; i < IPV6_EXTENSIONS_MAX; i++) {
        bool is_fragment = out->protocol == IPV6_FRAGMENT;
        if (!is_fragment && out->protocol != IPV6_HOP_BY_HOP && out->protocol != IPV6_ROUTING &&
            out->protocol != IPV6_OPTIONS)
            break;
        if (head + 8 > here.len)
            return false;
        if (is_fragment && be16_load(here.at + head + 2) >> 3 != 0)
            return false;
        out->fragment |= is_fragment && (be16_load(here.at + head + 2) & 1);
        out->protocol = here.at[head];
        head += is_fragment ? 8 : 8 + 8 * (size_t)here.at[head + 1];
    }
    if (head > here.len || head > total)
        return false;
    out->bytes = bytes_from(here, head);
    out->whole_bytes = (uint32_t)(total - head);
    return true;
}

bool pcap_message_of(struct bytes ip, struct pcap_message *out)
{
    unsigned version = ip.len > 0 ? ip.at[0] >> 4 : 0;
    return version == 4 ? message_of_ipv4(ip, out) : version == 6 && message_of_ipv6(ip, out);
}
