/*
 * What a packet script plays in: one host on a raw-IP interface, in virtual time, and the book-keeping of the
 * peer that the script speaks for.
 * The host is 10.0.0.1, the peer 10.0.0.2. Flow #n of a host that listens is from the peer's port 40000 + n
 * to port 8080, of a host that
 * connects to the peer's port 8079 + n.
 */
#ifndef TCPLAB_TESTS_PKT_WORLD_H
#define TCPLAB_TESTS_PKT_WORLD_H

#include "pkt/support/script.h"

enum { WORLD_SOCKETS_MAX = 16, WORLD_PACKET_MAX = 2048, WORLD_LISTEN_PORT = 8080 };

/* Everything that the host has sent, with its times, to be compared with what it sends another time. */
struct transcript {
    uint8_t *at;
    size_t len, room;
};

/* Script time 0, and the peer's initial sequence numbers: the same script must play the same whatever they
 * are. And whether the host goes the long way each time, which must make no difference either. */
struct world_start {
    int64_t base_us;
    seq_t remote_isn;
    bool no_shortcuts;
    struct transcript *transcript; /* NULL: nobody writes it down */
};

struct flow {
    bool live;      /* its ports are known */
    bool isn_known; /* the host's */
    bool ts_known;
    uint16_t local_port, remote_port;
    seq_t local_isn, remote_isn;
    uint32_t ts_base; /* the host's clock for timestamps, at what a script calls 0 */
};

struct world_socket {
    int handle;              /* 0: no such number in the script */
    uint64_t written, taken; /* bytes, since it was connected */
};

/* A packet the host has sent, oldest first. */
struct sent {
    struct sent *next;
    int64_t at_us;
    size_t len;
    uint8_t bytes[];
};

struct world {
    struct host *host;
    struct sockets *sockets;
    struct world_start start;
    int64_t now_us; /* script time */
    struct flow flows[SCRIPT_FLOWS_MAX];
    struct world_socket fds[WORLD_SOCKETS_MAX];
    struct sent *sent, *sent_tail;
    struct tcp_options cookie; /* the Fast Open cookie that the host has given last */
};

/* One world at a time: they share their memory. */
bool world_create(struct world *w, const struct script *s, struct world_start start);
void world_destroy(struct world *w);

/* Lets time pass up to `until_us`, or to the first packet sent when `stop` says so. */
void world_run(struct world *w, int64_t until_us, bool stop);

/* The host acts on what calls have made ready, and what it sends is collected. */
void world_settle(struct world *w);

/* The peer sends a segment, or a router an ICMP message. False: the script speaks of numbers that nobody
 * knows. */
bool world_inject(struct world *w, const struct segment_spec *s);
bool world_inject_icmp(struct world *w, const struct icmp_spec *s);

/* The oldest packet sent, as flow `flow` would have it. NULL, or what is wrong with the packet. */
const char *world_read(struct world *w, const struct sent *p, unsigned flow, struct segment_spec *out);

/* Which flow's ports it has; 0: none's. */
unsigned world_flow_of(const struct world *w, const struct sent *p);
void world_drop_first(struct world *w);

/* The connection block of a flow, or NULL when there is none (any more). */
struct tcp_conn *world_connection(const struct world *w, unsigned flow);

/* The byte at `offset` of every stream, either way. */
static inline uint8_t world_pattern(uint64_t offset)
{
    return (uint8_t)(offset * 7 + offset / 251);
}

#endif
