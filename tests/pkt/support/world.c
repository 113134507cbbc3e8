/*
 * The host and the wire of a packet script.
 */
#include "pkt/support/world.h"

#include <stdlib.h>

#include "base/checksum.h"
#include "transport/tcp_conn.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

enum { ARENA_BYTES = 4 << 20, LOCAL_ADDR = 0x0a000001, REMOTE_ADDR = 0x0a000002, SETTLE_ROUNDS_MAX = 1000 };

static struct ip_addr local_addr(void)
{
    return ip_addr_v4(LOCAL_ADDR);
}

static struct ip_addr remote_addr(void)
{
    return ip_addr_v4(REMOTE_ADDR);
}

/* One block serves script after script: zeroing the little that each has touched is cheaper than new memory. */
static struct arena *spare_arena(void)
{
    static void *memory;
    static uint8_t pristine[sizeof(struct arena) + ARENA_ALIGN];
    static size_t pristine_bytes;
    if (!memory) {
        memory = calloc(1, ARENA_BYTES);
        struct arena *a = memory ? arena_create(memory, ARENA_BYTES) : NULL;
        if (a)
            pristine_bytes = arena_save(a, room_of(pristine, sizeof pristine));
        return a;
    }
    arena_restore(memory, bytes_of(pristine, pristine_bytes));
    return memory;
}

bool world_create(struct world *w, const struct script *s, struct world_start start)
{
    *w = (struct world){.start = start};
    struct arena *a = spare_arena();
    if (!a)
        return false;
    struct host_config c;
    host_config_default(&c);
    c.name = "host";
    c.sockets_max = 64;
    c.tcp = s->config;
    c.faults = s->host_faults;
    w->host = host_create(a, NULL, &c);
    if (!w->host)
        return false;
    host_tcp(w->host)->no_shortcuts = start.no_shortcuts;
    struct netif_config n = {
        .kind = NETIF_RAW_IP, .mtu_bytes = s->mtu_bytes, .addr = local_addr(), .prefix = 24};
    if (host_add_interface(w->host, &n) < 0)
        return false;
    host_poll(w->host, start.base_us);
    w->sockets = host_sockets(w->host, start.base_us);
    for (unsigned i = 0; i < SCRIPT_FLOWS_MAX; i++)
        w->flows[i].remote_isn = start.remote_isn;
    return true;
}

void world_destroy(struct world *w)
{
    while (w->sent)
        world_drop_first(w);
}

static void write_down(struct transcript *t, const void *at, size_t len)
{
    if (t->len + len > t->room) {
        t->room = 2 * (t->len + len);
        t->at = realloc(t->at, t->room);
        assert(t->at);
    }
    memcpy(t->at + t->len, at, len);
    t->len += len;
}

static void collect(struct world *w)
{
    unsigned iface;
    struct frame *f;
    while ((f = host_output(w->host, &iface)) != NULL) {
        struct bytes b = frame_bytes(f);
        struct sent *p = malloc(sizeof *p + b.len);
        assert(p);
        p->next = NULL;
        p->at_us = w->now_us;
        p->len = b.len;
        memcpy(p->bytes, b.at, b.len);
        host_frame_free(w->host, f);
        if (w->start.transcript) {
            write_down(w->start.transcript, &p->at_us, sizeof p->at_us);
            write_down(w->start.transcript, p->bytes, p->len);
        }
        if (w->sent_tail)
            w->sent_tail->next = p;
        else
            w->sent = p;
        w->sent_tail = p;
    }
}

void world_drop_first(struct world *w)
{
    struct sent *p = w->sent;
    w->sent = p->next;
    if (!w->sent)
        w->sent_tail = NULL;
    free(p);
}

void world_settle(struct world *w)
{
    host_poll(w->host, w->start.base_us + w->now_us);
    collect(w);
}

void world_run(struct world *w, int64_t until_us, bool stop)
{
    while (!(stop && w->sent)) {
        int64_t due = host_deadline(w->host);
        if (due == TIME_NEVER || due - w->start.base_us > until_us)
            break;
        if (due - w->start.base_us > w->now_us)
            w->now_us = due - w->start.base_us;
        world_settle(w);
    }
    if (!(stop && w->sent) && until_us > w->now_us)
        w->now_us = until_us;
    world_settle(w);
}

/* What the script calls the peer's ports; a flow it has not spoken of yet is one to a listener. */
static struct flow *flow_live(struct world *w, unsigned number)
{
    struct flow *f = &w->flows[number];
    if (!f->live) {
        f->live = true;
        f->local_port = WORLD_LISTEN_PORT;
        f->remote_port = (uint16_t)(40000 + number);
    }
    return f;
}

static void deliver(struct world *w, uint8_t protocol, uint8_t ecn, struct bytes payload)
{
    uint8_t packet[WORLD_PACKET_MAX];
    struct ipv4_repr ip = {.src = remote_addr(),
                           .dst = local_addr(),
                           .protocol = protocol,
                           .ttl = 64,
                           .tos = ecn,
                           .payload_bytes = (uint16_t)payload.len};
    int header = ipv4_emit(&ip, room_of(packet, sizeof packet));
    assert(header == IPV4_HEADER && payload.len <= sizeof packet - IPV4_HEADER);
    memcpy(packet + IPV4_HEADER, payload.at, payload.len);
    host_input(w->host, 0, bytes_of(packet, IPV4_HEADER + payload.len), 0, w->start.base_us + w->now_us);
    world_settle(w);
}

/* From the script's numbers to those on the wire, or back. */
static void sack_add(struct tcp_options *o, uint32_t isn)
{
    for (unsigned i = 0; i < o->sack_count; i++)
        o->sack[i] = (struct tcp_sack_block){o->sack[i].left + isn, o->sack[i].right + isn};
}

bool world_inject(struct world *w, const struct segment_spec *s)
{
    struct flow *f = flow_live(w, s->flow);
    uint8_t segment[WORLD_PACKET_MAX], payload[WORLD_PACKET_MAX];
    if (s->payload_bytes > 1500)
        return false;
    bool syn = (s->flags & TCP_SYN) != 0;
    for (uint32_t i = 0; i < s->payload_bytes; i++)
        payload[i] = world_pattern((uint32_t)(s->seq + syn + i - 1));
    struct tcp_repr h = {
        .src_port = f->remote_port,
        .dst_port = f->local_port,
        .seq = s->raw ? s->seq : f->remote_isn + s->seq,
        .ack = s->flags & TCP_ACK ? f->local_isn + s->ack : 0,
        .flags = s->flags,
        .window = s->window,
        .urgent = s->urgent,
        .options = s->options,
    };
    if (s->any_cookie) {
        h.options.fastopen_len = w->cookie.fastopen_len;
        memcpy(h.options.fastopen_cookie, w->cookie.fastopen_cookie, w->cookie.fastopen_len);
    }
    if (h.options.has_timestamps && s->flags & TCP_ACK)
        h.options.ts_echo += f->ts_base;
    sack_add(&h.options, f->local_isn);
    uint32_t sum = checksum_of(payload, s->payload_bytes);
    int header =
        tcp_emit(&h, room_of(segment, sizeof segment), remote_addr(), local_addr(), sum, s->payload_bytes);
    if (header < 0)
        return false;
    memcpy(segment + header, payload, s->payload_bytes);
    if (s->bad_checksum) /* a bit of the text, or of the checksum when there is none */
        segment[s->payload_bytes ? header : 16] ^= 1;
    deliver(w, IP_PROTOCOL_TCP, s->ecn, bytes_of(segment, (size_t)header + s->payload_bytes));
    return true;
}

bool world_inject_icmp(struct world *w, const struct icmp_spec *s)
{
    const struct flow *f = &w->flows[s->quoted.flow];
    if (!f->live || !f->isn_known)
        return false;
    uint8_t quoted[IPV4_HEADER + 8] = {0};
    uint8_t message[ICMP_HEADER + sizeof quoted];
    struct ipv4_repr ip = {.src = local_addr(),
                           .dst = remote_addr(),
                           .protocol = IP_PROTOCOL_TCP,
                           .ttl = 1,
                           .dont_fragment = true};
    ip.payload_bytes = (uint16_t)(TCP_HEADER + s->quoted.payload_bytes);
    ipv4_emit(&ip, room_of(quoted, IPV4_HEADER));
    be16_store(quoted + IPV4_HEADER, f->local_port);
    be16_store(quoted + IPV4_HEADER + 2, f->remote_port);
    be32_store(quoted + IPV4_HEADER + 4, f->local_isn + s->quoted.seq);
    struct icmp_repr icmp = {
        .type = s->type, .code = s->code, .mtu = s->mtu, .payload = bytes_of(quoted, sizeof quoted)};
    int len = icmp_emit(&icmp, room_of(message, sizeof message));
    if (len < 0)
        return false;
    deliver(w, IP_PROTOCOL_ICMP, IPV4_ECN_NONE, bytes_of(message, (size_t)len));
    return true;
}

unsigned world_flow_of(const struct world *w, const struct sent *p)
{
    if (p->len < IPV4_HEADER + TCP_HEADER)
        return 0;
    uint16_t from = be16_load(p->bytes + IPV4_HEADER), to = be16_load(p->bytes + IPV4_HEADER + 2);
    for (unsigned i = 1; i < SCRIPT_FLOWS_MAX; i++) {
        if (w->flows[i].live && w->flows[i].local_port == from && w->flows[i].remote_port == to)
            return i;
    }
    return 0;
}

/* The payload must be the stream's bytes at those numbers, whatever has happened to it on the way. */
static bool payload_good(const struct segment_spec *s, struct bytes payload)
{
    bool syn = (s->flags & TCP_SYN) != 0;
    for (size_t i = 0; i < payload.len; i++) {
        if (payload.at[i] != world_pattern((uint32_t)(s->seq + syn + i - 1)))
            return false;
    }
    return true;
}

/* What a segment teaches of its flow: ports when it opens a connection, initial sequence number, clock for
 * timestamps. */
static void learn(struct flow *f, const struct tcp_repr *h, const struct segment_spec *expected)
{
    if (!f->live && (h->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
        f->live = true;
        f->local_port = h->src_port;
        f->remote_port = h->dst_port;
    }
    if (!f->isn_known && (h->flags & TCP_SYN)) {
        f->isn_known = true;
        f->local_isn = h->seq;
    }
    if (!f->ts_known && h->options.has_timestamps && expected) {
        f->ts_known = true;
        f->ts_base = h->options.ts_value - expected->options.ts_value;
    }
}

const char *world_read(struct world *w, const struct sent *p, unsigned flow, struct segment_spec *out)
{
    const struct segment_spec expected = *out;
    struct flow *f = &w->flows[flow];
    struct ipv4_repr ip;
    struct tcp_repr h = {0};
    *out = (struct segment_spec){.flow = flow, .has_window = true};
    if (ipv4_parse(&ip, bytes_of(p->bytes, p->len)) < 0 || !ipv4_checksum_good(bytes_of(p->bytes, p->len)))
        return "its IPv4 header is bad";
    if (ip.protocol != IP_PROTOCOL_TCP || !ip_addr_equal(ip.dst, remote_addr()) ||
        !ip_addr_equal(ip.src, local_addr()))
        return "it is not a TCP segment to the peer";
    struct bytes segment = bytes_of(p->bytes + ip.header_bytes, ip.payload_bytes);
    if (tcp_parse(&h, segment) < 0 || h.options_malformed)
        return "its TCP header is bad";
    if (!tcp_checksum_good(segment, ip.src, ip.dst))
        return "its TCP checksum is bad";
    learn(f, &h, &expected);
    if (h.options.has_fastopen && h.options.fastopen_len > 0)
        w->cookie = h.options;
    struct bytes payload = bytes_from(segment, h.header_bytes);
    out->flags = h.flags;
    out->may_fragment = !ip.dont_fragment;
    out->has_ecn = true;
    out->ecn = ip.tos & IPV4_ECN_MASK;
    out->raw = expected.raw;
    out->seq = expected.raw ? h.seq : h.seq - f->local_isn;
    out->ack = h.flags & TCP_ACK ? h.ack - f->remote_isn : 0;
    out->payload_bytes = (uint32_t)payload.len;
    out->window = h.window;
    out->urgent = h.urgent;
    out->options = h.options;
    sack_add(&out->options, 0u - f->remote_isn);
    if (h.options.has_timestamps)
        out->options.ts_value -= f->ts_base;
    return payload_good(out, payload) ? NULL : "its payload is not what the program wrote there";
}

struct tcp_conn *world_connection(const struct world *w, unsigned flow)
{
    const struct flow *f = &w->flows[flow];
    struct tcp *t = host_tcp(w->host);
    for (struct tcp_conn *c = tcp_next(t, NULL); c; c = tcp_next(t, c)) {
        if (f->live && tcp_local(c).port == f->local_port && tcp_remote(c).port == f->remote_port)
            return c;
    }
    return NULL;
}
