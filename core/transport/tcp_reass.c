/*
 * Received text (RFC 9293, 3.10.7.4, seventh and eighth): in order it goes straight into the receive ring;
 * out of order it is written ahead to its place in the ring and remembered as a range, so that filling the
 * hole makes all of it readable without another copy.
 */
#include "transport/tcp_conn.h"

/* Room in the ring for `upto` bytes past the readable end. Grows by doubling, up to the buffer's size. */
static bool make_room(struct tcp_conn *c, uint32_t upto)
{
    struct ring *r = &c->work->receive_ring;
    uint32_t need = r->len + upto;
    if (need <= r->capacity)
        return true;
    uint32_t held_to = c->held && c->held->count ? c->held->at[c->held->count - 1].to - c->rcv.nxt : 0;
    uint32_t want = 2 * r->capacity > need ? 2 * r->capacity : need;
    return ring_reserve(r, tcp_machine(c)->arena, want, held_to) == STATUS_OK;
}

/* RFC 2883, 4.2: the first part of [from, to) that is held already is told of as a duplicate. */
static void tell_overlap(struct tcp_conn *c, seq_t from, seq_t to)
{
    for (uint32_t i = 0; i < c->held->count; i++) {
        const struct range *r = &c->held->at[i];
        if (seq_lt(from, r->to) && seq_lt(r->from, to)) {
            tcp_sack_duplicate(c, seq_max(from, r->from), seq_min(to, r->to));
            return;
        }
    }
}

/* RFC 5681, 4.2: whatever lies beyond a hole, text or FIN, tells of the hole. */
static void tell_hole(struct tcp_conn *c)
{
    tcp_ack_at_once(c, RULE_TCP_ACK_OUT_OF_ORDER);
}

static void hold(struct tcp_conn *c, struct tcp_segment *s)
{
    uint32_t len = (uint32_t)s->payload.len;
    seq_t from = s->h.seq;
    seq_t to = from + len;
    uint32_t offset = from - c->rcv.nxt;
    tell_hole(c);
    if (!c->held) {
        c->held = arena_zalloc(tcp_machine(c)->arena, sizeof *c->held);
        if (!c->held) {
            tcp_discarded(c, s, TCP_DISCARD_NO_BUFFER);
            return;
        }
    }
    bool known = ranges_cover(c->held, from, to);
    tell_overlap(c, from, to);
    if (known) /* RFC 2883, 4, (4): the block that has it follows */
        tcp_sack_remember(c, from);
    if (known || !make_room(c, offset + len) || !ranges_add(c->held, from, to)) {
        tcp_discarded(c, s, known ? TCP_DISCARD_DUPLICATE : TCP_DISCARD_NO_BUFFER);
        if (c->held->count == 0) {
            arena_free(tcp_machine(c)->arena, c->held, sizeof *c->held);
            c->held = NULL;
        }
        return;
    }
    ring_write_ahead(&c->work->receive_ring, offset, s->payload.at, len);
    tcp_sack_remember(c, from);
    TRACE(tcp_machine(c), TCP_HELD_OUT_OF_ORDER, .frame = s->frame_id, .socket = c->socket,
          .u.tcp_held_out_of_order = {.from = from, .to = to, .held_bytes = ranges_bytes(c->held)});
}

/* Bytes after the ones that just arrived, that were here already. */
static uint32_t take_held(struct tcp_conn *c, seq_t nxt)
{
    if (!c->held)
        return 0;
    const struct range *r = ranges_find(c->held, nxt);
    uint32_t more = r ? r->to - nxt : 0;
    ranges_drop_before(c->held, nxt + more);
    if (c->held->count == 0) {
        arena_free(tcp_machine(c)->arena, c->held, sizeof *c->held);
        c->held = NULL;
    }
    return more;
}

static void take_in_order(struct tcp_conn *c, struct tcp_segment *s)
{
    uint32_t len = (uint32_t)s->payload.len;
    bool fills_gap = c->held != NULL;
    if (!make_room(c, len)) {
        tcp_discarded(c, s, TCP_DISCARD_NO_BUFFER);
        tcp_ack_at_once(c, RULE_TCP_ACK_NO_ROOM);
        return;
    }
    if (len > c->rcv_mss)
        c->rcv_mss = len;
    if (!s->in_ring)
        ring_write_ahead(&c->work->receive_ring, 0, s->payload.at, len);
    if (fills_gap)
        tell_overlap(c, c->rcv.nxt, c->rcv.nxt + len);
    uint32_t total = len + take_held(c, c->rcv.nxt + len);
    ring_commit(&c->work->receive_ring, total);
    c->rcv.nxt += total;
    c->bytes_received += total;
    c->notify = true;
    if (c->receive_shut) /* the program said that it reads no more: taken, acknowledged, thrown away */
        ring_consume(&c->work->receive_ring, c->work->receive_ring.len);
    if (fills_gap)
        tcp_ack_at_once(c, RULE_TCP_ACK_GAP_FILLED);
    else
        tcp_ack_soon(c);
    TRACE(tcp_machine(c), TCP_RECEIVED_IN_ORDER, .frame = s->frame_id, .socket = c->socket,
          .u.tcp_received_in_order = {
              .nxt = c->rcv.nxt, .new_bytes = total, .readable_bytes = c->work->receive_ring.len});
}

/* Seventh: process the segment text. It has been trimmed to the window. */
void tcp_process_text(struct tcp_conn *c, struct tcp_segment *s)
{
    bool early = c->state == TCP_SYN_RCVD; /* Fast Open: the text of the SYN */
    if (!early && c->state != TCP_ESTABLISHED && c->state != TCP_FIN_WAIT_1 && c->state != TCP_FIN_WAIT_2)
        return; /* the peer has sent its FIN: what still comes is ignored */
    seq_t end = s->h.seq + (uint32_t)s->payload.len;
    if ((s->h.flags & TCP_FIN) && end != c->rcv.nxt && seq_gt(end, c->rcv.nxt) && s->h.seq != c->rcv.nxt) {
        c->fin_held = true; /* its data has a hole before it */
        c->fin_held_seq = end;
        tell_hole(c);
    }
    if (s->payload.len == 0)
        return;
    if (c->ecn)
        tcp_ecn_received(c, s);
    if (s->h.seq == c->rcv.nxt)
        take_in_order(c, s);
    else
        hold(c, s);
}

/* Eighth: check the FIN bit. All before it has been received. */
void tcp_process_fin(struct tcp_conn *c)
{
    if (c->state != TCP_ESTABLISHED && c->state != TCP_FIN_WAIT_1 && c->state != TCP_FIN_WAIT_2)
        return;
    c->rcv.nxt++;
    c->rcv.adv = seq_max(c->rcv.adv, c->rcv.nxt);
    c->fin_received = true;
    c->notify = true;
    c->ack_rule = RULE_TCP_FIN_ACK; /* whatever else there was to acknowledge */
    c->ack_now = true;
    switch (c->state) {
    case TCP_ESTABLISHED:
        tcp_set_state(c, TCP_CLOSE_WAIT);
        break;
    case TCP_FIN_WAIT_1: /* ours is not acknowledged: tcp_check_ack() would have gone to FIN_WAIT_2 */
        tcp_set_state(c, TCP_CLOSING);
        break;
    default:
        tcp_enter_time_wait(c);
        break;
    }
}
