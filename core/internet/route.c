/*
 * Routes sorted by prefix, longest first, so that the first that matches is the best. A radix tree would pay
 * from some hundred routes on; hosts and the routers of a lab have a handful.
 *
 * Left out on purpose: metrics and several routes to one net; the second replaces the first.
 */
#include "internet/route.h"

#include "base/status.h"

static unsigned address_bits(struct ip_addr a)
{
    return ip_addr_is_v4(a) ? 32 : 128;
}

/* The first `prefix` bits of the address; the rest is zero. */
static struct ip_addr net_of(struct ip_addr a, unsigned prefix)
{
    unsigned kept = ip_addr_is_v4(a) ? prefix + 96 : prefix;
    if (kept <= 64)
        return (struct ip_addr){kept == 0 ? 0 : a.hi >> (64 - kept) << (64 - kept), 0};
    return (struct ip_addr){a.hi, a.lo >> (128 - kept) << (128 - kept)};
}

static bool route_good(const struct route *r)
{
    if (r->prefix > address_bits(r->net))
        return false;
    if (!r->has_gateway)
        return true;
    return ip_addr_is_v4(r->gateway) == ip_addr_is_v4(r->net) && !ip_addr_is_any(r->gateway) &&
           !ip_addr_is_multicast(r->gateway);
}

static struct route *route_exact(struct route_table *t, struct ip_addr net, uint8_t prefix)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->at[i].prefix == prefix && ip_addr_equal(t->at[i].net, net))
            return &t->at[i];
    return NULL;
}

int route_add(struct route_table *t, const struct route *r)
{
    assert(t->count <= ROUTES_MAX);
    if (!route_good(r))
        return STATUS_EINVAL;
    struct route added = *r;
    added.net = net_of(r->net, r->prefix);
    struct route *same = route_exact(t, added.net, added.prefix);
    if (same) {
        *same = added;
        return 0;
    }
    if (t->count == ROUTES_MAX)
        return STATUS_ENOBUFS;
    uint32_t at = t->count++;
    for (; at > 0 && t->at[at - 1].prefix < added.prefix; at--)
        t->at[at] = t->at[at - 1];
    t->at[at] = added;
    return 0;
}

int route_remove(struct route_table *t, struct ip_addr net, uint8_t prefix)
{
    if (prefix > address_bits(net))
        return STATUS_ENOENT;
    struct route *r = route_exact(t, net_of(net, prefix), prefix);
    if (!r)
        return STATUS_ENOENT;
    uint32_t behind = (uint32_t)(&t->at[t->count] - (r + 1));
    memmove(r, r + 1, behind * sizeof *r);
    t->count--;
    return 0;
}

const struct route *route_find(const struct route_table *t, struct ip_addr dst)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (ip_addr_same_net(t->at[i].net, dst, t->at[i].prefix))
            return &t->at[i];
    return NULL;
}

const struct route *route_find_by(const struct route_table *t, uint8_t netif, struct ip_addr dst)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->at[i].netif == netif && ip_addr_same_net(t->at[i].net, dst, t->at[i].prefix))
            return &t->at[i];
    return NULL;
}
