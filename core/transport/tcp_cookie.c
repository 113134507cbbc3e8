/*
 * SYN cookies (RFC 4987, section 3.6): a listener that is flooded with SYNs answers without remembering
 * anything. Its initial sequence number says all that it must know again when the third message of the
 * handshake comes, and cannot be forged, since a part of it is a keyed hash.
 *
 *        31      27 26    24 23                                 0
 *       | counter  |  MSS   |  SipHash of the four, top and ISN  |   + the ISN of the peer
 *
 * The counter goes on every 64 seconds; a cookie is good until it is two counts old. Of the peer's MSS the
 * next lower one in a table of eight is remembered. Window scale, SACK and ECN have no place in it: they are
 * told in the low bits of our timestamp, which the peer echoes, as Linux does. A peer without timestamps gets
 * none of the three.
 *
 * Left out on purpose: text that comes with the SYN (it comes again), and sending the SYN+ACK again when it
 * is lost (the peer sends its SYN again).
 */
#include "transport/tcp_conn.h"

enum {
    COOKIE_PERIOD_US = 64000000,
    COOKIE_PERIODS = 2, /* how old a cookie may be */
    COOKIE_HASH_BITS = 24,
    COOKIE_MSS_BITS = 3,
    COOKIE_COUNTER_MASK = 31,
    OPTION_BITS = 6,        /* of the timestamp: */
    OPTION_SCALE_MASK = 15, /* the window scale; 15: none */
    OPTION_SACK = 1 << 4,
    OPTION_ECN = 1 << 5,
};

/* What peers say most: the least we would send, the default, and Ethernet with this and that taken off. */
static const uint16_t mss_table[1 << COOKIE_MSS_BITS] = {88, 536, 1024, 1220, 1360, 1440, 1460, 8960};

static unsigned mss_index(uint16_t mss)
{
    unsigned i = (1 << COOKIE_MSS_BITS) - 1;
    while (i > 0 && mss_table[i] > mss)
        i--;
    return i;
}

static uint32_t counter_now(const struct tcp *t)
{
    return (uint32_t)(t->machine->now_us / COOKIE_PERIOD_US);
}

static seq_t cookie_of(const struct tcp *t, const struct tcp_segment *s, seq_t peer_isn, uint32_t counter,
                       unsigned index)
{
    uint8_t said[45];
    assert(index < sizeof mss_table / sizeof *mss_table);
    be64_store(said, s->src.hi);
    be64_store(said + 8, s->src.lo);
    be64_store(said + 16, s->dst.hi);
    be64_store(said + 24, s->dst.lo);
    be16_store(said + 32, s->h.src_port);
    be16_store(said + 34, s->h.dst_port);
    be32_store(said + 36, counter);
    said[40] = (uint8_t)index;
    be32_store(said + 41, peer_isn); /* else, with as much sent both ways, a later ACK would show one, too */
    uint32_t hash = (uint32_t)hash_bytes(&t->machine->secret, bytes_of(said, sizeof said));
    uint32_t top = (counter & COOKIE_COUNTER_MASK) << COOKIE_MSS_BITS | index;
    return peer_isn + (top << COOKIE_HASH_BITS | (hash & ((1u << COOKIE_HASH_BITS) - 1)));
}

/* The MSS that the cookie remembers which this segment acknowledges; 0: it is none of ours, or too old. */
static uint16_t cookie_mss(const struct tcp *t, const struct tcp_segment *s)
{
    seq_t peer_isn = s->h.seq - 1;
    seq_t cookie = s->h.ack - 1;
    uint32_t top = (cookie - peer_isn) >> COOKIE_HASH_BITS;
    unsigned index = top & ((1 << COOKIE_MSS_BITS) - 1);
    uint32_t age = (counter_now(t) - (top >> COOKIE_MSS_BITS)) & COOKIE_COUNTER_MASK;
    bool good = age < COOKIE_PERIODS && cookie_of(t, s, peer_isn, counter_now(t) - age, index) == cookie;
    return good ? mss_table[index] : 0;
}

/* What our SYN+ACK agrees to, where the peer's timestamps let us remember it. */
static void answer_options(const struct tcp_conn *listener, const struct tcp_segment *s, struct tcp_repr *h)
{
    const struct tcp *t = listener->tcp;
    const struct tcp_config *config = &t->config;
    const struct tcp_options *asked = &s->h.options;
    struct tcp_options *o = &h->options;
    o->has_timestamps = config->timestamps && asked->has_timestamps;
    if (!o->has_timestamps)
        return;
    o->has_window_scale = config->window_scale && asked->has_window_scale;
    o->window_scale = o->has_window_scale ? tcp_scale_for_buffer() : 0;
    o->sack_permitted = config->sack && asked->sack_permitted;
    uint32_t bits = o->has_window_scale ? asked->window_scale : OPTION_SCALE_MASK;
    if (o->sack_permitted)
        bits |= OPTION_SACK;
    if (tcp_ecn_agrees(listener, &s->h)) {
        h->flags |= TCP_ECE;
        bits |= OPTION_ECN;
    }
    uint32_t clock = (uint32_t)(t->machine->now_us / 1000) +
                     tcp_timestamp_offset(t, (struct ip_endpoint){s->dst, s->h.dst_port},
                                          (struct ip_endpoint){s->src, s->h.src_port});
    uint32_t value = (clock & ~((1u << OPTION_BITS) - 1)) | bits;
    if (seq_gt(value, clock)) /* a timestamp of the future would make those that follow look old */
        value -= 1u << OPTION_BITS;
    o->ts_value = value;
    o->ts_echo = asked->ts_value;
}

void tcp_cookie_send(struct tcp_conn *listener, const struct tcp_segment *s)
{
    struct tcp *t = listener->tcp;
    struct ip_path path;
    assert(listener->state == TCP_LISTEN && (s->h.flags & TCP_SYN));
    if (ip_route(t->ip, s->src, &path) < 0)
        return;
    uint16_t their_mss = s->h.options.has_mss ? s->h.options.mss : TCP_MSS_DEFAULT;
    uint32_t buffer = listener->user.receive_buffer_bytes;
    struct tcp_repr h = {
        .src_port = s->h.dst_port,
        .dst_port = s->h.src_port,
        .seq = cookie_of(t, s, s->h.seq, counter_now(t), mss_index(their_mss)),
        .ack = s->h.seq + 1,
        .flags = TCP_SYN | TCP_ACK,
        .window = (uint16_t)(buffer < 65535 ? buffer : 65535),
    };
    h.options.has_mss = true;
    h.options.mss = tcp_mss_to_tell(&path, &listener->user);
    answer_options(listener, s, &h);
    listener->listener->cookies_until_us = t->machine->now_us + (int64_t)COOKIE_PERIODS * COOKIE_PERIOD_US;
    t->counters.cookies_sent++;
    tcp_send_alone(t, listener->socket, &h, s->dst, s->src, RULE_TCP_SYN_COOKIE);
}

/* The SYN as far as the cookie and the echoed timestamp remember it. */
static void remember_syn(const struct tcp *t, const struct tcp_segment *s, uint16_t mss, struct tcp_repr *syn)
{
    const struct tcp_options *had = &s->h.options;
    uint32_t bits = had->ts_echo;
    unsigned scale = bits & OPTION_SCALE_MASK;
    *syn = (struct tcp_repr){.seq = s->h.seq - 1, .flags = TCP_SYN, .window = s->h.window};
    syn->options.has_mss = true;
    syn->options.mss = mss;
    if (!t->config.timestamps || !had->has_timestamps)
        return;
    syn->options.has_timestamps = true;
    syn->options.ts_value = had->ts_value;
    syn->options.has_window_scale = scale <= TCP_WINDOW_SCALE_MAX;
    syn->options.window_scale = syn->options.has_window_scale ? (uint8_t)scale : 0;
    syn->options.sack_permitted = (bits & OPTION_SACK) != 0;
    if (bits & OPTION_ECN)
        syn->flags |= TCP_ECE | TCP_CWR;
}

bool tcp_cookie_taken(struct tcp_conn *listener, struct tcp_segment *s)
{
    struct tcp *t = listener->tcp;
    struct tcp_listener *l = listener->listener;
    if (l->cookies_until_us <= t->machine->now_us || (s->h.flags & TCP_SYN))
        return false;
    uint16_t mss = cookie_mss(t, s);
    if (mss == 0) {
        t->counters.cookies_failed++;
        return false;
    }
    if (tcp_accept_queue_full(l)) {
        tcp_discarded(listener, s, TCP_DISCARD_BACKLOG_FULL);
        return true;
    }
    struct tcp_conn *c = tcp_child_new(listener, s);
    if (!c) {
        tcp_discarded(listener, s, TCP_DISCARD_NO_BUFFER);
        return true;
    }
    struct tcp_repr syn;
    remember_syn(t, s, mss, &syn);
    tcp_prepare_open(c, s->h.ack - 1);
    tcp_negotiate(c, &syn);
    c->snd.nxt = c->snd.max = s->h.ack;
    c->segments_in = 1;
    t->counters.cookies_taken++;
    t->counters.passive_opens++;
    c->state = TCP_LISTEN; /* for the trace, as when the SYN had made it */
    tcp_set_state(c, TCP_SYN_RCVD);
    tcp_arrive_synchronised(c, s);
    if (c->state ==
        TCP_SYN_RCVD) /* the segment did not pass the checks: it was not the third of a handshake */
        tcp_terminate(c, 0);
    tcp_settle(c);
    return true;
}
