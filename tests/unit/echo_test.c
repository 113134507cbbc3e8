/*
 * application/echo.c: what comes back is what was sent, for many peers, for peers that do not read, over TCP
 * and UDP.
 */
#include "unit/support/pair.h"
#include "unit/support/property.h"

enum { PORT = 7 };

static const struct app_config ECHO = {.port = PORT, .close_at_end = true};

/* Reads all that there is. */
static size_t read_all(struct sockets *s, int socket, uint8_t *to, size_t room)
{
    size_t len = 0;
    int64_t n;
    while (len < room && (n = socket_recv(s, socket, room_of(to + len, room - len), 0)) > 0)
        len += (size_t)n;
    return len;
}

static int connect_to_echo(struct pair *p)
{
    struct sockets *s = pair_sockets(p, 0);
    int client = socket_open(s, SOCKET_TCP);
    assert_int_equal(socket_connect(s, client, pair_endpoint(1, PORT)), STATUS_EINPROGRESS);
    pair_run_for(p, 100000);
    assert_true(socket_poll(s, client) & SOCKET_WRITABLE);
    return client;
}

static void test_text_comes_back(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *echo = pair_start(p, 1, &app_echo, &ECHO);
    int client = connect_to_echo(p);
    uint8_t got[32];
    assert_int_equal(socket_send(pair_sockets(p, 0), client, bytes_of("hello", 5), 0), 5);
    pair_run_for(p, 200000);
    assert_int_equal(read_all(pair_sockets(p, 0), client, got, sizeof got), 5);
    assert_memory_equal(got, "hello", 5);
    assert_int_equal(echo->received_bytes, 5);
    assert_int_equal(echo->sent_bytes, 5);
    assert_int_equal(echo->connection_count, 1);
    assert_false(echo->done);
    pair_destroy(p);
}

static void test_closes_after_the_peer(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *echo = pair_start(p, 1, &app_echo, &ECHO);
    int client = connect_to_echo(p);
    struct sockets *s = pair_sockets(p, 0);
    socket_send(s, client, bytes_of("bye", 3), 0);
    assert_int_equal(socket_shutdown(s, client, SOCKET_SHUT_WR), 0);
    pair_run_for(p, 200000);
    uint8_t got[8];
    assert_int_equal(socket_recv(s, client, room_of(got, 8), 0), 3);
    assert_int_equal(socket_recv(s, client, room_of(got, 8), 0), 0);
    assert_null(echo->first);
    struct socket_info info;
    assert_int_equal(socket_info(s, client, &info), 0);
    assert_int_equal(info.tcp.state, TCP_TIME_WAIT);
    pair_destroy(p);
}

static void test_stays_open_unless_told(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = ECHO;
    c.close_at_end = false;
    struct app *echo = pair_start(p, 1, &app_echo, &c);
    int client = connect_to_echo(p);
    struct sockets *s = pair_sockets(p, 0);
    assert_int_equal(socket_shutdown(s, client, SOCKET_SHUT_WR), 0);
    pair_run_for(p, 500000);
    struct socket_info info;
    assert_int_equal(socket_info(s, client, &info), 0);
    assert_int_equal(info.tcp.state, TCP_FIN_WAIT_2);
    host_stop_app(p->host[1], echo->id, p->now_us);
    pair_run_for(p, 500000);
    assert_int_equal(socket_info(s, client, &info), 0);
    assert_int_equal(info.tcp.state, TCP_TIME_WAIT);
    assert_int_equal(socket_next(pair_sockets(p, 1), 0), 0);
    pair_destroy(p);
}

/* A peer that sends much and reads nothing stops being read itself; when it reads at last, every byte is
 * there. */
static void test_peer_that_does_not_read(void **state)
{
    (void)state;
    enum { TOTAL = 400000 };
    struct pair_config config;
    pair_config_default(&config);
    for (unsigned i = 0; i < 2; i++) /* buffers that stay as they are, or all of it would fit */
        config.host[i].tcp.send_buffer_max_bytes = config.host[i].tcp.receive_buffer_max_bytes = 0;
    struct pair *p = pair_create(&config);
    struct app *echo = pair_start(p, 1, &app_echo, &ECHO);
    int client = connect_to_echo(p);
    struct sockets *s = pair_sockets(p, 0);
    uint8_t *data = malloc(TOTAL), *got = malloc(TOTAL);
    app_pattern(0, room_of(data, TOTAL));
    size_t sent = 0, received = 0;
    bool stuck = false;
    for (int round = 0; round < 4000 && received < TOTAL; round++) {
        int64_t n = sent < TOTAL ? socket_send(s, client, bytes_of(data + sent, TOTAL - sent), 0) : 0;
        sent += n > 0 ? (size_t)n : 0;
        pair_run_for(p, 20000);
        stuck = stuck || (n == STATUS_EAGAIN && round > 100);
        if (stuck)
            received += read_all(s, client, got + received, TOTAL - received);
        if (stuck && received < 1)
            assert_true(echo->sent_bytes < sent);
    }
    assert_true(stuck);
    assert_int_equal(received, TOTAL);
    assert_memory_equal(got, data, TOTAL);
    free(data);
    free(got);
    pair_destroy(p);
}

static void test_many_peers_at_once(void **state)
{
    (void)state;
    enum { PEERS = 50, TOTAL = 20000 };
    struct pair *p = pair_create(NULL);
    struct app *echo = pair_start(p, 1, &app_echo, &ECHO);
    struct app_config c = {.peer = pair_endpoint(1, PORT), .total_bytes = TOTAL, .close_at_end = true};
    struct app *peer[PEERS];
    for (unsigned i = 0; i < PEERS; i++)
        peer[i] = pair_start(p, 0, &app_sender, &c);
    pair_run_for(p, 20000000);
    for (unsigned i = 0; i < PEERS; i++) {
        assert_true(peer[i]->done);
        assert_int_equal(peer[i]->error, 0);
        assert_int_equal(peer[i]->received_bytes, TOTAL);
    }
    assert_int_equal(echo->connection_count, PEERS);
    assert_int_equal(echo->sent_bytes, PEERS * TOTAL);
    assert_null(echo->first);
    pair_destroy(p);
}

static void test_reset_peer_is_forgotten(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *echo = pair_start(p, 1, &app_echo, &ECHO);
    int client = connect_to_echo(p);
    assert_non_null(echo->first);
    assert_int_equal(socket_abort(pair_sockets(p, 0), client), 0);
    pair_run_for(p, 100000);
    assert_null(echo->first);
    assert_false(echo->done);
    pair_destroy(p);
}

static void test_datagrams(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = ECHO;
    c.udp = true;
    struct app *echo = pair_start(p, 1, &app_echo, &c);
    struct sockets *s = pair_sockets(p, 0);
    int client = socket_open(s, SOCKET_UDP);
    assert_int_equal(socket_sendto(s, client, bytes_of("one", 3), pair_endpoint(1, PORT)), 3);
    assert_int_equal(socket_sendto(s, client, bytes_of("", 0), pair_endpoint(1, PORT)), 0);
    assert_int_equal(socket_sendto(s, client, bytes_of("three", 5), pair_endpoint(1, PORT)), 5);
    pair_run_for(p, 200000);
    uint8_t got[8];
    struct ip_endpoint from;
    assert_int_equal(socket_recvfrom(s, client, room_of(got, 8), &from, NULL, 0), 3);
    assert_memory_equal(got, "one", 3);
    assert_true(ip_endpoint_equal(from, pair_endpoint(1, PORT)));
    assert_int_equal(socket_recvfrom(s, client, room_of(got, 8), &from, NULL, 0), 0);
    assert_int_equal(socket_recvfrom(s, client, room_of(got, 8), &from, NULL, 0), 5);
    assert_int_equal(echo->received_messages, 3);
    assert_int_equal(echo->sent_messages, 3);
    pair_destroy(p);
}

static void test_port_in_use(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    pair_start(p, 1, &app_echo, &ECHO);
    struct app *second = pair_start(p, 1, &app_echo, &ECHO);
    assert_true(second->done);
    assert_int_equal(second->error, STATUS_EADDRINUSE);
    pair_destroy(p);
}

/* Why did the echo server send that segment? Because of its send(), since a socket was ready, since a
 * frame came, since the client sent. */
static void test_causes(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = {.peer = pair_endpoint(1, PORT), .total_bytes = 10};
    pair_start(p, 1, &app_echo, &ECHO);
    pair_start(p, 0, &app_sender, &c);
    pair_run_for(p, 300000);
    const struct trace_event *e = pair_event(p, 1, TRACE_TCP_SEGMENT_SENT, 0);
    while (e && e->u.tcp_segment_sent.payload_bytes == 0)
        e = pair_event(p, 1, TRACE_TCP_SEGMENT_SENT, e->id);
    assert_non_null(e);
    const struct trace_event *step = pair_cause(p, e, TRACE_APP_STEP);
    assert_non_null(step);
    assert_string_equal(app_echo.steps[step->u.app_step.step], "send(c, buffer, n);");
    assert_int_equal(step->u.app_step.value, 10);
    assert_int_equal(step->u.app_step.total_bytes, 10);
    assert_int_equal(trace_at(p->trace, step->cause)->kind, TRACE_SOCKET_READY); /* and not the step before */
    const struct trace_event *delivered = pair_cause(p, step, TRACE_FRAME_DELIVERED);
    assert_non_null(delivered);
    const struct trace_event *origin = pair_cause(p, delivered, TRACE_APP_STEP);
    assert_non_null(origin);
    assert_int_equal(origin->node, 0);
    assert_string_equal(app_sender.steps[origin->u.app_step.step], "n += send(s, data + n, chunk);");
    pair_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_comes_back),
        cmocka_unit_test(test_closes_after_the_peer),
        cmocka_unit_test(test_stays_open_unless_told),
        cmocka_unit_test(test_peer_that_does_not_read),
        cmocka_unit_test(test_many_peers_at_once),
        cmocka_unit_test(test_reset_peer_is_forgotten),
        cmocka_unit_test(test_datagrams),
        cmocka_unit_test(test_port_in_use),
        cmocka_unit_test(test_causes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
