/*
 * The relay of a switch, as IEEE 802.1D-2004 has it:
 *
 *   frame at a port -> FCS right? -> learn its source (7.8) -> where is its destination (7.7.2)?
 *                                        a group's, or not known: every other port (7.7.1) ----+-> queue of a port
 *                                        behind another port: that one ------------------------+
 *                                        behind the same port, or for neighbours only (7.12.6): nowhere
 *
 * A frame is taken when it has arrived whole, and queued then: store and forward. Each port gets a copy of its own with
 * an FCS, which is the same as it was, since no byte was changed.
 *
 * Addresses are a list, the one heard last first. So the oldest is at its end: that is the one which ages first, and
 * which makes room when there are too many. Looking one up begins with those who speak now.
 *
 * Left out on purpose: the spanning tree (clause 17), so labs have no loops of switches (lab/lab.c); priorities,
 * VLANs, static entries, group registration: groups are flooded.
 */
#include "link/bridge.h"

#include "base/checksum.h"
#include "base/status.h"

enum { PORT_MTU = 65535 };

static void bridge_fire(struct timer *t);

void bridge_init(struct bridge *b, struct machine *m, int64_t ageing_us, uint32_t addresses_max)
{
    assert(ageing_us > 0 && addresses_max > 0);
    *b = (struct bridge){.machine = m, .ageing_us = ageing_us, .addresses_max = addresses_max};
    timer_init(&b->timer, bridge_fire);
}

int bridge_add_port(struct bridge *b)
{
    if (b->port_count == BRIDGE_PORTS_MAX)
        return STATUS_ENOBUFS;
    struct netif *n = arena_zalloc(b->machine->arena, sizeof *n);
    if (!n)
        return STATUS_ENOMEM;
    n->machine = b->machine;
    n->config = (struct netif_config){.kind = NETIF_PORT, .mtu_bytes = PORT_MTU, .fcs = true};
    n->index = b->port_count;
    n->bridge = b;
    b->port[b->port_count] = n;
    return b->port_count++;
}

struct bridge_entry *bridge_find(const struct bridge *b, struct mac_addr mac)
{
    struct bridge_entry *e = b->latest;
    while (e && !mac_addr_equal(e->mac, mac))
        e = e->earlier;
    return e;
}

static void bridge_unlist(struct bridge *b, struct bridge_entry *e)
{
    *(e->later ? &e->later->earlier : &b->latest) = e->earlier;
    *(e->earlier ? &e->earlier->later : &b->earliest) = e->later;
}

static void bridge_list(struct bridge *b, struct bridge_entry *e)
{
    e->later = NULL;
    e->earlier = b->latest;
    *(b->latest ? &b->latest->later : &b->earliest) = e;
    b->latest = e;
}

static void bridge_forget(struct bridge *b, struct bridge_entry *e, enum forget_reason reason)
{
    TRACE(b->machine, SWITCH_FORGOT, .iface = e->port,
          .rule = reason == FORGET_AGED ? RULE_SWITCH_AGE : RULE_NONE,
          .u.switch_forgot = {.mac_hi = be16_load(e->mac.octet),
                              .mac_lo = be32_load(e->mac.octet + 2),
                              .reason = (uint8_t)reason});
    bridge_unlist(b, e);
    arena_free(b->machine->arena, e, sizeof *e);
    b->address_count--;
}

/* The timer is never moved later: when it fires too early, it looks again. */
static void bridge_arm(struct bridge *b)
{
    if (b->earliest && !timer_armed(&b->timer))
        timer_arm(&b->machine->timers, &b->timer, b->earliest->heard_us + b->ageing_us);
}

/* 7.9.2: what was not heard for the ageing time is forgotten. */
static void bridge_fire(struct timer *t)
{
    struct bridge *b = (struct bridge *)(void *)((uint8_t *)t - offsetof(struct bridge, timer));
    while (b->earliest && b->earliest->heard_us + b->ageing_us <= b->machine->now_us)
        bridge_forget(b, b->earliest, FORGET_AGED);
    bridge_arm(b);
}

void bridge_plug(struct bridge *b, uint8_t port, bool up)
{
    assert(port < b->port_count);
    b->port[port]->up = up;
    if (up)
        return;
    for (struct bridge_entry *e = b->earliest, *next; e; e = next) {
        next = e->later;
        if (e->port == port)
            bridge_forget(b, e, FORGET_PORT_DOWN);
    }
}

/* 7.8: who sends is behind the port it was heard at. Without memory it is not learned. */
static void bridge_learn(struct bridge *b, uint8_t port, struct mac_addr mac, uint32_t frame_id)
{
    struct bridge_entry *e = bridge_find(b, mac);
    bool known = e, moved = e && e->port != port;
    if (e) {
        bridge_unlist(b, e);
    } else {
        if (b->address_count == b->addresses_max)
            bridge_forget(b, b->earliest, FORGET_FULL);
        e = arena_zalloc(b->machine->arena, sizeof *e);
        if (!e)
            return;
        b->address_count++;
    }
    if (moved || !known)
        TRACE(b->machine, SWITCH_LEARNED, .iface = port, .frame = frame_id, .rule = RULE_SWITCH_LEARN,
              .u.switch_learned = {
                  .mac_hi = be16_load(mac.octet), .mac_lo = be32_load(mac.octet + 2), .moved = moved});
    *e = (struct bridge_entry){.mac = mac, .port = port, .heard_us = b->machine->now_us};
    bridge_list(b, e);
    bridge_arm(b);
}

/* A copy for a port. */
static void bridge_send(struct bridge *b, struct netif *out, struct bytes frame, uint32_t cause,
                        enum trace_rule rule)
{
    struct frame *f = frame_create(b->machine, (uint32_t)frame.len);
    if (!f) {
        netif_drop_in(out, TRACE_ETHERNET, DROP_NO_MEMORY, 0);
        return;
    }
    memcpy(frame_append(f, (uint32_t)frame.len), frame.at, frame.len);
    if (out->config.fcs)
        ethernet_fcs_append(f);
    f->cause = cause;
    f->rule = (uint16_t)rule;
    netif_enqueue(out, f);
}

/* 7.7.1: not by the port it came from, nor by one that is down. */
static void bridge_flood(struct bridge *b, const struct netif *in, struct bytes frame, uint32_t frame_id,
                         enum flood_reason reason)
{
    unsigned ports = 0;
    for (uint8_t i = 0; i < b->port_count; i++)
        ports += b->port[i] != in && b->port[i]->up;
    uint32_t cause =
        TRACE(b->machine, SWITCH_FLOODED, .iface = in->index, .frame = frame_id, .rule = RULE_SWITCH_FLOOD,
              .u.switch_flooded = {.ports = (uint8_t)ports, .reason = (uint8_t)reason});
    for (uint8_t i = 0; i < b->port_count; i++)
        if (b->port[i] != in && b->port[i]->up)
            bridge_send(b, b->port[i], frame, cause, RULE_SWITCH_FLOOD);
}

/* 7.12.6: 01-80-C2-00-00-00 to -0F go no further than to the next station. */
static bool bridge_is_reserved(struct mac_addr dst)
{
    return be32_load(dst.octet) == 0x0180c200 && be16_load(dst.octet + 4) < 0x10;
}

void bridge_input(struct bridge *b, struct netif *in, struct bytes frame, uint32_t frame_id)
{
    struct ethernet_repr repr;
    if (ethernet_parse_any(&repr, frame) < 0) {
        netif_drop_in(in, TRACE_ETHERNET, DROP_TRUNCATED, frame_id);
        return;
    }
    if (repr.src.octet[0] & 1) { /* a group never sends */
        netif_drop_in(in, TRACE_ETHERNET, DROP_BAD_ADDRESS, frame_id);
        return;
    }
    bridge_learn(b, in->index, repr.src, frame_id);
    const struct bridge_entry *to = bridge_find(b, repr.dst);
    bool reserved = bridge_is_reserved(repr.dst);
    if (reserved || (to && to->port == in->index)) {
        TRACE(b->machine, SWITCH_FILTERED, .iface = in->index, .frame = frame_id, .rule = RULE_SWITCH_FILTER,
              .u.switch_filtered = {.reason = reserved ? FILTER_RESERVED : FILTER_SAME_PORT});
        return;
    }
    if (!to) {
        bool group = repr.dst.octet[0] & 1, all = mac_addr_equal(repr.dst, MAC_BROADCAST);
        bridge_flood(b, in, frame, frame_id, all ? FLOOD_BROADCAST : group ? FLOOD_MULTICAST : FLOOD_UNKNOWN);
        return;
    }
    uint32_t cause = TRACE(b->machine, SWITCH_FORWARDED, .iface = in->index, .frame = frame_id,
                           .rule = RULE_SWITCH_FORWARD, .u.switch_forwarded = {.out_port = to->port});
    bridge_send(b, b->port[to->port], frame, cause, RULE_SWITCH_FORWARD);
}

struct frame *bridge_output(struct bridge *b, unsigned *port)
{
    for (unsigned i = 0; i < b->port_count; i++) {
        unsigned index = b->next_out;
        b->next_out = (uint8_t)(index + 1 < b->port_count ? index + 1 : 0);
        struct frame *f = netif_take(b->port[index]);
        if (f) {
            *port = index;
            return f;
        }
    }
    return NULL;
}
