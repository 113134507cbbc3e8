/*
 * Congestion control behind a table of functions: the core names no algorithm. Private to tcp_*.c and cc_*.c.
 */
#ifndef TCPLAB_TRANSPORT_TCP_CC_H
#define TCPLAB_TRANSPORT_TCP_CC_H

#include "transport/tcp.h"

struct tcp_sent;
struct tcp_sent_rate;

/* Congestion control: what RFC 5681 leaves to an algorithm. cwnd and ssthresh are in the connection. */
struct tcp_cc {
    const char *name;
    void (*start)(struct tcp_conn *c);                 /* at ESTABLISHED */
    void (*acked)(struct tcp_conn *c, uint32_t bytes); /* new data acknowledged, outside recovery */
    void (*unused)(struct tcp_conn *c);                /* as well, but the window was not used up; or NULL */
    void (*rtt)(struct tcp_conn *c, uint32_t rtt_us);  /* a round-trip time was measured; may be NULL */
    uint32_t (*threshold)(struct tcp_conn *c, uint32_t flight_bytes); /* ssthresh after a loss */
    uint32_t (*after_timeout)(struct tcp_conn *c); /* cwnd after the retransmission timer */
    void (*undo)(
        struct tcp_conn *c); /* there was no loss: its own state as before the last threshold(); or NULL */
    /*
     * One that models the path (BBR) sets cwnd itself, at each acknowledgment, from what tcp_rate.c measures, and is
     * told of what else it must know. Its cc_state begins with a struct tcp_rate. For the others these are NULL.
     */
    void (*update)(struct tcp_conn *c);
    void (*lost)(struct tcp_conn *c, const struct tcp_sent *r, const struct tcp_sent_rate *p);
    void (*marked)(struct tcp_conn *c);    /* congestion experienced (RFC 3168) */
    void (*recovered)(struct tcp_conn *c); /* recovery is over: cwnd after it */
    void (*restarts)(struct tcp_conn *c);  /* it sends after idling */
    uint32_t state_bytes;                  /* of cc_state; 0: it has none */
    bool limits;                           /* false: cwnd is not looked at */
};
extern const struct tcp_cc tcp_cc_newreno, tcp_cc_cubic, tcp_cc_bbr, tcp_cc_none;
const struct tcp_cc *tcp_cc_of(enum tcp_congestion congestion);

void tcp_cc_choose(struct tcp_conn *c, enum tcp_congestion congestion);
void tcp_cc_fall_back(struct tcp_conn *c); /* what the chosen one needs is not there: NewReno */

#endif
