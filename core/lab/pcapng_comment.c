/*
 * What a capture file says of a frame: which event sent it, by which rule, and the causes that led there, from the
 * nearest back to what set its sender off: a call, a timer, an arrival, a program's step, somebody's action.
 *
 *   frame 4, event 55 because of event 49: RFC 9293 3.10.7.2: A SYN that reaches LISTEN ... Causes: event 49
 *   tcp_segment_sent SYN,ACK at server; event 47 tcp_segment_received SYN at server; event 40 frame_delivered,
 *   frame 1, at server
 *
 * Events that the trace has forgotten are not told.
 */
#include "lab/lab_state.h"

#include <stdarg.h>
#include <stdio.h>

#include "wire/tcp.h"

enum { CAUSES_MAX = 6 };

struct comment {
    char *at;
    size_t len, size;
};

static void say(struct comment *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What has no room is left out. */
static void say(struct comment *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(c->at + c->len, c->size - c->len, format, args);
    va_end(args);
    assert(len >= 0);
    c->len = (size_t)len < c->size - c->len ? c->len + (size_t)len : c->size - 1;
}

static const char *call_name(unsigned call)
{
    static const char *const names[] = {
#define X(NAME, text) text,
        SOCKET_CALL_LIST(X)
#undef X
    };
    assert(call < SOCKET_CALL_COUNT);
    return names[call];
}

static const char *timer_name(unsigned timer)
{
    static const char *const names[] = {
#define X(NAME, key) #NAME,
        TCP_TIMER_LIST(X)
#undef X
    };
    assert(timer < TCP_TIMER_COUNT);
    return names[timer];
}

static void say_flags(struct comment *c, uint8_t flags)
{
    char text[TCP_FLAGS_TEXT_MAX];
    tcp_flags_format(flags, text);
    say(c, " %s", text);
}

static void say_event(struct comment *c, const struct lab *l, const struct trace_event *e)
{
    say(c, "event %u %s", e->id, trace_kind_name((enum trace_kind)e->kind));
    switch (e->kind) {
    case TRACE_ACTION:
        say(c, " %s", lab_action_name((enum lab_action_kind)e->u.action.action));
        break;
    case TRACE_TCP_SEGMENT_SENT:
        say_flags(c, e->u.tcp_segment_sent.flags);
        break;
    case TRACE_TCP_SEGMENT_RECEIVED:
        say_flags(c, e->u.tcp_segment_received.flags);
        break;
    case TRACE_TCP_TIMER_FIRED:
        say(c, " %s", timer_name(e->u.tcp_timer_fired.timer));
        break;
    case TRACE_SOCKET_CALL:
        say(c, " %s", call_name(e->u.socket_call.call));
        break;
    case TRACE_FRAME_DELIVERED:
        say(c, ", frame %u,", e->frame);
        break;
    default:
        break;
    }
    if (e->node != TRACE_NO_NODE && e->node < l->node_count)
        say(c, " at %s", host_name(l->host[e->node]));
}

/* Does a host act because of something of this kind, and not because of something before it? */
static bool is_trigger(uint16_t kind)
{
    return kind == TRACE_ACTION || kind == TRACE_TCP_TIMER_FIRED || kind == TRACE_SOCKET_CALL ||
           kind == TRACE_FRAME_DELIVERED || kind == TRACE_APP_STEP;
}

static void say_causes(struct comment *c, const struct lab *l, uint32_t cause)
{
    const char *before = " Causes: ";
    for (unsigned n = 0; n < CAUSES_MAX; n++, before = "; ") {
        const struct trace_event *e = trace_at(l->trace, cause);
        if (!e)
            return;
        say(c, "%s", before);
        say_event(c, l, e);
        if (is_trigger(e->kind))
            return;
        cause = e->cause;
    }
}

size_t lab_event_text(const struct lab *l, const struct trace_event *e, char *text, size_t size)
{
    struct comment comment = {.at = text, .size = size};
    say_event(&comment, l, e);
    return comment.len;
}

size_t lab_pcapng_comment(const struct lab *l, const struct captured *c, char *text, size_t size)
{
    struct comment comment = {.at = text, .size = size};
    enum trace_rule rule = (enum trace_rule)c->rule;
    say(&comment, "frame %u, event %u because of event %u", c->id, c->event, c->cause);
    if (rule == RULE_NONE)
        say(&comment, ".");
    else
        say(&comment, ": %s%s%s: %s", trace_rule_document(rule), trace_rule_section(rule)[0] ? " " : "",
            trace_rule_section(rule), trace_rule_text(rule));
    say_causes(&comment, l, c->cause);
    return comment.len;
}
