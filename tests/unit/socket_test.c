/*
 * socket/socket.c: the table of handles, the calls that all kinds of sockets have, readiness. What TCP does
 * for them is in tests/pkt/scripts.
 */
#include "unit/support/conn.h"

static struct pair *p;
static struct sockets *s;

static int setup(void **state)
{
    (void)state;
    struct pair_config pc;
    pair_config_default(&pc);
    pc.host[0].sockets_max = 16;
    p = pair_create(&pc);
    s = pair_sockets(p, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_destroy(p);
    return 0;
}

static void test_handles(void **state)
{
    (void)state;
    for (int i = 1; i <= 16; i++)
        assert_int_equal(socket_open(s, i % 2 ? SOCKET_TCP : SOCKET_UDP), i);
    size_t in_use = host_machine(p->host[0])->arena->in_use;
    assert_int_equal(socket_open(s, SOCKET_TCP), STATUS_EMFILE);
    assert_int_equal(host_machine(p->host[0])->arena->in_use, in_use);
    assert_int_equal(socket_close(s, 5), 0);
    assert_int_equal(socket_close(s, 3), 0);
    assert_int_equal(socket_next(s, 2), 4);
    assert_int_equal(socket_open(s, SOCKET_PING), 3); /* the lowest that is free, as POSIX has it */
    assert_int_equal(socket_open(s, SOCKET_TCP), 5);
    assert_int_equal(socket_open(s, SOCKET_TCP), STATUS_EMFILE);
    assert_int_equal(socket_next(s, 0), 1);
    assert_int_equal(socket_next(s, 16), 0);
}

static void test_no_such_type(void **state)
{
    (void)state;
    assert_int_equal(socket_open(s, SOCKET_FREE), STATUS_EPROTONOSUPPORT);
    assert_int_equal(socket_open(s, (enum socket_type)99), STATUS_EPROTONOSUPPORT);
    assert_int_equal(socket_next(s, 0), 0);
}

static void check_all_calls_say_ebadf(int handle)
{
    uint8_t byte = 0;
    int64_t value;
    struct socket_info info;
    struct ip_endpoint e = pair_endpoint(1, 80);
    assert_int_equal(socket_bind(s, handle, e), STATUS_EBADF);
    assert_int_equal(socket_listen(s, handle, 1), STATUS_EBADF);
    assert_int_equal(socket_accept(s, handle, NULL), STATUS_EBADF);
    assert_int_equal(socket_connect(s, handle, e), STATUS_EBADF);
    assert_int_equal(socket_send(s, handle, bytes_of(&byte, 1), 0), STATUS_EBADF);
    assert_int_equal(socket_recv(s, handle, room_of(&byte, 1), 0), STATUS_EBADF);
    assert_int_equal(socket_sendto(s, handle, bytes_of(&byte, 1), e), STATUS_EBADF);
    assert_int_equal(socket_recvfrom(s, handle, room_of(&byte, 1), &e, NULL, 0), STATUS_EBADF);
    assert_int_equal(socket_shutdown(s, handle, SOCKET_SHUT_RD), STATUS_EBADF);
    assert_int_equal(socket_close(s, handle), STATUS_EBADF);
    assert_int_equal(socket_abort(s, handle), STATUS_EBADF);
    assert_int_equal(socket_setopt(s, handle, SOCKET_OPT_IP_TTL, 1), STATUS_EBADF);
    assert_int_equal(socket_getopt(s, handle, SOCKET_OPT_IP_TTL, &value), STATUS_EBADF);
    assert_int_equal(socket_poll(s, handle), STATUS_EBADF);
    assert_int_equal(socket_info(s, handle, &info), STATUS_EBADF);
}

static void test_bad_handles(void **state)
{
    (void)state;
    const int handles[] = {0, -1, 1, 16, 17, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++)
        check_all_calls_say_ebadf(handles[i]);
    int closed = socket_open(s, SOCKET_TCP);
    assert_int_equal(socket_close(s, closed), 0);
    check_all_calls_say_ebadf(closed);
}

static void test_wrong_kind(void **state)
{
    (void)state;
    int tcp = socket_open(s, SOCKET_TCP), udp = socket_open(s, SOCKET_UDP),
        ping = socket_open(s, SOCKET_PING);
    uint8_t byte = 0;
    struct ip_endpoint e = pair_endpoint(1, 80);
    assert_int_equal(socket_listen(s, udp, 1), STATUS_EOPNOTSUPP);
    assert_int_equal(socket_listen(s, ping, 1), STATUS_EOPNOTSUPP);
    assert_int_equal(socket_accept(s, udp, NULL), STATUS_EOPNOTSUPP);
    assert_int_equal(socket_bind(s, ping, e), STATUS_EOPNOTSUPP);
    assert_int_equal(socket_connect(s, ping, e), STATUS_EOPNOTSUPP);
    assert_int_equal(socket_shutdown(s, ping, SOCKET_SHUT_RD), STATUS_EOPNOTSUPP);
    assert_int_equal(socket_sendto(s, tcp, bytes_of(&byte, 1), e), STATUS_EISCONN);
    assert_int_equal(socket_recvfrom(s, tcp, room_of(&byte, 1), &e, NULL, 0), STATUS_EOPNOTSUPP);
    assert_int_equal(socket_shutdown(s, tcp, (enum socket_shutdown)3), STATUS_EINVAL);
    assert_int_equal(socket_accept(s, tcp, NULL), STATUS_EINVAL);
}

static void test_listen_without_bind(void **state)
{
    (void)state;
    int tcp = socket_open(s, SOCKET_TCP);
    struct socket_info info;
    assert_int_equal(socket_listen(s, tcp, 5), 0); /* to an ephemeral port */
    assert_int_equal(socket_info(s, tcp, &info), 0);
    assert_in_range(info.local.port, 49152, 65535);
    assert_int_equal(info.tcp.state, TCP_LISTEN);
    assert_int_equal(info.backlog, 5);
    assert_int_equal(socket_listen(s, tcp, 7), 0); /* again: another backlog */
    assert_int_equal(socket_info(s, tcp, &info), 0);
    assert_int_equal(info.backlog, 7);
    assert_int_equal(socket_connect(s, tcp, pair_endpoint(1, 80)), STATUS_EOPNOTSUPP);
}

static void test_addresses_to_connect_to(void **state)
{
    (void)state;
    int tcp = socket_open(s, SOCKET_TCP);
    assert_int_equal(socket_connect(s, tcp, pair_endpoint(1, 0)), STATUS_EADDRNOTAVAIL);
    assert_int_equal(socket_connect(s, tcp, (struct ip_endpoint){ip_addr_v4(0), 80}), STATUS_EADDRNOTAVAIL);
    assert_int_equal(socket_connect(s, tcp, (struct ip_endpoint){ip_addr_v4(0xe0000001), 80}),
                     STATUS_EADDRNOTAVAIL);
    assert_int_equal(socket_connect(s, tcp, (struct ip_endpoint){ip_addr_v4(0xffffffff), 80}),
                     STATUS_EADDRNOTAVAIL);
    assert_int_equal(socket_connect(s, tcp, (struct ip_endpoint){ip_addr_v4(0xc6336401), 80}),
                     STATUS_ENETUNREACH);
    assert_int_equal(socket_connect(s, tcp, pair_endpoint(1, 80)),
                     STATUS_EINPROGRESS); /* none of that has spoilt it */
    assert_int_equal(socket_connect(s, tcp, pair_endpoint(1, 80)), STATUS_EALREADY);
}

/* The table is full: the connection goes on waiting. */
static void test_accept_without_handles(void **state)
{
    (void)state;
    struct sockets *theirs = pair_sockets(p, 1);
    int listener = socket_open(s, SOCKET_TCP);
    assert_int_equal(socket_bind(s, listener, (struct ip_endpoint){{0, 0}, 80}), 0);
    assert_int_equal(socket_listen(s, listener, 2), 0);
    int client = socket_open(theirs, SOCKET_TCP);
    assert_int_equal(socket_connect(theirs, client, pair_endpoint(0, 80)), STATUS_EINPROGRESS);
    pair_run_for(p, 200000);
    while (socket_open(s, SOCKET_UDP) > 0)
        continue;
    assert_int_equal(socket_accept(s, listener, NULL), STATUS_EMFILE);
    assert_int_equal(socket_close(s, 2), 0);
    struct ip_endpoint peer;
    assert_int_equal(socket_accept(s, listener, &peer), 2);
    assert_true(ip_addr_equal(peer.addr, pair_addr(1)));
    assert_in_range(peer.port, 49152, 65535);
    assert_int_equal(socket_accept(s, listener, &peer), STATUS_EAGAIN);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(socket_call_text(SOCKET_CALL_CONNECT), "connect()");
    assert_string_equal(socket_call_text(SOCKET_CALL_COUNT), "?");
}

/* Readiness over the life of a connection, as the owner is told of it. */
static void test_readiness(void **state)
{
    (void)state;
    int client, server;
    uint8_t buffer[100] = {0};
    pair_connect(p, 80, &client, &server);
    struct sockets *theirs = pair_sockets(p, 1);
    assert_int_equal(socket_poll(s, client), SOCKET_WRITABLE);
    assert_int_equal(socket_poll(theirs, server), SOCKET_WRITABLE);
    assert_int_equal(socket_send(s, client, bytes_of(buffer, 10), 0), 10);
    pair_run_for(p, 100000);
    assert_int_equal(socket_poll(theirs, server), SOCKET_READABLE | SOCKET_WRITABLE);
    assert_int_equal(socket_recv(theirs, server, room_of(buffer, 100), 0), 10);
    assert_int_equal(socket_poll(theirs, server), SOCKET_WRITABLE);
    assert_int_equal(socket_shutdown(pair_sockets(p, 0), client, SOCKET_SHUT_WR), 0);
    pair_run_for(p, 100000);
    assert_int_equal(socket_poll(theirs, server), SOCKET_READABLE | SOCKET_WRITABLE | SOCKET_READ_HANGUP);
    assert_int_equal(socket_recv(theirs, server, room_of(buffer, 100), 0), 0);
    assert_int_equal(socket_close(pair_sockets(p, 1), server), 0);
    pair_run_for(p, 100000);
    assert_true(socket_poll(s, client) & SOCKET_HANGUP);
    assert_int_equal(socket_recv(s, client, room_of(buffer, 100), 0), 0);
    assert_int_equal(socket_close(pair_sockets(p, 0), client), 0);
}

/* Everything is given back: blocks, buffers, handles. */
static void test_nothing_leaks(void **state)
{
    (void)state;
    pair_learn(p);
    size_t before = 0;
    for (int round = 0; round < 3; round++) {
        int client, server;
        uint8_t buffer[5000] = {0};
        pair_connect(p, (uint16_t)(80 + round), &client, &server);
        assert_true(socket_send(pair_sockets(p, 0), client, bytes_of(buffer, sizeof buffer), 0) > 0);
        pair_run_for(p, 1000000);
        assert_int_equal(socket_abort(pair_sockets(p, 0), client), 0);
        pair_run_for(p, 1000000);
        assert_int_equal(socket_close(pair_sockets(p, 1), server), 0);
        pair_run_for(p, 1000000);
        for (unsigned i = 0; i < 2; i++) {
            assert_int_equal(tcp_counters(host_tcp(p->host[i]))->connections, 0);
            assert_int_equal(socket_next(pair_sockets(p, i), 0), 0);
        }
        size_t in_use = p->arena->in_use;
        if (round > 0)
            assert_int_equal(in_use, before);
        before = in_use;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_handles, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_such_type, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bad_handles, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong_kind, setup, teardown),
        cmocka_unit_test_setup_teardown(test_listen_without_bind, setup, teardown),
        cmocka_unit_test_setup_teardown(test_addresses_to_connect_to, setup, teardown),
        cmocka_unit_test_setup_teardown(test_accept_without_handles, setup, teardown),
        cmocka_unit_test_setup_teardown(test_names, setup, teardown),
        cmocka_unit_test_setup_teardown(test_readiness, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_leaks, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
