/* Lessons: each mistake is named by its path. */
#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lab/lesson.h"

#define SCENARIO                                                                                                 \
    "'scenario':{'nodes':[{'name':'client','address':'10.0.0.1/24'},{'name':'server','address':'10.0.0.2/24'}]," \
    "'links':[{'name':'wire','between':['client','server']}]}"
#define BREAKS        "'breaks':[{'belief':'b','step':'ask','believer':1}]"
#define ASK           "{'id':'ask','ask':'number','value':{'count':{'kind':'frame_sent'}}}"
#define LESSON(steps) "{'tcplab_lesson':1," SCENARIO "," BREAKS ",'steps':[" ASK steps "]}"

/* The faults of a lesson that is written with ' for ". */
static const char *faults(const char *lesson)
{
    static char out[4096];
    static const struct lab_config config = {.seed = 1};
    enum { SIZE = 32 << 20 };
    void *memory = calloc(1, SIZE);
    char *json = calloc(1, strlen(lesson) + 1);
    assert_true(memory && json);
    for (size_t i = 0; lesson[i]; i++)
        json[i] = lesson[i] == '\'' ? '"' : lesson[i];
    struct lab *l = lab_create(memory, SIZE, &config);
    assert_non_null(l);
    int status = lesson_check(l, bytes_of(json, strlen(json)), room_of(out, sizeof out));
    assert_int_equal(status < 0, out[0] != 0);
    for (char *c = out; *c; c++)
        *c = *c == '"' ? '\'' : *c;
    free(json);
    free(memory);
    return out;
}

static void a_good_lesson_has_no_faults(void **state)
{
    (void)state;
    assert_string_equal(faults(LESSON("")), "");
    assert_string_equal(
        faults(LESSON(
            ",{'id':'beat','do':[{'do':'socket','node':'client'},{'until':{'after_ms':5},'do':'close','node':'client',"
            "'socket':'latest'},{'do':'drop','frame':{'kind':'frame_sent','segment':'syn'}}],"
            "'until':{'event':{'kind':'tcp_state','node':'server','to':'ESTABLISHED'},'nth':2,'then_ms':1.5},"
            "'show':{'select':{'kind':'frame_sent'},'packet':true},'say':{'n':{'sum':'payload_bytes','of':{'kind':"
            "'udp_sent'}}}},"
            "{'id':'task','goal':{'all':[{'count':{'kind':'frame_lost'},'above':0},{'no':{'state':'server','is':"
            "'CLOSED'}}]},'hints':1,'solution':[{'do':'socket','node':'client'}],'mistake':[{'do':'socket','node':"
            "'server'}]}")),
        "");
}

static void the_scenario_is_checked_in_its_place(void **state)
{
    (void)state;
    assert_string_equal(
        faults(
            "{'tcplab_lesson':1," BREAKS ",'steps':[" ASK
            "],'scenario':{'nodes':[{'name':'a'},{'name':'b'}],'links':[{'delay_ms':'fast','between':['a','b']}]}}"),
        "scenario.links[0].delay_ms: expected a number >= 0, got 'fast'");
    assert_string_equal(faults("{'tcplab_lesson':1," BREAKS ",'steps':[" ASK "]}"),
                        "scenario: expected a scenario, but it is not there");
}

static void steps_are_checked_by_their_kind(void **state)
{
    (void)state;
    assert_string_equal(faults(LESSON(",{'id':'ask'}")), "steps[1].id: step 0 has the same");
    assert_string_equal(faults(LESSON(",{'id':'No'}")),
                        "steps[1].id: expected a name of small letters, digits and '-', got 'No'");
    assert_string_equal(faults(LESSON(",{'id':'x','untl':{}}")),
                        "steps[1].untl: unknown; did you mean 'until'?");
    assert_string_equal(
        faults(LESSON(",{'id':'x','ask':'numer'}")),
        "steps[1].ask: expected 'choice', 'number', 'state', 'segment' or 'drop', got 'numer'");
    assert_string_equal(
        faults(LESSON(",{'id':'x','ask':'choice','choices':[{'id':'a','if':{'state':'server','is':"
                      "'LISTEN'}}]}")),
        "steps[1].choices: expected an array of two or more, got an array");
    assert_string_equal(faults(LESSON(",{'id':'x','ask':'state','of':'srver','choices':['A','B']}")),
                        "steps[1].of: expected the name of a node, got 'srver'");
    assert_string_equal(
        faults(LESSON(",{'id':'x','goal':{'state':'server','is':'CLOSED'},'solution':[{'do':'socket',"
                      "'node':'client'}]}")),
        "steps[1].mistake: expected something, but it is not there");
}

static void what_is_asked_of_a_run_is_checked(void **state)
{
    (void)state;
    assert_string_equal(
        faults(LESSON(",{'id':'x','until':{'event':{'kind':'tcp_stat'}}}")),
        "steps[1].until.event.kind: expected a kind of event, like 'tcp_segment_sent', got 'tcp_stat'");
    assert_string_equal(
        faults(LESSON(",{'id':'x','until':{'event':{'kind':'tcp_state','payload_bytes':1}}}")),
        "steps[1].until.event.payload_bytes: events of kind tcp_state have no such field");
    assert_string_equal(
        faults(LESSON(",{'id':'x','until':{'after_ms':1,'at_ms':2}}")),
        "steps[1].until: expected one of 'at_ms', 'after_ms', 'quiet_ms' and 'event', got an object");
    assert_string_equal(
        faults(LESSON(",{'id':'x','say':{'n':{'field':'seqq','of':{'kind':'tcp_segment_sent'}}}}")),
        "steps[1].say.n.field: expected the name of a field of those events, got 'seqq'");
    assert_string_equal(
        faults(LESSON(",{'id':'x','say':{'n':{'cont':{'kind':'frame_sent'}}}}")),
        "steps[1].say.n: expected one of 'count', 'field', 'sum', 'between_ms', 'state' and the like, got "
        "an object");
    assert_string_equal(
        faults(LESSON(
            ",{'id':'x','ask':'choice','choices':[{'id':'a','if':{'count':{'kind':'frame_sent'}}},{'id':'b',"
            "'if':{'any':[]}}]}")),
        "steps[1].choices[0].if: expected what to compare with: 'is', 'isnt', 'above' or 'below', got an object\n"
        "steps[1].choices[1].if.any: expected an array of one or more, got an array");
}

static void commands_are_checked_as_in_a_scenario(void **state)
{
    (void)state;
    assert_string_equal(faults(LESSON(",{'id':'x','do':[{'do':'conect','node':'client','socket':1}]}")),
                        "steps[1].do[0].do: expected a name like 'connect', got 'conect'");
    assert_string_equal(faults(LESSON(",{'id':'x','do':[{'do':'close','node':'client','socket':'last'}]}")),
                        "steps[1].do[0].socket: expected a whole number >= 1, got 'last'");
    assert_string_equal(
        faults(LESSON(",{'id':'x','do':[{'do':'drop','frame':{'kind':'frame'}}]}")),
        "steps[1].do[0].frame.kind: expected a kind of event, like 'tcp_segment_sent', got 'frame'");
}

static void beliefs_name_a_question(void **state)
{
    (void)state;
    assert_string_equal(faults("{'tcplab_lesson':1," SCENARIO ",'steps':[" ASK
                               "],'breaks':[{'belief':'b','step':'nix',"
                               "'believer':1}]}"),
                        "breaks[0].step: expected the id of a step that asks, got 'nix'");
    assert_string_equal(faults("{'tcplab_lesson':2," SCENARIO "," BREAKS ",'steps':[" ASK "],'minuts':1}"),
                        "minuts: unknown; did you mean 'minutes'?\n"
                        "tcplab_lesson: expected a whole number from 1 to 1, got 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_lesson_has_no_faults),
        cmocka_unit_test(the_scenario_is_checked_in_its_place),
        cmocka_unit_test(steps_are_checked_by_their_kind),
        cmocka_unit_test(what_is_asked_of_a_run_is_checked),
        cmocka_unit_test(commands_are_checked_as_in_a_scenario),
        cmocka_unit_test(beliefs_name_a_question),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
