/* A link whose queue marks what is ECN-capable (RFC 3168, section 5) instead of waiting until it must drop. */
#include "lab/link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/checksum.h"
#include "wire/ethernet.h"
#include "wire/ipv4.h"

enum { MEMORY = 1 << 20 };

/* A frame with an IPv4 header of those ECN bits; its checksum may be wrong. */
static void send_with_ecn(struct link *l, uint8_t ecn, bool good)
{
    uint8_t frame[ETHERNET_HEADER + 100 + ETHERNET_FCS] = {0};
    struct ipv4_repr ip = {.src = ip_addr_v4(1),
                           .dst = ip_addr_v4(2),
                           .protocol = IP_PROTOCOL_UDP,
                           .ttl = 9,
                           .tos = 0xb8 | ecn,
                           .payload_bytes = 80};
    frame[12] = 0x08;
    ipv4_emit(&ip, room_of(frame + ETHERNET_HEADER, IPV4_HEADER));
    frame[ETHERNET_HEADER + IPV4_CHECKSUM_AT] ^= !good;
    uint32_t crc = crc32_of(frame, sizeof frame - 4);
    for (unsigned i = 0; i < 4; i++)
        frame[sizeof frame - 4 + i] = (uint8_t)(crc >> (8 * i));
    const struct link_packet p = {bytes_of(frame, sizeof frame), trace_new_frame(l->trace), 0, RULE_NONE};
    assert_int_equal(link_send(l, 0, &p, 0), 0);
}

/* The type-of-service byte of the next that arrives, which must be intact but for what was spoilt before. */
static unsigned next_tos(struct link *l, bool good)
{
    unsigned direction;
    bool done;
    struct link_frame *f;
    do
        f = link_run(l, link_deadline(l), &direction, &done);
    while (!f);
    struct bytes packet = bytes_of(f->bytes + ETHERNET_HEADER, 100);
    assert_true(ethernet_fcs_good(bytes_of(f->bytes, f->len)));
    assert_int_equal(ipv4_checksum_good(packet), good);
    unsigned tos = packet.at[IPV4_TOS_AT];
    link_frame_free(l, f);
    return tos;
}

/* RFC 3168, 5: only what is capable is marked; what finds a short queue is not. */
static void a_long_queue_marks_what_is_ecn_capable(void **state)
{
    (void)state;
    struct link_config config;
    link_config_default(&config);
    config.way[0].rate_bit_per_s = 1000000;
    config.way[0].ecn_mark_frames = 1;
    void *memory = calloc(1, MEMORY);
    assert_non_null(memory);
    struct arena *a = arena_create(memory, MEMORY);
    struct trace *trace = trace_create(a, 256);
    struct link *l = link_create(a, trace, NULL, 0, 99, &config);
    assert_non_null(l);
    send_with_ecn(l, IPV4_ECN_ECT_0, true); /* goes out at once */
    send_with_ecn(l, IPV4_ECN_ECT_0, true); /* waits, but nothing before it does */
    send_with_ecn(l, IPV4_ECN_ECT_0, true);
    send_with_ecn(l, IPV4_ECN_ECT_1, true);
    send_with_ecn(l, IPV4_ECN_NONE, true);
    send_with_ecn(l, IPV4_ECN_CE, true);
    send_with_ecn(l, IPV4_ECN_ECT_0, false);
    assert_int_equal(next_tos(l, true), 0xb8 | IPV4_ECN_ECT_0);
    assert_int_equal(next_tos(l, true), 0xb8 | IPV4_ECN_ECT_0);
    assert_int_equal(next_tos(l, true), 0xb8 | IPV4_ECN_CE);
    assert_int_equal(next_tos(l, true), 0xb8 | IPV4_ECN_CE);
    assert_int_equal(next_tos(l, true), 0xb8 | IPV4_ECN_NONE);
    assert_int_equal(next_tos(l, true), 0xb8 | IPV4_ECN_CE);
    assert_int_equal(next_tos(l, false), 0xb8 | IPV4_ECN_ECT_0);
    assert_int_equal(l->counters[0].marked, 2);
    unsigned told = 0;
    for (uint32_t id = 1; id <= trace->last_id; id++)
        told += trace_at(trace, id)->kind == TRACE_FRAME_MARKED;
    assert_int_equal(told, 2);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_queue_marks_what_is_ecn_capable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
