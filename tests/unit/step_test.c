#include "unit/support/node.h"

#include "base/checksum.h"

static void headers_are_told_with_their_sizes(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct step s = {&t->m, TRACE_TCP, 3, 12};
    step_header_added(s, 20, 120);
    const struct trace_event *e = node_last(t, TRACE_HEADER_ADDED);
    assert_int_equal(e->u.header_added.protocol, TRACE_TCP);
    assert_int_equal(e->u.header_added.header_bytes, 20);
    assert_int_equal(e->u.header_added.total_bytes, 120);
    assert_int_equal(e->iface, 3);
    assert_int_equal(e->frame, 12);
    assert_int_equal(e->node, 1);
    step_header_removed(s, 24, 124);
    e = node_last(t, TRACE_HEADER_REMOVED);
    assert_int_equal(e->u.header_removed.header_bytes, 24);
    assert_int_equal(e->u.header_removed.total_bytes, 124);
    node_destroy(t);
}

static void a_checksum_is_told_with_what_it_should_be(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct node_packet p = node_ipv4(PEER, NODE_A, NULL, bytes_of("", 0));
    uint16_t right = be16_load(p.at + IPV4_CHECKSUM_AT);
    be16_store(p.at + IPV4_CHECKSUM_AT, 0x1234);
    struct step s = {&t->m, TRACE_IPV4, 0, 1};
    step_checksum_checked(s, (struct step_checksum){bytes_of(p.at, p.len), IPV4_CHECKSUM_AT, 0, false});
    const struct trace_event *e = node_last(t, TRACE_CHECKSUM_CHECKED);
    assert_int_equal(e->u.checksum_checked.found, 0x1234);
    assert_int_equal(e->u.checksum_checked.computed, right);
    assert_int_equal(e->u.checksum_checked.good, 0);
    node_destroy(t);
}

static void nobody_looking_is_fine(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){.no_trace = true});
    struct step s = {&t->m, TRACE_IPV4, 0, 1};
    assert_false(step_traced(s));
    step_dropped(s, DROP_NO_PORT);
    step_header_added(s, 1, 1);
    node_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_told_with_their_sizes),
        cmocka_unit_test(a_checksum_is_told_with_what_it_should_be),
        cmocka_unit_test(nobody_looking_is_fine),
    };
    return cmocka_run_group_tests_name("step", tests, NULL, NULL);
}
