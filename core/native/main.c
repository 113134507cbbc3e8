/*
 * `tcplab`: which command is meant.
 */
#include "native/native.h"

/* Does somebody ask for help on a command? Behind "--" nobody does. */
static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static const struct native_command *find_command(const char *name)
{
    for (const struct native_command *c = native_commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static int run_found(const struct native_command *c, int argc, char **argv)
{
    static struct native_args args;
    if (asks_for_help(argc, argv)) {
        native_command_help(stdout, c);
        return EXIT_GOOD;
    }
    if (!c->run)
        return tap_main(argc, argv);
    return native_args_read(&args, c, argc, argv) ? c->run(&args) : EXIT_INPUT;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    const struct native_command *c = find_command(name);
    if (c)
        return native_finish(run_found(c, argc - 2, argv + 2));
    if (strcmp(name, "--version") == 0) {
        puts("tcplab " TCPLAB_VERSION);
        return native_finish(EXIT_GOOD);
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        c = argc > 2 ? find_command(argv[2]) : NULL;
        if (c)
            native_command_help(stdout, c);
        else
            native_help(stdout);
        return native_finish(EXIT_GOOD);
    }
    if (name[0])
        fprintf(stderr, "tcplab: there is no command \"%s\".\n\n", name);
    native_help(stderr);
    return EXIT_INPUT;
}
