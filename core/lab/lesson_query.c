/*
 * What a lesson asks of a run: patterns of events, values, statements, stops. The same language is evaluated in
 * web/model/lesson-query.js. Kinds of events and their fields come from events.def.
 */
#include "lab/lesson.h"

#include "lab/lab_state.h"
#include "trace/trace.h"

/* A kind of event and its fields, each with a space behind it. */
struct lesson_kind {
    const char *name;
    const char *fields;
};

static const struct lesson_kind kinds[] = {
#define F(type, name)                    #name " "
#define EVENT(KIND, name, LAYER, FIELDS) {#name, FIELDS},
#include "trace/events.def"
#undef EVENT
#undef F
};

/* What an event has besides, and what is worked out for it. */
static const char common_fields[] =
    "id cause t_us kind layer rule node iface frame socket segment carries flags rel_seq rel_ack t_ms ";

/* Does a list of words, each with a space behind it, have this one? */
static bool has_word(const char *words, const char *word, size_t len)
{
    for (const char *at = words; *at; at += strcspn(at, " ") + 1)
        if (strcspn(at, " ") == len && memcmp(at, word, len) == 0)
            return true;
    return false;
}

/* The engine gives texts beside some numbers: "addr_text", "result_name". */
static bool is_field(const struct lesson_kind *kind, const char *name)
{
    static const char *const endings[] = {"", "_text", "_name"};
    size_t len = strlen(name);
    for (unsigned i = 0; i < 3; i++) {
        size_t tail = strlen(endings[i]);
        if (len > tail && strcmp(name + len - tail, endings[i]) == 0 &&
            (has_word(common_fields, name, len - tail) || has_word(kind->fields, name, len - tail)))
            return true;
    }
    return false;
}

static const struct lesson_kind *kind_of(const struct json_at *pattern)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(pattern->value, "kind");
    for (unsigned i = 0; cJSON_IsString(name) && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, name->valuestring) == 0)
            return &kinds[i];
    return NULL;
}

void lesson_check_node(const struct lab *l, const struct json_at *at)
{
    const char *name = cJSON_IsString(at->value) ? at->value->valuestring : NULL;
    if (l->node_count > 0 && (!name || lab_find_node(l, bytes_of(name, strlen(name))) < 0))
        json_expected(at, "the name of a node");
}

void lesson_check_pattern(const struct lab *l, const struct json_at *at)
{
    static const char *const range[] = {"min", "max", NULL};
    const char *const *const groups[] = {range, NULL};
    if (!json_is_object(at))
        return;
    struct json_at kind_at = json_member(at, "kind");
    const struct lesson_kind *kind = kind_of(at);
    if (!kind) {
        json_expected(&kind_at, "a kind of event, like \"tcp_segment_sent\"");
        return;
    }
    for (const cJSON *m = at->value->child; m; m = m->next) {
        struct json_at below = json_member(at, m->string);
        if (!is_field(kind, m->string))
            json_fail(&below, "events of kind %s have no such field", kind->name);
        else if (cJSON_IsObject(m))
            json_check_names(&below, groups);
        else if (strcmp(m->string, "node") == 0)
            lesson_check_node(l, &below);
    }
}

/* A field's name, of the events that "of" tells. */
static void check_field(const struct lab *l, const struct json_at *at, const char *name)
{
    struct json_at field = json_member(at, name), of = json_member(at, "of");
    lesson_check_pattern(l, &of);
    const struct lesson_kind *kind = kind_of(&of);
    if (kind && (!cJSON_IsString(field.value) || !is_field(kind, field.value->valuestring)))
        json_expected(&field, "the name of a field of those events");
}

typedef void check_fn(const struct lab *l, const struct json_at *at);

/* All elements of an array, `count` of them; 0: one or more. */
static void check_each(const struct lab *l, const struct json_at *at, int count, check_fn *check)
{
    unsigned index = 0;
    int size = cJSON_GetArraySize(at->value);
    if (!cJSON_IsArray(at->value) || size == 0 || (count > 0 && size != count)) {
        json_expected(at, count > 0 ? "an array of two" : "an array of one or more");
        return;
    }
    for (const cJSON *n = at->value->child; n; n = n->next, index++) {
        struct json_at element = json_element(at, index, n);
        check(l, &element);
    }
}

enum value_sort { OF_PATTERN, OF_FIELD, TWO_PATTERNS, TWO_VALUES, OF_NODE };

static const struct {
    const char *name;
    enum value_sort sort;
} value_sorts[] = {
    {"count", OF_PATTERN}, {"field", OF_FIELD},    {"sum", OF_FIELD},   {"distinct", OF_FIELD},
    {"largest", OF_FIELD}, {"smallest", OF_FIELD}, {"falls", OF_FIELD}, {"between_ms", TWO_PATTERNS},
    {"minus", TWO_VALUES}, {"divide", TWO_VALUES}, {"state", OF_NODE},
};

static const char *const comparisons[] = {"is", "isnt", "above", "below", NULL};

/* A value's own members; `compared` are names that may stand with them. */
static void check_value_object(const struct lab *l, const struct json_at *at, const char *const *compared)
{
    static const char *const since[] = {"start", "step", NULL};
    const char *names[] = {"", "of", "nth", "since", NULL};
    const char *const *const groups[] = {names, compared, NULL};
    unsigned scope = 0, found = 0, which = 0;
    double nth = 1;
    for (unsigned i = 0; i < sizeof value_sorts / sizeof value_sorts[0]; i++) {
        if (!json_has(at, value_sorts[i].name))
            continue;
        which = i;
        found++;
    }
    if (found != 1) {
        json_expected(at, "one of \"count\", \"field\", \"sum\", \"between_ms\", \"state\" and the like");
        return;
    }
    names[0] = value_sorts[which].name;
    json_check_names(at, groups);
    json_choice(at, "since", since, &scope);
    json_whole(at, "nth", -1000, 1000, &nth);
    struct json_at operand = json_member(at, names[0]);
    switch (value_sorts[which].sort) {
    case OF_PATTERN:
        lesson_check_pattern(l, &operand);
        break;
    case OF_FIELD:
        check_field(l, at, names[0]);
        break;
    case TWO_PATTERNS:
        check_each(l, &operand, 2, lesson_check_pattern);
        break;
    case TWO_VALUES:
        check_each(l, &operand, 2, lesson_check_value);
        break;
    case OF_NODE:
        lesson_check_node(l, &operand);
        break;
    }
}

void lesson_check_value(const struct lab *l, const struct json_at *at)
{
    if (cJSON_IsNumber(at->value) || cJSON_IsString(at->value))
        return;
    if (json_is_object(at))
        check_value_object(l, at, NULL);
}

void lesson_check_statement(const struct lab *l, const struct json_at *at)
{
    static const char *const joined[] = {"all", "any", "no", NULL};
    const char *const *const groups[] = {joined, NULL};
    struct json_at all = json_member(at, "all"), any = json_member(at, "any"), no = json_member(at, "no");
    if (!json_is_object(at))
        return;
    if (all.value || any.value || no.value) {
        json_check_names(at, groups);
        if (all.value)
            check_each(l, &all, 0, lesson_check_statement);
        if (any.value)
            check_each(l, &any, 0, lesson_check_statement);
        if (no.value)
            lesson_check_statement(l, &no);
        return;
    }
    unsigned compared = 0;
    check_value_object(l, at, comparisons);
    for (unsigned i = 0; comparisons[i]; i++) {
        struct json_at right = json_member(at, comparisons[i]);
        if (!right.value)
            continue;
        compared++;
        lesson_check_value(l, &right);
    }
    if (compared == 0)
        json_expected(at, "what to compare with: \"is\", \"isnt\", \"above\" or \"below\"");
}

void lesson_check_stop(const struct lab *l, const struct json_at *at)
{
    static const char *const whens[] = {"at_ms", "after_ms", "quiet_ms", "event", NULL};
    static const char *const more[] = {"nth", "then_ms", "limit_ms", NULL};
    const char *const *const groups[] = {whens, more, NULL};
    unsigned found = 0;
    double number = 0;
    if (!json_is_object(at))
        return;
    json_check_names(at, groups);
    for (unsigned i = 0; whens[i]; i++)
        found += json_has(at, whens[i]);
    if (found != 1)
        json_expected(at, "one of \"at_ms\", \"after_ms\", \"quiet_ms\" and \"event\"");
    for (unsigned i = 0; i < 3; i++)
        json_number(at, whens[i], 0, 1e9, &number);
    json_whole(at, "nth", 1, 1e6, &number);
    json_number(at, "then_ms", 0, 1e9, &number);
    json_number(at, "limit_ms", 1, 1e9, &number);
    struct json_at event = json_member(at, "event");
    if (event.value)
        lesson_check_pattern(l, &event);
}
