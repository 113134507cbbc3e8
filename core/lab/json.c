/*
 * cJSON's memory, parsing, and faults by path. Typed values are in json_value.c.
 *
 * Before cJSON sees a document it is looked over once: cJSON goes down as deep as the document does, and
 * reads "\u0000" as the end of a string.
 */
#include "lab/json.h"

#include <stdarg.h>
#include <stdio.h>

struct json_chunk {
    struct json_chunk *next;
    size_t size; /* of the whole chunk */
    size_t used;
    max_align_t bytes[];
};

/* The scratch that is open, if any. One for each thread, so that hosts in other threads are no worse off. */
#ifdef __wasm__ /* no threads there, and no thread-local storage without atomics */
#define JSON_THREAD_LOCAL
#else
#define JSON_THREAD_LOCAL _Thread_local
#endif

static JSON_THREAD_LOCAL struct json_scratch *json_open;

static void *json_hook_alloc(size_t size)
{
    return json_open ? json_alloc(json_open, size) : NULL;
}

static void json_hook_free(void *block)
{
    (void)block; /* all of it goes at once: json_scratch_close() */
}

void json_scratch_open(struct json_scratch *s, struct arena *a)
{
    assert(!json_open);
    *s = (struct json_scratch){.arena = a};
    json_open = s;
    cJSON_Hooks hooks = {json_hook_alloc, json_hook_free};
    cJSON_InitHooks(&hooks);
}

void json_scratch_close(struct json_scratch *s)
{
    assert(json_open == s);
    for (struct json_chunk *c = s->chunk, *next; c; c = next) {
        next = c->next;
        arena_free(s->arena, c, c->size);
    }
    s->chunk = NULL;
    json_open = NULL;
    cJSON_InitHooks(NULL);
}

void *json_alloc(struct json_scratch *s, size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    size_t head = offsetof(struct json_chunk, bytes);
    if (!s->chunk || s->chunk->size - s->chunk->used < size) {
        size_t whole = size + head > JSON_CHUNK ? size + head : JSON_CHUNK;
        struct json_chunk *c = arena_alloc(s->arena, whole);
        if (!c) {
            s->full = true;
            return NULL;
        }
        *c = (struct json_chunk){.next = s->chunk, .size = whole, .used = head};
        s->chunk = c;
    }
    void *block = (uint8_t *)s->chunk + s->chunk->used;
    s->chunk->used += size;
    return block;
}

/* Appends as much of formatted text as fits, with room left for a NUL. */
static void json_errors_add(struct json_errors *e, const char *text)
{
    size_t len = strlen(text);
    if (e->out.len == 0)
        return;
    size_t left = e->out.len - 1 - e->len;
    len = len < left ? len : left;
    memcpy(e->out.at + e->len, text, len);
    e->len += len;
    e->out.at[e->len] = 0;
}

static void json_add_path(struct json_errors *e, const struct json_at *at, bool below)
{
    char text[16];
    if (at->parent)
        json_add_path(e, at->parent, true);
    if (!at->parent) {
        json_errors_add(e, at->name ? at->name : below ? "" : "document");
    } else if (at->name) {
        if (at->parent->parent || at->parent->name)
            json_errors_add(e, ".");
        json_errors_add(e, at->name);
    } else {
        snprintf(text, sizeof text, "[%u]", at->index);
        json_errors_add(e, text);
    }
}

bool json_fail(const struct json_at *at, const char *format, ...)
{
    struct json_errors *e = at->errors;
    if (e->count++ >= JSON_ERRORS_MAX)
        return false;
    char text[200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (e->len > 0)
        json_errors_add(e, "\n");
    json_add_path(e, at, false);
    json_errors_add(e, ": ");
    json_errors_add(e, text);
    return false;
}

void json_errors_end(struct json_errors *e)
{
    char text[40];
    if (e->count <= JSON_ERRORS_MAX)
        return;
    snprintf(text, sizeof text, "\nand %u more", e->count - JSON_ERRORS_MAX);
    json_errors_add(e, text);
}

bool json_expected(const struct json_at *at, const char *what)
{
    const cJSON *v = at->value;
    if (!v)
        return json_fail(at, "expected %s, but it is not there", what);
    if (cJSON_IsString(v))
        return json_fail(at, "expected %s, got \"%.60s\"", what, v->valuestring);
    if (cJSON_IsNumber(v))
        return json_fail(at, "expected %s, got %.15g", what, v->valuedouble);
    const char *got = cJSON_IsBool(v)    ? (cJSON_IsTrue(v) ? "true" : "false")
                      : cJSON_IsNull(v)  ? "null"
                      : cJSON_IsArray(v) ? "an array"
                                         : "an object";
    return json_fail(at, "expected %s, got %s", what, got);
}

/* Line and column, from 1, of a byte. */
static bool json_fail_at(const struct json_at *at, struct bytes text, size_t offset, const char *why)
{
    unsigned line = 1, column = 1;
    for (size_t i = 0; i < offset && i < text.len; i++) {
        column = text.at[i] == '\n' ? 1 : column + 1;
        line += text.at[i] == '\n';
    }
    return json_fail(at, "line %u, column %u: %s", line, column, why);
}

/* What cJSON must not be shown: see the top of this file. */
static bool json_look_over(const struct json_at *at, struct bytes text)
{
    unsigned depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        if (quoted && c == '\\') {
            if (text.len - i >= 6 && memcmp(text.at + i + 1, "u0000", 5) == 0)
                return json_fail_at(at, text, i, "\\u0000 cannot be in a text; use base64 for bytes");
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == 0) {
            return json_fail_at(at, text, i, "a byte of value 0");
        } else if (!quoted && (c == '{' || c == '[') && ++depth > JSON_DEPTH_MAX) {
            return json_fail_at(at, text, i, "nested too deep");
        } else if (!quoted && (c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return true;
}

/* Notes members that an object has twice. */
static void json_check_twice(const struct json_at *at)
{
    unsigned index = 0;
    for (const cJSON *m = at->value->child; m; m = m->next, index++) {
        struct json_at below = {at, m->string, index, m, at->errors};
        if (m->string && cJSON_GetObjectItemCaseSensitive(at->value, m->string) != m)
            json_fail(&below, "given twice");
        if (m->child)
            json_check_twice(&below);
    }
}

bool json_parse(struct json_at *at, struct json_errors *errors, struct bytes text, struct json_scratch *s)
{
    *at = (struct json_at){.name = at->name, .errors = errors};
    if (text.len > JSON_BYTES_MAX)
        return json_fail(at, "longer than %u bytes", (unsigned)JSON_BYTES_MAX);
    if (!json_look_over(at, text))
        return false;
    char *copy = json_alloc(s, text.len + 1); /* cJSON wants its NUL to tell what follows the document */
    if (!copy)
        return json_fail(at, "out of memory");
    if (text.len > 0)
        memcpy(copy, text.at, text.len);
    copy[text.len] = 0;
    const char *end = copy;
    at->value = cJSON_ParseWithLengthOpts(copy, text.len + 1, &end, true);
    if (s->full)
        return json_fail(at, "out of memory");
    if (!at->value)
        return json_fail_at(at, text, (size_t)(end - copy), "not JSON around here");
    json_check_twice(at);
    return true;
}

struct json_at json_member(const struct json_at *at, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(at->value, name);
    return (struct json_at){at, name, 0, value, at->errors};
}

struct json_at json_element(const struct json_at *at, unsigned index, const cJSON *value)
{
    return (struct json_at){at, NULL, index, value, at->errors};
}

bool json_has(const struct json_at *at, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(at->value, name) != NULL;
}

bool json_is_object(const struct json_at *at)
{
    return cJSON_IsObject(at->value) || json_expected(at, "an object");
}
