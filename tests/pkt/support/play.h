/*
 * Plays a packet script against the stack and compares.
 */
#ifndef TCPLAB_TESTS_PKT_PLAY_H
#define TCPLAB_TESTS_PKT_PLAY_H

#include "pkt/support/world.h"

/*
 * Plays the script to its end. True when the stack did what the script says, all of it and nothing else; else
 * `message` says where they part.
 * `local_isn`, when not NULL, becomes the initial sequence number that the host chose for flow #1.
 */
bool play(const struct script *s, struct world_start start, seq_t *local_isn,
          char message[SCRIPT_MESSAGE_MAX]);

/* calls.c: makes a socket call. NULL when its result was the one expected; else what is wrong, in `why`. */
const char *call_play(struct world *w, const struct call_spec *c, char why[SCRIPT_MESSAGE_MAX]);

/* assertions.c: "state ESTABLISHED, cwnd >= 2920". NULL, or what is wrong. */
const char *assertions_play(struct world *w, const struct assert_spec *a, char why[SCRIPT_MESSAGE_MAX]);

#endif
