/*
 * The neighbour cache. An entry's life:
 *
 *             packet to send            answer, or a request to us
 *     free ------------------> asking ----------------------------> known <-+ answer
 *       ^                        | no answer, three times           |  |    |
 *       +------------------------+                  not used lately |  +----+ used lately: poll the neighbour
 *       +-----------------------------------------------------------+    (no answer, three times: forgotten)
 *
 * RFC 826 for the packets and the merge, RFC 1122 section 2.3.2.1 for expiry (timeout and unicast poll) and
 * at most one request per second, 2.3.2.2 for the packets that wait. A neighbour in use is polled before its
 * entry ends, so a long transfer does not stall once a minute. Learning follows RFC 826: what is known is
 * updated from any packet, what is new only from a request to us or the answer we wait for.
 *
 * Left out on purpose: proxy ARP, address conflict detection (RFC 5227; its probes are answered), announcing
 * ourselves.
 */
#include "link/arp.h"

#include "base/status.h"
#include "link/netif.h"
#include "link/step.h"
#include "wire/arp.h"
#include "wire/ethernet.h"

static void arp_fire(struct timer *t);

static const struct mac_addr MAC_UNKNOWN = {{0}};

void arp_init(struct arp *a, struct netif *n)
{
    *a = (struct arp){.netif = n};
    timer_init(&a->timer, arp_fire);
}

/* The timer is never moved later: when it fires too early, it looks again. */
static void arp_arm(struct arp *a, int64_t due_us)
{
    if (due_us < a->timer.due_us)
        timer_arm(&a->netif->machine->timers, &a->timer, due_us);
}

static struct arp_entry *arp_lookup(struct arp *a, struct ip_addr ip)
{
    struct arp_entry *e = &a->entry[a->last];
    if (e->state != ARP_FREE && ip_addr_equal(e->ip, ip))
        return e;
    for (uint32_t i = 0; i < a->count; i++) {
        e = &a->entry[i];
        if (e->state != ARP_FREE && ip_addr_equal(e->ip, ip)) {
            a->last = i;
            return e;
        }
    }
    return NULL;
}

const struct arp_entry *arp_find(const struct arp *a, struct ip_addr ip)
{
    for (uint32_t i = 0; i < a->count; i++) {
        const struct arp_entry *e = &a->entry[i];
        if (e->state != ARP_FREE && ip_addr_equal(e->ip, ip))
            return e;
    }
    return NULL;
}

struct arp_entry *arp_known(struct arp *a, struct ip_addr ip)
{
    struct arp_entry *e = arp_lookup(a, ip);
    return e && e->state == ARP_KNOWN ? e : NULL;
}

static struct frame *arp_unqueue(struct arp_entry *e)
{
    struct frame *f = e->head;
    if (!f)
        return NULL;
    assert(e->queued > 0);
    e->head = f->next;
    if (!e->head)
        e->tail = NULL;
    e->queued--;
    f->next = NULL;
    return f;
}

static void arp_drop(struct arp *a, struct frame *f, enum drop_reason reason)
{
    a->netif->counters.out_dropped++;
    step_dropped((struct step){a->netif->machine, TRACE_ARP, a->netif->index, f->id}, reason);
    frame_free(a->netif->machine, f);
}

/* Packets wait for the answer in order; when too many do, the oldest is dropped (RFC 1122: keep the
 * latest). */
static RARE void arp_queue(struct arp *a, struct arp_entry *e, struct frame *f)
{
    frame_set_cause(a->netif->machine, f);
    if (e->queued >= ARP_QUEUE_MAX)
        arp_drop(a, arp_unqueue(e), DROP_QUEUE_FULL);
    f->next = NULL;
    if (e->tail)
        e->tail->next = f;
    else
        e->head = f;
    e->tail = f;
    e->queued++;
    assert(e->queued <= ARP_QUEUE_MAX);
}

static void arp_forget(struct arp *a, struct arp_entry *e)
{
    netif_changed(a->netif);
    for (struct frame *f = arp_unqueue(e); f; f = arp_unqueue(e))
        arp_drop(a, f, DROP_UNRESOLVED);
    *e = (struct arp_entry){.state = ARP_FREE};
}

/* A place for a new neighbour: a free one, or that of the one unused longest. NULL when all are permanent. */
static struct arp_entry *arp_place(struct arp *a)
{
    struct arp_entry *oldest = NULL;
    for (uint32_t i = 0; i < a->count; i++) {
        struct arp_entry *e = &a->entry[i];
        if (e->state == ARP_FREE)
            return e;
        if (e->deadline_us != TIME_NEVER && (!oldest || e->used_us < oldest->used_us))
            oldest = e;
    }
    if (a->count < ARP_ENTRIES_MAX)
        return &a->entry[a->count++];
    if (oldest)
        arp_forget(a, oldest);
    return oldest;
}

static struct arp_entry *arp_create(struct arp *a, struct ip_addr ip, enum arp_state state)
{
    struct arp_entry *e = arp_place(a);
    if (e)
        *e = (struct arp_entry){.state = state, .ip = ip, .used_us = a->netif->machine->now_us};
    return e;
}

/* Fills an empty frame with an ARP packet and sends it. */
static void arp_send(struct arp *a, struct frame *f, const struct arp_repr *repr, struct mac_addr to)
{
    int written = arp_emit(repr, room_of(frame_append(f, ARP_LENGTH), ARP_LENGTH));
    assert(written == ARP_LENGTH);
    (void)written;
    step_header_added((struct step){a->netif->machine, TRACE_ARP, a->netif->index, f->id}, ARP_LENGTH,
                      f->len);
    ethernet_output(a->netif, f, &to, ETHERNET_TYPE_ARP);
}

/* Asks for the entry's address: everybody, or, when we believe to know, that neighbour alone. */
static void arp_ask(struct arp *a, struct arp_entry *e)
{
    struct netif *n = a->netif;
    e->attempts++;
    e->deadline_us = n->machine->now_us + ARP_RETRY_US;
    arp_arm(a, e->deadline_us);
    struct frame *f = frame_create(n->machine, ARP_LENGTH);
    if (!f)
        return; /* the next attempt may find memory */
    e->asked = TRACE(n->machine, ARP_ASKED, .iface = n->index, .frame = f->id, .rule = RULE_ARP_REQUEST,
                     .u.arp_asked = {.addr = ip_addr_to_v4(e->ip), .attempt = e->attempts});
    f->cause = e->asked;
    f->rule = RULE_ARP_REQUEST;
    struct arp_repr repr = {.operation = ARP_REQUEST,
                            .sender_mac = n->config.mac,
                            .sender_ip = ip_addr_v4((uint32_t)n->config.addr.lo),
                            .target_mac = MAC_UNKNOWN,
                            .target_ip = e->ip};
    arp_send(a, f, &repr, e->state == ARP_KNOWN ? e->mac : MAC_BROADCAST);
}

static RARE void arp_resolve(struct arp *a, struct frame *packet, struct ip_addr next_hop)
{
    struct arp_entry *e = arp_create(a, next_hop, ARP_ASKING);
    if (!e) {
        arp_drop(a, packet, DROP_NO_MEMORY);
        return;
    }
    arp_queue(a, e, packet);
    arp_ask(a, e);
}

void arp_output(struct arp *a, struct frame *packet, struct ip_addr next_hop)
{
    assert(ip_addr_is_v4(next_hop) && packet->ethertype != 0);
    struct arp_entry *e = arp_lookup(a, next_hop);
    if (e && e->state == ARP_KNOWN) {
        e->used_us = a->netif->machine->now_us;
        ethernet_output(a->netif, packet, &e->mac, packet->ethertype);
    } else if (e) {
        e->used_us = a->netif->machine->now_us;
        arp_queue(a, e, packet);
    } else if (netif_is_broadcast(a->netif, next_hop) || ip_addr_is_multicast(next_hop)) {
        ethernet_output(a->netif, packet, &MAC_BROADCAST, packet->ethertype);
    } else {
        arp_resolve(a, packet, next_hop);
    }
}

/* Could this be the address of a neighbour? */
static bool arp_possible(const struct netif *n, struct ip_addr ip, struct mac_addr mac)
{
    if (ip_addr_is_any(ip) || ip_addr_is_multicast(ip) || ip_addr_is_loopback(ip) ||
        netif_is_broadcast(n, ip))
        return false;
    return !ip_addr_equal(ip, n->config.addr) && !(mac.octet[0] & 1) && !mac_addr_equal(mac, MAC_UNKNOWN);
}

/* The entry's address is now known, or known again: what waited for it goes out. */
static void arp_learn(struct arp *a, struct arp_entry *e, struct mac_addr mac)
{
    struct netif *n = a->netif;
    bool news = e->state != ARP_KNOWN || e->attempts > 0 || !mac_addr_equal(e->mac, mac);
    if (news)
        netif_changed(n);
    e->state = ARP_KNOWN;
    e->mac = mac;
    e->attempts = 0;
    if (news)
        TRACE(n->machine, ARP_LEARNED, .iface = n->index,
              .u.arp_learned = {.addr = ip_addr_to_v4(e->ip),
                                .mac_hi = be16_load(mac.octet),
                                .mac_lo = be32_load(mac.octet + 2)});
    for (struct frame *f = arp_unqueue(e); f; f = arp_unqueue(e))
        ethernet_output(n, f, &mac, f->ethertype);
}

/* RFC 826, "Packet Reception": the merge. */
static void arp_merge(struct arp *a, const struct arp_repr *repr, bool asks_us)
{
    if (!arp_possible(a->netif, repr->sender_ip, repr->sender_mac))
        return;
    struct arp_entry *e = arp_lookup(a, repr->sender_ip);
    if (e && e->deadline_us == TIME_NEVER)
        return; /* permanent */
    if (!e && asks_us)
        e = arp_create(a, repr->sender_ip, ARP_ASKING);
    if (!e)
        return;
    e->deadline_us = a->netif->machine->now_us + ARP_LIFETIME_US;
    arp_arm(a, e->deadline_us);
    arp_learn(a, e, repr->sender_mac);
}

static void arp_answer(struct arp *a, const struct arp_repr *question)
{
    struct netif *n = a->netif;
    struct frame *f = frame_create(n->machine, ARP_LENGTH);
    if (!f)
        return; /* they will ask again */
    f->cause = TRACE(n->machine, ARP_ANSWERED, .iface = n->index, .frame = f->id, .rule = RULE_ARP_REPLY,
                     .u.arp_answered = {.addr = ip_addr_to_v4(question->sender_ip)});
    f->rule = RULE_ARP_REPLY;
    struct arp_repr repr = {.operation = ARP_REPLY,
                            .sender_mac = n->config.mac,
                            .sender_ip = n->config.addr,
                            .target_mac = question->sender_mac,
                            .target_ip = question->sender_ip};
    arp_send(a, f, &repr, question->sender_mac);
}

void arp_input(struct arp *a, struct bytes packet, uint32_t frame_id)
{
    struct netif *n = a->netif;
    struct arp_repr repr;
    if (arp_parse(&repr, packet) < 0) {
        netif_drop_in(n, TRACE_ARP, packet.len < ARP_LENGTH ? DROP_TRUNCATED : DROP_MALFORMED, frame_id);
        return;
    }
    if (repr.sender_mac.octet[0] & 1) {
        netif_drop_in(n, TRACE_ARP, DROP_BAD_ADDRESS, frame_id);
        return;
    }
    step_header_removed((struct step){n->machine, TRACE_ARP, n->index, frame_id}, ARP_LENGTH, ARP_LENGTH);
    bool to_us = !ip_addr_is_any(n->config.addr) && ip_addr_equal(repr.target_ip, n->config.addr);
    bool asks_us = to_us && repr.operation == ARP_REQUEST;
    arp_merge(a, &repr, asks_us);
    if (asks_us)
        arp_answer(a, &repr);
}

/* Nobody answers: what waited is handed back. The entry is free before that, for the one who is told may
 * send something. */
static void arp_fail(struct arp *a, struct arp_entry *e)
{
    struct netif *n = a->netif;
    struct arp_entry failed = *e;
    netif_changed(n);
    *e = (struct arp_entry){.state = ARP_FREE};
    uint32_t event =
        TRACE(n->machine, ARP_FAILED, .iface = n->index,
              .u.arp_failed = {.addr = ip_addr_to_v4(failed.ip), .packets_dropped = failed.queued});
    uint32_t before = trace_enter(n->machine->trace, event);
    for (struct frame *f = arp_unqueue(&failed); f; f = arp_unqueue(&failed)) {
        if (n->unreachable)
            n->unreachable(n->internet, n, f);
        arp_drop(a, f, DROP_UNRESOLVED);
    }
    trace_leave(n->machine->trace, before);
}

/* A known entry's time is up: poll the neighbour when it was used since it was last heard of, else forget
 * it. */
static void arp_expire(struct arp *a, struct arp_entry *e)
{
    bool used = e->attempts > 0 || e->used_us > e->deadline_us - ARP_LIFETIME_US;
    if (used && e->attempts < ARP_ATTEMPTS_MAX) {
        arp_ask(a, e);
        return;
    }
    TRACE(a->netif->machine, ARP_EXPIRED, .iface = a->netif->index,
          .u.arp_expired = {.addr = ip_addr_to_v4(e->ip)});
    arp_forget(a, e);
}

static void arp_entry_due(struct arp *a, struct arp_entry *e)
{
    struct trace *trace = a->netif->machine->trace;
    uint32_t before = trace_enter(trace, e->attempts > 0 ? e->asked : 0);
    if (e->state == ARP_KNOWN)
        arp_expire(a, e);
    else if (e->attempts < ARP_ATTEMPTS_MAX)
        arp_ask(a, e);
    else
        arp_fail(a, e);
    trace_leave(trace, before);
}

static void arp_fire(struct timer *t)
{
    struct arp *a = (struct arp *)(void *)((char *)t - offsetof(struct arp, timer));
    int64_t now_us = a->netif->machine->now_us;
    int64_t next_us = TIME_NEVER;
    for (uint32_t i = 0; i < a->count; i++) {
        struct arp_entry *e = &a->entry[i];
        if (e->state != ARP_FREE && e->deadline_us <= now_us)
            arp_entry_due(a, e);
        if (e->state != ARP_FREE && e->deadline_us < next_us)
            next_us = e->deadline_us;
    }
    arp_arm(a, next_us);
}

int arp_set(struct arp *a, struct ip_addr ip, struct mac_addr mac)
{
    if (!ip_addr_is_v4(ip) || !arp_possible(a->netif, ip, mac))
        return STATUS_EINVAL;
    struct arp_entry *e = arp_lookup(a, ip);
    if (!e)
        e = arp_create(a, ip, ARP_ASKING);
    if (!e)
        return STATUS_ENOBUFS;
    e->deadline_us = TIME_NEVER;
    arp_learn(a, e, mac);
    return 0;
}

void arp_flush(struct arp *a)
{
    for (uint32_t i = 0; i < a->count; i++)
        if (a->entry[i].state != ARP_FREE)
            arp_forget(a, &a->entry[i]);
    a->count = 0;
    a->last = 0;
    timer_cancel(&a->netif->machine->timers, &a->timer);
}
