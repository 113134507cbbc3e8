/*
 * The internet layer of one host: which interface and neighbour a packet goes to, headers, time to live,
 * errors (ICMP). Transports register here for the protocols they speak, so this layer never includes them.
 */
#ifndef TCPLAB_INTERNET_IP_H
#define TCPLAB_INTERNET_IP_H

#include "internet/route.h"
#include "link/netif.h"
#include "link/step.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

enum {
    IP_INTERFACES_MAX = 8,
    IP_TTL_DEFAULT = 64,
    IP_LOOPBACK_MTU = 65535,      /* the largest IPv4 packet: nothing has to be split on the way to oneself */
    IP_LOOPBACK_QUEUE_MAX = 1000, /* as an interface's queue */
    ICMP_ERRORS_PER_S = 1000,     /* RFC 1812 4.3.2.8: a limit; Linux has this one (icmp_msgs_per_sec) */
    ICMP_ERRORS_BURST = 50,       /* icmp_msgs_burst */
};

/* What a transport is told of a received packet. */
struct ip_packet {
    struct ip_addr src;
    struct ip_addr dst;
    struct netif *netif; /* where it came in; from ourselves: one of ours, NULL when there is none */
    uint8_t protocol;
    uint8_t ttl;
    uint8_t tos;
    bool to_group; /* the frame was sent to a broadcast or multicast MAC */
    bool loopback; /* we sent it ourselves */
    uint32_t frame_id;
    struct bytes header;  /* the IP header, for quoting in an ICMP error */
    struct bytes payload; /* borrowed; it lies right behind the header */
};

/* What a transport says of a packet to be sent. */
struct ip_send {
    struct ip_addr src; /* any: chosen by the route */
    struct ip_addr dst;
    uint8_t protocol;
    uint8_t ttl; /* 0: IP_TTL_DEFAULT */
    uint8_t tos;
    bool dont_fragment;
};

/* An ICMP error about a packet of ours. `quoted` starts at the transport header of what we sent (at least
 * 8 bytes). */
struct ip_error {
    uint8_t type, code;
    uint16_t mtu;
    struct ip_addr from;     /* who says so */
    struct ip_addr src, dst; /* of the quoted packet: ours and the peer's */
    uint32_t frame_id;
    struct bytes quoted;
};

struct ip_protocol {
    void *layer;
    void (*input)(void *layer, const struct ip_packet *p);
    void (*error)(void *layer, const struct ip_error *e); /* may be NULL */
};

struct ip_counters {
    uint64_t in_packets, in_delivered, in_bad, in_no_protocol, in_fragments, out_packets, out_no_route,
        forwarded, icmp_in, icmp_out;
};

/* Told of an ICMP error about an echo request (for ping and traceroute); `quoted` is the request. */
typedef void ip_echo_error_fn(void *context, const struct ip_error *e);

/* Told of an echo reply (for ping). */
typedef void ip_echo_reply_fn(void *context, struct ip_addr from, const struct icmp_repr *reply,
                              uint32_t frame_id);

struct ip {
    struct machine *machine;
    struct netif *netif[IP_INTERFACES_MAX];
    uint8_t netif_count;
    bool forwarding;      /* a router */
    bool verify_checksum; /* true but for the fault switch that teaches what a checksum is for */
    uint16_t next_id;
    struct route_table routes;
    struct ip_protocol udp, tcp;
    struct frame *loopback_head, *loopback_tail; /* packets to ourselves */
    uint32_t loopback_count;
    ip_echo_reply_fn *echo_reply;
    ip_echo_error_fn *echo_error;
    void *echo_reply_context; /* given to both */
    uint32_t icmp_tokens;     /* errors that may be sent now */
    int64_t icmp_refilled_us;
    struct ip_counters counters;
};

void ip_init(struct ip *ip, struct machine *m);

/* Adds an interface, its connected route and its input handlers. Returns its index or STATUS_ENOBUFS. `n`
 * must be initialised and stay. */
int ip_add_interface(struct ip *ip, struct netif *n);

/* Registers a transport. STATUS_EPROTONOSUPPORT for a protocol there is no slot for. */
int ip_register(struct ip *ip, uint8_t protocol, const struct ip_protocol *handler);

/* Where would a packet to `dst` leave? Fills netif, next hop and the source address to use.
 * STATUS_ENETUNREACH, STATUS_ENETDOWN. A path to ourselves has `loopback` set and no use for netif, which
 * is NULL on a host without interfaces. */
struct ip_path {
    struct netif *netif;
    bool loopback;
    struct ip_addr next_hop;
    struct ip_addr src;
    uint32_t mtu_bytes;
};
int ip_route(const struct ip *ip, struct ip_addr dst, struct ip_path *out);

/* The same by a given interface, as for a socket that is bound to one: to the gateway of the best route that leaves
 * there, and without such a route to the destination itself, as if it were on the link. STATUS_ENETUNREACH: it is one
 * of our own addresses, or none. */
int ip_route_by(const struct ip *ip, uint8_t netif, struct ip_addr dst, struct ip_path *out);

/* Sends a frame whose bytes are the transport's message: adds the IP header and passes it on. Takes the
 * frame in any case. A packet to one of our own addresses comes back in through the loopback queue.
 * Returns 0, or STATUS_ENETUNREACH, STATUS_EMSGSIZE (larger than the link's MTU), STATUS_EADDRNOTAVAIL ...
 * With `path` not NULL it is used instead of looking the route up (a cached route; src of `s` is then used
 * as it is). */
int ip_output(struct ip *ip, struct frame *message, const struct ip_send *s, const struct ip_path *path);

/* One of our addresses? (any, broadcast and multicast are not.) */
bool ip_is_local(const struct ip *ip, struct ip_addr a);

/* Packets that this host sent to itself and that wait to be received: the host calls it after each entry
 * until it returns false. */
bool ip_loopback_run(struct ip *ip);

/* Is `a` a broadcast address: 255.255.255.255, or that of a net of ours? */
bool ip_is_broadcast(const struct ip *ip, struct ip_addr a);

/* The transport that speaks `protocol`, or NULL. */
const struct ip_protocol *ip_handler(const struct ip *ip, uint8_t protocol);

/* ip.c: hands a packet that is for us to whom it concerns. */
void ip_deliver(struct ip *ip, const struct ip_packet *p);

/* ipv4_in.c: a packet came in by `n`. Of type netif_input_fn; `layer` is the struct ip. */
void ipv4_input(void *layer, struct netif *n, struct bytes packet, uint32_t frame_id, bool to_group);

/* ipv4_in.c: a packet came from ourselves. */
void ipv4_input_loopback(struct ip *ip, struct frame *f);

/* ipv4_in.c: the next hop did not answer. Of type netif_unreachable_fn. Tells the sender: our transport,
 * or the host whose packet we forwarded. */
void ipv4_unreachable(void *layer, struct netif *n, struct frame *f);

/* ipv4_out.c: sends on a packet that is for somebody else (RFC 1812, section 5.2.1). */
void ipv4_forward(struct ip *ip, const struct ip_packet *p);

/* icmp.c: an ICMP message for us. */
void icmp_input(struct ip *ip, const struct ip_packet *p);

/* Drops a received packet: counts it where it came in and traces why. */
RARE void ip_drop(const struct ip *ip, const struct ip_packet *p, enum trace_protocol protocol,
                  enum drop_reason reason);

/* The interface's index as the trace names it. */
static inline uint8_t ip_packet_iface(const struct ip_packet *p)
{
    assert(p->loopback || p->netif);
    return p->loopback ? STEP_NO_INTERFACE : p->netif->index;
}

/* icmp.c: sends an error about a received packet, unless RFC 1122 3.2.2 forbids it (errors about errors,
 * broadcasts, fragments; rate limited). */
void icmp_send_error(struct ip *ip, const struct ip_packet *about, uint8_t type, uint8_t code, uint16_t mtu);

/* icmp.c: sends an echo request. */
int icmp_send_echo(struct ip *ip, struct ip_addr dst, uint16_t id, uint16_t sequence, struct bytes data,
                   uint8_t ttl);

#endif
