/* The link alone: each of its directions has its own pace, its own faults and its own plug. */
#include "lab/support/cable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* There 1 Mbit/s, 10 ms and two waiting; back 8 Mbit/s, 1 ms and one waiting. */
static void each_direction_has_a_pace_of_its_own(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].rate_bit_per_s = 1000000; /* 1,000 bytes: 8 ms */
    config.way[0].delay_us = 10000;
    config.way[0].queue_frames = 2;
    config.way[1].rate_bit_per_s = 8000000; /* 1 ms */
    config.way[1].delay_us = 1000;
    config.way[1].queue_frames = 1;
    struct cable c = cable_with(config);
    uint32_t there[4], back[4];
    for (unsigned i = 0; i < 4; i++) {
        there[i] = cable_send_on(&c, 0, FRAME, 0);
        back[i] = cable_send_on(&c, 1, FRAME, 0);
    }
    assert_int_equal(c.link->counters[0].lost[LOSS_QUEUE], 1);
    assert_int_equal(c.link->counters[1].lost[LOSS_QUEUE], 2);
    assert_arrives(&c, back[0], 2000);
    assert_arrives(&c, back[1], 3000);
    assert_arrives(&c, there[0], 18000);
    assert_arrives(&c, there[1], 26000);
    assert_arrives(&c, there[2], 34000);
    assert_int_equal(cable_next(&c).id, 0);
    free(c.memory);
}

static void jitter_of_one_direction_leaves_the_other_alone(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].delay_us = config.way[1].delay_us = 1000;
    config.way[1].jitter_us = 500;
    config.way[1].reorder_by_jitter = true;
    struct cable c = cable_with(config);
    unsigned late = 0;
    for (int64_t i = 0; i < 50; i++) {
        uint32_t there = cable_send_on(&c, 0, FRAME, i * 10000);
        assert_arrives(&c, there, i * 10000 + 1000);
        cable_send_on(&c, 1, FRAME, i * 10000);
        late += cable_next(&c).t_us > i * 10000 + 1000;
    }
    assert_true(late > 40);
    free(c.memory);
}

static void a_copy_takes_the_pace_of_its_direction(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].rate_bit_per_s = 1000; /* would be 8 s */
    config.way[1].rate_bit_per_s = 1000000;
    config.way[1].duplicate_ppm = LINK_PPM;
    struct cable c = cable_with(config);
    uint32_t one = cable_send_on(&c, 1, FRAME, 0);
    assert_arrives(&c, one, 8000);
    assert_int_equal(cable_next(&c).t_us, 16000);
    free(c.memory);
}

static void a_cable_broken_in_one_direction_carries_the_other(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].delay_us = config.way[1].delay_us = 1000;
    struct cable c = cable_with(config);
    cable_send_on(&c, 0, FRAME, 0);
    uint32_t back = cable_send_on(&c, 1, FRAME, 0);
    config.way[0].up = false;
    link_configure(c.link, &config, 10);
    const struct trace_event *lost = last_event(&c, TRACE_FRAME_LOST);
    assert_int_equal(lost->u.frame_lost.direction, 0);
    assert_int_equal(lost->u.frame_lost.reason, LOSS_DOWN);
    assert_int_equal(last_event(&c, TRACE_LINK_CHANGED)->u.link_changed.up, true);
    cable_send_on(&c, 0, FRAME, 20);
    assert_arrives(&c, back, 1000);
    assert_int_equal(c.link->counters[0].lost[LOSS_DOWN], 2);
    assert_int_equal(c.link->counters[1].lost[LOSS_DOWN], 0);
    config.way[1].up = false;
    link_configure(c.link, &config, 2000);
    assert_int_equal(last_event(&c, TRACE_LINK_CHANGED)->u.link_changed.up, false);
    free(c.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_direction_has_a_pace_of_its_own),
        cmocka_unit_test(jitter_of_one_direction_leaves_the_other_alone),
        cmocka_unit_test(a_copy_takes_the_pace_of_its_direction),
        cmocka_unit_test(a_cable_broken_in_one_direction_carries_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
