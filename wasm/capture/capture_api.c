/*
 * The exports of the capture module. Memory is asked from the system once; the records lie in one array that is written
 * anew with each piece.
 */
#define _DEFAULT_SOURCE /* sbrk() */
#include "capture_api.h"

#include <stddef.h>
#include <unistd.h>

#include "base/status.h"
#include "lab/analyse.h"

enum { LAYOUT_BYTES = 12288 };

static struct analysis *analysis;
static uint8_t *piece;
static struct analysed records[CAPTURE_RECORDS_MAX];
static uint32_t used_bytes;
static struct dissect dissect_out;
static char endpoint_text[IP_ENDPOINT_TEXT_MAX];

_Static_assert(CAPTURE_PIECE_BYTES > 2 * PCAP_ROOM_MIN, "a piece always has something to read");

/* `size` bytes of new memory, zeroed and aligned to 16; NULL when there is none. */
static uint8_t *memory_take(size_t size)
{
    size_t padding = (ARENA_ALIGN - (uintptr_t)sbrk(0) % ARENA_ALIGN) % ARENA_ALIGN;
    void *at = size > PTRDIFF_MAX - padding ? (void *)-1 : sbrk((intptr_t)(size + padding));
    return at == (void *)-1 ? NULL : (uint8_t *)at + padding;
}

uint8_t *capture_api_begin(uint32_t memory_bytes, uint32_t connections_max)
{
    assert(!analysis);
    piece = memory_take(CAPTURE_PIECE_BYTES);
    uint8_t *memory = memory_take(memory_bytes);
    struct arena *a = memory ? arena_create(memory, memory_bytes) : NULL;
    analysis = a ? analysis_create(a, connections_max) : NULL;
    return analysis ? piece : NULL;
}

int32_t capture_api_feed(uint32_t len_bytes)
{
    assert(analysis && len_bytes <= CAPTURE_PIECE_BYTES);
    int32_t count = 0;
    int status = 1;
    used_bytes = 0;
    while (status > 0 && count < CAPTURE_RECORDS_MAX) {
        size_t used = 0;
        struct bytes rest = bytes_of(piece + used_bytes, len_bytes - used_bytes);
        status = analysis_next(analysis, rest, &records[count], &used);
        used_bytes += (uint32_t)used;
        count += status > 0;
    }
    return status < 0 && count == 0 ? status : count;
}

uint32_t capture_api_used(void)
{
    return used_bytes;
}

uint32_t capture_api_piece_bytes(void)
{
    return CAPTURE_PIECE_BYTES;
}

const void *capture_api_records(void)
{
    return records;
}

uint32_t capture_api_connections(void)
{
    return analysis->connection_count;
}

double capture_api_ignored(void)
{
    return (double)analysis->ignored;
}

const void *capture_api_connection(uint32_t number)
{
    return analysis_connection(analysis, number);
}

const char *capture_api_endpoint(uint32_t number, uint32_t end)
{
    const struct analyse_connection *c = analysis_connection(analysis, number);
    assert(c && end < 2);
    ip_endpoint_format(c->end[end].endpoint, endpoint_text);
    return endpoint_text;
}

const void *capture_api_dissect(uint32_t len_bytes, uint32_t wire_bytes, uint32_t link_type,
                                uint32_t fcs_bytes)
{
    assert(len_bytes <= CAPTURE_PIECE_BYTES);
    const struct pcap_packet p = {.bytes = bytes_of(piece, len_bytes),
                                  .wire_bytes = wire_bytes,
                                  .link_type = (uint16_t)link_type,
                                  .fcs_bytes = (uint8_t)fcs_bytes};
    (void)pcap_dissect(&dissect_out, &p); /* nothing that is known: no fields */
    return &dissect_out;
}

/* ---- The layout ---- */

struct text {
    char at[LAYOUT_BYTES];
    size_t len;
};

static struct text layout;

static void put(const char *s)
{
    size_t len = strlen(s);
    assert(layout.len + len < sizeof layout.at);
    memcpy(layout.at + layout.len, s, len + 1);
    layout.len += len;
}

static void put_number(size_t n)
{
    const char digit[2] = {(char)('0' + n % 10), 0};
    if (n >= 10)
        put_number(n / 10);
    put(digit);
}

static void put_member(const char *name, const char *type, size_t offset)
{
    if (layout.at[layout.len - 1] == ']')
        put(",");
    put("[\"");
    put(name);
    put("\",\"");
    put(type);
    put("\",");
    put_number(offset);
    put("]");
}

/* clang-format off */
#define TYPE_OF(x)                                                                                           \
    _Generic((x), bool: "u8", uint8_t: "u8", int8_t: "i8", uint16_t: "u16", uint32_t: "u32", uint64_t: "u64", \
                  int64_t: "i64", const char *: "string", char *: "text")
#define MEMBER(type, name) put_member(#name, TYPE_OF(((type *)NULL)->name), offsetof(type, name))
/* clang-format on */

static void put_records(void)
{
    put("{\"packet_bytes\":");
    put_number(sizeof(struct analysed));
    put(",\"packet\":[");
#define M(name) MEMBER(struct analysed, name)
    M(position);
    M(t_ns);
    M(captured_bytes);
    M(wire_bytes);
    M(connection);
    M(seq);
    M(ack);
    M(payload_bytes);
    M(window_bytes);
    M(verdicts);
    M(rtt_us);
    M(link_type);
    M(src_port);
    M(dst_port);
    M(flags);
    M(protocol);
    M(end);
    M(fcs_bytes);
    put_member("state_0", "u8", offsetof(struct analysed, state));
    put_member("state_1", "u8", offsetof(struct analysed, state) + 1);
#undef M
    put("],\"connection\":[");
#define M(name) MEMBER(struct analyse_connection, name)
    M(number);
    M(opening);
    M(closing);
    M(first_ns);
    M(last_ns);
    M(handshake_us);
#undef M
    put("],\"end_at\":");
    put_number(offsetof(struct analyse_connection, end));
    put(",\"end_bytes\":");
    put_number(sizeof(struct analyse_end));
    put(",\"end\":[");
#define M(name) MEMBER(struct analyse_end, name)
    M(state);
    M(scale);
    M(sack_permitted);
    M(mss_bytes);
    M(packets);
    M(payload_bytes);
    M(window_bytes_min);
    M(window_bytes_max);
    M(in_flight_bytes_max);
    M(rtt_count);
    M(rtt_us_min);
    M(rtt_us_max);
    M(rtt_us_sum);
#undef M
    put("],\"verdicts_at\":");
    put_number(offsetof(struct analyse_end, verdicts));
}

static void put_dissect(void)
{
    put(",\"dissect\":{\"count\":");
    put_number(offsetof(struct dissect, count));
    put(",\"first\":");
    put_number(offsetof(struct dissect, field));
    put(",\"bytes\":");
    put_number(sizeof(struct dissect_field));
    put(",\"malformed\":");
    put_number(offsetof(struct dissect, malformed));
    put(",\"members\":[");
#define M(name) MEMBER(struct dissect_field, name)
    M(protocol);
    M(name);
    M(offset);
    M(len);
    M(bit_offset);
    M(bit_count);
    M(layer);
    M(is_header);
    M(is_bad);
    M(value);
    M(text);
#undef M
    put("]}");
}

static void put_names(void)
{
#define NAME_ONLY(NAME)           "\",\"" #NAME
#define NAME_OF_TWO(NAME, phrase) "\",\"" #NAME
    put(",\"states\":[\"" TCP_STATE_LIST(NAME_ONLY) "\"]");
    put(",\"verdicts\":[\"" ANALYSE_VERDICT_LIST(NAME_OF_TWO) "\"]");
    put(",\"openings\":[\"" ANALYSE_OPENING_LIST(NAME_OF_TWO) "\"]");
    put(",\"closings\":[\"" ANALYSE_CLOSING_LIST(NAME_OF_TWO) "\"]}");
}

const char *capture_api_layout(void)
{
    layout.len = 0;
    put_records();
    put_dissect();
    put_names();
    return layout.at;
}
