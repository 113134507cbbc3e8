/*
 * What a capture says of its TCP connections: whose they are, what each end's state must have been, and what
 * went wrong. An onlooker sees segments, not reasons; so each verdict is what its name says to somebody who sees
 * only this, and the definitions are those of Wireshark's user guide (section 7.5, TCP Analysis), with whose
 * verdicts ours are compared in tests.
 *
 *   end 0 (sent the first segment)                     end 1
 *     next_seq ------ segments ------>  expected
 *     last_ack <----- acknowledgments ---
 *
 * Packets are given one after the other; each is answered with a record of fixed size. All memory is in the arena
 * that the caller gave, and bounded: when there is no more, further connections are counted and not followed.
 */
#ifndef TCPLAB_LAB_ANALYSE_H
#define TCPLAB_LAB_ANALYSE_H

#include "base/arena.h"
#include "base/seq.h"
#include "lab/pcap_in.h"
#include "transport/tcp.h"
#include "wire/tcp.h"

/* X(NAME, phrase); the number is a bit of analysed.verdicts. */
#define ANALYSE_VERDICT_LIST(X)                                                                              \
    X(RETRANSMISSION, "bytes that were sent before, again")                                                  \
    X(FAST_RETRANSMISSION, "sent again after two duplicate acknowledgments or more, at once")                \
    X(SPURIOUS_RETRANSMISSION, "sent again although it had been acknowledged")                               \
    X(OUT_OF_ORDER, "overtaken by a later one a moment ago")                                                 \
    X(LOST_SEGMENT, "what should come before it was not captured")                                           \
    X(ACK_LOST_SEGMENT, "acknowledges what was not captured")                                                \
    X(DUP_ACK, "acknowledges the same again, with the same window")                                          \
    X(ZERO_WINDOW, "the receiver has no room")                                                               \
    X(ZERO_WINDOW_PROBE, "one byte into a window of zero")                                                   \
    X(ZERO_WINDOW_PROBE_ACK, "the answer: still no room")                                                    \
    X(WINDOW_UPDATE, "only the window is another")                                                           \
    X(WINDOW_FULL, "it fills the receiver's window to the last byte")                                        \
    X(KEEP_ALIVE, "a byte before the next one: are you there?")                                              \
    X(KEEP_ALIVE_ACK, "the answer to that")                                                                  \
    X(REUSED_PORTS, "a new connection between the ports of an old one")

enum analyse_verdict {
#define X(NAME, phrase) ANALYSE_##NAME,
    ANALYSE_VERDICT_LIST(X)
#undef X
        ANALYSE_VERDICT_COUNT
};

const char *analyse_verdict_name(enum analyse_verdict verdict); /* "DUP_ACK" */
const char *analyse_verdict_phrase(enum analyse_verdict verdict);

/* How it began and how it ended. X(NAME, phrase) */
#define ANALYSE_OPENING_LIST(X)                                                                              \
    X(NOT_SEEN, "the capture begins in the middle of it")                                                    \
    X(SYN_ONLY, "nobody answered")                                                                           \
    X(REFUSED, "answered with a reset")                                                                      \
    X(HALF, "the handshake was not completed")                                                               \
    X(COMPLETE, "three segments")                                                                            \
    X(SIMULTANEOUS, "both ends opened at once")

enum analyse_opening {
#define X(NAME, phrase) ANALYSE_OPENING_##NAME,
    ANALYSE_OPENING_LIST(X)
#undef X
        ANALYSE_OPENING_COUNT
};

#define ANALYSE_CLOSING_LIST(X)                                                                              \
    X(OPEN, "still open at the end of the capture")                                                          \
    X(HALF_CLOSED, "one end has closed")                                                                     \
    X(CLOSED, "both ends closed, each FIN was acknowledged")                                                 \
    X(FIN_UNANSWERED, "both ends closed, a FIN was not acknowledged")                                        \
    X(RESET, "by a reset")                                                                                   \
    X(RESET_AFTER_FIN, "by a reset after a FIN")

enum analyse_closing {
#define X(NAME, phrase) ANALYSE_CLOSING_##NAME,
    ANALYSE_CLOSING_LIST(X)
#undef X
        ANALYSE_CLOSING_COUNT
};

const char *analyse_opening_name(enum analyse_opening opening);
const char *analyse_closing_name(enum analyse_closing closing);

enum { ANALYSE_TIMED_MAX = 16, ANALYSE_SCALE_UNKNOWN = -1 };

/* A segment whose acknowledgment is awaited, for a round-trip time. */
struct analyse_timed {
    seq_t end;
    int64_t t_ns;
};

/* One end: what it sent, and what follows from that. */
struct analyse_end {
    struct ip_endpoint endpoint;
    uint8_t state; /* enum tcp_state */
    bool is_known; /* something of it was seen */
    bool has_ack, fin_sent, fin_acked;
    int8_t scale; /* ANALYSE_SCALE_UNKNOWN */
    bool sack_permitted;
    uint16_t mss_bytes;
    uint16_t window; /* unscaled, the last one */
    seq_t first_seq; /* relative numbers count from here */
    seq_t next_seq, last_ack, fin_end;
    uint32_t dup_acks;
    uint32_t last_verdicts;
    int64_t next_seq_ns, last_ack_ns;
    unsigned timed_count;
    struct analyse_timed timed[ANALYSE_TIMED_MAX];
    uint64_t packets, payload_bytes;
    uint32_t window_bytes_min, window_bytes_max, in_flight_bytes_max;
    uint32_t rtt_count; /* of what this end sent, seen from where it was captured */
    uint32_t rtt_us_min, rtt_us_max;
    uint64_t rtt_us_sum;
    uint32_t verdicts[ANALYSE_VERDICT_COUNT]; /* how many segments got each */
};

struct analyse_connection {
    uint32_t number; /* from 1 */
    uint8_t opening; /* enum analyse_opening */
    uint8_t closing; /* enum analyse_closing */
    bool was_reset;
    int64_t first_ns, last_ns;
    int64_t syn_ns;        /* INT64_MIN: not seen */
    uint32_t handshake_us; /* from the SYN to what acknowledges the other's; 0: not seen */
    struct analyse_end end[2];
};

/* One packet, 72 bytes. Numbers that are not TCP's are 0 when it is not TCP. */
struct analysed {
    uint64_t position; /* of the frame in the file */
    int64_t t_ns;
    uint32_t captured_bytes, wire_bytes;
    uint32_t connection; /* 0: none */
    uint32_t seq, ack;   /* relative */
    uint32_t payload_bytes;
    uint32_t window_bytes; /* scaled, where the scale is known */
    uint32_t verdicts;     /* a bit for each */
    uint32_t rtt_us;       /* it acknowledges a segment that was sent this long ago; 0: no sample */
    uint16_t link_type;
    uint16_t src_port, dst_port;
    uint8_t flags;
    uint8_t protocol; /* of IP; 0: not IP */
    uint8_t end;      /* who sent it: 0 or 1 */
    uint8_t state[2]; /* of both ends, after it */
    uint8_t fcs_bytes;
};

struct analysis {
    struct arena *arena;
    struct pcap_in in;
    struct analyse_connection **connection; /* by number, from 0 */
    uint32_t *bucket;                       /* hash of addresses and ports -> number of the latest; 0: none */
    uint32_t *chain;                        /* connection -> the next in its bucket */
    uint32_t connection_count, connections_max, bucket_count;
    uint64_t packets, bytes;
    uint64_t ignored; /* segments of connections for which there was no memory */
    int64_t first_ns, last_ns;
};

/* An analysis of at most `connections_max` connections in the arena. NULL: out of memory. */
struct analysis *analysis_create(struct arena *a, uint32_t connections_max);

/* Reads on in a piece of the file, as pcap_in_next(): 1, and *out says what the next packet is. */
int analysis_next(struct analysis *a, struct bytes data, struct analysed *out, size_t *used);

/* By number, from 1. NULL: there is none. */
const struct analyse_connection *analysis_connection(const struct analysis *a, uint32_t number);

/* ---- Between the files of the analysis ---- */

struct analyse_segment {
    struct tcp_repr h;
    uint32_t payload_bytes;
    int64_t t_ns;
    unsigned end; /* who sent it */
};

/* analyse_segment.c: what one segment is, judged by what was seen before; then that is taken over. */
uint32_t analyse_judge(struct analyse_connection *c, const struct analyse_segment *s);
void analyse_take(struct analyse_connection *c, const struct analyse_segment *s, struct analysed *out);

/* analyse_state.c: what both ends' states are after it. */
void analyse_states(struct analyse_connection *c, const struct analyse_segment *s);

#endif
