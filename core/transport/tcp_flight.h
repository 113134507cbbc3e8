/*
 * The scoreboard of a connection with SACK: one record for each segment that is in flight, in sequence order,
 * and what RACK (RFC 8985) and proportional rate reduction (RFC 6937) keep about them. Private to tcp_*.c.
 *
 *        snd.una                                              snd.nxt
 *   ---------|--[ record ]--[ SACKED ]--[ LOST ]--[ record ]-----|
 *
 *   pipe (RFC 6675) = bytes in flight - sacked bytes - lost bytes that were not sent again
 *                     + bytes that were sent again without being lost
 */
#ifndef TCPLAB_TRANSPORT_TCP_FLIGHT_H
#define TCPLAB_TRANSPORT_TCP_FLIGHT_H

#include "base/arena.h"
#include "base/ranges.h"
#include "transport/tcp_rate.h"

enum tcp_sent_flags {
    TCP_SENT_SACKED = 1, /* the peer has it */
    TCP_SENT_LOST = 2,   /* we think that it, or its last retransmission, is lost */
    TCP_SENT_AGAIN = 4,  /* sent again since it was thought lost: that copy is in flight */
    TCP_SENT_TWICE = 8,  /* was ever sent again (Karn) */
    TCP_SENT_BOTH = 16, /* sent again without being thought lost: both copies count as in flight (RFC 6675) */
};

/*
 * Records that the peer has (SACKED) and that lie next to each other are a run. The first and the last of a
 * run know how long it is, so that it is passed in one step: an acknowledgment costs as much as there are
 * holes, not as much as there are segments.
 *
 *    [ ]  [S 4]  [S .]  [S .]  [S 4]  [ ]  [S 1]  [ ]
 */
struct tcp_sent {
    seq_t from;
    seq_t to;
    int64_t sent_us; /* the last time */
    uint32_t run;    /* records in it: at both ends of a run */
    uint8_t flags;   /* enum tcp_sent_flags */
};

enum {
    TCP_FLIGHT_RECORDS_FIRST = 2, /* in the scoreboard itself: a question, or a FIN, needs no more */
    TCP_FLIGHT_RECORDS_MIN = 16,  /* the first allocation; it doubles */
    TCP_RECENT_BLOCKS = 4,        /* as many as a SACK option can tell of */
};

/* RFC 5682: where the sender is after its timer ran out. */
enum tcp_frto {
    TCP_FRTO_OFF,
    TCP_FRTO_SENT_FIRST, /* step 1: the first segment went again */
    TCP_FRTO_SENDS_NEW,  /* step 2b */
};

/* What a reduction of the window changed, in case that there was no loss. */
struct tcp_undo {
    bool echo_seen;          /* the acknowledgment that RFC 3522 looks at has come */
    seq_t una;               /* snd.una at that time */
    seq_t first_end;         /* of the first retransmission */
    uint32_t cwnd, ssthresh; /* before; ssthresh at least what was in flight: RFC 4015's pipe_prev */
    uint32_t again;          /* retransmissions of which the peer has not said that it had them */
    uint32_t timestamp;      /* of the first retransmission */
    int64_t rack_sent_us;
    seq_t rack_to;
};

struct tcp_flight {
    struct tcp_sent *at;        /* `first`, or its own memory */
    struct tcp_sent_rate *rate; /* beside `at`, for a congestion control that measures; else NULL */
    uint32_t capacity;          /* a power of two */
    uint32_t head;              /* index of the first record */
    uint32_t count;
    uint32_t sacked_bytes, lost_bytes; /* lost: LOST and not AGAIN */
    union {
        struct {
            uint32_t sacked_count, lost_count;
        };
        uint64_t marked; /* both: not 0 when there is one of either */
    };
    union {
        struct {
            uint32_t both_bytes; /* BOTH */
            bool probe_open;     /* a tail loss probe is unanswered */
            bool has_duplicate;  /* of which the peer is to be told */
            uint8_t frto;        /* enum tcp_frto */
            bool may_undo;       /* there is something in `undo` */
        };
        uint64_t seldom; /* all of them: not 0 when there is anything of it (tcp_calm.h) */
    };
    uint32_t first_lost; /* no record before this one (counted from head) is LOST and not AGAIN */

    /* RFC 8985, section 5.3 */
    int64_t rack_sent_us; /* of the segment that was delivered and sent last */
    seq_t rack_to;
    uint32_t rack_rtt_us;
    seq_t fack; /* highest that was ever acknowledged, selectively or not */
    bool reordering_seen;
    bool dsack_round_open;
    seq_t dsack_round;
    uint8_t reo_mult, reo_persist;

    /* tail loss probe: RFC 8985, sections 5.3 and 7.1 */
    bool probe_is_again, probe_reached;
    bool probe_unmeasured; /* no round-trip time has been measured since the last probe */
    seq_t probe_end;

    seq_t rescue; /* RFC 6675, RescueRxt: no rescue before snd.una is past it */

    /* tcp_spurious.c */
    struct tcp_undo undo;

    /* RFC 6937, section 3 */
    uint32_t prr_delivered, prr_out, prr_flight;

    /* RFC 3168, 6.1.2: the window was reduced when this was all that had been sent */
    bool reduced;
    seq_t reduced_end;

    /* receiving: RFC 2018, section 4 and RFC 2883 */
    seq_t recent[TCP_RECENT_BLOCKS]; /* a number in each block, the newest first */
    uint8_t recent_count;
    struct range duplicate;

    struct tcp_sent first[TCP_FLIGHT_RECORDS_FIRST];
};

struct tcp_conn;

/* What one acknowledgment told. */
struct tcp_delivery {
    uint32_t bytes;  /* newly acknowledged or selectively acknowledged */
    uint32_t acked;  /* of those, cumulatively */
    uint32_t rtt_us; /* of the newest segment never sent twice; 0: none */
    bool sacked;     /* there was something new in its blocks */
    bool has_echo;   /* ts_echo is that of the acknowledgment's timestamps */
    uint32_t ts_echo;
    bool duplicate_told; /* DSACK: the peer got something twice */
    seq_t fack;          /* the highest that was acknowledged before this one */
    int64_t newest_us;   /* when the one sent last of those it delivers was sent */
};

static inline struct tcp_sent *tcp_flight_at(const struct tcp_flight *f, uint32_t i)
{
    return &f->at[(f->head + i) & (f->capacity - 1)];
}

/* How many records from `i` on are of one run, if the first of them begins one; else 0. */
static inline uint32_t tcp_flight_run(const struct tcp_flight *f, uint32_t i)
{
    const struct tcp_sent *r = tcp_flight_at(f, i);
    if (!(r->flags & TCP_SENT_SACKED))
        return 0;
    bool begins = i == 0 || !(tcp_flight_at(f, i - 1)->flags & TCP_SENT_SACKED);
    return begins ? r->run : 1;
}

/* tcp_flight.c: the records. */
struct tcp_flight *tcp_flight_of(struct tcp_conn *c); /* made when first asked for; NULL: out of memory */
void tcp_flight_free(struct tcp_conn *c);
void tcp_flight_rest(struct tcp_conn *c); /* nothing is in flight: gives back what can be had anew */
bool tcp_flight_measure(
    struct tcp_conn *c); /* from now on with `rate`, if the control asks; false: out of memory */
bool tcp_flight_sent(struct tcp_conn *c, seq_t from, seq_t to); /* new; false: out of memory */
void tcp_flight_sent_again(struct tcp_conn *c, seq_t from,
                           seq_t to); /* records, of the last maybe only the first part */
void tcp_flight_acked(struct tcp_conn *c, struct tcp_delivery *d);
void tcp_flight_sacked(struct tcp_conn *c, struct range block, struct tcp_delivery *d);
void tcp_flight_mark_lost(struct tcp_conn *c, uint32_t index);
void tcp_flight_timeout(struct tcp_conn *c, int64_t sent_us);
void tcp_flight_none_lost(struct tcp_conn *c); /* takes that back, of what was not sent again */
const struct tcp_sent *tcp_flight_next_lost(struct tcp_flight *f); /* to be sent again, or NULL */
seq_t tcp_flight_lost_end(const struct tcp_conn *c); /* how far from there one segment may reach */
void tcp_flight_check(const struct tcp_conn *c);

#endif
