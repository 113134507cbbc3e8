/*
 * The page shows each number with what changed it. So no window may change without an event that says so: whoever looks at
 * a host's connections after each thing that happens finds that the last event about a window tells what it is now.
 */
#ifndef TCPLAB_TESTS_UNIT_SUPPORT_WINDOWS_H
#define TCPLAB_TESTS_UNIT_SUPPORT_WINDOWS_H

#include "transport/tcp_conn.h"

enum { WINDOWS_MAX = 64 };

/* The windows of a host's connections, as they were at the last look. Begins zeroed. */
struct windows {
    uint32_t event; /* the last in the trace */
    uint32_t count;
    struct window_seen {
        const struct tcp_conn *conn;
        seq_t iss; /* its memory may be another's by now */
        struct tcp_window window;
    } at[WINDOWS_MAX];
};

/* Looks at the connections of a host that has a trace. NULL, or what is wrong, which is valid until the next call. */
const char *windows_look(struct windows *w, struct tcp *t);

#endif
