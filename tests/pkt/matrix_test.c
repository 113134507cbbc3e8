/*
 * Which scripts there must be: for every state each kind of segment that can arrive in it (RFC 9293, 3.10.7), and each
 * call that a program can make (3.10.1 to 3.10.5), is the script `scripts/<state>/<what>.pkt`. A cell without
 * one fails, and so does a script that does not say in its first line what it proves, or that never comes to
 * the state that its folder names.
 */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "pkt/support/play.h"

#include <dirent.h>
#include <sys/stat.h>

static const char folder[] = "tests/pkt/scripts";

/* In the order of their lives: from which state on a kind of segment can be told from others. */
static const char *const states[] = {"closed",      "listen",     "syn_sent",   "syn_rcvd",
                                     "established", "fin_wait_1", "fin_wait_2", "close_wait",
                                     "closing",     "last_ack",   "time_wait"};
enum { STATES = sizeof states / sizeof *states, SYN_SENT = 2, SYN_RCVD = 3 };

static const struct {
    const char *name;
    unsigned from; /* the first state that it means something in */
} segments[] = {
    {"rst", 0},
    {"rst_in_window", SYN_RCVD}, /* but not exactly at RCV.NXT */
    {"rst_out_of_window", 0},
    {"syn", 0},
    {"syn_ack", 0},
    {"ack", 0},
    {"ack_old", SYN_SENT},
    {"ack_too_new", SYN_SENT},
    {"fin", 0}, /* without ACK */
    {"fin_ack", 0},
    {"fin_out_of_window", SYN_RCVD},
    {"data_left", 0},
    {"data_left_partly", SYN_RCVD},
    {"data_at", 0},
    {"data_beyond", 0}, /* a gap, in the window */
    {"data_right", 0},
    {"data_right_partly", SYN_RCVD},
    {"no_flags", 0},
    {"call_open", 0},
    {"call_send", 0},
    {"call_receive", 0},
    {"call_close", 0},
    {"call_abort", 0},
};

static void first_line(const char *path, char *line, int size)
{
    FILE *f = fopen(path, "r");
    line[0] = 0;
    if (!f)
        return;
    if (!fgets(line, size, f))
        line[0] = 0;
    fclose(f);
}

static void test_each_cell_has_a_script(void **state)
{
    (void)state;
    unsigned missing = 0;
    for (unsigned s = 0; s < STATES; s++) {
        for (unsigned i = 0; i < sizeof segments / sizeof *segments; i++) {
            char path[200], line[400];
            snprintf(path, sizeof path, "%s/%s/%s.pkt", folder, states[s], segments[i].name);
            first_line(path, line, sizeof line);
            if (s >= segments[i].from && !line[0]) {
                print_error("%s is missing\n", path);
                missing++;
            }
        }
    }
    assert_int_equal(missing, 0);
}

/* "SYN_RCVD" for the folder "syn_rcvd". */
static void state_of_folder(const char *name, char *state)
{
    for (; *name; name++)
        *state++ = (char)(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
    *state = 0;
}

/* Does the script say, in itself or in what it includes, that the connection is in its folder's state? */
static bool comes_to_state(const struct script *s, const char *state)
{
    char words[SCRIPT_WORD_MAX + 8];
    snprintf(words, sizeof words, "state %s", state);
    for (unsigned i = 0; i < s->count; i++)
        if (s->events[i].kind == EVENT_ASSERT && strstr(s->events[i].u.check.text, words))
            return true;
    return false;
}

static void test_each_script_comes_to_its_state(void **state)
{
    (void)state;
    for (unsigned s = SYN_SENT; s < STATES; s++) {
        for (unsigned i = 0; i < sizeof segments / sizeof *segments; i++) {
            char path[200], name[SCRIPT_WORD_MAX], message[SCRIPT_MESSAGE_MAX] = "";
            struct script script;
            if (s < segments[i].from)
                continue;
            snprintf(path, sizeof path, "%s/%s/%s.pkt", folder, states[s], segments[i].name);
            state_of_folder(states[s], name);
            bool there = script_read(&script, path, message) && comes_to_state(&script, name);
            script_free(&script);
            if (!there)
                fail_msg("%s never is in %s %s", path, name, message);
        }
    }
}

static bool names_what_it_proves(const char *line)
{
    static const char *const sources[] = {"// RFC ",    "// POSIX",     "// tcp(7)",
                                          "// send(2)", "// listen(2)", "// close(2)"};
    for (unsigned i = 0; i < sizeof sources / sizeof *sources; i++)
        if (strncmp(line, sources[i], strlen(sources[i])) == 0)
            return strchr(line, ':') != NULL;
    return false;
}

/* Looks at every script below `path`, and counts them. */
static unsigned check_first_lines(const char *path, unsigned *wrong)
{
    unsigned count = 0;
    DIR *d = opendir(path);
    assert_non_null(d);
    const struct dirent *e;
    while ((e = readdir(d)) != NULL) {
        char below[512], line[400];
        struct stat st;
        const char *dot = strrchr(e->d_name, '.');
        snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        if (e->d_name[0] != '.' && stat(below, &st) == 0 && S_ISDIR(st.st_mode))
            count += check_first_lines(below, wrong);
        if (!dot || strcmp(dot, ".pkt") != 0)
            continue;
        first_line(below, line, sizeof line);
        if (!names_what_it_proves(line)) {
            print_error("%s does not say what it proves: %s\n", below, line);
            (*wrong)++;
        }
        count++;
    }
    closedir(d);
    return count;
}

static void test_each_script_names_its_section(void **state)
{
    (void)state;
    unsigned wrong = 0;
    unsigned count = check_first_lines(folder, &wrong);
    assert_int_equal(wrong, 0);
    assert_true(count >= 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_cell_has_a_script),
        cmocka_unit_test(test_each_script_comes_to_its_state),
        cmocka_unit_test(test_each_script_names_its_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
