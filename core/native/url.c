/*
 * `tcplab url`: a run as a URL, and back.
 */
#include "native/native.h"

#include <stdlib.h>

#include "lab/url.h"

/* The run's JSON: what the page writes, too. */
static char *run_json(const struct native_run *r)
{
    cJSON *run = cJSON_CreateObject();
    cJSON_AddItemToObject(run, "scenario", cJSON_Parse((const char *)r->scenario.at));
    cJSON_AddItemToObject(run, "actions",
                          r->actions ? cJSON_Duplicate(r->actions, true) : cJSON_CreateArray());
    char *json = native_print_json(run);
    cJSON_Delete(run);
    return json;
}

static int print_url(const char *json, const char *page)
{
    size_t len = strlen(json), size = url_room(len);
    void *scratch = malloc(URL_SCRATCH_BYTES);
    char *url = malloc(size);
    int64_t packed = -1;
    if (scratch && url)
        packed = url_pack(room_of(url, size), bytes_of(json, len), room_of(scratch, URL_SCRATCH_BYTES));
    if (packed > 0)
        printf("%s%s%s\n", page ? page : "", page ? "#" : "", url);
    if (packed > URL_LESSON_MAX)
        fprintf(stderr, "tcplab: this URL has %lld characters; some programs cut what is longer than %d.\n",
                (long long)packed, URL_LESSON_MAX);
    free(scratch);
    free(url);
    if (packed < 0)
        native_fail("url", "the run is too long for a URL");
    return packed < 0 ? EXIT_INPUT : EXIT_GOOD;
}

static int write_run(struct native_run *r, const struct native_args *a)
{
    char *json = run_json(r);
    if (!json)
        return EXIT_SYSTEM;
    int code = EXIT_GOOD;
    if (native_given(a, "--decode"))
        puts(json);
    else
        code = print_url(json, native_value(a, "--page"));
    free(json);
    return code;
}

int url_command(const struct native_args *a)
{
    static struct native_run run;
    if (a->operands != 1) {
        native_fail("url", "expected one scenario, run document or URL");
        return EXIT_INPUT;
    }
    int code = native_load(&run, a, a->operand[0], native_value(a, "--actions"));
    if (code == EXIT_GOOD)
        code = write_run(&run, a);
    native_unload(&run);
    return code;
}
