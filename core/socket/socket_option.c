/*
 * setsockopt() and getsockopt(): one table row an option, with what it is for each kind of socket.
 */
#include "socket/socket_table.h"

static const char *const option_names[SOCKET_OPT_COUNT] = {
#define X(NAME) #NAME,
    SOCKET_OPTION_LIST(X)
#undef X
};

const char *socket_option_name(enum socket_option option)
{
    return (unsigned)option < SOCKET_OPT_COUNT ? option_names[option] : "?";
}

static bool in_range(int64_t value, int64_t least, int64_t most)
{
    return value >= least && value <= most;
}

/* A field of the connection's options with its bounds, for the options that are just that. */
struct field {
    uint8_t width; /* bytes: 1 (bool and u8), 2, 4; 0: not a TCP field */
    uint16_t offset;
    int64_t least, most;
};

#define FIELD(member, least, most)                                                                           \
    {                                                                                                        \
        sizeof(((struct tcp_options_user *)0)->member), offsetof(struct tcp_options_user, member), least,    \
            most                                                                                             \
    }

static const struct field tcp_fields[SOCKET_OPT_COUNT] = {
    [SOCKET_OPT_TCP_NODELAY] = FIELD(no_delay, 0, 1),
    [SOCKET_OPT_TCP_CORK] = FIELD(cork, 0, 1),
    [SOCKET_OPT_TCP_QUICKACK] = FIELD(quick_ack, 0, 1),
    [SOCKET_OPT_TCP_MAXSEG] = FIELD(mss_max_bytes, 88, 32767),
    [SOCKET_OPT_TCP_USER_TIMEOUT] = FIELD(user_timeout_ms, 0, UINT32_MAX),
    [SOCKET_OPT_TCP_CONGESTION] = FIELD(congestion, 0, TCP_CONGESTION_COUNT - 1),
    [SOCKET_OPT_TCP_ECN] = FIELD(ecn, 0, TCP_ECN_COUNT - 1),
    [SOCKET_OPT_TCP_KEEPIDLE_MS] = FIELD(keepalive_idle_ms, 1, UINT32_MAX),
    [SOCKET_OPT_TCP_KEEPINTVL_MS] = FIELD(keepalive_interval_ms, 1, UINT32_MAX),
    [SOCKET_OPT_TCP_KEEPCNT] = FIELD(keepalive_count, 1, 127),
    [SOCKET_OPT_TCP_SYNCNT] = FIELD(syn_retries_max, 1, 127),
    [SOCKET_OPT_TCP_FASTOPEN] = FIELD(fast_open_queue, 0, 65535),
    [SOCKET_OPT_TCP_FASTOPEN_CONNECT] = FIELD(fast_open_connect, 0, 1),
    [SOCKET_OPT_SO_KEEPALIVE] = FIELD(keepalive, 0, 1),
    [SOCKET_OPT_SO_SNDBUF] = FIELD(send_buffer_bytes, 1, 1 << 30),
    [SOCKET_OPT_SO_RCVBUF] = FIELD(receive_buffer_bytes, 1, 1 << 30),
    [SOCKET_OPT_IP_TTL] = FIELD(ttl, 1, 255),
    [SOCKET_OPT_IP_TOS] = FIELD(tos, 0, 255),
};

static void field_store(void *base, const struct field *f, int64_t value)
{
    uint8_t *at = (uint8_t *)base + f->offset;
    uint8_t one = (uint8_t)value;
    uint16_t two = (uint16_t)value;
    uint32_t four = (uint32_t)value;
    memcpy(at,
           f->width == 1   ? (const void *)&one
           : f->width == 2 ? (const void *)&two
                           : (const void *)&four,
           f->width);
}

static int64_t field_load(const void *base, const struct field *f)
{
    const uint8_t *at = (const uint8_t *)base + f->offset;
    uint16_t two = 0;
    uint32_t four = 0;
    if (f->width == 1)
        return *at;
    memcpy(f->width == 2 ? (void *)&two : (void *)&four, at, f->width);
    return f->width == 2 ? two : (int64_t)four;
}

static int set_tcp(struct socket *k, enum socket_option option, int64_t value)
{
    const struct field *f = &tcp_fields[option];
    if (f->width == 0)
        return STATUS_ENOPROTOOPT;
    if (!in_range(value, f->least, f->most))
        return STATUS_EINVAL;
    struct tcp_options_user o;
    tcp_get_options(k->u.tcp, &o);
    field_store(&o, f, value);
    o.send_buffer_fixed |= option == SOCKET_OPT_SO_SNDBUF;
    o.receive_buffer_fixed |= option == SOCKET_OPT_SO_RCVBUF;
    return tcp_set_options(k->u.tcp, &o);
}

static int set_udp(struct udp_port *p, enum socket_option option, int64_t value)
{
    switch (option) {
    case SOCKET_OPT_SO_NO_CHECK:
        if (!in_range(value, 0, 1))
            return STATUS_EINVAL;
        p->no_checksum = value != 0;
        return STATUS_OK;
    case SOCKET_OPT_SO_RCVBUF:
        if (!in_range(value, 1, 1 << 30))
            return STATUS_EINVAL;
        p->queue_bytes_max = (uint32_t)value;
        return STATUS_OK;
    case SOCKET_OPT_IP_TTL:
        if (!in_range(value, 1, 255))
            return STATUS_EINVAL;
        p->ttl = (uint8_t)value;
        return STATUS_OK;
    case SOCKET_OPT_IP_TOS:
        if (!in_range(value, 0, 255))
            return STATUS_EINVAL;
        p->tos = (uint8_t)value;
        return STATUS_OK;
    default:
        return STATUS_ENOPROTOOPT;
    }
}

static int set_option(struct socket *k, enum socket_option option, int64_t value)
{
    if (option == SOCKET_OPT_SO_REUSEADDR) {
        k->reuse_addr = value != 0;
        return STATUS_OK;
    }
    if (option == SOCKET_OPT_SO_LINGER_MS && k->type == SOCKET_TCP) {
        k->linger_ms = value < 0 ? -1 : (int32_t)(value < INT32_MAX ? value : INT32_MAX);
        return STATUS_OK;
    }
    if (k->type == SOCKET_TCP)
        return set_tcp(k, option, value);
    if (k->type == SOCKET_UDP)
        return set_udp(k->u.udp, option, value);
    if (option != SOCKET_OPT_IP_TTL)
        return STATUS_ENOPROTOOPT;
    if (!in_range(value, 1, 255))
        return STATUS_EINVAL;
    k->ttl = (uint8_t)value;
    return STATUS_OK;
}

int socket_setopt(struct sockets *s, int handle, enum socket_option option, int64_t value)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    if ((unsigned)option >= SOCKET_OPT_COUNT)
        return STATUS_ENOPROTOOPT;
    struct ip_endpoint none = {{0, 0}, 0};
    struct socket_call call = socket_call_begin(s, k, SOCKET_CALL_SETSOCKOPT, none, (size_t)option);
    return (int)socket_call_end(s, call, set_option(k, option, value));
}

static int take_error(struct socket *k)
{
    if (k->type == SOCKET_TCP)
        return tcp_error_pending(k->u.tcp, true);
    if (k->type != SOCKET_UDP)
        return 0;
    int error = k->u.udp->error;
    k->u.udp->error = 0;
    return error;
}

static int get_udp(const struct udp_port *p, enum socket_option option, int64_t *value)
{
    switch (option) {
    case SOCKET_OPT_SO_NO_CHECK:
        *value = p->no_checksum;
        return STATUS_OK;
    case SOCKET_OPT_SO_RCVBUF:
        *value = p->queue_bytes_max;
        return STATUS_OK;
    case SOCKET_OPT_SO_NREAD: /* the first datagram, as FIONREAD has it */
        *value = p->head ? p->head->len : 0;
        return STATUS_OK;
    case SOCKET_OPT_SO_NWRITE:
        *value = 0;
        return STATUS_OK;
    case SOCKET_OPT_IP_TTL:
        *value = p->ttl ? p->ttl : IP_TTL_DEFAULT;
        return STATUS_OK;
    case SOCKET_OPT_IP_TOS:
        *value = p->tos;
        return STATUS_OK;
    default:
        return STATUS_ENOPROTOOPT;
    }
}

static int get_tcp(const struct socket *k, enum socket_option option, int64_t *value)
{
    struct tcp_info info;
    struct tcp_options_user o;
    if (option == SOCKET_OPT_SO_NREAD || option == SOCKET_OPT_SO_NWRITE) {
        tcp_status(k->u.tcp, &info);
        *value = option == SOCKET_OPT_SO_NREAD ? info.receive_queue_bytes : info.send_queue_bytes;
        return STATUS_OK;
    }
    if (option == SOCKET_OPT_SO_ATMARK) {
        *value = tcp_urgent_at_mark(k->u.tcp);
        return STATUS_OK;
    }
    if (tcp_fields[option].width == 0)
        return STATUS_ENOPROTOOPT;
    tcp_get_options(k->u.tcp, &o);
    *value = field_load(&o, &tcp_fields[option]);
    return STATUS_OK;
}

int socket_getopt(struct sockets *s, int handle, enum socket_option option, int64_t *value)
{
    struct socket *k = socket_find(s, handle);
    if (!k)
        return STATUS_EBADF;
    if ((unsigned)option >= SOCKET_OPT_COUNT)
        return STATUS_ENOPROTOOPT;
    if (option == SOCKET_OPT_SO_ERROR) {
        *value = take_error(k);
        return STATUS_OK;
    }
    if (option == SOCKET_OPT_SO_REUSEADDR) {
        *value = k->reuse_addr;
        return STATUS_OK;
    }
    if (option == SOCKET_OPT_SO_LINGER_MS && k->type == SOCKET_TCP) {
        *value = k->linger_ms;
        return STATUS_OK;
    }
    if (k->type == SOCKET_TCP)
        return get_tcp(k, option, value);
    if (k->type == SOCKET_UDP)
        return get_udp(k->u.udp, option, value);
    if (option == SOCKET_OPT_IP_TTL) {
        *value = k->ttl;
        return STATUS_OK;
    }
    return STATUS_ENOPROTOOPT;
}
