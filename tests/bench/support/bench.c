/*
 * Preparing, checking and repeating, for every benchmark.
 */
#include "bench/support/bench.h"

#include <stdlib.h>
#include <string.h>

enum { CHECKED_OPERATIONS = 200 };

static struct {
    bool checking;
    uint8_t stream[BENCH_WRITE]; /* over and over */
} bench;

const uint8_t *bench_stream(uint64_t position, uint32_t *length)
{
    uint32_t at = (uint32_t)(position % BENCH_WRITE);
    *length = BENCH_WRITE - at;
    return bench.stream + at;
}

void bench_received(uint64_t position, const uint8_t *bytes, size_t length)
{
    while (bench.checking && length > 0) {
        uint32_t piece;
        const uint8_t *expected = bench_stream(position, &piece);
        if (piece > length)
            piece = (uint32_t)length;
        bench_require(memcmp(bytes, expected, piece) == 0, "what was received is what was sent");
        position += piece;
        bytes += piece;
        length -= piece;
    }
}

const struct bench_case *bench_find(const char *name)
{
    for (size_t i = 0; i < bench_case_count; i++)
        if (strcmp(bench_cases[i].name, name) == 0)
            return &bench_cases[i];
    return NULL;
}

void bench_measured(const struct bench_case *c, uint32_t operations)
{
    c->run(operations);
}

void bench_repeat(const struct bench_case *c, uint32_t operations)
{
    /* callgrind counts in there only: it must stay a function of its own, which the compiler knows nothing
     * of. */
    void (*volatile measured)(const struct bench_case *, uint32_t) = bench_measured;
    while (operations > 0) {
        uint32_t n = c->run_max && operations > c->run_max ? c->run_max : operations;
        measured(c, n);
        if (c->tidy)
            c->tidy();
        operations -= n;
    }
}

void bench_prepare(const struct bench_case *c)
{
    uint32_t noise = 1;
    for (size_t i = 0; i < sizeof bench.stream; i++) {
        noise = noise * 1664525 + 1013904223;
        bench.stream[i] = (uint8_t)(noise >> 24);
    }
    c->prepare();
    bench.checking = true;
    for (uint32_t i = 0; i < CHECKED_OPERATIONS; i++) {
        c->run(c->run_max ? 1 : 10);
        if (c->tidy)
            c->tidy();
    }
    bench.checking = false;
}
