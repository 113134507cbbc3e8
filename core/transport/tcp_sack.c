/*
 * Selective acknowledgment (RFC 2018) with duplicates told (DSACK: RFC 2883), both sides: the blocks that we
 * send, and what we do with those that come.
 */
#include "transport/tcp_conn.h"

/* Remembers that something arrived around `seq`: its block goes first (RFC 2018, section 4). */
void tcp_sack_remember(struct tcp_conn *c, seq_t seq)
{
    struct tcp_flight *f = c->uses_sack ? tcp_flight_of(c) : NULL;
    if (!f)
        return;
    const struct range *block = ranges_find(c->held, seq);
    uint8_t kept = 0;
    seq_t others[TCP_RECENT_BLOCKS] = {0};
    for (uint8_t i = 0; i < f->recent_count; i++) {
        const struct range *r = ranges_find(c->held, f->recent[i]);
        if (r && r != block && kept < TCP_RECENT_BLOCKS - 1)
            others[kept++] = f->recent[i];
    }
    f->recent[0] = seq;
    memcpy(f->recent + 1, others, kept * sizeof others[0]);
    f->recent_count = (uint8_t)(kept + 1);
}

/* RFC 2883, section 4: these bytes were here already. Told once, in the next acknowledgment. */
void tcp_sack_duplicate(struct tcp_conn *c, seq_t from, seq_t to)
{
    struct tcp_flight *f = c->uses_sack ? tcp_flight_of(c) : NULL;
    if (!f || from == to)
        return;
    f->has_duplicate = true;
    f->duplicate = (struct range){from, to};
}

static void add_block(struct tcp_options *o, struct range r)
{
    assert(o->sack_count < TCP_SACK_BLOCKS_MAX);
    o->sack[o->sack_count++] = (struct tcp_sack_block){r.from, r.to};
}

static bool has_block(const struct tcp_options *o, uint8_t from, struct range r)
{
    for (uint8_t i = from; i < o->sack_count; i++) {
        if (o->sack[i].left == r.from)
            return true;
    }
    return false;
}

/* The blocks to tell, as many as `bytes` of options hold; a duplicate first, then the newest, then any others (RFC 2018,
 * section 4: "as many distinct SACK blocks as possible"). */
void tcp_sack_fill(struct tcp_conn *c, struct tcp_options *o, size_t bytes)
{
    enum { SACK_BLOCK_BYTES = 8 };
    struct tcp_flight *f = c->flight;
    if (!f || !tcp_sack_has_news(c) || bytes < TCP_SACK_BYTES_MIN)
        return;
    size_t most = (bytes - TCP_SACK_BYTES_MIN) / SACK_BLOCK_BYTES + 1;
    if (most > TCP_SACK_BLOCKS_MAX)
        most = TCP_SACK_BLOCKS_MAX;
    uint8_t held_from = f->has_duplicate;
    if (f->has_duplicate)
        add_block(o, f->duplicate);
    f->has_duplicate = false;
    for (uint8_t i = 0; c->held && i < f->recent_count && o->sack_count < most; i++) {
        const struct range *r = ranges_find(c->held, f->recent[i]);
        if (r)
            add_block(o, *r);
    }
    for (uint32_t i = 0; c->held && i < c->held->count && o->sack_count < most; i++) {
        if (!has_block(o, held_from, c->held->at[i]))
            add_block(o, c->held->at[i]);
    }
}

/* RFC 2883, section 5: a first block below what is acknowledged, or inside the second, tells of a duplicate. That is the
 * acknowledgment of this very segment: an older one than SND.UNA does not come this far. */
static bool is_duplicate_block(const struct tcp_conn *c, const struct tcp_options *o)
{
    const struct tcp_sack_block *first = &o->sack[0];
    if (seq_le(first->right, c->snd.una))
        return true;
    return o->sack_count > 1 && seq_ge(first->left, o->sack[1].left) &&
           seq_le(first->right, o->sack[1].right);
}

/* Takes in the blocks of an acknowledgment (RFC 2018, section 5). Impossible ones are ignored (as RFC 5961's
 * spirit has it). */
static void take_blocks(struct tcp_conn *c, const struct tcp_options *o, struct tcp_delivery *d)
{
    for (uint8_t i = 0; i < o->sack_count; i++) {
        const struct tcp_sack_block *b = &o->sack[i];
        if (i == 0 && is_duplicate_block(c, o)) {
            d->duplicate_told = true;
            continue;
        }
        bool possible =
            seq_lt(b->left, b->right) && seq_gt(b->left, c->snd.una) && seq_le(b->right, c->snd.nxt);
        if (!possible)
            continue;
        uint32_t before = c->flight->sacked_bytes;
        tcp_flight_sacked(c, (struct range){b->left, b->right}, d);
        if (c->flight->sacked_bytes == before)
            continue;
        d->sacked = true;
        TRACE(tcp_machine(c), TCP_SACKED, .socket = c->socket,
              .u.tcp_sacked = {.from = b->left, .to = b->right});
    }
}

/* RFC 6937, section 3: as much goes out as the ratio of ssthresh to the old flight allows of what was delivered; with the
 * slow start reduction bound. DEVIATION: the share is rounded up to a whole segment, as in the examples of 3.1, not to a
 * byte. */
static RARE void reduce_rate(struct tcp_conn *c, const struct tcp_delivery *d)
{
    struct tcp_flight *f = c->flight;
    uint32_t pipe = tcp_in_flight(c);
    int64_t send;
    if (c->cc->update) /* sets its own rate */
        return;
    f->prr_delivered += d->bytes;
    if (pipe > c->ssthresh) {
        assert(f->prr_flight > 0); /* recovery begins only with something in flight */
        uint64_t share = ((uint64_t)f->prr_delivered * c->ssthresh + f->prr_flight - 1) / f->prr_flight;
        share = (share + c->snd_mss - 1) / c->snd_mss * c->snd_mss; /* as in 3.1's examples: whole segments */
        send = (int64_t)share - f->prr_out;
    } else { /* the slow start reduction bound */
        int64_t owed = (int64_t)f->prr_delivered - f->prr_out;
        int64_t limit = (owed > d->bytes ? owed : d->bytes) + c->snd_mss;
        int64_t below = (int64_t)c->ssthresh - pipe;
        send = below < limit ? below : limit;
    }
    if (f->prr_out == 0 && send < c->snd_mss)
        send = c->snd_mss; /* the fast retransmission itself */
    c->cwnd = pipe + (send > 0 ? (uint32_t)send : 0);
}

static RARE void enter_recovery(struct tcp_conn *c, const struct tcp_delivery *d)
{
    struct tcp_flight *f = c->flight;
    f->prr_flight = c->snd.nxt - c->snd.una;
    f->prr_delivered = f->prr_out = 0;
    f->probe_open = false; /* RFC 8985, 7.1: what the probe would tell has been paid for */
    tcp_islost_recovery_begins(c);
    tcp_congestion_event(c);
    c->recover = c->snd.nxt;
    c->ca_state = TCP_CA_RECOVERY;
    reduce_rate(c, d);
    tcp_trace_congestion(c);
}

static RARE void leave_recovery(struct tcp_conn *c)
{
    if (c->cc->recovered)
        c->cc->recovered(c);
    else if (c->ssthresh < c->cwnd || c->ca_state == TCP_CA_RECOVERY)
        c->cwnd = c->ssthresh;
    c->ca_state = tcp_open_phase(c);
    if (c->flight->reo_persist > 0 && --c->flight->reo_persist == 0)
        c->flight->reo_mult = 1; /* RFC 8985, 6.2, step 4: 16 recoveries without a duplicate */
    tcp_trace_congestion(c);
}

/* What the acknowledgment means for the congestion window, by where we are. */
static void respond(struct tcp_conn *c, uint32_t acked_bytes, const struct tcp_delivery *d,
                    bool probe_repaired)
{
    struct tcp_flight *f = c->flight;
    bool covered = seq_ge(c->snd.una, c->recover);
    if ((c->ca_state == TCP_CA_RECOVERY || c->ca_state == TCP_CA_LOSS) && covered)
        leave_recovery(c);
    struct tcp_window before = tcp_window_of(c);
    if (c->ca_state == TCP_CA_RECOVERY) {
        reduce_rate(c, d);
        tcp_trace_window(c, before);
        return;
    }
    if (c->ca_state != TCP_CA_LOSS && (f->lost_bytes > 0 || probe_repaired)) {
        enter_recovery(c, d);
        if (probe_repaired && f->lost_bytes == 0 && seq_ge(c->snd.una, c->recover))
            leave_recovery(c); /* all is there already: only the window pays */
        return;
    }
    tcp_window_acked(c, acked_bytes);
    if (c->ca_state != TCP_CA_LOSS)
        c->ca_state = f->sacked_bytes ? TCP_CA_DISORDER : tcp_open_phase(c);
    tcp_trace_window(c, before);
}

static void find_losses(struct tcp_conn *c, const struct tcp_delivery *d, uint32_t acked_bytes)
{
    if (c->tcp->config.rack) {
        if (d->bytes > 0 || d->duplicate_told)
            tcp_rack_detect(c);
        return;
    }
    if (acked_bytes > 0)
        c->dup_acks = 0;
    c->dup_acks += d->sacked; /* RFC 6675, section 2 */
    if (d->sacked)
        tcp_islost_detect(c);
}

/* An acknowledgment on a connection with SACK; snd.una has been moved, by `acked_bytes` of data. */
void tcp_sack_acked(struct tcp_conn *c, const struct tcp_segment *s, uint32_t acked_bytes)
{
    const struct tcp_options *o = &s->h.options;
    struct tcp_delivery d = {
        .acked = acked_bytes, .has_echo = c->sends_timestamps && o->has_timestamps, .ts_echo = o->ts_echo};
    if (!tcp_flight_of(c))
        return;
    d.fack = c->flight->fack;
    if (c->cc->update)
        tcp_rate_begin(c);
    tcp_flight_acked(c, &d);
    take_blocks(c, o, &d);
    if (d.rtt_us)
        tcp_rtt_sample(c, d.rtt_us);
    if (d.rtt_us && acked_bytes > 0 && tcp_timer_running(c, TCP_TIMER_RETRANSMIT))
        tcp_arm_retransmit(c); /* RFC 6298, 5.3: with the RTO that this acknowledgment has just given */
    if (d.duplicate_told && c->tcp->config.rack) /* also when the next step takes a recovery back */
        tcp_rack_duplicate_told(c);
    bool probe_repaired = tcp_probe_answered(c, s, d.duplicate_told);
    if (!tcp_spurious_acked(c, s, &d)) {
        find_losses(c, &d, acked_bytes);
        respond(c, acked_bytes, &d, probe_repaired);
    }
    if (c->cc->update) {
        struct tcp_window before = tcp_window_of(c);
        tcp_rate_end(c, d.rtt_us);
        c->cc->update(c);
        tcp_trace_window(c, before);
    }
    if (d.bytes > 0)
        tcp_probe_schedule(c);
}

/* The reordering timer: what was waited for has not come. */
void tcp_reordering_fired(struct tcp_conn *c)
{
    struct tcp_delivery none = {0};
    if (!c->flight || !c->uses_sack)
        return;
    struct tcp_window before = tcp_window_of(c);
    tcp_rack_detect(c);
    if (c->ca_state == TCP_CA_RECOVERY) {
        reduce_rate(c, &none);
        tcp_trace_window(c, before);
    } else if (c->ca_state != TCP_CA_LOSS && c->flight->lost_bytes > 0) {
        enter_recovery(c, &none);
    }
}

/* Memory for the scoreboard ran out: go on as with a peer that has no SACK; what is lost now is left to the
 * timer. */
void tcp_sack_give_up(struct tcp_conn *c)
{
    tcp_flight_free(c);
    tcp_timer_stop(c, TCP_TIMER_REORDERING);
    tcp_timer_stop(c, TCP_TIMER_TAIL_PROBE);
    if (c->cc->update)
        tcp_cc_fall_back(c);
    c->uses_sack = false;
    c->rtx_next = c->loss_end = c->snd.una;
    c->ca_state = tcp_open_phase(c);
    c->recover = c->snd.nxt;
}
