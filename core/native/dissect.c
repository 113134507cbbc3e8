/*
 * `tcplab dissect`: frames out of a capture file, or out of hexadecimal text, field by field.
 *
 * Captures are read as far as it takes to find their frames: pcap (both byte orders, both resolutions) and pcapng's
 * section, interface, enhanced and simple packet blocks. Bytes are never trusted: a length that cannot be ends it.
 */
#include "native/native.h"

#include <ctype.h>
#include <stdlib.h>

#include "wire/dissect.h"

enum {
    PCAP_HEAD = 24,
    PCAP_RECORD = 16,
    NG_SECTION = 0x0a0d0d0a,
    NG_ORDER = 0x1a2b3c4d,
    NG_INTERFACE = 1,
    NG_SIMPLE = 3,
    NG_ENHANCED = 6,
    NG_INTERFACES_MAX = 256,
    NG_OPTION_FCSLEN = 13,
    LINKTYPE_ETHERNET = 1,
    LINKTYPE_RAW = 101,
    LINKTYPE_IPV4 = 228,
};

struct dissection {
    const char *name;
    uint32_t only; /* 0: all */
    uint32_t count;
    bool swapped; /* the file has the other byte order */
    unsigned interfaces;
    uint16_t link_type[NG_INTERFACES_MAX];
    bool fcs[NG_INTERFACES_MAX];
};

static void print_frame(struct dissection *d, struct bytes frame, unsigned link_type, bool fcs)
{
    static struct dissect out;
    d->count++;
    if (d->only && d->count != d->only)
        return;
    printf("%sframe %u: %zu bytes\n", d->count > 1 && !d->only ? "\n" : "", d->count, frame.len);
    if (link_type != LINKTYPE_ETHERNET && link_type != LINKTYPE_RAW && link_type != LINKTYPE_IPV4) {
        printf("  link type %u is not known here\n", link_type);
        return;
    }
    dissect_frame(&out, frame, link_type == LINKTYPE_ETHERNET ? DISSECT_ETHERNET : DISSECT_RAW_IP, fcs);
    for (uint32_t i = 0; i < out.count; i++) {
        const struct dissect_field *f = &out.field[i];
        char place[24];
        snprintf(place, sizeof place, "%u+%u", f->offset, f->len);
        printf("  %-9s %s%-*s %s%s\n", place, f->is_header ? "" : "  ", f->is_header ? 26 : 24,
               f->is_header ? f->protocol : f->name, f->text, f->is_bad ? "  (bad)" : "");
    }
}

static uint32_t u32(const struct dissection *d, const uint8_t *at)
{
    uint32_t v;
    memcpy(&v, at, sizeof v);
    return d->swapped ? __builtin_bswap32(v) : v;
}

static uint16_t u16(const struct dissection *d, const uint8_t *at)
{
    uint16_t v;
    memcpy(&v, at, sizeof v);
    return d->swapped ? __builtin_bswap16(v) : v;
}

static bool cut_off(const struct dissection *d, size_t at)
{
    char why[80];
    snprintf(why, sizeof why, "it is cut off or damaged at byte %zu", at);
    return native_fail(d->name, why);
}

static bool read_pcap(struct dissection *d, struct bytes file)
{
    enum { FCS_PRESENT = 1 << 26 };
    if (file.len < PCAP_HEAD)
        return cut_off(d, file.len);
    uint32_t network = u32(d, file.at + 20);
    for (size_t at = PCAP_HEAD; at < file.len;) {
        if (file.len - at < PCAP_RECORD)
            return cut_off(d, at);
        uint32_t len = u32(d, file.at + at + 8);
        at += PCAP_RECORD;
        if (len > file.len - at)
            return cut_off(d, at);
        print_frame(d, bytes_of(file.at + at, len), network & UINT16_MAX, network & FCS_PRESENT);
        at += len;
    }
    return true;
}

/* An interface block: link type, and whether its frames end in an FCS. */
static void read_interface(struct dissection *d, struct bytes body)
{
    if (body.len < 8 || d->interfaces == NG_INTERFACES_MAX)
        return;
    unsigned number = d->interfaces++;
    d->link_type[number] = u16(d, body.at);
    d->fcs[number] = false;
    for (size_t at = 8; at + 4 <= body.len;) {
        uint16_t code = u16(d, body.at + at), len = u16(d, body.at + at + 2);
        if (code == 0 || (size_t)len > body.len - at - 4)
            return;
        if (code == NG_OPTION_FCSLEN && len == 1)
            d->fcs[number] = body.at[at + 4] == 4;
        at += 4 + (len + 3u) / 4 * 4;
        if (at > body.len)
            return;
    }
}

static bool read_packet(struct dissection *d, uint32_t type, struct bytes body)
{
    size_t head = type == NG_ENHANCED ? 20 : 4;
    if (body.len < head)
        return false;
    uint32_t number = type == NG_ENHANCED ? u32(d, body.at) : 0;
    uint32_t len = type == NG_ENHANCED ? u32(d, body.at + 12) : (uint32_t)(body.len - 4);
    if (type == NG_SIMPLE && u32(d, body.at) < len)
        len = u32(d, body.at);
    if (number >= d->interfaces || len > body.len - head)
        return false;
    print_frame(d, bytes_of(body.at + head, len), d->link_type[number], d->fcs[number]);
    return true;
}

static bool read_pcapng(struct dissection *d, struct bytes file)
{
    for (size_t at = 0; at < file.len;) {
        if (file.len - at < 12)
            return cut_off(d, at);
        uint32_t type = u32(d, file.at + at);
        if (type == NG_SECTION) {
            uint32_t order;
            memcpy(&order, file.at + at + 8, sizeof order);
            d->swapped = order != NG_ORDER;
            d->interfaces = 0;
        }
        uint32_t len = u32(d, file.at + at + 4);
        if (len < 12 || len % 4 || len > file.len - at)
            return cut_off(d, at);
        struct bytes body = bytes_of(file.at + at + 8, len - 12);
        if (type == NG_INTERFACE)
            read_interface(d, body);
        if ((type == NG_ENHANCED || type == NG_SIMPLE) && !read_packet(d, type, body))
            return cut_off(d, at);
        at += len;
    }
    return true;
}

/* Hexadecimal digits with anything blank, ':' or '-' between bytes; "0x" in front of one is passed over. */
static bool read_hex(struct dissection *d, struct room file, const struct native_args *a)
{
    size_t len = 0, digits = 0;
    unsigned value = 0;
    for (size_t i = 0; i < file.len; i++) {
        int c = file.at[i];
        if (c == '0' && i + 1 < file.len && (file.at[i + 1] == 'x' || file.at[i + 1] == 'X') && digits == 0) {
            i++;
            continue;
        }
        if (isspace(c) || c == ':' || c == '-' || c == ',') {
            if (digits == 1)
                return native_fail(d->name, "half a byte stands alone in it");
            continue;
        }
        if (!isxdigit(c))
            return native_fail(d->name, "it is no capture and no hexadecimal text");
        value = value << 4 | (unsigned)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
        if (++digits == 2) {
            file.at[len++] = (uint8_t)value;
            digits = value = 0;
        }
    }
    if (digits == 1 || len == 0)
        return native_fail(d->name, len == 0 ? "there are no bytes in it" : "half a byte stands alone in it");
    print_frame(d, bytes_of(file.at, len), native_given(a, "--raw-ip") ? LINKTYPE_RAW : LINKTYPE_ETHERNET,
                native_given(a, "--fcs"));
    return true;
}

static bool read_any(struct dissection *d, struct room file, const struct native_args *a)
{
    static const uint32_t magics[] = {0xa1b2c3d4, 0xa1b23c4d};
    struct bytes all = bytes_of(file.at, file.len);
    uint32_t first = 0;
    if (file.len >= sizeof first)
        memcpy(&first, file.at, sizeof first);
    if (first == NG_SECTION)
        return read_pcapng(d, all);
    for (unsigned i = 0; i < 2; i++) {
        d->swapped = __builtin_bswap32(first) == magics[i];
        if (first == magics[i] || d->swapped)
            return read_pcap(d, all);
    }
    return read_hex(d, file, a);
}

int dissect_command(const struct native_args *a)
{
    static struct dissection d;
    double only = 0;
    if (a->operands != 1) {
        native_fail("dissect", "expected a capture, or hexadecimal text");
        return EXIT_INPUT;
    }
    if (!native_number(a, "--frame", UINT32_MAX, &only))
        return EXIT_INPUT;
    d = (struct dissection){.name = a->operand[0], .only = (uint32_t)only};
    struct room file = file_read(a->operand[0]);
    if (!file.at)
        return EXIT_SYSTEM;
    bool good = read_any(&d, file, a);
    if (good && d.only > d.count)
        good = native_fail("--frame", "there are not so many frames");
    free(file.at);
    return good ? EXIT_GOOD : EXIT_INPUT;
}
