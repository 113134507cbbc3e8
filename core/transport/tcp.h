/*
 * TCP (RFC 9293) as the socket layer sees it: the interface of section 3.9.1, without blocking. The parts:
 *
 *   tcp_state    the eleven states, opening, freeing       tcp_output   what to send now (decide), segments
 * (build) tcp_demux    which connection a segment is for         tcp_timer    one timer a connection, five
 * deadlines tcp_input    segment arrives (3.10.7), in its order    tcp_rtt      round-trip time and RTO (RFC
 * 6298) tcp_ack      acknowledgments and what they free        tcp_reass    what came out of order tcp_user
 * the calls of a program                    cc_*         congestion control
 */
#ifndef TCPLAB_TRANSPORT_TCP_H
#define TCPLAB_TRANSPORT_TCP_H

#include "base/seq.h"
#include "internet/ip.h"

/* RFC 9293, section 3.3.2. X(NAME) */
#define TCP_STATE_LIST(X)                                                                                    \
    X(CLOSED)                                                                                                \
    X(LISTEN)                                                                                                \
    X(SYN_SENT)                                                                                              \
    X(SYN_RCVD)                                                                                              \
    X(ESTABLISHED)                                                                                           \
    X(FIN_WAIT_1)                                                                                            \
    X(FIN_WAIT_2)                                                                                            \
    X(CLOSE_WAIT)                                                                                            \
    X(CLOSING)                                                                                               \
    X(LAST_ACK)                                                                                              \
    X(TIME_WAIT)

enum tcp_state {
#define X(NAME) TCP_##NAME,
    TCP_STATE_LIST(X)
#undef X
        TCP_STATE_COUNT
};

/* Congestion controls. X(NAME, "name as setsockopt(TCP_CONGESTION) has it") */
#define TCP_CONGESTION_LIST(X)                                                                               \
    X(NEWRENO, "newreno")                                                                                    \
    X(CUBIC, "cubic")                                                                                        \
    X(BBR, "bbr")                                                                                            \
    X(NONE, "none")

enum tcp_congestion {
#define X(NAME, text) TCP_CONGESTION_##NAME,
    TCP_CONGESTION_LIST(X)
#undef X
        TCP_CONGESTION_COUNT
};

/* Explicit congestion notification (RFC 3168), as Linux's tcp_ecn 0, 2 and 1. X(NAME, "key in scenarios") */
#define TCP_ECN_LIST(X)                                                                                      \
    X(OFF, "off")                                                                                            \
    X(ANSWER, "answer") /* when the peer asks for it */                                                      \
    X(ASK, "ask")       /* and ask for it */

enum tcp_ecn {
#define X(NAME, key) TCP_ECN_##NAME,
    TCP_ECN_LIST(X)
#undef X
        TCP_ECN_COUNT
};

/* When a listener answers with SYN cookies (RFC 4987). X(NAME, "key in scenarios") */
#define TCP_SYN_COOKIES_LIST(X)                                                                              \
    X(OFF, "off")                                                                                            \
    X(WHEN_FULL, "when_full") /* too many connections are being opened */                                    \
    X(ALWAYS, "always")

enum tcp_syn_cookies {
#define X(NAME, key) TCP_SYN_COOKIES_##NAME,
    TCP_SYN_COOKIES_LIST(X)
#undef X
};

/* Which side of Fast Open (RFC 7413) a host plays; bits, as Linux's tcp_fastopen. X(NAME, "key in scenarios") */
#define TCP_FAST_OPEN_LIST(X)                                                                                \
    X(OFF, "off")                                                                                            \
    X(CLIENT, "client") /* only for sockets that ask for it */                                               \
    X(SERVER, "server") /* only for listeners that ask for it */                                             \
    X(BOTH, "both")

enum tcp_fast_open {
#define X(NAME, key) TCP_FAST_OPEN_##NAME,
    TCP_FAST_OPEN_LIST(X)
#undef X
};

/* What the sender is about, as Linux's ca_state. X(NAME, "key in descriptions") */
#define TCP_CA_STATE_LIST(X)                                                                                 \
    X(SLOW_START, "slow_start")                                                                              \
    X(AVOIDANCE, "avoidance")                                                                                \
    X(DISORDER, "disorder")                                                                                  \
    X(RECOVERY, "recovery")                                                                                  \
    X(LOSS, "loss")

enum tcp_ca_state {
#define X(NAME, key) TCP_CA_##NAME,
    TCP_CA_STATE_LIST(X)
#undef X
};

/* What showed that a reduction of the window was for nothing. X(NAME, "key") */
#define TCP_EVIDENCE_LIST(X)                                                                                 \
    X(F_RTO, "f_rto")         /* RFC 5682 */                                                                 \
    X(TIMESTAMP, "timestamp") /* RFC 3522 */                                                                 \
    X(DSACK, "dsack")         /* RFC 3708 */

enum tcp_evidence {
#define X(NAME, key) TCP_EVIDENCE_##NAME,
    TCP_EVIDENCE_LIST(X)
#undef X
};

/* The deadlines of a connection. X(NAME, "key in descriptions") */
#define TCP_TIMER_LIST(X)                                                                                    \
    X(RETRANSMIT, "retransmit")                                                                              \
    X(PERSIST, "persist")                                                                                    \
    X(DELAYED_ACK, "delayed_ack")                                                                            \
    X(KEEPALIVE, "keepalive")                                                                                \
    X(TIME_WAIT, "time_wait")                                                                                \
    X(FIN_WAIT_2, "fin_wait_2")                                                                              \
    X(OVERRIDE, "override")                                                                                  \
    X(REORDERING, "reordering")                                                                              \
    X(TAIL_PROBE, "tail_probe")                                                                              \
    X(PACING, "pacing")

enum tcp_timer_kind {
#define X(NAME, key) TCP_TIMER_##NAME,
    TCP_TIMER_LIST(X)
#undef X
        TCP_TIMER_COUNT
};

/* Why a segment, or part of it, was of no use. X(NAME, phrase) */
#define TCP_DISCARD_LIST(X)                                                                                  \
    X(OUT_OF_WINDOW, "it is outside the receive window")                                                     \
    X(DUPLICATE, "everything in it was received before")                                                     \
    X(OLD_TIMESTAMP, "its timestamp is older than one seen before (PAWS)")                                   \
    X(NO_TIMESTAMP, "it has no timestamp, although both sides agreed on them")                               \
    X(NO_ACK, "it has no ACK, which every segment but the first must have")                                  \
    X(UNACCEPTABLE_ACK, "it acknowledges what was never sent, or long ago")                                  \
    X(RST_NOT_EXACT, "a reset whose sequence number is not exactly the one expected")                        \
    X(SYN_IN_CONNECTION, "a SYN in a connection that has its SYN already")                                   \
    X(NO_BUFFER, "no room to keep it")                                                                       \
    X(CLOSED_TO_DATA, "the program will read no more")                                                       \
    X(BACKLOG_FULL, "too many connections wait to be accepted")                                              \
    X(RST_IN_LISTEN, "a reset means nothing to a listener")

enum tcp_discard {
#define X(NAME, phrase) TCP_DISCARD_##NAME,
    TCP_DISCARD_LIST(X)
#undef X
        TCP_DISCARD_COUNT
};

/*
 * Fault switches: each breaks one rule of a host's TCP, to show what the rule is for. Bits of
 * tcp_config.faults, all off by default. Taking what has a wrong checksum is the host's
 * (HOST_FAULT_NO_CHECKSUM_VERIFY). X(NAME, "key in scenarios", "what it does")
 */
#define TCP_FAULT_LIST(X)                                                                                    \
    X(SKIP_TIME_WAIT, "skip_time_wait", "forget the connection as soon as both sides have closed")           \
    X(FIXED_ISN, "fixed_isn", "begin every connection at sequence number 1000")                              \
    X(NO_BACKOFF, "no_backoff", "wait equally long before each retransmission")                              \
    X(NO_CONGESTION_CONTROL, "no_congestion_control", "send as much as the peer's window allows")            \
    X(NO_SWS_AVOIDANCE, "no_sws_avoidance", "tell of tiny windows, and fill them")                           \
    X(NO_DELAYED_ACK, "no_delayed_ack", "acknowledge every segment at once")                                 \
    X(IGNORE_WINDOW, "ignore_window", "send beyond the peer's window")                                       \
    X(NO_PAWS, "no_paws", "take old duplicates by their sequence number alone")

enum tcp_fault_bit {
#define X(NAME, key, text) TCP_FAULT_BIT_##NAME,
    TCP_FAULT_LIST(X)
#undef X
        TCP_FAULT_COUNT
};

enum tcp_fault {
#define X(NAME, key, text) TCP_FAULT_##NAME = 1 << TCP_FAULT_BIT_##NAME,
    TCP_FAULT_LIST(X)
#undef X
};

/* Settings of a host's TCP; each socket starts with a copy of those that make sense for it. */
struct tcp_config {
    uint32_t send_buffer_bytes;    /* SO_SNDBUF: 65536 */
    uint32_t receive_buffer_bytes; /* SO_RCVBUF: 65536 */
    uint32_t
        send_buffer_max_bytes; /* it may grow to this by itself: 4 MiB; at most send_buffer_bytes: never */
    uint32_t receive_buffer_max_bytes; /* the same: 4 MiB, which is also the most there can be */
    uint32_t rto_initial_us;           /* RFC 6298 2.1: 1 s */
    uint32_t rto_min_us;               /* 200 ms, as Linux; RFC 6298 2.4 says 1 s */
    uint32_t rto_max_us;               /* 60 s: RFC 6298 2.5 */
    uint32_t delayed_ack_us;           /* 40 ms; RFC 9293 3.8.6.3: below 500 ms; 0: never delay */
    uint32_t msl_us;                   /* 30 s, so that TIME_WAIT is 60 s as on Linux; RFC 9293 says 2 min */
    uint32_t fin_wait_2_us;            /* 60 s for connections that nobody owns any more, as Linux */
    uint32_t
        keepalive_idle_ms; /* milliseconds of silence before the first probe: 7,200,000 (RFC 9293 3.8.4) */
    uint32_t keepalive_interval_ms;   /* 75,000 */
    uint32_t keepalive_count;         /* 9 */
    uint32_t user_timeout_ms;         /* 0: give up after retries_max instead; a SYN: whichever comes first */
    uint32_t syn_retries_max;         /* 7: three minutes, RFC 9293 3.8.3 (MUST-23) */
    uint32_t retries_max;             /* 15: R2 of RFC 9293 3.8.3 */
    uint32_t initial_window_segments; /* 10: RFC 6928 */
    uint32_t challenge_acks_per_s;    /* 100, of all connections: RFC 5961, section 7; 0: none */
    uint16_t mss_max_bytes;           /* 0: what the link's MTU allows */
    bool window_scale;                /* RFC 7323: true */
    bool timestamps;                  /* RFC 7323: true */
    bool sack;                        /* RFC 2018: true */
    bool
        rack; /* with SACK, losses are found by time (RACK-TLP, RFC 8985); else by counting (RFC 6675): true */
    bool nagle;                       /* true */
    bool keepalive;                   /* false */
    bool verify_checksum;             /* true */
    enum tcp_congestion congestion;   /* NEWRENO */
    enum tcp_syn_cookies syn_cookies; /* WHEN_FULL */
    enum tcp_fast_open fast_open;     /* CLIENT, as Linux */
    enum tcp_ecn ecn;                 /* RFC 3168: ANSWER, as Linux */
    uint32_t faults;                  /* enum tcp_fault bits: 0 */
};

void tcp_config_default(struct tcp_config *c);

/* What TCP_INFO gives on Linux, where we have it. Sequence numbers too: this is a lab. */
struct tcp_info {
    enum tcp_state state;
    enum tcp_ca_state ca_state;
    enum tcp_congestion congestion;
    bool option_window_scale, option_timestamps, option_sack, option_ecn;
    bool option_syn_data; /* Fast Open: the SYN's text was taken (RFC 7413) */
    bool ecn_echoing;     /* the peer's data came marked, and is told so until it answers (RFC 3168, 6.1.3) */
    bool reordering_seen; /* segments were delivered out of their order (RFC 8985, 6.2, step 3) */
    uint8_t snd_wscale, rcv_wscale;
    uint8_t backoff;     /* how often the RTO has been doubled */
    uint8_t probes;      /* window or keep-alive probes not answered */
    uint8_t retransmits; /* of the segment at snd_una */
    uint16_t snd_mss, rcv_mss;
    uint32_t rto_us, rtt_us, rttvar_us, rtt_min_us; /* rtt_us is smoothed; 0: no sample yet */
    uint32_t snd_cwnd_bytes, snd_ssthresh_bytes;
    uint32_t unacked_bytes;                            /* in flight */
    uint64_t pacing_bytes_per_s, delivery_bytes_per_s; /* of those who measure (BBR); 0: nothing to tell */
    uint32_t lost_segments, retransmitted_segments;    /* over the connection's life */
    uint32_t dup_acks;                                 /* in a row */
    seq_t iss, irs, snd_una, snd_nxt, snd_max, rcv_nxt;
    uint32_t snd_wnd_bytes, rcv_wnd_bytes; /* the peer's window; the one we last told */
    uint32_t send_queue_bytes;             /* in the send buffer, sent or not */
    uint32_t not_sent_bytes;
    uint32_t receive_queue_bytes;
    uint32_t out_of_order_bytes;
    uint32_t send_buffer_bytes, receive_buffer_bytes;
    uint64_t bytes_sent, bytes_retransmitted, bytes_acked, bytes_received, segments_out, segments_in;
    int64_t timer_due_us[TCP_TIMER_COUNT]; /* TIME_NEVER: not running */
};

struct tcp_counters {
    uint64_t in_segments, in_bad_checksum, in_malformed, in_no_connection, out_segments, out_resets,
        retransmitted_segments;
    uint64_t active_opens, passive_opens, failed_opens, resets_received, timeouts;
    uint64_t backlog_drops; /* a full accept queue, or too many half-open, and no cookies */
    uint64_t cookies_sent, cookies_taken, cookies_failed;
    uint64_t fast_opens_active, fast_opens_passive; /* the text of the SYN was taken */
    uint64_t fast_opens_refused;                    /* it was not: it went again after the handshake */
    uint32_t connections;                           /* TCBs now, listeners and TIME_WAIT included */
};

struct tcp;
struct tcp_conn;

/* Something about this connection may interest its owner: data, room, a state, an error, a new connection to
 * accept. */
typedef void tcp_ready_fn(void *context, struct tcp_conn *c);

/* Registers with the internet layer. NULL: out of memory. */
struct tcp *tcp_create(struct machine *m, struct ip *ip, const struct tcp_config *config);

/* Whom to tell of connections that have an owner (the socket layer). */
void tcp_on_ready(struct tcp *t, tcp_ready_fn *ready, void *context);

/*
 * The calls of a program (RFC 9293, section 3.9.1), made by the socket layer. Each returns 0 or more, or a
 * negative status. A connection belongs to its owner from tcp_open() or tcp_accept() until tcp_close() or
 * tcp_abort(); it may live on after that.
 */

/* A new, closed connection block for `owner`; `socket` is its handle, for the trace. NULL: out of memory. */
struct tcp_conn *tcp_open(struct tcp *t, void *owner, int32_t socket);
void tcp_set_owner(struct tcp_conn *c, void *owner, int32_t socket);
void *tcp_owner(const struct tcp_conn *c);

/* Port 0: an ephemeral one (RFC 6056). STATUS_EADDRINUSE, STATUS_EADDRNOTAVAIL, STATUS_EINVAL (bound
 * already). */
int tcp_bind(struct tcp_conn *c, struct ip_endpoint local, bool reuse_addr);

/* Passive open. Binds to an ephemeral port when it is not bound. STATUS_EINVAL when it is no longer closed,
 * STATUS_EADDRINUSE. */
int tcp_listen(struct tcp_conn *c, uint32_t backlog);

/* Active open: STATUS_EINPROGRESS, STATUS_OK (Fast Open: the SYN waits for the first text), or STATUS_EISCONN, STATUS_EALREADY, STATUS_ENETUNREACH,
 * STATUS_EADDRNOTAVAIL, STATUS_EADDRINUSE. */
int tcp_connect(struct tcp_conn *c, struct ip_endpoint remote);

/* The oldest connection that is established and not yet accepted, or NULL. Its owner is to be set. */
struct tcp_conn *tcp_accept(struct tcp_conn *listener);

/* How many bytes were taken, STATUS_EAGAIN, STATUS_EPIPE, STATUS_ENOTCONN, or the pending error. */
enum tcp_send_flags { TCP_SEND_MORE = 1, TCP_SEND_URGENT = 2 };
int64_t tcp_send(struct tcp_conn *c, struct bytes data, unsigned flags);

/* How many bytes were given; 0 at the end of the stream; STATUS_EAGAIN, STATUS_ENOTCONN, or the pending
 * error. */
int64_t tcp_receive(struct tcp_conn *c, struct room into, bool peek);

/* Ends the sending side (a FIN follows what is queued), the receiving side (what still comes is thrown away),
 * or both. */
int tcp_shutdown(struct tcp_conn *c, bool receive, bool send);

/* CLOSE (RFC 9293, 3.10.4), and the owner lets go. `linger_ms` 0 resets instead. */
void tcp_close(struct tcp_conn *c, int64_t linger_ms);

/* ABORT (RFC 9293, 3.10.5), and the owner lets go. */
void tcp_abort(struct tcp_conn *c);

/* STATUS (RFC 9293, 3.9.1.5). */
void tcp_status(const struct tcp_conn *c, struct tcp_info *out);
struct ip_endpoint tcp_local(const struct tcp_conn *c);
struct ip_endpoint tcp_remote(const struct tcp_conn *c);
uint32_t tcp_accept_queue(const struct tcp_conn *c, uint32_t *backlog);

/* What a poll would say: enum tcp_readiness bits. */
enum tcp_readiness {
    TCP_READABLE = 1,
    TCP_WRITABLE = 2,
    TCP_READ_HANGUP = 4,
    TCP_HANGUP = 8,
    TCP_ERROR = 16,
    TCP_PRIORITY = 32 /* urgent bytes are to be read */
};
unsigned tcp_readiness(const struct tcp_conn *c);

/* Is the next byte to be read the last urgent one? */
bool tcp_urgent_at_mark(const struct tcp_conn *c);

/* The pending error (a negative status, or 0); `clear` makes it read. */
int tcp_error_pending(struct tcp_conn *c, bool clear);

/* Settings of one connection. Changing one takes effect at once (Nagle off or uncorking sends what waited).
 */
struct tcp_options_user {
    bool no_delay, cork, quick_ack, keepalive;
    bool send_buffer_fixed, receive_buffer_fixed; /* set by the program: they do not grow by themselves */
    bool fast_open_connect; /* connect() waits for the first text, when there is a cookie */
    uint8_t syn_retries_max;
    uint8_t ttl, tos;
    uint8_t congestion;      /* enum tcp_congestion */
    uint8_t ecn;             /* enum tcp_ecn; before the connection is made */
    uint8_t keepalive_count; /* as Linux: at most 127 */
    uint16_t mss_max_bytes;
    uint16_t fast_open_queue; /* of a listener: how many may be handed out early; 0: none */
    uint32_t user_timeout_ms, keepalive_idle_ms, keepalive_interval_ms;
    uint32_t send_buffer_bytes, receive_buffer_bytes;
};
void tcp_get_options(const struct tcp_conn *c, struct tcp_options_user *out);
int tcp_set_options(struct tcp_conn *c, const struct tcp_options_user *in);

/* For going over all connections of a host (tables, describe): the one after `c` (NULL to begin), or NULL.
 * Order is that of creation. */
struct tcp_conn *tcp_next(const struct tcp *t, const struct tcp_conn *c);

const struct tcp_config *tcp_config(const struct tcp *t);
const struct tcp_counters *tcp_counters(const struct tcp *t);

/* Which rules it breaks from now on: enum tcp_fault bits, and whether it looks at checksums. */
void tcp_set_faults(struct tcp *t, uint32_t faults, bool verify_checksum);

const char *tcp_state_name(enum tcp_state state); /* "SYN_SENT" */
const char *tcp_discard_phrase(enum tcp_discard reason);
const char *tcp_fault_name(enum tcp_fault_bit bit); /* "skip_time_wait" */
const char *tcp_congestion_name(enum tcp_congestion cc);
int tcp_congestion_find(struct bytes name); /* enum tcp_congestion or STATUS_ENOENT */

#endif
