/*
 * The lab's own state, for the files of lab/ only.
 */
#ifndef TCPLAB_LAB_STATE_H
#define TCPLAB_LAB_STATE_H

#include "lab/lab.h"

#define LAB_MAGIC 0x7463706c61623031ull

/* An action of the scenario that waits for its time. Its text stays as it was written. */
struct lab_action {
    struct lab_action *next; /* by time, then as in the scenario */
    int64_t at_us;
    uint32_t cause;  /* the event that it waited for; 0: none */
    int32_t planned; /* which of the scenario's it is, from 1, or LAB_BY_PROGRAM */
    uint32_t len;
    char json[];
};

/* What an action, or the end of the run, waits for. */
enum lab_when_kind { LAB_WHEN_STATE, LAB_WHEN_EVENT, LAB_WHEN_FRAME };

struct lab_when {
    enum lab_when_kind kind;
    uint8_t state;    /* STATE: enum tcp_state */
    uint8_t match;    /* FRAME: enum link_match */
    uint8_t node;     /* TRACE_NO_NODE: any */
    uint8_t from;     /* FRAME: the node that sent it onto its link, or TRACE_NO_NODE */
    uint16_t event;   /* EVENT: enum trace_kind */
    uint16_t port;    /* STATE: 0: any */
    uint32_t nth;     /* how many times it still has to happen */
    int64_t from_us;  /* what happened before does not count */
    int64_t after_us; /* how long after it */
};

struct lab_wait {
    struct lab_wait *next; /* as in the scenario */
    struct lab_when when;
    bool ends;       /* it is the end of the run that waits */
    int32_t planned; /* as an action's */
    uint32_t len;
    char json[];
};

enum { LAB_FAILURE_TEXT_MAX = 256 };

struct lab {
    uint64_t magic;
    struct arena *arena;
    struct trace *trace;
    struct capture *capture;
    uint64_t seed;
    int64_t now_us;
    unsigned node_count, link_count;
    unsigned interface_count; /* ever, for default addresses */
    struct host *host[LAB_NODES_MAX];
    int64_t host_due_us[LAB_NODES_MAX]; /* host_deadline() as of its last turn */
    struct link *link[LAB_LINKS_MAX];
    int64_t link_due_us[LAB_LINKS_MAX];
    char link_name[LAB_LINKS_MAX][LAB_NAME_MAX + 1];
    uint8_t link_at[LAB_NODES_MAX][LAB_PORTS_MAX]; /* 1 + the link; 0: none */
    struct lab_action *actions;
    struct lab_wait *waits;
    uint32_t waits_seen; /* the last event that was held against them */
    int64_t ended_us;    /* TIME_NEVER until the end that the scenario waits for */
    unsigned action_failures;
    char action_failure[LAB_FAILURE_TEXT_MAX];
    struct bytes blob;
    struct arena *scratch; /* for commands; NULL: the lab's own */
};

/* Notes an action for later. STATUS_ENOMEM. */
int lab_schedule(struct lab *l, int64_t at_us, uint32_t cause, int32_t planned, struct bytes json);

/* Notes an action for when something has happened; without text, the end of the run. STATUS_ENOMEM. */
int lab_wait_for(struct lab *l, const struct lab_when *when, int32_t planned, struct bytes json);

/* lab_command() for an action of the scenario too: `planned` as its event tells it. Nobody hears what such an action
 * replies, so the reply says only whether it was done. */
size_t lab_act(struct lab *l, int32_t planned, struct bytes json, struct room reply);

/* Looks at what has happened since the last time, and schedules what waited for it. */
void lab_look_at_waits(struct lab *l);

/* Something was done to a link from outside: when is it due now? */
void lab_link_changed(struct lab *l, unsigned link);

/* switches.c: is it one; makes its port for a link to `other` (a machine's interface says whether there is an FCS);
 * tells the switches at a link whether it is plugged in. */
bool lab_is_switch(const struct lab *l, unsigned node);
int lab_prepare_port(struct lab *l, struct link_end end, struct link_end other);
void lab_carrier(struct lab *l, unsigned link);

/* Why a captured frame was sent, as a capture file says it; how long that is. */
size_t lab_pcapng_comment(const struct lab *l, const struct captured *c, char *text, size_t size);

#endif
