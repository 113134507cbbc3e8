/*
 * transport/cc_none.c: no congestion control, and the table of all there are.
 */
#include "unit/support/conn.h"

static void test_does_not_limit(void **state)
{
    (void)state;
    int handle;
    struct pair *p = pair_create(NULL);
    struct tcp_conn *c = conn_open(p, 0, &handle);
    const struct tcp_cc *cc = tcp_cc_of(TCP_CONGESTION_NONE);
    c->snd_mss = 1000;
    cc->start(c);
    assert_false(cc->limits);
    uint32_t before = c->cwnd;
    assert_true(before > 1u << 30);
    cc->acked(c, 5000);
    assert_int_equal(c->cwnd, before);
    assert_int_equal(cc->threshold(c, 5000), before);
    assert_int_equal(cc->after_timeout(c), before);
    pair_destroy(p);
}

static void test_names(void **state)
{
    (void)state;
    for (int i = 0; i < TCP_CONGESTION_COUNT; i++) {
        const char *name = tcp_congestion_name((enum tcp_congestion)i);
        assert_int_equal(tcp_congestion_find(bytes_of(name, strlen(name))), i);
        assert_non_null(tcp_cc_of((enum tcp_congestion)i));
    }
    assert_int_equal(tcp_congestion_find(bytes_of("none", 4)), TCP_CONGESTION_NONE);
    assert_int_equal(tcp_congestion_find(bytes_of("newreno", 7)), TCP_CONGESTION_NEWRENO);
    assert_int_equal(tcp_congestion_find(bytes_of("newren", 6)), STATUS_ENOENT);
    assert_int_equal(tcp_congestion_find(bytes_of("vegas", 5)), STATUS_ENOENT);
    assert_string_equal(tcp_congestion_name(TCP_CONGESTION_COUNT), "?");
}

/* A window as large as the peer allows goes out at once, and again after it was lost. */
static void lose_first(void *context, struct pair_frame *f)
{
    unsigned *left = context;
    struct tcp_repr tcp;
    struct bytes payload;
    if (*left && pair_frame_tcp(f, &tcp, &payload) && payload.len) {
        f->copies = 0;
        --*left;
    }
}

static void test_transfer_with_loss(void **state)
{
    (void)state;
    struct pair_config pc;
    pair_config_default(&pc);
    pc.host[0].tcp.congestion = TCP_CONGESTION_NONE;
    struct pair *p = pair_create(&pc);
    unsigned left = 20;
    p->hook = lose_first;
    p->hook_context = &left;
    struct app_config rc = {.port = 5000, .close_at_end = true};
    struct app_config sc = {.peer = pair_endpoint(1, 5000), .total_bytes = 300000, .close_at_end = true};
    struct app *receiver = pair_start(p, 1, &app_receiver, &rc);
    struct app *sender = pair_start(p, 0, &app_sender, &sc);
    assert_true(pair_run_until_done(p, sender, 60000000));
    pair_run_for(p, 1000000);
    assert_int_equal(left, 0);
    assert_int_equal(receiver->received_bytes, 300000);
    pair_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_does_not_limit),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_transfer_with_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
