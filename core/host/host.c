/*
 * One machine put together: interfaces, internet layer, UDP and TCP, sockets, programs. The layers know one
 * another through the pointers they were created with; what is left for the host is the clock, and the order
 * of things at each entry:
 *
 *   set the clock -> the call itself -> timers that are due
 *                 -> packets to ourselves and turns of programs, until quiet
 *
 * Nothing here takes longer when there are more sockets or programs. Two programs on one host could keep each
 * other busy for ever without time going on; so after HOST_TURNS_MAX turns the rest waits for the next
 * microsecond. No machine is infinitely fast.
 */
#include "host/host.h"

/* Turns in one go: each program gets one, and a large transfer over loopback does not need many
 * microseconds. */
enum { HOST_TURNS_MAX = 1024 };
_Static_assert(HOST_TURNS_MAX > (int)PROGRAMS_MAX, "every program gets a turn in each go");

struct host {
    struct machine machine;
    struct bridge *bridge;       /* of a switch, which has nothing of what follows; else NULL */
    struct netif *const *netifs; /* its interfaces: those of `ip`, or of `bridge` */
    struct ip ip;
    struct udp udp;
    struct tcp *tcp;
    struct sockets *sockets;
    struct programs *programs; /* NULL until the first one starts */
    uint32_t sockets_max;
    uint8_t next_out;             /* the interface that host_output() asks first */
    bool unfinished;              /* the last go ended at HOST_TURNS_MAX */
    struct ip_protocol tcp_input; /* of a TCP that is not deaf */
    bool tcp_verifies;            /* as it was configured, without faults */
    struct host_faults faults;
    char name[HOST_NAME_MAX_BYTES + 1];
};

void host_config_default(struct host_config *c)
{
    *c = (struct host_config){.name = "host",
                              .sockets_max = HOST_SOCKETS_DEFAULT,
                              .ageing_us = BRIDGE_AGEING_US_DEFAULT,
                              .addresses_max = BRIDGE_ADDRESSES_DEFAULT};
    tcp_config_default(&c->tcp);
}

static void copy_name(char to[HOST_NAME_MAX_BYTES + 1], const char *name)
{
    size_t len = 0;
    while (name && len < HOST_NAME_MAX_BYTES && name[len])
        len++;
    if (len > 0)
        memcpy(to, name, len);
    to[len] = '\0';
}

/* A socket may have become ready: if it is a program's, that gets a turn. */
static void host_socket_ready(void *context, int socket)
{
    struct host *h = context;
    programs_ready(h->programs, socket);
}

/* What TCP hears that is deaf. */
static void deaf_input(void *layer, const struct ip_packet *p)
{
    (void)layer;
    (void)p;
}

const char *host_fault_name(enum host_fault_bit bit)
{
#define X(NAME, key, text) key,
    static const char *const names[] = {HOST_FAULT_LIST(X)};
#undef X
    assert(bit < HOST_FAULT_COUNT);
    return names[bit];
}

void host_set_faults(struct host *h, struct host_faults faults)
{
    bool verify = !(faults.host & HOST_FAULT_NO_CHECKSUM_VERIFY);
    struct ip_protocol input = h->tcp_input;
    if (faults.host & HOST_FAULT_DEAF_TCP)
        input.input = deaf_input;
    h->faults = faults;
    h->ip.verify_checksum = verify;
    h->udp.verify_checksum = verify;
    tcp_set_faults(h->tcp, faults.tcp, h->tcp_verifies && verify);
    ip_register(&h->ip, IP_PROTOCOL_TCP, &input);
}

struct host_faults host_faults(const struct host *h)
{
    return h->faults;
}

/* Puts the layers on one another, the lowest first. False: out of memory. */
static bool compose(struct host *h, const struct host_config *config)
{
    struct machine *m = &h->machine;
    ip_init(&h->ip, m);
    h->ip.forwarding = config->kind == HOST_KIND_ROUTER;
    h->netifs = h->ip.netif;
    udp_init(&h->udp, m, &h->ip);
    h->tcp = tcp_create(m, &h->ip, &config->tcp);
    if (!h->tcp)
        return false;
    h->tcp_input = h->ip.tcp;
    h->tcp_verifies = config->tcp.verify_checksum;
    host_set_faults(h, (struct host_faults){config->faults, config->tcp.faults});
    h->sockets = sockets_create(m, &h->ip, h->tcp, &h->udp, h->sockets_max);
    if (!h->sockets)
        return false;
    return true;
}

static bool compose_switch(struct host *h, const struct host_config *config)
{
    h->bridge = arena_zalloc(h->machine.arena, sizeof *h->bridge);
    if (!h->bridge)
        return false;
    bridge_init(h->bridge, &h->machine, config->ageing_us, config->addresses_max);
    h->netifs = h->bridge->port;
    return true;
}

struct host *host_create(struct arena *a, struct trace *trace, const struct host_config *config)
{
    struct host *h = arena_zalloc(a, sizeof *h);
    if (!h)
        return NULL;
    copy_name(h->name, config->name);
    h->sockets_max = config->sockets_max ? config->sockets_max : HOST_SOCKETS_DEFAULT;
    machine_init(&h->machine, a, trace, config->node, config->seed);
    bool done = config->kind == HOST_KIND_SWITCH ? compose_switch(h, config) : compose(h, config);
    return done ? h : NULL; /* an arena that is too small is of no use afterwards */
}

int host_add_interface(struct host *h, const struct netif_config *config)
{
    struct arena *arena = h->machine.arena;
    struct netif *n = arena_zalloc(arena, sizeof *n);
    if (!n)
        return STATUS_ENOMEM;
    int status = netif_init(n, &h->machine, h->ip.netif_count, config);
    if (status == STATUS_OK)
        status = ip_add_interface(&h->ip, n);
    if (status < 0)
        arena_free(arena, n, sizeof *n);
    return status;
}

int host_add_route(struct host *h, const struct route *route)
{
    if (route->netif >= h->ip.netif_count)
        return STATUS_EINVAL;
    return route_add(&h->ip.routes, route);
}

static void set_clock(struct host *h, int64_t now_us)
{
    assert(now_us >= h->machine.now_us && now_us < TIME_NEVER);
    h->machine.now_us = now_us;
}

int host_add_ports(struct host *h, unsigned port)
{
    int status = STATUS_OK;
    while (status >= 0 && h->bridge->port_count <= port)
        status = bridge_add_port(h->bridge);
    return status < 0 ? status : STATUS_OK;
}

void host_plug_port(struct host *h, unsigned port, bool up, int64_t now_us)
{
    set_clock(h, now_us);
    bridge_plug(h->bridge, (uint8_t)port, up);
}

int host_set_interface_up(struct host *h, unsigned iface, bool up)
{
    if (iface >= h->ip.netif_count)
        return STATUS_EINVAL;
    struct netif *n = h->ip.netif[iface];
    if (n->up &&
        !up) { /* what has not gone out yet never will, and neighbours may be others when it is up again */
        struct frame *f;
        while ((f = netif_take(n)) != NULL) {
            n->counters.out_dropped++;
            TRACE(&h->machine, PACKET_DROPPED, .iface = n->index, .frame = f->id,
                  .u.packet_dropped = {.protocol = TRACE_ETHERNET, .reason = DROP_INTERFACE_DOWN});
            frame_free(&h->machine, f);
        }
        arp_flush(&n->arp);
    }
    n->up = up;
    netif_changed(n);
    return STATUS_OK;
}

static void run_timers(struct host *h)
{
    struct timer *t;
    while ((t = timer_take_due(&h->machine.timers, h->machine.now_us)) != NULL)
        t->fire(t);
}

/* Is there a packet to ourselves, or a program that waits for its turn? */
static bool unsettled(const struct host *h)
{
    return h->ip.loopback_head || (h->programs && programs_waiting(h->programs));
}

/* Goes on until nothing is left or it is enough for now. */
static void take_turns(struct host *h)
{
    unsigned turns = 0;
    while (turns < HOST_TURNS_MAX && unsettled(h)) {
        if (!ip_loopback_run(&h->ip))
            programs_turn(h->programs);
        turns++;
    }
    h->unfinished = turns == HOST_TURNS_MAX;
}

/* The end of every entry. Most leave nothing to be done. */
static inline void settle(struct host *h)
{
    h->unfinished = false;
    if (unsettled(h))
        take_turns(h);
}

void host_input(struct host *h, unsigned iface, struct bytes frame, uint32_t frame_id, int64_t now_us)
{
    assert(iface < host_netif_count(h));
    set_clock(h, now_us);
    netif_input(h->netifs[iface], frame, frame_id);
    run_timers(h);
    settle(h);
}

void host_poll(struct host *h, int64_t now_us)
{
    set_clock(h, now_us);
    run_timers(h);
    settle(h);
}

int64_t host_deadline(const struct host *h)
{
    int64_t due_us = timer_first_due(&h->machine.timers);
    if (unsettled(h)) {
        int64_t soon_us = h->machine.now_us + h->unfinished;
        return due_us < soon_us ? due_us : soon_us;
    }
    return due_us;
}

struct frame *host_output(struct host *h, unsigned *iface)
{
    unsigned count = h->ip.netif_count;
    if (count == 1) { /* most hosts; a router's take turns */
        *iface = 0;
        return netif_take(h->ip.netif[0]);
    }
    for (unsigned i = 0; i < count; i++) {
        unsigned index = h->next_out;
        h->next_out = (uint8_t)(index + 1 < count ? index + 1 : 0);
        struct frame *f = netif_take(h->ip.netif[index]);
        if (f) {
            *iface = index;
            return f;
        }
    }
    return h->bridge ? bridge_output(h->bridge, iface) : NULL;
}

void host_frame_free(struct host *h, struct frame *f)
{
    frame_free(&h->machine, f);
}

struct sockets *host_sockets(struct host *h, int64_t now_us)
{
    set_clock(h, now_us);
    return h->sockets;
}

int host_start_app(struct host *h, const struct app_class *class, const struct app_config *config,
                   int64_t now_us)
{
    set_clock(h, now_us);
    if (!h->programs) {
        h->programs = programs_create(&h->machine, h->sockets, h->sockets_max);
        if (!h->programs)
            return STATUS_ENOMEM;
        sockets_on_ready(h->sockets, host_socket_ready, h); /* until now nobody wanted to know */
    }
    int id = programs_start(h->programs, class, config);
    settle(h);
    return id;
}

struct app *host_app(struct host *h, unsigned id)
{
    return h->programs ? programs_find(h->programs, id) : NULL;
}

void host_stop_app(struct host *h, unsigned id, int64_t now_us)
{
    set_clock(h, now_us);
    if (h->programs)
        programs_stop(h->programs, id);
    settle(h);
}

const char *host_name(const struct host *h)
{
    return h->name;
}

enum host_kind host_kind(const struct host *h)
{
    return h->bridge ? HOST_KIND_SWITCH : h->ip.forwarding ? HOST_KIND_ROUTER : HOST_KIND_HOST;
}

struct bridge *host_bridge(struct host *h)
{
    return h->bridge;
}

struct machine *host_machine(struct host *h)
{
    return &h->machine;
}

struct ip *host_ip(struct host *h)
{
    return &h->ip;
}

struct tcp *host_tcp(struct host *h)
{
    return h->tcp;
}

struct udp *host_udp(struct host *h)
{
    return &h->udp;
}

struct netif *host_netif(struct host *h, unsigned iface)
{
    return iface < host_netif_count(h) ? h->netifs[iface] : NULL;
}

unsigned host_netif_count(const struct host *h)
{
    return h->bridge ? h->bridge->port_count : h->ip.netif_count;
}
