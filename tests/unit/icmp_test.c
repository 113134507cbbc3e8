#include "unit/support/node.h"

static struct node_packet icmp_packet(struct ip_addr src, struct ip_addr dst, const struct icmp_repr *repr)
{
    uint8_t at[1500];
    int len = icmp_emit(repr, room_of(at, sizeof at));
    assert_true(len > 0);
    struct ipv4_repr ip = {.protocol = IP_PROTOCOL_ICMP, .ttl = 64, .tos = 0x20};
    return node_ipv4(src, dst, &ip, bytes_of(at, (size_t)len));
}

/* The next ICMP message sent on interface 0; its payload points into *p. */
static struct icmp_repr take_icmp(struct node *t, struct ipv4_repr *ip, struct node_packet *p)
{
    struct bytes payload;
    struct icmp_repr icmp;
    node_take_ipv4(t, 0, ip, p, &payload);
    assert_int_equal(ip->protocol, IP_PROTOCOL_ICMP);
    assert_true(icmp_checksum_good(payload));
    assert_int_equal(icmp_parse(&icmp, payload), 0);
    return icmp;
}

static struct node *host(void)
{
    struct node *t = node_create((struct node_options){0});
    node_know_neighbours(t);
    return t;
}

static void an_echo_is_answered_with_the_same_data(void **state)
{
    (void)state;
    struct node *t = host();
    struct icmp_repr echo = {.type = ICMP_TYPE_ECHO, .id = 5, .sequence = 6, .payload = bytes_of("hello", 5)};
    struct node_packet p = icmp_packet(PEER, NODE_A, &echo);
    node_receive(t, 0, &p);
    const struct trace_event *sent = node_last(t, TRACE_ICMP_SENT);
    assert_int_equal(t->n[0].queue_head->cause, sent->id);
    assert_int_equal(t->n[0].queue_head->rule, RULE_ICMP_ECHO_REPLY);
    assert_int_equal(sent->rule, RULE_ICMP_ECHO_REPLY);
    assert_int_equal(node_last(t, TRACE_ICMP_RECEIVED)->u.icmp_received.sequence, 6);
    struct ipv4_repr ip;
    struct icmp_repr reply = take_icmp(t, &ip, &p);
    assert_int_equal(reply.type, ICMP_TYPE_ECHO_REPLY);
    assert_int_equal(reply.id, 5);
    assert_int_equal(reply.sequence, 6);
    assert_true(bytes_equal(reply.payload, echo.payload));
    assert_true(ip_addr_equal(ip.src, NODE_A));
    assert_true(ip_addr_equal(ip.dst, PEER));
    assert_int_equal(ip.tos, 0x20);
    node_destroy(t);
}

static void an_echo_to_everybody_is_not_answered(void **state)
{
    (void)state;
    struct node *t = host();
    struct icmp_repr echo = {.type = ICMP_TYPE_ECHO, .id = 5};
    struct node_packet p = icmp_packet(PEER, LINK_BROADCAST, &echo);
    node_receive(t, 0, &p);
    node_assert_dropped(t, TRACE_ICMP, DROP_BAD_ADDRESS);
    struct node_packet ip = icmp_packet(PEER, NODE_A, &echo);
    p = node_ethernet(MAC_BROADCAST, ETHERNET_TYPE_IPV4, bytes_of(ip.at, ip.len));
    node_receive_frame(t, 0, &p);
    node_assert_silent(t, 0);
    node_destroy(t);
}

struct ping {
    unsigned replies, errors;
    uint16_t sequence;
    struct ip_error error;
};

static void hear_reply(void *context, struct ip_addr from, const struct icmp_repr *reply, uint32_t frame_id)
{
    struct ping *ping = context;
    assert_true(ip_addr_equal(from, PEER) || ip_addr_equal(from, NODE_A));
    assert_true(frame_id > 0);
    ping->replies++;
    ping->sequence = reply->sequence;
}

static void hear_ping_error(void *context, const struct ip_error *e)
{
    struct ping *ping = context;
    ping->errors++;
    ping->error = *e;
}

static void a_request_of_ours_and_its_reply(void **state)
{
    (void)state;
    struct node *t = host();
    struct ping ping = {0};
    t->ip.echo_reply = hear_reply;
    t->ip.echo_reply_context = &ping;
    assert_int_equal(icmp_send_echo(&t->ip, PEER, 1, 2, bytes_of("data", 4), 9), 0);
    assert_int_equal(node_last(t, TRACE_ICMP_SENT)->rule, RULE_ICMP_ECHO_REQUEST);
    struct ipv4_repr ip;
    struct node_packet p;
    struct icmp_repr request = take_icmp(t, &ip, &p);
    assert_int_equal(request.type, ICMP_TYPE_ECHO);
    assert_int_equal(ip.ttl, 9);
    request.type = ICMP_TYPE_ECHO_REPLY;
    struct node_packet answer = icmp_packet(PEER, NODE_A, &request);
    node_receive(t, 0, &answer);
    assert_int_equal(ping.replies, 1);
    assert_int_equal(ping.sequence, 2);
    assert_int_equal(icmp_send_echo(&t->ip, STRANGER, 1, 2, bytes_of("", 0), 0), STATUS_ENETUNREACH);
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void a_host_can_ping_itself(void **state)
{
    (void)state;
    struct node *t = host();
    struct ping ping = {0};
    t->ip.echo_reply = hear_reply;
    t->ip.echo_reply_context = &ping;
    assert_int_equal(icmp_send_echo(&t->ip, NODE_A, 1, 3, bytes_of("data", 4), 0), 0);
    while (ip_loopback_run(&t->ip))
        ;
    assert_int_equal(ping.replies, 1);
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void truncated_and_corrupted_messages_are_dropped(void **state)
{
    (void)state;
    struct node *t = host();
    struct icmp_repr echo = {.type = ICMP_TYPE_ECHO, .id = 5, .payload = bytes_of("hello", 5)};
    struct node_packet whole = icmp_packet(PEER, NODE_A, &echo);
    struct ipv4_repr ip = {.protocol = IP_PROTOCOL_ICMP, .ttl = 64};
    for (size_t len = 0; len < 13; len++) {
        struct node_packet p = node_ipv4(PEER, NODE_A, &ip, bytes_of(whole.at + 20, len));
        node_receive(t, 0, &p);
        node_assert_dropped(t, TRACE_ICMP, len < ICMP_HEADER ? DROP_TRUNCATED : DROP_BAD_CHECKSUM);
        assert_int_equal(node_count(t, TRACE_PACKET_DROPPED), len + 1);
    }
    whole.at[30] ^= 4;
    node_receive(t, 0, &whole);
    node_assert_dropped(t, TRACE_ICMP, DROP_BAD_CHECKSUM);
    assert_int_equal(node_last(t, TRACE_CHECKSUM_CHECKED)->u.checksum_checked.good, 0);
    node_assert_silent(t, 0);
    node_destroy(t);
}

static void unknown_types_are_silently_discarded(void **state)
{
    (void)state;
    struct node *t = host();
    struct icmp_repr strange = {.type = 77, .payload = bytes_of("12345678", 8)};
    struct node_packet p = icmp_packet(PEER, NODE_A, &strange);
    node_receive(t, 0, &p);
    node_assert_dropped(t, TRACE_ICMP, DROP_UNKNOWN_PROTOCOL);
    node_assert_silent(t, 0);
    node_destroy(t);
}

/* What an error would be about, if one were sent. */
static struct ip_packet about(const struct node_packet *p)
{
    struct ipv4_repr r;
    assert_int_equal(ipv4_parse(&r, bytes_of(p->at, p->len)), 0);
    return (struct ip_packet){.src = r.src,
                              .dst = r.dst,
                              .protocol = r.protocol,
                              .ttl = r.ttl,
                              .header = bytes_of(p->at, r.header_bytes),
                              .payload = bytes_of(p->at + r.header_bytes, r.payload_bytes)};
}

static unsigned errors_about(struct node *t, const struct ip_packet *p)
{
    icmp_send_error(&t->ip, p, ICMP_TYPE_UNREACHABLE, ICMP_CODE_PORT, 0);
    unsigned count = t->n[0].queue_count;
    for (struct frame *f = netif_take(&t->n[0]); f; f = netif_take(&t->n[0]))
        frame_free(&t->m, f);
    return count;
}

static void an_error_quotes_header_and_data(void **state)
{
    (void)state;
    static const uint8_t data[1400] = {9, 8, 7};
    struct node *t = host();
    for (size_t len = 0; len <= 1400; len += 100) {
        struct node_packet in = node_ipv4(PEER, NODE_A, NULL, bytes_of(data, len));
        struct ip_packet p = about(&in);
        icmp_send_error(&t->ip, &p, ICMP_TYPE_UNREACHABLE, ICMP_CODE_PORT, 0);
        struct ipv4_repr ip;
        struct node_packet out;
        struct icmp_repr icmp = take_icmp(t, &ip, &out);
        size_t quoted = 20 + len < 548 ? 20 + len : 548;
        assert_int_equal(icmp.payload.len, quoted);
        assert_memory_equal(icmp.payload.at, in.at, quoted);
        assert_int_equal(ip.tos, 0xc0);
        assert_true(ip_addr_equal(ip.src, NODE_A));
    }
    assert_int_equal(node_last(t, TRACE_ICMP_SENT)->rule, RULE_ICMP_PORT_UNREACHABLE);
    node_destroy(t);
}

/* RFC 1122, 3.2.2: the list of what must not be answered. */
static void some_packets_are_never_answered_with_an_error(void **state)
{
    (void)state;
    struct node *t = host();
    struct node_packet in = node_ipv4(PEER, NODE_A, NULL, bytes_of("12345678", 8));
    struct ip_packet p = about(&in);
    assert_int_equal(errors_about(t, &p), 1);
    p.to_group = true;
    assert_int_equal(errors_about(t, &p), 0);
    p = about(&in);
    p.dst = LINK_BROADCAST;
    assert_int_equal(errors_about(t, &p), 0);
    p.dst = ip_addr_v4(0xe0000001);
    assert_int_equal(errors_about(t, &p), 0);
    const uint32_t sources[] = {0, 0xffffffff, 0x0a0000ff, 0xe0000001, 0x7f000001};
    for (unsigned i = 0; i < 5; i++) {
        p = about(&in);
        p.src = ip_addr_v4(sources[i]);
        assert_int_equal(errors_about(t, &p), 0);
    }
    struct ipv4_repr fragment = {.protocol = IP_PROTOCOL_UDP, .ttl = 64, .fragment_offset_bytes = 8};
    in = node_ipv4(PEER, NODE_A, &fragment, bytes_of("12345678", 8));
    p = about(&in);
    assert_int_equal(errors_about(t, &p), 0);
    struct icmp_repr error = {.type = ICMP_TYPE_UNREACHABLE, .payload = bytes_of("12345678", 8)};
    in = icmp_packet(PEER, NODE_A, &error);
    p = about(&in);
    assert_int_equal(errors_about(t, &p), 0);
    error.type = ICMP_TYPE_ECHO;
    in = icmp_packet(PEER, NODE_A, &error);
    p = about(&in);
    assert_int_equal(errors_about(t, &p), 1);
    node_destroy(t);
}

static void errors_are_limited_by_a_token_bucket(void **state)
{
    (void)state;
    struct node *t = host();
    struct node_packet in = node_ipv4(PEER, NODE_A, NULL, bytes_of("12345678", 8));
    struct ip_packet p = about(&in);
    unsigned sent = 0;
    for (int i = 0; i < 200; i++)
        sent += errors_about(t, &p);
    assert_int_equal(sent, ICMP_ERRORS_BURST);
    t->m.now_us += 3 * 1000000 / ICMP_ERRORS_PER_S;
    for (int i = 0; i < 200; i++)
        sent += errors_about(t, &p);
    assert_int_equal(sent, ICMP_ERRORS_BURST + 3);
    t->m.now_us += 100 * 1000000ll;
    for (int i = 0; i < 200; i++)
        sent += errors_about(t, &p);
    assert_int_equal(sent, 2 * ICMP_ERRORS_BURST + 3);
    node_destroy(t);
}

static void ignore_packet(void *layer, const struct ip_packet *p)
{
    (void)layer;
    (void)p;
}

/* An error from a router in between about a packet of ours, quoting `quoted` bytes of it. */
static struct node_packet error_about_ours(struct ip_addr src, uint8_t protocol, size_t quoted)
{
    static const uint8_t transport[64] = {ICMP_TYPE_ECHO, 0x35};
    struct ipv4_repr ip = {.protocol = protocol, .ttl = 1};
    struct node_packet ours = node_ipv4(src, STRANGER, &ip, bytes_of(transport, sizeof transport));
    struct icmp_repr error = {.type = ICMP_TYPE_UNREACHABLE,
                              .code = ICMP_CODE_TOO_BIG,
                              .mtu = 1280,
                              .payload = bytes_of(ours.at, quoted)};
    return icmp_packet(PEER, NODE_A, &error);
}

static void an_error_about_our_packet_reaches_its_transport(void **state)
{
    (void)state;
    struct node *t = host();
    struct ping heard = {0};
    ip_register(&t->ip, IP_PROTOCOL_TCP, &(struct ip_protocol){&heard, ignore_packet, hear_ping_error});
    struct node_packet p = error_about_ours(NODE_A, IP_PROTOCOL_TCP, 28);
    node_receive(t, 0, &p);
    assert_int_equal(heard.errors, 1);
    assert_int_equal(heard.error.code, ICMP_CODE_TOO_BIG);
    assert_int_equal(heard.error.mtu, 1280);
    assert_true(ip_addr_equal(heard.error.from, PEER));
    assert_true(ip_addr_equal(heard.error.src, NODE_A));
    assert_true(ip_addr_equal(heard.error.dst, STRANGER));
    assert_int_equal(heard.error.quoted.len, 8);
    p = error_about_ours(NODE_A, IP_PROTOCOL_TCP, 84);
    node_receive(t, 0, &p);
    assert_int_equal(heard.error.quoted.len, 64);
    assert_int_equal(heard.errors, 2);
    p = error_about_ours(NODE_A, IP_PROTOCOL_UDP, 28); /* nobody registered */
    node_receive(t, 0, &p);
    assert_int_equal(heard.errors, 2);
    node_destroy(t);
}

static void an_error_about_our_echo_is_told(void **state)
{
    (void)state;
    struct node *t = host();
    struct ping ping = {0};
    struct node_packet p = error_about_ours(NODE_A, IP_PROTOCOL_ICMP, 28);
    node_receive(t, 0, &p); /* nobody listens */
    t->ip.echo_error = hear_ping_error;
    t->ip.echo_reply_context = &ping;
    node_receive(t, 0, &p);
    assert_int_equal(ping.errors, 1);
    assert_true(ip_addr_equal(ping.error.dst, STRANGER));
    node_destroy(t);
}

static void errors_about_what_we_did_not_send_are_not_believed(void **state)
{
    (void)state;
    struct node *t = host();
    struct ping heard = {0};
    ip_register(&t->ip, IP_PROTOCOL_TCP, &(struct ip_protocol){&heard, ignore_packet, hear_ping_error});
    struct node_packet p = error_about_ours(ip_addr_v4(0x0a000077), IP_PROTOCOL_TCP, 28);
    node_receive(t, 0, &p);
    node_assert_dropped(t, TRACE_ICMP, DROP_BAD_ADDRESS);
    for (size_t quoted = 0; quoted < 28; quoted++) {
        p = error_about_ours(NODE_A, IP_PROTOCOL_TCP, quoted);
        node_receive(t, 0, &p);
        node_assert_dropped(t, TRACE_ICMP, DROP_MALFORMED);
    }
    assert_int_equal(heard.errors, 0);
    node_assert_silent(t, 0);
    node_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_echo_is_answered_with_the_same_data),
        cmocka_unit_test(an_echo_to_everybody_is_not_answered),
        cmocka_unit_test(a_request_of_ours_and_its_reply),
        cmocka_unit_test(a_host_can_ping_itself),
        cmocka_unit_test(truncated_and_corrupted_messages_are_dropped),
        cmocka_unit_test(unknown_types_are_silently_discarded),
        cmocka_unit_test(an_error_quotes_header_and_data),
        cmocka_unit_test(some_packets_are_never_answered_with_an_error),
        cmocka_unit_test(errors_are_limited_by_a_token_bucket),
        cmocka_unit_test(an_error_about_our_packet_reaches_its_transport),
        cmocka_unit_test(an_error_about_our_echo_is_told),
        cmocka_unit_test(errors_about_what_we_did_not_send_are_not_believed),
    };
    return cmocka_run_group_tests_name("icmp", tests, NULL, NULL);
}
