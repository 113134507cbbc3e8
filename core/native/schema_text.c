/*
 * The words of scenario.def, and defaults, which are asked from the code that sets them.
 */
#include "native/schema_text.h"

#include <ctype.h>

#include "lab/scenario.h"

const struct schema_object schema_objects[SCENARIO_OBJECT_COUNT] = {
#define OBJECT(ID, title, also, and_also, text) [SCENARIO_##ID] = {#ID, title, text},
#define FIELD(...)
#define NUMBER(...)
#define TEXT(...)
#define CHOICE(...)
#define PART(...)
#define LIST(...)
#include "lab/scenario.def"
#undef OBJECT
#undef FIELD
#undef NUMBER
#undef TEXT
#undef CHOICE
#undef PART
#undef LIST
};

const struct schema_text schema_texts[] = {
#define OBJECT(ID, title, also, and_also, text)
#define FIELD(ID, name, kind, type, member, min, max, unit, text) {unit, text},
#define NUMBER(ID, name, form, needed, min, max, unit, text)      {unit, text},
#define TEXT(ID, name, form, needed, text)                        {"", text},
#define CHOICE(ID, name, list, needed, text)                      {"", text},
#define PART(ID, name, inside, needed, text)                      {"", text},
#define LIST(ID, name, inside, min, max, needed, text)            {"", text},
#include "lab/scenario.def"
#undef OBJECT
#undef FIELD
#undef NUMBER
#undef TEXT
#undef CHOICE
#undef PART
#undef LIST
    {NULL, NULL},
};

const char *schema_object_id(enum scenario_object object)
{
    static char id[32];
    size_t len = 0;
    for (const char *c = schema_objects[object].id; *c && len + 1 < sizeof id; c++)
        id[len++] = (char)tolower((unsigned char)*c);
    id[len] = 0;
    return id;
}

bool schema_is_action(enum scenario_object object)
{
    return strncmp(schema_objects[object].id, "DO_", 3) == 0;
}

/* A struct as it is before anything was said of it. NULL: it begins as zero, and what zero means is in the
 * member's text. */
static const void *standard_struct(enum scenario_object object)
{
    static struct tcp_config tcp;
    static struct link_config link;
    static struct host_config host;
    static const struct netif_config interface = {.mtu_bytes = 1500, .fcs = true};
    tcp_config_default(&tcp);
    link_config_default(&link);
    host_config_default(&host);
    switch (object) {
    case SCENARIO_TCP:
        return &tcp;
    case SCENARIO_WAY:
        return &link.way[0];
    case SCENARIO_NODE:
        return &host;
    case SCENARIO_INTERFACE:
        return &interface;
    default:
        return NULL;
    }
}

cJSON *schema_standard(unsigned field)
{
    const struct scenario_field *f = &scenario_fields[field];
    const void *from = standard_struct((enum scenario_object)f->object);
    if (!from || f->form != SCENARIO_STORED)
        return NULL;
    const struct json_field one[] = {f->field, {.kind = JSON_END}};
    cJSON *o = cJSON_CreateObject();
    json_write_fields(o, one, from);
    cJSON *value = cJSON_DetachItemFromObjectCaseSensitive(o, f->field.name);
    cJSON_Delete(o);
    return value;
}
