/*
 * `tcplab analyse`: the TCP connections in a capture file, what their ends' states must have been, and what went
 * wrong. The file is read piece by piece, so its size does not matter.
 */
#include "native/native.h"

#include <errno.h>
#include <stdlib.h>

#include "lab/analyse.h"

enum { PIECE_BYTES = 1 << 20, MEMORY_BYTES = 256 << 20, CONNECTIONS_MAX = 1 << 18 };

struct analyse_options {
    const char *file;
    bool packets; /* a line for each segment, too */
};

static void print_verdicts(uint32_t verdicts)
{
    for (unsigned v = 0; v < ANALYSE_VERDICT_COUNT; v++)
        if (verdicts >> v & 1)
            printf(" %s", analyse_verdict_name((enum analyse_verdict)v));
}

static const char *state_name(unsigned state)
{
    static const char *const names[] = {
#define X(NAME) #NAME,
        TCP_STATE_LIST(X)
#undef X
    };
    assert(state < TCP_STATE_COUNT);
    return names[state];
}

static void print_packet(uint64_t number, const struct analysis *a, const struct analysed *r)
{
    char flags[TCP_FLAGS_TEXT_MAX];
    if (r->connection == 0)
        return;
    tcp_flags_format(r->flags, flags);
    printf("%8llu %12.6f #%u %c [%s] seq %u", (unsigned long long)number,
           (double)(r->t_ns - a->first_ns) / 1e9, r->connection, r->end ? '<' : '>', flags, r->seq);
    if (r->flags & TCP_ACK)
        printf(" ack %u", r->ack);
    printf(" win %u len %u  %s %s", r->window_bytes, r->payload_bytes, state_name(r->state[0]),
           state_name(r->state[1]));
    if (r->rtt_us)
        printf(" rtt %.3f ms", r->rtt_us / 1e3);
    print_verdicts(r->verdicts);
    putchar('\n');
}

static void print_end(const struct analyse_end *e, const char *arrow)
{
    printf("   %s %llu segments, %llu bytes, window %u to %u, scale %d, at most %u in flight, %s\n", arrow,
           (unsigned long long)e->packets, (unsigned long long)e->payload_bytes,
           e->window_bytes_min <= e->window_bytes_max ? e->window_bytes_min : 0, e->window_bytes_max,
           e->scale, e->in_flight_bytes_max, state_name(e->state));
    if (e->rtt_count)
        printf("     round trip %.3f to %.3f ms, %.3f on average of %u\n", e->rtt_us_min / 1e3,
               e->rtt_us_max / 1e3, (double)e->rtt_us_sum / e->rtt_count / 1e3, e->rtt_count);
    for (unsigned v = 0; v < ANALYSE_VERDICT_COUNT; v++)
        if (e->verdicts[v])
            printf("     %-24s %u  (%s)\n", analyse_verdict_name((enum analyse_verdict)v), e->verdicts[v],
                   analyse_verdict_phrase((enum analyse_verdict)v));
}

static void print_connection(const struct analysis *a, const struct analyse_connection *c)
{
    char from[IP_ENDPOINT_TEXT_MAX], to[IP_ENDPOINT_TEXT_MAX];
    ip_endpoint_format(c->end[0].endpoint, from);
    ip_endpoint_format(c->end[1].endpoint, to);
    printf("#%u %s > %s, from %.6f to %.6f s, opening %s, closing %s\n", c->number, from, to,
           (double)(c->first_ns - a->first_ns) / 1e9, (double)(c->last_ns - a->first_ns) / 1e9,
           analyse_opening_name((enum analyse_opening)c->opening),
           analyse_closing_name((enum analyse_closing)c->closing));
    print_end(&c->end[0], ">");
    print_end(&c->end[1], "<");
}

/* Reads the file to its end. 0, or STATUS_EBADMSG where it is damaged. */
static int read_all(FILE *f, struct analysis *a, const struct analyse_options *o, uint8_t *piece)
{
    size_t len = 0;
    uint64_t number = 0;
    for (;;) {
        size_t got = fread(piece + len, 1, PIECE_BYTES - len, f);
        len += got;
        size_t done = 0, used = 0;
        struct analysed r;
        int status;
        while ((status = analysis_next(a, bytes_of(piece + done, len - done), &r, &used)) > 0) {
            done += used;
            number++;
            if (o->packets)
                print_packet(number, a, &r);
        }
        done += used;
        if (status < 0)
            return status;
        memmove(piece, piece + done, len - done);
        len -= done;
        if (got == 0)
            return 0;
    }
}

static int analyse_file(FILE *f, const struct analyse_options *o, void *memory, uint8_t *piece)
{
    struct analysis *a = analysis_create(arena_create(memory, MEMORY_BYTES), CONNECTIONS_MAX);
    assert(a); /* the memory is more than its tables */
    int status = read_all(f, a, o, piece);
    if (status < 0 && a->packets == 0) {
        native_fail(o->file, "it is neither pcap nor pcapng");
        return EXIT_INPUT;
    }
    for (uint32_t n = 1; n <= a->connection_count; n++)
        print_connection(a, analysis_connection(a, n));
    printf("%llu packets, %llu bytes, %u connections\n", (unsigned long long)a->packets,
           (unsigned long long)a->bytes, a->connection_count);
    if (a->ignored)
        printf("%llu segments are of connections for which there was no memory\n",
               (unsigned long long)a->ignored);
    if (status < 0) {
        native_fail(o->file, "it is damaged; what comes after this was not read");
        return EXIT_INPUT;
    }
    return EXIT_GOOD;
}

int analyse_command(const struct native_args *a)
{
    if (a->operands != 1) {
        native_fail("analyse", "expected one capture file");
        return EXIT_INPUT;
    }
    const struct analyse_options o = {a->operand[0], native_given(a, "--packets")};
    FILE *f = strcmp(o.file, "-") == 0 ? stdin : fopen(o.file, "rb");
    if (!f) {
        native_fail(o.file, strerror(errno));
        return EXIT_SYSTEM;
    }
    uint8_t *piece = malloc(PIECE_BYTES);
    void *memory = calloc(1, MEMORY_BYTES);
    int code = EXIT_SYSTEM;
    if (piece && memory)
        code = analyse_file(f, &o, memory, piece);
    else
        native_fail("analyse", "there is not enough memory");
    free(memory);
    free(piece);
    if (f != stdin)
        fclose(f);
    return code;
}
