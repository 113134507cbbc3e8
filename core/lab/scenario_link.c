/*
 * A scenario's links: whom they join, and what they do to frames.
 */
#include "lab/scenario.h"

#include "base/status.h"

#include <stdio.h>

enum { LINK_MTU_MIN = 68, LOOP_TEXT_MAX = 256 };

static const char *const direction_names[] = {"a_to_b", "b_to_a"};

bool scenario_read_link_config(struct scenario *s, const struct json_at *at, struct link_config *config)
{
    unsigned before = s->errors->count;
    struct json_at mtu_at = json_member(at, "mtu");
    double mtu = config->mtu_bytes;
    if (scenario_read_number(at, SCENARIO_SETTINGS, "mtu", &mtu) && mtu > 0 && mtu < LINK_MTU_MIN)
        json_expected(&mtu_at, "0 or a whole number from 68 to 65535");
    config->mtu_bytes = (uint32_t)mtu;
    scenario_read_stored(at, SCENARIO_WAY, &config->way[0]);
    scenario_copy_given(at, SCENARIO_WAY, &config->way[1], &config->way[0]); /* both directions */
    for (unsigned d = 0; d < 2; d++) {
        struct json_at direction = json_member(at, direction_names[d]);
        if (!direction.value || !json_is_object(&direction))
            continue;
        scenario_check_names(&direction, SCENARIO_WAY, s->scratch);
        scenario_read_stored(&direction, SCENARIO_WAY, &config->way[d]);
    }
    return s->errors->count == before;
}

/* "client" is its first interface without a link, "client:1" the second. */
static bool scenario_read_end(struct scenario *s, const struct json_at *at, struct link_end *out)
{
    if (!cJSON_IsString(at->value))
        return json_expected(at, "a node's name, like \"client\" or \"client:0\"");
    struct bytes text = bytes_of(at->value->valuestring, strlen(at->value->valuestring));
    const uint8_t *colon = memchr(text.at, ':', text.len);
    size_t name_len = colon ? (size_t)(colon - text.at) : text.len;
    int node = scenario_find_node(s, at, bytes_first(text, name_len));
    if (node < 0)
        return false;
    bool is_switch = lab_is_switch(s->lab, (unsigned)node);
    unsigned count = is_switch ? LAB_PORTS_MAX : host_netif_count(lab_host(s->lab, (unsigned)node)),
             number = 0;
    out->node = (uint8_t)node;
    out->iface = 0;
    if (colon) {
        const uint8_t *c = colon + 1;
        for (; *c >= '0' && *c <= '9' && c < colon + 3; c++)
            number = number * 10 + (unsigned)(*c - '0');
        if (c == colon + 1 || *c || number >= count)
            return json_fail(at, "that node has %s 0 to %u", is_switch ? "ports" : "interfaces", count - 1);
        out->iface = (uint8_t)number;
    } else {
        while (out->iface + 1u < count && lab_link_at(s->lab, *out) >= 0)
            out->iface++;
    }
    if (lab_link_at(s->lab, *out) >= 0)
        return json_fail(at, is_switch && !colon ? "has a link at each of its ports" : "has a link already");
    return true;
}

static bool scenario_read_ends(struct scenario *s, const struct json_at *at, struct link_end end[2])
{
    struct json_at between = json_member(at, "between");
    if (!cJSON_IsArray(between.value) || cJSON_GetArraySize(between.value) != 2)
        return json_expected(&between, "two nodes, like [\"client\", \"server\"]");
    bool good = true;
    for (unsigned i = 0; i < 2; i++) {
        struct json_at e = json_element(&between, i, cJSON_GetArrayItem(between.value, (int)i));
        good = scenario_read_end(s, &e, &end[i]) && good;
    }
    if (good && end[0].node == end[1].node && end[0].iface == end[1].iface)
        return json_fail(&between, "a link joins two interfaces, not one with itself");
    return good;
}

/* Would the link close a loop of switches? Notes the way round. */
static bool scenario_closes_loop(struct scenario *s, const struct json_at *at, const struct link_end end[2])
{
    uint8_t way[LAB_NODES_MAX];
    char text[LOOP_TEXT_MAX] = "";
    size_t len = 0;
    struct json_at between = json_member(at, "between");
    unsigned count = lab_switch_way(s->lab, end[0].node, end[1].node, way);
    for (unsigned i = 0; i < count && len < sizeof text; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s - ", host_name(lab_host(s->lab, way[i])));
    if (count > 0)
        json_fail(&between, "closes a loop of switches, in which frames would go round for ever: %s%s", text,
                  host_name(lab_host(s->lab, end[0].node)));
    return count > 0;
}

int scenario_add_link(struct scenario *s, const struct json_at *at, enum scenario_object as)
{
    struct link_config config;
    struct link_end end[2] = {{0}};
    struct bytes name = {0};
    if (!json_is_object(at))
        return STATUS_EINVAL;
    link_config_default(&config);
    scenario_check_names(at, as, s->scratch);
    struct json_at name_at = json_member(at, "name");
    if (json_text(at, "name", &name) && name.at && (name.len == 0 || name.len > LAB_NAME_MAX))
        json_expected(&name_at, "a name of 1 to 31 bytes");
    scenario_read_link_config(s, at, &config);
    bool joined = scenario_read_ends(s, at, end);
    scenario_read_exactly(s, at, joined ? end : NULL, NULL);
    if (!joined || scenario_closes_loop(s, at, end) || s->errors->count > 0)
        return STATUS_EINVAL;
    int number = lab_add_link(s->lab, end[0], end[1], &config);
    if (number < 0) {
        json_fail(at, "cannot be made: both interfaces must be of one kind, and there may be 128 links (%s)",
                  status_phrase(number));
        return number;
    }
    char by_number[] = {'l',
                        'i',
                        'n',
                        'k',
                        (char)('0' + number / 100),
                        (char)('0' + number / 10 % 10),
                        (char)('0' + number % 10)};
    int status =
        lab_name_link(s->lab, (unsigned)number, name.at ? name : bytes_of(by_number, sizeof by_number));
    if (status < 0) {
        json_fail(&name_at, "another link has that name");
        return status;
    }
    scenario_read_exactly(s, at, end, s->lab->link[number]);
    return number;
}
