/*
 * Actions that wait for something to happen. The trace tells what has happened: after each thing that the lab
 * does, the new events are held against what is waited for. So nothing is missed, however short it lasted,
 * and what an action waited for becomes its cause.
 */
#include "lab/lab_state.h"

#include "base/status.h"

int lab_wait_for(struct lab *l, const struct lab_when *when, int32_t planned, struct bytes json)
{
    assert(when->nth > 0 && when->after_us >= 0);
    struct lab_wait *wait = arena_alloc(l->arena, sizeof *wait + json.len);
    if (!wait)
        return STATUS_ENOMEM;
    *wait = (struct lab_wait){
        .when = *when, .ends = json.len == 0, .planned = planned, .len = (uint32_t)json.len};
    if (json.len > 0)
        memcpy(wait->json, json.at, json.len);
    struct lab_wait **at = &l->waits;
    while (*at)
        at = &(*at)->next;
    *at = wait;
    return 0;
}

static bool when_frame(struct lab *l, const struct lab_when *w, const struct trace_event *e)
{
    struct lab_frame f;
    if (e->kind != TRACE_FRAME_DELIVERED || !lab_frame(l, e->frame, &f))
        return false;
    return (w->from == TRACE_NO_NODE || w->from == f.node) &&
           link_match_bytes(l->link[f.link], (enum link_match)w->match, f.bytes);
}

static bool when_happens(struct lab *l, const struct lab_when *w, const struct trace_event *e)
{
    if (e->t_us < w->from_us || (w->node != TRACE_NO_NODE && w->node != e->node))
        return false;
    switch (w->kind) {
    case LAB_WHEN_STATE:
        return e->kind == TRACE_TCP_STATE && e->u.tcp_state.to == w->state &&
               (w->port == 0 || w->port == e->u.tcp_state.local_port);
    case LAB_WHEN_EVENT:
        return e->kind == w->event;
    default:
        return when_frame(l, w, e);
    }
}

/* It has happened: what waited is due, now or in a while. */
static void wait_is_over(struct lab *l, struct lab_wait *wait, uint32_t cause)
{
    int64_t at_us = l->now_us + wait->when.after_us;
    if (wait->ends)
        l->ended_us = at_us;
    else if (lab_schedule(l, at_us, cause, wait->planned, bytes_of(wait->json, wait->len)) < 0)
        l->action_failures++;
    arena_free(l->arena, wait, sizeof *wait + wait->len);
}

void lab_look_at_waits(struct lab *l)
{
    while (l->waits && l->waits_seen != l->trace->last_id) {
        const struct trace_event *e = trace_at(l->trace, ++l->waits_seen);
        for (struct lab_wait **at = &l->waits; e && *at;) {
            struct lab_wait *wait = *at;
            if (!when_happens(l, &wait->when, e) || --wait->when.nth > 0) {
                at = &wait->next;
                continue;
            }
            *at = wait->next;
            wait_is_over(l, wait, e->id);
        }
    }
    l->waits_seen = l->trace->last_id;
}
