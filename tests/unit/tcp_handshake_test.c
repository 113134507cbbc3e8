/*
 * Opening between whole hosts: with oneself, from both sides at once, beside another connection; SYN cookies
 * and Fast Open with our own peer, and the exact bytes of a SYN. (Segment by segment: tests/pkt/scripts.)
 */
#include "unit/support/conn.h"

static struct pair *p;

static int setup(void **state)
{
    struct pair_config c;
    (void)state;
    pair_config_default(&c);
    for (unsigned i = 0; i < 2; i++)
        c.host[i].tcp.fast_open = TCP_FAST_OPEN_BOTH;
    c.host[1].tcp.syn_cookies = TCP_SYN_COOKIES_ALWAYS;
    p = pair_create(&c);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_destroy(p);
    return 0;
}

static int open_at(unsigned host, uint32_t addr, uint16_t port)
{
    struct sockets *s = pair_sockets(p, host);
    int handle = socket_open(s, SOCKET_TCP);
    assert_true(handle > 0);
    assert_int_equal(socket_bind(s, handle, (struct ip_endpoint){ip_addr_v4(addr), port}), 0);
    return handle;
}

static void sends(unsigned host, int handle, const char *text)
{
    size_t len = strlen(text);
    assert_int_equal(socket_send(pair_sockets(p, host), handle, bytes_of(text, len), 0), len);
}

static void gets(unsigned host, int handle, const char *text)
{
    uint8_t got[64];
    size_t len = strlen(text);
    assert_int_equal(socket_recv(pair_sockets(p, host), handle, room_of(got, sizeof got), 0), len);
    assert_memory_equal(got, text, len);
}

/* RFC 9293, 3.5: a simultaneous open of a socket with itself, over each of its addresses. It hears itself,
 * and closes itself. */
static void test_connect_to_self(void **state)
{
    (void)state;
    const uint32_t addrs[] = {0x7f000001, 0x0a000001};
    for (unsigned i = 0; i < 2; i++) {
        struct sockets *s = pair_sockets(p, 0);
        int self = open_at(0, 0, 5000);
        assert_int_equal(socket_connect(s, self, (struct ip_endpoint){ip_addr_v4(addrs[i]), 5000}),
                         STATUS_EINPROGRESS);
        pair_run_for(p, 1000);
        assert_int_equal(conn_of_socket(p, 0, self)->state, TCP_ESTABLISHED);
        sends(0, self, "to myself");
        pair_run_for(p, 1000);
        gets(0, self, "to myself");
        assert_int_equal(socket_shutdown(pair_sockets(p, 0), self, SOCKET_SHUT_WR), 0);
        pair_run_for(p, 1000);
        assert_int_equal(conn_of_socket(p, 0, self)->state, TCP_TIME_WAIT);
        uint8_t byte;
        assert_int_equal(socket_recv(pair_sockets(p, 0), self, room_of(&byte, 1), 0), 0);
        assert_int_equal(socket_close(pair_sockets(p, 0), self), 0);
        pair_run_for(p, 120000000);
        assert_int_equal(tcp_counters(host_tcp(p->host[0]))->connections, 0);
        assert_int_equal(p->frame_count, 0);
    }
}

/* RFC 9293, 3.5, figure 7, with two true ends. */
static void test_simultaneous_open(void **state)
{
    (void)state;
    int a = open_at(0, 0, 5000), b = open_at(1, 0, 6000);
    pair_learn(p);
    assert_int_equal(socket_connect(pair_sockets(p, 0), a, pair_endpoint(1, 6000)), STATUS_EINPROGRESS);
    assert_int_equal(socket_connect(pair_sockets(p, 1), b, pair_endpoint(0, 5000)), STATUS_EINPROGRESS);
    pair_run_for(p, 50000);
    assert_int_equal(conn_of_socket(p, 0, a)->state, TCP_ESTABLISHED);
    assert_int_equal(conn_of_socket(p, 1, b)->state, TCP_ESTABLISHED);
    sends(0, a, "one way");
    sends(1, b, "and back");
    pair_run_for(p, 50000);
    gets(1, b, "one way");
    gets(0, a, "and back");
}

static int listen_at(unsigned host, uint32_t addr, uint16_t port)
{
    int handle = open_at(host, addr, port);
    assert_int_equal(socket_listen(pair_sockets(p, host), handle, 4), 0);
    return handle;
}

/* RFC 9293, 3.3.1: the four name a connection: one port makes the difference. */
static void test_one_port_apart(void **state)
{
    (void)state;
    int listener = listen_at(1, 0, 80), other = listen_at(1, 0, 81);
    int a = open_at(0, 0, 5000), b = open_at(0, 0, 5001), c = -1;
    assert_int_equal(socket_connect(pair_sockets(p, 0), a, pair_endpoint(1, 80)), STATUS_EINPROGRESS);
    assert_int_equal(socket_connect(pair_sockets(p, 0), b, pair_endpoint(1, 80)), STATUS_EINPROGRESS);
    c = socket_open(pair_sockets(p, 0), SOCKET_TCP);
    assert_int_equal(socket_connect(pair_sockets(p, 0), c, pair_endpoint(1, 81)), STATUS_EINPROGRESS);
    pair_run_for(p, 100000);
    sends(0, a, "a");
    sends(0, b, "b");
    sends(0, c, "c");
    pair_run_for(p, 50000);
    struct ip_endpoint from;
    for (int i = 0; i < 2; i++) {
        int got = socket_accept(pair_sockets(p, 1), listener, &from);
        assert_true(got > 0 && (from.port == 5000 || from.port == 5001));
        gets(1, got, from.port == 5000 ? "a" : "b");
    }
    int got = socket_accept(pair_sockets(p, 1), other, NULL);
    assert_true(got > 0);
    gets(1, got, "c");
    assert_int_equal(tcp_counters(host_tcp(p->host[1]))->cookies_taken, 3);
}

/* A listener on one address hears only that; the other is for the one on any. */
static void test_listen_on_one_address(void **state)
{
    (void)state;
    int one = listen_at(0, 0x7f000001, 80);
    int client = socket_open(pair_sockets(p, 0), SOCKET_TCP);
    assert_int_equal(socket_connect(pair_sockets(p, 0), client, pair_endpoint(0, 80)), STATUS_EINPROGRESS);
    pair_run_for(p, 1000);
    int64_t error = 0;
    assert_int_equal(socket_getopt(pair_sockets(p, 0), client, SOCKET_OPT_SO_ERROR, &error), 0);
    assert_int_equal(error, STATUS_ECONNREFUSED);
    int again = socket_open(pair_sockets(p, 0), SOCKET_TCP);
    assert_int_equal(
        socket_connect(pair_sockets(p, 0), again, (struct ip_endpoint){ip_addr_v4(0x7f000001), 80}),
        STATUS_EINPROGRESS);
    pair_run_for(p, 1000);
    assert_true(socket_accept(pair_sockets(p, 0), one, NULL) > 0);
}

static int fast_client(const char *text)
{
    struct sockets *s = pair_sockets(p, 1);
    int handle = socket_open(s, SOCKET_TCP);
    assert_int_equal(socket_setopt(s, handle, SOCKET_OPT_TCP_FASTOPEN_CONNECT, 1), 0);
    int status = socket_connect(s, handle, pair_endpoint(0, 80));
    if (status == 0)
        sends(1, handle, text);
    return handle;
}

/* RFC 7413: the first connection gets the cookie; with it the answer is there after one round trip. */
static void test_fast_open(void **state)
{
    (void)state;
    int listener = listen_at(0, 0, 80);
    assert_int_equal(socket_setopt(pair_sockets(p, 0), listener, SOCKET_OPT_TCP_FASTOPEN, 5), 0);
    pair_learn(p);
    fast_client("");
    pair_run_for(p, 100000);
    assert_true(socket_accept(pair_sockets(p, 0), listener, NULL) > 0);
    int client = fast_client("question");
    pair_run_for(p, p->delay_us);
    int server = socket_accept(pair_sockets(p, 0), listener, NULL);
    assert_true(server > 0);
    assert_int_equal(conn_of_socket(p, 0, server)->state, TCP_SYN_RCVD);
    gets(0, server, "question");
    sends(0, server, "answer");
    pair_run_for(p, p->delay_us);
    gets(1, client, "answer");
    pair_run_for(p, 100000);
    assert_int_equal(conn_of_socket(p, 0, server)->state, TCP_ESTABLISHED);
    assert_int_equal(tcp_counters(host_tcp(p->host[0]))->fast_opens_passive, 1);
    assert_int_equal(tcp_counters(host_tcp(p->host[1]))->fast_opens_active, 1);
}

/* The options of a modern host's SYN, in its order: MSS 1460, SACK permitted, timestamps, NOP, window scale
 * 7; and a window of at most 65535. */
static void test_syn_bytes(void **state)
{
    (void)state;
    pair_learn(p);
    size_t before = p->frame_count;
    int handle = socket_open(pair_sockets(p, 0), SOCKET_TCP);
    assert_int_equal(socket_connect(pair_sockets(p, 0), handle, pair_endpoint(1, 80)), STATUS_EINPROGRESS);
    pair_run_for(p, 1000);
    assert_true(p->frame_count > before);
    const struct pair_frame *f = p->frames[before];
    struct tcp_repr tcp;
    struct bytes payload;
    assert_true(pair_frame_tcp(f, &tcp, &payload));
    assert_int_equal(tcp.window, 65535);
    assert_int_equal(tcp.header_bytes, 40);
    const uint8_t *o = f->bytes + f->len - 20;
    const uint8_t head[] = {2, 4, 0x05, 0xb4, 4, 2, 8, 10}, tail[] = {0, 0, 0, 0, 1, 3, 3, 7};
    assert_memory_equal(o, head, sizeof head);
    assert_memory_equal(o + 12, tail, sizeof tail); /* nothing to echo yet */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_connect_to_self, setup, teardown),
        cmocka_unit_test_setup_teardown(test_simultaneous_open, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_port_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_listen_on_one_address, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fast_open, setup, teardown),
        cmocka_unit_test_setup_teardown(test_syn_bytes, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
