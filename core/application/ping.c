/*
 * Ping: sends echo requests (RFC 1122, section 3.2.2.6) and measures how long the answers take. A request
 * without an answer after a second counts as lost; an answer later than that, or a second one, is not
 * counted.
 *
 * The payload carries the request's number, so that an answer finds its request; the time it was sent is kept
 * here.
 */
#include "application/programs.h"
#include "trace/trace.h"

enum {
    PING_PAYLOAD_BYTES = 56,  /* as every ping since 1983 */
    PING_PAYLOAD_MIN = 4,     /* the number */
    PING_PAYLOAD_MAX = 65507, /* what an IPv4 packet holds behind the headers */
    PING_COUNT = 4,
    PING_INTERVAL_US = 1000000,
    PING_TIMEOUT_US = 1000000,
    PING_WAITING_MAX = 128, /* requests without an answer yet; a faster ping waits for the oldest */
};

enum ping_step { PING_SOCKET, PING_SEND, PING_RECV, PING_CLOSE };

static const char *const ping_steps[] = {
    "s = socket(PING);", "sendto(s, payload, peer);", "recvfrom(s, reply);", "close(s);", NULL,
};

/*
 *   0 ... oldest ... next          requests, by number; slot number % PING_WAITING_MAX
 *         |---------|
 *          at most PING_WAITING_MAX, answered or not
 */
struct ping {
    struct app app;
    int socket;
    uint32_t count;
    uint32_t interval_us;
    uint32_t oldest, next;
    int64_t send_us;                   /* when to send the next */
    int64_t sent_us[PING_WAITING_MAX]; /* TIME_NEVER: answered */
};

/* Forgets requests that were answered, or whose time is up. */
static void ping_expire(struct ping *p)
{
    int64_t now_us = p->app.machine->now_us;
    for (; p->oldest < p->next; p->oldest++) {
        int64_t sent_us = p->sent_us[p->oldest % PING_WAITING_MAX];
        if (sent_us == TIME_NEVER)
            continue;
        if (now_us < sent_us + PING_TIMEOUT_US)
            break;
        p->app.lost_messages++;
    }
}

/* `start` of a reply of `full_len` bytes. */
static void ping_answered(struct ping *p, struct bytes start, uint32_t full_len, struct ip_addr from)
{
    struct app *a = &p->app;
    if (start.len < PING_PAYLOAD_MIN)
        return;
    uint32_t number = be32_load(start.at);
    if (number < p->oldest || number >= p->next)
        return;
    int64_t *sent_us = &p->sent_us[number % PING_WAITING_MAX];
    if (*sent_us == TIME_NEVER || a->machine->now_us - *sent_us >= PING_TIMEOUT_US)
        return;
    TRACE(a->machine, PING_REPLY, .socket = p->socket,
          .u.ping_reply = {.sequence = (uint16_t)number,
                           .rtt_us = (uint32_t)(a->machine->now_us - *sent_us),
                           .addr = ip_addr_is_v4(from) ? ip_addr_to_v4(from) : 0});
    *sent_us = TIME_NEVER;
    a->received_messages++;
    a->received_bytes += full_len;
}

static void ping_receive(struct ping *p)
{
    struct app *a = &p->app;
    while (socket_poll(a->sockets, p->socket) & (SOCKET_READABLE | SOCKET_ERROR)) {
        uint8_t start[PING_PAYLOAD_MIN];
        struct ip_endpoint from;
        uint32_t full_len = 0;
        app_step(a, PING_RECV);
        int64_t n = socket_recvfrom(a->sockets, p->socket, room_of(start, sizeof start), &from, &full_len, 0);
        if (n == STATUS_EAGAIN)
            return;
        if (n == STATUS_EBADF) { /* a person closed it */
            app_fail(a, (int)n);
            return;
        }
        if (n < 0)
            continue; /* "unreachable": that request will count as lost in its time */
        ping_answered(p, bytes_of(start, (size_t)n), full_len, from.addr);
        app_step_result(a, full_len, a->received_bytes);
    }
}

/* Sends the next request. What cannot be sent now (no route) ends the program, as it does ping(8). */
static void ping_send(struct ping *p)
{
    struct app *a = &p->app;
    be32_store(a->buffer, p->next);
    app_step(a, PING_SEND);
    int64_t n = socket_sendto(a->sockets, p->socket, bytes_of(a->buffer, a->buffer_bytes), a->config.peer);
    if (n >= 0) {
        a->sent_messages++;
        a->sent_bytes += (uint64_t)n;
        p->sent_us[p->next++ % PING_WAITING_MAX] = a->machine->now_us;
        p->send_us = a->machine->now_us + p->interval_us;
    }
    app_step_result(a, p->next, a->sent_bytes);
    if (n < 0)
        app_fail(a, (int)n);
}

static void ping_run(struct app *a, int socket)
{
    struct ping *p = (struct ping *)a;
    (void)socket; /* it has only one */
    ping_receive(p);
    if (a->done)
        return;
    ping_expire(p);
    bool more = p->next < p->count;
    bool full = p->next - p->oldest == PING_WAITING_MAX;
    if (more && !full && a->machine->now_us >= p->send_us) {
        ping_send(p);
        if (a->done)
            return;
        more = p->next < p->count;
        full = p->next - p->oldest == PING_WAITING_MAX;
    }
    if (!more && p->oldest == p->next) {
        app_step(a, PING_CLOSE);
        app_close(a, p->socket);
        app_finish(a);
        return;
    }
    a->wake_us = TIME_NEVER;
    if (p->oldest < p->next)
        a->wake_us = p->sent_us[p->oldest % PING_WAITING_MAX] + PING_TIMEOUT_US;
    if (more && !full && p->send_us < a->wake_us)
        a->wake_us = p->send_us;
}

static void ping_start(struct app *a)
{
    struct ping *p = (struct ping *)a;
    const struct app_config *c = &a->config;
    uint32_t payload = c->total_bytes ? (uint32_t)c->total_bytes : PING_PAYLOAD_BYTES;
    if (c->total_bytes > PING_PAYLOAD_MAX) {
        app_fail(a, STATUS_EMSGSIZE);
        return;
    }
    p->count = c->count ? c->count : PING_COUNT;
    p->interval_us = c->interval_us ? c->interval_us : PING_INTERVAL_US;
    if (!app_need_buffer(a, payload > PING_PAYLOAD_MIN ? payload : PING_PAYLOAD_MIN)) {
        app_fail(a, STATUS_ENOMEM);
        return;
    }
    app_pattern(0, room_of(a->buffer, a->buffer_bytes));
    app_step(a, PING_SOCKET);
    int socket = socket_open(a->sockets, SOCKET_PING);
    app_step_result(a, socket, 0);
    if (socket < 0) {
        app_fail(a, socket);
        return;
    }
    p->socket = socket;
    programs_own(a, socket, NULL);
    ping_run(a, 0);
}

static void ping_stop(struct app *a)
{
    struct ping *p = (struct ping *)a;
    if (app_owns(a, p->socket))
        app_close(a, p->socket);
}

const struct app_class app_ping = {
    .name = "ping",
    .size_bytes = sizeof(struct ping),
    .steps = ping_steps,
    .start = ping_start,
    .run = ping_run,
    .stop = ping_stop,
};
