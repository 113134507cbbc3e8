/*
 * Opening: a segment arrives in LISTEN (RFC 9293, section 3.10.7.2) or SYN_SENT (3.10.7.3), and what the two
 * SYNs agree on (MSS: 3.7.1; window scale and timestamps: RFC 7323, sections 2.2 and 3.2).
 */
#include "transport/tcp_conn.h"

/* The smallest scale that lets the field tell of the largest buffer we might grow to (RFC 7323, 2.3). */
uint8_t tcp_scale_for_buffer(void)
{
    uint8_t scale = 0;
    while (scale < TCP_WINDOW_SCALE_MAX && (TCP_RECEIVE_BUFFER_MAX >> scale) > 65535)
        scale++;
    return scale;
}

/* RFC 9293, 3.7.1: the MSS that our SYN tells. */
uint16_t tcp_mss_to_tell(const struct ip_path *path, const struct tcp_options_user *user)
{
    uint32_t mss = path->mtu_bytes - IPV4_HEADER - TCP_HEADER;
    return (uint16_t)(user->mss_max_bytes && user->mss_max_bytes < mss ? user->mss_max_bytes : mss);
}

/* RFC 9293, 3.7.1: the effective MSS, less the options that every segment carries (RFC 6691). */
void tcp_update_mss(struct tcp_conn *c)
{
    uint32_t most = tcp_mss_to_tell(&c->work->path, &c->user);
    if (c->peer_mss < most)
        most = c->peer_mss;
    if (most < TCP_MSS_MIN)
        most = TCP_MSS_MIN;
    c->snd_mss = most - (c->sends_timestamps ? TCP_TIMESTAMPS_BYTES : 0);
}

/* RFC 7323, 5.4: not to be guessed, but the same for the same four, so that timestamps grow from one
 * incarnation of a connection to the next (RFC 6191). */
uint32_t tcp_timestamp_offset(const struct tcp *t, struct ip_endpoint local, struct ip_endpoint remote)
{
    uint64_t ports = (uint64_t)local.port << 16 | remote.port;
    return hash_words(&t->machine->secret, local.addr.lo ^ local.addr.hi, ~(remote.addr.lo ^ remote.addr.hi),
                      ports);
}

/* Before our SYN goes out. */
void tcp_prepare_open(struct tcp_conn *c, seq_t iss)
{
    const struct tcp_config *config = &c->tcp->config;
    c->snd.iss = c->snd.una = c->snd.nxt = c->snd.max = iss;
    c->rtx_next = c->loss_end = c->recover = c->snd.iss;
    c->rcv_scale = config->window_scale ? tcp_scale_for_buffer() : 0;
    c->sends_timestamps = config->timestamps;
    c->uses_sack = config->sack;
    c->ts_offset = config->timestamps ? tcp_timestamp_offset(c->tcp, c->local, c->remote) : 0;
    c->rcv_mss = TCP_MSS_DEFAULT;
    c->ecn = 0;
    c->backoff = c->retransmits = c->probes = 0;
    c->syn_lost = c->rtt_timing = false;
    c->soft_error = 0;
    c->work->progress_us = c->work->heard_us = tcp_now(c);
    tcp_update_mss(c);
    c->cwnd = c->snd_mss;
    c->ssthresh = UINT32_MAX;
}

/* What the peer's SYN says of itself. */
void tcp_negotiate(struct tcp_conn *c, const struct tcp_repr *syn)
{
    c->rcv.irs = syn->seq;
    c->rcv.nxt = c->rcv.acked = syn->seq + 1;
    uint32_t told = c->user.receive_buffer_bytes < 65535 ? c->user.receive_buffer_bytes : 65535;
    c->rcv.adv = c->rcv.nxt + told; /* what our SYN says, or will say */
    c->peer_mss = syn->options.has_mss ? syn->options.mss : TCP_MSS_DEFAULT;
    c->sends_scale = c->tcp->config.window_scale && syn->options.has_window_scale;
    c->snd_scale = c->sends_scale ? syn->options.window_scale : 0;
    c->rcv_scale = c->sends_scale ? c->rcv_scale : 0;
    c->sends_timestamps = c->tcp->config.timestamps && syn->options.has_timestamps;
    c->uses_sack = c->tcp->config.sack && syn->options.sack_permitted;
    if (c->sends_timestamps) {
        c->ts_recent = syn->options.ts_value;
        c->ts_recent_us = tcp_now(c);
    }
    tcp_ecn_negotiate(c, syn);
    tcp_update_mss(c);
    c->snd.wnd = c->snd.wnd_max = syn->window; /* a SYN's window is not scaled */
    c->snd.wl1 = syn->seq;
    c->snd.wl2 = syn->ack;
}

/* A connection for the peer that knocks, in SYN_RCVD; NULL when it cannot be. */
struct tcp_conn *tcp_child_new(struct tcp_conn *listener, const struct tcp_segment *s)
{
    struct tcp *t = listener->tcp;
    struct tcp_conn *c = tcp_conn_new(t, NULL, TRACE_NO_SOCKET);
    if (!c)
        return NULL;
    c->user = listener->user;
    c->cc = listener->cc;
    c->reuse_addr = listener->reuse_addr;
    c->local = (struct ip_endpoint){s->dst, s->h.dst_port};
    c->remote = (struct ip_endpoint){s->src, s->h.src_port};
    c->addresses_sum = s->addresses_sum;
    c->passive = true;
    tcp_port_join(c);
    bool woken = tcp_wake(c) == STATUS_OK; /* which looks up the way */
    if (!woken || !c->work->path.mtu_bytes || tcp_demux_add(c) < 0) {
        tcp_settle(c); /* CLOSED and nobody's: this frees it */
        return NULL;
    }
    c->work->parent = listener;
    listener->listener->half_open++;
    return c;
}

/* RFC 9293, 3.6.1, (1): a connection that follows one in TIME_WAIT begins beyond all that the old one used, which
 * may have been faster than the clock of tcp_initial_seq(). */
static seq_t first_seq(const struct tcp_conn *c, const struct tcp_segment *s)
{
    seq_t iss = tcp_initial_seq(c);
    bool used = s->reopens && seq_lt(iss, s->used_to) && !tcp_faulty(c, TCP_FAULT_FIXED_ISN);
    return used ? s->used_to : iss;
}

enum tcp_verdict tcp_arrive_listen(struct tcp_conn *listener, struct tcp_segment *s)
{
    struct tcp_listener *l = listener->listener;
    if (s->h.flags & TCP_RST) { /* first: a reset is ignored */
        tcp_discarded(listener, s, TCP_DISCARD_RST_IN_LISTEN);
        return TCP_STOP;
    }
    if (s->h.flags & TCP_ACK) { /* second: any acknowledgment is bad, but for that of a SYN cookie */
        if (tcp_cookie_taken(listener, s))
            return TCP_STOP;
        s->rule = RULE_TCP_LISTEN_ACK_RST;
        return TCP_RESET;
    }
    if (!(s->h.flags & TCP_SYN)) { /* fourth: anything else is dropped */
        tcp_discarded(listener, s, TCP_DISCARD_NO_ACK);
        return TCP_STOP;
    }
    enum tcp_syn_cookies cookies = listener->tcp->config.syn_cookies;
    bool full = l->half_open >= l->backlog;
    if (tcp_accept_queue_full(l) || (full && cookies == TCP_SYN_COOKIES_OFF)) {
        listener->tcp->counters.backlog_drops++;
        tcp_discarded(listener, s, TCP_DISCARD_BACKLOG_FULL);
        return TCP_STOP;
    }
    if (s->reopens) {
        tcp_terminate(s->reopens, 0);
        tcp_settle(s->reopens);
    }
    if (full || cookies == TCP_SYN_COOKIES_ALWAYS) {
        tcp_cookie_send(listener, s);
        return TCP_STOP;
    }
    struct tcp_conn *c = tcp_child_new(listener, s); /* third: a SYN */
    if (!c) {
        tcp_discarded(listener, s, TCP_DISCARD_NO_BUFFER);
        return TCP_STOP;
    }
    tcp_prepare_open(c, first_seq(c, s));
    tcp_negotiate(c, &s->h);
    c->segments_in = 1;
    listener->tcp->counters.passive_opens++;
    c->state = TCP_LISTEN; /* so that the trace tells the step that the RFC's diagram has */
    tcp_set_state(c, TCP_SYN_RCVD);
    if (s->h.options.has_fastopen)
        tcp_fastopen_arrive(c, s);
    tcp_settle(c); /* sends SYN+ACK; text that was not taken comes again after the handshake */
    return TCP_STOP;
}

/* Our SYN is acknowledged and theirs has come: 3.10.7.3, fourth. */
static enum tcp_verdict syn_acknowledged(struct tcp_conn *c, struct tcp_segment *s)
{
    if (tcp_fastopen_asks(c))
        tcp_fastopen_answered(c, s);
    c->snd.una = s->h.ack;
    c->rtx_next = c->loss_end = c->snd.una;
    c->snd.wnd = c->snd.wnd_max = s->h.window;
    c->snd.wl1 = s->h.seq;
    c->snd.wl2 = s->h.ack;
    tcp_rtt_acked(c, s->h.ack);
    tcp_timer_stop(c, TCP_TIMER_RETRANSMIT);
    tcp_establish(c);
    if (c->fin_wanted)
        tcp_set_state(c, TCP_FIN_WAIT_1);
    tcp_ack_at_once(c, RULE_TCP_SYN_SENT_ACK);
    if (s->payload.len == 0 && !(s->h.flags & TCP_FIN))
        return TCP_STOP;
    s->h.seq++; /* "other controls or text": go on at the sixth step */
    s->h.flags &= (uint8_t)~TCP_SYN;
    s->had_syn = true;
    return tcp_arrive_synchronised(c, s);
}

enum tcp_verdict tcp_arrive_syn_sent(struct tcp_conn *c, struct tcp_segment *s)
{
    bool has_ack = (s->h.flags & TCP_ACK) != 0;
    bool ack_good = has_ack && seq_gt(s->h.ack, c->snd.iss) && seq_le(s->h.ack, c->snd.max);
    if (has_ack && !ack_good) { /* first */
        s->rule = RULE_TCP_SYN_SENT_ACK_RST;
        tcp_discarded(c, s, TCP_DISCARD_UNACCEPTABLE_ACK);
        return TCP_RESET;
    }
    if (s->h.flags & TCP_RST) { /* second: only one that acknowledges our SYN can be from the peer */
        if (ack_good) {
            c->tcp->counters.failed_opens++;
            c->tcp->counters.resets_received++;
            tcp_terminate(c, STATUS_ECONNREFUSED);
        } else {
            tcp_discarded(c, s, TCP_DISCARD_RST_NOT_EXACT);
        }
        return TCP_STOP;
    }
    if (!(s->h.flags & TCP_SYN)) { /* fifth */
        tcp_discarded(c, s, TCP_DISCARD_NO_ACK);
        return TCP_STOP;
    }
    tcp_negotiate(c, &s->h);
    if (ack_good)
        return syn_acknowledged(c, s);
    /* Simultaneous open: our SYN again, now with an ACK of theirs. DEVIATION: text that came with theirs is not kept; it comes
     * again. */
    tcp_set_state(c, TCP_SYN_RCVD);
    c->fast_open = c->fast_open_option = false;
    c->rtx_now = c->snd.nxt != c->snd.iss;
    c->rtx_rule = RULE_TCP_SIMULTANEOUS_OPEN;
    return TCP_STOP;
}
