/*
 * The way in: what is this segment, whose is it, is it intact (RFC 9293, sections 3.1 and 3.10.7)? Then it goes to
 * where its connection's state has it: LISTEN and SYN_SENT to tcp_handshake.c, the others to tcp_input.c; CLOSED is
 * here. A calm connection's next segment takes the short way of tcp_calm.c.
 */
#include "base/checksum.h"
#include "transport/tcp_calm.h"
#include "transport/tcp_shadow.h"

static RARE void drop_packet(struct tcp *t, const struct ip_packet *p, enum drop_reason reason)
{
    TRACE(t->machine, PACKET_DROPPED, .frame = p->frame_id,
          .u.packet_dropped = {.protocol = TRACE_TCP, .reason = (uint8_t)reason});
}

/* RFC 9293, 3.10.7.1: there is no such connection. */
static void arrive_closed(struct tcp *t, struct tcp_segment *s)
{
    t->counters.in_no_connection++;
    tcp_answer_reset(t, s, RULE_TCP_CLOSED_RST);
}

static enum tcp_verdict arrive(struct tcp_conn *c, struct tcp_segment *s)
{
    c->segments_in++;
    if (c->state == TCP_LISTEN)
        return tcp_arrive_listen(c, s);
    if (tcp_wake(c) < 0) {
        tcp_discarded(c, s, TCP_DISCARD_NO_BUFFER);
        return TCP_STOP;
    }
    c->work->heard_us = tcp_now(c);
    return c->state == TCP_SYN_SENT ? tcp_arrive_syn_sent(c, s) : tcp_arrive_synchronised(c, s);
}

static void trace_received(struct tcp *t, const struct tcp_conn *c, const struct tcp_segment *s,
                           uint32_t *event)
{
    uint8_t scale = c && !(s->h.flags & TCP_SYN) ? c->snd_scale : 0;
    int32_t socket = c ? c->socket : TRACE_NO_SOCKET;
    TRACE(t->machine, HEADER_REMOVED, .frame = s->frame_id, .socket = socket,
          .u.header_removed = {.protocol = TRACE_TCP,
                               .header_bytes = s->h.header_bytes,
                               .total_bytes = (uint32_t)s->payload.len + s->h.header_bytes});
    *event = TRACE(t->machine, TCP_SEGMENT_RECEIVED, .frame = s->frame_id, .socket = socket,
                   .u.tcp_segment_received = {.seq = s->h.seq,
                                              .ack = s->h.ack,
                                              .payload_bytes = (uint32_t)s->payload.len,
                                              .window_bytes = (uint32_t)s->h.window << scale,
                                              .src_port = s->h.src_port,
                                              .dst_port = s->h.dst_port,
                                              .flags = s->h.flags,
                                              .src_addr = (uint32_t)s->src.lo});
}

/*
 * May the text go to its place in the receive ring before the checksum is known? When it is the very next,
 * there is room and nothing is held ahead that it could overwrite. What turns out to be spoilt is not
 * committed and so never seen.
 */
static bool text_goes_ahead(const struct tcp_conn *c, const struct tcp_segment *s)
{
    size_t len = s->payload.len;
    return c->state == TCP_ESTABLISHED && tcp_takes_shortcuts(c->tcp) && !c->held && s->h.seq == c->rcv.nxt &&
           len <= ring_free(&c->work->receive_ring) && len <= (uint32_t)(c->rcv.adv - c->rcv.nxt);
}

static uint32_t sum_text(struct tcp_conn *c, struct tcp_segment *s)
{
    s->in_ring = c && text_goes_ahead(c, s);
    if (s->in_ring)
        return ring_write_ahead_sum(&c->work->receive_ring, 0, s->payload.at, (uint32_t)s->payload.len);
    return checksum_of(s->payload.at, s->payload.len);
}

/* RFC 9293, 3.1. `c` is the connection that the segment says it is for, or NULL. */
static bool verified(struct tcp *t, struct tcp_conn *c, struct tcp_segment *s, const struct ip_packet *p)
{
    s->addresses_sum = c ? c->addresses_sum : checksum_pseudo(p->src, p->dst, IP_PROTOCOL_TCP, 0);
    const uint8_t *at = p->payload.at;
    uint64_t total = s->addresses_sum + BYTES_TURN(16, (uint16_t)p->payload.len);
    if (s->payload.len > 0)
        total += sum_text(c, s);
    total = checksum_total_of_20(at, total);
    if (s->h.header_bytes > TCP_HEADER) {
        size_t options = s->h.header_bytes - (size_t)TCP_HEADER;
        total = checksum_plus(total, checksum_total_of_words(at + TCP_HEADER, options));
    }
    bool good = checksum_total_good(total);
    TRACE(t->machine, CHECKSUM_CHECKED, .frame = p->frame_id,
          .u.checksum_checked = {.protocol = TRACE_TCP, .good = good});
    if (!good && t->config.verify_checksum) {
        t->counters.in_bad_checksum++;
        drop_packet(t, p, DROP_BAD_CHECKSUM);
        return false;
    }
    return true;
}

/* tcp_parse() fills in the rest: clearing all of it first would be felt here. */
static bool segment_read(struct tcp_segment *s, const struct ip_packet *p)
{
    s->src = p->src;
    s->dst = p->dst;
    s->ecn = p->tos & IPV4_ECN_MASK;
    s->frame_id = p->frame_id;
    s->in_ring = false;
    s->had_syn = false;
    s->reopens = NULL;
    s->rule = RULE_NONE;
    if (tcp_parse(&s->h, p->payload) < 0)
        return false;
    s->payload = bytes_from(p->payload, s->h.header_bytes);
    return true;
}

#if TCPLAB_CHECK
/* tcp_calm_arrive() with the proof that it does what the long way does: the copy goes that. */
static bool arrive_calmly(struct tcp_conn *c, const struct ip_packet *p)
{
    struct tcp_shadow shadow;
    struct tcp_segment s;
    if (!tcp_is_calm(c))
        return false;
    tcp_shadow_cast(&shadow, c);
    if (!tcp_calm_arrive(c, p))
        return false;
    if (c->state == TCP_CLOSED || c->state == TCP_TIME_WAIT)
        return true; /* what it had has been given back: a copy could not do that again */
    shadow.tcp.no_shortcuts = true;
    bool good = segment_read(&s, p) && verified(&shadow.tcp, &shadow.conn, &s, p);
    assert(good);
    enum tcp_verdict v = arrive(&shadow.conn, &s);
    assert(v != TCP_RESET);
    shadow.tcp.no_shortcuts = false;
    tcp_shadow_compare(&shadow, c);
    return true;
}
#else
static inline bool arrive_calmly(struct tcp_conn *c, const struct ip_packet *p)
{
    return tcp_calm_arrive(c, p);
}
#endif

/* The connection that the segment before was for: mostly it is that again. */
static inline struct tcp_conn *calm_receiver(const struct tcp *t)
{
    return trace_is_absent(t->machine->trace) && tcp_takes_shortcuts(t) ? t->demux_last : NULL;
}

void tcp_input(void *layer, const struct ip_packet *p)
{
    struct tcp *t = layer;
    struct tcp_segment s;
    struct tcp_conn *c = calm_receiver(t);
    t->counters.in_segments++;
    if (c && arrive_calmly(c, p)) {
        tcp_settle(c);
        return;
    }
    if (!segment_read(&s, p)) {
        t->counters.in_malformed++;
        drop_packet(t, p, DROP_MALFORMED);
        return;
    }
    c = tcp_demux_find(t, (struct ip_endpoint){s.dst, s.h.dst_port},
                       (struct ip_endpoint){s.src, s.h.src_port});
    if (!c && !ip_is_local(t->ip, p->dst)) { /* RFC 9293, 3.9.2.3: never from or to broadcast and multicast */
        drop_packet(t, p, DROP_BAD_ADDRESS);
        return;
    }
    if (!verified(t, c, &s, p))
        return;
    c = tcp_demux_receiver(t, c, &s);
    uint32_t event = 0;
    trace_received(t, c, &s, &event);
    uint32_t before = trace_enter(t->machine->trace, event);
    if (!c) {
        arrive_closed(t, &s);
    } else {
        if (arrive(c, &s) == TCP_RESET)
            tcp_answer_reset(t, &s, s.rule);
        tcp_settle(c);
    }
    trace_leave(t->machine->trace, before);
}
