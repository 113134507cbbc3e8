#include "unit/support/node.h"

#include "base/checksum.h"

enum { ARENA_SIZE = 4 << 20, TRACE_CAPACITY = 1 << 13, FRAME_ID = 7 };

struct node *node_create(struct node_options o)
{
    uint8_t *memory = aligned_alloc(4096, ARENA_SIZE);
    assert_non_null(memory);
    memset(memory, 0, ARENA_SIZE);
    struct arena *arena = arena_create(memory, ARENA_SIZE);
    struct trace *trace = o.no_trace ? NULL : trace_create(arena, TRACE_CAPACITY);
    struct node *t = arena_zalloc(arena, sizeof *t);
    machine_init(&t->m, arena, trace, 1, 42);
    t->m.now_us = 1000000;
    ip_init(&t->ip, &t->m);
    t->ip.forwarding = o.router;
    const uint8_t interfaces = o.router ? 2 : 1;
    for (uint8_t i = 0; i < interfaces; i++) {
        struct netif_config c = {.kind = o.raw_ip ? NETIF_RAW_IP : NETIF_ETHERNET,
                                 .mtu_bytes = o.mtu_bytes ? o.mtu_bytes : 1500,
                                 .mac = {{2, 0, 0, 0, i, 1}},
                                 .addr = i ? NODE_B : NODE_A,
                                 .prefix = 24,
                                 .fcs = o.fcs};
        assert_int_equal(netif_init(&t->n[i], &t->m, i, &c), 0);
        assert_int_equal(ip_add_interface(&t->ip, &t->n[i]), i);
    }
    t->in_use = arena->in_use;
    return t;
}

void node_destroy(struct node *t)
{
    struct arena *arena = t->m.arena;
    for (unsigned i = 0; i < t->ip.netif_count; i++) {
        for (struct frame *f = netif_take(&t->n[i]); f; f = netif_take(&t->n[i]))
            frame_free(&t->m, f);
        arp_flush(&t->n[i].arp);
    }
    assert_null(t->ip.loopback_head);
    assert_int_equal(arena->in_use, t->in_use);
    free(arena);
}

void node_run_until(struct node *t, int64_t now_us)
{
    assert_true(now_us >= t->m.now_us);
    while (timer_first_due(&t->m.timers) <= now_us) {
        int64_t due_us = timer_first_due(&t->m.timers);
        t->m.now_us = due_us > t->m.now_us ? due_us : t->m.now_us;
        struct timer *timer = timer_take_due(&t->m.timers, t->m.now_us);
        timer->fire(timer);
    }
    t->m.now_us = now_us;
}

uint32_t node_count(const struct node *t, enum trace_kind kind)
{
    uint32_t count = 0;
    assert_true(t->m.trace->last_id <= TRACE_CAPACITY);
    for (uint32_t id = 1; id <= t->m.trace->last_id; id++)
        count += trace_at(t->m.trace, id)->kind == kind;
    return count;
}

const struct trace_event *node_last(const struct node *t, enum trace_kind kind)
{
    for (uint32_t id = t->m.trace->last_id; id > 0; id--)
        if (trace_at(t->m.trace, id)->kind == kind)
            return trace_at(t->m.trace, id);
    fail_msg("no event %s", trace_kind_name(kind));
    return NULL;
}

void node_assert_dropped(const struct node *t, enum trace_protocol protocol, enum drop_reason reason)
{
    const struct trace_event *e = node_last(t, TRACE_PACKET_DROPPED);
    assert_string_equal(drop_reason_name(e->u.packet_dropped.reason), drop_reason_name(reason));
    assert_int_equal(e->u.packet_dropped.protocol, protocol);
}

struct node_packet node_ipv4(struct ip_addr src, struct ip_addr dst, const struct ipv4_repr *repr,
                             struct bytes payload)
{
    struct node_packet p = {.len = IPV4_HEADER + payload.len};
    struct ipv4_repr r = repr ? *repr : (struct ipv4_repr){.protocol = IP_PROTOCOL_UDP, .ttl = 64};
    r.src = src;
    r.dst = dst;
    r.payload_bytes = (uint16_t)payload.len;
    assert_true(p.len <= sizeof p.at);
    assert_int_equal(ipv4_emit(&r, room_of(p.at, sizeof p.at)), IPV4_HEADER);
    if (payload.len)
        memcpy(p.at + IPV4_HEADER, payload.at, payload.len);
    return p;
}

struct node_packet node_ethernet(struct mac_addr dst, uint16_t type, struct bytes payload)
{
    struct node_packet p = {.len = ETHERNET_HEADER + payload.len};
    assert_true(p.len <= sizeof p.at);
    struct ethernet_repr r = {.dst = dst, .src = MAC_PEER, .type = type};
    assert_int_equal(ethernet_emit(&r, room_of(p.at, sizeof p.at)), ETHERNET_HEADER);
    if (payload.len)
        memcpy(p.at + ETHERNET_HEADER, payload.at, payload.len);
    return p;
}

struct node_packet node_arp(uint16_t operation, struct ip_addr sender, struct mac_addr mac,
                            struct ip_addr target)
{
    uint8_t at[ARP_LENGTH];
    struct arp_repr r = {.operation = operation, .sender_mac = mac, .sender_ip = sender, .target_ip = target};
    assert_int_equal(arp_emit(&r, room_of(at, sizeof at)), ARP_LENGTH);
    return node_ethernet(operation == ARP_REQUEST ? MAC_BROADCAST : MAC_A, ETHERNET_TYPE_ARP,
                         bytes_of(at, sizeof at));
}

void node_fix_checksum(struct node_packet *p)
{
    size_t header = (p->at[0] & 15u) * 4;
    be16_store(p->at + IPV4_CHECKSUM_AT, 0);
    be16_store(p->at + IPV4_CHECKSUM_AT, checksum_finish(checksum_of(p->at, header)));
}

void node_receive_frame(struct node *t, unsigned i, const struct node_packet *frame)
{
    uint8_t *exact = malloc(frame->len ? frame->len : 1); /* so that reading past the end is seen */
    memcpy(exact, frame->at, frame->len);
    netif_input(&t->n[i], bytes_of(exact, frame->len), FRAME_ID);
    free(exact);
}

void node_receive(struct node *t, unsigned i, const struct node_packet *packet)
{
    if (t->n[i].config.kind == NETIF_RAW_IP) {
        node_receive_frame(t, i, packet);
        return;
    }
    struct node_packet frame =
        node_ethernet(t->n[i].config.mac, ETHERNET_TYPE_IPV4, bytes_of(packet->at, packet->len));
    node_receive_frame(t, i, &frame);
}

struct node_packet node_take(struct node *t, unsigned i, uint16_t type)
{
    struct node_packet p = {0};
    struct frame *f = netif_take(&t->n[i]);
    assert_non_null(f);
    struct bytes b = frame_bytes(f);
    if (t->n[i].config.kind == NETIF_ETHERNET) {
        struct ethernet_repr r;
        assert_int_equal(ethernet_parse(&r, b), 0);
        assert_int_equal(r.type, type);
        b = bytes_from(b, ETHERNET_HEADER);
    }
    assert_true(b.len <= sizeof p.at);
    p.len = b.len;
    memcpy(p.at, b.at, b.len);
    frame_free(&t->m, f);
    return p;
}

void node_take_ipv4(struct node *t, unsigned i, struct ipv4_repr *out, struct node_packet *packet,
                    struct bytes *payload)
{
    *packet = node_take(t, i, ETHERNET_TYPE_IPV4);
    assert_int_equal(ipv4_parse(out, bytes_of(packet->at, packet->len)), 0);
    assert_true(ipv4_checksum_good(bytes_of(packet->at, packet->len)));
    *payload = bytes_of(packet->at + out->header_bytes, out->payload_bytes);
}

void node_assert_silent(const struct node *t, unsigned i)
{
    assert_int_equal(t->n[i].queue_count, 0);
    assert_null(t->n[i].queue_head);
}

void node_know_neighbours(struct node *t)
{
    assert_int_equal(arp_set(&t->n[0].arp, PEER, MAC_PEER), 0);
    if (t->ip.netif_count > 1)
        assert_int_equal(arp_set(&t->n[1].arp, PEER_2, MAC_PEER), 0);
}
