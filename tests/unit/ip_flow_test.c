/*
 * internet/ip_flow.c: headers that were made once are those that the layers would put on, and are not used when the way to
 * the neighbour may be another one.
 */
#include "internet/ip_flow.h"

#include "unit/support/node.h"

static const struct ip_send to_peer = {
    .src = {0, IPV4_MAPPED_PREFIX | 0x0a000001},
    .dst = {0, IPV4_MAPPED_PREFIX | 0x0a000002},
    .protocol = IP_PROTOCOL_TCP,
    .ttl = 9,
    .tos = 0x10,
    .dont_fragment = true,
};

/* A neighbour that is known, and the way to it. */
static struct node *start(struct node_options o, struct ip_path *path)
{
    struct node *t = node_create(o);
    node_know_neighbours(t);
    assert_int_equal(ip_route(&t->ip, PEER, path), 0);
    return t;
}

static struct frame *message(struct node *t, uint32_t bytes)
{
    struct frame *f = frame_create(&t->m, bytes);
    memset(frame_append(f, bytes), 0x5a, bytes);
    return f;
}

static void begin(struct node *t, struct ip_flow *flow, const struct ip_path *path)
{
    assert_int_equal(ip_flow_begin(&t->ip, flow, message(t, 20), &to_peer, path), 0);
}

/* Takes the frame that was sent, and frees it. Returns its length. */
static size_t take(struct node *t, uint8_t to[2048])
{
    struct frame *f = netif_take(&t->n[0]);
    assert_non_null(f);
    size_t len = f->len;
    memcpy(to, frame_bytes(f).at, len);
    frame_free(&t->m, f);
    return len;
}

static void test_bytes_are_equal(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {20, 25, 26, 27, 100, 1480};
    struct ip_path path;
    struct ip_flow flow = {0};
    struct node *t = start((struct node_options){.no_trace = true}, &path);
    assert_false(ip_flow_ready(&t->ip, &flow, &path));
    uint8_t with[2048], without[2048];
    begin(t, &flow, &path);
    take(t, with);
    assert_true(ip_flow_ready(&t->ip, &flow, &path));
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint16_t id = t->ip.next_id;
        ip_flow_output(&t->ip, &flow, &path, message(t, sizes[i]));
        size_t len = take(t, with);
        t->ip.next_id = id;
        assert_int_equal(ip_output(&t->ip, message(t, sizes[i]), &to_peer, &path), 0);
        assert_int_equal(take(t, without), len);
        assert_memory_equal(with, without, len);
    }
    assert_int_equal(t->ip.counters.out_packets, 13);
    assert_int_equal(t->n[0].counters.out_frames, 13);
    node_destroy(t);
}

/* Identification and length run through all that they can be: the checksum is right each time. */
static void test_checksum(void **state)
{
    (void)state;
    struct ip_path path;
    struct ip_flow flow = {0};
    struct node *t = start((struct node_options){.no_trace = true}, &path);
    uint8_t at[2048];
    begin(t, &flow, &path);
    take(t, at);
    for (uint32_t id = 0; id <= UINT16_MAX; id++) {
        ip_flow_write(&flow, at, 20 + id % 1461, (uint16_t)id);
        assert_true(ipv4_checksum_good(bytes_of(at + ETHERNET_HEADER, IPV4_HEADER)));
    }
    node_destroy(t);
}

static void test_changes_end_it(void **state)
{
    (void)state;
    struct ip_path path;
    struct ip_flow flow = {0};
    struct node *t = start((struct node_options){.no_trace = true}, &path);
    uint8_t at[2048];
    const struct mac_addr other = {{2, 0, 0, 0, 0, 0x33}};
    begin(t, &flow, &path);
    take(t, at);
    assert_memory_equal(at, MAC_PEER.octet, 6);
    assert_int_equal(arp_set(&t->n[0].arp, PEER, other), 0);
    assert_false(ip_flow_ready(&t->ip, &flow, &path));
    begin(t, &flow, &path);
    take(t, at);
    assert_memory_equal(at, other.octet, 6);
    assert_true(ip_flow_ready(&t->ip, &flow, &path));
    arp_flush(&t->n[0].arp);
    assert_false(ip_flow_ready(&t->ip, &flow, &path));
    begin(t, &flow, &path);
    assert_false(ip_flow_ready(&t->ip, &flow, &path)); /* the neighbour is being asked for */
    node_destroy(t);
}

/* A neighbour that is sent to by a flow only is in use, all the same. */
static void test_neighbour_is_used(void **state)
{
    (void)state;
    struct ip_path path;
    struct ip_flow flow = {0};
    struct node *t = start((struct node_options){.no_trace = true}, &path);
    uint8_t at[2048];
    begin(t, &flow, &path);
    take(t, at);
    node_run_until(t, 5000000);
    ip_flow_output(&t->ip, &flow, &path, message(t, 20));
    take(t, at);
    assert_int_equal(arp_find(&t->n[0].arp, PEER)->used_us, 5000000);
    node_destroy(t);
}

/* Where somebody looks, or where the link is of another kind, the layers do it. */
static void test_not_taken(void **state)
{
    (void)state;
    static const struct node_options options[] = {
        {0}, {.raw_ip = true, .no_trace = true}, {.fcs = true, .no_trace = true}};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        struct ip_path path;
        struct ip_flow flow = {0};
        struct node *t = start(options[i], &path);
        uint8_t at[2048];
        for (unsigned n = 0; n < 3; n++) { /* test builds compare what there is to compare */
            begin(t, &flow, &path);
            take(t, at);
            assert_false(ip_flow_ready(&t->ip, &flow, &path));
        }
        node_destroy(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_are_equal), cmocka_unit_test(test_checksum),
        cmocka_unit_test(test_changes_end_it),  cmocka_unit_test(test_neighbour_is_used),
        cmocka_unit_test(test_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
