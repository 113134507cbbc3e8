/*
 * A learning Ethernet switch: a transparent bridge (IEEE 802.1D-2004, clause 7). Its ports are interfaces that hear
 * everything; it remembers behind which port an address was last heard, and sends a frame only there.
 */
#ifndef TCPLAB_LINK_BRIDGE_H
#define TCPLAB_LINK_BRIDGE_H

#include "link/netif.h"

enum {
    BRIDGE_PORTS_MAX = 16,
    BRIDGE_ADDRESSES_DEFAULT = 1024, /* as in small switches: more than the largest lab has interfaces */
};
#define BRIDGE_AGEING_US_DEFAULT INT64_C(300000000) /* 7.9.2 */

/* Why a frame goes out by every other port. X(NAME, phrase) */
#define FLOOD_REASON_LIST(X)                                                                                 \
    X(UNKNOWN, "nobody with that address was heard yet")                                                     \
    X(BROADCAST, "it is for everybody")                                                                      \
    X(MULTICAST, "it is for a group")

enum flood_reason {
#define X(NAME, phrase) FLOOD_##NAME,
    FLOOD_REASON_LIST(X)
#undef X
        FLOOD_REASON_COUNT
};

/* Why a frame goes nowhere. X(NAME, phrase) */
#define FILTER_REASON_LIST(X)                                                                                \
    X(SAME_PORT, "its destination is where it came from")                                                    \
    X(RESERVED, "its address is for neighbours only")

enum filter_reason {
#define X(NAME, phrase) FILTER_##NAME,
    FILTER_REASON_LIST(X)
#undef X
        FILTER_REASON_COUNT
};

/* Why an address is no longer known. X(NAME, phrase) */
#define FORGET_REASON_LIST(X)                                                                                \
    X(AGED, "it was not heard for long")                                                                     \
    X(PORT_DOWN, "its port was unplugged")                                                                   \
    X(FULL, "the table was full, and others were heard later")

enum forget_reason {
#define X(NAME, phrase) FORGET_##NAME,
    FORGET_REASON_LIST(X)
#undef X
        FORGET_REASON_COUNT
};

/* An address that was heard. */
struct bridge_entry {
    struct bridge_entry *later, *earlier; /* heard next after it, and before it */
    struct mac_addr mac;
    uint8_t port;
    int64_t heard_us;
};

struct bridge {
    struct machine *machine;
    struct netif *port[BRIDGE_PORTS_MAX];
    uint8_t port_count;
    uint8_t next_out;                      /* the port that bridge_output() asks first */
    uint32_t address_count, addresses_max; /* entries, and how many there may be */
    int64_t ageing_us;
    struct bridge_entry *latest, *earliest; /* in the order in which they were last heard */
    struct timer timer;                     /* when the earliest is too old */
};

/* `ageing_us` and `addresses_max` must not be 0. */
void bridge_init(struct bridge *b, struct machine *m, int64_t ageing_us, uint32_t addresses_max);

/* Adds a port without a cable: it is down. Its number, STATUS_ENOBUFS or STATUS_ENOMEM. */
int bridge_add_port(struct bridge *b);

/* A frame arrived whole at port `in`, without its FCS. Learns from it, and puts it on the ports where it belongs. */
void bridge_input(struct bridge *b, struct netif *in, struct bytes frame, uint32_t frame_id);

/* The next frame to put on the wire, with its port; the caller frees it. Ports take turns. NULL: none. */
struct frame *bridge_output(struct bridge *b, unsigned *port);

/* A cable was put into a port, or pulled: then the addresses behind it are forgotten. */
void bridge_plug(struct bridge *b, uint8_t port, bool up);

/* What is known of an address, or NULL. */
struct bridge_entry *bridge_find(const struct bridge *b, struct mac_addr mac);

#endif
