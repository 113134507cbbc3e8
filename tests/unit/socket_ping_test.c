/*
 * socket/socket_ping.c: echo requests out, replies to the socket that asked.
 */
#include "unit/support/conn.h"

#include "wire/ethernet.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

static struct pair *p;
static struct sockets *s;

static int setup(void **state)
{
    (void)state;
    p = pair_create(NULL);
    pair_learn(p);
    s = pair_sockets(p, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pair_destroy(p);
    return 0;
}

static int open_ping(void)
{
    int handle = socket_open(s, SOCKET_PING);
    assert_true(handle > 0);
    assert_int_equal(socket_poll(s, handle), SOCKET_WRITABLE);
    return handle;
}

static void send_text(int handle, const char *text)
{
    assert_int_equal(socket_sendto(s, handle, bytes_of(text, strlen(text)), pair_endpoint(1, 0)),
                     (int64_t)strlen(text));
}

static void check_reply(int handle, const char *text, unsigned flags)
{
    char buffer[200];
    struct ip_endpoint from;
    uint32_t full_len = 0;
    int64_t len = socket_recvfrom(s, handle, room_of(buffer, sizeof buffer), &from, &full_len, flags);
    assert_int_equal(len, strlen(text));
    assert_int_equal(full_len, strlen(text));
    assert_memory_equal(buffer, text, strlen(text));
    assert_true(ip_addr_equal(from.addr, pair_addr(1)));
}

static void test_round_trip(void **state)
{
    (void)state;
    int handle = open_ping();
    char buffer[10];
    send_text(handle, "hello");
    assert_int_equal(socket_recvfrom(s, handle, room_of(buffer, 10), NULL, NULL, 0), STATUS_EAGAIN);
    pair_run_for(p, 19999);
    assert_int_equal(socket_poll(s, handle), SOCKET_WRITABLE);
    pair_run_for(p, 1);
    assert_int_equal(socket_poll(s, handle), SOCKET_READABLE | SOCKET_WRITABLE);
    check_reply(handle, "hello", SOCKET_PEEK);
    check_reply(handle, "hello", 0);
    assert_int_equal(socket_poll(s, handle), SOCKET_WRITABLE);
    assert_int_equal(socket_recvfrom(s, handle, room_of(buffer, 10), NULL, NULL, 0), STATUS_EAGAIN);
}

static void test_replies_find_their_socket(void **state)
{
    (void)state;
    int first = open_ping(), second = open_ping();
    send_text(first, "one");
    send_text(second, "two");
    send_text(first, "three");
    pair_run_for(p, 20000);
    check_reply(second, "two", 0);
    check_reply(first, "one", 0);
    check_reply(first, "three", 0);
}

static void test_cut_short(void **state)
{
    (void)state;
    int handle = open_ping();
    char buffer[4];
    uint32_t full_len = 0;
    send_text(handle, "longer than that");
    pair_run_for(p, 20000);
    assert_int_equal(socket_recvfrom(s, handle, room_of(buffer, 4), NULL, &full_len, 0), 4);
    assert_int_equal(full_len, 16);
    assert_memory_equal(buffer, "long", 4);
    assert_int_equal(socket_recvfrom(s, handle, room_of(buffer, 4), NULL, NULL, 0),
                     STATUS_EAGAIN); /* the rest is gone */
}

static void test_empty(void **state)
{
    (void)state;
    int handle = open_ping();
    send_text(handle, "");
    pair_run_for(p, 20000);
    assert_int_equal(socket_poll(s, handle), SOCKET_READABLE | SOCKET_WRITABLE);
    check_reply(handle, "", 0);
}

/* On the wire: the identifier stays, the sequence number counts, the TTL is the option's. */
static void test_on_the_wire(void **state)
{
    (void)state;
    int handle = open_ping();
    assert_int_equal(socket_setopt(s, handle, SOCKET_OPT_IP_TTL, 9), 0);
    size_t first = p->frame_count;
    uint16_t id = 0;
    for (uint16_t i = 0; i < 3; i++) {
        send_text(handle, "x");
        pair_run_for(p, 20000);
        const struct pair_frame *f = p->frames[first + 2u * i];
        struct ipv4_repr ip;
        struct icmp_repr icmp;
        struct bytes packet = bytes_from(bytes_of(f->bytes, f->len), ETHERNET_HEADER);
        assert_int_equal(ipv4_parse(&ip, packet), 0);
        assert_int_equal(ip.ttl, 9);
        assert_int_equal(
            icmp_parse(&icmp, bytes_first(bytes_from(packet, ip.header_bytes), ip.payload_bytes)), 0);
        assert_int_equal(icmp.type, ICMP_TYPE_ECHO);
        assert_int_equal(icmp.sequence, i);
        id = i ? id : icmp.id;
        assert_int_equal(icmp.id, id);
    }
}

/* Replies that nobody reads do not pile up without end, and closing gives back what they took. */
static void test_queue_is_bounded(void **state)
{
    (void)state;
    size_t before = p->arena->in_use;
    int handle = open_ping();
    for (int i = 0; i < 100; i++) {
        send_text(handle, "again and again");
        pair_run_for(p, 20000);
        s = pair_sockets(p, 0);
    }
    char buffer[20];
    int count = 0;
    while (count < 20 && socket_recvfrom(s, handle, room_of(buffer, 20), NULL, NULL, 0) > 0)
        count++;
    assert_int_equal(count, 20);
    assert_int_equal(socket_close(s, handle), 0);
    assert_int_equal(p->arena->in_use, before);
}

static void test_unwanted(void **state)
{
    (void)state;
    int handle = open_ping();
    assert_int_equal(socket_send(s, handle, bytes_of("x", 1), 0), STATUS_EDESTADDRREQ);
    assert_int_equal(
        socket_sendto(s, handle, bytes_of("x", 1), (struct ip_endpoint){ip_addr_v4(0xc6336401), 0}),
        STATUS_ENETUNREACH);
    send_text(handle, "late");
    assert_int_equal(socket_close(s, handle), 0);
    int other = open_ping();
    pair_run_for(p, 20000); /* the reply is for a socket that is gone */
    assert_int_equal(socket_poll(s, other), SOCKET_WRITABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_replies_find_their_socket, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cut_short, setup, teardown),
        cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
        cmocka_unit_test_setup_teardown(test_on_the_wire, setup, teardown),
        cmocka_unit_test_setup_teardown(test_queue_is_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unwanted, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
