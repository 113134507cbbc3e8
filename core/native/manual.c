/*
 * `tcplab manual`: the man page, made of the same list as help. core/native/tcplab.1 is what it writes, and a
 * test says so.
 */
#include "native/native.h"

/* roff takes '.' and '\'' at the beginning of a line, '\\' and '-' for its own. */
static void write_roff(FILE *out, const char *text)
{
    bool begin = true;
    for (; *text; text++) {
        if (begin && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
        begin = *text == '\n';
    }
}

static void write_command(FILE *out, const struct native_command *c)
{
    fputs(".SS tcplab ", out);
    write_roff(out, c->name);
    fputs(c->operands[0] ? " " : "", out);
    write_roff(out, c->operands);
    fputs(c->options[0].name ? " [options]\n" : "\n", out);
    write_roff(out, c->summary);
    fputs(".\n", out);
    if (c->text[0]) {
        fputs(".PP\n", out);
        write_roff(out, c->text);
    }
    for (const struct native_option *o = c->options; o->name; o++) {
        fputs(".TP\n.B ", out);
        write_roff(out, o->name);
        if (o->value) {
            fputs(" \\fI", out);
            write_roff(out, o->value);
            fputs("\\fR", out);
        }
        fputc('\n', out);
        write_roff(out, o->text);
        fputc('\n', out);
    }
}

static void write_end(FILE *out)
{
    fputs(".SH EXIT STATUS\n", out);
#define X(NAME, code, text) fprintf(out, ".TP\n.B %d\n%s\n", code, text);
    EXIT_CODE_LIST(X)
#undef X
    fputs(".SH ENVIRONMENT\n"
          ".TP\n.B NO_COLOR\nset to anything: no colours, unless \\-\\-color always is given\n"
          ".TP\n.B COLUMNS\nthe width of the drawing, instead of the terminal's\n"
          ".SH EXAMPLES\n.nf\n"
          "tcplab run scenario.json \\-\\-ladder\n"
          "tcplab run scenario.json \\-\\-pcap run.pcapng && wireshark run.pcapng\n"
          "tcplab url scenario.json \\-\\-actions log.json \\-\\-page https://example.org/lab/\n"
          "tcplab describe scenario.json client \\-\\-at 250\n"
          "tcplab diff newreno.json cubic.json | head \\-n 20\n"
          ".fi\n"
          ".SH SEE ALSO\n"
          "The members of a scenario: tcplab schema \\-\\-markdown.\n",
          out);
}

int manual_command(const struct native_args *a)
{
    (void)a;
    fputs(
        ".\\\" Written by `tcplab manual`.\n"
        ".TH TCPLAB 1 \"\" \"TCP Lab " TCPLAB_VERSION "\" \"User Commands\"\n"
        ".SH NAME\n"
        "tcplab \\- machines, links and one clock, and a TCP/IP stack that says why it sends what it sends\n"
        ".SH SYNOPSIS\n"
        ".B tcplab\n\\fICOMMAND\\fR [\\fIoptions\\fR]\n"
        ".SH COMMANDS\n",
        stdout);
    for (const struct native_command *c = native_commands; c->name; c++)
        write_command(stdout, c);
    write_end(stdout);
    return EXIT_GOOD;
}
