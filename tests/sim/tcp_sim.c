/*
 * tcp_sim [--from SEED] [--runs N] [--seed S] [-v] [--rules] [--regressions] [--goodput FILE [--update]]
 *
 * Runs seeds FROM ... FROM+N-1, or one, and says how many passed. A run that fails is named with the command that
 * plays it again; -v shows its frames and calls. Seeds run in a child process, so that one that crashes is a
 * failure of that seed and no more.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, fork() */

#include "sim/sim.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS_FOR_GRID = 10000 }; /* so many seeds must draw every mixture */

struct options {
    uint64_t from, runs;
    bool verbose, rules, update, regressions;
    const char *goodput;
    const char *self;
};

/* Seen by both processes. */
struct progress {
    uint64_t next; /* the seed that runs now */
    uint64_t passed, failed;
    uint64_t events, bytes, virtual_s, most_events, most_events_seed;
    uint64_t program[SIM_PROGRAM_COUNT];
    uint64_t rule[RULE_COUNT];
    struct grid grid;
};

static void report(const struct options *o, uint64_t seed, const struct run *r)
{
    printf("not ok: seed %llu", (unsigned long long)seed);
    if (r)
        printf(" (%s): %s", program_name(r->plan.program), r->reason);
    else
        printf(": it crashed");
    printf("\n  replay: %s --seed %llu -v\n", o->self, (unsigned long long)seed);
    fflush(stdout);
}

static void run_all(const struct options *o, struct progress *p)
{
    struct arenas arenas;
    struct run *r = calloc(1, sizeof *r);
    if (!r || !arenas_create(&arenas)) {
        printf("out of memory\n");
        _exit(2);
    }
    r->verbose = o->verbose;
    r->rules = p->rule;
    while (p->next < o->from + o->runs) {
        if (run_seed(r, &arenas, p->next)) {
            p->passed++;
        } else {
            p->failed++;
            report(o, p->next, r);
        }
        p->events += r->events;
        p->bytes += r->bytes;
        p->virtual_s += (uint64_t)(r->now_us - r->start_us) / SIM_SECOND_US;
        p->program[r->plan.program]++;
        grid_add(&p->grid, &r->plan);
        if (r->events > p->most_events) {
            p->most_events = r->events;
            p->most_events_seed = p->next;
        }
        p->next++;
    }
    arenas_destroy(&arenas);
    free(r);
}

static int run_guarded(const struct options *o, struct progress *p)
{
    p->next = o->from;
    while (p->next < o->from + o->runs) {
        fflush(stdout);
        pid_t child = fork();
        if (child < 0)
            return 2;
        if (child == 0) {
            run_all(o, p);
            exit(0); /* leaks are looked for on the way out */
        }
        int status = 0;
        if (waitpid(child, &status, 0) < 0)
            return 2;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            continue;
        if (p->next == o->from + o->runs) {
            printf("not ok: the process ended badly after its last run\n");
            p->failed++;
            break;
        }
        p->failed++;
        report(o, p->next, NULL);
        p->next++;
    }
    return 0;
}

static void print_rules(const struct progress *p)
{
    for (int i = 0; i < SIM_PROGRAM_COUNT; i++)
        printf("%10llu %s\n", (unsigned long long)p->program[i], program_name((enum sim_program)i));
    for (int i = 1; i < RULE_COUNT; i++)
        printf("%10llu %s\n", (unsigned long long)p->rule[i], trace_rule_name((enum trace_rule)i));
    printf("most events: %llu, seed %llu\n", (unsigned long long)p->most_events,
           (unsigned long long)p->most_events_seed);
}

static bool parse(struct options *o, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "-v") == 0)
            o->verbose = true;
        else if (strcmp(argv[i], "--rules") == 0)
            o->rules = true;
        else if (strcmp(argv[i], "--regressions") == 0)
            o->regressions = true;
        else if (strcmp(argv[i], "--update") == 0)
            o->update = true;
        else if (strcmp(argv[i], "--from") == 0 && has_value)
            o->from = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--runs") == 0 && has_value)
            o->runs = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--goodput") == 0 && has_value)
            o->goodput = argv[++i];
        else if (strcmp(argv[i], "--seed") == 0 && has_value)
            o->from = strtoull(argv[++i], NULL, 10), o->runs = 1;
        else
            return false;
    }
    return true;
}

static int run_goodput(const struct options *o)
{
    struct arenas arenas;
    if (!arenas_create(&arenas))
        return 2;
    int wrong = goodput(&arenas, o->goodput, o->update);
    arenas_destroy(&arenas);
    printf("%d passed, %d failed\n", wrong ? 0 : 1, wrong ? 1 : 0);
    return wrong ? 1 : 0;
}

static int run_regressions(void)
{
    struct arenas arenas;
    if (!arenas_create(&arenas))
        return 2;
    int wrong = regressions_run(&arenas);
    arenas_destroy(&arenas);
    return wrong;
}

int main(int argc, char **argv)
{
    struct options o = {.from = 1, .runs = 1000, .self = argv[0]};
    if (!parse(&o, argc, argv)) {
        fprintf(
            stderr,
            "%s [--from SEED] [--runs N] [--seed S] [-v] [--rules] [--regressions] [--goodput FILE [--update]]\n",
            argv[0]);
        return 2;
    }
    if (o.goodput)
        return run_goodput(&o);
    if (o.regressions)
        return run_regressions();
    struct progress *p = mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED || run_guarded(&o, p) != 0)
        return 2;
    if (o.rules)
        print_rules(p);
    unsigned missing = grid_report(&p->grid);
    if (missing && o.runs >= RUNS_FOR_GRID) {
        printf("not ok: %u mixtures were never drawn\n", missing);
        p->failed++;
    }
    printf("# %llu events, %llu bytes, %llu virtual hours\n", (unsigned long long)p->events,
           (unsigned long long)p->bytes, (unsigned long long)p->virtual_s / 3600);
    printf("%llu passed, %llu failed\n", (unsigned long long)p->passed, (unsigned long long)p->failed);
    return p->failed ? 1 : 0;
}
