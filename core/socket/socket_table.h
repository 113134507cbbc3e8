/*
 * What the files of the socket layer share. Private to socket/.
 */
#ifndef TCPLAB_SOCKET_SOCKET_TABLE_H
#define TCPLAB_SOCKET_SOCKET_TABLE_H

#include "base/status.h"
#include "socket/socket.h"
#include "trace/trace.h"

/* Echo replies that wait to be read, at most. */
enum { PING_QUEUE_MAX = 64 };

struct ping_reply {
    struct ping_reply *next;
    struct ip_addr from;
    uint32_t len;
    uint8_t payload[];
};

struct ping_state {
    uint16_t id;
    uint16_t sequence; /* of the next request */
    uint32_t queued;
    struct ping_reply *head, *tail;
};

struct socket {
    struct sockets *table;
    int32_t handle;
    uint8_t type; /* enum socket_type */
    uint8_t told; /* readiness bits that were reported last */
    bool reuse_addr;
    uint8_t ttl;       /* ping */
    int32_t linger_ms; /* -1: off */
    union {
        struct tcp_conn *tcp;
        struct udp_port *udp;
        struct ping_state *ping;
    } u;
};

struct sockets {
    struct machine *machine;
    struct ip *ip;
    struct tcp *tcp;
    struct udp *udp;
    struct socket **at; /* by handle - 1; NULL: free */
    uint32_t capacity;
    uint32_t lowest_free; /* no handle below this index is free */
    uint16_t next_ping_id;
    socket_ready_fn *ready;
    void *ready_context;
};

/* The open socket, or NULL. */
struct socket *socket_find(const struct sockets *s, int handle);

/* Is anybody looking? */
static inline bool socket_traced(const struct sockets *s)
{
    return TCPLAB_TRACE && s->machine->trace;
}

/* Begins a call's trace record and makes it the cause of what follows; socket_call_end() fills in the result
 * and gives it back. */
struct socket_call {
    uint32_t event;
    uint32_t before;
};
struct socket_call socket_call_begin(struct sockets *s, const struct socket *k, enum socket_call_kind kind,
                                     struct ip_endpoint e, size_t len);
int64_t socket_call_end(struct sockets *s, struct socket_call call, int64_t result);

/* Readiness bits of a socket now. */
unsigned socket_readiness(const struct socket *k);

/* Tells the owner when something became ready that was not. */
void socket_became_ready(struct socket *k);

/* socket_ping.c */
int ping_open(struct socket *k);
void ping_close(struct socket *k);
int64_t ping_send(struct socket *k, struct bytes data, struct ip_addr to);
int64_t ping_receive(struct socket *k, struct room into, struct ip_endpoint *from, uint32_t *full_len,
                     bool peek);
void ping_reply(void *context, struct ip_addr from, const struct icmp_repr *reply, uint32_t frame_id);

#endif
