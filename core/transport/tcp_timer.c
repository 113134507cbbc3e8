/*
 * Timers of a connection: many deadlines, one timer in the host's queue (RFC 9293 sections 3.8.1 to 3.8.6;
 * RFC 6298 section 5).
 *
 * The queue's timer is never later than the earliest deadline, but it may be earlier: moving a deadline
 * further away, which every acknowledgment does, is a store. When the timer fires with nothing due, it is
 * armed again for what is left.
 */
#include "transport/tcp_conn.h"

void tcp_timer_arm(struct tcp_conn *c, enum tcp_timer_kind kind, int64_t due_us)
{
    assert(due_us >= tcp_now(c) && due_us < TIME_NEVER);
    c->work->deadline_us[kind] = due_us;
    if (due_us < c->work->timer.due_us)
        timer_arm(&tcp_machine(c)->timers, &c->work->timer, due_us);
#if TCPLAB_TRACE
    c->work->timer_event[kind] = TRACE(tcp_machine(c), TCP_TIMER_ARMED, .socket = c->socket,
                                       .u.tcp_timer_armed = {.timer = (uint8_t)kind,
                                                             .backoff = c->backoff,
                                                             .local_port = c->local.port,
                                                             .remote_addr = (uint32_t)c->remote.addr.lo,
                                                             .due_us = due_us,
                                                             .remote_port = c->remote.port});
#endif
}

static void timer_stopped(const struct tcp_conn *c, enum tcp_timer_kind kind)
{
    TRACE(tcp_machine(c), TCP_TIMER_STOPPED, .socket = c->socket,
          .u.tcp_timer_stopped = {.timer = (uint8_t)kind,
                                  .local_port = c->local.port,
                                  .remote_port = c->remote.port,
                                  .remote_addr = (uint32_t)c->remote.addr.lo});
}

void tcp_timer_stop(struct tcp_conn *c, enum tcp_timer_kind kind)
{
    if (c->work->deadline_us[kind] == TIME_NEVER)
        return;
    c->work->deadline_us[kind] = TIME_NEVER;
    timer_stopped(c, kind);
}

void tcp_timer_stop_all(struct tcp_conn *c)
{
    struct tcp_work *w = c->work;
    if (w == &tcp_at_rest)
        return;
    for (int i = 0; i < TCP_TIMER_COUNT; i++) {
        if (w->deadline_us[i] != TIME_NEVER)
            timer_stopped(c, (enum tcp_timer_kind)i);
        w->deadline_us[i] = TIME_NEVER;
    }
    timer_cancel(&tcp_machine(c)->timers, &c->work->timer);
}

/* RFC 6298, 5.1 and 5.3. */
void tcp_arm_retransmit(struct tcp_conn *c)
{
    tcp_timer_arm(c, TCP_TIMER_RETRANSMIT, tcp_now(c) + tcp_rto_us(c));
}

/* RFC 9293, 3.8.6.1: the first probe after one retransmission timeout, then further and further apart. */
void tcp_arm_persist(struct tcp_conn *c)
{
    tcp_timer_arm(c, TCP_TIMER_PERSIST, tcp_now(c) + tcp_rto_us(c));
}

static int timeout_error(const struct tcp_conn *c)
{
    return c->soft_error ? c->soft_error : STATUS_ETIMEDOUT;
}

static void give_up(struct tcp_conn *c)
{
    c->tcp->counters.timeouts++;
    if (!tcp_synchronised(c))
        c->tcp->counters.failed_opens++;
    tcp_terminate(c, timeout_error(c));
}

/* When TCP_USER_TIMEOUT (RFC 5482, section 3) ends it, unless there is progress. The peer is not told of it: the option (3.3)
 * is left out. */
static int64_t user_timeout_due(const struct tcp_conn *c)
{
    return c->user.user_timeout_ms ? c->work->progress_us + (int64_t)c->user.user_timeout_ms * 1000
                                   : TIME_NEVER;
}

/*
 * RFC 9293, 3.8.3: has R2 been reached? It is a number of tries (of `most`), or the time that the program has
 * set (MUST-21), which may be longer. A SYN is not tried more often than its own R2 says.
 * DEVIATION from MUST-20, (b), and SHLD-9: nothing happens at R1. There is no second gateway to try, and a program sees in
 * TCP_INFO how often something went again.
 */
static bool should_give_up(const struct tcp_conn *c, uint32_t tries, uint32_t most)
{
    bool counts = c->user.user_timeout_ms == 0 || !tcp_synchronised(c);
    return (counts && tries >= most) || tcp_now(c) >= user_timeout_due(c);
}

/* After a back-off the timer must not sleep through the user timeout. */
static void arm_no_later_than_user_timeout(struct tcp_conn *c, enum tcp_timer_kind kind)
{
    int64_t due_us = tcp_now(c) + tcp_rto_us(c), end_us = user_timeout_due(c);
    tcp_timer_arm(c, kind, due_us < end_us ? due_us : end_us);
}

/* RFC 6298, 5.4 to 5.7. */
static void retransmit_fired(struct tcp_conn *c)
{
    bool probe_due = c->work->deadline_us[TCP_TIMER_TAIL_PROBE] <= tcp_now(c);
    if (probe_due) { /* RFC 8985, 7.2: a probe that is due at the same time goes in its place; the timer
                        starts anew */
        tcp_arm_retransmit(c);
        return;
    }
    bool opening = !tcp_synchronised(c);
    uint32_t most = opening ? c->user.syn_retries_max : c->tcp->config.retries_max;
    if (should_give_up(c, c->retransmits, most)) {
        give_up(c);
        return;
    }
    tcp_recovery_timeout(c);
    if (c->retransmits < UINT8_MAX)
        c->retransmits++;
    if (c->backoff < 31)
        c->backoff++;
    c->syn_lost |= opening;
    if (opening)
        tcp_fastopen_unanswered(c);
    c->rtt_timing = false; /* Karn: what is sent again is not timed */
    c->work->resent_us = tcp_now(c);
    arm_no_later_than_user_timeout(c, TCP_TIMER_RETRANSMIT);
}

static void persist_fired(struct tcp_conn *c)
{
    bool waiting = c->work->send_ring.len > 0 || (c->fin_wanted && !tcp_fin_sent(c));
    if (!waiting || c->snd.nxt != c->snd.una)
        return;
    if (should_give_up(c, c->probes, c->tcp->config.retries_max)) {
        give_up(c);
        return;
    }
    if (c->backoff < 31)
        c->backoff++;
    if (c->probes < UINT8_MAX)
        c->probes++;
    c->work->resent_us = tcp_now(c);
    arm_no_later_than_user_timeout(c, TCP_TIMER_PERSIST);
    tcp_send_probe(c);
}

/* RFC 9293, 3.8.4. */
static void keepalive_fired(struct tcp_conn *c)
{
    int64_t idle_us = tcp_now(c) - c->work->heard_us;
    int64_t wait_us = (int64_t)c->user.keepalive_idle_ms * 1000;
    if (!c->user.keepalive)
        return;
    if (idle_us < wait_us) {
        tcp_timer_arm(c, TCP_TIMER_KEEPALIVE, c->work->heard_us + wait_us);
    } else if (c->snd.una !=
               c->snd.max) { /* MUST-26: not while data is on the way; its retransmissions find out as well */
        tcp_timer_arm(c, TCP_TIMER_KEEPALIVE, tcp_now(c) + wait_us);
    } else if (c->probes >= c->user.keepalive_count) {
        tcp_send_reset(c, RULE_TCP_KEEPALIVE_RST);
        give_up(c);
    } else {
        c->probes++;
        tcp_send_keepalive(c);
        tcp_timer_arm(c, TCP_TIMER_KEEPALIVE, tcp_now(c) + (int64_t)c->user.keepalive_interval_ms * 1000);
    }
}

static void kind_fired(struct tcp_conn *c, enum tcp_timer_kind kind)
{
    switch (kind) {
    case TCP_TIMER_RETRANSMIT:
        retransmit_fired(c);
        break;
    case TCP_TIMER_PERSIST:
        persist_fired(c);
        break;
    case TCP_TIMER_DELAYED_ACK:
        tcp_ack_at_once(c, RULE_TCP_ACK_DELAYED);
        break;
    case TCP_TIMER_KEEPALIVE:
        keepalive_fired(c);
        break;
    case TCP_TIMER_OVERRIDE:
        c->override_now = true;
        break;
    case TCP_TIMER_REORDERING:
        tcp_reordering_fired(c);
        break;
    case TCP_TIMER_TAIL_PROBE:
        tcp_probe_fired(c);
        break;
    case TCP_TIMER_PACING: /* tcp_output() goes on */
        break;
    case TCP_TIMER_TIME_WAIT:
    case TCP_TIMER_FIN_WAIT_2:
    case TCP_TIMER_COUNT:
        tcp_terminate(c, 0);
        break;
    }
}

void tcp_timer_fire(struct timer *t)
{
    const struct tcp_work *w =
        (const struct tcp_work *)(void *)((uint8_t *)t - offsetof(struct tcp_work, timer));
    struct tcp_conn *c = w->conn;
    struct trace *trace = tcp_machine(c)->trace;
    if (c->cc->update && tcp_synchronised(c))
        tcp_rate_check_app_limited(c);
    for (int kind = 0; kind < TCP_TIMER_COUNT && c->state != TCP_CLOSED; kind++) {
        if (c->work->deadline_us[kind] > tcp_now(c))
            continue;
        c->work->deadline_us[kind] = TIME_NEVER;
        uint32_t fired = 0;
#if TCPLAB_TRACE
        fired =
            TRACE(tcp_machine(c), TCP_TIMER_FIRED, .cause = c->work->timer_event[kind], .socket = c->socket,
                  .u.tcp_timer_fired = {.timer = (uint8_t)kind,
                                        .backoff = c->backoff,
                                        .local_port = c->local.port,
                                        .remote_port = c->remote.port,
                                        .remote_addr = (uint32_t)c->remote.addr.lo});
#endif
        uint32_t before = trace_enter(trace, fired);
        kind_fired(c, (enum tcp_timer_kind)kind);
        if (c->state != TCP_CLOSED)
            tcp_output(c); /* while the cause is this timer */
        trace_leave(trace, before);
    }
    int64_t next = TIME_NEVER;
    for (int kind = 0; kind < TCP_TIMER_COUNT; kind++)
        next = c->work->deadline_us[kind] < next ? c->work->deadline_us[kind] : next;
    if (next != TIME_NEVER && !(timer_armed(&c->work->timer) && c->work->timer.due_us <= next))
        timer_arm(&tcp_machine(c)->timers, &c->work->timer, next);
    tcp_rest(c);
    tcp_settle(c);
}
