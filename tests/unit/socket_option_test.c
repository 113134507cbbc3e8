/*
 * socket/socket_option.c: every option, for every kind of socket: what it begins with, its bounds, what it
 * does not apply to.
 */
#include "unit/support/conn.h"

static struct pair *p;
static struct sockets *s;
static int tcp, udp, ping;

static int setup(void **state)
{
    (void)state;
    p = pair_create(NULL);
    s = pair_sockets(p, 0);
    tcp = socket_open(s, SOCKET_TCP);
    udp = socket_open(s, SOCKET_UDP);
    ping = socket_open(s, SOCKET_PING);
    assert_true(tcp > 0 && udp > 0 && ping > 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_destroy(p);
    return 0;
}

static int64_t get(int handle, enum socket_option option)
{
    int64_t value = -12345;
    int status = socket_getopt(s, handle, option, &value);
    return status < 0 ? status : value;
}

/* `first`: what it is at the beginning; then each bound can be set and read, and one beyond it can not. */
static void check_range(int handle, enum socket_option option, int64_t first, int64_t least, int64_t most)
{
    assert_int_equal(get(handle, option), first);
    assert_int_equal(socket_setopt(s, handle, option, least), 0);
    assert_int_equal(get(handle, option), least);
    assert_int_equal(socket_setopt(s, handle, option, most), 0);
    assert_int_equal(get(handle, option), most);
    assert_int_equal(socket_setopt(s, handle, option, least - 1), STATUS_EINVAL);
    assert_int_equal(socket_setopt(s, handle, option, most + 1), STATUS_EINVAL);
    assert_int_equal(socket_setopt(s, handle, option, INT64_MIN), STATUS_EINVAL);
    assert_int_equal(socket_setopt(s, handle, option, INT64_MAX), STATUS_EINVAL);
    assert_int_equal(get(handle, option), most);
}

static void test_tcp_ranges(void **state)
{
    (void)state;
    check_range(tcp, SOCKET_OPT_TCP_NODELAY, 0, 0, 1);
    check_range(tcp, SOCKET_OPT_TCP_CORK, 0, 0, 1);
    check_range(tcp, SOCKET_OPT_TCP_QUICKACK, 0, 0, 1);
    check_range(tcp, SOCKET_OPT_TCP_MAXSEG, 0, 88, 32767);
    check_range(tcp, SOCKET_OPT_TCP_USER_TIMEOUT, 0, 0, UINT32_MAX);
    check_range(tcp, SOCKET_OPT_TCP_CONGESTION, TCP_CONGESTION_NEWRENO, 0, TCP_CONGESTION_COUNT - 1);
    check_range(tcp, SOCKET_OPT_TCP_KEEPIDLE_MS, 7200000, 1, UINT32_MAX);
    check_range(tcp, SOCKET_OPT_TCP_KEEPINTVL_MS, 75000, 1, UINT32_MAX);
    check_range(tcp, SOCKET_OPT_TCP_KEEPCNT, 9, 1, 127);
    check_range(tcp, SOCKET_OPT_TCP_SYNCNT, 7, 1, 127);
    check_range(tcp, SOCKET_OPT_TCP_FASTOPEN, 0, 0, 65535);
    check_range(tcp, SOCKET_OPT_TCP_FASTOPEN_CONNECT, 0, 0, 1);
    check_range(tcp, SOCKET_OPT_SO_KEEPALIVE, 0, 0, 1);
    check_range(tcp, SOCKET_OPT_IP_TTL, 64, 1, 255);
    check_range(tcp, SOCKET_OPT_IP_TOS, 0, 0, 255);
}

static void test_udp_ranges(void **state)
{
    (void)state;
    check_range(udp, SOCKET_OPT_SO_NO_CHECK, 0, 0, 1);
    check_range(udp, SOCKET_OPT_IP_TTL, 64, 1, 255);
    check_range(udp, SOCKET_OPT_IP_TOS, 0, 0, 255);
}

/* Buffers: any size may be asked for; what is given is no less than a least, as on Linux. */
static void test_buffers(void **state)
{
    (void)state;
    const enum socket_option options[] = {SOCKET_OPT_SO_SNDBUF, SOCKET_OPT_SO_RCVBUF};
    for (int i = 0; i < 2; i++) {
        assert_true(get(tcp, options[i]) >= 65536);
        assert_int_equal(socket_setopt(s, tcp, options[i], 100000), 0);
        assert_int_equal(get(tcp, options[i]), 100000);
        assert_int_equal(socket_setopt(s, tcp, options[i], 1), 0);
        assert_int_equal(get(tcp, options[i]), 2048);
        assert_int_equal(socket_setopt(s, tcp, options[i], 0), STATUS_EINVAL);
        assert_int_equal(socket_setopt(s, tcp, options[i], -1), STATUS_EINVAL);
    }
    assert_int_equal(socket_setopt(s, udp, SOCKET_OPT_SO_RCVBUF, 5000), 0);
    assert_int_equal(get(udp, SOCKET_OPT_SO_RCVBUF), 5000);
    assert_int_equal(socket_setopt(s, udp, SOCKET_OPT_SO_RCVBUF, 0), STATUS_EINVAL);
}

static void test_linger_and_reuse(void **state)
{
    (void)state;
    assert_int_equal(get(tcp, SOCKET_OPT_SO_LINGER_MS), -1);
    assert_int_equal(socket_setopt(s, tcp, SOCKET_OPT_SO_LINGER_MS, 0), 0);
    assert_int_equal(get(tcp, SOCKET_OPT_SO_LINGER_MS), 0);
    assert_int_equal(socket_setopt(s, tcp, SOCKET_OPT_SO_LINGER_MS, -5), 0);
    assert_int_equal(get(tcp, SOCKET_OPT_SO_LINGER_MS), -1);
    assert_int_equal(get(tcp, SOCKET_OPT_SO_REUSEADDR), 0);
    assert_int_equal(socket_setopt(s, tcp, SOCKET_OPT_SO_REUSEADDR, 1), 0);
    assert_int_equal(get(tcp, SOCKET_OPT_SO_REUSEADDR), 1);
    assert_int_equal(socket_setopt(s, udp, SOCKET_OPT_SO_REUSEADDR, 1), 0);
    assert_int_equal(get(udp, SOCKET_OPT_SO_REUSEADDR), 1);
}

static void test_not_for_this_kind(void **state)
{
    (void)state;
    const enum socket_option tcp_only[] = {SOCKET_OPT_TCP_NODELAY,  SOCKET_OPT_TCP_CORK,
                                           SOCKET_OPT_TCP_MAXSEG,   SOCKET_OPT_SO_KEEPALIVE,
                                           SOCKET_OPT_SO_LINGER_MS, SOCKET_OPT_TCP_CONGESTION};
    for (size_t i = 0; i < sizeof tcp_only / sizeof *tcp_only; i++) {
        assert_int_equal(socket_setopt(s, udp, tcp_only[i], 1), STATUS_ENOPROTOOPT);
        assert_int_equal(get(udp, tcp_only[i]), STATUS_ENOPROTOOPT);
        assert_int_equal(socket_setopt(s, ping, tcp_only[i], 1), STATUS_ENOPROTOOPT);
        assert_int_equal(get(ping, tcp_only[i]), STATUS_ENOPROTOOPT);
    }
    assert_int_equal(socket_setopt(s, tcp, SOCKET_OPT_SO_NO_CHECK, 1), STATUS_ENOPROTOOPT);
    assert_int_equal(get(tcp, SOCKET_OPT_SO_NO_CHECK), STATUS_ENOPROTOOPT);
    const enum socket_option read_only[] = {SOCKET_OPT_SO_ERROR, SOCKET_OPT_SO_NREAD, SOCKET_OPT_SO_NWRITE};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(socket_setopt(s, tcp, read_only[i], 1), STATUS_ENOPROTOOPT);
        assert_int_equal(socket_setopt(s, udp, read_only[i], 1), STATUS_ENOPROTOOPT);
        assert_int_equal(get(tcp, read_only[i]), 0);
        assert_int_equal(get(udp, read_only[i]), 0);
    }
}

static void test_no_such_option(void **state)
{
    (void)state;
    int64_t value;
    assert_int_equal(socket_setopt(s, tcp, SOCKET_OPT_COUNT, 1), STATUS_ENOPROTOOPT);
    assert_int_equal(socket_getopt(s, tcp, (enum socket_option) - 1, &value), STATUS_ENOPROTOOPT);
    assert_string_equal(socket_option_name(SOCKET_OPT_TCP_NODELAY), "TCP_NODELAY");
    assert_string_equal(socket_option_name(SOCKET_OPT_COUNT), "?");
}

static void test_ping_ttl(void **state)
{
    (void)state;
    assert_int_equal(get(ping, SOCKET_OPT_IP_TTL), 64);
    assert_int_equal(socket_setopt(s, ping, SOCKET_OPT_IP_TTL, 3), 0);
    assert_int_equal(get(ping, SOCKET_OPT_IP_TTL), 3);
    assert_int_equal(socket_setopt(s, ping, SOCKET_OPT_IP_TTL, 0), STATUS_EINVAL);
    assert_int_equal(socket_setopt(s, ping, SOCKET_OPT_IP_TTL, 256), STATUS_EINVAL);
    assert_int_equal(get(ping, SOCKET_OPT_IP_TTL), 3);
}

/* One option does not touch its neighbours, whatever the width of its field. */
static void random_options(struct rng *rng)
{
    static const enum socket_option options[] = {SOCKET_OPT_TCP_NODELAY,
                                                 SOCKET_OPT_TCP_CORK,
                                                 SOCKET_OPT_TCP_QUICKACK,
                                                 SOCKET_OPT_TCP_MAXSEG,
                                                 SOCKET_OPT_TCP_USER_TIMEOUT,
                                                 SOCKET_OPT_TCP_KEEPIDLE_MS,
                                                 SOCKET_OPT_TCP_KEEPINTVL_MS,
                                                 SOCKET_OPT_TCP_KEEPCNT,
                                                 SOCKET_OPT_TCP_SYNCNT,
                                                 SOCKET_OPT_TCP_FASTOPEN,
                                                 SOCKET_OPT_TCP_FASTOPEN_CONNECT,
                                                 SOCKET_OPT_SO_KEEPALIVE,
                                                 SOCKET_OPT_IP_TTL,
                                                 SOCKET_OPT_IP_TOS};
    enum { OPTIONS = sizeof options / sizeof *options };
    int64_t want[OPTIONS];
    for (int i = 0; i < OPTIONS; i++)
        want[i] = get(tcp, options[i]);
    for (int n = 0; n < 30; n++) {
        uint32_t i = rng_below(rng, OPTIONS);
        int64_t value = rng_u32(rng) >> rng_below(rng, 32);
        if (socket_setopt(s, tcp, options[i], value) == 0)
            want[i] = value;
    }
    for (int i = 0; i < OPTIONS; i++)
        assert_int_equal(get(tcp, options[i]), want[i]);
}

static void test_options_are_apart(void **state)
{
    (void)state;
    property_run(200, random_options);
}

/* An accepted socket has what its listener had. */
static void test_inherited(void **state)
{
    (void)state;
    struct sockets *theirs = pair_sockets(p, 1);
    assert_int_equal(socket_setopt(s, tcp, SOCKET_OPT_TCP_NODELAY, 1), 0);
    assert_int_equal(socket_setopt(s, tcp, SOCKET_OPT_IP_TOS, 0x10), 0);
    assert_int_equal(socket_bind(s, tcp, (struct ip_endpoint){{0, 0}, 80}), 0);
    assert_int_equal(socket_listen(s, tcp, 1), 0);
    int client = socket_open(theirs, SOCKET_TCP);
    assert_int_equal(socket_connect(theirs, client, pair_endpoint(0, 80)), STATUS_EINPROGRESS);
    pair_run_for(p, 200000);
    int accepted = socket_accept(s, tcp, NULL);
    assert_true(accepted > 0);
    assert_int_equal(get(accepted, SOCKET_OPT_TCP_NODELAY), 1);
    assert_int_equal(get(accepted, SOCKET_OPT_IP_TOS), 0x10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_tcp_ranges, setup, teardown),
        cmocka_unit_test_setup_teardown(test_udp_ranges, setup, teardown),
        cmocka_unit_test_setup_teardown(test_buffers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_linger_and_reuse, setup, teardown),
        cmocka_unit_test_setup_teardown(test_not_for_this_kind, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_such_option, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ping_ttl, setup, teardown),
        cmocka_unit_test_setup_teardown(test_options_are_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_inherited, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
