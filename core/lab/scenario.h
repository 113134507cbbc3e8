/*
 * Reading a scenario's parts. Commands use the same parts: {"do":"add_host"} takes what stands in "nodes".
 */
#ifndef TCPLAB_LAB_SCENARIO_H
#define TCPLAB_LAB_SCENARIO_H

#include "lab/lab_state.h"
#include "lab/scenario_field.h"

struct scenario {
    struct lab *lab;
    struct json_scratch *scratch;
    struct json_errors *errors;
    const cJSON *nodes;   /* of the document; NULL outside of one */
    const cJSON *actions; /* the same: they may add nodes and links later */
};

enum {
    SCENARIO_NAME_MAX = HOST_NAME_MAX_BYTES,
    SCENARIO_ACTIONS_MAX = 10000,
    SCENARIO_ROUTES_MAX = ROUTES_MAX,
};

/* A document's own members, besides its lists. */
struct scenario_head {
    uint64_t seed;
    int64_t end_us;
};

/* The elements of an array member, at most as many as the table says. NULL: none, or not an array, which is
 * noted. */
const cJSON *scenario_list(const struct json_at *at, enum scenario_object object, const char *name);

/* Reads a node and builds it, unless something is wrong by then. Names are checked against `as`: a node, or
 * the action that adds one. Returns the node's number or a status; a fault is noted. */
int scenario_add_node(struct scenario *s, const struct json_at *at, enum scenario_object as);

/* Routes and programs of a node that exists. */
void scenario_add_routes(struct scenario *s, const struct json_at *node_at, unsigned node);
void scenario_add_apps(struct scenario *s, const struct json_at *node_at, int node);

/* Reads "faults", a list of names; those that are not there stay as they are. */
void scenario_read_faults(const struct json_at *at, struct host_faults *out);

/* Reads one program; its class is noted as a fault when there is none. */
bool scenario_read_app(struct scenario *s, const struct json_at *at, const struct app_class **class,
                       struct app_config *config);

/* Reads a link and makes it, unless something is wrong by then. */
int scenario_add_link(struct scenario *s, const struct json_at *at, enum scenario_object as);

/* Changes those settings that are given. */
bool scenario_read_link_config(struct scenario *s, const struct json_at *at, struct link_config *config);

/* One exact wish for a link that joins `end` (NULL: not known, it is only checked). False: wrong, or none. */
bool scenario_read_exact(struct scenario *s, const struct json_at *at, const struct link_end *end,
                         struct link_exact *out);

/* Reads "exactly" of the settings of a link that joins `end` (or NULL), and gives these wishes to `link` in
 * place of others; NULL: only checks. */
void scenario_read_exactly(struct scenario *s, const struct json_at *at, const struct link_end *end,
                           struct link *link);

/* A condition. The node names in it must exist. */
bool scenario_read_when(struct scenario *s, const struct json_at *at, int64_t from_us, struct lab_when *out);

/* Notes an action for when its "when" happens, or for at_us when it has none; `planned` tells which of the
 * document's it is, from 1, or LAB_BY_PROGRAM. */
void scenario_schedule(struct scenario *s, const struct json_at *at, int64_t at_us, int32_t planned,
                       const cJSON *command);

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
