/*
 * Randomness from a seed: PCG32 (O'Neill, XSH RR 64/32). The same seed and stream give the same numbers on
 * every machine.
 */
#ifndef TCPLAB_BASE_RNG_H
#define TCPLAB_BASE_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
    uint64_t state;
    uint64_t increment; /* odd; picks the stream */
};

/* Seeds generator number `stream` of `seed`: streams do not overlap in any run we could make. */
void rng_seed(struct rng *r, uint64_t seed, uint64_t stream);

uint32_t rng_u32(struct rng *r);
uint64_t rng_u64(struct rng *r);

/* Evenly in [0, bound), without bias; bound >= 1. */
uint32_t rng_below(struct rng *r, uint32_t bound);

/* True with a chance of `parts_per_million` in a million. Always draws exactly one number, so that changing a
 * rate does not shift what comes later. */
bool rng_chance(struct rng *r, uint32_t parts_per_million);

#endif
