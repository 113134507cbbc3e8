/* Two runs compared: where they part, and which segments differ. */
#include "lab/compare.h"

#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/status.h"

enum { LIST_MAX = 64 };

#define SCENARIO                                                                                             \
    "{'nodes':[{'name':'client','address':'10.0.0.1/24','apps':[{'app':'sender','to':'server:80','text':"    \
    "'Hello!','start_ms':10,'close':true}]},{'name':'server','address':'10.0.0.2/24','apps':[{'app':"        \
    "'receiver','port':80,'close':true}]}],'links':[{'name':'wire','between':['client','server'],"           \
    "'delay_ms':20}]}"

struct pair {
    struct bench a, b;
    struct compare_result result;
    struct compare_segment list[LIST_MAX];
};

static struct pair pair;

static void compare(void)
{
    static struct compare_run a, b;
    compare_run_of(&a, pair.a.lab);
    compare_run_of(&b, pair.b.lab);
    size_t size = compare_scratch_bytes(&a, &b);
    void *scratch = malloc(size + 1);
    assert_int_equal(compare_runs(&pair.result, pair.list, LIST_MAX, &a, &b, room_of(scratch, size)), 0);
    free(scratch);
}

/* Both labs, with a command done to each at 50 ms; then both run to 5 s. */
static void run_both(const char *in_a, const char *in_b)
{
    const char *commands[2] = {in_a, in_b};
    struct bench *benches[2] = {&pair.a, &pair.b};
    for (unsigned i = 0; i < 2; i++) {
        bench_open(benches[i], SCENARIO);
        lab_run_until(benches[i]->lab, 50000, 0);
        if (commands[i])
            assert_ptr_equal(strstr(bench_do(benches[i], commands[i]), "{'ok':true"), benches[i]->reply);
        lab_run_until(benches[i]->lab, 5000000, 0);
    }
    compare();
}

static void close_both(void)
{
    bench_close(&pair.a);
    bench_close(&pair.b);
}

static void equal_runs_do_not_part(void **state)
{
    (void)state;
    run_both(NULL, NULL);
    assert_int_equal(pair.result.event, 0);
    assert_int_equal(pair.result.listed, 0);
    for (unsigned k = 0; k < COMPARE_KIND_COUNT; k++)
        assert_int_equal(pair.result.count[k], 0);
    close_both();
}

/* A lost data segment: the act itself is the first divergence, and its copy is one segment more. */
static void a_loss_shows_as_a_retransmission_that_only_one_has(void **state)
{
    (void)state;
    run_both(NULL, "{'do':'drop_next','link':'wire','direction':0,'match':'data','count':1}");
    const struct trace_event *e = trace_at(lab_trace(pair.b.lab), pair.result.event);
    assert_non_null(e);
    assert_int_equal(e->kind, TRACE_ACTION);
    assert_int_equal(pair.result.t_us, 50000);
    assert_true(pair.result.count[COMPARE_ONLY_B] >= 1);
    bool copy = false;
    int64_t before_us = 0;
    for (unsigned i = 0; i < pair.result.listed; i++) {
        const struct compare_segment *s = &pair.list[i];
        int64_t t_us = s->a_us < s->b_us ? s->a_us : s->b_us;
        assert_true(t_us >= before_us);
        before_us = t_us;
        struct lab_frame f;
        if (s->kind != COMPARE_ONLY_B || !lab_frame(pair.b.lab, s->frame_b, &f))
            continue;
        assert_int_equal(s->a_us, TIME_NEVER);
        assert_int_equal(s->frame_a, 0);
        copy = copy || (f.direction == 0 && f.t_us > 200000);
    }
    assert_true(copy);
    close_both();
}

/* More delay: the same words later, and none that only one run has. */
static void delay_moves_segments(void **state)
{
    (void)state;
    run_both(NULL, "{'do':'link','link':'wire','delay_ms':30}");
    assert_true(pair.result.count[COMPARE_MOVED] > 0);
    assert_int_equal(pair.result.count[COMPARE_ONLY_A], 0);
    assert_int_equal(pair.result.count[COMPARE_ONLY_B], 0);
    for (unsigned i = 0; i < pair.result.listed; i++)
        if (pair.list[i].kind == COMPARE_MOVED)
            assert_true(pair.list[i].b_us > pair.list[i].a_us);
    close_both();
}

static void the_other_way_round_is_the_mirror(void **state)
{
    (void)state;
    run_both("{'do':'drop_next','link':'wire','direction':0,'match':'data','count':1}", NULL);
    unsigned only_a = pair.result.count[COMPARE_ONLY_A], only_b = pair.result.count[COMPARE_ONLY_B];
    uint32_t event = pair.result.event;
    close_both();
    run_both(NULL, "{'do':'drop_next','link':'wire','direction':0,'match':'data','count':1}");
    assert_int_equal(pair.result.count[COMPARE_ONLY_B], only_a);
    assert_int_equal(pair.result.count[COMPARE_ONLY_A], only_b);
    assert_int_equal(pair.result.event, event);
    close_both();
}

/* A run that went on longer: what only it has begins behind the other's end. */
static void one_that_went_on_parts_where_the_other_ends(void **state)
{
    (void)state;
    bench_open(&pair.a, SCENARIO);
    bench_open(&pair.b, SCENARIO);
    lab_run_until(pair.a.lab, 5000000, 0);
    lab_run_until(pair.b.lab, 55000, 0);
    compare();
    assert_int_equal(pair.result.event, lab_trace(pair.b.lab)->last_id + 1);
    assert_true(pair.result.t_us > 55000);
    assert_true(pair.result.count[COMPARE_ONLY_A] > 0);
    assert_int_equal(pair.result.count[COMPARE_ONLY_B], 0);
    close_both();
}

static void a_short_list_keeps_the_earliest(void **state)
{
    (void)state;
    run_both(NULL, "{'do':'link','link':'wire','delay_ms':30}");
    static struct compare_run a, b;
    struct compare_segment two[2];
    struct compare_result r;
    compare_run_of(&a, pair.a.lab);
    compare_run_of(&b, pair.b.lab);
    size_t size = compare_scratch_bytes(&a, &b);
    void *scratch = malloc(size);
    assert_int_equal(compare_runs(&r, two, 2, &a, &b, room_of(scratch, size)), 0);
    assert_int_equal(r.listed, 2);
    assert_memory_equal(two, pair.list, sizeof two);
    assert_memory_equal(r.count, pair.result.count, sizeof r.count);
    assert_int_equal(compare_runs(&r, NULL, 0, &a, &b, room_of(scratch, size)), 0);
    assert_int_equal(r.listed, 0);
    assert_int_equal(compare_runs(&r, NULL, 0, &a, &b, room_of(scratch, 8)), STATUS_ENOBUFS);
    free(scratch);
    close_both();
}

/* A copy of the memory, as a snapshot is, compares like the lab that it was made of. */
static void an_image_will_do_for_a_run(void **state)
{
    (void)state;
    static struct compare_run now, then;
    bench_open(&pair.a, SCENARIO);
    lab_run_until(pair.a.lab, 55000, 0);
    uint32_t last = lab_trace(pair.a.lab)->last_id;
    size_t len = lab_image(pair.a.lab).len, room = (len + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    uint8_t *image = aligned_alloc(ARENA_ALIGN, room);
    assert_int_equal(lab_save(pair.a.lab, room_of(image, room)), len);
    lab_run_until(pair.a.lab, 5000000, 0);
    compare_run_of(&now, pair.a.lab);
    assert_int_equal(compare_run_of_image(&then, pair.a.lab, bytes_of(image, len)), 0);
    size_t size = compare_scratch_bytes(&now, &then);
    void *scratch = malloc(size);
    assert_int_equal(compare_runs(&pair.result, NULL, 0, &now, &then, room_of(scratch, size)), 0);
    assert_int_equal(pair.result.event, last + 1);
    assert_int_equal(compare_run_of_image(&then, pair.a.lab, bytes_of(image, len / 2)), STATUS_EINVAL);
    memset(image, 0, len);
    assert_int_equal(compare_run_of_image(&then, pair.a.lab, bytes_of(image, len)), STATUS_EINVAL);
    free(scratch);
    free(image);
    bench_close(&pair.a);
}

/* Events that a ring holds no more are not compared, and the result says from where on it knows. */
static void what_the_ring_forgot_is_not_compared(void **state)
{
    (void)state;
    struct trace_event a_ring[4] = {{0}}, b_ring[4] = {{0}};
    static struct compare_run a, b;
    for (uint32_t id = 3; id <= 6; id++)
        a_ring[id & 3] = b_ring[id & 3] = (struct trace_event){.id = id, .t_us = id, .kind = TRACE_ACTION};
    a = b = (struct compare_run){.trace = {.capacity = 4, .last_id = 6}, .capture = {.capacity = 64}};
    a.trace.ring = a_ring;
    b.trace.ring = b_ring;
    struct compare_result r;
    assert_int_equal(compare_runs(&r, NULL, 0, &a, &b, room_of(NULL, 0)), 0);
    assert_int_equal(r.event, 0);
    assert_int_equal(r.first_known, 3);
    b_ring[1].socket = 1;
    assert_int_equal(compare_runs(&r, NULL, 0, &a, &b, room_of(NULL, 0)), 0);
    assert_int_equal(r.event, 5);
}

static void kinds_have_names(void **state)
{
    (void)state;
    assert_string_equal(compare_kind_name(COMPARE_ONLY_A), "only_a");
    assert_string_equal(compare_kind_name(COMPARE_CHANGED), "changed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_runs_do_not_part),
        cmocka_unit_test(a_loss_shows_as_a_retransmission_that_only_one_has),
        cmocka_unit_test(delay_moves_segments),
        cmocka_unit_test(the_other_way_round_is_the_mirror),
        cmocka_unit_test(one_that_went_on_parts_where_the_other_ends),
        cmocka_unit_test(a_short_list_keeps_the_earliest),
        cmocka_unit_test(an_image_will_do_for_a_run),
        cmocka_unit_test(what_the_ring_forgot_is_not_compared),
        cmocka_unit_test(kinds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
