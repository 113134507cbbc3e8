/*
 * The urgent mechanism (RFC 9293, section 3.8.5; RFC 6093): a mark in the stream, "up to here it is urgent".
 * The pointer names the byte after the last urgent one.
 *
 *                 read        rcv.nxt           rcv_up
 *   ---------------|------------|-----------------|------
 *       consumed   |  readable  |  not yet here   |
 *                  |<------ urgent mode --------->|  the mark is the byte before rcv_up
 *
 * Urgent bytes stay in their place in the stream (as with SO_OOBINLINE, which RFC 6093, section 6 has every
 * program set). While there are some to be read the socket is ready for priority data; reading stops at the mark, so
 * that a program can tell (SO_ATMARK) that the next byte is the last urgent one.
 *
 * New applications should not use it (RFC 6093, section 5). So what it needs is in a block of its own, that
 * only connections have which do.
 */
#include "transport/tcp_conn.h"

static struct tcp_urgent *urgent_of(struct tcp_conn *c)
{
    if (!c->urgent)
        c->urgent = arena_zalloc(tcp_machine(c)->arena, sizeof *c->urgent);
    return c->urgent;
}

/* The sequence number of the next byte that the program reads. */
static seq_t read_seq(const struct tcp_conn *c)
{
    return c->rcv.nxt - c->fin_received - c->work->receive_ring.len;
}

/* The block goes when nothing is urgent any more, either way. */
static void rest(struct tcp_conn *c)
{
    if (c->urgent->sending || c->urgent->receiving)
        return;
    arena_free(tcp_machine(c)->arena, c->urgent, sizeof *c->urgent);
    c->urgent = NULL;
}

/* RFC 9293, 3.10.2: all that is queued is urgent. */
void tcp_urgent_mark(struct tcp_conn *c)
{
    struct tcp_urgent *u = urgent_of(c);
    if (!u) /* no memory: it goes as ordinary data */
        return;
    u->sending = true;
    u->snd_up = tcp_data_end(c);
    if (c->snd.wnd == 0) /* the peer must learn of it, though it has no room for the data */
        tcp_ack_at_once(c, RULE_TCP_URGENT);
}

/* "The method employs an urgent field that is carried in all segments transmitted", until what it points to
 * is acknowledged. */
bool tcp_urgent_marks(struct tcp_conn *c, seq_t seq)
{
    struct tcp_urgent *u = c->urgent;
    if (u->sending && seq_ge(c->snd.una, u->snd_up)) {
        u->sending = false;
        rest(c);
        return false;
    }
    return u->sending && seq_gt(u->snd_up, seq);
}

uint16_t tcp_urgent_pointer(const struct tcp_conn *c, seq_t seq)
{
    assert(c->urgent->sending && seq_gt(c->urgent->snd_up, seq));
    uint32_t ahead = c->urgent->snd_up - seq;
    return (uint16_t)(ahead < 65535 ? ahead : 65535); /* further than that cannot be told yet */
}

/* RFC 9293, 3.10.7.4, sixth: check the URG bit. */
void tcp_urgent_arrive(struct tcp_conn *c, const struct tcp_segment *s)
{
    seq_t up = s->h.seq + s->h.urgent;
    bool reads = c->state == TCP_ESTABLISHED || c->state == TCP_FIN_WAIT_1 || c->state == TCP_FIN_WAIT_2;
    if (!reads || c->receive_shut || !seq_gt(up, read_seq(c)))
        return;
    struct tcp_urgent *u = urgent_of(c);
    if (!u || (u->receiving && !seq_gt(up, u->rcv_up)))
        return;
    u->receiving = true;
    u->rcv_up = up;
    c->notify = true;
    TRACE(tcp_machine(c), TCP_URGENT, .frame = s->frame_id, .socket = c->socket,
          .u.tcp_urgent = {.up = up, .ahead_bytes = up - read_seq(c)});
}

bool tcp_urgent_pending(const struct tcp_conn *c)
{
    if (!c->urgent || !c->urgent->receiving || !seq_gt(c->urgent->rcv_up, read_seq(c)))
        return false;
    return c->work->receive_ring.len > 0 ||
           !c->fin_received; /* a pointer past the end of the stream is none */
}

bool tcp_urgent_at_mark(const struct tcp_conn *c)
{
    return tcp_urgent_pending(c) && read_seq(c) == c->urgent->rcv_up - 1;
}

uint32_t tcp_urgent_limit(const struct tcp_conn *c, uint32_t len)
{
    if (!tcp_urgent_pending(c))
        return len;
    uint32_t before = c->urgent->rcv_up - 1 - read_seq(c);
    return before > 0 && before < len ? before : len;
}

void tcp_urgent_read(struct tcp_conn *c)
{
    if (tcp_urgent_pending(c))
        return;
    c->urgent->receiving = false;
    rest(c);
}
