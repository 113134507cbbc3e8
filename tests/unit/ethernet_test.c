#include "unit/support/node.h"

#include "base/checksum.h"

static struct frame *sent(struct node *t, uint32_t payload)
{
    struct frame *f = frame_create(&t->m, payload);
    memset(frame_append(f, payload), 0xee, payload);
    ethernet_output(&t->n[0], f, &MAC_PEER, ETHERNET_TYPE_IPV4);
    assert_ptr_equal(netif_take(&t->n[0]), f);
    return f;
}

static void the_header_has_both_addresses_and_the_type(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct frame *f = sent(t, 100);
    struct ethernet_repr r;
    assert_int_equal(ethernet_parse(&r, frame_bytes(f)), 0);
    assert_true(mac_addr_equal(r.dst, MAC_PEER));
    assert_true(mac_addr_equal(r.src, MAC_A));
    assert_int_equal(r.type, ETHERNET_TYPE_IPV4);
    assert_int_equal(f->len, 114);
    const struct trace_event *e = node_last(t, TRACE_HEADER_ADDED);
    assert_int_equal(e->u.header_added.protocol, TRACE_ETHERNET);
    assert_int_equal(e->u.header_added.header_bytes, 14);
    assert_int_equal(e->u.header_added.total_bytes, 114);
    assert_int_equal(e->frame, f->id);
    frame_free(&t->m, f);
    node_destroy(t);
}

static void short_frames_are_padded_with_zeros(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    static const uint8_t zeros[46];
    for (uint32_t payload = 0; payload < 60; payload++) {
        struct frame *f = sent(t, payload);
        uint32_t padded = payload < 46 ? 46 : payload;
        assert_int_equal(f->len, 14 + padded);
        assert_memory_equal(frame_bytes(f).at + 14 + payload, zeros, padded - payload);
        frame_free(&t->m, f);
    }
    node_destroy(t);
}

static void the_fcs_is_appended_after_the_padding(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.fcs = true});
    struct frame *f = sent(t, 10);
    assert_int_equal(f->len, 64);
    assert_true(ethernet_fcs_good(frame_bytes(f)));
    frame_free(&t->m, f);
    node_destroy(t);
}

static struct node_packet frame_with_fcs(void)
{
    struct node_packet p = node_ipv4(PEER, NODE_A, NULL, bytes_of("12345678", 8));
    p = node_ethernet(MAC_A, ETHERNET_TYPE_IPV4, bytes_of(p.at, p.len));
    ethernet_fcs_store(p.at + p.len, crc32_of(p.at, p.len));
    p.len += ETHERNET_FCS;
    return p;
}

static void the_fcs_is_verified_and_stripped(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.fcs = true});
    struct node_packet p = frame_with_fcs();
    node_receive_frame(t, 0, &p);
    assert_int_equal(t->ip.counters.in_packets, 1);
    assert_int_equal(t->ip.counters.in_bad, 0);
    p.at[20] ^= 1;
    node_receive_frame(t, 0, &p);
    node_assert_dropped(t, TRACE_ETHERNET, DROP_BAD_FCS);
    const struct trace_event *e = node_last(t, TRACE_CHECKSUM_CHECKED);
    assert_int_equal(e->u.checksum_checked.good, 0);
    assert_int_equal(e->u.checksum_checked.found, ethernet_fcs_load(p.at + p.len - 4));
    assert_int_equal(e->u.checksum_checked.computed, crc32_of(p.at, p.len - 4));
    assert_int_equal(t->ip.counters.in_packets, 1);
    node_destroy(t);
}

static void every_truncation_is_dropped(void **state)
{
    (void)state;
    for (int fcs = 0; fcs < 2; fcs++) {
        struct node *t = node_create((struct node_options){.fcs = fcs});
        struct node_packet p = frame_with_fcs();
        size_t header = ETHERNET_HEADER + (fcs ? ETHERNET_FCS : 0);
        for (p.len = 0; p.len < header; p.len++) {
            node_receive_frame(t, 0, &p);
            node_assert_dropped(t, TRACE_ETHERNET, DROP_TRUNCATED);
            assert_int_equal(t->n[0].counters.in_dropped, p.len + 1);
        }
        node_destroy(t);
    }
}

static void only_frames_to_us_or_a_group_are_taken(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct node_packet ip = node_ipv4(PEER, NODE_A, NULL, bytes_of("12345678", 8));
    struct node_packet p = node_ethernet(MAC_PEER, ETHERNET_TYPE_IPV4, bytes_of(ip.at, ip.len));
    node_receive_frame(t, 0, &p);
    node_assert_dropped(t, TRACE_ETHERNET, DROP_NOT_FOR_US);
    assert_int_equal(t->ip.counters.in_packets, 0);
    p = node_ethernet(MAC_BROADCAST, ETHERNET_TYPE_IPV4, bytes_of(ip.at, ip.len));
    node_receive_frame(t, 0, &p);
    assert_int_equal(t->ip.counters.in_packets, 1);
    p = node_ethernet((struct mac_addr){{1, 0, 0x5e, 0, 0, 1}}, ETHERNET_TYPE_IPV4, bytes_of(ip.at, ip.len));
    node_receive_frame(t, 0, &p);
    assert_int_equal(t->ip.counters.in_packets, 2);
    node_destroy(t);
}

static void a_group_as_source_is_impossible(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct node_packet p = node_ethernet(MAC_A, ETHERNET_TYPE_IPV4, bytes_of("", 0));
    p.at[6] |= 1;
    node_receive_frame(t, 0, &p);
    node_assert_dropped(t, TRACE_ETHERNET, DROP_BAD_ADDRESS);
    node_destroy(t);
}

static void unknown_types_and_lengths_are_dropped(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct node_packet p = node_ethernet(MAC_A, ETHERNET_TYPE_IPV6, bytes_of("", 0));
    node_receive_frame(t, 0, &p);
    node_assert_dropped(t, TRACE_ETHERNET, DROP_UNKNOWN_PROTOCOL);
    be16_store(p.at + 12, 46); /* an 802.3 length */
    node_receive_frame(t, 0, &p);
    node_assert_dropped(t, TRACE_ETHERNET, DROP_MALFORMED);
    node_destroy(t);
}

static void the_header_is_said_to_be_removed(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.fcs = true});
    struct node_packet p = frame_with_fcs();
    node_receive_frame(t, 0, &p);
    for (uint32_t id = 1; id <= t->m.trace->last_id; id++) {
        const struct trace_event *e = trace_at(t->m.trace, id);
        if (e->kind != TRACE_HEADER_REMOVED || e->u.header_removed.protocol != TRACE_ETHERNET)
            continue;
        assert_int_equal(e->u.header_removed.header_bytes, 14);
        assert_int_equal(e->u.header_removed.total_bytes, p.len);
        assert_int_equal(e->frame, 7);
        node_destroy(t);
        return;
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_has_both_addresses_and_the_type),
        cmocka_unit_test(short_frames_are_padded_with_zeros),
        cmocka_unit_test(the_fcs_is_appended_after_the_padding),
        cmocka_unit_test(the_fcs_is_verified_and_stripped),
        cmocka_unit_test(every_truncation_is_dropped),
        cmocka_unit_test(only_frames_to_us_or_a_group_are_taken),
        cmocka_unit_test(a_group_as_source_is_impossible),
        cmocka_unit_test(unknown_types_and_lengths_are_dropped),
        cmocka_unit_test(the_header_is_said_to_be_removed),
    };
    return cmocka_run_group_tests_name("ethernet", tests, NULL, NULL);
}
