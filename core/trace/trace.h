/*
 * The trace: a ring of fixed-size records of everything that happened, each with the id of what caused it.
 * The page draws nothing that is not in here. It lives in the arena like everything else, so going back in
 * time also takes back the trace.
 *
 * Causes: whoever starts something (a call, a frame's arrival, a timer) emits its event and makes it the
 * current cause with trace_enter(); all that is emitted until trace_leave() has it as its cause. So a
 * segment's chain leads back to its root.
 *
 * Compile with -DTCPLAB_TRACE=0 to leave it all out, or with -DTCPLAB_UNTRACED=0 where every host has one: that leaves
 * out the shortcuts that are taken where none is.
 */
#ifndef TCPLAB_TRACE_TRACE_H
#define TCPLAB_TRACE_TRACE_H

#include "base/machine.h"

#ifndef TCPLAB_TRACE
#define TCPLAB_TRACE 1
#endif
#ifndef TCPLAB_UNTRACED
#define TCPLAB_UNTRACED 1
#endif

/* 1: tests hold shortcuts against the long way, and check invariants after every entry. */
#ifndef TCPLAB_CHECK
#define TCPLAB_CHECK 0
#endif

typedef uint8_t trace_u8;
typedef uint16_t trace_u16;
typedef uint32_t trace_u32;
typedef int32_t trace_i32;
typedef uint64_t trace_u64;
typedef int64_t trace_i64;

enum trace_layer {
    TRACE_LAYER_LAB,
    TRACE_LAYER_LINK,
    TRACE_LAYER_INTERNET,
    TRACE_LAYER_TRANSPORT,
    TRACE_LAYER_SOCKET,
    TRACE_LAYER_APPLICATION,
    TRACE_LAYER_ANY
};

enum trace_kind {
    TRACE_NOTHING,
#define EVENT(KIND, name, layer, fields) TRACE_##KIND,
#include "trace/events.def"
#undef EVENT
    TRACE_KIND_COUNT
};

enum trace_rule {
#define RULE(NAME, document, section, text) RULE_##NAME,
#include "trace/rules.def"
#undef RULE
    RULE_COUNT
};

/* Protocols, as events name them. */
enum trace_protocol { TRACE_ETHERNET, TRACE_ARP, TRACE_IPV4, TRACE_IPV6, TRACE_ICMP, TRACE_UDP, TRACE_TCP };

/* Why a host dropped what it received or was to send. X(NAME, phrase) */
#define DROP_REASON_LIST(X)                                                                                  \
    X(MALFORMED, "the bytes are not a message of this protocol")                                             \
    X(TRUNCATED, "it ends before its length says")                                                           \
    X(BAD_FCS, "the frame check sequence is wrong")                                                          \
    X(BAD_CHECKSUM, "the checksum is wrong")                                                                 \
    X(NOT_FOR_US, "it is addressed to somebody else")                                                        \
    X(UNKNOWN_PROTOCOL, "nobody here handles that protocol")                                                 \
    X(NO_ROUTE, "there is no route to the destination")                                                      \
    X(UNRESOLVED, "the next hop did not answer")                                                             \
    X(TTL_EXPIRED, "its time to live ran out")                                                               \
    X(TOO_BIG, "it is larger than the link carries")                                                         \
    X(FRAGMENT, "it is a fragment, and fragments are not reassembled here")                                  \
    X(BAD_ADDRESS, "its source or destination address is impossible")                                        \
    X(NO_PORT, "nobody listens on that port")                                                                \
    X(QUEUE_FULL, "a queue was full")                                                                        \
    X(NO_MEMORY, "memory ran out")                                                                           \
    X(INTERFACE_DOWN, "the interface is down")

enum drop_reason {
#define X(NAME, phrase) DROP_##NAME,
    DROP_REASON_LIST(X)
#undef X
        DROP_REASON_COUNT
};

/* The fields of each kind. */
#define F(type, name) trace_##type name;
#define EVENT(KIND, name, layer, fields)                                                                     \
    struct trace_##name {                                                                                    \
        fields                                                                                               \
    };
#include "trace/events.def"
#undef EVENT
#undef F

enum { TRACE_NO_FRAME = 0, TRACE_NO_SOCKET = 0, TRACE_NO_NODE = 255, TRACE_FIELDS_MAX = 32 };

struct trace_event {
    uint32_t id;    /* from 1, one more each */
    uint32_t cause; /* id of the event that led to this one; 0: none */
    int64_t t_us;
    uint16_t kind; /* enum trace_kind */
    uint16_t rule; /* enum trace_rule: what required it; RULE_NONE for most */
    uint8_t node;  /* TRACE_NO_NODE: the lab's own */
    uint8_t iface;
    uint8_t unused[2];
    uint32_t frame; /* TRACE_NO_FRAME: none */
    int32_t socket; /* handle on that node (from 1), or TRACE_NO_SOCKET */
    union {
        uint8_t bytes[TRACE_FIELDS_MAX];
#define EVENT(KIND, name, layer, fields) struct trace_##name name;
#include "trace/events.def"
#undef EVENT
    } u;
};

_Static_assert(sizeof(struct trace_event) == 64, "a trace record is one cache line");

struct trace {
    struct trace_event *ring;
    uint32_t capacity;   /* records, a power of two */
    uint32_t last_id;    /* 0: none yet */
    uint32_t cause;      /* the current cause */
    uint32_t last_frame; /* frame ids given out, from 1 */
};

/* A trace of `capacity` records (a power of two) in the arena; NULL when memory runs out. */
struct trace *trace_create(struct arena *a, uint32_t capacity);

/* Records `e` (its kind, rule, node ... and u filled in by the caller; id and cause are set here, the cause
 * only when it is 0). Returns its id; 0 when `t` is NULL. */
uint32_t trace_emit(struct trace *t, const struct trace_event *e);

/* The same for an event of kind `kind`, of a host and of its now, which are filled in here. */
uint32_t trace_emit_of(const struct machine *m, enum trace_kind kind, struct trace_event *e);

/* The record with that id, or NULL when it has been overwritten or never was. Its fields may be completed in
 * place. */
struct trace_event *trace_at(struct trace *t, uint32_t id);

/* A new frame's id; 0 when `t` is NULL. */
uint32_t trace_new_frame(struct trace *t);

/* Makes `cause` the current cause and returns the one before, which trace_leave() puts back. */
static inline uint32_t trace_enter(struct trace *t, uint32_t cause)
{
    uint32_t before = 0;
    if (TCPLAB_TRACE && t) {
        before = t->cause;
        t->cause = cause;
    }
    return before;
}

static inline void trace_leave(struct trace *t, uint32_t before)
{
    if (TCPLAB_TRACE && t)
        t->cause = before;
}

static inline uint32_t trace_cause(const struct trace *t)
{
    return TCPLAB_TRACE && t ? t->cause : 0;
}

/* Does nobody look at the steps in between, so that they may be taken at once? */
static inline bool trace_is_absent(const struct trace *t)
{
    return TCPLAB_UNTRACED && !(TCPLAB_TRACE && t);
}

/*
 * Emits one event of a host and gives its id. Fields are named as in struct trace_event:
 *   TRACE(m, TCP_STATE, .socket = s, .u.tcp_state = {.from = a, .to = b});
 * The record is built only when somebody looks.
 */
#define TRACE(m, KIND, ...)                                                                                  \
    (TCPLAB_TRACE && !trace_is_absent((m)->trace)                                                            \
         ? trace_emit_of((m), TRACE_##KIND, &(struct trace_event){__VA_ARGS__})                              \
         : 0u)

/* Names and phrases, for people and for JSON. Never NULL. */
const char *trace_kind_name(enum trace_kind kind);     /* "tcp_state" */
const char *trace_rule_name(enum trace_rule rule);     /* "TCP_LISTEN_SYN", as in rules.def */
const char *trace_rule_document(enum trace_rule rule); /* "RFC 9293" */
const char *trace_rule_section(enum trace_rule rule);  /* "3.10.7.2" */
const char *trace_rule_text(enum trace_rule rule);
const char *drop_reason_name(enum drop_reason reason); /* "BAD_CHECKSUM" */
const char *drop_reason_phrase(enum drop_reason reason);
enum trace_layer trace_kind_layer(enum trace_kind kind);

/* One field of a kind, for generic readers (the layout for JS, JSON lines). */
struct trace_field {
    const char *name;
    const char *type;     /* "u8" "u16" "u32" "i32" "u64" "i64" */
    uint8_t offset_bytes; /* in the record */
};

/* The fields of a kind, in order, those that only fill a gap ("unused", "unused2") among them; *count is how
 * many. NULL and 0 for TRACE_NOTHING. */
const struct trace_field *trace_fields(enum trace_kind kind, unsigned *count);

#endif
