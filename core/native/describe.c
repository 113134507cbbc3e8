/*
 * `tcplab describe`: the state of a machine, or of everything, at a time or as it changes.
 */
#include "native/native.h"

#include <stdlib.h>

enum { STATE_BYTES_MAX = 64 << 20 };

struct watch {
    char *now, *before; /* STATE_BYTES_MAX each */
    const char *node;
    int64_t every_us, next_us;
    bool pretty;
};

/* The state as text. False: the lab refused, which was told. */
static bool read_state(struct watch *w, struct lab *l)
{
    cJSON *command = cJSON_CreateObject();
    cJSON_AddStringToObject(command, "do", "describe");
    cJSON_AddBoolToObject(command, "detail", true);
    if (w->node)
        cJSON_AddStringToObject(command, "node", w->node);
    char *json = cJSON_PrintUnformatted(command);
    cJSON_Delete(command);
    if (!json)
        return native_fail("describe", "memory ran out");
    lab_command(l, bytes_of(json, strlen(json)), room_of(w->now, STATE_BYTES_MAX));
    free(json);
    cJSON *reply = cJSON_Parse(w->now);
    bool good = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(reply, "ok"));
    const cJSON *message = cJSON_GetObjectItemCaseSensitive(reply, "message");
    if (!good)
        native_fail("describe", cJSON_IsString(message) ? message->valuestring : "no answer");
    cJSON_DeleteItemFromObjectCaseSensitive(reply, "ok");
    if (good && !cJSON_PrintPreallocated(reply, w->now, STATE_BYTES_MAX, w->pretty))
        good = native_fail("describe", "the state is too long");
    cJSON_Delete(reply);
    return good;
}

/* Prints the state with its time when it is another than before. */
static void watch(void *context, struct native_run *r)
{
    struct watch *w = context;
    if (lab_now_us(r->lab) < w->next_us || !read_state(w, r->lab) || strcmp(w->now, w->before) == 0)
        return;
    printf("{\"t_us\":%lld,\"state\":%s}\n", (long long)lab_now_us(r->lab), w->now);
    char *swap = w->before;
    w->before = w->now;
    w->now = swap;
    w->next_us = lab_now_us(r->lab) + w->every_us;
}

/* Looks after each thing, so that no state between two is passed over. */
static bool watch_to(struct watch *w, struct native_run *r, int64_t at_us)
{
    watch(w, r);
    r->look = watch;
    r->context = w;
    r->at_once = 1;
    return native_advance(r, at_us);
}

static int describe(struct watch *w, struct native_run *r, const struct native_args *a, int64_t at_us)
{
    bool good;
    if (native_given(a, "--watch")) {
        good = watch_to(w, r, at_us);
    } else {
        w->pretty = true;
        good = native_advance(r, at_us) && read_state(w, r->lab);
        if (good)
            native_put_json(stdout, w->now);
    }
    int code = native_run_code(r);
    return good ? code : EXIT_INPUT;
}

int describe_command(const struct native_args *a)
{
    static struct native_run run;
    struct watch w = {.node = a->operands > 1 ? a->operand[1] : NULL};
    double at_ms = 0, every_ms = 0;
    if (a->operands < 1 || a->operands > 2) {
        native_fail("describe", "expected a scenario, and perhaps the name of a machine");
        return EXIT_INPUT;
    }
    if (!native_number(a, "--at", 9e12, &at_ms) || !native_number(a, "--every", 9e12, &every_ms))
        return EXIT_INPUT;
    w.every_us = (int64_t)(every_ms * 1000);
    w.now = calloc(1, STATE_BYTES_MAX);
    w.before = calloc(1, STATE_BYTES_MAX);
    int code =
        w.now && w.before ? native_load(&run, a, a->operand[0], native_value(a, "--actions")) : EXIT_SYSTEM;
    if (code == EXIT_GOOD)
        code = describe(&w, &run, a, (int64_t)(at_ms * 1000));
    native_unload(&run);
    free(w.now);
    free(w.before);
    return code;
}
