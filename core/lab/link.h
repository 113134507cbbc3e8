/*
 * What a cable does to frames: time to send (rate), time to travel (delay, jitter), a queue that overflows,
 * and faults, each drawn from the link's own random stream. Each direction has settings and a stream of its own.
 *
 *   a sends -> [queue, queue_frames at most] -> sending (length / rate) -> travelling (delay + jitter) -> b
 *
 * A frame takes its length on the wire (header to FCS, 8 bits each) divided by the rate to send; preamble and
 * gap between frames are left out on purpose, so that numbers can be checked by hand. A frame that a fault
 * loses disappears half-way. Every frame draws the same count of random numbers, whatever the settings, so
 * that changing one chance leaves all other faults where they were.
 */
#ifndef TCPLAB_LAB_LINK_H
#define TCPLAB_LAB_LINK_H

#include "base/machine.h"
#include "lab/capture.h"
#include "link/frame.h"
#include "trace/trace.h"

struct link_end {
    uint8_t node;
    uint8_t iface;
};

/* What happens to frames that go one way. Chances are in parts per million. */
struct link_way {
    uint32_t delay_us;
    uint32_t
        jitter_us; /* added evenly from [0, jitter]; frames do not overtake for it unless reorder_by_jitter */
    bool reorder_by_jitter;
    bool up;
    uint64_t rate_bit_per_s; /* 0: infinitely fast */
    uint32_t queue_frames;   /* waiting for the sender, besides the one being sent; 0: 1,000 */
    uint32_t
        ecn_mark_frames; /* what is ECN-capable and finds so many waiting is marked (RFC 3168); 0: never */
    uint32_t loss_ppm;
    uint32_t loss_burst_frames; /* losses come in bursts of this mean length; 0 and 1: each for itself */
    uint32_t duplicate_ppm;
    uint32_t reorder_ppm; /* such a frame gets reorder_us more delay, so that later ones pass it */
    uint32_t reorder_us;
    uint32_t corrupt_ppm;        /* a random bit flips on the wire: the FCS catches it */
    uint32_t corrupt_inside_ppm; /* a random bit of the IP packet flips in a device, which then makes the FCS
                                    anew */
};

struct link_config {
    uint32_t mtu_bytes;     /* 0: what the interfaces say; larger IP packets are lost here */
    struct link_way way[2]; /* [0]: a to b, [1]: b to a */
};

/* Why a link lost a frame. X(NAME, phrase) */
#define LOSS_REASON_LIST(X)                                                                                  \
    X(RANDOM, "the link loses some frames at random")                                                        \
    X(QUEUE, "the queue in front of the link was full")                                                      \
    X(DOWN, "the link was unplugged")                                                                        \
    X(TOO_BIG, "the frame was larger than the link carries")                                                 \
    X(PERSON, "somebody dropped it")                                                                         \
    X(EXACT, "the scenario loses exactly this frame")

enum loss_reason {
#define X(NAME, phrase) LOSS_##NAME,
    LOSS_REASON_LIST(X)
#undef X
        LOSS_REASON_COUNT
};

const char *loss_reason_name(enum loss_reason reason); /* "QUEUE" */
const char *loss_reason_phrase(enum loss_reason reason);

enum { LINK_QUEUE_DEFAULT = 1000, LINK_MATCHERS_MAX = 8, LINK_EXACT_MAX = 16, LINK_PPM = 1000000 };

/* What frames carry, for wishes about them. X(NAME, "name in commands") */
#define LINK_MATCH_LIST(X)                                                                                   \
    X(ANY, "any")                                                                                            \
    X(SYN, "syn")   /* TCP with SYN, SYN+ACK too */                                                          \
    X(ACK, "ack")   /* TCP that only acknowledges: no data, SYN, FIN or RST */                               \
    X(DATA, "data") /* TCP or UDP with payload */                                                            \
    X(FIN, "fin")                                                                                            \
    X(RST, "rst")                                                                                            \
    X(TCP, "tcp")                                                                                            \
    X(UDP, "udp")                                                                                            \
    X(ICMP, "icmp")                                                                                          \
    X(ARP, "arp")                                                                                            \
    X(SYN_ACK, "syn_ack") /* only these of those with SYN */

enum link_match {
#define X(NAME, text) LINK_MATCH_##NAME,
    LINK_MATCH_LIST(X)
#undef X
        LINK_MATCH_COUNT
};

/* Drops the next `count` frames that match, in one direction. */
struct link_matcher {
    enum link_match match;
    uint32_t count; /* 0: free */
    uint32_t cause; /* the action that asked for it */
};

/* A bit of a frame that is to flip. */
struct link_flip {
    uint32_t offset_bytes;
    uint8_t bit; /* 0: the least significant */
    bool inside; /* a device did it and then made the FCS anew */
};

/* What an exact wish does. X(NAME, "name in scenarios") */
#define LINK_EXACT_LIST(X)                                                                                   \
    X(DROP, "drop")                                                                                          \
    X(DELAY, "delay")                                                                                        \
    X(DUPLICATE, "duplicate")                                                                                \
    X(CORRUPT, "corrupt")

enum link_exact_kind {
#define X(NAME, text) LINK_EXACT_##NAME,
    LINK_EXACT_LIST(X)
#undef X
        LINK_EXACT_KIND_COUNT
};

/*
 * Something that happens to exactly those frames that are meant: of those that match, counted from 1 in the
 * order of sending, first to last, and of these each every-th. "The 2nd data segment": first = last = 2.
 */
struct link_exact {
    enum link_exact_kind kind;
    enum link_match match;
    uint8_t direction; /* 2: both, counted together */
    uint32_t first, last;
    uint32_t every;
    uint32_t seen;         /* how many have matched */
    uint32_t by_us;        /* DELAY */
    struct link_flip flip; /* CORRUPT */
    uint32_t cause;        /* the action that asked for it; 0: the scenario */
};

/* A frame on a link: in the queue, or on its way. */
struct link_frame {
    struct link_frame *next;
    uint32_t id;
    uint32_t event; /* the latest event of its life here: the cause of the next one */
    uint32_t cause; /* why it was sent at all */
    uint32_t len;
    uint16_t rule;       /* enum trace_rule of what is inside */
    bool lost;           /* it will never arrive: `at_us` is when it disappears */
    uint8_t reason;      /* enum loss_reason, when lost */
    uint32_t loss_cause; /* the event that doomed it; 0: its own */
    uint32_t extra_us;   /* a person's delay, added when it is sent */
    int64_t sent_us;     /* when its last bit left; TIME_NEVER while it waits */
    int64_t arrival_us;  /* when its last bit arrives, or would have */
    int64_t at_us;       /* when something happens to it */
    uint8_t bytes[];
};

struct link_direction {
    struct rng rng;
    struct link_frame *queue_head, *queue_tail; /* waiting to be sent */
    struct link_frame *way_head;                /* travelling, by at_us, then in the order of sending */
    uint32_t queue_count;
    uint64_t free_ns; /* when the sender is free again, in nanoseconds, so that rounding does not add up */
    int64_t last_arrival_us;
    struct link_matcher matcher[LINK_MATCHERS_MAX];
    bool bursting; /* the last frame was lost in a burst */
};

/* How the two interfaces see it: the same for both. */
struct link_framing {
    bool ethernet;      /* false: raw IP packets */
    bool fcs;           /* frames end in an FCS */
    uint32_t mtu_bytes; /* the smaller of both interfaces */
};

struct link_counters {
    uint64_t frames, delivered, lost[LOSS_REASON_COUNT], duplicated, delayed, corrupted, marked;
};

struct link {
    struct arena *arena;
    struct trace *trace;
    struct capture *capture; /* NULL: frames are not kept */
    uint8_t number;
    struct link_end end[2];
    struct link_config config;
    struct link_framing framing;
    struct link_direction direction[2];
    struct link_counters counters[2];
    unsigned exact_count;
    struct link_exact exact[LINK_EXACT_MAX];
};

/* A link in the arena; `seed` and `number` pick its random streams. NULL: out of memory. The config must
 * be valid: link_config_check(). */
struct link *link_create(struct arena *a, struct trace *trace, struct capture *capture, uint8_t number,
                         uint64_t seed, const struct link_config *config);
void link_config_default(struct link_config *c);

/* STATUS_EINVAL for chances over a million or a queue, rate or MTU that cannot be. */
int link_config_check(const struct link_config *c);

/* What is to be sent, with its name, cause and rule in the trace. */
struct link_packet {
    struct bytes bytes;
    uint32_t id, cause;
    uint16_t rule;
};

/* A frame leaves an end: it is queued or sent, or lost at once. STATUS_ENOMEM. */
int link_send(struct link *l, unsigned direction, const struct link_packet *p, int64_t now_us);

/* When something happens next; TIME_NEVER when nothing is on the link. */
int64_t link_deadline(const struct link *l);

/* Does the next thing that is due: begins to send a frame, loses one, or returns one that arrived with its
 * direction; the caller gives it back with link_frame_free(). Arrivals come before sending, direction 0
 * before 1. *done: whether there was anything. */
struct link_frame *link_run(struct link *l, int64_t now_us, unsigned *direction, bool *done);
void link_frame_free(struct link *l, struct link_frame *f);

/* New settings, from now on. Where it goes down, what is on it is lost. Emits LINK_CHANGED. */
void link_configure(struct link *l, const struct link_config *config, int64_t now_us);

/* What a person does to one frame on the link: STATUS_ENOENT when it is not (or no longer) there. */
int link_drop(struct link *l, uint32_t id, int64_t now_us);
int link_delay(struct link *l, uint32_t id, uint32_t by_us, int64_t now_us);
int link_duplicate(struct link *l, uint32_t id, int64_t now_us); /* the copy's id; STATUS_ENOMEM */
int link_corrupt(struct link *l, uint32_t id, struct link_flip flip,
                 int64_t now_us); /* STATUS_ERANGE: past its end */

/* Drops the next `count` matching frames of one direction. STATUS_ENOBUFS: too many such wishes. */
int link_drop_next(struct link *l, unsigned direction, enum link_match match, uint32_t count);

/* One more exact wish, its frames counted from now. STATUS_ENOBUFS: there are LINK_EXACT_MAX. */
int link_exact_add(struct link *l, const struct link_exact *wish);
void link_exact_clear(struct link *l);

/* The frame with that id, with its direction, or NULL. */
struct link_frame *link_find(struct link *l, uint32_t id, unsigned *direction);

/* ---- Between the files of the link ---- */

/* What happens to a frame that is sent now. */
struct link_fate {
    bool lost, duplicate, corrupt, corrupt_inside;
    uint8_t reason;      /* enum loss_reason, when lost */
    uint32_t loss_cause; /* the action that asked for it; 0: chance */
    uint32_t reorder_us, jitter_us;
    uint32_t corrupt_at, corrupt_inside_at; /* any 32 bits: reduced to a place in the frame */
    uint32_t exact_delay_us;
    const struct link_exact *exact_corrupt; /* NULL: none */
};
struct link_fate link_fate_draw(struct link *l, unsigned direction, const struct link_frame *f);
void link_exact_apply(struct link *l, unsigned direction, const struct link_frame *f, struct link_fate *fate);
struct bytes link_ip_packet(const struct link *l, struct bytes frame);
void link_mark(struct link *l, unsigned direction, struct link_frame *f, int64_t now_us); /* CE, if it may */
bool link_match_bytes(const struct link *l, enum link_match match, struct bytes frame);
void link_flip_bit(struct link *l, unsigned direction, struct link_frame *f, struct link_flip flip,
                   uint32_t cause, int64_t now_us);
void link_flip_random(struct link *l, unsigned direction, struct link_frame *f, const struct link_fate *fate,
                      int64_t now_us);

void link_travel(struct link_direction *d, struct link_frame *f);
void link_lose(struct link *l, unsigned direction, struct link_frame *f, enum loss_reason reason,
               uint32_t cause, int64_t now_us);
struct link_frame *link_copy(struct link *l, unsigned direction, const struct link_frame *f, uint32_t cause,
                             int64_t now_us);
void link_emit_delayed(struct link *l, unsigned direction, const struct link_frame *f, uint32_t extra_us,
                       uint32_t cause, int64_t now_us);

/* Emits an event about a frame of a direction: node and interface are the sender's, or the receiver's when
 * it is delivered. Returns its id. */
uint32_t link_emit(struct link *l, unsigned direction, const struct link_frame *f, struct trace_event *e,
                   int64_t now_us);

#endif
