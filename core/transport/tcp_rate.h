/*
 * How fast the network delivers, and sending no faster: what congestion controls that model the path (BBR) stand on.
 * draft-ietf-ccwg-bbr, "Delivery Rate Samples" and "Pacing Rate". Private to tcp_*.c and cc_*.c.
 *
 * Such a control's cc_state begins with a struct tcp_rate. Beside each record of what is in flight lies a struct
 * tcp_sent_rate with what was known when it was sent.
 */
#ifndef TCPLAB_TRANSPORT_TCP_RATE_H
#define TCPLAB_TRANSPORT_TCP_RATE_H

#include "base/seq.h"

/* The draft's P: a snapshot at the time of sending. */
struct tcp_sent_rate {
    uint64_t delivered, lost;
    int64_t delivered_us, first_send_us;
    uint32_t tx_in_flight; /* with this segment */
    bool is_app_limited;
    bool valid; /* false: sent before anybody measured */
};

/* The draft's RS: what one acknowledgment tells. */
struct tcp_rate_sample {
    bool has_data, is_app_limited;
    seq_t newest; /* packet_id of the newest segment it delivered */
    uint64_t prior_delivered;
    int64_t send_elapsed_us, ack_elapsed_us;
    uint64_t bytes_per_s;     /* 0: no reliable sample */
    uint64_t delivered_bytes; /* over the sample's interval */
    uint32_t acked_bytes;     /* newly delivered by this acknowledgment */
    uint32_t tx_in_flight;
    uint64_t lost_bytes; /* since the newest was sent */
    uint32_t rtt_us;     /* 0: none */
};

/* The draft's C. */
struct tcp_rate {
    uint64_t delivered, lost; /* bytes, ever */
    uint64_t app_limited;     /* `delivered` when the bubble will have left the pipe; 0: there is none */
    int64_t delivered_us, first_send_us;
    uint64_t pacing_bytes_per_s; /* 0: not yet */
    int64_t next_send_ns;
    bool cwnd_limited; /* the window has kept something back in this round */
    struct tcp_rate_sample sample;
};

struct tcp_conn;
struct tcp_sent;

void tcp_rate_start(struct tcp_conn *c, struct tcp_rate *r);
void tcp_rate_sent(struct tcp_conn *c, uint32_t index);
void tcp_rate_delivered(struct tcp_conn *c, const struct tcp_sent *sent);
void tcp_rate_lost(struct tcp_conn *c, const struct tcp_sent *sent);
void tcp_rate_begin(struct tcp_conn *c);                /* an acknowledgment comes in */
void tcp_rate_end(struct tcp_conn *c, uint32_t rtt_us); /* all that it delivers is known */
void tcp_rate_check_app_limited(struct tcp_conn *c);
void tcp_rate_mark_app_limited(struct tcp_conn *c);
void tcp_rate_cwnd_limited(struct tcp_conn *c);

bool tcp_pacing_allows(struct tcp_conn *c); /* else a timer is set */
void tcp_pacing_sent(struct tcp_conn *c, uint32_t bytes);

#endif
