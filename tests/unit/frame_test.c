#include "unit/support/node.h"

static void a_new_frame_is_empty_with_headroom(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct frame *f = frame_create(&t->m, 100);
    assert_int_equal(f->len, 0);
    assert_int_equal(f->head, FRAME_HEADROOM);
    assert_int_equal(f->cause, 0);
    assert_int_equal(f->rule, RULE_NONE);
    assert_null(f->next);
    frame_free(&t->m, f);
    node_destroy(t);
}

static void frames_are_numbered_by_the_trace(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct frame *a = frame_create(&t->m, 0);
    struct frame *b = frame_create(&t->m, 0);
    assert_int_equal(a->id, 1);
    assert_int_equal(b->id, 2);
    frame_free(&t->m, a);
    frame_free(&t->m, b);
    node_destroy(t);
    t = node_create((struct node_options){.no_trace = true});
    a = frame_create(&t->m, 0);
    assert_int_equal(a->id, 0);
    frame_free(&t->m, a);
    node_destroy(t);
}

static void it_grows_at_both_ends(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct frame *f = frame_create(&t->m, 3);
    memcpy(frame_append(f, 3), "abc", 3);
    memcpy(frame_push(f, 2), "->", 2);
    assert_int_equal(f->len, 5);
    assert_memory_equal(frame_bytes(f).at, "->abc", 5);
    frame_free(&t->m, f);
    node_destroy(t);
}

/* Whatever the payload, an Ethernet header in front leaves room for padding to 60 bytes and the FCS. */
static void there_is_always_room_for_padding_and_fcs(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    for (uint32_t payload = 0; payload < 100; payload++) {
        struct frame *f = frame_create(&t->m, payload);
        memset(frame_append(f, payload), 1, payload);
        memset(frame_push(f, ETHERNET_HEADER), 2, ETHERNET_HEADER);
        if (f->len < 60)
            memset(frame_append(f, 60 - f->len), 3, 60 - f->len);
        memset(frame_append(f, ETHERNET_FCS), 4, ETHERNET_FCS);
        assert_true(f->head + f->len <= f->room);
        frame_free(&t->m, f);
    }
    node_destroy(t);
}

static void out_of_memory_gives_null(void **state)
{
    (void)state;
    static _Alignas(16) uint8_t memory[2048];
    memset(memory, 0, sizeof memory);
    struct machine m;
    machine_init(&m, arena_create(memory, sizeof memory), NULL, 0, 1);
    assert_null(frame_create(&m, 1500));
    frame_free(&m, NULL);
}

static void an_unnamed_cause_is_the_current_one(void **state)
{
    (void)state;
    struct node *t = node_create((struct node_options){0});
    struct frame *f = frame_create(&t->m, 0);
    uint32_t before = trace_enter(t->m.trace, 99);
    frame_set_cause(&t->m, f);
    assert_int_equal(f->cause, 99);
    trace_enter(t->m.trace, 100);
    frame_set_cause(&t->m, f);
    assert_int_equal(f->cause, 99);
    trace_leave(t->m.trace, before);
    frame_free(&t->m, f);
    node_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_frame_is_empty_with_headroom),
        cmocka_unit_test(frames_are_numbered_by_the_trace),
        cmocka_unit_test(it_grows_at_both_ends),
        cmocka_unit_test(there_is_always_room_for_padding_and_fcs),
        cmocka_unit_test(out_of_memory_gives_null),
        cmocka_unit_test(an_unnamed_cause_is_the_current_one),
    };
    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
