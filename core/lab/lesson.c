/*
 * A lesson's steps. A table says for each kind of step which members it has and what they are; what a member
 * holds is checked by its sort. Left to the tests of web/lessons: whether the texts are there, and whether each
 * question has one answer, which only a run can tell.
 */
#include "lab/lesson.h"

#include "base/status.h"
#include "lab/lab_state.h"
#include "lab/scenario.h"

#include <stdio.h>

enum { LESSON_VERSION = 1, LESSON_ERRORS_MAX = 16 << 10, LESSON_HINTS_MAX = 9, LESSON_STEPS_MAX = 100 };

struct lesson {
    struct lab *lab;
    struct json_scratch *scratch;
    struct json_errors *errors;
    struct json_at steps;
};

/* What a member holds. */
enum sort {
    TEXT,
    NAME, /* of a step, a choice, a trap: also a message's or an attribute's name */
    NUMBER,
    YES,
    NODE,
    PICK,
    TEXTS,
    PATTERN,
    VALUE,
    VALUES,
    STATEMENT,
    STOP,
    COMMANDS,
    CHOICES,
    SHOW,
};

struct member {
    const char *name;
    enum sort sort;
    bool needed;
};

enum { MEMBERS_MAX = 8 };

static const struct member any_step[MEMBERS_MAX] = {
    {"id", NAME, true},     {"do", COMMANDS, false}, {"until", STOP, false},
    {"say", VALUES, false}, {"show", SHOW, false},
};

static const struct member task[MEMBERS_MAX] = {
    {"goal", STATEMENT, true},    {"hints", NUMBER, false},    {"ahead_ms", NUMBER, false},
    {"solution", COMMANDS, true}, {"mistake", COMMANDS, true},
};

static const struct question {
    const char *ask;
    struct member members[MEMBERS_MAX];
} questions[] = {
    {"choice", {{"choices", CHOICES, true}}},
    {"number", {{"value", VALUE, true}, {"traps", VALUES, false}, {"within", NUMBER, false}}},
    {"state", {{"of", NODE, true}, {"choices", TEXTS, true}}},
    {"segment", {{"from", NODE, false}, {"choices", TEXTS, true}}},
    {"drop",
     {{"candidates", PATTERN, true},
      {"pick", PICK, true},
      {"goal", PATTERN, true},
      {"limit_ms", NUMBER, false}}},
};

enum { QUESTIONS = sizeof questions / sizeof questions[0] };

static void check_member(struct lesson *s, const struct json_at *at, enum sort sort);

/* Checks an object's members against up to three lists, and that it has no others. */
static void check_object(struct lesson *s, const struct json_at *at, const struct member *const *lists)
{
    const char *names[3 * MEMBERS_MAX + 2];
    const char *const *const groups[] = {names, NULL};
    unsigned n = 0;
    names[n++] = "ask";
    for (; *lists; lists++)
        for (const struct member *m = *lists; m < *lists + MEMBERS_MAX && m->name; m++) {
            struct json_at below = json_member(at, m->name);
            names[n++] = m->name;
            if (below.value)
                check_member(s, &below, m->sort);
            else if (m->needed)
                json_expected(&below, "something");
        }
    names[n] = NULL;
    json_check_names(at, groups);
}

static void check_name(const struct json_at *at)
{
    const char *name = cJSON_IsString(at->value) ? at->value->valuestring : "";
    size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (name[0] < 'a' || name[0] > 'z' || name[good])
        json_expected(at, "a name of small letters, digits and \"-\"");
}

/* Commands may say what the scenario cannot know yet: a frame by a pattern, a socket as "latest". What is left is
 * checked as any command. */
static void check_command(struct lesson *s, const struct json_at *at)
{
    struct scenario c = {.lab = s->lab, .scratch = s->scratch, .errors = s->errors};
    struct json_at until = json_member(at, "until"), frame = json_member(at, "frame"),
                   socket = json_member(at, "socket");
    if (!json_is_object(at))
        return;
    if (until.value)
        lesson_check_stop(s->lab, &until);
    cJSON *plain = cJSON_Duplicate(at->value, true);
    if (!plain)
        return;
    cJSON_DeleteItemFromObjectCaseSensitive(plain, "until");
    if (cJSON_IsObject(frame.value)) {
        lesson_check_pattern(s->lab, &frame);
        cJSON_ReplaceItemInObjectCaseSensitive(plain, "frame", cJSON_CreateNumber(1));
    }
    if (cJSON_IsString(socket.value) && strcmp(socket.value->valuestring, "latest") == 0)
        cJSON_ReplaceItemInObjectCaseSensitive(plain, "socket", cJSON_CreateNumber(1));
    struct json_at as_plain = *at;
    as_plain.value = plain;
    if (s->lab->node_count > 0)
        command_check(&c, &as_plain);
}

static void check_choice(struct lesson *s, const struct json_at *at)
{
    static const struct member choice[MEMBERS_MAX] = {{"id", NAME, true}, {"if", STATEMENT, true}};
    static const struct member *const lists[] = {choice, NULL};
    if (json_is_object(at))
        check_object(s, at, lists);
}

static void check_text(struct lesson *s, const struct json_at *at)
{
    (void)s;
    if (!cJSON_IsString(at->value) || !at->value->valuestring[0])
        json_expected(at, "a text");
}

/* The elements of an array of at least `least`. */
static void check_list(struct lesson *s, const struct json_at *at, int least,
                       void (*check)(struct lesson *s, const struct json_at *at))
{
    unsigned index = 0;
    if (!cJSON_IsArray(at->value) || cJSON_GetArraySize(at->value) < least) {
        json_expected(at, least > 1 ? "an array of two or more" : "an array of one or more");
        return;
    }
    for (const cJSON *n = at->value->child; n; n = n->next, index++) {
        struct json_at element = json_element(at, index, n);
        check(s, &element);
    }
}

static void check_values(struct lesson *s, const struct json_at *at)
{
    if (!json_is_object(at))
        return;
    for (const cJSON *n = at->value->child; n; n = n->next) {
        struct json_at below = json_member(at, n->string);
        lesson_check_value(s->lab, &below);
    }
}

static void check_show(struct lesson *s, const struct json_at *at)
{
    static const struct member show[MEMBERS_MAX] = {{"select", PATTERN, false}, {"packet", YES, false}};
    static const struct member *const lists[] = {show, NULL};
    if (json_is_object(at))
        check_object(s, at, lists);
}

static void check_member(struct lesson *s, const struct json_at *at, enum sort sort)
{
    static const char *const picks[] = {"most", "least", NULL};
    unsigned pick = 0;
    switch (sort) {
    case TEXT:
        check_text(s, at);
        break;
    case NAME:
        check_name(at);
        break;
    case NUMBER:
        if (!cJSON_IsNumber(at->value) || at->value->valuedouble < 0)
            json_expected(at, "a number >= 0");
        break;
    case YES:
        if (!cJSON_IsBool(at->value))
            json_expected(at, "true or false");
        break;
    case NODE:
        lesson_check_node(s->lab, at);
        break;
    case PICK:
        json_choice(at->parent, at->name, picks, &pick);
        break;
    case TEXTS:
        check_list(s, at, 2, check_text);
        break;
    case PATTERN:
        lesson_check_pattern(s->lab, at);
        break;
    case VALUE:
        lesson_check_value(s->lab, at);
        break;
    case VALUES:
        check_values(s, at);
        break;
    case STATEMENT:
        lesson_check_statement(s->lab, at);
        break;
    case STOP:
        lesson_check_stop(s->lab, at);
        break;
    case COMMANDS:
        check_list(s, at, 1, check_command);
        break;
    case CHOICES:
        check_list(s, at, 2, check_choice);
        break;
    case SHOW:
        check_show(s, at);
        break;
    }
}

/* The step of that name; its place in *index. NULL: there is none. */
static const cJSON *find_step(const struct lesson *s, const char *id, unsigned *index)
{
    *index = 0;
    for (const cJSON *n = s->steps.value ? s->steps.value->child : NULL; n; n = n->next, (*index)++) {
        const cJSON *other = cJSON_GetObjectItemCaseSensitive(n, "id");
        if (cJSON_IsString(other) && strcmp(other->valuestring, id) == 0)
            return n;
    }
    return NULL;
}

static void check_step(struct lesson *s, const struct json_at *at)
{
    const char *asks[QUESTIONS + 1] = {NULL};
    const struct member *lists[4] = {any_step, NULL};
    unsigned ask = QUESTIONS, first;
    if (!json_is_object(at))
        return;
    for (unsigned i = 0; i < QUESTIONS; i++)
        asks[i] = questions[i].ask;
    json_choice(at, "ask", asks, &ask);
    if (ask < QUESTIONS)
        lists[1] = questions[ask].members;
    else if (!json_has(at, "ask") && (json_has(at, "goal") || json_has(at, "solution")))
        lists[1] = task;
    else if (json_has(at, "ask"))
        return; /* told by now; which members it may have is not known */
    check_object(s, at, lists);
    struct json_at id = json_member(at, "id");
    if (cJSON_IsString(id.value) && find_step(s, id.value->valuestring, &first) != at->value)
        json_fail(&id, "step %u has the same", first);
}

/* "breaks": which belief, and what its believer would answer to which question. */
static void check_belief(struct lesson *s, const struct json_at *at)
{
    static const char *const names[] = {"belief", "step", "believer", NULL};
    const char *const *const groups[] = {names, NULL};
    struct json_at step = json_member(at, "step"), believer = json_member(at, "believer"),
                   belief = json_member(at, "belief");
    unsigned index;
    if (!json_is_object(at))
        return;
    json_check_names(at, groups);
    check_name(&belief);
    const cJSON *found = cJSON_IsString(step.value) ? find_step(s, step.value->valuestring, &index) : NULL;
    if (!found || !cJSON_GetObjectItemCaseSensitive(found, "ask"))
        json_expected(&step, "the id of a step that asks");
    if (!believer.value)
        json_expected(&believer, "what who believes it would answer");
}

static void check_document(struct lesson *s, const struct json_at *top)
{
    static const char *const names[] = {"$schema",  "tcplab_lesson", "minutes", "next",
                                        "scenario", "breaks",        "steps",   NULL};
    const char *const *const groups[] = {names, NULL};
    double version = LESSON_VERSION, minutes = 0;
    struct json_at breaks = json_member(top, "breaks");
    struct bytes text;
    json_check_names(top, groups);
    json_whole(top, "tcplab_lesson", LESSON_VERSION, LESSON_VERSION, &version);
    json_number(top, "minutes", 1, 60, &minutes);
    json_text(top, "next", &text);
    s->steps = json_member(top, "steps");
    if (cJSON_GetArraySize(s->steps.value) > LESSON_STEPS_MAX)
        json_fail(&s->steps, "at most %u are possible", (unsigned)LESSON_STEPS_MAX);
    check_list(s, &s->steps, 1, check_step);
    check_list(s, &breaks, 1, check_belief);
}

/* Loads the scenario that stands in the lesson; its faults get "scenario." before their paths. */
static void load_scenario(struct lab *l, struct json_errors *errors, struct bytes scenario)
{
    struct json_at top = {.name = "scenario", .errors = errors};
    struct room found = room_of(arena_alloc(l->arena, LESSON_ERRORS_MAX), LESSON_ERRORS_MAX);
    if (!found.at) {
        json_fail(&top, "out of memory");
        return;
    }
    int status = lab_load(l, scenario, found);
    for (char *line = (char *)found.at, *end; status < 0 && line; line = end) {
        char path[160];
        end = strchr(line, '\n');
        if (end)
            *end++ = 0;
        char *colon = strstr(line, ": ");
        snprintf(path, sizeof path, "scenario.%.*s", colon ? (int)(colon - line) : 0, line);
        struct json_at at = {.name = path, .errors = errors};
        json_fail(&at, "%s", colon ? colon + 2 : line);
    }
    arena_free(l->arena, found.at, LESSON_ERRORS_MAX);
}

bool lesson_is(struct lab *l, struct bytes json)
{
    char text[2];
    struct json_errors ignored = {.out = room_of(text, sizeof text)};
    struct json_scratch scratch;
    struct json_at top = {0};
    json_scratch_open(&scratch, l->arena);
    bool is = json_parse(&top, &ignored, json, &scratch) && cJSON_IsObject(top.value) &&
              (json_has(&top, "tcplab_lesson") || json_has(&top, "steps"));
    json_scratch_close(&scratch);
    return is;
}

/* Copies the scenario's text out of the document, since only one scratch may be open at a time. */
static struct bytes scenario_of(struct lab *l, struct json_errors *errors, struct bytes json)
{
    struct json_scratch scratch;
    struct json_at top = {0};
    struct bytes out = {0};
    json_scratch_open(&scratch, l->arena);
    if (json_parse(&top, errors, json, &scratch)) {
        struct json_at scenario = json_member(&top, "scenario");
        char *text = cJSON_IsObject(scenario.value) ? cJSON_PrintUnformatted(scenario.value) : NULL;
        struct bytes whole = bytes_of(text, text ? strlen(text) : 0);
        uint8_t *copy = text ? arena_alloc(l->arena, whole.len) : NULL;
        if (copy)
            out = bytes_of(memcpy(copy, whole.at, whole.len), whole.len);
        else
            json_expected(&scenario, "a scenario");
    }
    json_scratch_close(&scratch);
    return out;
}

int lesson_check(struct lab *l, struct bytes json, struct room errors)
{
    struct json_errors found = {.out = errors};
    struct json_scratch scratch;
    struct json_at top = {0};
    struct lesson s = {.lab = l, .scratch = &scratch, .errors = &found};
    assert(errors.len > 0);
    errors.at[0] = 0;
    struct bytes scenario = scenario_of(l, &found, json);
    if (scenario.at) {
        load_scenario(l, &found, scenario);
        arena_free(l->arena, (void *)(uintptr_t)scenario.at, scenario.len);
    }
    json_scratch_open(&scratch, l->arena);
    struct json_errors again = {.out = room_of(errors.at, 0)}; /* what is not JSON has been told */
    if (json_parse(&top, &again, json, &scratch)) {
        top.errors = &found;
        check_document(&s, &top);
    }
    bool full = scratch.full;
    json_scratch_close(&scratch);
    return full ? STATUS_ENOMEM : found.count > 0 ? STATUS_EINVAL : 0;
}
