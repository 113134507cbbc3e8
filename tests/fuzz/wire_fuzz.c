/*
 * Fuzzer over all parsers and the dissector. Beyond the sanitizers: what parses must be written again without
 * loss, and the dissector must stay inside the frame and end its texts.
 */
#include <stdlib.h>

#include "base/checksum.h"
#include "wire/arp.h"
#include "wire/dissect.h"
#include "wire/ethernet.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"
#include "wire/tcp.h"
#include "wire/udp.h"

/* Asserts may be compiled out; this may not. */
static void require(bool holds)
{
    if (!holds)
        abort();
}

static void ethernet_try(struct bytes in)
{
    struct ethernet_repr r;
    (void)ethernet_fcs_good(in);
    if (ethernet_parse(&r, in) < 0)
        return;
    uint8_t to[ETHERNET_HEADER];
    require(ethernet_emit(&r, room_of(to, sizeof to)) == ETHERNET_HEADER);
    require(memcmp(to, in.at, sizeof to) == 0);
}

static void arp_try(struct bytes in)
{
    struct arp_repr r;
    if (arp_parse(&r, in) < 0)
        return;
    uint8_t to[ARP_LENGTH];
    require(arp_emit(&r, room_of(to, sizeof to)) == ARP_LENGTH);
    require(memcmp(to, in.at, sizeof to) == 0);
}

static void ipv4_try(struct bytes in)
{
    struct ipv4_repr r;
    if (ipv4_parse(&r, in) < 0)
        return;
    require((size_t)r.header_bytes + r.payload_bytes <= in.len);
    bool good = ipv4_checksum_good(in);
    uint8_t to[IPV4_HEADER];
    require(ipv4_emit(&r, room_of(to, sizeof to)) == IPV4_HEADER);
    if (r.header_bytes == IPV4_HEADER)
        require(memcmp(to, in.at, 10) == 0 && memcmp(to + 12, in.at + 12, 8) == 0 &&
                (!good || memcmp(to, in.at, sizeof to) == 0 || be16_load(in.at + 10) == 0xffff));
}

static void icmp_try(struct bytes in)
{
    struct icmp_repr r;
    (void)icmp_checksum_good(in);
    if (icmp_parse(&r, in) < 0)
        return;
    uint8_t to[2048];
    int len = icmp_emit(&r, room_of(to, sizeof to));
    if (len < 0)
        return; /* longer than the room */
    require((size_t)len == in.len);
    require(icmp_checksum_good(bytes_of(to, in.len)));
    require(to[0] == in.at[0] && to[1] == in.at[1] &&
            memcmp(to + ICMP_HEADER, in.at + ICMP_HEADER, in.len - ICMP_HEADER) == 0);
}

static void udp_try(struct bytes in, struct ip_addr src, struct ip_addr dst)
{
    struct udp_repr r;
    if (udp_parse(&r, in) < 0)
        return;
    require(UDP_HEADER + (size_t)r.payload_bytes <= in.len);
    bool good = udp_checksum_good(in, src, dst);
    uint8_t to[UDP_HEADER];
    require(udp_emit(&r, room_of(to, sizeof to), src, dst,
                     checksum_of(in.at + UDP_HEADER, r.payload_bytes)) == UDP_HEADER);
    require(memcmp(to, in.at, good ? sizeof to : 6) == 0);
}

static void options_same(const struct tcp_options *a, const struct tcp_options *b)
{
    require(a->has_mss == b->has_mss && (!a->has_mss || a->mss == b->mss));
    require(a->has_window_scale == b->has_window_scale && a->window_scale == b->window_scale);
    require(a->sack_permitted == b->sack_permitted);
    require(a->has_timestamps == b->has_timestamps);
    require(!a->has_timestamps || (a->ts_value == b->ts_value && a->ts_echo == b->ts_echo));
    require(a->has_fastopen == b->has_fastopen && a->fastopen_len == b->fastopen_len);
    require(memcmp(a->fastopen_cookie, b->fastopen_cookie, a->fastopen_len) == 0);
    require(a->sack_count == b->sack_count &&
            memcmp(a->sack, b->sack, a->sack_count * sizeof a->sack[0]) == 0);
}

static void tcp_try(struct bytes in, struct ip_addr src, struct ip_addr dst)
{
    struct tcp_repr r;
    (void)tcp_checksum_good(in, src, dst);
    if (tcp_parse(&r, in) < 0)
        return;
    require(r.header_bytes <= in.len);
    char text[TCP_FLAGS_TEXT_MAX];
    require(tcp_flags_format(r.flags, text) == strlen(text));
    uint8_t to[TCP_HEADER_MAX];
    int len = tcp_emit(&r, room_of(to, sizeof to), src, dst, 0, 0);
    if (len < 0)
        return; /* options packed tighter than we pack them */
    require((size_t)len == tcp_length(&r) && tcp_checksum_good(bytes_of(to, (size_t)len), src, dst));
    struct tcp_repr again;
    require(tcp_parse(&again, bytes_of(to, (size_t)len)) >= 0 && !again.options_malformed);
    require(again.seq == r.seq && again.ack == r.ack && again.flags == r.flags && again.window == r.window &&
            again.urgent == r.urgent && again.src_port == r.src_port && again.dst_port == r.dst_port);
    options_same(&r.options, &again.options);
}

static void dissect_try(struct bytes in, enum dissect_start start, bool has_fcs)
{
    static struct dissect d;
    dissect_frame(&d, in, start, has_fcs);
    require(d.count <= DISSECT_FIELDS_MAX);
    for (uint32_t i = 0; i < d.count; i++) {
        const struct dissect_field *f = &d.field[i];
        require((size_t)f->offset + f->len <= in.len);
        require(f->bit_offset + f->bit_count <= f->len * 8);
        require(memchr(f->text, 0, sizeof f->text) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = bytes_of(data, size);
    struct ip_addr src = ip_addr_v4(0x0a000001);
    struct ip_addr dst = ip_addr_v4(0x0a000002);
    ethernet_try(in);
    arp_try(in);
    ipv4_try(in);
    icmp_try(in);
    udp_try(in, src, dst);
    tcp_try(in, src, dst);
    struct tcp_options options;
    (void)tcp_options_parse(&options, in);
    dissect_try(in, DISSECT_ETHERNET, false);
    dissect_try(in, DISSECT_ETHERNET, true);
    dissect_try(in, DISSECT_RAW_IP, false);
    return 0;
}
