/*
 * Opening beyond the plain handshake: a listener's queues, SYN cookies (RFC 4987) and Fast Open (RFC 7413).
 * Private to tcp_*.c.
 */
#ifndef TCPLAB_TRANSPORT_TCP_OPEN_H
#define TCPLAB_TRANSPORT_TCP_OPEN_H

#include "transport/tcp.h"
#include "wire/tcp_options.h"

struct tcp_segment;
struct tcp_fastopen_cache;

/*
 * Each of a listener's two queues holds at most `backlog` connections, as on Linux: those that are being
 * opened, and those that wait for accept(). When the second is full, SYNs are dropped and the last message of
 * a handshake is not heard, so that the peer asks again.
 */
struct tcp_listener {
    struct tcp_conn *next; /* in its bucket of listeners */
    uint32_t backlog;
    uint32_t half_open;         /* children in SYN_RCVD */
    uint32_t ready_count;       /* children to be accepted */
    uint32_t fast_open_pending; /* handed out before their handshake was over, which it still is not */
    int64_t cookies_until_us;   /* one that it has sent may still come back */
    struct tcp_conn *ready, *ready_tail;
};

static inline bool tcp_accept_queue_full(const struct tcp_listener *l)
{
    return l->ready_count >= l->backlog;
}

/* tcp_cookie.c: a listener that remembers nothing */
RARE void tcp_cookie_send(struct tcp_conn *listener, const struct tcp_segment *s);
RARE bool tcp_cookie_taken(struct tcp_conn *listener, struct tcp_segment *s); /* true: that was all of it */

/* tcp_fastopen.c */
void tcp_fastopen_prepare(struct tcp_conn *c);            /* active: before the SYN */
uint32_t tcp_fastopen_syn_text(const struct tcp_conn *c); /* how many bytes go with the SYN */
RARE void tcp_fastopen_answered(struct tcp_conn *c, const struct tcp_segment *s);
RARE void tcp_fastopen_unanswered(struct tcp_conn *c);  /* the SYN is to be sent again */
bool tcp_fastopen_takes_text(const struct tcp_conn *c); /* send() may be called before ESTABLISHED */
RARE void tcp_fastopen_arrive(struct tcp_conn *c, struct tcp_segment *s); /* passive: a SYN with the option */
RARE void tcp_fastopen_fill(const struct tcp_conn *c, struct tcp_options *o);

#endif
