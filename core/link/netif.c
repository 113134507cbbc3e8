/*
 * An interface: what comes in from the world goes up by its kind, what goes out waits in a queue until the
 * world takes it. The queue is a list of frames with a limit, as a driver's ring or a qdisc would be; a full
 * one drops the newest.
 *
 * Left out on purpose: priorities (the queue is plain FIFO) and segmentation offload (each frame is one
 * packet).
 */
#include "link/netif.h"

#include "base/status.h"
#include "link/bridge.h"
#include "link/step.h"
#include "wire/ethernet.h"

enum { MTU_MIN = 576, MTU_MAX = 65535 };

static struct step netif_step(const struct netif *n, uint32_t frame_id)
{
    enum trace_protocol protocol = n->config.kind == NETIF_RAW_IP ? TRACE_IPV4 : TRACE_ETHERNET;
    return (struct step){n->machine, protocol, n->index, frame_id};
}

static bool netif_config_good(const struct netif_config *c)
{
    if (c->kind != NETIF_ETHERNET && c->kind != NETIF_RAW_IP)
        return false;
    if (c->mtu_bytes < MTU_MIN || c->mtu_bytes > MTU_MAX)
        return false;
    if (c->kind == NETIF_ETHERNET && (c->mac.octet[0] & 1))
        return false;
    if (ip_addr_is_any(c->addr))
        return c->prefix == 0;
    if (!ip_addr_is_v4(c->addr) || c->prefix > 32)
        return false;
    return !ip_addr_is_multicast(c->addr) && !ip_addr_is_limited_broadcast(c->addr) &&
           !ip_addr_is_loopback(c->addr);
}

int netif_init(struct netif *n, struct machine *m, uint8_t index, const struct netif_config *config)
{
    assert(n && m && config);
    if (!netif_config_good(config))
        return STATUS_EINVAL;
    *n = (struct netif){.machine = m, .config = *config, .index = index, .up = true, .version = 1};
    arp_init(&n->arp, n);
    return 0;
}

bool netif_is_broadcast(const struct netif *n, struct ip_addr a)
{
    if (!ip_addr_is_v4(a))
        return false;
    if ((uint32_t)a.lo == UINT32_MAX)
        return true;
    if (ip_addr_is_any(n->config.addr) || n->config.prefix > 30)
        return false; /* RFC 3021: a /31 has no broadcast address, nor has a single host */
    uint32_t host_bits = UINT32_MAX >> n->config.prefix;
    return (uint32_t)a.lo == ((uint32_t)n->config.addr.lo | host_bits);
}

static RARE void port_input(struct netif *n, struct bytes frame, uint32_t frame_id)
{
    if (!n->config.fcs || ethernet_fcs_verified(n, frame, frame_id))
        bridge_input(n->bridge, n, bytes_first(frame, frame.len - (n->config.fcs ? ETHERNET_FCS : 0)),
                     frame_id);
}

void netif_input(struct netif *n, struct bytes bytes, uint32_t frame_id)
{
    if (!n->up) {
        netif_drop_in(n, netif_step(n, frame_id).protocol, DROP_INTERFACE_DOWN, frame_id);
        return;
    }
    n->counters.in_frames++;
    n->counters.in_bytes += bytes.len;
    if (n->config.kind == NETIF_ETHERNET)
        ethernet_input(n, bytes, frame_id);
    else if (n->config.kind == NETIF_PORT)
        port_input(n, bytes, frame_id);
    else if (bytes.len == 0)
        netif_drop_in(n, TRACE_IPV4, DROP_TRUNCATED, frame_id);
    else if (bytes.at[0] >> 4 != 4 || !n->ipv4_input)
        netif_drop_in(n, TRACE_IPV4, DROP_UNKNOWN_PROTOCOL, frame_id);
    else
        n->ipv4_input(n->internet, n, bytes, frame_id, false);
}

void netif_output(struct netif *n, struct frame *packet, struct ip_addr next_hop)
{
    assert(packet->len > 0);
    if (n->config.kind == NETIF_RAW_IP || !n->up)
        netif_enqueue(n, packet);
    else
        arp_output(&n->arp, packet, next_hop);
}

void netif_enqueue(struct netif *n, struct frame *f)
{
    if (!n->up || n->queue_count >= NETIF_QUEUE_MAX) {
        n->counters.out_dropped++;
        step_dropped(netif_step(n, f->id), n->up ? DROP_QUEUE_FULL : DROP_INTERFACE_DOWN);
        frame_free(n->machine, f);
        return;
    }
    frame_set_cause(n->machine, f);
    f->next = NULL;
    if (n->queue_tail)
        n->queue_tail->next = f;
    else
        n->queue_head = f;
    n->queue_tail = f;
    n->queue_count++;
    n->counters.out_frames++;
    n->counters.out_bytes += f->len;
}

struct frame *netif_take(struct netif *n)
{
    struct frame *f = n->queue_head;
    if (!f)
        return NULL;
    assert(n->queue_count > 0);
    n->queue_head = f->next;
    if (!n->queue_head)
        n->queue_tail = NULL;
    n->queue_count--;
    f->next = NULL;
    return f;
}

void netif_drop_in(struct netif *n, enum trace_protocol protocol, enum drop_reason reason, uint32_t frame_id)
{
    n->counters.in_dropped++;
    step_dropped((struct step){n->machine, protocol, n->index, frame_id}, reason);
}
