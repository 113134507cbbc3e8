/* In each scenario of ours, and each preset of the page: no window changes without an event that says so. */
#define _DEFAULT_SOURCE /* scandir() */

#include "lab/support/bench.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "host/host.h"
#include "unit/support/windows.h"

enum { STEPS_MAX = 20000, NODES_MAX = 16, UNTIL_US = 120000000, PATH_CHARS = 512 };

static char *read_file(const char *path)
{
    enum { SIZE = 1 << 18 };
    char *text = calloc(1, SIZE);
    FILE *f = fopen(path, "rb");
    assert_true(text && f);
    assert_in_range(fread(text, 1, SIZE - 1, f), 1, SIZE - 2);
    fclose(f);
    return text;
}

static void look(struct lab *l, struct windows *windows, const char *path)
{
    for (unsigned node = 0; node < lab_node_count(l); node++) {
        struct host *h = lab_host(l, node);
        const char *wrong = h && host_tcp(h) ? windows_look(&windows[node], host_tcp(h)) : NULL;
        if (wrong)
            fail_msg("%s, node %u, %lld us: %s", path, node, (long long)lab_now_us(l), wrong);
    }
}

/* Counts the scenarios in which a window was seen to change. */
static unsigned play(const char *path)
{
    static struct windows windows[NODES_MAX];
    static const struct lab_config config = {.seed = 1, .capture_bytes = 1 << 20};
    static char errors[4096];
    enum { MEMORY = 64 << 20 };
    char *json = read_file(path);
    void *memory = calloc(1, MEMORY);
    assert_non_null(memory);
    struct lab *l = lab_create(memory, MEMORY, &config);
    if (lab_load(l, bytes_of(json, strlen(json)), room_of(errors, sizeof errors)) < 0)
        fail_msg("%s: %s", path, errors);
    memset(windows, 0, sizeof windows);
    assert_true(lab_node_count(l) <= NODES_MAX);
    for (int step = 0; step < STEPS_MAX && lab_next_us(l) <= UNTIL_US; step++) {
        lab_run_until(l, UNTIL_US, 1);
        look(l, windows, path);
    }
    unsigned told = 0;
    for (uint32_t id = lab_trace(l)->last_id; id > 0 && trace_at(lab_trace(l), id); id--)
        told += trace_at(lab_trace(l), id)->kind == TRACE_TCP_CONGESTION;
    free(memory);
    free(json);
    return told > 0;
}

static int is_json(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0;
}

/* Plays each scenario in a folder, at least so many, in at least so many of which windows change. */
static void play_all(const char *folder, unsigned at_least, unsigned at_least_told)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, is_json, alphasort);
    unsigned told = 0;
    assert_in_range(count, at_least, UINT16_MAX);
    for (int i = 0; i < count; i++) {
        char path[PATH_CHARS];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        told += play(path);
        free(names[i]);
    }
    free(names);
    assert_in_range(told, at_least_told, count);
}

static void windows_change_with_events_in_scenarios(void **state)
{
    (void)state;
    play_all("tests/lab/scenarios", 10, 5);
}

static void windows_change_with_events_in_presets(void **state)
{
    (void)state;
    play_all("web/presets", 15, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_change_with_events_in_scenarios),
        cmocka_unit_test(windows_change_with_events_in_presets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
