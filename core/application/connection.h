/*
 * What servers have in common: a listening socket (or a UDP port), and the list of the connections it has
 * accepted, each with bytes that the server holds for it.
 */
#ifndef TCPLAB_APPLICATION_CONNECTION_H
#define TCPLAB_APPLICATION_CONNECTION_H

#include "application/app.h"

/* A queue for accept() as long as Linux gives to servers that ask for much (SOMAXCONN was 128 for
 * decades). */
enum { APP_BACKLOG = 128 };

/* When there are no more handles or there is no more memory, accept() is tried again after this long. */
enum { APP_ACCEPT_RETRY_US = 100000 };

/* The first lines of every server's steps. */
enum app_server_step {
    APP_SERVER_SOCKET,
    APP_SERVER_BIND,
    APP_SERVER_LISTEN,
    APP_SERVER_ACCEPT,
    APP_SERVER_RECV,
    APP_SERVER_STEPS,
};

/*
 *   data             data + from            data + from + len
 *   |................|======================|..............|
 *     given away       held                   capacity
 */
struct app_connection {
    struct app_connection *next, *prev;
    int socket;     /* 0: closed, and kept for its bytes */
    uint32_t index; /* in the order of accept, from 0 */
    bool ended;     /* the peer will send no more */
    uint8_t *data;
    size_t from, len, capacity;
};

/* Opens, binds and (TCP) listens at config.port, with a buffer of `buffer_bytes` (UDP: of the largest
 * datagram). Returns the socket, or the status for which the program should fail. */
int app_server_open(struct app *a, uint32_t buffer_bytes);

/* Accepts one connection if one waits; NULL: none, or not now. */
struct app_connection *app_server_accept(struct app *a, int listener);

/* Closes all connections and the listener. */
void app_server_close(struct app *a, int listener);

/* A new one at the end of the list, for `socket`. NULL: out of memory. */
struct app_connection *app_connection_add(struct app *a, int socket);

/* Closes its socket. Unless `keep`, it is gone after that. */
void app_connection_close(struct app *a, struct app_connection *c, bool keep);

/* Holds some more bytes. False: out of memory. */
bool app_connection_append(struct app *a, struct app_connection *c, struct bytes more);

/* Lets go of the first `len` bytes held, and of the memory when these were all. */
void app_connection_consume(struct app *a, struct app_connection *c, size_t len);

static inline struct bytes app_connection_data(const struct app_connection *c)
{
    return c->data ? bytes_of(c->data + c->from, c->len) : bytes_of(NULL, 0);
}

/* Frees the list. All must have been closed. */
void app_connections_free(struct app *a);

#endif
