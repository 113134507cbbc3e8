/*
 * No congestion control, for teaching: only the peer's window limits what is sent. And the table of all there
 * are.
 */
#include "transport/tcp_conn.h"

static void none_start(struct tcp_conn *c)
{
    c->cwnd = UINT32_MAX / 2;
    c->ssthresh = UINT32_MAX;
    c->ca_state = TCP_CA_SLOW_START;
}

static void none_acked(struct tcp_conn *c, uint32_t bytes)
{
    (void)c, (void)bytes;
}

static uint32_t none_threshold(struct tcp_conn *c, uint32_t flight_bytes)
{
    (void)flight_bytes;
    return c->cwnd;
}

static uint32_t none_after_timeout(struct tcp_conn *c)
{
    return c->cwnd;
}

const struct tcp_cc tcp_cc_none = {
    .name = "none",
    .start = none_start,
    .acked = none_acked,
    .threshold = none_threshold,
    .after_timeout = none_after_timeout,
    .limits = false,
};

static const struct tcp_cc *const congestion_controls[TCP_CONGESTION_COUNT] = {
    [TCP_CONGESTION_NEWRENO] = &tcp_cc_newreno,
    [TCP_CONGESTION_CUBIC] = &tcp_cc_cubic,
    [TCP_CONGESTION_BBR] = &tcp_cc_bbr,
    [TCP_CONGESTION_NONE] = &tcp_cc_none,
};

const struct tcp_cc *tcp_cc_of(enum tcp_congestion congestion)
{
    assert((unsigned)congestion < TCP_CONGESTION_COUNT);
    return congestion_controls[congestion];
}

void tcp_cc_choose(struct tcp_conn *c, enum tcp_congestion congestion)
{
    if (c->cc_state)
        arena_free(tcp_machine(c)->arena, c->cc_state, c->cc->state_bytes);
    c->cc_state = NULL;
    tcp_timer_stop(c, TCP_TIMER_PACING);
    c->cc = tcp_cc_of(congestion);
    tcp_spurious_forget(c); /* what it would go back to is the other's */
    if (tcp_synchronised(c)) {
        struct tcp_window before = tcp_window_of(c);
        c->cc->start(c);
        if (c->cc->limits)
            tcp_trace_window(c, before);
    }
    if (c->flight && !c->cc->update)
        tcp_flight_measure(c);
}

/* Not tcp_cc_choose(): the program's choice stands, for the next connection of a listener. */
void tcp_cc_fall_back(struct tcp_conn *c)
{
    if (c->cc_state)
        arena_free(tcp_machine(c)->arena, c->cc_state, c->cc->state_bytes);
    c->cc_state = NULL;
    c->cc = &tcp_cc_newreno;
    if (c->flight)
        tcp_flight_measure(c);
    tcp_timer_stop(c, TCP_TIMER_PACING);
}

const char *tcp_congestion_name(enum tcp_congestion cc)
{
    return (unsigned)cc < TCP_CONGESTION_COUNT ? congestion_controls[cc]->name : "?";
}

int tcp_congestion_find(struct bytes name)
{
    for (int i = 0; i < TCP_CONGESTION_COUNT; i++) {
        const char *known = congestion_controls[i]->name;
        if (bytes_equal(name, bytes_of(known, strlen(known))))
            return i;
    }
    return STATUS_ENOENT;
}
