/*
 * Both ways for one segment, in test builds: a connection is copied, the copy goes one way and the connection the other,
 * and afterwards there must be no difference. That is how tcp_calm.c is proved, at each segment of every test that meets a
 * calm connection. Private to tcp_*.c.
 */
#ifndef TCPLAB_TRANSPORT_TCP_SHADOW_H
#define TCPLAB_TRANSPORT_TCP_SHADOW_H

#include "transport/tcp_conn.h"

#if TCPLAB_CHECK

enum { TCP_SHADOW_CC_BYTES = 256 };

/* A connection with all that arriving segments change of it, in a world of its own: no trace, no other timers. Buffers and
 * records are the original's: what both write there is the same. */
struct tcp_shadow {
    struct machine machine;
    struct tcp tcp;
    struct tcp_conn conn;
    struct tcp_work work;
    struct tcp_flight flight;
    _Alignas(ARENA_ALIGN) uint8_t cc_state[TCP_SHADOW_CC_BYTES];
};

/* Copies a connection that is awake. */
void tcp_shadow_cast(struct tcp_shadow *s, const struct tcp_conn *c);

/* Asserts that the two are equal. When the one timer of a connection is due may differ: it may always be too early. */
void tcp_shadow_compare(const struct tcp_shadow *s, const struct tcp_conn *c);

#endif
#endif
