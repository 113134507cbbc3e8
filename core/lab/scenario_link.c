/*
 * A scenario's links: whom they join, and what they do to frames.
 */
#include "lab/scenario.h"

#include "base/status.h"

enum { LINK_MTU_MIN = 68, LINK_MTU_MAX = 65535 };

const struct json_field scenario_link_fields[] = {
    {"delay_ms", JSON_MS_AS_US32, offsetof(struct link_config, delay_us), 0, 0},
    {"jitter_ms", JSON_MS_AS_US32, offsetof(struct link_config, jitter_us), 0, 0},
    {"reorder_by_jitter", JSON_BOOLEAN, offsetof(struct link_config, reorder_by_jitter), 0, 0},
    {"rate_bit_per_s", JSON_U64, offsetof(struct link_config, rate_bit_per_s), 0, 1e12},
    {"queue_frames", JSON_U32, offsetof(struct link_config, queue_frames), 0, UINT16_MAX},
    {"up", JSON_BOOLEAN, offsetof(struct link_config, up), 0, 0},
    {.kind = JSON_END},
};

/* Apart: 0 means "what the interfaces say", and what is too small is told. */
static const struct json_field link_mtu_field = {"mtu", JSON_U32, offsetof(struct link_config, mtu_bytes), 0,
                                                 LINK_MTU_MAX};

const struct json_field scenario_fault_fields[] = {
    {"loss", JSON_CHANCE_PPM, offsetof(struct link_faults, loss_ppm), 0, 0},
    {"duplicate", JSON_CHANCE_PPM, offsetof(struct link_faults, duplicate_ppm), 0, 0},
    {"reorder", JSON_CHANCE_PPM, offsetof(struct link_faults, reorder_ppm), 0, 0},
    {"reorder_ms", JSON_MS_AS_US32, offsetof(struct link_faults, reorder_us), 0, 0},
    {"corrupt", JSON_CHANCE_PPM, offsetof(struct link_faults, corrupt_ppm), 0, 0},
    {"corrupt_inside", JSON_CHANCE_PPM, offsetof(struct link_faults, corrupt_inside_ppm), 0, 0},
    {.kind = JSON_END},
};

static const char *const direction_names[] = {"a_to_b", "b_to_a", NULL};

const char *const *scenario_link_names(struct scenario *s)
{
    enum {
        COUNT = sizeof scenario_link_fields / sizeof scenario_link_fields[0] +
                sizeof scenario_fault_fields / sizeof scenario_fault_fields[0] + 3
    };
    const char **names = json_alloc(s->scratch, COUNT * sizeof names[0]);
    unsigned n = 0;
    if (!names)
        return direction_names;
    for (const struct json_field *f = scenario_link_fields; f->kind != JSON_END; f++)
        names[n++] = f->name;
    for (const struct json_field *f = scenario_fault_fields; f->kind != JSON_END; f++)
        names[n++] = f->name;
    names[n++] = link_mtu_field.name;
    names[n++] = direction_names[0];
    names[n++] = direction_names[1];
    names[n] = NULL;
    assert(n < COUNT);
    return names;
}

bool scenario_read_link_config(struct scenario *s, const struct json_at *at, struct link_config *config)
{
    unsigned before = s->errors->count;
    json_read_fields(at, scenario_link_fields, config);
    struct json_at mtu = json_member(at, "mtu");
    if (json_read_field(at, &link_mtu_field, config) && config->mtu_bytes && config->mtu_bytes < LINK_MTU_MIN)
        json_expected(&mtu, "0 or a whole number from 68 to 65535");
    json_read_fields(at, scenario_fault_fields, &config->faults[0]);
    for (const struct json_field *f = scenario_fault_fields; f->kind != JSON_END; f++)
        if (json_has(at, f->name)) /* what stands here is for both directions; all are uint32_t */
            memcpy((uint8_t *)&config->faults[1] + f->offset, (uint8_t *)&config->faults[0] + f->offset,
                   sizeof(uint32_t));
    for (unsigned d = 0; d < 2; d++) {
        struct json_at direction = json_member(at, direction_names[d]);
        const char *const *const groups[] = {json_field_names(scenario_fault_fields, s->scratch), NULL};
        if (!direction.value || !json_is_object(&direction))
            continue;
        json_check_names(&direction, groups);
        json_read_fields(&direction, scenario_fault_fields, &config->faults[d]);
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
    unsigned count = host_netif_count(lab_host(s->lab, (unsigned)node));
    out->node = (uint8_t)node;
    out->iface = 0;
    if (colon) {
        if (colon[1] < '0' || colon[1] > '9' || colon[2] || (unsigned)(colon[1] - '0') >= count)
            return json_fail(at, "that node has interfaces 0 to %u", count - 1);
        out->iface = (uint8_t)(colon[1] - '0');
    } else {
        while (out->iface + 1u < count && lab_link_at(s->lab, *out) >= 0)
            out->iface++;
    }
    if (lab_link_at(s->lab, *out) >= 0)
        return json_fail(at, "has a link already");
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

int scenario_add_link(struct scenario *s, const struct json_at *at, const char *const *also)
{
    static const char *const names[] = {"name", "between", NULL};
    const char *const *const groups[] = {names, scenario_link_names(s), also, NULL};
    struct link_config config;
    struct link_end end[2] = {{0}};
    struct bytes name = {0};
    if (!json_is_object(at))
        return STATUS_EINVAL;
    link_config_default(&config);
    json_check_names(at, groups);
    struct json_at name_at = json_member(at, "name");
    if (json_text(at, "name", &name) && name.at && (name.len == 0 || name.len > LAB_NAME_MAX))
        json_expected(&name_at, "a name of 1 to 31 bytes");
    scenario_read_link_config(s, at, &config);
    if (!scenario_read_ends(s, at, end) || s->errors->count > 0)
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
    return number;
}
