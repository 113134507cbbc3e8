/*
 * Simulation of whole connections in virtual time. One seed makes one run: a network with its faults, two hosts
 * with their settings, one to three connections with a program on each end, and what must come of it.
 *
 *   plan.c      seed -> struct plan                       net.c   the cable: delay, rate, queue, faults
 *   open.c      connect() and accept()                    run.c   the event loop, and the verdict
 *   stream.c    reading and writing                       text.c  what -v prints
 *   ends.c      the programs, turn by turn                goodput.c  a table of transfer speeds
 *   grid.c      which mixtures of faults were covered    regressions.c  seeds that failed once
 *   causes.c    no window changes without an event
 *
 *   host 0, clients, 10.0.0.1  <-- direction 0: to host 1; direction 1: back -->  host 1, servers, 10.0.0.2
 *
 * Programs are woken only by the socket layer's callback or by their own timers, and then call until EAGAIN: a
 * readiness that the stack forgets to tell of is a run that never ends.
 */
#ifndef TCPLAB_TESTS_SIM_SIM_H
#define TCPLAB_TESTS_SIM_SIM_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "host/host.h"
#include "unit/support/windows.h"
#include "wire/tcp.h"

enum {
    SIM_CONNECTIONS_MAX = 3,
    SIM_ENDS_MAX = 2 * SIM_CONNECTIONS_MAX,
    SIM_CLIENT_PORT = 40000,
    SIM_SERVER_PORT = 80,
    SIM_COOKIE_PORT = 81, /* where clients get their Fast Open cookie before the run */
    SIM_ARENA_BYTES = 16 << 20,
    SIM_SECOND_US = 1000000,
};

/* What both ends of a connection do. X(NAME, weight) */
#define SIM_PROGRAM_LIST(X)                                                                                  \
    X(ONE_WAY, 12)                                                                                           \
    X(ECHO, 10)                                                                                              \
    X(BOTH_WAYS, 14)                                                                                         \
    X(HALF_CLOSE, 8)                                                                                         \
    X(SERVER_FIRST, 8)                                                                                       \
    X(SIMULTANEOUS_CLOSE, 8)                                                                                 \
    X(SIMULTANEOUS_OPEN, 6)                                                                                  \
    X(SHUT_READ, 3)                                                                                          \
    X(ABORT, 6)                                                                                              \
    X(LINGER_ZERO, 3)                                                                                        \
    X(CLOSE_UNREAD, 5)                                                                                       \
    X(CLOSE_EARLY, 5)                                                                                        \
    X(REFUSED, 2)                                                                                            \
    X(BLACKHOLE, 2)                                                                                          \
    X(CUT, 8)

enum sim_program {
#define X(NAME, weight) SIM_##NAME,
    SIM_PROGRAM_LIST(X)
#undef X
        SIM_PROGRAM_COUNT
};

/* How an end comes to its end. */
enum sim_ending {
    ENDING_GRACEFUL,     /* shutdown() when all is sent, close() at the peer's end of stream */
    ENDING_LATE,         /* close() when all is sent and the peer's stream has ended */
    ENDING_CLOSE,        /* close() when all is sent; nothing will come */
    ENDING_TOGETHER,     /* all sent and received: both close() at the same moment */
    ENDING_PEER_DONE,    /* shutdown() reading at `act_at`; close() when the peer is done */
    ENDING_ABORT,        /* abort at `act_at` bytes sent and received */
    ENDING_LINGER_ZERO,  /* close() with linger 0 at `act_at` bytes */
    ENDING_CLOSE_UNREAD, /* reads nothing; close() when something could be read */
    ENDING_CLOSE_EARLY,  /* close() at `act_at` received bytes, although more will come */
};

/* What came of an end: bits, so that a plan can allow several. */
enum sim_result {
    RESULT_OK = 1,         /* all sent; the peer's stream received to its end, or closed on purpose before */
    RESULT_ON_PURPOSE = 2, /* it broke the connection itself */
    RESULT_RESET = 4,      /* ECONNRESET */
    RESULT_PIPE = 8,       /* EPIPE */
    RESULT_REFUSED = 16,   /* ECONNREFUSED */
    RESULT_TIMEOUT = 32,   /* ETIMEDOUT */
    RESULT_UNREACHABLE = 64, /* EHOSTUNREACH */
    RESULT_NEVER = 128,      /* a server's end that was never accepted */
    RESULT_OTHER = 256,      /* an error that nothing here can cause */
};

struct end_plan {
    uint32_t send_bytes;
    bool echo;           /* sends back what it receives, no faster */
    bool send_after_eof; /* sends only when the peer's stream has ended */
    uint32_t write_chunk, write_pause_us;
    uint32_t read_chunk, read_pause_us;
    uint32_t stall_at; /* bytes received, from where it does not read for stall_us */
    int64_t stall_us;  /* 0: never */
    enum sim_ending ending;
    uint32_t act_at;
    uint32_t send_buffer, receive_buffer, mss;
    enum tcp_congestion congestion;
    bool no_delay, cork, quick_ack, fiddle; /* fiddle: changes its options on the way */
    bool more, peek;
    bool urgent;    /* some of what it sends */
    bool fast_open; /* a client: shows a cookie, and connect() waits for its first text */
    bool keepalive;
    uint32_t user_timeout_ms;
    unsigned expected; /* enum sim_result bits */
};

struct direction_plan {
    uint32_t loss_ppm, duplicate_ppm, reorder_ppm, corrupt_ppm;
    uint32_t reorder_us, jitter_us;
    bool jitter_overtakes;
    uint64_t rate_bit_per_s; /* 0: no limit */
    uint32_t queue_frames;
    uint32_t delay_us;
};

struct plan {
    uint64_t seed;
    enum sim_program program;
    struct direction_plan direction[2];
    bool ethernet, fcs, dynamic_arp;
    uint32_t mtu[2];
    bool timestamps[2], window_scale[2], sack[2];
    bool rack[2];
    enum tcp_ecn ecn[2];
    uint16_t fast_open_queue;         /* the listener's; 0: text in SYNs is not taken */
    enum tcp_syn_cookies syn_cookies; /* of the server's host */
    uint32_t mark_frames;             /* ECN-capable packets that find so many queued are marked; 0: never */
    uint32_t delayed_ack_us[2];
    uint32_t retries_max;
    uint32_t down_frames; /* the cable breaks when this many have been sent; UINT32_MAX: never */
    int64_t down_us;      /* for so long; TIME_NEVER: for good */
    bool down[2];         /* which directions */
    int wrap_host;        /* whose first sequence number lies just below 2^32; -1: nobody's */
    uint32_t wrap_before; /* by how much */
    unsigned connections;
    unsigned rounds;                   /* 2: all of it once more, on the same ports where possible */
    struct end_plan end[SIM_ENDS_MAX]; /* client of connection 0, server of it, client of connection 1 ... */
};

/* plan.c */
void plan_make(struct plan *p, uint64_t seed);
bool plan_survives(const struct plan *p); /* is nothing in it that would break a connection? */

/*
 * Does every segment of a client reach the server, once and in order? Then a SYN cookie is as good as a memory.
 * Else the one segment that shows it may be lost, or another come before it, and all the server can say is "I do not
 * know you"; or a copy of it makes a connection that nobody wants, as the first text does when the server has broken
 * off meanwhile. Copies of a SYN with text do that, too (RFC 7413, section 2.1).
 */
bool plan_bears_cookies(const struct plan *p);
bool plan_delivers(const struct plan *p); /* must all streams arrive? */
bool plan_may_open_twice(const struct plan *p);

/*
 * May a sender go without congestion control? With a queue of a few frames that is congestion collapse: whole
 * windows thrown at it once a minute.
 */
bool plan_bears_no_control(const struct plan *p);

/* grid.c: the losses and round-trip times that a plan draws from, and what many plans have covered. */
enum { SIM_LOSSES = 5, SIM_RTTS = 3, SIM_FAULTS = 8 };
enum sim_buffers { SIM_BUFFERS_TINY, SIM_BUFFERS_SMALL, SIM_BUFFERS_LARGE, SIM_BUFFERS_COUNT };
enum sim_behaviour { SIM_HALF_CLOSES, SIM_STALLS, SIM_ABORTS, SIM_BEHAVIOURS };
extern const uint32_t sim_losses_ppm[SIM_LOSSES];
extern const uint32_t sim_rtts_us[SIM_RTTS];

struct grid {
    struct grid_cell {
        uint64_t faults[SIM_FAULTS]; /* reordering, duplication, corruption: a bit each */
        uint64_t congestion[TCP_CONGESTION_COUNT];
        uint64_t buffers[SIM_BUFFERS_COUNT];
        uint64_t behaviour[SIM_BEHAVIOURS];
    } cell[SIM_LOSSES][SIM_RTTS];
};

void grid_add(struct grid *g, const struct plan *p);
unsigned grid_report(const struct grid *g); /* says it; how many mixtures are missing */

/* A copy of a frame on its way. */
struct flight {
    int64_t at_us;
    uint64_t order;
    unsigned to; /* host */
    uint32_t len;
    uint8_t bytes[];
};

struct net {
    struct flight **heap; /* earliest first, then in the order of sending */
    size_t count, room;
    uint64_t order;
    uint64_t sent_frames;
    int64_t down_until_us; /* 0: it has not broken yet */
    struct {
        struct rng rng;
        int64_t free_ns;
        int64_t last_arrival_us;
        int64_t *departures; /* of the frames that may still be in the queue, a ring of queue_frames */
        uint32_t head, queued;
    } direction[2];
    uint64_t lost, duplicated, corrupted;
};

struct run;

enum { SIM_FRAME_MAX = 65536 };

/* net.c */
void net_init(struct net *n, const struct plan *p);
void net_free(struct net *n);
void net_send(struct run *r, unsigned direction, struct bytes frame);
struct flight *net_take(struct net *n); /* the earliest; the caller frees it */
static inline int64_t net_next_us(const struct net *n)
{
    return n->count ? n->heap[0]->at_us : TIME_NEVER;
}

enum end_phase { END_IDLE, END_CONNECTING, END_OPEN, END_DONE };

struct end {
    const struct end_plan *plan;
    unsigned index, host;
    enum end_phase phase;
    int handle;
    bool woken;
    int64_t wake_us; /* its own timer */
    int64_t read_at_us, write_at_us, close_at_us;
    uint32_t sent, received;
    bool eof, shut, read_shut, stalled, ready_to_close;
    unsigned result; /* one of enum sim_result */
    int error;
};

/* What a run has met that few do: bits. */
enum sim_seen {
    SEEN_OPENED_TWICE = 1, /* a copy made a second connection, after the program of the first was done */
    SEEN_OPENED_TWICE_UNREAD = 2, /* and before it had noticed that the first was over */
};

struct run {
    struct plan plan;
    struct arena *arena[2];
    struct host *host[2];
    struct trace *trace[2]; /* NULL: this run has none */
    struct windows windows[2];
    size_t in_use[2]; /* of each arena before the first socket */
    struct net net;
    struct end end[SIM_ENDS_MAX];
    int listener;
    bool listener_woken;
    uint16_t client_port[SIM_CONNECTIONS_MAX];
    struct rng rng; /* decisions of programs on the way */
    int64_t now_us, start_us;
    int64_t open_us, done_us; /* when this round began, and when its last program was done */
    uint64_t events, bytes;
    unsigned round;
    unsigned seen; /* enum sim_seen bits */
    bool verbose, failed;
    char reason[400];
    uint64_t *rules; /* how many frames each rule sent, over all runs; or NULL */
};

/* run.c. The arenas are made once and used for one run after another. */
struct arenas {
    struct arena *arena[2];
    uint8_t *pristine[2];
    size_t pristine_bytes[2];
};
bool arenas_create(struct arenas *a);
void arenas_destroy(struct arenas *a);

/* Makes both hosts and the network of r->plan. */
void run_setup(struct run *r, struct arenas *a);
void run_until_quiet(struct run *r); /* nothing more happens by itself */
void run_until_done(struct run *r);  /* all programs are done */
void run_teardown(struct run *r);

/* One seed: true when all was as it must be; else r->reason says what was not. */
bool run_seed(struct run *r, struct arenas *a, uint64_t seed);
void run_fail(struct run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ends.c */
void ends_open(struct run *r); /* open.c */
void ends_step(struct run *r); /* all that are woken or whose time has come, until none is */
int64_t ends_next_us(const struct run *r);
void ends_judge(struct run *r);
const char *result_name(unsigned result);
unsigned result_of(int error); /* one of enum sim_result for a status */
struct sockets *end_sockets(struct run *r, const struct end *e);
void end_wake_at(struct end *e, int64_t t_us);
void end_close(struct run *r, struct end *e, unsigned result, int error);

/* open.c */
void ends_accept(struct run *r);
void ends_get_cookie(struct run *r); /* before the run, where the plan has Fast Open */
void end_option(struct run *r, unsigned host, int handle, enum socket_option o, int64_t value);
void end_set_late(struct run *r, const struct end *e); /* what is set when it is connected */
void end_fiddle(struct run *r, const struct end *e);   /* changes something in the middle, as a program may */

/* stream.c: until EAGAIN, or where its plan has it pause. An error closes the end. */
void end_read(struct run *r, struct end *e);
void end_write(struct run *r, struct end *e);

static inline struct end *end_peer(struct run *r, const struct end *e)
{
    return &r->end[e->index ^ 1];
}

static inline struct ip_addr host_addr(unsigned host)
{
    return ip_addr_v4(0x0a000001 + host);
}

/* text.c */
void text_plan(const struct plan *p);
void text_frame(const struct run *r, unsigned direction, struct bytes frame, const char *fate);
void text_note(const struct run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_connections(const struct run *r);
const char *program_name(enum sim_program program);

/* goodput.c: the table as text; compared with the file at `path`, or written there. 0: as it must be. */
int goodput(struct arenas *a, const char *path, bool update);

/* causes.c */
void causes_setup(struct run *r, unsigned h, struct arena *arena);
void causes_check(struct run *r);

/* regressions.c. 0: all as it must be. */
int regressions_run(struct arenas *a);

#endif
