#include "lab/support/cable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/checksum.h"
#include "wire/ethernet.h"

enum { MEMORY = 8 << 20 };

struct cable cable_with(struct link_config config)
{
    struct cable c = {.memory = calloc(1, MEMORY)};
    assert_non_null(c.memory);
    struct arena *a = arena_create(c.memory, MEMORY);
    c.trace = trace_create(a, 4096);
    c.link = link_create(a, c.trace, capture_create(a, CAPTURE_BYTES_MIN), 0, 99, &config);
    assert_non_null(c.link);
    c.link->end[1].node = 1;
    return c;
}

struct link_config plain(void)
{
    struct link_config config;
    link_config_default(&config);
    return config;
}

uint32_t cable_send_on(struct cable *c, unsigned direction, uint32_t len, int64_t now_us)
{
    uint8_t frame[2000] = {0};
    assert_true(len >= 18 && len <= sizeof frame);
    frame[12] = 0x08;
    uint32_t crc = crc32_of(frame, len - 4);
    for (unsigned i = 0; i < 4; i++)
        frame[len - 4 + i] = (uint8_t)(crc >> (8 * i));
    const struct link_packet p = {bytes_of(frame, len), trace_new_frame(c->trace), 0, RULE_NONE};
    assert_int_equal(link_send(c->link, direction, &p, now_us), 0);
    return p.id;
}

uint32_t cable_send(struct cable *c, int64_t now_us)
{
    return cable_send_on(c, 0, FRAME, now_us);
}

struct arrival cable_next(struct cable *c)
{
    for (int64_t now; (now = link_deadline(c->link)) != TIME_NEVER;) {
        unsigned direction;
        bool done;
        struct link_frame *f = link_run(c->link, now, &direction, &done);
        assert_true(done);
        if (!f)
            continue;
        struct arrival a = {now, f->id, ethernet_fcs_good(bytes_of(f->bytes, f->len))};
        link_frame_free(c->link, f);
        return a;
    }
    return (struct arrival){0};
}

void assert_arrives(struct cable *c, uint32_t id, int64_t t_us)
{
    struct arrival a = cable_next(c);
    assert_int_equal(a.id, id);
    assert_int_equal(a.t_us, t_us);
}

const struct trace_event *last_event(struct cable *c, enum trace_kind kind)
{
    for (uint32_t id = c->trace->last_id; id > 0; id--)
        if (trace_at(c->trace, id)->kind == kind)
            return trace_at(c->trace, id);
    return NULL;
}
