/*
 * application/connection.h: bytes held for a connection against a plain array, the list, and servers that run
 * out of handles or memory.
 */
#include "application/connection.h"
#include "unit/support/pair.h"
#include "unit/support/property.h"

enum { PORT = 5000, HELD_MAX = 40000 };

/* Any mix of appending and consuming leaves what a queue would hold; emptied, it holds no memory. */
static void held_bytes_are_a_queue(struct rng *rng)
{
    struct pair *p = pair_create(NULL);
    struct app *a = pair_start(p, 1, &app_receiver, &(struct app_config){.port = PORT});
    int socket = socket_open(pair_sockets(p, 1), SOCKET_TCP);
    struct app_connection *c = app_connection_add(a, socket);
    assert_non_null(c);
    uint8_t *stream = malloc(HELD_MAX);
    app_pattern(0, room_of(stream, HELD_MAX));
    size_t in = 0, out = 0;
    while (in < HELD_MAX) {
        size_t more = rng_below(rng, 3000);
        more = more < HELD_MAX - in ? more : HELD_MAX - in;
        assert_true(app_connection_append(a, c, bytes_of(stream + in, more)));
        in += more;
        assert_true(bytes_equal(app_connection_data(c), bytes_of(stream + out, in - out)));
        size_t less = rng_below(rng, (uint32_t)(in - out) + 1);
        app_connection_consume(a, c, less);
        out += less;
        assert_true(bytes_equal(app_connection_data(c), bytes_of(stream + out, in - out)));
    }
    app_connection_consume(a, c, in - out);
    assert_null(c->data);
    assert_int_equal(c->capacity, 0);
    app_connection_close(a, c, false);
    assert_null(a->first);
    free(stream);
    pair_destroy(p);
}

static void test_held_bytes(void **state)
{
    (void)state;
    property_run(20, held_bytes_are_a_queue);
}

static void test_list(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *a = pair_start(p, 1, &app_receiver, &(struct app_config){.port = PORT});
    struct sockets *s = pair_sockets(p, 1);
    struct app_connection *c[4];
    for (unsigned i = 0; i < 4; i++) {
        c[i] = app_connection_add(a, socket_open(s, SOCKET_TCP));
        assert_int_equal(c[i]->index, i);
        assert_ptr_equal(programs_connection(a, c[i]->socket), c[i]);
    }
    int closed = c[1]->socket;
    app_connection_close(a, c[1], false);
    assert_null(programs_connection(a, closed));
    assert_int_equal(socket_poll(s, closed), STATUS_EBADF);
    app_connection_close(a, c[3], true); /* stays for its bytes */
    assert_int_equal(c[3]->socket, 0);
    assert_ptr_equal(a->first, c[0]);
    assert_ptr_equal(c[0]->next, c[2]);
    assert_ptr_equal(c[2]->next, c[3]);
    assert_ptr_equal(a->last, c[3]);
    app_connection_close(a, c[0], false);
    assert_ptr_equal(a->first, c[2]);
    assert_null(c[2]->prev);
    host_stop_app(p->host[1], a->id, 0);
    assert_int_equal(socket_next(s, 0), 0);
    app_connections_free(a);
    assert_null(a->first);
    assert_null(a->last);
    pair_destroy(p);
}

static void test_append_without_memory(void **state)
{
    (void)state;
    struct pair_config pc;
    pair_config_default(&pc);
    pc.arena_bytes = 1u << 20;
    pc.trace_events = 0;
    struct pair *p = pair_create(&pc);
    struct app *a = pair_start(p, 1, &app_receiver, &(struct app_config){.port = PORT});
    struct app_connection *c = app_connection_add(a, socket_open(pair_sockets(p, 1), SOCKET_TCP));
    uint8_t block[1000];
    app_pattern(0, room_of(block, sizeof block));
    size_t len = 0;
    while (app_connection_append(a, c, bytes_of(block, sizeof block)))
        len += sizeof block;
    assert_int_equal(c->len, len);
    assert_memory_equal(app_connection_data(c).at + len - sizeof block, block, sizeof block);
    pair_destroy(p);
}

/* A server without handles leaves peers in the queue, and takes them when handles are free again. */
static void test_accept_without_handles(void **state)
{
    (void)state;
    struct pair_config pc;
    pair_config_default(&pc);
    pc.host[1].sockets_max = 3;
    struct pair *p = pair_create(&pc);
    struct app *echo = pair_start(p, 1, &app_echo, &(struct app_config){.port = PORT, .close_at_end = true});
    struct app_config c = {
        .peer = pair_endpoint(1, PORT), .total_bytes = 100, .interval_us = 300000, .chunk_bytes = 50};
    c.close_at_end = true;
    struct app *peer[5];
    for (unsigned i = 0; i < 5; i++)
        peer[i] = pair_start(p, 0, &app_sender, &c);
    pair_run_for(p, 200000);
    assert_int_equal(echo->connection_count, 2);
    pair_run_for(p, 5000000);
    assert_int_equal(echo->connection_count, 5);
    for (unsigned i = 0; i < 5; i++) {
        assert_true(peer[i]->done);
        assert_int_equal(peer[i]->error, 0);
        assert_int_equal(peer[i]->received_bytes, 100);
    }
    pair_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_held_bytes),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_append_without_memory),
        cmocka_unit_test(test_accept_without_handles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
