/*
 * The eleven states of RFC 9293 (section 3.3.2) and the life of a connection block: made, moved from state to
 * state, ended, freed.
 *
 * A block is freed at one place, the end of tcp_settle(), when it is CLOSED and nobody owns it. So no check
 * on the way needs to ask whether the connection is still there.
 */
#include "transport/tcp_conn.h"

static const char *const state_names[TCP_STATE_COUNT] = {
#define X(NAME) #NAME,
    TCP_STATE_LIST(X)
#undef X
};

static const char *const fault_names[TCP_FAULT_COUNT] = {
#define X(NAME, key, text) key,
    TCP_FAULT_LIST(X)
#undef X
};

static const char *const discard_phrases[TCP_DISCARD_COUNT] = {
#define X(NAME, phrase) phrase,
    TCP_DISCARD_LIST(X)
#undef X
};

const char *tcp_state_name(enum tcp_state state)
{
    return (unsigned)state < TCP_STATE_COUNT ? state_names[state] : "?";
}

const char *tcp_fault_name(enum tcp_fault_bit bit)
{
    return (unsigned)bit < TCP_FAULT_COUNT ? fault_names[bit] : "?";
}

const char *tcp_discard_phrase(enum tcp_discard reason)
{
    return (unsigned)reason < TCP_DISCARD_COUNT ? discard_phrases[reason] : "?";
}

void tcp_discarded(struct tcp_conn *c, const struct tcp_segment *s, enum tcp_discard reason)
{
    TRACE(tcp_machine(c), TCP_DISCARDED, .frame = s->frame_id, .socket = c->socket,
          .u.tcp_discarded = {.reason = (uint8_t)reason,
                              .flags = s->h.flags,
                              .seq = s->h.seq,
                              .payload_bytes = (uint32_t)s->payload.len});
}

void tcp_config_default(struct tcp_config *c)
{
    *c = (struct tcp_config){
        .send_buffer_bytes = 65536,
        .receive_buffer_bytes = 65536,
        .send_buffer_max_bytes = TCP_RECEIVE_BUFFER_MAX,
        .receive_buffer_max_bytes = TCP_RECEIVE_BUFFER_MAX,
        .rto_initial_us = 1000000,
        .rto_min_us = 200000,
        .rto_max_us = 60000000,
        .delayed_ack_us = 40000,
        .msl_us = 30000000,
        .fin_wait_2_us = 60000000,
        .keepalive_idle_ms = 7200000,
        .keepalive_interval_ms = 75000,
        .keepalive_count = 9,
        .user_timeout_ms = 0,
        .syn_retries_max = 7,
        .retries_max = 15,
        .initial_window_segments = 10,
        .challenge_acks_per_s = 100,
        .mss_max_bytes = 0,
        .window_scale = true,
        .timestamps = true,
        .sack = true,
        .rack = true,
        .nagle = true,
        .keepalive = false,
        .verify_checksum = true,
        .congestion = TCP_CONGESTION_NEWRENO,
        .syn_cookies = TCP_SYN_COOKIES_WHEN_FULL,
        .fast_open = TCP_FAST_OPEN_CLIENT,
        .ecn = TCP_ECN_ANSWER,
    };
}

static void options_from_config(struct tcp_options_user *o, const struct tcp_config *c)
{
    *o = (struct tcp_options_user){
        .no_delay = !c->nagle,
        .keepalive = c->keepalive,
        .ttl = IP_TTL_DEFAULT,
        .mss_max_bytes = c->mss_max_bytes,
        .user_timeout_ms = c->user_timeout_ms,
        .keepalive_idle_ms = c->keepalive_idle_ms,
        .keepalive_interval_ms = c->keepalive_interval_ms,
        .keepalive_count = (uint8_t)(c->keepalive_count < UINT8_MAX ? c->keepalive_count : UINT8_MAX),
        .send_buffer_bytes = c->send_buffer_bytes,
        .receive_buffer_bytes = c->receive_buffer_bytes,
        .syn_retries_max = (uint8_t)c->syn_retries_max,
        .congestion = (uint8_t)c->congestion,
        .ecn = (uint8_t)c->ecn,
    };
}

/* See struct tcp. */
static bool is_plain(const struct tcp_config *config)
{
    return config->faults == 0 && config->rack;
}

struct tcp *tcp_create(struct machine *m, struct ip *ip, const struct tcp_config *config)
{
    struct tcp *t = arena_zalloc(m->arena, sizeof *t);
    if (!t)
        return NULL;
    t->machine = m;
    t->ip = ip;
    t->config = *config;
    options_from_config(&t->user, config);
    t->plain = is_plain(config);
    t->challenge_second = -1;
    t->demux_buckets = TCP_DEMUX_BUCKETS_MIN;
    t->demux = arena_zalloc(m->arena, t->demux_buckets * sizeof *t->demux);
    t->port_buckets = TCP_PORT_BUCKETS_MIN;
    t->port = arena_zalloc(m->arena, t->port_buckets * sizeof *t->port);
    if (!t->demux || !t->port) { /* an arena that is too small is of no use afterwards */
        arena_free(m->arena, t, sizeof *t);
        return NULL;
    }
    int registered = ip_register(ip, IP_PROTOCOL_TCP, &(struct ip_protocol){t, tcp_input, tcp_error});
    assert(registered == STATUS_OK);
    (void)registered;
    return t;
}

void tcp_on_ready(struct tcp *t, tcp_ready_fn *ready, void *context)
{
    t->ready = ready;
    t->ready_context = context;
}

const struct tcp_config *tcp_config(const struct tcp *t)
{
    return &t->config;
}

void tcp_set_faults(struct tcp *t, uint32_t faults, bool verify_checksum)
{
    t->config.faults = faults;
    t->plain = is_plain(&t->config);
    t->config.verify_checksum = verify_checksum;
}

const struct tcp_counters *tcp_counters(const struct tcp *t)
{
    return &t->counters;
}

/* What the user may set, and the congestion control, are left to the caller. NULL: out of memory. */
struct tcp_conn *tcp_conn_new(struct tcp *t, void *owner, int32_t socket)
{
    struct tcp_conn *c = arena_zalloc(t->machine->arena, sizeof *c);
    if (!c)
        return NULL;
    c->tcp = t;
    c->owner = owner;
    c->socket = socket;
    c->state = TCP_CLOSED;
    c->peer_mss = TCP_MSS_DEFAULT;
    c->rto_us = t->config.rto_initial_us;
    c->work = (struct tcp_work *)&tcp_at_rest;
    c->all_prev = t->last;
    if (t->last)
        t->last->all_next = c;
    else
        t->first = c;
    t->last = c;
    t->counters.connections++;
    return c;
}

static APART void conn_free(struct tcp_conn *c)
{
    struct tcp *t = c->tcp;
    struct arena *a = t->machine->arena;
    assert(c->state == TCP_CLOSED && !c->owner && !c->listener && !c->in_demux);
    tcp_port_release(c);
    tcp_work_free(c);
    arena_free(a, c->held, sizeof *c->held);
    arena_free(a, c->urgent, sizeof *c->urgent);
    tcp_flight_free(c);
    if (c->cc_state)
        arena_free(a, c->cc_state, c->cc->state_bytes);
    if (c->all_prev)
        c->all_prev->all_next = c->all_next;
    else
        t->first = c->all_next;
    if (c->all_next)
        c->all_next->all_prev = c->all_prev;
    else
        t->last = c->all_prev;
    t->counters.connections--;
    arena_free(a, c, sizeof *c);
}

void tcp_set_state(struct tcp_conn *c, enum tcp_state to)
{
    enum tcp_state from = c->state;
    if (from == to)
        return;
    c->state = (uint8_t)to;
    c->notify = true;
    TRACE(tcp_machine(c), TCP_STATE, .socket = (int32_t)c->socket,
          .u.tcp_state = {.from = (uint8_t)from,
                          .to = (uint8_t)to,
                          .local_port = c->local.port,
                          .remote_port = c->remote.port,
                          .remote_addr = (uint32_t)c->remote.addr.lo});
}

/* To the end of the accept queue. */
static void join_queue(struct tcp_listener *l, struct tcp_conn *c)
{
    l->ready_count++;
    if (l->ready_tail)
        l->ready_tail->work->ready_next = c;
    else
        l->ready = c;
    l->ready_tail = c;
    c->queued = true;
}

static void leave_queue(struct tcp_listener *l, struct tcp_conn *c)
{
    struct tcp_conn **at = &l->ready;
    struct tcp_conn *before = NULL;
    while (*at && *at != c) {
        before = *at;
        at = &(*at)->work->ready_next;
    }
    assert(*at == c && l->ready_count > 0);
    *at = c->work->ready_next;
    if (l->ready_tail == c)
        l->ready_tail = before;
    c->work->ready_next = NULL;
    c->queued = false;
    l->ready_count--;
}

/* A child leaves its listener's books: it has been accepted, or has ended before that. */
static void leave_listener(struct tcp_conn *c)
{
    if (!c->work->parent)
        return;
    struct tcp_listener *l = c->work->parent->listener;
    assert(l);
    c->work->parent = NULL;
    if (c->queued)
        leave_queue(l, c);
    if (c->state != TCP_SYN_RCVD)
        return;
    uint32_t *counted = c->fast_open ? &l->fast_open_pending : &l->half_open;
    assert(*counted > 0);
    --*counted;
}

/* RFC 7413, 4.2.2: the program may have it, with the text of its SYN, before the handshake is over. */
void tcp_join_queue_early(struct tcp_conn *c)
{
    struct tcp_listener *l = c->work->parent->listener;
    c->fast_open = true;
    l->half_open--;
    l->fast_open_pending++;
    join_queue(l, c);
    c->work->parent->notify = true;
    c->cc->start(c);
}

/* A listener that closes resets what it has not handed out (RFC 9293, 3.10.4: any outstanding RECEIVEs are
 * returned with an error; the peers must learn too). */
static void close_listener(struct tcp_conn *listener)
{
    struct tcp *t = listener->tcp;
    struct tcp_conn *next;
    for (struct tcp_conn *c = t->first; c; c = next) {
        next = c->all_next;
        if (c->work->parent != listener)
            continue;
        if (c->fast_open && !c->queued) { /* handed out early: it is the program's */
            c->work->parent = NULL;
            continue;
        }
        tcp_send_reset(c, RULE_TCP_LISTENER_CLOSED_RST);
        tcp_terminate(c, STATUS_ECONNABORTED);
        c->notify = false;
        conn_free(c);
    }
    tcp_listen_leave(listener);
    arena_free(t->machine->arena, listener->listener, sizeof *listener->listener);
    listener->listener = NULL;
}

void tcp_terminate(struct tcp_conn *c, int error)
{
    if (c->state == TCP_CLOSED)
        return;
    leave_listener(c);
    if (c->state == TCP_LISTEN)
        close_listener(c);
    tcp_timer_stop_all(c);
    tcp_demux_remove(c);
    if (error)
        c->error = (int16_t)error;
    c->ack_now = c->rtx_now = false;
    tcp_set_state(c, TCP_CLOSED);
}

/* That something happened which the program may want to know. */
static void tell_owner(struct tcp_conn *c)
{
    if (!c->notify)
        return;
    c->notify = false;
    if (c->owner && c->tcp->ready)
        c->tcp->ready(c->tcp->ready_context, c);
}

void tcp_establish(struct tcp_conn *c)
{
    struct tcp_conn *parent = c->work->parent;
    if (parent && c->fast_open) { /* in the queue, or accepted, since its SYN */
        parent->listener->fast_open_pending--;
        c->work->parent = c->queued ? parent : NULL;
    } else if (parent) { /* from the half-open to the accept queue, in the order of arrival */
        parent->listener->half_open--;
        join_queue(parent->listener, c);
        parent->notify = true;
    }
    tcp_set_state(c, TCP_ESTABLISHED);
    c->recover = c->snd.iss;
    c->work->heard_us = c->work->progress_us = tcp_now(c);
    c->read_round_us = (uint32_t)tcp_now(c);
    c->retransmits = 0;
    c->backoff = 0;
    if (c->syn_lost && c->srtt_us == 0 && c->rto_us < TCP_RTO_AFTER_SYN_LOSS_US)
        c->rto_us = TCP_RTO_AFTER_SYN_LOSS_US;
    c->cc->start(c);
    if (c->cc->limits) /* else there is no window to tell of */
        tcp_trace_congestion(c);
    if (c->user.keepalive)
        tcp_timer_arm(c, TCP_TIMER_KEEPALIVE, tcp_now(c) + (int64_t)c->user.keepalive_idle_ms * 1000);
    if (parent)
        tell_owner(parent);
}

struct tcp_conn *tcp_accept(struct tcp_conn *listener)
{
    if (!listener->listener || !listener->listener->ready)
        return NULL;
    struct tcp_conn *c = listener->listener->ready;
    leave_queue(listener->listener, c);
    if (c->state != TCP_SYN_RCVD) /* else it counts as pending until its handshake is over */
        c->work->parent = NULL;
    return c;
}

/* RFC 9293, 3.6.1 and 3.10.7.4: wait twice the maximum segment lifetime, so that old segments die out and a
 * lost last ACK can be answered. DEVIATION from 3.4.2, as on Linux: that is half a minute, not two. */
void tcp_enter_time_wait(struct tcp_conn *c)
{
    struct arena *a = tcp_machine(c)->arena;
    tcp_timer_stop_all(c);
    tcp_set_state(c, TCP_TIME_WAIT);
    if (tcp_faulty(c, TCP_FAULT_SKIP_TIME_WAIT)) {
        tcp_output(c); /* the last ACK */
        tcp_terminate(c, 0);
        return;
    }
    tcp_timer_arm(c, TCP_TIMER_TIME_WAIT, tcp_now(c) + 2 * (int64_t)c->tcp->config.msl_us);
    ring_release(&c->work->send_ring, a);
    arena_free(a, c->held, sizeof *c->held);
    c->held = NULL;
    tcp_flight_free(c);
    if (c->work->receive_ring.len == 0)
        ring_release(&c->work->receive_ring, a);
}

void tcp_settle(struct tcp_conn *c)
{
    if (tcp_all_sent(c)) {
        if (c->ack_now)
            tcp_output_ack(c);
    } else if (c->state != TCP_CLOSED && c->state != TCP_LISTEN) {
        tcp_output(c);
    }
    if (TCPLAB_CHECK)
        tcp_check_invariants(c);
    tell_owner(c);
    if (c->state == TCP_CLOSED && !c->owner)
        conn_free(c);
    else if (!timer_armed(&c->work->timer)) /* else it rests when that runs out */
        tcp_rest(c);
}

/* What must hold between any two entries. */
void tcp_check_invariants(const struct tcp_conn *c)
{
    if (c->state == TCP_CLOSED || c->state == TCP_LISTEN)
        return;
    assert(seq_le(c->snd.una, c->snd.nxt) && seq_le(c->snd.nxt, c->snd.max));
    assert(seq_le(c->snd.max, tcp_data_end(c) + 1) || c->state == TCP_TIME_WAIT || tcp_fin_acked(c));
    assert(seq_le(c->loss_end, c->snd.nxt) &&
           (c->rtx_next == c->loss_end || seq_ge(c->rtx_next, c->snd.una)));
    assert(c->work->send_ring.len <= c->work->send_ring.capacity &&
           c->work->receive_ring.len <= c->work->receive_ring.capacity);
    assert(!c->in_demux || c->bound);
    assert(!tcp_fin_acked(c) || c->state == TCP_FIN_WAIT_2 || c->state == TCP_TIME_WAIT);
    if (tcp_synchronised(c)) {
        assert(c->snd_mss >= TCP_MSS_MIN - TCP_OPTIONS_MAX && c->cwnd > 0);
        assert(seq_le(c->rcv.acked, c->rcv.nxt) && seq_ge(c->rcv.adv, c->rcv.acked));
    }
    if (c->snd.una != c->snd.max &&
        c->state != TCP_TIME_WAIT) /* something unacknowledged has a timer that looks after it */
        assert(tcp_timer_running(c, TCP_TIMER_RETRANSMIT) || tcp_timer_running(c, TCP_TIMER_PERSIST) ||
               tcp_timer_running(c, TCP_TIMER_OVERRIDE));
    if (c->held)
        assert(c->held->count > 0 && seq_gt(c->held->at[0].from, c->rcv.nxt));
    assert(c->tcp->plain == is_plain(&c->tcp->config));
    int64_t earliest = TIME_NEVER;
    for (int i = 0; i < TCP_TIMER_COUNT; i++)
        earliest = c->work->deadline_us[i] < earliest ? c->work->deadline_us[i] : earliest;
    assert(c->work->timer.due_us <= earliest);
    if (c->state != TCP_TIME_WAIT && tcp_synchronised(c))
        tcp_flight_check(c);
}
