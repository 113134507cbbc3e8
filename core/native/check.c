/*
 * `tcplab check`: are these scenarios, the logs with them, and lessons right?
 */
#include "native/native.h"

#include <stdlib.h>

#include "lab/lesson.h"

enum { CHECK_MIB = 256, ERRORS_MAX = 64 << 10 };

/* A log is checked as the actions of its scenario: the same words, at their times. */
static char *log_as_actions(const struct native_run *r)
{
    cJSON *scenario = cJSON_Parse((const char *)r->scenario.at), *actions = cJSON_CreateArray();
    for (const cJSON *a = r->actions->child; a; a = a->next)
        cJSON_AddItemToArray(actions, cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(a, "command"), true));
    cJSON_DeleteItemFromObjectCaseSensitive(scenario, "actions");
    cJSON_AddItemToObject(scenario, "actions", actions);
    char *json = native_print_json(scenario);
    cJSON_Delete(scenario);
    return json;
}

static int check_log(const struct native_run *r, const char *name)
{
    static char errors[ERRORS_MAX];
    void *memory = NULL;
    for (const cJSON *a = r->actions->child; a; a = a->next)
        if (!cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(a, "command"))) {
            printf("%s: log: expected elements like {\"at_us\": N, \"command\": {...}}\n", name);
            return EXIT_INPUT;
        }
    char *json = log_as_actions(r);
    struct lab *l = json ? native_lab(&memory, CHECK_MIB, 1) : NULL;
    int status = l ? lab_load(l, bytes_of(json, strlen(json)), room_of(errors, sizeof errors)) : 0;
    for (char *line = errors, *end; status < 0 && line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = 0;
        printf("%s: log: %s\n", name, line);
    }
    free(json);
    free(memory);
    return !l ? EXIT_SYSTEM : status < 0 ? EXIT_INPUT : EXIT_GOOD;
}

static void tell(const char *name, char *errors)
{
    for (char *line = errors, *end; line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = 0;
        printf("%s: %s\n", name, line);
    }
}

/* Checks a file if it is a lesson; else *is_lesson is false. */
static int check_lesson(const char *name, bool *is_lesson)
{
    static char errors[ERRORS_MAX];
    struct room file = file_read(name);
    void *memory = NULL;
    struct lab *l = file.at ? native_lab(&memory, CHECK_MIB, 1) : NULL;
    struct bytes json = bytes_of(file.at, file.len);
    *is_lesson = !l || lesson_is(l, json);
    int status = l && *is_lesson ? lesson_check(l, json, room_of(errors, sizeof errors)) : 0;
    if (status < 0)
        tell(name, errors);
    else if (l && *is_lesson)
        printf("%s: good\n", name);
    free(memory);
    free(file.at);
    return !l ? EXIT_SYSTEM : status < 0 ? EXIT_INPUT : EXIT_GOOD;
}

static int check_file(const struct native_args *a, const char *name)
{
    if (!native_is_url(name) && strcmp(name, "-") != 0) {
        bool is_lesson;
        int lesson = check_lesson(name, &is_lesson);
        if (is_lesson)
            return lesson;
    }
    static struct native_run run;
    const char *shown = native_is_url(name) ? "URL" : name;
    int code = native_load_to_check(&run, a, name);
    if (code == EXIT_GOOD && run.actions)
        code = check_log(&run, shown);
    if (code == EXIT_GOOD)
        printf("%s: good\n", shown);
    native_unload(&run);
    return code;
}

int check_command(const struct native_args *a)
{
    int worst = EXIT_GOOD;
    if (a->operands == 0) {
        native_fail("check", "expected the name of a scenario or lesson file");
        return EXIT_INPUT;
    }
    for (unsigned i = 0; i < a->operands; i++) {
        int code = check_file(a, a->operand[i]);
        worst = code > worst ? code : worst;
    }
    return worst;
}
