/*
 * How connections come about: listener, connect() and accept(), with the options of the plan.
 */
#include "sim/sim.h"

void end_option(struct run *r, unsigned host, int handle, enum socket_option o, int64_t value)
{
    int status = socket_setopt(host_sockets(r->host[host], r->now_us), handle, o, value);
    if (status < 0)
        run_fail(r, "setsockopt(%s, %lld) said %s", socket_option_name(o), (long long)value,
                 status_name(status));
}

/* What is to be set before the connection is made. */
static void set_early(struct run *r, unsigned host, int handle, const struct end_plan *p)
{
    end_option(r, host, handle, SOCKET_OPT_SO_SNDBUF, p->send_buffer);
    end_option(r, host, handle, SOCKET_OPT_SO_RCVBUF, p->receive_buffer);
    end_option(r, host, handle, SOCKET_OPT_TCP_CONGESTION, p->congestion);
    if (p->mss)
        end_option(r, host, handle, SOCKET_OPT_TCP_MAXSEG, p->mss);
    if (p->fast_open)
        end_option(r, host, handle, SOCKET_OPT_TCP_FASTOPEN_CONNECT, 1);
}

void end_set_late(struct run *r, const struct end *e)
{
    const struct end_plan *p = e->plan;
    end_option(r, e->host, e->handle, SOCKET_OPT_TCP_NODELAY, p->no_delay);
    end_option(r, e->host, e->handle, SOCKET_OPT_TCP_CORK, p->cork);
    end_option(r, e->host, e->handle, SOCKET_OPT_TCP_QUICKACK, p->quick_ack);
    end_option(r, e->host, e->handle, SOCKET_OPT_TCP_USER_TIMEOUT, p->user_timeout_ms);
    end_option(r, e->host, e->handle, SOCKET_OPT_TCP_KEEPIDLE_MS, 30000);
    end_option(r, e->host, e->handle, SOCKET_OPT_TCP_KEEPINTVL_MS, 10000);
    end_option(r, e->host, e->handle, SOCKET_OPT_TCP_KEEPCNT, 30);
    end_option(r, e->host, e->handle, SOCKET_OPT_SO_KEEPALIVE, p->keepalive);
}

static void fiddle_congestion(struct run *r, const struct end *e)
{
    uint32_t other = rng_below(&r->rng, TCP_CONGESTION_COUNT);
    if (other != TCP_CONGESTION_NONE || plan_bears_no_control(&r->plan))
        end_option(r, e->host, e->handle, SOCKET_OPT_TCP_CONGESTION, other);
}

/* Changes something in the middle, as a program may at any time. */
void end_fiddle(struct run *r, const struct end *e)
{
    uint32_t what = rng_below(&r->rng, 40);
    uint32_t size = 2048u << rng_below(&r->rng, 8);
    if (what < 2)
        end_option(r, e->host, e->handle, SOCKET_OPT_TCP_NODELAY, what);
    else if (what < 4)
        end_option(r, e->host, e->handle, SOCKET_OPT_TCP_CORK, what - 2);
    else if (what == 4)
        end_option(r, e->host, e->handle, SOCKET_OPT_SO_RCVBUF, size);
    else if (what == 5)
        end_option(r, e->host, e->handle, SOCKET_OPT_SO_SNDBUF, size);
    else if (what < 8)
        end_option(r, e->host, e->handle, SOCKET_OPT_TCP_QUICKACK, what - 6);
    else if (what == 8)
        fiddle_congestion(r, e);
}

static void open_server(struct run *r)
{
    struct sockets *s = host_sockets(r->host[1], r->now_us);
    struct ip_endpoint any = {ip_addr_v4(0), SIM_SERVER_PORT};
    r->listener = socket_open(s, SOCKET_TCP);
    set_early(r, 1, r->listener, &r->plan.end[1]);
    end_option(r, 1, r->listener, SOCKET_OPT_TCP_FASTOPEN, r->plan.fast_open_queue);
    int bound = socket_bind(s, r->listener, any);
    int listening = socket_listen(s, r->listener, (int)r->plan.connections);
    if (r->listener < 0 || bound < 0 || listening < 0)
        run_fail(r, "no listener: %s, %s", status_name(bound), status_name(listening));
}

/* Binds to its port; a second round takes another when that one is still in TIME_WAIT here. */
static void bind_client(struct run *r, struct end *e)
{
    struct sockets *s = end_sockets(r, e);
    uint16_t *port = &r->client_port[e->index / 2];
    if (r->round > 0 && rng_below(&r->rng, 2))
        end_option(r, e->host, e->handle, SOCKET_OPT_SO_REUSEADDR, 1);
    int bound = socket_bind(s, e->handle, (struct ip_endpoint){ip_addr_v4(0), *port});
    if (bound == STATUS_EADDRINUSE && r->round > 0) {
        *port = (uint16_t)(*port + 100);
        bound = socket_bind(s, e->handle, (struct ip_endpoint){ip_addr_v4(0), *port});
    }
    if (bound < 0)
        run_fail(r, "end %u: bind() said %s", e->index, status_name(bound));
}

/* One listener for all. When both sides connect, each has its own port, and other ones in a second round: those of
 * the first are in TIME_WAIT. */
static uint16_t server_port(const struct run *r, unsigned index)
{
    bool both_connect = r->plan.program == SIM_SIMULTANEOUS_OPEN;
    return (uint16_t)(SIM_SERVER_PORT + (both_connect ? index / 2 + 10 * r->round : 0));
}

static void connect_end(struct run *r, struct end *e, struct ip_endpoint to)
{
    struct sockets *s = end_sockets(r, e);
    e->handle = socket_open(s, SOCKET_TCP);
    set_early(r, e->host, e->handle, e->plan);
    if (e->host == 0)
        bind_client(r, e);
    else
        socket_bind(s, e->handle, (struct ip_endpoint){ip_addr_v4(0), server_port(r, e->index)});
    int status = socket_connect(s, e->handle, to);
    if (status == STATUS_EADDRINUSE &&
        r->round > 0) { /* SO_REUSEADDR let it have the port, but the four are in TIME_WAIT */
        socket_close(s, e->handle);
        e->handle = socket_open(s, SOCKET_TCP);
        set_early(r, e->host, e->handle, e->plan);
        r->client_port[e->index / 2] = (uint16_t)(r->client_port[e->index / 2] + 100);
        bind_client(r, e);
        status = socket_connect(s, e->handle, to);
    }
    bool waits_for_text = status == STATUS_OK && e->plan->fast_open;
    if (status != STATUS_EINPROGRESS && !waits_for_text)
        run_fail(r, "end %u: connect() said %s", e->index, status_name(status));
    e->phase = END_CONNECTING;
    e->woken = waits_for_text;
}

void ends_open(struct run *r)
{
    const struct plan *p = &r->plan;
    bool both_connect = p->program == SIM_SIMULTANEOUS_OPEN;
    r->open_us = r->now_us;
    if (!both_connect && p->program != SIM_REFUSED && r->listener == 0)
        open_server(r);
    for (unsigned i = 0; i < 2 * p->connections; i++) {
        struct end *e = &r->end[i];
        *e = (struct end){.plan = &p->end[i], .index = i, .host = i % 2, .wake_us = TIME_NEVER};
        if (r->round == 0 && i % 2 == 0)
            r->client_port[i / 2] = (uint16_t)(SIM_CLIENT_PORT + i / 2);
    }
    for (unsigned i = 0; i < 2 * p->connections && !r->failed; i++) {
        if (i % 2 == 0)
            connect_end(r, &r->end[i], (struct ip_endpoint){host_addr(1), server_port(r, i)});
        else if (both_connect)
            connect_end(r, &r->end[i], (struct ip_endpoint){host_addr(0), r->client_port[i / 2]});
    }
}

/*
 * Is this the same opening a second time? A copy of a SYN with text makes a connection once more when the first one is
 * gone (RFC 7413, section 2.1), and so does a copy of a segment that shows a SYN cookie: the server kept nothing to
 * know it by (RFC 4987, section 3.6). Its program need not have looked since the peer's reset ended the first one.
 */
static bool opened_twice(struct run *r, const struct end *e)
{
    struct socket_info info = {0};
    bool holds = e->phase == END_OPEN;
    if (holds && socket_info(end_sockets(r, e), e->handle, &info) < 0)
        run_fail(r, "end %u: its socket is gone", e->index);
    bool over = e->phase == END_DONE || (holds && info.tcp.state == TCP_CLOSED);
    return over && plan_may_open_twice(&r->plan);
}

void ends_accept(struct run *r)
{
    struct sockets *s = host_sockets(r->host[1], r->now_us);
    for (;;) {
        struct ip_endpoint peer;
        int handle = socket_accept(s, r->listener, &peer);
        if (handle == STATUS_EAGAIN)
            return;
        struct end *e = NULL;
        for (unsigned i = 0; i < r->plan.connections; i++)
            if (r->client_port[i] == peer.port && ip_addr_equal(peer.addr, host_addr(0)))
                e = &r->end[2 * i + 1];
        if (handle >= 0 && e && opened_twice(r, e)) {
            text_note(r, "end %u: opened twice", e->index);
            r->seen |= e->phase == END_DONE ? 0 : SEEN_OPENED_TWICE_UNREAD;
            socket_abort(s, handle);
            continue;
        }
        if (handle < 0 || !e || e->phase != END_IDLE) {
            run_fail(r, "accept() gave %d, from port %u", handle, handle < 0 ? 0u : peer.port);
            return;
        }
        e->handle = handle;
        e->phase = END_OPEN;
        e->woken = true;
        end_set_late(r, e);
        text_note(r, "end %u: accepted", e->index);
    }
}

/* Frames go from host to host at once, until none is left. */
static void exchange(struct run *r)
{
    for (bool any = true; any;) {
        any = false;
        for (unsigned h = 0; h < 2; h++) {
            unsigned iface;
            struct frame *f;
            while ((f = host_output(r->host[h], &iface)) != NULL) {
                any = true;
                host_input(r->host[1 - h], 0, frame_bytes(f), 0, r->now_us);
                host_frame_free(r->host[h], f);
            }
        }
    }
}

/* RFC 7413, 4.2.1: a connection that was before gave the client its cookie. */
void ends_get_cookie(struct run *r)
{
    bool wanted = false;
    for (unsigned i = 0; i < 2 * r->plan.connections; i += 2)
        wanted = wanted || r->plan.end[i].fast_open;
    if (!wanted)
        return;
    struct sockets *a = host_sockets(r->host[0], r->now_us), *b = host_sockets(r->host[1], r->now_us);
    int listener = socket_open(b, SOCKET_TCP), client = socket_open(a, SOCKET_TCP);
    socket_bind(b, listener, (struct ip_endpoint){ip_addr_v4(0), SIM_COOKIE_PORT});
    end_option(r, 1, listener, SOCKET_OPT_TCP_FASTOPEN, 1);
    socket_listen(b, listener, 1);
    end_option(r, 0, client, SOCKET_OPT_TCP_FASTOPEN_CONNECT, 1);
    socket_connect(a, client, (struct ip_endpoint){host_addr(1), SIM_COOKIE_PORT});
    exchange(r);
    if (!(socket_poll(a, client) & SOCKET_WRITABLE))
        run_fail(r, "the connection before the run was not made");
    socket_abort(a, client);
    exchange(r);
    socket_close(b, listener);
}
