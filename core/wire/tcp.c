/*
 * TCP segments (RFC 9293, section 3.1; the flags ECE and CWR: RFC 3168, section 6.1).
 *
 * Left out on purpose: the flag AE (RFC 9768) and the other reserved bits, which are ignored and sent as
 * zero.
 */
#include "wire/tcp.h"

#include "base/checksum.h"
#include "base/status.h"

enum {
    AT_SRC_PORT = 0,
    AT_DST_PORT = 2,
    AT_SEQ = 4,
    AT_ACK = 8,
    AT_DATA_OFFSET = 12,
    AT_FLAGS = 13,
    AT_WINDOW = 14,
    AT_CHECKSUM = 16,
    AT_URGENT = 18,
    PROTOCOL_TCP = 6,
};

int tcp_parse(struct tcp_repr *out, struct bytes segment)
{
    const uint8_t *p = segment.at;
    if (segment.len < TCP_HEADER)
        return STATUS_EBADMSG;
    size_t header = (size_t)(p[AT_DATA_OFFSET] >> 4) * 4;
    if (header < TCP_HEADER || header > segment.len)
        return STATUS_EBADMSG;
    out->src_port = be16_load(p + AT_SRC_PORT);
    out->dst_port = be16_load(p + AT_DST_PORT);
    out->seq = be32_load(p + AT_SEQ);
    out->ack = be32_load(p + AT_ACK);
    out->flags = p[AT_FLAGS];
    out->header_bytes = (uint8_t)header;
    out->window = be16_load(p + AT_WINDOW);
    out->urgent = be16_load(p + AT_URGENT);
    out->options_malformed = false;
    if (header == TCP_HEADER)
        tcp_options_clear(&out->options);
    else
        out->options_malformed =
            tcp_options_parse(&out->options, bytes_of(p + TCP_HEADER, header - TCP_HEADER)) < 0;
    return STATUS_OK;
}

bool tcp_checksum_good(struct bytes segment, struct ip_addr src, struct ip_addr dst)
{
    uint32_t pseudo = checksum_pseudo(src, dst, PROTOCOL_TCP, (uint32_t)segment.len);
    return checksum_good(checksum_add(pseudo, checksum_of(segment.at, segment.len)));
}

void tcp_emit_onto(const struct tcp_repr *repr, struct room to, uint32_t sum, uint32_t payload_bytes)
{
    assert(sum <= 0xffff && to.len == tcp_length(repr) && to.len % 4 == 0);
    uint8_t *p = to.at;
    uint32_t header = (uint32_t)to.len;
    uint32_t ports = (uint32_t)repr->src_port << 16 | repr->dst_port;
    uint32_t control =
        header << 26 | (uint32_t)repr->flags << 16 | repr->window; /* data offset: header / 4 */
    be32_store(p + AT_SRC_PORT, ports);
    be32_store(p + AT_SEQ, repr->seq);
    be32_store(p + AT_ACK, repr->ack);
    be32_store(p + AT_DATA_OFFSET, control);
    be16_store(p + AT_URGENT, repr->urgent);
    uint64_t numbers = (uint64_t)ports + repr->seq + repr->ack + control + repr->urgent;
    numbers += header + payload_bytes; /* the length in the pseudo-header */
    if (header > TCP_HEADER) {
        uint32_t options = header - TCP_HEADER;
        tcp_options_write(&repr->options, p + TCP_HEADER, options);
        sum = checksum_fold(checksum_plus(sum, checksum_total_of_words(p + TCP_HEADER, options)));
    }
    be16_store(p + AT_CHECKSUM, checksum_finish_numbers(numbers, sum));
}

int tcp_emit(const struct tcp_repr *repr, struct room to, struct ip_addr src, struct ip_addr dst,
             uint32_t payload_sum, uint32_t payload_bytes)
{
    assert(payload_sum <= 0xffff);
    size_t header = tcp_length(repr);
    if (header > to.len || header > TCP_HEADER_MAX)
        return STATUS_ENOBUFS;
    uint32_t pseudo = checksum_pseudo(src, dst, PROTOCOL_TCP, 0);
    tcp_emit_onto(repr, room_of(to.at, header), checksum_add(pseudo, payload_sum), payload_bytes);
    return (int)header;
}

size_t tcp_length(const struct tcp_repr *repr)
{
    return TCP_HEADER + tcp_options_length(&repr->options);
}

size_t tcp_flags_format(uint8_t flags, char text[TCP_FLAGS_TEXT_MAX])
{
    static const char NAMES[8][4] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
    size_t len = 0;
    for (unsigned bit = 0; bit < 8; bit++) {
        if (!(flags & 1u << bit))
            continue;
        if (len > 0)
            text[len++] = ',';
        memcpy(text + len, NAMES[bit], 3);
        len += 3;
    }
    if (len == 0) {
        memcpy(text, "none", 4);
        len = 4;
    }
    assert(len < TCP_FLAGS_TEXT_MAX);
    text[len] = 0;
    return len;
}
