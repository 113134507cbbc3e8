/*
 * UDP (RFC 768; RFC 1122 section 4.1; port choice: RFC 6056). A datagram goes to the port that matches it
 * most closely: one connected to its sender before one bound to its destination address before one bound to
 * any; of equals, the one opened last (as Linux with SO_REUSEADDR). A broadcast goes to every port that
 * matches.
 *
 * Left out on purpose: IP options (RFC 1122 4.1.3.2), multicast membership, UDP-Lite.
 */
#include "transport/udp.h"

#include "base/checksum.h"
#include "base/status.h"

enum {
    EPHEMERAL_FIRST = 49152, /* RFC 6335, section 6: dynamic ports */
    EPHEMERAL_COUNT = 65536 - EPHEMERAL_FIRST,
};

static void udp_input(void *layer, const struct ip_packet *p);
static void udp_error(void *layer, const struct ip_error *e);

void udp_init(struct udp *u, struct machine *m, struct ip *ip)
{
    *u = (struct udp){.machine = m, .ip = ip, .verify_checksum = true};
    int status = ip_register(ip, IP_PROTOCOL_UDP, &(struct ip_protocol){u, udp_input, udp_error});
    assert(status == 0);
    (void)status;
}

static struct udp_port **udp_bucket(struct udp *u, uint16_t port)
{
    return &u->bucket[port % UDP_TABLE_BUCKETS];
}

struct udp_port *udp_open(struct udp *u)
{
    struct udp_port *p = arena_zalloc(u->machine->arena, sizeof *p);
    if (p)
        p->queue_bytes_max = UDP_RECEIVE_QUEUE_DEFAULT;
    return p;
}

static struct udp_datagram *udp_dequeue(struct udp_port *p)
{
    struct udp_datagram *d = p->head;
    if (!d)
        return NULL;
    p->head = d->next;
    if (!p->head)
        p->tail = NULL;
    assert(p->queue_bytes >= sizeof *d + d->len);
    p->queue_bytes -= (uint32_t)sizeof *d + d->len;
    return d;
}

static void udp_datagram_free(struct udp *u, struct udp_datagram *d)
{
    arena_free(u->machine->arena, d, sizeof *d + d->len);
}

void udp_close(struct udp *u, struct udp_port *p)
{
    if (p->bound) {
        struct udp_port **link = udp_bucket(u, p->local.port);
        while (*link != p) {
            assert(*link);
            link = &(*link)->next;
        }
        *link = p->next;
    }
    for (struct udp_datagram *d = udp_dequeue(p); d; d = udp_dequeue(p))
        udp_datagram_free(u, d);
    assert(p->queue_bytes == 0);
    arena_free(u->machine->arena, p, sizeof *p);
}

/* Would binding `p` to `local` collide with another port? */
static bool udp_collides(struct udp *u, const struct udp_port *p, struct ip_endpoint local)
{
    for (const struct udp_port *q = *udp_bucket(u, local.port); q; q = q->next) {
        if (q == p || q->local.port != local.port || (q->reuse_addr && p->reuse_addr))
            continue;
        if (ip_addr_is_any(q->local.addr) || ip_addr_is_any(local.addr) ||
            ip_addr_equal(q->local.addr, local.addr))
            return true;
    }
    return false;
}

/* RFC 6056, section 3.3.1: begin anywhere, take the first that is free. Nobody may share an ephemeral
 * port. */
static int udp_choose_port(struct udp *u, const struct udp_port *p, struct ip_endpoint *local)
{
    struct udp_port alone = *p;
    alone.reuse_addr = false;
    uint32_t start = rng_below(&u->machine->rng, EPHEMERAL_COUNT);
    for (uint32_t i = 0; i < EPHEMERAL_COUNT; i++) {
        local->port = (uint16_t)(EPHEMERAL_FIRST + (start + i) % EPHEMERAL_COUNT);
        if (!udp_collides(u, &alone, *local))
            return 0;
    }
    return STATUS_EADDRINUSE;
}

int udp_bind(struct udp *u, struct udp_port *p, struct ip_endpoint local)
{
    if (p->bound)
        return STATUS_EINVAL;
    if (!ip_addr_is_any(local.addr) && !ip_is_local(u->ip, local.addr) && !ip_is_broadcast(u->ip, local.addr))
        return STATUS_EADDRNOTAVAIL;
    if (local.port == 0) {
        int status = udp_choose_port(u, p, &local);
        if (status < 0)
            return status;
    } else if (udp_collides(u, p, local)) {
        return STATUS_EADDRINUSE;
    }
    struct udp_port **bucket = udp_bucket(u, local.port);
    p->local = local;
    p->bound = true;
    p->next = *bucket;
    *bucket = p;
    return 0;
}

static int udp_bind_any(struct udp *u, struct udp_port *p)
{
    return p->bound ? 0 : udp_bind(u, p, (struct ip_endpoint){ip_addr_v4(0), 0});
}

int udp_connect(struct udp *u, struct udp_port *p, struct ip_endpoint remote)
{
    if (remote.port == 0) {
        p->remote = (struct ip_endpoint){0};
        return 0;
    }
    struct ip_path path;
    int status = ip_route(u->ip, remote.addr, &path);
    if (status < 0)
        return status;
    status = udp_bind_any(u, p);
    if (status < 0)
        return status;
    if (ip_addr_is_any(p->local.addr))
        p->local.addr = path.src; /* the bucket is by port: it stays where it is */
    p->remote = remote;
    return 0;
}

/* The pending error, which is read once. */
static int udp_take_error(struct udp_port *p)
{
    int error = p->error;
    assert(error <= 0);
    p->error = 0;
    return error;
}

/* What a send needs to be possible. *to becomes the destination, *path the way to it. */
static int udp_may_send(struct udp *u, struct udp_port *p, const struct ip_endpoint **to,
                        struct ip_path *path)
{
    if (p->error)
        return udp_take_error(p);
    if (p->shut_send)
        return STATUS_EPIPE;
    if (!*to && p->remote.port == 0)
        return STATUS_EDESTADDRREQ;
    if (!*to)
        *to = &p->remote;
    if ((*to)->port == 0)
        return STATUS_EINVAL;
    int status = udp_bind_any(u, p);
    if (status < 0)
        return status;
    status = ip_route(u->ip, (*to)->addr, path);
    if (status < 0)
        return status;
    if (!ip_addr_is_any(p->local.addr) && !ip_is_broadcast(u->ip, p->local.addr)) {
        if (ip_addr_is_loopback(p->local.addr) && !path->loopback)
            return STATUS_EADDRNOTAVAIL;
        path->src = p->local.addr;
    }
    return 0;
}

/* Builds the datagram: payload copied and summed in one pass, header in front. */
static struct frame *udp_build(struct udp *u, const struct udp_port *p, const struct ip_endpoint *to,
                               struct ip_addr src, struct bytes payload)
{
    struct frame *f = frame_create(u->machine, (uint32_t)payload.len);
    if (!f)
        return NULL;
    uint32_t len = (uint32_t)payload.len;
    uint32_t sum = 0;
    if (len > 0)
        sum = checksum_copy(frame_append(f, len), payload.at, len);
    struct udp_repr repr = {.src_port = p->local.port,
                            .dst_port = to->port,
                            .payload_bytes = (uint16_t)len,
                            .has_checksum = !p->no_checksum};
    int written = udp_emit(&repr, room_of(frame_push(f, UDP_HEADER), UDP_HEADER), src, to->addr, sum);
    assert(written == UDP_HEADER);
    (void)written;
    return f;
}

int udp_send(struct udp *u, struct udp_port *p, const struct ip_endpoint *to, struct bytes payload)
{
    struct ip_path path;
    int status = udp_may_send(u, p, &to, &path);
    if (status < 0)
        return status;
    if (payload.len > UDP_PAYLOAD_MAX || payload.len + UDP_HEADER + IPV4_HEADER > path.mtu_bytes)
        return STATUS_EMSGSIZE;
    struct frame *f = udp_build(u, p, to, path.src, payload);
    if (!f)
        return STATUS_ENOBUFS;
    f->rule = RULE_UDP_SEND;
    f->cause = TRACE(u->machine, UDP_SENT, .frame = f->id, .socket = p->socket, .rule = RULE_UDP_SEND,
                     .u.udp_sent = {.src_port = p->local.port,
                                    .dst_port = to->port,
                                    .dst_addr = ip_addr_to_v4(to->addr),
                                    .payload_bytes = (uint32_t)payload.len});
    step_header_added((struct step){u->machine, TRACE_UDP, STEP_NO_INTERFACE, f->id}, UDP_HEADER, f->len);
    struct ip_send s = {.src = path.src,
                        .dst = to->addr,
                        .protocol = IP_PROTOCOL_UDP,
                        .ttl = p->ttl,
                        .tos = p->tos,
                        .dont_fragment = true};
    status = ip_output(u->ip, f, &s, &path);
    if (status < 0)
        return status;
    u->counters.out_datagrams++;
    return (int)payload.len;
}

int udp_receive(struct udp *u, struct udp_port *p, struct room into, struct ip_endpoint *from,
                uint32_t *full_len, bool peek)
{
    *full_len = 0;
    if (p->error)
        return udp_take_error(p);
    struct udp_datagram *d = p->head;
    if (!d && p->shut_receive) {
        *from = (struct ip_endpoint){0};
        return 0;
    }
    if (!d)
        return STATUS_EAGAIN;
    size_t len = d->len < into.len ? d->len : into.len;
    if (len > 0)
        memcpy(into.at, d->payload, len);
    *from = d->from;
    *full_len = d->len;
    if (!peek)
        udp_datagram_free(u, udp_dequeue(p));
    return (int)len;
}

/* How closely a port matches a datagram; negative: not at all. */
static int udp_match(const struct udp_port *p, struct ip_endpoint from, struct ip_endpoint to)
{
    int score = 0;
    if (p->local.port != to.port)
        return -1;
    if (!ip_addr_is_any(p->local.addr)) {
        if (!ip_addr_equal(p->local.addr, to.addr))
            return -1;
        score += 1;
    }
    if (p->remote.port != 0) {
        if (!ip_endpoint_equal(p->remote, from))
            return -1;
        score += 2;
    }
    return score;
}

static struct udp_port *udp_find(struct udp *u, struct ip_endpoint from, struct ip_endpoint to)
{
    struct udp_port *best = NULL;
    int best_score = -1;
    for (struct udp_port *p = *udp_bucket(u, to.port); p; p = p->next) {
        int score = udp_match(p, from, to);
        if (score > best_score) {
            best = p;
            best_score = score;
        }
    }
    return best;
}

/* A received datagram on its way to a port. */
struct udp_arrival {
    const struct ip_packet *packet;
    struct ip_endpoint from, to;
    struct bytes payload;
};

static void udp_queue(struct udp *u, struct udp_port *p, const struct udp_arrival *a)
{
    uint32_t size = (uint32_t)(sizeof(struct udp_datagram) + a->payload.len);
    bool fits = size <= p->queue_bytes_max && p->queue_bytes <= p->queue_bytes_max - size;
    struct udp_datagram *d = fits ? arena_alloc(u->machine->arena, size) : NULL;
    if (!d) {
        u->counters.in_full++;
        ip_drop(u->ip, a->packet, TRACE_UDP, fits ? DROP_NO_MEMORY : DROP_QUEUE_FULL);
        return;
    }
    u->counters.in_datagrams++;
    *d = (struct udp_datagram){.from = a->from, .to = a->to, .len = (uint32_t)a->payload.len};
    if (a->payload.len > 0)
        memcpy(d->payload, a->payload.at, a->payload.len);
    d->event = TRACE(u->machine, UDP_RECEIVED, .frame = a->packet->frame_id, .socket = p->socket,
                     .iface = ip_packet_iface(a->packet),
                     .u.udp_received = {.src_port = a->from.port,
                                        .dst_port = a->to.port,
                                        .src_addr = ip_addr_to_v4(a->from.addr),
                                        .payload_bytes = d->len});
    if (p->tail)
        p->tail->next = d;
    else
        p->head = d;
    p->tail = d;
    p->queue_bytes += size;
    if (u->ready) {
        uint32_t before = trace_enter(u->machine->trace, d->event);
        u->ready(p->owner);
        trace_leave(u->machine->trace, before);
    }
}

/* Reads and verifies the header. False: dropped. */
static bool udp_accept(struct udp *u, const struct ip_packet *p, struct udp_repr *repr)
{
    if (udp_parse(repr, p->payload) < 0) {
        u->counters.in_bad++;
        ip_drop(u->ip, p, TRACE_UDP, p->payload.len < UDP_HEADER ? DROP_TRUNCATED : DROP_MALFORMED);
        return false;
    }
    struct step step = {u->machine, TRACE_UDP, ip_packet_iface(p), p->frame_id};
    size_t total = UDP_HEADER + (size_t)repr->payload_bytes;
    if (u->verify_checksum && repr->has_checksum) {
        bool good = udp_checksum_good(p->payload, p->src, p->dst);
        if (step_traced(step)) {
            uint32_t pseudo = checksum_pseudo(p->src, p->dst, IP_PROTOCOL_UDP, (uint32_t)total);
            struct bytes message = bytes_first(p->payload, total);
            step_checksum_checked(step, (struct step_checksum){message, UDP_CHECKSUM_AT, pseudo, good});
        }
        if (!good) {
            u->counters.in_bad++;
            ip_drop(u->ip, p, TRACE_UDP, DROP_BAD_CHECKSUM);
            return false;
        }
    }
    step_header_removed(step, UDP_HEADER, total);
    return true;
}

/* Gives a broadcast to every port that matches. Returns whether there was one. */
static bool udp_input_to_all(struct udp *u, const struct udp_arrival *a)
{
    bool found = false;
    for (struct udp_port *p = *udp_bucket(u, a->to.port); p; p = p->next) {
        if (udp_match(p, a->from, a->to) >= 0) {
            udp_queue(u, p, a);
            found = true;
        }
    }
    return found;
}

static void udp_input(void *layer, const struct ip_packet *p)
{
    struct udp *u = layer;
    struct udp_repr repr;
    if (!udp_accept(u, p, &repr))
        return;
    struct udp_arrival a = {.packet = p,
                            .from = {p->src, repr.src_port},
                            .to = {p->dst, repr.dst_port},
                            .payload = {p->payload.at + UDP_HEADER, repr.payload_bytes}};
    if (ip_is_broadcast(u->ip, p->dst)) {
        if (!udp_input_to_all(u, &a)) {
            u->counters.in_no_port++;
            ip_drop(u->ip, p, TRACE_UDP, DROP_NO_PORT);
        }
        return;
    }
    struct udp_port *port = udp_find(u, a.from, a.to);
    if (port) {
        udp_queue(u, port, &a);
        return;
    }
    u->counters.in_no_port++;
    ip_drop(u->ip, p, TRACE_UDP, DROP_NO_PORT);
    icmp_send_error(u->ip, p, ICMP_TYPE_UNREACHABLE, ICMP_CODE_PORT, 0);
}

static int udp_status_of(const struct ip_error *e)
{
    static const int unreachable[] = {
        [ICMP_CODE_NET] = STATUS_ENETUNREACH,      [ICMP_CODE_HOST] = STATUS_EHOSTUNREACH,
        [ICMP_CODE_PROTOCOL] = STATUS_ENOPROTOOPT, [ICMP_CODE_PORT] = STATUS_ECONNREFUSED,
        [ICMP_CODE_TOO_BIG] = STATUS_EMSGSIZE,
    };
    if (e->type == ICMP_TYPE_UNREACHABLE && e->code < sizeof unreachable / sizeof unreachable[0])
        return unreachable[e->code];
    return STATUS_EHOSTUNREACH;
}

/* RFC 1122, 4.1.3.3: errors go up to the program; only a connected port knows that it is meant. */
static void udp_error(void *layer, const struct ip_error *e)
{
    struct udp *u = layer;
    assert(e->quoted.len >= UDP_HEADER);
    struct ip_endpoint local = {e->src, be16_load(e->quoted.at)}; /* ports come first, in UDP and TCP alike */
    struct ip_endpoint remote = {e->dst, be16_load(e->quoted.at + 2)};
    struct udp_port *p = udp_find(u, remote, local);
    if (!p || p->remote.port == 0)
        return;
    p->error = udp_status_of(e);
    if (u->ready)
        u->ready(p->owner);
}
