/*
 * The layout as JSON text, made from the tables that events.def, rules.def and the X-macro lists expand to,
 * and from offsetof. Nothing here knows an offset.
 *
 * What a field's number means (an enum, flags, an address) stands in one table below, because events.def says
 * it only in comments; a test checks that each row names a field that exists.
 */
#include "layout.h"

#include <stddef.h>

#include "lab/compare.h"
#include "lab/lab.h"
#include "trace/trace.h"
#include "wire/dissect.h"

/* JSON being written; `len` goes on counting past the end of `room`, so that one check at the end is enough.
 */
struct text {
    struct room room;
    size_t len;
};

static void put_char(struct text *t, char c)
{
    if (t->len < t->room.len)
        t->room.at[t->len] = (uint8_t)c;
    t->len++;
}

static void put(struct text *t, const char *s)
{
    for (; *s; s++)
        put_char(t, *s);
}

/* A JSON string. Our names and phrases are ASCII without control characters. */
static void put_string(struct text *t, const char *s)
{
    put_char(t, '"');
    for (; *s; s++) {
        assert((unsigned char)*s >= ' ' && (unsigned char)*s < 127);
        if (*s == '"' || *s == '\\')
            put_char(t, '\\');
        put_char(t, *s);
    }
    put_char(t, '"');
}

static void put_number(struct text *t, size_t n)
{
    if (n >= 10)
        put_number(t, n / 10);
    put_char(t, (char)('0' + n % 10));
}

/* `"key":`, with a comma in front unless an object or list has just been opened. */
static void put_comma(struct text *t)
{
    char last = t->len > 0 && t->len <= t->room.len ? (char)t->room.at[t->len - 1] : '{';
    if (last != '{' && last != '[')
        put_char(t, ',');
}

static void put_key(struct text *t, const char *key)
{
    put_comma(t);
    put_string(t, key);
    put_char(t, ':');
}

static void put_member(struct text *t, const char *key, size_t value)
{
    put_key(t, key);
    put_number(t, value);
}

static void put_item(struct text *t, const char *s)
{
    put_comma(t);
    put_string(t, s);
}

/* ---- Records ------------------------------------------------------------------------------------- */

/* A member of a struct as ["name", "type", offset]. */
struct member {
    const char *name;
    const char *type;
    size_t offset;
};

/* The type in our notation: numbers; "string" is the address of a constant one, "text" stands in place. */
/* clang-format off */
#define TYPE_OF(x)                                                                                           \
    _Generic((x), bool: "u8", uint8_t: "u8", uint16_t: "u16", uint32_t: "u32", int32_t: "i32",               \
                  uint64_t: "u64", int64_t: "i64", const char *: "string", char *: "text")
#define MEMBER(type, name) { #name, TYPE_OF(((type *)NULL)->name), offsetof(type, name) }
/* clang-format on */

static void put_members(struct text *t, const struct member *members, size_t count)
{
    put_key(t, "members");
    put_char(t, '[');
    for (size_t i = 0; i < count; i++) {
        put_comma(t);
        put_char(t, '[');
        put_item(t, members[i].name);
        put_item(t, members[i].type);
        put_comma(t);
        put_number(t, members[i].offset);
        put_char(t, ']');
    }
    put_char(t, ']');
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void put_event_record(struct text *t)
{
    static const struct member MEMBERS[] = {
        MEMBER(struct trace_event, id),     MEMBER(struct trace_event, cause),
        MEMBER(struct trace_event, t_us),   MEMBER(struct trace_event, kind),
        MEMBER(struct trace_event, rule),   MEMBER(struct trace_event, node),
        MEMBER(struct trace_event, iface),  MEMBER(struct trace_event, frame),
        MEMBER(struct trace_event, socket),
    };
    put_key(t, "event");
    put_char(t, '{');
    put_member(t, "bytes", sizeof(struct trace_event));
    put_members(t, MEMBERS, COUNT_OF(MEMBERS));
    put_member(t, "no_node", TRACE_NO_NODE);
    put_char(t, '}');
}

static void put_frame_record(struct text *t)
{
    static const struct member MEMBERS[] = {
        {"at", "u32", offsetof(struct lab_frame, bytes.at)},
        {"len", "u32", offsetof(struct lab_frame, bytes.len)},
        MEMBER(struct lab_frame, t_us),
        MEMBER(struct lab_frame, event),
        MEMBER(struct lab_frame, cause),
        MEMBER(struct lab_frame, rule),
        MEMBER(struct lab_frame, link),
        MEMBER(struct lab_frame, direction),
        MEMBER(struct lab_frame, node),
        MEMBER(struct lab_frame, iface),
    };
    put_key(t, "frame");
    put_char(t, '{');
    put_members(t, MEMBERS, COUNT_OF(MEMBERS));
    put_char(t, '}');
}

static void put_dissect_record(struct text *t)
{
    static const struct member MEMBERS[] = {
        MEMBER(struct dissect_field, protocol),   MEMBER(struct dissect_field, name),
        MEMBER(struct dissect_field, offset),     MEMBER(struct dissect_field, len),
        MEMBER(struct dissect_field, bit_offset), MEMBER(struct dissect_field, bit_count),
        MEMBER(struct dissect_field, layer),      MEMBER(struct dissect_field, is_header),
        MEMBER(struct dissect_field, is_bad),     MEMBER(struct dissect_field, value),
        MEMBER(struct dissect_field, text),
    };
    put_key(t, "dissect");
    put_char(t, '{');
    put_member(t, "count", offsetof(struct dissect, count));
    put_member(t, "malformed", offsetof(struct dissect, malformed));
    put_member(t, "first", offsetof(struct dissect, field));
    put_member(t, "bytes", sizeof(struct dissect_field));
    put_members(t, MEMBERS, COUNT_OF(MEMBERS));
    put_char(t, '}');
}

/* ---- Kinds of events and what their fields mean -------------------------------------------------- */

/*
 * How the engine reads a field: a list in `names` (an enum, or with one name for each bit, see put_names()),
 * "ipv4" or "status". TRACE_NOTHING: a field of this name in any kind that has no row of its own.
 */
struct meaning {
    enum trace_kind kind;
    const char *field;
    const char *meaning;
};

static const struct meaning MEANINGS[] = {
    {TRACE_NOTHING, "protocol", "trace_protocol"},
    {TRACE_NOTHING, "flags", "tcp_flags"},
    {TRACE_NOTHING, "timer", "tcp_timer"},
    {TRACE_NOTHING, "phase", "tcp_ca_state"},
    {TRACE_NOTHING, "addr", "ipv4"},
    {TRACE_NOTHING, "src_addr", "ipv4"},
    {TRACE_NOTHING, "dst_addr", "ipv4"},
    {TRACE_NOTHING, "remote_addr", "ipv4"},
    {TRACE_NOTHING, "next_hop", "ipv4"},
    {TRACE_ACTION, "action", "lab_action"},
    {TRACE_FRAME_LOST, "reason", "loss_reason"},
    {TRACE_PACKET_DROPPED, "reason", "drop_reason"},
    {TRACE_SWITCH_FORGOT, "reason", "forget_reason"},
    {TRACE_SWITCH_FLOODED, "reason", "flood_reason"},
    {TRACE_SWITCH_FILTERED, "reason", "filter_reason"},
    {TRACE_TCP_DISCARDED, "reason", "tcp_discard"},
    {TRACE_TCP_SPURIOUS, "evidence", "tcp_evidence"},
    {TRACE_TCP_STATE, "from", "tcp_state"},
    {TRACE_TCP_STATE, "to", "tcp_state"},
    {TRACE_SOCKET_CALL, "call", "socket_call"},
    {TRACE_SOCKET_CALL, "type", "socket_type"},
    {TRACE_SOCKET_CALL, "result", "status"},
    {TRACE_SOCKET_READY, "ready", "socket_ready"},
    {TRACE_SOCKET_READY, "error", "status"},
};

static const char *field_meaning(enum trace_kind kind, const char *field)
{
    for (size_t i = 0; i < COUNT_OF(MEANINGS); i++)
        if ((MEANINGS[i].kind == kind || MEANINGS[i].kind == TRACE_NOTHING) &&
            strcmp(MEANINGS[i].field, field) == 0)
            return MEANINGS[i].meaning;
    return NULL;
}

/* ["tcp_state", "transport", [["from", "u8", 32, "tcp_state"], ...]] */
static void put_kind(struct text *t, enum trace_kind kind)
{
    static const char *const LAYERS[] = {"lab",    "link",        "internet", "transport",
                                         "socket", "application", "any"};
    _Static_assert(COUNT_OF(LAYERS) == TRACE_LAYER_ANY + 1, "a name for each layer");
    unsigned count = 0;
    const struct trace_field *fields = trace_fields(kind, &count);
    put_comma(t);
    put_char(t, '[');
    put_item(t, trace_kind_name(kind));
    put_item(t, LAYERS[trace_kind_layer(kind)]);
    put(t, ",[");
    for (unsigned i = 0; i < count; i++) {
        if (strncmp(fields[i].name, "unused", 6) == 0)
            continue;
        put_comma(t);
        put_char(t, '[');
        put_item(t, fields[i].name);
        put_item(t, fields[i].type);
        put_comma(t);
        put_number(t, fields[i].offset_bytes);
        if (field_meaning(kind, fields[i].name))
            put_item(t, field_meaning(kind, fields[i].name));
        put_char(t, ']');
    }
    put(t, "]]");
}

static void put_kinds(struct text *t)
{
    put_key(t, "kinds");
    put_char(t, '[');
    for (unsigned kind = 0; kind < TRACE_KIND_COUNT; kind++)
        put_kind(t, (enum trace_kind)kind);
    put_char(t, ']');
}

/* [["TCP_LISTEN_SYN", "RFC 9293", "3.10.7.2", "A SYN that ..."], ...] */
static void put_rules(struct text *t)
{
    put_key(t, "rules");
    put_char(t, '[');
    for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
        put_comma(t);
        put_char(t, '[');
        put_item(t, trace_rule_name((enum trace_rule)rule));
        put_item(t, trace_rule_document((enum trace_rule)rule));
        put_item(t, trace_rule_section((enum trace_rule)rule));
        put_item(t, trace_rule_text((enum trace_rule)rule));
        put_char(t, ']');
    }
    put_char(t, ']');
}

/* ---- Where it is decided ------------------------------------------------------------------------- */

/* {"rules": {"TCP_SEND": ["transport/tcp_output.c decide_new"]}, "kinds": {...}}, made of the sources. */
static void put_sites(struct text *t)
{
    static const char *const SITES[] = {
#include "sites.def"
    };
    put_key(t, "sites");
    for (size_t i = 0; i < COUNT_OF(SITES); i++)
        put(t, SITES[i]);
}

/* ---- Names of numbers ---------------------------------------------------------------------------- */

static void put_list(struct text *t, const char *key, const char *const *names, size_t count)
{
    put_key(t, key);
    put_char(t, '[');
    for (size_t i = 0; i < count; i++)
        put_item(t, names[i]);
    put_char(t, ']');
}

#define PUT_LIST(t, key, ...)                                                                                \
    do {                                                                                                     \
        static const char *const NAMES[] = {__VA_ARGS__};                                                    \
        put_list(t, key, NAMES, COUNT_OF(NAMES));                                                            \
    } while (0)

#define NAME_ONLY(NAME)             #NAME,
#define NAME_OF_TWO(NAME, phrase)   #NAME,
#define PHRASE_OF_TWO(NAME, phrase) phrase,

/* Enumerations: the number is the index. */
static void put_enums(struct text *t)
{
    static const char *const PROTOCOLS[] = {
        [TRACE_ETHERNET] = "ethernet", [TRACE_ARP] = "arp", [TRACE_IPV4] = "ipv4", [TRACE_IPV6] = "ipv6",
        [TRACE_ICMP] = "icmp",         [TRACE_UDP] = "udp", [TRACE_TCP] = "tcp",
    };
    static const char *const SOCKET_TYPES[] = {
        [SOCKET_FREE] = "", [SOCKET_TCP] = "tcp", [SOCKET_UDP] = "udp", [SOCKET_PING] = "ping"};
    PUT_LIST(t, "tcp_state", TCP_STATE_LIST(NAME_ONLY));
    PUT_LIST(t, "tcp_discard", TCP_DISCARD_LIST(NAME_OF_TWO));
    PUT_LIST(t, "drop_reason", DROP_REASON_LIST(NAME_OF_TWO));
    PUT_LIST(t, "loss_reason", LOSS_REASON_LIST(NAME_OF_TWO));
    PUT_LIST(t, "forget_reason", FORGET_REASON_LIST(NAME_OF_TWO));
    PUT_LIST(t, "flood_reason", FLOOD_REASON_LIST(NAME_OF_TWO));
    PUT_LIST(t, "filter_reason", FILTER_REASON_LIST(NAME_OF_TWO));
    PUT_LIST(t, "socket_call", SOCKET_CALL_LIST(NAME_OF_TWO));
    PUT_LIST(t, "socket_option", SOCKET_OPTION_LIST(NAME_ONLY));
    PUT_LIST(t, "congestion", TCP_CONGESTION_LIST(PHRASE_OF_TWO));
    PUT_LIST(t, "lab_action", LAB_ACTION_LIST(PHRASE_OF_TWO));
    PUT_LIST(t, "compare", COMPARE_LIST(PHRASE_OF_TWO));
    PUT_LIST(t, "dissect_layer", "link", "internet", "transport", "application");
    PUT_LIST(t, "tcp_timer", TCP_TIMER_LIST(NAME_OF_TWO));
    PUT_LIST(t, "tcp_ca_state", TCP_CA_STATE_LIST(NAME_OF_TWO));
    PUT_LIST(t, "tcp_evidence", TCP_EVIDENCE_LIST(NAME_OF_TWO));
    put_list(t, "trace_protocol", PROTOCOLS, COUNT_OF(PROTOCOLS));
    put_list(t, "socket_type", SOCKET_TYPES, COUNT_OF(SOCKET_TYPES));
}

/* Flags: bit 0 first. */
static void put_flags(struct text *t)
{
    _Static_assert(SOCKET_READABLE == 1 && SOCKET_WRITABLE == 2 && SOCKET_READ_HANGUP == 4 &&
                       SOCKET_HANGUP == 8 && SOCKET_ERROR == 16 && SOCKET_PRIORITY == 32,
                   "in the order of their bits");
    PUT_LIST(t, "tcp_flags", "FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR");
    PUT_LIST(t, "socket_ready", "READABLE", "WRITABLE", "READ_HANGUP", "HANGUP", "ERROR", "PRIORITY");
}

/* English phrases, under the names' own keys and in their order. */
static void put_phrases(struct text *t)
{
    PUT_LIST(t, "tcp_discard", TCP_DISCARD_LIST(PHRASE_OF_TWO));
    PUT_LIST(t, "drop_reason", DROP_REASON_LIST(PHRASE_OF_TWO));
    PUT_LIST(t, "loss_reason", LOSS_REASON_LIST(PHRASE_OF_TWO));
    PUT_LIST(t, "socket_call", SOCKET_CALL_LIST(PHRASE_OF_TWO));
}

/* {"EAGAIN": 11, ...}: the number of the errno, of which the status is the negative. */
static void put_statuses(struct text *t)
{
    put_key(t, "status");
    put_char(t, '{');
#define X(name, number, phrase) put_member(t, #name, number);
    STATUS_LIST(X)
#undef X
    put_char(t, '}');
}

/* {"sender": ["s = socket(...);", ...], ...}: the programs' lines, to which app_step's `step` is the index.
 */
static void put_apps(struct text *t)
{
    put_key(t, "apps");
    put_char(t, '{');
    for (const struct app_class *const *class = app_classes; *class; class ++) {
        size_t count = 0;
        while ((*class)->steps[count])
            count++;
        put_list(t, (*class)->name, (*class)->steps, count);
    }
    put_char(t, '}');
}

int64_t layout_write(struct room out)
{
    struct text t = {out, 0};
    put_char(&t, '{');
    put_event_record(&t);
    put_dissect_record(&t);
    put_frame_record(&t);
    put_kinds(&t);
    put_rules(&t);
    put_sites(&t);
    put_key(&t, "enums");
    put_char(&t, '{');
    put_enums(&t);
    put(&t, "},\"flags\":{");
    put_flags(&t);
    put(&t, "},\"phrases\":{");
    put_phrases(&t);
    put_char(&t, '}');
    put_statuses(&t);
    put_apps(&t);
    put_char(&t, '}');
    return t.len <= out.len ? (int64_t)t.len : STATUS_ENOBUFS;
}
