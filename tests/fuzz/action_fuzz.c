/*
 * Fuzzes what people send: URLs of runs, and actions. The first byte chooses:
 *
 *   0      the rest is the URL of a run
 *   1      the rest is the text of one: it must come back from its URL
 *   else   the rest is a list of commands, a NUL between them, done 10 ms apart to two hosts with a connection
 */
#include "lab/lab.h"

#include <stdlib.h>

#include "base/status.h"
#include "lab/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LAB_BYTES = 2 << 20, REPLY_BYTES = 1 << 16, APART_US = 10000, THINGS_MAX = 200, COMMANDS_MAX = 24 };

static void fuzz_url(struct bytes url)
{
    static uint8_t text[1 << 16];
    const char *why = NULL;
    int64_t len = url_unpack(room_of(text, sizeof text), url, &why);
    if (len < 0 ? !why : len > (int64_t)sizeof text)
        abort();
}

static void fuzz_text(struct bytes text)
{
    static _Alignas(16) uint8_t scratch[URL_SCRATCH_BYTES];
    size_t room = url_room(text.len);
    char *url = malloc(room);
    uint8_t *back = malloc(text.len + 1);
    const char *why = NULL;
    if (url && back && text.len <= URL_TEXT_MAX) {
        int64_t len = url_pack(room_of(url, room), text, room_of(scratch, sizeof scratch));
        if (len < 0 ||
            url_unpack(room_of(back, text.len), bytes_of(url, (size_t)len), &why) != (int64_t)text.len ||
            !bytes_equal(text, bytes_of(back, text.len)))
            abort();
    }
    free(url);
    free(back);
}

static const char SCENARIO[] =
    "{\"nodes\":[{\"name\":\"a\",\"address\":\"10.0.0.1/24\",\"apps\":[{\"app\":\"sender\",\"to\":\"b:80\",\"bytes\":"
    "20000}]},{\"name\":\"b\",\"address\":\"10.0.0.2/24\",\"apps\":[{\"app\":\"receiver\",\"port\":80}]}],\"links\":[{"
    "\"name\":\"w\",\"between\":[\"a\",\"b\"],\"delay_ms\":5,\"rate_bit_per_s\":1000000}]}";

static void fuzz_commands(struct bytes list)
{
    static char errors[1024], reply[REPLY_BYTES];
    const struct lab_config config = {.seed = 1, .trace_events = 1 << 10, .capture_bytes = CAPTURE_BYTES_MIN};
    void *memory = calloc(1, LAB_BYTES);
    if (!memory)
        return;
    struct lab *l = lab_create(memory, LAB_BYTES, &config);
    if (lab_load(l, bytes_of(SCENARIO, sizeof SCENARIO - 1), room_of(errors, sizeof errors)) < 0)
        abort();
    for (unsigned n = 0; n < COMMANDS_MAX && list.len > 0; n++) {
        const uint8_t *end = memchr(list.at, 0, list.len);
        size_t len = end ? (size_t)(end - list.at) : list.len;
        lab_run_until(l, lab_now_us(l) + APART_US, THINGS_MAX);
        lab_set_blob(l, list);
        size_t got = lab_command(l, bytes_first(list, len), room_of(reply, sizeof reply));
        if (got >= sizeof reply || reply[got] != 0 || reply[0] != '{')
            abort();
        list = bytes_from(list, end ? len + 1 : len);
    }
    lab_run_until(l, lab_now_us(l) + APART_US, THINGS_MAX);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct bytes rest = bytes_of(data + 1, size - 1);
    if (data[0] == 0)
        fuzz_url(rest);
    else if (data[0] == 1)
        fuzz_text(rest);
    else
        fuzz_commands(rest);
    return 0;
}
