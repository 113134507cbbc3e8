/*
 * One run: hosts and network of a plan, the event loop, and the verdict. After a run nothing may be left over: no
 * connection, no socket, no byte of the arenas, no timer, no frame.
 */
#include "sim/sim.h"

#include "transport/tcp_conn.h"

enum {
    EVENTS_MAX = 3000000,
    EVENTS_PER_INSTANT_MAX = 100000, /* at one and the same time: more means that time stands still */
    HOURS_MAX = 12,
};

void run_fail(struct run *r, const char *format, ...)
{
    if (r->failed)
        return;
    va_list list;
    va_start(list, format);
    vsnprintf(r->reason, sizeof r->reason, format, list);
    va_end(list);
    r->failed = true;
    text_note(r, "FAILED: %s", r->reason);
}

bool arenas_create(struct arenas *a)
{
    for (unsigned h = 0; h < 2; h++) {
        void *memory = calloc(1, SIM_ARENA_BYTES);
        a->arena[h] = memory ? arena_create(memory, SIM_ARENA_BYTES) : NULL;
        a->pristine[h] = a->arena[h] ? malloc(a->arena[h]->used) : NULL;
        if (!a->pristine[h])
            return false;
        a->pristine_bytes[h] = arena_save(a->arena[h], room_of(a->pristine[h], a->arena[h]->used));
    }
    return true;
}

void arenas_destroy(struct arenas *a)
{
    for (unsigned h = 0; h < 2; h++) {
        free(a->pristine[h]);
        free(a->arena[h]);
    }
}

static void socket_woken(struct run *r, unsigned host, int handle)
{
    if (host == 1 && handle == r->listener)
        r->listener_woken = true;
    for (unsigned i = host; i < 2 * r->plan.connections; i += 2) {
        struct end *e = &r->end[i];
        if (e->handle == handle && (e->phase == END_CONNECTING || e->phase == END_OPEN))
            e->woken = true;
    }
}

static void woken_0(void *context, int handle)
{
    socket_woken(context, 0, handle);
}

static void woken_1(void *context, int handle)
{
    socket_woken(context, 1, handle);
}

static void setup_host(struct run *r, unsigned h, struct arena *arena)
{
    const struct plan *p = &r->plan;
    struct host_config hc;
    host_config_default(&hc);
    hc.name = h ? "b" : "a";
    hc.seed = p->seed;
    hc.node = (uint8_t)h;
    hc.sockets_max = 16;
    hc.tcp.timestamps = p->timestamps[h];
    hc.tcp.window_scale = p->window_scale[h];
    hc.tcp.sack = p->sack[h];
    hc.tcp.rack = p->rack[h];
    hc.tcp.ecn = p->ecn[h];
    hc.tcp.fast_open = TCP_FAST_OPEN_BOTH;
    hc.tcp.syn_cookies = p->syn_cookies;
    hc.tcp.delayed_ack_us = p->delayed_ack_us[h];
    hc.tcp.retries_max = p->retries_max;
    if (p->program != SIM_BLACKHOLE && p->program != SIM_CUT)
        hc.tcp.syn_retries_max = p->retries_max;
    struct netif_config nc = {.kind = p->ethernet ? NETIF_ETHERNET : NETIF_RAW_IP,
                              .mtu_bytes = p->mtu[h],
                              .mac = {{2, 0, 0, 0, 0, (uint8_t)(h + 1)}},
                              .addr = host_addr(h),
                              .prefix = 24,
                              .fcs = p->fcs};
    r->arena[h] = arena;
    causes_setup(r, h, arena);
    r->host[h] = host_create(arena, r->trace[h], &hc);
    if (!r->host[h] || host_add_interface(r->host[h], &nc) != 0) {
        run_fail(r, "host %u could not be made", h);
        return;
    }
    if (p->ethernet && !p->dynamic_arp)
        arp_set(&host_netif(r->host[h], 0)->arp, host_addr(1 - h),
                (struct mac_addr){{2, 0, 0, 0, 0, (uint8_t)(2 - h)}});
    sockets_on_ready(host_sockets(r->host[h], 0), h ? woken_1 : woken_0, r);
}

/* When must time begin, so that a host's first sequence number lies just below 2^32? It counts steps of 4 us. */
static int64_t begin_us(struct run *r)
{
    const struct plan *p = &r->plan;
    if (p->wrap_host < 0)
        return 1000;
    bool client = p->wrap_host == 0;
    struct ip_endpoint at_client = {host_addr(0), SIM_CLIENT_PORT},
                       at_server = {host_addr(1), SIM_SERVER_PORT};
    struct tcp_conn probe = {.tcp = host_tcp(r->host[p->wrap_host]),
                             .local = client ? at_client : at_server,
                             .remote = client ? at_server : at_client};
    seq_t at_zero = tcp_initial_seq(&probe);
    return 4 * (int64_t)(uint32_t)(0u - p->wrap_before - at_zero);
}

void run_setup(struct run *r, struct arenas *a)
{
    for (unsigned h = 0; h < 2; h++) {
        arena_restore(a->arena[h], bytes_of(a->pristine[h], a->pristine_bytes[h]));
        setup_host(r, h, a->arena[h]);
    }
    net_init(&r->net, &r->plan);
    rng_seed(&r->rng, r->plan.seed, 2);
    if (r->failed)
        return;
    ends_get_cookie(r);
    r->now_us = r->start_us = begin_us(r);
    for (unsigned h = 0; h < 2; h++) {
        host_poll(r->host[h], r->now_us);
        r->in_use[h] = r->arena[h]->in_use;
    }
}

void run_teardown(struct run *r)
{
    net_free(&r->net);
}

/* Everything that hosts want to send goes to the cable. */
static void collect(struct run *r)
{
    for (unsigned h = 0; h < 2; h++) {
        unsigned iface;
        struct frame *f;
        while ((f = host_output(r->host[h], &iface)) != NULL) {
            if (r->rules && f->rule < RULE_COUNT)
                r->rules[f->rule]++;
            net_send(r, h, frame_bytes(f));
            host_frame_free(r->host[h], f);
        }
    }
}

static int64_t next_event_us(struct run *r)
{
    int64_t next_us = net_next_us(&r->net);
    int64_t ends_us = ends_next_us(r);
    next_us = ends_us < next_us ? ends_us : next_us;
    for (unsigned h = 0; h < 2; h++) {
        int64_t due_us = host_deadline(r->host[h]);
        next_us = due_us < next_us ? due_us : next_us;
    }
    return next_us;
}

static void one_event(struct run *r)
{
    if (net_next_us(&r->net) <= r->now_us) {
        struct flight *f = net_take(&r->net);
        host_input(r->host[f->to], 0, bytes_of(f->bytes, f->len), 0, r->now_us);
        free(f);
    } else {
        for (unsigned h = 0; h < 2; h++)
            if (host_deadline(r->host[h]) <= r->now_us)
                host_poll(r->host[h], r->now_us);
    }
}

static bool all_done(const struct run *r)
{
    for (unsigned i = 0; i < 2 * r->plan.connections; i++)
        if (r->end[i].phase != END_DONE)
            return false;
    return true;
}

/* Plays until nothing is left to happen before `limit_us`; with `until_done` until all programs are done. */
static void play(struct run *r, int64_t limit_us, bool until_done)
{
    uint32_t instant = 0;
    while (!r->failed && !(until_done && all_done(r))) {
        ends_step(r);
        causes_check(r);
        collect(r);
        int64_t next_us = next_event_us(r);
        if (next_us == TIME_NEVER || next_us > limit_us)
            break;
        instant = next_us > r->now_us ? 0 : instant + 1;
        r->now_us = next_us > r->now_us ? next_us : r->now_us;
        if (instant > EVENTS_PER_INSTANT_MAX)
            run_fail(r, "time stands still");
        if (++r->events > EVENTS_MAX)
            run_fail(r, "no end after %llu events", (unsigned long long)r->events);
        if (r->now_us - r->start_us > (int64_t)HOURS_MAX * 3600 * SIM_SECOND_US)
            run_fail(r, "no end after %d hours", HOURS_MAX);
        one_event(r);
        causes_check(r);
    }
    if (limit_us != TIME_NEVER && !until_done)
        r->now_us = limit_us;
}

void run_until_quiet(struct run *r)
{
    play(r, TIME_NEVER, false);
}

void run_until_done(struct run *r)
{
    play(r, TIME_NEVER, true);
}

/*
 * All of it once, until the programs are done; then on for so long that the clock of initial sequence numbers,
 * 250,000 a second, is past what the data took: then nothing that is still under way can be taken for a part of
 * the next round (RFC 9293, 3.4.1). TIME_WAIT is not waited for.
 */
static void play_first_round(struct run *r)
{
    play(r, TIME_NEVER, true);
    if (!r->failed)
        play(r, r->now_us + (int64_t)r->bytes * 5 + 10000, false);
    text_note(r, "once more");
}

static void check_host(struct run *r, unsigned h)
{
    const struct tcp_counters *counters = tcp_counters(host_tcp(r->host[h]));
    const struct netif *n = host_netif(r->host[h], 0);
    bool corrupts = r->plan.direction[1 - h].corrupt_ppm > 0;
    if (counters->connections != 0)
        run_fail(r, "host %u: %u connections are left", h, counters->connections);
    else if (socket_next(host_sockets(r->host[h], r->now_us), 0) != 0)
        run_fail(r, "host %u: a socket is left", h);
    else if (n->queue_count != 0)
        run_fail(r, "host %u: %u frames are left", h, n->queue_count);
    else if (r->arena[h]->in_use != r->in_use[h])
        run_fail(r, "host %u: %zu bytes of memory in use, before it were %zu", h, r->arena[h]->in_use,
                 r->in_use[h]);
    else if (!corrupts && (counters->in_bad_checksum || counters->in_malformed))
        run_fail(r, "host %u: %llu bad checksums and %llu malformed segments on a clean cable", h,
                 (unsigned long long)counters->in_bad_checksum, (unsigned long long)counters->in_malformed);
}

static void close_listener(struct run *r)
{
    if (r->listener && !r->failed)
        socket_close(host_sockets(r->host[1], r->now_us), r->listener);
    r->listener = 0;
}

bool run_seed(struct run *r, struct arenas *a, uint64_t seed)
{
    bool verbose = r->verbose;
    uint64_t *rules = r->rules;
    *r = (struct run){.verbose = verbose, .rules = rules};
    plan_make(&r->plan, seed);
    if (verbose)
        text_plan(&r->plan);
    run_setup(r, a);
    for (r->round = 0; r->round < r->plan.rounds && !r->failed; r->round++) {
        ends_open(r);
        if (r->round + 1 < r->plan.rounds)
            play_first_round(r);
        else
            run_until_quiet(r);
        if (!r->failed)
            ends_judge(r);
    }
    close_listener(r);
    if (!r->failed)
        run_until_quiet(r);
    for (unsigned h = 0; h < 2 && !r->failed; h++)
        check_host(r, h);
    if (r->failed && verbose)
        text_connections(r);
    run_teardown(r);
    return !r->failed;
}
