/*
 * Packing and unpacking of url.h's form. Matches are found by a table of where each three bytes were last, and
 * from there back along a chain; the longest of a few dozen is taken, unless the next byte begins a longer
 * one.
 */
#include "lab/url.h"

#include "base/checksum.h"
#include "base/status.h"
#include "lab/url_dictionary.h"

enum {
    MATCH_MIN = 3,
    MATCH_MAX = 1 << 12,
    WINDOW = 1 << 15,
    HASH_COUNT = 1 << 13,
    CHAIN_MAX = 48,
    CHAR_BITS = 6,
    GAMMA_BITS_MAX = 24,
};

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* How many bits it takes to write every number up to `n`. */
static unsigned bits_of(size_t n)
{
    unsigned bits = 0;
    while (n >> bits)
        bits++;
    return bits;
}

/* How far back a copy at `position` (of dictionary and text) can reach, in bits. */
static unsigned distance_bits(size_t position)
{
    return bits_of(position < WINDOW ? position : WINDOW - 1);
}

/* ---- Writing ---- */

struct bit_writer {
    char *out;
    size_t len;
    uint32_t bits; /* fewer than six, not yet written */
    unsigned count;
};

static void put_bits(struct bit_writer *w, uint32_t value, unsigned count)
{
    while (count > 0) {
        count--;
        w->bits = w->bits << 1 | (value >> count & 1);
        if (++w->count == CHAR_BITS) {
            w->out[w->len++] = alphabet[w->bits];
            w->bits = w->count = 0;
        }
    }
}

static void put_number(struct bit_writer *w, uint32_t n)
{
    assert(n > 0);
    unsigned bits = bits_of(n);
    put_bits(w, 0, bits - 1);
    put_bits(w, n, bits);
}

static void put_literal(struct bit_writer *w, uint8_t byte)
{
    if (byte > 0 && byte < 128) {
        put_bits(w, byte, 8);
        return;
    }
    put_bits(w, 0, 8);
    put_bits(w, byte, 8);
}

/* ---- Finding copies ---- */

struct packer {
    struct bytes text;
    uint32_t *head; /* HASH_COUNT: 1 + the last position of three bytes with that hash; 0: none */
    uint16_t *back; /* WINDOW: how far before a position the one before it in its chain is; 0: none */
};

_Static_assert(HASH_COUNT * sizeof(uint32_t) + WINDOW * sizeof(uint16_t) <= URL_SCRATCH_BYTES, "it fits");

/* A byte of the dictionary and the text behind it. */
static uint8_t byte_at(const struct packer *p, size_t position)
{
    return position < URL_DICTIONARY_BYTES ? (uint8_t)url_dictionary[position]
                                           : p->text.at[position - URL_DICTIONARY_BYTES];
}

static size_t end_of(const struct packer *p)
{
    return URL_DICTIONARY_BYTES + p->text.len;
}

static uint32_t hash_at(const struct packer *p, size_t position)
{
    uint32_t three = (uint32_t)byte_at(p, position) << 16 | (uint32_t)byte_at(p, position + 1) << 8 |
                     byte_at(p, position + 2);
    return (three * 2654435761u) >> 19 & (HASH_COUNT - 1);
}

/* Notes that these three bytes are here. */
static void note(struct packer *p, size_t position)
{
    if (position + MATCH_MIN > end_of(p))
        return;
    uint32_t *head = &p->head[hash_at(p, position)];
    size_t back = *head ? position - (*head - 1) : 0;
    p->back[position % WINDOW] = back < WINDOW ? (uint16_t)back : 0;
    *head = (uint32_t)position + 1;
}

struct match {
    size_t len, distance;
};

static struct match find_match(const struct packer *p, size_t position)
{
    struct match best = {0, 0};
    size_t left = end_of(p) - position;
    size_t max = left < MATCH_MAX ? left : MATCH_MAX;
    if (max < MATCH_MIN)
        return best;
    size_t candidate = p->head[hash_at(p, position)];
    for (unsigned tries = 0; candidate > 0 && tries < CHAIN_MAX; tries++) {
        size_t at = candidate - 1, len = 0;
        if (position - at >= WINDOW)
            break;
        while (len < max && byte_at(p, at + len) == byte_at(p, position + len))
            len++;
        if (len >= MATCH_MIN && len > best.len)
            best = (struct match){len, position - at};
        size_t back = p->back[at % WINDOW];
        candidate = back > 0 && back <= at ? at - back + 1 : 0;
    }
    return best;
}

static void pack(struct packer *p, struct bit_writer *w)
{
    size_t position = URL_DICTIONARY_BYTES;
    for (size_t i = 0; i < URL_DICTIONARY_BYTES; i++)
        note(p, i);
    while (position < end_of(p)) {
        struct match m = find_match(p, position);
        note(p, position);
        if (m.len >= MATCH_MIN && m.len < MATCH_MAX && position + 1 < end_of(p) &&
            find_match(p, position + 1).len > m.len)
            m.len = 0; /* a byte alone, and then the longer one */
        if (m.len < MATCH_MIN) {
            put_literal(w, byte_at(p, position++));
            continue;
        }
        put_bits(w, 1, 1);
        put_number(w, (uint32_t)m.len - (MATCH_MIN - 1));
        put_bits(w, (uint32_t)m.distance, distance_bits(position));
        for (size_t i = 1; i < m.len; i++)
            note(p, position + i);
        position += m.len;
    }
}

size_t url_room(size_t text_bytes)
{
    enum { BITS_PER_BYTE_MAX = 16, HEAD_MAX = 32 };
    return sizeof URL_PREFIX + HEAD_MAX + (text_bytes * BITS_PER_BYTE_MAX + CHAR_BITS - 1) / CHAR_BITS;
}

int64_t url_pack(struct room url, struct bytes text, struct room scratch)
{
    if (text.len > URL_TEXT_MAX)
        return STATUS_EMSGSIZE;
    if (url.len < url_room(text.len) || scratch.len < URL_SCRATCH_BYTES)
        return STATUS_ENOBUFS;
    assert((uintptr_t)scratch.at % _Alignof(uint32_t) == 0);
    memset(scratch.at, 0, URL_SCRATCH_BYTES);
    struct packer p = {.text = text,
                       .head = (uint32_t *)(void *)scratch.at,
                       .back = (uint16_t *)(void *)(scratch.at + HASH_COUNT * sizeof(uint32_t))};
    struct bit_writer w = {.out = (char *)url.at, .len = sizeof URL_PREFIX - 1};
    memcpy(url.at, URL_PREFIX, sizeof URL_PREFIX - 1);
    put_bits(&w, crc32_of(text.at, text.len), 32);
    put_number(&w, (uint32_t)text.len + 1);
    pack(&p, &w);
    if (w.count > 0)
        put_bits(&w, 0, CHAR_BITS - w.count);
    assert(w.len < url.len);
    w.out[w.len] = 0;
    return (int64_t)w.len;
}

/* ---- Reading ---- */

struct bit_reader {
    struct bytes in;
    size_t at; /* the next character */
    uint32_t bits;
    unsigned count;
    bool bad; /* a character that is none, or no more of them */
};

static int value_of(uint8_t c)
{
    const char *found = c ? memchr(alphabet, c, sizeof alphabet - 1) : NULL;
    return found ? (int)(found - alphabet) : -1;
}

static uint32_t get_bits(struct bit_reader *r, unsigned count)
{
    uint32_t value = 0;
    for (; count > 0 && !r->bad; count--) {
        if (r->count == 0) {
            int v = r->at < r->in.len ? value_of(r->in.at[r->at++]) : -1;
            r->bad = v < 0;
            r->bits = (uint32_t)v;
            r->count = CHAR_BITS;
        }
        value = value << 1 | (r->bits >> --r->count & 1);
    }
    return value;
}

/* 0: it is none. */
static uint32_t get_number(struct bit_reader *r)
{
    unsigned zeros = 0;
    while (!r->bad && zeros <= GAMMA_BITS_MAX && get_bits(r, 1) == 0)
        zeros++;
    if (r->bad || zeros > GAMMA_BITS_MAX)
        return 0;
    return 1u << zeros | get_bits(r, zeros);
}

/* One token; false: there is none like it. */
static bool get_token(struct bit_reader *r, uint8_t *text, size_t *len, size_t end)
{
    if (get_bits(r, 1) == 0) {
        uint32_t byte = get_bits(r, 7);
        text[(*len)++] = (uint8_t)(byte ? byte : get_bits(r, 8));
        return !r->bad;
    }
    size_t position = URL_DICTIONARY_BYTES + *len;
    size_t count = (size_t)get_number(r) + (MATCH_MIN - 1);
    size_t distance = get_bits(r, distance_bits(position));
    if (r->bad || count < MATCH_MIN || count > end - *len || distance == 0 || distance > position)
        return false;
    for (; count > 0; count--, position++) {
        size_t from = position - distance;
        text[(*len)++] =
            from < URL_DICTIONARY_BYTES ? (uint8_t)url_dictionary[from] : text[from - URL_DICTIONARY_BYTES];
    }
    return true;
}

static int64_t refuse(const char **why, const char *sentence)
{
    *why = sentence;
    return STATUS_EINVAL;
}

/* Past "tcplab:1:", wherever that begins, and without blanks at the end. False: it is not there. */
static bool find_body(struct bytes *url, const char **why)
{
    enum { NAME = 7 }; /* "tcplab:" */
    size_t at = 0;
    while (at + NAME <= url->len && memcmp(url->at + at, URL_PREFIX, NAME) != 0)
        at++;
    if (at + NAME > url->len) {
        *why = "this is not the address of a run: it has no \"tcplab:\" in it";
        return false;
    }
    *url = bytes_from(*url, at);
    if (url->len < sizeof URL_PREFIX - 1 || memcmp(url->at, URL_PREFIX, sizeof URL_PREFIX - 1) != 0) {
        *why = "this address is of a version that is not known here; version 1 is";
        return false;
    }
    *url = bytes_from(*url, sizeof URL_PREFIX - 1);
    while (url->len > 0 && url->at[url->len - 1] <= ' ')
        url->len--;
    return true;
}

int64_t url_unpack(struct room text, struct bytes url, const char **why)
{
    static const char damaged[] = "this address is damaged: a part is missing, or a character is wrong";
    if (!find_body(&url, why))
        return STATUS_EINVAL;
    struct bit_reader r = {.in = url};
    uint32_t crc = get_bits(&r, 32);
    size_t end = get_number(&r), len = 0;
    if (r.bad || end == 0)
        return refuse(why, damaged);
    if (--end > URL_TEXT_MAX)
        return refuse(why, "this address holds more than a run can be");
    if (end > text.len) {
        *why = "there is not enough room for this run";
        return STATUS_ENOBUFS;
    }
    while (len < end)
        if (!get_token(&r, text.at, &len, end))
            return refuse(why, damaged);
    bool rest_is_zero = (r.bits & ((1u << r.count) - 1)) == 0 && r.at == url.len;
    if (!rest_is_zero || crc32_of(text.at, len) != crc)
        return refuse(why, damaged);
    return (int64_t)len;
}

size_t url_minify(struct room to, struct bytes json)
{
    size_t len = 0;
    bool quoted = false;
    assert(to.len >= json.len);
    for (size_t i = 0; i < json.len; i++) {
        uint8_t c = json.at[i];
        if (!quoted && (c == ' ' || c == '\n' || c == '\t' || c == '\r'))
            continue;
        to.at[len++] = c;
        if (quoted && c == '\\' && i + 1 < json.len)
            to.at[len++] = json.at[++i];
        else if (c == '"')
            quoted = !quoted;
    }
    return len;
}
