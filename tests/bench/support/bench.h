/*
 * What a benchmark program is made of. Two programs have the same cases, one on our stack and one on a
 * peer's, and are run in turns by run.js:
 *
 *   x_bench ns CASE OPERATIONS      prints the CPU time of one in nanoseconds, the best of several rounds
 *   x_bench count CASE OPERATIONS   performs them in bench_measured(), all that callgrind is told to look at
 *   x_bench idle                    prints the bytes of memory that one end of an idle connection holds
 *
 * Both ends run in this process, joined by a link that copies each frame once. Before measuring, the same
 * operations are run with every received byte compared with what was sent: a stack that is fast because it is
 * wrong fails.
 */
#ifndef TCPLAB_TESTS_BENCH_H
#define TCPLAB_TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BENCH_SEGMENT = 1460,             /* bytes of a full TCP segment over Ethernet, without options */
    BENCH_SMALL = 64,                 /* bytes of a small message */
    BENCH_DATAGRAM = 1472,            /* bytes of the largest UDP datagram that is not fragmented */
    BENCH_WRITE = 10 * BENCH_SEGMENT, /* bytes that the program offers, and has room for, in one call */
    BENCH_WINDOW = 65535,             /* bytes: receive window and send buffer */
    BENCH_CONNECTIONS = 1000,         /* for the bytes of an idle one */
};

struct bench_case {
    const char *name;
    void (*prepare)(void);
    void (*run)(uint32_t operations);
    void (*tidy)(
        void); /* after each run, not measured: lets what only time ends come to its end; may be NULL */
    uint32_t run_max; /* operations in one run, before it is tidied up after; 0: any number */
};

/* Each program has these. */
extern const struct bench_case bench_cases[];
extern const size_t bench_case_count;
double bench_idle_bytes(void);

/* Ends the program with a message when a benchmark did not do what it measures. */
void bench_require(bool good, const char *what);

/* The stream that every program sends: its bytes from `position` on, as many as lie in one piece (at most
 * BENCH_WRITE). */
const uint8_t *bench_stream(uint64_t position, uint32_t *length);

/* The program read these bytes of the stream. They are compared before measuring starts. */
void bench_received(uint64_t position, const uint8_t *bytes, size_t length);

/* bench.c, for main() and the WebAssembly module. */
const struct bench_case *bench_find(const char *name);
void bench_prepare(const struct bench_case *c);
void bench_measured(const struct bench_case *c, uint32_t operations);
void bench_repeat(const struct bench_case *c, uint32_t operations);

#endif
