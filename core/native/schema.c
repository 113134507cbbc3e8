/*
 * `tcplab schema`: the JSON Schema (draft 7) of scenarios, made of scenario.def. It says what can be said of one
 * member alone; that names exist, that a link's ends are of one kind and the like only the program can tell
 * (`tcplab check`).
 */
#include "native/native.h"

#include <stdlib.h>

#include "lab/scenario.h"
#include "native/schema_text.h"

static cJSON *typed(const char *type)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "type", type);
    return o;
}

static cJSON *ranged(const char *type, double min, double max)
{
    cJSON *o = typed(type);
    cJSON_AddNumberToObject(o, "minimum", min);
    char text[32];
    snprintf(text, sizeof text, "%.17g", max); /* cJSON writes fifteen digits */
    cJSON_AddRawToObject(o, "maximum", text);
    return o;
}

static cJSON *pattern(const char *text)
{
    cJSON *o = typed("string");
    cJSON_AddStringToObject(o, "pattern", text);
    return o;
}

static cJSON *array_of(cJSON *items, double min, double max)
{
    cJSON *o = typed("array");
    cJSON_AddItemToObject(o, "items", items);
    cJSON_AddNumberToObject(o, "minItems", min);
    cJSON_AddNumberToObject(o, "maxItems", max);
    return o;
}

static cJSON *either(cJSON *a, cJSON *b)
{
    cJSON *o = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(o, "anyOf");
    cJSON_AddItemToArray(list, a);
    cJSON_AddItemToArray(list, b);
    return o;
}

static cJSON *reference(enum scenario_object object)
{
    char path[80];
    cJSON *o = cJSON_CreateObject();
    snprintf(path, sizeof path, "#/definitions/%s", schema_object_id(object));
    cJSON_AddStringToObject(o, "$ref", path);
    return o;
}

static cJSON *choice(const char *const *choices)
{
    cJSON *o = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(o, "enum");
    for (; *choices; choices++)
        cJSON_AddItemToArray(list, cJSON_CreateString(*choices));
    return o;
}

static cJSON *stored(const struct json_field *f)
{
    if (f->kind == JSON_BOOLEAN)
        return typed("boolean");
    return ranged(json_kind_is_whole(f->kind) ? "integer" : "number", f->min, json_field_max(f));
}

/* The value of a member, by its form. */
static cJSON *value_of(const struct scenario_field *f)
{
    switch ((enum scenario_form)f->form) {
    case SCENARIO_STORED:
        return stored(&f->field);
    case SCENARIO_WHOLE:
        return ranged("integer", f->field.min, f->field.max);
    case SCENARIO_REAL:
        return ranged("number", f->field.min, f->field.max);
    case SCENARIO_CHOICE:
        return choice(f->choices);
    case SCENARIO_PART:
        return reference((enum scenario_object)f->of);
    case SCENARIO_LIST:
        return array_of(reference((enum scenario_object)f->of), f->field.min, f->field.max);
    case SCENARIO_NODE_NAME:
        return pattern("^[^:]{1,31}$");
    case SCENARIO_LINK_NAME:
        return pattern("^.{1,31}$");
    case SCENARIO_LINK_REF:
        return either(pattern("^.{1,31}$"), ranged("integer", 0, LAB_LINKS_MAX - 1));
    case SCENARIO_PREFIX:
        return pattern("^[0-9]{1,3}(\\.[0-9]{1,3}){3}/([0-9]|[12][0-9]|3[0-2])$");
    case SCENARIO_MAC:
        return pattern("^[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}$");
    case SCENARIO_BASE64:
        return pattern("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$");
    case SCENARIO_YES_NO:
        return typed("boolean");
    case SCENARIO_FAULT_NAMES:
        return array_of(choice(f->choices), 0, 64);
    case SCENARIO_TWO_ENDS:
        return array_of(pattern("^[^:]{1,31}(:[0-7])?$"), 2, 2);
    case SCENARIO_NTH:
        return either(ranged("integer", 1, UINT32_MAX), array_of(ranged("integer", 1, UINT32_MAX), 2, 2));
    case SCENARIO_FLAGS:
        return pattern("^((FIN|SYN|RST|PSH|ACK|URG|ECE|CWR)(,(FIN|SYN|RST|PSH|ACK|URG|ECE|CWR))*)?$");
    case SCENARIO_OPTION_VALUE:
        return either(typed("integer"), either(typed("boolean"), typed("string")));
    case SCENARIO_PAIR:
        return array_of(ranged("integer", 0, UINT32_MAX), 2, 2);
    case SCENARIO_PAIRS:
        return array_of(array_of(ranged("integer", 0, UINT32_MAX), 2, 2), 0, 4);
    default:
        return typed("string");
    }
}

static cJSON *members_of(enum scenario_object object, cJSON *required)
{
    cJSON *properties = cJSON_CreateObject();
    for (unsigned i = 0; scenario_fields[i].object != SCENARIO_NONE; i++) {
        const struct scenario_field *f = &scenario_fields[i];
        if (!scenario_is(object, (enum scenario_object)f->object))
            continue;
        cJSON *value = value_of(f);
        char text[400];
        snprintf(text, sizeof text, "%s%s%s%s", schema_texts[i].text, schema_texts[i].unit[0] ? " (" : "",
                 schema_texts[i].unit, schema_texts[i].unit[0] ? ")" : "");
        if (!cJSON_GetObjectItemCaseSensitive(value, "$ref")) /* beside which draft 7 ignores all else */
            cJSON_AddStringToObject(value, "description", text);
        cJSON *standard = schema_standard(i);
        if (standard)
            cJSON_AddItemToObject(value, "default", standard);
        cJSON_AddItemToObject(properties, f->field.name, value);
        if (f->needed)
            cJSON_AddItemToArray(required, cJSON_CreateString(f->field.name));
    }
    return properties;
}

static cJSON *object_of(enum scenario_object object)
{
    cJSON *o = typed("object"), *required = cJSON_CreateArray();
    cJSON_AddStringToObject(o, "title", schema_objects[object].title);
    if (schema_objects[object].text[0])
        cJSON_AddStringToObject(o, "description", schema_objects[object].text);
    cJSON *properties = members_of(object, required);
    if (schema_is_action(object)) { /* its "do" is its title */
        const char *const itself[] = {schema_objects[object].title, NULL};
        cJSON_ReplaceItemInObjectCaseSensitive(properties, "do", choice(itself));
    }
    cJSON_AddItemToObject(o, "properties", properties);
    if (cJSON_GetArraySize(required) > 0)
        cJSON_AddItemToObject(o, "required", required);
    else
        cJSON_Delete(required);
    cJSON_AddBoolToObject(o, "additionalProperties", false);
    return o;
}

/* Any action: one of those that there are. */
static cJSON *any_action(void)
{
    cJSON *o = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(o, "oneOf");
    for (unsigned i = SCENARIO_NONE + 1; i < SCENARIO_OBJECT_COUNT; i++)
        if (schema_is_action((enum scenario_object)i))
            cJSON_AddItemToArray(list, reference((enum scenario_object)i));
    return o;
}

void schema_write(FILE *out)
{
    cJSON *top = cJSON_CreateObject();
    cJSON_AddStringToObject(top, "$schema", "http://json-schema.org/draft-07/schema#");
    cJSON_AddStringToObject(top, "title", "TCP Lab scenario, version 1");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(top, "allOf"), reference(SCENARIO_SCENARIO));
    cJSON *definitions = cJSON_AddObjectToObject(top, "definitions");
    for (unsigned i = SCENARIO_NONE + 1; i < SCENARIO_OBJECT_COUNT; i++) {
        enum scenario_object object = (enum scenario_object)i;
        bool only_shared = object == SCENARIO_ON_NODE || object == SCENARIO_ON_SOCKET ||
                           object == SCENARIO_ON_LINK || object == SCENARIO_ON_FRAME;
        if (!only_shared)
            cJSON_AddItemToObject(definitions, schema_object_id(object),
                                  object == SCENARIO_ACTION ? any_action() : object_of(object));
    }
    char *text = cJSON_Print(top);
    if (text)
        native_put_json(out, text);
    free(text);
    cJSON_Delete(top);
}

int schema_command(const struct native_args *a)
{
    if (a->operands > 0) {
        native_fail(a->operand[0], "schema takes no file");
        return EXIT_INPUT;
    }
    if (native_given(a, "--markdown"))
        schema_page_write(stdout);
    else
        schema_write(stdout);
    return EXIT_GOOD;
}
