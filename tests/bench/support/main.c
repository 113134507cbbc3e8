/*
 * The command line of a benchmark program; see bench.h.
 */
#define _POSIX_C_SOURCE 200809L

#include "bench/support/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 9 };

void bench_require(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "it does not hold that %s\n", what);
        exit(1);
    }
}

static double cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The least of several rounds: what disturbs a measurement only ever adds to it. */
static double best_ns(const struct bench_case *c, uint32_t operations)
{
    double best = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        double start = cpu_ns();
        bench_repeat(c, operations);
        double each = (cpu_ns() - start) / operations;
        if (round == 0 || each < best)
            best = each;
    }
    return best;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "idle") == 0) {
        printf("%.1f\n", bench_idle_bytes());
        return 0;
    }
    const struct bench_case *c = argc == 4 ? bench_find(argv[2]) : NULL;
    uint32_t operations = argc == 4 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0;
    if (!c || operations == 0) {
        fprintf(stderr, "usage: %s ns|count CASE OPERATIONS, or %s idle\n", argv[0], argv[0]);
        return 2;
    }
    bench_prepare(c);
    if (strcmp(argv[1], "ns") == 0)
        printf("%.3f\n", best_ns(c, operations));
    else
        bench_repeat(c, operations);
    return 0;
}
