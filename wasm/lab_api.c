/*
 * The module's exports: they fetch arguments from the areas, call the lab, and put the answer back. One
 * instance has one lab, in a block of memory that is asked from the system when the lab is made.
 *
 * Memory grows at its end only: an area that is the last block grows in place, another one moves and leaves
 * its old block unused. Since areas at least double, what is left unused is never more than what is used.
 */
#define _DEFAULT_SOURCE /* sbrk() */
#include "lab_api.h"

#include <unistd.h>

#include "base/hash.h"
#include "lab/compare.h"
#include "lab/lab.h"
#include "lab/url.h"
#include "layout.h"
#include "wire/dissect.h"

enum {
    AREA_STEP_BYTES = 1 << 16,
    LAYOUT_BYTES = 1 << 17,
    /* cJSON takes about 40 bytes for each value, and a value takes two characters or more. */
    OUTLINE_BYTES_PER_CHARACTER = 32,
    /* For reading commands and writing answers, outside of the lab's memory: looking leaves no trace in it. */
    SCRATCH_BYTES = 16 << 20,
};

_Static_assert((int)LAB_API_REPLY_BYTES == (int)LAB_REPLY_STANDARD,
               "the same run gives the same bytes everywhere");

static struct room areas[LAB_AREA_COUNT];
static struct lab *lab;
static struct lab_frame frame_out;
static struct dissect dissect_out;
static uint64_t hash_out;

static struct bytes area_bytes(enum lab_api_area area, size_t len)
{
    assert(len <= areas[area].len);
    return bytes_of(areas[area].at, len);
}

/* `size` bytes of new memory, zeroed and aligned to 16; NULL when there is none. */
static uint8_t *memory_take(size_t size)
{
    uintptr_t end = (uintptr_t)sbrk(0);
    size_t padding = (ARENA_ALIGN - end % ARENA_ALIGN) % ARENA_ALIGN;
    if (size > PTRDIFF_MAX - padding)
        return NULL;
    void *at = sbrk((intptr_t)(size + padding));
    return at == (void *)-1 ? NULL : (uint8_t *)at + padding;
}

static bool area_grow(struct room *area, size_t len)
{
    size_t size = len > 2 * area->len ? len : 2 * area->len;
    size = (size + AREA_STEP_BYTES - 1) / AREA_STEP_BYTES * AREA_STEP_BYTES;
    if (area->at && area->at + area->len == sbrk(0)) {
        if (sbrk((intptr_t)(size - area->len)) == (void *)-1)
            return false;
        area->len = size;
        return true;
    }
    uint8_t *at = memory_take(size);
    if (!at)
        return false;
    if (area->len > 0)
        memcpy(at, area->at, area->len);
    *area = room_of(at, size);
    return true;
}

uint8_t *lab_api_area(uint32_t area, uint32_t len_bytes)
{
    assert(area < LAB_AREA_COUNT);
    if (len_bytes > areas[area].len && !area_grow(&areas[area], len_bytes))
        return NULL;
    return areas[area].at;
}

/* Text that may hold anything, as the inside of a JSON string. Returns its length, at most `room`. */
static size_t put_message(char *to, size_t room, const char *text)
{
    size_t len = 0;
    for (; *text && len + 2 <= room; text++) {
        if (*text == '"' || *text == '\\' || *text == '\n')
            to[len++] = '\\';
        to[len++] = *text == '\n' ? 'n' : (unsigned char)*text < ' ' ? ' ' : *text;
    }
    return len;
}

/* Writes a failure's JSON to the reply area, which exists. Returns its length. */
static uint32_t reply_failure(int status, const char *message)
{
    const struct room reply = areas[LAB_AREA_REPLY];
    const char *parts[] = {"{\"ok\":false,\"error\":\"", status_name(status), "\",\"message\":\"", NULL};
    size_t len = 0;
    for (const char **part = parts; *part; part++) {
        memcpy(reply.at + len, *part, strlen(*part));
        len += strlen(*part);
    }
    len += put_message((char *)reply.at + len, reply.len - len - 2, message);
    memcpy(reply.at + len, "\"}", 2);
    return (uint32_t)len + 2;
}

static uint32_t reply_ok(void)
{
    static const char OK[] = "{\"ok\":true}";
    memcpy(areas[LAB_AREA_REPLY].at, OK, sizeof OK - 1);
    return sizeof OK - 1;
}

uint32_t lab_api_create(uint32_t len_bytes, uint32_t memory_bytes, double seed)
{
    assert(!lab && seed >= 0);
    static char errors[4096];
    /* The blob area is free now: it serves as scratch memory. */
    const uint32_t scratch_bytes = len_bytes * OUTLINE_BYTES_PER_CHARACTER + AREA_STEP_BYTES;
    if (!lab_api_area(LAB_AREA_REPLY, LAB_API_REPLY_BYTES) || !lab_api_area(LAB_AREA_BLOB, scratch_bytes))
        __builtin_trap();
    const struct bytes scenario = area_bytes(LAB_AREA_REQUEST, len_bytes);
    struct lab_outline outline = {.seed = (uint64_t)seed};
    if (len_bytes > 0 &&
        !lab_outline_read(&outline, scenario, room_of(areas[LAB_AREA_BLOB].at, scratch_bytes)))
        return reply_failure(STATUS_EINVAL, "the scenario is not JSON, or not an object");
    uint8_t *memory = memory_take(memory_bytes);
    const struct lab_config config = {.seed = outline.seed};
    struct lab *made = memory ? lab_create(memory, memory_bytes, &config) : NULL;
    if (!made)
        return reply_failure(STATUS_ENOMEM, "memory_mib: not enough for a lab, or more than there is");
    const int status = len_bytes > 0 ? lab_load(made, scenario, room_of(errors, sizeof errors)) : 0;
    if (status < 0)
        return reply_failure(status, errors[0] ? errors : status_phrase(status));
    uint8_t *scratch = memory_take(SCRATCH_BYTES);
    if (!scratch)
        return reply_failure(STATUS_ENOMEM, status_phrase(STATUS_ENOMEM));
    lab_set_scratch(made, arena_create(scratch, SCRATCH_BYTES));
    lab = made;
    return reply_ok();
}

uint32_t lab_api_command(uint32_t len_bytes, uint32_t blob_bytes, uint32_t reply_bytes)
{
    assert(lab && reply_bytes >= LAB_REPLY_MIN);
    if (!lab_api_area(LAB_AREA_REPLY, reply_bytes))
        return reply_failure(STATUS_ENOMEM, status_phrase(STATUS_ENOMEM));
    lab_set_blob(lab, area_bytes(LAB_AREA_BLOB, blob_bytes));
    const struct room reply = room_of(areas[LAB_AREA_REPLY].at, reply_bytes);
    const size_t len = lab_command(lab, area_bytes(LAB_AREA_REQUEST, len_bytes), reply);
    lab_set_blob(lab, bytes_of(NULL, 0));
    assert(len <= reply_bytes);
    return (uint32_t)len;
}

static const char URL_REPLY[] = "{\"ok\":true,\"url\":\"", RUN_REPLY[] = "{\"ok\":true,\"run\":";

/* Ends a reply whose value stands behind its beginning already. */
static uint32_t reply_end(const char *begin, size_t value_bytes, const char *end)
{
    uint8_t *reply = areas[LAB_AREA_REPLY].at;
    const size_t at = strlen(begin) + value_bytes;
    memcpy(reply, begin, strlen(begin));
    memcpy(reply + at, end, strlen(end));
    return (uint32_t)(at + strlen(end));
}

uint32_t lab_api_url_pack(uint32_t len_bytes)
{
    const size_t begin = sizeof URL_REPLY - 1, room = url_room(len_bytes);
    if (!lab_api_area(LAB_AREA_REPLY, (uint32_t)(begin + room + sizeof "\"}")) ||
        !lab_api_area(LAB_AREA_BLOB, URL_SCRATCH_BYTES))
        __builtin_trap();
    const int64_t len =
        url_pack(room_of(areas[LAB_AREA_REPLY].at + begin, room), area_bytes(LAB_AREA_REQUEST, len_bytes),
                 room_of(areas[LAB_AREA_BLOB].at, URL_SCRATCH_BYTES));
    return len < 0 ? reply_failure((int)len, "the run is too long for a URL")
                   : reply_end(URL_REPLY, (size_t)len, "\"}");
}

uint32_t lab_api_url_unpack(uint32_t len_bytes)
{
    const size_t begin = sizeof RUN_REPLY - 1;
    const char *why = "";
    if (!lab_api_area(LAB_AREA_REPLY, (uint32_t)begin + URL_TEXT_MAX + sizeof "}"))
        __builtin_trap();
    const int64_t len = url_unpack(room_of(areas[LAB_AREA_REPLY].at + begin, URL_TEXT_MAX),
                                   area_bytes(LAB_AREA_REQUEST, len_bytes), &why);
    return len < 0 ? reply_failure((int)len, why) : reply_end(RUN_REPLY, (size_t)len, "}");
}

int32_t lab_api_run_until(double t_us, uint32_t events_max)
{
    assert(lab && t_us >= 0);
    return (int32_t)lab_run_until(lab, (int64_t)t_us, events_max);
}

double lab_api_now(void)
{
    assert(lab);
    return (double)lab_now_us(lab);
}

double lab_api_next(void)
{
    assert(lab);
    return (double)lab_next_us(lab);
}

const void *lab_api_trace_ring(void)
{
    return lab_trace(lab)->ring;
}

uint32_t lab_api_trace_capacity(void)
{
    return lab_trace(lab)->capacity;
}

uint32_t lab_api_trace_last(void)
{
    return lab_trace(lab)->last_id;
}

static bool frame_received(uint32_t id)
{
    const struct captured *c = capture_find_at(lab_capture(lab), id, CAPTURE_RECEIVED);
    if (!c)
        return false;
    const struct link_end receiver = lab_link(lab, c->link)->end[!c->direction];
    frame_out = (struct lab_frame){
        .bytes = bytes_of(c->bytes, c->len),
        .t_us = c->t_us,
        .event = c->event,
        .cause = c->cause,
        .rule = c->rule,
        .link = c->link,
        .direction = c->direction,
        .node = receiver.node,
        .iface = receiver.iface,
    };
    return true;
}

const void *lab_api_frame(uint32_t id, uint32_t received)
{
    assert(lab);
    return (received ? frame_received(id) : lab_frame(lab, id, &frame_out)) ? &frame_out : NULL;
}

int32_t lab_api_frames(void)
{
    assert(lab);
    uint64_t position = 0;
    uint32_t count = 0;
    for (const struct captured *c; (c = capture_next(lab_capture(lab), &position)) != NULL; count++) {
        if (!lab_api_area(LAB_AREA_REPLY, (count + 1) * sizeof c->id))
            return STATUS_ENOMEM;
        memcpy(areas[LAB_AREA_REPLY].at + count * sizeof c->id, &c->id, sizeof c->id);
    }
    return (int32_t)count;
}

const void *lab_api_dissect_frame(uint32_t id, uint32_t received)
{
    if (!lab_api_frame(id, received))
        return NULL;
    const struct link_framing *framing = &lab_link(lab, frame_out.link)->framing;
    dissect_frame(&dissect_out, frame_out.bytes, framing->ethernet ? DISSECT_ETHERNET : DISSECT_RAW_IP,
                  framing->fcs);
    return &dissect_out;
}

const void *lab_api_dissect_bytes(uint32_t len_bytes, uint32_t raw_ip, uint32_t fcs)
{
    dissect_frame(&dissect_out, area_bytes(LAB_AREA_REQUEST, len_bytes),
                  raw_ip ? DISSECT_RAW_IP : DISSECT_ETHERNET, fcs != 0);
    return &dissect_out;
}

int32_t lab_api_pcapng(uint32_t view, uint32_t end)
{
    assert(lab && view <= LAB_PCAPNG_END);
    struct lab_pcapng cursor = {.view = (enum lab_pcapng_view)view, .end = end};
    size_t len = 0;
    for (;;) {
        if (!lab_api_area(LAB_AREA_BLOB, (uint32_t)len + LAB_PCAPNG_ROOM_MIN))
            return STATUS_ENOMEM;
        struct room rest = room_of(areas[LAB_AREA_BLOB].at + len, areas[LAB_AREA_BLOB].len - len);
        size_t written = lab_pcapng(lab, &cursor, rest);
        if (written == 0)
            return (int32_t)len;
        len += written;
    }
}

const void *lab_api_image(void)
{
    assert(lab);
    return lab_image(lab).at;
}

uint32_t lab_api_image_len(void)
{
    assert(lab);
    return (uint32_t)lab_image(lab).len;
}

int32_t lab_api_restore(uint32_t len_bytes)
{
    assert(lab);
    return lab_restore(lab, area_bytes(LAB_AREA_BLOB, len_bytes));
}

const void *lab_api_capture_ring(void)
{
    return lab_capture(lab)->ring;
}

uint32_t lab_api_capture_capacity(void)
{
    return lab_capture(lab)->capacity;
}

double lab_api_capture_end(void)
{
    return (double)lab_capture(lab)->end;
}

enum { COMPARE_HEAD = 4 + COMPARE_KIND_COUNT, COMPARE_ROW = 7 };

/* Where a comparison lies in the reply area: what is made into doubles first, then the doubles. */
struct compare_places {
    size_t list, scratch, doubles, end;
};

static struct compare_places compare_layout(size_t scratch_bytes, uint32_t list_max)
{
    struct compare_places at = {0};
    at.scratch = at.list + list_max * sizeof(struct compare_segment);
    at.doubles = at.scratch + (scratch_bytes + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    at.end = at.doubles + (COMPARE_HEAD + (size_t)COMPARE_ROW * list_max) * sizeof(double);
    return at;
}

static void compare_write(double *to, const struct compare_result *r, const struct compare_segment *list)
{
    const double head[] = {r->event, r->first_known, (double)r->t_us, r->same};
    for (unsigned i = 0; i < 4; i++)
        *to++ = head[i];
    for (unsigned kind = 0; kind < COMPARE_KIND_COUNT; kind++)
        *to++ = r->count[kind];
    for (const struct compare_segment *s = list; s < list + r->listed; s++) {
        const double row[COMPARE_ROW] = {s->kind,    s->link,         s->direction,   s->frame_a,
                                         s->frame_b, (double)s->a_us, (double)s->b_us};
        for (unsigned i = 0; i < COMPARE_ROW; i++)
            *to++ = row[i];
    }
}

int32_t lab_api_compare(uint32_t len_bytes, uint32_t list_max)
{
    assert(lab && list_max <= 1 << 20);
    static struct compare_run a, b;
    struct compare_result result;
    int status = compare_run_of_image(&a, lab, area_bytes(LAB_AREA_BLOB, len_bytes));
    if (status < 0)
        return status;
    compare_run_of(&b, lab);
    const size_t scratch_bytes = compare_scratch_bytes(&a, &b);
    const struct compare_places at = compare_layout(scratch_bytes, list_max);
    uint8_t *reply = lab_api_area(LAB_AREA_REPLY, (uint32_t)at.end);
    if (!reply)
        return STATUS_ENOMEM;
    struct compare_segment *list = (struct compare_segment *)(void *)(reply + at.list);
    status = compare_runs(&result, list, list_max, &a, &b, room_of(reply + at.scratch, scratch_bytes));
    if (status < 0)
        return status;
    compare_write((double *)(void *)(reply + at.doubles), &result, list);
    memmove(reply, reply + at.doubles, at.end - at.doubles);
    return (int32_t)result.listed;
}

uint32_t lab_api_hash(const void *at, uint32_t len_bytes)
{
    static const struct hash_key key = {0x7463706c61623031ull, 0x68617368696d6167ull};
    hash_out = hash_bytes(&key, bytes_of(at, len_bytes));
    return (uint32_t)hash_out;
}

uint32_t lab_api_hash_upper(void)
{
    return (uint32_t)(hash_out >> 32);
}

uint32_t lab_api_layout(void)
{
    if (!lab_api_area(LAB_AREA_REPLY, LAYOUT_BYTES))
        return 0;
    int64_t len = layout_write(areas[LAB_AREA_REPLY]);
    assert(len > 0);
    return (uint32_t)len;
}
