/*
 * application/programs.h: turns, wake-ups, ids, and which socket is whose.
 */
#include "unit/support/pair.h"
#include "unit/support/property.h"

/* ---- A program to watch turns with ---- */

struct probe {
    struct app app;
    unsigned runs;
    int last_socket;
    int64_t last_run_us;
    int64_t wake_after_us; /* asked for at each run; negative: none */
};

static void probe_run(struct app *a, int socket)
{
    struct probe *p = (struct probe *)a;
    p->last_socket = socket;
    p->runs++;
    p->last_run_us = a->machine->now_us;
    a->wake_us = p->wake_after_us >= 0 ? a->machine->now_us + p->wake_after_us : TIME_NEVER;
}

static void probe_start(struct app *a)
{
    ((struct probe *)a)->wake_after_us = a->config.interval_us;
    probe_run(a, 0);
}

static void probe_stop(struct app *a)
{
    (void)a;
}

static const char *const PROBE_STEPS[] = {"step();", NULL};
static const struct app_class PROBE = {"probe",   sizeof(struct probe), PROBE_STEPS, probe_start, probe_run,
                                       probe_stop};

static void sockets_probe_start(struct app *a)
{
    ((struct probe *)a)->wake_after_us = -1;
    probe_run(a, 0);
}

static const struct app_class SOCKETS_PROBE = {
    "sockets-probe", sizeof(struct probe), PROBE_STEPS, sockets_probe_start, probe_run, probe_stop};

static void test_wakes_when_asked(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *a = pair_start(p, 0, &PROBE, &(struct app_config){.start_us = 500, .interval_us = 1000});
    struct probe *probe = (struct probe *)a;
    assert_int_equal(probe->runs, 0);
    pair_run_until(p, 499);
    assert_int_equal(probe->runs, 0);
    pair_run_until(p, 500);
    assert_int_equal(probe->runs, 1);
    pair_run_until(p, 3600);
    assert_int_equal(probe->runs, 4);
    assert_int_equal(probe->last_run_us, 3500);
    assert_int_equal(host_deadline(p->host[0]), 4500);
    host_stop_app(p->host[0], a->id, p->now_us);
    assert_true(host_deadline(p->host[0]) == TIME_NEVER);
    pair_destroy(p);
}

/* Two programs that want to run again at once, for ever: each entry ends, time goes on, and neither
 * starves the other. */
static void test_spinning_programs_do_not_stop_time(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct probe *first = (struct probe *)pair_start(p, 0, &PROBE, &(struct app_config){0});
    unsigned before = first->runs;
    assert_true(before > 1 && before < 10000);
    assert_int_equal(host_deadline(p->host[0]), 1);
    struct probe *second = (struct probe *)pair_start(p, 0, &PROBE, &(struct app_config){0});
    pair_run_until(p, 20);
    assert_int_equal(first->last_run_us, 20);
    assert_int_equal(second->last_run_us, 20);
    assert_in_range(first->runs - before, second->runs - 600, second->runs + 600);
    pair_destroy(p);
}

static void test_ids_are_used_again_when_done(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config forever = {.start_us = 1000000000};
    struct app *third = NULL;
    for (unsigned id = 1; id <= HOST_APPS_MAX; id++) {
        struct app *a = pair_start(p, 0, &PROBE, &forever);
        assert_int_equal(a->id, id);
        third = id == 3 ? a : third;
    }
    assert_int_equal(host_start_app(p->host[0], &PROBE, &forever, 0), STATUS_ENOBUFS);
    host_stop_app(p->host[0], 3, 0);
    assert_true(third->done);
    assert_ptr_equal(host_app(p->host[0], 3), third);
    struct app *again = pair_start(p, 0, &PROBE, &forever);
    assert_int_equal(again->id, 3);
    assert_false(again->done);
    assert_int_equal(host_start_app(p->host[0], &PROBE, &forever, 0), STATUS_ENOBUFS);
    pair_destroy(p);
}

/* A wake-up that still waits does not start the next program of that id early. */
static void test_old_wake_up_of_a_used_id(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config forever = {.start_us = 1000000000};
    for (unsigned id = 1; id < HOST_APPS_MAX; id++)
        pair_start(p, 0, &PROBE, &forever);
    struct app *spinning = pair_start(p, 0, &PROBE, &(struct app_config){0});
    struct programs *all = spinning->programs;
    assert_true(programs_waiting(all));
    programs_stop(all, HOST_APPS_MAX); /* without giving turns, as host_stop_app() would */
    assert_int_equal(programs_start(all, &PROBE, &forever), HOST_APPS_MAX);
    assert_true(programs_turn(all));
    assert_false(programs_turn(all));
    assert_false(programs_find(all, HOST_APPS_MAX)->started);
    pair_destroy(p);
}

static void test_unknown_ids(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    assert_null(host_app(p->host[0], 1));
    host_stop_app(p->host[0], 1, 0);
    pair_start(p, 0, &PROBE, &(struct app_config){.start_us = 10});
    assert_null(host_app(p->host[0], 0));
    assert_null(host_app(p->host[0], 2));
    assert_null(host_app(p->host[0], 100000));
    host_stop_app(p->host[0], 100000, 0);
    pair_destroy(p);
}

static void test_owns_its_sockets(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct sockets *s = pair_sockets(p, 1);
    int other = socket_open(s, SOCKET_TCP);
    struct app *a = pair_start(p, 1, &app_echo, &(struct app_config){.port = 7});
    struct app *b = pair_start(p, 1, &app_echo, &(struct app_config){.port = 8});
    int first = socket_next(s, other);
    int second = socket_next(s, first);
    assert_true(first > 0 && second > 0);
    assert_true(app_owns(a, first) != app_owns(a, second));
    assert_true(app_owns(b, first) != app_owns(b, second));
    assert_false(app_owns(a, other));
    assert_false(app_owns(a, 0));
    assert_false(app_owns(a, -1));
    assert_false(app_owns(a, 1 << 20));
    host_stop_app(p->host[1], a->id, 0);
    assert_false(app_owns(a, first) || app_owns(a, second));
    pair_destroy(p);
}

/* Sockets that are nobody's get no turn, and a turn that comes too late finds nothing to do. */
static void test_turns_of_sockets(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *a = pair_start(p, 0, &SOCKETS_PROBE, &(struct app_config){0});
    struct probe *probe = (struct probe *)a;
    struct programs *all = a->programs;
    assert_false(programs_turn(all));
    programs_ready(all, 5);
    assert_false(programs_waiting(all));
    programs_own(a, 5, NULL);
    programs_own(a, 6, NULL);
    programs_ready(all, 6);
    programs_ready(all, 5);
    programs_ready(all, 6); /* waits already */
    assert_true(programs_turn(all));
    assert_int_equal(probe->last_socket, 6);
    programs_disown(a, 5);
    assert_true(programs_turn(all));
    assert_false(programs_turn(all));
    assert_int_equal(probe->runs, 2); /* the start and socket 6 */
    programs_disown(a, 6);
    pair_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wakes_when_asked),
        cmocka_unit_test(test_spinning_programs_do_not_stop_time),
        cmocka_unit_test(test_ids_are_used_again_when_done),
        cmocka_unit_test(test_old_wake_up_of_a_used_id),
        cmocka_unit_test(test_unknown_ids),
        cmocka_unit_test(test_owns_its_sockets),
        cmocka_unit_test(test_turns_of_sockets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
