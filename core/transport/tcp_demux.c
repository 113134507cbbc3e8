/*
 * Which connection is a segment for? The four of addresses and ports name it (RFC 9293, section 3.3.1); a
 * listener stands in for those that do not exist yet. Also: who has which local port, ephemeral ports (RFC
 * 6056, section 3.3.1), initial sequence numbers (RFC 6528).
 */
#include "transport/tcp_conn.h"

static uint32_t demux_hash(const struct tcp *t, struct ip_endpoint local, struct ip_endpoint remote)
{
    uint64_t ports = (uint64_t)local.port << 16 | remote.port;
    return hash_words(&t->machine->secret, remote.addr.lo ^ remote.addr.hi, local.addr.lo ^ local.addr.hi,
                      ports);
}

static struct tcp_conn **demux_bucket(const struct tcp *t, uint32_t hash)
{
    return &t->demux[hash & (t->demux_buckets - 1)];
}

static struct tcp_conn *demux_search(struct tcp_conn *c, struct ip_endpoint local, struct ip_endpoint remote)
{
    while (c && !tcp_demux_is(c, local, remote))
        c = c->demux_next;
    return c;
}

struct tcp_conn *tcp_demux_search(struct tcp *t, struct ip_endpoint local, struct ip_endpoint remote)
{
    struct tcp_conn *c = demux_search(*demux_bucket(t, demux_hash(t, local, remote)), local, remote);
    if (c)
        t->demux_last = c;
    return c;
}

static struct tcp_conn **port_bucket(struct tcp *t, uint16_t port)
{
    return &t->port[(port ^ port >> 8) & (t->port_buckets - 1)];
}

static struct tcp_conn **listen_bucket(struct tcp *t, uint16_t port)
{
    return &t->listen[port & (TCP_LISTEN_BUCKETS - 1)];
}

void tcp_listen_join(struct tcp_conn *listener)
{
    struct tcp_conn **bucket = listen_bucket(listener->tcp, listener->local.port);
    listener->listener->next = *bucket;
    *bucket = listener;
}

void tcp_listen_leave(struct tcp_conn *listener)
{
    struct tcp_conn **at = listen_bucket(listener->tcp, listener->local.port);
    while (*at != listener)
        at = &(*at)->listener->next;
    *at = listener->listener->next;
}

/* A listener on the very address goes before one on any address. */
struct tcp_conn *tcp_demux_listener(const struct tcp *t, struct ip_endpoint local)
{
    struct tcp_conn *any = NULL;
    for (struct tcp_conn *c = *listen_bucket((struct tcp *)t, local.port); c; c = c->listener->next) {
        if (c->local.port != local.port)
            continue;
        if (ip_addr_equal(c->local.addr, local.addr))
            return c;
        if (ip_addr_is_any(c->local.addr))
            any = c;
    }
    return any;
}

/*
 * RFC 9293, 3.6.1 (MAY-2) and RFC 6191, 2: in TIME_WAIT a SYN that cannot be an old one begins a new incarnation.
 * DEVIATION from 3.6.1, (2), as in RFC 6191: there is no way back to TIME_WAIT should it be an old one after all; its
 * numbers are what rules that out. What is not let in is answered as any SYN is (RFC 9293, 3.10.7.4, fourth;
 * RFC 6191 would drop it silently).
 */
static bool reopens(const struct tcp_conn *c, const struct tcp_segment *s)
{
    if (c->state != TCP_TIME_WAIT || (s->h.flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
        return false;
    bool timestamps = c->tcp->config.timestamps && s->h.options.has_timestamps;
    if (timestamps && !c->sends_timestamps)
        return true;
    if (timestamps && s->h.options.ts_value != c->ts_recent)
        return seq_gt(s->h.options.ts_value, c->ts_recent);
    return seq_ge(s->h.seq, c->rcv.nxt);
}

struct tcp_conn *tcp_demux_receiver(struct tcp *t, struct tcp_conn *c, struct tcp_segment *s)
{
    if (c && !reopens(c, s))
        return c;
    struct tcp_conn *listener = tcp_demux_listener(t, (struct ip_endpoint){s->dst, s->h.dst_port});
    if (c && !listener)
        return c;
    if (c) {
        s->reopens = c;
        s->used_to = c->snd.max;
    }
    return listener;
}

static void demux_grow(struct tcp *t)
{
    uint32_t old_buckets = t->demux_buckets;
    struct tcp_conn **old = t->demux;
    struct tcp_conn **bigger = arena_zalloc(t->machine->arena, 2 * old_buckets * sizeof *bigger);
    if (!bigger)
        return; /* longer chains, but it works */
    t->demux = bigger;
    t->demux_buckets = 2 * old_buckets;
    for (uint32_t i = 0; i < old_buckets; i++) {
        struct tcp_conn *next;
        for (struct tcp_conn *c = old[i]; c; c = next) {
            next = c->demux_next;
            struct tcp_conn **bucket = demux_bucket(t, c->demux_hash);
            c->demux_next = *bucket;
            *bucket = c;
        }
    }
    arena_free(t->machine->arena, old, old_buckets * sizeof *old);
}

int tcp_demux_add(struct tcp_conn *c)
{
    struct tcp *t = c->tcp;
    assert(!c->in_demux);
    c->demux_hash = demux_hash(t, c->local, c->remote);
    struct tcp_conn **bucket = demux_bucket(t, c->demux_hash);
    if (demux_search(*bucket, c->local, c->remote))
        return STATUS_EADDRINUSE;
    if (t->demux_count >= t->demux_buckets) {
        demux_grow(t);
        bucket = demux_bucket(t, c->demux_hash);
    }
    c->demux_next = *bucket;
    *bucket = c;
    c->in_demux = true;
    t->demux_last = c; /* its handshake goes on soon */
    t->demux_count++;
    return STATUS_OK;
}

void tcp_demux_remove(struct tcp_conn *c)
{
    struct tcp *t = c->tcp;
    if (!c->in_demux)
        return;
    struct tcp_conn **at = demux_bucket(t, c->demux_hash);
    while (*at != c)
        at = &(*at)->demux_next;
    *at = c->demux_next;
    c->demux_next = NULL;
    c->in_demux = false;
    if (t->demux_last == c)
        t->demux_last = NULL;
    t->demux_count--;
}

static void port_insert(struct tcp *t, struct tcp_conn *c)
{
    struct tcp_conn **bucket = port_bucket(t, c->local.port);
    c->port_next = *bucket;
    c->port_prev = NULL;
    if (*bucket)
        (*bucket)->port_prev = c;
    *bucket = c;
}

static void port_grow(struct tcp *t)
{
    uint32_t old_buckets = t->port_buckets;
    struct tcp_conn **old = t->port;
    struct tcp_conn **bigger = arena_zalloc(t->machine->arena, 2 * old_buckets * sizeof *bigger);
    if (!bigger)
        return; /* longer chains, but it works */
    t->port = bigger;
    t->port_buckets = 2 * old_buckets;
    for (uint32_t i = 0; i < old_buckets; i++) {
        struct tcp_conn *next;
        for (struct tcp_conn *c = old[i]; c; c = next) {
            next = c->port_next;
            port_insert(t, c);
        }
    }
    arena_free(t->machine->arena, old, old_buckets * sizeof *old);
}

void tcp_port_join(struct tcp_conn *c)
{
    struct tcp *t = c->tcp;
    assert(!c->bound && c->local.port);
    if (t->port_count >= t->port_buckets && t->port_buckets < TCP_PORT_BUCKETS_MAX)
        port_grow(t);
    c->bound = true;
    t->port_count++;
    port_insert(t, c);
}

void tcp_port_release(struct tcp_conn *c)
{
    if (!c->bound)
        return;
    if (c->port_prev)
        c->port_prev->port_next = c->port_next;
    else
        *port_bucket(c->tcp, c->local.port) = c->port_next;
    if (c->port_next)
        c->port_next->port_prev = c->port_prev;
    c->port_next = c->port_prev = NULL;
    c->bound = false;
    c->tcp->port_count--;
}

/* May `c` have `local`? As on BSD: not while another has that port on an overlapping address, unless both say
 * SO_REUSEADDR and the other does not listen. */
static bool port_conflicts(struct tcp_conn *c, struct ip_endpoint local)
{
    for (struct tcp_conn *o = *port_bucket(c->tcp, local.port); o; o = o->port_next) {
        if (o == c || o->local.port != local.port)
            continue;
        bool overlap = ip_addr_is_any(o->local.addr) || ip_addr_is_any(local.addr) ||
                       ip_addr_equal(o->local.addr, local.addr);
        bool may_share = c->reuse_addr && o->reuse_addr && o->state != TCP_LISTEN;
        if (overlap && !may_share)
            return true;
    }
    return false;
}

int tcp_port_claim(struct tcp_conn *c, struct ip_endpoint local)
{
    if (port_conflicts(c, local))
        return STATUS_EADDRINUSE;
    c->local = local;
    tcp_port_join(c);
    return STATUS_OK;
}

static struct ip_endpoint ephemeral(const struct tcp_conn *c, uint32_t number)
{
    return (struct ip_endpoint){c->local.addr,
                                (uint16_t)(TCP_EPHEMERAL_FIRST + number % TCP_EPHEMERAL_COUNT)};
}

/*
 * RFC 6056, section 3.3.1, algorithm 1: begin anywhere, take the first that is free. DEVIATION from 3.2: of the dynamic
 * ports alone (RFC 6335, section 6), so that what a student sees at once is told from a service; not of all from 1024 on. Free means that nobody
 * has the port. A connection (`remote.port` not 0) that finds none among TCP_PORT_TRIES shares one instead,
 * if the four are not in use and nobody listens there: with many connections nearly every port is taken, and
 * looking for one that is not would take longer and longer.
 */
int tcp_port_ephemeral(struct tcp_conn *c, struct ip_endpoint remote)
{
    uint32_t start = rng_below(&tcp_machine(c)->rng, TCP_EPHEMERAL_COUNT);
    uint32_t tries = remote.port ? TCP_PORT_TRIES : TCP_EPHEMERAL_COUNT;
    for (uint32_t i = 0; i < tries; i++)
        if (tcp_port_claim(c, ephemeral(c, start + i)) == STATUS_OK)
            return STATUS_OK;
    for (uint32_t i = 0; remote.port && i < TCP_EPHEMERAL_COUNT; i++) {
        struct ip_endpoint local = ephemeral(c, start + i);
        if (!tcp_demux_find(c->tcp, local, remote) && !tcp_demux_listener(c->tcp, local)) {
            c->local = local;
            tcp_port_join(c);
            return STATUS_OK;
        }
    }
    return STATUS_EADDRINUSE;
}

/* RFC 6528, section 3: F(four, secret). IPv4's are three words, for which SipHash takes two blocks instead of five. */
static uint64_t hash_of_four(const struct tcp_conn *c)
{
    const struct hash_key *secret = &tcp_machine(c)->secret;
    uint32_t ports = (uint32_t)c->local.port << 16 | c->remote.port;
    if (ip_addr_is_v4(c->local.addr))
        return hash_three(secret, ip_addr_to_v4(c->local.addr), ip_addr_to_v4(c->remote.addr), ports);
    uint8_t four[36];
    be64_store(four, c->local.addr.hi);
    be64_store(four + 8, c->local.addr.lo);
    be64_store(four + 16, c->remote.addr.hi);
    be64_store(four + 24, c->remote.addr.lo);
    be32_store(four + 32, ports);
    return hash_bytes(secret, bytes_of(four, sizeof four));
}

/* The same: ISN = M + F, M a clock of 4 microseconds. */
seq_t tcp_initial_seq(const struct tcp_conn *c)
{
    if (tcp_faulty(c, TCP_FAULT_FIXED_ISN))
        return TCP_FIXED_ISN;
    return (seq_t)((uint64_t)tcp_now(c) / 4 + hash_of_four(c));
}
