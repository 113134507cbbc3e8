/*
 * The event ring, and the tables that let generic readers (the page, JSON lines) understand its records
 * without knowing any kind. Names, layers and fields all come from events.def and rules.def.
 */
#include "trace/trace.h"

struct trace *trace_create(struct arena *a, uint32_t capacity)
{
    assert(capacity > 0 && (capacity & (capacity - 1)) == 0);
    struct trace *t = arena_zalloc(a, sizeof *t);
    if (!t)
        return NULL;
    t->ring = arena_zalloc(a, (size_t)capacity * sizeof *t->ring);
    if (!t->ring) {
        arena_free(a, t, sizeof *t);
        return NULL;
    }
    t->capacity = capacity;
    return t;
}

/* What is no field of its kind, gaps between fields among it, is made zero: compilers leave there what was on
 * the stack, and the same run is to give the same bytes. */
static void clear_gaps(struct trace_event *record)
{
    enum { WORDS = TRACE_FIELDS_MAX / sizeof(uint64_t) };
    static const union {
        uint64_t word[WORDS];
#define F(type, field)                   .field = (trace_##type) - 1,
#define EVENT(KIND, name, layer, fields) struct trace_##name name;
#include "trace/events.def"
#undef EVENT
    } FIELDS[] = {
        [TRACE_NOTHING] = {.word = {0}},
#define EVENT(KIND, name, layer, fields) [TRACE_##KIND] = {.name = {fields}},
#include "trace/events.def"
#undef EVENT
#undef F
    };
    for (unsigned i = 0; i < WORDS; i++) {
        uint64_t word;
        memcpy(&word, record->u.bytes + i * sizeof word, sizeof word);
        word &= FIELDS[record->kind].word[i];
        memcpy(record->u.bytes + i * sizeof word, &word, sizeof word);
    }
}

uint32_t trace_emit(struct trace *t, const struct trace_event *e)
{
    if (!t)
        return 0;
    assert(e->kind > TRACE_NOTHING && e->kind < TRACE_KIND_COUNT);
    assert(e->rule < RULE_COUNT);
    if (++t->last_id == 0) /* after 2^32 events ids start again; 0 stays "none" */
        t->last_id = 1;
    struct trace_event *record = &t->ring[t->last_id & (t->capacity - 1)];
    *record = *e;
    clear_gaps(record);
    record->id = t->last_id;
    if (record->cause == 0)
        record->cause = t->cause;
    return record->id;
}

uint32_t trace_emit_of(const struct machine *m, enum trace_kind kind, struct trace_event *e)
{
    e->t_us = m->now_us;
    e->kind = (uint16_t)kind;
    e->node = m->node;
    return trace_emit(m->trace, e);
}

struct trace_event *trace_at(struct trace *t, uint32_t id)
{
    if (!t || id == 0)
        return NULL;
    struct trace_event *record = &t->ring[id & (t->capacity - 1)];
    return record->id == id ? record : NULL;
}

uint32_t trace_new_frame(struct trace *t)
{
    if (!t)
        return 0;
    if (++t->last_frame == TRACE_NO_FRAME)
        t->last_frame = 1;
    return t->last_frame;
}

const char *trace_kind_name(enum trace_kind kind)
{
    static const char *const NAMES[] = {
        "nothing",
#define EVENT(KIND, name, layer, fields) #name,
#include "trace/events.def"
#undef EVENT
    };
    assert((unsigned)kind < TRACE_KIND_COUNT);
    return NAMES[kind];
}

enum trace_layer trace_kind_layer(enum trace_kind kind)
{
    static const uint8_t LAYERS[] = {
        TRACE_LAYER_ANY,
#define EVENT(KIND, name, layer, fields) TRACE_LAYER_##layer,
#include "trace/events.def"
#undef EVENT
    };
    assert((unsigned)kind < TRACE_KIND_COUNT);
    return (enum trace_layer)LAYERS[kind];
}

struct rule {
    const char *name;
    const char *document;
    const char *section;
    const char *text;
};

static const struct rule *rule_at(enum trace_rule rule)
{
    static const struct rule RULES[] = {
#define RULE(NAME, document, section, text) {#NAME, document, section, text},
#include "trace/rules.def"
#undef RULE
    };
    assert((unsigned)rule < RULE_COUNT);
    return &RULES[rule];
}

const char *trace_rule_name(enum trace_rule rule)
{
    return rule_at(rule)->name;
}

const char *trace_rule_document(enum trace_rule rule)
{
    return rule_at(rule)->document;
}

const char *trace_rule_section(enum trace_rule rule)
{
    return rule_at(rule)->section;
}

const char *trace_rule_text(enum trace_rule rule)
{
    return rule_at(rule)->text;
}

const char *drop_reason_name(enum drop_reason reason)
{
    static const char *const NAMES[] = {
#define X(NAME, phrase) #NAME,
        DROP_REASON_LIST(X)
#undef X
    };
    assert((unsigned)reason < DROP_REASON_COUNT);
    return NAMES[reason];
}

const char *drop_reason_phrase(enum drop_reason reason)
{
    static const char *const PHRASES[] = {
#define X(NAME, phrase) phrase,
        DROP_REASON_LIST(X)
#undef X
    };
    assert((unsigned)reason < DROP_REASON_COUNT);
    return PHRASES[reason];
}

/* Each case has a block of its own in which `record` is its struct, so that F() needs no second name. */
#define F(type, name) {#name, #type, (uint8_t)(offsetof(struct trace_event, u) + offsetof(record, name))},
#define EVENT(KIND, name, layer, fields)                                                                     \
    case TRACE_##KIND: {                                                                                     \
        typedef struct trace_##name record;                                                                  \
        static const struct trace_field FIELDS[] = {fields};                                                 \
        *count = sizeof FIELDS / sizeof FIELDS[0];                                                           \
        return FIELDS;                                                                                       \
    }

const struct trace_field *trace_fields(enum trace_kind kind, unsigned *count)
{
    switch (kind) {
#include "trace/events.def"
    default:
        assert(kind == TRACE_NOTHING);
        *count = 0;
        return NULL;
    }
}
