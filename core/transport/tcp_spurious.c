/*
 * Losses that were none. A timer that ran out, or three segments that overtook one, make the sender halve its window;
 * when it turns out that everything had arrived after all, it takes that back. Three kinds of evidence:
 *
 *   F-RTO (RFC 5682)       after the timer: the next acknowledgments are of what was never sent again
 *   Eifel (RFC 3522)       the first acknowledgment echoes a timestamp older than the retransmission
 *   DSACK (RFC 2883, 3708) the peer has told of every retransmission that it had it already
 *
 * The response is Eifel's (RFC 4015, section 3.1): ssthresh as it was, and a window for what is in flight and a little
 * more, so that nothing bursts; what was taken for lost is not sent again.
 *
 * DEVIATION from it, as on Linux: a fast retransmission is taken back like a timeout, of which alone it speaks; and its step
 * 11, a longer RTO, is left to the next measurement.
 *
 *   timer ---> SENT_FIRST --- all of it acknowledged ---> SENDS_NEW --- something older acknowledged ---> spurious
 *                  |                                          |
 *                  +--- duplicate, or everything ---> OFF <---+--- only what is new, or nothing
 */
#include "transport/tcp_conn.h"

/* The window is about to be reduced: what it was. */
void tcp_spurious_remember(struct tcp_conn *c, bool by_timer)
{
    struct tcp_flight *f = tcp_flight_of(c);
    if (!f)
        return;
    uint32_t flight = c->snd.nxt - c->snd.una;
    f->may_undo = true;
    f->undo = (struct tcp_undo){.una = c->snd.una,
                                .cwnd = c->cwnd,
                                .ssthresh = c->ssthresh > flight ? c->ssthresh : flight,
                                .rack_sent_us = f->rack_sent_us,
                                .rack_to = f->rack_to};
    f->frto = by_timer ? TCP_FRTO_SENT_FIRST : TCP_FRTO_OFF;
}

void tcp_spurious_forget(struct tcp_conn *c)
{
    if (!c->flight)
        return;
    c->flight->may_undo = false;
    c->flight->frto = TCP_FRTO_OFF;
}

/* The timer ran out. RFC 5682, 2.1, step 1: not in the middle of a recovery, of which less is known; but for the same
 * segment again, of which still nothing was heard (2.2), all goes on as it began. */
void tcp_spurious_timeout(struct tcp_conn *c)
{
    if (c->ca_state == TCP_CA_LOSS && c->retransmits > 0) {
        if (c->flight && c->flight->frto != TCP_FRTO_SENT_FIRST)
            c->flight->frto = TCP_FRTO_OFF;
    } else if (c->ca_state == TCP_CA_LOSS || c->ca_state == TCP_CA_RECOVERY) {
        tcp_spurious_forget(c);
    } else {
        tcp_spurious_remember(c, true);
    }
}

/* Something went out again. RFC 3522, 3.2, steps 1 and 2: the first has the timestamp that matters. */
void tcp_spurious_sent_again(struct tcp_conn *c, seq_t end)
{
    struct tcp_undo *u = c->flight ? &c->flight->undo : NULL;
    bool recovering = c->ca_state == TCP_CA_RECOVERY || c->ca_state == TCP_CA_LOSS;
    if (!u || !c->flight->may_undo || !recovering) /* a tail loss probe is none */
        return;
    if (u->again++ == 0) {
        u->timestamp = tcp_timestamp_now(c);
        u->first_end = end;
    }
}

static void undo(struct tcp_conn *c, enum tcp_evidence evidence, uint32_t acked_bytes)
{
    struct tcp_flight *f = c->flight;
    assert(f->may_undo && f->undo.cwnd > 0);
    uint32_t initial = c->tcp->config.initial_window_segments * c->snd_mss;
    tcp_flight_none_lost(c);
    uint32_t cwnd =
        tcp_in_flight(c) + (acked_bytes < initial ? acked_bytes : initial); /* RFC 4015, 3.1, step 9 */
    if (cwnd > f->undo.cwnd)
        cwnd = f->undo.cwnd;
    if (c->ca_state == TCP_CA_RECOVERY && !c->cc->update) /* it was inflated, or a rate */
        c->cwnd = c->ssthresh;
    c->cwnd = cwnd > c->cwnd ? cwnd : c->cwnd;
    c->rtx_now = false;
    c->ssthresh = f->undo.ssthresh > c->ssthresh ? f->undo.ssthresh : c->ssthresh;
    if (c->cc->undo)
        c->cc->undo(c);
    c->recover = c->snd.una; /* RFC 5682, 2.1, step 3b */
    c->ca_state = f->sacked_bytes ? TCP_CA_DISORDER : tcp_open_phase(c);
    f->rack_sent_us = f->undo.rack_sent_us; /* the retransmission says nothing of those sent before it */
    f->rack_to = f->undo.rack_to;
    f->reduced = false;
    tcp_timer_stop(c, TCP_TIMER_REORDERING);
    TRACE(tcp_machine(c), TCP_SPURIOUS, .socket = c->socket,
          .u.tcp_spurious = {
              .cwnd_bytes = c->cwnd, .ssthresh_bytes = c->ssthresh, .evidence = (uint8_t)evidence});
    tcp_spurious_forget(c);
    tcp_trace_congestion(c);
}

/*
 * RFC 3522, 3.2, steps 4 and 5: only the first acknowledgment of something new can tell. One of everything with an old
 * timestamp may also mean that all acknowledgments were lost, which is no reason to go on as before (3.3); unless the
 * peer is known to tell of duplicates, as it would have done then.
 */
static bool eifel_detects(const struct tcp_conn *c, const struct tcp_segment *s, bool duplicate_told)
{
    const struct tcp_undo *u = &c->flight->undo;
    bool older = c->sends_timestamps && s->h.options.has_timestamps && u->again > 0 && !u->echo_seen &&
                 seq_lt(s->h.options.ts_echo, u->timestamp);
    return older && !duplicate_told && (c->flight->reo_persist > 0 || c->snd.una != c->snd.nxt);
}

/* RFC 3708, section 2: did the peer have everything that was sent again? */
static bool duplicates_cover(struct tcp_conn *c, const struct tcp_segment *s, bool duplicate_told)
{
    struct tcp_undo *u = &c->flight->undo;
    if (!duplicate_told || u->again == 0 || seq_lt(s->h.options.sack[0].left, u->una))
        return false;
    return --u->again == 0;
}

/* RFC 5682, 2.1 and 3.1, step 2: the first acknowledgment of something new after the timer. */
static void first_acknowledgment(struct tcp_conn *c)
{
    struct tcp_flight *f = c->flight;
    assert(c->ca_state == TCP_CA_LOSS);
    bool covers_first = f->undo.again > 0 && seq_ge(c->snd.una, f->undo.first_end);
    bool covers_all = seq_ge(c->snd.una, c->recover);
    f->frto = covers_first && !covers_all ? TCP_FRTO_SENDS_NEW : TCP_FRTO_OFF;
}

/* Step 3: is the next one of something that was sent before the timer ran out? With SACK, only if of nothing else. If
 * not, the window is what it would have grown to in two round trips (3a), of which this acknowledgment may be one step. */
static bool frto_detects(struct tcp_conn *c, const struct tcp_delivery *d)
{
    struct tcp_flight *f = c->flight;
    bool spurious = d->bytes > 0 && (!c->uses_sack || seq_le(seq_max(f->fack, c->snd.una), c->recover));
    f->frto = TCP_FRTO_OFF;
    if (!spurious && tcp_congestion_limits(c) && !c->cc->update) {
        struct tcp_window before = tcp_window_of(c);
        c->cwnd = (d->acked > 0 ? 2 : 3) * c->snd_mss;
        tcp_trace_window(c, before);
    }
    return spurious;
}

/* There is something that could be undone. */
static RARE bool judge(struct tcp_conn *c, const struct tcp_segment *s, const struct tcp_delivery *d)
{
    struct tcp_flight *f = c->flight;
    bool advances = seq_gt(c->snd.una, f->undo.una);
    uint32_t bytes = d->bytes;
    if (duplicates_cover(c, s, d->duplicate_told)) {
        undo(c, TCP_EVIDENCE_DSACK, bytes);
        return true;
    }
    bool eifel = advances && eifel_detects(c, s, d->duplicate_told);
    f->undo.echo_seen |= advances;
    if (eifel) {
        undo(c, TCP_EVIDENCE_TIMESTAMP, bytes);
        return true;
    }
    bool says_nothing = bytes == 0 && s->payload.len > 0; /* data of the peer, with the same ACK again */
    if (f->frto == TCP_FRTO_SENDS_NEW && !says_nothing && frto_detects(c, d)) {
        undo(c, TCP_EVIDENCE_F_RTO, bytes);
        return true;
    }
    bool duplicate = !advances && !c->uses_sack; /* 2.1, step 2a; with SACK 3.1 has the sender wait on */
    if (f->frto == TCP_FRTO_SENT_FIRST && (advances || duplicate))
        first_acknowledgment(c);
    return false;
}

bool tcp_spurious_acked(struct tcp_conn *c, const struct tcp_segment *s, const struct tcp_delivery *d)
{
    return c->flight && c->flight->may_undo && judge(c, s, d);
}

/* RFC 5682, step 2b: new data goes in place of what may not be lost; when there is none, all is as without F-RTO. */
bool tcp_spurious_sends_new(const struct tcp_conn *c)
{
    return c->flight && c->flight->frto == TCP_FRTO_SENDS_NEW;
}

void tcp_spurious_nothing_new(struct tcp_conn *c)
{
    if (seq_le(c->snd.nxt, c->recover))
        c->flight->frto = TCP_FRTO_OFF;
}
