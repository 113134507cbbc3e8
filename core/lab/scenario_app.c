/*
 * A scenario's programs, and the values that they share with commands: endpoints, data, names of nodes.
 */
#include "lab/scenario.h"

#include "base/status.h"
#include "lab/base64.h"

int scenario_find_node(struct scenario *s, const struct json_at *at, struct bytes name)
{
    int node = lab_find_node(s->lab, name);
    if (node >= 0)
        return node;
    for (const cJSON *n = s->nodes; n; n = n->next) {
        const cJSON *other = cJSON_GetObjectItemCaseSensitive(n, "name");
        if (cJSON_IsString(other) &&
            bytes_equal(name, bytes_of(other->valuestring, strlen(other->valuestring))))
            return STATUS_ENOENT; /* it was not built, which is told elsewhere */
    }
    if (!scenario_will(s, "add_host", &name))
        json_expected(at, "the name of a node");
    return STATUS_ENOENT;
}

/* An address, or a node's name, which means the address of its first interface. */
static bool scenario_parse_address(struct scenario *s, const struct json_at *at, struct bytes text,
                                   struct ip_addr *out)
{
    if (ip_addr_parse(out, text) == 0)
        return true;
    unsigned before = s->errors->count;
    int node = scenario_find_node(s, at, text);
    if (node >= 0 && lab_is_switch(s->lab, (unsigned)node))
        return json_fail(at, "is a switch, which has no address");
    if (node >= 0)
        *out = host_netif(lab_host(s->lab, (unsigned)node), 0)->config.addr;
    return s->errors->count == before;
}

bool scenario_read_address(struct scenario *s, const struct json_at *at, const char *name,
                           struct ip_addr *out)
{
    struct json_at m = json_member(at, name);
    struct bytes text = {0};
    if (!json_text(at, name, &text) || !text.at)
        return !m.value;
    return scenario_parse_address(s, &m, text, out);
}

bool scenario_read_endpoint(struct scenario *s, const struct json_at *at, const char *name,
                            struct ip_endpoint *out)
{
    struct json_at m = json_member(at, name);
    struct bytes text = {0};
    if (!json_text(at, name, &text) || !text.at)
        return !m.value;
    size_t colon = text.len;
    while (colon > 0 && text.at[colon - 1] != ':')
        colon--;
    unsigned port = 0, digits = 0;
    for (size_t i = colon; i < text.len && digits < 6; i++, digits++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return json_expected(&m, "an address and port, like \"10.0.0.2:80\"");
        port = port * 10 + (unsigned)(text.at[i] - '0');
    }
    if (colon < 2 || digits == 0 || port > UINT16_MAX)
        return json_expected(&m, "an address and port, like \"10.0.0.2:80\"");
    struct bytes host = bytes_first(text, colon - 1);
    if (host.len > 2 && host.at[0] == '[' && host.at[host.len - 1] == ']')
        host = bytes_first(bytes_from(host, 1), host.len - 2);
    out->port = (uint16_t)port;
    return scenario_parse_address(s, &m, host, &out->addr);
}

bool scenario_read_data(struct scenario *s, const struct json_at *at, struct bytes *out, bool *given)
{
    struct json_at base64 = json_member(at, "base64");
    struct bytes text = {0};
    bool blob = false;
    *given = json_has(at, "text") || base64.value || json_has(at, "blob");
    if (json_has(at, "text") + (base64.value != NULL) + json_has(at, "blob") > 1)
        return json_fail(at, "only one of \"text\", \"base64\" and \"blob\" can say what to send");
    if (!json_text(at, "text", out) || !json_text(at, "base64", &text) || !json_bool(at, "blob", &blob))
        return false;
    if (blob)
        *out = s->lab->blob;
    if (!text.at)
        return true;
    uint8_t *data = json_alloc(s->scratch, text.len / 4 * 3 + 1);
    int64_t len = data ? base64_decode(data, text) : STATUS_ENOMEM;
    if (len < 0)
        return len == STATUS_ENOMEM ? json_fail(&base64, "out of memory") : json_expected(&base64, "base64");
    *out = bytes_of(data, (size_t)len);
    return true;
}

bool scenario_read_app(struct scenario *s, const struct json_at *at, const struct app_class **class,
                       struct app_config *config)
{
    unsigned before = s->errors->count, protocol = 0;
    struct json_at name_at = json_member(at, "app");
    struct bytes name = {0};
    bool given;
    double socket = 0;
    *config = (struct app_config){0};
    *class = NULL;
    if (!json_is_object(at))
        return false;
    scenario_check_names(at, SCENARIO_APP, s->scratch);
    json_text(at, "app", &name);
    if (name.at)
        *class = app_class_find(name);
    if (!*class && (name.at || !name_at.value))
        json_expected(&name_at, "a program: \"echo\", \"sender\", \"receiver\" or \"ping\"");
    scenario_read_stored(at, SCENARIO_APP, config);
    scenario_read_choice(at, SCENARIO_APP, "protocol", &protocol);
    config->udp = protocol == 1;
    scenario_read_number(at, SCENARIO_APP, "socket", &socket);
    config->socket = (int)socket;
    scenario_read_data(s, at, &config->data, &given);
    struct json_at to = json_member(at, "to");
    bool is_ping = *class && strcmp((*class)->name, "ping") == 0;
    if (is_ping && cJSON_IsString(to.value) && !strchr(to.value->valuestring, ':'))
        scenario_read_address(s, at, "to", &config->peer.addr);
    else
        scenario_read_endpoint(s, at, "to", &config->peer);
    if (*class && !to.value && (is_ping || (strcmp((*class)->name, "sender") == 0 && socket == 0)))
        json_expected(&to, "whom to send to");
    return s->errors->count == before;
}

/* A program that waits for something is an action that starts it. */
static void scenario_start_when(struct scenario *s, const struct json_at *at, int node, int64_t from_us)
{
    struct json_at when = json_member(at, "when");
    struct lab_when ignored;
    if (node < 0) {
        scenario_read_when(s, &when, from_us, &ignored);
        return;
    }
    cJSON *command = cJSON_CreateObject(), *app = cJSON_Duplicate(at->value, true);
    cJSON_DeleteItemFromObjectCaseSensitive(app, "when");
    cJSON_DeleteItemFromObjectCaseSensitive(app, "start_ms");
    cJSON_AddStringToObject(command, "do", "start");
    cJSON_AddStringToObject(command, "node", host_name(lab_host(s->lab, (unsigned)node)));
    cJSON_AddItemToObject(command, "app", app);
    scenario_schedule(s, at, from_us, LAB_BY_PROGRAM, command);
}

void scenario_add_apps(struct scenario *s, const struct json_at *node_at, int node)
{
    struct json_at list = json_member(node_at, "apps");
    unsigned index = 0;
    for (const cJSON *n = scenario_list(node_at, SCENARIO_NODE, "apps"); n; n = n->next, index++) {
        struct json_at at = json_element(&list, index, n);
        const struct app_class *class;
        struct app_config config;
        bool good = scenario_read_app(s, &at, &class, &config);
        if (json_has(&at, "when")) {
            scenario_start_when(s, &at, node, config.start_us);
            continue;
        }
        if (!good || node < 0 || s->errors->count > 0)
            continue;
        int id = host_start_app(lab_host(s->lab, (unsigned)node), class, &config, s->lab->now_us);
        if (id < 0)
            json_fail(&at, "cannot be started: %s", status_phrase(id));
    }
}
