/*
 * CUBIC (RFC 9438) with HyStart++ (RFC 9406). Whole numbers only, so that every machine computes the same:
 * windows in bytes, times in milliseconds.
 *
 *   W_cubic(t) = C * (t - K)^3 + W_max      C = 0.4 segments/s^3, beta = 0.7
 *
 *   W_max ------------.----- probing
 *             .-'     |
 *          .'  concave K  convex
 *   cwnd  /
 */
#include "transport/tcp_conn.h"

enum {
    CUBIC_BETA_PERCENT = 70,   /* RFC 9438, 4.6 */
    CUBIC_T_MAX_MS = 100000,   /* |t - K| is clamped to this, so that its cube fits */
    CUBIC_ALPHA_NUMERATOR = 9, /* RFC 9438, 4.3: 3 (1 - beta) / (1 + beta) = 9 / 17 */
    CUBIC_ALPHA_DENOMINATOR = 17,
    HYSTART_SAMPLES = 8, /* RFC 9406, 4.3 */
    HYSTART_RTT_MIN_US = 4000,
    HYSTART_RTT_MAX_US = 16000,
    HYSTART_RTT_DIVISOR = 8,
    HYSTART_GROWTH_DIVISOR = 4,
    HYSTART_CSS_ROUNDS = 5,
    HYSTART_LIMIT_SEGMENTS = 8, /* L: without pacing (RFC 9406, 4.3) */
};

struct cubic {
    int64_t epoch_us; /* when this congestion avoidance began; -1: it has not */
    int64_t acked_us; /* the last acknowledgment in it */
    uint32_t w_max, cwnd_prior, w_est, k_ms;
    uint64_t credit, est_credit; /* bytes times bytes, below one increment: of the window, of w_est */
    bool after_timeout, undo_after_timeout;
    int64_t undo_epoch_us; /* RFC 9438, 4.9.2: as they were before the last reduction */
    uint32_t undo_w_max, undo_cwnd_prior, undo_w_est, undo_k_ms;

    /* HyStart++ */
    seq_t window_end;
    uint32_t last_min_us, current_min_us, baseline_us; /* UINT32_MAX: none */
    uint8_t samples, css_rounds;
    bool in_css;
};

static struct cubic *cubic_of(const struct tcp_conn *c)
{
    return c->cc_state;
}

static uint32_t cube_root(uint64_t v)
{
    uint64_t root = 0;
    for (int bit = 21; bit >= 0; bit--) {
        uint64_t tried = root | (uint64_t)1 << bit;
        if (tried * tried * tried <= v)
            root = tried;
    }
    return (uint32_t)root;
}

/* W_cubic(t) in bytes; t in milliseconds since the epoch. */
static uint32_t w_cubic(const struct cubic *b, uint32_t mss, int64_t t_ms)
{
    int64_t d = t_ms - b->k_ms;
    uint64_t distance = (uint64_t)(d < 0 ? -d : d);
    if (distance > CUBIC_T_MAX_MS)
        distance = CUBIC_T_MAX_MS;
    /* 0.4 segments/s^3 = 0.4e-9 segments/ms^3 = 4 mss / 1e10 bytes/ms^3 */
    uint64_t rise = distance * distance * distance / 1000 * 4 * mss / 10000000;
    if (d < 0)
        return rise < b->w_max ? b->w_max - (uint32_t)rise : 0;
    uint64_t w = b->w_max + rise;
    return w > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uint32_t)w;
}

/* RFC 9438, 4.2: the beginning of a congestion avoidance stage. */
static void begin_epoch(struct tcp_conn *c, struct cubic *b)
{
    b->epoch_us = b->acked_us = tcp_now(c);
    b->credit = b->est_credit = 0;
    b->w_est = c->cwnd;
    if (b->after_timeout || b->w_max < c->cwnd) { /* 4.8; or 4.10: slow start went beyond it */
        b->w_max = c->cwnd;
        b->after_timeout = false;
    }
    assert(b->w_max >= c->cwnd && c->snd_mss > 0);
    uint64_t below = b->w_max - c->cwnd;
    b->k_ms = cube_root(below * 2500000000u / c->snd_mss); /* ((W_max - cwnd) / C) in segments * ms^3 */
}

/* DEVIATION from RFC 9438, 4.4 and 4.5: the window grows by bytes acknowledged (RFC 3465), so that it comes to the target
 * after a round trip however many segments one acknowledgment is for; the text has the same step for each. */
static void avoid(struct tcp_conn *c, struct cubic *b, uint32_t acked)
{
    if (b->epoch_us < 0)
        begin_epoch(c, b);
    b->acked_us = tcp_now(c);
    int64_t t_ms = (tcp_now(c) - b->epoch_us) / 1000;
    uint64_t friendly = (uint64_t)acked * c->snd_mss;
    if (b->w_est < b->cwnd_prior) /* RFC 9438, 4.3 */
        friendly = friendly * CUBIC_ALPHA_NUMERATOR / CUBIC_ALPHA_DENOMINATOR;
    b->est_credit += friendly;
    b->w_est += (uint32_t)(b->est_credit / c->cwnd);
    b->est_credit %= c->cwnd;
    if (w_cubic(b, c->snd_mss, t_ms) < b->w_est) {
        if (b->w_est > c->cwnd) /* else the target of a moment ago was higher; no window shrinks for that */
            c->cwnd = b->w_est;
        return;
    }
    uint32_t target = w_cubic(b, c->snd_mss, t_ms + c->srtt_us / 1000); /* 4.4 and 4.5 */
    uint32_t most = c->cwnd + c->cwnd / 2;
    target = target > most ? most : target;
    if (target <= c->cwnd)
        return;
    b->credit += (uint64_t)(target - c->cwnd) * acked;
    c->cwnd += (uint32_t)(b->credit / c->cwnd);
    b->credit %= c->cwnd;
}

/* Only the first slow start knows nothing yet (RFC 9406, 4.3). */
static bool is_first_slow_start(const struct tcp_conn *c)
{
    return c->ssthresh == UINT32_MAX;
}

/* RFC 9406, 4.2: the end of a round. */
static void hystart_round(struct tcp_conn *c, struct cubic *b)
{
    if (!is_first_slow_start(c) || seq_lt(c->snd.una, b->window_end))
        return;
    b->window_end = c->snd.nxt;
    b->last_min_us = b->current_min_us;
    b->current_min_us = UINT32_MAX;
    b->samples = 0;
    if (b->in_css && ++b->css_rounds >= HYSTART_CSS_ROUNDS)
        c->ssthresh = c->cwnd;
}

/* The first is HyStart++'s; the later ones are as RFC 5681 has them. After each, congestion avoidance begins anew. */
static void slow_start(struct tcp_conn *c, struct cubic *b, uint32_t acked)
{
    uint32_t limit = (is_first_slow_start(c) ? HYSTART_LIMIT_SEGMENTS : 1) * c->snd_mss;
    uint32_t growth = acked < limit ? acked : limit;
    c->cwnd += b->in_css ? growth / HYSTART_GROWTH_DIVISOR : growth;
    b->epoch_us = -1;
    hystart_round(c, b);
}

static void cubic_rtt(struct tcp_conn *c, uint32_t rtt_us)
{
    struct cubic *b = cubic_of(c);
    if (!b || !is_first_slow_start(c))
        return;
    b->current_min_us = rtt_us < b->current_min_us ? rtt_us : b->current_min_us;
    b->samples = (uint8_t)(b->samples + (b->samples < UINT8_MAX));
    if (b->samples < HYSTART_SAMPLES)
        return;
    if (b->in_css) {
        if (b->current_min_us < b->baseline_us)
            b->in_css = false; /* it was spurious: slow start goes on */
        return;
    }
    if (b->last_min_us == UINT32_MAX)
        return;
    uint32_t threshold_us = b->last_min_us / HYSTART_RTT_DIVISOR;
    threshold_us = threshold_us < HYSTART_RTT_MIN_US ? HYSTART_RTT_MIN_US : threshold_us;
    threshold_us = threshold_us > HYSTART_RTT_MAX_US ? HYSTART_RTT_MAX_US : threshold_us;
    if (b->current_min_us >= b->last_min_us + threshold_us) {
        b->baseline_us = b->current_min_us;
        b->in_css = true;
        b->css_rounds = 0;
    }
}

static void cubic_start(struct tcp_conn *c)
{
    tcp_cc_newreno.start(c);
    if (!c->cc_state)
        c->cc_state = arena_zalloc(tcp_machine(c)->arena, sizeof(struct cubic));
    struct cubic *b = cubic_of(c);
    if (b)
        *b = (struct cubic){.epoch_us = -1,
                            .window_end = c->snd.nxt,
                            .last_min_us = UINT32_MAX,
                            .current_min_us = UINT32_MAX};
}

static void cubic_acked(struct tcp_conn *c, uint32_t bytes)
{
    struct cubic *b = cubic_of(c);
    if (!b) /* no memory for it: as NewReno */
        tcp_cc_newreno.acked(c, bytes);
    else if (c->cwnd < c->ssthresh)
        slow_start(c, b, bytes);
    else
        avoid(c, b, bytes);
}

/* RFC 9438, 4.2 and 5.8: the time for which the program did not use the window is none for the curve. The rounds of HyStart++
 * go on: they are told by sequence numbers (RFC 9406, 4.2). */
static void cubic_unused(struct tcp_conn *c)
{
    struct cubic *b = cubic_of(c);
    if (!b)
        return;
    hystart_round(c, b);
    if (b->epoch_us < 0)
        return;
    b->epoch_us += tcp_now(c) - b->acked_us;
    b->acked_us = tcp_now(c);
}

/* RFC 9438, 4.6 and 4.7. DEVIATION from 4.6: after a mark, too, two segments are the least (tcp_ecn.c), not one. */
static uint32_t cubic_threshold(struct tcp_conn *c, uint32_t flight_bytes)
{
    struct cubic *b = cubic_of(c);
    uint32_t reduced = (uint32_t)((uint64_t)flight_bytes * CUBIC_BETA_PERCENT / 100);
    if (b) {
        b->undo_epoch_us = b->epoch_us;
        b->undo_w_max = b->w_max;
        b->undo_cwnd_prior = b->cwnd_prior;
        b->undo_w_est = b->w_est;
        b->undo_k_ms = b->k_ms;
        b->undo_after_timeout = b->after_timeout;
        b->cwnd_prior = c->cwnd;
        bool shrinking = c->cwnd < b->w_max; /* fast convergence */
        b->w_max = shrinking ? (uint32_t)((uint64_t)c->cwnd * (100 + CUBIC_BETA_PERCENT) / 200) : c->cwnd;
        b->epoch_us = -1;
        b->in_css = false;
    }
    return reduced > 2 * c->snd_mss ? reduced : 2 * c->snd_mss;
}

static uint32_t cubic_after_timeout(struct tcp_conn *c)
{
    struct cubic *b = cubic_of(c);
    if (b) {
        b->after_timeout = true;
        b->epoch_us = -1;
    }
    return c->snd_mss;
}

/* RFC 9438, 4.9: the congestion event was spurious. 4.9.2: who has grown beyond the window of then goes on as now. */
static void cubic_undo(struct tcp_conn *c)
{
    struct cubic *b = cubic_of(c);
    if (!b || c->cwnd > b->cwnd_prior)
        return;
    b->epoch_us = b->undo_epoch_us;
    b->w_max = b->undo_w_max;
    b->cwnd_prior = b->undo_cwnd_prior;
    b->w_est = b->undo_w_est;
    b->k_ms = b->undo_k_ms;
    b->after_timeout = b->undo_after_timeout;
}

const struct tcp_cc tcp_cc_cubic = {
    .name = "cubic",
    .start = cubic_start,
    .acked = cubic_acked,
    .unused = cubic_unused,
    .rtt = cubic_rtt,
    .threshold = cubic_threshold,
    .after_timeout = cubic_after_timeout,
    .undo = cubic_undo,
    .state_bytes = sizeof(struct cubic),
    .limits = true,
};
