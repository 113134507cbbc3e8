/*
 * transport/tcp_demux.c: which connection a segment is for, who has which port, ephemeral ports, initial
 * sequence numbers.
 */
#include "unit/support/conn.h"

static struct pair *p;
static struct sockets *s;

static int setup(void **state)
{
    (void)state;
    p = pair_create(NULL);
    s = pair_sockets(p, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_destroy(p);
    return 0;
}

static const struct ip_endpoint any_80 = {{0, 0}, 80};

static int open_tcp(void)
{
    int handle = socket_open(s, SOCKET_TCP);
    assert_true(handle > 0);
    return handle;
}

static int bind_to(uint32_t addr, uint16_t port, bool reuse)
{
    int handle = open_tcp();
    assert_int_equal(socket_setopt(s, handle, SOCKET_OPT_SO_REUSEADDR, reuse), 0);
    int status = socket_bind(s, handle, (struct ip_endpoint){ip_addr_v4(addr), port});
    if (status < 0)
        assert_int_equal(socket_close(s, handle), 0);
    return status < 0 ? status : handle;
}

static void test_bind_conflicts(void **state)
{
    (void)state;
    int first = bind_to(0, 80, false);
    assert_true(first > 0);
    assert_int_equal(bind_to(0, 80, false), STATUS_EADDRINUSE);
    assert_int_equal(bind_to(0x0a000001, 80, false), STATUS_EADDRINUSE); /* "any" covers it */
    assert_int_equal(bind_to(0, 80, true), STATUS_EADDRINUSE);           /* both must say so */
    assert_true(bind_to(0, 81, false) > 0);
    assert_int_equal(socket_bind(s, first, any_80), STATUS_EINVAL); /* bound already */
    assert_int_equal(socket_close(s, first), 0);
    assert_true(bind_to(0x0a000001, 80, false) > 0);
    assert_true(bind_to(0x7f000001, 80, false) > 0); /* another address: no conflict */
    assert_int_equal(bind_to(0x0a000063, 80, false), STATUS_EADDRNOTAVAIL);
}

static void test_reuse_address(void **state)
{
    (void)state;
    int first = bind_to(0, 80, true);
    assert_true(first > 0);
    int second = bind_to(0, 80, true);
    assert_true(second > 0);
    assert_int_equal(socket_listen(s, first, 1), 0);
    assert_int_equal(socket_listen(s, second, 1), STATUS_EADDRINUSE); /* one listener only */
    assert_int_equal(bind_to(0, 80, true), STATUS_EADDRINUSE);        /* not beside one that listens */
}

/* The listener on the very address goes before the one on any. */
static void test_listener_choice(void **state)
{
    (void)state;
    struct tcp *t = host_tcp(p->host[0]);
    int any = bind_to(0, 80, true), exact = bind_to(0x0a000001, 80, true);
    assert_true(any > 0 && exact > 0);
    assert_null(tcp_demux_listener(t, (struct ip_endpoint){pair_addr(0), 80})); /* bound is not listening */
    assert_int_equal(socket_listen(s, any, 1), 0);
    assert_ptr_equal(tcp_demux_listener(t, (struct ip_endpoint){pair_addr(0), 80}),
                     conn_of_socket(p, 0, any));
    assert_int_equal(socket_listen(s, exact, 1), 0);
    assert_ptr_equal(tcp_demux_listener(t, (struct ip_endpoint){pair_addr(0), 80}),
                     conn_of_socket(p, 0, exact));
    assert_ptr_equal(tcp_demux_listener(t, (struct ip_endpoint){ip_addr_v4(0x7f000001), 80}),
                     conn_of_socket(p, 0, any));
    assert_null(tcp_demux_listener(t, (struct ip_endpoint){pair_addr(0), 81}));
    assert_null(
        tcp_demux_listener(t, (struct ip_endpoint){pair_addr(0), 80 ^ 0x0101})); /* in the same bucket */
}

static uint16_t local_port(int handle)
{
    struct socket_info info;
    assert_int_equal(socket_info(s, handle, &info), 0);
    return info.local.port;
}

/* RFC 6056: from the dynamic range, no two alike, not one after the other. */
static void test_ephemeral_ports(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    uint16_t ports[COUNT];
    int steps = 0;
    for (int i = 0; i < COUNT; i++) {
        int handle = open_tcp();
        assert_int_equal(socket_bind(s, handle, (struct ip_endpoint){{0, 0}, 0}), 0);
        ports[i] = local_port(handle);
        assert_in_range(ports[i], 49152, 65535);
        for (int j = 0; j < i; j++)
            assert_int_not_equal(ports[i], ports[j]);
        steps += i > 0 && ports[i] == ports[i - 1] + 1;
    }
    assert_true(steps < COUNT / 10);
}

/* All ephemeral ports are taken: a connection can still share one, as the four of addresses and ports tell
 * them apart; a bind cannot. */
static void test_ports_run_out(void **state)
{
    (void)state;
    struct pair_config pc;
    pair_config_default(&pc);
    pc.arena_bytes = 64u << 20;
    pair_destroy(p);
    p = pair_create(&pc);
    s = pair_sockets(p, 0);
    struct tcp *t = host_tcp(p->host[0]);
    static int owner;
    for (unsigned i = 0; i < TCP_EPHEMERAL_COUNT; i++) {
        struct tcp_conn *c = tcp_conn_new(t, &owner, TRACE_NO_SOCKET);
        assert_non_null(c);
        assert_int_equal(tcp_port_claim(c, (struct ip_endpoint){{0, 0}, (uint16_t)(TCP_EPHEMERAL_FIRST + i)}),
                         0);
    }
    int handle = open_tcp();
    assert_int_equal(socket_bind(s, handle, (struct ip_endpoint){{0, 0}, 0}), STATUS_EADDRINUSE);
    assert_int_equal(socket_connect(s, handle, pair_endpoint(1, 80)), STATUS_EINPROGRESS);
    int other = open_tcp();
    assert_int_equal(socket_connect(s, other, pair_endpoint(1, 80)), STATUS_EINPROGRESS);
    assert_int_not_equal(local_port(handle), local_port(other));
}

/* Connections are found among thousands, after the table has grown, and not found after they are gone. */
static void test_table_grows(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    struct tcp *t = host_tcp(p->host[0]);
    static struct tcp_conn *all[COUNT];
    static int owner;
    for (uint32_t i = 0; i < COUNT; i++) {
        all[i] = tcp_conn_new(t, &owner, TRACE_NO_SOCKET);
        assert_non_null(all[i]);
        all[i]->local = (struct ip_endpoint){pair_addr(0), (uint16_t)(1000 + i % 7)};
        all[i]->remote = (struct ip_endpoint){ip_addr_v4(0x0a000100 + i / 100), (uint16_t)(2000 + i % 700)};
        assert_int_equal(tcp_demux_add(all[i]), 0);
    }
    assert_true(t->demux_buckets >= COUNT);
    assert_int_equal(t->demux_count, COUNT);
    for (uint32_t i = 0; i < COUNT; i++)
        assert_ptr_equal(tcp_demux_find(t, all[i]->local, all[i]->remote), all[i]);
    struct tcp_conn *twin = tcp_conn_new(t, &owner, TRACE_NO_SOCKET);
    twin->local = all[17]->local;
    twin->remote = all[17]->remote;
    assert_int_equal(tcp_demux_add(twin), STATUS_EADDRINUSE);
    for (uint32_t i = 0; i < COUNT; i += 2)
        tcp_demux_remove(all[i]);
    for (uint32_t i = 0; i < COUNT; i++)
        assert_ptr_equal(tcp_demux_find(t, all[i]->local, all[i]->remote), i % 2 ? all[i] : NULL);
    tcp_demux_remove(all[0]); /* twice does nothing */
    assert_int_equal(t->demux_count, COUNT / 2);
}

/* RFC 6528: one more each 4 us; another connection, another host, another number. */
static void test_initial_sequence_numbers(void **state)
{
    (void)state;
    int handle;
    struct tcp_conn *c = conn_open(p, 0, &handle);
    c->local = (struct ip_endpoint){pair_addr(0), 50000};
    c->remote = pair_endpoint(1, 80);
    seq_t first = tcp_initial_seq(c);
    assert_int_equal(tcp_initial_seq(c), first);
    tcp_machine(c)->now_us += 4000;
    assert_int_equal(tcp_initial_seq(c), first + 1000);
    tcp_machine(c)->now_us += INT64_C(4) << 32; /* once around, in four and a half hours */
    assert_int_equal(tcp_initial_seq(c), first + 1000);
    c->remote.port = 81;
    seq_t other = tcp_initial_seq(c);
    assert_int_not_equal(other, first + 1000);
    c->remote.port = 80;
    c->local.port = 50001;
    assert_int_not_equal(tcp_initial_seq(c), first + 1000);
    assert_int_not_equal(tcp_initial_seq(c), other);
    c->local.port = 50000;
    c->remote.addr = ip_addr_v4(0x0a000003);
    assert_int_not_equal(tcp_initial_seq(c), first + 1000);
    c->local.addr = (struct ip_addr){UINT64_C(0x20010db800000000), 1}; /* IPv6's differ in either half */
    c->remote.addr = (struct ip_addr){UINT64_C(0x20010db800000000), 2};
    other = tcp_initial_seq(c);
    c->remote.addr.hi++;
    assert_int_not_equal(tcp_initial_seq(c), other);
    c->remote = pair_endpoint(1, 80);
    c->local = (struct ip_endpoint){{0, 0}, 0};
    int theirs;
    struct tcp_conn *d = conn_open(p, 1, &theirs);
    d->local = (struct ip_endpoint){pair_addr(0), 50000};
    d->remote = pair_endpoint(1, 80);
    assert_int_not_equal(tcp_initial_seq(d), first); /* the secret is another */
    d->local = (struct ip_endpoint){{0, 0}, 0};
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bind_conflicts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reuse_address, setup, teardown),
        cmocka_unit_test_setup_teardown(test_listener_choice, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ephemeral_ports, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ports_run_out, setup, teardown),
        cmocka_unit_test_setup_teardown(test_table_grows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_initial_sequence_numbers, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
