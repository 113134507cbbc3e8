/*
 * `--why`: the causes of an event, from the nearest back to what set all off, or the life of a frame and why it was made.
 * The lab's own ring forgets old events, so all are kept until the run is over.
 */
#include "native/native.h"

#include <stdlib.h>

enum { WHY_EVENTS_MAX = 8 << 20, WHY_EVENTS_FIRST = 1 << 16, WHY_TEXT_MAX = 256 };

/* The functions of core/ that act by each rule, made of the sources, in pieces of one JSON text:
 * {"rules":{"TCP_ACTIVE_OPEN":["transport/tcp_output.c decide_syn"]}, ...} */
static const char *const site_pieces[] = {
#include "sites.def"
};
enum { SITE_PIECES = sizeof site_pieces / sizeof site_pieces[0] };

/* cJSON_Delete() it; NULL: no memory. */
static cJSON *read_sites(void)
{
    size_t len = 0, size = 1;
    for (unsigned i = 0; i < SITE_PIECES; i++)
        size += strlen(site_pieces[i]);
    char *json = malloc(size);
    for (unsigned i = 0; json && i < SITE_PIECES; i++) {
        size_t more = strlen(site_pieces[i]);
        memcpy(json + len, site_pieces[i], more);
        len += more;
    }
    cJSON *sites = json ? cJSON_ParseWithLength(json, len) : NULL;
    free(json);
    return sites;
}

bool why_begin(struct why *w, const char *asked)
{
    *w = (struct why){.wanted = asked != NULL};
    if (!asked)
        return true;
    static const char frame[] = "frame:";
    char *end;
    w->of_frame = strncmp(asked, frame, sizeof frame - 1) == 0;
    const char *number = w->of_frame ? asked + sizeof frame - 1 : asked;
    unsigned long long id = strtoull(number, &end, 10);
    if (*number < '0' || *number > '9' || *end || id == 0 || id > UINT32_MAX)
        return native_fail("--why", "expected the number of an event, or frame: and the number of a frame");
    w->id = (uint32_t)id;
    return true;
}

bool why_note(struct why *w, const struct trace_event *e)
{
    if (!w->wanted || e->id > WHY_EVENTS_MAX)
        return true;
    if (e->id > w->room) {
        uint32_t room = w->room ? 2 * w->room : WHY_EVENTS_FIRST;
        while (room < e->id)
            room *= 2;
        struct trace_event *more = realloc(w->event, room * sizeof *more);
        if (!more)
            return native_fail("--why", "memory ran out");
        memset(more + w->room, 0, (room - w->room) * sizeof *more);
        w->event = more;
        w->room = room;
    }
    w->event[e->id - 1] = *e;
    return true;
}

void why_end(struct why *w)
{
    free(w->event);
    *w = (struct why){0};
}

static const struct trace_event *why_event(const struct why *w, uint32_t id)
{
    return id > 0 && id <= w->room && w->event[id - 1].id == id ? &w->event[id - 1] : NULL;
}

/* By which rule, and where in the sources that is decided. */
static void print_rule(const cJSON *sites, enum trace_rule rule)
{
    if (rule == RULE_NONE)
        return;
    const char *section = trace_rule_section(rule);
    printf("    %s%s%s: %s\n", trace_rule_document(rule), section[0] ? " " : "", section,
           trace_rule_text(rule));
    const cJSON *deciding = cJSON_GetObjectItem(cJSON_GetObjectItem(sites, "rules"), trace_rule_name(rule)),
                *site;
    cJSON_ArrayForEach(site, deciding)
    {
        const char *file = site->valuestring, *blank = strchr(file, ' ');
        printf("%score/%.*s, %s()%s", site == deciding->child ? "    decided in " : " or ",
               (int)(blank - file), file, blank + 1, site->next ? "" : "\n");
    }
}

static void print_event(const struct lab *l, const struct trace_event *e, const char *indent)
{
    char text[WHY_TEXT_MAX];
    lab_event_text(l, e, text, sizeof text);
    printf("%s%.6f s  %s\n", indent, (double)e->t_us / 1e6, text);
}

static void print_chain(const struct why *w, const struct lab *l, const cJSON *sites, uint32_t id)
{
    const struct trace_event *e;
    for (; (e = why_event(w, id)); id = e->cause) {
        print_event(l, e, "");
        const struct trace_event *before = why_event(w, e->cause);
        if (!before || before->rule != e->rule) /* what is on its way keeps the rule that it was made by */
            print_rule(sites, (enum trace_rule)e->rule);
    }
}

/* Does an event tell of a frame? A copy is named as such by the event that made it. */
static bool is_of_frame(const struct trace_event *e, uint32_t frame)
{
    return e->frame == frame ||
           (e->kind == TRACE_FRAME_DUPLICATED && e->u.frame_duplicated.copy_frame == frame);
}

/* Prints what happened to a frame; the event that made it, 0: there is no such frame. */
static uint32_t print_life(const struct why *w, const struct lab *l, uint32_t frame)
{
    uint32_t born = 0;
    for (uint32_t id = 1; id <= w->room; id++) {
        const struct trace_event *e = why_event(w, id);
        if (!e || !is_of_frame(e, frame))
            continue;
        if (born == 0)
            printf("\nThe life of frame %u:\n", frame);
        born = born ? born : id;
        print_event(l, e, "  ");
    }
    return born;
}

bool why_print(const struct why *w, const struct lab *l)
{
    if (!w->wanted)
        return true;
    uint32_t id = w->of_frame ? print_life(w, l, w->id) : w->id;
    if (!why_event(w, id))
        return native_fail("--why", w->of_frame ? "there was no such frame"
                                                : "there was no such event, or it is too far");
    cJSON *sites = read_sites();
    printf(w->of_frame ? "\nWhy it was made, from the last cause to the first:\n"
                       : "\nWhy, from the last cause to the first:\n");
    print_chain(w, l, sites, id);
    cJSON_Delete(sites);
    return true;
}
