/*
 * TCP options (RFC 9293, section 3.2; RFC 7323, sections 2.2 and 3.2; RFC 2018, sections 2 and 3; RFC 7413,
 * section 4.1.1).
 *
 * Nearly every segment of a connection with timestamps has the same twelve bytes of options: NOP NOP
 * timestamps. Both ways look for that first; the general walk is for handshakes and losses.
 *
 * Left out on purpose: MD5 and AO signatures, user timeout, multipath. They are skipped as unknown.
 */
#include "wire/tcp_options.h"

#include "base/status.h"

enum {
    KIND_END = 0,
    KIND_NOP = 1,
    KIND_MSS = 2,
    KIND_WINDOW_SCALE = 3,
    KIND_SACK_PERMITTED = 4,
    KIND_SACK = 5,
    KIND_TIMESTAMPS = 8,
    KIND_FASTOPEN = 34,
    LENGTH_MSS = 4,
    LENGTH_WINDOW_SCALE = 3,
    LENGTH_SACK_PERMITTED = 2,
    LENGTH_TIMESTAMPS = 10,
    SACK_BLOCK = 8,
    FASTOPEN_COOKIE_MIN = 4,
    TIMESTAMPS_ALIGNED = 12, /* behind two NOPs */
};

/* NOP NOP SACK-permitted length. */
#define WORD_SACK_PERMITTED 0x01010402u

/* SACK-permitted in place of the NOPs (TCP_WORD_NOP_NOP_TIMESTAMPS). */
#define WORD_SACK_PERMITTED_TIMESTAMPS 0x0402080au

static void sack_read(struct tcp_options *out, struct bytes blocks)
{
    size_t count = blocks.len / SACK_BLOCK;
    if (count == 0 || count > TCP_SACK_BLOCKS_MAX || blocks.len % SACK_BLOCK != 0)
        return;
    for (size_t i = 0; i < count; i++) {
        out->sack[i].left = be32_load(blocks.at + i * SACK_BLOCK);
        out->sack[i].right = be32_load(blocks.at + i * SACK_BLOCK + 4);
    }
    out->sack_count = (uint8_t)count;
}

static void fastopen_read(struct tcp_options *out, struct bytes cookie)
{
    /* RFC 7413, section 4.1.1: a cookie has 4 to 16 bytes, an even number; none at all asks for one. */
    if (cookie.len != 0 &&
        (cookie.len < FASTOPEN_COOKIE_MIN || cookie.len > TCP_FASTOPEN_COOKIE_MAX || cookie.len % 2 != 0))
        return;
    out->has_fastopen = true;
    out->fastopen_len = (uint8_t)cookie.len;
    memcpy(out->fastopen_cookie, cookie.at, cookie.len);
}

static uint8_t scale_read(uint8_t scale)
{
    return scale > TCP_WINDOW_SCALE_MAX ? TCP_WINDOW_SCALE_MAX : scale;
}

/* One option, from its kind to its last byte. */
static void option_read(struct tcp_options *out, struct bytes option)
{
    const uint8_t *p = option.at;
    switch (p[0]) {
    case KIND_MSS:
        if (option.len == LENGTH_MSS) {
            out->has_mss = true;
            out->mss = be16_load(p + 2);
        }
        break;
    case KIND_WINDOW_SCALE:
        if (option.len == LENGTH_WINDOW_SCALE) {
            out->has_window_scale = true;
            out->window_scale = scale_read(p[2]);
        }
        break;
    case KIND_SACK_PERMITTED:
        if (option.len == LENGTH_SACK_PERMITTED)
            out->sack_permitted = true;
        break;
    case KIND_SACK:
        sack_read(out, bytes_from(option, 2));
        break;
    case KIND_TIMESTAMPS:
        if (option.len == LENGTH_TIMESTAMPS) {
            out->has_timestamps = true;
            out->ts_value = be32_load(p + 2);
            out->ts_echo = be32_load(p + 6);
        }
        break;
    case KIND_FASTOPEN:
        fastopen_read(out, bytes_from(option, 2));
        break;
    default:
        break;
    }
}

static int options_walk(struct tcp_options *out, struct bytes rest)
{
    while (rest.len > 0 && rest.at[0] != KIND_END) {
        size_t length = 1;
        if (rest.at[0] != KIND_NOP) {
            if (rest.len < 2 || rest.at[1] < 2 || rest.at[1] > rest.len)
                return STATUS_EBADMSG;
            length = rest.at[1];
            option_read(out, bytes_first(rest, length));
        }
        rest = bytes_from(rest, length);
    }
    return STATUS_OK;
}

/*
 * The words in which nearly everybody writes options, one at a time: those of running connections have no more than the
 * timestamps, those of SYNs few. Returns what is left when a word is something else.
 */
static struct bytes options_by_words(struct tcp_options *out, struct bytes rest)
{
    while (rest.len >= 4) {
        uint32_t word = be32_load(rest.at);
        bool sack_first = word == WORD_SACK_PERMITTED_TIMESTAMPS;
        if ((word == TCP_WORD_NOP_NOP_TIMESTAMPS || sack_first) && rest.len >= TIMESTAMPS_ALIGNED) {
            out->sack_permitted |= sack_first;
            out->has_timestamps = true;
            out->ts_value = be32_load(rest.at + 4);
            out->ts_echo = be32_load(rest.at + 8);
            rest = bytes_from(rest, TIMESTAMPS_ALIGNED);
            continue;
        }
        if (word >> 16 == (KIND_MSS << 8 | LENGTH_MSS)) {
            out->has_mss = true;
            out->mss = (uint16_t)word;
        } else if (word == WORD_SACK_PERMITTED) {
            out->sack_permitted = true;
        } else if (word >> 8 == (KIND_NOP << 16 | KIND_WINDOW_SCALE << 8 | LENGTH_WINDOW_SCALE)) {
            out->has_window_scale = true;
            out->window_scale = scale_read((uint8_t)word);
        } else {
            break;
        }
        rest = bytes_from(rest, 4);
    }
    return rest;
}

int tcp_options_parse(struct tcp_options *out, struct bytes options)
{
    tcp_options_clear(out);
    struct bytes rest = options_by_words(out, options);
    return rest.len > 0 ? options_walk(out, rest) : STATUS_OK;
}

/* Is there anything that only handshakes and losses have? */
static bool options_are_rare(const struct tcp_options *o)
{
    return o->has_mss | o->has_window_scale | o->sack_permitted | o->has_fastopen | (o->sack_count != 0);
}

/* Bytes that are no padding. */
static size_t options_used(const struct tcp_options *o)
{
    size_t used = 0;
    if (o->has_mss)
        used += LENGTH_MSS;
    if (o->has_timestamps)
        used += TIMESTAMPS_ALIGNED; /* SACK-permitted takes the place of its two NOPs */
    else if (o->sack_permitted)
        used += 2 + LENGTH_SACK_PERMITTED;
    if (o->has_window_scale)
        used += 1 + LENGTH_WINDOW_SCALE;
    if (o->has_fastopen)
        used += 2u + o->fastopen_len;
    if (o->sack_count > 0)
        used += 4u + (size_t)o->sack_count * SACK_BLOCK;
    return used;
}

size_t tcp_options_length(const struct tcp_options *o)
{
    if (!options_are_rare(o))
        return o->has_timestamps ? TIMESTAMPS_ALIGNED : 0;
    return (options_used(o) + 3) & ~(size_t)3;
}

static uint8_t *timestamps_write(const struct tcp_options *o, uint8_t *p, uint32_t front)
{
    be32_store(p, front);
    be32_store(p + 4, o->ts_value);
    be32_store(p + 8, o->ts_echo);
    return p + TIMESTAMPS_ALIGNED;
}

static uint8_t *sack_write(const struct tcp_options *o, uint8_t *p)
{
    assert(o->sack_count <= TCP_SACK_BLOCKS_MAX);
    p[0] = KIND_NOP;
    p[1] = KIND_NOP;
    p[2] = KIND_SACK;
    p[3] = (uint8_t)(2 + o->sack_count * SACK_BLOCK);
    p += 4;
    for (unsigned i = 0; i < o->sack_count; i++, p += SACK_BLOCK) {
        be32_store(p, o->sack[i].left);
        be32_store(p + 4, o->sack[i].right);
    }
    return p;
}

static uint8_t *fastopen_write(const struct tcp_options *o, uint8_t *p)
{
    assert(o->fastopen_len == 0 ||
           (o->fastopen_len >= FASTOPEN_COOKIE_MIN && o->fastopen_len <= TCP_FASTOPEN_COOKIE_MAX));
    p[0] = KIND_FASTOPEN;
    p[1] = (uint8_t)(2 + o->fastopen_len);
    memcpy(p + 2, o->fastopen_cookie, o->fastopen_len);
    return p + 2 + o->fastopen_len;
}

/* Writes them all, without padding; there is room. Returns the end. */
static uint8_t *options_write(const struct tcp_options *o, uint8_t *p)
{
    if (o->has_mss) {
        p[0] = KIND_MSS;
        p[1] = LENGTH_MSS;
        be16_store(p + 2, o->mss);
        p += LENGTH_MSS;
    }
    if (o->has_timestamps) {
        p = timestamps_write(
            o, p, o->sack_permitted ? WORD_SACK_PERMITTED_TIMESTAMPS : TCP_WORD_NOP_NOP_TIMESTAMPS);
    } else if (o->sack_permitted) {
        be32_store(p, WORD_SACK_PERMITTED);
        p += 4;
    }
    if (o->has_window_scale) {
        assert(o->window_scale <= TCP_WINDOW_SCALE_MAX);
        be32_store(p, (uint32_t)KIND_NOP << 24 | KIND_WINDOW_SCALE << 16 | LENGTH_WINDOW_SCALE << 8 |
                          o->window_scale);
        p += 4;
    }
    if (o->has_fastopen)
        p = fastopen_write(o, p);
    if (o->sack_count > 0)
        p = sack_write(o, p);
    return p;
}

void tcp_options_write(const struct tcp_options *o, uint8_t *to, size_t length)
{
    assert(length == tcp_options_length(o));
    uint8_t *end = options_write(o, to);
    assert(end <= to + length);
    while (end < to + length) /* at most three, else the length would be less */
        *end++ = KIND_END;
}

int tcp_options_emit(const struct tcp_options *o, struct room to)
{
    size_t length = tcp_options_length(o);
    if (length > to.len || length > TCP_OPTIONS_MAX)
        return STATUS_ENOBUFS;
    tcp_options_write(o, to.at, length);
    return (int)length;
}
