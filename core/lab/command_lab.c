/*
 * Commands about programs, links, frames and the lab itself.
 */
#include "lab/command.h"

#include "base/status.h"

static const char *const command_names[] = {"do", "at_ms", "comment", NULL};
static const char *const link_command_names[] = {"do", "at_ms", "comment", "link", NULL};

int64_t command_start(struct command *c)
{
    struct json_at at = json_member(c->at, "app");
    const struct app_class *class = NULL;
    struct app_config config = {0};
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
    json_whole(c->at, "app", 0, HOST_APPS_MAX, &id);
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
    static const struct json_field fields[] = {
        {"count", JSON_U32, offsetof(struct app_config, count), 1, 100000},
        {"interval_ms", JSON_MS_AS_US32, offsetof(struct app_config, interval_us), 0, 0},
        {"bytes", JSON_U64, offsetof(struct app_config, total_bytes), 0, 1400},
        {.kind = JSON_END},
    };
    struct app_config config = {.count = 4};
    struct json_at to = json_member(c->at, "to");
    if (!to.value)
        json_expected(&to, "an address or the name of a node");
    scenario_read_address(&c->s, c->at, "to", &config.peer.addr);
    json_read_fields(c->at, fields, &config);
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
    const char *const *const groups[] = {link_command_names, scenario_link_names(&c->s), NULL};
    struct link_config config;
    link_config_default(&config);
    if (c->link >= 0)
        config = lab_link(c->s.lab, (unsigned)c->link)->config;
    json_check_names(c->at, groups);
    scenario_read_link_config(&c->s, c->at, &config);
    if (!command_begin(c))
        return STATUS_EINVAL;
    link_configure(lab_link(c->s.lab, (unsigned)c->link), &config, c->s.lab->now_us);
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
    static const struct json_field by[] = {{"by_ms", JSON_MS_AS_US32, 0, 0, 0}, {.kind = JSON_END}};
    struct json_at m = json_member(c->at, "by_ms");
    uint32_t by_us = 0;
    if (!m.value)
        json_expected(&m, "milliseconds");
    json_read_fields(c->at, by, &by_us);
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
    static const struct json_field fields[] = {
        {"offset", JSON_U32, offsetof(struct link_flip, offset_bytes), 0, UINT16_MAX + 18},
        {"bit", JSON_U8, offsetof(struct link_flip, bit), 0, 7},
        {"inside", JSON_BOOLEAN, offsetof(struct link_flip, inside), 0, 0},
        {.kind = JSON_END},
    };
    struct link_flip flip = {0};
    struct json_at offset = json_member(c->at, "offset");
    if (!offset.value)
        json_expected(&offset, "which byte of the frame");
    json_read_fields(c->at, fields, &flip);
    c->detail = flip.offset_bytes;
    if (!command_begin(c))
        return STATUS_EINVAL;
    struct link *link = command_frame_link(c);
    return link ? link_corrupt(link, c->frame, flip, c->s.lab->now_us) : STATUS_ENOENT;
}

int64_t command_drop_next(struct command *c)
{
    static const char *const matches[] = {
#define X(NAME, text) text,
        LINK_MATCH_LIST(X)
#undef X
            NULL};
    double direction = 0, count = 1;
    unsigned match = LINK_MATCH_ANY;
    json_whole(c->at, "direction", 0, 1, &direction);
    json_whole(c->at, "count", 1, 1000000, &count);
    json_choice(c->at, "match", matches, &match);
    c->detail = match;
    if (!command_begin(c))
        return STATUS_EINVAL;
    return link_drop_next(lab_link(c->s.lab, (unsigned)c->link), (unsigned)direction, (enum link_match)match,
                          (uint32_t)count);
}

int64_t command_add_host(struct command *c)
{
    if (c->checking)
        return 0; /* its node is read when it is built, and that is when its time comes */
    unsigned before = c->s.errors->count;
    int node = scenario_add_node(&c->s, c->at, command_names);
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
    int link = scenario_add_link(&c->s, c->at, command_names);
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
    cJSON *state = NULL;
    json_text(c->at, "node", &name);
    int node = name.at ? scenario_find_node(&c->s, &m, name) : 0;
    if (c->checking || c->s.errors->count > 0 || node < 0)
        return STATUS_EINVAL;
    state = name.at ? describe_node(c->s.lab, (unsigned)node) : describe_lab(c->s.lab);
    if (!state)
        return STATUS_ENOMEM;
    for (cJSON *member = state->child; member; member = state->child)
        cJSON_AddItemToObject(c->reply, member->string, cJSON_DetachItemViaPointer(state, member));
    return 0;
}
