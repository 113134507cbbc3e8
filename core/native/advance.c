/*
 * Running with a log: each action at its time, and after as many things as the lab had done before it ("step"),
 * for several things may happen at one time. So a run of the page is repeated to the byte.
 */
#include "native/native.h"

#include <stdlib.h>

#include "base/status.h"
#include "lab/base64.h"

enum { THINGS_AT_ONCE = 64 };

/* When nothing says how long to run: an hour, if it does not come to rest before. */
static const int64_t run_us_max = 3600000000;

/* Runs to `t_us`, at most `steps_max` things. */
static void run_things(struct native_run *r, int64_t t_us, uint64_t steps_max)
{
    uint32_t at_once = r->at_once ? r->at_once : THINGS_AT_ONCE;
    while (steps_max > 0) {
        uint32_t slice = steps_max < at_once ? (uint32_t)steps_max : at_once;
        int64_t done = lab_run_until(r->lab, t_us, slice);
        assert(done >= 0);
        r->steps += (uint64_t)done;
        steps_max -= (uint64_t)done;
        if (r->look)
            r->look(r->context, r);
        if (done < slice)
            return;
    }
}

/* The bytes beside a command, in the log as base64. */
static bool set_blob(struct native_run *r, const cJSON *blob, uint8_t **data)
{
    *data = NULL;
    if (!blob)
        return true;
    if (!cJSON_IsString(blob))
        return false;
    size_t len = strlen(blob->valuestring);
    *data = malloc(len / 4 * 3 + 1);
    int64_t got = *data ? base64_decode(*data, bytes_of(blob->valuestring, len)) : STATUS_ENOMEM;
    if (got < 0)
        return false;
    lab_set_blob(r->lab, bytes_of(*data, (size_t)got));
    return true;
}

/* The text of a command must outlive the tree it is from: cJSON's memory belongs to the lab while a
 * command is read. */
static bool do_action(struct native_run *r, const cJSON *action)
{
    static uint8_t reply[LAB_REPLY_STANDARD];
    uint8_t *blob;
    char *json = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(action, "command"));
    bool good = json && set_blob(r, cJSON_GetObjectItemCaseSensitive(action, "blob"), &blob);
    if (good) {
        lab_command(r->lab, bytes_of(json, strlen(json)), room_of(reply, sizeof reply));
        free(blob);
        if (r->look)
            r->look(r->context, r);
        if (strncmp((char *)reply, "{\"ok\":true", 10) != 0) {
            fprintf(stderr, "tcplab: an action at %.3f ms: %s\n", (double)lab_now_us(r->lab) / 1000,
                    (char *)reply);
            r->action_failures++;
        }
    }
    free(json);
    return good || native_fail("actions", "a \"blob\" is not base64");
}

/* Runs to where an action was done. */
static bool run_to_action(struct native_run *r, const cJSON *action)
{
    const cJSON *at = cJSON_GetObjectItemCaseSensitive(action, "at_us");
    const cJSON *step = cJSON_GetObjectItemCaseSensitive(action, "step");
    if (!cJSON_IsNumber(at) || !(at->valuedouble >= 0 && at->valuedouble < 9e15) ||
        !cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(action, "command")) ||
        (step && !(cJSON_IsNumber(step) && step->valuedouble >= 0 && step->valuedouble < 9e15)))
        return native_fail("actions", "expected elements like {\"at_us\": N, \"command\": {...}}");
    int64_t at_us = (int64_t)at->valuedouble;
    if (at_us < lab_now_us(r->lab))
        return native_fail("actions", "they are not in the order of their time");
    if (!step) {
        run_things(r, at_us, UINT64_MAX);
        return true;
    }
    uint64_t steps = (uint64_t)step->valuedouble;
    if (steps > r->steps)
        run_things(r, at_us, steps - r->steps);
    if (lab_now_us(r->lab) < at_us)
        run_things(r, at_us, 1);
    return true;
}

bool native_advance(struct native_run *r, int64_t t_us)
{
    for (; r->next; r->next = r->next->next) {
        const cJSON *at = cJSON_GetObjectItemCaseSensitive(r->next, "at_us");
        if (cJSON_IsNumber(at) && at->valuedouble > (double)t_us)
            break;
        if (!run_to_action(r, r->next) || !do_action(r, r->next))
            return false;
    }
    if (t_us >= lab_now_us(r->lab))
        run_things(r, t_us, UINT64_MAX);
    return true;
}

/* From one thing to the next, so that the clock ends at the last one; or where the scenario ends, if that counts. */
static void run_to_rest(struct native_run *r, int64_t t_us, bool heeds_end)
{
    for (;;) {
        int64_t next_us = lab_next_us(r->lab), ended_us = lab_ended_us(r->lab);
        int64_t stop_us = heeds_end && ended_us < t_us ? ended_us : t_us;
        if (next_us == TIME_NEVER || next_us > stop_us)
            return;
        run_things(r, next_us, UINT64_MAX);
    }
}

bool native_advance_to_end(struct native_run *r, int64_t until_us)
{
    bool heeds_end = until_us < 0; /* who says until when is not stopped by "end_when" */
    int64_t end_us = heeds_end ? r->end_us : until_us;
    for (; r->next; r->next = r->next->next) {
        const cJSON *at = cJSON_GetObjectItemCaseSensitive(r->next, "at_us");
        if (cJSON_IsNumber(at) && end_us != TIME_NEVER && at->valuedouble > (double)end_us)
            break;
        if (!run_to_action(r, r->next) || !do_action(r, r->next))
            return false;
    }
    run_to_rest(r, end_us == TIME_NEVER ? lab_now_us(r->lab) + run_us_max : end_us, heeds_end);
    if (heeds_end && lab_ended_us(r->lab) < end_us)
        end_us = lab_ended_us(r->lab);
    if (end_us != TIME_NEVER && end_us > lab_now_us(r->lab))
        run_things(r, end_us, UINT64_MAX);
    return true;
}

int native_run_code(const struct native_run *r)
{
    if (lab_action_failures(r->lab))
        fprintf(stderr, "tcplab: %u actions of the scenario failed, the last with %s\n",
                lab_action_failures(r->lab), lab_action_failure(r->lab));
    return r->action_failures || lab_action_failures(r->lab) ? EXIT_ACTION : EXIT_GOOD;
}
