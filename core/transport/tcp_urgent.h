/*
 * The urgent mechanism (RFC 9293, section 3.8.5); see tcp_urgent.c. Private to tcp_*.c.
 */
#ifndef TCPLAB_TRANSPORT_TCP_URGENT_H
#define TCPLAB_TRANSPORT_TCP_URGENT_H

#include "transport/tcp.h"

struct tcp_segment;

/* Made when something is urgent; see tcp_urgent.c. */
struct tcp_urgent {
    seq_t snd_up, rcv_up; /* the byte after the last urgent one, each way */
    bool sending, receiving;
};

/* Those with RARE want c->urgent. */
void tcp_urgent_mark(struct tcp_conn *c);
RARE bool tcp_urgent_marks(struct tcp_conn *c, seq_t seq); /* a segment from there on has the flag */
RARE uint16_t tcp_urgent_pointer(const struct tcp_conn *c, seq_t seq);
RARE void tcp_urgent_arrive(struct tcp_conn *c, const struct tcp_segment *s);
bool tcp_urgent_pending(const struct tcp_conn *c);
uint32_t tcp_urgent_limit(const struct tcp_conn *c, uint32_t len); /* reading stops at the mark */
RARE void tcp_urgent_read(struct tcp_conn *c);

#endif
