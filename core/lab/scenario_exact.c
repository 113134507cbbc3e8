/*
 * What a scenario says exactly: which frames of a link are meant, and what an action waits for.
 */
#include "lab/scenario.h"

#include "base/status.h"

/* 3, or [7, 9]. */
static void read_nth(const struct json_at *at, struct link_exact *out)
{
    struct json_at m = json_member(at, "nth");
    const cJSON *first = m.value, *last = m.value;
    if (!m.value)
        return;
    if (cJSON_IsArray(m.value)) {
        first = cJSON_GetArrayItem(m.value, 0);
        last = cJSON_GetArraySize(m.value) == 2 ? cJSON_GetArrayItem(m.value, 1) : NULL;
    }
    double from = cJSON_GetNumberValue(first), to = cJSON_GetNumberValue(last); /* NaN when it is none */
    if (!json_is_u32(first) || !json_is_u32(last) || from < 1 || to < from) {
        json_expected(&m, "a whole number from 1, or the first and the last, like [7, 9]");
        return;
    }
    out->first = (uint32_t)from;
    out->last = (uint32_t)to;
}

/* The direction that begins at a machine, or both. */
static void read_from(struct scenario *s, const struct json_at *at, const struct link_end *end,
                      struct link_exact *out)
{
    struct json_at m = json_member(at, "from");
    struct bytes name = {0};
    if (!json_text(at, "from", &name) || !name.at)
        return;
    int node = scenario_find_node(s, &m, name);
    if (node < 0 || !end)
        return;
    if (end[0].node != node && end[1].node != node)
        json_fail(&m, "is at neither end of this link");
    out->direction = end[0].node != node;
}

static void read_pick(struct scenario *s, const struct json_at *at, const struct link_end *end,
                      struct link_exact *out)
{
    static const enum scenario_object object_of[] = {[LINK_EXACT_DROP] = SCENARIO_PICK,
                                                     [LINK_EXACT_DELAY] = SCENARIO_PICK_DELAY,
                                                     [LINK_EXACT_DUPLICATE] = SCENARIO_PICK,
                                                     [LINK_EXACT_CORRUPT] = SCENARIO_PICK_CORRUPT};
    enum scenario_object object = object_of[out->kind];
    struct json_at by = json_member(at, "by_ms"), offset = json_member(at, "offset");
    unsigned match = LINK_MATCH_ANY;
    double every = 1;
    if (!json_is_object(at))
        return;
    scenario_check_names(at, object, s->scratch);
    scenario_read_choice(at, SCENARIO_PICK, "match", &match);
    scenario_read_number(at, SCENARIO_PICK, "every", &every);
    out->match = (enum link_match)match;
    out->every = (uint32_t)every;
    read_from(s, at, end, out);
    read_nth(at, out);
    if (out->kind == LINK_EXACT_DELAY && !by.value)
        json_expected(&by, "milliseconds");
    if (out->kind == LINK_EXACT_CORRUPT && !offset.value)
        json_expected(&offset, "which byte of the frame");
    if (object != SCENARIO_PICK)
        scenario_read_stored(at, object, out);
}

bool scenario_read_exact(struct scenario *s, const struct json_at *at, const struct link_end *end,
                         struct link_exact *out)
{
    static const char *const kinds[] = {
#define X(NAME, text) text,
        LINK_EXACT_LIST(X)
#undef X
    };
    unsigned before = s->errors->count, found = 0;
    *out = (struct link_exact){.direction = 2, .first = 1, .last = UINT32_MAX, .every = 1};
    for (unsigned k = 0; k < LINK_EXACT_KIND_COUNT; k++) {
        struct json_at pick = json_member(at, kinds[k]);
        if (!pick.value)
            continue;
        found++;
        out->kind = (enum link_exact_kind)k;
        read_pick(s, &pick, end, out);
    }
    if (found > 1)
        json_fail(at, "expected one of \"drop\", \"delay\", \"duplicate\" and \"corrupt\", got %u", found);
    return found == 1 && s->errors->count == before;
}

void scenario_read_exactly(struct scenario *s, const struct json_at *at, const struct link_end *end,
                           struct link *link)
{
    struct json_at list = json_member(at, "exactly");
    unsigned index = 0;
    if (link && list.value)
        link_exact_clear(link);
    for (const cJSON *n = scenario_list(at, SCENARIO_SETTINGS, "exactly"); n; n = n->next, index++) {
        struct json_at e = json_element(&list, index, n);
        struct link_exact wish;
        if (!json_is_object(&e))
            continue;
        scenario_check_names(&e, SCENARIO_EXACT, s->scratch);
        if (scenario_read_exact(s, &e, end, &wish)) {
            wish.cause = trace_cause(s->lab->trace);
            if (link)
                link_exact_add(link, &wish); /* as many as there is room for: more were told by the list */
        } else if (!json_has(&e, "drop") && !json_has(&e, "delay") && !json_has(&e, "duplicate") &&
                   !json_has(&e, "corrupt")) {
            json_expected(&e, "\"drop\", \"delay\", \"duplicate\" or \"corrupt\"");
        }
    }
}

/* The node of that name; TRACE_NO_NODE when the member is not there. */
static uint8_t read_node(struct scenario *s, const struct json_at *at, const char *name)
{
    struct json_at m = json_member(at, name);
    struct bytes text = {0};
    if (!json_text(at, name, &text) || !text.at)
        return TRACE_NO_NODE;
    int node = scenario_find_node(s, &m, text);
    return node < 0 ? TRACE_NO_NODE : (uint8_t)node;
}

bool scenario_read_when(struct scenario *s, const struct json_at *at, int64_t from_us, struct lab_when *out)
{
    unsigned before = s->errors->count, state = 0, event = 0, match = 0;
    bool has_state = json_has(at, "state"), has_event = json_has(at, "event"),
         has_match = json_has(at, "match");
    double port = 0, nth = 1;
    if (!json_is_object(at))
        return false;
    scenario_check_names(at, SCENARIO_WHEN, s->scratch);
    *out = (struct lab_when){.kind = has_state   ? LAB_WHEN_STATE
                                     : has_event ? LAB_WHEN_EVENT
                                                 : LAB_WHEN_FRAME,
                             .from_us = from_us};
    if (has_state + has_event + has_match != 1)
        json_expected(at, "one of \"state\", \"event\" and \"match\"");
    scenario_read_choice(at, SCENARIO_WHEN, "state", &state);
    scenario_read_choice(at, SCENARIO_WHEN, "event", &event);
    scenario_read_choice(at, SCENARIO_WHEN, "match", &match);
    scenario_read_number(at, SCENARIO_WHEN, "port", &port);
    scenario_read_number(at, SCENARIO_WHEN, "nth", &nth);
    scenario_read_stored(at, SCENARIO_WHEN, out);
    if (json_has(at, "port") && !has_state)
        json_fail(at, "\"port\" belongs to \"state\"");
    if (json_has(at, "from") && !has_match)
        json_fail(at, "\"from\" belongs to \"match\"");
    out->state = (uint8_t)state;
    out->event = (uint16_t)(event + 1); /* TRACE_NOTHING has no name */
    out->match = (uint8_t)match;
    out->port = (uint16_t)port;
    out->nth = (uint32_t)nth;
    out->node = read_node(s, at, "node");
    out->from = read_node(s, at, "from");
    return s->errors->count == before;
}
