/*
 * Addresses. An IP address is one type for both families: 128 bits, with IPv4 as ::ffff:a.b.c.d (RFC 4291,
 * section 2.5.5.2), so that comparing, hashing and storing never ask for the family.
 */
#ifndef TCPLAB_BASE_ADDRESS_H
#define TCPLAB_BASE_ADDRESS_H

#include "base/bytes.h"

struct ip_addr {
    uint64_t hi; /* the first 8 bytes on the wire, as a number */
    uint64_t lo; /* the last 8 */
};

struct ip_endpoint {
    struct ip_addr addr;
    uint16_t port;
};

struct mac_addr {
    uint8_t octet[6];
};

#define IPV4_MAPPED_PREFIX 0x0000ffff00000000ull

/* Longest text of an address with its NUL, and of an endpoint "[addr]:port". */
enum { IP_ADDR_TEXT_MAX = 46, IP_ENDPOINT_TEXT_MAX = 54, MAC_ADDR_TEXT_MAX = 18 };

static inline struct ip_addr ip_addr_v4(uint32_t host_order)
{
    return (struct ip_addr){0, IPV4_MAPPED_PREFIX | host_order};
}

static inline bool ip_addr_is_v4(struct ip_addr a)
{
    return a.hi == 0 && (a.lo & 0xffffffff00000000ull) == IPV4_MAPPED_PREFIX;
}

/* The IPv4 address in host order; `a` must be IPv4. */
static inline uint32_t ip_addr_to_v4(struct ip_addr a)
{
    assert(ip_addr_is_v4(a));
    return (uint32_t)a.lo;
}

static inline bool ip_addr_equal(struct ip_addr a, struct ip_addr b)
{
    return a.hi == b.hi && a.lo == b.lo;
}

/* "Any address": :: or 0.0.0.0. */
static inline bool ip_addr_is_any(struct ip_addr a)
{
    return a.hi == 0 && (a.lo == 0 || a.lo == IPV4_MAPPED_PREFIX);
}

static inline bool ip_endpoint_equal(struct ip_endpoint a, struct ip_endpoint b)
{
    return a.port == b.port && ip_addr_equal(a.addr, b.addr);
}

static inline bool mac_addr_equal(struct mac_addr a, struct mac_addr b)
{
    return memcmp(a.octet, b.octet, sizeof a.octet) == 0;
}

/* 127.0.0.0/8 or ::1. */
bool ip_addr_is_loopback(struct ip_addr a);

/* 224.0.0.0/4 or ff00::/8. */
bool ip_addr_is_multicast(struct ip_addr a);

/* 255.255.255.255. */
bool ip_addr_is_limited_broadcast(struct ip_addr a);

/* Do `a` and `b` share their first `prefix` bits? For IPv4 `prefix` counts from the IPv4 address's first bit
 * (0 to 32). */
bool ip_addr_same_net(struct ip_addr a, struct ip_addr b, unsigned prefix);

/* Text to address: dotted quad, or RFC 4291 text for IPv6. STATUS_EINVAL when it is neither. `text` needs no
 * NUL. */
int ip_addr_parse(struct ip_addr *out, struct bytes text);

/* Address to text (RFC 5952 for IPv6). Returns the length, without the NUL it writes. */
size_t ip_addr_format(struct ip_addr a, char text[IP_ADDR_TEXT_MAX]);

/* "10.0.0.1:80" or "[2001:db8::1]:80". */
size_t ip_endpoint_format(struct ip_endpoint e, char text[IP_ENDPOINT_TEXT_MAX]);

/* "02:00:00:00:00:01". STATUS_EINVAL when it is not of that form. */
int mac_addr_parse(struct mac_addr *out, struct bytes text);
size_t mac_addr_format(struct mac_addr a, char text[MAC_ADDR_TEXT_MAX]);

#endif
