/*
 * What all programs have in common: their list, creation, steps in the trace, ends.
 */
#include "application/app.h"

#include "application/connection.h"
#include "application/programs.h"
#include "trace/trace.h"

const struct app_class *const app_classes[] = {&app_echo, &app_sender, &app_receiver, &app_ping, NULL};

const struct app_class *app_class_find(struct bytes name)
{
    for (const struct app_class *const *c = app_classes; *c; c++)
        if (bytes_equal(name, bytes_of((*c)->name, strlen((*c)->name))))
            return *c;
    return NULL;
}

unsigned app_step_count(const struct app_class *class)
{
    unsigned count = 0;
    while (class->steps[count])
        count++;
    return count;
}

struct app *app_create(const struct app_class *class, struct programs *p, uint8_t id,
                       const struct app_config *config)
{
    struct arena *arena = p->machine->arena;
    assert(class->size_bytes >= sizeof(struct app));
    uint8_t *data = NULL;
    if (config->data.len > 0) {
        data = arena_alloc(arena, config->data.len);
        if (!data)
            return NULL;
        memcpy(data, config->data.at, config->data.len);
    }
    struct app *a = arena_zalloc(arena, class->size_bytes);
    if (!a) {
        arena_free(arena, data, config->data.len);
        return NULL;
    }
    a->class = class;
    a->machine = p->machine;
    a->sockets = p->sockets;
    a->programs = p;
    a->config = *config;
    a->config.data.at = data;
    a->id = id;
    a->wake_us = config->start_us;
    a->start_cause = trace_cause(p->machine->trace);
    return a;
}

void app_destroy(struct app *a)
{
    struct arena *arena = a->machine->arena;
    assert(a->done && !timer_armed(&a->timer));
    app_connections_free(a);
    arena_free(arena, a->buffer, a->buffer_bytes);
    arena_free(arena, (void *)(uintptr_t)a->config.data.at, a->config.data.len);
    arena_free(arena, a, a->class->size_bytes);
}

void app_step(struct app *a, unsigned step)
{
    assert(step < app_step_count(a->class));
    a->step = (uint8_t)step;
    struct trace *trace = a->machine->trace;
    trace_enter(trace, a->turn_cause);
    a->step_event = TRACE(a->machine, APP_STEP, .u.app_step = {.app = a->id, .step = a->step});
    trace_enter(trace, a->step_event);
}

void app_step_result(struct app *a, int64_t value, uint64_t total_bytes)
{
    if (!TCPLAB_TRACE || !a->machine->trace)
        return;
    struct trace_event *e = trace_at(a->machine->trace, a->step_event);
    if (e) { /* a call that causes very much may have pushed it out of the ring */
        e->u.app_step.value = value > 0 ? (uint32_t)value : 0;
        e->u.app_step.total_bytes = total_bytes;
    }
}

bool app_need_buffer(struct app *a, uint32_t size_bytes)
{
    assert(!a->buffer && size_bytes > 0);
    a->buffer = arena_alloc(a->machine->arena, size_bytes);
    if (a->buffer)
        a->buffer_bytes = size_bytes;
    return a->buffer != NULL;
}

void app_close(struct app *a, int socket)
{
    assert(app_owns(a, socket));
    programs_disown(a, socket);
    socket_close(a->sockets, socket);
}

void app_finish(struct app *a)
{
    a->done = true;
    a->wake_us = TIME_NEVER;
}

void app_fail(struct app *a, int status)
{
    assert(status < 0);
    a->error = status;
    a->class->stop(a);
    app_finish(a);
}

struct bytes app_received(const struct app *a, unsigned index)
{
    for (const struct app_connection *c = a->first; c; c = c->next)
        if (c->index == index)
            return app_connection_data(c);
    return bytes_of(NULL, 0);
}

/* Each four bytes are their own position, scrambled: a piece that is missing, doubled or misplaced shows. */
void app_pattern(uint64_t offset, struct room into)
{
    for (size_t i = 0; i < into.len; i++) {
        uint64_t at = offset + i;
        uint32_t word = (uint32_t)(at / 4) * 2654435761u;
        into.at[i] = (uint8_t)(word >> 8 * (at & 3));
    }
}
