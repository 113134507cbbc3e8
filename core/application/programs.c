/*
 * Whose turn it is among the programs of a host. See programs.h.
 *
 * A program that asks to be woken is woken by one of the machine's timers; one that asks for a time that is
 * past gets another turn, behind those that wait already. How many turns are run in one go is the host's
 * business.
 */
#include "application/programs.h"

#include "trace/trace.h"

_Static_assert(PROGRAMS_MAX < UINT8_MAX, "an id is a byte, and 0 is nobody");

static size_t programs_size(uint32_t socket_capacity)
{
    return sizeof(struct programs) +
           ((size_t)socket_capacity + PROGRAMS_MAX + 1) * sizeof(struct programs_item);
}

struct programs *programs_create(struct machine *m, struct sockets *s, uint32_t socket_capacity)
{
    struct programs *p = arena_zalloc(m->arena, programs_size(socket_capacity));
    if (!p)
        return NULL;
    p->machine = m;
    p->sockets = s;
    p->socket_capacity = socket_capacity;
    return p;
}

static void enqueue(struct programs *p, uint32_t item, uint32_t cause)
{
    struct programs_item *it = &p->item[item];
    assert(item > 0 && item <= p->socket_capacity + PROGRAMS_MAX);
    if (it->queued)
        return;
    it->queued = true;
    it->next = 0;
    it->cause = cause;
    if (p->tail)
        p->item[p->tail].next = item;
    else
        p->head = item;
    p->tail = item;
}

static uint32_t dequeue(struct programs *p)
{
    uint32_t item = p->head;
    if (item) {
        assert(p->item[item].queued);
        p->item[item].queued = false;
        p->head = p->item[item].next;
        if (!p->head)
            p->tail = 0;
    }
    return item;
}

void programs_ready(void *context, int socket)
{
    struct programs *p = context;
    assert(socket > 0 && (uint32_t)socket <= p->socket_capacity);
    if (p->item[socket].owner)
        enqueue(p, (uint32_t)socket, trace_cause(p->machine->trace));
}

static void wake(struct app *a)
{
    enqueue(a->programs, a->programs->socket_capacity + a->id, a->start_cause);
}

static void programs_timer(struct timer *t)
{
    wake((struct app *)((char *)t - offsetof(struct app, timer)));
}

/* Sees to it that the program is called at its wake_us. */
static void schedule(struct app *a)
{
    struct timer_queue *timers = &a->machine->timers;
    if (a->done || a->wake_us == TIME_NEVER) {
        timer_cancel(timers, &a->timer);
    } else if (a->wake_us <= a->machine->now_us) {
        timer_cancel(timers, &a->timer);
        wake(a);
    } else if (a->timer.due_us != a->wake_us) {
        timer_arm(timers, &a->timer, a->wake_us);
    }
}

static void run(struct app *a, int socket, uint32_t cause)
{
    struct trace *trace = a->machine->trace;
    uint32_t before = trace_enter(trace, cause);
    a->turn_cause = cause;
    if (a->started) {
        a->class->run(a, socket);
    } else {
        a->started = true;
        a->class->start(a);
    }
    trace_leave(trace, before);
    schedule(a);
}

bool programs_turn(struct programs *p)
{
    uint32_t item = dequeue(p);
    if (!item)
        return false;
    if (item <= p->socket_capacity) {
        struct app *a = p->app[p->item[item].owner];
        if (a && !a->done) /* its socket may have been closed since */
            run(a, (int)item, p->item[item].cause);
    } else {
        struct app *a = p->app[item - p->socket_capacity];
        if (a && !a->done && a->wake_us <= p->machine->now_us) {
            a->wake_us = TIME_NEVER;
            run(a, 0, p->item[item].cause);
        }
    }
    return true;
}

/* An id never used, else one whose program is done; 0: none. */
static unsigned free_id(const struct programs *p)
{
    for (unsigned id = 1; id <= PROGRAMS_MAX; id++)
        if (!p->app[id])
            return id;
    for (unsigned id = 1; id <= PROGRAMS_MAX; id++)
        if (p->app[id]->done)
            return id;
    return 0;
}

int programs_start(struct programs *p, const struct app_class *class, const struct app_config *config)
{
    if (config->socket < 0 || (uint32_t)config->socket > p->socket_capacity)
        return STATUS_EINVAL;
    unsigned id = free_id(p);
    if (!id)
        return STATUS_ENOBUFS;
    struct app *a = app_create(class, p, (uint8_t)id, config);
    if (!a)
        return STATUS_ENOMEM;
    if (p->app[id])
        app_destroy(p->app[id]);
    p->app[id] = a;
    timer_init(&a->timer, programs_timer);
    schedule(a);
    return (int)id;
}

struct app *programs_find(const struct programs *p, unsigned id)
{
    return id <= PROGRAMS_MAX ? p->app[id] : NULL;
}

void programs_stop(struct programs *p, unsigned id)
{
    struct app *a = programs_find(p, id);
    if (!a || a->done)
        return;
    a->turn_cause = trace_cause(p->machine->trace);
    if (a->started)
        a->class->stop(a);
    app_finish(a);
    trace_leave(p->machine->trace, a->turn_cause);
    schedule(a);
}

void programs_own(struct app *a, int socket, struct app_connection *c)
{
    struct programs *p = a->programs;
    assert(socket > 0 && (uint32_t)socket <= p->socket_capacity);
    p->item[socket].owner = a->id;
    p->item[socket].connection = c;
}

void programs_disown(struct app *a, int socket)
{
    assert(socket > 0 && (uint32_t)socket <= a->programs->socket_capacity);
    struct programs_item *it = &a->programs->item[socket];
    if (it->owner == a->id) {
        it->owner = 0;
        it->connection = NULL;
    }
}

bool app_owns(const struct app *a, int socket)
{
    const struct programs *p = a->programs;
    return socket > 0 && (uint32_t)socket <= p->socket_capacity && p->item[socket].owner == a->id;
}

struct app_connection *programs_connection(const struct app *a, int socket)
{
    return app_owns(a, socket) ? a->programs->item[socket].connection : NULL;
}
