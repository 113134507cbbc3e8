/*
 * Listening, accepting and the list of connections. See connection.h.
 */
#include "application/connection.h"

#include "application/programs.h"

enum { DATA_CAPACITY_MIN = 1024 };

static int server_setup(struct app *a, int listener)
{
    struct ip_endpoint local = {.addr = ip_addr_v4(0), .port = a->config.port};
    app_step(a, APP_SERVER_BIND);
    int status = socket_bind(a->sockets, listener, local);
    app_step_result(a, a->config.port, 0);
    if (status < 0 || a->config.udp)
        return status;
    app_step(a, APP_SERVER_LISTEN);
    return socket_listen(a->sockets, listener, APP_BACKLOG);
}

int app_server_open(struct app *a, uint32_t buffer_bytes)
{
    bool udp = a->config.udp;
    if (!app_need_buffer(a, udp && buffer_bytes < UDP_PAYLOAD_MAX ? UDP_PAYLOAD_MAX : buffer_bytes))
        return STATUS_ENOMEM;
    app_step(a, APP_SERVER_SOCKET);
    int listener = socket_open(a->sockets, udp ? SOCKET_UDP : SOCKET_TCP);
    app_step_result(a, listener, 0);
    if (listener < 0)
        return listener;
    int status = server_setup(a, listener);
    if (status < 0) {
        socket_close(a->sockets, listener);
        return status;
    }
    programs_own(a, listener, NULL);
    return listener;
}

struct app_connection *app_server_accept(struct app *a, int listener)
{
    if (!(socket_poll(a->sockets, listener) & SOCKET_READABLE))
        return NULL;
    app_step(a, APP_SERVER_ACCEPT);
    int socket = socket_accept(a->sockets, listener, NULL);
    app_step_result(a, socket, 0);
    if (socket < 0) {
        if (socket != STATUS_EAGAIN)
            a->wake_us = a->machine->now_us + APP_ACCEPT_RETRY_US;
        return NULL;
    }
    struct app_connection *c = app_connection_add(a, socket);
    if (!c) /* without memory for it there is nothing better than to say so with a reset */
        socket_abort(a->sockets, socket);
    return c;
}

void app_server_close(struct app *a, int listener)
{
    struct app_connection *next;
    for (struct app_connection *c = a->first; c; c = next) {
        next = c->next;
        if (c->socket)
            app_connection_close(a, c, true);
    }
    if (app_owns(a, listener))
        app_close(a, listener);
}

struct app_connection *app_connection_add(struct app *a, int socket)
{
    struct app_connection *c = arena_zalloc(a->machine->arena, sizeof *c);
    if (!c)
        return NULL;
    c->socket = socket;
    c->index = a->connection_count++;
    c->prev = a->last;
    if (a->last)
        a->last->next = c;
    else
        a->first = c;
    a->last = c;
    programs_own(a, socket, c);
    return c;
}

static void release_data(struct app *a, struct app_connection *c)
{
    arena_free(a->machine->arena, c->data, c->capacity);
    c->data = NULL;
    c->from = c->len = c->capacity = 0;
}

static void release(struct app *a, struct app_connection *c)
{
    if (c->prev)
        c->prev->next = c->next;
    else
        a->first = c->next;
    if (c->next)
        c->next->prev = c->prev;
    else
        a->last = c->prev;
    release_data(a, c);
    arena_free(a->machine->arena, c, sizeof *c);
}

void app_connection_close(struct app *a, struct app_connection *c, bool keep)
{
    assert(c->socket);
    app_close(a, c->socket);
    c->socket = 0;
    if (!keep)
        release(a, c);
}

bool app_connection_append(struct app *a, struct app_connection *c, struct bytes more)
{
    size_t end = c->from + c->len;
    assert(end <= c->capacity);
    if (more.len > c->capacity - end) {
        size_t capacity = 2 * c->capacity > DATA_CAPACITY_MIN ? 2 * c->capacity : DATA_CAPACITY_MIN;
        while (capacity < c->len + more.len)
            capacity *= 2;
        uint8_t *data = arena_alloc(a->machine->arena, capacity);
        if (!data)
            return false;
        size_t len = c->len;
        if (len > 0)
            memcpy(data, c->data + c->from, len);
        release_data(a, c);
        c->data = data;
        c->len = len;
        c->capacity = capacity;
        end = len;
    }
    if (more.len > 0)
        memcpy(c->data + end, more.at, more.len);
    c->len += more.len;
    return true;
}

void app_connection_consume(struct app *a, struct app_connection *c, size_t len)
{
    assert(len <= c->len);
    c->from += len;
    c->len -= len;
    if (c->len == 0)
        release_data(a, c);
}

void app_connections_free(struct app *a)
{
    while (a->first) {
        assert(!a->first->socket);
        release(a, a->first);
    }
}
