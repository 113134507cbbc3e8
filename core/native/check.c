/*
 * `tcplab check`: are these scenarios right?
 */
#include "native/native.h"

#include <stdlib.h>

#include "base/status.h"

enum { CHECK_MIB = 256, ERRORS_MAX = 64 << 10 };

static int check_file(const char *name)
{
    static char errors[ERRORS_MAX];
    struct room file = file_read(name);
    void *memory;
    struct lab *l = file.at ? native_lab(&memory, CHECK_MIB, 1) : NULL;
    if (!l) {
        free(file.at);
        return EXIT_SYSTEM;
    }
    int status = lab_load(l, bytes_of(file.at, file.len), room_of(errors, sizeof errors));
    for (char *line = errors, *end; status < 0 && line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = 0;
        printf("%s: %s\n", name, line);
    }
    if (status == 0)
        printf("%s: good\n", name);
    free(memory);
    free(file.at);
    return status == 0 ? EXIT_GOOD : EXIT_INPUT;
}

int check_main(int argc, char **argv)
{
    int worst = EXIT_GOOD;
    if (argc == 0) {
        fputs("tcplab: check needs the name of a scenario file.\n", stderr);
        return EXIT_INPUT;
    }
    for (int i = 0; i < argc; i++) {
        int code = check_file(argv[i]);
        worst = code > worst ? code : worst;
    }
    return worst;
}
