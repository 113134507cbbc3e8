/*
 * Options by a command's table, and help made of it.
 */
#include "native/native.h"

#include <stdlib.h>

bool native_fail(const char *what, const char *why)
{
    fprintf(stderr, "tcplab: %s: %s.\n", what, why);
    return false;
}

/* How many letters two names have in common from their beginning. */
static size_t common_length(const char *a, const char *b)
{
    size_t len = 0;
    while (a[len] && a[len] == b[len])
        len++;
    return len;
}

static bool unknown_option(const struct native_command *c, const char *given)
{
    enum { DASHES = 2 };
    const char *closest = NULL;
    size_t best = DASHES;
    for (const struct native_option *o = c->options; o->name; o++)
        if (common_length(o->name, given) > best) {
            best = common_length(o->name, given);
            closest = o->name;
        }
    fprintf(stderr, "tcplab: %s has no option %s%s%s%s; see tcplab %s --help.\n", c->name, given,
            closest ? "; did you mean " : "", closest ? closest : "", closest ? "?" : "", c->name);
    return false;
}

/* One option, perhaps with "=value". Returns how many arguments it took; 0: it is wrong, which was told. */
static int read_option(struct native_args *a, int argc, char **argv)
{
    const char *equals = strchr(argv[0], '=');
    size_t len = equals ? (size_t)(equals - argv[0]) : strlen(argv[0]);
    for (unsigned i = 0; a->command->options[i].name; i++) {
        const struct native_option *o = &a->command->options[i];
        if (strlen(o->name) != len || memcmp(o->name, argv[0], len) != 0)
            continue;
        assert(i < NATIVE_OPTIONS_MAX);
        if (!o->value && equals)
            return native_fail(o->name, "it has no value");
        if (o->value && !equals && argc < 2)
            return native_fail(o->name, "it needs a value");
        a->value[i] = !o->value ? "" : equals ? equals + 1 : argv[1];
        return o->value && !equals ? 2 : 1;
    }
    return unknown_option(a->command, argv[0]);
}

bool native_args_read(struct native_args *out, const struct native_command *c, int argc, char **argv)
{
    bool only_operands = false;
    *out = (struct native_args){.command = c};
    for (int i = 0; i < argc;) {
        bool option = !only_operands && argv[i][0] == '-' && argv[i][1];
        if (option && strcmp(argv[i], "--") == 0) {
            only_operands = true;
            i++;
        } else if (option) {
            int took = read_option(out, argc - i, argv + i);
            if (took == 0)
                return false;
            i += took;
        } else if (out->operands == NATIVE_OPERANDS_MAX) {
            return native_fail(argv[i], "there are too many arguments");
        } else {
            out->operand[out->operands++] = argv[i++];
        }
    }
    return true;
}

static unsigned option_index(const struct native_args *a, const char *name)
{
    unsigned i = 0;
    while (a->command->options[i].name && strcmp(a->command->options[i].name, name) != 0)
        i++;
    assert(a->command->options[i].name);
    return i;
}

const char *native_value(const struct native_args *a, const char *name)
{
    return a->value[option_index(a, name)];
}

bool native_given(const struct native_args *a, const char *name)
{
    return native_value(a, name) != NULL;
}

bool native_number(const struct native_args *a, const char *name, double max, double *out)
{
    const char *text = native_value(a, name);
    char *end;
    if (!text)
        return true;
    double v = strtod(text, &end);
    if (end == text || *end || !(v >= 0 && v <= max))
        return native_fail(name, "expected a number >= 0");
    *out = v;
    return true;
}

/* ---- Help ---- */

void native_help(FILE *out)
{
    fputs("TCP Lab " TCPLAB_VERSION
          ": machines, links and one clock, and a TCP/IP stack that says why it sends what it sends.\n\n",
          out);
    for (const struct native_command *c = native_commands; c->name; c++) {
        char usage[64];
        snprintf(usage, sizeof usage, "%s %s", c->name, c->operands);
        fprintf(out, "  tcplab %-28s %s\n", usage, c->summary);
    }
    fprintf(out, "\n  tcplab %-28s %s\n  tcplab %s\n\nExit codes:\n", "COMMAND --help", "its options",
            "--version");
#define X(NAME, code, text) fprintf(out, "  %d  %s\n", code, text);
    EXIT_CODE_LIST(X)
#undef X
}

/* A text in lines of at most 100 columns. */
static void write_wrapped(FILE *out, const char *text)
{
    enum { COLUMNS = 100 };
    size_t column = 0;
    while (*text) {
        size_t len = strcspn(text, " \n");
        if (column > 0 && column + 1 + len > COLUMNS) {
            fputc('\n', out);
            column = 0;
        } else if (column > 0) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, len, out);
        column += len;
        text += len;
        if (*text == '\n') {
            fputc('\n', out);
            column = 0;
        }
        text += *text != 0;
    }
}

void native_command_help(FILE *out, const struct native_command *c)
{
    fprintf(out, "tcplab %s%s%s%s: %s.\n", c->name, c->operands[0] ? " " : "", c->operands,
            c->options[0].name ? " [options]" : "", c->summary);
    if (c->text[0]) {
        fputc('\n', out);
        write_wrapped(out, c->text);
    }
    if (c->options[0].name)
        fputc('\n', out);
    for (const struct native_option *o = c->options; o->name; o++) {
        char usage[64];
        snprintf(usage, sizeof usage, "%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
        fprintf(out, "  %-28s %s\n", usage, o->text);
    }
}
