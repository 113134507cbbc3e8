/*
 * application/sender.c: its bytes arrive as they are, in the pieces and at the times asked for, and its ends
 * are right.
 */
#include "unit/support/pair.h"
#include "unit/support/property.h"

enum { PORT = 5000 };

static const struct app_config KEEP = {.port = PORT, .keep = true, .close_at_end = true};

static struct app_config to_peer(void)
{
    return (struct app_config){.peer = pair_endpoint(1, PORT), .close_at_end = true};
}

static void test_data_is_copied_and_arrives(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *receiver = pair_start(p, 1, &app_receiver, &KEEP);
    char text[] = "a message of its own";
    struct app_config c = to_peer();
    c.data = bytes_of(text, strlen(text));
    struct app *a = pair_start(p, 0, &app_sender, &c);
    memset(text, 'x', sizeof text - 1);
    assert_true(pair_run_until_done(p, a, 5000000));
    assert_int_equal(a->error, 0);
    assert_int_equal(a->sent_bytes, 20);
    struct bytes got = app_received(receiver, 0);
    assert_true(bytes_equal(got, bytes_of("a message of its own", 20)));
    assert_int_equal(socket_next(pair_sockets(p, 0), 0), 0);
    pair_destroy(p);
}

static void test_large_pattern(void **state)
{
    (void)state;
    enum { TOTAL = 1 << 20 };
    struct pair *p = pair_create(NULL);
    struct app *receiver = pair_start(p, 1, &app_receiver, &KEEP);
    struct app_config c = to_peer();
    c.total_bytes = TOTAL;
    struct app *a = pair_start(p, 0, &app_sender, &c);
    assert_true(pair_run_until_done(p, a, 60000000));
    assert_int_equal(a->error, 0);
    struct bytes got = app_received(receiver, 0);
    uint8_t *expected = malloc(TOTAL);
    app_pattern(0, room_of(expected, TOTAL));
    assert_true(bytes_equal(got, bytes_of(expected, TOTAL)));
    free(expected);
    pair_destroy(p);
}

/* Times at which host 0 sent segments with data. */
static unsigned data_times(const struct pair *p, int64_t *times, unsigned room, size_t *len)
{
    unsigned count = 0;
    for (size_t i = 0; i < p->frame_count; i++) {
        struct tcp_repr tcp;
        struct bytes payload;
        if (p->frames[i]->from != 0 || !pair_frame_tcp(p->frames[i], &tcp, &payload) || payload.len == 0)
            continue;
        assert_true(count < room);
        len[count] = payload.len;
        times[count++] = p->frames[i]->sent_us;
    }
    return count;
}

static void test_pieces_with_pauses(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    pair_start(p, 1, &app_receiver, &KEEP);
    struct app_config c = to_peer();
    c.total_bytes = 350;
    c.chunk_bytes = 100;
    c.interval_us = 250000;
    struct app *a = pair_start(p, 0, &app_sender, &c);
    assert_true(pair_run_until_done(p, a, 5000000));
    int64_t times[8] = {0};
    size_t len[8] = {0};
    assert_int_equal(data_times(p, times, 8, len), 4);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(len[i], i < 3 ? 100 : 50);
        assert_int_equal(times[i], times[0] + 250000 * (int64_t)i);
    }
    assert_int_equal(a->sent_messages, 4);
    pair_destroy(p);
}

static void test_refused(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = to_peer();
    c.total_bytes = 10;
    struct app *a = pair_start(p, 0, &app_sender, &c);
    assert_true(pair_run_until_done(p, a, 5000000));
    assert_int_equal(a->error, STATUS_ECONNREFUSED);
    assert_int_equal(a->sent_bytes, 0);
    assert_int_equal(socket_next(pair_sockets(p, 0), 0), 0);
    pair_destroy(p);
}

static void test_no_route(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = to_peer();
    c.peer.addr = ip_addr_v4(0x08080808);
    c.total_bytes = 10;
    struct app *a = pair_start(p, 0, &app_sender, &c);
    assert_true(a->done);
    assert_int_equal(a->error, STATUS_ENETUNREACH);
    pair_destroy(p);
}

static void test_reset_by_peer(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *receiver =
        pair_start(p, 1, &app_receiver, &(struct app_config){.port = PORT, .read_bytes_per_s = 1});
    struct app_config c = to_peer();
    c.total_bytes = 1 << 20;
    struct app *a = pair_start(p, 0, &app_sender, &c);
    pair_run_for(p, 500000);
    assert_false(a->done);
    assert_true(a->sent_bytes > 0 && a->sent_bytes < c.total_bytes);
    host_stop_app(p->host[1], receiver->id, p->now_us); /* with bytes unread: a reset */
    assert_true(pair_run_until_done(p, a, 5000000));
    assert_true(a->error == STATUS_ECONNRESET || a->error == STATUS_EPIPE);
    pair_destroy(p);
}

/* On a connection somebody else has opened: it stays theirs. */
static void test_lent_socket(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    int client, server;
    pair_connect(p, PORT, &client, &server);
    struct app_config c = {.socket = client, .data = bytes_of("lent", 4)};
    struct app *a = pair_start(p, 0, &app_sender, &c);
    assert_true(a->done);
    assert_int_equal(a->error, 0);
    assert_false(app_owns(a, client));
    pair_run_for(p, 100000);
    uint8_t got[8];
    assert_int_equal(socket_recv(pair_sockets(p, 1), server, room_of(got, 8), 0), 4);
    assert_true(socket_poll(pair_sockets(p, 0), client) & SOCKET_WRITABLE);
    c.close_at_end = true;
    a = pair_start(p, 0, &app_sender, &c);
    assert_true(a->done);
    assert_int_equal(socket_poll(pair_sockets(p, 0), client), STATUS_EBADF);
    pair_run_for(p, 100000);
    assert_int_equal(socket_recv(pair_sockets(p, 1), server, room_of(got, 8), 0), 4);
    assert_int_equal(socket_recv(pair_sockets(p, 1), server, room_of(got, 8), 0), 0);
    pair_destroy(p);
}

static void test_lent_socket_that_is_none(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *a = pair_start(p, 0, &app_sender, &(struct app_config){.socket = 77, .total_bytes = 1});
    assert_true(a->done);
    assert_int_equal(a->error, STATUS_EBADF);
    assert_int_equal(host_start_app(p->host[0], &app_sender, &(struct app_config){.socket = -1}, 0),
                     STATUS_EINVAL);
    assert_int_equal(host_start_app(p->host[0], &app_sender, &(struct app_config){.socket = 1 << 20}, 0),
                     STATUS_EINVAL);
    pair_destroy(p);
}

static void test_datagrams_one_a_millisecond(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config rc = KEEP;
    rc.udp = true;
    struct app *receiver = pair_start(p, 1, &app_receiver, &rc);
    struct app_config c = to_peer();
    c.udp = true;
    c.total_bytes = 12345;
    struct app *a = pair_start(p, 0, &app_sender, &c);
    assert_true(pair_run_until_done(p, a, 5000000));
    assert_int_equal(a->error, 0);
    assert_int_equal(p->now_us, 12 * 1000);
    pair_run_for(p, 1000000);
    assert_int_equal(a->sent_messages, 13);
    assert_int_equal(receiver->received_messages, 13);
    assert_int_equal(receiver->received_bytes, 12345);
    uint8_t expected[12345];
    app_pattern(0, room_of(expected, sizeof expected));
    assert_true(bytes_equal(app_received(receiver, 0), bytes_of(expected, sizeof expected)));
    pair_destroy(p);
}

static void test_datagrams_to_nobody(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = to_peer();
    c.udp = true;
    c.total_bytes = 100000;
    struct app *a = pair_start(p, 0, &app_sender, &c);
    assert_true(pair_run_until_done(p, a, 5000000));
    assert_int_equal(a->error, STATUS_ECONNREFUSED);
    assert_true(a->sent_bytes < 100000);
    pair_destroy(p);
}

/* A piece larger than the send buffer goes out in several calls, and the pause comes after all of it. */
static void test_pieces_larger_than_the_buffer(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    pair_start(p, 1, &app_receiver, &KEEP);
    struct app_config c = to_peer();
    c.total_bytes = 250000;
    c.chunk_bytes = 100000;
    c.interval_us = 10000000;
    struct app *a = pair_start(p, 0, &app_sender, &c);
    pair_run_until(p, 9000000);
    assert_int_equal(a->sent_bytes, 100000);
    assert_true(a->sent_messages > 1);
    pair_run_until(p, 19000000);
    assert_int_equal(a->sent_bytes, 200000);
    pair_destroy(p);
}

/* An empty datagram is a message, not an end. */
static void test_empty_reply_is_no_end(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct sockets *s = pair_sockets(p, 1);
    int socket = socket_open(s, SOCKET_UDP);
    assert_int_equal(socket_bind(s, socket, pair_endpoint(1, PORT)), 0);
    struct app_config c = {.peer = pair_endpoint(1, PORT), .udp = true, .total_bytes = 10};
    struct app *a = pair_start(p, 0, &app_sender, &c);
    pair_run_for(p, 100000);
    uint8_t got[16];
    struct ip_endpoint from;
    s = pair_sockets(p, 1);
    assert_int_equal(socket_recvfrom(s, socket, room_of(got, 16), &from, NULL, 0), 10);
    assert_int_equal(socket_sendto(s, socket, bytes_of("", 0), from), 0);
    assert_int_equal(socket_sendto(s, socket, bytes_of("reply", 5), from), 5);
    pair_run_for(p, 100000);
    assert_int_equal(a->received_messages, 2);
    assert_int_equal(a->received_bytes, 5);
    assert_false(a->done);
    pair_destroy(p);
}

static void test_begins_when_told(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    pair_start(p, 1, &app_receiver, &KEEP);
    struct app_config c = to_peer();
    c.total_bytes = 10;
    c.start_us = 700000;
    struct app *a = pair_start(p, 0, &app_sender, &c);
    assert_int_equal(host_deadline(p->host[0]), 700000);
    assert_true(pair_run_until_done(p, a, 5000000));
    assert_int_equal(p->frames[0]->sent_us, 700000);
    pair_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_is_copied_and_arrives),
        cmocka_unit_test(test_large_pattern),
        cmocka_unit_test(test_pieces_with_pauses),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_no_route),
        cmocka_unit_test(test_reset_by_peer),
        cmocka_unit_test(test_lent_socket),
        cmocka_unit_test(test_lent_socket_that_is_none),
        cmocka_unit_test(test_datagrams_one_a_millisecond),
        cmocka_unit_test(test_datagrams_to_nobody),
        cmocka_unit_test(test_pieces_larger_than_the_buffer),
        cmocka_unit_test(test_empty_reply_is_no_end),
        cmocka_unit_test(test_begins_when_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
