/*
 * Two hosts on one perfect cable, in virtual time: the smallest network there is, for tests above the link
 * layer.
 *
 *   host 0, 10.0.0.1  <---- delay_us each way, in order, without limit of rate ---->  host 1, 10.0.0.2
 *
 * A hook sees each frame before it is on its way and may drop, double, delay or spoil it; all frames are kept
 * for looking at afterwards. Nothing happens but in pair_run_...(): calls to sockets in between are acted on
 * by the next one.
 */
#ifndef TCPLAB_TESTS_UNIT_SUPPORT_PAIR_H
#define TCPLAB_TESTS_UNIT_SUPPORT_PAIR_H

#include "host/host.h"
#include "trace/trace.h"
#include "wire/tcp.h"

struct pair_frame {
    unsigned from;   /* the host that sent it: 0 or 1 */
    unsigned number; /* how many frames that host had sent before */
    int64_t sent_us;
    int64_t arrival_us; /* the hook may change it, to no earlier than sent_us */
    unsigned copies;    /* that arrive: 1; the hook may set 0 (dropped), 2 ... */
    uint32_t id, cause; /* in the trace */
    size_t len;
    uint8_t bytes[]; /* the hook may change them */
};

typedef void pair_hook_fn(void *context, struct pair_frame *f);

struct pair_config {
    int64_t delay_us;
    uint64_t seed;
    size_t arena_bytes;
    uint32_t trace_events;     /* a power of two; 0: no trace */
    struct netif_config netif; /* addresses are set by the pair */
    struct host_config host[2];
};

/* A copy of a frame on its way. */
struct pair_flight {
    struct pair_flight *next;
    int64_t arrival_us;
    const struct pair_frame *frame;
};

struct pair {
    struct host *host[2];
    struct trace *trace;
    struct arena *arena;
    int64_t now_us;
    int64_t delay_us;
    pair_hook_fn *hook;
    void *hook_context;
    struct pair_frame **frames; /* all that were sent, in order */
    size_t frame_count;
    unsigned sent_count[2];
    struct pair_flight *flights; /* earliest first */
    void *memory;
};

/* 10 ms each way, seed 1, 16 MiB, a trace of 2^16 events, Ethernet without FCS, MTU 1500, hosts as
 * host_config_default(). */
void pair_config_default(struct pair_config *c);

/* Fails the test when it cannot. `config` NULL: the default. */
struct pair *pair_create(const struct pair_config *config);
void pair_destroy(struct pair *p);

struct ip_addr pair_addr(unsigned host);
struct ip_endpoint pair_endpoint(unsigned host, uint16_t port);

/* The sockets of a host, its clock set to now. */
struct sockets *pair_sockets(struct pair *p, unsigned host);

/* Starts a program now; fails the test when that does not work. */
struct app *pair_start(struct pair *p, unsigned host, const struct app_class *class,
                       const struct app_config *config);

/* Runs everything up to and including time `t_us`; then it is that time. */
void pair_run_until(struct pair *p, int64_t t_us);
void pair_run_for(struct pair *p, int64_t duration_us);

/* Runs until done(context), asked after each event, says so: true; or `limit_us` is reached: false. */
bool pair_run_until_true(struct pair *p, bool (*done)(void *context), void *context, int64_t limit_us);

/* Runs until a program is done, or the limit is reached. */
bool pair_run_until_done(struct pair *p, const struct app *a, int64_t limit_us);

/* Runs until nothing is on its way and no deadline is left before `limit_us`: the time of the last event. */
int64_t pair_run_until_quiet(struct pair *p, int64_t limit_us);

/* Lets both hosts learn each other's link address, so that a test's first packets do not wait for it.
 * Takes 4 delays. */
void pair_learn(struct pair *p);

/* An established connection from host 0 to a listener on host 1: its two handles. The listener is closed. */
void pair_connect(struct pair *p, uint16_t port, int *client, int *server);

/* The TCP segment in a frame. False: it is none. */
bool pair_frame_tcp(const struct pair_frame *f, struct tcp_repr *tcp, struct bytes *payload);

/* The newest trace event of this kind on this node, or NULL; `before`: only those with a smaller id (0:
 * all). */
const struct trace_event *pair_event(const struct pair *p, unsigned node, enum trace_kind kind,
                                     uint32_t before);

/* How many events of a kind a node has in the trace. */
unsigned pair_event_count(const struct pair *p, unsigned node, enum trace_kind kind);

/* Is there an event of that kind among the causes of `e`? Returns the nearest. */
const struct trace_event *pair_cause(const struct pair *p, const struct trace_event *e, enum trace_kind kind);

#endif
