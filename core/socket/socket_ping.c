/*
 * Ping sockets, as Linux has them (SOCK_DGRAM with IPPROTO_ICMP): sendto() sends an ICMP echo request with
 * the given data, recvfrom() gives the data of replies. The identifier is the socket's own, so replies find
 * their socket.
 */
#include "socket/socket_table.h"

int ping_open(struct socket *k)
{
    k->u.ping = arena_zalloc(k->table->machine->arena, sizeof *k->u.ping);
    if (!k->u.ping)
        return STATUS_ENOMEM;
    k->u.ping->id = ++k->table->next_ping_id;
    return STATUS_OK;
}

static struct ping_reply *take_reply(struct ping_state *p)
{
    struct ping_reply *r = p->head;
    p->head = r->next;
    if (!p->head)
        p->tail = NULL;
    p->queued--;
    return r;
}

static void free_reply(struct socket *k, struct ping_reply *r)
{
    arena_free(k->table->machine->arena, r, sizeof *r + r->len);
}

void ping_close(struct socket *k)
{
    while (k->u.ping->head)
        free_reply(k, take_reply(k->u.ping));
    arena_free(k->table->machine->arena, k->u.ping, sizeof *k->u.ping);
}

int64_t ping_send(struct socket *k, struct bytes data, struct ip_addr to)
{
    int sent = icmp_send_echo(k->table->ip, to, k->u.ping->id, k->u.ping->sequence, data, k->ttl);
    if (sent < 0)
        return sent;
    k->u.ping->sequence++;
    return (int64_t)data.len;
}

int64_t ping_receive(struct socket *k, struct room into, struct ip_endpoint *from, uint32_t *full_len,
                     bool peek)
{
    struct ping_reply *r = k->u.ping->head;
    if (!r)
        return STATUS_EAGAIN;
    size_t len = r->len < into.len ? r->len : into.len;
    if (len)
        memcpy(into.at, r->payload, len);
    *from = (struct ip_endpoint){r->from, 0};
    *full_len = r->len;
    if (!peek)
        free_reply(k, take_reply(k->u.ping));
    return (int64_t)len;
}

static struct socket *find_by_id(const struct sockets *s, uint16_t id)
{
    for (int h = socket_next(s, 0); h; h = socket_next(s, h)) {
        struct socket *k = socket_find(s, h);
        if (k->type == SOCKET_PING && k->u.ping->id == id)
            return k;
    }
    return NULL;
}

void ping_reply(void *context, struct ip_addr from, const struct icmp_repr *reply, uint32_t frame_id)
{
    struct sockets *s = context;
    (void)frame_id; /* the cause names it already */
    struct socket *k = find_by_id(s, reply->id);
    if (!k || k->u.ping->queued >= PING_QUEUE_MAX)
        return;
    struct ping_reply *r = arena_alloc(s->machine->arena, sizeof *r + reply->payload.len);
    if (!r)
        return;
    r->next = NULL;
    r->from = from;
    r->len = (uint32_t)reply->payload.len;
    if (r->len)
        memcpy(r->payload, reply->payload.at, r->len);
    struct ping_state *p = k->u.ping;
    if (p->tail)
        p->tail->next = r;
    else
        p->head = r;
    p->tail = r;
    p->queued++;
    socket_became_ready(k);
}
