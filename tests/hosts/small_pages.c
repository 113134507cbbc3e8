/*
 * Runs the program that the environment names in SMALL_PAGES_FOR, with these arguments, with no transparent huge pages for it and
 * its children (prctl(2), PR_SET_THP_DISABLE). Where the kernel gives 2 MiB to whoever touches a byte, what a process holds says
 * little about what it needs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char *program = getenv("SMALL_PAGES_FOR");
    if (argc < 1 || !program) {
        fputs("SMALL_PAGES_FOR names no program\n", stderr);
        return 2;
    }
    if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0)) {
        perror("prctl");
        return 1;
    }
    argv[0] = program;
    execv(program, argv);
    perror(program);
    return 1;
}
