/*
 * What every layer of one host shares: the clock as of this call, memory, randomness, timers and the trace.
 * Layers get a pointer to it when they are created; there are no globals.
 */
#ifndef TCPLAB_BASE_MACHINE_H
#define TCPLAB_BASE_MACHINE_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/rng.h"
#include "base/timer.h"

struct trace;

struct machine {
    int64_t now_us; /* set at each entry into the host, never by a layer */
    struct arena *arena;
    struct timer_queue timers;
    struct rng rng;
    struct hash_key secret; /* drawn once from rng, for hashes that outsiders must not foresee */
    struct trace *trace;    /* NULL when nobody looks */
    uint8_t node;           /* this host's number in its lab, for the trace */
};

/* Seeds rng and secret. `seed` and `node` together pick the stream. */
void machine_init(struct machine *m, struct arena *arena, struct trace *trace, uint8_t node, uint64_t seed);

#endif
