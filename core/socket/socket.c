/*
 * The handle table and the calls that all kinds of sockets have: open, bind, connect, close, readiness. Data
 * is in socket_data.c, options in socket_option.c, ping sockets in socket_ping.c. Each call leaves a
 * SOCKET_CALL event, and that event is the cause of what the stack does for it.
 */
#include "socket/socket_table.h"

static const char *const call_texts[SOCKET_CALL_COUNT] = {
#define X(NAME, text) text,
    SOCKET_CALL_LIST(X)
#undef X
};

static const struct ip_endpoint no_endpoint = {{0, 0}, 0};

const char *socket_call_text(enum socket_call_kind call)
{
    return (unsigned)call < SOCKET_CALL_COUNT ? call_texts[call] : "?";
}

struct socket *socket_find(const struct sockets *s, int handle)
{
    return handle >= 1 && (uint32_t)handle <= s->capacity ? s->at[handle - 1] : NULL;
}

struct socket_call socket_call_begin(struct sockets *s, const struct socket *k, enum socket_call_kind kind,
                                     struct ip_endpoint e, size_t len)
{
    struct socket_call call = {0, 0};
    call.event = TRACE(s->machine, SOCKET_CALL, .socket = k->handle,
                       .u.socket_call = {.call = (uint8_t)kind,
                                         .type = k->type,
                                         .port = e.port,
                                         .addr = (uint32_t)e.addr.lo,
                                         .len_bytes = (uint32_t)len});
    call.before = trace_enter(s->machine->trace, call.event);
    return call;
}

int64_t socket_call_end(struct sockets *s, struct socket_call call, int64_t result)
{
    if (TCPLAB_TRACE && s->machine->trace) {
        struct trace_event *e = trace_at(s->machine->trace, call.event);
        if (e)
            e->u.socket_call.result = (int32_t)result;
        trace_leave(s->machine->trace, call.before);
    }
    return result;
}

static void tcp_became_ready(void *context, struct tcp_conn *c)
{
    (void)context;
    socket_became_ready(tcp_owner(c));
}

static void udp_became_ready(void *owner)
{
    socket_became_ready(owner);
}

void socket_became_ready(struct socket *k)
{
    struct sockets *s = k->table;
    if (!s->ready && !socket_traced(s))
        return;
    unsigned bits = socket_readiness(k);
    unsigned fresh = bits & ~(unsigned)k->told;
    uint32_t event = 0;
    k->told = (uint8_t)bits;
    if (fresh)
        event =
            TRACE(s->machine, SOCKET_READY, .socket = k->handle, .u.socket_ready = {.ready = (uint16_t)bits});
    if (s->ready && bits) {
        uint32_t before = trace_enter(s->machine->trace, event ? event : trace_cause(s->machine->trace));
        s->ready(s->ready_context, k->handle);
        trace_leave(s->machine->trace, before);
    }
}

struct sockets *sockets_create(struct machine *m, struct ip *ip, struct tcp *tcp, struct udp *udp,
                               uint32_t capacity)
{
    struct sockets *s = arena_zalloc(m->arena, sizeof *s);
    if (!s)
        return NULL;
    s->machine = m;
    s->ip = ip;
    s->tcp = tcp;
    s->udp = udp;
    s->capacity = capacity;
    s->at = arena_zalloc(m->arena, capacity * sizeof(struct socket *));
    if (!s->at)
        return NULL;
    udp->ready = udp_became_ready;
    tcp_on_ready(tcp, tcp_became_ready, s);
    ip->echo_reply = ping_reply;
    ip->echo_reply_context = s;
    return s;
}

void sockets_on_ready(struct sockets *s, socket_ready_fn *fn, void *context)
{
    s->ready = fn;
    s->ready_context = context;
}

/* A free place in the table with an empty socket of that type. */
static int take_handle(struct sockets *s, enum socket_type type, struct socket **out)
{
    uint32_t i = s->lowest_free;
    while (i < s->capacity && s->at[i])
        i++;
    s->lowest_free = i;
    if (i == s->capacity)
        return STATUS_EMFILE;
    struct socket *k = arena_zalloc(s->machine->arena, sizeof *k);
    if (!k)
        return STATUS_ENOMEM;
    k->table = s;
    k->handle = (int32_t)i + 1;
    k->type = (uint8_t)type;
    k->linger_ms = -1;
    k->ttl = IP_TTL_DEFAULT;
    s->at[i] = k;
    *out = k;
    return k->handle;
}

static void give_handle(struct sockets *s, struct socket *k)
{
    uint32_t i = (uint32_t)k->handle - 1;
    s->at[i] = NULL;
    if (i < s->lowest_free)
        s->lowest_free = i;
    arena_free(s->machine->arena, k, sizeof *k);
}

int socket_open(struct sockets *s, enum socket_type type)
{
    if (type != SOCKET_TCP && type != SOCKET_UDP && type != SOCKET_PING)
        return STATUS_EPROTONOSUPPORT;
    struct socket *k = NULL;
    int handle = take_handle(s, type, &k);
    if (handle < 0)
        return handle;
    bool made = true;
    if (type == SOCKET_TCP) {
        k->u.tcp = tcp_open(s->tcp, k, handle);
        made = k->u.tcp != NULL;
    } else if (type == SOCKET_UDP) {
        k->u.udp = udp_open(s->udp);
        made = k->u.udp != NULL;
        if (made) {
            k->u.udp->owner = k;
            k->u.udp->socket = handle;
        }
    } else {
        made = ping_open(k) == STATUS_OK;
    }
    if (!made) {
        give_handle(s, k);
        return STATUS_ENOMEM;
    }
    struct socket_call call = socket_call_begin(s, k, SOCKET_CALL_SOCKET, no_endpoint, 0);
    return (int)socket_call_end(s, call, handle);
}

int socket_bind(struct sockets *s, int handle, struct ip_endpoint local)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    struct socket_call call = socket_call_begin(s, k, SOCKET_CALL_BIND, local, 0);
    int result = STATUS_EOPNOTSUPP;
    if (k->type == SOCKET_TCP) {
        result = tcp_bind(k->u.tcp, local, k->reuse_addr);
    } else if (k->type == SOCKET_UDP) {
        k->u.udp->reuse_addr = k->reuse_addr;
        result = udp_bind(s->udp, k->u.udp, local);
    }
    return (int)socket_call_end(s, call, result);
}

int socket_listen(struct sockets *s, int handle, int backlog)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    if (k->type != SOCKET_TCP)
        return STATUS_EOPNOTSUPP;
    struct socket_call call = socket_call_begin(s, k, SOCKET_CALL_LISTEN, tcp_local(k->u.tcp), 0);
    return (int)socket_call_end(s, call, tcp_listen(k->u.tcp, backlog > 0 ? (uint32_t)backlog : 1));
}

int socket_accept(struct sockets *s, int handle, struct ip_endpoint *peer)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    struct tcp_info info;
    if (k->type != SOCKET_TCP)
        return STATUS_EOPNOTSUPP;
    tcp_status(k->u.tcp, &info);
    if (info.state != TCP_LISTEN)
        return STATUS_EINVAL;
    if (!(tcp_readiness(k->u.tcp) & TCP_READABLE))
        return STATUS_EAGAIN;
    struct socket *fresh = NULL;
    int result = take_handle(s, SOCKET_TCP, &fresh);
    if (result < 0)
        return result; /* the connection goes on waiting */
    fresh->u.tcp = tcp_accept(k->u.tcp);
    assert(fresh->u.tcp);
    tcp_set_owner(fresh->u.tcp, fresh, fresh->handle);
    struct ip_endpoint from = tcp_remote(fresh->u.tcp);
    if (peer)
        *peer = from;
    k->told &= (uint8_t) ~(unsigned)SOCKET_READABLE;
    struct socket_call call = socket_call_begin(s, k, SOCKET_CALL_ACCEPT, from, 0);
    return (int)socket_call_end(s, call, result);
}

int socket_connect(struct sockets *s, int handle, struct ip_endpoint remote)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    struct socket_call call = socket_call_begin(s, k, SOCKET_CALL_CONNECT, remote, 0);
    int result = STATUS_EOPNOTSUPP;
    if (k->type == SOCKET_TCP)
        result = tcp_connect(k->u.tcp, remote);
    else if (k->type == SOCKET_UDP)
        result = udp_connect(s->udp, k->u.udp, remote);
    return (int)socket_call_end(s, call, result);
}

int socket_shutdown(struct sockets *s, int handle, enum socket_shutdown how)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    if ((unsigned)how > SOCKET_SHUT_RDWR)
        return STATUS_EINVAL;
    bool receive = how != SOCKET_SHUT_WR;
    bool send = how != SOCKET_SHUT_RD;
    struct socket_call call = socket_call_begin(s, k, SOCKET_CALL_SHUTDOWN, no_endpoint, (size_t)how);
    int result = STATUS_EOPNOTSUPP;
    if (k->type == SOCKET_TCP) {
        result = tcp_shutdown(k->u.tcp, receive, send);
    } else if (k->type == SOCKET_UDP) {
        k->u.udp->shut_receive |= receive;
        k->u.udp->shut_send |= send;
        result = k->u.udp->remote.port ? STATUS_OK : STATUS_ENOTCONN;
    }
    return (int)socket_call_end(s, call, result);
}

static int end_socket(struct sockets *s, int handle, bool abort)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    struct socket_call call =
        socket_call_begin(s, k, abort ? SOCKET_CALL_ABORT : SOCKET_CALL_CLOSE, no_endpoint, 0);
    if (k->type == SOCKET_TCP && abort)
        tcp_abort(k->u.tcp);
    else if (k->type == SOCKET_TCP)
        tcp_close(k->u.tcp, k->linger_ms);
    else if (k->type == SOCKET_UDP)
        udp_close(s->udp, k->u.udp);
    else
        ping_close(k);
    give_handle(s, k);
    return (int)socket_call_end(s, call, STATUS_OK);
}

int socket_close(struct sockets *s, int handle)
{
    return end_socket(s, handle, false);
}

int socket_abort(struct sockets *s, int handle)
{
    return end_socket(s, handle, true);
}

unsigned socket_readiness(const struct socket *k)
{
    if (k->type == SOCKET_TCP)
        return tcp_readiness(k->u.tcp); /* the bits are the same: see below */
    if (k->type == SOCKET_PING)
        return SOCKET_WRITABLE | (k->u.ping->head ? (unsigned)SOCKET_READABLE : 0u);
    const struct udp_port *p = k->u.udp;
    unsigned bits = SOCKET_WRITABLE;
    if (p->head || p->shut_receive || p->error)
        bits |= SOCKET_READABLE;
    if (p->shut_receive)
        bits |= SOCKET_READ_HANGUP;
    if (p->error)
        bits |= SOCKET_ERROR;
    return bits;
}

_Static_assert((int)SOCKET_READABLE == (int)TCP_READABLE && (int)SOCKET_WRITABLE == (int)TCP_WRITABLE &&
                   (int)SOCKET_READ_HANGUP == (int)TCP_READ_HANGUP && (int)SOCKET_HANGUP == (int)TCP_HANGUP &&
                   (int)SOCKET_ERROR == (int)TCP_ERROR && (int)SOCKET_PRIORITY == (int)TCP_PRIORITY,
               "readiness bits of TCP are those of sockets");

int socket_poll(struct sockets *s, int handle)
{
    const struct socket *k = socket_find(s, handle);
    return k ? (int)socket_readiness(k) : STATUS_EBADF;
}

int socket_next(const struct sockets *s, int handle)
{
    for (uint32_t i = handle < 0 ? 0 : (uint32_t)handle; i < s->capacity; i++) {
        if (s->at[i])
            return (int)i + 1;
    }
    return 0;
}
