/*
 * Reading a scenario's parts. Commands use the same parts: {"do":"add_host"} takes what stands in "nodes".
 */
#ifndef TCPLAB_LAB_SCENARIO_H
#define TCPLAB_LAB_SCENARIO_H

#include "lab/json.h"
#include "lab/lab_state.h"

struct scenario {
    struct lab *lab;
    struct json_scratch *scratch;
    struct json_errors *errors;
    const cJSON *nodes;   /* of the document; NULL outside of one */
    const cJSON *actions; /* the same: they may add nodes and links later */
};

enum { SCENARIO_NAME_MAX = HOST_NAME_MAX_BYTES, SCENARIO_SEND_MAX = 64 << 20 };

extern const struct json_field scenario_link_fields[];  /* of struct link_config, faults apart */
extern const struct json_field scenario_fault_fields[]; /* of struct link_faults */
extern const struct json_field scenario_tcp_fields[];   /* of struct tcp_config, "congestion" apart */

/* Reads a node and builds it, unless something is wrong by then. `also` are names of members that are
 * allowed besides. Returns the node's number or a status; a fault is noted. */
int scenario_add_node(struct scenario *s, const struct json_at *at, const char *const *also);

/* Routes and programs of a node that exists. */
void scenario_add_routes(struct scenario *s, const struct json_at *node_at, unsigned node);
void scenario_add_apps(struct scenario *s, const struct json_at *node_at, int node);

/* Reads one program; its class is noted as a fault when there is none. */
bool scenario_read_app(struct scenario *s, const struct json_at *at, const struct app_class **class,
                       struct app_config *config);

/* Reads a link and makes it, unless something is wrong by then. */
int scenario_add_link(struct scenario *s, const struct json_at *at, const char *const *also);

/* Changes those settings that are given. */
bool scenario_read_link_config(struct scenario *s, const struct json_at *at, struct link_config *config);
const char *const *scenario_link_names(struct scenario *s); /* members that the one above reads */

/* "10.0.0.2:80", "[2001:db8::1]:80", or "server:80" with the name of a node. Leaves *out alone when the
 * member is not there. */
bool scenario_read_endpoint(struct scenario *s, const struct json_at *at, const char *name,
                            struct ip_endpoint *out);
bool scenario_read_address(struct scenario *s, const struct json_at *at, const char *name,
                           struct ip_addr *out);

/* The bytes to send: "text", "base64" or "blob". False: wrong. *given tells whether there were any. */
bool scenario_read_data(struct scenario *s, const struct json_at *at, struct bytes *out, bool *given);

/* The node of that name. A name that nothing has is noted. STATUS_ENOENT: none, or not built because of
 * earlier faults. */
int scenario_find_node(struct scenario *s, const struct json_at *at, struct bytes name);

/* command.c: notes what is wrong with a command, without doing it. */
void command_check(struct scenario *s, const struct json_at *at);

/* Will an action of the document do this ("add_link") later? With a name: to something of that name. */
bool scenario_will(const struct scenario *s, const char *what, const struct bytes *name);

#endif
