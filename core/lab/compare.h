/*
 * Two runs side by side: where they part, and which of their segments differ from there on.
 *
 * Events have numbers from 1 in both, and the same past gives the same events. So the first divergence is the
 * first number whose two records differ. After it numbers say nothing any more, and frames are matched by
 * what they say instead: the k-th "data 1001 to 2460 from client" of one run is the k-th of the other.
 *
 *   a   ---SYN---ACK---DATA 1---DATA 2-------ACK---
 *   b   ---SYN---ACK---DATA 1---[DATA 2]-----------DATA 2'---ACK---
 *                               ^ first divergence: 2 was lost   ^ moved
 *                                                       ^ only in b
 *
 * A comparison reads; it changes neither run. Its working memory is the caller's.
 */
#ifndef TCPLAB_LAB_COMPARE_H
#define TCPLAB_LAB_COMPARE_H

#include "lab/lab.h"

/* One run: its ring of events, its frames, and what the frames of each link begin and end with. */
struct compare_run {
    struct trace trace;
    struct capture capture;
    struct link_framing framing[LAB_LINKS_MAX];
};

/* A lab as it is now. */
void compare_run_of(struct compare_run *out, struct lab *l);

/* A copy of a lab's memory (lab_image(), aligned to 16) that was made at the address where `l` is now, like
 * those that lab_restore() takes. STATUS_EINVAL when it is none. */
int compare_run_of_image(struct compare_run *out, const struct lab *l, struct bytes image);

/* How a frame of one run relates to the other run. X(NAME, "name in JSON") */
#define COMPARE_LIST(X)                                                                                      \
    X(ONLY_A, "only_a") /* nothing like it was sent in b */                                                  \
    X(ONLY_B, "only_b")                                                                                      \
    X(MOVED, "moved")     /* the same words at another time */                                               \
    X(CHANGED, "changed") /* the same segment with another window, options, TTL or TOS */

enum compare_kind {
#define X(NAME, text) COMPARE_##NAME,
    COMPARE_LIST(X)
#undef X
        COMPARE_KIND_COUNT
};

const char *compare_kind_name(enum compare_kind kind);

struct compare_segment {
    enum compare_kind kind;
    uint8_t link, direction;
    uint32_t frame_a, frame_b; /* ids in their own runs; 0: none */
    int64_t a_us, b_us;        /* when they were sent; TIME_NEVER: never */
};

struct compare_result {
    uint32_t event;       /* the first event that differs; 0: none does */
    uint32_t first_known; /* events before this one are in one of the rings no more, and were not compared */
    int64_t t_us;         /* when it was, in the run that has it first */
    uint32_t same;        /* frames sent from there on, alike in both */
    uint32_t count[COMPARE_KIND_COUNT]; /* frames that differ, also those the list had no room for */
    uint32_t listed;
};

/* What a comparison of these two needs as working memory, aligned to 8. */
size_t compare_scratch_bytes(const struct compare_run *a, const struct compare_run *b);

/* Compares, and lists what differs by time, at most `list_max`. STATUS_ENOBUFS: too little scratch. */
int compare_runs(struct compare_result *out, struct compare_segment *list, uint32_t list_max,
                 const struct compare_run *a, const struct compare_run *b, struct room scratch);

#endif
