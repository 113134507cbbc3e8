/*
 * The `tcplab` command line: the only C here that touches an operating system. Exit codes: 0 done, 1
 * something of the system failed (a file, memory), 2 the input is at fault, 3 it ran, but an action of the
 * scenario failed.
 */
#ifndef TCPLAB_NATIVE_NATIVE_H
#define TCPLAB_NATIVE_NATIVE_H

#include <stdio.h>

#include "lab/lab.h"

#define TCPLAB_VERSION "0.1.0"

enum exit_code { EXIT_GOOD, EXIT_SYSTEM, EXIT_INPUT, EXIT_ACTION };

/* file.c: a whole file, with a NUL behind it; at == NULL and a sentence on stderr when it cannot be read.
 * The caller frees it. "-" is standard input. */
struct room file_read(const char *name);

/* A lab that one calloc() holds; NULL and a sentence on stderr. free(memory) ends it. */
struct lab *native_lab(void **memory, size_t mib, uint64_t seed);

/* ladder.c: what happened, as lines of text. */
enum { LADDER_FLOWS_MAX = 512 };

struct ladder_flow {
    struct ip_endpoint src, dst;
    uint32_t isn;
};

struct ladder {
    FILE *out;
    struct lab *lab;
    bool deliveries; /* show frames that arrive too */
    unsigned flow_count;
    struct ladder_flow flow[LADDER_FLOWS_MAX];
};
void ladder_event(struct ladder *ladder, const struct trace_event *e);

/* Who speaks to whom, and what, of one frame: "TCP 49152 > 80 [SYN] seq 0 win 65535". */
void ladder_frame_text(struct ladder *ladder, struct bytes frame, bool ethernet, bool fcs, char *text,
                       size_t size);

/* trace_json.c: one event as a line of JSON. */
void trace_json_write(FILE *out, const struct trace_event *e);

/* The commands. Arguments are those after its name; each returns an exit code. */
int run_main(int argc, char **argv);
int check_main(int argc, char **argv);
int tap_main(int argc, char **argv);

#endif
