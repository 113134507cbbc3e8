/*
 * Explicit congestion notification (RFC 3168); see tcp_ecn.c. Private to tcp_*.c and cc_*.c.
 */
#ifndef TCPLAB_TRANSPORT_TCP_ECN_H
#define TCPLAB_TRANSPORT_TCP_ECN_H

#include "transport/tcp.h"
#include "wire/tcp.h"

struct tcp_plan;
struct tcp_segment;

/* Where a connection is with it; 0: not used. */
enum tcp_ecn_state {
    TCP_ECN_USED = 1,     /* both SYNs said so */
    TCP_ECN_ECHO = 2,     /* receiving: ECE goes out until CWR comes */
    TCP_ECN_CWR_OWED = 4, /* sending: the next new data tells that the window was reduced */
    TCP_ECN_HEARD = 8,    /* the acknowledgment that is being looked at has ECE */
    TCP_ECN_ANSWERS = 16, /* marks are echoed, but nothing of ours may be marked */
};

/* Does a listener, or what comes from it, agree to the ECN that this SYN asks for? */
bool tcp_ecn_agrees(const struct tcp_conn *c, const struct tcp_repr *syn);
void tcp_ecn_negotiate(struct tcp_conn *c, const struct tcp_repr *syn);
void tcp_ecn_syn_again(struct tcp_conn *c, const struct tcp_repr *syn);

/* Does it go out as ECT(0)? */
bool tcp_ecn_is_capable(const struct tcp_conn *c, const struct tcp_plan *plan);
uint8_t tcp_ecn_flags(struct tcp_conn *c, const struct tcp_plan *plan); /* ECE and CWR of a segment */
void tcp_ecn_received(struct tcp_conn *c, const struct tcp_segment *s);
void tcp_ecn_echoed(struct tcp_conn *c, const struct tcp_segment *s);
void tcp_ecn_window_reduced(struct tcp_conn *c);
bool tcp_ecn_was_reduced(const struct tcp_conn *c, seq_t seq);

#endif
