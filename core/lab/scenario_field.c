/*
 * scenario.def as a table, and reading by it.
 */
#include "lab/scenario_field.h"

#include "lab/forge.h"
#include "lab/scenario.h"

/* ---- Names that members may have as their values ---- */

static const char *const choices_node_kind[] = {"host", "router", "switch", NULL};
static const char *const choices_interface_kind[] = {"ethernet", "raw_ip", NULL};
static const char *const choices_protocol[] = {"tcp", "udp", NULL};
static const char *const choices_forge_protocol[] = {"tcp", "udp", NULL};
static const char *const choices_forge_checksum[] = {"right", "wrong", NULL};
static const char *const choices_inject_fcs[] = {"make", "given", NULL};
static const char *const choices_socket_type[] = {"tcp", "udp", "ping", NULL};
static const char *const choices_shutdown_how[] = {"read", "write", "both", NULL};
static const char *const choices_app[] = {"echo", "sender", "receiver", "ping", NULL};

#define X(NAME, text) text,
static const char *const choices_congestion[] = {TCP_CONGESTION_LIST(X) NULL};
static const char *const choices_syn_cookies[] = {TCP_SYN_COOKIES_LIST(X) NULL};
static const char *const choices_fast_open[] = {TCP_FAST_OPEN_LIST(X) NULL};
static const char *const choices_ecn[] = {TCP_ECN_LIST(X) NULL};
static const char *const choices_match[] = {LINK_MATCH_LIST(X) NULL};
static const char *const choices_action[] = {LAB_ACTION_LIST(X) NULL};
#undef X
#define X(NAME) #NAME,
static const char *const choices_tcp_state[] = {TCP_STATE_LIST(X) NULL};
static const char *const choices_socket_option[] = {SOCKET_OPTION_LIST(X) NULL};
#undef X
#define X(NAME, key, text) key,
static const char *const choices_fault[] = {HOST_FAULT_LIST(X) TCP_FAULT_LIST(X) NULL};
#undef X
#define EVENT(KIND, name, layer, fields) #name,
static const char *const choices_event[] = {
#include "trace/events.def"
    NULL};
#undef EVENT

/* ---- The table ---- */

enum { NEEDED = 1, MAYBE = 0 };

const struct scenario_field scenario_fields[] = {
#define OBJECT(ID, title, also, and_also, text)
#define FIELD(ID, name, kind, type, member, min, max, unit, text)                                            \
    {{name, JSON_##kind, offsetof(struct type, member), min, max},                                           \
     SCENARIO_##ID,                                                                                          \
     SCENARIO_STORED,                                                                                        \
     0,                                                                                                      \
     MAYBE,                                                                                                  \
     NULL},
#define NUMBER(ID, name, form, needed, min, max, unit, text)                                                 \
    {{name, JSON_END, 0, min, max}, SCENARIO_##ID, SCENARIO_##form, 0, needed, NULL},
#define TEXT(ID, name, form, needed, text)                                                                   \
    {{name, JSON_END, 0, 0, 0},                                                                              \
     SCENARIO_##ID,                                                                                          \
     SCENARIO_##form,                                                                                        \
     0,                                                                                                      \
     needed,                                                                                                 \
     SCENARIO_##form == SCENARIO_FAULT_NAMES ? choices_fault : NULL},
#define CHOICE(ID, name, list, needed, text)                                                                 \
    {{name, JSON_END, 0, 0, 0}, SCENARIO_##ID, SCENARIO_CHOICE, 0, needed, choices_##list},
#define PART(ID, name, inside, needed, text)                                                                 \
    {{name, JSON_END, 0, 0, 0}, SCENARIO_##ID, SCENARIO_PART, SCENARIO_##inside, needed, NULL},
#define LIST(ID, name, inside, min, max, needed, text)                                                       \
    {{name, JSON_END, 0, min, max}, SCENARIO_##ID, SCENARIO_LIST, SCENARIO_##inside, needed, NULL},
#include "lab/scenario.def"
#undef OBJECT
#undef FIELD
#undef NUMBER
#undef TEXT
#undef CHOICE
#undef PART
#undef LIST
    {.object = SCENARIO_NONE},
};

const struct scenario_kin scenario_kin[SCENARIO_OBJECT_COUNT] = {
#define OBJECT(ID, title, first, second, text) [SCENARIO_##ID] = {{SCENARIO_##first, SCENARIO_##second}},
#define FIELD(...)
#define NUMBER(...)
#define TEXT(...)
#define CHOICE(...)
#define PART(...)
#define LIST(...)
#include "lab/scenario.def"
#undef OBJECT
#undef FIELD
#undef NUMBER
#undef TEXT
#undef CHOICE
#undef PART
#undef LIST
};

/* ---- Reading by it ---- */

bool scenario_is(enum scenario_object object, enum scenario_object other)
{
    if (object == SCENARIO_NONE || object == other)
        return object == other;
    const uint8_t *also = scenario_kin[object].also;
    return scenario_is((enum scenario_object)also[0], other) ||
           scenario_is((enum scenario_object)also[1], other);
}

const struct scenario_field *scenario_field_find(enum scenario_object object, const char *name)
{
    const struct scenario_field *f = scenario_fields;
    while (f->object != SCENARIO_NONE && (f->object != object || strcmp(f->field.name, name) != 0))
        f++;
    assert(f->object == object);
    return f;
}

void scenario_check_names(const struct json_at *at, enum scenario_object object, struct json_scratch *s)
{
    enum { FIELDS = sizeof scenario_fields / sizeof scenario_fields[0] };
    const char **names = json_alloc(s, FIELDS * sizeof names[0]);
    unsigned count = 0;
    if (!names)
        return; /* which is told in the end: the scratch is full */
    for (const struct scenario_field *f = scenario_fields; f->object != SCENARIO_NONE; f++)
        if (scenario_is(object, (enum scenario_object)f->object))
            names[count++] = f->field.name;
    assert(count < FIELDS);
    names[count] = NULL;
    const char *const *const groups[] = {names, NULL};
    json_check_names(at, groups);
}

bool scenario_read_stored(const struct json_at *at, enum scenario_object object, void *into)
{
    bool good = true;
    for (const struct scenario_field *f = scenario_fields; f->object != SCENARIO_NONE; f++)
        if (f->object == object && f->form == SCENARIO_STORED)
            good = json_read_field(at, &f->field, into) && good;
    return good;
}

void scenario_write_stored(cJSON *to, enum scenario_object object, const void *from)
{
    scenario_write_same(to, object, from, from);
}

void scenario_write_same(cJSON *to, enum scenario_object object, const void *a, const void *b)
{
    for (const struct scenario_field *f = scenario_fields; f->object != SCENARIO_NONE; f++) {
        const struct json_field one[] = {f->field, {.kind = JSON_END}};
        size_t at = f->field.offset;
        if (f->object == object && f->form == SCENARIO_STORED &&
            memcmp((const uint8_t *)a + at, (const uint8_t *)b + at, json_kind_bytes(f->field.kind)) == 0)
            json_write_fields(to, one, a);
    }
}

void scenario_copy_given(const struct json_at *at, enum scenario_object object, void *to, const void *from)
{
    for (const struct scenario_field *f = scenario_fields; f->object != SCENARIO_NONE; f++)
        if (f->object == object && f->form == SCENARIO_STORED && json_has(at, f->field.name))
            memcpy((uint8_t *)to + f->field.offset, (const uint8_t *)from + f->field.offset,
                   json_kind_bytes(f->field.kind));
}

bool scenario_read_number(const struct json_at *at, enum scenario_object object, const char *name,
                          double *out)
{
    const struct scenario_field *f = scenario_field_find(object, name);
    assert(f->form == SCENARIO_WHOLE || f->form == SCENARIO_REAL);
    return (f->form == SCENARIO_WHOLE ? json_whole : json_number)(at, name, f->field.min, f->field.max, out);
}

bool scenario_read_choice(const struct json_at *at, enum scenario_object object, const char *name,
                          unsigned *out)
{
    const struct scenario_field *f = scenario_field_find(object, name);
    assert(f->form == SCENARIO_CHOICE);
    return json_choice(at, name, f->choices, out);
}
