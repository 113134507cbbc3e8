/*
 * Fuzzes reading a scenario: any bytes, which become a lab or a list of faults; what becomes a lab is run for a
 * while, and described.
 */
#include "lab/lab.h"

#include <stdlib.h>

#include "base/status.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LAB_BYTES = 2 << 20, ERRORS_BYTES = 4096, REPLY_BYTES = 1 << 18, THINGS_MAX = 500 };

static const int64_t RUN_US = 100000;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char errors[ERRORS_BYTES], reply[REPLY_BYTES];
    static const char describe[] = "{\"do\":\"describe\"}";
    const struct lab_config config = {.seed = 1, .trace_events = 1 << 10, .capture_bytes = CAPTURE_BYTES_MIN};
    void *memory = calloc(1, LAB_BYTES);
    if (!memory)
        return 0;
    struct lab *l = lab_create(memory, LAB_BYTES, &config);
    int status = lab_load(l, bytes_of(data, size), room_of(errors, sizeof errors));
    if (!memchr(errors, 0, sizeof errors) || (status < 0) != (errors[0] != 0 || status == STATUS_ENOMEM))
        abort(); /* what is refused is told, and only that */
    if (status == 0) {
        lab_run_until(l, RUN_US, THINGS_MAX);
        lab_command(l, bytes_of(describe, sizeof describe - 1), room_of(reply, sizeof reply));
    }
    free(memory);
    return 0;
}
