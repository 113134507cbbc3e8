/*
 * trace/trace.h: ids, causes, what the ring forgets, and that the field tables say where fields really are.
 */
#include "trace/trace.h"

#include <stdio.h>

#include "unit/support/property.h"

enum { ARENA_SIZE = 1 << 16, CAPACITY = 8 };

/* A zeroed block as an arena of that many bytes; whoever frees the arena frees the block. */
static struct arena *arena_fresh(size_t size)
{
    void *memory = aligned_alloc(ARENA_ALIGN, size);
    assert_non_null(memory);
    memset(memory, 0, size);
    struct arena *a = arena_create(memory, size);
    assert_ptr_equal((void *)a, memory);
    return a;
}

static struct arena *test_arena; /* of the running test */

static int setup(void **state)
{
    test_arena = arena_fresh(ARENA_SIZE);
    *state = trace_create(test_arena, CAPACITY);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    free(test_arena);
    return 0;
}

static const struct trace_event EVENT_AT_7 = {
    .kind = TRACE_TCP_STATE, .t_us = 7, .u.tcp_state = {.from = 1, .to = 2}};

static void test_ids_count_from_one(void **state)
{
    struct trace *t = *state;
    assert_null(trace_at(t, 0));
    assert_null(trace_at(t, 1));
    assert_int_equal(trace_emit(t, &EVENT_AT_7), 1);
    assert_int_equal(trace_emit(t, &EVENT_AT_7), 2);
    const struct trace_event *e = trace_at(t, 1);
    assert_non_null(e);
    assert_int_equal(e->id, 1);
    assert_int_equal(e->cause, 0);
    assert_int_equal(e->t_us, 7);
    assert_int_equal(e->u.tcp_state.to, 2);
    assert_null(trace_at(t, 3));
}

/* Whatever a compiler leaves between fields and behind them: the same event is the same bytes. */
static void test_what_is_no_field_is_zero(void **state)
{
    for (unsigned kind = 1; kind < TRACE_KIND_COUNT; kind++) {
        struct trace_event full = {.kind = (uint16_t)kind};
        memset(full.u.bytes, 0xff, sizeof full.u.bytes);
        const struct trace_event *e = trace_at(*state, trace_emit(*state, &full));
        uint8_t expected[TRACE_FIELDS_MAX] = {0};
        unsigned count;
        const struct trace_field *fields = trace_fields((enum trace_kind)kind, &count);
        for (unsigned i = 0; i < count; i++) {
            unsigned bits = 0;
            assert_int_equal(sscanf(fields[i].type + 1, "%u", &bits), 1);
            memset(expected + fields[i].offset_bytes - offsetof(struct trace_event, u), 0xff, bits / 8);
        }
        assert_memory_equal(e->u.bytes, expected, sizeof expected);
    }
}

static void test_the_ring_forgets_the_oldest(void **state)
{
    struct trace *t = *state;
    for (uint32_t id = 1; id <= 3 * CAPACITY; id++)
        assert_int_equal(trace_emit(t, &EVENT_AT_7), id);
    assert_null(trace_at(t, 2 * CAPACITY));
    for (uint32_t id = 2 * CAPACITY + 1; id <= 3 * CAPACITY; id++)
        assert_int_equal(trace_at(t, id)->id, id);
}

static void test_ids_skip_zero_when_they_start_again(void **state)
{
    struct trace *t = *state;
    t->last_id = UINT32_MAX - 1;
    assert_int_equal(trace_emit(t, &EVENT_AT_7), UINT32_MAX);
    assert_int_equal(trace_emit(t, &EVENT_AT_7), 1);
    t->last_frame = UINT32_MAX;
    assert_int_equal(trace_new_frame(t), 1);
}

static void test_causes_nest(void **state)
{
    struct trace *t = *state;
    uint32_t call = trace_emit(t, &EVENT_AT_7);
    uint32_t before = trace_enter(t, call);
    uint32_t segment = trace_emit(t, &EVENT_AT_7);
    uint32_t outer = trace_enter(t, segment);
    uint32_t inner = trace_emit(t, &EVENT_AT_7);
    struct trace_event own = EVENT_AT_7;
    own.cause = call;
    uint32_t told = trace_emit(t, &own);
    trace_leave(t, outer);
    uint32_t sibling = trace_emit(t, &EVENT_AT_7);
    trace_leave(t, before);
    assert_int_equal(trace_cause(t), 0);
    assert_int_equal(trace_at(t, call)->cause, 0);
    assert_int_equal(trace_at(t, segment)->cause, call);
    assert_int_equal(trace_at(t, inner)->cause, segment);
    assert_int_equal(trace_at(t, told)->cause, call); /* a cause given by the caller stays */
    assert_int_equal(trace_at(t, sibling)->cause, call);
}

static void test_the_macro_fills_in_the_host(void **state)
{
    struct machine m = {.now_us = 123, .trace = *state, .node = 3};
    uint32_t id = TRACE(&m, TCP_RTT_SAMPLE, .socket = 4, .u.tcp_rtt_sample = {.rtt_us = 50, .rto_us = 200});
    const struct trace_event *e = trace_at(m.trace, id);
    assert_int_equal(e->kind, TRACE_TCP_RTT_SAMPLE);
    assert_int_equal(e->t_us, 123);
    assert_int_equal(e->node, 3);
    assert_int_equal(e->socket, 4);
    assert_int_equal(e->u.tcp_rtt_sample.rto_us, 200);
}

static void test_without_a_trace_nothing_happens(void **state)
{
    (void)state;
    struct machine m = {.now_us = 123};
    assert_int_equal(TRACE(&m, TCP_STATE, .socket = 4), 0);
    assert_int_equal(trace_emit(NULL, &EVENT_AT_7), 0);
    assert_int_equal(trace_new_frame(NULL), 0);
    assert_null(trace_at(NULL, 1));
    assert_int_equal(trace_enter(NULL, 5), 0);
    trace_leave(NULL, 0);
    assert_int_equal(trace_cause(NULL), 0);
}

static void test_frames_get_ids(void **state)
{
    struct trace *t = *state;
    assert_int_equal(trace_new_frame(t), 1);
    assert_int_equal(trace_new_frame(t), 2);
}

static void test_create_fails_when_memory_runs_out(void **state)
{
    (void)state;
    struct arena *a = arena_fresh(4096);
    assert_null(trace_create(a, 1 << 10));
    assert_int_equal(a->in_use, 0);
    free(a);
}

static unsigned type_size(const char *type)
{
    return (unsigned)strtoul(type + 1, NULL, 10) / 8;
}

static void test_fields_tile_their_records(void **state)
{
    (void)state;
    for (unsigned kind = TRACE_NOTHING + 1; kind < TRACE_KIND_COUNT; kind++) {
        unsigned count;
        const struct trace_field *fields = trace_fields((enum trace_kind)kind, &count);
        assert_true(count > 0);
        unsigned end = offsetof(struct trace_event, u);
        for (unsigned i = 0; i < count; i++) {
            unsigned size = type_size(fields[i].type);
            assert_true(size == 1 || size == 2 || size == 4 || size == 8);
            assert_true(fields[i].offset_bytes >= end); /* in order, none over another */
            assert_int_equal(fields[i].offset_bytes % size, 0);
            assert_true(strlen(fields[i].name) > 0);
            end = fields[i].offset_bytes + size;
        }
        assert_true(end <= sizeof(struct trace_event));
    }
    unsigned count = 1;
    assert_null(trace_fields(TRACE_NOTHING, &count));
    assert_int_equal(count, 0);
}

static void test_fields_are_where_they_say(void **state)
{
    (void)state;
    struct trace_event e = {.kind = TRACE_TCP_SEGMENT_SENT,
                            .u.tcp_segment_sent = {.seq = 0xfeedf00d, .dst_port = 80, .flags = 0x12}};
    unsigned count;
    const struct trace_field *f = trace_fields(TRACE_TCP_SEGMENT_SENT, &count);
    assert_string_equal(f[0].name, "seq");
    assert_string_equal(f[0].type, "u32");
    uint32_t seq;
    memcpy(&seq, (const char *)&e + f[0].offset_bytes, sizeof seq);
    assert_int_equal(seq, 0xfeedf00d);
    assert_string_equal(f[5].name, "dst_port");
    uint16_t port;
    memcpy(&port, (const char *)&e + f[5].offset_bytes, sizeof port);
    assert_int_equal(port, 80);
    f = trace_fields(TRACE_FRAME_SENT, &count);
    assert_string_equal(f[count - 1].name, "arrival_us");
    assert_string_equal(f[count - 1].type, "i64");
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(trace_kind_name(TRACE_NOTHING), "nothing");
    assert_string_equal(trace_kind_name(TRACE_TCP_STATE), "tcp_state");
    assert_string_equal(trace_kind_name((enum trace_kind)(TRACE_KIND_COUNT - 1)), "ping_reply");
    assert_int_equal(trace_kind_layer(TRACE_TCP_STATE), TRACE_LAYER_TRANSPORT);
    assert_int_equal(trace_kind_layer(TRACE_FRAME_LOST), TRACE_LAYER_LINK);
    assert_int_equal(trace_kind_layer(TRACE_SOCKET_CALL), TRACE_LAYER_SOCKET);
    assert_string_equal(trace_rule_name(RULE_TCP_LISTEN_SYN), "TCP_LISTEN_SYN");
    assert_string_equal(trace_rule_document(RULE_TCP_LISTEN_SYN), "RFC 9293");
    assert_string_equal(trace_rule_section(RULE_TCP_LISTEN_SYN), "3.10.7.2");
    assert_string_equal(trace_rule_name(RULE_NONE), "NONE");
    assert_string_equal(trace_rule_text(RULE_NONE), "");
    assert_string_equal(drop_reason_name(DROP_BAD_CHECKSUM), "BAD_CHECKSUM");
    assert_string_equal(drop_reason_phrase(DROP_BAD_CHECKSUM), "the checksum is wrong");
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        const char *document = trace_rule_document((enum trace_rule)rule);
        assert_true(strncmp(document, "RFC ", 4) == 0 || strncmp(document, "IEEE 802.", 9) == 0);
        const char *text = trace_rule_text((enum trace_rule)rule);
        assert_true(strlen(text) > 10 && text[strlen(text) - 1] == '.'); /* a sentence */
    }
    for (unsigned reason = 0; reason < DROP_REASON_COUNT; reason++)
        assert_true(strlen(drop_reason_phrase((enum drop_reason)reason)) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ids_count_from_one, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_no_field_is_zero, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_ring_forgets_the_oldest, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ids_skip_zero_when_they_start_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_causes_nest, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_macro_fills_in_the_host, setup, teardown),
        cmocka_unit_test(test_without_a_trace_nothing_happens),
        cmocka_unit_test_setup_teardown(test_frames_get_ids, setup, teardown),
        cmocka_unit_test(test_create_fails_when_memory_runs_out),
        cmocka_unit_test(test_fields_tile_their_records),
        cmocka_unit_test(test_fields_are_where_they_say),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
