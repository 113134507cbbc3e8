/* The link alone: each fault by itself, and times to the microsecond. */
#include "lab/support/cable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/status.h"

enum { FRAMES = 20000 };

static void a_frame_takes_its_time_to_send_and_to_travel(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].rate_bit_per_s = 1000000; /* 1,000 bytes: 8 ms */
    config.way[0].delay_us = 500;
    config.way[1] = config.way[0];
    struct cable c = cable_with(config);
    uint32_t one = cable_send(&c, 0), two = cable_send(&c, 0), back = cable_send_on(&c, 1, FRAME, 100);
    assert_arrives(&c, one, 8500);
    assert_arrives(&c, back, 8600); /* the directions do not wait for each other */
    assert_arrives(&c, two, 16500);
    free(c.memory);
}

static void frames_arrive_in_order_and_on_time(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].rate_bit_per_s = 1000000;
    config.way[0].delay_us = 500;
    struct cable c = cable_with(config);
    uint32_t one = cable_send(&c, 0), two = cable_send(&c, 0);
    assert_int_equal(c.link->direction[0].queue_count, 1);
    assert_arrives(&c, one, 8500);
    assert_arrives(&c, two, 16500);
    const struct trace_event *sent = last_event(&c, TRACE_FRAME_SENT);
    assert_int_equal(sent->t_us, 8000);
    assert_int_equal(sent->u.frame_sent.sent_us, 16000);
    assert_int_equal(sent->u.frame_sent.arrival_us, 16500);
    free(c.memory);
}

static void rounding_of_send_times_does_not_add_up(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].rate_bit_per_s = 3000000000; /* 64 bytes: 170.67 ns */
    struct cable c = cable_with(config);
    int64_t last = 0;
    for (unsigned i = 0; i < 900; i++)
        cable_send_on(&c, 0, 64, 0);
    for (struct arrival a; (a = cable_next(&c)).id;)
        last = a.t_us;
    assert_in_range(last, 153, 155); /* 900 * 512 / 3000 = 153.6 us */
    free(c.memory);
}

static void an_infinitely_fast_link_delivers_at_once(void **state)
{
    (void)state;
    struct cable c = cable_with(plain());
    assert_arrives(&c, cable_send(&c, 77), 77);
    free(c.memory);
}

static void a_full_queue_drops_what_comes_last(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].rate_bit_per_s = 1000000;
    config.way[0].queue_frames = 2;
    struct cable c = cable_with(config);
    for (unsigned i = 0; i < 3; i++)
        cable_send(&c, 0); /* one is being sent, two wait */
    assert_null(last_event(&c, TRACE_FRAME_LOST));
    uint32_t fourth = cable_send(&c, 0);
    const struct trace_event *lost = last_event(&c, TRACE_FRAME_LOST);
    assert_int_equal(lost->frame, fourth);
    assert_int_equal(lost->u.frame_lost.reason, LOSS_QUEUE);
    assert_int_equal(capture_find(c.link->capture, fourth)->point, CAPTURE_REFUSED);
    free(c.memory);
}

/* Sends many frames and counts those that arrive, with a good FCS. */
static unsigned survivors(struct link_config config, unsigned *corrupted)
{
    struct cable c = cable_with(config);
    unsigned good = 0;
    *corrupted = 0;
    for (int i = 0; i < FRAMES; i++) {
        cable_send_on(&c, 0, 64, i);
        for (struct arrival a; (a = cable_next(&c)).id;) {
            good += a.fcs_good;
            *corrupted += !a.fcs_good;
        }
    }
    free(c.memory);
    return good;
}

static void chances_are_what_they_say(void **state)
{
    (void)state;
    unsigned corrupted;
    struct link_config lossy = plain(), doubling = plain(), noisy = plain();
    assert_int_equal(survivors(plain(), &corrupted), FRAMES);
    lossy.way[0].loss_ppm = 50000;
    assert_in_range(survivors(lossy, &corrupted), FRAMES * 94 / 100, FRAMES * 96 / 100);
    doubling.way[0].duplicate_ppm = 50000;
    assert_in_range(survivors(doubling, &corrupted), FRAMES * 104 / 100, FRAMES * 106 / 100);
    noisy.way[0].corrupt_ppm = 50000;
    assert_int_equal(survivors(noisy, &corrupted) + corrupted, FRAMES);
    assert_in_range(corrupted, FRAMES * 4 / 100, FRAMES * 6 / 100);
    lossy.way[0].loss_ppm = LINK_PPM;
    assert_int_equal(survivors(lossy, &corrupted), 0);
    struct link_config other = plain();
    other.way[1].loss_ppm = LINK_PPM; /* of the other direction */
    assert_int_equal(survivors(other, &corrupted), FRAMES);
}

/* Which of the first frames get lost. */
static uint64_t loss_pattern(struct link_config config)
{
    struct cable c = cable_with(config);
    uint64_t pattern = 0;
    for (unsigned i = 0; i < 64; i++) {
        uint32_t id = cable_send(&c, i);
        for (struct arrival a; (a = cable_next(&c)).id;)
            pattern |= (uint64_t)(a.id == id) << i;
    }
    free(c.memory);
    return pattern;
}

static void one_fault_does_not_move_the_others(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].loss_ppm = 300000;
    uint64_t pattern = loss_pattern(config);
    assert_true(pattern != 0 && pattern != UINT64_MAX);
    config.way[0].corrupt_ppm = 200000;
    config.way[0].reorder_ppm = 200000;
    config.way[0].jitter_us = 7;
    config.way[1].loss_ppm = 500000;
    assert_true(loss_pattern(config) == pattern);
}

static void a_lost_frame_disappears_half_way(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].delay_us = 1000;
    config.way[0].loss_ppm = LINK_PPM;
    struct cable c = cable_with(config);
    uint32_t id = cable_send(&c, 0);
    assert_int_equal(cable_next(&c).id, 0);
    const struct trace_event *lost = last_event(&c, TRACE_FRAME_LOST),
                             *sent = last_event(&c, TRACE_FRAME_SENT);
    assert_int_equal(lost->frame, id);
    assert_int_equal(lost->t_us, 500);
    assert_int_equal(lost->cause, sent->id);
    assert_int_equal(lost->u.frame_lost.reason, LOSS_RANDOM);
    free(c.memory);
}

static void a_reordered_frame_is_passed_by_the_next(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].delay_us = 1000;
    config.way[0].reorder_ppm = LINK_PPM;
    config.way[0].reorder_us = 300;
    struct cable c = cable_with(config);
    uint32_t late = cable_send(&c, 0);
    struct link_config calm = config;
    calm.way[0].reorder_ppm = 0;
    link_configure(c.link, &calm, 0);
    uint32_t early = cable_send(&c, 100);
    assert_arrives(&c, early, 1100);
    assert_arrives(&c, late, 1300);
    assert_int_equal(last_event(&c, TRACE_FRAME_DELAYED)->u.frame_delayed.extra_us, 300);
    free(c.memory);
}

static void jitter_keeps_the_order_unless_told(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].delay_us = 1000;
    config.way[0].jitter_us = 500;
    for (unsigned reorder = 0; reorder < 2; reorder++) {
        config.way[0].reorder_by_jitter = reorder;
        struct cable c = cable_with(config);
        unsigned overtaken = 0;
        uint32_t last = 0;
        int64_t first_us = INT64_MAX, last_us = 0;
        for (int i = 0; i < 50; i++)
            cable_send(&c, i);
        for (struct arrival a; (a = cable_next(&c)).id; last = a.id) {
            overtaken += a.id < last;
            first_us = a.t_us < first_us ? a.t_us : first_us;
            last_us = a.t_us;
        }
        assert_int_equal(overtaken > 0, reorder);
        assert_true(first_us >= 1000 && last_us <= 1549 && last_us > 1400);
        free(c.memory);
    }
}

static void a_duplicate_has_a_name_of_its_own_and_comes_behind(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].rate_bit_per_s = 1000000;
    config.way[0].duplicate_ppm = LINK_PPM;
    struct cable c = cable_with(config);
    uint32_t id = cable_send(&c, 0);
    const struct trace_event *event = last_event(&c, TRACE_FRAME_DUPLICATED);
    uint32_t copy = event->u.frame_duplicated.copy_frame;
    assert_true(copy != id);
    assert_arrives(&c, id, 8000);
    assert_arrives(&c, copy, 16000);
    assert_int_equal(trace_at(c.trace, last_event(&c, TRACE_FRAME_DELIVERED)->cause)->cause, event->id);
    free(c.memory);
}

static void pulling_the_plug_loses_everything(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].rate_bit_per_s = 1000000;
    struct cable c = cable_with(config);
    for (unsigned i = 0; i < 3; i++)
        cable_send(&c, 0);
    config.way[0].up = config.way[1].up = false;
    link_configure(c.link, &config, 10);
    assert_int_equal(link_deadline(c.link), TIME_NEVER);
    cable_send(&c, 20);
    assert_int_equal(c.link->counters[0].lost[LOSS_DOWN], 4);
    config.way[0].up = config.way[1].up = true;
    link_configure(c.link, &config, 30);
    uint32_t id = cable_send(&c, 40);
    assert_arrives(&c, id, 8040);
    free(c.memory);
}

static void a_frame_over_the_mtu_is_lost(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.mtu_bytes = 500;
    struct cable c = cable_with(config);
    uint32_t fits = cable_send_on(&c, 0, 518, 0);
    cable_send_on(&c, 0, 519, 0);
    assert_arrives(&c, fits, 0);
    assert_int_equal(cable_next(&c).id, 0);
    assert_int_equal(last_event(&c, TRACE_FRAME_LOST)->u.frame_lost.reason, LOSS_TOO_BIG);
    free(c.memory);
}

static void a_person_can_do_anything_to_a_frame(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].delay_us = 1000;
    struct cable c = cable_with(config);
    uint32_t dropped = cable_send(&c, 0), delayed = cable_send(&c, 1), doubled = cable_send(&c, 2),
             corrupted = cable_send(&c, 3);
    assert_int_equal(link_drop(c.link, dropped, 10), 0);
    assert_int_equal(link_drop(c.link, dropped, 10), STATUS_ENOENT);
    assert_int_equal(link_delay(c.link, delayed, 50, 10), 0);
    int copy = link_duplicate(c.link, doubled, 10);
    assert_true(copy > 0);
    assert_int_equal(link_corrupt(c.link, corrupted, (struct link_flip){FRAME, 0, false}, 10), STATUS_ERANGE);
    assert_int_equal(link_corrupt(c.link, corrupted, (struct link_flip){5, 0, false}, 10), 0);
    assert_arrives(&c, doubled, 1002);
    assert_arrives(&c, (uint32_t)copy, 1002);
    struct arrival a = cable_next(&c);
    assert_int_equal(a.id, corrupted);
    assert_false(a.fcs_good);
    assert_arrives(&c, delayed, 1051);
    free(c.memory);
}

static void what_waits_can_be_dropped_and_doubled(void **state)
{
    (void)state;
    struct link_config config = plain();
    config.way[0].rate_bit_per_s = 1000000;
    struct cable c = cable_with(config);
    uint32_t one = cable_send(&c, 0), two = cable_send(&c, 0), three = cable_send(&c, 0);
    assert_int_equal(link_drop(c.link, three, 1), 0);
    int copy = link_duplicate(c.link, two, 1);
    uint32_t four = cable_send(&c, 2);
    assert_int_equal(link_corrupt(c.link, four, (struct link_flip){20, 7, true}, 3), 0);
    assert_arrives(&c, one, 8000);
    assert_arrives(&c, two, 16000);
    assert_arrives(&c, (uint32_t)copy, 24000);
    struct arrival a = cable_next(&c);
    assert_int_equal(a.id, four);
    assert_true(a.fcs_good); /* a device changed it and made the FCS anew */
    assert_int_equal(link_deadline(c.link), TIME_NEVER);
    free(c.memory);
}

static void the_next_frames_of_a_kind_can_be_dropped(void **state)
{
    (void)state;
    struct cable c = cable_with(plain());
    assert_int_equal(link_drop_next(c.link, 0, LINK_MATCH_ANY, 2), 0);
    assert_int_equal(link_drop_next(c.link, 0, LINK_MATCH_SYN, 1), 0);
    cable_send(&c, 0);
    cable_send(&c, 1);
    uint32_t third = cable_send(&c, 2); /* no TCP, so no SYN */
    assert_arrives(&c, third, 2);
    assert_int_equal(c.link->counters[0].lost[LOSS_PERSON], 2);
    for (unsigned i = 0; i < LINK_MATCHERS_MAX - 1; i++)
        assert_int_equal(link_drop_next(c.link, 0, LINK_MATCH_FIN, 1), 0);
    assert_int_equal(link_drop_next(c.link, 0, LINK_MATCH_FIN, 1), STATUS_ENOBUFS);
    free(c.memory);
}

static void impossible_settings_are_refused(void **state)
{
    (void)state;
    struct link_config config = plain();
    assert_int_equal(link_config_check(&config), 0);
    config.way[1].loss_ppm = LINK_PPM + 1;
    assert_int_equal(link_config_check(&config), STATUS_EINVAL);
    config = plain();
    config.way[1].queue_frames = UINT16_MAX + 1;
    assert_int_equal(link_config_check(&config), STATUS_EINVAL);
    config = plain();
    config.mtu_bytes = 10;
    assert_int_equal(link_config_check(&config), STATUS_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_takes_its_time_to_send_and_to_travel),
        cmocka_unit_test(frames_arrive_in_order_and_on_time),
        cmocka_unit_test(rounding_of_send_times_does_not_add_up),
        cmocka_unit_test(an_infinitely_fast_link_delivers_at_once),
        cmocka_unit_test(a_full_queue_drops_what_comes_last),
        cmocka_unit_test(chances_are_what_they_say),
        cmocka_unit_test(one_fault_does_not_move_the_others),
        cmocka_unit_test(a_lost_frame_disappears_half_way),
        cmocka_unit_test(a_reordered_frame_is_passed_by_the_next),
        cmocka_unit_test(jitter_keeps_the_order_unless_told),
        cmocka_unit_test(a_duplicate_has_a_name_of_its_own_and_comes_behind),
        cmocka_unit_test(pulling_the_plug_loses_everything),
        cmocka_unit_test(a_frame_over_the_mtu_is_lost),
        cmocka_unit_test(a_person_can_do_anything_to_a_frame),
        cmocka_unit_test(what_waits_can_be_dropped_and_doubled),
        cmocka_unit_test(the_next_frames_of_a_kind_can_be_dropped),
        cmocka_unit_test(impossible_settings_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
