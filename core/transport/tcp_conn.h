/*
 * The connection block (TCB, RFC 9293 section 3.3.1) and what the parts of TCP call of each other. Private to
 * tcp_*.c and cc_*.c.
 *
 * Send sequence space. The ring's first byte is at tcp_data_seq(): snd.una once the SYN is acknowledged.
 *
 *        snd.una            rtx_next     loss_end     snd.nxt                 data end
 *   -------|--------------------|------------|-----------|-----------------------|------
 *    acked |  sent again        | lost, to be|  sent     |  queued, not sent     |(FIN)
 *          |                    | sent again |           |                       |
 *          |<---------- snd.wnd --------------------------------->|
 *
 * Receive sequence space. In-order bytes are in the ring; what is out of order is written ahead into it and
 * remembered in `held`.
 *
 *        rcv.acked     rcv.nxt                    rcv.adv
 *   ---------|------------|-----[held]----[held]-----|------
 *    acked   | not yet    |  window told to the peer |
 *            | acked      |                          |
 */
#ifndef TCPLAB_TRANSPORT_TCP_CONN_H
#define TCPLAB_TRANSPORT_TCP_CONN_H

#include "base/ranges.h"
#include "base/ring.h"
#include "base/status.h"
#include "internet/ip_flow.h"
#include "trace/trace.h"
#include "transport/tcp.h"
#include "transport/tcp_cc.h"
#include "transport/tcp_ecn.h"
#include "transport/tcp_flight.h"
#include "transport/tcp_open.h"
#include "transport/tcp_urgent.h"
#include "wire/tcp.h"

enum {
    TCP_MSS_DEFAULT = 536,     /* RFC 9293, 3.7.1: when the peer says nothing */
    TCP_TIMESTAMPS_BYTES = 12, /* RFC 7323, appendix A: NOP NOP and the option */
    TCP_PATH_MTU_MIN = 576,    /* what every host takes (RFC 791, 3.1): no ICMP error brings it below */
    TCP_MSS_MIN = 88,          /* as Linux: a peer that asks for less gets this */
    TCP_RECEIVE_BUFFER_MAX =
        4194304,           /* what the window scale is chosen for, so that a buffer may grow later */
    TCP_BUFFER_MIN = 2048, /* smallest SO_SNDBUF and SO_RCVBUF */
    TCP_OVERRIDE_US =
        200000, /* RFC 9293, 3.8.6.2.1: the override timeout, 0.1 to 1 s; also for corked data */
    TCP_RTO_AFTER_SYN_LOSS_US = 3000000, /* RFC 6298, 5.7 */
    TCP_DEMUX_BUCKETS_MIN = 64,
    TCP_PORT_BUCKETS_MIN = 64,
    TCP_PORT_BUCKETS_MAX = 16384, /* as many as there are ephemeral ports */
    TCP_LISTEN_BUCKETS = 16,
    TCP_PORT_TRIES = 64,         /* for a port of its own, before a connection shares one */
    TCP_FIXED_ISN = 1000,        /* with the fault that has one */
    TCP_EPHEMERAL_FIRST = 49152, /* RFC 6335, section 6 */
    TCP_EPHEMERAL_COUNT = 16384,
    TCP_DUP_ACK_THRESHOLD = 3, /* RFC 5681, 3.2 */
    TCP_MAX_ACK_DELAY_US =
        200000, /* RFC 8985, 7.2: the longest a peer may hold back the acknowledgment of one segment */
};

/* What a check of an arriving segment concludes. */
enum tcp_verdict {
    TCP_CONTINUE, /* the next check */
    TCP_STOP,     /* done with this segment; tcp_settle() sends what has become due */
    TCP_RESET,    /* answer with a reset and stop; the rule is in segment->rule */
};

/* A segment that arrived, parsed. */
struct tcp_segment {
    struct tcp_repr h;
    struct ip_addr src, dst;
    struct bytes
        payload; /* trimmed to the window on its way through the checks, and h.seq and h.flags with it */
    uint32_t frame_id;
    bool in_ring; /* its text has been copied to its place in the receive ring while it was summed */
    uint8_t ecn;  /* of its IP header */
    bool had_syn; /* its SYN has been dealt with and taken off; its window is still one without scale */
    uint32_t addresses_sum;   /* of its pseudo-header without the length */
    struct tcp_conn *reopens; /* a connection in TIME_WAIT that ends when this SYN is let in ... */
    seq_t used_to;            /* ... and that has used the numbers before this one */
    enum trace_rule rule;     /* of the reset that a verdict asks for */
};

/* What tcp_decide() wants sent. */
struct tcp_plan {
    seq_t seq;
    uint32_t payload_bytes;
    uint8_t flags;
    bool retransmission;
    bool last; /* after it nothing is left to be sent */
    uint32_t
        more; /* so many full segments may follow it for the same reason, before anything has to be asked */
    enum trace_rule rule;
};

/*
 * What a connection needs only while it works: while something is in a buffer, on its way or owed, or a timer
 * runs. One that rests has none of it, and points to tcp_at_rest, which says so and is never written to.
 *
 *   struct tcp_conn              struct tcp_work
 *   +--------------------+       +------------------------+
 *   | who, state, what   | work  | timer, deadlines       |
 *   | was agreed, snd.*, |------>| rings ----> their bytes|
 *   | rcv.*, rtt, cwnd   |       | path, ...              |
 *   +--------------------+       +------------------------+
 *    always there                 tcp_wake() to tcp_rest()
 */
struct tcp_work {
    struct tcp_conn *conn;
    struct ring send_ring, receive_ring;
    struct timer timer; /* at or before the earliest of: */
    int64_t deadline_us[TCP_TIMER_COUNT];
    int64_t heard_us;     /* when the peer was last heard of */
    int64_t progress_us;  /* when what is unacknowledged was first sent, or last acknowledged in part */
    int64_t rtt_start_us; /* when the timed segment was sent */
    int64_t resent_us;    /* when a timer last sent something again */
    seq_t rtt_seq;        /* the timed segment ends here */
    struct ip_path path;  /* looked up on waking; its MTU is 0 when there was none */
    struct ip_flow flow;  /* and the headers that lead it */
    bool may_fragment;    /* a hop takes less than TCP_PATH_MTU_MIN: no "do not fragment" */

    struct tcp_conn *parent;     /* the listener, until accepted */
    struct tcp_conn *ready_next; /* in the listener's accept queue */
#if TCPLAB_TRACE
    uint32_t timer_event[TCP_TIMER_COUNT]; /* the event that armed it */
#endif
};

/* The order is that of size, so that nothing is lost between them: there may be 100,000 of these. */
struct tcp_conn {
    struct tcp *tcp;
    struct tcp_work *work;
    struct tcp_conn *demux_next;            /* in its bucket of connections */
    struct tcp_conn *port_next, *port_prev; /* in its bucket of local ports */
    struct tcp_conn *all_next, *all_prev;   /* in order of creation */
    struct tcp_listener *listener;          /* in LISTEN only */
    void *owner;
    const struct tcp_cc *cc;
    void *cc_state;            /* what the algorithm keeps besides; its own to make */
    struct ranges *held;       /* NULL while nothing is out of order */
    struct tcp_flight *flight; /* with SACK: made when first needed */
    struct tcp_urgent *urgent; /* NULL while nothing is */

    struct ip_endpoint local, remote;
    int64_t data_sent_us; /* when new data was last sent */
    int64_t ts_recent_us;
    uint64_t bytes_sent, bytes_retransmitted, bytes_acked, bytes_received;

    /* What is seldom anything but nothing: one look tells that all of it is so (tcp_calm.h). */
    union {
        struct {
            int16_t soft_error; /* from ICMP: the reason to give if it times out */
            uint8_t ecn;        /* enum tcp_ecn_state bits */
            uint8_t backoff;
            uint8_t probes;           /* unanswered */
            uint8_t retransmits;      /* in a row, without progress */
            uint8_t dup_acks_limited; /* segments that limited transmit may still send */
            bool fin_held     : 1;    /* the peer's FIN came out of order, at fin_held_seq */
            bool receive_shut : 1;    /* the program reads no more */
            bool more_coming  : 1;    /* the program said so with its last send */
            bool override_now : 1;    /* the override timer ran out: partial segments may go */
            bool rtx_now      : 1;    /* one segment at snd.una goes out regardless of cwnd */
            bool rtt_timing   : 1;    /* a segment is being timed */
        };
        uint64_t seldom;
    };
    uint32_t segments_out, segments_in, lost_segments, retransmitted_segments;

    struct {
        seq_t una, nxt, max, iss, wl1, wl2;
        uint32_t wnd, wnd_max;
    } snd;
    struct {
        seq_t nxt, adv, acked, irs;
    } rcv;
    seq_t rtx_next, loss_end; /* [rtx_next, loss_end): lost, to be sent again */
    seq_t recover;            /* RFC 6582: highest sequence number sent when recovery began */
    seq_t fin_seq;            /* of our FIN, once fin_wanted */
    seq_t fin_held_seq;       /* of the peer's, when fin_held */
    uint32_t snd_mss;         /* payload of a full segment, options taken off */
    uint32_t rcv_mss; /* the largest payload it has sent so far: what we take a full segment of its to be */
    uint32_t ts_recent, ts_offset;
    uint32_t srtt_us, rttvar_us, rtt_min_us, rto_us; /* rto_us without back-off */
    uint32_t cwnd, ssthresh, cwnd_credit; /* bytes; credit: acked bytes towards the next increase */
    uint32_t dup_acks;
    uint32_t read_in_round; /* bytes that the program has read since read_round_us */
    uint32_t read_round_us; /* the time's lower half: a round is short */
    uint32_t addresses_sum; /* of the pseudo-header without the length */
    uint32_t demux_hash;    /* of the four that name it */
    int32_t socket;
    struct tcp_options_user user;

    uint16_t peer_mss; /* as its SYN said */
    uint16_t ack_rule, rtx_rule;
    int16_t error; /* pending for the owner */
    uint8_t state; /* enum tcp_state */
    uint8_t ca_state;
    uint8_t snd_scale, rcv_scale;
    bool sends_scale, sends_timestamps, uses_sack; /* negotiated */
    bool fin_wanted   : 1;                         /* the program has closed its sending side */
    bool fin_received : 1;                         /* the peer's FIN is in order: rcv.nxt is past it */
    bool bound : 1, in_demux : 1, reuse_addr : 1;
    bool passive   : 1; /* came from LISTEN: a reset in SYN_RCVD ends it silently */
    bool queued    : 1; /* waits in the listener's accept queue */
    bool fast_open : 1; /* text goes, or went, with the SYN; of a passive one, it has been handed out early */
    bool fast_open_option : 1; /* our SYN asks for a Fast Open cookie or shows one; our SYN+ACK gives one */
    bool syn_lost         : 1; /* our SYN or SYN+ACK was sent more than once */
    bool notify;               /* the owner is to be told at the end of this entry */
    bool ack_now;              /* an acknowledgment goes out at the end of this entry */
};

struct tcp {
    struct machine *machine;
    struct ip *ip;
    struct tcp_config config;
    struct tcp_options_user user; /* what a new connection begins with, from `config` */
    struct tcp_counters counters;
    tcp_ready_fn *ready;
    void *ready_context;
    struct tcp_conn **demux; /* by both endpoints; a power of two of buckets */
    uint32_t demux_buckets, demux_count;
    struct tcp_conn *demux_last; /* found last, if it is still in the table */
    struct tcp_conn **port;      /* by local port: everything bound; a power of two of buckets */
    uint32_t port_buckets, port_count;
    struct tcp_conn *listen[TCP_LISTEN_BUCKETS]; /* by local port: those in LISTEN */
    struct tcp_conn *first, *last;
    struct tcp_fastopen_cache *fastopen; /* cookies of servers: made when first needed */
    bool plain; /* no fault switch is on, and losses are found by time: most hosts are so */
    int64_t challenge_second;
    uint32_t challenges_left; /* in that second */
#if TCPLAB_CHECK
    bool no_shortcuts; /* a test wants to see that they change nothing */
#endif
};

/* Header prediction and its like, where all that is commonly so makes the long way needless. */
static inline bool tcp_takes_shortcuts(const struct tcp *t)
{
#if TCPLAB_CHECK
    return !t->no_shortcuts;
#else
    (void)t;
    return true;
#endif
}

/* Has this host's TCP that fault switched on? */
static inline bool tcp_faulty(const struct tcp_conn *c, enum tcp_fault fault)
{
    return (c->tcp->config.faults & (uint32_t)fault) != 0;
}

static inline struct machine *tcp_machine(const struct tcp_conn *c)
{
    return c->tcp->machine;
}

static inline int64_t tcp_now(const struct tcp_conn *c)
{
    return c->tcp->machine->now_us;
}

static inline bool tcp_congestion_limits(const struct tcp_conn *c)
{
    return c->cc->limits && !tcp_faulty(c, TCP_FAULT_NO_CONGESTION_CONTROL);
}

/* Has the SYN of this side been acknowledged, and the peer's been received? */
static inline bool tcp_synchronised(const struct tcp_conn *c)
{
    return c->state >= TCP_ESTABLISHED;
}

/* Sequence number of the first byte in the send ring. */
static inline seq_t tcp_data_seq(const struct tcp_conn *c)
{
    return tcp_synchronised(c) ? c->snd.una : c->snd.iss + 1;
}

/* One past the last byte that the program has given us; the FIN's own number when there is one. */
static inline seq_t tcp_data_end(const struct tcp_conn *c)
{
    return tcp_data_seq(c) + c->work->send_ring.len;
}

/* Our FIN takes fin_seq, the number after the last byte; it has been sent when snd.nxt is past it. */
static inline bool tcp_fin_sent(const struct tcp_conn *c)
{
    return c->fin_wanted && seq_gt(c->snd.nxt, c->fin_seq);
}

static inline bool tcp_fin_acked(const struct tcp_conn *c)
{
    return c->fin_wanted && tcp_synchronised(c) && seq_gt(c->snd.una, c->fin_seq);
}

/* Does the first acknowledgment of our SYN say something of Fast Open: a cookie, or what of the text was taken? */
static inline bool tcp_fastopen_asks(const struct tcp_conn *c)
{
    return !c->passive && (c->fast_open_option || c->snd.max != c->snd.iss + 1);
}

/* tcp_state.c */
void tcp_discarded(struct tcp_conn *c, const struct tcp_segment *s, enum tcp_discard reason);
struct tcp_conn *tcp_conn_new(struct tcp *t, void *owner, int32_t socket);
void tcp_set_state(struct tcp_conn *c, enum tcp_state to);
APART void tcp_terminate(struct tcp_conn *c,
                         int error);           /* to CLOSED, owner told of `error` (0: an orderly end) */
void tcp_settle(struct tcp_conn *c);           /* the end of every entry: send, tell the owner, free */
void tcp_establish(struct tcp_conn *c);        /* what both kinds of open do at ESTABLISHED */
void tcp_join_queue_early(struct tcp_conn *c); /* Fast Open: may be accepted in SYN_RCVD */
APART void tcp_enter_time_wait(struct tcp_conn *c);
void tcp_check_invariants(const struct tcp_conn *c);

/* tcp_demux.c */
struct tcp_conn *tcp_demux_search(struct tcp *t, struct ip_endpoint local, struct ip_endpoint remote);
static inline bool tcp_demux_is(const struct tcp_conn *c, struct ip_endpoint local, struct ip_endpoint remote)
{
    return ip_endpoint_equal(c->remote, remote) && ip_endpoint_equal(c->local, local);
}

/* Segments come in trains: most are for the connection that the one before was for. */
static inline struct tcp_conn *tcp_demux_find(struct tcp *t, struct ip_endpoint local,
                                              struct ip_endpoint remote)
{
    struct tcp_conn *last = t->demux_last;
    return last && tcp_demux_is(last, local, remote) ? last : tcp_demux_search(t, local, remote);
}
struct tcp_conn *tcp_demux_listener(const struct tcp *t, struct ip_endpoint local);

/* Whom the segment is for: the connection `c` that its four name, unless the segment begins a new one; else the
 * listener; else nobody. */
struct tcp_conn *tcp_demux_receiver(struct tcp *t, struct tcp_conn *c, struct tcp_segment *s);
int tcp_demux_add(struct tcp_conn *c);
void tcp_demux_remove(struct tcp_conn *c);
void tcp_listen_join(struct tcp_conn *listener);
void tcp_listen_leave(struct tcp_conn *listener);
int tcp_port_claim(struct tcp_conn *c, struct ip_endpoint local);
int tcp_port_ephemeral(struct tcp_conn *c, struct ip_endpoint remote);
void tcp_port_join(struct tcp_conn *c); /* shares the local port it has (an accepted connection) */
void tcp_port_release(struct tcp_conn *c);
seq_t tcp_initial_seq(const struct tcp_conn *c);

/* tcp_arrive.c, tcp_input.c, tcp_handshake.c, tcp_ack.c, tcp_reass.c: the steps of 3.10.7, in its order */
void tcp_input(void *layer, const struct ip_packet *p);
void tcp_error(void *layer, const struct ip_error *e);
enum tcp_verdict tcp_arrive_listen(struct tcp_conn *listener, struct tcp_segment *s);
enum tcp_verdict tcp_arrive_syn_sent(struct tcp_conn *c, struct tcp_segment *s);
enum tcp_verdict tcp_arrive_synchronised(struct tcp_conn *c, struct tcp_segment *s);
enum tcp_verdict tcp_check_ack(struct tcp_conn *c, struct tcp_segment *s);
void tcp_fin_acknowledged(struct tcp_conn *c);
void tcp_process_text(struct tcp_conn *c, struct tcp_segment *s);
void tcp_process_fin(struct tcp_conn *c);
void tcp_negotiate(struct tcp_conn *c, const struct tcp_repr *syn);
void tcp_prepare_open(struct tcp_conn *c, seq_t iss);
struct tcp_conn *tcp_child_new(struct tcp_conn *listener, const struct tcp_segment *s);
uint8_t tcp_scale_for_buffer(void);
uint16_t tcp_mss_to_tell(const struct ip_path *path, const struct tcp_options_user *user);
uint32_t tcp_timestamp_offset(const struct tcp *t, struct ip_endpoint local, struct ip_endpoint remote);
void tcp_update_window(struct tcp_conn *c, seq_t seq, seq_t ack, uint32_t window);

/* growth, where the window was the limit */
void tcp_restart_window(struct tcp_conn *c);   /* after idling */
void tcp_congestion_event(struct tcp_conn *c); /* a loss: ssthresh, once for each recovery */
uint8_t tcp_open_phase(const struct tcp_conn *c);

/* tcp_buffers.c */
void tcp_buffer_read(struct tcp_conn *c, uint32_t len);
void tcp_buffer_window_grew(struct tcp_conn *c);

/* tcp_work.c */
extern const struct tcp_work tcp_at_rest;
APART int tcp_work_make(struct tcp_conn *c);
void tcp_work_free(struct tcp_conn *c);
APART void tcp_rest(
    struct tcp_conn *c); /* gives back what is empty, and all of it when nothing is to be done */

/* Before anything that may have to be sent, kept or timed. STATUS_ENOBUFS: out of memory. */
static inline int tcp_wake(struct tcp_conn *c)
{
    return c->work == &tcp_at_rest ? tcp_work_make(c) : STATUS_OK;
}

/* Nothing to be sent but perhaps an acknowledgment, at a glance: this may say no too often but never yes wrongly.
 */
static inline bool tcp_all_sent(const struct tcp_conn *c)
{
    bool all = c->fin_wanted ? tcp_fin_sent(c) : c->snd.una + c->work->send_ring.len == c->snd.nxt;
    return all && tcp_synchronised(c) && tcp_takes_shortcuts(c->tcp) && !c->rtx_now &&
           c->ca_state < TCP_CA_RECOVERY && c->rtx_next == c->loss_end &&
           (!c->flight || c->flight->lost_count == 0);
}

/* tcp_output.c decides, tcp_segment.c builds */
void tcp_output(struct tcp_conn *c); /* all that is due */
APART void tcp_output_ack(
    struct tcp_conn *c); /* what that comes to when it is an acknowledgment and nothing else */
bool tcp_decide(struct tcp_conn *c, struct tcp_plan *plan);
bool tcp_plan_probe(struct tcp_conn *c,
                    struct tcp_plan *plan); /* a tail loss probe; true: with something new */
void tcp_account(struct tcp_conn *c, const struct tcp_plan *plan); /* what sending it changes */
uint32_t tcp_in_flight(const struct tcp_conn *c);                  /* bytes that we think are on the way */
int tcp_segment_send(struct tcp_conn *c, const struct tcp_plan *plan);
void tcp_send_probe(struct tcp_conn *c); /* one byte beyond a closed window */
void tcp_send_keepalive(struct tcp_conn *c);
void tcp_send_reset(struct tcp_conn *c, enum trace_rule rule);
void tcp_send_alone(struct tcp *t, int32_t socket, const struct tcp_repr *h, struct ip_addr src,
                    struct ip_addr dst, enum trace_rule rule); /* no connection stands behind it */
RARE void tcp_answer_reset(struct tcp *t, const struct tcp_segment *s, enum trace_rule rule);
void tcp_ack_soon(struct tcp_conn *c); /* a delayed acknowledgment */
void tcp_ack_at_once(struct tcp_conn *c, enum trace_rule rule);
void tcp_challenge_ack(struct tcp_conn *c, enum trace_rule rule); /* rate limited */
uint32_t tcp_receive_window(
    const struct tcp_conn *c); /* what we could tell the peer now, without shrinking */
void tcp_update_mss(struct tcp_conn *c);
uint32_t tcp_timestamp_now(const struct tcp_conn *c);

/* tcp_timer.c */
void tcp_timer_arm(struct tcp_conn *c, enum tcp_timer_kind kind, int64_t due_us);
void tcp_timer_stop(struct tcp_conn *c, enum tcp_timer_kind kind);
void tcp_timer_fire(struct timer *t);
void tcp_timer_stop_all(struct tcp_conn *c);
void tcp_arm_retransmit(struct tcp_conn *c);
void tcp_arm_persist(struct tcp_conn *c);

static inline bool tcp_timer_running(const struct tcp_conn *c, enum tcp_timer_kind kind)
{
    return c->work->deadline_us[kind] != TIME_NEVER;
}

/* tcp_rtt.c */
void tcp_rtt_start(struct tcp_conn *c, seq_t end);
void tcp_rtt_acked(struct tcp_conn *c, seq_t ack);
void tcp_rtt_sample(struct tcp_conn *c, uint32_t rtt_us);
uint32_t tcp_rto_us(const struct tcp_conn *c); /* with back-off */

#include "transport/tcp_recovery.h"

/* RFC 8985, section 7.2: how long after the last new segment or acknowledgment a tail loss probe is due. */
static inline int64_t tcp_probe_after_us(const struct tcp_conn *c)
{
    if (c->srtt_us == 0)
        return 1000000;
    bool one_segment = c->flight->count == 1;
    return 2 * (int64_t)c->srtt_us + (one_segment ? TCP_MAX_ACK_DELAY_US : 0);
}

#endif
