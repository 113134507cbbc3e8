/*
 * Files and memory.
 */
#include "native/native.h"

#include <errno.h>
#include <stdlib.h>

enum { FILE_MAX = 64 << 20 };

static struct room file_fail(const char *name, const char *why, FILE *f, void *memory)
{
    fprintf(stderr, "tcplab: %s cannot be read: %s.\n", name, why);
    free(memory);
    if (f && f != stdin)
        fclose(f);
    return room_of(NULL, 0);
}

struct room file_read(const char *name)
{
    FILE *f = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    uint8_t *at = NULL;
    size_t len = 0, size = 1 << 16;
    if (!f)
        return file_fail(name, strerror(errno), NULL, NULL);
    for (;;) {
        uint8_t *more = realloc(at, size + 1);
        if (!more)
            return file_fail(name, "memory ran out", f, at);
        at = more;
        len += fread(at + len, 1, size - len, f);
        if (ferror(f))
            return file_fail(name, strerror(errno), f, at);
        if (len < size)
            break;
        if (size >= FILE_MAX)
            return file_fail(name, "it is larger than 64 MiB", f, at);
        size *= 2;
    }
    at[len] = 0;
    if (f != stdin)
        fclose(f);
    return room_of(at, len);
}

struct lab *native_lab(void **memory, size_t mib, uint64_t seed)
{
    const struct lab_config config = {.seed = seed, .capture_bytes = (uint32_t)(mib / 4) << 20};
    *memory = calloc(mib, 1 << 20);
    struct lab *l = *memory ? lab_create(*memory, mib << 20, &config) : NULL;
    if (!l) {
        fprintf(stderr, "tcplab: there are no %zu MiB of memory for the lab.\n", mib);
        free(*memory);
        *memory = NULL;
    }
    return l;
}

int native_finish(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "tcplab: standard output: %s.\n", strerror(errno));
    return EXIT_SYSTEM;
}

/* Numbers that fifteen digits do not hold become text as they are. */
static bool keep_numbers(cJSON *item)
{
    const double digits_15_max = 1e15;
    for (; item; item = item->next) {
        char text[32];
        if (cJSON_IsNumber(item) &&
            (item->valuedouble >= digits_15_max || item->valuedouble <= -digits_15_max)) {
            int len = snprintf(text, sizeof text, "%.17g", item->valuedouble);
            item->valuestring = cJSON_malloc((size_t)len + 1);
            if (!item->valuestring)
                return false;
            memcpy(item->valuestring, text, (size_t)len + 1);
            item->type = cJSON_Raw;
        }
        if (!keep_numbers(item->child))
            return false;
    }
    return true;
}

char *native_print_json(cJSON *tree)
{
    return keep_numbers(tree) ? cJSON_PrintUnformatted(tree) : NULL;
}

void native_put_json(FILE *out, const char *json)
{
    for (; *json; json++)
        if (*json == '\t')
            fputs("  ", out);
        else
            fputc(*json, out);
    fputc('\n', out);
}
