/*
 * Sending and receiving through sockets. A call that would wait leaves no trace: only what did something is
 * an event.
 */
#include "socket/socket_table.h"

static const struct ip_endpoint no_endpoint = {{0, 0}, 0};

int64_t socket_send(struct sockets *s, int handle, struct bytes data, unsigned flags)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    if (k->type == SOCKET_PING)
        return STATUS_EDESTADDRREQ;
    struct socket_call call = socket_call_begin(s, k, SOCKET_CALL_SEND, no_endpoint, data.len);
    int64_t result = 0;
    if (k->type == SOCKET_TCP) {
        unsigned how = ((flags & SOCKET_MORE) ? (unsigned)TCP_SEND_MORE : 0u) |
                       ((flags & SOCKET_URGENT) ? (unsigned)TCP_SEND_URGENT : 0u);
        result = tcp_send(k->u.tcp, data, how);
        if (result < (int64_t)data.len) /* full: becoming writable again is news */
            k->told &= (uint8_t) ~(unsigned)SOCKET_WRITABLE;
    } else {
        result = udp_send(s->udp, k->u.udp, NULL, data);
    }
    return socket_call_end(s, call, result);
}

/* Would a read of nothing tell the caller anything but "not yet"? */
static bool nothing_to_read(const struct socket *k)
{
    return !(socket_readiness(k) & (SOCKET_READABLE | SOCKET_ERROR));
}

int64_t socket_recv(struct sockets *s, int handle, struct room into, unsigned flags)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    if (k->type != SOCKET_TCP)
        return socket_recvfrom(s, handle, into, NULL, NULL, flags);
    bool peek = (flags & SOCKET_PEEK) != 0;
    if (!socket_traced(s) || nothing_to_read(k)) /* then it is EAGAIN or ENOTCONN */
        return tcp_receive(k->u.tcp, into, peek);
    struct socket_call call = socket_call_begin(s, k, SOCKET_CALL_RECV, no_endpoint, into.len);
    int64_t result = tcp_receive(k->u.tcp, into, peek);
    if (!(tcp_readiness(k->u.tcp) & TCP_READABLE))
        k->told &= (uint8_t) ~(unsigned)SOCKET_READABLE;
    return socket_call_end(s, call, result);
}

int64_t socket_sendto(struct sockets *s, int handle, struct bytes data, struct ip_endpoint to)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    if (k->type == SOCKET_TCP)
        return STATUS_EISCONN;
    struct socket_call call = socket_call_begin(s, k, SOCKET_CALL_SENDTO, to, data.len);
    int64_t result =
        k->type == SOCKET_UDP ? udp_send(s->udp, k->u.udp, &to, data) : ping_send(k, data, to.addr);
    return socket_call_end(s, call, result);
}

int64_t socket_recvfrom(struct sockets *s, int handle, struct room into, struct ip_endpoint *from,
                        uint32_t *full_len, unsigned flags)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    if (k->type == SOCKET_TCP)
        return STATUS_EOPNOTSUPP;
    if (nothing_to_read(k))
        return STATUS_EAGAIN;
    bool peek = (flags & SOCKET_PEEK) != 0;
    struct ip_endpoint sender = no_endpoint;
    uint32_t true_len = 0;
    struct socket_call call = socket_call_begin(s, k, SOCKET_CALL_RECVFROM, no_endpoint, into.len);
    int64_t result = k->type == SOCKET_UDP ? udp_receive(s->udp, k->u.udp, into, &sender, &true_len, peek)
                                           : ping_receive(k, into, &sender, &true_len, peek);
    if (nothing_to_read(k))
        k->told &= (uint8_t) ~(unsigned)SOCKET_READABLE;
    if (from)
        *from = sender;
    if (full_len)
        *full_len = true_len;
    return socket_call_end(s, call, result);
}

int socket_info(struct sockets *s, int handle, struct socket_info *out)
{
    const struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    *out = (struct socket_info){.type = (enum socket_type)k->type};
    if (k->type == SOCKET_TCP) {
        tcp_status(k->u.tcp, &out->tcp);
        out->local = tcp_local(k->u.tcp);
        out->remote = tcp_remote(k->u.tcp);
        out->readable_bytes = out->tcp.receive_queue_bytes;
        out->unsent_bytes = out->tcp.send_queue_bytes;
        out->accept_queue = tcp_accept_queue(k->u.tcp, &out->backlog);
        out->error = tcp_error_pending(k->u.tcp, false);
    } else if (k->type == SOCKET_UDP) {
        const struct udp_port *p = k->u.udp;
        out->local = p->local;
        out->remote = p->remote;
        out->readable_bytes = p->queue_bytes;
        out->error = p->error;
    }
    return STATUS_OK;
}
