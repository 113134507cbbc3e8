/*
 * The neighbour cache: IPv4 address to MAC by ARP (RFC 826; retry, expiry and queueing: RFC 1122 section
 * 2.3.2).
 */
#ifndef TCPLAB_LINK_ARP_H
#define TCPLAB_LINK_ARP_H

#include "link/frame.h"
#include "base/address.h"

enum {
    ARP_ENTRIES_MAX = 64,       /* neighbours on one link; the one unused longest makes room */
    ARP_QUEUE_MAX = 16,         /* packets that wait for one answer; RFC 1122 asks for at least one */
    ARP_ATTEMPTS_MAX = 3,       /* as Linux: mcast_solicit */
    ARP_RETRY_US = 1000000,     /* RFC 1122: at most one request per second */
    ARP_LIFETIME_US = 60000000, /* RFC 1122: about a minute */
};

enum arp_state { ARP_FREE, ARP_ASKING, ARP_KNOWN };

struct arp_entry {
    enum arp_state state;
    struct ip_addr ip;
    struct mac_addr mac;
    uint8_t attempts; /* requests sent and not answered; known: polls of the neighbour itself */
    uint16_t queued;
    int64_t deadline_us;       /* asking: when to ask again; known: when it expires */
    int64_t used_us;           /* for choosing whom to forget */
    uint32_t asked;            /* trace event of the last request; 0: none */
    struct frame *head, *tail; /* waiting packets */
};

struct netif;

struct arp {
    struct netif *netif;
    struct timer timer;
    uint32_t count; /* entries looked at: those beyond were never used */
    uint32_t last;  /* index of the entry used last: most packets go where the one before went */
    struct arp_entry entry[ARP_ENTRIES_MAX];
};

void arp_init(struct arp *a, struct netif *n);

/* Sends `packet` (an IP packet, ethertype set) to the neighbour `next_hop`: now when it is known, else
 * after asking. Takes the frame. */
void arp_output(struct arp *a, struct frame *packet, struct ip_addr next_hop);

/* An ARP packet came in. */
RARE void arp_input(struct arp *a, struct bytes packet, uint32_t frame_id);

/* The entry for an address, or NULL. */
const struct arp_entry *arp_find(const struct arp *a, struct ip_addr ip);

/* The same when its MAC is known, to be kept until netif_changed(): whoever sends to it sets `used_us`. */
struct arp_entry *arp_known(struct arp *a, struct ip_addr ip);

/* Puts in a permanent entry (deadline TIME_NEVER), or forgets everything. */
int arp_set(struct arp *a, struct ip_addr ip, struct mac_addr mac);
void arp_flush(struct arp *a);

#endif
