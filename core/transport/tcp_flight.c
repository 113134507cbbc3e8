/*
 * The records of what is in flight on a connection with SACK: added when sent, marked by the peer's blocks
 * (RFC 2018, section 5) and by loss detection, dropped when acknowledged. Bytes of each kind are counted
 * along the way, so that the pipe of RFC 6675 is a subtraction.
 */
#include "transport/tcp_conn.h"

/* No records, and room for the first of them, unless they are to be measured. */
static void begin_records(struct tcp_conn *c)
{
    struct tcp_flight *f = c->flight;
    f->at = f->first;
    f->rate = NULL;
    f->capacity = c->cc->update ? 0 : TCP_FLIGHT_RECORDS_FIRST;
    f->head = 0;
}

struct tcp_flight *tcp_flight_of(struct tcp_conn *c)
{
    if (!c->flight) {
        c->flight = arena_zalloc(tcp_machine(c)->arena, sizeof *c->flight);
        if (c->flight) {
            begin_records(c);
            c->flight->reo_mult = 1;
            c->flight->fack = c->snd.una;
        }
    }
    return c->flight;
}

static void free_memory_of_records(struct tcp_conn *c)
{
    struct arena *a = tcp_machine(c)->arena;
    struct tcp_flight *f = c->flight;
    if (f->at != f->first)
        arena_free(a, f->at, f->capacity * sizeof *f->at);
    arena_free(a, f->rate, f->capacity * sizeof *f->rate);
}

void tcp_flight_free(struct tcp_conn *c)
{
    if (!c->flight)
        return;
    free_memory_of_records(c);
    arena_free(tcp_machine(c)->arena, c->flight, sizeof *c->flight);
    c->flight = NULL;
}

void tcp_flight_rest(struct tcp_conn *c)
{
    struct tcp_flight *f = c->flight;
    if (!f || f->count > 0 || c->snd.una != c->snd.max) /* a window probe has no record */
        return;
    bool recovering = c->ca_state == TCP_CA_RECOVERY || c->ca_state == TCP_CA_LOSS;
    bool learned = f->reordering_seen || f->reo_mult > 1 || f->dsack_round_open || f->probe_unmeasured;
    if (!recovering && !learned && !f->probe_open && !f->has_duplicate && !c->held) {
        tcp_flight_free(c); /* a new one would know as much */
        return;
    }
    free_memory_of_records(c);
    begin_records(c);
}

static APART bool grow(struct tcp_conn *c, struct tcp_flight *f)
{
    struct arena *a = tcp_machine(c)->arena;
    uint32_t bigger = f->capacity >= TCP_FLIGHT_RECORDS_MIN ? 2 * f->capacity : TCP_FLIGHT_RECORDS_MIN;
    struct tcp_sent *at = arena_alloc(a, bigger * sizeof *at);
    struct tcp_sent_rate *rate = c->cc->update ? arena_zalloc(a, bigger * sizeof *rate) : NULL;
    if (!at || (c->cc->update && !rate)) {
        arena_free(a, at, bigger * sizeof *at);
        arena_free(a, rate, bigger * sizeof *rate);
        return false;
    }
    for (uint32_t i = 0; i < f->count; i++) {
        at[i] = *tcp_flight_at(f, i);
        if (rate && f->rate)
            rate[i] = f->rate[(f->head + i) & (f->capacity - 1)];
    }
    free_memory_of_records(c);
    f->at = at;
    f->rate = rate;
    f->capacity = bigger;
    f->head = 0;
    return true;
}

bool tcp_flight_measure(struct tcp_conn *c)
{
    struct tcp_flight *f = c->flight;
    struct arena *a = tcp_machine(c)->arena;
    if (!f || f->capacity == 0)
        return true; /* grow() makes it */
    arena_free(a, f->rate, f->capacity * sizeof *f->rate);
    f->rate = c->cc->update ? arena_zalloc(a, f->capacity * sizeof *f->rate) : NULL;
    return f->rate || !c->cc->update;
}

bool tcp_flight_sent(struct tcp_conn *c, seq_t from, seq_t to)
{
    struct tcp_flight *f = tcp_flight_of(c);
    if (!f || (f->count == f->capacity && !grow(c, f)))
        return false;
    *tcp_flight_at(f, f->count++) = (struct tcp_sent){.from = from, .to = to, .sent_us = tcp_now(c)};
    if (f->rate)
        tcp_rate_sent(c, f->count - 1);
    return true;
}

static bool waits_to_be_sent_again(const struct tcp_sent *r)
{
    return (r->flags & (TCP_SENT_LOST | TCP_SENT_AGAIN)) == TCP_SENT_LOST;
}

/* The record goes, or changes its kind: takes it out of the sums. */
static void uncount(struct tcp_flight *f, const struct tcp_sent *r)
{
    uint32_t len = r->to - r->from;
    if (r->flags & TCP_SENT_SACKED) {
        f->sacked_bytes -= len;
        f->sacked_count--;
    } else if (waits_to_be_sent_again(r)) {
        f->lost_bytes -= len;
        f->lost_count--;
    }
    if (r->flags & TCP_SENT_BOTH)
        f->both_bytes -= len;
}

/* The record has become SACKED: it begins, continues or joins runs. Returns the last of its run. */
static uint32_t join_runs(struct tcp_flight *f, uint32_t index)
{
    uint32_t first = index, last = index;
    if (index > 0 && (tcp_flight_at(f, index - 1)->flags & TCP_SENT_SACKED))
        first = index - tcp_flight_at(f, index - 1)->run;
    if (index + 1 < f->count && (tcp_flight_at(f, index + 1)->flags & TCP_SENT_SACKED))
        last = index + tcp_flight_at(f, index + 1)->run;
    tcp_flight_at(f, first)->run = tcp_flight_at(f, last)->run = last - first + 1;
    return last;
}

/* The first record that ends after `seq`; count when there is none. They are in order. */
static uint32_t find_record(const struct tcp_flight *f, seq_t seq)
{
    uint32_t low = 0, high = f->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (seq_gt(tcp_flight_at(f, middle)->to, seq))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Makes two records of one: segments have become smaller since it was sent. */
static RARE void split(struct tcp_conn *c, uint32_t index, seq_t at)
{
    struct tcp_flight *f = c->flight;
    if (f->count == f->capacity && !grow(c, f))
        return; /* then all of it counts as sent again, and the timer finds the rest */
    f->lost_count += waits_to_be_sent_again(tcp_flight_at(f, index));
    for (uint32_t i = f->count++; i > index; i--) {
        *tcp_flight_at(f, i) = *tcp_flight_at(f, i - 1);
        if (f->rate)
            f->rate[(f->head + i) & (f->capacity - 1)] = f->rate[(f->head + i - 1) & (f->capacity - 1)];
    }
    tcp_flight_at(f, index)->to = at;
    tcp_flight_at(f, index + 1)->from = at;
}

void tcp_flight_sent_again(struct tcp_conn *c, seq_t from, seq_t to)
{
    struct tcp_flight *f = c->flight;
    for (uint32_t i = find_record(f, from); i < f->count && seq_lt(tcp_flight_at(f, i)->from, to); i++) {
        struct tcp_sent *r = tcp_flight_at(f, i);
        if (seq_lt(r->from, from) || (r->flags & TCP_SENT_SACKED))
            continue;
        if (seq_lt(to, r->to))
            split(c, i, to);
        r = tcp_flight_at(f, i);
        uncount(f, r);
        bool both = !(r->flags & TCP_SENT_LOST) && !c->tcp->config.rack;
        r->flags = (uint8_t)((r->flags & ~TCP_SENT_BOTH) | TCP_SENT_AGAIN | TCP_SENT_TWICE);
        if (both) {
            r->flags |= TCP_SENT_BOTH;
            f->both_bytes += r->to - r->from;
        }
        r->sent_us = tcp_now(c);
        if (f->rate)
            tcp_rate_sent(c, i);
    }
}

/* RFC 8985, section 6.2, step 2: was the segment (sent at a_us, ending at a_to) sent after the other? */
static bool sent_after(int64_t a_us, seq_t a_to, int64_t b_us, seq_t b_to)
{
    return a_us > b_us || (a_us == b_us && seq_gt(a_to, b_to));
}

/* RFC 8985, section 6.2, steps 2 and 3, for one segment that the peer turns out to have. Those of one acknowledgment
 * come in no order (the peer's newest block is first), so they are compared with what was known before it. */
static void delivered(struct tcp_conn *c, const struct tcp_sent *r, struct tcp_delivery *d)
{
    struct tcp_flight *f = c->flight;
    int64_t rtt_us = tcp_now(c) - r->sent_us;
    bool twice = (r->flags & TCP_SENT_TWICE) != 0;
    d->bytes += r->to - r->from;
    if (f->rate)
        tcp_rate_delivered(c, r);
    if (seq_gt(r->to, f->fack))
        f->fack = r->to;
    if (!twice && seq_lt(r->to, d->fack) && f->sacked_count > 0)
        f->reordering_seen = true; /* it came after a later one, although it was sent once, before it */
    if (!twice && rtt_us <= UINT32_MAX)
        d->rtt_us = rtt_us ? (uint32_t)rtt_us : 1;
    if (twice && d->has_echo && seq_lt(d->ts_echo, (uint32_t)(r->sent_us / 1000) + c->ts_offset))
        return; /* step 2, (1): the echo is older than the second sending */
    if (twice && (c->rtt_min_us == 0 || rtt_us < (int64_t)c->rtt_min_us))
        return; /* too soon for an answer to the second sending, or nobody can tell: it may be one to the
                   first */
    if (r->sent_us >= d->newest_us) { /* "in ascending order of" its sending, whatever its place */
        d->newest_us = r->sent_us;
        f->rack_rtt_us = rtt_us > UINT32_MAX ? UINT32_MAX : (uint32_t)rtt_us;
    }
    if (sent_after(r->sent_us, r->to, f->rack_sent_us, f->rack_to)) {
        f->rack_sent_us = r->sent_us;
        f->rack_to = r->to;
    }
}

/* `count` records at the front go. */
static void drop_first(struct tcp_flight *f, uint32_t count)
{
    f->head = (f->head + count) & (f->capacity - 1);
    f->count -= count;
    f->first_lost -= count < f->first_lost ? count : f->first_lost;
}

/*
 * Nearly all: whole records at the front that were sent once and of which the peer has told nothing. They are in
 * the order of their sending, so that of those delivered together the last says what all do (RFC 8985, section
 * 6.2, step 2; and the round trip is that of the newest). Where each is measured, or some are SACKED, it is not
 * that simple.
 */
static void acked_plainly(struct tcp_conn *c, struct tcp_delivery *d)
{
    struct tcp_flight *f = c->flight;
    uint32_t count = 0;
    while (count < f->count) {
        const struct tcp_sent *r = tcp_flight_at(f, count);
        if (r->flags != 0 || seq_gt(r->to, c->snd.una))
            break;
        count++;
    }
    if (count == 0)
        return;
    const struct tcp_sent *last = tcp_flight_at(f, count - 1);
    d->bytes += last->from - tcp_flight_at(f, 0)->from;
    delivered(c, last, d);
    drop_first(f, count);
}

void tcp_flight_acked(struct tcp_conn *c, struct tcp_delivery *d)
{
    struct tcp_flight *f = c->flight;
    if (f && f->sacked_count == 0 && !f->rate && tcp_takes_shortcuts(c->tcp))
        acked_plainly(c, d);
    while (f && f->count > 0) {
        struct tcp_sent *r = tcp_flight_at(f, 0);
        if (seq_ge(r->from, c->snd.una))
            break;
        if (!(r->flags & TCP_SENT_SACKED) && seq_le(r->to, c->snd.una))
            delivered(c, r, d);
        uncount(f, r);
        if (seq_gt(r->to, c->snd.una)) { /* only a part of it */
            struct tcp_sent rest = *r;
            d->bytes += (rest.flags & TCP_SENT_SACKED) ? 0 : c->snd.una - rest.from;
            rest.from = c->snd.una;
            rest.flags &= (uint8_t)~TCP_SENT_BOTH;
            *r = rest;
            if (rest.flags & TCP_SENT_SACKED) {
                f->sacked_bytes += rest.to - rest.from;
                f->sacked_count++;
            } else if (waits_to_be_sent_again(&rest)) {
                f->lost_bytes += rest.to - rest.from;
                f->lost_count++;
            }
            break;
        }
        if (tcp_flight_run(f, 0) > 1) /* the next one begins the run now */
            tcp_flight_at(f, 1)->run = tcp_flight_at(f, r->run - 1)->run = r->run - 1;
        drop_first(f, 1);
    }
}

void tcp_flight_sacked(struct tcp_conn *c, struct range block, struct tcp_delivery *d)
{
    struct tcp_flight *f = c->flight;
    uint32_t step = 1;
    for (uint32_t i = find_record(f, block.from); i < f->count; i += step) {
        struct tcp_sent *r = tcp_flight_at(f, i);
        if (seq_ge(r->from, block.to))
            break;
        uint32_t run = tcp_flight_run(f, i);
        step = run ? run : 1;
        bool covered = seq_ge(r->from, block.from) && seq_le(r->to, block.to);
        if (!covered || run)
            continue;
        delivered(c, r, d);
        uncount(f, r);
        r->flags = (uint8_t)((r->flags & TCP_SENT_TWICE) | TCP_SENT_SACKED);
        f->sacked_bytes += r->to - r->from;
        f->sacked_count++;
        step = join_runs(f, i) - i + 1;
    }
}

void tcp_flight_mark_lost(struct tcp_conn *c, uint32_t index)
{
    struct tcp_flight *f = c->flight;
    struct tcp_sent *r = tcp_flight_at(f, index);
    assert(!(r->flags & TCP_SENT_SACKED));
    if (waits_to_be_sent_again(r))
        return;
    uncount(f, r);
    r->flags = (uint8_t)((r->flags & ~(TCP_SENT_AGAIN | TCP_SENT_BOTH)) | TCP_SENT_LOST);
    f->lost_bytes += r->to - r->from;
    f->lost_count++;
    if (index < f->first_lost)
        f->first_lost = index;
    if (f->rate)
        tcp_rate_lost(c, r);
}

/*
 * The retransmission timer: the first, and all that was sent at `sent_us` or before and that the peer is not known to
 * have. When it has taken back what it said of the first one (reneged; RFC 2018, section 8), none of its blocks counts
 * any more.
 *
 * DEVIATION from RFC 2018, section 5, as on Linux, and as RFC 6675, 5.1, says that some do who test for reneging: else the
 * blocks stay.
 */
void tcp_flight_timeout(struct tcp_conn *c, int64_t sent_us)
{
    struct tcp_flight *f = c->flight;
    if (!f)
        return;
    bool reneged = f->count > 0 && (tcp_flight_at(f, 0)->flags & TCP_SENT_SACKED);
    for (uint32_t i = 0; i < f->count; i++) {
        struct tcp_sent *r = tcp_flight_at(f, i);
        if (reneged && (r->flags & TCP_SENT_SACKED)) {
            uncount(f, r);
            r->flags &= (uint8_t)~TCP_SENT_SACKED;
        }
        if (!(r->flags & TCP_SENT_SACKED) && (i == 0 || r->sent_us <= sent_us))
            tcp_flight_mark_lost(c, i);
    }
    f->first_lost = 0;
}

void tcp_flight_none_lost(struct tcp_conn *c)
{
    struct tcp_flight *f = c->flight;
    c->loss_end = c->rtx_next; /* without SACK */
    for (uint32_t i = 0; i < f->count; i++) {
        struct tcp_sent *r = tcp_flight_at(f, i);
        if (!waits_to_be_sent_again(r))
            continue;
        uncount(f, r);
        r->flags &= (uint8_t)~TCP_SENT_LOST;
    }
}

const struct tcp_sent *tcp_flight_next_lost(struct tcp_flight *f)
{
    if (!f || f->lost_bytes == 0)
        return NULL;
    while (!waits_to_be_sent_again(tcp_flight_at(f, f->first_lost))) {
        f->first_lost++;
        assert(f->first_lost < f->count);
    }
    return tcp_flight_at(f, f->first_lost);
}

/*
 * Small segments that were lost together go together the second time, up to one full segment: the window
 * after a timeout is one segment (RFC 5681, 3.1) in bytes, and thousands of tiny ones would fit into it.
 */
seq_t tcp_flight_lost_end(const struct tcp_conn *c)
{
    const struct tcp_flight *f = c->flight;
    uint32_t i = f->first_lost;
    seq_t from = tcp_flight_at(f, i)->from;
    seq_t end = tcp_flight_at(f, i)->to;
    while (++i < f->count && waits_to_be_sent_again(tcp_flight_at(f, i)) &&
           tcp_flight_at(f, i)->to - from <= c->snd_mss)
        end = tcp_flight_at(f, i)->to;
    return end;
}

void tcp_flight_check(const struct tcp_conn *c)
{
    const struct tcp_flight *f = c->flight;
    if (!f || !c->uses_sack)
        return;
    uint32_t sacked = 0, lost = 0, lost_count = 0, count = 0, run = 0, both = 0;
    seq_t at = c->snd.una;
    for (uint32_t i = 0; i < f->count; i++) {
        const struct tcp_sent *r = tcp_flight_at(f, i);
        assert(r->from == at && seq_gt(r->to, r->from));
        at = r->to;
        sacked += (r->flags & TCP_SENT_SACKED) ? r->to - r->from : 0;
        count += (r->flags & TCP_SENT_SACKED) != 0;
        lost += waits_to_be_sent_again(r) ? r->to - r->from : 0;
        both += (r->flags & TCP_SENT_BOTH) ? r->to - r->from : 0;
        lost_count += waits_to_be_sent_again(r);
        if (run == 0)
            run = tcp_flight_run(f, i);
        assert((run > 0) == ((r->flags & TCP_SENT_SACKED) != 0));
        run -= run > 0;
        assert(!waits_to_be_sent_again(r) || i >= f->first_lost);
    }
    assert(at == c->snd.nxt);
    assert(sacked == f->sacked_bytes && count == f->sacked_count && lost == f->lost_bytes);
    assert(lost_count == f->lost_count && both == f->both_bytes);
    (void)at, (void)sacked, (void)count, (void)lost, (void)lost_count, (void)run, (void)both;
}
