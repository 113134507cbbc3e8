/*
 * Building what forge.h describes, and the initial sequence numbers that it is counted from.
 */
#include "lab/forge.h"

#include "base/checksum.h"
#include "base/status.h"
#include "lab/lab_state.h"
#include "wire/ethernet.h"
#include "wire/udp.h"

enum { FORGED_TTL = 64, TCP_CHECKSUM_AT = 16 };

void forged_default(struct forged *f)
{
    *f = (struct forged){.ip = {.protocol = IP_PROTOCOL_TCP, .ttl = FORGED_TTL, .dont_fragment = true},
                         .tcp = {.window = UINT16_MAX}};
}

static size_t header_length(const struct forged *f)
{
    if (f->ip.fragment_offset_bytes > 0)
        return 0;
    return f->ip.protocol == IP_PROTOCOL_TCP ? tcp_length(&f->tcp) : UDP_HEADER;
}

/* One bit off, and not 0, which UDP takes for "no checksum". */
static void spoil_checksum(uint8_t *at)
{
    uint16_t right = be16_load(at);
    be16_store(at, right == 1 ? 2 : right ^ 1);
}

/* Writes the transport header in front of the payload. */
static int write_header(const struct forged *f, struct room header, uint32_t payload_sum)
{
    uint32_t payload_bytes = (uint32_t)f->payload.len;
    if (f->ip.protocol == IP_PROTOCOL_TCP) {
        int written = tcp_emit(&f->tcp, header, f->ip.src, f->ip.dst, payload_sum, payload_bytes);
        if (written >= 0 && f->wrong_checksum)
            spoil_checksum(header.at + TCP_CHECKSUM_AT);
        return written;
    }
    const struct udp_repr udp = {f->tcp.src_port, f->tcp.dst_port, (uint16_t)payload_bytes, true};
    int written = udp_emit(&udp, header, f->ip.src, f->ip.dst, payload_sum);
    if (written >= 0 && f->wrong_checksum)
        spoil_checksum(header.at + UDP_CHECKSUM_AT);
    return written;
}

int64_t forge_send(struct host *h, const struct forged *f)
{
    struct ip_path path;
    int status = f->netif < 0 ? ip_route(host_ip(h), f->ip.dst, &path)
                              : ip_route_by(host_ip(h), (uint8_t)f->netif, f->ip.dst, &path);
    size_t header_bytes = header_length(f), len = header_bytes + f->payload.len;
    if (status < 0 || path.loopback)
        return STATUS_ENETUNREACH;
    if (header_bytes > TCP_HEADER_MAX)
        return STATUS_EINVAL;
    if (len + IPV4_HEADER > path.mtu_bytes || f->ip.fragment_offset_bytes + len > UINT16_MAX - IPV4_HEADER)
        return STATUS_EMSGSIZE;
    struct frame *frame = frame_create(host_machine(h), (uint32_t)len);
    if (!frame)
        return STATUS_ENOMEM;
    uint8_t *at = frame_append(frame, (uint32_t)len);
    uint32_t sum = checksum_copy(at + header_bytes, f->payload.at, f->payload.len);
    if (header_bytes > 0 && write_header(f, room_of(at, header_bytes), sum) < 0) {
        frame_free(host_machine(h), frame);
        return STATUS_EINVAL;
    }
    struct ipv4_repr ip = f->ip;
    ip.payload_bytes = (uint16_t)len;
    status = ipv4_emit(&ip, room_of(frame_push(frame, IPV4_HEADER), IPV4_HEADER));
    assert(status == IPV4_HEADER);
    frame->ethertype = ETHERNET_TYPE_IPV4;
    frame_set_cause(host_machine(h), frame);
    uint32_t id = frame->id;
    netif_output(path.netif, frame, path.next_hop);
    return id;
}

/* The TCP header of a captured frame, if it is from one endpoint to the other. */
static bool captured_tcp(const struct lab *l, const struct captured *c, struct ip_endpoint from,
                         struct ip_endpoint to, struct tcp_repr *tcp)
{
    struct ipv4_repr ip;
    struct bytes packet = link_ip_packet(l->link[c->link], bytes_of(c->bytes, c->len));
    if (ipv4_parse(&ip, packet) < 0 || ip.protocol != IP_PROTOCOL_TCP || ip.fragment_offset_bytes)
        return false;
    struct bytes message = bytes_first(bytes_from(packet, ip.header_bytes), ip.payload_bytes);
    return tcp_parse(tcp, message) >= 0 &&
           ip_endpoint_equal(from, (struct ip_endpoint){ip.src, tcp->src_port}) &&
           ip_endpoint_equal(to, (struct ip_endpoint){ip.dst, tcp->dst_port});
}

bool forge_find_isn(struct lab *l, struct ip_endpoint from, struct ip_endpoint to, seq_t *isn)
{
    uint64_t position = 0;
    bool found = false;
    struct tcp_repr tcp = {0};
    for (const struct captured *c; (c = capture_next(l->capture, &position));) {
        if (!captured_tcp(l, c, from, to, &tcp) || !(tcp.flags & TCP_SYN))
            continue;
        *isn = tcp.seq;
        found = true;
    }
    return found;
}
