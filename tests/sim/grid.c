/*
 * What the plans of many seeds have covered: each mixture of loss, round-trip time, reordering, duplication and
 * corruption, and each loss and round-trip time with each congestion control, size of buffers and behaviour of
 * programs. A mixture that no seed has drawn is a hole in the proof.
 */
#include "sim/sim.h"

const uint32_t sim_losses_ppm[SIM_LOSSES] = {0, 1000, 10000, 50000, 200000};
const uint32_t sim_rtts_us[SIM_RTTS] = {1000, 30000, 300000};

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Where `value` is in the list; the count when it is not there. */
static unsigned index_of(const uint32_t *list, unsigned count, uint32_t value)
{
    unsigned i = 0;
    while (i < count && list[i] != value)
        i++;
    return i;
}

static enum sim_buffers buffers_of(const struct end_plan *e)
{
    uint32_t least = e->send_buffer < e->receive_buffer ? e->send_buffer : e->receive_buffer;
    return least < 8192 ? SIM_BUFFERS_TINY : least < 65536 ? SIM_BUFFERS_SMALL : SIM_BUFFERS_LARGE;
}

void grid_add(struct grid *g, const struct plan *p)
{
    const struct direction_plan *a = &p->direction[0], *b = &p->direction[1];
    unsigned loss = index_of(sim_losses_ppm, SIM_LOSSES, larger(a->loss_ppm, b->loss_ppm));
    unsigned rtt = index_of(sim_rtts_us, SIM_RTTS, a->delay_us + b->delay_us);
    assert(loss < SIM_LOSSES && rtt < SIM_RTTS);
    bool reorders = larger(a->reorder_ppm, b->reorder_ppm) > 0;
    bool duplicates = larger(a->duplicate_ppm, b->duplicate_ppm) > 0;
    bool corrupts = larger(a->corrupt_ppm, b->corrupt_ppm) > 0;
    struct grid_cell *cell = &g->cell[loss][rtt];
    cell->faults[reorders << 2 | duplicates << 1 | corrupts]++;
    for (unsigned i = 0; i < 2 * p->connections; i++) {
        cell->congestion[p->end[i].congestion]++;
        cell->buffers[buffers_of(&p->end[i])]++;
        cell->behaviour[SIM_STALLS] += p->end[i].stall_us > 0;
    }
    cell->behaviour[SIM_HALF_CLOSES] += p->program == SIM_HALF_CLOSE;
    cell->behaviour[SIM_ABORTS] += p->program == SIM_ABORT || p->program == SIM_LINGER_ZERO;
}

struct tally {
    unsigned cells, empty;
    uint64_t fewest;
};

static void tally(struct tally *t, const uint64_t *counts, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        t->cells++;
        t->empty += counts[i] == 0;
        t->fewest = counts[i] < t->fewest ? counts[i] : t->fewest;
    }
}

unsigned grid_report(const struct grid *g)
{
    struct tally faults = {.fewest = UINT64_MAX}, rest = {.fewest = UINT64_MAX};
    for (unsigned loss = 0; loss < SIM_LOSSES; loss++) {
        for (unsigned rtt = 0; rtt < SIM_RTTS; rtt++) {
            const struct grid_cell *c = &g->cell[loss][rtt];
            tally(&faults, c->faults, SIM_FAULTS);
            tally(&rest, c->congestion, TCP_CONGESTION_COUNT);
            tally(&rest, c->buffers, SIM_BUFFERS_COUNT);
            tally(&rest, c->behaviour, SIM_BEHAVIOURS);
        }
    }
    printf(
        "# loss x RTT x reordering x duplication x corruption: %u of %u mixtures, each by %llu runs or more\n",
        faults.cells - faults.empty, faults.cells, (unsigned long long)faults.fewest);
    printf(
        "# loss x RTT x (congestion control, buffers, half-close, stall, abort): %u of %u, each by %llu ends or "
        "more\n",
        rest.cells - rest.empty, rest.cells, (unsigned long long)rest.fewest);
    return faults.empty + rest.empty;
}
