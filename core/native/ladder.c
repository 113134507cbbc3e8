/*
 * A run as lines of text, like tcpdump's, with what tcpdump cannot know: what became of a frame, states, and
 * why something was sent.
 *
 *      0.020000  client > server  TCP 49152 > 80 [SYN] seq 0 win 65535 len 0    | RFC 9293 3.10.1
 *
 * Sequence numbers count from the SYN's, as soon as one was seen.
 */
#include "native/native.h"

#include <stdarg.h>

#include "wire/arp.h"
#include "wire/ethernet.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"
#include "wire/tcp.h"
#include "wire/udp.h"

enum { LINE_TEXT_MAX = 240, NAME_COLUMN = 24, TEXT_COLUMN = 76 };

/* Text that grows to the end of its room. */
struct line {
    char *text;
    size_t size, len;
};

__attribute__((format(printf, 2, 3))) static void line_add(struct line *l, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(l->text + l->len, l->size - l->len, format, args);
    va_end(args);
    l->len = n < 0 ? l->len : l->len + (size_t)n < l->size ? l->len + (size_t)n : l->size - 1;
}

static void line_address(struct line *l, struct ip_addr a)
{
    char text[IP_ADDR_TEXT_MAX];
    ip_addr_format(a, text);
    line_add(l, "%s", text);
}

/* The initial sequence number of a direction of a connection; a SYN tells it, and until then it is 0. */
static uint32_t ladder_isn(struct ladder *ladder, struct ip_endpoint src, struct ip_endpoint dst,
                           const struct tcp_repr *syn)
{
    struct ladder_flow *found = NULL;
    for (unsigned i = 0; i < ladder->flow_count && !found; i++)
        if (ip_endpoint_equal(ladder->flow[i].src, src) && ip_endpoint_equal(ladder->flow[i].dst, dst))
            found = &ladder->flow[i];
    if (!found && syn && ladder->flow_count < LADDER_FLOWS_MAX) {
        found = &ladder->flow[ladder->flow_count++];
        *found = (struct ladder_flow){.src = src, .dst = dst};
    }
    if (found && syn)
        found->isn = syn->seq;
    return found ? found->isn : 0;
}

static void line_tcp_options(struct line *l, const struct tcp_options *o)
{
    const char *separator = " <";
    if (o->has_mss) {
        line_add(l, "%smss %u", separator, o->mss);
        separator = ", ";
    }
    if (o->has_window_scale) {
        line_add(l, "%swscale %u", separator, o->window_scale);
        separator = ", ";
    }
    if (o->sack_permitted) {
        line_add(l, "%ssack", separator);
        separator = ", ";
    }
    if (o->has_timestamps) {
        line_add(l, "%sts %u/%u", separator, o->ts_value, o->ts_echo);
        separator = ", ";
    }
    if (separator[0] == ',')
        line_add(l, ">");
}

static void line_tcp(struct ladder *ladder, struct line *l, const struct ipv4_repr *ip, struct bytes message)
{
    struct tcp_repr tcp;
    char flags[TCP_FLAGS_TEXT_MAX];
    if (tcp_parse(&tcp, message) < 0) {
        line_add(l, "TCP, malformed");
        return;
    }
    struct ip_endpoint src = {ip->src, tcp.src_port}, dst = {ip->dst, tcp.dst_port};
    uint32_t isn = ladder_isn(ladder, src, dst, tcp.flags & TCP_SYN ? &tcp : NULL);
    uint32_t peer_isn = ladder_isn(ladder, dst, src, NULL);
    tcp_flags_format(tcp.flags, flags);
    line_add(l, "TCP %u > %u [%s] seq %u", tcp.src_port, tcp.dst_port, flags, tcp.seq - isn);
    if (tcp.flags & TCP_ACK)
        line_add(l, " ack %u", tcp.ack - peer_isn);
    line_add(l, " win %u len %zu", tcp.window, message.len - tcp.header_bytes);
    if (tcp.flags & TCP_SYN)
        line_tcp_options(l, &tcp.options);
}

static void line_icmp(struct line *l, struct bytes message)
{
    struct icmp_repr icmp;
    if (icmp_parse(&icmp, message) < 0)
        line_add(l, "ICMP, malformed");
    else if (icmp.type == ICMP_TYPE_ECHO || icmp.type == ICMP_TYPE_ECHO_REPLY)
        line_add(l, "ICMP echo %s, id %u, sequence %u", icmp.type == ICMP_TYPE_ECHO ? "request" : "reply",
                 icmp.id, icmp.sequence);
    else
        line_add(l, "ICMP type %u code %u", icmp.type, icmp.code);
}

static void line_ipv4(struct ladder *ladder, struct line *l, struct bytes packet)
{
    struct ipv4_repr ip;
    struct udp_repr udp;
    if (ipv4_parse(&ip, packet) < 0) {
        line_add(l, "IPv4, malformed");
        return;
    }
    struct bytes message = bytes_first(bytes_from(packet, ip.header_bytes), ip.payload_bytes);
    if (ip.fragment_offset_bytes) {
        line_add(l, "IPv4 fragment at %u, %u bytes", ip.fragment_offset_bytes, ip.payload_bytes);
    } else if (ip.protocol == IP_PROTOCOL_TCP) {
        line_tcp(ladder, l, &ip, message);
    } else if (ip.protocol == IP_PROTOCOL_ICMP) {
        line_icmp(l, message);
    } else if (ip.protocol == IP_PROTOCOL_UDP && udp_parse(&udp, message) == 0) {
        line_add(l, "UDP %u > %u, %u bytes", udp.src_port, udp.dst_port, udp.payload_bytes);
    } else {
        line_add(l, "IPv4 protocol %u, %u bytes", ip.protocol, ip.payload_bytes);
    }
}

static void line_arp(struct line *l, struct bytes packet)
{
    struct arp_repr arp;
    if (arp_parse(&arp, packet) < 0) {
        line_add(l, "ARP, malformed");
    } else if (arp.operation == ARP_REQUEST) {
        line_add(l, "ARP who has ");
        line_address(l, arp.target_ip);
        line_add(l, "? tell ");
        line_address(l, arp.sender_ip);
    } else {
        char mac[MAC_ADDR_TEXT_MAX];
        mac_addr_format(arp.sender_mac, mac);
        line_add(l, "ARP ");
        line_address(l, arp.sender_ip);
        line_add(l, " is at %s", mac);
    }
}

void ladder_frame_text(struct ladder *ladder, struct bytes frame, bool ethernet, bool fcs, char *text,
                       size_t size)
{
    struct line l = {.text = text, .size = size};
    struct ethernet_repr e;
    text[0] = 0;
    if (!ethernet) {
        line_ipv4(ladder, &l, frame);
        return;
    }
    size_t behind = fcs ? ETHERNET_FCS : 0;
    if (ethernet_parse(&e, frame) < 0 || frame.len < ETHERNET_HEADER + behind) {
        line_add(&l, "Ethernet, malformed");
        return;
    }
    struct bytes payload =
        bytes_first(bytes_from(frame, ETHERNET_HEADER), frame.len - ETHERNET_HEADER - behind);
    if (e.type == ETHERNET_TYPE_ARP)
        line_arp(&l, payload);
    else if (e.type == ETHERNET_TYPE_IPV4)
        line_ipv4(ladder, &l, payload);
    else
        line_add(&l, "Ethernet type 0x%04x, %zu bytes", e.type, payload.len);
}

/* One line: time, who, what, and why on the right. */
static void ladder_line(struct ladder *ladder, const struct trace_event *e, const char *who, const char *what,
                        const char *why)
{
    ladder->line_count++;
    if (ladder->numbers)
        fprintf(ladder->out, "%6u ", e->id);
    fprintf(ladder->out, "%5lld.%06lld  %-*s %-*s %s%s\n", (long long)(e->t_us / 1000000),
            (long long)(e->t_us % 1000000), NAME_COLUMN, who, why[0] ? TEXT_COLUMN : 0, what,
            why[0] ? "| " : "", why);
}

static const char *node_name(const struct ladder *ladder, unsigned node)
{
    struct host *h = lab_host(ladder->lab, node);
    return h ? host_name(h) : "?";
}

/* An event of a frame on a link: `arrow` shows what became of it. */
static void ladder_frame(struct ladder *ladder, const struct trace_event *e, const char *arrow,
                         const char *note)
{
    struct lab_frame f;
    char who[2 * HOST_NAME_MAX_BYTES + 8], what[LINE_TEXT_MAX], why[64] = "", whole[LINE_TEXT_MAX + 80];
    uint8_t number = e->u.frame_sent.link,
            direction = e->u.frame_sent.direction; /* at the same place in all of these */
    const struct link *link = lab_link(ladder->lab, number);
    if (!link)
        return;
    snprintf(who, sizeof who, "%s %s %s", node_name(ladder, link->end[direction].node), arrow,
             node_name(ladder, link->end[1 - direction].node));
    if (lab_frame(ladder->lab, e->frame, &f))
        ladder_frame_text(ladder, f.bytes, link->framing.ethernet, link->framing.fcs, what, sizeof what);
    else
        snprintf(what, sizeof what, "a frame that is not kept any more");
    snprintf(whole, sizeof whole, "%s%s", what, note);
    if (e->rule != RULE_NONE)
        snprintf(why, sizeof why, "%s%s%s", trace_rule_document((enum trace_rule)e->rule),
                 trace_rule_section((enum trace_rule)e->rule)[0] ? " " : "",
                 trace_rule_section((enum trace_rule)e->rule));
    ladder_line(ladder, e, who, whole, why);
}

/* What a switch learned or forgot, and why a frame goes everywhere or nowhere. One that goes where it should needs no
 * line: it is seen leaving. */
static void ladder_switch(struct ladder *ladder, const struct trace_event *e)
{
#define X(NAME, phrase) phrase,
    static const char *const floods[] = {FLOOD_REASON_LIST(X)}, *const filters[] = {FILTER_REASON_LIST(X)},
                             *const forgets[] = {FORGET_REASON_LIST(X)};
#undef X
    struct mac_addr mac = {0};
    char text[160], address[MAC_ADDR_TEXT_MAX];
    be16_store(mac.octet, e->u.switch_learned.mac_hi); /* at the same place in what it forgot */
    be32_store(mac.octet + 2, e->u.switch_learned.mac_lo);
    mac_addr_format(mac, address);
    switch ((enum trace_kind)e->kind) {
    case TRACE_SWITCH_LEARNED:
        snprintf(text, sizeof text, "%s is at port %u%s", address, e->iface,
                 e->u.switch_learned.moved ? " now" : "");
        break;
    case TRACE_SWITCH_FORGOT:
        snprintf(text, sizeof text, "forgets %s: %s", address, forgets[e->u.switch_forgot.reason]);
        break;
    case TRACE_SWITCH_FLOODED:
        snprintf(text, sizeof text, "to every other port: %s", floods[e->u.switch_flooded.reason]);
        break;
    default:
        snprintf(text, sizeof text, "to no port: %s", filters[e->u.switch_filtered.reason]);
    }
    ladder_line(ladder, e, node_name(ladder, e->node), text, "");
}

void ladder_event(struct ladder *ladder, const struct trace_event *e)
{
    char note[120] = "", why[60] = "";
    switch ((enum trace_kind)e->kind) {
    case TRACE_FRAME_SENT:
        ladder_frame(ladder, e, ">", "");
        break;
    case TRACE_FRAME_DELIVERED:
        if (ladder->deliveries)
            ladder_frame(ladder, e, ">>", "");
        break;
    case TRACE_FRAME_LOST:
        snprintf(note, sizeof note, " LOST: %s",
                 loss_reason_phrase((enum loss_reason)e->u.frame_lost.reason));
        ladder_frame(ladder, e, "-x", note);
        break;
    case TRACE_FRAME_DUPLICATED:
        ladder_frame(ladder, e, "=>", " DUPLICATED");
        break;
    case TRACE_FRAME_CORRUPTED:
        snprintf(note, sizeof note, " CORRUPTED %s: bit %u of byte %u",
                 e->u.frame_corrupted.inside_device ? "inside a device" : "on the wire",
                 e->u.frame_corrupted.bit, e->u.frame_corrupted.offset_bytes);
        ladder_frame(ladder, e, "~>", note);
        break;
    case TRACE_ACTION:
        snprintf(note, sizeof note, "* %s", lab_action_name((enum lab_action_kind)e->u.action.action));
        ladder_line(ladder, e, e->node == TRACE_NO_NODE ? "" : node_name(ladder, e->node), note, "");
        break;
    case TRACE_SWITCH_LEARNED:
    case TRACE_SWITCH_FORGOT:
    case TRACE_SWITCH_FLOODED:
    case TRACE_SWITCH_FILTERED:
        ladder_switch(ladder, e);
        break;
    case TRACE_PACKET_DROPPED:
        snprintf(note, sizeof note, "dropped: %s",
                 drop_reason_phrase((enum drop_reason)e->u.packet_dropped.reason));
        ladder_line(ladder, e, node_name(ladder, e->node), note, "");
        break;
    case TRACE_TCP_STATE:
        snprintf(note, sizeof note, "%s -> %s", tcp_state_name((enum tcp_state)e->u.tcp_state.from),
                 tcp_state_name((enum tcp_state)e->u.tcp_state.to));
        snprintf(why, sizeof why, "port %u", e->u.tcp_state.local_port);
        ladder_line(ladder, e, node_name(ladder, e->node), note, why);
        break;
    default:
        break;
    }
}
