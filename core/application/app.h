/*
 * Programs that run on a host, on the upper side of the socket curtain. A program is a small state machine
 * over non-blocking sockets: it is called when one of its sockets became ready or its wake-up time has come,
 * does what it can and returns. All memory is from the arena; a program's state is plain data in its block.
 *
 * Each program lists its steps as lines of source-like text ("connect(s, server);"), for the program view: it
 * emits APP_STEP when it gets to one, and that event is the cause of the call that follows.
 */
#ifndef TCPLAB_APPLICATION_APP_H
#define TCPLAB_APPLICATION_APP_H

#include "base/status.h"
#include "socket/socket.h"

struct app;
struct app_connection;
struct programs;

struct app_class {
    const char *name;         /* "echo", "sender" ... as in scenarios */
    size_t size_bytes;        /* of its state, which begins with struct app */
    const char *const *steps; /* lines of the program, in order, ended by NULL */
    void (*start)(struct app *a);
    void (*run)(struct app *a, int socket); /* `socket` may have become ready; 0: wake_us has come */
    void (*stop)(struct app *a);            /* closes what it has open */
};

/* All that programs can be told; each uses what it needs. Zero means its default. */
struct app_config {
    struct ip_endpoint peer; /* clients: whom to talk to */
    uint16_t port;           /* servers: where to listen */
    bool udp;
    bool close_at_end; /* sender: end its side after the last byte, read the peer's to its end, close;
                                  receiver and echo: close when the peer has closed */
    bool keep;         /* receiver: keep the bytes, for app_received() */
    struct bytes data; /* sender: what to send; copied. Empty: a pattern of total_bytes, see app_pattern() */
    uint64_t total_bytes; /* ping: the payload; 0: 56 */
    uint32_t
        chunk_bytes; /* bytes per send() or datagram; 0: as much as fits (UDP, or with an interval: 1,000) */
    uint32_t
        interval_us; /* between sends or pings; 0: none (UDP, which nothing slows down: 1 ms; ping: 1 s) */
    uint32_t count;  /* pings; 0: 4 */
    uint32_t read_bytes_per_s; /* receiver: reads no faster than this; 0: at once */
    int socket;       /* sender: use this open socket instead of connecting, do not read from it, and leave it
                                  open without close_at_end. It must not be closed meanwhile. 0: none */
    int64_t start_us; /* when to begin */
};

struct app {
    const struct app_class *class;
    struct machine *machine;
    struct sockets *sockets;
    struct programs *programs; /* all of this host */
    struct app_config config;
    struct timer timer;   /* wakes it; set from wake_us */
    int64_t wake_us;      /* when run() wants to be called at the latest; TIME_NEVER */
    uint32_t start_cause; /* the trace event that started it */
    uint32_t turn_cause;  /* the one that made it run this time */
    uint32_t step_event;  /* its last APP_STEP */
    uint8_t id;           /* on its host, from 1 */
    uint8_t step;         /* index into class->steps of the current call */
    bool started;
    bool done;
    int error; /* negative status of the call that ended it, or 0 */
    uint64_t sent_bytes, received_bytes;
    uint32_t sent_messages,
        received_messages;               /* datagrams, pings; TCP: send() and recv() calls that moved bytes */
    uint32_t lost_messages;              /* pings without an answer */
    uint32_t connection_count;           /* accepted, ever */
    struct app_connection *first, *last; /* in the order of accept */
    uint8_t *buffer;
    uint32_t buffer_bytes;
};

/* Every class there is, ended by NULL: echo, sender, receiver, ping. */
extern const struct app_class *const app_classes[];

/* The class of that name, or NULL. */
const struct app_class *app_class_find(struct bytes name);

/* How many lines the program has. */
unsigned app_step_count(const struct app_class *class);

/* What a receiver with `keep` has got so far, of its connection number `index` (from 0, in the order of
 * accept; UDP: all datagrams, one after the other, at 0). Borrowed until the program runs again. */
struct bytes app_received(const struct app *a, unsigned index);

/* Does this socket belong to the program? */
bool app_owns(const struct app *a, int socket);

/* Fills `into` with what a sender without data sends from byte `offset` on: no two places look alike by
 * accident. */
void app_pattern(uint64_t offset, struct room into);

/* ---- For programs ---- */

/* Memory for a program and a copy of its data; programs.c starts it. NULL: out of memory. */
struct app *app_create(const struct app_class *class, struct programs *p, uint8_t id,
                       const struct app_config *config);

/* Gives back all its memory. It must have been stopped. */
void app_destroy(struct app *a);

/* The program gets to a line: emits APP_STEP, which is the cause of what it calls now. */
void app_step(struct app *a, unsigned step);

/* Completes that event with what the call said (a status becomes 0: the call's own event has it) and a
 * byte count so far. */
void app_step_result(struct app *a, int64_t value, uint64_t total_bytes);

/* A working buffer that lives as long as the program. False: out of memory. */
bool app_need_buffer(struct app *a, uint32_t size_bytes);

/* Closes a socket of the program, which is no longer its own. */
void app_close(struct app *a, int socket);

/* It has nothing more to do; with an error: it has closed what it had open, because of that status. */
void app_finish(struct app *a);
void app_fail(struct app *a, int status);

/* The classes. */
extern const struct app_class app_echo, app_sender, app_receiver, app_ping;

#endif
