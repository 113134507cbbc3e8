#include "unit/support/bbr.h"

struct bbr_bench bbr_make(void)
{
    struct flow flow = flow_make(TCP_CONGESTION_BBR);
    struct bbr_bench f = {flow.pair, flow.c, bbr_of(flow.c)};
    assert_non_null(f.b);
    assert_int_equal(f.b->state, BBR_STARTUP);
    f.b->min_rtt_us = RTT_US;
    f.b->rate.delivered = 10 * BDP;
    bbr_start_round(f.b);
    return f;
}

struct bbr_bench bbr_make_in(enum bbr_state state)
{
    struct bbr_bench f = bbr_make();
    f.b->state = (uint8_t)state;
    f.b->full_bw_reached = true;
    f.b->max_bw_of_cycle[1] = f.b->max_bw = f.b->bw = RATE;
    f.b->pacing_gain = 100;
    f.b->cwnd_gain = BBR_CWND_GAIN;
    f.b->cycle_us = tcp_now(f.c);
    f.b->bw_probe_wait_us = 2000000;
    f.c->cwnd = 2 * BDP;
    return f;
}

void bbr_free(struct bbr_bench *f)
{
    f->c->snd.nxt = f->c->snd.una;
    pair_destroy(f->pair);
}

void bbr_set_in_flight(struct bbr_bench *f, uint32_t bytes)
{
    f->c->snd.nxt = f->c->snd.una + bytes;
    assert_int_equal(tcp_in_flight(f->c), bytes);
}

struct tcp_rate_sample bbr_sample(const struct bbr_bench *f)
{
    return (struct tcp_rate_sample){.has_data = true,
                                    .prior_delivered = f->b->next_round_delivered - 1,
                                    .bytes_per_s = RATE,
                                    .delivered_bytes = BDP,
                                    .acked_bytes = MSS,
                                    .tx_in_flight = BDP,
                                    .rtt_us = RTT_US};
}

void bbr_acknowledge(struct bbr_bench *f, struct tcp_rate_sample s)
{
    f->b->rate.delivered += s.acked_bytes;
    f->b->rate.sample = s;
    f->c->cc->update(f->c);
}

void bbr_round_with(struct bbr_bench *f, struct tcp_rate_sample s)
{
    tcp_machine(f->c)->now_us += RTT_US;
    s.prior_delivered = f->b->rate.delivered;
    bbr_acknowledge(f, s);
    assert_true(f->b->round_start);
}

void bbr_round_at(struct bbr_bench *f, uint64_t bytes_per_s)
{
    struct tcp_rate_sample s = bbr_sample(f);
    s.bytes_per_s = bytes_per_s;
    bbr_round_with(f, s);
}
