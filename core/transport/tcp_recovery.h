/*
 * Losses and congestion: what the parts that deal with them call of each other. Private to tcp_*.c and cc_*.c, which get
 * it with tcp_conn.h.
 */
#ifndef TCPLAB_TRANSPORT_TCP_RECOVERY_H
#define TCPLAB_TRANSPORT_TCP_RECOVERY_H

struct tcp_conn;
struct tcp_segment;

/* tcp_recovery.c: without SACK, and what both have in common */
void tcp_recovery_acked(struct tcp_conn *c, const struct tcp_segment *s, uint32_t acked_bytes);
void tcp_recovery_dup_ack(struct tcp_conn *c, const struct tcp_segment *s);
void tcp_recovery_timeout(struct tcp_conn *c);
void tcp_window_acked(struct tcp_conn *c, uint32_t acked_bytes);
void tcp_trace_congestion(const struct tcp_conn *c);

/* What the window was, for telling whether it has changed. */
struct tcp_window {
    uint32_t cwnd, ssthresh;
};
static inline struct tcp_window tcp_window_of(const struct tcp_conn *c)
{
    return (struct tcp_window){c->cwnd, c->ssthresh};
}
static inline void tcp_trace_window(const struct tcp_conn *c, struct tcp_window before)
{
    if (TCPLAB_TRACE && (c->cwnd != before.cwnd || c->ssthresh != before.ssthresh))
        tcp_trace_congestion(c);
}

/* tcp_sack.c, tcp_rack.c: for connections with SACK */
void tcp_sack_remember(struct tcp_conn *c, seq_t seq);
void tcp_sack_duplicate(struct tcp_conn *c, seq_t from, seq_t to);
enum { TCP_SACK_BYTES_MIN = 12 };                              /* NOP NOP, kind, length, one block */
static inline bool tcp_sack_has_news(const struct tcp_conn *c) /* blocks, or a duplicate, to tell of */
{
    return c->uses_sack && (c->held || (c->flight && c->flight->has_duplicate));
}
void tcp_sack_fill(struct tcp_conn *c, struct tcp_options *o, size_t bytes);
void tcp_sack_acked(struct tcp_conn *c, const struct tcp_segment *s, uint32_t acked_bytes);
void tcp_reordering_fired(struct tcp_conn *c);
RARE void tcp_sack_give_up(struct tcp_conn *c);
void tcp_rack_duplicate_told(struct tcp_conn *c);
void tcp_rack_detect(struct tcp_conn *c);
void tcp_rack_timeout(struct tcp_conn *c); /* what the retransmission timer takes for lost */
void tcp_probe_schedule(struct tcp_conn *c);
void tcp_probe_fired(struct tcp_conn *c);
bool tcp_probe_answered(struct tcp_conn *c, const struct tcp_segment *s, bool duplicate_told);

/* tcp_spurious.c: reductions of the window that were for nothing */
void tcp_spurious_remember(struct tcp_conn *c, bool by_timer);
void tcp_spurious_forget(struct tcp_conn *c);
void tcp_spurious_timeout(struct tcp_conn *c);
void tcp_spurious_sent_again(struct tcp_conn *c, seq_t end);
bool tcp_spurious_acked(struct tcp_conn *c, const struct tcp_segment *s,
                        const struct tcp_delivery *d); /* true: all is taken back */
bool tcp_spurious_sends_new(const struct tcp_conn *c);
void tcp_spurious_nothing_new(struct tcp_conn *c);

/* tcp_islost.c: without RACK */
void tcp_islost_detect(struct tcp_conn *c);
void tcp_islost_recovery_begins(struct tcp_conn *c);
const struct tcp_sent *tcp_islost_last_resort(const struct tcp_conn *c, enum trace_rule *rule);

#endif
