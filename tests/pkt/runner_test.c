/*
 * The runner of packet scripts must be able to fail: each script in tests/pkt/broken/ is wrong in one way,
 * and the message has to say in which.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "pkt/support/difference.h"
#include "pkt/support/play.h"

static const struct {
    const char *name;
    const char *why; /* is part of the message */
} broken[] = {
    {"flags", "flags, acknowledgment number differ"},
    {"sequence", "sequence number differ"},
    {"length", "length differ"},
    {"acknowledgment", "acknowledgment number differ"},
    {"window", "window differ"},
    {"option_value", "mss differ"},
    {"option_missing", "wscale differ"},
    {"option_unexpected", "mss differ"},
    {"too_late", "sent at another time"},
    {"too_early", "nothing was sent"},
    {"unexpected", "does not expect"},
    {"unexpected_at_end", "at the end"},
    {"flow", "sent to another peer"},
    {"result", "listen() returned 0"},
    {"error", "read() returned EAGAIN"},
    {"state", "the state is ESTABLISHED, not CLOSED"},
    {"number", "snd_wnd is 32000"},
    {"backwards", "before that of the line above"},
    {"syntax", "an unknown flag letter"},
    {"range", "do not agree"},
    {"config", "no such setting"},
    {"include", "cannot be opened"},
    {"empty", "nothing in it"},
};

static void test_broken_scripts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        char path[100], message[SCRIPT_MESSAGE_MAX] = "";
        struct script s;
        snprintf(path, sizeof path, "tests/pkt/broken/%s.pkt", broken[i].name);
        bool good = script_read(&s, path, message) && play(&s, (struct world_start){0}, NULL, message);
        script_free(&s);
        bool marked = !strstr(broken[i].why, "differ") || strstr(message, "^^");
        if (good || !marked || !strstr(message, broken[i].why))
            fail_msg("%s: %s", path, good ? "passes" : message);
    }
}

static void check_time(const char *text, bool relative, int64_t from_us, int64_t to_us)
{
    struct cursor c = {text};
    struct event_time t;
    assert_true(cursor_time(&c, &t));
    assert_true(cursor_at_end(&c));
    assert_int_equal(t.relative, relative);
    assert_int_equal(t.from_us, from_us);
    assert_int_equal(t.to_us, to_us);
}

static void test_times(void **state)
{
    (void)state;
    check_time("0", false, 0, 0);
    check_time("1.25", false, 1250000, 1250000);
    check_time("+.000001", true, 1, 1);
    check_time("+0.1~+0.2", true, 100000, 200000);
    check_time("3~4.5", false, 3000000, 4500000);
    struct cursor c = {"+x"};
    struct event_time t;
    assert_false(cursor_time(&c, &t));
}

/* What differs is marked below both, and nothing else. */
static void test_difference(void **state)
{
    (void)state;
    struct cursor a = {"P. 1:501(500) ack 1 <TS val 100 ecr 7>"};
    struct cursor b = {"P. 1:501(500) ack 2 win 65535 <TS val 100 ecr 6>"};
    struct segment_spec want, seen;
    struct difference d;
    char text[DIFFERENCE_TEXT_BYTES];
    assert_null(segment_spec_read(&a, &want));
    assert_null(segment_spec_read(&b, &seen));
    difference_of(&d, &want, &seen);
    difference_names(&d, text, sizeof text);
    assert_string_equal(text, "acknowledgment number, TS ecr");
    difference_draw(&d, text);
    assert_string_equal(text, "  expected P. 1:501(500) ack 1 win *     TS val 100 ecr 7\n"
                              "  seen     P. 1:501(500) ack 2 win 65535 TS val 100 ecr 6\n"
                              "                         ^^^^^           ^^^^^^^^^^^^^^^^\n");
    difference_of(&d, &seen, &seen);
    difference_names(&d, text, sizeof text);
    assert_string_equal(text, "");
}

/* What is read is what is shown. */
static void test_segments(void **state)
{
    (void)state;
    const char *const texts[] = {
        "S 0:0(0) win 65535 <mss 1460,wscale 7,sackOK,TS val 100 ecr 0>",
        "P. 1:1001(1000) ack 1 win 0",
        "#2 FP. 100:105(5) ack 77 win 5 <sack 1:2 3:4>",
        "- 5:5(0) win 1",
        "R @0:0(0) win 0",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct cursor c = {texts[i]};
        struct segment_spec s;
        char text[300];
        assert_null(segment_spec_read(&c, &s));
        segment_spec_format(&s, text, sizeof text);
        assert_string_equal(text, texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_broken_scripts),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_difference),
        cmocka_unit_test(test_segments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
