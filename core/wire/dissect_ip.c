/*
 * The dissector's internet layer: IPv4 (RFC 791, RFC 2474, RFC 3168) and ICMP (RFC 792, RFC 1191) with the
 * packet that an error quotes.
 *
 * A quoted packet is cut (RFC 792: header and 8 bytes; RFC 1812: as much as fits), so inside it nothing is
 * called wrong for being short. Left out on purpose: quotations inside quotations, which RFC 1122, section
 * 3.2.2, forbids: they are shown as data.
 */
#include "base/checksum.h"
#include "wire/dissect_internal.h"
#include "wire/icmp.h"
#include "wire/ipv4.h"

static const char *protocol_phrase(uint64_t protocol)
{
    switch (protocol) {
    case IP_PROTOCOL_ICMP:
        return "ICMP";
    case IP_PROTOCOL_TCP:
        return "TCP";
    case IP_PROTOCOL_UDP:
        return "UDP";
    case IP_PROTOCOL_ICMPV6:
        return "ICMPv6";
    default:
        return NULL;
    }
}

static const char *ecn_phrase(uint64_t ecn)
{
    static const char *const PHRASES[] = {"not ECT", "ECT(1)", "ECT(0)", "CE"};
    return PHRASES[ecn & 3];
}

static void ipv4_option(struct dissector *d, size_t at, size_t len)
{
    static const struct {
        uint8_t kind;
        const char *phrase;
    } KINDS[] = {{7, "record route"},
                 {68, "timestamp"},
                 {131, "loose source route"},
                 {137, "strict source route"},
                 {148, "router alert"}};
    const char *phrase = "unknown";
    unsigned kind = *dissect_at(d, at);
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (KINDS[i].kind == kind)
            phrase = KINDS[i].phrase;
    }
    struct dissect_field *f = dissect_range(d, "option", at, len);
    f->value = kind;
    dissect_say(f, "%u (%s), %u bytes", kind, phrase, (unsigned)len);
}

/* The word of flags and fragment offset. */
static void ipv4_bits(struct dissector *d, size_t at)
{
    struct dissect_field *f = dissect_bits(d, "flag_reserved", at + 6, 0, 1);
    f->is_bad = f->value != 0; /* RFC 791, section 3.1: must be zero */
    dissect_bits(d, "dont_fragment", at + 6, 1, 1);
    dissect_bits(d, "more_fragments", at + 6, 2, 1);
    f = dissect_bits(d, "fragment_offset", at + 6, 3, 13);
    if (f->value > 0)
        dissect_say(f, "%u (byte %u)", (unsigned)f->value, (unsigned)f->value * 8);
}

static struct ip_addr addr_field(struct dissector *d, const char *name, size_t at)
{
    struct dissect_field *f = dissect_number(d, name, at, 4);
    struct ip_addr addr = ip_addr_v4((uint32_t)f->value);
    ip_addr_format(addr, f->text);
    return addr;
}

static void ipv4_checksum(struct dissector *d, size_t at, size_t header)
{
    struct bytes bytes = bytes_of(dissect_at(d, at), header);
    dissect_checksum(d, at + 10, dissect_checksum_computed(d, at, at + header, 10, 0),
                     ipv4_checksum_good(bytes));
}

/* The header at [at, at + header), which is all there. Fills in `p`'s addresses. */
static void ipv4_fields(struct dissector *d, size_t at, size_t header, bool lengths_bad,
                        struct dissect_packet *p)
{
    struct dissect_field *f = dissect_header(d, at, header);
    dissect_bits(d, "version", at, 0, 4);
    dissect_say(dissect_bits(d, "header_length", at, 4, 4), "%u (%u bytes)", (unsigned)(header / 4),
                (unsigned)header);
    dissect_bits(d, "dscp", at + 1, 0, 6);
    struct dissect_field *ecn = dissect_bits(d, "ecn", at + 1, 6, 2);
    dissect_say_number(ecn, ecn_phrase(ecn->value));
    dissect_number(d, "total_length", at + 2, 2)->is_bad = lengths_bad;
    struct dissect_field *id = dissect_number(d, "id", at + 4, 2);
    dissect_say(id, "0x%04x", (unsigned)id->value);
    ipv4_bits(d, at);
    dissect_number(d, "ttl", at + 8, 1);
    struct dissect_field *protocol = dissect_number(d, "protocol", at + 9, 1);
    dissect_say_number(protocol, protocol_phrase(protocol->value));
    ipv4_checksum(d, at, header);
    p->src = addr_field(d, "src", at + 12);
    p->dst = addr_field(d, "dst", at + 16);
    dissect_options(d, at + IPV4_HEADER, at + header, ipv4_option);
    char src[IP_ADDR_TEXT_MAX];
    char dst[IP_ADDR_TEXT_MAX];
    ip_addr_format(p->src, src);
    ip_addr_format(p->dst, dst);
    dissect_say(f, "%s > %s", src, dst);
}

static void ipv4_payload(struct dissector *d, unsigned protocol, unsigned fragment, struct dissect_packet *p)
{
    if ((fragment & 0x1fff) != 0) {
        dissect_enter(d, "payload", DISSECT_TRANSPORT);
        dissect_data(d, "fragment", p->at, p->end);
        return;
    }
    p->is_cut |= (fragment & 0x2000) != 0;
    switch (protocol) {
    case IP_PROTOCOL_ICMP:
        dissect_icmp(d, p);
        return;
    case IP_PROTOCOL_UDP:
        dissect_udp(d, p);
        return;
    case IP_PROTOCOL_TCP:
        dissect_tcp(d, p);
        return;
    default:
        dissect_enter(d, "payload", DISSECT_TRANSPORT);
        dissect_data(d, "data", p->at, p->end);
    }
}

size_t dissect_ipv4(struct dissector *d, size_t at, size_t end)
{
    dissect_enter(d, "ipv4", DISSECT_INTERNET);
    const uint8_t *b = dissect_at(d, at);
    if (at < end && b[0] >> 4 != 4) {
        dissect_malformed(d, at, end, "not version 4");
        return end;
    }
    size_t header = end - at >= IPV4_HEADER ? (b[0] & 0x0fu) * 4u : 0;
    if (header < IPV4_HEADER || header > end - at) {
        dissect_malformed(d, at, end, "the IPv4 header is cut or has an impossible length");
        return end;
    }
    size_t total = be16_load(b + 2);
    bool too_long = total > end - at;
    bool lengths_bad = total < header || (too_long && !d->quoted);
    struct dissect_packet p = {.at = at + header, .is_cut = d->quoted || too_long};
    ipv4_fields(d, at, header, lengths_bad, &p);
    if (total < header) {
        dissect_malformed(d, at + header, end, "the total length is less than the header's");
        return end;
    }
    d->out->malformed |= lengths_bad;
    p.end = too_long ? end : at + total;
    ipv4_payload(d, b[9], be16_load(b + 6), &p);
    return p.end;
}

size_t dissect_ip(struct dissector *d, size_t at, size_t end)
{
    bool is_ipv6 = at < end && *dissect_at(d, at) >> 4 == 6;
    if (!is_ipv6)
        return dissect_ipv4(d, at, end);
    dissect_enter(d, "payload", DISSECT_INTERNET);
    dissect_data(d, "data", at, end);
    return end;
}

static const char *icmp_type_phrase(uint64_t type)
{
    switch (type) {
    case ICMP_TYPE_ECHO_REPLY:
        return "echo reply";
    case ICMP_TYPE_UNREACHABLE:
        return "destination unreachable";
    case ICMP_TYPE_ECHO:
        return "echo request";
    case ICMP_TYPE_TIME_EXCEEDED:
        return "time exceeded";
    case ICMP_TYPE_PARAMETER_PROBLEM:
        return "parameter problem";
    default:
        return NULL;
    }
}

static const char *icmp_code_phrase(uint64_t type, uint64_t code)
{
    static const char *const UNREACHABLE[] = {"network", "host", "protocol", "port",
                                              "too big, must not be fragmented"};
    static const char *const TIME_EXCEEDED[] = {"time to live", "reassembly"};
    if (type == ICMP_TYPE_UNREACHABLE && code < sizeof UNREACHABLE / sizeof UNREACHABLE[0])
        return UNREACHABLE[code];
    if (type == ICMP_TYPE_TIME_EXCEEDED && code < sizeof TIME_EXCEEDED / sizeof TIME_EXCEEDED[0])
        return TIME_EXCEEDED[code];
    return NULL;
}

/* The second word of the header, which each type uses in its own way. */
static void icmp_word(struct dissector *d, size_t at, unsigned type, unsigned code)
{
    if (type == ICMP_TYPE_ECHO || type == ICMP_TYPE_ECHO_REPLY) {
        dissect_number(d, "id", at, 2);
        dissect_number(d, "sequence", at + 2, 2);
    } else if (type == ICMP_TYPE_UNREACHABLE && code == ICMP_CODE_TOO_BIG) {
        dissect_number(d, "unused", at, 2);
        dissect_number(d, "mtu", at + 2, 2);
    } else if (type == ICMP_TYPE_PARAMETER_PROBLEM) {
        dissect_number(d, "pointer", at, 1);
        dissect_number(d, "unused", at + 1, 3);
    } else {
        dissect_number(d, "unused", at, 4);
    }
}

static bool icmp_quotes(unsigned type)
{
    return type == ICMP_TYPE_UNREACHABLE || type == ICMP_TYPE_TIME_EXCEEDED ||
           type == ICMP_TYPE_PARAMETER_PROBLEM;
}

void dissect_icmp(struct dissector *d, const struct dissect_packet *p)
{
    dissect_enter(d, "icmp", DISSECT_INTERNET);
    if (p->end - p->at < ICMP_HEADER) {
        dissect_malformed(d, p->at, p->end, "too short for an ICMP message");
        return;
    }
    const uint8_t *b = dissect_at(d, p->at);
    struct dissect_field *header = dissect_header(d, p->at, ICMP_HEADER);
    struct dissect_field *type = dissect_number(d, "type", p->at, 1);
    dissect_say_number(type, icmp_type_phrase(b[0]));
    dissect_say_number(dissect_number(d, "code", p->at + 1, 1), icmp_code_phrase(b[0], b[1]));
    dissect_say(header, "%s", icmp_type_phrase(b[0]) ? icmp_type_phrase(b[0]) : type->text);
    if (p->is_cut) {
        struct dissect_field *f = dissect_number(d, "checksum", p->at + 2, 2);
        dissect_say(f, "0x%04x (not checked: the message is cut)", (unsigned)f->value);
    } else {
        uint16_t computed = dissect_checksum_computed(d, p->at, p->end, 2, 0);
        dissect_checksum(d, p->at + 2, computed, icmp_checksum_good(bytes_of(b, p->end - p->at)));
    }
    icmp_word(d, p->at + 4, b[0], b[1]);
    size_t rest = p->at + ICMP_HEADER;
    if (icmp_quotes(b[0]) && !d->quoted && rest < p->end) {
        d->quoted = true;
        size_t end = dissect_ip(d, rest, p->end);
        d->quoted = false;
        rest = end;
    }
    dissect_enter(d, "payload", DISSECT_INTERNET);
    dissect_data(d, "data", rest, p->end);
}
