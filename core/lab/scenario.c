/*
 * A scenario, version 1: a JSON document that says which machines there are, how they are joined, which
 * programs they run, and what is done to them when. Everything that is wrong is told at once, each fault by
 * its path.
 *
 * It is read in this order: nodes, routes, links, programs, actions. Nothing is built any more after the
 * first fault; the rest is only read.
 */
#include "lab/scenario.h"

#include "base/status.h"

enum { SCENARIO_VERSION = 1 };

const cJSON *scenario_list(const struct json_at *at, enum scenario_object object, const char *name)
{
    struct json_at list = json_member(at, name);
    double max = scenario_field_find(object, name)->field.max;
    if (!list.value)
        return NULL;
    if (!cJSON_IsArray(list.value)) {
        json_expected(&list, "an array");
        return NULL;
    }
    if (cJSON_GetArraySize(list.value) > max)
        json_fail(&list, "at most %.15g are possible", max);
    return list.value->child;
}

static void scenario_nodes(struct scenario *s, const struct json_at *top)
{
    struct json_at nodes = json_member(top, "nodes");
    if (!cJSON_IsArray(nodes.value) || cJSON_GetArraySize(nodes.value) == 0) {
        json_expected(&nodes, "an array of at least one node");
        return;
    }
    s->nodes = nodes.value->child;
    const cJSON *first = scenario_list(top, SCENARIO_SCENARIO, "nodes");
    unsigned index = 0;
    for (const cJSON *n = first; n; n = n->next, index++) {
        struct json_at at = json_element(&nodes, index, n);
        scenario_add_node(s, &at, SCENARIO_NODE);
    }
    index = 0;
    for (const cJSON *n = first; n && s->errors->count == 0; n = n->next, index++) {
        struct json_at at = json_element(&nodes, index, n);
        scenario_add_routes(s, &at, index);
    }
}

static void scenario_links(struct scenario *s, const struct json_at *top)
{
    struct json_at links = json_member(top, "links");
    unsigned index = 0;
    for (const cJSON *n = scenario_list(top, SCENARIO_SCENARIO, "links"); n; n = n->next, index++) {
        struct json_at at = json_element(&links, index, n);
        scenario_add_link(s, &at, SCENARIO_LINK);
    }
}

static void scenario_apps(struct scenario *s, const struct json_at *top)
{
    struct json_at nodes = json_member(top, "nodes");
    unsigned index = 0;
    for (const cJSON *n = scenario_list(top, SCENARIO_SCENARIO, "nodes"); n; n = n->next, index++) {
        struct json_at at = json_element(&nodes, index, n);
        if (cJSON_IsObject(n))
            scenario_add_apps(s, &at, s->errors->count == 0 ? (int)index : STATUS_ENOENT);
    }
}

void scenario_schedule(struct scenario *s, const struct json_at *at, int64_t at_us, int32_t planned,
                       const cJSON *command)
{
    struct json_at when_at = json_member(at, "when");
    struct lab_when when;
    if (when_at.value && !scenario_read_when(s, &when_at, at_us, &when))
        return;
    if (s->errors->count > 0)
        return;
    char *json = cJSON_PrintUnformatted(command);
    int status = !json           ? STATUS_ENOMEM
                 : when_at.value ? lab_wait_for(s->lab, &when, planned, bytes_of(json, strlen(json)))
                                 : lab_schedule(s->lab, at_us, 0, planned, bytes_of(json, strlen(json)));
    if (status < 0)
        json_fail(at, "out of memory");
}

/* Notes one action for its time, in the words of the document. */
static void scenario_action(struct scenario *s, const struct json_at *at, int32_t planned)
{
    struct lab_when when = {.from_us = 0};
    if (!json_is_object(at))
        return;
    scenario_read_stored(at, SCENARIO_ACTION, &when);
    command_check(s, at);
    cJSON *command = cJSON_Duplicate(at->value, true);
    cJSON_DeleteItemFromObjectCaseSensitive(command, "when");
    scenario_schedule(s, at, when.from_us, planned, command);
}

bool scenario_will(const struct scenario *s, const char *what, const struct bytes *name)
{
    for (const cJSON *n = s->actions; n; n = n->next) {
        const cJSON *what_is = cJSON_GetObjectItemCaseSensitive(n, "do");
        const cJSON *name_is = cJSON_GetObjectItemCaseSensitive(n, "name");
        if (!cJSON_IsString(what_is) || strcmp(what_is->valuestring, what) != 0)
            continue;
        if (!name || (cJSON_IsString(name_is) &&
                      bytes_equal(*name, bytes_of(name_is->valuestring, strlen(name_is->valuestring)))))
            return true;
    }
    return false;
}

static void scenario_actions(struct scenario *s, const struct json_at *top)
{
    struct json_at actions = json_member(top, "actions");
    unsigned index = 0;
    s->actions = cJSON_IsArray(actions.value) ? actions.value->child : NULL;
    for (const cJSON *n = scenario_list(top, SCENARIO_SCENARIO, "actions"); n; n = n->next, index++) {
        struct json_at at = json_element(&actions, index, n);
        scenario_action(s, &at, (int32_t)index + 1);
    }
}

/* What ends the run, besides its time. */
static void scenario_end(struct scenario *s, const struct json_at *top)
{
    struct json_at at = json_member(top, "end_when");
    struct lab_when when;
    if (!at.value || !scenario_read_when(s, &at, 0, &when) || s->errors->count > 0)
        return;
    if (lab_wait_for(s->lab, &when, LAB_BY_PROGRAM, bytes_of(NULL, 0)) < 0)
        json_fail(&at, "out of memory");
}

static void scenario_read(struct scenario *s, const struct json_at *top)
{
    struct scenario_head head = {0};
    struct bytes text;
    double version = SCENARIO_VERSION;
    if (!json_is_object(top))
        return;
    scenario_check_names(top, SCENARIO_SCENARIO, s->scratch);
    scenario_read_number(top, SCENARIO_SCENARIO, "tcplab", &version);
    json_text(top, "title", &text);
    json_text(top, "description", &text);
    json_text(top, "$schema", &text);
    scenario_read_stored(top, SCENARIO_SCENARIO, &head);
    scenario_nodes(s, top);
    scenario_links(s, top);
    scenario_apps(s, top);
    scenario_actions(s, top);
    scenario_end(s, top);
}

int lab_load(struct lab *l, struct bytes json, struct room errors)
{
    struct json_errors found = {.out = errors};
    struct json_scratch scratch;
    struct json_at top = {0};
    if (errors.len > 0)
        errors.at[0] = 0;
    json_scratch_open(&scratch, l->arena);
    struct scenario s = {.lab = l, .scratch = &scratch, .errors = &found};
    if (json_parse(&top, &found, json, &scratch))
        scenario_read(&s, &top);
    bool full = scratch.full;
    json_scratch_close(&scratch);
    json_errors_end(&found);
    if (found.count == 0)
        for (unsigned i = 0; i < l->node_count; i++)
            lab_settle(l, i);
    lab_look_at_waits(l);
    return full ? STATUS_ENOMEM : found.count ? STATUS_EINVAL : 0;
}

bool lab_outline_read(struct lab_outline *out, struct bytes json, struct room memory)
{
    char text[2];
    struct json_errors ignored = {.out = room_of(text, sizeof text)};
    struct scenario_head head = {.seed = 1, .end_us = TIME_NEVER};
    struct json_at top = {0};
    struct json_scratch scratch;
    struct arena *a = arena_create(memory.at, memory.len);
    bool good = false;
    if (a) {
        json_scratch_open(&scratch, a);
        good = json_parse(&top, &ignored, json, &scratch) && cJSON_IsObject(top.value) &&
               scenario_read_stored(&top, SCENARIO_SCENARIO, &head);
        json_scratch_close(&scratch);
    }
    *out = (struct lab_outline){head.seed, head.end_us};
    return good;
}
