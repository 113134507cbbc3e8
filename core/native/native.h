/*
 * The `tcplab` command line: the only C here that touches an operating system. A file for each command; what
 * they share is in options.c (options and help), load.c (scenarios, logs and URLs), advance.c (running).
 */
#ifndef TCPLAB_NATIVE_NATIVE_H
#define TCPLAB_NATIVE_NATIVE_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "lab/lab.h"

#define TCPLAB_VERSION "0.1.0"

/* What a shell learns of how it went. X(NAME, code, "text for help and manual") */
#define EXIT_CODE_LIST(X)                                                                                    \
    X(GOOD, 0, "done; diff: the runs are alike")                                                             \
    X(SYSTEM, 1, "a file or memory is not to be had")                                                        \
    X(INPUT, 2, "the input or an option is at fault")                                                        \
    X(ACTION, 3, "it ran, but an action failed")                                                             \
    X(DIFFERENT, 4, "diff: the runs differ")

enum exit_code {
#define X(NAME, code, text) EXIT_##NAME = (code),
    EXIT_CODE_LIST(X)
#undef X
};

/* ---- Commands and options (options.c) ---- */

enum { NATIVE_OPTIONS_MAX = 24, NATIVE_OPERANDS_MAX = 256 };

struct native_option {
    const char *name;  /* "--seed" */
    const char *value; /* what stands for its value in help: "N"; NULL: it has none */
    const char *text;
};

struct native_args;

struct native_command {
    const char *name;
    const char *operands; /* "SCENARIO" */
    const char *summary;  /* one line */
    const char *text;     /* more, for its own help and the manual; paragraphs with '\n' between them */
    const struct native_option *options; /* ended by a NULL name */
    int (*run)(const struct native_args *a);
};

/* All of them, in the order of help; ended by a NULL name. */
extern const struct native_command native_commands[];

/* What stands on the command line behind the command's name. */
struct native_args {
    const struct native_command *command;
    const char *value[NATIVE_OPTIONS_MAX]; /* by option; NULL: not given; "" for one without value */
    const char *operand[NATIVE_OPERANDS_MAX];
    unsigned operands;
};

/* Reads the arguments; a fault is told on stderr. */
bool native_args_read(struct native_args *out, const struct native_command *c, int argc, char **argv);
void native_help(FILE *out);
void native_command_help(FILE *out, const struct native_command *c);

/* The value of an option, or NULL. The option must be the command's. */
const char *native_value(const struct native_args *a, const char *name);
bool native_given(const struct native_args *a, const char *name);

/* A number of at least 0; *out stays when it is not given. False, and told, when it is none. */
bool native_number(const struct native_args *a, const char *name, double max, double *out);

/* "tcplab: WHAT: WHY." on stderr. Returns false. */
bool native_fail(const char *what, const char *why);

/* ---- Files and memory (file.c) ---- */

/* A whole file, with a NUL behind it; at == NULL and a sentence on stderr when it cannot be read. The caller
 * frees it. "-" is standard input. */
struct room file_read(const char *name);

/* A lab that one calloc() holds; NULL and a sentence on stderr. free(memory) ends it. */
struct lab *native_lab(void **memory, size_t mib, uint64_t seed);

/* A tree as text with every number as it is: cJSON itself rounds those of sixteen digits, such as a seed may be.
 * free() it; NULL: no memory. The tree's large numbers become raw text. */
char *native_print_json(cJSON *tree);

/* JSON with the indentation that cJSON makes of tabs as blanks, and a newline. */
void native_put_json(FILE *out, const char *json);

/* Writes what is left of standard output. EXIT_SYSTEM, and told, when that fails: a full disk is no success. */
int native_finish(int code);

/* ---- A run (load.c, advance.c) ---- */

struct native_run {
    const char *name; /* what was asked for: a file, "-" or a URL */
    struct room text; /* of the scenario, or of the whole run */
    struct bytes scenario;
    cJSON *document;             /* of a run: {"scenario", "actions"}; NULL for a bare scenario */
    cJSON *log_file;             /* of --actions */
    const cJSON *actions, *next; /* the log, and what comes next of it */
    void *memory;
    struct lab *lab;
    int64_t end_us;    /* TIME_NEVER: the scenario does not say */
    bool lists_faults; /* of a scenario: on stdout, each with the file's name in front (check) */
    uint32_t at_once;  /* things between two looks; 0: as many as lose no event */
    uint64_t steps;    /* things done so far */
    unsigned action_failures;
    void (*look)(void *context,
                 struct native_run *r); /* called often enough that no event is missed; or NULL */
    void *context;
};

/* Reads a run: a scenario, a run document or a URL of one; with a log from another file when actions is not
 * NULL. Takes --seed and --memory from the arguments. An exit code; what is wrong is told. */
int native_load(struct native_run *r, const struct native_args *a, const char *name, const char *actions);

/* The same, but what is wrong with a scenario is listed on stdout, each fault behind the name: for check. */
int native_load_to_check(struct native_run *r, const struct native_args *a, const char *name);
void native_unload(struct native_run *r);

/* Is it the URL of a run, and not a file's name? */
bool native_is_url(const char *name);

/* Runs to `t_us`, doing the actions of the log as their time comes. False: the log is not one. */
bool native_advance(struct native_run *r, int64_t t_us);

/* Runs to its end: until_us (negative: what the scenario says, or until nothing happens any more). */
bool native_advance_to_end(struct native_run *r, int64_t until_us);

/* EXIT_ACTION, and told, when an action of it failed. */
int native_run_code(const struct native_run *r);

/* ---- What is shown ---- */

/* ladder.c: what happened, as lines of text. */
enum { LADDER_FLOWS_MAX = 512 };

struct ladder_flow {
    struct ip_endpoint src, dst;
    uint32_t isn;
};

struct ladder {
    FILE *out;
    struct lab *lab;
    bool deliveries; /* show frames that arrive too */
    bool colour;
    bool numbers;    /* begin lines with the event's number */
    unsigned width;  /* of the terminal, in columns, for the drawing */
    bool begun;      /* the drawing has its head */
    long line_count; /* lines printed */
    unsigned flow_count;
    struct ladder_flow flow[LADDER_FLOWS_MAX];
};
void ladder_event(struct ladder *ladder, const struct trace_event *e);

/* rungs.c: the same as a drawing, a column for each machine. */
void rungs_event(struct ladder *ladder, const struct trace_event *e);

/* Who speaks to whom, and what, of one frame: "TCP 49152 > 80 [SYN] seq 0 win 65535". */
void ladder_frame_text(struct ladder *ladder, struct bytes frame, bool ethernet, bool fcs, char *text,
                       size_t size);

/* terminal.c: shall there be colours (option --color, NO_COLOR, TERM)? How wide is it? */
bool terminal_colour(const char *option, FILE *out);
unsigned terminal_width(FILE *out);

/* A line on stderr that says how far a long run is; nothing when stderr is no terminal. */
struct progress {
    bool on, shown;
    double started_s, said_s;
};
void progress_begin(struct progress *p, bool wanted);
void progress_say(struct progress *p, const struct native_run *r, int64_t end_us);
void progress_end(struct progress *p);

/* trace_json.c: one event as a line of JSON. */
void trace_json_write(FILE *out, const struct trace_event *e);

/* why.c: the causes of an event or a frame, for --why. */
struct why {
    bool wanted, of_frame;
    uint32_t id;
    struct trace_event *event; /* event[id - 1]; its id is 0 when it was not seen */
    uint32_t room;
};

/* Reads what was asked: "51", "frame:4", or NULL. False, and told, when it is neither. */
bool why_begin(struct why *w, const char *asked);

/* Keeps an event. False, and told, when there is no memory. */
bool why_note(struct why *w, const struct trace_event *e);

/* The answer. False, and told, when nothing is known of it. */
bool why_print(const struct why *w, const struct lab *l);
void why_end(struct why *w);

/* schema.c, schema_page.c */
void schema_write(FILE *out);
void schema_page_write(FILE *out);

/* tap.c has options of its own kind: they may be given again. */
int tap_main(int argc, char **argv);

/* The commands. Each returns an exit code. */
int run_command(const struct native_args *a);
int replay_command(const struct native_args *a);
int check_command(const struct native_args *a);
int describe_command(const struct native_args *a);
int seek_command(const struct native_args *a);
int diff_command(const struct native_args *a);
int dissect_command(const struct native_args *a);
int analyse_command(const struct native_args *a);
int url_command(const struct native_args *a);
int schema_command(const struct native_args *a);
int completion_command(const struct native_args *a);
int manual_command(const struct native_args *a);

#endif
