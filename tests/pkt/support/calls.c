/*
 * The socket calls of packet scripts. Numbers of sockets are the script's own: what socket() and accept() are
 * said to return.
 */
#include "pkt/support/play.h"

#include <stdlib.h>

enum { CALL_BYTES_MAX = 1 << 18 };

struct call {
    struct world *w;
    const struct call_spec *spec;
    struct world_socket *fd;              /* the first argument */
    int64_t numbers[SCRIPT_ARGS_MAX + 1]; /* the arguments that are numbers */
};

typedef int64_t call_fn(struct call *c);

static bool has_word(const struct call_spec *c, const char *word)
{
    for (unsigned i = 0; i < c->arg_count; i++) {
        if (strcmp(c->args[i], word) == 0)
            return true;
    }
    return false;
}

/* A flow among the arguments, "#2", or 1. */
static unsigned flow_argument(const struct call_spec *c)
{
    for (unsigned i = 0; i < c->arg_count; i++) {
        struct cursor at = {c->args[i]};
        unsigned flow = 0;
        if (c->args[i][0] == '#' && cursor_flow(&at, &flow))
            return flow;
    }
    return 1;
}

/* Gives a handle the number that the script expects to be returned. */
static int64_t name_handle(struct call *c, int handle)
{
    char *end;
    long fd = strtol(c->spec->result, &end, 10);
    if (handle < 0)
        return handle;
    if (*end || fd < 1 || fd >= WORLD_SOCKETS_MAX)
        return handle;
    c->w->fds[fd] = (struct world_socket){.handle = handle};
    return fd;
}

static int64_t do_socket(struct call *c)
{
    return name_handle(c, socket_open(c->w->sockets, SOCKET_TCP));
}

static int64_t do_bind(struct call *c)
{
    uint16_t port =
        c->spec->arg_count > 2 && c->numbers[2] ? (uint16_t)c->numbers[2] : (uint16_t)WORLD_LISTEN_PORT;
    return socket_bind(c->w->sockets, c->fd->handle, (struct ip_endpoint){ip_addr_v4(0), port});
}

static int64_t do_listen(struct call *c)
{
    return socket_listen(c->w->sockets, c->fd->handle, (int)c->numbers[1]);
}

static int64_t do_accept(struct call *c)
{
    return name_handle(c, socket_accept(c->w->sockets, c->fd->handle, NULL));
}

static int64_t do_connect(struct call *c)
{
    unsigned flow = flow_argument(c->spec);
    struct flow *f = &c->w->flows[flow];
    f->remote_port = (uint16_t)(WORLD_LISTEN_PORT - 1 + flow);
    return socket_connect(c->w->sockets, c->fd->handle,
                          (struct ip_endpoint){ip_addr_v4(0x0a000002), f->remote_port});
}

static int64_t do_write(struct call *c)
{
    int64_t want = c->numbers[2];
    uint8_t *data = malloc((size_t)want + 1);
    if (!data)
        return STATUS_ENOMEM;
    for (int64_t i = 0; i < want; i++)
        data[i] = world_pattern(c->fd->written + (uint64_t)i);
    unsigned flags = (has_word(c->spec, "MSG_MORE") ? (unsigned)SOCKET_MORE : 0u) |
                     (has_word(c->spec, "MSG_OOB") ? (unsigned)SOCKET_URGENT : 0u);
    int64_t got = socket_send(c->w->sockets, c->fd->handle, bytes_of(data, (size_t)want), flags);
    free(data);
    if (got > 0)
        c->fd->written += (uint64_t)got;
    return got;
}

static int64_t do_read(struct call *c)
{
    int64_t want = c->numbers[2];
    uint8_t *data = malloc((size_t)want + 1);
    if (!data)
        return STATUS_ENOMEM;
    bool peek = has_word(c->spec, "MSG_PEEK");
    int64_t got =
        socket_recv(c->w->sockets, c->fd->handle, room_of(data, (size_t)want), peek ? SOCKET_PEEK : 0);
    for (int64_t i = 0; i < got; i++) {
        if (data[i] != world_pattern(c->fd->taken + (uint64_t)i))
            got = STATUS_EBADMSG; /* not what the peer has sent */
    }
    free(data);
    if (got > 0 && !peek)
        c->fd->taken += (uint64_t)got;
    return got;
}

static int64_t do_shutdown(struct call *c)
{
    enum socket_shutdown how = has_word(c->spec, "SHUT_RD")   ? SOCKET_SHUT_RD
                               : has_word(c->spec, "SHUT_WR") ? SOCKET_SHUT_WR
                                                              : SOCKET_SHUT_RDWR;
    return socket_shutdown(c->w->sockets, c->fd->handle, how);
}

static int64_t do_close(struct call *c)
{
    int handle = c->fd->handle;
    c->fd->handle = 0;
    return socket_close(c->w->sockets, handle);
}

static int64_t do_abort(struct call *c)
{
    int handle = c->fd->handle;
    c->fd->handle = 0;
    return socket_abort(c->w->sockets, handle);
}

/* The option that is named among the arguments, or SOCKET_OPT_COUNT; *value: the number after it. */
static enum socket_option find_option(struct call *c, int64_t *value)
{
    for (unsigned i = 1; i < c->spec->arg_count; i++) {
        for (int option = 0; option < SOCKET_OPT_COUNT; option++) {
            if (strcmp(c->spec->args[i], socket_option_name((enum socket_option)option)) != 0)
                continue;
            const char *text = i + 1 < c->spec->arg_count ? c->spec->args[i + 1] : "";
            *value = option == SOCKET_OPT_TCP_CONGESTION ? tcp_congestion_find(bytes_of(text, strlen(text)))
                                                         : c->numbers[i + 1];
            return (enum socket_option)option;
        }
    }
    return SOCKET_OPT_COUNT;
}

static int64_t do_setsockopt(struct call *c)
{
    int64_t value = 0;
    enum socket_option option = find_option(c, &value);
    return socket_setopt(c->w->sockets, c->fd->handle, option, value);
}

/* Returns the value. */
static int64_t do_getsockopt(struct call *c)
{
    int64_t value = 0;
    enum socket_option option = find_option(c, &value);
    int status = socket_getopt(c->w->sockets, c->fd->handle, option, &value);
    return status < 0 ? status : value;
}

static int64_t do_poll(struct call *c)
{
    return socket_poll(c->w->sockets, c->fd->handle);
}

static const struct {
    const char *name;
    call_fn *fn;
} calls[] = {
    {"bind", do_bind},         {"listen", do_listen},
    {"accept", do_accept},     {"connect", do_connect},
    {"write", do_write},       {"send", do_write},
    {"read", do_read},         {"recv", do_read},
    {"close", do_close},       {"abort", do_abort},
    {"shutdown", do_shutdown}, {"setsockopt", do_setsockopt},
    {"poll", do_poll},         {"getsockopt", do_getsockopt},
};

static const struct {
    const char *name;
    int bit;
} poll_bits[] = {
    {"POLLIN", SOCKET_READABLE}, {"POLLOUT", SOCKET_WRITABLE}, {"POLLRDHUP", SOCKET_READ_HANGUP},
    {"POLLHUP", SOCKET_HANGUP},  {"POLLERR", SOCKET_ERROR},    {"POLLPRI", SOCKET_PRIORITY},
};
enum { POLL_BITS = sizeof poll_bits / sizeof *poll_bits };

static void format_result(const struct call_spec *c, int64_t result, char *text, size_t size)
{
    size_t len = 0;
    if (result < 0) {
        snprintf(text, size, "%s", status_name((int)result));
    } else if (strcmp(c->name, "poll") == 0 && result > 0) {
        for (unsigned i = 0; i < POLL_BITS; i++) {
            if (result & poll_bits[i].bit)
                len += (size_t)snprintf(text + len, size - len, "%s%s", len ? "|" : "", poll_bits[i].name);
        }
    } else {
        snprintf(text, size, "%lld", (long long)result);
    }
}

const char *call_play(struct world *w, const struct call_spec *spec, char why[SCRIPT_MESSAGE_MAX])
{
    struct call c = {.w = w, .spec = spec};
    call_fn *fn = strcmp(spec->name, "socket") == 0 ? do_socket : NULL;
    for (unsigned i = 0; i < spec->arg_count; i++)
        c.numbers[i] = strtoll(spec->args[i], NULL, 10);
    if (!fn) {
        for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++)
            fn = strcmp(spec->name, calls[i].name) == 0 ? calls[i].fn : fn;
        bool known = fn && c.numbers[0] > 0 && c.numbers[0] < WORLD_SOCKETS_MAX;
        if (!known || c.numbers[2] < 0 || c.numbers[2] > CALL_BYTES_MAX)
            return fn ? "no such socket, or too many bytes" : "no such call";
        c.fd = &w->fds[c.numbers[0]];
    }
    host_sockets(w->host, w->start.base_us + w->now_us);
    int64_t result = fn(&c);
    world_settle(w);
    char text[SCRIPT_WORD_MAX * 2];
    format_result(spec, result, text, sizeof text);
    if (strcmp(text, spec->result) == 0)
        return NULL;
    snprintf(why, SCRIPT_MESSAGE_MAX, "%s() returned %s", spec->name, text);
    return why;
}
