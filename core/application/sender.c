/*
 * The sender: connects, sends bytes of its own or a pattern, over TCP or UDP, all at once or in pieces with
 * pauses, and counts what comes back. With TCP it ends politely: it says that it will send no more
 * (shutdown), reads the peer's bytes to their end, and closes. So nothing is lost even when the peer echoes
 * everything.
 *
 * UDP has nothing that would slow a sender down, so without an interval it pauses for a millisecond between
 * datagrams, and an error that comes back (nobody listens) ends it. The bytes are sent as they are, without
 * numbers of our own.
 */
#include "application/programs.h"

enum {
    SENDER_PATTERN_BYTES = 16384, /* of the pattern made at a time */
    SENDER_REPLY_BYTES = 4096,    /* read at a time */
    SENDER_CHUNK_BYTES = 1000,    /* of a datagram, and with pauses: fits every link */
    SENDER_UDP_INTERVAL_US = 1000,
    SENDER_RETRY_US = 1000, /* when the stack has no buffer for a datagram */
};

enum sender_step { SENDER_SOCKET, SENDER_CONNECT, SENDER_SEND, SENDER_SHUTDOWN, SENDER_RECV, SENDER_CLOSE };

static const char *const sender_steps[] = {
    "s = socket(type);",
    "connect(s, peer);",
    "n += send(s, data + n, chunk);",
    "shutdown(s, SHUT_WR);",
    "recv(s, reply);",
    "close(s);",
    NULL,
};

enum sender_phase { SENDER_CONNECTING, SENDER_SENDING, SENDER_ENDING };

struct sender {
    struct app app;
    int socket;
    enum sender_phase phase;
    bool datagrams;
    bool borrowed; /* config.socket */
    bool peer_ended;
    uint64_t total;  /* bytes to send */
    uint64_t offset; /* of the next */
    uint32_t chunk;  /* bytes per piece; 0: as much as fits */
    uint32_t interval_us;
    int64_t next_us; /* the next piece not before */
};

static void sender_close(struct sender *s)
{
    app_step(&s->app, SENDER_CLOSE);
    app_close(&s->app, s->socket);
    app_finish(&s->app);
}

/* Everything is sent. */
static void sender_end(struct sender *s)
{
    struct app *a = &s->app;
    s->phase = SENDER_ENDING;
    if (s->borrowed && !a->config.close_at_end) {
        programs_disown(a, s->socket);
        app_finish(a);
    } else if (s->peer_ended || (a->config.close_at_end && (s->borrowed || s->datagrams))) {
        sender_close(s);
    } else if (a->config.close_at_end) {
        app_step(a, SENDER_SHUTDOWN);
        socket_shutdown(a->sockets, s->socket, SOCKET_SHUT_WR);
    }
}

/* The next bytes for one send(). */
static struct bytes sender_piece(struct sender *s)
{
    struct app *a = &s->app;
    uint64_t len = s->total - s->offset;
    if (s->chunk && len > s->chunk - s->offset % s->chunk)
        len = s->chunk - s->offset % s->chunk;
    if (a->config.data.len > 0)
        return bytes_of(a->config.data.at + s->offset, (size_t)len);
    if (len > a->buffer_bytes)
        len = a->buffer_bytes;
    app_pattern(s->offset, room_of(a->buffer, (size_t)len));
    return bytes_of(a->buffer, (size_t)len);
}

static int64_t sender_send(struct sender *s)
{
    struct app *a = &s->app;
    struct bytes piece = sender_piece(s);
    app_step(a, SENDER_SEND);
    int64_t n = s->datagrams && a->config.peer.port
                    ? socket_sendto(a->sockets, s->socket, piece, a->config.peer)
                    : socket_send(a->sockets, s->socket, piece, 0);
    if (n > 0) {
        assert((uint64_t)n <= piece.len);
        s->offset += (uint64_t)n;
        a->sent_bytes += (uint64_t)n;
        a->sent_messages++;
        if (s->chunk && s->offset % s->chunk == 0)
            s->next_us = a->machine->now_us + s->interval_us;
    }
    app_step_result(a, n, a->sent_bytes);
    return n;
}

/* Sends as much as may be sent now. */
static void sender_fill(struct sender *s)
{
    struct app *a = &s->app;
    while (s->offset < s->total) {
        if (a->machine->now_us < s->next_us) {
            a->wake_us = s->next_us;
            return;
        }
        int ready = socket_poll(a->sockets, s->socket);
        if (ready >= 0 && !s->datagrams && !(ready & (SOCKET_WRITABLE | SOCKET_ERROR | SOCKET_HANGUP)))
            return;
        int64_t n = sender_send(s);
        if (s->datagrams && (n == STATUS_EAGAIN || n == STATUS_ENOBUFS)) {
            a->wake_us = a->machine->now_us + SENDER_RETRY_US;
            return;
        }
        if (n == 0 || n == STATUS_EAGAIN)
            return;
        if (n < 0) {
            app_fail(a, (int)n);
            return;
        }
    }
    sender_end(s);
}

/* Reads what comes back, and counts it. */
static void sender_drain(struct sender *s)
{
    struct app *a = &s->app;
    uint8_t reply[SENDER_REPLY_BYTES];
    while (!s->peer_ended && (socket_poll(a->sockets, s->socket) & (SOCKET_READABLE | SOCKET_ERROR))) {
        uint32_t full_len = 0;
        app_step(a, SENDER_RECV);
        int64_t n = s->datagrams ? socket_recvfrom(a->sockets, s->socket, room_of(reply, sizeof reply), NULL,
                                                   &full_len, 0)
                                 : socket_recv(a->sockets, s->socket, room_of(reply, sizeof reply), 0);
        if (n == STATUS_EAGAIN)
            return;
        if (n < 0) {
            app_fail(a, (int)n);
            return;
        }
        a->received_bytes += s->datagrams ? full_len : (uint64_t)n;
        s->peer_ended = n == 0 && !s->datagrams;
        if (!s->peer_ended)
            a->received_messages++;
        app_step_result(a, n, a->received_bytes);
    }
    if (s->peer_ended && s->phase == SENDER_ENDING)
        sender_close(s);
}

/* Has connect() come to its end, and to a good one? */
static bool sender_connected(struct sender *s)
{
    struct app *a = &s->app;
    int ready = socket_poll(a->sockets, s->socket);
    if (ready >= 0 && (ready & SOCKET_ERROR)) {
        int64_t error = 0;
        socket_getopt(a->sockets, s->socket, SOCKET_OPT_SO_ERROR, &error);
        ready = error < 0 ? (int)error : STATUS_ENOTCONN;
    } else if (ready >= 0 && (ready & SOCKET_HANGUP)) {
        ready = STATUS_ENOTCONN;
    }
    if (ready < 0) {
        app_fail(a, ready);
        return false;
    }
    return (ready & SOCKET_WRITABLE) != 0;
}

static void sender_run(struct app *a, int socket)
{
    struct sender *s = (struct sender *)a;
    (void)socket; /* it has only one */
    if (s->phase == SENDER_CONNECTING && sender_connected(s))
        s->phase = SENDER_SENDING;
    if (s->phase == SENDER_CONNECTING || a->done)
        return;
    if (!s->borrowed)
        sender_drain(s);
    if (!a->done && s->phase == SENDER_SENDING)
        sender_fill(s);
}

/* Opens its socket and begins to connect it, or takes the one it was lent. */
static int sender_open(struct sender *s)
{
    struct app *a = &s->app;
    if (a->config.socket) {
        struct socket_info info;
        int status = socket_info(a->sockets, a->config.socket, &info);
        if (status < 0)
            return status;
        s->socket = a->config.socket;
        s->borrowed = true;
        s->datagrams = info.type == SOCKET_UDP;
        s->phase = SENDER_SENDING;
        programs_own(a, s->socket, NULL);
        return STATUS_OK;
    }
    app_step(a, SENDER_SOCKET);
    int socket = socket_open(a->sockets, a->config.udp ? SOCKET_UDP : SOCKET_TCP);
    app_step_result(a, socket, 0);
    if (socket < 0)
        return socket;
    s->socket = socket;
    s->datagrams = a->config.udp;
    programs_own(a, socket, NULL);
    app_step(a, SENDER_CONNECT);
    int status = socket_connect(a->sockets, socket, a->config.peer);
    return status == STATUS_EINPROGRESS ? STATUS_OK : status;
}

static void sender_start(struct app *a)
{
    struct sender *s = (struct sender *)a;
    int status = sender_open(s);
    if (status < 0) {
        app_fail(a, status);
        return;
    }
    s->total = a->config.data.len > 0 ? a->config.data.len : a->config.total_bytes;
    s->chunk = a->config.chunk_bytes;
    s->interval_us = a->config.interval_us;
    if (s->datagrams && !s->interval_us)
        s->interval_us = SENDER_UDP_INTERVAL_US;
    if (s->interval_us && !s->chunk)
        s->chunk = SENDER_CHUNK_BYTES;
    if (a->config.data.len == 0 && s->total > 0) {
        uint32_t most = s->datagrams ? s->chunk : SENDER_PATTERN_BYTES;
        if (!app_need_buffer(a, s->total < most ? (uint32_t)s->total : most)) {
            app_fail(a, STATUS_ENOMEM);
            return;
        }
    }
    sender_run(a, 0);
}

static void sender_stop(struct app *a)
{
    struct sender *s = (struct sender *)a;
    if (!app_owns(a, s->socket))
        return;
    if (s->borrowed)
        programs_disown(a, s->socket);
    else
        app_close(a, s->socket);
}

const struct app_class app_sender = {
    .name = "sender",
    .size_bytes = sizeof(struct sender),
    .steps = sender_steps,
    .start = sender_start,
    .run = sender_run,
    .stop = sender_stop,
};
