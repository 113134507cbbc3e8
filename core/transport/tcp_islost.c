/*
 * Loss detection by counting: RFC 6675, for those who switch RACK-TLP (RFC 8985, tcp_rack.c) off. A segment is lost
 * when enough of what was sent after it has been selectively acknowledged; time says nothing.
 *
 *   snd.una                  lost <-|-> not yet
 *      |--[ LOST ]--[ SACKED ]--[ LOST ]--[SACKED]--[  ]--[SACKED]--[SACKED]--[  ]--| snd.nxt
 *                                    <-- three runs of SACKED, or more than two segments -->
 *
 * NextSeg() of section 4 is here what tcp_decide() asks for, one after the other: (1) what is lost, (2) new data, (3) a
 * hole that is not lost for certain, (4) a single rescue. SetPipe() is tcp_in_flight(): the sums are kept along the way.
 *
 * DEVIATION from section 5, step 4.2: the window shrinks by proportional rate reduction (RFC 6937), as with RACK. And from
 * section 4: a rescue counts in the pipe like a hole of NextSeg (3), twice; by the letter HighRxt, and so the pipe, leaves it
 * out.
 */
#include "transport/tcp_conn.h"

static void mark(struct tcp_conn *c, uint32_t index)
{
    struct tcp_sent *r = tcp_flight_at(c->flight, index);
    if (r->flags & TCP_SENT_BOTH) { /* NextSeg (3) has sent it again already: of two copies one is lost */
        c->flight->both_bytes -= r->to - r->from;
        r->flags = (uint8_t)((r->flags & ~TCP_SENT_BOTH) | TCP_SENT_LOST);
    }
    if (r->flags & (TCP_SENT_SACKED | TCP_SENT_LOST | TCP_SENT_AGAIN))
        return; /* what was sent again and lost again is left to the timer (section 5.1) */
    tcp_flight_mark_lost(c, index);
    c->lost_segments++;
    TRACE(tcp_machine(c), TCP_LOST, .socket = c->socket, .u.tcp_lost = {.from = r->from, .to = r->to});
}

/* IsLost() for each record, from the highest down, and step 1 of section 5 for the first. */
void tcp_islost_detect(struct tcp_conn *c)
{
    const struct tcp_flight *f = c->flight;
    uint32_t runs = 0, bytes = 0;
    for (uint32_t i = f->count; f->sacked_count > 0 && i-- > 0;) {
        const struct tcp_sent *r = tcp_flight_at(f, i);
        if (r->flags & TCP_SENT_SACKED) { /* the last of a run: all of it in one step */
            i -= r->run - 1;
            runs++;
            bytes += r->to - tcp_flight_at(f, i)->from;
        } else if (runs >= TCP_DUP_ACK_THRESHOLD || bytes > (TCP_DUP_ACK_THRESHOLD - 1) * c->snd_mss) {
            mark(c, i);
        }
    }
    if (c->dup_acks >= TCP_DUP_ACK_THRESHOLD && f->count > 0)
        mark(c, 0);
}

/* Step 4.3 of section 5: no rescue before the first retransmission has been acknowledged. */
void tcp_islost_recovery_begins(struct tcp_conn *c)
{
    if (c->flight->count > 0)
        c->flight->rescue = tcp_flight_at(c->flight, 0)->to;
    assert(c->flight->both_bytes <= c->snd.nxt - c->snd.una);
}

/* Section 4, NextSeg (3): the first hole below what was selectively acknowledged. */
static const struct tcp_sent *first_hole(const struct tcp_flight *f)
{
    const struct tcp_sent *hole = NULL;
    for (uint32_t i = 0; i < f->count; i++) {
        const struct tcp_sent *r = tcp_flight_at(f, i);
        if (hole && (r->flags & TCP_SENT_SACKED))
            return hole;
        if (!hole && !(r->flags & (TCP_SENT_SACKED | TCP_SENT_LOST | TCP_SENT_AGAIN)))
            hole = r;
    }
    return NULL;
}

/* NextSeg (4): the highest that was not selectively acknowledged, sent again or not. */
static const struct tcp_sent *highest_hole(const struct tcp_flight *f)
{
    for (uint32_t i = f->count; i-- > 0;) {
        const struct tcp_sent *r = tcp_flight_at(f, i);
        if (!(r->flags & TCP_SENT_SACKED))
            return r;
        i -= r->run - 1;
    }
    return NULL;
}

const struct tcp_sent *tcp_islost_last_resort(const struct tcp_conn *c, enum trace_rule *rule)
{
    const struct tcp_flight *f = c->flight;
    if (c->tcp->config.rack || !c->uses_sack || !f || f->count == 0 || c->ca_state != TCP_CA_RECOVERY)
        return NULL;
    if (f->lost_bytes > 0) /* NextSeg (1), which waits for room */
        return NULL;
    const struct tcp_sent *r = first_hole(f);
    *rule = RULE_TCP_SACK_HOLE;
    if (r)
        return r;
    *rule = RULE_TCP_SACK_RESCUE;
    return seq_gt(c->snd.una, f->rescue) ? highest_hole(f) : NULL;
}
