/*
 * A node with UDP on it, for tests of ports: what it sends goes into the node's queues, and datagrams from
 * others are made here.
 */
#ifndef TCPLAB_TESTS_UNIT_SUPPORT_UDP_NODE_H
#define TCPLAB_TESTS_UNIT_SUPPORT_UDP_NODE_H

#include "transport/udp.h"
#include "unit/support/node.h"

#define ANY ip_addr_v4(0)

struct udp_node {
    struct node *t;
    struct udp u;
    unsigned ready_count; /* how often an owner was told that there is something to read */
};

/* A node that knows its neighbours' addresses already. */
struct udp_node *udp_node_create(void);

/* Closes all ports; and what node_destroy() checks. */
void udp_node_destroy(struct udp_node *x);

/* A port whose owner is told, in `ready_count`; its socket is 4. */
struct udp_port *udp_node_open(struct udp_node *x);

/* Such a port, bound to `addr` and `port`, which must be free. */
struct udp_port *udp_node_bound(struct udp_node *x, struct ip_addr addr, uint16_t port);

/* A datagram from port 1000 of `src`. */
struct node_packet udp_node_datagram(struct ip_addr src, struct ip_addr dst, uint16_t dst_port,
                                     const char *text, bool checksum);

/* Such a datagram, with a checksum, arrives. */
void udp_node_receive(struct udp_node *x, struct ip_addr src, struct ip_addr dst, uint16_t port,
                      const char *text);

/* udp_receive() of at most 15 bytes, with a zero behind them. */
int udp_node_read(struct udp_node *x, struct udp_port *p, char text[16]);

#endif
