/*
 * application/receiver.c: it counts and keeps what arrives, of each peer apart, no faster than it is told,
 * and hides nothing that is missing.
 */
#include "unit/support/pair.h"
#include "unit/support/property.h"

enum { PORT = 5000 };

static struct app *send_text(struct pair *p, const char *text)
{
    struct app_config c = {
        .peer = pair_endpoint(1, PORT), .data = bytes_of(text, strlen(text)), .close_at_end = true};
    return pair_start(p, 0, &app_sender, &c);
}

static void assert_received(const struct app *a, unsigned index, const char *text)
{
    assert_true(bytes_equal(app_received(a, index), bytes_of(text, strlen(text))));
}

static void test_keeps_each_connection_apart(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = {.port = PORT, .keep = true, .close_at_end = true};
    struct app *a = pair_start(p, 1, &app_receiver, &c);
    send_text(p, "first");
    pair_run_for(p, 50000);
    send_text(p, "the second one");
    pair_run_for(p, 1000000);
    send_text(p, "third");
    pair_run_for(p, 1000000);
    assert_received(a, 0, "first");
    assert_received(a, 1, "the second one");
    assert_received(a, 2, "third");
    assert_received(a, 3, "");
    assert_int_equal(a->received_bytes, 24);
    assert_int_equal(a->connection_count, 3);
    int listener = socket_next(pair_sockets(p, 1), 0);
    assert_int_equal(socket_next(pair_sockets(p, 1), listener), 0);
    host_stop_app(p->host[1], a->id, p->now_us);
    assert_received(a, 1, "the second one");
    pair_destroy(p);
}

static void test_counts_without_keeping(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *a = pair_start(p, 1, &app_receiver, &(struct app_config){.port = PORT, .close_at_end = true});
    send_text(p, "only counted");
    pair_run_for(p, 1000000);
    assert_int_equal(a->received_bytes, 12);
    assert_null(a->first);
    assert_received(a, 0, "");
    pair_destroy(p);
}

static void test_reads_no_faster_than_told(void **state)
{
    (void)state;
    enum { TOTAL = 300000, RATE = 100000 };
    struct pair *p = pair_create(NULL);
    struct app_config c = {.port = PORT, .close_at_end = true, .read_bytes_per_s = RATE};
    struct app *a = pair_start(p, 1, &app_receiver, &c);
    struct app_config sc = {.peer = pair_endpoint(1, PORT), .total_bytes = TOTAL, .close_at_end = true};
    struct app *sender = pair_start(p, 0, &app_sender, &sc);
    for (int tenth = 1; tenth <= 25; tenth++) {
        pair_run_until(p, tenth * 100000);
        assert_true(a->received_bytes <= (uint64_t)tenth * RATE / 10 + RATE / 20 + 1);
    }
    assert_true(a->received_bytes > 2 * RATE);
    assert_true(pair_run_until_done(p, sender, 20000000));
    assert_int_equal(a->received_bytes, TOTAL);
    pair_destroy(p);
}

static void test_slow_reader_of_datagrams(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = {.port = PORT, .udp = true, .read_bytes_per_s = 10000};
    struct app *a = pair_start(p, 1, &app_receiver, &c);
    struct app_config sc = {.peer = pair_endpoint(1, PORT), .udp = true, .total_bytes = 20000};
    pair_learn(p);
    pair_start(p, 0, &app_sender, &sc);
    pair_run_for(p, 1000000);
    assert_in_range(a->received_messages, 9, 11);
    pair_run_for(p, 2000000);
    assert_int_equal(a->received_messages, 20);
    pair_destroy(p);
}

static void drop_every_tenth(void *context, struct pair_frame *f)
{
    unsigned *dropped = context;
    if (f->from == 0 && f->len > 500 && f->number % 10 == 9) {
        f->copies = 0;
        ++*dropped;
    }
}

static void test_missing_datagrams_show(void **state)
{
    (void)state;
    unsigned dropped = 0;
    struct pair *p = pair_create(NULL);
    pair_learn(p);
    p->hook = drop_every_tenth;
    p->hook_context = &dropped;
    struct app *a = pair_start(p, 1, &app_receiver, &(struct app_config){.port = PORT, .udp = true});
    struct app_config sc = {
        .peer = pair_endpoint(1, PORT), .udp = true, .total_bytes = 200000, .close_at_end = true};
    struct app *sender = pair_start(p, 0, &app_sender, &sc);
    pair_run_for(p, 2000000);
    assert_true(sender->done);
    assert_true(dropped > 10);
    assert_int_equal(sender->sent_messages - a->received_messages, dropped);
    assert_int_equal(sender->sent_bytes - a->received_bytes, 1000u * dropped);
    pair_destroy(p);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct pair_config pc;
    pair_config_default(&pc);
    pc.arena_bytes = 3u << 20;
    pc.trace_events = 1024;
    struct pair *p = pair_create(&pc);
    struct app_config c = {.port = PORT, .keep = true, .close_at_end = true};
    struct app *a = pair_start(p, 1, &app_receiver, &c);
    struct app_config sc = {.peer = pair_endpoint(1, PORT), .total_bytes = 8u << 20, .close_at_end = true};
    struct app *sender = pair_start(p, 0, &app_sender, &sc);
    pair_run_until_done(p, a, 60000000);
    assert_true(a->done);
    assert_int_equal(a->error, STATUS_ENOMEM);
    pair_run_for(p, 1000000);
    assert_true(sender->done);
    assert_true(sender->error < 0);
    pair_destroy(p);
}

static void test_stop_before_start(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *a = pair_start(p, 1, &app_receiver, &(struct app_config){.port = PORT, .start_us = 1000});
    host_stop_app(p->host[1], a->id, 0);
    host_stop_app(p->host[1], a->id, 0);
    pair_run_for(p, 10000);
    assert_true(a->done);
    assert_false(a->started);
    assert_int_equal(socket_next(pair_sockets(p, 1), 0), 0);
    pair_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keeps_each_connection_apart), cmocka_unit_test(test_counts_without_keeping),
        cmocka_unit_test(test_reads_no_faster_than_told),   cmocka_unit_test(test_slow_reader_of_datagrams),
        cmocka_unit_test(test_missing_datagrams_show),      cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_stop_before_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
