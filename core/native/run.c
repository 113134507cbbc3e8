/*
 * `tcplab run` and `tcplab replay`: a scenario, headless.
 *
 * Events are read off the ring while the lab runs, a few things at a time, so that none is overwritten before
 * it was seen.
 */
#include "native/native.h"

#include <errno.h>
#include <stdlib.h>

#include "base/status.h"

enum { STATE_BYTES_MAX = 64 << 20 };

struct show {
    const struct native_args *args;
    bool quiet, drawing, failed;
    struct ladder ladder;
    struct progress progress;
    struct why why;
    FILE *trace_file;
    int64_t until_us;
    uint32_t last_event;
    uint64_t missed_events;
};

/* Shows what has happened since the last time. */
static void show_events(void *context, struct native_run *r)
{
    struct show *s = context;
    struct trace *t = lab_trace(r->lab);
    s->ladder.lab = r->lab;
    while (s->last_event < t->last_id) {
        const struct trace_event *e = trace_at(t, ++s->last_event);
        if (!e) {
            s->missed_events++;
            continue;
        }
        if (s->trace_file)
            trace_json_write(s->trace_file, e);
        s->failed |= !why_note(&s->why, e);
        if (!s->quiet)
            (s->drawing ? rungs_event : ladder_event)(&s->ladder, e);
    }
    progress_say(&s->progress, r, s->until_us >= 0 ? s->until_us : r->end_us);
}

/* Which end of which link is meant by "client:0". */
static bool pcap_end(struct lab *l, const char *at, struct lab_pcapng *cursor)
{
    const char *colon = strchr(at, ':');
    size_t len = colon ? (size_t)(colon - at) : strlen(at);
    int node = lab_find_node(l, bytes_of(at, len));
    struct link_end end = {(uint8_t)node, colon ? (uint8_t)strtoul(colon + 1, NULL, 10) : 0};
    int number = node < 0 ? STATUS_ENOENT : lab_link_at(l, end);
    if (number < 0)
        return native_fail("--pcap-at", "expected an interface with a link, like client:0");
    const struct link *link = lab_link(l, (unsigned)number);
    bool is_a = link->end[0].node == end.node && link->end[0].iface == end.iface;
    cursor->view = LAB_PCAPNG_END;
    cursor->end = 2 * (unsigned)number + !is_a;
    return true;
}

static bool write_pcap(struct lab *l, const char *name, const char *at)
{
    static uint8_t piece[LAB_PCAPNG_ROOM_MIN];
    struct lab_pcapng cursor = {.view = LAB_PCAPNG_SENT};
    if (at && !pcap_end(l, at, &cursor))
        return false;
    FILE *f = fopen(name, "wb");
    if (!f)
        return native_fail(name, strerror(errno));
    bool good = true;
    for (size_t len; (len = lab_pcapng(l, &cursor, room_of(piece, sizeof piece))) > 0;)
        good = fwrite(piece, 1, len, f) == len && good;
    good = fclose(f) == 0 && good;
    if (lab_capture(l)->forgotten > 0)
        fprintf(stderr, "tcplab: %llu frames were not kept; give --memory more.\n",
                (unsigned long long)lab_capture(l)->forgotten);
    return good || native_fail(name, "could not be written");
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

static void run_summary(struct lab *l)
{
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

static bool write_state(struct lab *l)
{
    static const char describe[] = "{\"do\":\"describe\"}";
    char *reply = malloc(STATE_BYTES_MAX);
    if (!reply)
        return native_fail("--state", "memory ran out");
    lab_command(l, bytes_of(describe, sizeof describe - 1), room_of(reply, STATE_BYTES_MAX));
    puts(reply);
    free(reply);
    return true;
}

/* What is asked for at the end. */
static bool show_end(const struct show *s, struct lab *l)
{
    const char *pcap = native_value(s->args, "--pcap");
    bool good = !pcap || write_pcap(l, pcap, native_value(s->args, "--pcap-at"));
    if (native_given(s->args, "--summary"))
        run_summary(l);
    if (native_given(s->args, "--state"))
        good = write_state(l) && good;
    good = !s->failed && good;
    if (s->missed_events)
        fprintf(stderr, "tcplab: %llu events are not shown.\n", (unsigned long long)s->missed_events);
    return good;
}

static bool show_options(struct show *s)
{
    double until_ms = -1, width = terminal_width(stdout);
    const char *colour = native_value(s->args, "--color");
    if (!native_number(s->args, "--until", 9e12, &until_ms) ||
        !native_number(s->args, "--width", 1000, &width))
        return false;
    if (colour && strcmp(colour, "auto") != 0 && strcmp(colour, "always") != 0 &&
        strcmp(colour, "never") != 0)
        return native_fail("--color", "expected auto, always or never");
    s->until_us = until_ms < 0 ? -1 : (int64_t)(until_ms * 1000);
    s->quiet = native_given(s->args, "--quiet");
    s->drawing = native_given(s->args, "--ladder");
    s->ladder = (struct ladder){.out = stdout,
                                .deliveries = native_given(s->args, "--deliveries"),
                                .numbers = native_given(s->args, "--numbers"),
                                .colour = terminal_colour(colour, stdout),
                                .width = (unsigned)width};
    return why_begin(&s->why, native_value(s->args, "--why"));
}

/* Runs what was loaded, and shows it. */
static int show_run(struct show *s, struct native_run *r)
{
    const char *trace = native_value(s->args, "--trace");
    if (trace && !(s->trace_file = fopen(trace, "w"))) {
        native_fail(trace, strerror(errno));
        return EXIT_SYSTEM;
    }
    progress_begin(&s->progress, s->quiet || !terminal_colour(NULL, stdout));
    r->look = show_events;
    r->context = s;
    show_events(s, r);
    bool understood = native_advance_to_end(r, s->until_us);
    progress_end(&s->progress);
    bool good = !s->trace_file || fclose(s->trace_file) == 0 || native_fail(trace, "could not be written");
    good = show_end(s, r->lab) && good;
    bool known = why_print(&s->why, r->lab);
    why_end(&s->why);
    int code = native_run_code(r);
    return !good ? EXIT_SYSTEM : !understood || !known ? EXIT_INPUT : code;
}

static int run_or_replay(const struct native_args *a, const char *name, const char *actions, bool needs_log)
{
    static struct show show;
    static struct native_run run;
    show = (struct show){.args = a};
    if (!show_options(&show))
        return EXIT_INPUT;
    int code = native_load(&run, a, name, actions);
    if (code == EXIT_GOOD && needs_log && !run.actions) {
        native_fail(name, "there is no log of actions in it; run shows a scenario");
        code = EXIT_INPUT;
    }
    if (code == EXIT_GOOD)
        code = show_run(&show, &run);
    native_unload(&run);
    return code;
}

int run_command(const struct native_args *a)
{
    if (a->operands != 1) {
        native_fail("run", "expected the name of one scenario file, or a URL");
        return EXIT_INPUT;
    }
    return run_or_replay(a, a->operand[0], native_value(a, "--actions"), false);
}

int replay_command(const struct native_args *a)
{
    const char *scenario = native_value(a, "--scenario");
    if (a->operands != 1) {
        native_fail("replay", "expected one URL, run document or file of actions");
        return EXIT_INPUT;
    }
    return scenario ? run_or_replay(a, scenario, a->operand[0], true)
                    : run_or_replay(a, a->operand[0], NULL, true);
}
