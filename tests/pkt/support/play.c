/*
 * One event after the other: what goes in is done at its time, what must come out is waited for.
 */
#include "pkt/support/difference.h"
#include "pkt/support/play.h"

#include <stdarg.h>

enum { HISTORY_MAX = 12, LINE_MAX_BYTES = 400 };

static const int64_t ever_us = INT64_C(4000) * 1000000; /* how long "*" waits */

struct player {
    struct world w;
    const struct script *script;
    int64_t last_us;                           /* of the event before */
    char history[HISTORY_MAX][LINE_MAX_BYTES]; /* what was sent and expected to be, the last few */
    unsigned history_count;
    char *message;
    size_t message_len;
};

static void say(struct player *p, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(p->message + p->message_len, SCRIPT_MESSAGE_MAX - p->message_len, format, list);
    va_end(list);
    if (n > 0 && p->message_len + (size_t)n < SCRIPT_MESSAGE_MAX)
        p->message_len += (size_t)n;
}

static void say_history(struct player *p)
{
    unsigned shown = p->history_count < HISTORY_MAX ? p->history_count : HISTORY_MAX;
    if (shown)
        say(p, "  sent before:\n");
    for (unsigned i = p->history_count - shown; i < p->history_count; i++)
        say(p, "    %s\n", p->history[i % HISTORY_MAX]);
}

static void format_sent(struct player *p, const struct sent *sent, unsigned flow, char line[LINE_MAX_BYTES])
{
    struct segment_spec seen = {0};
    char text[LINE_MAX_BYTES - 60];
    unsigned own = world_flow_of(&p->w, sent);
    const char *wrong = world_read(&p->w, sent, own ? own : flow, &seen);
    segment_spec_format(&seen, text, sizeof text);
    snprintf(line, LINE_MAX_BYTES, "%.6f > %s%s%s", (double)sent->at_us / 1e6, text,
             own ? "" : " (not of this flow)", wrong ? wrong : "");
}

/* Segments that lie in the queue now were sent although the script does not say so. */
static bool nothing_unexpected(struct player *p, const struct event *e)
{
    if (!p->w.sent)
        return true;
    char line[LINE_MAX_BYTES];
    say(p, "%s: the stack has sent what the script does not expect\n  before   %s\n",
        e ? e->where : "at the end", e ? e->text : "the end");
    for (const struct sent *s = p->w.sent; s; s = s->next) {
        format_sent(p, s, 1, line);
        say(p, "  seen     %s\n", line);
    }
    say_history(p);
    return false;
}

static bool mismatch(struct player *p, const struct event *e, const struct sent *sent, const char *what)
{
    char line[LINE_MAX_BYTES] = "nothing";
    if (sent)
        format_sent(p, sent, e->u.segment.flow, line);
    say(p, "%s: %s\n  expected %s\n  seen     %s\n", e->where, what, e->text, line);
    for (sent = sent ? sent->next : NULL; sent; sent = sent->next) {
        format_sent(p, sent, 1, line);
        say(p, "  then     %s\n", line);
    }
    say_history(p);
    return false;
}

/* The right number of segments at the right time, but not the right segment: where it differs is marked. */
static bool differing(struct player *p, const struct event *e, const struct sent *sent,
                      const struct difference *d, const char *names)
{
    char text[DIFFERENCE_TEXT_BYTES], line[LINE_MAX_BYTES];
    difference_draw(d, text);
    say(p, "%s: %s differ\n  line     %s\n%s", e->where, names, e->text, text);
    for (sent = sent->next; sent; sent = sent->next) {
        format_sent(p, sent, 1, line);
        say(p, "  then     %s\n", line);
    }
    say_history(p);
    return false;
}

static bool play_outbound(struct player *p, const struct event *e, int64_t from_us, int64_t to_us)
{
    struct world *w = &p->w;
    const struct segment_spec *want = &e->u.segment;
    world_run(w, to_us, true);
    const struct sent *sent = w->sent;
    if (!sent)
        return mismatch(p, e, NULL, "nothing was sent");
    if (sent->at_us < from_us || sent->at_us > to_us) {
        char why[LINE_MAX_BYTES];
        snprintf(why, sizeof why, "sent at another time: %.6f, not %.6f to %.6f", (double)sent->at_us / 1e6,
                 (double)from_us / 1e6, (double)to_us / 1e6);
        return mismatch(p, e, sent, why);
    }
    unsigned own = world_flow_of(w, sent);
    if (own != want->flow && !(own == 0 && !w->flows[want->flow].live))
        return mismatch(p, e, sent, "sent to another peer, or with other ports");
    struct segment_spec seen = *want;
    const char *wrong = world_read(w, sent, want->flow, &seen);
    if (wrong)
        return mismatch(p, e, sent, wrong);
    struct difference d;
    char names[LINE_MAX_BYTES];
    difference_of(&d, want, &seen);
    difference_names(&d, names, sizeof names);
    if (*names)
        return differing(p, e, sent, &d, names);
    format_sent(p, sent, want->flow, p->history[p->history_count++ % HISTORY_MAX]);
    p->last_us = sent->at_us;
    world_drop_first(w);
    return true;
}

static bool play_input(struct player *p, const struct event *e, int64_t at_us)
{
    struct world *w = &p->w;
    static const char no_numbers[] = "the script speaks of a connection, or a length, that is not known";
    char why[SCRIPT_MESSAGE_MAX] = "";
    const char *wrong = NULL;
    world_run(w, at_us, false);
    p->last_us = w->now_us;
    if (e->kind != EVENT_ASSERT &&
        !nothing_unexpected(p, e)) /* looking changes nothing: what was sent may still be told after it */
        return false;
    if (e->kind == EVENT_INBOUND)
        wrong = world_inject(w, &e->u.segment) ? NULL : no_numbers;
    else if (e->kind == EVENT_ICMP)
        wrong = world_inject_icmp(w, &e->u.icmp) ? NULL : no_numbers;
    else if (e->kind == EVENT_CALL)
        wrong = call_play(w, &e->u.call, why);
    else
        wrong = assertions_play(w, &e->u.check, why);
    if (!wrong)
        return true;
    say(p, "%s: %s\n  line     %s\n", e->where, wrong, e->text);
    say_history(p);
    return false;
}

static bool play_event(struct player *p, const struct event *e)
{
    const struct event_time *t = &e->time;
    int64_t from_us = t->any ? p->w.now_us : t->from_us + (t->relative ? p->last_us : 0);
    int64_t to_us = t->any ? p->w.now_us + ever_us : t->to_us + (t->relative ? p->last_us : 0);
    if (e->kind == EVENT_OUTBOUND)
        return play_outbound(p, e, from_us, to_us);
    if (t->any || from_us < p->last_us) {
        say(p, "%s: its time is before that of the line above it\n  line     %s\n", e->where, e->text);
        return false;
    }
    return play_input(p, e, from_us);
}

bool play(const struct script *s, struct world_start start, seq_t *local_isn,
          char message[SCRIPT_MESSAGE_MAX])
{
    struct player p = {.script = s, .message = message};
    message[0] = 0;
    bool good = world_create(&p.w, s, start);
    if (!good)
        say(&p, "the host cannot be made\n");
    for (unsigned i = 0; good && i < s->count; i++)
        good = play_event(&p, &s->events[i]);
    good = good && nothing_unexpected(&p, NULL);
    if (local_isn)
        *local_isn = p.w.flows[1].local_isn;
    world_destroy(&p.w);
    return good;
}
