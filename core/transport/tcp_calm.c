/*
 * The next segment of a calm connection: see tcp_calm.h. Which function of the long way each of these stands for is said
 * beside it; what is left out there is what asks for something that a calm connection does not have.
 */
#include "transport/tcp_calm.h"

/* May text and a FIN be taken, as much as there is of them? */
static inline bool fits(const struct tcp_conn *c, uint32_t text, bool fin)
{
    if (text + fin == 0)
        return true;
    bool can_take = c->state == TCP_ESTABLISHED || (text == 0 && !c->fin_received);
    return can_take && text + fin <= c->rcv.adv - c->rcv.nxt && text <= ring_free(&c->work->receive_ring);
}

/* For the connection, the very next, in the window, acknowledging nothing that was not sent, timely: as
 * is_plainly_next() in tcp_input.c, and RFC 9293, 3.10.7.4, fifth. */
static inline bool is_expected(const struct tcp_conn *c, const struct ip_packet *p, const struct tcp_plain *h)
{
    uint32_t text = (uint32_t)p->payload.len - h->header_bytes;
    bool timely =
        h->has_timestamps == c->sends_timestamps && (!h->has_timestamps || seq_ge(h->ts_value, c->ts_recent));
    return h->ports == ((uint32_t)c->remote.port << 16 | c->local.port) &&
           ip_addr_equal(p->src, c->remote.addr) && ip_addr_equal(p->dst, c->local.addr) &&
           h->seq == c->rcv.nxt && fits(c, text, h->fin) && h->ack - c->snd.una <= c->snd.nxt - c->snd.una &&
           c->snd.nxt == c->snd.max && timely;
}

/* How many records `ack` covers, if they, and what it leaves as the first, are as they were when sent, and it ends where
 * one ends; else 0. What is left was sent after all that was ever delivered, so that RACK has nothing to ask. */
static inline uint32_t records_covered(const struct tcp_conn *c, seq_t ack)
{
    const struct tcp_flight *f = c->flight;
    const struct tcp_sent *r;
    uint32_t n = 0;
    if (!f || c->rtx_next != c->snd.una || c->loss_end != c->snd.una)
        return 0;
    do {
        if (n == f->count)
            return 0;
        r = tcp_flight_at(f, n++);
        if (r->flags != 0)
            return 0;
    } while (seq_lt(r->to, ack));
    if (r->to != ack || tcp_now(c) - r->sent_us > UINT32_MAX)
        return 0;
    if (n == f->count)
        return n;
    r = tcp_flight_at(f, n);
    bool fresh = f->rack_sent_us < r->sent_us || (f->rack_sent_us == r->sent_us && seq_le(f->rack_to, r->to));
    return r->flags == 0 && fresh ? n : 0;
}

/* The sum over the segment, its text copied to its place in the receive ring on the way: verified() in tcp_arrive.c. */
static inline bool is_intact(struct tcp_conn *c, const struct ip_packet *p, uint32_t header_bytes)
{
    const uint8_t *at = p->payload.at;
    uint32_t bytes = (uint32_t)p->payload.len;
    uint64_t total = checksum_total_of_20(at, c->addresses_sum + BYTES_TURN(16, (uint16_t)bytes));
    if (header_bytes > TCP_HEADER)
        total = checksum_plus(total, checksum_total_of_12(at + TCP_HEADER));
    if (bytes > header_bytes) {
        struct ring *r = &c->work->receive_ring;
        total = checksum_plus(total, ring_write_ahead_sum(r, 0, at + header_bytes, bytes - header_bytes));
    }
    return checksum_total_good(total);
}

/* tcp_timer_arm(), where nobody looks at it. */
static inline void arm(struct tcp_conn *c, enum tcp_timer_kind kind, int64_t due_us)
{
    c->work->deadline_us[kind] = due_us;
    if (due_us < c->work->timer.due_us)
        timer_arm(&tcp_machine(c)->timers, &c->work->timer, due_us);
}

/* delivered() and drop_first() in tcp_flight.c, for `count` records that were sent once. Returns the round-trip time. */
static inline uint32_t deliver(struct tcp_conn *c, uint32_t count)
{
    struct tcp_flight *f = c->flight;
    const struct tcp_sent *last = tcp_flight_at(f, count - 1);
    uint32_t rtt_us = (uint32_t)(tcp_now(c) - last->sent_us);
    f->fack = seq_max(f->fack, last->to);
    f->rack_rtt_us = rtt_us;
    if (last->sent_us > f->rack_sent_us ||
        (last->sent_us == f->rack_sent_us && seq_gt(last->to, f->rack_to))) {
        f->rack_sent_us = last->sent_us;
        f->rack_to = last->to;
    }
    f->head = (f->head + count) & (f->capacity - 1);
    f->count -= count;
    f->first_lost -= count < f->first_lost ? count : f->first_lost;
    return rtt_us;
}

/* restart_timer() in tcp_ack.c and tcp_probe_schedule(), once the new round-trip time is known. */
static inline void time_what_is_left(struct tcp_conn *c)
{
    struct tcp_work *w = c->work;
    w->progress_us = tcp_now(c);
    w->deadline_us[TCP_TIMER_REORDERING] = TIME_NEVER;
    if (c->snd.una == c->snd.nxt) {
        w->deadline_us[TCP_TIMER_RETRANSMIT] = w->deadline_us[TCP_TIMER_TAIL_PROBE] = TIME_NEVER;
        return;
    }
    int64_t rto_due_us = tcp_now(c) + c->rto_us; /* no back-off */
    int64_t probe_due_us = tcp_now(c) + tcp_probe_after_us(c);
    arm(c, TCP_TIMER_RETRANSMIT, rto_due_us);
    arm(c, TCP_TIMER_TAIL_PROBE, probe_due_us < rto_due_us ? probe_due_us : rto_due_us);
}

/* new_ack() in tcp_ack.c, and what it calls of tcp_sack.c. */
static inline void take_ack(struct tcp_conn *c, seq_t ack, uint32_t records)
{
    uint32_t acked = ack - c->snd.una;
    if (acked > c->work->send_ring.len) /* the FIN's number is not in the ring */
        acked = c->work->send_ring.len;
    ring_consume(&c->work->send_ring, acked);
    c->bytes_acked += acked;
    c->snd.una = c->loss_end = c->rtx_next = ack;
    c->notify |= acked > 0;
    tcp_rtt_sample(c, deliver(c, records));
    tcp_window_acked(c, acked);
    c->ca_state = tcp_open_phase(c);
    time_what_is_left(c);
}

/* tcp_update_window(), for a window that was not closed. Nothing is newer than what is expected next, unless a bare
 * acknowledgment has overtaken text. */
static inline void take_window(struct tcp_conn *c, const struct tcp_plain *h)
{
    uint32_t window = (uint32_t)h->window << c->snd_scale;
    if (seq_gt(c->snd.wl1, h->seq)) {
        tcp_update_window(c, h->seq, h->ack, window);
        return;
    }
    c->snd.wl1 = h->seq;
    c->snd.wl2 = h->ack;
    c->snd.wnd = window;
    if (window > c->snd.wnd_max)
        c->snd.wnd_max = window;
}

/* take_in_order() in tcp_reass.c; the bytes are in the ring. */
static inline void take_text(struct tcp_conn *c, uint32_t len)
{
    if (len > c->rcv_mss)
        c->rcv_mss = len;
    ring_commit(&c->work->receive_ring, len);
    c->rcv.nxt += len;
    c->bytes_received += len;
    c->notify = true;
    tcp_ack_soon(c);
}

/* Where the closing states go on: the end of tcp_check_ack(), and the eighth check. There is no text when ours is acknowledged,
 * for that is taken in ESTABLISHED only. */
static APART void close_on(struct tcp_conn *c, bool fin)
{
    if (tcp_fin_acked(c))
        tcp_fin_acknowledged(c);
    if (fin && c->state != TCP_CLOSED)
        tcp_process_fin(c);
}

bool tcp_calm_arrive(struct tcp_conn *c, const struct ip_packet *p)
{
    struct tcp_plain h;
    if (!tcp_is_calm(c) || !tcp_parse_plain(&h, p->payload) || !is_expected(c, p, &h))
        return false;
    uint32_t records = 0;
    bool acks = h.ack != c->snd.una;
    if (acks) {
        records = records_covered(c, h.ack);
        if (records == 0)
            return false;
    }
    if (c->snd.wnd == 0 || !is_intact(c, p, h.header_bytes))
        return false;
    c->segments_in++;
    c->work->heard_us = tcp_now(c);
    if (h.has_timestamps && seq_le(h.seq, c->rcv.acked)) { /* RFC 7323, 4.3 (2) */
        c->ts_recent = h.ts_value;
        c->ts_recent_us = tcp_now(c);
    }
    if (acks) {
        take_ack(c, h.ack, records);
    } else if (c->snd.nxt != c->snd.una) { /* respond() in tcp_sack.c has nothing to respond to */
        tcp_window_acked(c, 0);
        c->ca_state = tcp_open_phase(c);
    }
    take_window(c, &h);
    if (p->payload.len > h.header_bytes)
        take_text(c, (uint32_t)p->payload.len - h.header_bytes);
    if (h.fin | c->fin_wanted)
        close_on(c, h.fin);
    return true;
}
