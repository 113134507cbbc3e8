/*
 * lab/analyse.h: states and verdicts of segments that are given one by one, as raw IP packets in a pcap file.
 */
#include "lab/analyse.h"

#include "unit/support/property.h"
#include "wire/ipv4.h"

enum { ARENA_SIZE = 1 << 18, MS = 1000 };

static struct analysis *analysis;
static void *memory;
static struct analysed got; /* what the last segment is */

static int setup(void **state)
{
    (void)state;
    static const uint32_t head[6] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, PCAP_RAW};
    struct pcap_packet none;
    size_t used;
    memory = aligned_alloc(ARENA_ALIGN, ARENA_SIZE);
    memset(memory, 0, ARENA_SIZE);
    analysis = analysis_create(arena_create(memory, ARENA_SIZE), 4);
    assert_non_null(analysis);
    assert_int_equal(pcap_in_next(&analysis->in, bytes_of(head, sizeof head), &none, &used), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

struct segment {
    uint32_t at_ms;
    bool back; /* from the server */
    uint8_t flags;
    uint32_t seq, ack, len;
    uint16_t window;
    int scale; /* of a SYN; -1: it offers none */
    uint16_t port;
};

/* Gives the analysis a segment. What it carries is not captured: only how long it was. */
static void give(struct segment s)
{
    uint8_t file[16 + IPV4_HEADER + TCP_HEADER_MAX];
    struct tcp_repr h = {.src_port = s.back ? 80 : (uint16_t)(4000 + s.port),
                         .dst_port = s.back ? (uint16_t)(4000 + s.port) : 80,
                         .seq = s.seq,
                         .ack = s.ack,
                         .flags = s.flags,
                         .window = s.window ? s.window : 1000};
    if (s.window == UINT16_MAX)
        h.window = 0;
    h.options.has_window_scale = (s.flags & TCP_SYN) && s.scale >= 0;
    h.options.window_scale = (uint8_t)(s.scale < 0 ? 0 : s.scale);
    const struct ip_addr a = ip_addr_v4(0x0a000001), b = ip_addr_v4(0x0a000002);
    size_t tcp_len = tcp_length(&h);
    const struct ipv4_repr ip = {.src = s.back ? b : a,
                                 .dst = s.back ? a : b,
                                 .protocol = IP_PROTOCOL_TCP,
                                 .ttl = 64,
                                 .payload_bytes = (uint16_t)(tcp_len + s.len)};
    uint32_t len = (uint32_t)(IPV4_HEADER + tcp_len);
    const uint32_t record[4] = {s.at_ms / MS, s.at_ms % MS * 1000, len, len + s.len};
    size_t used;
    memcpy(file, record, sizeof record);
    assert_int_equal(ipv4_emit(&ip, room_of(file + 16, IPV4_HEADER)), IPV4_HEADER);
    assert_true(tcp_emit(&h, room_of(file + 16 + IPV4_HEADER, tcp_len), ip.src, ip.dst, 0, s.len) > 0);
    assert_int_equal(analysis_next(analysis, bytes_of(file, 16 + len), &got, &used), 1);
    assert_int_equal(used, 16 + len);
}

static void assert_states(enum tcp_state client, enum tcp_state server)
{
    assert_int_equal(got.state[0], client);
    assert_int_equal(got.state[1], server);
}

static void assert_verdicts(uint32_t verdicts)
{
    assert_int_equal(got.verdicts, verdicts);
}

#define BIT(name) (1u << ANALYSE_##name)

static const struct analyse_connection *connection(void)
{
    return analysis_connection(analysis, got.connection);
}

/* At 1000 and 5000, both scaled by 2^2. */
static void open_connection(void)
{
    give((struct segment){0, false, TCP_SYN, 1000, 0, 0, 0, 2, 0});
    assert_states(TCP_SYN_SENT, TCP_LISTEN);
    give((struct segment){20, true, TCP_SYN | TCP_ACK, 5000, 1001, 0, 0, 2, 0});
    assert_states(TCP_ESTABLISHED, TCP_SYN_RCVD);
    assert_int_equal(got.rtt_us, 20 * MS);
    give((struct segment){21, false, TCP_ACK, 1001, 5001, 0, 0, 0, 0});
    assert_states(TCP_ESTABLISHED, TCP_ESTABLISHED);
    assert_int_equal(connection()->opening, ANALYSE_OPENING_COMPLETE);
    assert_int_equal(connection()->handshake_us, 21 * MS);
    assert_verdicts(0);
}

static void test_open_and_close(void **state)
{
    (void)state;
    open_connection();
    give((struct segment){30, false, TCP_ACK, 1001, 5001, 100, 0, 0, 0});
    assert_int_equal(got.seq, 1);
    assert_int_equal(got.window_bytes, 4000);
    give((struct segment){50, true, TCP_ACK, 5001, 1101, 0, 0, 0, 0});
    assert_int_equal(got.ack, 101);
    give((struct segment){60, false, TCP_FIN | TCP_ACK, 1101, 5001, 0, 0, 0, 0});
    assert_states(TCP_FIN_WAIT_1, TCP_CLOSE_WAIT);
    assert_int_equal(connection()->closing, ANALYSE_CLOSING_HALF_CLOSED);
    give((struct segment){80, true, TCP_ACK, 5001, 1102, 0, 0, 0, 0});
    assert_states(TCP_FIN_WAIT_2, TCP_CLOSE_WAIT);
    give((struct segment){90, true, TCP_FIN | TCP_ACK, 5001, 1102, 0, 0, 0, 0});
    assert_states(TCP_TIME_WAIT, TCP_LAST_ACK);
    assert_int_equal(connection()->closing, ANALYSE_CLOSING_FIN_UNANSWERED);
    give((struct segment){91, false, TCP_ACK, 1102, 5002, 0, 0, 0, 0});
    assert_states(TCP_TIME_WAIT, TCP_CLOSED);
    assert_int_equal(connection()->closing, ANALYSE_CLOSING_CLOSED);
    give((struct segment){5000, false, TCP_SYN, 900000, 0, 0, 0, 2, 0});
    assert_verdicts(BIT(REUSED_PORTS));
    assert_int_equal(got.connection, 2);
}

static void test_both_close_at_once(void **state)
{
    (void)state;
    open_connection();
    give((struct segment){30, false, TCP_FIN | TCP_ACK, 1001, 5001, 0, 0, 0, 0});
    give((struct segment){31, true, TCP_FIN | TCP_ACK, 5001, 1001, 0, 0, 0, 0});
    assert_states(TCP_CLOSING, TCP_LAST_ACK);
    give((struct segment){50, false, TCP_ACK, 1002, 5002, 0, 0, 0, 0});
    give((struct segment){51, true, TCP_ACK, 5002, 1002, 0, 0, 0, 0});
    assert_int_equal(got.state[0], TCP_TIME_WAIT);
    assert_int_equal(connection()->closing, ANALYSE_CLOSING_CLOSED);
}

static void test_refused_and_reset(void **state)
{
    (void)state;
    give((struct segment){0, false, TCP_SYN, 1, 0, 0, 0, -1, 1});
    give((struct segment){1, true, TCP_RST | TCP_ACK, 0, 2, 0, 0, 0, 1});
    assert_int_equal(connection()->opening, ANALYSE_OPENING_REFUSED);
    assert_states(TCP_CLOSED, TCP_CLOSED);
    open_connection();
    give((struct segment){30, true, TCP_RST, 5001, 0, 0, 0, 0, 0});
    assert_int_equal(connection()->closing, ANALYSE_CLOSING_RESET);
    assert_states(TCP_CLOSED, TCP_CLOSED);
}

static void test_in_the_middle(void **state)
{
    (void)state;
    give((struct segment){0, true, TCP_ACK, 70000, 1000, 10, 0, 0, 0});
    assert_states(TCP_ESTABLISHED, TCP_ESTABLISHED);
    assert_int_equal(connection()->opening, ANALYSE_OPENING_NOT_SEEN);
    assert_int_equal(got.seq, 1);
    give((struct segment){1, false, TCP_ACK, 1000, 70010, 10, 0, 0, 0});
    assert_verdicts(0);
    assert_int_equal(got.seq, 1);
    assert_int_equal(got.ack, 11);
}

static void test_what_is_sent_again(void **state)
{
    (void)state;
    open_connection();
    for (uint32_t i = 0; i < 4; i++) {
        give((struct segment){100, false, TCP_ACK, 1001 + 100 * i, 5001, 100, 0, 0, 0});
        assert_verdicts(0);
    }
    give((struct segment){120, true, TCP_ACK, 5001, 1101, 0, 0, 0, 0});
    assert_verdicts(0);
    give((struct segment){121, true, TCP_ACK, 5001, 1101, 0, 0, 0, 0});
    assert_verdicts(BIT(DUP_ACK));
    give((struct segment){122, true, TCP_ACK, 5001, 1101, 0, 0, 0, 0});
    assert_verdicts(BIT(DUP_ACK));
    give((struct segment){125, false, TCP_ACK, 1101, 5001, 100, 0, 0, 0});
    assert_verdicts(BIT(FAST_RETRANSMISSION) | BIT(RETRANSMISSION));
    give((struct segment){145, true, TCP_ACK, 5001, 1401, 0, 0, 0, 0});
    assert_int_equal(got.rtt_us, 0); /* Karn: of what was sent twice, and what came after it, nobody knows */
    give((struct segment){160, false, TCP_ACK, 1201, 5001, 100, 0, 0, 0});
    assert_verdicts(BIT(SPURIOUS_RETRANSMISSION) | BIT(RETRANSMISSION));
    give((struct segment){200, false, TCP_ACK, 1501, 5001, 100, 0, 0, 0});
    assert_verdicts(BIT(LOST_SEGMENT));
    give((struct segment){201, false, TCP_ACK, 1401, 5001, 100, 0, 0, 0});
    assert_verdicts(BIT(OUT_OF_ORDER)); /* within the round trip that the handshake took */
    give((struct segment){1200, false, TCP_ACK, 1401, 5001, 100, 0, 0, 0});
    assert_verdicts(BIT(RETRANSMISSION));
    give((struct segment){1220, true, TCP_ACK, 5001, 1701, 0, 0, 0, 0});
    assert_verdicts(BIT(ACK_LOST_SEGMENT));
    assert_int_equal(connection()->end[0].verdicts[ANALYSE_RETRANSMISSION], 3);
}

static void test_windows(void **state)
{
    (void)state;
    open_connection();
    give((struct segment){100, true, TCP_ACK, 5001, 1001, 0, 25, 0, 0});
    assert_verdicts(BIT(WINDOW_UPDATE));
    assert_int_equal(got.window_bytes, 100);
    give((struct segment){110, false, TCP_ACK, 1001, 5001, 100, 0, 0, 0});
    assert_verdicts(BIT(WINDOW_FULL));
    give((struct segment){130, true, TCP_ACK, 5001, 1101, 0, UINT16_MAX, 0, 0});
    assert_verdicts(BIT(ZERO_WINDOW));
    for (uint32_t i = 0; i < 3; i++) { /* each probe's byte is taken in */
        give((struct segment){400 + 400 * i, false, TCP_ACK, 1101 + i, 5001, 1, 0, 0, 0});
        assert_verdicts(BIT(ZERO_WINDOW_PROBE));
        give((struct segment){420 + 400 * i, true, TCP_ACK, 5001, 1102 + i, 0, UINT16_MAX, 0, 0});
        assert_verdicts(BIT(ZERO_WINDOW));
    }
    give((struct segment){1800, false, TCP_ACK, 1104, 5001, 1, 0, 0, 0});
    assert_verdicts(BIT(ZERO_WINDOW_PROBE));
    give((struct segment){1820, true, TCP_ACK, 5001, 1104, 0, UINT16_MAX, 0, 0});
    assert_verdicts(BIT(ZERO_WINDOW) | BIT(ZERO_WINDOW_PROBE_ACK));
    give((struct segment){2000, true, TCP_ACK, 5001, 1104, 0, 500, 0, 0});
    assert_verdicts(BIT(WINDOW_UPDATE));
}

static void test_keep_alive(void **state)
{
    (void)state;
    open_connection();
    give((struct segment){7200, false, TCP_ACK, 1000, 5001, 0, 0, 0, 0});
    assert_verdicts(BIT(KEEP_ALIVE));
    give((struct segment){7220, true, TCP_ACK, 5001, 1001, 0, 0, 0, 0});
    give((struct segment){9200, false, TCP_ACK, 1000, 5001, 0, 0, 0, 0});
    give((struct segment){9220, true, TCP_ACK, 5001, 1001, 0, 0, 0, 0});
    assert_verdicts(BIT(KEEP_ALIVE_ACK));
}

static void test_connections_that_have_no_room_are_counted(void **state)
{
    (void)state;
    for (uint16_t port = 0; port < 6; port++)
        give((struct segment){port, false, TCP_SYN, 1000, 0, 0, 0, 2, port});
    assert_int_equal(analysis->connection_count, 4);
    assert_int_equal(analysis->ignored, 2);
    assert_int_equal(got.connection, 0);
    assert_null(analysis_connection(analysis, 5));
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(analyse_verdict_name(ANALYSE_DUP_ACK), "DUP_ACK");
    assert_string_equal(analyse_verdict_phrase(ANALYSE_ZERO_WINDOW), "the receiver has no room");
    assert_string_equal(analyse_opening_name(ANALYSE_OPENING_HALF), "HALF");
    assert_string_equal(analyse_closing_name(ANALYSE_CLOSING_RESET), "RESET");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_open_and_close, setup, teardown),
        cmocka_unit_test_setup_teardown(test_both_close_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused_and_reset, setup, teardown),
        cmocka_unit_test_setup_teardown(test_in_the_middle, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_sent_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_windows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keep_alive, setup, teardown),
        cmocka_unit_test_setup_teardown(test_connections_that_have_no_room_are_counted, setup, teardown),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
