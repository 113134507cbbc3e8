/*
 * `tcplab run`: a scenario, headless.
 *
 * Events are read off the ring while the lab runs, a few things at a time, so that none is overwritten before
 * it was seen.
 */
#include "native/native.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>

#include "base/status.h"

enum {
    THINGS_AT_ONCE = 64,
    MEMORY_MIB_DEFAULT = 256,
    MEMORY_MIB_MAX = 16384,
    ERRORS_MAX = 64 << 10,
    REPLY_MAX = 4 << 20
};

/* When nothing says how long to run: an hour, if it does not come to rest before. */
static const int64_t run_us_max = 3600000000;

struct run {
    const char *scenario, *actions, *trace, *pcap, *pcap_at;
    bool has_seed, quiet, summary, state;
    uint64_t seed;
    int64_t until_us;
    size_t mib;
    struct ladder ladder;
    struct lab *lab;
    FILE *trace_file;
    uint32_t last_event;
    uint64_t missed_events;
    unsigned action_failures;
};

static bool run_fail(const char *option, const char *why)
{
    fprintf(stderr, "tcplab: %s: %s.\n", option, why);
    return false;
}

static bool read_number(const char *option, const char *text, double max, double *out)
{
    char *end;
    double v = strtod(text, &end);
    if (end == text || *end || !(v >= 0 && v <= max))
        return run_fail(option, "expected a number >= 0");
    *out = v;
    return true;
}

/* An option that has a value. */
static bool run_value(struct run *r, const char *option, const char *value)
{
    const struct {
        const char *name, **to;
    } texts[] = {
        {"--actions", &r->actions}, {"--trace", &r->trace}, {"--pcap", &r->pcap}, {"--pcap-at", &r->pcap_at}};
    double v;
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(option, texts[i].name) == 0) {
            *texts[i].to = value;
            return true;
        }
    if (strcmp(option, "--seed") == 0) {
        r->has_seed = true;
        return read_number(option, value, 9007199254740991.0, &v) && (r->seed = (uint64_t)v, true);
    }
    if (strcmp(option, "--until") == 0)
        return read_number(option, value, 9e12, &v) && (r->until_us = (int64_t)(v * 1000), true);
    if (strcmp(option, "--memory") == 0)
        return read_number(option, value, MEMORY_MIB_MAX, &v) && (r->mib = (size_t)v, true);
    return run_fail(option, "there is no such option; see tcplab --help");
}

static bool run_options(struct run *r, int argc, char **argv)
{
    const struct {
        const char *name;
        bool *to;
    } flags[] = {{"--quiet", &r->quiet},
                 {"--summary", &r->summary},
                 {"--state", &r->state},
                 {"--deliveries", &r->ladder.deliveries}};
    for (int i = 0; i < argc; i++) {
        bool *flag = NULL;
        for (unsigned k = 0; k < sizeof flags / sizeof flags[0]; k++)
            if (strcmp(argv[i], flags[k].name) == 0)
                flag = flags[k].to;
        if (flag)
            *flag = true;
        else if (argv[i][0] != '-' || argv[i][1] == 0)
            r->scenario = argv[i];
        else if (i + 1 == argc)
            return run_fail(argv[i], "needs a value, or there is no such option; see tcplab --help");
        else if (!run_value(r, argv[i], argv[i + 1]))
            return false;
        else
            i++;
    }
    return r->scenario || run_fail("run", "needs the name of a scenario file");
}

/* Shows what has happened since the last time. */
static void run_report(struct run *r)
{
    struct trace *t = lab_trace(r->lab);
    while (r->last_event < t->last_id) {
        const struct trace_event *e = trace_at(t, ++r->last_event);
        if (!e) {
            r->missed_events++;
            continue;
        }
        if (r->trace_file)
            trace_json_write(r->trace_file, e);
        if (!r->quiet)
            ladder_event(&r->ladder, e);
    }
}

/* Runs to `t_us`, or until nothing is left to do before it. */
static void run_to(struct run *r, int64_t t_us)
{
    for (int64_t next; (next = lab_next_us(r->lab)) <= t_us && next != TIME_NEVER;) {
        lab_run_until(r->lab, next, THINGS_AT_ONCE);
        run_report(r);
    }
}

static bool run_command(struct run *r, int64_t at_us, const cJSON *command)
{
    static uint8_t reply[REPLY_MAX];
    char *json = cJSON_PrintUnformatted(command);
    if (!json)
        return run_fail(r->actions, "memory ran out");
    if (at_us < lab_now_us(r->lab)) {
        free(json);
        return run_fail(r->actions, "the actions are not in the order of their time");
    }
    run_to(r, at_us);
    lab_run_until(r->lab, at_us, 0);
    lab_command(r->lab, bytes_of(json, strlen(json)), room_of(reply, sizeof reply));
    run_report(r);
    free(json);
    if (strncmp((char *)reply, "{\"ok\":true", 10) != 0) {
        fprintf(stderr, "tcplab: an action at %.3f ms: %s\n", (double)at_us / 1000, (char *)reply);
        r->action_failures++;
    }
    return true;
}

/* The text of a command must outlive the tree it is from: cJSON's memory belongs to the lab while a
 * command is read. */
static bool run_actions(struct run *r)
{
    struct room file = file_read(r->actions);
    if (!file.at)
        return false;
    cJSON *list = cJSON_Parse((const char *)file.at);
    bool good = cJSON_IsArray(list) ||
                run_fail(r->actions, "expected a JSON array of {\"at_us\": N, \"command\": {...}}");
    for (const cJSON *a = list ? list->child : NULL; a && good; a = a->next) {
        const cJSON *at = cJSON_GetObjectItemCaseSensitive(a, "at_us");
        const cJSON *command = cJSON_GetObjectItemCaseSensitive(a, "command");
        if (!cJSON_IsNumber(at) || !(at->valuedouble >= 0 && at->valuedouble < 9e15) ||
            !cJSON_IsObject(command))
            good = run_fail(r->actions, "expected elements like {\"at_us\": N, \"command\": {...}}");
        else
            good = run_command(r, (int64_t)at->valuedouble, command);
    }
    cJSON_Delete(list);
    free(file.at);
    return good;
}

/* Which end of which link is meant by "client:0". */
static bool run_pcap_end(struct run *r, struct lab_pcapng *cursor)
{
    const char *colon = strchr(r->pcap_at, ':');
    size_t len = colon ? (size_t)(colon - r->pcap_at) : strlen(r->pcap_at);
    int node = lab_find_node(r->lab, bytes_of(r->pcap_at, len));
    struct link_end end = {(uint8_t)node, colon ? (uint8_t)strtoul(colon + 1, NULL, 10) : 0};
    int number = node < 0 ? STATUS_ENOENT : lab_link_at(r->lab, end);
    if (number < 0)
        return run_fail("--pcap-at", "expected an interface with a link, like client:0");
    const struct link *link = lab_link(r->lab, (unsigned)number);
    bool is_a = link->end[0].node == end.node && link->end[0].iface == end.iface;
    cursor->view = LAB_PCAPNG_END;
    cursor->end = 2 * (unsigned)number + !is_a;
    return true;
}

static bool run_pcap(struct run *r)
{
    static uint8_t piece[LAB_PCAPNG_ROOM_MIN];
    struct lab_pcapng cursor = {.view = LAB_PCAPNG_SENT};
    if (r->pcap_at && !run_pcap_end(r, &cursor))
        return false;
    FILE *f = fopen(r->pcap, "wb");
    if (!f)
        return run_fail(r->pcap, strerror(errno));
    bool good = true;
    for (size_t len; (len = lab_pcapng(r->lab, &cursor, room_of(piece, sizeof piece))) > 0;)
        good = fwrite(piece, 1, len, f) == len && good;
    good = fclose(f) == 0 && good;
    if (lab_capture(r->lab)->forgotten > 0)
        fprintf(stderr, "tcplab: %llu frames were not kept; give --memory more.\n",
                (unsigned long long)lab_capture(r->lab)->forgotten);
    return good || run_fail(r->pcap, "could not be written");
}

static void summarize_apps(struct lab *l, unsigned node)
{
    struct host *h = lab_host(l, node);
    for (unsigned id = 0; id <= HOST_APPS_MAX; id++) {
        const struct app *a = host_app(h, id);
        if (!a)
            continue;
        printf(
            "%s %s %u: sent %llu bytes in %u messages, received %llu bytes in %u messages, %u messages lost, %s%s%s\n",
            host_name(h), a->class->name, id, (unsigned long long)a->sent_bytes, a->sent_messages,
            (unsigned long long)a->received_bytes, a->received_messages, a->lost_messages,
            a->done ? "done" : "running", a->error ? ": " : "", a->error ? status_phrase(a->error) : "");
    }
}

static void run_summary(const struct run *r)
{
    struct lab *l = r->lab;
    printf("\nat %.6f s\n", (double)lab_now_us(l) / 1e6);
    for (unsigned i = 0; i < lab_node_count(l); i++)
        summarize_apps(l, i);
    for (unsigned i = 0; i < lab_link_count(l); i++)
        for (unsigned d = 0; d < 2; d++) {
            const struct link *link = lab_link(l, i);
            const struct link_counters *c = &link->counters[d];
            printf("%s %s > %s: %llu frames, %llu duplicated, %llu delivered", lab_link_name(l, i),
                   host_name(lab_host(l, link->end[d].node)), host_name(lab_host(l, link->end[1 - d].node)),
                   (unsigned long long)c->frames, (unsigned long long)c->duplicated,
                   (unsigned long long)c->delivered);
            for (unsigned k = 0; k < LOSS_REASON_COUNT; k++)
                if (c->lost[k])
                    printf(", %llu lost (%s)", (unsigned long long)c->lost[k],
                           loss_reason_phrase((enum loss_reason)k));
            putchar('\n');
        }
}

static void run_state(struct run *r)
{
    static const char describe[] = "{\"do\":\"describe\"}";
    static uint8_t reply[REPLY_MAX];
    lab_command(r->lab, bytes_of(describe, sizeof describe - 1), room_of(reply, sizeof reply));
    puts((char *)reply);
}

/* Reads the scenario into the lab. */
static int run_load(struct run *r, struct room file, void **memory)
{
    static char errors[ERRORS_MAX];
    static _Alignas(16) uint8_t scratch[64 << 20];
    struct lab_outline outline;
    lab_outline_read(&outline, bytes_of(file.at, file.len), room_of(scratch, sizeof scratch));
    r->lab = native_lab(memory, r->mib, r->has_seed ? r->seed : outline.seed);
    if (!r->lab)
        return EXIT_SYSTEM;
    if (r->until_us < 0)
        r->until_us = outline.end_us;
    if (lab_load(r->lab, bytes_of(file.at, file.len), room_of(errors, sizeof errors)) < 0) {
        fprintf(stderr, "tcplab: %s is not a scenario:\n%s\n", r->scenario, errors);
        return EXIT_INPUT;
    }
    return EXIT_GOOD;
}

static int run_all(struct run *r)
{
    r->ladder.out = stdout;
    r->ladder.lab = r->lab;
    if (r->trace && !(r->trace_file = fopen(r->trace, "w"))) {
        run_fail(r->trace, strerror(errno));
        return EXIT_SYSTEM;
    }
    run_report(r);
    bool good = !r->actions || run_actions(r);
    if (good) {
        run_to(r, r->until_us == TIME_NEVER ? lab_now_us(r->lab) + run_us_max : r->until_us);
        if (r->until_us != TIME_NEVER && r->until_us > lab_now_us(r->lab))
            lab_run_until(r->lab, r->until_us, 0);
    }
    if (r->trace_file && fclose(r->trace_file) != 0)
        good = run_fail(r->trace, "could not be written");
    good = (!r->pcap || run_pcap(r)) && good;
    if (r->summary)
        run_summary(r);
    if (r->state)
        run_state(r);
    if (r->missed_events)
        fprintf(stderr, "tcplab: %llu events are not shown.\n", (unsigned long long)r->missed_events);
    if (lab_action_failures(r->lab))
        fprintf(stderr, "tcplab: %u actions of the scenario failed, the last with %s\n",
                lab_action_failures(r->lab), lab_action_failure(r->lab));
    return !good ? EXIT_SYSTEM : r->action_failures || lab_action_failures(r->lab) ? EXIT_ACTION : EXIT_GOOD;
}

int run_main(int argc, char **argv)
{
    static struct run r = {.until_us = -1, .mib = MEMORY_MIB_DEFAULT};
    void *memory = NULL;
    if (!run_options(&r, argc, argv))
        return EXIT_INPUT;
    struct room file = file_read(r.scenario);
    int code = file.at ? run_load(&r, file, &memory) : EXIT_SYSTEM;
    if (code == EXIT_GOOD)
        code = run_all(&r);
    free(memory);
    free(file.at);
    return code;
}
