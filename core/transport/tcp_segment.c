/*
 * Building segments (RFC 9293, section 3.1) and handing them to the internet layer. Nothing is decided here:
 * the plan says what goes. Payload is copied out of the send ring and summed in one pass.
 */
#include "base/checksum.h"
#include "transport/tcp_conn.h"

uint32_t tcp_timestamp_now(const struct tcp_conn *c)
{
    return (uint32_t)(tcp_now(c) / 1000) + c->ts_offset; /* RFC 7323, 5.4: between 1 ms and 1 s a tick */
}

/* The window to tell: what the buffer has left, by silly-window avoidance not a little more than before (RFC 9293,
 * 3.8.6.2.2; the largest segment that came stands for Eff.snd.MSS), never less than before (3.8.6). */
uint32_t tcp_receive_window(const struct tcp_conn *c)
{
    uint32_t buffer = c->user.receive_buffer_bytes;
    uint32_t len = c->work->receive_ring.len;
    uint32_t free_bytes = buffer > len ? buffer - len : 0;
    int32_t told_diff = seq_diff(c->rcv.adv, c->rcv.nxt);
    uint32_t told = told_diff > 0 ? (uint32_t)told_diff : 0;
    if (free_bytes <= told)
        return told;
    uint32_t step = c->rcv_mss < buffer / 2 ? c->rcv_mss : buffer / 2;
    if (free_bytes < told + step && !tcp_faulty(c, TCP_FAULT_NO_SWS_AVOIDANCE))
        return told;
    uint32_t most = 65535u << c->rcv_scale;
    return free_bytes < most ? free_bytes : most;
}

/* The window field, and the right edge that it promises. */
static uint16_t window_field(struct tcp_conn *c, bool syn)
{
    uint32_t window = tcp_receive_window(c);
    uint8_t scale = syn ? 0 : c->rcv_scale; /* RFC 7323, 2.2: the window of a SYN is never scaled */
    uint32_t field = window >> scale;
    if (field > 65535)
        field = 65535;
    c->rcv.adv = seq_max(c->rcv.adv, c->rcv.nxt + (field << scale));
    return (uint16_t)field;
}

static void syn_options(const struct tcp_conn *c, bool has_their_syn, struct tcp_options *o)
{
    const struct tcp_config *config = &c->tcp->config;
    o->has_mss = true;
    o->mss = tcp_mss_to_tell(&c->work->path, &c->user);
    o->has_window_scale = has_their_syn ? c->sends_scale : config->window_scale;
    o->window_scale = c->rcv_scale;
    o->has_timestamps = has_their_syn ? c->sends_timestamps : config->timestamps;
    o->sack_permitted = has_their_syn ? c->uses_sack : config->sack;
    tcp_fastopen_fill(c, o);
}

/* Bytes that the options of a segment may take besides the timestamps. */
static size_t option_room(const struct tcp_conn *c, uint32_t payload_bytes)
{
    size_t room = TCP_OPTIONS_MAX - (c->sends_timestamps ? TCP_TIMESTAMPS_BYTES : 0u);
    size_t spare = c->snd_mss - payload_bytes;
    return spare < room ? spare : room;
}

/* Does a segment of that plan have options: those of a SYN, timestamps, blocks? Or an urgent pointer, which is
 * rarer still? */
static inline bool has_options(const struct tcp_conn *c, const struct tcp_plan *plan)
{
    if ((plan->flags & (TCP_SYN | TCP_URG)) || c->sends_timestamps)
        return true;
    return tcp_sack_has_news(c);
}

static void fill_options(struct tcp_conn *c, const struct tcp_plan *plan, struct tcp_options *o)
{
    bool syn = (plan->flags & TCP_SYN) != 0;
    bool ack = (plan->flags & TCP_ACK) != 0;
    tcp_options_clear(o);
    o->has_timestamps = c->sends_timestamps;
    if (syn)
        syn_options(c, ack, o);
    if (o->has_timestamps) {
        o->ts_value = tcp_timestamp_now(c);
        o->ts_echo = ack ? c->ts_recent : 0;
    }
    if (ack && !syn && c->uses_sack &&
        plan->payload_bytes < c->snd_mss) /* a full segment has no room for blocks */
        tcp_sack_fill(c, o, option_room(c, plan->payload_bytes));
}

/* All but the options. */
static inline void fill_header(const struct tcp_conn *c, const struct tcp_plan *plan, uint16_t window,
                               struct tcp_repr *h)
{
    h->src_port = c->local.port;
    h->dst_port = c->remote.port;
    h->seq = plan->seq;
    h->ack = (plan->flags & TCP_ACK) ? c->rcv.nxt : 0;
    h->flags = plan->flags;
    h->window = window;
    h->urgent = 0;
}

static void push_plain(const struct tcp_conn *c, const struct tcp_plan *plan, uint16_t window,
                       struct frame *f, uint32_t sum)
{
    struct tcp_repr h;
    fill_header(c, plan, window, &h);
    tcp_emit_plain(&h, frame_push(f, TCP_HEADER), sum, plan->payload_bytes);
}

static __attribute__((noinline)) void push_with_options(struct tcp_conn *c, const struct tcp_plan *plan,
                                                        uint16_t window, struct frame *f, uint32_t sum)
{
    struct tcp_repr h;
    fill_header(c, plan, window, &h);
    fill_options(c, plan, &h.options);
    if (plan->flags & TCP_URG)
        h.urgent = tcp_urgent_pointer(c, plan->seq);
    uint32_t bytes = (uint32_t)tcp_length(&h);
    tcp_emit_onto(&h, room_of(frame_push(f, bytes), bytes), sum, plan->payload_bytes);
}

/* The segment is in the frame, nothing else yet. */
static void trace_sent(struct machine *m, int32_t socket, const struct tcp_plan *plan,
                       struct ip_endpoint from, struct ip_endpoint to, seq_t ack, uint32_t window,
                       struct frame *f)
{
#if TCPLAB_TRACE
    f->rule = (uint16_t)plan->rule;
    f->cause = TRACE(m, TCP_SEGMENT_SENT, .rule = (uint16_t)plan->rule, .frame = f->id, .socket = socket,
                     .u.tcp_segment_sent = {.seq = plan->seq,
                                            .ack = ack,
                                            .payload_bytes = plan->payload_bytes,
                                            .window_bytes = window,
                                            .src_port = from.port,
                                            .dst_port = to.port,
                                            .flags = plan->flags,
                                            .retransmission = plan->retransmission,
                                            .dst_addr = (uint32_t)to.addr.lo});
    TRACE(m, HEADER_ADDED, .cause = f->cause, .frame = f->id, .socket = socket,
          .u.header_added = {.protocol = TRACE_TCP,
                             .header_bytes = (uint16_t)(f->len - plan->payload_bytes),
                             .total_bytes = f->len});
#else
    (void)m, (void)socket, (void)plan, (void)from, (void)to, (void)ack, (void)window, (void)f;
#endif
}

/* Is an acknowledgment owed at once that has blocks to tell, for which a segment as full as that has no room? Then a bare
 * one follows (RFC 2018, section 4: each "SHOULD bear a SACK option"). */
static bool blocks_wait(const struct tcp_conn *c, const struct tcp_plan *plan)
{
    return c->ack_now && tcp_sack_has_news(c) && option_room(c, plan->payload_bytes) < TCP_SACK_BYTES_MIN;
}

/* What any segment with an ACK settles: nothing is owed to the peer any more, but perhaps blocks. */
static void acknowledged(struct tcp_conn *c, bool blocks_owed)
{
    c->ack_now = blocks_owed;
    c->rcv.acked = c->rcv.nxt;
    tcp_timer_stop(c, TCP_TIMER_DELAYED_ACK);
}

/* To the internet layer, which puts on what is in front. What is lost below, even here, the timer sends again. */
static void hand_down(struct tcp_conn *c, const struct tcp_plan *plan, struct frame *f)
{
    struct ip *ip = c->tcp->ip;
    struct tcp_work *w = c->work;
    if (!c->ecn && ip_flow_ready(ip, &w->flow, &w->path)) {
        ip_flow_output(ip, &w->flow, &w->path, f);
        return;
    }
    uint8_t ecn = tcp_ecn_is_capable(c, plan) ? IPV4_ECN_ECT_0 : 0;
    struct ip_send s = {.src = c->local.addr,
                        .dst = c->remote.addr,
                        .protocol = IP_PROTOCOL_TCP,
                        .ttl = c->user.ttl,
                        .tos = (uint8_t)((c->user.tos & ~IPV4_ECN_MASK) | ecn),
                        .dont_fragment = !w->may_fragment};
    if (!w->path.mtu_bytes)
        ip_output(ip, f, &s, NULL);
    else if (c->ecn)
        ip_output(ip, f, &s, &w->path);
    else
        ip_flow_begin(ip, &w->flow, f, &s, &w->path);
}

/* A function of each caller's own, so that what is known of its plan is not asked. */
static inline __attribute__((always_inline)) int send_planned(struct tcp_conn *c, const struct tcp_plan *plan)
{
    struct machine *m = tcp_machine(c);
    bool syn = (plan->flags & TCP_SYN) != 0;
    struct frame *f = frame_create(m, plan->payload_bytes);
    if (!f)
        return STATUS_ENOMEM;
    struct tcp_plan marked;
    if (c->ecn || c->urgent || syn) {
        marked = *plan;
        marked.flags |= tcp_ecn_flags(c, plan);
        if (c->urgent && !syn && tcp_urgent_marks(c, plan->seq))
            marked.flags |= TCP_URG;
        plan = &marked;
    }
    uint32_t sum = c->addresses_sum;
    if (plan->payload_bytes) {
        uint8_t *at = frame_append(f, plan->payload_bytes);
        uint32_t offset = plan->seq + syn - tcp_data_seq(c);
        assert(offset + plan->payload_bytes <= c->work->send_ring.len); /* only what the program has given */
        sum = checksum_add(sum, ring_peek_sum(&c->work->send_ring, offset, at, plan->payload_bytes));
    }
    uint16_t window = window_field(c, syn);
    bool options = has_options(c, plan);
    if (options)
        push_with_options(c, plan, window, f, sum);
    else
        push_plain(c, plan, window, f, sum);
    trace_sent(m, c->socket, plan, c->local, c->remote, (plan->flags & TCP_ACK) ? c->rcv.nxt : 0,
               (uint32_t)window << (syn ? 0 : c->rcv_scale), f);
    if (plan->flags & TCP_ACK)
        acknowledged(c, options && blocks_wait(c, plan)); /* blocks are options */
    c->segments_out++;
    c->bytes_sent += plan->payload_bytes;
    c->tcp->counters.out_segments++;
    hand_down(c, plan, f);
    return STATUS_OK;
}

int tcp_segment_send(struct tcp_conn *c, const struct tcp_plan *plan)
{
    return send_planned(c, plan);
}

void tcp_output_ack(struct tcp_conn *c)
{
    assert(c->ack_now && tcp_synchronised(c));
    const struct tcp_plan plan = {.seq = c->snd.nxt, .flags = TCP_ACK, .rule = (enum trace_rule)c->ack_rule};
    if (trace_is_absent(tcp_machine(c)->trace))
        send_planned(c, &plan);
    else
        tcp_segment_send(c, &plan);
}

/* RFC 9293, 3.8.6.1: one byte (or the FIN) beyond a closed window. snd.nxt stays, so the byte goes out again
 * with the rest when the window opens. */
void tcp_send_probe(struct tcp_conn *c)
{
    struct tcp_plan plan = {.seq = c->snd.una, .flags = TCP_ACK, .rule = RULE_TCP_WINDOW_PROBE};
    if (c->work->send_ring.len > 0)
        plan.payload_bytes = 1;
    else if (c->fin_wanted)
        plan.flags |= TCP_FIN;
    plan.retransmission = c->snd.max != c->snd.una;
    if (tcp_segment_send(c, &plan) != STATUS_OK)
        return;
    c->snd.max = seq_max(c->snd.max, c->snd.una + 1);
    if ((plan.flags & TCP_FIN) && c->state == TCP_CLOSE_WAIT)
        tcp_set_state(c, TCP_LAST_ACK);
}

/* RFC 9293, 3.8.4: a sequence number the peer has had, so that it must answer. */
void tcp_send_keepalive(struct tcp_conn *c)
{
    struct tcp_plan plan = {.seq = c->snd.nxt - 1, .flags = TCP_ACK, .rule = RULE_TCP_KEEPALIVE};
    tcp_segment_send(c, &plan);
}

void tcp_send_alone(struct tcp *t, int32_t socket, const struct tcp_repr *h, struct ip_addr src,
                    struct ip_addr dst, enum trace_rule rule)
{
    struct frame *f = frame_create(t->machine, 0);
    if (!f)
        return;
    struct tcp_plan plan = {.seq = h->seq, .flags = h->flags, .rule = rule};
    uint32_t header_bytes = (uint32_t)tcp_length(h);
    tcp_emit(h, room_of(frame_push(f, header_bytes), header_bytes), src, dst, 0, 0);
    trace_sent(t->machine, socket, &plan, (struct ip_endpoint){src, h->src_port},
               (struct ip_endpoint){dst, h->dst_port}, h->ack, h->window, f);
    t->counters.out_segments++;
    struct ip_send s = {.src = src, .dst = dst, .protocol = IP_PROTOCOL_TCP, .dont_fragment = true};
    ip_output(t->ip, f, &s, NULL);
}

static void send_bare(struct tcp *t, int32_t socket, struct ip_addr from, struct ip_addr to,
                      const struct tcp_repr *h, enum trace_rule rule)
{
    t->counters.out_resets++;
    tcp_send_alone(t, socket, h, from, to, rule);
}

/*
 * RFC 9293, 3.10.5: in a synchronised state a reset takes the next sequence number.
 * DEVIATION: it acknowledges as well, as on Linux and BSD, so that a peer that is still in SYN_SENT believes it
 * (3.10.7.3, second). It has a timestamp where the others have (RFC 7323, 3.2).
 */
void tcp_send_reset(struct tcp_conn *c, enum trace_rule rule)
{
    if (c->state == TCP_CLOSED || c->state == TCP_LISTEN || c->state == TCP_SYN_SENT ||
        c->state == TCP_TIME_WAIT)
        return;
    struct tcp_repr h = {.src_port = c->local.port,
                         .dst_port = c->remote.port,
                         .seq = c->snd.nxt,
                         .ack = c->rcv.nxt,
                         .flags = TCP_RST | TCP_ACK};
    if (c->sends_timestamps) {
        h.options.has_timestamps = true;
        h.options.ts_value = tcp_timestamp_now(c);
        h.options.ts_echo = c->ts_recent;
    }
    send_bare(c->tcp, c->socket, c->local.addr, c->remote.addr, &h, rule);
}

/* RFC 9293, 3.10.7.1: a reset in answer to a segment; never to a reset. DEVIATION from RFC 7323, 5.2, as on Linux: without
 * a timestamp, for there is no connection whose clock it could tell. */
void tcp_answer_reset(struct tcp *t, const struct tcp_segment *s, enum trace_rule rule)
{
    if (s->h.flags & TCP_RST)
        return;
    struct tcp_repr h = {.src_port = s->h.dst_port, .dst_port = s->h.src_port};
    if (s->h.flags & TCP_ACK) {
        h.seq = s->h.ack;
        h.flags = TCP_RST;
    } else {
        h.ack = s->h.seq + tcp_seq_length(s->h.flags, (uint32_t)s->payload.len);
        h.flags = TCP_RST | TCP_ACK;
    }
    send_bare(t, TRACE_NO_SOCKET, s->dst, s->src, &h, rule);
}
