#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { BENCH_MIB = 64 };

static void swap_quotes(char *text, char from, char to)
{
    for (; *text; text++)
        if (*text == from)
            *text = to;
}

/* A copy with " for '; to be freed. */
static char *quoted(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    assert_non_null(copy);
    memcpy(copy, text, strlen(text) + 1);
    swap_quotes(copy, '\'', '"');
    return copy;
}

static void bench_make(struct bench *b, uint64_t seed)
{
    const struct lab_config config = {.seed = seed, .capture_bytes = 16 << 20};
    memset(b, 0, sizeof *b);
    b->size = (size_t)BENCH_MIB << 20;
    b->memory = calloc(1, b->size);
    assert_non_null(b->memory);
    b->lab = lab_create(b->memory, b->size, &config);
    assert_non_null(b->lab);
}

static void bench_load(struct bench *b, const char *json)
{
    int status = lab_load(b->lab, bytes_of(json, strlen(json)), room_of(b->errors, sizeof b->errors));
    if (status < 0)
        print_error("%s\n", b->errors);
    assert_int_equal(status, 0);
}

void bench_open(struct bench *b, const char *scenario)
{
    char *json = quoted(scenario);
    bench_make(b, 1);
    bench_load(b, json);
    free(json);
}

void bench_open_file(struct bench *b, const char *name, uint64_t seed)
{
    static char json[1 << 16];
    char path[128];
    snprintf(path, sizeof path, "tests/lab/scenarios/%s.json", name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    json[fread(json, 1, sizeof json - 1, f)] = 0;
    fclose(f);
    static _Alignas(16) uint8_t scratch[1 << 18];
    struct lab_outline outline;
    assert_true(lab_outline_read(&outline, bytes_of(json, strlen(json)), room_of(scratch, sizeof scratch)));
    bench_make(b, seed ? seed : outline.seed);
    bench_load(b, json);
}

void bench_close(struct bench *b)
{
    free(b->memory);
}

const char *bench_faults(const char *scenario)
{
    static char faults[4096];
    struct bench b;
    char *json = quoted(scenario);
    bench_make(&b, 1);
    lab_load(b.lab, bytes_of(json, strlen(json)), room_of(faults, sizeof faults));
    swap_quotes(faults, '"', '\'');
    free(json);
    bench_close(&b);
    return faults;
}

const char *bench_do(struct bench *b, const char *command)
{
    char *json = quoted(command);
    size_t len = lab_command(b->lab, bytes_of(json, strlen(json)), room_of(b->reply, sizeof b->reply));
    assert_int_equal(len, strlen(b->reply));
    free(json);
    char *to = b->reply;
    for (const char *from = b->reply; *from; from++) {
        from += from[0] == '\\' && from[1] == '"';
        *to++ = *from == '"' ? '\'' : *from;
    }
    *to = 0;
    return b->reply;
}

void bench_rest(struct bench *b, int64_t t_us)
{
    for (int64_t next; (next = lab_next_us(b->lab)) <= t_us && next != TIME_NEVER;)
        lab_run_until(b->lab, next, 0);
}

const struct trace_event *bench_event(struct bench *b, enum trace_kind kind, unsigned n)
{
    struct trace *t = lab_trace(b->lab);
    for (uint32_t id = 1; id <= t->last_id; id++) {
        const struct trace_event *e = trace_at(t, id);
        if (e && e->kind == kind && n-- == 0)
            return e;
    }
    return NULL;
}

unsigned bench_count(struct bench *b, enum trace_kind kind)
{
    unsigned count = 0;
    struct trace *t = lab_trace(b->lab);
    for (uint32_t id = 1; id <= t->last_id; id++) {
        const struct trace_event *e = trace_at(t, id);
        count += e && e->kind == kind;
    }
    return count;
}

uint64_t bench_hash(struct bench *b)
{
    const struct hash_key key = {1, 2};
    struct trace *t = lab_trace(b->lab);
    uint64_t position = 0, hash = 0;
    for (uint32_t id = 1; id <= t->last_id; id++) {
        const struct trace_event *e = trace_at(t, id);
        if (e)
            hash = hash * 31 + hash_bytes(&key, bytes_of(e, sizeof *e));
    }
    for (const struct captured *c; (c = capture_next(lab_capture(b->lab), &position));)
        hash = hash * 31 + (hash_bytes(&key, bytes_of(c->bytes, c->len)) ^ (uint64_t)c->t_us);
    return hash;
}
