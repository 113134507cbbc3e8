/*
 * The dissector: how fields are added, and the link layer, Ethernet (IEEE 802.3) and ARP (RFC 826). The
 * internet layer is in dissect_ip.c, the transport layer in dissect_tcp.c.
 *
 * It is apart from the parsers on purpose: they refuse what is wrong as early as they can, while people want
 * to see what is in a wrong frame, byte by byte. Tests hold the two against each other.
 */
#include "wire/dissect.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/checksum.h"
#include "wire/arp.h"
#include "wire/dissect_internal.h"
#include "wire/ethernet.h"

void dissect_enter(struct dissector *d, const char *protocol, enum dissect_layer layer)
{
    d->protocol = protocol;
    d->layer = layer;
}

struct dissect_field *dissect_range(struct dissector *d, const char *name, size_t at, size_t len)
{
    assert(at <= d->frame.len && len <= d->frame.len - at);
    struct dissect *out = d->out;
    if (out->count == DISSECT_FIELDS_MAX) { /* no frame that we know needs so many; the last one gives way */
        out->malformed = true;
        out->count--;
    }
    struct dissect_field *f = &out->field[out->count++];
    *f = (struct dissect_field){
        .protocol = d->protocol,
        .name = name,
        .offset = (uint16_t)at,
        .len = (uint16_t)len,
        .layer = (uint8_t)d->layer,
        .is_quoted = d->quoted,
    };
    return f;
}

struct dissect_field *dissect_header(struct dissector *d, size_t at, size_t len)
{
    struct dissect_field *f = dissect_range(d, "header", at, len);
    f->is_header = true;
    return f;
}

struct dissect_field *dissect_number(struct dissector *d, const char *name, size_t at, size_t len)
{
    assert(len <= sizeof(uint64_t));
    struct dissect_field *f = dissect_range(d, name, at, len);
    for (size_t i = 0; i < len; i++)
        f->value = f->value << 8 | *dissect_at(d, at + i);
    dissect_say_number(f, NULL);
    return f;
}

struct dissect_field *dissect_bits(struct dissector *d, const char *name, size_t at, unsigned bit_offset,
                                   unsigned bit_count)
{
    unsigned end = bit_offset + bit_count;
    assert(bit_count > 0 && end <= 32);
    size_t len = (end + 7) / 8;
    struct dissect_field *f = dissect_number(d, name, at, len);
    f->bit_offset = (uint8_t)bit_offset;
    f->bit_count = (uint8_t)bit_count;
    f->value = f->value >> (len * 8 - end) & ((UINT64_C(1) << bit_count) - 1);
    dissect_say_number(f, NULL);
    return f;
}

void dissect_say(struct dissect_field *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(f->text, sizeof f->text, format, args);
    va_end(args);
}

void dissect_say_number(struct dissect_field *f, const char *phrase)
{
    unsigned long long value = f->value;
    if (phrase)
        dissect_say(f, "%llu (%s)", value, phrase);
    else
        dissect_say(f, "%llu", value);
}

void dissect_malformed(struct dissector *d, size_t at, size_t end, const char *why)
{
    struct dissect_field *f = dissect_range(d, "malformed", at, end - at);
    f->is_bad = true;
    d->out->malformed = true;
    dissect_say(f, "%s", why);
}

/* One byte of data as people read it. Returns the characters written, at most 2. */
static size_t printable(uint8_t byte, char *to)
{
    static const struct {
        uint8_t byte;
        char letter;
    } ESCAPES[] = {{'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}, {'\\', '\\'}};
    for (size_t i = 0; i < sizeof ESCAPES / sizeof ESCAPES[0]; i++) {
        if (byte == ESCAPES[i].byte) {
            to[0] = '\\';
            to[1] = ESCAPES[i].letter;
            return 2;
        }
    }
    to[0] = byte >= 0x20 && byte < 0x7f ? (char)byte : '.';
    return 1;
}

void dissect_data(struct dissector *d, const char *name, size_t at, size_t end)
{
    if (at == end)
        return;
    struct dissect_field *f = dissect_range(d, name, at, end - at);
    size_t used = 0;
    for (; at < end && used + sizeof " ..." < sizeof f->text - 1; at++)
        used += printable(*dissect_at(d, at), f->text + used);
    memcpy(f->text + used, at < end ? " ..." : "", at < end ? sizeof " ..." : 1);
}

uint16_t dissect_checksum_computed(const struct dissector *d, size_t at, size_t end, size_t offset,
                                   uint32_t pseudo)
{
    assert(offset % 2 == 0 && at + offset + 2 <= end);
    size_t after = at + offset + 2;
    uint32_t sum = checksum_add(pseudo, checksum_of(dissect_at(d, at), offset));
    return checksum_finish(checksum_add(sum, checksum_of(dissect_at(d, after), end - after)));
}

void dissect_checksum(struct dissector *d, size_t at, uint16_t computed, bool good)
{
    struct dissect_field *f = dissect_number(d, "checksum", at, 2);
    f->is_bad = !good;
    if (good)
        dissect_say(f, "0x%04x (good)", (unsigned)f->value);
    else
        dissect_say(f, "0x%04x (bad, should be 0x%04x)", (unsigned)f->value, computed);
}

/* The options' end marker, or as many NOPs as stand together. Returns its length. */
static size_t options_filler(struct dissector *d, size_t at, size_t end)
{
    size_t len = 1;
    if (*dissect_at(d, at) == 0) {
        len = end - at; /* behind the marker nothing counts */
        dissect_say(dissect_range(d, "option_end", at, len), "end of options");
        return len;
    }
    while (at + len < end && *dissect_at(d, at + len) == 1)
        len++;
    dissect_say(dissect_range(d, "option_nop", at, len), "no operation x %u", (unsigned)len);
    return len;
}

void dissect_options(struct dissector *d, size_t at, size_t end,
                     void (*one)(struct dissector *d, size_t at, size_t len))
{
    while (at < end) {
        size_t len;
        if (*dissect_at(d, at) <= 1) {
            len = options_filler(d, at, end);
        } else {
            len = end - at >= 2 ? *dissect_at(d, at + 1) : 0;
            if (len < 2 || len > end - at) {
                dissect_malformed(d, at, end, "an option's length is impossible");
                return;
            }
            one(d, at, len);
        }
        at += len;
    }
}

static struct dissect_field *mac_field(struct dissector *d, const char *name, size_t at)
{
    struct mac_addr mac;
    memcpy(mac.octet, dissect_at(d, at), sizeof mac.octet);
    struct dissect_field *f = dissect_number(d, name, at, sizeof mac.octet);
    mac_addr_format(mac, f->text);
    return f;
}

static struct dissect_field *ipv4_field(struct dissector *d, const char *name, size_t at)
{
    struct dissect_field *f = dissect_number(d, name, at, 4);
    ip_addr_format(ip_addr_v4((uint32_t)f->value), f->text);
    return f;
}

/* "who has 10.0.0.2? tell 10.0.0.1" */
static void arp_say(struct dissect_field *header, const struct arp_repr *arp)
{
    char sender[IP_ADDR_TEXT_MAX];
    char target[IP_ADDR_TEXT_MAX];
    char mac[MAC_ADDR_TEXT_MAX];
    ip_addr_format(arp->sender_ip, sender);
    ip_addr_format(arp->target_ip, target);
    mac_addr_format(arp->sender_mac, mac);
    if (arp->operation == ARP_REQUEST)
        dissect_say(header, "who has %s? tell %s", target, sender);
    else
        dissect_say(header, "%s is at %s", sender, mac);
}

static const char *arp_operation_phrase(uint64_t operation)
{
    return operation == ARP_REQUEST ? "request" : operation == ARP_REPLY ? "reply" : NULL;
}

static size_t dissect_arp(struct dissector *d, size_t at, size_t end)
{
    dissect_enter(d, "arp", DISSECT_LINK);
    if (end - at < ARP_LENGTH) {
        dissect_malformed(d, at, end, "too short for an ARP packet");
        return end;
    }
    struct dissect_field *header = dissect_header(d, at, ARP_LENGTH);
    struct arp_repr arp;
    bool known = arp_parse(&arp, bytes_of(dissect_at(d, at), ARP_LENGTH)) >= 0;
    dissect_number(d, "hardware_type", at, 2);
    struct dissect_field *protocol = dissect_number(d, "protocol_type", at + 2, 2);
    dissect_say(protocol, "0x%04x", (unsigned)protocol->value);
    dissect_number(d, "hardware_length", at + 4, 1);
    dissect_number(d, "protocol_length", at + 5, 1);
    struct dissect_field *operation = dissect_number(d, "operation", at + 6, 2);
    dissect_say_number(operation, arp_operation_phrase(operation->value));
    if (!known) {
        dissect_malformed(d, at + 8, at + ARP_LENGTH, "not an ARP request or reply for IPv4 over Ethernet");
        return at + ARP_LENGTH;
    }
    arp_say(header, &arp);
    mac_field(d, "sender_mac", at + 8);
    ipv4_field(d, "sender_ip", at + 14);
    mac_field(d, "target_mac", at + 18);
    ipv4_field(d, "target_ip", at + 24);
    return at + ARP_LENGTH;
}

static void ethernet_type_say(struct dissect_field *f)
{
    const char *phrase = f->value == ETHERNET_TYPE_IPV4   ? " (IPv4)"
                         : f->value == ETHERNET_TYPE_ARP  ? " (ARP)"
                         : f->value == ETHERNET_TYPE_IPV6 ? " (IPv6)"
                                                          : "";
    dissect_say(f, "0x%04x%s", (unsigned)f->value, phrase);
}

static void ethernet_fcs(struct dissector *d, size_t at)
{
    struct dissect_field *f = dissect_range(d, "fcs", at, ETHERNET_FCS);
    uint32_t found = ethernet_fcs_load(dissect_at(d, at));
    uint32_t computed = crc32_of(d->frame.at, at);
    f->value = found;
    f->is_bad = found != computed;
    if (f->is_bad)
        dissect_say(f, "0x%08x (bad, should be 0x%08x)", (unsigned)found, (unsigned)computed);
    else
        dissect_say(f, "0x%08x (good)", (unsigned)found);
}

/* What the frame carries. Returns where that ends. */
static size_t ethernet_payload(struct dissector *d, uint64_t type, size_t end)
{
    if (type == ETHERNET_TYPE_IPV4)
        return dissect_ipv4(d, ETHERNET_HEADER, end);
    if (type == ETHERNET_TYPE_ARP)
        return dissect_arp(d, ETHERNET_HEADER, end);
    dissect_enter(d, "payload", DISSECT_INTERNET);
    dissect_data(d, "data", ETHERNET_HEADER, end);
    return end;
}

static void dissect_ethernet(struct dissector *d, bool has_fcs)
{
    dissect_enter(d, "ethernet", DISSECT_LINK);
    size_t end = d->frame.len;
    size_t trailer = has_fcs ? ETHERNET_FCS : 0;
    if (end < ETHERNET_HEADER + trailer) {
        dissect_malformed(d, 0, end, "too short for an Ethernet frame");
        return;
    }
    end -= trailer;
    struct dissect_field *header = dissect_header(d, 0, ETHERNET_HEADER);
    const char *dst = mac_field(d, "dst", 0)->text;
    const char *src = mac_field(d, "src", 6)->text;
    dissect_say(header, "%s > %s", src, dst);
    struct dissect_field *type = dissect_number(d, "type", 12, 2);
    ethernet_type_say(type);
    size_t carried = ethernet_payload(d, type->value, end);
    dissect_enter(d, "ethernet", DISSECT_LINK);
    if (carried < end)
        dissect_say(dissect_range(d, "padding", carried, end - carried), "%u bytes",
                    (unsigned)(end - carried));
    if (has_fcs)
        ethernet_fcs(d, end);
}

void dissect_frame(struct dissect *out, struct bytes frame, enum dissect_start start, bool has_fcs)
{
    out->count = 0;
    out->malformed = false;
    if (frame.len > UINT16_MAX) /* fields count in 16 bits; no interface makes such frames */
        frame = bytes_first(frame, UINT16_MAX);
    struct dissector d = {.out = out, .frame = frame};
    if (start == DISSECT_ETHERNET) {
        dissect_ethernet(&d, has_fcs);
        return;
    }
    size_t end = dissect_ip(&d, 0, frame.len);
    dissect_data(&d, "padding", end, frame.len);
}
