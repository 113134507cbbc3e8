/*
 * The programs of one host, and whose turn it is. A turn is one call of a program: for one socket that became
 * ready, or because it asked to be woken. Turns wait in one queue, first come first served, so a busy program
 * cannot starve another, and nothing here looks at all sockets or all programs.
 *
 *   items   1 ... sockets      the socket of that handle became ready
 *           sockets + id       the program of that id is to be woken
 */
#ifndef TCPLAB_APPLICATION_PROGRAMS_H
#define TCPLAB_APPLICATION_PROGRAMS_H

#include "application/app.h"

/* An id is a byte in the trace. */
enum { PROGRAMS_MAX = 200 };

struct programs_item {
    struct app_connection *connection; /* of a server's socket */
    uint32_t next;                     /* item behind it in the queue; 0: the last */
    uint32_t cause;                    /* the trace event that made it ready */
    uint8_t owner;                     /* a socket's: program id; 0: no program's */
    bool queued;
};

struct programs {
    struct machine *machine;
    struct sockets *sockets;
    uint32_t socket_capacity;
    uint32_t head, tail;               /* items waiting; 0: none */
    struct app *app[PROGRAMS_MAX + 1]; /* by id; [0] is never used */
    struct programs_item item[];       /* [0] is never used */
};

/* `socket_capacity`: the largest handle there can be. NULL: out of memory. */
struct programs *programs_create(struct machine *m, struct sockets *s, uint32_t socket_capacity);

/* Starts a program, at config->start_us or in the next turn. Its id, or STATUS_EINVAL, STATUS_ENOMEM,
 * STATUS_ENOBUFS (too many). When all ids were used, one whose program is done is used again. */
int programs_start(struct programs *p, const struct app_class *class, const struct app_config *config);

/* The program with that id, running or done; NULL: there is none. */
struct app *programs_find(const struct programs *p, unsigned id);

/* Closes what it has open and ends it. What it has received can still be read. */
void programs_stop(struct programs *p, unsigned id);

/* Does anything wait for its turn? */
static inline bool programs_waiting(const struct programs *p)
{
    return p->head != 0;
}

/* Runs one turn. False: nothing waited. */
bool programs_turn(struct programs *p);

/* A socket_ready_fn: the socket's program gets a turn. The cause is the trace's current one. */
void programs_ready(void *context, int socket);

/* ---- For programs ---- */

/* `socket` is now this program's; `c` may be NULL. */
void programs_own(struct app *a, int socket, struct app_connection *c);
void programs_disown(struct app *a, int socket);

/* The connection of a socket of this program, or NULL. */
struct app_connection *programs_connection(const struct app *a, int socket);

#endif
