/*
 * Commands that are calls on sockets, as a program would make them.
 */
#include "lab/command.h"

#include "base/status.h"
#include "lab/base64.h"

enum { RECV_DEFAULT = 65536, BACKLOG_DEFAULT = 16, CHUNK_DEFAULT = 1000 };

static void reply_number(struct command *c, const char *name, double value)
{
    cJSON_AddNumberToObject(c->reply, name, value);
}

static void reply_endpoint(struct command *c, const char *name, struct ip_endpoint e)
{
    char text[IP_ENDPOINT_TEXT_MAX];
    ip_endpoint_format(e, text);
    cJSON_AddStringToObject(c->reply, name, text);
}

/* A member that must be there. */
static void command_require(struct command *c, const char *name, const char *what)
{
    struct json_at m = json_member(c->at, name);
    if (!m.value)
        json_expected(&m, what);
}

int64_t command_socket(struct command *c)
{
    static const enum socket_type type_of[] = {SOCKET_TCP, SOCKET_UDP, SOCKET_PING};
    unsigned type = 0;
    scenario_read_choice(c->at, SCENARIO_DO_SOCKET, "type", &type);
    if (!command_begin(c))
        return STATUS_EINVAL;
    int handle = socket_open(c->sockets, type_of[type]);
    if (handle > 0)
        reply_number(c, "socket", handle);
    return handle;
}

int64_t command_bind(struct command *c)
{
    struct ip_endpoint local = {.addr = ip_addr_v4(0)};
    double port = 0;
    if (!json_has(c->at, "address") && !json_has(c->at, "port"))
        command_require(c, "address", "an \"address\" or a \"port\"");
    scenario_read_endpoint(&c->s, c->at, "address", &local);
    scenario_read_number(c->at, SCENARIO_DO_BIND, "port", &port);
    if (json_has(c->at, "port"))
        local.port = (uint16_t)port;
    c->detail = local.port;
    return command_begin(c) ? socket_bind(c->sockets, c->socket, local) : STATUS_EINVAL;
}

int64_t command_listen(struct command *c)
{
    double backlog = BACKLOG_DEFAULT;
    scenario_read_number(c->at, SCENARIO_DO_LISTEN, "backlog", &backlog);
    return command_begin(c) ? socket_listen(c->sockets, c->socket, (int)backlog) : STATUS_EINVAL;
}

int64_t command_accept(struct command *c)
{
    struct ip_endpoint peer = {0};
    if (!command_begin(c))
        return STATUS_EINVAL;
    int handle = socket_accept(c->sockets, c->socket, &peer);
    if (handle > 0) {
        reply_number(c, "socket", handle);
        reply_endpoint(c, "peer", peer);
    }
    return handle;
}

int64_t command_connect(struct command *c)
{
    struct ip_endpoint to = {0};
    command_require(c, "to", "an address and port, like \"10.0.0.2:80\"");
    scenario_read_endpoint(&c->s, c->at, "to", &to);
    c->detail = to.port;
    if (!command_begin(c))
        return STATUS_EINVAL;
    int status = socket_connect(c->sockets, c->socket, to);
    return status == STATUS_EINPROGRESS ? 0 : status;
}

/* Hands the rest to a program that sends it as room comes. */
static int64_t command_send_rest(struct command *c, struct bytes rest)
{
    const struct app_config config = {.socket = c->socket, .data = rest, .start_us = c->s.lab->now_us};
    return host_start_app(c->host, app_class_find(bytes_of("sender", 6)), &config, c->s.lab->now_us);
}

int64_t command_send(struct command *c)
{
    struct bytes data = {0};
    bool given = false, urgent = false;
    scenario_read_data(&c->s, c->at, &data, &given);
    json_bool(c->at, "urgent", &urgent);
    if (!given)
        json_expected(c->at, "\"text\", \"base64\" or \"blob\": what to send");
    c->detail = (uint32_t)data.len;
    if (!command_begin(c))
        return STATUS_EINVAL;
    if (command_sender(c))
        return STATUS_EALREADY; /* what was given before is still being sent, and order matters */
    int64_t sent = socket_send(c->sockets, c->socket, data, urgent ? SOCKET_URGENT : 0);
    if (sent == STATUS_EAGAIN)
        sent = 0;
    if (sent < 0)
        return sent;
    reply_number(c, "sent", (double)sent);
    reply_number(c, "waiting", (double)(data.len - (size_t)sent));
    if ((size_t)sent == data.len)
        return 0;
    int64_t app = command_send_rest(c, bytes_from(data, (size_t)sent));
    if (app >= 0)
        reply_number(c, "app", (double)app);
    return app;
}

int64_t command_sendto(struct command *c)
{
    struct ip_endpoint to = {0};
    struct bytes data = {0};
    bool given = false;
    double chunk = CHUNK_DEFAULT;
    command_require(c, "to", "an address and port, like \"10.0.0.2:80\"");
    scenario_read_endpoint(&c->s, c->at, "to", &to);
    scenario_read_data(&c->s, c->at, &data, &given);
    scenario_read_number(c->at, SCENARIO_DO_SENDTO, "chunk", &chunk);
    c->detail = (uint32_t)data.len;
    if (!command_begin(c))
        return STATUS_EINVAL;
    size_t sent = 0;
    unsigned datagrams = 0;
    do {
        size_t len = data.len - sent < (size_t)chunk ? data.len - sent : (size_t)chunk;
        int64_t result = socket_sendto(c->sockets, c->socket, bytes_of(len ? data.at + sent : NULL, len), to);
        if (result < 0 && datagrams == 0)
            return result;
        if (result < 0)
            break;
        sent += len;
        datagrams++;
        if (datagrams % 100 == 0)
            lab_settle(c->s.lab, (unsigned)c->node); /* the interface's queue is no longer than this */
    } while (sent < data.len);
    reply_number(c, "sent", (double)sent);
    reply_number(c, "datagrams", datagrams);
    return 0;
}

/* Reads how much is wanted, and no more than a reply can tell. */
static size_t command_read_max(struct command *c)
{
    double max = RECV_DEFAULT;
    scenario_read_number(c->at, SCENARIO_DO_RECV, "max", &max);
    return (size_t)max < c->reply_bytes_max || c->checking ? (size_t)max : c->reply_bytes_max;
}

/* What was read; the data only where somebody hears it. */
static int64_t reply_data(struct command *c, struct bytes data)
{
    if (c->planned == LAB_BY_HAND) {
        char *text = json_alloc(c->s.scratch, base64_length(data.len) + 1);
        if (!text)
            return STATUS_ENOMEM;
        base64_encode(text, data);
        cJSON_AddItemToObject(c->reply, "base64", cJSON_CreateStringReference(text));
    }
    reply_number(c, "len", (double)data.len);
    return 0;
}

int64_t command_recv(struct command *c)
{
    size_t max = command_read_max(c);
    if (!command_begin(c))
        return STATUS_EINVAL;
    uint8_t *data = json_alloc(c->s.scratch, max);
    if (!data)
        return STATUS_ENOMEM;
    int64_t len = socket_recv(c->sockets, c->socket, room_of(data, max), 0);
    if (len < 0)
        return len;
    cJSON_AddBoolToObject(c->reply, "end", len == 0);
    return reply_data(c, bytes_of(data, (size_t)len));
}

int64_t command_recvfrom(struct command *c)
{
    size_t max = command_read_max(c);
    struct ip_endpoint from = {0};
    uint32_t full = 0;
    if (!command_begin(c))
        return STATUS_EINVAL;
    uint8_t *data = json_alloc(c->s.scratch, max);
    if (!data)
        return STATUS_ENOMEM;
    int64_t len = socket_recvfrom(c->sockets, c->socket, room_of(data, max), &from, &full, 0);
    if (len < 0)
        return len;
    reply_endpoint(c, "from", from);
    reply_number(c, "full_len", full);
    return reply_data(c, bytes_of(data, (size_t)len));
}

int64_t command_shutdown(struct command *c)
{
    static const enum socket_shutdown how_of[] = {SOCKET_SHUT_RD, SOCKET_SHUT_WR, SOCKET_SHUT_RDWR};
    unsigned how = 1;
    scenario_read_choice(c->at, SCENARIO_DO_SHUTDOWN, "how", &how);
    c->detail = how;
    if (!command_begin(c))
        return STATUS_EINVAL;
    if (how != 0 && command_sender(c))
        return STATUS_EALREADY;
    return socket_shutdown(c->sockets, c->socket, how_of[how]);
}

/* As a program that sends all and then closes: what still waits is sent first. */
int64_t command_close(struct command *c)
{
    if (!command_begin(c))
        return STATUS_EINVAL;
    struct app *sender = command_sender(c);
    cJSON_AddBoolToObject(c->reply, "deferred", sender != NULL);
    if (!sender)
        return socket_close(c->sockets, c->socket);
    sender->config.close_at_end = true;
    return 0;
}

int64_t command_abort(struct command *c)
{
    return command_begin(c) ? socket_abort(c->sockets, c->socket) : STATUS_EINVAL;
}

int64_t command_setsockopt(struct command *c)
{
    unsigned option = 0;
    double value = 0;
    struct json_at m = json_member(c->at, "value");
    command_require(c, "option", "the name of an option");
    scenario_read_choice(c->at, SCENARIO_DO_SETSOCKOPT, "option", &option);
    c->detail = option;
    if (cJSON_IsBool(m.value)) {
        value = cJSON_IsTrue(m.value);
    } else if (cJSON_IsString(m.value) && option == SOCKET_OPT_TCP_CONGESTION) {
        int found = tcp_congestion_find(bytes_of(m.value->valuestring, strlen(m.value->valuestring)));
        if (found < 0)
            json_expected(&m, "the name of a congestion control");
        value = found;
    } else {
        command_require(c, "value", "a number");
        json_whole(c->at, "value", -9007199254740991, 9007199254740991, &value);
    }
    return command_begin(c) ? socket_setopt(c->sockets, c->socket, (enum socket_option)option, (int64_t)value)
                            : STATUS_EINVAL;
}
