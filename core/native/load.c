/*
 * Where runs come from: a scenario's file, a run document (scenario and log in one), a URL, and a log in a file
 * of its own.
 */
#include "native/native.h"

#include <stdlib.h>

#include "base/status.h"
#include "lab/url.h"

enum { MEMORY_MIB_DEFAULT = 256, MEMORY_MIB_MAX = 16384, ERRORS_MAX = 64 << 10 };

bool native_is_url(const char *name)
{
    return strncmp(name, "tcplab:", 7) == 0 ||
           (strstr(name, "#tcplab:") && (strncmp(name, "http:", 5) == 0 || strncmp(name, "https:", 6) == 0));
}

/* Text that has a URL in it becomes the run's JSON. */
static int unpack(struct native_run *r)
{
    const char *why = NULL;
    struct room json = room_of(malloc(URL_TEXT_MAX + 1), URL_TEXT_MAX);
    int64_t len = json.at ? url_unpack(json, bytes_of(r->text.at, r->text.len), &why) : STATUS_ENOMEM;
    free(r->text.at);
    r->text = room_of(json.at, 0);
    if (len < 0) {
        native_fail(native_is_url(r->name) ? "URL" : r->name, why ? why : "memory ran out");
        return EXIT_INPUT;
    }
    r->text.len = (size_t)len;
    json.at[len] = 0;
    return EXIT_GOOD;
}

static bool holds_url(struct room text)
{
    size_t i = 0;
    while (i < text.len && text.at[i] <= ' ')
        i++;
    if (i < text.len && text.at[i] == '{')
        return false;
    return text.at && strstr((const char *)text.at + i, "tcplab:") && text.at[i] != '[';
}

static int read_text(struct native_run *r)
{
    if (native_is_url(r->name)) {
        size_t len = strlen(r->name);
        r->text = room_of(malloc(len + 1), len);
        if (!r->text.at)
            return EXIT_SYSTEM;
        memcpy(r->text.at, r->name, len + 1);
    } else {
        r->text = file_read(r->name);
    }
    if (!r->text.at)
        return EXIT_SYSTEM;
    return holds_url(r->text) ? unpack(r) : EXIT_GOOD;
}

/* A document with "scenario" in it is a run: takes it apart. What is no JSON at all is left to lab_load(), which
 * says where. */
static int take_apart(struct native_run *r)
{
    r->scenario = bytes_of(r->text.at, r->text.len);
    cJSON *document = cJSON_Parse((const char *)r->text.at);
    cJSON *scenario = cJSON_GetObjectItemCaseSensitive(document, "scenario");
    if (!scenario) {
        cJSON_Delete(document);
        return EXIT_GOOD;
    }
    r->document = document;
    r->actions = cJSON_GetObjectItemCaseSensitive(document, "actions");
    char *text = native_print_json(scenario);
    if (!text)
        return EXIT_SYSTEM;
    free(r->text.at);
    r->text = room_of(text, strlen(text));
    r->scenario = bytes_of(r->text.at, r->text.len);
    if (r->actions && !cJSON_IsArray(r->actions)) {
        native_fail(r->name, "actions: expected an array");
        return EXIT_INPUT;
    }
    return EXIT_GOOD;
}

static int read_log(struct native_run *r, const char *name)
{
    struct room file = file_read(name);
    if (!file.at)
        return EXIT_SYSTEM;
    r->log_file = cJSON_Parse((const char *)file.at);
    free(file.at);
    r->actions =
        cJSON_IsObject(r->log_file) ? cJSON_GetObjectItemCaseSensitive(r->log_file, "actions") : r->log_file;
    if (!cJSON_IsArray(r->actions)) {
        native_fail(name, "expected a JSON array of {\"at_us\": N, \"command\": {...}}");
        return EXIT_INPUT;
    }
    return EXIT_GOOD;
}

static void tell_faults(const struct native_run *r, char *errors)
{
    const char *name = native_is_url(r->name) ? "URL" : r->name;
    if (!r->lists_faults) {
        fprintf(stderr, "tcplab: %s is not a scenario:\n%s\n", name, errors);
        return;
    }
    for (char *line = errors, *end; line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = 0;
        printf("%s: %s\n", name, line);
    }
}

/* The value of an option that not every command has. */
static bool option_number(const struct native_args *a, const char *name, double max, double *out)
{
    for (const struct native_option *o = a->command->options; o->name; o++)
        if (strcmp(o->name, name) == 0)
            return native_number(a, name, max, out);
    return true;
}

static int make_lab(struct native_run *r, const struct native_args *a)
{
    static char errors[ERRORS_MAX];
    double seed = -1, mib = MEMORY_MIB_DEFAULT;
    struct lab_outline outline = {.seed = 1, .end_us = TIME_NEVER};
    enum { OUTLINE_BYTES = 64 << 20 };
    if (!option_number(a, "--seed", 9007199254740991.0, &seed) ||
        !option_number(a, "--memory", MEMORY_MIB_MAX, &mib))
        return EXIT_INPUT;
    void *scratch = calloc(1, OUTLINE_BYTES);
    if (scratch)
        lab_outline_read(&outline, r->scenario, room_of(scratch, OUTLINE_BYTES));
    free(scratch);
    r->end_us = outline.end_us;
    r->lab = native_lab(&r->memory, (size_t)mib, seed >= 0 ? (uint64_t)seed : outline.seed);
    if (!r->lab)
        return EXIT_SYSTEM;
    if (lab_load(r->lab, r->scenario, room_of(errors, sizeof errors)) == 0)
        return EXIT_GOOD;
    tell_faults(r, errors);
    return EXIT_INPUT;
}

static int load(struct native_run *r, const struct native_args *a, const char *actions)
{
    int code = read_text(r);
    if (code == EXIT_GOOD)
        code = take_apart(r);
    if (code == EXIT_GOOD && actions)
        code = read_log(r, actions);
    if (code == EXIT_GOOD)
        code = make_lab(r, a);
    r->next = r->actions ? r->actions->child : NULL;
    return code;
}

int native_load(struct native_run *r, const struct native_args *a, const char *name, const char *actions)
{
    *r = (struct native_run){.name = name, .end_us = TIME_NEVER};
    return load(r, a, actions);
}

int native_load_to_check(struct native_run *r, const struct native_args *a, const char *name)
{
    *r = (struct native_run){.name = name, .end_us = TIME_NEVER, .lists_faults = true};
    return load(r, a, NULL);
}

void native_unload(struct native_run *r)
{
    cJSON_Delete(r->document);
    cJSON_Delete(r->log_file);
    free(r->memory);
    free(r->text.at);
    *r = (struct native_run){.name = r->name};
}
