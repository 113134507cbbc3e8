/*
 * The calls of a program (RFC 9293, section 3.9.1 and sections 3.10.1 to 3.10.6), without blocking.
 */
#include "base/checksum.h"
#include "transport/tcp_conn.h"

struct tcp_conn *tcp_open(struct tcp *t, void *owner, int32_t socket)
{
    assert(owner);
    struct tcp_conn *c = tcp_conn_new(t, owner, socket);
    if (c) {
        c->user = t->user;
        c->cc = tcp_cc_of(t->config.congestion);
    }
    return c;
}

void tcp_set_owner(struct tcp_conn *c, void *owner, int32_t socket)
{
    c->owner = owner;
    c->socket = socket;
}

void *tcp_owner(const struct tcp_conn *c)
{
    return c->owner;
}

struct ip_endpoint tcp_local(const struct tcp_conn *c)
{
    return c->local;
}

struct ip_endpoint tcp_remote(const struct tcp_conn *c)
{
    return c->remote;
}

int tcp_bind(struct tcp_conn *c, struct ip_endpoint local, bool reuse_addr)
{
    if (c->bound || c->state != TCP_CLOSED)
        return STATUS_EINVAL;
    if (!ip_addr_is_any(local.addr) && !ip_is_local(c->tcp->ip, local.addr))
        return STATUS_EADDRNOTAVAIL;
    c->reuse_addr = reuse_addr;
    if (local.port)
        return tcp_port_claim(c, local);
    c->local.addr = local.addr;
    return tcp_port_ephemeral(c, (struct ip_endpoint){0});
}

int tcp_listen(struct tcp_conn *c, uint32_t backlog)
{
    if (c->state == TCP_LISTEN) {
        c->listener->backlog = backlog ? backlog : 1;
        return STATUS_OK;
    }
    if (c->state != TCP_CLOSED || c->snd.iss != c->snd.nxt || c->error)
        return STATUS_EINVAL;
    if (!c->bound) {
        int bound = tcp_port_ephemeral(c, (struct ip_endpoint){0});
        if (bound < 0)
            return bound;
    }
    struct tcp_conn *other = tcp_demux_listener(c->tcp, c->local);
    if (other && ip_addr_equal(other->local.addr, c->local.addr))
        return STATUS_EADDRINUSE;
    c->listener = arena_zalloc(tcp_machine(c)->arena, sizeof *c->listener);
    if (!c->listener)
        return STATUS_ENOMEM;
    c->listener->backlog = backlog ? backlog : 1;
    tcp_listen_join(c);
    tcp_set_state(c, TCP_LISTEN);
    tcp_settle(c);
    return STATUS_OK;
}

/* Local address and port for a connection to `remote`, and its place in the demultiplexing table. */
static int choose_local(struct tcp_conn *c, struct ip_endpoint remote)
{
    int woken = tcp_wake(c);
    if (woken < 0)
        return woken;
    int routed = ip_route(c->tcp->ip, remote.addr, &c->work->path);
    if (routed < 0)
        return routed;
    if (ip_addr_is_any(c->local.addr))
        c->local.addr = c->work->path.src;
    if (!c->bound) {
        int bound = tcp_port_ephemeral(c, remote);
        if (bound < 0)
            return bound;
    }
    c->remote = remote;
    c->addresses_sum = checksum_pseudo(c->local.addr, remote.addr, IP_PROTOCOL_TCP, 0);
    return tcp_demux_add(c);
}

/* RFC 9293, 3.10.1, active. DEVIATION: a listener does not turn active, as POSIX has it: others may be in its
 * queue. */
int tcp_connect(struct tcp_conn *c, struct ip_endpoint remote)
{
    if (c->state == TCP_SYN_SENT || c->state == TCP_SYN_RCVD)
        return STATUS_EALREADY;
    if (c->state == TCP_LISTEN)
        return STATUS_EOPNOTSUPP;
    bool was_open = c->snd.una != c->snd.iss;
    if (c->state != TCP_CLOSED || was_open)
        return STATUS_EISCONN;
    if (remote.port == 0 || ip_addr_is_any(remote.addr) || ip_addr_is_multicast(remote.addr) ||
        ip_addr_is_limited_broadcast(remote.addr))
        return STATUS_EADDRNOTAVAIL;
    int chosen = choose_local(c, remote);
    if (chosen < 0)
        return chosen;
    c->error = 0;
    c->tcp->counters.active_opens++;
    tcp_prepare_open(c, tcp_initial_seq(c));
    tcp_fastopen_prepare(c);
    tcp_set_state(c, TCP_SYN_SENT);
    tcp_settle(c);
    return tcp_fastopen_takes_text(c) ? STATUS_OK : STATUS_EINPROGRESS;
}

/* May the program send or receive at all? */
static int check_connected(struct tcp_conn *c)
{
    if (c->error)
        return tcp_error_pending(c, true);
    if (c->state == TCP_CLOSED || c->state == TCP_LISTEN)
        return STATUS_ENOTCONN;
    return tcp_synchronised(c) ? STATUS_OK : STATUS_EAGAIN;
}

/* RFC 9293, 3.10.2. DEVIATION: before ESTABLISHED nothing is queued, but for Fast Open; a program that does not
 * block comes again when it can write. */
int64_t tcp_send(struct tcp_conn *c, struct bytes data, unsigned flags)
{
    bool was_open = c->snd.una != c->snd.iss;
    if (c->fin_wanted || (c->state == TCP_CLOSED && was_open && !c->error))
        return STATUS_EPIPE;
    int ready = tcp_fastopen_takes_text(c) && !c->error ? STATUS_OK : check_connected(c);
    if (ready < 0)
        return ready;
    int woken = tcp_wake(c);
    if (woken < 0)
        return woken;
    struct ring *r = &c->work->send_ring;
    uint32_t room = c->user.send_buffer_bytes > r->len ? c->user.send_buffer_bytes - r->len : 0;
    uint32_t take = data.len < room ? (uint32_t)data.len : room;
    if (take == 0)
        return data.len ? STATUS_EAGAIN : 0;
    if (r->len + take > r->capacity) {
        uint32_t want = 2 * r->capacity > r->len + take ? 2 * r->capacity : r->len + take;
        if (ring_reserve(r, tcp_machine(c)->arena, want, 0) < 0)
            return STATUS_ENOBUFS;
    }
    if (r->len == 0)
        tcp_restart_window(c);
    if (c->cc->update)
        tcp_rate_check_app_limited(c);
    ring_write_ahead(r, 0, data.at, take);
    ring_commit(r, take);
    c->more_coming = (flags & TCP_SEND_MORE) && take == data.len;
    if (flags & TCP_SEND_URGENT)
        tcp_urgent_mark(c);
    tcp_settle(c);
    return take;
}

/* RFC 9293, 3.8.6.2.2: is the window that we could tell so much larger that the peer should hear of it now?
 */
static bool window_grew(const struct tcp_conn *c)
{
    uint32_t told = c->rcv.adv - c->rcv.nxt;
    if (tcp_faulty(c, TCP_FAULT_NO_SWS_AVOIDANCE))
        return tcp_receive_window(c) > told;
    uint32_t buffer = c->user.receive_buffer_bytes;
    uint32_t least = 2 * c->rcv_mss < buffer / 2 ? 2 * c->rcv_mss : buffer / 2;
    if (c->work->receive_ring.len + told + least > buffer)
        return false; /* there is not even room for that much more: no need to look closer */
    uint32_t window = tcp_receive_window(c);
    uint32_t grown = window > told ? window - told : 0;
    return grown >= buffer / 2 || (grown >= 2 * c->rcv_mss && (grown >= buffer / 4 || told <= buffer / 8));
}

/* RFC 9293, 3.10.3. */
int64_t tcp_receive(struct tcp_conn *c, struct room into, bool peek)
{
    struct ring *r = &c->work->receive_ring;
    uint32_t len = into.len < r->len ? (uint32_t)into.len : r->len;
    if (len == 0) {
        bool was_open = c->snd.una != c->snd.iss;
        if (c->fin_received || c->receive_shut || (c->state == TCP_CLOSED && was_open && !c->error))
            return 0;
        int ready = check_connected(c);
        return ready < 0 ? ready : (into.len ? STATUS_EAGAIN : 0);
    }
    if (c->urgent)
        len = tcp_urgent_limit(c, len);
    ring_peek(r, 0, into.at, len);
    if (peek)
        return len;
    ring_consume(r, len);
    if (r->len == 0 && !c->held)
        ring_rewind(r);
    if (c->urgent)
        tcp_urgent_read(c);
    tcp_buffer_read(c, len);
    bool peer_sends = c->state == TCP_ESTABLISHED || c->state == TCP_FIN_WAIT_1 || c->state == TCP_FIN_WAIT_2;
    if (peer_sends && window_grew(c)) {
        tcp_ack_at_once(c, RULE_TCP_WINDOW_UPDATE);
        tcp_settle(c);
    }
    if (!timer_armed(&c->work->timer)) /* read so late that no timer will look after it */
        tcp_rest(c);
    return len;
}

/* CLOSE's first half: no more will be sent. RFC 9293, 3.10.4. DEVIATION: in SYN_RCVD the FIN waits for ESTABLISHED
 * even when nothing is queued before it; a peer that has our SYN alone could not take it sooner. */
static void close_sending(struct tcp_conn *c)
{
    if (c->fin_wanted)
        return;
    c->fin_seq = tcp_data_end(c);
    c->fin_wanted = true;
    c->more_coming = false;
    if (c->state == TCP_ESTABLISHED)
        tcp_set_state(c, TCP_FIN_WAIT_1); /* "in any case, enter FIN-WAIT-1" */
}

/* Fast Open: the program has given text before the handshake is over, so there is something to end in order. */
static bool opens_with_text(const struct tcp_conn *c)
{
    return c->state == TCP_SYN_SENT && c->work->send_ring.len > 0;
}

int tcp_shutdown(struct tcp_conn *c, bool receive, bool send)
{
    if (!tcp_synchronised(c) && c->state != TCP_SYN_RCVD && !opens_with_text(c))
        return STATUS_ENOTCONN;
    int woken = tcp_wake(c);
    if (woken < 0)
        return woken;
    if (receive) {
        c->receive_shut = true;
        ring_consume(&c->work->receive_ring, c->work->receive_ring.len);
        c->notify = true;
    }
    if (send)
        close_sending(c);
    tcp_settle(c);
    return STATUS_OK;
}

void tcp_close(struct tcp_conn *c, int64_t linger_ms)
{
    bool unread = c->work->receive_ring.len > 0;
    bool unsent = c->work->send_ring.len > 0;
    bool heard_of = c->state == TCP_SYN_RCVD || tcp_synchronised(c); /* the peer has our SYN, or soon will */
    bool resets = linger_ms == 0 && c->state != TCP_LISTEN && (unsent || heard_of);
    bool must_wake = tcp_synchronised(c) && c->state != TCP_TIME_WAIT;
    if (resets || (must_wake && tcp_wake(c) < 0)) { /* or there is no memory to close it in order */
        tcp_abort(c);
        return;
    }
    c->owner = NULL;
    c->notify = false;
    switch (c->state) {
    case TCP_CLOSED:
        break;
    case TCP_LISTEN:
        tcp_terminate(c, 0);
        break;
    case TCP_SYN_SENT:
        if (opens_with_text(c))
            close_sending(c);
        else
            tcp_terminate(c, 0);
        break;
    default:
        if (unread && c->state != TCP_TIME_WAIT) { /* RFC 9293, 3.6.1; RFC 1122, 4.2.2.13 */
            tcp_send_reset(c, RULE_TCP_CLOSE_UNREAD_RST);
            tcp_terminate(c, 0);
            break;
        }
        close_sending(c);
        if (c->state == TCP_FIN_WAIT_2)
            tcp_timer_arm(c, TCP_TIMER_FIN_WAIT_2, tcp_now(c) + c->tcp->config.fin_wait_2_us);
        break;
    }
    tcp_settle(c);
}

/* RFC 9293, 3.10.5. */
void tcp_abort(struct tcp_conn *c)
{
    c->owner = NULL;
    c->notify = false;
    if (c->state != TCP_CLOSING && c->state != TCP_LAST_ACK) /* there both sides have closed already */
        tcp_send_reset(c, RULE_TCP_ABORT_RST);
    tcp_terminate(c, 0);
    tcp_settle(c);
}

int tcp_error_pending(struct tcp_conn *c, bool clear)
{
    int error = c->error;
    if (clear)
        c->error = 0;
    return error;
}

unsigned tcp_readiness(const struct tcp_conn *c)
{
    unsigned bits = c->error ? TCP_ERROR : 0;
    if (c->state == TCP_LISTEN)
        return bits | (c->listener->ready ? TCP_READABLE : 0);
    bool was_open = c->snd.una != c->snd.iss;
    bool over = c->state == TCP_CLOSED && (was_open || c->error);
    bool no_more = c->fin_received || c->receive_shut || over;
    if (c->work->receive_ring.len > 0 || no_more || c->error)
        bits |= TCP_READABLE;
    if (c->urgent && tcp_urgent_pending(c))
        bits |= TCP_PRIORITY;
    if (no_more)
        bits |= TCP_READ_HANGUP;
    if (over || (no_more && c->fin_wanted))
        bits |= TCP_HANGUP;
    bool can_take = (tcp_synchronised(c) || tcp_fastopen_takes_text(c)) && c->state != TCP_TIME_WAIT &&
                    c->work->send_ring.len < c->user.send_buffer_bytes;
    if (can_take || over || c->fin_wanted || c->error) /* writing then says EPIPE, without waiting */
        bits |= TCP_WRITABLE;
    return bits;
}
