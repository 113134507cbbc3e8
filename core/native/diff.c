/*
 * `tcplab diff`: two runs side by side.
 */
#include "native/native.h"

#include <stdlib.h>

#include "base/status.h"
#include "lab/compare.h"

enum { LIMIT_STANDARD = 50, LIMIT_MAX = 1000000, LINE_MAX = 240 };

struct diff {
    struct native_run run[2];
    struct ladder text[2];
    struct compare_run side[2];
    struct compare_result result;
    struct compare_segment *list;
    uint32_t limit;
};

static const char *frame_text(struct diff *d, unsigned side, uint32_t frame, char text[LINE_MAX])
{
    struct lab *l = d->run[side].lab;
    struct lab_frame f;
    snprintf(text, LINE_MAX, "frame %u, which is not kept any more", frame);
    if (lab_frame(l, frame, &f)) {
        const struct link_framing *framing = &lab_link(l, f.link)->framing;
        ladder_frame_text(&d->text[side], f.bytes, framing->ethernet, framing->fcs, text, LINE_MAX);
    }
    return text;
}

/* Frames in the order they were sent teach the text what sequence numbers count from. */
static void learn(struct diff *d, unsigned side)
{
    struct capture *capture = lab_capture(d->run[side].lab);
    char text[LINE_MAX];
    uint64_t position = 0;
    d->text[side].lab = d->run[side].lab;
    for (const struct captured *c; (c = capture_next(capture, &position));)
        if (c->point == CAPTURE_SENT)
            frame_text(d, side, c->id, text);
}

static void print_event(const struct diff *d, unsigned side, const char *mark)
{
    const struct trace_event *e = trace_at(lab_trace(d->run[side].lab), d->result.event);
    fputs(mark, stdout);
    if (e)
        trace_json_write(stdout, e);
    else
        puts("(this run has ended)");
}

static void print_segment(struct diff *d, const struct compare_segment *s)
{
    static const char *const marks[] = {
        [COMPARE_ONLY_A] = "<", [COMPARE_ONLY_B] = ">", [COMPARE_MOVED] = "~", [COMPARE_CHANGED] = "!"};
    char text[LINE_MAX];
    unsigned side = s->kind == COMPARE_ONLY_B;
    const struct link *link = lab_link(d->run[side].lab, s->link);
    int64_t t_us = side == 1 ? s->b_us : s->a_us;
    printf("%s %4lld.%06lld  %s > %s  %s", marks[s->kind], (long long)(t_us / 1000000),
           (long long)(t_us % 1000000), host_name(lab_host(d->run[side].lab, link->end[s->direction].node)),
           host_name(lab_host(d->run[side].lab, link->end[1 - s->direction].node)),
           frame_text(d, side, side == 1 ? s->frame_b : s->frame_a, text));
    if (s->kind == COMPARE_MOVED)
        printf("  (%+.3f ms)", (double)(s->b_us - s->a_us) / 1000);
    if (s->kind == COMPARE_CHANGED)
        printf("\n               in B: %s", frame_text(d, 1, s->frame_b, text));
    putchar('\n');
}

static void print_text(struct diff *d)
{
    const struct compare_result *r = &d->result;
    if (r->first_known > 1)
        printf("The first %u events are not kept any more and were not compared; give --memory more.\n",
               r->first_known - 1);
    if (r->event == 0) {
        printf("The runs are alike: %u events.\n", lab_trace(d->run[0].lab)->last_id);
        return;
    }
    printf("They part at %.6f s, event %u:\n", (double)r->t_us / 1e6, r->event);
    print_event(d, 0, "A ");
    print_event(d, 1, "B ");
    printf("From there on %u frames are alike, %u only in A, %u only in B, %u moved, %u changed.\n", r->same,
           r->count[COMPARE_ONLY_A], r->count[COMPARE_ONLY_B], r->count[COMPARE_MOVED],
           r->count[COMPARE_CHANGED]);
    for (uint32_t i = 0; i < r->listed; i++)
        print_segment(d, &d->list[i]);
    uint32_t all = 0;
    for (unsigned k = 0; k < COMPARE_KIND_COUNT; k++)
        all += r->count[k];
    if (all > r->listed)
        printf("... and %u more; --limit shows them.\n", all - r->listed);
}

static void add_time(cJSON *to, const char *name, int64_t t_us)
{
    if (t_us == TIME_NEVER)
        cJSON_AddNullToObject(to, name);
    else
        cJSON_AddNumberToObject(to, name, (double)t_us);
}

static void print_json(const struct diff *d)
{
    const struct compare_result *r = &d->result;
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "event", r->event);
    add_time(o, "t_us", r->event ? r->t_us : TIME_NEVER);
    cJSON_AddNumberToObject(o, "first_known", r->first_known);
    cJSON_AddNumberToObject(o, "same", r->same);
    for (unsigned k = 0; k < COMPARE_KIND_COUNT; k++)
        cJSON_AddNumberToObject(o, compare_kind_name((enum compare_kind)k), r->count[k]);
    cJSON *list = cJSON_AddArrayToObject(o, "segments");
    for (uint32_t i = 0; i < r->listed; i++) {
        const struct compare_segment *s = &d->list[i];
        cJSON *e = cJSON_CreateObject();
        cJSON_AddStringToObject(e, "kind", compare_kind_name(s->kind));
        cJSON_AddNumberToObject(e, "link", s->link);
        cJSON_AddNumberToObject(e, "direction", s->direction);
        cJSON_AddNumberToObject(e, "frame_a", s->frame_a);
        cJSON_AddNumberToObject(e, "frame_b", s->frame_b);
        add_time(e, "a_us", s->a_us);
        add_time(e, "b_us", s->b_us);
        cJSON_AddItemToArray(list, e);
    }
    char *json = cJSON_Print(o);
    if (json)
        native_put_json(stdout, json);
    free(json);
    cJSON_Delete(o);
}

static int compare(struct diff *d, bool json)
{
    for (unsigned i = 0; i < 2; i++)
        compare_run_of(&d->side[i], d->run[i].lab);
    size_t size = compare_scratch_bytes(&d->side[0], &d->side[1]);
    void *scratch = malloc(size + 1);
    d->list = calloc(d->limit + 1, sizeof d->list[0]);
    bool good = scratch && d->list;
    if (good)
        compare_runs(&d->result, d->list, d->limit, &d->side[0], &d->side[1], room_of(scratch, size));
    free(scratch);
    if (!good) {
        native_fail("diff", "memory ran out");
        return EXIT_SYSTEM;
    }
    learn(d, 0);
    learn(d, 1);
    if (json)
        print_json(d);
    else
        print_text(d);
    return d->result.event ? EXIT_DIFFERENT : EXIT_GOOD;
}

int diff_command(const struct native_args *a)
{
    static struct diff d;
    double until_ms = -1, limit = LIMIT_STANDARD;
    if (a->operands != 2) {
        native_fail("diff", "expected two runs");
        return EXIT_INPUT;
    }
    if (!native_number(a, "--until", 9e12, &until_ms) || !native_number(a, "--limit", LIMIT_MAX, &limit))
        return EXIT_INPUT;
    d.limit = (uint32_t)limit;
    int code = EXIT_GOOD;
    for (unsigned i = 0; i < 2 && code == EXIT_GOOD; i++) {
        code = native_load(&d.run[i], a, a->operand[i], NULL);
        if (code == EXIT_GOOD &&
            !native_advance_to_end(&d.run[i], until_ms < 0 ? -1 : (int64_t)(until_ms * 1000)))
            code = EXIT_INPUT;
    }
    if (code == EXIT_GOOD)
        code = compare(&d, native_given(a, "--json"));
    native_unload(&d.run[0]);
    native_unload(&d.run[1]);
    free(d.list);
    return code;
}
