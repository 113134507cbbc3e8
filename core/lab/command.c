/*
 * Commands: what a person does, one JSON object each, told by "do". The reply is {"ok":true, ...} or
 * {"ok":false,"error":"ECONNREFUSED","message":"connect: connection refused"}; the message names the place in
 * the command when its words are at fault. A command that only looks (describe) leaves no trace; each other
 * leaves an ACTION event, the cause of what follows.
 */
#include "lab/command.h"

#include "base/status.h"

#include <stdio.h>

enum { ERROR_TEXT_MAX = 2048 };

/* What each does, and its object in scenario.def, which says what members it has. */
static const struct command_class {
    command_fn *run;
    enum scenario_object object;
} command_classes[LAB_ACTION_COUNT] = {
    [LAB_ACTION_SOCKET] = {command_socket, SCENARIO_DO_SOCKET},
    [LAB_ACTION_BIND] = {command_bind, SCENARIO_DO_BIND},
    [LAB_ACTION_LISTEN] = {command_listen, SCENARIO_DO_LISTEN},
    [LAB_ACTION_ACCEPT] = {command_accept, SCENARIO_DO_ACCEPT},
    [LAB_ACTION_CONNECT] = {command_connect, SCENARIO_DO_CONNECT},
    [LAB_ACTION_SEND] = {command_send, SCENARIO_DO_SEND},
    [LAB_ACTION_SENDTO] = {command_sendto, SCENARIO_DO_SENDTO},
    [LAB_ACTION_RECV] = {command_recv, SCENARIO_DO_RECV},
    [LAB_ACTION_RECVFROM] = {command_recvfrom, SCENARIO_DO_RECVFROM},
    [LAB_ACTION_SHUTDOWN] = {command_shutdown, SCENARIO_DO_SHUTDOWN},
    [LAB_ACTION_CLOSE] = {command_close, SCENARIO_DO_CLOSE},
    [LAB_ACTION_ABORT] = {command_abort, SCENARIO_DO_ABORT},
    [LAB_ACTION_SETSOCKOPT] = {command_setsockopt, SCENARIO_DO_SETSOCKOPT},
    [LAB_ACTION_START] = {command_start, SCENARIO_DO_START},
    [LAB_ACTION_STOP] = {command_stop, SCENARIO_DO_STOP},
    [LAB_ACTION_PING] = {command_ping, SCENARIO_DO_PING},
    [LAB_ACTION_LINK] = {command_link, SCENARIO_DO_LINK},
    [LAB_ACTION_DROP] = {command_drop, SCENARIO_DO_DROP},
    [LAB_ACTION_DELAY] = {command_delay, SCENARIO_DO_DELAY},
    [LAB_ACTION_DUPLICATE] = {command_duplicate, SCENARIO_DO_DUPLICATE},
    [LAB_ACTION_CORRUPT] = {command_corrupt, SCENARIO_DO_CORRUPT},
    [LAB_ACTION_DROP_NEXT] = {command_drop_next, SCENARIO_DO_DROP_NEXT},
    [LAB_ACTION_ADD_HOST] = {command_add_host, SCENARIO_DO_ADD_HOST},
    [LAB_ACTION_ADD_LINK] = {command_add_link, SCENARIO_DO_ADD_LINK},
    [LAB_ACTION_DESCRIBE] = {command_describe, SCENARIO_DO_DESCRIBE},
    [LAB_ACTION_EXACTLY] = {command_exactly, SCENARIO_DO_EXACTLY},
    [LAB_ACTION_FORGE] = {command_forge, SCENARIO_DO_FORGE},
    [LAB_ACTION_INJECT] = {command_inject, SCENARIO_DO_INJECT},
    [LAB_ACTION_FAULTS] = {command_faults, SCENARIO_DO_FAULTS},
};

static const char *const action_names[] = {
#define X(NAME, text) text,
    LAB_ACTION_LIST(X)
#undef X
        NULL};

const char *lab_action_name(enum lab_action_kind action)
{
    assert(action < LAB_ACTION_COUNT);
    return action_names[action];
}

bool command_begin(struct command *c)
{
    struct lab *l = c->s.lab;
    if (c->checking || c->s.errors->count > 0)
        return false;
    assert(c->event == 0);
    const struct trace_event e = {.t_us = l->now_us,
                                  .kind = TRACE_ACTION,
                                  .node = c->host ? (uint8_t)c->node : TRACE_NO_NODE,
                                  .frame = c->frame,
                                  .socket = c->socket,
                                  .u.action = {.action = (uint8_t)c->action,
                                               .target = (uint8_t)(c->link >= 0 ? c->link : c->node),
                                               .a = c->detail,
                                               .planned = c->planned}};
    c->event = trace_emit(l->trace, &e);
    c->cause_before = trace_enter(l->trace, c->event);
    if (c->host)
        c->sockets = host_sockets(c->host, l->now_us);
    return true;
}

struct app *command_sender(const struct command *c)
{
    for (unsigned id = 0; id <= HOST_APPS_MAX; id++) {
        struct app *a = host_app(c->host, id);
        if (a && !a->done && a->config.socket == c->socket && strcmp(a->class->name, "sender") == 0)
            return a;
    }
    return NULL;
}

/* The link of a command, by name or number. */
static int command_find_link(struct command *c)
{
    struct json_at m = json_member(c->at, "link");
    struct lab *l = c->s.lab;
    int link = STATUS_ENOENT;
    if (cJSON_IsNumber(m.value) && m.value->valuedouble >= 0 && m.value->valuedouble < l->link_count)
        link = m.value->valueint;
    else if (cJSON_IsString(m.value))
        link = lab_find_link(l, bytes_of(m.value->valuestring, strlen(m.value->valuestring)));
    if (link < 0 && !(c->checking && m.value && scenario_will(&c->s, "add_link", NULL)))
        json_expected(&m, "the name or number of a link");
    return link;
}

/* Reads the members that say what the command is about. */
static void command_read_target(struct command *c, enum scenario_object object)
{
    struct json_at node = json_member(c->at, "node"), socket = json_member(c->at, "socket"),
                   frame = json_member(c->at, "frame");
    double number = 0;
    if (scenario_is(object, SCENARIO_ON_NODE)) {
        if (cJSON_IsString(node.value))
            c->node = scenario_find_node(&c->s, &node,
                                         bytes_of(node.value->valuestring, strlen(node.value->valuestring)));
        else
            json_expected(&node, "the name of a node");
        if (c->node >= 0 && lab_is_switch(c->s.lab, (unsigned)c->node))
            json_fail(&node, "is a switch: it has a link layer and nothing above it");
        else
            c->host = c->node >= 0 ? lab_host(c->s.lab, (unsigned)c->node) : NULL;
    }
    if (scenario_is(object, SCENARIO_ON_SOCKET)) {
        if (!socket.value)
            json_expected(&socket, "the number of a socket");
        scenario_read_number(c->at, SCENARIO_ON_SOCKET, "socket", &number);
        c->socket = (int)number;
    }
    if (scenario_is(object, SCENARIO_ON_LINK))
        c->link = command_find_link(c);
    if (scenario_is(object, SCENARIO_ON_FRAME)) {
        if (!frame.value)
            json_expected(&frame, "the number of a frame");
        scenario_read_number(c->at, SCENARIO_ON_FRAME, "frame", &number);
        c->frame = (uint32_t)number;
    }
}

/* Reads the command and does it, unless it only is to be checked. Returns what its function returned. */
static int64_t command_run(struct command *c)
{
    unsigned action = LAB_ACTION_COUNT;
    struct bytes comment;
    struct json_at what = json_member(c->at, "do"), when = json_member(c->at, "when");
    if (!json_is_object(c->at))
        return STATUS_EINVAL;
    if (!what.value)
        json_expected(&what, "what to do, like \"connect\"");
    if (!json_choice(c->at, "do", action_names, &action) || action == LAB_ACTION_COUNT)
        return STATUS_EINVAL;
    c->action = (enum lab_action_kind)action;
    const struct command_class *class = &command_classes[action];
    scenario_check_names(c->at, class->object, c->s.scratch);
    json_text(c->at, "comment", &comment);
    if (when.value && !c->checking)
        json_fail(&when, "only an action of a scenario can wait");
    command_read_target(c, class->object);
    return class->run(c);
}

void command_check(struct scenario *s, const struct json_at *at)
{
    struct command c = {.s = *s, .at = at, .checking = true, .node = STATUS_ENOENT, .link = STATUS_ENOENT};
    command_run(&c);
}

/* The action is over: completes its event, and lets what it touched go on. */
static void command_end(struct command *c, int64_t result)
{
    struct lab *l = c->s.lab;
    if (!c->event)
        return;
    trace_leave(l->trace, c->cause_before);
    struct trace_event *e = trace_at(l->trace, c->event);
    if (e)
        e->u.action.b = (uint32_t)(int32_t)(result < 0 ? result : 0);
    if (c->host)
        lab_settle(l, (unsigned)c->node);
    for (unsigned i = 0; i < l->link_count; i++)
        lab_link_changed(l, i);
}

static void command_done(struct command *c)
{
    c->reply = cJSON_CreateObject();
    cJSON_AddBoolToObject(c->reply, "ok", true);
}

static void command_refuse(struct command *c, int64_t status, const char *message)
{
    c->reply = cJSON_CreateObject();
    cJSON_AddBoolToObject(c->reply, "ok", false);
    cJSON_AddStringToObject(c->reply, "error", status_name((int)status));
    cJSON_AddStringToObject(c->reply, "message", message);
}

/* Writes the reply; one that is too long, or not whole because memory ran out, becomes an error. */
static size_t command_print(const cJSON *reply, bool whole, struct room out)
{
    static const char too_long[] =
        "{\"ok\":false,\"error\":\"EMSGSIZE\",\"message\":\"the reply is too long for its room\"}";
    static const char no_memory[] =
        "{\"ok\":false,\"error\":\"ENOMEM\",\"message\":\"the lab is out of memory\"}";
    assert(out.len >= LAB_REPLY_MIN);
    if (!whole) {
        memcpy(out.at, no_memory, sizeof no_memory);
        return sizeof no_memory - 1;
    }
    if (reply && cJSON_PrintPreallocated((cJSON *)(uintptr_t)reply, (char *)out.at,
                                         (int)(out.len > INT32_MAX ? INT32_MAX : out.len), false))
        return strlen((char *)out.at);
    memcpy(out.at, too_long, sizeof too_long);
    return sizeof too_long - 1;
}

size_t lab_act(struct lab *l, int32_t planned, struct bytes json, struct room reply)
{
    char text[ERROR_TEXT_MAX] = "", message[128];
    struct json_errors errors = {.out = room_of(text, sizeof text)};
    struct json_scratch scratch;
    struct json_at top = {.name = NULL};
    json_scratch_open(&scratch, l->scratch ? l->scratch : l->arena);
    struct command c = {.s = {.lab = l, .scratch = &scratch, .errors = &errors},
                        .at = &top,
                        .planned = planned,
                        .node = STATUS_ENOENT,
                        .link = STATUS_ENOENT};
    /* An action of the scenario reads as much as one by hand, though nobody hears it. */
    c.reply_bytes_max = ((planned == LAB_BY_HAND ? reply.len : LAB_REPLY_STANDARD) - 256) / 4 * 3;
    command_done(&c);
    int64_t result = STATUS_EINVAL;
    if (json_parse(&top, &errors, json, &scratch) && errors.count == 0)
        result = command_run(&c);
    command_end(&c, result);
    if (errors.count > 0) {
        command_refuse(&c, STATUS_EINVAL, text);
    } else if (result < 0) {
        snprintf(message, sizeof message, "%s: %s", lab_action_name(c.action), status_phrase((int)result));
        command_refuse(&c, result, message);
    } else if (planned != LAB_BY_HAND) {
        command_done(&c); /* nobody hears more */
    }
    lab_look_at_waits(l);
    size_t len = command_print(c.reply, !scratch.full, reply);
    json_scratch_close(&scratch);
    l->blob = bytes_of(NULL, 0);
    return len;
}

size_t lab_command(struct lab *l, struct bytes json, struct room reply)
{
    return lab_act(l, LAB_BY_HAND, json, reply);
}
