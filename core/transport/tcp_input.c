/*
 * SEGMENT ARRIVES in a synchronised state (RFC 9293, section 3.10.7.4), in its order, one function a check, with RFC
 * 5961's and RFC 7323's (PAWS) in their places. The way in is tcp_arrive.c, LISTEN and SYN_SENT are in tcp_handshake.c.
 *
 * A check returns what is to happen (enum tcp_verdict) and marks in the connection what is owed to the peer;
 * nothing is sent from the middle: tcp_settle() does that at the end.
 *
 * Left out: security and compartment (3.10.7.4, third; IPv4 options that nobody uses).
 */
#include "transport/tcp_conn.h"

/* RFC 7323, 5.5: after 24 days of silence TS.Recent says nothing any more. */
static bool ts_recent_outdated(const struct tcp_conn *c)
{
    const int64_t idle_limit_us = INT64_C(24) * 86400 * 1000000;
    return tcp_now(c) - c->ts_recent_us > idle_limit_us;
}

/* RFC 7323, 5.3, R1. True when the segment is an old duplicate. */
static bool paws_rejects(struct tcp_conn *c, const struct tcp_segment *s)
{
    if (tcp_faulty(c, TCP_FAULT_NO_PAWS) || !c->sends_timestamps || !s->h.options.has_timestamps ||
        (s->h.flags & TCP_RST))
        return false;
    bool older = seq_lt(s->h.options.ts_value, c->ts_recent);
    return older && !ts_recent_outdated(c);
}

/* RFC 7323, 3.2: once timestamps are agreed on, a segment without them is not the peer's. Not so resets, nor
 * a SYN, which is answered whatever it carries (RFC 5961, 4.2). */
static bool lacks_timestamp(const struct tcp_conn *c, const struct tcp_segment *s)
{
    return c->sends_timestamps && !s->h.options.has_timestamps && !(s->h.flags & (TCP_RST | TCP_SYN)) &&
           !tcp_faulty(c, TCP_FAULT_NO_PAWS);
}

/* RFC 7323, 4.3 (2). */
static inline void take_timestamp(struct tcp_conn *c, const struct tcp_segment *s)
{
    bool takes = c->sends_timestamps && s->h.options.has_timestamps && seq_le(s->h.seq, c->rcv.acked);
    if (takes && (seq_ge(s->h.options.ts_value, c->ts_recent) || ts_recent_outdated(c))) {
        c->ts_recent = s->h.options.ts_value;
        c->ts_recent_us = tcp_now(c);
    }
}

/* Is any of the segment in the window? The four cases of the table in RFC 9293, 3.10.7.4, first. */
static bool acceptable(const struct tcp_conn *c, seq_t seq, uint32_t len)
{
    uint32_t window = c->rcv.adv - c->rcv.nxt;
    if (len == 0)
        return window == 0 ? seq == c->rcv.nxt : seq_in_window(seq, c->rcv.nxt, window);
    if (window == 0)
        return false;
    return seq_in_window(seq, c->rcv.nxt, window) || seq_in_window(seq + len - 1, c->rcv.nxt, window);
}

/* RFC 5961, 4.2: "irrespective of the sequence number". */
static void challenge_syn(struct tcp_conn *c)
{
    tcp_challenge_ack(c, RULE_TCP_CHALLENGE_SYN);
}

/* An unacceptable segment: answered with an ACK, unless it is a reset. DEVIATION from RFC 9293, 3.10.7.4, first,
 * as on Linux: a bare ACK is answered like what RFC 5961, section 7, has a limit for. */
static RARE enum tcp_verdict refuse(struct tcp_conn *c, const struct tcp_segment *s, enum tcp_discard reason,
                                    enum trace_rule rule)
{
    uint32_t len = tcp_seq_length(s->h.flags, (uint32_t)s->payload.len);
    bool their_fin =
        reason == TCP_DISCARD_DUPLICATE && (s->h.flags & TCP_FIN) && s->h.seq + len == c->rcv.nxt;
    tcp_discarded(c, s, reason);
    if (s->h.flags & TCP_RST)
        return TCP_STOP;
    if (s->h.flags & TCP_SYN) {
        challenge_syn(c);
    } else if (c->state == TCP_TIME_WAIT && their_fin) {
        tcp_timer_arm(c, TCP_TIMER_TIME_WAIT, tcp_now(c) + 2 * (int64_t)c->tcp->config.msl_us);
        tcp_ack_at_once(c, RULE_TCP_TIME_WAIT_ACK);
    } else if (s->payload.len || (s->h.flags & TCP_FIN) || rule != RULE_TCP_OUT_OF_WINDOW_ACK ||
               c->state == TCP_TIME_WAIT) {
        tcp_ack_at_once(c, rule);
    } else {
        tcp_challenge_ack(c, rule); /* bare ACKs could answer each other for ever; keep-alives are such too */
    }
    return TCP_STOP;
}

/* Cuts off what lies left and right of the window. */
static void trim(struct tcp_conn *c, struct tcp_segment *s)
{
    if (seq_lt(s->h.seq, c->rcv.nxt)) {
        uint32_t old = c->rcv.nxt - s->h.seq;
        if (s->h.flags & TCP_SYN) {
            s->h.flags &= (uint8_t)~TCP_SYN;
            old--;
        }
        if (old > s->payload.len)
            old = (uint32_t)s->payload.len;
        if (c->uses_sack && old > 0) { /* RFC 2883, 4.2: a duplicate in part is told of, too */
            tcp_sack_duplicate(c, c->rcv.nxt - old, c->rcv.nxt);
            tcp_ack_at_once(c, RULE_TCP_ACK_PARTLY_OLD);
        }
        s->payload = bytes_from(s->payload, old);
        uint32_t moved = c->rcv.nxt - s->h.seq; /* the urgent pointer counts from seq */
        if (s->h.urgent < moved)
            s->h.flags &= (uint8_t)~TCP_URG;
        s->h.urgent = (uint16_t)(s->h.urgent - moved);
        s->h.seq = c->rcv.nxt;
    }
    uint32_t room = c->rcv.adv - s->h.seq;
    if (s->payload.len >= room) /* the FIN's number comes after the text */
        s->h.flags &= (uint8_t)~TCP_FIN;
    if (s->payload.len > room) {
        s->payload = bytes_first(s->payload, room);
        s->h.flags &= (uint8_t)~TCP_PSH;
    }
}

/*
 * DEVIATION from RFC 9293, 3.10.7.4, first: while a window probe of ours is unanswered, a bare ACK one below the
 * window that acknowledges something new is heard all the same. Its sender had a probe taken, too, and has not
 * learned of it; its bare ACKs have the number before the probe. When both sides are in that position each
 * drops what the other says, for ever. It is safe: what an ACK acknowledges stays true however old it is, its
 * window counts only if it is the newest (tcp_update_window()), and text or a FIN is never let in this way.
 */
static bool acknowledges_behind_probe(const struct tcp_conn *c, const struct tcp_segment *s, uint32_t len)
{
    bool probing = c->snd.max != c->snd.nxt;
    bool behind = len == 0 && s->h.seq + 1 == c->rcv.nxt && (s->h.flags & (TCP_ACK | TCP_RST)) == TCP_ACK;
    return probing && behind && seq_gt(s->h.ack, c->snd.una) && seq_le(s->h.ack, c->snd.max);
}

/* RFC 9293, 3.10.7.4, first: check sequence number. */
static enum tcp_verdict check_sequence(struct tcp_conn *c, struct tcp_segment *s)
{
    bool reset = (s->h.flags & TCP_RST) != 0;
    uint32_t len =
        reset ? 0 : tcp_seq_length(s->h.flags, (uint32_t)s->payload.len); /* RFC 5961, 3.2: SEG.SEQ */
    if (lacks_timestamp(c, s)) {
        tcp_discarded(c, s, TCP_DISCARD_NO_TIMESTAMP);
        return TCP_STOP;
    }
    if (paws_rejects(c, s))
        return refuse(c, s, TCP_DISCARD_OLD_TIMESTAMP, RULE_TCP_OUT_OF_WINDOW_ACK);
    if (!acceptable(c, s->h.seq, len)) {
        /* "If the RCV.WND is zero, special allowance should be made to accept valid ACKs": a probe's data is
         * dropped, its ACK is not. */
        bool probe =
            c->rcv.adv == c->rcv.nxt && s->h.seq == c->rcv.nxt && !(s->h.flags & (TCP_RST | TCP_SYN));
        if (acknowledges_behind_probe(c, s, len)) {
            tcp_ack_at_once(c, RULE_TCP_OUT_OF_WINDOW_ACK);
            return TCP_CONTINUE;
        }
        if (!probe) {
            bool old = len > 0 && seq_le(s->h.seq + len, c->rcv.nxt);
            if (old)
                tcp_sack_duplicate(c, s->h.seq, s->h.seq + (uint32_t)s->payload.len);
            return refuse(c, s, old ? TCP_DISCARD_DUPLICATE : TCP_DISCARD_OUT_OF_WINDOW,
                          RULE_TCP_OUT_OF_WINDOW_ACK);
        }
        tcp_discarded(c, s, TCP_DISCARD_OUT_OF_WINDOW);
        tcp_ack_at_once(c, RULE_TCP_PROBE_ANSWER);
        s->payload = bytes_first(s->payload, 0);
        s->h.flags &= (uint8_t)~TCP_FIN;
    }
    take_timestamp(c, s);
    return TCP_CONTINUE;
}

/* Second: check the RST bit, as RFC 5961 section 3.2 has it. */
static RARE enum tcp_verdict check_reset(struct tcp_conn *c, struct tcp_segment *s)
{
    if (!(s->h.flags & TCP_RST))
        return TCP_CONTINUE;
    if (s->h.seq != c->rcv.nxt) {
        tcp_discarded(c, s, TCP_DISCARD_RST_NOT_EXACT);
        tcp_challenge_ack(c, RULE_TCP_CHALLENGE_ACK);
        return TCP_STOP;
    }
    c->tcp->counters.resets_received++;
    switch (c->state) {
    case TCP_SYN_RCVD: /* a passive open goes back to LISTEN: the listener is still there; an active one was
                          refused */
        c->tcp->counters.failed_opens++;
        tcp_terminate(c, c->owner ? (c->passive ? STATUS_ECONNRESET : STATUS_ECONNREFUSED) : 0);
        break;
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT:
        tcp_terminate(c, 0);
        break;
    default:
        tcp_terminate(c, STATUS_ECONNRESET);
        break;
    }
    return TCP_STOP;
}

/*
 * DEVIATION from RFC 9293, 3.10.7.4, first: in SYN_RCVD the peer's SYN again, left of the window, is not just
 * acknowledged. After a passive open it means that our SYN+ACK was lost, which goes out again at once, as on
 * Linux and BSD, and acknowledges as well; after a simultaneous open it comes with the ACK that opens the
 * connection (3.5, figure 7).
 */
static bool is_their_syn_again(const struct tcp_conn *c, const struct tcp_segment *s)
{
    uint8_t flags = c->passive ? TCP_SYN : TCP_SYN | TCP_ACK;
    return c->state == TCP_SYN_RCVD && s->h.seq == c->rcv.irs &&
           (s->h.flags & (TCP_SYN | TCP_ACK | TCP_RST)) == flags;
}

/* Fourth: check the SYN bit, as RFC 5961 section 4.2 has it. */
static enum tcp_verdict check_syn(struct tcp_conn *c, struct tcp_segment *s)
{
    if (!(s->h.flags & TCP_SYN))
        return TCP_CONTINUE;
    bool again = is_their_syn_again(c, s);
    if (again && c->passive) { /* our SYN+ACK was lost */
        tcp_ecn_syn_again(c, &s->h);
        c->rtx_now = true;
        c->rtx_rule = RULE_TCP_SYN_AGAIN;
        return TCP_STOP;
    }
    if (again) { /* simultaneous open: their SYN again, now with the ACK of ours */
        s->h.flags &= (uint8_t)~TCP_SYN;
        s->h.seq++;
        s->had_syn = true;
        return TCP_CONTINUE;
    }
    tcp_discarded(c, s, TCP_DISCARD_SYN_IN_CONNECTION);
    if (c->state == TCP_SYN_RCVD && c->passive &&
        !c->owner) /* "return this connection to the LISTEN state": the listener is still there */
        tcp_terminate(c, 0);
    else
        challenge_syn(c);
    return TCP_STOP;
}

/* Data for a program that has gone: RFC 9293, 3.6.1 and RFC 1122, 4.2.2.13. */
static enum tcp_verdict check_reader(struct tcp_conn *c, struct tcp_segment *s)
{
    bool orphan = !c->owner && !c->work->parent && (c->state == TCP_FIN_WAIT_1 || c->state == TCP_FIN_WAIT_2);
    if (!orphan || s->payload.len == 0 || seq_le(s->h.seq + (uint32_t)s->payload.len, c->rcv.nxt))
        return TCP_CONTINUE;
    tcp_discarded(c, s, TCP_DISCARD_CLOSED_TO_DATA);
    tcp_send_reset(c, RULE_TCP_DATA_AFTER_CLOSE_RST);
    tcp_terminate(c, 0);
    return TCP_STOP;
}

/*
 * Header prediction (Van Jacobson; 4BSD-Reno): of a segment that is the very next, that has nothing but ACK and
 * perhaps PSH and FIN set, a timestamp that is not old if it must have one, and that fits into the window, the
 * first four checks have nothing to say but to take the timestamp, and there is nothing to trim; whatever the
 * state, for only a SYN or a reset makes them ask. Nearly all are so, and so are those that end a connection.
 * This may say no too often but never yes wrongly.
 */
static inline bool is_plainly_next(const struct tcp_conn *c, const struct tcp_segment *s)
{
    bool timely =
        !c->sends_timestamps || (s->h.options.has_timestamps && seq_ge(s->h.options.ts_value, c->ts_recent));
    bool plain = (s->h.flags & ~(TCP_PSH | TCP_FIN)) == TCP_ACK;
    uint32_t len = (uint32_t)s->payload.len + ((s->h.flags & TCP_FIN) != 0);
    return s->h.seq == c->rcv.nxt && plain && timely && len <= c->rcv.adv - c->rcv.nxt;
}

/* RFC 9293, 3.10.7.4, first to fourth, and whether there is an ACK. What passes has been trimmed to the
 * window. */
static enum tcp_verdict check_before_ack(struct tcp_conn *c, struct tcp_segment *s)
{
    enum tcp_verdict v = TCP_CONTINUE;
    if (is_their_syn_again(c, s))
        v = check_syn(c, s);
    if (v == TCP_CONTINUE)
        v = check_sequence(c, s);
    if (v == TCP_CONTINUE)
        v = check_reset(c, s);
    if (v == TCP_CONTINUE)
        v = check_syn(c, s);
    if (v == TCP_CONTINUE && !(s->h.flags & TCP_ACK)) { /* fifth: "if the ACK bit is off, drop the segment" */
        tcp_discarded(c, s, TCP_DISCARD_NO_ACK);
        v = TCP_STOP;
    }
    if (v == TCP_CONTINUE)
        trim(c, s);
    return v;
}

/* The checks that the prediction leaves out would have let the segment pass as it is. In test builds, each
 * time. */
static bool prediction_holds(struct tcp_conn *c, const struct tcp_segment *s)
{
    struct tcp_segment copy = *s;
    return check_before_ack(c, &copy) == TCP_CONTINUE && copy.h.seq == s->h.seq &&
           copy.h.flags == s->h.flags && copy.payload.at == s->payload.at &&
           copy.payload.len == s->payload.len;
}

/* RFC 9293, 3.10.7.4. */
enum tcp_verdict tcp_arrive_synchronised(struct tcp_conn *c, struct tcp_segment *s)
{
    bool plain = is_plainly_next(c, s) && tcp_takes_shortcuts(c->tcp);
    assert(!TCPLAB_CHECK || !plain || prediction_holds(c, s));
    enum tcp_verdict v = TCP_CONTINUE;
    if (plain)
        take_timestamp(c, s);
    else
        v = check_before_ack(c, s);
    if (v == TCP_CONTINUE)
        v = tcp_check_ack(c, s);
    if (v == TCP_CONTINUE)
        v = check_reader(c, s);
    if (v != TCP_CONTINUE)
        return v;
    if (s->h.flags & TCP_URG)
        tcp_urgent_arrive(c, s);
    tcp_process_text(c, s);
    if (c->fin_received)
        return TCP_STOP;
    bool fin_in_order = (s->h.flags & TCP_FIN) && s->h.seq + (uint32_t)s->payload.len == c->rcv.nxt;
    bool held_fin_in_order = c->fin_held && c->fin_held_seq == c->rcv.nxt;
    if (fin_in_order || held_fin_in_order)
        tcp_process_fin(c);
    return TCP_STOP;
}
