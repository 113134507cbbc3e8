/*
 * The capture as a pcapng file (IETF draft-ietf-opsawg-pcapng): a section header, one interface description
 * for each end of each link, and one enhanced packet block for each frame, with a comment that says what our
 * trace knows: the event, its causes, and the rule that asked for the frame (pcapng_comment.c). Little-endian, times in
 * microseconds from the beginning of the run.
 *
 * Left out on purpose: name resolution and statistics blocks.
 */
#include "lab/lab_state.h"

#include <stdio.h>

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 6,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    LINKTYPE_ETHERNET = 1,
    LINKTYPE_RAW = 101,
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_IF_NAME = 2,
    OPTION_IF_TSRESOL = 9,
    OPTION_IF_FCSLEN = 13,
    OPTION_SHB_USERAPPL = 4,
    OPTION_EPB_FLAGS = 2,
    FLAG_INBOUND = 1,
    FLAG_OUTBOUND = 2,
    FLAG_FCS_SHIFT = 5, /* four bits: its length in bytes */
    FCS_BYTES = 4,
    COMMENT_MAX = 800,
    BLOCK_OVERHEAD = 32 + COMMENT_MAX + 32, /* of a packet block, besides the packet */
    INTERFACE_BLOCK_MAX = 128,
    FRAME_MAX = UINT16_MAX + 18,
};

_Static_assert(LAB_PCAPNG_ROOM_MIN >= 2 * LAB_LINKS_MAX * INTERFACE_BLOCK_MAX + 128,
               "the first piece holds all interfaces");
_Static_assert(LAB_PCAPNG_ROOM_MIN >= FRAME_MAX + BLOCK_OVERHEAD, "any frame fits");

/* Where the next bytes go. The callers have made sure that there is room. */
struct writer {
    struct room out;
    size_t len;
    size_t block_at; /* where the current block began */
};

static void write_bytes(struct writer *w, const void *at, size_t len)
{
    size_t padded = (len + 3) / 4 * 4;
    assert(padded <= w->out.len - w->len);
    if (len > 0)
        memcpy(w->out.at + w->len, at, len);
    memset(w->out.at + w->len + len, 0, padded - len);
    w->len += padded;
}

static void write_u32(struct writer *w, uint32_t v)
{
    const uint8_t le[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};
    write_bytes(w, le, sizeof le);
}

static void write_u16_pair(struct writer *w, unsigned a, unsigned b)
{
    write_u32(w, (uint32_t)(a | b << 16));
}

static void write_option(struct writer *w, unsigned code, const void *at, size_t len)
{
    write_u16_pair(w, code, (unsigned)len);
    write_bytes(w, at, len);
}

static void block_begin(struct writer *w, uint32_t type)
{
    w->block_at = w->len;
    write_u32(w, type);
    write_u32(w, 0); /* its length, known at the end */
}

static void block_end(struct writer *w)
{
    uint32_t len = (uint32_t)(w->len - w->block_at) + 4;
    size_t end = w->len;
    w->len = w->block_at + 4;
    write_u32(w, len);
    w->len = end;
    write_u32(w, len);
}

static void write_section(struct writer *w)
{
    static const char application[] = "TCP Lab";
    block_begin(w, BLOCK_SECTION);
    write_u32(w, BYTE_ORDER_MAGIC);
    write_u16_pair(w, 1, 0); /* version 1.0 */
    write_u32(w, UINT32_MAX);
    write_u32(w, UINT32_MAX); /* length of the section: not told */
    write_option(w, OPTION_SHB_USERAPPL, application, sizeof application - 1);
    write_option(w, OPTION_END, NULL, 0);
    block_end(w);
}

static void write_interface(struct writer *w, struct lab *l, unsigned number)
{
    const struct link *link = l->link[number / 2];
    struct link_end end = link->end[number % 2];
    char name[HOST_NAME_MAX_BYTES + 16];
    int len = snprintf(name, sizeof name, "%s:%u", host_name(l->host[end.node]), end.iface);
    const uint8_t microseconds = 6;
    const uint8_t fcs_bytes = FCS_BYTES;
    block_begin(w, BLOCK_INTERFACE);
    write_u16_pair(w, link->framing.ethernet ? LINKTYPE_ETHERNET : LINKTYPE_RAW, 0);
    write_u32(w, 0); /* no limit on what is kept of a frame */
    write_option(w, OPTION_IF_NAME, name, (size_t)len);
    write_option(w, OPTION_IF_TSRESOL, &microseconds, 1);
    if (link->framing.ethernet && link->framing.fcs)
        write_option(w, OPTION_IF_FCSLEN, &fcs_bytes, 1);
    write_option(w, OPTION_END, NULL, 0);
    block_end(w);
}

static void write_packet(struct writer *w, const struct lab *l, const struct captured *c)
{
    const struct link_framing *framing = &l->link[c->link]->framing;
    bool outbound = c->point == CAPTURE_SENT;
    unsigned fcs_bytes = framing->ethernet && framing->fcs ? FCS_BYTES : 0;
    char comment[COMMENT_MAX];
    size_t comment_len = lab_pcapng_comment(l, c, comment, sizeof comment);
    const uint8_t flags[4] = {
        (uint8_t)((outbound ? FLAG_OUTBOUND : FLAG_INBOUND) | fcs_bytes << FLAG_FCS_SHIFT), 0, 0, 0};
    block_begin(w, BLOCK_PACKET);
    write_u32(w, 2u * c->link + (outbound ? c->direction : 1u - c->direction));
    write_u32(w, (uint32_t)((uint64_t)c->t_us >> 32));
    write_u32(w, (uint32_t)c->t_us);
    write_u32(w, c->len);
    write_u32(w, c->len);
    write_bytes(w, c->bytes, c->len);
    write_option(w, OPTION_COMMENT, comment, comment_len);
    write_option(w, OPTION_EPB_FLAGS, flags, sizeof flags);
    write_option(w, OPTION_END, NULL, 0);
    block_end(w);
}

static bool view_shows(const struct lab_pcapng *cursor, const struct captured *c)
{
    if (c->point == CAPTURE_REFUSED)
        return false;
    unsigned end = 2u * c->link + (c->point == CAPTURE_SENT ? c->direction : 1u - c->direction);
    switch (cursor->view) {
    case LAB_PCAPNG_SENT:
        return c->point == CAPTURE_SENT;
    case LAB_PCAPNG_END:
        return end == cursor->end;
    default:
        return true;
    }
}

size_t lab_pcapng(struct lab *l, struct lab_pcapng *cursor, struct room out)
{
    assert(out.len >= LAB_PCAPNG_ROOM_MIN);
    struct writer w = {.out = out};
    if (!cursor->begun) {
        write_section(&w);
        for (unsigned i = 0; i < 2 * l->link_count; i++)
            write_interface(&w, l, i);
        cursor->begun = true;
    }
    uint64_t position = cursor->position;
    for (const struct captured *c; (c = capture_next(l->capture, &position)); cursor->position = position) {
        if (!view_shows(cursor, c))
            continue;
        if (out.len - w.len < c->len + BLOCK_OVERHEAD)
            break;
        write_packet(&w, l, c);
    }
    return w.len;
}
