/*
 * Typed values out of JSON, and structs into and out of it by tables of their fields.
 */
#include "lab/json.h"

#include "base/timer.h"

#include <math.h>
#include <stdio.h>

enum { EDITS_NAME_MAX = 40, CHOICES_TOLD_MAX = 6 };

/* How many letters to change, add or take away to make `a` from `b`. */
static unsigned json_edits(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b);
    if (la > EDITS_NAME_MAX || lb > EDITS_NAME_MAX)
        return UINT32_MAX;
    unsigned row[EDITS_NAME_MAX + 1];
    for (size_t j = 0; j <= lb; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= la; i++) {
        unsigned corner = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= lb; j++) {
            unsigned change = corner + (a[i - 1] != b[j - 1]);
            unsigned other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            corner = row[j];
            row[j] = change < other ? change : other;
        }
    }
    return row[lb];
}

void json_check_names(const struct json_at *at, const char *const *const *groups)
{
    for (const cJSON *m = at->value->child; m; m = m->next) {
        const char *closest = NULL;
        unsigned best = (unsigned)strlen(m->string) / 3 + 1;
        bool known = false;
        for (const char *const *const *group = groups; *group && !known; group++)
            for (const char *const *name = *group; *name && !known; name++) {
                unsigned edits = json_edits(m->string, *name);
                known = edits == 0;
                if (edits <= best) {
                    best = edits;
                    closest = *name;
                }
            }
        struct json_at below = {at, m->string, 0, m, at->errors};
        if (!known && closest)
            json_fail(&below, "unknown; did you mean \"%s\"?", closest);
        else if (!known)
            json_fail(&below, "unknown");
    }
}

/* Says which numbers would do. */
static bool json_expected_number(const struct json_at *at, const char *kind, double min, double max)
{
    char what[80];
    if (max <= UINT16_MAX)
        snprintf(what, sizeof what, "%s from %.15g to %.15g", kind, min, max);
    else if (cJSON_IsNumber(at->value) && at->value->valuedouble > max)
        snprintf(what, sizeof what, "%s <= %.15g", kind, max);
    else
        snprintf(what, sizeof what, "%s >= %.15g", kind, min);
    return json_expected(at, what);
}

bool json_number(const struct json_at *at, const char *name, double min, double max, double *out)
{
    struct json_at m = json_member(at, name);
    if (!m.value)
        return true;
    double v = m.value->valuedouble;
    if (!cJSON_IsNumber(m.value) || !(v >= min && v <= max))
        return json_expected_number(&m, "a number", min, max);
    *out = v;
    return true;
}

bool json_whole(const struct json_at *at, const char *name, double min, double max, double *out)
{
    struct json_at m = json_member(at, name);
    if (!m.value)
        return true;
    double v = m.value->valuedouble;
    if (!cJSON_IsNumber(m.value) || !(v >= min && v <= max) || floor(v) != v)
        return json_expected_number(&m, "a whole number", min, max);
    *out = v;
    return true;
}

bool json_is_u32(const cJSON *value)
{
    double v = cJSON_IsNumber(value) ? value->valuedouble : -1;
    return v >= 0 && v <= UINT32_MAX && floor(v) == v;
}

bool json_bool(const struct json_at *at, const char *name, bool *out)
{
    struct json_at m = json_member(at, name);
    if (!m.value)
        return true;
    if (!cJSON_IsBool(m.value))
        return json_expected(&m, "true or false");
    *out = cJSON_IsTrue(m.value);
    return true;
}

bool json_text(const struct json_at *at, const char *name, struct bytes *out)
{
    struct json_at m = json_member(at, name);
    if (!m.value)
        return true;
    if (!cJSON_IsString(m.value))
        return json_expected(&m, "a text");
    *out = bytes_of(m.value->valuestring, strlen(m.value->valuestring));
    return true;
}

bool json_choice(const struct json_at *at, const char *name, const char *const *choices, unsigned *out)
{
    struct json_at m = json_member(at, name);
    if (!m.value)
        return true;
    const char *given = cJSON_IsString(m.value) ? m.value->valuestring : "", *closest = choices[0];
    char what[160] = "";
    unsigned best = UINT32_MAX;
    for (unsigned i = 0; choices[i]; i++) {
        unsigned edits = json_edits(given, choices[i]);
        if (edits == 0) {
            *out = i;
            return true;
        }
        closest = edits < best ? choices[i] : closest;
        best = edits < best ? edits : best;
        size_t len = strlen(what);
        if (i < CHOICES_TOLD_MAX)
            snprintf(what + len, sizeof what - len, "%s\"%s\"",
                     i == 0           ? ""
                     : choices[i + 1] ? ", "
                                      : " or ",
                     choices[i]);
        else
            snprintf(what, sizeof what, "a name like \"%s\"", closest);
    }
    return json_expected(&m, what);
}

bool json_kind_is_whole(enum json_kind kind)
{
    return kind != JSON_MS_AS_US32 && kind != JSON_MS_AS_US64 && kind != JSON_CHANCE_PPM;
}

double json_field_max(const struct json_field *f)
{
    if (f->min != 0 || f->max != 0)
        return f->max;
    switch (f->kind) {
    case JSON_U8:
        return UINT8_MAX;
    case JSON_U16:
        return UINT16_MAX;
    case JSON_U32:
        return UINT32_MAX;
    case JSON_MS_AS_US32:
        return 3600000; /* an hour */
    case JSON_CHANCE_PPM:
        return 1;
    case JSON_MS_AS_US64:
        return 9e12; /* microseconds that a double holds exactly */
    default:
        return 9007199254740991; /* whole numbers that a double holds exactly */
    }
}

/* Stores `v`, in the unit of the struct. */
static void json_store(const struct json_field *f, void *at, double v)
{
    switch (f->kind) {
    case JSON_U8:
        *(uint8_t *)at = (uint8_t)v;
        break;
    case JSON_U16:
        *(uint16_t *)at = (uint16_t)v;
        break;
    case JSON_U32:
        *(uint32_t *)at = (uint32_t)v;
        break;
    case JSON_U64:
        *(uint64_t *)at = (uint64_t)v;
        break;
    case JSON_MS_AS_US32:
        *(uint32_t *)at = (uint32_t)llround(v * 1000);
        break;
    case JSON_MS_AS_US64:
        *(int64_t *)at = llround(v * 1000);
        break;
    case JSON_CHANCE_PPM:
        *(uint32_t *)at = (uint32_t)llround(v * 1000000);
        break;
    default:
        assert(f->kind == JSON_BOOLEAN && false);
    }
}

size_t json_kind_bytes(enum json_kind kind)
{
    switch (kind) {
    case JSON_U8:
        return sizeof(uint8_t);
    case JSON_U16:
        return sizeof(uint16_t);
    case JSON_BOOLEAN:
        return sizeof(bool);
    case JSON_U64:
    case JSON_MS_AS_US64:
        return sizeof(uint64_t);
    default:
        assert(kind == JSON_U32 || kind == JSON_MS_AS_US32 || kind == JSON_CHANCE_PPM);
        return sizeof(uint32_t);
    }
}

bool json_read_field(const struct json_at *at, const struct json_field *f, void *into)
{
    void *to = (uint8_t *)into + f->offset;
    if (f->kind == JSON_BOOLEAN)
        return json_bool(at, f->name, to);
    if (!json_has(at, f->name))
        return true;
    double v = 0, max = json_field_max(f);
    if (!(json_kind_is_whole(f->kind) ? json_whole : json_number)(at, f->name, f->min, max, &v))
        return false;
    json_store(f, to, v);
    return true;
}

bool json_read_fields(const struct json_at *at, const struct json_field *fields, void *into)
{
    bool good = true;
    for (const struct json_field *f = fields; f->kind != JSON_END; f++)
        good = json_read_field(at, f, into) && good;
    return good;
}

static double json_load(const struct json_field *f, const void *at)
{
    switch (f->kind) {
    case JSON_U8:
        return *(const uint8_t *)at;
    case JSON_U16:
        return *(const uint16_t *)at;
    case JSON_U32:
        return *(const uint32_t *)at;
    case JSON_U64:
        return (double)*(const uint64_t *)at;
    case JSON_I32:
        return *(const int32_t *)at;
    case JSON_I64:
        return (double)*(const int64_t *)at;
    case JSON_MS_AS_US32:
        return *(const uint32_t *)at / 1000.0;
    case JSON_MS_AS_US64:
        return (double)*(const int64_t *)at / 1000.0;
    case JSON_CHANCE_PPM:
        return *(const uint32_t *)at / 1000000.0;
    default:
        assert(f->kind == JSON_BOOLEAN && false);
        return 0;
    }
}

void json_write_fields(cJSON *object, const struct json_field *fields, const void *from)
{
    for (const struct json_field *f = fields; f->kind != JSON_END; f++) {
        const uint8_t *at = (const uint8_t *)from + f->offset;
        if (f->kind == JSON_BOOLEAN)
            cJSON_AddBoolToObject(object, f->name, *(const bool *)(const void *)at);
        else if (f->kind == JSON_I64 && *(const int64_t *)(const void *)at == TIME_NEVER)
            cJSON_AddNullToObject(object, f->name);
        else
            cJSON_AddNumberToObject(object, f->name, json_load(f, at));
    }
}
