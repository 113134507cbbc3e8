/*
 * Sets up what the layers of one host share.
 */
#include "base/machine.h"

#include <assert.h>

void machine_init(struct machine *m, struct arena *arena, struct trace *trace, uint8_t node, uint64_t seed)
{
    assert(arena);
    *m = (struct machine){.arena = arena, .trace = trace, .node = node};
    rng_seed(&m->rng, seed, node);
    m->secret.k0 = rng_u64(&m->rng);
    m->secret.k1 = rng_u64(&m->rng);
}
