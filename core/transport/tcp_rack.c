/*
 * Loss detection by time (RACK) and tail loss probes (TLP): RFC 8985. A segment is lost when one that was
 * sent after it has been delivered and a reordering window has passed since. So a lost retransmission, and a
 * lost last segment, are found without the retransmission timer.
 *
 * DEVIATION from section 6.2, step 1: the minimum of the round-trip times is that of the whole connection, not of the last
 * while. It sizes the reordering window, which is then too small rather than too large, and grows by DSACKs. And from
 * section 8: each timer has its own deadline; they do not end each other, for none is later than the RTO but the reordering
 * timer, and after that the RTO has nothing left to find.
 */
#include "transport/tcp_conn.h"

static void end_duplicate_round(struct tcp_conn *c)
{
    struct tcp_flight *f = c->flight;
    if (f->dsack_round_open && seq_ge(c->snd.una, f->dsack_round))
        f->dsack_round_open = false;
}

/* RFC 8985, section 6.2, step 4: what the peer has twice need not have gone again: wait longer, by one step in a round trip. */
void tcp_rack_duplicate_told(struct tcp_conn *c)
{
    struct tcp_flight *f = c->flight;
    end_duplicate_round(c);
    if (f->dsack_round_open)
        return;
    f->dsack_round_open = true;
    f->dsack_round = c->snd.nxt;
    f->reo_mult = (uint8_t)(f->reo_mult + (f->reo_mult < UINT8_MAX));
    f->reo_persist = 16;
}

/* Step 4: how long to wait for segments that may only have been overtaken. */
static uint32_t reordering_window_us(struct tcp_conn *c)
{
    const struct tcp_flight *f = c->flight;
    end_duplicate_round(c);
    if (!f->reordering_seen) {
        bool recovering = c->ca_state == TCP_CA_RECOVERY || c->ca_state == TCP_CA_LOSS;
        if (recovering || f->sacked_count >= TCP_DUP_ACK_THRESHOLD)
            return 0;
    }
    uint64_t window_us = (uint64_t)f->reo_mult * (c->rtt_min_us / 4);
    return window_us < c->srtt_us ? (uint32_t)window_us : c->srtt_us;
}

static bool rack_sent_after(const struct tcp_flight *f, const struct tcp_sent *r)
{
    return f->rack_sent_us > r->sent_us || (f->rack_sent_us == r->sent_us && seq_gt(f->rack_to, r->to));
}

/* Was it sent once, and after the newest that was delivered? Segments that were sent once are in the order of
 * their sending, so of those behind it none was sent before that, either. */
static bool rack_is_fresh(const struct tcp_flight *f, const struct tcp_sent *r)
{
    return !(r->flags & TCP_SENT_TWICE) && !rack_sent_after(f, r);
}

/* The first fresh one ends the search. */
static RARE void search_lost(struct tcp_conn *c)
{
    struct tcp_flight *f = c->flight;
    uint32_t window_us = reordering_window_us(c);
    int64_t wait_us = 0;
    uint32_t on_the_way = f->count - f->sacked_count - f->lost_count; /* those after the last need no look */
    uint32_t step = 1;
    for (uint32_t i = 0; i < f->count && on_the_way > 0; i += step) {
        const struct tcp_sent *r = tcp_flight_at(f, i);
        uint32_t run = tcp_flight_run(f, i);
        step = run ? run : 1;
        if (rack_is_fresh(f, r))
            break;
        bool waits = (r->flags & (TCP_SENT_LOST | TCP_SENT_AGAIN)) == TCP_SENT_LOST;
        if (waits || run)
            continue;
        on_the_way--;
        bool newer = !rack_sent_after(f, r);
        if (newer)
            continue;
        int64_t left_us = r->sent_us + f->rack_rtt_us + window_us - tcp_now(c);
        if (left_us <= 0) {
            tcp_flight_mark_lost(c, i);
            c->lost_segments++;
            TRACE(tcp_machine(c), TCP_LOST, .socket = c->socket,
                  .u.tcp_lost = {.from = r->from, .to = r->to});
        } else if (left_us > wait_us) {
            wait_us = left_us;
        }
    }
    if (wait_us > 0)
        tcp_timer_arm(c, TCP_TIMER_REORDERING, tcp_now(c) + wait_us);
    else
        tcp_timer_stop(c, TCP_TIMER_REORDERING);
}

/* RFC 8985, section 6.2, step 5. */
void tcp_rack_detect(struct tcp_conn *c)
{
    const struct tcp_flight *f = c->flight;
    if (f->count == 0 || rack_is_fresh(f, tcp_flight_at(f, 0)))
        tcp_timer_stop(c, TCP_TIMER_REORDERING); /* the common case: what is in flight is all newer */
    else
        search_lost(c);
}

/* RFC 8985, section 6.3: the retransmission timer ran out. What was sent less than a round trip ago may still be on its
 * way. Without RACK, all is lost. */
void tcp_rack_timeout(struct tcp_conn *c)
{
    const struct tcp_flight *f = c->flight;
    int64_t sent_us = tcp_now(c);
    if (f && c->tcp->config.rack)
        sent_us -= (f->rack_rtt_us ? f->rack_rtt_us : c->srtt_us) + reordering_window_us(c);
    tcp_flight_timeout(c, sent_us);
}

/* RFC 8985, section 7.2: when to probe, if at all. Called when something new was sent or acknowledged. */
void tcp_probe_schedule(struct tcp_conn *c)
{
    struct tcp_flight *f = c->flight;
    bool recovering = c->ca_state == TCP_CA_RECOVERY || c->ca_state == TCP_CA_LOSS;
    bool useful = f && c->tcp->config.rack && c->snd.nxt != c->snd.una && !recovering &&
                  f->sacked_bytes == 0 && tcp_synchronised(c);
    if (!useful) {
        tcp_timer_stop(c, TCP_TIMER_TAIL_PROBE);
        return;
    }
    int64_t due_us = tcp_now(c) + tcp_probe_after_us(c);
    if (due_us > c->work->deadline_us[TCP_TIMER_RETRANSMIT]) /* 7.2: no later than the timer would */
        due_us = c->work->deadline_us[TCP_TIMER_RETRANSMIT];
    tcp_timer_arm(c, TCP_TIMER_TAIL_PROBE, due_us);
}

/* One new segment if there is one and the peer's window lets it, else the last one again. */
static void send_probe(struct tcp_conn *c)
{
    struct tcp_flight *f = c->flight;
    struct tcp_plan plan;
    bool fresh = tcp_plan_probe(c, &plan);
    if (tcp_segment_send(c, &plan) < 0)
        return;
    tcp_account(c, &plan);
    f->probe_open = f->probe_unmeasured = true;
    f->probe_is_again = !fresh;
    f->probe_reached = false;
    f->probe_end = c->snd.nxt;
}

/* RFC 8985, section 7.3: one probe at a time, and none that could keep the round-trip time from being measured.
 * Whether there was one or not, the retransmission timer starts anew. */
void tcp_probe_fired(struct tcp_conn *c)
{
    const struct tcp_flight *f = c->flight;
    if (!f || f->count == 0 || !c->uses_sack)
        return;
    if (!f->probe_open && !f->probe_unmeasured && c->srtt_us > 0)
        send_probe(c);
    tcp_arm_retransmit(c);
}

/* 7.4.2, case 1: the peer has the probe twice. A FIN at its end has no place in a block. */
static bool tells_of_probe(const struct tcp_conn *c, const struct tcp_segment *s)
{
    seq_t end = s->h.options.sack[0].right;
    return end == c->flight->probe_end || (tcp_fin_sent(c) && end + 1 == c->flight->probe_end);
}

/* RFC 8985, section 7.4: what the answer to a probe tells. True when the probe itself repaired a loss, which
 * deserves a congestion response. */
bool tcp_probe_answered(struct tcp_conn *c, const struct tcp_segment *s, bool duplicate_told)
{
    struct tcp_flight *f = c->flight;
    if (!f->probe_open || seq_lt(s->h.ack, f->probe_end))
        return false;
    if (!f->probe_is_again || (duplicate_told && tells_of_probe(c, s))) {
        f->probe_open = false; /* both arrived: nothing was lost */
        return false;
    }
    if (seq_gt(s->h.ack, f->probe_end)) {
        f->probe_open = false;
        return true; /* there was no sign of a second copy: the first was lost */
    }
    bool duplicate = f->probe_reached && s->h.options.sack_count == 0 && s->payload.len == 0;
    f->probe_reached = true; /* the first that acknowledges it may still be the answer to either copy */
    if (duplicate)
        f->probe_open = false;
    return false;
}
