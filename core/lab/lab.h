/*
 * The laboratory: machines, links between them, one clock. Everything lives in one block of memory. A run is
 * (scenario, seed, actions): the same three give the same bytes on every machine.
 *
 * Order: of all things due at the earliest moment, the actions of the scenario go first, then links by
 * number, then hosts by number, one at a time. What a host sends in its turn is on the link before the next
 * thing happens.
 *
 * The parts: lab (clock and event queue), link (what a cable does to frames), scenario (JSON in), command
 * (what a person does, JSON in and out), capture (frames kept, pcapng out), describe (state as JSON).
 */
#ifndef TCPLAB_LAB_LAB_H
#define TCPLAB_LAB_LAB_H

#include "host/host.h"
#include "lab/capture.h"
#include "lab/link.h"

enum { LAB_NODES_MAX = 64, LAB_LINKS_MAX = 128, LAB_PORTS_MAX = BRIDGE_PORTS_MAX };
_Static_assert(LAB_PORTS_MAX >= (int)IP_INTERFACES_MAX, "as many links at a node as any can have");

struct lab_config {
    uint64_t seed;
    uint32_t trace_events;  /* ring capacity, a power of two; 0: 65,536 */
    uint32_t capture_bytes; /* frames kept; 0: 8 MiB. The oldest go first. */
};

struct lab;

/* A lab in `memory` (zeroed, aligned to 16), without nodes. NULL: too small. */
struct lab *lab_create(void *memory, size_t size, const struct lab_config *config);

/* Adds a machine or a switch: its node number (from 0), or STATUS_ENOBUFS, STATUS_EEXIST (name), STATUS_ENOMEM. node
 * and seed of `config` are set by the lab. */
int lab_add_host(struct lab *l, struct host_config *config);

/* Joins an interface of one node with one of another: the link's number, or STATUS_EINVAL (there is no such interface,
 * they are of different kinds, or switches would form a loop), STATUS_EEXIST (in use), STATUS_ENOBUFS. A switch gets its
 * ports, up to LAB_PORTS_MAX, by the links that end there. */
int lab_add_link(struct lab *l, struct link_end a, struct link_end b, const struct link_config *config);

/* By name or number. NULL or STATUS_ENOENT when there is none. */
struct host *lab_host(struct lab *l, unsigned node);
int lab_find_node(const struct lab *l, struct bytes name);
unsigned lab_node_count(const struct lab *l);
struct link *lab_link(struct lab *l, unsigned link);
unsigned lab_link_count(const struct lab *l);

int64_t lab_now_us(const struct lab *l);

/* When the next thing happens; TIME_NEVER when the lab is at rest. */
int64_t lab_next_us(const struct lab *l);

/* Runs everything due up to and including `t_us`, in order, and sets the clock to `t_us`. Going back is
 * STATUS_EINVAL. Stops early, with the clock at the last thing done, after `events_max` things (0: no
 * bound): returns how many were done. */
int64_t lab_run_until(struct lab *l, int64_t t_us, uint32_t events_max);

/* When what the scenario calls its end ("end_when") happened; TIME_NEVER: not yet. The lab goes on when it is
 * told to. */
int64_t lab_ended_us(const struct lab *l);

/* After calls on a host's sockets from outside: puts what they produced on the links. Commands do it
 * themselves. */
void lab_settle(struct lab *l, unsigned node);

struct trace *lab_trace(struct lab *l);

struct capture *lab_capture(struct lab *l);

/* The way from one switch to another, or to itself, over nothing but switches, both ends among them; how many
 * nodes that is. 0: there is none. */
unsigned lab_switch_way(const struct lab *l, unsigned from, unsigned to, uint8_t way[LAB_NODES_MAX]);

/* The node's interface's link, or STATUS_ENOENT. */
int lab_link_at(const struct lab *l, struct link_end end);
int lab_find_link(const struct lab *l, struct bytes name);
const char *lab_link_name(const struct lab *l, unsigned link);

/* At most LAB_NAME_MAX bytes, else STATUS_EINVAL; STATUS_EEXIST: another link has it. */
enum { LAB_NAME_MAX = 31 };
int lab_name_link(struct lab *l, unsigned link, struct bytes name);

/* A scenario's members in JSON: builds nodes and links, starts programs, notes actions. The lab should be
 * empty. Returns 0, or STATUS_EINVAL with all that is wrong in `errors` (lines with '\n' between them and
 * a NUL at the end), or STATUS_ENOMEM. After an error the lab is of no use. */
int lab_load(struct lab *l, struct bytes json, struct room errors);

/* What a scenario says of itself, before a lab is made: its seed (else 1) and end_us (else TIME_NEVER).
 * False: it is not JSON. `scratch` is memory for reading it. */
struct lab_outline {
    uint64_t seed;
    int64_t end_us;
};
bool lab_outline_read(struct lab_outline *out, struct bytes json, struct room scratch);

/* Does one command, a JSON object; writes the reply, a JSON object, and returns its length, without the
 * NUL behind it. See command.c. The reply needs LAB_REPLY_MIN bytes of room. */
enum {
    LAB_REPLY_MIN = 512,
    LAB_REPLY_STANDARD =
        1 << 20, /* recv gives as much as this can tell: the same everywhere, for the same run */
};
size_t lab_command(struct lab *l, struct bytes json, struct room reply);

/* Whose an ACTION event is, when it is none of the scenario's "actions": a command's, or a program's of the scenario
 * that waited for its start. */
enum lab_by { LAB_BY_PROGRAM = -1, LAB_BY_HAND = 0 };

/* Memory for reading commands and writing replies; without it the lab's own is used for a while. A lab whose
 * image is compared or hashed has its own: then a command that only looks changes not one byte of the image.
 */
void lab_set_scratch(struct lab *l, struct arena *scratch);

/* An event in a few words: "event 51 tcp_segment_sent SYN,ACK at server"; how long that is. */
size_t lab_event_text(const struct lab *l, const struct trace_event *e, char *text, size_t size);

/* What commands do, by the names they have in JSON and in ACTION events. X(NAME, "name") */
#define LAB_ACTION_LIST(X)                                                                                   \
    X(SOCKET, "socket")                                                                                      \
    X(BIND, "bind")                                                                                          \
    X(LISTEN, "listen")                                                                                      \
    X(ACCEPT, "accept")                                                                                      \
    X(CONNECT, "connect")                                                                                    \
    X(SEND, "send")                                                                                          \
    X(SENDTO, "sendto")                                                                                      \
    X(RECV, "recv")                                                                                          \
    X(RECVFROM, "recvfrom")                                                                                  \
    X(SHUTDOWN, "shutdown")                                                                                  \
    X(CLOSE, "close")                                                                                        \
    X(ABORT, "abort")                                                                                        \
    X(SETSOCKOPT, "setsockopt")                                                                              \
    X(START, "start")                                                                                        \
    X(STOP, "stop")                                                                                          \
    X(PING, "ping")                                                                                          \
    X(LINK, "link")                                                                                          \
    X(DROP, "drop")                                                                                          \
    X(DELAY, "delay")                                                                                        \
    X(DUPLICATE, "duplicate")                                                                                \
    X(CORRUPT, "corrupt")                                                                                    \
    X(DROP_NEXT, "drop_next")                                                                                \
    X(ADD_HOST, "add_host")                                                                                  \
    X(ADD_LINK, "add_link")                                                                                  \
    X(DESCRIBE, "describe") /* only looks, so there is no event of it */                                     \
    X(EXACTLY, "exactly")                                                                                    \
    X(FORGE, "forge")                                                                                        \
    X(INJECT, "inject")                                                                                      \
    X(FAULTS, "faults")

enum lab_action_kind {
#define X(NAME, text) LAB_ACTION_##NAME,
    LAB_ACTION_LIST(X)
#undef X
        LAB_ACTION_COUNT
};

const char *lab_action_name(enum lab_action_kind action);

/* The bytes that a command means by "blob": true. Borrowed for one command. */
void lab_set_blob(struct lab *l, struct bytes blob);

/* Actions of the scenario that failed when their time came, and what the last one said. */
unsigned lab_action_failures(const struct lab *l);
const char *lab_action_failure(const struct lab *l);

/* A frame by its id, as it was sent, also while it is on a link. */
struct lab_frame {
    struct bytes bytes; /* borrowed until the lab runs on */
    int64_t t_us;
    uint32_t event, cause;
    uint16_t rule;
    uint8_t link, direction, node, iface; /* node and iface: the sender's */
};
bool lab_frame(struct lab *l, uint32_t id, struct lab_frame *out);

/*
 * The capture as a pcapng file, piece by piece: each call writes as many whole blocks as fit and returns how
 * many bytes that is; 0: that was all. `out` must have room for LAB_PCAPNG_ROOM_MIN bytes. Begin with {.view
 * = ...}, else zero.
 *
 * LAB_PCAPNG_SENT has each frame once, where it was sent: what a tap on all cables sees before anything goes
 * wrong. LAB_PCAPNG_END is what a capture on one machine would have: what one end of a link (end: 2 * link +
 * 0 or 1) sent and received. LAB_PCAPNG_ALL has all ends: each frame twice.
 */
enum lab_pcapng_view { LAB_PCAPNG_SENT, LAB_PCAPNG_ALL, LAB_PCAPNG_END };
enum { LAB_PCAPNG_ROOM_MIN = 1 << 17 };
struct lab_pcapng {
    enum lab_pcapng_view view;
    unsigned end;
    bool begun;
    uint64_t position;
};
size_t lab_pcapng(struct lab *l, struct lab_pcapng *cursor, struct room out);

/* The memory in use, from its start: copying it away is a snapshot. Where memory is watched
 * (AddressSanitizer), lab_save() must do the copying. */
struct bytes lab_image(const struct lab *l);
size_t lab_save(const struct lab *l, struct room to);

/* Puts an image back that came from this same lab (same address). STATUS_EINVAL when it is not one. */
int lab_restore(struct lab *l, struct bytes image);

#endif
