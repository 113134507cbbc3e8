/*
 * UDP (RFC 768, RFC 1122 section 4.1): datagrams to ports, with a checksum, without promises.
 */
#ifndef TCPLAB_TRANSPORT_UDP_H
#define TCPLAB_TRANSPORT_UDP_H

#include "internet/ip.h"
#include "wire/udp.h"

/* Receive queue of one port: bytes of datagrams that wait, as SO_RCVBUF. */
enum { UDP_RECEIVE_QUEUE_DEFAULT = 212992, UDP_PAYLOAD_MAX = 65507, UDP_TABLE_BUCKETS = 64 };

struct udp_datagram {
    struct udp_datagram *next;
    struct ip_endpoint from;
    struct ip_endpoint to;
    uint32_t event; /* the trace event of its arrival */
    uint32_t len;
    uint8_t payload[];
};

/* One bound port. Owned by a socket. */
struct udp_port {
    struct udp_port *next; /* in its bucket */
    struct ip_endpoint local;
    struct ip_endpoint remote; /* port 0: not connected */
    bool bound;
    bool reuse_addr;
    bool no_checksum; /* send without checksum, as IPv4 allows */
    bool shut_receive;
    bool shut_send;
    uint8_t ttl;
    uint8_t tos;
    int error;                             /* pending, from ICMP: read once */
    uint32_t queue_bytes, queue_bytes_max; /* datagrams with their struct, so that empty ones count too */
    struct udp_datagram *head, *tail;
    void *owner;
    int32_t socket; /* handle, for the trace */
};

struct udp_counters {
    uint64_t in_datagrams, in_no_port, in_bad, in_full, out_datagrams;
};

struct udp {
    struct machine *machine;
    struct ip *ip;
    bool verify_checksum;
    struct udp_port *bucket[UDP_TABLE_BUCKETS]; /* by local port */
    struct udp_counters counters;
    void (*ready)(void *owner); /* something to read, or an error; it must not close a port */
};

void udp_init(struct udp *u, struct machine *m, struct ip *ip);

struct udp_port *udp_open(struct udp *u);
void udp_close(struct udp *u, struct udp_port *p);

/* Binds; port 0 takes an ephemeral one (RFC 6056). STATUS_EADDRINUSE, STATUS_EADDRNOTAVAIL, STATUS_EINVAL
 * (bound already). */
int udp_bind(struct udp *u, struct udp_port *p, struct ip_endpoint local);

/* Sets the peer: receive only from it, send to it by default. Binds when it is not bound. A remote port of
 * 0 undoes it. */
int udp_connect(struct udp *u, struct udp_port *p, struct ip_endpoint remote);

/* Sends one datagram; `to` NULL means the connected peer. Returns the length, or STATUS_EMSGSIZE,
 * STATUS_EDESTADDRREQ, STATUS_ENETUNREACH, a pending error ... */
int udp_send(struct udp *u, struct udp_port *p, const struct ip_endpoint *to, struct bytes payload);

/* Takes (or with `peek` looks at) the first datagram; what does not fit is cut off. Returns the bytes
 * copied, *full_len its true length. STATUS_EAGAIN, or a pending error; 0 from nobody when receiving was
 * shut down and nothing waits. */
int udp_receive(struct udp *u, struct udp_port *p, struct room into, struct ip_endpoint *from,
                uint32_t *full_len, bool peek);

#endif
