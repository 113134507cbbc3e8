/*
 * The echo server (RFC 862): sends back whatever it receives, over TCP to any number of peers at once, or
 * over UDP.
 *
 * What a peer does not take yet is held, and nothing more is read from that peer until it has taken it: so
 * its own sending stops too, by TCP's window. An echo datagram that cannot be sent at once is lost, as UDP
 * may.
 */
#include "application/connection.h"
#include "application/programs.h"

enum { ECHO_BUFFER_BYTES = 8192 };

enum echo_step { ECHO_SEND = APP_SERVER_STEPS, ECHO_CLOSE };

static const char *const echo_steps[] = {
    "l = socket(type);",    "bind(l, port);",      "listen(l, backlog);", "c = accept(l);",
    "n = recv(c, buffer);", "send(c, buffer, n);", "close(c);",           NULL,
};

struct echo {
    struct app app;
    int listener;
};

static void echo_close(struct app *a, struct app_connection *c)
{
    app_step(a, ECHO_CLOSE);
    app_connection_close(a, c, false);
}

/* Sends bytes or holds what is not taken. False: the connection is over, and gone. */
static bool echo_send(struct app *a, struct app_connection *c, struct bytes data)
{
    bool held = c->len > 0;
    app_step(a, ECHO_SEND);
    int64_t sent = socket_send(a->sockets, c->socket, data, 0);
    if (sent > 0) {
        a->sent_bytes += (uint64_t)sent;
        a->sent_messages++;
    }
    app_step_result(a, sent, a->sent_bytes);
    if (sent < 0 && sent != STATUS_EAGAIN) {
        echo_close(a, c);
        return false;
    }
    size_t taken = sent > 0 ? (size_t)sent : 0;
    if (held) {
        app_connection_consume(a, c, taken);
    } else if (taken < data.len && !app_connection_append(a, c, bytes_from(data, taken))) {
        app_connection_close(a, c, false); /* bytes are lost: the peer must not believe that all is well */
        return false;
    }
    return true;
}

/* Reads once and echoes it. False: nothing more to do for this connection now. */
static bool echo_turn(struct app *a, struct app_connection *c)
{
    app_step(a, APP_SERVER_RECV);
    int64_t got = socket_recv(a->sockets, c->socket, room_of(a->buffer, a->buffer_bytes), 0);
    if (got > 0) {
        a->received_bytes += (uint64_t)got;
        a->received_messages++;
    }
    app_step_result(a, got, a->received_bytes);
    if (got > 0)
        return echo_send(a, c, bytes_of(a->buffer, (size_t)got)) && c->len == 0;
    if (got == STATUS_EAGAIN)
        return false;
    c->ended = true;
    if (got < 0 || a->config.close_at_end)
        echo_close(a, c);
    return false;
}

static void echo_serve(struct app *a, struct app_connection *c)
{
    if (c->len > 0) {
        if (!(socket_poll(a->sockets, c->socket) & (SOCKET_WRITABLE | SOCKET_ERROR)))
            return;
        if (!echo_send(a, c, app_connection_data(c)) || c->len > 0)
            return;
    }
    int interesting = c->ended ? SOCKET_ERROR : SOCKET_READABLE | SOCKET_ERROR;
    while (socket_poll(a->sockets, c->socket) & interesting)
        if (!echo_turn(a, c))
            return;
}

static void echo_datagrams(struct app *a, int socket)
{
    while (socket_poll(a->sockets, socket) & SOCKET_READABLE) {
        struct ip_endpoint from;
        app_step(a, APP_SERVER_RECV);
        int64_t got =
            socket_recvfrom(a->sockets, socket, room_of(a->buffer, a->buffer_bytes), &from, NULL, 0);
        if (got < 0)
            continue; /* an error is reported once, and is about an earlier datagram */
        a->received_bytes += (uint64_t)got;
        a->received_messages++;
        app_step_result(a, got, a->received_bytes);
        app_step(a, ECHO_SEND);
        int64_t sent = socket_sendto(a->sockets, socket, bytes_of(a->buffer, (size_t)got), from);
        if (sent >= 0) {
            a->sent_bytes += (uint64_t)sent;
            a->sent_messages++;
        }
        app_step_result(a, sent, a->sent_bytes);
    }
}

static void echo_accept(struct app *a, int listener)
{
    struct app_connection *c;
    while ((c = app_server_accept(a, listener)) != NULL)
        echo_serve(a, c); /* its first bytes may be there already */
}

static void echo_run(struct app *a, int socket)
{
    struct echo *e = (struct echo *)a;
    struct app_connection *c = programs_connection(a, socket);
    if (c)
        echo_serve(a, c);
    else if (a->config.udp)
        echo_datagrams(a, e->listener);
    else
        echo_accept(a, e->listener);
}

static void echo_start(struct app *a)
{
    struct echo *e = (struct echo *)a;
    int listener = app_server_open(a, ECHO_BUFFER_BYTES);
    if (listener < 0)
        app_fail(a, listener);
    else
        e->listener = listener;
}

static void echo_stop(struct app *a)
{
    app_server_close(a, ((struct echo *)a)->listener);
}

const struct app_class app_echo = {
    .name = "echo",
    .size_bytes = sizeof(struct echo),
    .steps = echo_steps,
    .start = echo_start,
    .run = echo_run,
    .stop = echo_stop,
};
