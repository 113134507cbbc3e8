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
    uint8_t link_at[LAB_NODES_MAX][IP_INTERFACES_MAX]; /* 1 + the link; 0: none */
    struct lab_action *actions;
    unsigned action_failures;
    char action_failure[LAB_FAILURE_TEXT_MAX];
    struct bytes blob;
};

/* Notes an action for later. STATUS_ENOMEM. */
int lab_schedule(struct lab *l, int64_t at_us, struct bytes json);

/* Something was done to a link from outside: when is it due now? */
void lab_link_changed(struct lab *l, unsigned link);

#endif
