/*
 * base/timer.h against a list that is searched for its minimum: same order of firing, ties included, whatever
 * is armed, moved and cancelled.
 */
#include "base/timer.h"
#include "unit/support/property.h"

static void no_fire(struct timer *t)
{
    (void)t;
}

static void test_init(void **state)
{
    (void)state;
    struct timer t;
    memset(&t, 0xff, sizeof t);
    timer_init(&t, no_fire);
    assert_false(timer_armed(&t));
    assert_ptr_equal(t.fire, no_fire);
}

static void test_arm_and_take(void **state)
{
    (void)state;
    struct timer_queue q = {0};
    struct timer t;
    timer_init(&t, no_fire);
    assert_true(timer_first_due(&q) == TIME_NEVER);
    assert_null(timer_take_due(&q, INT64_MAX));
    timer_arm(&q, &t, 100);
    assert_true(timer_armed(&t));
    assert_int_equal(timer_first_due(&q), 100);
    assert_null(timer_take_due(&q, 99));
    assert_ptr_equal(timer_take_due(&q, 100), &t);
    assert_false(timer_armed(&t));
    assert_null(timer_take_due(&q, 100));
    assert_true(timer_first_due(&q) == TIME_NEVER);
}

static void test_cancel(void **state)
{
    (void)state;
    struct timer_queue q = {0};
    struct timer t[3];
    for (int i = 0; i < 3; i++) {
        timer_init(&t[i], no_fire);
        timer_arm(&q, &t[i], i);
    }
    timer_cancel(&q, &t[0]);
    timer_cancel(&q, &t[0]);
    assert_false(timer_armed(&t[0]));
    assert_int_equal(timer_first_due(&q), 1);
    timer_cancel(&q, &t[2]);
    assert_ptr_equal(timer_take_due(&q, 9), &t[1]);
    assert_null(timer_take_due(&q, 9));
}

static void test_ties_in_order_of_arming(void **state)
{
    (void)state;
    struct timer_queue q = {0};
    struct timer t[20];
    for (int i = 0; i < 20; i++) {
        timer_init(&t[i], no_fire);
        timer_arm(&q, &t[i], 50);
    }
    timer_arm(&q, &t[3], 50); /* armed again: now it is the last */
    timer_arm(&q, &t[4], 40);
    timer_arm(&q, &t[4], 50);
    for (int i = 0; i < 20; i++) {
        if (i != 3 && i != 4)
            assert_ptr_equal(timer_take_due(&q, 50), &t[i]);
    }
    assert_ptr_equal(timer_take_due(&q, 50), &t[3]);
    assert_ptr_equal(timer_take_due(&q, 50), &t[4]);
    assert_null(timer_take_due(&q, 50));
}

/* Armed in descending order the heap is one chain, in ascending order one list: neither may recurse. */
static void test_deep_and_wide(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    struct timer *t = calloc(COUNT, sizeof *t);
    assert_non_null(t);
    for (int descending = 0; descending < 2; descending++) {
        struct timer_queue q = {0};
        for (int i = 0; i < COUNT; i++) {
            timer_init(&t[i], no_fire);
            timer_arm(&q, &t[i], descending ? COUNT - i : i);
        }
        for (int i = 0; i < COUNT; i++)
            assert_ptr_equal(timer_take_due(&q, INT64_MAX), &t[descending ? COUNT - 1 - i : i]);
        assert_null(q.root);
    }
    free(t);
}

/* Links agree in both directions and no child is before its parent. The heaps here are small: this may
 * recurse. */
static void assert_heap(const struct timer *t)
{
    const struct timer *prev = t;
    for (const struct timer *c = t->child; c; prev = c, c = c->next) {
        assert_ptr_equal(c->prev, prev);
        assert_true(c->due_us > t->due_us || (c->due_us == t->due_us && c->order > t->order));
        assert_heap(c);
    }
}

enum { TIMERS = 40 };

static int first_of(const int64_t *due, const int *armed_at)
{
    int first = -1;
    for (int i = 0; i < TIMERS; i++) {
        if (due[i] == TIME_NEVER)
            continue;
        if (first < 0 || due[i] < due[first] || (due[i] == due[first] && armed_at[i] < armed_at[first]))
            first = i;
    }
    return first;
}

static void heap_is_a_sorted_list(struct rng *rng)
{
    struct timer_queue q = {0};
    struct timer t[TIMERS];
    int64_t due[TIMERS];
    int armed_at[TIMERS] = {0};
    for (int i = 0; i < TIMERS; i++) {
        timer_init(&t[i], no_fire);
        due[i] = TIME_NEVER;
    }
    for (int step = 0; step < 600; step++) {
        uint32_t i = rng_below(rng, TIMERS);
        uint32_t what = rng_below(rng, 8);
        if (what < 5) {
            due[i] = (int64_t)rng_below(rng, 60) - 10; /* few values, so that there are ties */
            armed_at[i] = step;
            timer_arm(&q, &t[i], due[i]);
        } else if (what == 5) {
            timer_cancel(&q, &t[i]);
            due[i] = TIME_NEVER;
        } else {
            int first = first_of(due, armed_at);
            int64_t now_us = (int64_t)rng_below(rng, 60) - 10;
            bool is_due = first >= 0 && due[first] <= now_us;
            assert_ptr_equal(timer_take_due(&q, now_us), is_due ? &t[first] : NULL);
            if (is_due)
                due[first] = TIME_NEVER;
        }
        int first = first_of(due, armed_at);
        assert_true(timer_first_due(&q) == (first < 0 ? TIME_NEVER : due[first]));
        for (int k = 0; k < TIMERS; k++)
            assert_int_equal(timer_armed(&t[k]), due[k] != TIME_NEVER);
        if (q.root) {
            assert_null(q.root->prev);
            assert_null(q.root->next);
            assert_heap(q.root);
        }
    }
}

static void test_heap_is_a_sorted_list(void **state)
{
    (void)state;
    property_run(60, heap_is_a_sorted_list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_init),          cmocka_unit_test(test_arm_and_take),
        cmocka_unit_test(test_cancel),        cmocka_unit_test(test_ties_in_order_of_arming),
        cmocka_unit_test(test_deep_and_wide), cmocka_unit_test(test_heap_is_a_sorted_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
