/*
 * A connection as those may see it who only look: the lab's descriptions. What is in here is copied out of the
 * connection block, so that nobody else has to know how that is made.
 */
#ifndef TCPLAB_TRANSPORT_TCP_VIEW_H
#define TCPLAB_TRANSPORT_TCP_VIEW_H

#include "base/ranges.h"
#include "transport/tcp.h"

struct tcp_view {
    struct ip_endpoint local, remote;
    enum tcp_state state;
    int32_t socket; /* its handle; 0: nobody owns it any more, or not yet */
    bool passive;   /* came from LISTEN */
    bool fin_wanted, fin_received;

    /* receiving */
    struct ranges held; /* what came out of order */

    /* sending: the scoreboard, empty without SACK */
    uint32_t flight_count;
    uint32_t sacked_bytes, lost_bytes;
    uint32_t rack_rtt_us;
    seq_t fack; /* highest number that was ever acknowledged, selectively or not */

    /* loss recovery and congestion control */
    seq_t recover, rtx_next, loss_end;
    uint32_t cwnd_credit_bytes;
    uint32_t prr_delivered_bytes, prr_out_bytes;

    /* LISTEN */
    bool listens;
    uint32_t backlog, half_open, ready_count;
};

/* The connection after `c` in the order of creation (NULL: the first), or NULL. Listeners, and those in TIME_WAIT
 * that nobody owns, are among them. */
const struct tcp_conn *tcp_view_next(const struct tcp *t, const struct tcp_conn *c);
void tcp_view_of(struct tcp_view *out, const struct tcp_conn *c);

/* A segment in flight, the n-th of flight_count. */
struct tcp_view_segment {
    seq_t from, to; /* to: one past the last */
    int64_t sent_us;
    bool sacked, lost, sent_again;
};
struct tcp_view_segment tcp_view_flight(const struct tcp_conn *c, uint32_t n);

/* Who waits in a listener's queue: the n-th of ready_count. */
struct ip_endpoint tcp_view_ready(const struct tcp_conn *c, uint32_t n);

#endif
