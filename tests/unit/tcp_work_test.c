/*
 * transport/tcp_work.c: a connection that does nothing is small, and wakes for whatever may come: a segment,
 * a call, memory or not.
 */
#include "socket/socket_table.h"
#include "unit/support/conn.h"

enum { PORT = 80 };

static struct pair *p;
static struct tcp_conn *c[2];
static int handle[2];

/* Two ends of a connection that has been idle for a second. */
static int setup(void **state)
{
    (void)state;
    p = pair_create(NULL);
    pair_connect(p, PORT, &handle[0], &handle[1]);
    pair_run_for(p, 1000000);
    for (unsigned i = 0; i < 2; i++)
        c[i] = conn_of_socket(p, i, handle[i]);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_destroy(p);
    return 0;
}

static void send_from(unsigned from, const char *text)
{
    size_t len = strlen(text);
    assert_int_equal(socket_send(pair_sockets(p, from), handle[from], bytes_of(text, len), 0), len);
}

static void received_by(unsigned to, const char *text)
{
    uint8_t got[64];
    size_t len = strlen(text);
    assert_int_equal(socket_recv(pair_sockets(p, to), handle[to], room_of(got, sizeof got), 0), len);
    assert_memory_equal(got, text, len);
}

static void assert_both_rest(void)
{
    for (unsigned i = 0; i < 2; i++)
        assert_ptr_equal(c[i]->work, &tcp_at_rest);
}

/* 512 bytes an end; the rest of them is this connection's share of the table of all. */
static void test_small(void **state)
{
    (void)state;
    size_t bytes = arena_block_size(sizeof(struct tcp_conn)) + arena_block_size(sizeof(struct socket));
    assert_in_range(bytes, 1, 512 - 2 * sizeof(void *));
    assert_both_rest();
}

static void test_resting_gives_memory_back(void **state)
{
    (void)state;
    size_t before = p->arena->in_use;
    for (unsigned round = 0; round < 3; round++) {
        send_from(0, "a question");
        assert_true(c[0]->work != &tcp_at_rest);
        pair_run_for(p, 100000);
        received_by(1, "a question");
        send_from(1, "an answer");
        pair_run_for(p, 1000000);
        received_by(0, "an answer");
        pair_run_for(p, 1000000);
        assert_both_rest();
    }
    assert_int_equal(p->arena->in_use, before);
}

/* What is asked of it at rest is what it is: open, empty, no timer. */
static void test_looks_empty(void **state)
{
    (void)state;
    struct tcp_info info;
    tcp_status(c[0], &info);
    assert_int_equal(info.state, TCP_ESTABLISHED);
    assert_int_equal(info.send_queue_bytes + info.receive_queue_bytes + info.unacked_bytes, 0);
    for (int kind = 0; kind < TCP_TIMER_COUNT; kind++)
        assert_int_equal(info.timer_due_us[kind], TIME_NEVER);
    assert_int_equal(socket_poll(pair_sockets(p, 0), handle[0]), SOCKET_WRITABLE);
    uint8_t byte;
    assert_int_equal(socket_recv(pair_sockets(p, 0), handle[0], room_of(&byte, 1), 0), STATUS_EAGAIN);
    assert_both_rest();
}

static void test_unread_keeps_it_awake(void **state)
{
    (void)state;
    send_from(0, "unread");
    pair_run_for(p, 2000000);
    assert_ptr_equal(c[0]->work, &tcp_at_rest);
    assert_true(c[1]->work != &tcp_at_rest);
    received_by(1, "unread");
    assert_ptr_equal(c[1]->work, &tcp_at_rest); /* no timer will run out: reading was the last thing to do */
}

static void test_keepalive_wakes_and_stays(void **state)
{
    (void)state;
    struct sockets *s = pair_sockets(p, 0);
    assert_int_equal(socket_setopt(s, handle[0], SOCKET_OPT_TCP_KEEPIDLE_MS, 5000), 0);
    assert_both_rest();
    assert_int_equal(socket_setopt(s, handle[0], SOCKET_OPT_SO_KEEPALIVE, 1), 0);
    uint32_t sent = c[0]->segments_out;
    pair_run_for(p, 4999999);
    assert_int_equal(c[0]->segments_out, sent);
    pair_run_for(p, 1);
    assert_int_equal(c[0]->segments_out, sent + 1);
}

static void test_half_closed_rests(void **state)
{
    (void)state;
    assert_int_equal(socket_shutdown(pair_sockets(p, 0), handle[0], SOCKET_SHUT_WR), 0);
    pair_run_for(p, 2000000);
    assert_int_equal(c[0]->state, TCP_FIN_WAIT_2);
    assert_int_equal(c[1]->state, TCP_CLOSE_WAIT);
    assert_both_rest();
    send_from(1, "still open");
    pair_run_for(p, 100000);
    received_by(0, "still open");
    socket_close(pair_sockets(p, 1), handle[1]);
    pair_run_for(p, 100000);
    assert_int_equal(c[0]->state, TCP_TIME_WAIT);
}

/* What the arena has free of the size that waking needs; it is made to end where it has been used up to. */
struct block {
    struct block *next;
};

static size_t arena_size;

static struct block *take_all(void)
{
    struct block *all = NULL, *b;
    arena_size = p->arena->size;
    p->arena->size = p->arena->used;
    while ((b = arena_alloc(p->arena, sizeof(struct tcp_work)))) {
        b->next = all;
        all = b;
    }
    return all;
}

static void give_all(struct block *all)
{
    p->arena->size = arena_size;
    while (all) {
        struct block *next = all->next;
        arena_free(p->arena, all, sizeof(struct tcp_work));
        all = next;
    }
}

static void test_no_memory_to_wake(void **state)
{
    (void)state;
    struct sockets *s = pair_sockets(p, 0);
    send_from(0, "first"); /* so that there are rings to be had again, whatever take_all() takes */
    pair_run_for(p, 100000);
    received_by(1, "first");
    pair_run_for(p, 2000000);
    assert_both_rest();
    struct block *all = take_all();
    assert_int_equal(socket_send(s, handle[0], bytes_of("x", 1), 0), STATUS_ENOBUFS);
    assert_int_equal(socket_setopt(s, handle[0], SOCKET_OPT_SO_KEEPALIVE, 1), STATUS_ENOBUFS);
    assert_int_equal(socket_shutdown(s, handle[0], SOCKET_SHUT_WR), STATUS_ENOBUFS);
    give_all(all);
    send_from(0, "again");
    all = take_all(); /* the receiver cannot wake: as if the segment were lost */
    pair_run_for(p, 100000);
    assert_int_equal(c[1]->rcv.nxt, c[1]->rcv.irs + 6);
    give_all(all);
    pair_run_for(p, 2000000);
    received_by(1, "again");
    all = take_all();
    assert_int_equal(socket_close(pair_sockets(p, 0), handle[0]), 0); /* not in order: there is no memory */
    give_all(all);
    assert_int_equal(tcp_counters(host_tcp(p->host[0]))->connections, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_small, setup, teardown),
        cmocka_unit_test_setup_teardown(test_resting_gives_memory_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_looks_empty, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unread_keeps_it_awake, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keepalive_wakes_and_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(test_half_closed_rests, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_memory_to_wake, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
