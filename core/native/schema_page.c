/*
 * `tcplab schema --markdown`: the reference page of scenarios, for people, out of scenario.def.
 */
#include "native/native.h"

#include <stdlib.h>

#include "lab/scenario.h"
#include "native/schema_text.h"

static const char *const form_texts[] = {
    [SCENARIO_ANY_TEXT] = "text",
    [SCENARIO_NODE_NAME] = "name of a machine",
    [SCENARIO_LINK_NAME] = "name of a link",
    [SCENARIO_LINK_REF] = "name or number of a link",
    [SCENARIO_ADDRESS] = "`\"10.0.0.1\"` or a machine's name",
    [SCENARIO_PREFIX] = "`\"10.0.0.1/24\"`",
    [SCENARIO_ENDPOINT] = "`\"10.0.0.1:80\"` or `\"server:80\"`",
    [SCENARIO_MAC] = "`\"02:00:00:00:00:01\"`",
    [SCENARIO_BASE64] = "base64",
    [SCENARIO_YES_NO] = "true or false",
    [SCENARIO_TWO_ENDS] = "`[\"client\", \"server:0\"]`",
    [SCENARIO_NTH] = "`2` or `[7, 9]`",
    [SCENARIO_FLAGS] = "`\"SYN,ACK\"`",
    [SCENARIO_OPTION_VALUE] = "number, true, false or name",
    [SCENARIO_PAIR] = "`[1, 2]`",
    [SCENARIO_PAIRS] = "`[[1, 2], [5, 6]]`",
};

/* A heading as Markdown makes an anchor of it. */
static void write_link(FILE *out, enum scenario_object object)
{
    const char *title = schema_objects[object].title;
    fprintf(out, "[%s](#", title);
    for (const char *c = title; *c; c++) {
        if (*c >= 'A' && *c <= 'Z')
            fputc(*c - 'A' + 'a', out);
        else if (*c == ' ')
            fputc('-', out);
        else if (*c != ',')
            fputc(*c, out);
    }
    fputc(')', out);
}

static void write_range(FILE *out, const char *kind, double min, double max)
{
    if (max >= 9007199254740991)
        fprintf(out, "%s from %.15g", kind, min);
    else
        fprintf(out, "%s from %.15g to %.15g", kind, min, max);
}

static void write_choices(FILE *out, const char *const *choices)
{
    for (unsigned i = 0; choices[i]; i++)
        fprintf(out, "%s`%s`", i ? ", " : "", choices[i]);
}

static void write_type(FILE *out, const struct scenario_field *f)
{
    switch ((enum scenario_form)f->form) {
    case SCENARIO_STORED:
        if (f->field.kind == JSON_BOOLEAN)
            fputs("true or false", out);
        else
            write_range(out, json_kind_is_whole(f->field.kind) ? "whole number" : "number", f->field.min,
                        json_field_max(&f->field));
        break;
    case SCENARIO_WHOLE:
        write_range(out, "whole number", f->field.min, f->field.max);
        break;
    case SCENARIO_REAL:
        write_range(out, "number", f->field.min, f->field.max);
        break;
    case SCENARIO_CHOICE:
        write_choices(out, f->choices);
        break;
    case SCENARIO_FAULT_NAMES:
        fputs("array of ", out);
        write_choices(out, f->choices);
        break;
    case SCENARIO_LIST:
        fprintf(out, "array of %.0f to %.0f ", f->field.min, f->field.max);
        write_link(out, (enum scenario_object)f->of);
        break;
    case SCENARIO_PART:
        write_link(out, (enum scenario_object)f->of);
        break;
    default:
        fputs(form_texts[f->form], out);
    }
}

static void write_standard(FILE *out, unsigned field)
{
    cJSON *standard = schema_standard(field);
    char *text = standard ? cJSON_PrintUnformatted(standard) : NULL;
    fputs(text ? text : "", out);
    free(text);
    cJSON_Delete(standard);
}

static void write_members(FILE *out, enum scenario_object object)
{
    bool begun = false;
    for (unsigned i = 0; scenario_fields[i].object != SCENARIO_NONE; i++) {
        const struct scenario_field *f = &scenario_fields[i];
        if (f->object != object)
            continue;
        if (!begun)
            fputs("\n| member | value | unit | default | |\n| --- | --- | --- | --- | --- |\n", out);
        begun = true;
        fprintf(out, "| `%s`%s | ", f->field.name, f->needed ? " (needed)" : "");
        write_type(out, f);
        fprintf(out, " | %s | ", schema_texts[i].unit);
        write_standard(out, i);
        fprintf(out, " | %s |\n", schema_texts[i].text);
    }
}

/* A test gives it to `check`. */
static const char example[] =
    "\n## By example\n\n"
    "```json\n"
    "{\n"
    "  \"nodes\": [\n"
    "    { \"name\": \"client\", \"address\": \"10.0.0.1/24\", \"tcp\": { \"congestion\": \"cubic\" },\n"
    "      \"apps\": [{ \"app\": \"sender\", \"to\": \"server:80\", \"bytes\": 30000, \"close\": true }] },\n"
    "    { \"name\": \"server\", \"address\": \"10.0.0.2/24\",\n"
    "      \"apps\": [{ \"app\": \"receiver\", \"port\": 80, \"close\": true }] }\n"
    "  ],\n"
    "  \"links\": [\n"
    "    { \"between\": [\"client\", \"server\"], \"delay_ms\": 20, \"rate_bit_per_s\": 10000000,\n"
    "      \"loss\": 0.01, \"loss_burst_frames\": 3,\n"
    "      \"exactly\": [\n"
    "        { \"drop\": { \"match\": \"data\", \"from\": \"client\", \"nth\": 2 } },\n"
    "        { \"drop\": { \"nth\": [7, 9] } },\n"
    "        { \"drop\": { \"match\": \"fin\", \"nth\": 1 } },\n"
    "        { \"delay\": { \"match\": \"ack\", \"from\": \"server\", \"every\": 3, \"by_ms\": 50 } }\n"
    "      ] }\n"
    "  ],\n"
    "  \"actions\": [\n"
    "    { \"at_ms\": 500, \"do\": \"link\", \"link\": 0, \"up\": false },\n"
    "    { \"do\": \"link\", \"link\": 0, \"up\": true,\n"
    "      \"when\": { \"node\": \"client\", \"event\": \"tcp_timer_fired\", \"nth\": 3 } },\n"
    "    { \"do\": \"forge\", \"node\": \"server\", \"to\": \"client:81\", \"flags\": \"SYN\", \"seq\": 1000,\n"
    "      \"when\": { \"node\": \"server\", \"state\": \"ESTABLISHED\" } }\n"
    "  ],\n"
    "  \"end_when\": { \"node\": \"client\", \"state\": \"TIME_WAIT\", \"after_ms\": 100 }\n"
    "}\n"
    "```\n";

void schema_page_write(FILE *out)
{
    fputs(
        "# Scenarios, member by member\n\n"
        "`tcplab schema --markdown` made this page of `core/lab/scenario.def`; `tcplab schema` makes the JSON Schema\n"
        "(`web/public/scenario.schema.json`) of the same list. Unknown members are faults. `tcplab check FILE` tells all faults\n"
        "of a document, at most 50, each by its path. A document is at most 8 MiB long and 12 levels deep.\n",
        out);
    fputs(example, out);
    for (unsigned i = SCENARIO_NONE + 1; i < SCENARIO_OBJECT_COUNT; i++) {
        enum scenario_object object = (enum scenario_object)i;
        const uint8_t *also = scenario_kin[object].also;
        fprintf(out, "\n%s %s\n", schema_is_action(object) ? "###" : "##", schema_objects[i].title);
        if (schema_objects[i].text[0])
            fprintf(out, "\n%s\n", schema_objects[i].text);
        if (also[0] != SCENARIO_NONE) {
            fputs("\nIt has the members of ", out);
            write_link(out, (enum scenario_object)also[0]);
            if (also[1] != SCENARIO_NONE) {
                fputs(" and ", out);
                write_link(out, (enum scenario_object)also[1]);
            }
            fputs(", too.\n", out);
        }
        write_members(out, object);
    }
}
