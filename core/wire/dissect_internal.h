/*
 * What the parts of the dissector share: where it stands, and ways to add a field. Private to
 * wire/dissect*.c.
 *
 * All positions are counted from the frame's first byte. A part gets [at, end) and reads nothing outside of
 * it.
 */
#ifndef TCPLAB_WIRE_DISSECT_INTERNAL_H
#define TCPLAB_WIRE_DISSECT_INTERNAL_H

#include "base/address.h"
#include "wire/dissect.h"

struct dissector {
    struct dissect *out;
    struct bytes frame;
    const char *protocol; /* of the fields that are being added */
    enum dissect_layer layer;
    bool quoted; /* inside a packet that an ICMP error quotes */
};

/* What an IP packet carries. */
struct dissect_packet {
    size_t at;
    size_t end;
    struct ip_addr src;
    struct ip_addr dst;
    bool is_cut; /* a quotation or a fragment: its end may be missing, nothing can be checked against it */
};

/* From now on fields are of that protocol. */
void dissect_enter(struct dissector *d, const char *protocol, enum dissect_layer layer);

/* Each adds a field of the current protocol and returns it. `text` starts empty, or as the decimal number. */
struct dissect_field *dissect_header(struct dissector *d, size_t at, size_t len);
struct dissect_field *dissect_range(struct dissector *d, const char *name, size_t at, size_t len);
struct dissect_field *dissect_number(struct dissector *d, const char *name, size_t at, size_t len);
struct dissect_field *dissect_bits(struct dissector *d, const char *name, size_t at, unsigned bit_offset,
                                   unsigned bit_count);

/* A 16-bit one's complement checksum, found at `at`; the message has the right sum when `good`. */
void dissect_checksum(struct dissector *d, size_t at, uint16_t computed, bool good);

/* [at, end) as bytes that belong to no header, with what is printable of them. Nothing when it is empty. */
void dissect_data(struct dissector *d, const char *name, size_t at, size_t end);

/* [at, end) as bytes that make no sense, and why. */
void dissect_malformed(struct dissector *d, size_t at, size_t end, const char *why);

/* Replaces a field's text. */
void dissect_say(struct dissect_field *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "number (phrase)", or the number alone when there is no phrase. */
void dissect_say_number(struct dissect_field *f, const char *phrase);

/* Options of IPv4 and of TCP have the same shape: END, NOP, or kind and length. Calls `one` for each that is
 * neither END nor NOP. */
void dissect_options(struct dissector *d, size_t at, size_t end,
                     void (*one)(struct dissector *d, size_t at, size_t len));

/* What belongs into the checksum field `at + offset` of the message [at, end), to whose sum `pseudo` is
 * added. */
uint16_t dissect_checksum_computed(const struct dissector *d, size_t at, size_t end, size_t offset,
                                   uint32_t pseudo);

/* The protocols. The first two return where the packet ends: what follows in the frame is padding.
 * dissect_ip() looks for the version itself, where nothing says it. */
size_t dissect_ipv4(struct dissector *d, size_t at, size_t end);
size_t dissect_ip(struct dissector *d, size_t at, size_t end);
void dissect_icmp(struct dissector *d, const struct dissect_packet *p);
void dissect_udp(struct dissector *d, const struct dissect_packet *p);
void dissect_tcp(struct dissector *d, const struct dissect_packet *p);

static inline const uint8_t *dissect_at(const struct dissector *d, size_t at)
{
    assert(at <= d->frame.len);
    return d->frame.at + at;
}

#endif
