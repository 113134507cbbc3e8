/*
 * `tcplab completion`: scripts that let a shell complete commands and options, made of the same list as help.
 */
#include "native/native.h"

static void write_bash(FILE *out)
{
    fputs("# bash completion for tcplab: source <(tcplab completion bash)\n"
          "_tcplab() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options=\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        COMPREPLY=($(compgen -W '",
          out);
    for (const struct native_command *c = native_commands; c->name; c++)
        fprintf(out, "%s ", c->name);
    fputs("--help --version' -- \"$word\"))\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n", out);
    for (const struct native_command *c = native_commands; c->name; c++) {
        fprintf(out, "    %s) options='", c->name);
        for (const struct native_option *o = c->options; o->name; o++)
            fprintf(out, "%s ", o->name);
        fputs("--help' ;;\n", out);
    }
    fputs("    esac\n"
          "    case $before in\n"
          "    --color) COMPREPLY=($(compgen -W 'auto always never' -- \"$word\")); return ;;\n"
          "    completion) COMPREPLY=($(compgen -W 'bash zsh' -- \"$word\")); return ;;\n"
          "    esac\n"
          "    case $word in\n"
          "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
          "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
          "    esac\n"
          "}\n"
          "complete -o filenames -F _tcplab tcplab\n",
          out);
}

/* Text inside of '...[...]' of a zsh specification. */
static void write_zsh_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else if (strchr("[]:\\", *text))
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
    }
}

static void write_zsh(FILE *out)
{
    fputs("#compdef tcplab\n"
          "# zsh completion for tcplab: tcplab completion zsh > a folder of $fpath/_tcplab\n"
          "_tcplab() {\n"
          "    local -a commands\n"
          "    commands=(\n",
          out);
    for (const struct native_command *c = native_commands; c->name; c++) {
        fprintf(out, "        '%s:", c->name);
        write_zsh_text(out, c->summary);
        fputs("'\n", out);
    }
    fputs("    )\n"
          "    if (( CURRENT == 2 )); then\n"
          "        _describe command commands\n"
          "        return\n"
          "    fi\n"
          "    local command=${words[2]}\n"
          "    shift words\n"
          "    (( CURRENT-- ))\n"
          "    case $command in\n",
          out);
    for (const struct native_command *c = native_commands; c->name; c++) {
        fprintf(out, "    %s) _arguments", c->name);
        for (const struct native_option *o = c->options; o->name; o++) {
            fprintf(out, " \\\n        '%s[", o->name);
            write_zsh_text(out, o->text);
            fputs("]", out);
            if (o->value) {
                fputc(':', out);
                write_zsh_text(out, o->value);
                fputs(strcmp(o->value, "FILE") == 0     ? ":_files"
                      : strcmp(o->name, "--color") == 0 ? ":(auto always never)"
                                                        : ": ",
                      out);
            }
            fputc('\'', out);
        }
        fputs(strcmp(c->name, "completion") == 0 ? " \\\n        '*:shell:(bash zsh)' ;;\n"
                                                 : " \\\n        '*:file:_files' ;;\n",
              out);
    }
    fputs("    esac\n}\n_tcplab \"$@\"\n", out);
}

int completion_command(const struct native_args *a)
{
    const char *shell = a->operands == 1 ? a->operand[0] : "";
    if (strcmp(shell, "bash") == 0)
        write_bash(stdout);
    else if (strcmp(shell, "zsh") == 0)
        write_zsh(stdout);
    else
        native_fail("completion", "expected the name of a shell: bash or zsh");
    return strcmp(shell, "bash") == 0 || strcmp(shell, "zsh") == 0 ? EXIT_GOOD : EXIT_INPUT;
}
