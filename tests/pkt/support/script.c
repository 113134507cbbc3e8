/*
 * Reads script files: "// config:" lines, "include" lines, and one event a line.
 */
#include "pkt/support/script.h"

#include <stdarg.h>
#include <stdlib.h>

struct reader {
    struct script *script;
    const char *root; /* the folder that include/ is in */
    size_t root_len;
    char *message;
    unsigned depth;
};

static bool fail_at(struct reader *r, const char *where, const char *line, const char *why)
{
    snprintf(r->message, SCRIPT_MESSAGE_MAX, "%s: %s\n  %s", where, why, line);
    return false;
}

/* A setting of "// config:", in its unit. Booleans are numbers of 0 or 1. */
static bool set_config(struct script *s, const char *name, int64_t value)
{
    struct tcp_config *c = &s->config;
    const struct {
        const char *name;
        uint32_t *to;
        uint32_t scale;
    } numbers[] = {
        {"send_buffer", &c->send_buffer_bytes, 1},
        {"receive_buffer", &c->receive_buffer_bytes, 1},
        {"rto_initial_ms", &c->rto_initial_us, 1000},
        {"rto_min_ms", &c->rto_min_us, 1000},
        {"rto_max_ms", &c->rto_max_us, 1000},
        {"delayed_ack_ms", &c->delayed_ack_us, 1000},
        {"msl_ms", &c->msl_us, 1000},
        {"fin_wait_2_ms", &c->fin_wait_2_us, 1000},
        {"keepalive_idle_ms", &c->keepalive_idle_ms, 1},
        {"keepalive_interval_ms", &c->keepalive_interval_ms, 1},
        {"keepalive_count", &c->keepalive_count, 1},
        {"user_timeout_ms", &c->user_timeout_ms, 1},
        {"syn_retries", &c->syn_retries_max, 1},
        {"retries", &c->retries_max, 1},
        {"initial_window", &c->initial_window_segments, 1},
        {"challenge_acks", &c->challenge_acks_per_s, 1},
        {"ecn", (uint32_t *)&c->ecn, 1},
        {"congestion", (uint32_t *)&c->congestion, 1},
        {"syn_cookies", (uint32_t *)&c->syn_cookies, 1},
        {"fast_open", (uint32_t *)&c->fast_open, 1},
    };
    const struct {
        const char *name;
        bool *to;
    } switches[] = {
        {"window_scale", &c->window_scale},
        {"timestamps", &c->timestamps},
        {"nagle", &c->nagle},
        {"keepalive", &c->keepalive},
        {"verify_checksum", &c->verify_checksum},
        {"sack", &c->sack},
        {"rack", &c->rack},
    };
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(name, numbers[i].name) == 0) {
            *numbers[i].to = (uint32_t)value * numbers[i].scale;
            return true;
        }
    }
    for (unsigned i = 0; i < sizeof switches / sizeof *switches; i++) {
        if (strcmp(name, switches[i].name) == 0) {
            *switches[i].to = value != 0;
            return true;
        }
    }
    if (strcmp(name, "mss_max") == 0)
        c->mss_max_bytes = (uint16_t)value;
    else if (strcmp(name, "mtu") == 0)
        s->mtu_bytes = (uint16_t)value;
    else
        return false;
    return true;
}

/* "faults=no_paws". */
static bool set_fault(struct script *s, const char *name)
{
    if (strcmp(name, "no_checksum_verify") == 0) {
        s->host_faults |= HOST_FAULT_NO_CHECKSUM_VERIFY;
        return true;
    }
    for (unsigned bit = 0; bit < TCP_FAULT_COUNT; bit++) {
        if (strcmp(name, tcp_fault_name((enum tcp_fault_bit)bit)) == 0) {
            s->config.faults |= 1u << bit;
            return true;
        }
    }
    return false;
}

static const char *read_config(struct script *s, struct cursor *c)
{
    char fault[SCRIPT_WORD_MAX];
    char name[SCRIPT_WORD_MAX];
    int64_t value;
    while (cursor_word(c, name)) {
        bool is_fault = strcmp(name, "faults") == 0;
        if (is_fault && cursor_take(c, "=") && cursor_word(c, fault) && set_fault(s, fault))
            continue;
        if (is_fault || !cursor_take(c, "=") || !cursor_number(c, &value) || value < 0)
            return "name=number expected";
        if (!set_config(s, name, value))
            return "no such setting";
    }
    return cursor_at_end(c) ? NULL : "name=number expected";
}

/* After the time: "name(arg, arg ...) = result", the result perhaps as "-1 ENAME". */
static const char *read_call(struct cursor *c, struct call_spec *call)
{
    if (!cursor_word(c, call->name) || !cursor_take(c, "("))
        return "neither a segment nor a call";
    while (!cursor_take(c, ")")) {
        if (call->arg_count == SCRIPT_ARGS_MAX)
            return "too many arguments";
        cursor_take(c, "[");
        if (!cursor_word(c, call->args[call->arg_count++]))
            return "an argument expected";
        cursor_take(c, "]");
        cursor_take(c, ",");
    }
    if (!cursor_take(c, "="))
        return "= and a result expected";
    if (!cursor_word(c, call->result))
        return "a result expected";
    cursor_word(c, call->result); /* after -1 the name of the error is the result */
    return NULL;
}

static const char *read_check(struct cursor *c, struct assert_spec *check)
{
    const char *end = strstr(c->at, "}%");
    if (!end)
        return "}% expected";
    if (!cursor_flow(c, &check->flow))
        return "a flow expected, #1 to #8";
    cursor_skip_blanks(c);
    size_t len = (size_t)(end - c->at);
    if (len >= sizeof check->text)
        return "too long";
    memcpy(check->text, c->at, len);
    c->at = end + 2;
    return NULL;
}

static const char *read_event(struct cursor *c, struct event *e)
{
    if (!cursor_time(c, &e->time))
        return "a time expected";
    if (cursor_take(c, "%{")) {
        e->kind = EVENT_ASSERT;
        return read_check(c, &e->u.check);
    }
    if (cursor_take(c, "<")) {
        e->kind = cursor_take(c, "icmp") ? EVENT_ICMP : EVENT_INBOUND;
        return e->kind == EVENT_ICMP ? icmp_spec_read(c, &e->u.icmp) : segment_spec_read(c, &e->u.segment);
    }
    if (cursor_take(c, ">")) {
        e->kind = EVENT_OUTBOUND;
        return segment_spec_read(c, &e->u.segment);
    }
    e->kind = EVENT_CALL;
    return read_call(c, &e->u.call);
}

static bool read_file(struct reader *r, const char *path);

static bool read_include(struct reader *r, struct cursor *c, const char *where, const char *line)
{
    char word[SCRIPT_WORD_MAX];
    char path[512];
    if (!cursor_word(c, word) || !cursor_at_end(c))
        return fail_at(r, where, line, "include NAME expected");
    if (r->depth >= 8)
        return fail_at(r, where, line, "includes go in circles");
    snprintf(path, sizeof path, "%.*s/include/%s.inc", (int)r->root_len, r->root, word);
    return read_file(r, path);
}

/* The next event, blank; NULL when there is no room for one. */
static struct event *new_event(struct script *s)
{
    if (s->count == s->room) {
        unsigned room = s->room ? 2 * s->room : 32;
        struct event *more = room <= SCRIPT_EVENTS_MAX ? realloc(s->events, room * sizeof *more) : NULL;
        if (!more)
            return NULL;
        s->events = more;
        s->room = room;
    }
    struct event *e = &s->events[s->count++];
    *e = (struct event){0};
    return e;
}

static bool read_line(struct reader *r, const char *where, const char *line)
{
    struct script *s = r->script;
    struct cursor c = {line};
    if (cursor_take(&c, "// config:") || cursor_take(&c, "//config:")) {
        const char *wrong = read_config(s, &c);
        return wrong ? fail_at(r, where, line, wrong) : true;
    }
    if (cursor_at_end(&c))
        return true;
    if (cursor_take(&c, "include "))
        return read_include(r, &c, where, line);
    struct event *e = new_event(s);
    if (!e)
        return fail_at(r, where, line, "the script is too long");
    snprintf(e->where, sizeof e->where, "%s", where);
    snprintf(e->text, sizeof e->text, "%.199s", line);
    const char *wrong = read_event(&c, e);
    if (!wrong && !cursor_at_end(&c))
        wrong = "something is left at the end of the line";
    return wrong ? fail_at(r, where, line, wrong) : true;
}

static bool read_file(struct reader *r, const char *path)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    FILE *f = fopen(path, "r");
    if (!f)
        return fail_at(r, name, path, "cannot be opened");
    char line[400];
    bool good = true;
    r->depth++;
    for (int number = 1; good && fgets(line, sizeof line, f); number++) {
        char where[96];
        line[strcspn(line, "\r\n")] = 0;
        snprintf(where, sizeof where, "%.80s:%d", name, number);
        good = read_line(r, where, line);
    }
    r->depth--;
    fclose(f);
    return good;
}

/* The folder with include/ in it: that of the script, or the one above. */
static size_t root_length(const char *path)
{
    size_t len = strlen(path);
    for (int up = 0; up < 2; up++) {
        while (len > 0 && path[len - 1] != '/')
            len--;
        while (len > 0 && path[len - 1] == '/')
            len--;
        char probe[512];
        snprintf(probe, sizeof probe, "%.*s/include/passive.inc", (int)len, path);
        FILE *f = fopen(probe, "r");
        if (f) {
            fclose(f);
            return len;
        }
    }
    return len;
}

bool script_read(struct script *s, const char *path, char message[SCRIPT_MESSAGE_MAX])
{
    *s = (struct script){.mtu_bytes = 1500};
    snprintf(s->name, sizeof s->name, "%s", path);
    tcp_config_default(&s->config);
    s->config.window_scale = false; /* plain scripts are easier to read; those about options turn them on */
    s->config.timestamps = false;
    s->config.sack = false;
    s->config.send_buffer_max_bytes = s->config.receive_buffer_max_bytes =
        0; /* buffers stay as they are set */
    struct reader r = {.script = s, .root = path, .root_len = root_length(path), .message = message};
    if (!read_file(&r, path))
        return false;
    return s->count ? true : fail_at(&r, path, "", "there is nothing in it");
}

void script_free(struct script *s)
{
    free(s->events);
    s->events = NULL;
}
