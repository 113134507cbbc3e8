/*
 * PCG32 (XSH RR 64/32): a 64-bit linear congruential generator whose output is permuted by a shift and a
 * rotation taken from its own upper bits. Not for secrets against somebody who sees the outputs; those go
 * through SipHash (base/hash.h).
 */
#include "base/rng.h"

#include <assert.h>

void rng_seed(struct rng *r, uint64_t seed, uint64_t stream)
{
    r->state = 0;
    r->increment = stream << 1 | 1;
    (void)rng_u32(r);
    r->state += seed;
    (void)rng_u32(r);
}

uint32_t rng_u32(struct rng *r)
{
    assert(r->increment & 1); /* else it was never seeded */
    uint64_t old = r->state;
    r->state = old * 6364136223846793005ull + r->increment;
    uint32_t shifted = (uint32_t)((old >> 18 ^ old) >> 27);
    unsigned turn = (unsigned)(old >> 59);
    return shifted >> turn | shifted << (-turn & 31);
}

uint64_t rng_u64(struct rng *r)
{
    uint64_t high = rng_u32(r);
    return high << 32 | rng_u32(r);
}

/* Lemire's multiplication: the upper half of draw * bound, drawing again in the few cases that would favour
 * small results. */
uint32_t rng_below(struct rng *r, uint32_t bound)
{
    assert(bound >= 1);
    uint64_t product = (uint64_t)rng_u32(r) * bound;
    if ((uint32_t)product < bound) {
        uint32_t unfair = -bound % bound; /* 2^32 mod bound */
        while ((uint32_t)product < unfair)
            product = (uint64_t)rng_u32(r) * bound;
    }
    return (uint32_t)(product >> 32);
}

bool rng_chance(struct rng *r, uint32_t parts_per_million)
{
    return (uint64_t)rng_u32(r) * 1000000 >> 32 < parts_per_million;
}
