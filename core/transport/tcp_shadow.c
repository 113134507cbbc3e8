/*
 * Copying a connection and comparing it with its copy: see tcp_shadow.h.
 */
#include "transport/tcp_shadow.h"

#if TCPLAB_CHECK

void tcp_shadow_cast(struct tcp_shadow *s, const struct tcp_conn *c)
{
    assert(c->work != &tcp_at_rest && c->cc->state_bytes <= sizeof s->cc_state);
    memcpy(&s->machine, tcp_machine(c), sizeof s->machine);
    memcpy(&s->tcp, c->tcp, sizeof s->tcp);
    memcpy(&s->conn, c, sizeof s->conn);
    memcpy(&s->work, c->work, sizeof s->work);
    s->machine.trace = NULL;
    s->machine.timers.root = timer_armed(&s->work.timer) ? &s->work.timer : NULL;
    s->tcp.machine = &s->machine;
    s->conn.tcp = &s->tcp;
    s->conn.work = &s->work;
    s->work.conn = &s->conn;
    s->work.timer.child = s->work.timer.next = s->work.timer.prev = NULL;
    if (c->flight) {
        memcpy(&s->flight, c->flight, sizeof s->flight);
        s->conn.flight = &s->flight;
    }
    if (c->cc_state) {
        memcpy(s->cc_state, c->cc_state, c->cc->state_bytes);
        s->conn.cc_state = s->cc_state;
    }
}

/* What memcpy() made is the same to the byte, padding and all. */
static bool is_same(const void *a, const void *b, size_t bytes)
{
    return memcmp(a, b, bytes) == 0;
}

void tcp_shadow_compare(const struct tcp_shadow *s, const struct tcp_conn *c)
{
    struct tcp_conn conn;
    struct tcp_work work;
    memcpy(&conn, c, sizeof conn);
    memcpy(&work, c->work, sizeof work);
    conn.tcp = s->conn.tcp;
    conn.work = s->conn.work;
    conn.flight = s->conn.flight;
    conn.cc_state = s->conn.cc_state;
    assert(is_same(&conn, &s->conn, sizeof conn));
    work.conn = s->work.conn;
    work.timer = s->work.timer;
#if TCPLAB_TRACE
    memcpy(work.timer_event, s->work.timer_event, sizeof work.timer_event);
#endif
    assert(is_same(&work, &s->work, sizeof work));
    assert(!c->flight == !s->conn.flight);
    assert(!c->flight || is_same(c->flight, &s->flight, sizeof s->flight));
    assert(!c->cc_state || is_same(c->cc_state, s->cc_state, c->cc->state_bytes));
}

#endif
