/*
 * The receiver: reads what is sent to it, over TCP from any number of peers or over UDP, counts it, and keeps
 * it when asked. It can be slow on purpose (read_bytes_per_s): then TCP's receive window fills and closes,
 * and with UDP the socket's queue overflows.
 *
 * UDP does not say what is missing. That shows when its counts are held against the sender's; nothing is
 * guessed here.
 */
#include "application/connection.h"
#include "application/programs.h"

enum { RECEIVER_BUFFER_BYTES = 16384, RECEIVER_READS_PER_S = 20 };

enum receiver_step { RECEIVER_CLOSE = APP_SERVER_STEPS };

static const char *const receiver_steps[] = {
    "l = socket(type);",
    "bind(l, port);",
    "listen(l, backlog);",
    "c = accept(l);",
    "n = recv(c, buffer);",
    "close(c);",
    NULL,
};

struct receiver {
    struct app app;
    int listener;
    uint32_t read_bytes;  /* per call */
    int64_t next_read_us; /* not before */
};

/* May it read now? If not, it is woken when it may. */
static bool receiver_may_read(struct receiver *r)
{
    if (r->app.machine->now_us >= r->next_read_us)
        return true;
    r->app.wake_us = r->next_read_us;
    return false;
}

static void receiver_count(struct receiver *r, int64_t got)
{
    struct app *a = &r->app;
    a->received_bytes += (uint64_t)got;
    a->received_messages++;
    if (a->config.read_bytes_per_s)
        r->next_read_us = a->machine->now_us + got * 1000000 / a->config.read_bytes_per_s;
}

static void receiver_close(struct app *a, struct app_connection *c)
{
    app_step(a, RECEIVER_CLOSE);
    app_connection_close(a, c, a->config.keep);
}

/* Reads once. False: the connection has no more, or is gone. */
static bool receiver_turn(struct receiver *r, struct app_connection *c)
{
    struct app *a = &r->app;
    app_step(a, APP_SERVER_RECV);
    int64_t got = socket_recv(a->sockets, c->socket, room_of(a->buffer, r->read_bytes), 0);
    if (got > 0) {
        receiver_count(r, got);
        app_step_result(a, got, a->received_bytes);
        if (!a->config.keep || app_connection_append(a, c, bytes_of(a->buffer, (size_t)got)))
            return true;
        app_fail(a, STATUS_ENOMEM);
        return false;
    }
    app_step_result(a, 0, a->received_bytes);
    if (got == STATUS_EAGAIN)
        return false;
    c->ended = true;
    if (got < 0 || a->config.close_at_end)
        receiver_close(a, c);
    return false;
}

static void receiver_serve(struct receiver *r, struct app_connection *c)
{
    int interesting = c->ended ? SOCKET_ERROR : SOCKET_READABLE | SOCKET_ERROR;
    while (socket_poll(r->app.sockets, c->socket) & interesting)
        if (!receiver_may_read(r) || !receiver_turn(r, c))
            return;
}

static void receiver_datagrams(struct receiver *r)
{
    struct app *a = &r->app;
    while (!a->done && (socket_poll(a->sockets, r->listener) & SOCKET_READABLE) && receiver_may_read(r)) {
        app_step(a, APP_SERVER_RECV);
        int64_t got =
            socket_recvfrom(a->sockets, r->listener, room_of(a->buffer, a->buffer_bytes), NULL, NULL, 0);
        if (got < 0)
            continue; /* it receives only: no error can be about something it sent */
        receiver_count(r, got);
        app_step_result(a, got, a->received_bytes);
        if (a->config.keep && !app_connection_append(a, a->first, bytes_of(a->buffer, (size_t)got)))
            app_fail(a, STATUS_ENOMEM);
    }
}

static void receiver_accept(struct receiver *r)
{
    struct app_connection *c;
    while (!r->app.done && (c = app_server_accept(&r->app, r->listener)) != NULL)
        receiver_serve(r, c); /* its first bytes may be there already */
}

/* It may read again: from whom, only a look at each can tell, since their bytes came earlier. */
static void receiver_wake(struct receiver *r)
{
    struct app_connection *next;
    for (struct app_connection *c = r->app.first; c && !r->app.done; c = next) {
        next = c->next;
        if (c->socket)
            receiver_serve(r, c);
    }
    if (!r->app.done)
        receiver_accept(r);
}

static void receiver_run(struct app *a, int socket)
{
    struct receiver *r = (struct receiver *)a;
    struct app_connection *c = programs_connection(a, socket);
    if (a->config.udp)
        receiver_datagrams(r);
    else if (c)
        receiver_serve(r, c);
    else if (socket)
        receiver_accept(r);
    else
        receiver_wake(r);
}

/* Bytes per recv(): a slow reader takes what it may read in a twentieth of a second, so that it does read
 * now and then. */
static uint32_t receiver_read_bytes(const struct app_config *config)
{
    uint32_t bytes = config->chunk_bytes;
    if (!bytes && config->read_bytes_per_s)
        bytes = config->read_bytes_per_s / RECEIVER_READS_PER_S + 1;
    return bytes > 0 && bytes < RECEIVER_BUFFER_BYTES ? bytes : RECEIVER_BUFFER_BYTES;
}

static void receiver_start(struct app *a)
{
    struct receiver *r = (struct receiver *)a;
    r->read_bytes = receiver_read_bytes(&a->config);
    int listener = app_server_open(a, RECEIVER_BUFFER_BYTES);
    if (listener < 0) {
        app_fail(a, listener);
        return;
    }
    r->listener = listener;
    if (a->config.udp && !app_connection_add(a, listener))
        app_fail(a, STATUS_ENOMEM);
}

static void receiver_stop(struct app *a)
{
    app_server_close(a, ((struct receiver *)a)->listener);
}

const struct app_class app_receiver = {
    .name = "receiver",
    .size_bytes = sizeof(struct receiver),
    .steps = receiver_steps,
    .start = receiver_start,
    .run = receiver_run,
    .stop = receiver_stop,
};
