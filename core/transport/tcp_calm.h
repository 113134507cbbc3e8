/*
 * A connection with which nothing is the matter, and what it does with the next segment. Private to tcp_*.c.
 *
 * Most segments of most connections find all that was sent sent once and in order, nothing held, nothing lost. What the
 * RFCs' steps ask of such a segment has one answer each; tcp_calm.c knows the answers and goes straight to what
 * changes. It may find a connection not calm that is, never the other way round. Test builds take both ways for each such
 * segment and compare all that a connection consists of (tcp_shadow.h).
 */
#ifndef TCPLAB_TRANSPORT_TCP_CALM_H
#define TCPLAB_TRANSPORT_TCP_CALM_H

#include "transport/tcp_conn.h"

static inline bool tcp_is_calm(const struct tcp_conn *c)
{
    return c->seldom == 0 && tcp_synchronised(c) && c->state != TCP_TIME_WAIT &&
           c->ca_state < TCP_CA_RECOVERY && c->uses_sack && !c->held && !c->urgent && c->tcp->plain &&
           !c->cc->update && c->work != &tcp_at_rest &&
           (!c->flight || (c->flight->marked | c->flight->seldom) == 0);
}

/*
 * Does with a segment for `c`, if both are so, what tcp_arrive_synchronised() does. False: it has done nothing, and the long
 * way must be gone. What follows, tcp_settle(), is the same for both.
 */
bool tcp_calm_arrive(struct tcp_conn *c, const struct ip_packet *p);

#endif
