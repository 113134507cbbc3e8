/*
 * transport/tcp_timer.c: many deadlines on one timer of the host's queue. Moving a deadline away costs
 * nothing, and no deadline is missed.
 * What fires, and what follows from it, is in tests/pkt/scripts.
 */
#include "unit/support/conn.h"

static struct pair *p;
static struct tcp_conn *c;
static int client, server;

static int setup(void **state)
{
    (void)state;
    p = pair_create(NULL);
    pair_connect(p, 80, &client, &server);
    pair_run_for(p, 1000000);
    c = conn_of_socket(p, 0, client);
    pair_sockets(p, 0); /* its clock says what time it is */
    assert_int_equal(tcp_wake(c), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_destroy(p);
    return 0;
}

static void test_later_is_a_store(void **state)
{
    (void)state;
    int64_t now_us = tcp_now(c);
    tcp_timer_arm(c, TCP_TIMER_KEEPALIVE, now_us + 1000);
    assert_int_equal(c->work->timer.due_us, now_us + 1000);
    tcp_timer_arm(c, TCP_TIMER_KEEPALIVE, now_us + 50000);
    assert_int_equal(c->work->deadline_us[TCP_TIMER_KEEPALIVE], now_us + 50000);
    assert_int_equal(c->work->timer.due_us, now_us + 1000); /* the queue has not been touched */
    tcp_timer_arm(c, TCP_TIMER_DELAYED_ACK, now_us + 500);
    assert_int_equal(c->work->timer.due_us, now_us + 500);
    tcp_timer_stop(c, TCP_TIMER_DELAYED_ACK);
    assert_false(tcp_timer_running(c, TCP_TIMER_DELAYED_ACK));
    assert_int_equal(c->work->timer.due_us, now_us + 500);
}

/* The queue's timer fires too early, finds nothing due, and is armed for what is left. */
static void test_early_firing_rearms(void **state)
{
    (void)state;
    int64_t now_us = tcp_now(c);
    tcp_timer_arm(c, TCP_TIMER_DELAYED_ACK, now_us + 1000);
    tcp_timer_arm(c, TCP_TIMER_DELAYED_ACK, now_us + 9000);
    uint64_t sent = c->segments_out;
    pair_run_until(p, now_us + 1000);
    assert_int_equal(c->segments_out, sent);
    assert_int_equal(c->work->timer.due_us, now_us + 9000);
    pair_run_until(p, now_us + 8999);
    assert_int_equal(c->segments_out, sent);
    pair_run_until(p, now_us + 9000);
    assert_int_equal(c->segments_out, sent + 1);
    assert_false(tcp_timer_running(c, TCP_TIMER_DELAYED_ACK));
}

static void test_nothing_left_nothing_armed(void **state)
{
    (void)state;
    int64_t now_us = tcp_now(c);
    tcp_timer_arm(c, TCP_TIMER_DELAYED_ACK, now_us + 1000);
    tcp_timer_stop(c, TCP_TIMER_DELAYED_ACK);
    uint64_t sent = c->segments_out;
    pair_run_until(p, now_us + 2000);
    assert_ptr_equal(c->work, &tcp_at_rest);
    assert_int_equal(c->segments_out, sent);
}

static void test_stop_all(void **state)
{
    (void)state;
    for (int kind = 0; kind < TCP_TIMER_COUNT; kind++)
        tcp_timer_arm(c, (enum tcp_timer_kind)kind, tcp_now(c) + 1000 + kind);
    tcp_timer_stop_all(c);
    for (int kind = 0; kind < TCP_TIMER_COUNT; kind++)
        assert_false(tcp_timer_running(c, (enum tcp_timer_kind)kind));
    assert_false(timer_armed(&c->work->timer));
}

/* Two deadlines on one microsecond: both are served. */
static void test_same_moment(void **state)
{
    (void)state;
    int64_t due_us = tcp_now(c) + 1000;
    assert_int_equal(socket_setopt(pair_sockets(p, 0), client, SOCKET_OPT_SO_KEEPALIVE, 1), 0);
    c->work->heard_us = due_us - (int64_t)c->user.keepalive_idle_ms * 1000;
    tcp_timer_arm(c, TCP_TIMER_DELAYED_ACK, due_us);
    tcp_timer_arm(c, TCP_TIMER_KEEPALIVE, due_us);
    uint64_t sent = c->segments_out;
    pair_run_until(p, due_us);
    assert_true(c->segments_out > sent);
    assert_int_equal(c->probes, 1);
    assert_true(c->work->deadline_us[TCP_TIMER_KEEPALIVE] > due_us);
    assert_false(tcp_timer_running(c, TCP_TIMER_DELAYED_ACK));
}

/* A whole transfer moves deadlines thousands of times and arms the queue's timer only now and then. */
static void test_transfer(void **state)
{
    (void)state;
    struct app_config rc = {.port = 5000, .close_at_end = true};
    struct app_config sc = {.peer = pair_endpoint(1, 5000), .total_bytes = 1 << 20, .close_at_end = true};
    pair_start(p, 1, &app_receiver, &rc);
    struct app *sender = pair_start(p, 0, &app_sender, &sc);
    assert_true(pair_run_until_done(p, sender, tcp_now(c) + 60000000));
    assert_int_equal(sender->error, 0);
    pair_run_for(p, 70000000); /* TIME_WAIT is over */
    assert_int_equal(tcp_counters(host_tcp(p->host[0]))->connections, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_later_is_a_store, setup, teardown),
        cmocka_unit_test_setup_teardown(test_early_firing_rearms, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_left_nothing_armed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stop_all, setup, teardown),
        cmocka_unit_test_setup_teardown(test_same_moment, setup, teardown),
        cmocka_unit_test_setup_teardown(test_transfer, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
