/*
 * application/app.h: classes, the pattern, steps in the trace, and that memory is given back.
 */
#include "unit/support/pair.h"
#include "unit/support/property.h"

static void test_classes(void **state)
{
    (void)state;
    const char *const names[] = {"echo", "sender", "receiver", "ping"};
    for (unsigned i = 0; i < 4; i++) {
        const struct app_class *c = app_class_find(bytes_of(names[i], strlen(names[i])));
        assert_non_null(c);
        assert_string_equal(c->name, names[i]);
        assert_true(app_step_count(c) >= 4);
    }
    assert_null(app_class_find(bytes_of("ech", 3)));
    assert_null(app_class_find(bytes_of("echoo", 5)));
    assert_null(app_class_find(bytes_of(NULL, 0)));
}

/* The pattern is the same however it is cut, and 4 bytes are enough to tell places apart. */
static void test_pattern(void **state)
{
    (void)state;
    uint8_t whole[4096], piece[7];
    app_pattern(0, room_of(whole, sizeof whole));
    for (size_t at = 0; at + sizeof piece <= sizeof whole; at += 5) {
        app_pattern(at, room_of(piece, sizeof piece));
        assert_memory_equal(piece, whole + at, sizeof piece);
    }
    for (size_t a = 0; a < sizeof whole; a += 4)
        for (size_t b = a + 4; b < sizeof whole; b += 4)
            assert_true(memcmp(whole + a, whole + b, 4) != 0);
}

static void test_steps_are_traced(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *a = pair_start(p, 1, &app_echo, &(struct app_config){.port = 7});
    const struct trace_event *listen = pair_event(p, 1, TRACE_APP_STEP, 0);
    assert_non_null(listen);
    assert_int_equal(listen->u.app_step.app, a->id);
    assert_string_equal(app_echo.steps[listen->u.app_step.step], "listen(l, backlog);");
    const struct trace_event *call = pair_event(p, 1, TRACE_SOCKET_CALL, 0);
    assert_non_null(call);
    assert_int_equal(call->u.socket_call.call, SOCKET_CALL_LISTEN);
    assert_int_equal(call->cause, listen->id);
    assert_int_equal(pair_event_count(p, 1, TRACE_APP_STEP), 3);
    assert_int_equal(trace_cause(p->trace), 0);
    pair_destroy(p);
}

/* What started a program is the cause of all it does of itself. */
static void test_start_is_the_root(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct trace_event action = {.kind = TRACE_ACTION, .node = TRACE_NO_NODE};
    uint32_t id = trace_emit(p->trace, &action);
    uint32_t before = trace_enter(p->trace, id);
    struct app_config c = {.peer = pair_endpoint(1, 9), .count = 2, .interval_us = 1000};
    struct app *a = pair_start(p, 0, &app_ping, &c);
    trace_leave(p->trace, before);
    assert_true(pair_run_until_done(p, a, 5000000));
    const struct trace_event *sent = pair_event(p, 0, TRACE_ICMP_SENT, 0);
    assert_non_null(sent);
    assert_int_equal(sent->u.icmp_sent.sequence,
                     pair_event(p, 0, TRACE_PING_REPLY, 0)->u.ping_reply.sequence);
    const struct trace_event *root = pair_cause(p, sent, TRACE_ACTION);
    assert_non_null(root);
    assert_int_equal(root->id, id);
    pair_destroy(p);
}

/* Programs give back all they took. */
static void test_memory_is_given_back(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config rc = {.port = 5000, .keep = true, .close_at_end = true};
    size_t settled = 0;
    for (int round = 0; round < 5; round++) {
        struct app *receiver = pair_start(p, 1, &app_receiver, &rc);
        struct app_config c = {.peer = pair_endpoint(1, 5000), .total_bytes = 50000, .close_at_end = true};
        struct app *sender = pair_start(p, 0, &app_sender, &c);
        assert_true(pair_run_until_done(p, sender, p->now_us + 60000000));
        pair_run_for(p, 200000000); /* TIME_WAIT and the neighbour caches too */
        host_stop_app(p->host[1], receiver->id, p->now_us);
        struct app *apps[] = {sender, receiver};
        for (unsigned i = 0; i < 2; i++) { /* as when its id is used again */
            apps[i]->programs->app[apps[i]->id] = NULL;
            app_destroy(apps[i]);
        }
        if (round == 1)
            settled = p->arena->in_use;
        if (round > 1)
            assert_int_equal(p->arena->in_use, settled);
    }
    pair_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_pattern),
        cmocka_unit_test(test_steps_are_traced),
        cmocka_unit_test(test_start_is_the_root),
        cmocka_unit_test(test_memory_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
