/*
 * One host without transports, for tests of the link and internet layers: interfaces 10.0.0.1/24 and
 * 10.0.1.1/24 (the second only for routers), a trace to look things up in, a clock that stands still until
 * told, and makers of packets from others.
 */
#ifndef TCPLAB_TESTS_NODE_H
#define TCPLAB_TESTS_NODE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/status.h"
#include "internet/ip.h"
#include "wire/arp.h"
#include "wire/ethernet.h"
#include "wire/icmp.h"
#include "wire/udp.h"

#define NODE_A         ip_addr_v4(0x0a000001) /* the node itself, interface 0 */
#define NODE_B         ip_addr_v4(0x0a000101) /* interface 1 of a router */
#define PEER           ip_addr_v4(0x0a000002) /* a neighbour on link 0 */
#define PEER_2         ip_addr_v4(0x0a000102) /* a neighbour on link 1 */
#define STRANGER       ip_addr_v4(0xc6336401) /* 198.51.100.1, nowhere near */
#define LINK_BROADCAST ip_addr_v4(0x0a0000ff)
#define MAC_A          ((struct mac_addr){{2, 0, 0, 0, 0, 1}})
#define MAC_PEER       ((struct mac_addr){{2, 0, 0, 0, 0, 0x22}})

struct node {
    struct machine m;
    struct netif n[2];
    struct ip ip;
    size_t in_use; /* of the arena, when it was new */
};

struct node_options {
    bool router, raw_ip, fcs, no_trace;
    uint32_t mtu_bytes; /* 0: 1500 */
};

struct node *node_create(struct node_options o);

/* Empties all queues and checks that no memory was leaked. */
void node_destroy(struct node *t);

/* Lets time pass and fires what is due on the way. */
void node_run_until(struct node *t, int64_t now_us);

/* How many events of that kind are in the trace, and the last of them (which must be there). */
uint32_t node_count(const struct node *t, enum trace_kind kind);
const struct trace_event *node_last(const struct node *t, enum trace_kind kind);

/* The last thing dropped was dropped by this layer for this reason. */
void node_assert_dropped(const struct node *t, enum trace_protocol protocol, enum drop_reason reason);

/* A packet in a buffer. */
struct node_packet {
    size_t len;
    uint8_t at[2048];
};

/* An IPv4 packet from src to dst; `repr` may be NULL or gives all but addresses and length. */
struct node_packet node_ipv4(struct ip_addr src, struct ip_addr dst, const struct ipv4_repr *repr,
                             struct bytes payload);
struct node_packet node_ethernet(struct mac_addr dst, uint16_t type, struct bytes payload);
struct node_packet node_arp(uint16_t operation, struct ip_addr sender, struct mac_addr mac,
                            struct ip_addr target);

/* Repairs the header checksum after a test changed a field. */
void node_fix_checksum(struct node_packet *p);

/* Receives an IPv4 packet (in a frame to us) or a whole frame on interface `i`, as frame `frame_id`. */
void node_receive(struct node *t, unsigned i, const struct node_packet *packet);
void node_receive_frame(struct node *t, unsigned i, const struct node_packet *frame);

/* Takes the next frame sent on interface `i`, which must be there and carry that type, and gives what it
 * carries. */
struct node_packet node_take(struct node *t, unsigned i, uint16_t type);

/* The same for IPv4, parsed: *payload points into *packet. */
void node_take_ipv4(struct node *t, unsigned i, struct ipv4_repr *out, struct node_packet *packet,
                    struct bytes *payload);

/* Nothing waits to be sent on interface `i`. */
void node_assert_silent(const struct node *t, unsigned i);

/* Makes the neighbours known, so that tests above ARP see no ARP. */
void node_know_neighbours(struct node *t);

#endif
