/* The capture ring, and the pcapng made of it. */
#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MEMORY = 4 << 20 };

static struct capture *small_capture(void **memory)
{
    *memory = calloc(1, MEMORY);
    assert_non_null(*memory);
    struct capture *c = capture_create(arena_create(*memory, MEMORY), CAPTURE_BYTES_MIN);
    assert_non_null(c);
    return c;
}

static void keep(struct capture *c, uint32_t id, size_t len)
{
    uint8_t bytes[2000];
    memset(bytes, (int)id, sizeof bytes);
    const struct captured what = {.id = id, .t_us = id * 10, .point = CAPTURE_SENT};
    capture_add(c, &what, bytes_of(bytes, len));
}

static void the_oldest_frames_go_first(void **state)
{
    (void)state;
    void *memory;
    struct capture *c = small_capture(&memory);
    for (uint32_t id = 1; id <= 5000; id++) {
        keep(c, id, 60 + id * 37 % 1450);
        uint64_t position = 0;
        uint32_t last = 0, count = 0;
        if (id % 97)
            continue;
        for (const struct captured *r; (r = capture_next(c, &position)); count++) {
            assert_true(last == 0 || r->id == last + 1);
            assert_int_equal(r->len, 60 + r->id * 37 % 1450);
            assert_int_equal(r->bytes[0], r->id & 0xff);
            assert_int_equal(r->bytes[r->len - 1], r->id & 0xff);
            assert_ptr_equal(capture_find(c, r->id), r);
            last = r->id;
        }
        assert_int_equal(last, id);
        assert_int_equal(count, c->kept - c->forgotten);
        assert_null(capture_find(c, id - count));
        assert_null(capture_find(c, id + 1));
    }
    assert_true(c->forgotten > 4000);
    free(memory);
}

static void a_reader_that_was_overtaken_goes_on_with_the_oldest(void **state)
{
    (void)state;
    void *memory;
    struct capture *c = small_capture(&memory);
    uint64_t position = 0;
    keep(c, 1, 100);
    assert_int_equal(capture_next(c, &position)->id, 1);
    assert_null(capture_next(c, &position));
    for (uint32_t id = 2; id <= 3000; id++)
        keep(c, id, 1000);
    const struct captured *r = capture_next(c, &position);
    assert_true(r->id > 2 && r->id == 3000 - (c->kept - c->forgotten) + 1);
    free(memory);
}

static void a_frame_is_found_as_sent_and_as_received(void **state)
{
    (void)state;
    static struct bench b;
    struct lab_frame f;
    bench_open_file(&b, "routed", 0);
    lab_run_until(b.lab, 3000, 0);
    uint32_t id = bench_event(&b, TRACE_FRAME_SENT, 0)->frame;
    assert_true(lab_frame(b.lab, id, &f));
    assert_int_equal(f.node, 0);
    assert_int_equal(f.t_us, 0);
    assert_int_equal(f.rule, RULE_ARP_REQUEST);
    assert_int_equal(f.bytes.len, 64);
    assert_int_equal(capture_find_at(lab_capture(b.lab), id, CAPTURE_RECEIVED)->t_us,
                     2006); /* 64 bytes at 100 Mbit/s, and 2 ms */
    assert_false(lab_frame(b.lab, 99999, &f));
    bench_close(&b);
}

static uint32_t le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Counts blocks of a type, and checks that each has its length at both ends. */
static unsigned blocks(const uint8_t *file, size_t len, uint32_t type)
{
    unsigned count = 0;
    size_t at = 0;
    while (at < len) {
        assert_true(len - at >= 12);
        uint32_t block_len = le32(file + at + 4);
        assert_true(block_len % 4 == 0 && block_len >= 12 && block_len <= len - at);
        assert_int_equal(le32(file + at + block_len - 4), block_len);
        count += le32(file + at) == type;
        at += block_len;
    }
    return count;
}

static void each_view_of_a_capture_has_its_packets(void **state)
{
    (void)state;
    static struct bench b;
    bench_open_file(&b, "bulk_lossy", 0);
    bench_rest(&b, 100000000);
    const struct link_counters *c = lab_link(b.lab, 0)->counters;
    uint64_t sent[2] = {c[0].frames - c[0].lost[LOSS_QUEUE], c[1].frames - c[1].lost[LOSS_QUEUE]};
    const struct {
        struct lab_pcapng cursor;
        uint64_t packets;
    } views[] = {
        {{.view = LAB_PCAPNG_SENT}, sent[0] + sent[1]},
        {{.view = LAB_PCAPNG_ALL}, sent[0] + sent[1] + c[0].delivered + c[1].delivered},
        {{.view = LAB_PCAPNG_END, .end = 0}, sent[0] + c[1].delivered},
        {{.view = LAB_PCAPNG_END, .end = 1}, sent[1] + c[0].delivered},
    };
    static uint8_t piece[LAB_PCAPNG_ROOM_MIN];
    for (unsigned i = 0; i < sizeof views / sizeof views[0]; i++) {
        struct lab_pcapng cursor = views[i].cursor;
        unsigned packets = 0, interfaces = 0, sections = 0, pieces = 0;
        for (size_t len; (len = lab_pcapng(b.lab, &cursor, room_of(piece, sizeof piece))) > 0; pieces++) {
            packets += blocks(piece, len, 6);
            interfaces += blocks(piece, len, 1);
            sections += blocks(piece, len, 0x0a0d0d0a);
        }
        assert_int_equal(packets, views[i].packets);
        assert_int_equal(interfaces, 2);
        assert_int_equal(sections, 1);
        assert_true(pieces > 5);
    }
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_frames_go_first),
        cmocka_unit_test(a_reader_that_was_overtaken_goes_on_with_the_oldest),
        cmocka_unit_test(a_frame_is_found_as_sent_and_as_received),
        cmocka_unit_test(each_view_of_a_capture_has_its_packets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
