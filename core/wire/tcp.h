/*
 * TCP segments (RFC 9293, section 3.1).
 */
#ifndef TCPLAB_WIRE_TCP_H
#define TCPLAB_WIRE_TCP_H

#include "base/checksum.h"
#include "wire/tcp_options.h"

enum {
    TCP_HEADER = 20,
    TCP_HEADER_MAX = 60,
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_PSH = 0x08,
    TCP_ACK = 0x10,
    TCP_URG = 0x20,
    TCP_ECE = 0x40,
    TCP_CWR = 0x80,
};

struct tcp_repr {
    uint16_t src_port;
    uint16_t dst_port;
    seq_t seq;
    seq_t ack;
    uint8_t flags;
    uint8_t header_bytes; /* parse sets it; emit computes it from the options */
    uint16_t window;      /* as on the wire, unscaled */
    uint16_t urgent;
    bool options_malformed; /* parse: the option list ended in nonsense */
    struct tcp_options options;
};

/* Reads header and options. STATUS_EBADMSG: short, or data offset below 5 or past the end. Option values
 * without their has_ flag or count stay as they were: clearing them would cost every segment. */
int tcp_parse(struct tcp_repr *out, struct bytes segment);

/* What a segment of a running connection says: ACK, perhaps PSH and FIN, no options but timestamps as everybody writes them
 * (RFC 7323, appendix A). */
struct tcp_plain {
    uint32_t ports; /* source << 16 | destination */
    seq_t seq, ack;
    uint16_t window;
    bool fin, has_timestamps;
    uint32_t ts_value;
    uint8_t header_bytes;
};

/* Reads such a segment. False: it is none, or no segment at all. */
static inline bool tcp_parse_plain(struct tcp_plain *out, struct bytes segment)
{
    if (segment.len < TCP_HEADER)
        return false;
    const uint8_t *p = segment.at;
    uint32_t control = be32_load(p + 12);
    uint32_t kind = control >> 16 & ~(uint32_t)(TCP_PSH | TCP_FIN); /* data offset and flags */
    out->ports = be32_load(p);
    out->seq = be32_load(p + 4);
    out->ack = be32_load(p + 8);
    out->window = (uint16_t)control;
    out->fin = (control >> 16 & TCP_FIN) != 0;
    out->header_bytes = TCP_HEADER;
    out->has_timestamps = false;
    out->ts_value = 0;
    if (kind == (0x5000 | TCP_ACK))
        return true;
    enum { WITH_TIMESTAMPS = TCP_HEADER + 12 };
    if (kind != (0x8000 | TCP_ACK) || segment.len < WITH_TIMESTAMPS ||
        be32_load(p + TCP_HEADER) != TCP_WORD_NOP_NOP_TIMESTAMPS)
        return false;
    out->header_bytes = WITH_TIMESTAMPS;
    out->has_timestamps = true;
    out->ts_value = be32_load(p + TCP_HEADER + 4);
    return true;
}

/* Verifies the checksum over pseudo-header and segment. */
bool tcp_checksum_good(struct bytes segment, struct ip_addr src, struct ip_addr dst);

/* Writes header and options in front of a payload of `payload_bytes` whose partial checksum is `payload_sum`.
 * Returns the header's length or STATUS_ENOBUFS. */
int tcp_emit(const struct tcp_repr *repr, struct room to, struct ip_addr src, struct ip_addr dst,
             uint32_t payload_sum, uint32_t payload_bytes);

/* The same with `sum` in place of addresses and payload_sum: checksum_pseudo(src, dst, 6, 0) and the
 * payload's, added; `to` is exactly tcp_length() bytes. A connection's addresses do not change, so it sums
 * them once. */
void tcp_emit_onto(const struct tcp_repr *repr, struct room to, uint32_t sum, uint32_t payload_bytes);

/* The same for a header without options, which nearly every segment of a connection without timestamps has:
 * word by word, and summed as numbers on the way. */
static inline void tcp_emit_plain(const struct tcp_repr *repr, uint8_t *to, uint32_t sum,
                                  uint32_t payload_bytes)
{
    uint32_t ports = (uint32_t)repr->src_port << 16 | repr->dst_port;
    uint32_t control = UINT32_C(0x50000000) | (uint32_t)repr->flags << 16 | repr->window; /* five words */
    uint64_t numbers = (uint64_t)ports + repr->seq + repr->ack + control + repr->urgent;
    numbers += TCP_HEADER + payload_bytes; /* the length in the pseudo-header */
    be32_store(to, ports);
    be32_store(to + 4, repr->seq);
    be32_store(to + 8, repr->ack);
    be32_store(to + 12, control);
    be16_store(to + 16, checksum_finish_numbers(numbers, sum));
    be16_store(to + 18, repr->urgent);
}

/* Header and options. */
size_t tcp_length(const struct tcp_repr *repr);

/* Sequence numbers that a segment takes: payload, plus one for SYN, plus one for FIN. */
static inline uint32_t tcp_seq_length(uint8_t flags, uint32_t payload_bytes)
{
    return payload_bytes + ((flags & TCP_SYN) != 0) + ((flags & TCP_FIN) != 0);
}

/* "SYN,ACK" and the like; "none" for no flag. Returns the length. */
enum { TCP_FLAGS_TEXT_MAX = 40 };
size_t tcp_flags_format(uint8_t flags, char text[TCP_FLAGS_TEXT_MAX]);

#endif
