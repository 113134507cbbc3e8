/*
 * Fuzzes host_input(): any frames, at any times, for a host with two interfaces (Ethernet with and without
 * FCS), a TCP listener, an echo server, an established connection, a UDP port and a ping under way.
 *
 * The input is a list of records:   kind(1) value(2) len(2) bytes(len)
 *
 *   kind & 3   0  the bytes are a frame as it is
 *              1  ... an IP packet's payload for protocol `value`: headers and sums are made good
 *              2  ... a TCP payload of the established connection, flags `value`: numbers are made good
 *              3  `value` * 1000 microseconds pass, and the host's own programs act
 *   kind & 4   the interface
 */
#include "host/host.h"

#include "base/checksum.h"
#include "wire/arp.h"
#include "wire/ethernet.h"
#include "wire/tcp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    ARENA_BYTES = 1 << 20,
    FRAME_ROOM = 2048,
    PEER_PORT = 40000,
    LISTEN_PORT = 80,
    ECHO_PORT = 7,
    UDP_PORT = 53
};

struct bench {
    struct host *host;
    int64_t now_us;
    int listener, connection, udp, ping;
    seq_t peer_nxt, host_nxt; /* of the established connection, as the peer knows them */
    uint8_t frame[FRAME_ROOM];
};

static const struct mac_addr PEER_MAC = {{2, 0, 0, 0, 0, 0xee}};
static const struct mac_addr HOST_MAC = {{2, 0, 0, 0, 0, 1}};

static struct ip_addr host_addr(unsigned iface)
{
    return ip_addr_v4(0x0a000001 + (iface << 8));
}

static struct ip_addr peer_addr(unsigned iface)
{
    return ip_addr_v4(0x0a000002 + (iface << 8));
}

/* A macro: the analyser looks into no more than a few nested calls, and must see that this one ends here. */
#define require(good) ((good) ? (void)0 : abort())

/* Takes what the host sends; the peer learns the host's sequence numbers from it. */
static void drain(struct bench *b)
{
    struct frame *f;
    unsigned iface;
    while ((f = host_output(b->host, &iface)) != NULL) {
        struct bytes frame = frame_bytes(f);
        struct ethernet_repr ethernet;
        struct ipv4_repr ip;
        struct tcp_repr tcp;
        require(iface < 2 && ethernet_parse(&ethernet, frame) >= 0 && frame.len >= 60 + (iface == 1 ? 4 : 0));
        require(iface == 0 || ethernet_fcs_good(frame));
        if (ethernet.type == ETHERNET_TYPE_IPV4) {
            struct bytes packet = bytes_from(frame, ETHERNET_HEADER);
            require(ipv4_parse(&ip, packet) >= 0 && ipv4_checksum_good(packet));
            struct bytes segment = bytes_first(bytes_from(packet, ip.header_bytes), ip.payload_bytes);
            if (ip.protocol == IP_PROTOCOL_TCP) {
                require(tcp_parse(&tcp, segment) >= 0 && tcp_checksum_good(segment, ip.src, ip.dst));
                if (iface == 0 && tcp.dst_port == PEER_PORT && !(tcp.flags & TCP_RST)) {
                    uint32_t payload = (uint32_t)segment.len - tcp.header_bytes;
                    b->host_nxt = tcp.seq + tcp_seq_length(tcp.flags, payload);
                }
            }
        }
        host_frame_free(b->host, f);
    }
}

static void input(struct bench *b, unsigned iface, size_t len)
{
    if (iface == 1 && len + ETHERNET_FCS <= FRAME_ROOM && len >= ETHERNET_HEADER) {
        ethernet_fcs_store(b->frame + len, crc32_of(b->frame, len));
        len += ETHERNET_FCS;
    }
    uint8_t *exact = malloc(len ? len : 1); /* so that a read past the end is seen */
    require(exact != NULL);
    memcpy(exact, b->frame, len);
    host_input(b->host, iface, bytes_of(exact, len), 0, b->now_us);
    free(exact);
    drain(b);
}

static void input_ip(struct bench *b, unsigned iface, uint8_t protocol, size_t payload_len)
{
    struct ethernet_repr ethernet = {.dst = HOST_MAC, .src = PEER_MAC, .type = ETHERNET_TYPE_IPV4};
    struct ipv4_repr ip = {.src = peer_addr(iface),
                           .dst = host_addr(iface),
                           .protocol = protocol,
                           .ttl = 64,
                           .payload_bytes = (uint16_t)payload_len};
    require(ethernet_emit(&ethernet, room_of(b->frame, ETHERNET_HEADER)) >= 0);
    require(ipv4_emit(&ip, room_of(b->frame + ETHERNET_HEADER, IPV4_HEADER)) >= 0);
    uint8_t *payload = b->frame + ETHERNET_HEADER + IPV4_HEADER;
    size_t sum_at = protocol == IP_PROTOCOL_TCP ? 16 : protocol == IP_PROTOCOL_UDP ? 6 : 2;
    if (payload_len >= sum_at + 2) {
        uint32_t pseudo = protocol == IP_PROTOCOL_ICMP
                              ? 0
                              : checksum_pseudo(ip.src, ip.dst, protocol, (uint32_t)payload_len);
        be16_store(payload + sum_at, 0);
        be16_store(payload + sum_at,
                   checksum_finish(checksum_add(pseudo, checksum_of(payload, payload_len))));
    }
    input(b, iface, ETHERNET_HEADER + IPV4_HEADER + payload_len);
}

/* A segment of the peer's, in its place in the sequence. */
static void input_segment(struct bench *b, uint8_t flags, struct bytes payload)
{
    struct tcp_repr tcp = {.src_port = PEER_PORT,
                           .dst_port = LISTEN_PORT,
                           .seq = b->peer_nxt,
                           .ack = b->host_nxt,
                           .flags = flags,
                           .window = 8192};
    uint8_t *segment = b->frame + ETHERNET_HEADER + IPV4_HEADER;
    size_t room = FRAME_ROOM - ETHERNET_HEADER - IPV4_HEADER - ETHERNET_FCS;
    int header = tcp_emit(&tcp, room_of(segment, room), peer_addr(0), host_addr(0), 0, 0);
    require(header >= TCP_HEADER);
    size_t len = payload.len < room - (size_t)header ? payload.len : room - (size_t)header;
    if (len > 0)
        memcpy(segment + header, payload.at, len);
    b->peer_nxt += tcp_seq_length(flags, (uint32_t)len);
    input_ip(b, 0, IP_PROTOCOL_TCP, (size_t)header + len);
}

/* The peer makes itself known by ARP, and connects. */
static void establish(struct bench *b)
{
    struct ethernet_repr ethernet = {.dst = MAC_BROADCAST, .src = PEER_MAC, .type = ETHERNET_TYPE_ARP};
    for (unsigned iface = 0; iface < 2; iface++) {
        struct arp_repr arp = {.operation = ARP_REQUEST,
                               .sender_mac = PEER_MAC,
                               .sender_ip = peer_addr(iface),
                               .target_ip = host_addr(iface)};
        require(ethernet_emit(&ethernet, room_of(b->frame, ETHERNET_HEADER)) >= 0);
        int len = arp_emit(&arp, room_of(b->frame + ETHERNET_HEADER, FRAME_ROOM - ETHERNET_HEADER));
        require(len > 0);
        input(b, iface, ETHERNET_HEADER + (size_t)len);
    }
    b->peer_nxt = 1000;
    input_segment(b, TCP_SYN, bytes_of(NULL, 0));
    input_segment(b, TCP_ACK, bytes_of(NULL, 0));
    b->connection = socket_accept(host_sockets(b->host, b->now_us), b->listener, NULL);
    require(b->connection > 0);
}

static void set_up(struct bench *b, struct arena *arena)
{
    struct host_config hc;
    host_config_default(&hc);
    hc.sockets_max = 64;
    b->host = host_create(arena, NULL, &hc);
    require(b->host != NULL);
    for (unsigned iface = 0; iface < 2; iface++) {
        struct netif_config nc = {.kind = NETIF_ETHERNET,
                                  .mtu_bytes = 1500,
                                  .mac = HOST_MAC,
                                  .addr = host_addr(iface),
                                  .prefix = 24,
                                  .fcs = iface == 1};
        require(host_add_interface(b->host, &nc) == (int)iface);
    }
    struct sockets *s = host_sockets(b->host, 0);
    b->listener = socket_open(s, SOCKET_TCP);
    require(socket_bind(s, b->listener, (struct ip_endpoint){ip_addr_v4(0), LISTEN_PORT}) == 0);
    require(socket_listen(s, b->listener, 4) == 0);
    b->udp = socket_open(s, SOCKET_UDP);
    require(socket_bind(s, b->udp, (struct ip_endpoint){ip_addr_v4(0), UDP_PORT}) == 0);
    require(host_start_app(b->host, &app_echo, &(struct app_config){.port = ECHO_PORT}, 0) > 0);
    require(host_start_app(b->host, &app_echo, &(struct app_config){.port = ECHO_PORT, .udp = true}, 0) > 0);
    struct app_config ping = {.peer = {peer_addr(1), 0}, .count = 1000};
    require(host_start_app(b->host, &app_ping, &ping, 0) > 0);
    establish(b);
}

/* What a program on the host might do now and then. */
static void act(struct bench *b, uint16_t value)
{
    struct sockets *s = host_sockets(b->host, b->now_us);
    uint8_t buffer[512] = {0};
    if (value & 1)
        socket_recv(s, b->connection, room_of(buffer, sizeof buffer), 0);
    if (value & 2)
        socket_send(s, b->connection, bytes_of(buffer, sizeof buffer), 0);
    if (value & 4)
        socket_recvfrom(s, b->udp, room_of(buffer, sizeof buffer), NULL, NULL, 0);
    if ((value & 0x18) == 0x18)
        socket_shutdown(s, b->connection, SOCKET_SHUT_WR);
    if ((value & 0xe0) == 0xe0)
        socket_close(s, b->connection);
}

static void pass_time(struct bench *b, uint16_t value)
{
    int64_t until_us = b->now_us + value * (int64_t)1000;
    act(b, value);
    for (unsigned polls = 0; polls < 200; polls++) {
        host_poll(b->host, b->now_us);
        drain(b);
        int64_t due_us = host_deadline(b->host);
        require(due_us > b->now_us);
        if (due_us > until_us)
            break;
        b->now_us = due_us;
    }
    if (until_us > b->now_us && host_deadline(b->host) > until_us)
        b->now_us = until_us;
}

static void run_record(struct bench *b, uint8_t kind, uint16_t value, struct bytes bytes)
{
    unsigned iface = kind >> 2 & 1;
    size_t room = FRAME_ROOM - ETHERNET_FCS;
    switch (kind & 3) {
    case 0:
        bytes.len = bytes.len < room ? bytes.len : room;
        memcpy(b->frame, bytes.at, bytes.len);
        input(b, iface, bytes.len);
        break;
    case 1:
        room -= ETHERNET_HEADER + IPV4_HEADER;
        bytes.len = bytes.len < room ? bytes.len : room;
        memcpy(b->frame + ETHERNET_HEADER + IPV4_HEADER, bytes.at, bytes.len);
        input_ip(b, iface, (uint8_t)value, bytes.len);
        break;
    case 2:
        input_segment(b, (uint8_t)value, bytes);
        break;
    default:
        pass_time(b, value);
        break;
    }
}

/* The state that every input starts from; made once, and gone back to. */
static struct {
    struct arena *arena;
    struct bench bench;
    struct room saved;
} fresh;

static void make_fresh(void)
{
    void *memory = aligned_alloc(64, ARENA_BYTES);
    require(memory != NULL);
    memset(memory, 0, ARENA_BYTES);
    fresh.arena = arena_create(memory, ARENA_BYTES);
    set_up(&fresh.bench, fresh.arena);
    fresh.saved = room_of(malloc(fresh.arena->used), fresh.arena->used);
    require(fresh.saved.at != NULL);
    arena_save(fresh.arena, fresh.saved);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!fresh.arena)
        make_fresh();
    else
        arena_restore(fresh.arena, bytes_of(fresh.saved.at, fresh.saved.len));
    struct bench b = fresh.bench;
    struct bytes rest = bytes_of(data, size);
    while (rest.len >= 5) {
        size_t len = be16_load(rest.at + 3);
        if (len > rest.len - 5)
            len = rest.len - 5;
        run_record(&b, rest.at[0], be16_load(rest.at + 1), bytes_of(rest.at + 5, len));
        rest = bytes_from(rest, 5 + len);
    }
    return 0;
}
