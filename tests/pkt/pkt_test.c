/*
 * Plays packet scripts: `pkt_test [file or folder...]`, without arguments all below tests/pkt/scripts.
 * Reports in TAP, ends with
 * `N passed, N failed`.
 *
 * Each script is played three times: as it is; with initial sequence numbers just below 2^32 on both sides, so
 * that every rule is also seen where the numbers wrap; and without header prediction and the other shortcuts.
 * What the script sees must not differ, and without shortcuts no byte that the host sends.
 */
#define _XOPEN_SOURCE 700

#include "pkt/support/play.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PATHS_MAX = 2000 };

struct paths {
    char *at[PATHS_MAX];
    size_t count;
};

static void paths_add(struct paths *p, const char *path)
{
    if (p->count == PATHS_MAX || !(p->at[p->count] = strdup(path))) {
        fprintf(stderr, "too many scripts\n");
        exit(2);
    }
    p->count++;
}

/* All scripts at or below `path`. */
static void paths_find(struct paths *p, const char *path)
{
    struct stat st;
    DIR *d = stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? opendir(path) : NULL;
    if (!d) {
        paths_add(p, path);
        return;
    }
    const struct dirent *e;
    while ((e = readdir(d)) != NULL) {
        char below[512];
        const char *dot = strrchr(e->d_name, '.');
        snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        bool folder = stat(below, &st) == 0 && S_ISDIR(st.st_mode);
        if (e->d_name[0] != '.' && (folder || (dot && strcmp(dot, ".pkt") == 0)))
            paths_find(p, below);
    }
    closedir(d);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Played without shortcuts, the host must send what it sent with them, at the same times. */
static bool same_the_long_way(const struct script *s, const struct transcript *with,
                              char message[SCRIPT_MESSAGE_MAX])
{
    struct transcript without = {0};
    bool good = play(s, (struct world_start){.no_shortcuts = true, .transcript = &without}, NULL, message);
    if (good &&
        (with->len != without.len || (with->len > 0 && memcmp(with->at, without.at, with->len) != 0))) {
        snprintf(message, SCRIPT_MESSAGE_MAX, "what the host sends is something else\n");
        good = false;
    }
    if (!good) {
        size_t len = strlen(message);
        snprintf(message + len, SCRIPT_MESSAGE_MAX - len, "  (only without header prediction)\n");
    }
    free(without.at);
    return good;
}

static bool run_script(const char *path, char message[SCRIPT_MESSAGE_MAX])
{
    struct script s;
    bool good = script_read(&s, path, message);
    if (good) {
        seq_t isn = 0;
        struct transcript sent = {0};
        good = play(&s, (struct world_start){.transcript = &sent}, &isn, message) &&
               same_the_long_way(&s, &sent, message);
        free(sent.at);
        /* The host's numbers follow a clock of 4 us (RFC 6528): at another time they are others. */
        struct world_start wrapping = {.base_us = 4 * (int64_t)(uint32_t)(UINT32_MAX - 300 - isn),
                                       .remote_isn = UINT32_MAX - 500};
        if (good && !play(&s, wrapping, NULL, message)) {
            good = false;
            size_t len = strlen(message);
            snprintf(message + len, SCRIPT_MESSAGE_MAX - len, "  (only when the sequence numbers wrap)\n");
        }
    }
    script_free(&s);
    return good;
}

static void print_diagnostic(const char *message)
{
    while (*message) {
        size_t len = strcspn(message, "\n");
        printf("# %.*s\n", (int)len, message);
        message += len + (message[len] != 0);
    }
}

int main(int argc, char **argv)
{
    static struct paths paths;
    static char message[SCRIPT_MESSAGE_MAX + 64];
    size_t passed = 0;
    for (int i = 1; i < argc; i++)
        paths_find(&paths, argv[i]);
    if (argc == 1)
        paths_find(&paths, "tests/pkt/scripts");
    qsort(paths.at, paths.count, sizeof *paths.at, by_name);
    printf("1..%zu\n", paths.count);
    for (size_t i = 0; i < paths.count; i++) {
        message[0] = 0;
        bool good = run_script(paths.at[i], message);
        passed += good;
        printf("%s %zu - %s\n", good ? "ok" : "not ok", i + 1, paths.at[i]);
        if (!good)
            print_diagnostic(message);
        free(paths.at[i]);
    }
    printf("# %zu passed, %zu failed\n", passed, paths.count - passed);
    return passed == paths.count ? 0 : 1;
}
