/*
 * What one segment is. The definitions are those of Wireshark's user guide, section 7.5; the order in which one
 * verdict keeps another away is the guide's ("supersedes"). A duplicate acknowledgment is one of RFC 5681, section 2: with another
 * window it is none, whatever it says of selective acknowledgment.
 *
 * DEVIATION from Wireshark: a byte that probes a window of zero and is taken in counts as sent, so the next probe is a
 * probe, too, and not a segment before which one is missing; a probe that is sent again is no keep-alive.
 *
 *   next_seq   after the last byte that this end was seen to send
 *   last_ack   what this end acknowledged last
 */
#include "lab/analyse.h"

enum {
    FAST_NS = 20000000,        /* a fast retransmission follows its duplicate acknowledgment so soon */
    OUT_OF_ORDER_NS = 3000000, /* as long as no round trip is known */
    DUP_ACKS_MIN = 2,
};

#define BIT(name) (1u << ANALYSE_##name)

static bool is_plain(const struct analyse_segment *s)
{
    return !(s->h.flags & (TCP_SYN | TCP_FIN | TCP_RST));
}

/* The window that an end offers, in bytes. */
static uint32_t window_of(const struct analyse_end *e, uint16_t window, bool syn)
{
    return syn || e->scale == ANALYSE_SCALE_UNKNOWN ? window : (uint32_t)window << e->scale;
}

/* It carries nothing and repeats where both sides are: then only its window may be news. */
static bool repeats(const struct analyse_end *from, const struct analyse_segment *s)
{
    return s->payload_bytes == 0 && is_plain(s) && (s->h.flags & TCP_ACK) && from->is_known &&
           from->has_ack && s->h.seq == from->next_seq && s->h.ack == from->last_ack;
}

static uint32_t judge_repeated(const struct analyse_end *from, const struct analyse_end *to,
                               const struct analyse_segment *s)
{
    bool unchanged = s->h.window == from->window;
    if (s->h.window == 0)
        return from->window == 0 && (to->last_verdicts & BIT(ZERO_WINDOW_PROBE)) ? BIT(ZERO_WINDOW_PROBE_ACK)
                                                                                 : 0;
    if (unchanged && (to->last_verdicts & BIT(KEEP_ALIVE)))
        return BIT(KEEP_ALIVE_ACK);
    return unchanged ? BIT(DUP_ACK) : BIT(WINDOW_UPDATE);
}

/* It takes sequence numbers that were taken before. */
static uint32_t judge_again(const struct analyse_connection *c, const struct analyse_segment *s, uint32_t len)
{
    const struct analyse_end *from = &c->end[s->end], *to = &c->end[1 - s->end];
    int64_t moment_ns = c->handshake_us ? (int64_t)c->handshake_us * 1000 : OUT_OF_ORDER_NS;
    if (s->payload_bytes > 0 && to->has_ack && seq_le(s->h.seq + len, to->last_ack))
        return BIT(SPURIOUS_RETRANSMISSION) | BIT(RETRANSMISSION);
    if (to->dup_acks >= DUP_ACKS_MIN && s->h.seq == to->last_ack && s->t_ns - to->last_ack_ns < FAST_NS)
        return BIT(FAST_RETRANSMISSION) | BIT(RETRANSMISSION);
    if (s->t_ns - from->next_seq_ns < moment_ns && s->h.seq + len != from->next_seq)
        return BIT(OUT_OF_ORDER);
    return BIT(RETRANSMISSION);
}

static uint32_t judge_window_full(const struct analyse_end *to, const struct analyse_segment *s)
{
    if (s->payload_bytes == 0 || !is_plain(s) || !to->has_ack || to->scale == ANALYSE_SCALE_UNKNOWN)
        return 0;
    return s->h.seq + s->payload_bytes == to->last_ack + window_of(to, to->window, false) ? BIT(WINDOW_FULL)
                                                                                          : 0;
}

uint32_t analyse_judge(struct analyse_connection *c, const struct analyse_segment *s)
{
    const struct analyse_end *from = &c->end[s->end], *to = &c->end[1 - s->end];
    uint32_t len = tcp_seq_length(s->h.flags, s->payload_bytes);
    uint32_t verdicts = s->h.window == 0 && is_plain(s) ? BIT(ZERO_WINDOW) : 0;
    /* A probe's byte may have been taken in after all; then it is sent data like any other. */
    seq_t sent = to->next_seq + ((to->last_verdicts & BIT(ZERO_WINDOW_PROBE)) != 0);
    if ((s->h.flags & TCP_ACK) && to->is_known && seq_gt(s->h.ack, sent))
        verdicts |= BIT(ACK_LOST_SEGMENT);
    if (!from->is_known || (s->h.flags & TCP_RST))
        return verdicts;
    bool probes = s->payload_bytes == 1 && to->has_ack && to->window == 0 && is_plain(s);
    if (probes && (s->h.seq == from->next_seq || s->h.seq == from->next_seq - 1))
        return verdicts | BIT(ZERO_WINDOW_PROBE);
    if (is_plain(s) && s->payload_bytes <= 1 && s->h.seq == from->next_seq - 1)
        return verdicts | BIT(KEEP_ALIVE);
    verdicts |= judge_window_full(to, s);
    if (repeats(from, s))
        return verdicts | judge_repeated(from, to, s);
    if (seq_gt(s->h.seq, from->next_seq))
        return verdicts | BIT(LOST_SEGMENT);
    if (len > 0 && seq_lt(s->h.seq, from->next_seq))
        return verdicts | judge_again(c, s, len);
    return verdicts;
}

/* ---- Taking it over ---- */

/* Notes when a segment was sent. What is sent again tells no round trip (Karn's algorithm, RFC 6298 section 3). */
static void time_sent(struct analyse_end *from, const struct analyse_segment *s, seq_t end, bool again)
{
    if (again) {
        while (from->timed_count > 0 && seq_gt(from->timed[from->timed_count - 1].end, s->h.seq))
            from->timed_count--;
        return;
    }
    if (from->timed_count == ANALYSE_TIMED_MAX) {
        memmove(from->timed, from->timed + 1, (ANALYSE_TIMED_MAX - 1) * sizeof from->timed[0]);
        from->timed_count--;
    }
    from->timed[from->timed_count++] = (struct analyse_timed){end, s->t_ns};
}

/* The round-trip time of the last segment that `ack` covers; 0: none. */
static uint32_t time_acked(struct analyse_end *to, seq_t ack, int64_t t_ns)
{
    unsigned n = 0;
    while (n < to->timed_count && seq_le(to->timed[n].end, ack))
        n++;
    if (n == 0)
        return 0;
    int64_t rtt_us = (t_ns - to->timed[n - 1].t_ns) / 1000;
    memmove(to->timed, to->timed + n, (to->timed_count - n) * sizeof to->timed[0]);
    to->timed_count -= n;
    uint32_t rtt = rtt_us < 1 ? 1 : rtt_us > UINT32_MAX ? UINT32_MAX : (uint32_t)rtt_us;
    to->rtt_count++;
    to->rtt_us_sum += rtt;
    to->rtt_us_min = rtt < to->rtt_us_min ? rtt : to->rtt_us_min;
    to->rtt_us_max = rtt > to->rtt_us_max ? rtt : to->rtt_us_max;
    return rtt;
}

/* A SYN's options. Scaling holds only when both ends offer it (RFC 7323, section 2.2). */
static void take_syn(struct analyse_connection *c, const struct analyse_segment *s)
{
    struct analyse_end *from = &c->end[s->end], *to = &c->end[1 - s->end];
    const struct tcp_options *o = &s->h.options;
    from->mss_bytes = o->has_mss ? o->mss : 0;
    from->sack_permitted = o->sack_permitted;
    from->scale = o->has_window_scale ? (int8_t)o->window_scale : 0;
    bool answers = (s->h.flags & TCP_ACK) != 0;
    if (answers && (!o->has_window_scale || to->scale == 0))
        to->scale = o->has_window_scale ? to->scale : 0;
    if (c->syn_ns == INT64_MIN && !answers)
        c->syn_ns = s->t_ns;
}

static void take_seq(struct analyse_end *from, const struct analyse_end *to, const struct analyse_segment *s,
                     uint32_t verdicts)
{
    uint32_t len = tcp_seq_length(s->h.flags, s->payload_bytes);
    seq_t end = s->h.seq + len;
    bool again = (verdicts & (BIT(RETRANSMISSION) | BIT(OUT_OF_ORDER) | BIT(KEEP_ALIVE))) != 0;
    if (!from->is_known) {
        from->first_seq = s->h.flags & TCP_SYN ? s->h.seq : s->h.seq - 1;
        from->next_seq = s->h.seq;
    }
    from->is_known = true;
    if (len > 0)
        time_sent(from, s, end, again);
    if (seq_gt(end, from->next_seq) && !(verdicts & BIT(ZERO_WINDOW_PROBE)) && !(s->h.flags & TCP_RST)) {
        from->next_seq = end;
        from->next_seq_ns = s->t_ns;
    }
    uint32_t in_flight = from->next_seq - to->last_ack;
    if (to->has_ack && seq_gt(from->next_seq, to->last_ack) && in_flight > from->in_flight_bytes_max)
        from->in_flight_bytes_max = in_flight;
    if (s->h.flags & TCP_FIN) {
        from->fin_sent = true;
        from->fin_end = end;
    }
}

static void take_ack(struct analyse_connection *c, const struct analyse_segment *s, struct analysed *out)
{
    struct analyse_end *from = &c->end[s->end], *to = &c->end[1 - s->end];
    out->rtt_us = time_acked(to, s->h.ack, s->t_ns);
    from->dup_acks = out->verdicts & BIT(DUP_ACK) ? from->dup_acks + 1 : 0;
    if (to->is_known && seq_gt(s->h.ack, to->next_seq))
        to->next_seq = s->h.ack; /* it was sent, only not captured */
    if (!to->is_known) {
        to->is_known = true;
        to->first_seq = s->h.ack - 1;
        to->next_seq = s->h.ack;
    }
    from->last_ack = s->h.ack;
    from->last_ack_ns = s->t_ns;
    from->has_ack = true;
    if (to->fin_sent && seq_ge(s->h.ack, to->fin_end))
        to->fin_acked = true;
}

void analyse_take(struct analyse_connection *c, const struct analyse_segment *s, struct analysed *out)
{
    struct analyse_end *from = &c->end[s->end], *to = &c->end[1 - s->end];
    bool syn = (s->h.flags & TCP_SYN) != 0;
    if (syn)
        take_syn(c, s);
    out->window_bytes = window_of(from, s->h.window, syn);
    take_seq(from, to, s, out->verdicts);
    if (s->h.flags & TCP_ACK)
        take_ack(c, s, out);
    out->seq = s->h.seq - from->first_seq;
    out->ack = s->h.flags & TCP_ACK ? s->h.ack - to->first_seq : 0;
    from->packets++;
    from->payload_bytes += s->payload_bytes;
    if (!(s->h.flags & TCP_RST)) {
        from->window = s->h.window;
        from->window_bytes_min =
            out->window_bytes < from->window_bytes_min ? out->window_bytes : from->window_bytes_min;
        from->window_bytes_max =
            out->window_bytes > from->window_bytes_max ? out->window_bytes : from->window_bytes_max;
    }
    from->last_verdicts = out->verdicts;
}
