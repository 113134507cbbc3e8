/*
 * Looking into a connection block from a test: the one behind a socket of one of a pair's hosts.
 */
#ifndef TCPLAB_TESTS_UNIT_SUPPORT_CONN_H
#define TCPLAB_TESTS_UNIT_SUPPORT_CONN_H

#include "transport/tcp_conn.h"
#include "unit/support/pair.h"
#include "unit/support/property.h"

/* Fails the test when there is none. */
static inline struct tcp_conn *conn_of_socket(struct pair *p, unsigned host, int handle)
{
    struct tcp *t = host_tcp(p->host[host]);
    struct tcp_conn *c = tcp_next(t, NULL);
    while (c && !(c->socket == handle && tcp_owner(c)))
        c = tcp_next(t, c);
    assert_non_null(c);
    return c;
}

/* A TCP socket that was just opened, and its block. */
static inline struct tcp_conn *conn_open(struct pair *p, unsigned host, int *handle)
{
    *handle = socket_open(pair_sockets(p, host), SOCKET_TCP);
    assert_true(*handle > 0);
    return conn_of_socket(p, host, *handle);
}

#endif
