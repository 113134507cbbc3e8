/*
 * socket/socket_data.c: sending and receiving through sockets of each kind, and what socket_info() tells.
 */
#include "unit/support/conn.h"

static struct pair *p;

static int setup(void **state)
{
    (void)state;
    p = pair_create(NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_destroy(p);
    return 0;
}

static void test_stream(void **state)
{
    (void)state;
    int client, server;
    uint8_t sent[3000], got[3000];
    pair_connect(p, 80, &client, &server);
    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (uint8_t)(i * 13);
    assert_int_equal(socket_send(pair_sockets(p, 0), client, bytes_of(sent, sizeof sent), 0), sizeof sent);
    pair_run_for(p, 200000);
    struct sockets *theirs = pair_sockets(p, 1);
    assert_int_equal(socket_recv(theirs, server, room_of(got, 1000), SOCKET_PEEK), 1000);
    assert_int_equal(socket_recv(theirs, server, room_of(got, 1), 0), 1);
    assert_int_equal(socket_recv(theirs, server, room_of(got + 1, sizeof got - 1), 0), sizeof got - 1);
    assert_memory_equal(got, sent, sizeof sent);
    assert_int_equal(socket_recv(theirs, server, room_of(got, 1), 0), STATUS_EAGAIN);
}

static void test_nothing_to_send(void **state)
{
    (void)state;
    int client, server;
    uint8_t byte;
    pair_connect(p, 80, &client, &server);
    assert_int_equal(socket_send(pair_sockets(p, 0), client, bytes_of("", 0), 0), 0);
    assert_int_equal(socket_recv(pair_sockets(p, 0), client, room_of(&byte, 0), 0), 0);
    size_t frames = p->frame_count;
    pair_run_for(p, 100000);
    assert_int_equal(p->frame_count, frames);
}

/* Until the buffer is full, then EAGAIN; and the owner can send again when there is room. */
static void test_full_buffer(void **state)
{
    (void)state;
    int client, server;
    static uint8_t data[1 << 20];
    pair_connect(p, 80, &client, &server);
    struct sockets *s = pair_sockets(p, 0);
    assert_int_equal(socket_setopt(s, client, SOCKET_OPT_SO_SNDBUF, 30000), 0);
    assert_int_equal(socket_send(s, client, bytes_of(data, sizeof data), 0), 30000);
    assert_int_equal(socket_send(s, client, bytes_of(data, sizeof data), 0), STATUS_EAGAIN);
    assert_int_equal(socket_poll(s, client), 0);
    pair_run_for(p, 500000);
    assert_int_equal(socket_poll(s, client), SOCKET_WRITABLE);
}

static void test_datagrams(void **state)
{
    (void)state;
    struct sockets *s = pair_sockets(p, 0), *theirs = pair_sockets(p, 1);
    int a = socket_open(s, SOCKET_UDP), b = socket_open(theirs, SOCKET_UDP);
    assert_int_equal(socket_bind(theirs, b, (struct ip_endpoint){{0, 0}, 9000}), 0);
    assert_int_equal(socket_send(s, a, bytes_of("x", 1), 0), STATUS_EDESTADDRREQ);
    assert_int_equal(socket_connect(s, a, pair_endpoint(1, 9000)), 0);
    assert_int_equal(socket_send(s, a, bytes_of("hello", 5), 0), 5);
    assert_int_equal(socket_sendto(s, a, bytes_of("there", 5), pair_endpoint(1, 9000)), 5);
    pair_run_for(p, 100000);
    char buffer[10];
    struct ip_endpoint from;
    uint32_t full_len;
    assert_int_equal(socket_recvfrom(theirs, b, room_of(buffer, 2), &from, &full_len, 0), 2);
    assert_int_equal(full_len, 5);
    assert_true(ip_addr_equal(from.addr, pair_addr(0)));
    assert_int_equal(socket_recv(theirs, b, room_of(buffer, 10), 0),
                     5); /* of a datagram socket: recvfrom() without an address */
    assert_memory_equal(buffer, "there", 5);
    assert_int_equal(socket_recv(theirs, b, room_of(buffer, 10), 0), STATUS_EAGAIN);
}

static void test_info(void **state)
{
    (void)state;
    int client, server;
    struct socket_info info;
    pair_connect(p, 80, &client, &server);
    assert_int_equal(socket_send(pair_sockets(p, 0), client, bytes_of("0123456789", 10), 0), 10);
    assert_int_equal(socket_info(pair_sockets(p, 0), client, &info), 0);
    assert_int_equal(info.type, SOCKET_TCP);
    assert_int_equal(info.unsent_bytes, 10);
    assert_int_equal(info.tcp.unacked_bytes, 10);
    assert_int_equal(info.tcp.not_sent_bytes, 0);
    assert_int_equal(info.tcp.state, TCP_ESTABLISHED);
    assert_true(ip_endpoint_equal(info.remote, pair_endpoint(1, 80)));
    assert_int_equal(info.tcp.snd_nxt - info.tcp.snd_una, 10);
    assert_int_equal(info.tcp.snd_una - info.tcp.iss, 1);
    assert_int_equal(info.error, 0);
    uint32_t local_port = info.local.port;
    pair_run_for(p, 200000);
    assert_int_equal(socket_info(pair_sockets(p, 1), server, &info), 0);
    assert_int_equal(info.readable_bytes, 10);
    assert_int_equal(info.tcp.bytes_received, 10);
    assert_int_equal(info.tcp.rcv_nxt - info.tcp.irs, 11);
    assert_int_equal(info.remote.port, local_port);
    assert_int_equal(socket_info(pair_sockets(p, 0), client, &info), 0);
    assert_int_equal(info.unsent_bytes, 0);
    assert_int_equal(info.tcp.bytes_acked, 10);
    assert_in_range(info.tcp.rtt_us, 20000, 70000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stream, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_to_send, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_buffer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_datagrams, setup, teardown),
        cmocka_unit_test_setup_teardown(test_info, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
