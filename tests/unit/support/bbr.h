/*
 * A connection with BBR whose acknowledgments a test makes up, on a path of which it says what it delivers.
 */
#ifndef TCPLAB_TESTS_UNIT_SUPPORT_BBR_H
#define TCPLAB_TESTS_UNIT_SUPPORT_BBR_H

#include "transport/cc_bbr.h"
#include "unit/support/flow.h"

enum { MSS = FLOW_MSS, RATE = 1000000 /* bytes a second */, RTT_US = 40000, BDP = 40000 };

struct bbr_bench {
    struct pair *pair;
    struct tcp_conn *c;
    struct bbr *b;
};

/* An established connection that has measured nothing but RTT_US, in STARTUP. */
struct bbr_bench bbr_make(void);

/* The same in a state of PROBE_BW, knowing RATE, with a window of twice the BDP. */
struct bbr_bench bbr_make_in(enum bbr_state state);
void bbr_free(struct bbr_bench *f);
void bbr_set_in_flight(struct bbr_bench *f, uint32_t bytes);

/* The sample of an acknowledgment for one segment, sent in this round, on a path that delivers RATE. */
struct tcp_rate_sample bbr_sample(const struct bbr_bench *f);
void bbr_acknowledge(struct bbr_bench *f, struct tcp_rate_sample s);

/* One that begins a round: of a segment sent after all of the last round was delivered. */
void bbr_round_with(struct bbr_bench *f, struct tcp_rate_sample s);
void bbr_round_at(struct bbr_bench *f, uint64_t bytes_per_s);

#endif
