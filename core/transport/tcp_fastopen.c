/*
 * TCP Fast Open (RFC 7413): text in the SYN, which the server hands to its program before the handshake is
 * over, so that a short exchange takes a round trip less.
 *
 * What keeps that from being abused is a cookie. A client asks for one with an empty option in an ordinary SYN
 * (4.2.1); the server gives it in its SYN+ACK, a keyed hash of the client's address (4.1.2); the client keeps
 * it (4.1.3) and shows it in later SYNs that carry text (4.2.2). A SYN without the right cookie is an ordinary
 * one: its text is not taken, and comes again after the handshake.
 *
 * The client: connect() of a socket with TCP_FASTOPEN_CONNECT sends nothing while there is a cookie for the
 * host; the first send() makes the SYN. A SYN that has to be sent again goes plain, and that host gets plain
 * ones for a while (4.1.3.1). The server: a listener with TCP_FASTOPEN n hands out at most n connections whose
 * handshake is not over (5.1).
 *
 * Left out on purpose: changing the server's key now and then, and remembering resets among those n. A host's cookie and its
 * refusals are kept by its address alone: not by ours as well, nor by port (4.1.3).
 */
#include "transport/tcp_conn.h"

enum {
    COOKIE_BYTES = 8,
    PEERS_MAX = 32, /* hosts whose cookies are kept; the one not used for longest goes */
};

static const int64_t quiet_us = INT64_C(600) * 1000000; /* no Fast Open with a host where it has failed */

struct peer {
    struct ip_addr addr;
    int64_t used_us;
    int64_t quiet_until_us;
    uint16_t mss;       /* as its last SYN said */
    uint8_t cookie_len; /* 0: none */
    uint8_t cookie[TCP_FASTOPEN_COOKIE_MAX];
};

struct tcp_fastopen_cache {
    uint32_t count;
    struct peer at[PEERS_MAX];
};

static struct peer *peer_find(const struct tcp *t, struct ip_addr addr)
{
    struct tcp_fastopen_cache *cache = t->fastopen;
    for (uint32_t i = 0; cache && i < cache->count; i++) {
        if (ip_addr_equal(cache->at[i].addr, addr))
            return &cache->at[i];
    }
    return NULL;
}

/* The host's entry, made when there is none; NULL: out of memory. */
static struct peer *peer_of(struct tcp *t, struct ip_addr addr)
{
    struct peer *p = peer_find(t, addr);
    if (p)
        return p;
    if (!t->fastopen)
        t->fastopen = arena_zalloc(t->machine->arena, sizeof *t->fastopen);
    struct tcp_fastopen_cache *cache = t->fastopen;
    if (!cache)
        return NULL;
    if (cache->count < PEERS_MAX) {
        p = &cache->at[cache->count++];
    } else {
        p = &cache->at[0];
        for (uint32_t i = 1; i < PEERS_MAX; i++)
            p = cache->at[i].used_us < p->used_us ? &cache->at[i] : p;
    }
    *p = (struct peer){.addr = addr, .used_us = t->machine->now_us};
    return p;
}

/* Client. */

void tcp_fastopen_prepare(struct tcp_conn *c)
{
    c->fast_open = c->fast_open_option = false;
    if (!c->user.fast_open_connect || !(c->tcp->config.fast_open & TCP_FAST_OPEN_CLIENT))
        return;
    struct peer *p = peer_find(c->tcp, c->remote.addr);
    if (p && p->quiet_until_us > tcp_now(c))
        return;
    if (p)
        p->used_us = tcp_now(c);
    c->fast_open_option = true;
    c->fast_open = p && p->cookie_len > 0;
}

uint32_t tcp_fastopen_syn_text(const struct tcp_conn *c)
{
    const struct peer *p = c->fast_open ? peer_find(c->tcp, c->remote.addr) : NULL;
    if (!p || p->cookie_len == 0)
        return 0;
    uint32_t most = tcp_mss_to_tell(&c->work->path, &c->user);
    if (p->mss < most)
        most = p->mss;
    most = most > TCP_OPTIONS_MAX ? most - TCP_OPTIONS_MAX : 0; /* the SYN's options take room, too */
    return c->work->send_ring.len < most ? c->work->send_ring.len : most;
}

/* RFC 7413, 4.1.3.1: something, on the way or at its end, does not let the option or the text pass. */
static void keep_quiet(struct tcp_conn *c)
{
    struct peer *p = peer_of(c->tcp, c->remote.addr);
    if (p)
        p->quiet_until_us = tcp_now(c) + quiet_us;
}

/* RFC 7413, 4.1.3: what the SYN+ACK says of Fast Open, and whether it took our text. That it did not is a negative
 * response, unless it was for the cookie, of which it then gives a new one. */
void tcp_fastopen_answered(struct tcp_conn *c, const struct tcp_segment *s)
{
    uint32_t text = c->snd.max - c->snd.iss - 1;
    uint32_t taken = s->h.ack - c->snd.iss - 1;
    const struct tcp_options *o = &s->h.options;
    assert(!c->passive && taken <= text && taken <= c->work->send_ring.len);
    bool has_cookie = c->fast_open_option && o->has_fastopen && o->fastopen_len > 0;
    struct peer *p = has_cookie ? peer_of(c->tcp, c->remote.addr) : peer_find(c->tcp, c->remote.addr);
    if (p && o->has_mss)
        p->mss = (uint16_t)c->peer_mss;
    if (p && has_cookie) {
        p->cookie_len = o->fastopen_len;
        memcpy(p->cookie, o->fastopen_cookie, o->fastopen_len);
    }
    if (text > 0 && taken > 0)
        c->tcp->counters.fast_opens_active++;
    if (text > 0 && taken == 0)
        c->tcp->counters.fast_opens_refused++;
    if (text > 0 && taken == 0 && !has_cookie)
        keep_quiet(c);
    c->fast_open = taken > 0;
    c->fast_open_option = false;
    ring_consume(&c->work->send_ring, taken);
    c->bytes_acked += taken;
    c->snd.nxt = c->snd.max = s->h.ack; /* what was not taken goes out anew, with the first acknowledgment */
}

/* 4.2.2 and 4.1.3.1: our SYN or SYN+ACK was not answered, or with an ICMP error: it goes again without the option, and a SYN
 * without text. */
void tcp_fastopen_unanswered(struct tcp_conn *c)
{
    if (!c->fast_open_option)
        return;
    c->fast_open_option = false;
    if (c->passive)
        return;
    keep_quiet(c);
    c->fast_open = false;
}

bool tcp_fastopen_takes_text(const struct tcp_conn *c)
{
    if (!c->fast_open)
        return false;
    return c->state == TCP_SYN_RCVD || (c->state == TCP_SYN_SENT && c->snd.nxt == c->snd.iss);
}

/* Server. */

/* RFC 7413, 4.1.2: a keyed hash of the client's address; of ours as well, as a host may have several. */
static void cookie_of(const struct tcp_conn *c, uint8_t cookie[COOKIE_BYTES])
{
    uint8_t said[33];
    be64_store(said, c->remote.addr.hi);
    be64_store(said + 8, c->remote.addr.lo);
    be64_store(said + 16, c->local.addr.hi);
    be64_store(said + 24, c->local.addr.lo);
    said[32] = 'F'; /* no other hash of ours is of as many bytes */
    be64_store(cookie, hash_bytes(&tcp_machine(c)->secret, bytes_of(said, sizeof said)));
}

static bool cookie_good(const struct tcp_conn *c, const struct tcp_options *o)
{
    uint8_t cookie[COOKIE_BYTES];
    cookie_of(c, cookie);
    return o->fastopen_len == COOKIE_BYTES && memcmp(cookie, o->fastopen_cookie, COOKIE_BYTES) == 0;
}

void tcp_fastopen_arrive(struct tcp_conn *c, struct tcp_segment *s)
{
    struct tcp *t = c->tcp;
    assert(c->passive && c->work->parent && c->state == TCP_SYN_RCVD);
    struct tcp_listener *l = c->work->parent->listener;
    uint32_t queue_max = c->work->parent->user.fast_open_queue;
    bool on = (t->config.fast_open & TCP_FAST_OPEN_SERVER) && queue_max > 0;
    if (!on || !s->h.options.has_fastopen)
        return;
    if (!cookie_good(c, &s->h.options)) {
        c->fast_open_option = true;
        return;
    }
    bool fits = s->payload.len > 0 && s->payload.len <= (uint32_t)(c->rcv.adv - c->rcv.nxt);
    if (!fits || l->fast_open_pending >= queue_max)
        return;
    t->counters.fast_opens_passive++;
    tcp_join_queue_early(c);
    s->h.seq++;
    s->h.flags &= (uint8_t) ~(TCP_SYN | TCP_FIN); /* a FIN comes again, after the handshake */
    tcp_process_text(c, s);
}

/* The option of a SYN, or of a SYN+ACK. */
void tcp_fastopen_fill(const struct tcp_conn *c, struct tcp_options *o)
{
    if (!c->fast_open_option)
        return;
    o->has_fastopen = true;
    o->fastopen_len = 0;
    if (c->passive) {
        o->fastopen_len = COOKIE_BYTES;
        cookie_of(c, o->fastopen_cookie);
        return;
    }
    const struct peer *p = peer_find(c->tcp, c->remote.addr);
    if (p && c->fast_open) {
        o->fastopen_len = p->cookie_len;
        memcpy(o->fastopen_cookie, p->cookie, p->cookie_len);
    }
}
