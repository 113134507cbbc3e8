/*
 * What a lab minds of its switches: ports for their links, whether a cable is in them, and that they form no loop.
 *
 * A frame that is flooded into a loop of switches comes back and is flooded again, without end: Ethernet has no time to
 * live. Real switches agree on a tree (IEEE 802.1D, clause 17) and block the links that are not in it; ours do not, so a
 * link that would close a loop is refused. Thus there is one way over switches from any of them to another, at most.
 */
#include "lab/lab_state.h"

#include "base/status.h"

bool lab_is_switch(const struct lab *l, unsigned node)
{
    return host_kind(l->host[node]) == HOST_KIND_SWITCH;
}

int lab_prepare_port(struct lab *l, struct link_end end, struct link_end other)
{
    if (!lab_is_switch(l, end.node))
        return STATUS_OK;
    int status = host_add_ports(l->host[end.node], end.iface);
    const struct netif *peer =
        lab_is_switch(l, other.node) ? NULL : host_netif(l->host[other.node], other.iface);
    if (status == STATUS_OK && peer)
        host_netif(l->host[end.node], end.iface)->config.fcs = peer->config.fcs;
    return status;
}

void lab_carrier(struct lab *l, unsigned link)
{
    const struct link_way *way = l->link[link]->config.way;
    for (unsigned i = 0; i < 2; i++) {
        struct link_end end = l->link[link]->end[i];
        if (lab_is_switch(l, end.node))
            host_plug_port(l->host[end.node], end.iface, way[0].up || way[1].up, l->now_us);
    }
}

unsigned lab_switch_way(const struct lab *l, unsigned from, unsigned to, uint8_t way[LAB_NODES_MAX])
{
    enum { NOWHERE = LAB_NODES_MAX };
    uint8_t next[LAB_NODES_MAX]; /* on the way to `to` */
    memset(next, NOWHERE, sizeof next);
    if (!lab_is_switch(l, from) || !lab_is_switch(l, to))
        return 0;
    next[to] = (uint8_t)to;
    for (bool changed = true; changed;) {
        changed = false;
        for (unsigned i = 0; i < 2 * l->link_count; i++) {
            uint8_t a = l->link[i / 2]->end[i % 2].node, b = l->link[i / 2]->end[1 - i % 2].node;
            if (next[a] != NOWHERE || next[b] == NOWHERE || !lab_is_switch(l, a))
                continue;
            next[a] = b;
            changed = true;
        }
    }
    if (next[from] == NOWHERE)
        return 0;
    unsigned count = 0;
    way[count++] = (uint8_t)from;
    while (way[count - 1] != to) {
        assert(count < LAB_NODES_MAX);
        way[count] = next[way[count - 1]];
        count++;
    }
    return count;
}
