/* Buffers that grow with the connection, those that a program has set, and those of a connection at rest. */
#include "unit/support/conn.h"

enum { PORT = 80, TOTAL = 2000000, KEPT_BYTES = 65536 };

struct outcome {
    int64_t took_us;
    uint32_t send_buffer, receive_buffer;
};

/* 2 MB over 100 ms of round trip to a program that reads at once. */
static struct outcome transfer(uint32_t most_bytes, bool program_sets)
{
    struct pair_config config;
    pair_config_default(&config);
    config.delay_us = 50000;
    for (unsigned i = 0; i < 2; i++) {
        config.host[i].tcp.send_buffer_max_bytes = most_bytes;
        config.host[i].tcp.receive_buffer_max_bytes = most_bytes;
    }
    struct pair *p = pair_create(&config);
    int client = 0, server = 0;
    pair_connect(p, PORT, &client, &server);
    struct sockets *s0 = pair_sockets(p, 0), *s1 = pair_sockets(p, 1);
    if (program_sets) {
        assert_int_equal(socket_setopt(s0, client, SOCKET_OPT_SO_SNDBUF, KEPT_BYTES), 0);
        assert_int_equal(socket_setopt(s1, server, SOCKET_OPT_SO_RCVBUF, KEPT_BYTES), 0);
    }
    static uint8_t data[100000];
    uint32_t sent = 0, received = 0;
    int64_t start_us = p->now_us;
    while (received < TOTAL) {
        int64_t n = 0;
        while (sent < TOTAL && (n = socket_send(s0, client, bytes_of(data, sizeof data), 0)) > 0)
            sent += (uint32_t)n;
        pair_run_for(p, 1000);
        while ((n = socket_recv(s1, server, room_of(data, sizeof data), 0)) > 0)
            received += (uint32_t)n;
        assert_true(p->now_us - start_us < 60000000);
    }
    struct outcome o = {.took_us = p->now_us - start_us};
    struct socket_info info;
    assert_int_equal(socket_info(s0, client, &info), 0);
    o.send_buffer = info.tcp.send_buffer_bytes;
    assert_int_equal(socket_info(s1, server, &info), 0);
    o.receive_buffer = info.tcp.receive_buffer_bytes;
    pair_destroy(p);
    return o;
}

static void test_they_grow_and_it_is_faster(void **state)
{
    (void)state;
    struct outcome grown = transfer(4194304, false);
    struct outcome kept = transfer(0, false);
    assert_int_equal(kept.send_buffer, KEPT_BYTES);
    assert_int_equal(kept.receive_buffer, KEPT_BYTES);
    assert_true(kept.took_us >= (int64_t)TOTAL / KEPT_BYTES * 100000); /* a window each round trip, no more */
    assert_true(grown.send_buffer > KEPT_BYTES && grown.receive_buffer > KEPT_BYTES);
    assert_true(grown.took_us * 2 < kept.took_us);
}

static void test_never_beyond_the_limit(void **state)
{
    (void)state;
    struct outcome o = transfer(200000, false);
    assert_in_range(o.send_buffer, KEPT_BYTES, 200000);
    assert_in_range(o.receive_buffer, KEPT_BYTES, 200000);
}

static void test_what_a_program_sets_stays(void **state)
{
    (void)state;
    struct outcome o = transfer(4194304, true);
    assert_int_equal(o.send_buffer, KEPT_BYTES);
    assert_int_equal(o.receive_buffer, KEPT_BYTES);
}

static void exchange(struct pair *p, unsigned from, int out, int in, const char *text)
{
    uint8_t got[64];
    size_t len = strlen(text);
    assert_int_equal(socket_send(pair_sockets(p, from), out, bytes_of(text, len), 0), len);
    pair_run_for(p, 100000);
    assert_int_equal(socket_recv(pair_sockets(p, !from), in, room_of(got, sizeof got), 0), len);
    assert_memory_equal(got, text, len);
}

/* After a second of silence nothing is kept but what was not read; then all goes on as if nothing had been. */
static void test_at_rest_they_are_given_back(void **state)
{
    (void)state;
    struct pair_config config;
    pair_config_default(&config);
    struct pair *p = pair_create(&config);
    int client = 0, server = 0;
    pair_connect(p, PORT, &client, &server);
    const struct tcp_conn *c[2] = {conn_of_socket(p, 0, client), conn_of_socket(p, 1, server)};
    assert(c[0] && c[1]);
    for (unsigned round = 0; round < 3; round++) {
        exchange(p, 0, client, server, "a question");
        exchange(p, 1, server, client, "an answer");
        pair_run_for(p, 1000000);
        for (unsigned i = 0; i < 2; i++) {
            assert_int_equal(c[i]->work->send_ring.capacity, 0);
            assert_int_equal(c[i]->work->receive_ring.capacity, 0);
            assert_null(c[i]->flight);
        }
    }
    assert_int_equal(socket_send(pair_sockets(p, 0), client, bytes_of("unread", 6), 0), 6);
    pair_run_for(p, 1000000);
    assert_int_equal(c[0]->work->send_ring.capacity, 0);
    assert_int_equal(c[1]->work->receive_ring.len, 6);
    pair_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_they_grow_and_it_is_faster),
        cmocka_unit_test(test_never_beyond_the_limit),
        cmocka_unit_test(test_what_a_program_sets_stays),
        cmocka_unit_test(test_at_rest_they_are_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
