/*
 * `tcplab check`: are these scenarios, and the logs with them, right?
 */
#include "native/native.h"

static int check_file(const struct native_args *a, const char *name)
{
    static struct native_run run;
    int code = native_load_to_check(&run, a, name);
    if (code == EXIT_GOOD)
        printf("%s: good\n", native_is_url(name) ? "URL" : name);
    native_unload(&run);
    return code;
}

int check_command(const struct native_args *a)
{
    int worst = EXIT_GOOD;
    if (a->operands == 0) {
        native_fail("check", "expected the name of a scenario file");
        return EXIT_INPUT;
    }
    for (unsigned i = 0; i < a->operands; i++) {
        int code = check_file(a, a->operand[i]);
        worst = code > worst ? code : worst;
    }
    return worst;
}
