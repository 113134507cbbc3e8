/*
 * Fuzzer over capture files and their analysis. Beyond the sanitizers: a file gives the same packets whole and in
 * pieces, what is told of a packet lies in the file, and what is counted adds up.
 */
#include <stdlib.h>

#include "lab/analyse.h"

enum { MEMORY_BYTES = 1 << 16, CONNECTIONS_MAX = 64, PACKETS_MAX = 256 };

/* Asserts may be compiled out; this may not. */
static void require(bool holds)
{
    if (!holds)
        abort();
}

struct reading {
    unsigned count;
    bool damaged;
    struct analysed packet[PACKETS_MAX];
};

static void check_packet(const struct analysed *r, struct bytes file)
{
    require(r->position <= file.len && r->captured_bytes <= file.len - r->position);
    require(r->end < 2 && r->state[0] < TCP_STATE_COUNT && r->state[1] < TCP_STATE_COUNT);
    require(r->verdicts >> ANALYSE_VERDICT_COUNT == 0);
}

static void check_totals(const struct analysis *a, const struct reading *r)
{
    uint64_t segments = 0, in_connections = 0;
    for (uint32_t n = 1; n <= a->connection_count; n++) {
        const struct analyse_connection *c = analysis_connection(a, n);
        require(c->number == n && c->opening < ANALYSE_OPENING_COUNT && c->closing < ANALYSE_CLOSING_COUNT);
        in_connections += c->end[0].packets + c->end[1].packets;
    }
    for (unsigned i = 0; i < r->count && i < PACKETS_MAX; i++)
        segments += r->packet[i].connection > 0;
    require(r->count > PACKETS_MAX || segments == in_connections);
}

static void read_file(struct reading *r, struct bytes file, size_t piece)
{
    void *memory = aligned_alloc(ARENA_ALIGN, MEMORY_BYTES); /* little, so that it runs out, too */
    require(memory != NULL);
    memset(memory, 0, MEMORY_BYTES);
    struct analysis *a = analysis_create(arena_create(memory, MEMORY_BYTES), CONNECTIONS_MAX);
    require(a != NULL);
    size_t begin = 0, end = 0;
    *r = (struct reading){0};
    for (;;) {
        struct analysed packet;
        size_t used = 0;
        int status = analysis_next(a, bytes_of(file.at + begin, end - begin), &packet, &used);
        begin += used;
        require(begin <= end);
        if (status > 0) {
            check_packet(&packet, file);
            if (r->count < PACKETS_MAX)
                r->packet[r->count] = packet;
            r->count++;
        } else if (status < 0 || end == file.len) {
            r->damaged = status < 0;
            break;
        } else {
            end = file.len - end < piece ? file.len : end + piece;
        }
    }
    check_totals(a, r);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct reading whole, pieces;
    if (size < 1)
        return 0;
    /* In memory of its own size, so that reading past its end is found. */
    uint8_t *copy = malloc(size);
    require(copy != NULL);
    memcpy(copy, data, size);
    read_file(&whole, bytes_of(copy + 1, size - 1), size);
    read_file(&pieces, bytes_of(copy + 1, size - 1), 1 + data[0]);
    require(whole.count == pieces.count && whole.damaged == pieces.damaged);
    require(memcmp(whole.packet, pieces.packet, sizeof whole.packet) == 0);
    free(copy);
    return 0;
}
