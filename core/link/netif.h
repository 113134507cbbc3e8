/*
 * A network interface: what a host has on one end of a link. Ethernet (with ARP, padding and, where no
 * hardware does it, the FCS), raw IP, as a TUN device has it, or a port of a switch, which is Ethernet that hears
 * everything and has no address. Outgoing frames wait in its transmit queue until the world takes them.
 */
#ifndef TCPLAB_LINK_NETIF_H
#define TCPLAB_LINK_NETIF_H

#include "link/frame.h"
#include "link/arp.h"
#include "trace/trace.h"
#include "wire/ethernet.h"

enum netif_kind { NETIF_ETHERNET, NETIF_RAW_IP, NETIF_PORT };

/* Like Linux's txqueuelen. */
enum { NETIF_QUEUE_MAX = 1000 };

struct netif_config {
    enum netif_kind kind;
    uint32_t mtu_bytes; /* largest IP packet; 576 to 65535 */
    struct mac_addr mac;
    struct ip_addr addr;
    uint8_t prefix; /* network bits of addr */
    bool fcs;       /* Ethernet: append the FCS when sending, verify and strip it when receiving */
};

struct netif_counters {
    uint64_t in_frames, in_bytes, out_frames, out_bytes, in_dropped, out_dropped;
};

/* Given a received packet without its link header: what the internet layer registers. The bytes are borrowed.
 * `to_group`: the frame was sent to a broadcast or multicast MAC. */
struct netif;
struct bridge;
typedef void netif_input_fn(void *layer, struct netif *n, struct bytes packet, uint32_t frame_id,
                            bool to_group);

/* Given packets that could not be sent because the next hop did not answer; it does not own the frame. */
typedef void netif_unreachable_fn(void *layer, struct netif *n, struct frame *f);

struct netif {
    struct machine *machine;
    struct netif_config config;
    uint8_t index; /* on this host */
    bool up;
    uint32_t
        version; /* never 0; another one after anything on which the way to a neighbour depends has changed */
    struct frame *queue_head, *queue_tail;
    uint32_t queue_count;
    struct netif_counters counters;
    struct arp arp;
    void *internet; /* given to the functions below */
    netif_input_fn *ipv4_input;
    netif_unreachable_fn *unreachable;
    struct bridge *bridge; /* of a port */
};

/* Checks the config; STATUS_EINVAL names nothing more. `n` is the caller's memory and must not move. */
int netif_init(struct netif *n, struct machine *m, uint8_t index, const struct netif_config *config);

/* Is `a` the limited broadcast address or that of this interface's net? */
bool netif_is_broadcast(const struct netif *n, struct ip_addr a);

/* A frame came in from the world. `bytes` are borrowed; `frame_id` names it in the trace. */
void netif_input(struct netif *n, struct bytes bytes, uint32_t frame_id);

/* Sends an IP packet to a neighbour: resolves its link address when that is needed. Takes the frame.
 * `next_hop` any-broadcast and multicast addresses go to the broadcast MAC. */
void netif_output(struct netif *n, struct frame *packet, struct ip_addr next_hop);

/* Puts a finished frame on the transmit queue. Takes the frame; when the queue is full it is dropped,
 * counted and traced. For arp.c and ethernet.c. */
void netif_enqueue(struct netif *n, struct frame *f);

/* Takes the next frame to transmit, or NULL. The caller frees it with frame_free(). */
struct frame *netif_take(struct netif *n);

/* Counts and traces that something received is dropped. */
RARE void netif_drop_in(struct netif *n, enum trace_protocol protocol, enum drop_reason reason,
                        uint32_t frame_id);

/* What was known of neighbours and of this interface may not hold any more. */
static inline void netif_changed(struct netif *n)
{
    n->version += n->version == UINT32_MAX ? 2 : 1;
}

/* ethernet.c: pads a frame that has its header to Ethernet's minimum. */
static inline void ethernet_pad(struct frame *f)
{
    if (f->len < ETHERNET_HEADER + ETHERNET_PAYLOAD_MIN) {
        uint32_t padding = ETHERNET_HEADER + ETHERNET_PAYLOAD_MIN - f->len;
        uint8_t *at = frame_append(f, padding);
        if (padding <= 8) /* a bare acknowledgment has 6; what is too many is in the tailroom */
            memset(at, 0, 8);
        else
            memset(at, 0, padding);
    }
}

/* ethernet.c: adds the Ethernet header (and padding, FCS) and queues the frame. Takes it. */
void ethernet_output(struct netif *n, struct frame *f, const struct mac_addr *dst, uint16_t type);
void ethernet_input(struct netif *n, struct bytes frame, uint32_t frame_id);

/* ethernet.c: the FCS behind a frame. Verified: false when it is wrong, and the frame was dropped. */
void ethernet_fcs_append(struct frame *f);
bool ethernet_fcs_verified(struct netif *n, struct bytes frame, uint32_t frame_id);

#endif
