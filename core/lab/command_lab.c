/*
 * Commands about programs, links, frames and the lab itself.
 */
#include "lab/command.h"

#include "base/status.h"

#include <math.h>

int64_t command_start(struct command *c)
{
    struct json_at at = json_member(c->at, "app");
    const struct app_class *class = NULL;
    struct app_config config = {0};
    if (json_has(&at, "when"))
        json_fail(&at, "\"when\" belongs to the action");
    if (!at.value)
        json_expected(&at, "a program");
    else
        scenario_read_app(&c->s, &at, &class, &config);
    if (!command_begin(c))
        return STATUS_EINVAL;
    if (config.start_us < c->s.lab->now_us)
        config.start_us = c->s.lab->now_us;
    int id = host_start_app(c->host, class, &config, c->s.lab->now_us);
    if (id >= 0)
        cJSON_AddNumberToObject(c->reply, "app", id);
    return id;
}

int64_t command_stop(struct command *c)
{
    double id = -1;
    struct json_at m = json_member(c->at, "app");
    scenario_read_number(c->at, SCENARIO_DO_STOP, "app", &id);
    if (!m.value)
        json_expected(&m, "the number of a program");
    c->detail = (uint32_t)(int32_t)id;
    if (!command_begin(c))
        return STATUS_EINVAL;
    if (!host_app(c->host, (unsigned)id))
        return STATUS_ENOENT;
    host_stop_app(c->host, (unsigned)id, c->s.lab->now_us);
    return 0;
}

int64_t command_ping(struct command *c)
{
    struct app_config config = {.count = 4};
    struct json_at to = json_member(c->at, "to");
    if (!to.value)
        json_expected(&to, "an address or the name of a node");
    scenario_read_address(&c->s, c->at, "to", &config.peer.addr);
    scenario_read_stored(c->at, SCENARIO_DO_PING, &config);
    if (!command_begin(c))
        return STATUS_EINVAL;
    config.start_us = c->s.lab->now_us;
    int id = host_start_app(c->host, app_class_find(bytes_of("ping", 4)), &config, c->s.lab->now_us);
    if (id >= 0)
        cJSON_AddNumberToObject(c->reply, "app", id);
    return id;
}

int64_t command_link(struct command *c)
{
    struct link_config config;
    link_config_default(&config);
    struct link *link = c->link >= 0 ? lab_link(c->s.lab, (unsigned)c->link) : NULL;
    if (link)
        config = link->config;
    scenario_read_link_config(&c->s, c->at, &config);
    scenario_read_exactly(&c->s, c->at, link ? link->end : NULL, NULL);
    if (!command_begin(c))
        return STATUS_EINVAL;
    scenario_read_exactly(&c->s, c->at, link->end, link);
    link_configure(link, &config, c->s.lab->now_us);
    lab_carrier(c->s.lab, (unsigned)c->link);
    return 0;
}

/* The link that a frame is on, or NULL. */
static struct link *command_frame_link(const struct command *c)
{
    struct lab *l = c->s.lab;
    unsigned direction;
    for (unsigned i = 0; i < l->link_count; i++)
        if (link_find(l->link[i], c->frame, &direction))
            return l->link[i];
    return NULL;
}

int64_t command_drop(struct command *c)
{
    if (!command_begin(c))
        return STATUS_EINVAL;
    struct link *link = command_frame_link(c);
    return link ? link_drop(link, c->frame, c->s.lab->now_us) : STATUS_ENOENT;
}

int64_t command_delay(struct command *c)
{
    struct json_at m = json_member(c->at, "by_ms");
    double by_ms = 0;
    if (!m.value)
        json_expected(&m, "milliseconds");
    scenario_read_number(c->at, SCENARIO_DO_DELAY, "by_ms", &by_ms);
    uint32_t by_us = (uint32_t)llround(by_ms * 1000);
    c->detail = by_us;
    if (!command_begin(c))
        return STATUS_EINVAL;
    struct link *link = command_frame_link(c);
    return link ? link_delay(link, c->frame, by_us, c->s.lab->now_us) : STATUS_ENOENT;
}

int64_t command_duplicate(struct command *c)
{
    if (!command_begin(c))
        return STATUS_EINVAL;
    struct link *link = command_frame_link(c);
    int copy = link ? link_duplicate(link, c->frame, c->s.lab->now_us) : STATUS_ENOENT;
    if (copy > 0)
        cJSON_AddNumberToObject(c->reply, "frame", copy);
    return copy;
}

int64_t command_corrupt(struct command *c)
{
    struct link_flip flip = {0};
    struct json_at offset = json_member(c->at, "offset");
    if (!offset.value)
        json_expected(&offset, "which byte of the frame");
    scenario_read_stored(c->at, SCENARIO_DO_CORRUPT, &flip);
    c->detail = flip.offset_bytes;
    if (!command_begin(c))
        return STATUS_EINVAL;
    struct link *link = command_frame_link(c);
    return link ? link_corrupt(link, c->frame, flip, c->s.lab->now_us) : STATUS_ENOENT;
}

int64_t command_drop_next(struct command *c)
{
    double direction = 0, count = 1;
    unsigned match = LINK_MATCH_ANY;
    scenario_read_number(c->at, SCENARIO_DO_DROP_NEXT, "direction", &direction);
    scenario_read_number(c->at, SCENARIO_DO_DROP_NEXT, "count", &count);
    scenario_read_choice(c->at, SCENARIO_DO_DROP_NEXT, "match", &match);
    c->detail = match;
    if (!command_begin(c))
        return STATUS_EINVAL;
    return link_drop_next(lab_link(c->s.lab, (unsigned)c->link), (unsigned)direction, (enum link_match)match,
                          (uint32_t)count);
}

/* Adds a wish, or without one forgets all. */
int64_t command_exactly(struct command *c)
{
    struct link *link = c->link >= 0 ? lab_link(c->s.lab, (unsigned)c->link) : NULL;
    struct link_exact wish;
    bool wishes = scenario_read_exact(&c->s, c->at, link ? link->end : NULL, &wish);
    if (!command_begin(c))
        return STATUS_EINVAL;
    wish.cause = c->event;
    if (wishes)
        return link_exact_add(link, &wish);
    link_exact_clear(link);
    return 0;
}

int64_t command_faults(struct command *c)
{
    struct json_at list = json_member(c->at, "faults");
    struct host_faults faults = {0};
    if (!list.value)
        json_expected(&list, "an array of names");
    scenario_read_faults(c->at, &faults);
    c->detail = faults.host | faults.tcp << HOST_FAULT_COUNT;
    if (!command_begin(c))
        return STATUS_EINVAL;
    host_set_faults(c->host, faults);
    return 0;
}

int64_t command_add_host(struct command *c)
{
    if (c->checking)
        return 0; /* its node is read when it is built, and that is when its time comes */
    unsigned before = c->s.errors->count;
    int node = scenario_add_node(&c->s, c->at, SCENARIO_DO_ADD_HOST);
    if (node < 0)
        return node;
    c->node = node;
    c->host = lab_host(c->s.lab, (unsigned)node);
    scenario_add_routes(&c->s, c->at, (unsigned)node);
    if (!command_begin(c))
        return STATUS_EINVAL;
    scenario_add_apps(&c->s, c->at, node);
    cJSON_AddNumberToObject(c->reply, "node", node);
    return c->s.errors->count == before ? node : STATUS_EINVAL;
}

int64_t command_add_link(struct command *c)
{
    if (c->checking)
        return 0;
    int link = scenario_add_link(&c->s, c->at, SCENARIO_DO_ADD_LINK);
    if (link < 0)
        return link;
    c->link = link;
    if (!command_begin(c))
        return STATUS_EINVAL;
    cJSON_AddNumberToObject(c->reply, "link", link);
    return link;
}

/* Looks and changes nothing, so it never begins. */
int64_t command_describe(struct command *c)
{
    struct json_at m = json_member(c->at, "node");
    struct bytes name = {0};
    bool detail = false;
    cJSON *state = NULL;
    json_bool(c->at, "detail", &detail);
    json_text(c->at, "node", &name);
    int node = name.at ? scenario_find_node(&c->s, &m, name) : 0;
    if (c->checking || c->s.errors->count > 0 || node < 0)
        return STATUS_EINVAL;
    state = name.at ? describe_node(c->s.lab, (unsigned)node, detail) : describe_lab(c->s.lab, detail);
    if (!state)
        return STATUS_ENOMEM;
    for (cJSON *member = state->child; member; member = state->child)
        cJSON_AddItemToObject(c->reply, member->string, cJSON_DetachItemViaPointer(state, member));
    return 0;
}
