/*
 * Delivery rate samples and pacing, as draft-ietf-ccwg-bbr has them. A sample is what was delivered between the sending
 * of a segment and its acknowledgment, over the longer of two times: that between the acknowledgments at both ends, and
 * that between the sendings. So acknowledgments that come in a bunch do not make the path look fast.
 *
 * Segments are spaced one by one; there is no offloading whose quanta would have to be kept together.
 */
#include "transport/tcp_rate.h"

#include "transport/tcp_conn.h"

/* NULL for those who do not measure. */
static struct tcp_rate *rate_of(const struct tcp_conn *c)
{
    return c->cc->update ? c->cc_state : NULL;
}

static struct tcp_sent_rate *sent_rate_of(const struct tcp_flight *f, const struct tcp_sent *r)
{
    return &f->rate[r - f->at];
}

void tcp_rate_start(struct tcp_conn *c, struct tcp_rate *r)
{
    *r = (struct tcp_rate){.delivered_us = tcp_now(c), .first_send_us = tcp_now(c)};
}

/* OnPacketSent(). The record is there, but snd.nxt may not have moved yet. */
void tcp_rate_sent(struct tcp_conn *c, uint32_t index)
{
    struct tcp_rate *r = rate_of(c);
    struct tcp_flight *f = c->flight;
    if (!r || !f->rate)
        return;
    const struct tcp_sent *sent = tcp_flight_at(f, index);
    uint32_t len = sent->to - sent->from;
    bool is_new = seq_gt(sent->to, c->snd.nxt);
    uint32_t in_flight = tcp_in_flight(c) + (is_new ? len : 0);
    if (in_flight <= len) {
        if (r->app_limited) {
            struct tcp_window before = tcp_window_of(c);
            c->cc->restarts(c);
            tcp_trace_window(c, before);
        }
        r->first_send_us = r->delivered_us = tcp_now(c);
    }
    *sent_rate_of(f, sent) = (struct tcp_sent_rate){.delivered = r->delivered,
                                                    .lost = r->lost,
                                                    .delivered_us = r->delivered_us,
                                                    .first_send_us = r->first_send_us,
                                                    .tx_in_flight = in_flight,
                                                    .is_app_limited = r->app_limited != 0,
                                                    .valid = true};
}

/* UpdateRateSample(). */
void tcp_rate_delivered(struct tcp_conn *c, const struct tcp_sent *sent)
{
    struct tcp_rate *r = rate_of(c);
    if (!r || !c->flight->rate)
        return;
    struct tcp_rate_sample *s = &r->sample;
    struct tcp_sent_rate *p = sent_rate_of(c->flight, sent);
    assert(!p->valid || (p->delivered <= r->delivered && p->lost <= r->lost));
    r->delivered += sent->to - sent->from;
    s->acked_bytes += sent->to - sent->from;
    r->delivered_us = tcp_now(c);
    bool newest = sent->sent_us > r->first_send_us ||
                  (sent->sent_us == r->first_send_us && (!s->has_data || seq_gt(sent->to, s->newest)));
    if (!p->valid || (s->has_data && !newest))
        return;
    s->has_data = true;
    s->newest = sent->to;
    s->prior_delivered = p->delivered;
    s->is_app_limited = p->is_app_limited;
    s->send_elapsed_us = sent->sent_us - p->first_send_us;
    s->ack_elapsed_us = r->delivered_us - p->delivered_us;
    s->tx_in_flight = p->tx_in_flight;
    s->lost_bytes = r->lost - p->lost;
    r->first_send_us = sent->sent_us;
}

void tcp_rate_lost(struct tcp_conn *c, const struct tcp_sent *sent)
{
    struct tcp_rate *r = rate_of(c);
    if (!r)
        return;
    r->lost += sent->to - sent->from;
    c->cc->lost(c, sent, sent_rate_of(c->flight, sent));
}

void tcp_rate_begin(struct tcp_conn *c)
{
    struct tcp_rate *r = rate_of(c);
    r->sample = (struct tcp_rate_sample){0};
}

/* GenerateRateSample(). */
void tcp_rate_end(struct tcp_conn *c, uint32_t rtt_us)
{
    struct tcp_rate *r = rate_of(c);
    struct tcp_rate_sample *s = &r->sample;
    s->rtt_us = rtt_us;
    assert(s->prior_delivered <= r->delivered);
    if (r->app_limited && r->delivered > r->app_limited)
        r->app_limited = 0;
    if (!s->has_data)
        return;
    int64_t interval_us = s->send_elapsed_us > s->ack_elapsed_us ? s->send_elapsed_us : s->ack_elapsed_us;
    s->delivered_bytes = r->delivered - s->prior_delivered;
    if (interval_us > 0 && interval_us >= (int64_t)c->rtt_min_us)
        s->bytes_per_s = s->delivered_bytes * 1000000 / (uint64_t)interval_us;
}

void tcp_rate_mark_app_limited(struct tcp_conn *c)
{
    struct tcp_rate *r = rate_of(c);
    uint64_t until = r->delivered + tcp_in_flight(c);
    r->app_limited = until ? until : 1;
}

/* Has the program had nothing more to send, although the window would have let it out? Lost segments that wait to go
 * again are something to send. */
void tcp_rate_check_app_limited(struct tcp_conn *c)
{
    uint32_t unsent = tcp_data_end(c) - c->snd.nxt;
    bool lost = c->flight && c->flight->lost_bytes > 0;
    if (rate_of(c) && (unsent == 0 || tcp_fin_sent(c)) && !lost && tcp_in_flight(c) < c->cwnd)
        tcp_rate_mark_app_limited(c);
}

void tcp_rate_cwnd_limited(struct tcp_conn *c)
{
    struct tcp_rate *r = rate_of(c);
    if (r)
        r->cwnd_limited = true;
}

bool tcp_pacing_allows(struct tcp_conn *c)
{
    const struct tcp_rate *r = rate_of(c);
    if (!r || r->next_send_ns <= tcp_now(c) * 1000)
        return true;
    int64_t due_us = (r->next_send_ns + 999) / 1000;
    if (c->work->deadline_us[TCP_TIMER_PACING] != due_us)
        tcp_timer_arm(c, TCP_TIMER_PACING, due_us);
    return false;
}

/* When the next one may go, so that this one takes its time at the pacing rate. */
void tcp_pacing_sent(struct tcp_conn *c, uint32_t bytes)
{
    struct tcp_rate *r = rate_of(c);
    if (!r || r->pacing_bytes_per_s == 0)
        return;
    int64_t now_ns = tcp_now(c) * 1000;
    int64_t from_ns = r->next_send_ns > now_ns ? r->next_send_ns : now_ns;
    r->next_send_ns = from_ns + (int64_t)((uint64_t)bytes * 1000000000 / r->pacing_bytes_per_s);
}
