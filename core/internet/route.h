/*
 * The routing table: longest prefix wins (RFC 1812, section 5.2.4.3). Small and searched in order; hosts have
 * a few routes.
 */
#ifndef TCPLAB_INTERNET_ROUTE_H
#define TCPLAB_INTERNET_ROUTE_H

#include "base/address.h"

enum { ROUTES_MAX = 64 };

struct route {
    struct ip_addr net;
    uint8_t prefix;   /* 0: the default route */
    uint8_t netif;    /* interface index */
    bool has_gateway; /* false: the destination is on the link */
    struct ip_addr gateway;
};

struct route_table {
    uint32_t count;
    struct route at[ROUTES_MAX]; /* longest prefix first */
};

/* Adds a route, replacing one of the same net and prefix. STATUS_EINVAL for an impossible prefix,
 * STATUS_ENOBUFS when full. Host bits of net are cleared. */
int route_add(struct route_table *t, const struct route *r);

/* STATUS_ENOENT when there is none. */
int route_remove(struct route_table *t, struct ip_addr net, uint8_t prefix);

/* The best route to `dst`, or NULL. */
const struct route *route_find(const struct route_table *t, struct ip_addr dst);

/* The best of those that leave by an interface. */
const struct route *route_find_by(const struct route_table *t, uint8_t netif, struct ip_addr dst);

#endif
