/*
 * BBR version 3 (draft-ietf-ccwg-bbr): what its two files share. cc_bbr.c is the state machine, cc_bbr_model.c the model
 * of the path and what follows from it for window and pace. Rates in bytes a second, volumes in bytes, gains in percent.
 */
#ifndef TCPLAB_TRANSPORT_CC_BBR_H
#define TCPLAB_TRANSPORT_CC_BBR_H

#include "transport/tcp_conn.h"

#define BBR_NO_RATE  UINT64_MAX /* the draft's Infinity */
#define BBR_NO_LIMIT UINT32_MAX

enum {
    BBR_STARTUP_PACING_GAIN = 277,
    BBR_DRAIN_PACING_GAIN = 50,
    BBR_DOWN_PACING_GAIN = 90,
    BBR_UP_PACING_GAIN = 125,
    BBR_CWND_GAIN = 200,
    BBR_UP_CWND_GAIN = 225,
    BBR_PROBE_RTT_CWND_GAIN = 50,
    BBR_PACING_MARGIN = 1,
    BBR_LOSS_THRESHOLD = 2,
    BBR_BETA = 70,
    BBR_HEADROOM = 15,
    BBR_MIN_PIPE_SEGMENTS = 4,
    BBR_STARTUP_LOSS_RANGES = 6,
    BBR_EXTRA_ACKED_ROUNDS = 5, /* of each of two slots: together the last five to ten */
    BBR_MIN_RTT_WINDOW_US = 10000000,
    BBR_PROBE_RTT_US = 200000,
    BBR_QUANTUM_BYTES_MAX = 65536,
};

enum bbr_state {
    BBR_STARTUP,
    BBR_DRAIN,
    BBR_DOWN,
    BBR_CRUISE,
    BBR_REFILL,
    BBR_UP,
    BBR_PROBE_RTT,
    BBR_NO_STATE
};

enum bbr_ack_phase {
    BBR_ACKS_INIT,
    BBR_ACKS_REFILLING,
    BBR_ACKS_STARTING,
    BBR_ACKS_FEEDBACK,
    BBR_ACKS_STOPPING
};

struct bbr {
    struct tcp_rate rate; /* first: tcp_rate.c finds it here */
    uint8_t state;        /* enum bbr_state */
    uint8_t ack_phase;    /* enum bbr_ack_phase */
    uint8_t undo_state;   /* enum bbr_state */
    uint16_t pacing_gain, cwnd_gain;
    bool idle_restart, has_rtt;

    /* rounds */
    bool round_start;
    uint64_t next_round_delivered;
    uint32_t round_count, drain_start_round;

    /* rate */
    uint64_t max_bw_of_cycle[2]; /* the previous ProbeBW cycle, and this */
    uint64_t max_bw, bw;
    uint64_t full_bw;
    uint8_t full_bw_count;
    bool full_bw_now, full_bw_reached;

    /* round-trip time */
    uint32_t min_rtt_us;                         /* UINT32_MAX: none */
    int64_t min_rtt_stamp_us, probe_rtt_done_us; /* 0: not */
    bool min_rtt_expired, probe_rtt_round_done;
    uint32_t probe_rtt_cwnd;

    /* aggregation */
    int64_t extra_acked_start_us;
    uint64_t extra_acked_delivered;
    uint32_t extra_acked[2];
    uint32_t extra_acked_round; /* when the newer slot began */

    /* losses */
    bool is_loss_in_round, loss_round_start, is_bw_probe_sample, prev_probe_too_high,
        prev_probe_precautionary;
    uint64_t loss_round_delivered, bw_latest, bw_shortterm;
    uint32_t inflight_latest, inflight_shortterm, inflight_longterm;
    uint32_t loss_ranges; /* discontiguous ones, in this round */
    seq_t lost_to;        /* the last one ends here */

    /* probing for bandwidth */
    uint32_t rounds_since_probe_up, bw_probe_wait_us, probe_up_acked_per_inc, probe_up_acked;
    uint8_t probe_up_rounds;
    int64_t cycle_us;

    /* windows to go back to */
    uint32_t prior_cwnd;
    uint64_t undo_bw_shortterm;
    uint32_t undo_inflight_shortterm, undo_inflight_longterm;
};

static inline struct bbr *bbr_of(const struct tcp_conn *c)
{
    return c->cc_state;
}

static inline uint32_t bbr_percent(uint32_t value, uint32_t percent)
{
    uint64_t v = (uint64_t)value * percent / 100;
    return v > INT32_MAX ? INT32_MAX : (uint32_t)v;
}

static inline bool bbr_in_probe_bw(const struct bbr *b)
{
    return b->state >= BBR_DOWN && b->state <= BBR_UP;
}

static inline bool bbr_is_probing(const struct bbr *b)
{
    return b->state == BBR_STARTUP || b->state == BBR_REFILL || b->state == BBR_UP;
}

/* cc_bbr_model.c */
void bbr_model_start(struct tcp_conn *c, struct bbr *b);
void bbr_start_round(struct bbr *b);
void bbr_reset_full_bw(struct bbr *b);
void bbr_reset_short_term(struct bbr *b);
void bbr_reset_congestion_signals(struct bbr *b);
void bbr_advance_max_bw(struct bbr *b);
void bbr_learn(struct tcp_conn *c, struct bbr *b); /* the first half of UpdateModelAndState() */
void bbr_bound(struct bbr *b);                     /* and the end of it */
void bbr_control(struct tcp_conn *c, struct bbr *b);
void bbr_set_pacing(struct bbr *b, uint32_t gain);
uint32_t bbr_bdp(const struct tcp_conn *c, const struct bbr *b, uint64_t bw, uint32_t gain);
uint32_t bbr_inflight(const struct tcp_conn *c, const struct bbr *b, uint64_t bw, uint32_t gain);
uint32_t bbr_target(const struct tcp_conn *c, const struct bbr *b);
uint32_t bbr_with_headroom(const struct tcp_conn *c, const struct bbr *b);
bool bbr_loss_too_high(const struct tcp_rate_sample *s);
void bbr_save_cwnd(const struct tcp_conn *c, struct bbr *b);
void bbr_note_loss(const struct tcp_conn *c, struct bbr *b);

static inline uint32_t bbr_min_pipe(const struct tcp_conn *c)
{
    return BBR_MIN_PIPE_SEGMENTS * c->snd_mss;
}

#endif
