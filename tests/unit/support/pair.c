/*
 * Two hosts on one perfect cable. See pair.h.
 */
#include "unit/support/pair.h"

#include "unit/support/property.h"
#include "wire/ethernet.h"
#include "wire/ipv4.h"

/* Events at one and the same time; more means that somebody polls in vain for ever. */
enum { PAIR_STALL_EVENTS = 100000 };

void pair_config_default(struct pair_config *c)
{
    *c = (struct pair_config){
        .delay_us = 10000, .seed = 1, .arena_bytes = 16u << 20, .trace_events = 1u << 16};
    c->netif = (struct netif_config){.kind = NETIF_ETHERNET, .mtu_bytes = 1500};
    for (unsigned i = 0; i < 2; i++)
        host_config_default(&c->host[i]);
    c->host[0].name = "a";
    c->host[1].name = "b";
}

struct ip_addr pair_addr(unsigned host)
{
    return ip_addr_v4(0x0a000001 + host);
}

struct ip_endpoint pair_endpoint(unsigned host, uint16_t port)
{
    return (struct ip_endpoint){pair_addr(host), port};
}

struct pair *pair_create(const struct pair_config *config)
{
    struct pair_config standard;
    if (!config) {
        pair_config_default(&standard);
        config = &standard;
    }
    struct pair *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->memory = aligned_alloc(64, config->arena_bytes);
    assert_non_null(p->memory);
    memset(p->memory, 0, config->arena_bytes);
    p->arena = arena_create(p->memory, config->arena_bytes);
    assert_non_null(p->arena);
    p->delay_us = config->delay_us;
    if (config->trace_events) {
        p->trace = trace_create(p->arena, config->trace_events);
        assert_non_null(p->trace);
    }
    for (unsigned i = 0; i < 2; i++) {
        struct host_config hc = config->host[i];
        hc.seed = config->seed;
        hc.node = (uint8_t)i;
        p->host[i] = host_create(p->arena, p->trace, &hc);
        assert_non_null(p->host[i]);
        struct netif_config nc = config->netif;
        nc.mac = (struct mac_addr){{2, 0, 0, 0, 0, (uint8_t)(i + 1)}};
        nc.addr = pair_addr(i);
        nc.prefix = 24;
        assert_int_equal(host_add_interface(p->host[i], &nc), 0);
    }
    return p;
}

void pair_destroy(struct pair *p)
{
    while (p->flights) {
        struct pair_flight *next = p->flights->next;
        free(p->flights);
        p->flights = next;
    }
    for (size_t i = 0; i < p->frame_count; i++)
        free(p->frames[i]);
    free(p->frames);
    free(p->memory);
    free(p);
}

struct sockets *pair_sockets(struct pair *p, unsigned host)
{
    return host_sockets(p->host[host], p->now_us);
}

struct app *pair_start(struct pair *p, unsigned host, const struct app_class *class,
                       const struct app_config *config)
{
    int id = host_start_app(p->host[host], class, config, p->now_us);
    assert_true(id > 0);
    struct app *a = host_app(p->host[host], (unsigned)id);
    assert_non_null(a);
    return a;
}

/* Behind all that arrive no later. */
static void put_in_flight(struct pair *p, const struct pair_frame *f)
{
    struct pair_flight *flight = malloc(sizeof *flight);
    assert_non_null(flight);
    struct pair_flight **at = &p->flights;
    while (*at && (*at)->arrival_us <= f->arrival_us)
        at = &(*at)->next;
    *flight = (struct pair_flight){*at, f->arrival_us, f};
    *at = flight;
}

static struct pair_frame *keep_frame(struct pair *p, unsigned from, const struct frame *out)
{
    struct pair_frame *f = malloc(sizeof *f + out->len);
    assert_non_null(f);
    *f = (struct pair_frame){.from = from,
                             .number = p->sent_count[from]++,
                             .sent_us = p->now_us,
                             .arrival_us = p->now_us + p->delay_us,
                             .copies = 1,
                             .id = out->id,
                             .cause = out->cause,
                             .len = out->len};
    memcpy(f->bytes, frame_bytes(out).at, out->len);
    if ((p->frame_count & (p->frame_count - 1)) == 0) { /* room is doubled at each power of two */
        p->frames =
            realloc(p->frames, (p->frame_count ? 2 * p->frame_count : 1) * sizeof(struct pair_frame *));
        assert_non_null(p->frames);
    }
    p->frames[p->frame_count++] = f;
    return f;
}

/* Takes what the hosts have to send. */
static void collect(struct pair *p)
{
    for (unsigned i = 0; i < 2; i++) {
        unsigned iface;
        struct frame *out;
        while ((out = host_output(p->host[i], &iface)) != NULL) {
            struct pair_frame *f = keep_frame(p, i, out);
            host_frame_free(p->host[i], out);
            if (p->hook)
                p->hook(p->hook_context, f);
            assert_true(f->arrival_us >= f->sent_us);
            for (unsigned copy = 0; copy < f->copies; copy++)
                put_in_flight(p, f);
        }
    }
}

static void deliver(struct pair *p)
{
    struct pair_flight *flight = p->flights;
    const struct pair_frame *f = flight->frame;
    unsigned to = 1 - f->from;
    p->flights = flight->next;
    free(flight);
    uint32_t before = trace_cause(p->trace);
    if (p->trace) {
        struct trace_event e = {.kind = TRACE_FRAME_DELIVERED,
                                .node = (uint8_t)to,
                                .t_us = p->now_us,
                                .frame = f->id,
                                .cause = f->cause};
        e.u.frame_delivered =
            (struct trace_frame_delivered){.direction = (uint8_t)f->from, .len_bytes = (uint32_t)f->len};
        trace_enter(p->trace, trace_emit(p->trace, &e));
    }
    host_input(p->host[to], 0, bytes_of(f->bytes, f->len), f->id, p->now_us);
    trace_leave(p->trace, before);
}

static int64_t next_event_us(const struct pair *p)
{
    int64_t next_us = p->flights ? p->flights->arrival_us : TIME_NEVER;
    for (unsigned i = 0; i < 2; i++)
        if (host_deadline(p->host[i]) < next_us)
            next_us = host_deadline(p->host[i]);
    return next_us;
}

/* Runs the next event if there is one no later than `limit_us`. */
static bool step(struct pair *p, int64_t limit_us, unsigned *stall)
{
    collect(p); /* what calls from outside have made */
    int64_t next_us = next_event_us(p);
    if (next_us > limit_us || next_us == TIME_NEVER)
        return false;
    *stall = next_us > p->now_us ? 0 : *stall + 1;
    assert_true(*stall < PAIR_STALL_EVENTS);
    if (next_us > p->now_us)
        p->now_us = next_us;
    if (p->flights && p->flights->arrival_us <= p->now_us) {
        deliver(p);
    } else {
        for (unsigned i = 0; i < 2; i++)
            if (host_deadline(p->host[i]) <= p->now_us)
                host_poll(p->host[i], p->now_us);
    }
    collect(p);
    return true;
}

void pair_run_until(struct pair *p, int64_t t_us)
{
    unsigned stall = 0;
    assert_true(t_us >= p->now_us);
    while (step(p, t_us, &stall))
        ;
    p->now_us = t_us;
}

void pair_run_for(struct pair *p, int64_t duration_us)
{
    pair_run_until(p, p->now_us + duration_us);
}

bool pair_run_until_true(struct pair *p, bool (*done)(void *context), void *context, int64_t limit_us)
{
    unsigned stall = 0;
    while (!done(context))
        if (!step(p, limit_us, &stall))
            return false;
    return true;
}

static bool app_is_done(void *context)
{
    return ((const struct app *)context)->done;
}

bool pair_run_until_done(struct pair *p, const struct app *a, int64_t limit_us)
{
    return pair_run_until_true(p, app_is_done, (void *)(uintptr_t)a, limit_us);
}

int64_t pair_run_until_quiet(struct pair *p, int64_t limit_us)
{
    unsigned stall = 0;
    while (step(p, limit_us, &stall))
        ;
    assert_null(p->flights);
    return p->now_us;
}

void pair_learn(struct pair *p)
{
    struct sockets *s = pair_sockets(p, 0);
    int socket = socket_open(s, SOCKET_PING);
    assert_true(socket > 0);
    assert_int_equal(socket_sendto(s, socket, bytes_of("?", 1), pair_endpoint(1, 0)), 1);
    pair_run_for(p, 4 * p->delay_us);
    assert_true(socket_poll(s, socket) & SOCKET_READABLE);
    assert_int_equal(socket_close(s, socket), 0);
}

void pair_connect(struct pair *p, uint16_t port, int *client, int *server)
{
    struct sockets *s0 = pair_sockets(p, 0), *s1 = pair_sockets(p, 1);
    int listener = socket_open(s1, SOCKET_TCP);
    assert_true(listener > 0);
    assert_int_equal(socket_bind(s1, listener, (struct ip_endpoint){ip_addr_v4(0), port}), 0);
    assert_int_equal(socket_listen(s1, listener, 1), 0);
    *client = socket_open(s0, SOCKET_TCP);
    assert_true(*client > 0);
    assert_int_equal(socket_connect(s0, *client, pair_endpoint(1, port)), STATUS_EINPROGRESS);
    pair_run_for(p, 5 * p->delay_us); /* ARP and the handshake */
    assert_true(socket_poll(s0, *client) & SOCKET_WRITABLE);
    *server = socket_accept(s1, listener, NULL);
    assert_true(*server > 0);
    assert_int_equal(socket_close(s1, listener), 0);
}

bool pair_frame_tcp(const struct pair_frame *f, struct tcp_repr *tcp, struct bytes *payload)
{
    struct bytes frame = bytes_of(f->bytes, f->len);
    struct ethernet_repr ethernet;
    struct ipv4_repr ip;
    if (ethernet_parse(&ethernet, frame) < 0 || ethernet.type != ETHERNET_TYPE_IPV4)
        return false;
    struct bytes packet = bytes_from(frame, ETHERNET_HEADER);
    if (ipv4_parse(&ip, packet) < 0 || ip.protocol != IP_PROTOCOL_TCP)
        return false;
    struct bytes segment = bytes_first(bytes_from(packet, ip.header_bytes), ip.payload_bytes);
    if (tcp_parse(tcp, segment) < 0)
        return false;
    if (payload)
        *payload = bytes_from(segment, tcp->header_bytes);
    return true;
}

const struct trace_event *pair_event(const struct pair *p, unsigned node, enum trace_kind kind,
                                     uint32_t before)
{
    uint32_t id = before ? before - 1 : p->trace->last_id;
    for (; id > 0; id--) {
        const struct trace_event *e = trace_at(p->trace, id);
        if (!e)
            return NULL;
        if (e->node == node && e->kind == kind)
            return e;
    }
    return NULL;
}

unsigned pair_event_count(const struct pair *p, unsigned node, enum trace_kind kind)
{
    unsigned count = 0;
    for (const struct trace_event *e = pair_event(p, node, kind, 0); e; e = pair_event(p, node, kind, e->id))
        count++;
    return count;
}

const struct trace_event *pair_cause(const struct pair *p, const struct trace_event *e, enum trace_kind kind)
{
    const struct trace_event *cause = trace_at(p->trace, e->cause);
    while (cause && cause->kind != kind)
        cause = trace_at(p->trace, cause->cause);
    return cause;
}
