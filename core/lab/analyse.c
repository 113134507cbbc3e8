/*
 * The analysis as a whole: which connection a packet belongs to. A SYN that begins anew between the addresses and ports of
 * an old connection begins another one.
 */
#include "lab/analyse.h"

#include "base/hash.h"
#include "wire/ipv4.h"

/* Nobody aims at the buckets of a file that somebody chose to read; the key is a constant. */
static const struct hash_key KEY = {0x616e616c79736973ull, 0x74637020636f6e6eull};

const char *analyse_verdict_name(enum analyse_verdict verdict)
{
    static const char *const names[] = {
#define X(NAME, phrase) #NAME,
        ANALYSE_VERDICT_LIST(X)
#undef X
    };
    assert(verdict < ANALYSE_VERDICT_COUNT);
    return names[verdict];
}

const char *analyse_verdict_phrase(enum analyse_verdict verdict)
{
    static const char *const phrases[] = {
#define X(NAME, phrase) phrase,
        ANALYSE_VERDICT_LIST(X)
#undef X
    };
    assert(verdict < ANALYSE_VERDICT_COUNT);
    return phrases[verdict];
}

const char *analyse_opening_name(enum analyse_opening opening)
{
    static const char *const names[] = {
#define X(NAME, phrase) #NAME,
        ANALYSE_OPENING_LIST(X)
#undef X
    };
    assert(opening < ANALYSE_OPENING_COUNT);
    return names[opening];
}

const char *analyse_closing_name(enum analyse_closing closing)
{
    static const char *const names[] = {
#define X(NAME, phrase) #NAME,
        ANALYSE_CLOSING_LIST(X)
#undef X
    };
    assert(closing < ANALYSE_CLOSING_COUNT);
    return names[closing];
}

struct analysis *analysis_create(struct arena *arena, uint32_t connections_max)
{
    struct analysis *a = arena_zalloc(arena, sizeof *a);
    if (!a)
        return NULL;
    a->arena = arena;
    a->connections_max = connections_max;
    a->bucket_count = 64;
    while (a->bucket_count < connections_max && a->bucket_count < 1u << 20)
        a->bucket_count *= 2;
    a->connection = arena_zalloc(arena, connections_max * sizeof(void *));
    a->chain = arena_zalloc(arena, connections_max * sizeof *a->chain);
    a->bucket = arena_zalloc(arena, a->bucket_count * sizeof *a->bucket);
    return a->connection && a->chain && a->bucket ? a : NULL;
}

const struct analyse_connection *analysis_connection(const struct analysis *a, uint32_t number)
{
    return number >= 1 && number <= a->connection_count ? a->connection[number - 1] : NULL;
}

/* The same for both directions. */
static uint32_t *bucket_of(struct analysis *a, const struct ip_endpoint *x, const struct ip_endpoint *y)
{
    uint32_t h = hash_words(&KEY, x->addr.hi, x->addr.lo, x->port);
    h += hash_words(&KEY, y->addr.hi, y->addr.lo, y->port);
    return &a->bucket[h & (a->bucket_count - 1)];
}

/* The latest connection between two endpoints; *end is who `src` is in it. */
static struct analyse_connection *find(struct analysis *a, const struct ip_endpoint *src,
                                       const struct ip_endpoint *dst, unsigned *end)
{
    for (uint32_t n = *bucket_of(a, src, dst); n > 0; n = a->chain[n - 1]) {
        struct analyse_connection *c = a->connection[n - 1];
        for (*end = 0; *end < 2; ++*end)
            if (ip_endpoint_equal(c->end[*end].endpoint, *src) &&
                ip_endpoint_equal(c->end[1 - *end].endpoint, *dst))
                return c;
    }
    return NULL;
}

static struct analyse_connection *add(struct analysis *a, const struct ip_endpoint *src,
                                      const struct ip_endpoint *dst, int64_t t_ns)
{
    struct analyse_connection *c =
        a->connection_count < a->connections_max ? arena_zalloc(a->arena, sizeof *c) : NULL;
    if (!c) {
        a->ignored++;
        return NULL;
    }
    uint32_t *bucket = bucket_of(a, src, dst);
    a->connection[a->connection_count] = c;
    a->chain[a->connection_count] = *bucket;
    *bucket = ++a->connection_count;
    c->number = a->connection_count;
    c->first_ns = t_ns;
    c->syn_ns = INT64_MIN;
    for (unsigned i = 0; i < 2; i++) {
        c->end[i].endpoint = i == 0 ? *src : *dst;
        c->end[i].scale = ANALYSE_SCALE_UNKNOWN;
        c->end[i].window_bytes_min = UINT32_MAX;
        c->end[i].rtt_us_min = UINT32_MAX;
    }
    return c;
}

/* Does a SYN open another connection between the same ports? One with the same number is sent again. */
static bool begins_anew(const struct analyse_connection *c, const struct analyse_segment *s)
{
    const struct analyse_end *from = &c->end[s->end];
    bool syn_alone = (s->h.flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
    return syn_alone && from->is_known && s->h.seq != from->first_seq;
}

static void read_segment(struct analysis *a, const struct pcap_message *m, struct analysed *out)
{
    struct analyse_segment s = {.t_ns = out->t_ns};
    tcp_options_clear(&s.h.options);
    if (tcp_parse(&s.h, m->bytes) < 0)
        return;
    s.payload_bytes = m->whole_bytes > s.h.header_bytes ? m->whole_bytes - s.h.header_bytes : 0;
    const struct ip_endpoint src = {m->src, s.h.src_port}, dst = {m->dst, s.h.dst_port};
    uint32_t reused = 0;
    out->src_port = src.port;
    out->dst_port = dst.port;
    out->flags = s.h.flags;
    out->payload_bytes = s.payload_bytes;
    out->window_bytes = s.h.window;
    struct analyse_connection *c = find(a, &src, &dst, &s.end);
    if (c && begins_anew(c, &s)) {
        reused = 1u << ANALYSE_REUSED_PORTS;
        c = NULL;
    }
    if (!c) {
        s.end = 0;
        c = add(a, &src, &dst, s.t_ns);
    }
    if (!c)
        return;
    c->last_ns = s.t_ns;
    out->connection = c->number;
    out->end = (uint8_t)s.end;
    out->verdicts = analyse_judge(c, &s) | reused;
    for (unsigned v = 0; v < ANALYSE_VERDICT_COUNT; v++)
        c->end[s.end].verdicts[v] += out->verdicts >> v & 1;
    analyse_take(c, &s, out);
    analyse_states(c, &s);
    out->state[0] = c->end[0].state;
    out->state[1] = c->end[1].state;
}

int analysis_next(struct analysis *a, struct bytes data, struct analysed *out, size_t *used)
{
    struct pcap_packet p;
    struct pcap_message m;
    int got = pcap_in_next(&a->in, data, &p, used);
    if (got <= 0)
        return got;
    *out = (struct analysed){.position = p.position,
                             .t_ns = p.t_ns,
                             .captured_bytes = (uint32_t)p.bytes.len,
                             .wire_bytes = p.wire_bytes,
                             .link_type = p.link_type,
                             .fcs_bytes = p.fcs_bytes};
    if (a->packets++ == 0)
        a->first_ns = p.t_ns;
    a->bytes += p.wire_bytes;
    a->last_ns = p.t_ns;
    if (pcap_message_of(pcap_ip_of(&p), &m)) {
        out->protocol = m.protocol;
        if (m.protocol == IP_PROTOCOL_TCP && !m.fragment)
            read_segment(a, &m, out);
    }
    return 1;
}
