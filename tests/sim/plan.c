/*
 * A plan from a seed: every choice is drawn here, before anything runs, except what programs decide on their way.
 */
#include "sim/sim.h"

static uint32_t between(struct rng *g, uint32_t low, uint32_t high)
{
    return low + rng_below(g, high - low + 1);
}

static bool percent(struct rng *g, uint32_t chance)
{
    return rng_below(g, 100) < chance;
}

/* Each order of magnitude (of two) is equally likely. */
static uint32_t log_between(struct rng *g, uint32_t low, uint32_t high)
{
    unsigned bits = 0;
    while (high >> bits > low)
        bits++;
    uint32_t top = high >> rng_below(g, bits + 1);
    uint32_t bottom = top / 2 > low ? top / 2 : low;
    return between(g, bottom, top > bottom ? top : bottom);
}

static uint32_t pick(struct rng *g, const uint32_t *from, uint32_t count)
{
    return from[rng_below(g, count)];
}

#define PICK(g, ...)                                                                                         \
    pick(g, (const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static enum sim_program pick_program(struct rng *g)
{
    static const uint32_t weights[SIM_PROGRAM_COUNT] = {
#define X(NAME, weight) weight,
        SIM_PROGRAM_LIST(X)
#undef X
    };
    uint32_t total = 0;
    for (int i = 0; i < SIM_PROGRAM_COUNT; i++)
        total += weights[i];
    uint32_t at = rng_below(g, total);
    int program = 0;
    while (at >= weights[program])
        at -= weights[program++];
    return (enum sim_program)program;
}

bool plan_survives(const struct plan *p)
{
    return p->program <= SIM_SHUT_READ;
}

bool plan_bears_cookies(const struct plan *p)
{
    const struct direction_plan *d = &p->direction[0];
    bool once = !d->loss_ppm && !d->corrupt_ppm && !d->duplicate_ppm && d->queue_frames == 1000;
    return once && !d->reorder_ppm && !d->jitter_overtakes && p->down_frames == UINT32_MAX && !p->dynamic_arp;
}

bool plan_delivers(const struct plan *p)
{
    return plan_survives(p) && (p->syn_cookies != TCP_SYN_COOKIES_ALWAYS || plan_bears_cookies(p));
}

bool plan_may_open_twice(const struct plan *p)
{
    bool fast_open = false;
    for (unsigned i = 0; i < 2 * p->connections; i += 2)
        fast_open = fast_open || p->end[i].fast_open;
    bool cookies = p->syn_cookies == TCP_SYN_COOKIES_ALWAYS;
    return ((fast_open || cookies) && !plan_bears_cookies(p)) || (cookies && !plan_survives(p));
}

bool plan_bears_no_control(const struct plan *p)
{
    return p->direction[0].queue_frames >= 100 && p->direction[1].queue_frames >= 100;
}

/* Is it about a connection that times out? */
static bool plan_is_cut(const struct plan *p)
{
    return p->program == SIM_BLACKHOLE || p->program == SIM_CUT;
}

static void plan_network(struct plan *p, struct rng *g)
{
    uint32_t loss = percent(g, 17) ? 0 : pick(g, sim_losses_ppm, SIM_LOSSES);
    uint32_t rtt_us = pick(g, sim_rtts_us, SIM_RTTS);
    uint32_t duplicate = PICK(g, 0, 0, 10000, 100000);
    uint32_t reorder = PICK(g, 0, 0, 10000, 100000, 300000);
    uint32_t corrupt = PICK(g, 0, 0, 0, 1000, 10000, 50000);
    uint32_t rate_kbit = PICK(g, 0, 0, 0, 100000, 10000, 1000, 128);
    uint32_t queue = PICK(g, 1000, 1000, 100, 20, 5, 2);
    bool same = percent(g, 70); /* both directions have the same faults */
    for (unsigned d = 0; d < 2; d++) {
        p->direction[d] = (struct direction_plan){
            .loss_ppm = same || percent(g, 50) ? loss : 0,
            .duplicate_ppm = same || percent(g, 50) ? duplicate : 0,
            .reorder_ppm = same || percent(g, 50) ? reorder : 0,
            .corrupt_ppm = same || percent(g, 50) ? corrupt : 0,
            .rate_bit_per_s = same || percent(g, 70) ? rate_kbit * 1000ull : 0,
            .queue_frames = same || percent(g, 70) ? queue : 1000,
            .reorder_us = rtt_us * between(g, 1, 2),
            .jitter_us = percent(g, 30) ? rtt_us / 4 : 0,
            .jitter_overtakes = percent(g, 20),
            .delay_us = rtt_us / 2,
        };
    }
}

static void plan_hosts(struct plan *p, struct rng *g)
{
    bool corrupts = p->direction[0].corrupt_ppm || p->direction[1].corrupt_ppm;
    uint32_t loss = p->direction[0].loss_ppm > p->direction[1].loss_ppm ? p->direction[0].loss_ppm
                                                                        : p->direction[1].loss_ppm;
    p->ethernet = percent(g, 40);
    p->fcs = p->ethernet && (corrupts || percent(g, 50));
    p->dynamic_arp = p->ethernet && loss <= 1000 && !corrupts && p->direction[0].queue_frames >= 20 &&
                     p->direction[1].queue_frames >= 20 && plan_survives(p);
    uint32_t mtu = PICK(g, 1500, 1500, 576, 9000);
    bool same_mtu = percent(g, 80);
    bool timestamps = percent(g, 60), scale = percent(g, 70), sack = percent(g, 60);
    uint32_t delayed_us = PICK(g, 40000, 40000, 0, 200000, 499000);
    for (unsigned h = 0; h < 2; h++) {
        p->mtu[h] = same_mtu ? mtu : PICK(g, 1500, 576, 9000, 1006);
        p->timestamps[h] = percent(g, 90) ? timestamps : !timestamps;
        p->window_scale[h] = percent(g, 90) ? scale : !scale;
        p->sack[h] = percent(g, 90) ? sack : !sack;
        p->delayed_ack_us[h] = percent(g, 80) ? delayed_us : 40000;
    }
    /* Where one frame in five is lost, fifteen losses in a row do happen. */
    bool bad = loss >= 50000 || corrupts;
    p->retries_max = bad && !plan_is_cut(p) ? 60 : 15;
    p->wrap_host = percent(g, 25) ? (int)rng_below(g, 2) : -1;
    p->wrap_before = log_between(g, 1, 100000);
}

static void plan_down(struct plan *p, struct rng *g)
{
    p->down_frames = UINT32_MAX;
    p->down[0] = p->down[1] = true;
    if (plan_is_cut(p)) {
        p->down_frames = p->program == SIM_CUT ? log_between(g, 1, 400) : 0;
        p->down_us = TIME_NEVER;
        if (percent(g, 30))
            p->down[rng_below(g, 2)] = false;
    } else if (plan_survives(p) && percent(g, 8)) {
        p->down_frames = log_between(g, 1, 200);
        p->down_us = (int64_t)log_between(g, 1000, 200000) * 1000;
        p->dynamic_arp = false;
        p->retries_max = 60;
        if (percent(g, 30))
            p->down[rng_below(g, 2)] = false;
    }
}

/* Buffers, options, and how an end reads and writes. */
static void plan_end(const struct plan *p, struct end_plan *e, struct rng *g)
{
    *e = (struct end_plan){.ending = ENDING_GRACEFUL, .expected = RESULT_OK};
    e->send_buffer = log_between(g, 2048, 262144);
    e->receive_buffer = log_between(g, 2048, 262144);
    e->mss = percent(g, 30) ? PICK(g, 88, 100, 256, 536, 1000, 1220) : 0;
    e->congestion = (enum tcp_congestion)rng_below(g, TCP_CONGESTION_COUNT);
    if (e->congestion == TCP_CONGESTION_NONE && !plan_bears_no_control(p))
        e->congestion = TCP_CONGESTION_NEWRENO;
    e->no_delay = percent(g, 30);
    e->cork = percent(g, 10);
    e->quick_ack = percent(g, 15);
    e->fiddle = percent(g, 15);
    e->more = percent(g, 15);
    e->peek = percent(g, 10);
    e->keepalive = !plan_survives(p) || percent(g, 5);
    e->send_bytes = percent(g, 4) ? 0 : log_between(g, 1, percent(g, 85) ? 65536 : 400000);
    e->write_chunk = percent(g, 50) ? 65536 : log_between(g, 1, 20000);
    e->read_chunk = percent(g, 60) ? 65536 : log_between(g, 1, 20000);
    if (percent(g, 15))
        e->write_pause_us = log_between(g, 10, 500000);
    if (percent(g, 15))
        e->read_pause_us = log_between(g, 10, 500000);
    if (percent(g, 15)) {
        e->stall_us = (int64_t)log_between(g, 1, 900000) * 1000;
        e->stall_at = percent(g, 40) ? 0 : log_between(g, 1, 65536);
    }
}

/* No chunk so small, and no pause so long, that a run takes too many steps or hours. */
static void bound_pace(uint32_t *chunk, uint32_t pause_us, uint32_t bytes)
{
    if (*chunk < bytes / 2000 + 1)
        *chunk = bytes / 2000 + 1;
    uint64_t most = UINT64_C(900) * SIM_SECOND_US;
    while (pause_us && (uint64_t)(bytes / *chunk) * pause_us > most)
        *chunk *= 2;
}

static void bound_sizes(struct end_plan *e, const struct end_plan *peer)
{
    uint32_t mss = e->mss && e->mss < peer->mss ? e->mss : peer->mss;
    if (mss && e->send_bytes > mss * 600)
        e->send_bytes = mss * 600;
    bound_pace(&e->write_chunk, e->write_pause_us, e->send_bytes);
}

static void plan_graceful(const struct plan *p, struct end_plan *client, struct end_plan *server,
                          struct rng *g)
{
    struct end_plan *a = percent(g, 50) ? client : server;
    struct end_plan *b = a == client ? server : client;
    switch (p->program) {
    case SIM_ONE_WAY:
        b->send_bytes = 0;
        a->ending = percent(g, 60) ? ENDING_CLOSE : ENDING_GRACEFUL;
        b->ending = percent(g, 50) ? ENDING_LATE : ENDING_GRACEFUL;
        break;
    case SIM_ECHO:
        server->echo = true;
        server->send_bytes = client->send_bytes;
        server->ending = ENDING_LATE;
        break;
    case SIM_HALF_CLOSE:
        b->send_after_eof = true;
        b->ending = percent(g, 50) ? ENDING_LATE : ENDING_GRACEFUL;
        break;
    case SIM_SERVER_FIRST:
        client->send_bytes = 0;
        server->ending = ENDING_CLOSE;
        client->ending = ENDING_LATE;
        break;
    case SIM_SIMULTANEOUS_CLOSE:
        client->ending = server->ending = ENDING_TOGETHER;
        break;
    case SIM_SHUT_READ:
        a->ending = ENDING_PEER_DONE;
        a->act_at = rng_below(g, b->send_bytes + 1);
        break;
    default: /* both ways: one of them may leave shutdown() out */
        b->ending = percent(g, 30) ? ENDING_LATE : ENDING_GRACEFUL;
        break;
    }
}

static void plan_broken(const struct plan *p, struct end_plan *client, struct end_plan *server, struct rng *g)
{
    struct end_plan *a = percent(g, 50) ? client : server;
    struct end_plan *b = a == client ? server : client;
    unsigned unreachable = p->ethernet ? RESULT_UNREACHABLE : 0;
    if (b->send_bytes == 0)
        b->send_bytes = 1;
    a->expected = RESULT_ON_PURPOSE;
    b->expected = RESULT_RESET;
    switch (p->program) {
    case SIM_ABORT:
    case SIM_LINGER_ZERO:
        a->ending = p->program == SIM_ABORT ? ENDING_ABORT : ENDING_LINGER_ZERO;
        a->act_at = rng_below(g, a->send_bytes + b->send_bytes);
        break;
    case SIM_CLOSE_UNREAD:
        a->ending = ENDING_CLOSE_UNREAD;
        break;
    case SIM_CLOSE_EARLY:
        a->ending = ENDING_CLOSE_EARLY;
        a->act_at = rng_below(g, b->send_bytes);
        b->expected = RESULT_RESET | RESULT_PIPE | RESULT_OK;
        break;
    case SIM_REFUSED:
        client->expected = RESULT_REFUSED;
        server->expected = RESULT_NEVER;
        break;
    case SIM_BLACKHOLE:
        client->expected = RESULT_TIMEOUT | unreachable;
        server->expected = RESULT_NEVER;
        break;
    default: /* cut: all ends in time; a reset may still come when only one direction is dead */
        client->expected = RESULT_OK | RESULT_TIMEOUT | unreachable;
        server->expected = RESULT_OK | RESULT_TIMEOUT | RESULT_NEVER | unreachable;
        if (percent(
                g,
                30)) { /* one of them has closed, and nobody owns its connection, when the other falls silent */
            b->send_bytes = 0;
            a->ending = ENDING_CLOSE;
            a->keepalive = false; /* its own timers must do */
            b->ending = ENDING_LATE;
            b->stall_at = 0;
            b->stall_us = 300 * (int64_t)SIM_SECOND_US; /* longer than anybody waits in FIN_WAIT_2 */
            b->expected |= RESULT_RESET | RESULT_PIPE;
        }
        if (!p->down[0] || !p->down[1]) {
            client->expected |= RESULT_RESET | RESULT_PIPE;
            server->expected |= RESULT_RESET | RESULT_PIPE;
        }
        break;
    }
    if (a == client && (p->program == SIM_ABORT || p->program == SIM_LINGER_ZERO))
        server->expected |= RESULT_NEVER; /* reset before it was accepted */
}

/* How losses and congestion are found. From a stream of its own: a seed's other choices do not depend on these. */
static void plan_signals(struct plan *p)
{
    struct rng g;
    rng_seed(&g, p->seed, 2);
    for (unsigned h = 0; h < 2; h++) {
        p->ecn[h] = (enum tcp_ecn)rng_below(&g, TCP_ECN_COUNT);
        p->rack[h] = percent(&g, 60);
    }
    p->mark_frames = PICK(&g, 0, 1, 3, 10);
}

/* A cookie that was lost is found out by whoever speaks next: keep-alive sees to it that somebody does. Who reads
 * nothing would not hear of it. */
static void plan_cookies(struct plan *p, struct rng *g)
{
    p->syn_cookies = TCP_SYN_COOKIES_WHEN_FULL;
    bool opens_again = p->rounds > 1 && !plan_bears_cookies(p);
    bool looks_away =
        (p->program == SIM_SHUT_READ || p->program == SIM_CLOSE_UNREAD) && !plan_bears_cookies(p);
    if (p->program == SIM_SIMULTANEOUS_OPEN || opens_again || looks_away || !percent(g, 15))
        return;
    p->syn_cookies = TCP_SYN_COOKIES_ALWAYS;
    for (unsigned i = 0; i < 2 * p->connections && !plan_bears_cookies(p); i++) {
        p->end[i].keepalive = true;
        p->end[i].expected |= RESULT_RESET | RESULT_PIPE | (i % 2 ? RESULT_NEVER : 0);
    }
}

/* A program that sends nothing of its own accord has no text for its SYN, and would wait for ever. */
static void plan_fast_open(struct plan *p, struct rng *g)
{
    bool opens_again = p->rounds > 1 && !plan_bears_cookies(p);
    bool given = p->syn_cookies != TCP_SYN_COOKIES_ALWAYS; /* a SYN+ACK with the one has none of the other */
    if (p->dynamic_arp || opens_again || !given || !percent(g, 30))
        return;
    p->fast_open_queue = (uint16_t)PICK(g, 0, 1, 16);
    for (unsigned i = 0; i < 2 * p->connections; i += 2) {
        struct end_plan *client = &p->end[i], *server = &p->end[i + 1];
        client->fast_open = client->send_bytes > 0 && !client->send_after_eof;
        if (!client->fast_open || plan_survives(p))
            continue;
        if (client->expected & RESULT_RESET) /* in SYN_SENT that is what a reset says */
            client->expected |= RESULT_REFUSED;
        if (p->program == SIM_BLACKHOLE) /* it may be handed out before it is found out */
            server->expected |= RESULT_TIMEOUT | (p->ethernet ? RESULT_UNREACHABLE : 0);
        if (client->ending == ENDING_CLOSE_EARLY) /* perhaps before its first text */
            server->expected |= RESULT_NEVER;
    }
}

/* How connections are opened besides, and urgent text. From a stream of its own, as above. */
static void plan_openings(struct plan *p)
{
    struct rng g;
    rng_seed(&g, p->seed, 3);
    plan_cookies(p, &g);
    plan_fast_open(p, &g);
    for (unsigned i = 0; i < 2 * p->connections; i++)
        p->end[i].urgent = percent(&g, 15);
}

void plan_make(struct plan *p, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed, 1);
    *p = (struct plan){.seed = seed};
    p->program = pick_program(&rng);
    plan_network(p, &rng);
    plan_hosts(p, &rng);
    plan_down(p, &rng);
    plan_signals(p);
    p->connections = plan_survives(p) && percent(&rng, 15) ? between(&rng, 2, SIM_CONNECTIONS_MAX) : 1;
    p->rounds = plan_survives(p) && percent(&rng, 20) ? 2 : 1;
    for (unsigned i = 0; i < 2 * p->connections; i += 2) {
        struct end_plan *client = &p->end[i], *server = &p->end[i + 1];
        plan_end(p, client, &rng);
        plan_end(p, server, &rng);
        if (i > 0) { /* one listener: accepted sockets have its options */
            server->send_buffer = p->end[1].send_buffer;
            server->receive_buffer = p->end[1].receive_buffer;
            server->mss = p->end[1].mss;
            server->congestion = p->end[1].congestion;
        }
        bound_sizes(client, server);
        bound_sizes(server, client);
        if (plan_survives(p))
            plan_graceful(p, client, server, &rng);
        else
            plan_broken(p, client, server, &rng);
        bound_pace(&client->read_chunk, client->read_pause_us, server->send_bytes);
        bound_pace(&server->read_chunk, server->read_pause_us, client->send_bytes);
        if (p->program == SIM_CUT &&
            percent(&rng, 30)) { /* losses alone may use it up, with the cable still whole */
            client->user_timeout_ms = log_between(&rng, 1000, 300000);
            server->expected |= RESULT_RESET | RESULT_PIPE;
        }
    }
    plan_openings(p);
}
