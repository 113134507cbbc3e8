/*
 * A workbench for tests of whole labs: memory, a lab made from JSON, commands written as in a scenario, and
 * questions about events.
 */
#ifndef TCPLAB_TESTS_LAB_BENCH_H
#define TCPLAB_TESTS_LAB_BENCH_H

#include "lab/lab.h"

struct bench {
    struct lab *lab;
    void *memory;
    size_t size;
    char errors[4096];
    char reply[1 << 17];
};

/* A lab from a scenario's text, in which ' stands for ". It must be good. */
void bench_open(struct bench *b, const char *scenario);

/* A lab from tests/lab/scenarios/<name>.json, with another seed unless that is 0. */
void bench_open_file(struct bench *b, const char *name, uint64_t seed);
void bench_close(struct bench *b);

/* What is wrong with a scenario: all lines. Valid until the next call. */
const char *bench_faults(const char *scenario);

/* Does a command, ' standing for "; returns the reply, in which " is written as '. */
const char *bench_do(struct bench *b, const char *command);

/* Runs until nothing happens any more, at most to `t_us`. */
void bench_rest(struct bench *b, int64_t t_us);

/* How many events of a kind there are, and the n-th (from 0) or NULL. */
unsigned bench_count(struct bench *b, enum trace_kind kind);
const struct trace_event *bench_event(struct bench *b, enum trace_kind kind, unsigned n);

/* A hash of everything that was captured and traced. */
uint64_t bench_hash(struct bench *b);

#endif
