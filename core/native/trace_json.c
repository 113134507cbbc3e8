/*
 * Events as lines of JSON, by the table of their fields: a new kind of event needs nothing here.
 */
#include "native/native.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

static const char *const layer_names[] = {"lab",    "link",        "internet", "transport",
                                          "socket", "application", "any"};

/* A field's value, by its type. */
static void write_field(FILE *out, const struct trace_event *e, const struct trace_field *f)
{
    const uint8_t *at = (const uint8_t *)e + f->offset_bytes;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    fprintf(out, ",\"%s\":", f->name);
    switch (strtol(f->type + 1, NULL, 10)) {
    case 8:
        fprintf(out, "%u", *at);
        break;
    case 16:
        memcpy(&u16, at, sizeof u16);
        fprintf(out, "%u", u16);
        break;
    case 32:
        memcpy(&u32, at, sizeof u32);
        fprintf(out, f->type[0] == 'i' ? "%" PRId32 : "%" PRIu32, u32);
        break;
    default:
        memcpy(&u64, at, sizeof u64);
        fprintf(out, f->type[0] == 'i' ? "%" PRId64 : "%" PRIu64, u64);
    }
}

void trace_json_write(FILE *out, const struct trace_event *e)
{
    enum trace_kind kind = (enum trace_kind)e->kind;
    fprintf(out,
            "{\"id\":%" PRIu32 ",\"cause\":%" PRIu32 ",\"t_us\":%" PRId64 ",\"kind\":\"%s\",\"layer\":\"%s\"",
            e->id, e->cause, e->t_us, trace_kind_name(kind), layer_names[trace_kind_layer(kind)]);
    if (e->rule != RULE_NONE) {
        fputs(",\"rule\":\"", out);
        for (const char *c = trace_rule_name((enum trace_rule)e->rule); *c; c++)
            fputc(toupper((unsigned char)*c), out);
        fputc('"', out);
    }
    fprintf(out, ",\"node\":%u,\"iface\":%u,\"frame\":%" PRIu32 ",\"socket\":%" PRId32, e->node, e->iface,
            e->frame, e->socket);
    unsigned count = 0;
    const struct trace_field *fields = trace_fields(kind, &count);
    for (unsigned i = 0; i < count; i++)
        write_field(out, e, &fields[i]);
    fputs("}\n", out);
}
