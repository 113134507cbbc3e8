/*
 * What is known of the terminal: whether there is one, its width, whether colours are wanted; and the line that
 * says how far a long run is.
 */
#define _DEFAULT_SOURCE /* TIOCGWINSZ */
#include "native/native.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH_STANDARD = 100, WIDTH_MAX = 1000 };

bool terminal_colour(const char *option, FILE *out)
{
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    if (option && strcmp(option, "always") == 0)
        return true;
    if (option && strcmp(option, "never") == 0)
        return false;
    return isatty(fileno(out)) && !(no_colour && no_colour[0]) && !(term && strcmp(term, "dumb") == 0);
}

unsigned terminal_width(FILE *out)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    unsigned long width = columns ? strtoul(columns, NULL, 10) : 0;
    if (width == 0 && ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    return width > 0 && width <= WIDTH_MAX ? (unsigned)width : WIDTH_STANDARD;
}

static double clock_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void progress_begin(struct progress *p, bool wanted)
{
    *p = (struct progress){.on = wanted && isatty(STDERR_FILENO), .started_s = clock_s()};
}

void progress_say(struct progress *p, const struct native_run *r, int64_t end_us)
{
    const double first_s = 1, again_s = 0.2;
    if (!p->on)
        return;
    double now_s = clock_s();
    if (now_s - p->started_s < first_s || now_s - p->said_s < again_s)
        return;
    p->said_s = now_s;
    p->shown = true;
    fprintf(stderr, "\r%.1f s", (double)lab_now_us(r->lab) / 1e6);
    if (end_us != TIME_NEVER)
        fprintf(stderr, " of %.1f s", (double)end_us / 1e6);
    fprintf(stderr, ", %u events \033[K", lab_trace(r->lab)->last_id);
}

void progress_end(struct progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}
