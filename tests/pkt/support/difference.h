/*
 * Two segments beside one another, field by field: the one that a script expects and the one that was seen.
 *
 *     expected P. 1:501(500) ack 1 win *     TS val 100 ecr 7
 *     seen     P. 1:501(500) ack 2 win 65535 TS val 100 ecr 6
 *                            ^^^^^           ^^^^^^^^^^^^^^^^
 */
#ifndef TCPLAB_TESTS_PKT_DIFFERENCE_H
#define TCPLAB_TESTS_PKT_DIFFERENCE_H

#include "pkt/support/script.h"

enum { DIFFERENCE_FIELDS_MAX = 12, DIFFERENCE_FIELD_BYTES = 100, DIFFERENCE_TEXT_BYTES = 1600 };

struct difference {
    struct {
        const char *name; /* of what differs, or NULL */
        char want[DIFFERENCE_FIELD_BYTES], seen[DIFFERENCE_FIELD_BYTES];
    } field[DIFFERENCE_FIELDS_MAX];
    unsigned count;
};

/* Compares. What a script leaves open (no "win", "<...>", "val *") never differs. */
void difference_of(struct difference *d, const struct segment_spec *want, const struct segment_spec *seen);

/* "flags, window": the names of what differs. Empty when nothing does. */
void difference_names(const struct difference *d, char *text, size_t size);

/* The three lines. */
void difference_draw(const struct difference *d, char text[DIFFERENCE_TEXT_BYTES]);

#endif
