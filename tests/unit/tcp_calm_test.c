/*
 * transport/tcp_calm.c: which segments take the short way. That it does what the long one does is asserted at each that
 * takes it, in every test.
 */
#include "transport/tcp_calm.h"

#include "unit/support/conn.h"

enum { PORT = 80, LENGTH = 100 };

static struct pair *p;
static struct tcp_conn *c[2];
static int handle[2];
static struct pair_frame *caught; /* instead of arriving */

static void catch (void *context, struct pair_frame *f)
{
    (void)context;
    caught = f;
    f->copies = 0;
}

static void send_some(unsigned from)
{
    static const uint8_t text[LENGTH] = "abc";
    assert_int_equal(socket_send(pair_sockets(p, from), handle[from], bytes_of(text, LENGTH), 0), LENGTH);
}

/* Two ends that have just exchanged something, and host 0's next segment, which has not arrived. */
static void start(bool timestamps)
{
    struct pair_config config;
    uint8_t got[LENGTH];
    pair_config_default(&config);
    config.trace_events = 0;
    config.host[0].tcp.nagle = false;
    config.host[0].tcp.timestamps = config.host[1].tcp.timestamps = timestamps;
    p = pair_create(&config);
    pair_connect(p, PORT, &handle[0], &handle[1]);
    for (unsigned i = 0; i < 2; i++)
        c[i] = conn_of_socket(p, i, handle[i]);
    send_some(0);
    pair_run_for(p, 15000);
    assert_int_equal(socket_recv(pair_sockets(p, 1), handle[1], room_of(got, LENGTH), 0), LENGTH);
    p->hook = catch;
    send_some(0);
    pair_run_for(p, 0);
    assert_non_null(caught);
}

static struct ip_packet packet(void)
{
    struct ipv4_repr r;
    struct bytes at = bytes_from(bytes_of(caught->bytes, caught->len), ETHERNET_HEADER);
    assert_int_equal(ipv4_parse(&r, at), 0);
    return (struct ip_packet){.src = r.src,
                              .dst = r.dst,
                              .protocol = r.protocol,
                              .payload = bytes_of(at.at + r.header_bytes, r.payload_bytes)};
}

/* It does not take it, and nothing has changed. */
static void refuses(void)
{
    struct tcp_conn before = *c[1];
    struct tcp_work work_before = *c[1]->work;
    struct ip_packet it = packet();
    assert_false(tcp_calm_arrive(c[1], &it));
    assert_memory_equal(&before, c[1], sizeof before);
    assert_memory_equal(&work_before, c[1]->work, sizeof work_before);
}

static void takes(void)
{
    struct ip_packet it = packet();
    seq_t nxt = c[1]->rcv.nxt;
    assert_true(tcp_calm_arrive(c[1], &it));
    assert_int_equal(c[1]->rcv.nxt, nxt + LENGTH);
    refuses(); /* it is not the next any more */
    pair_destroy(p);
}

static void test_next_segment(void **state)
{
    (void)state;
    start(false);
    takes();
    start(true);
    takes();
}

/* The byte at `offset` of the TCP header, and the checksum made anew. */
static void changed(size_t offset, uint8_t bits)
{
    struct ip_packet it = packet();
    uint8_t *at = (uint8_t *)(uintptr_t)it.payload.at;
    at[offset] ^= bits;
    be16_store(at + 16, 0);
    uint32_t sum = checksum_add(checksum_pseudo(it.src, it.dst, it.protocol, (uint32_t)it.payload.len),
                                checksum_of(at, it.payload.len));
    be16_store(at + 16, checksum_finish(sum));
}

static void test_other_segments(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        size_t offset;
        uint8_t bits;
    } cases[] = {
        {"from another port", 1, 1}, {"to another port", 3, 1},
        {"not the next", 7, 1},      {"acknowledges what was not sent", 11, 1},
        {"SYN", 13, TCP_SYN},        {"RST", 13, TCP_RST},
        {"URG", 13, TCP_URG},        {"no ACK", 13, TCP_ACK},
        {"ECE", 13, TCP_ECE},        {"an old timestamp", 24, 0x80},
        {"another option", 22, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start(true);
        changed(cases[i].offset, cases[i].bits);
        refuses();
        changed(cases[i].offset, cases[i].bits);
        takes();
    }
}

/* A FIN behind its text is taken with it, and answered by a change of state. */
static void test_fin(void **state)
{
    (void)state;
    start(true);
    changed(13, TCP_FIN);
    struct ip_packet it = packet();
    seq_t nxt = c[1]->rcv.nxt;
    assert_true(tcp_calm_arrive(c[1], &it));
    assert_int_equal(c[1]->rcv.nxt, nxt + LENGTH + 1);
    assert_int_equal(c[1]->state, TCP_CLOSE_WAIT);
    refuses();
    pair_destroy(p);
}

static void test_spoilt(void **state)
{
    (void)state;
    size_t bytes = TCP_HEADER + TCP_TIMESTAMPS_BYTES + LENGTH;
    for (size_t i = 1; i <= bytes; i++) {
        start(true);
        assert_int_equal(packet().payload.len, bytes);
        caught->bytes[caught->len - i] ^= 0x40;
        refuses();
        caught->bytes[caught->len - i] ^= 0x40;
        takes();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next_segment),
        cmocka_unit_test(test_other_segments),
        cmocka_unit_test(test_fin),
        cmocka_unit_test(test_spoilt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
