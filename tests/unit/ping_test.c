/*
 * application/ping.h: answers are timed exactly, each request counts once, and what is not answered in a
 * second is lost.
 */
#include "unit/support/pair.h"
#include "unit/support/property.h"

#include "wire/ethernet.h"

static const struct app_config FOUR_PINGS = {.peer = {.addr = {0, IPV4_MAPPED_PREFIX | 0x0a000002}},
                                             .interval_us = 100000};

static bool is_echo(const struct pair_frame *f)
{
    return f->len > ETHERNET_HEADER + 20 && be16_load(f->bytes + 12) == ETHERNET_TYPE_IPV4 &&
           f->bytes[ETHERNET_HEADER + 9] == IP_PROTOCOL_ICMP;
}

static void test_four_answers(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *a = pair_start(p, 0, &app_ping, &FOUR_PINGS);
    assert_true(pair_run_until_done(p, a, 10000000));
    assert_int_equal(a->error, 0);
    assert_int_equal(a->sent_messages, 4);
    assert_int_equal(a->received_messages, 4);
    assert_int_equal(a->lost_messages, 0);
    assert_int_equal(a->sent_bytes, 4 * 56);
    assert_int_equal(a->received_bytes, 4 * 56);
    assert_int_equal(p->now_us, 3 * 100000 + 20000); /* the last answer ends it */
    assert_int_equal(socket_next(pair_sockets(p, 0), 0), 0);
    pair_destroy(p);
}

static void test_a_payload_is_as_long_as_asked_for(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = FOUR_PINGS;
    c.total_bytes = 1000;
    struct app *a = pair_start(p, 0, &app_ping, &c);
    assert_true(pair_run_until_done(p, a, 10000000));
    assert_int_equal(a->sent_bytes, 4 * 1000);
    assert_int_equal(a->received_bytes, 4 * 1000);
    c.total_bytes = 65508;
    assert_int_equal(pair_start(p, 0, &app_ping, &c)->error, STATUS_EMSGSIZE);
    pair_destroy(p);
}

static void test_round_trip_times(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *a = pair_start(p, 0, &app_ping, &FOUR_PINGS);
    assert_true(pair_run_until_done(p, a, 10000000));
    assert_int_equal(pair_event_count(p, 0, TRACE_PING_REPLY), 4);
    const struct trace_event *e = pair_event(p, 0, TRACE_PING_REPLY, 0);
    for (int sequence = 3; sequence >= 0; sequence--, e = pair_event(p, 0, TRACE_PING_REPLY, e->id)) {
        assert_non_null(e);
        assert_int_equal(e->u.ping_reply.sequence, sequence);
        assert_int_equal(e->u.ping_reply.rtt_us, sequence == 0 ? 40000 : 20000); /* ARP comes first */
        assert_int_equal(e->u.ping_reply.addr, 0x0a000002);
        assert_non_null(pair_cause(p, e, TRACE_FRAME_DELIVERED));
        if (sequence == 0)
            break;
    }
    pair_destroy(p);
}

/* Drops the second request, doubles the third's answer, and lets the fourth's come after 1.2 s. */
static void disturb(void *context, struct pair_frame *f)
{
    unsigned *echoes = context;
    if (!is_echo(f))
        return;
    unsigned n = echoes[f->from]++;
    if (f->from == 0 && n == 1)
        f->copies = 0;
    if (f->from == 1 && n == 1)
        f->copies = 2;
    if (f->from == 1 && n == 2)
        f->arrival_us += 1200000;
}

static void test_lost_doubled_and_late(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    unsigned echoes[2] = {0, 0};
    p->hook = disturb;
    p->hook_context = echoes;
    struct app *a = pair_start(p, 0, &app_ping, &FOUR_PINGS);
    assert_true(pair_run_until_done(p, a, 10000000));
    pair_run_for(p, 2000000);
    assert_int_equal(a->error, 0);
    assert_int_equal(a->sent_messages, 4);
    assert_int_equal(a->received_messages, 2);
    assert_int_equal(a->lost_messages, 2);
    pair_destroy(p);
}

static void test_nobody_there(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = FOUR_PINGS;
    c.peer.addr = ip_addr_v4(0x0a000063);
    struct app *a = pair_start(p, 0, &app_ping, &c);
    assert_true(pair_run_until_done(p, a, 20000000));
    assert_int_equal(a->received_messages, 0);
    assert_int_equal(a->lost_messages, a->sent_messages);
    assert_true(a->sent_messages > 0);
    pair_destroy(p);
}

static void test_no_route(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = FOUR_PINGS;
    c.peer.addr = ip_addr_v4(0x08080808);
    struct app *a = pair_start(p, 0, &app_ping, &c);
    assert_true(a->done);
    assert_int_equal(a->error, STATUS_ENETUNREACH);
    assert_int_equal(socket_next(pair_sockets(p, 0), 0), 0);
    pair_destroy(p);
}

/* More requests without an answer than it remembers: it waits, and still counts each. */
static void drop_all_echoes(void *context, struct pair_frame *f)
{
    (void)context;
    if (is_echo(f))
        f->copies = 0;
}

static void test_fast_and_all_lost(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config c = FOUR_PINGS;
    c.count = 300;
    c.interval_us = 1000;
    p->hook = drop_all_echoes;
    struct app *a = pair_start(p, 0, &app_ping, &c);
    assert_true(pair_run_until_done(p, a, 20000000));
    assert_int_equal(a->sent_messages, 300);
    assert_int_equal(a->lost_messages, 300);
    assert_int_equal(p->now_us,
                     3 * 1000000 + (300 - 2 * 128 - 1) * 1000); /* three windows of 128, each a second */
    pair_destroy(p);
}

static void test_stop(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *a = pair_start(p, 0, &app_ping, &FOUR_PINGS);
    pair_run_for(p, 150000);
    host_stop_app(p->host[0], a->id, p->now_us);
    assert_true(a->done);
    assert_int_equal(a->sent_messages, 2);
    assert_int_equal(socket_next(pair_sockets(p, 0), 0), 0);
    pair_run_for(p, 5000000);
    assert_int_equal(a->sent_messages, 2);
    pair_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_four_answers),      cmocka_unit_test(test_a_payload_is_as_long_as_asked_for),
        cmocka_unit_test(test_round_trip_times),  cmocka_unit_test(test_lost_doubled_and_late),
        cmocka_unit_test(test_nobody_there),      cmocka_unit_test(test_no_route),
        cmocka_unit_test(test_fast_and_all_lost), cmocka_unit_test(test_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
