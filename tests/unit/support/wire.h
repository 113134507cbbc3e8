/*
 * What the tests of wire formats share: bytes in a block of exactly their length, so that AddressSanitizer
 * sees a read past their end, and hosts to talk of.
 */
#ifndef TCPLAB_TESTS_UNIT_SUPPORT_WIRE_H
#define TCPLAB_TESTS_UNIT_SUPPORT_WIRE_H

#include "base/address.h"
#include "base/status.h"
#include "unit/support/property.h"

#define HOST_A ip_addr_v4(0x0a000001) /* 10.0.0.1 */
#define HOST_B ip_addr_v4(0x0a000002)

/* A copy with nothing behind it, for bytes_exact_free(). */
static inline struct bytes bytes_exact(const void *at, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, at, len);
    return bytes_of(copy + (len ? 0 : 1), len);
}

static inline void bytes_exact_free(struct bytes b)
{
    free((void *)(uintptr_t)(b.at - (b.len ? 0 : 1)));
}

/*
 * Calls `parse` with the first 0, 1, 2 ... bytes of `whole`. Up to `shortest` bytes, exclusively, it must
 * refuse with STATUS_EBADMSG; from there on it must not.
 */
static inline void truncations_check(struct bytes whole, size_t shortest, int (*parse)(struct bytes))
{
    for (size_t len = 0; len <= whole.len; len++) {
        struct bytes cut = bytes_exact(whole.at, len);
        assert_int_equal(parse(cut), len < shortest ? STATUS_EBADMSG : STATUS_OK);
        bytes_exact_free(cut);
    }
}

/* Calls `parse` with random bytes, at most `max` of them: it may refuse them, but in no other way. */
static inline void noise_check(struct rng *rng, size_t max, int (*parse)(struct bytes))
{
    uint8_t noise[256];
    size_t len = rng_between(rng, 0, (uint32_t)max);
    assert_true(len <= sizeof noise);
    rng_fill(rng, noise, len);
    struct bytes b = bytes_exact(noise, len);
    int status = parse(b);
    assert_true(status == STATUS_OK || status == STATUS_EBADMSG);
    bytes_exact_free(b);
}

static inline struct ip_addr rng_ipv4(struct rng *rng)
{
    return ip_addr_v4(rng_u32(rng));
}

static inline struct mac_addr rng_mac(struct rng *rng)
{
    struct mac_addr mac;
    rng_fill(rng, mac.octet, sizeof mac.octet);
    return mac;
}

static inline bool rng_coin(struct rng *rng)
{
    return rng_below(rng, 2) != 0;
}

#endif
