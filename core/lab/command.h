/*
 * What a command's function is given, and the functions of all commands. A function reads its members, calls
 * command_begin(), and acts only when that says so: the same function checks a command that is to be done
 * later.
 */
#ifndef TCPLAB_LAB_COMMAND_H
#define TCPLAB_LAB_COMMAND_H

#include "lab/scenario.h"

struct command {
    struct scenario s;
    const struct json_at *at;
    cJSON *reply;
    enum lab_action_kind action;
    int32_t planned; /* for the event */
    bool checking;   /* read it, do nothing */
    int node;        /* negative: none, or not there */
    struct host *host;
    struct sockets *sockets; /* of host, ready to be called; set by command_begin() */
    int socket;
    int link;
    uint32_t frame;
    uint32_t detail; /* for the event */
    uint32_t event;  /* the ACTION event; 0: not begun */
    uint32_t cause_before;
    size_t reply_bytes_max; /* how much data a reply can hold, in base64 */
};

/* Everything was read: shall it be done now? Then the action's event is there and is the cause of what
 * follows. */
bool command_begin(struct command *c);

/* A program that still sends on a socket of this host, or NULL. */
struct app *command_sender(const struct command *c);

/* Each returns 0 or more, or the status of what it called. */
typedef int64_t command_fn(struct command *c);
command_fn command_socket, command_bind, command_listen, command_accept, command_connect, command_send,
    command_sendto, command_recv, command_recvfrom, command_shutdown, command_close, command_abort,
    command_setsockopt;
command_fn command_start, command_stop, command_ping, command_link, command_drop, command_delay,
    command_duplicate, command_corrupt, command_drop_next, command_add_host, command_add_link,
    command_describe, command_exactly, command_forge, command_inject, command_faults;

/* describe.c: state as JSON; with `detail` everything there is. */
cJSON *describe_lab(struct lab *l, bool detail);
cJSON *describe_node(struct lab *l, unsigned node, bool detail);
cJSON *describe_link(struct lab *l, unsigned number, bool detail);

/* describe_detail.c: what people wish for a link's frames; and what "detail" asks for. */
void describe_wishes(cJSON *to, const struct link *l);
void describe_lab_detail(cJSON *to, const struct lab *l);
void describe_node_detail(cJSON *to, struct host *h);
void describe_link_detail(cJSON *to, const struct link *l);

#endif
