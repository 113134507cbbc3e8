/*
 * ICMP messages (RFC 792; the next-hop MTU in "fragmentation needed": RFC 1191, section 4).
 *
 * Left out on purpose: timestamp, information, redirect and source quench messages have no members of their
 * own: they are read as type, code and payload. Nothing here sends them (RFC 6633 and RFC 6918 retired most).
 */
#include "wire/icmp.h"

#include "base/checksum.h"
#include "base/status.h"

enum { AT_TYPE = 0, AT_CODE = 1, AT_CHECKSUM = 2, AT_ID = 4, AT_SEQUENCE = 6, AT_POINTER = 4, AT_MTU = 6 };

static bool type_is_echo(uint8_t type)
{
    return type == ICMP_TYPE_ECHO || type == ICMP_TYPE_ECHO_REPLY;
}

int icmp_parse(struct icmp_repr *out, struct bytes message)
{
    const uint8_t *p = message.at;
    if (message.len < ICMP_HEADER)
        return STATUS_EBADMSG;
    *out = (struct icmp_repr){
        .type = p[AT_TYPE], .code = p[AT_CODE], .payload = bytes_from(message, ICMP_HEADER)};
    if (type_is_echo(out->type)) {
        out->id = be16_load(p + AT_ID);
        out->sequence = be16_load(p + AT_SEQUENCE);
    } else if (out->type == ICMP_TYPE_UNREACHABLE && out->code == ICMP_CODE_TOO_BIG) {
        out->mtu = be16_load(p + AT_MTU);
    } else if (out->type == ICMP_TYPE_PARAMETER_PROBLEM) {
        out->pointer = p[AT_POINTER];
    }
    return STATUS_OK;
}

bool icmp_checksum_good(struct bytes message)
{
    return checksum_good(checksum_of(message.at, message.len));
}

int icmp_emit(const struct icmp_repr *repr, struct room to)
{
    size_t length = icmp_length(repr);
    assert(length <= INT32_MAX);
    if (to.len < length)
        return STATUS_ENOBUFS;
    uint8_t *p = to.at;
    p[AT_TYPE] = repr->type;
    p[AT_CODE] = repr->code;
    be16_store(p + AT_CHECKSUM, 0);
    be32_store(p + AT_ID, 0); /* what a type does not use is zero */
    if (type_is_echo(repr->type)) {
        be16_store(p + AT_ID, repr->id);
        be16_store(p + AT_SEQUENCE, repr->sequence);
    } else if (repr->type == ICMP_TYPE_UNREACHABLE && repr->code == ICMP_CODE_TOO_BIG) {
        be16_store(p + AT_MTU, repr->mtu);
    } else if (repr->type == ICMP_TYPE_PARAMETER_PROBLEM) {
        p[AT_POINTER] = repr->pointer;
    }
    uint32_t payload = checksum_copy(p + ICMP_HEADER, repr->payload.at, repr->payload.len);
    uint32_t sum = checksum_add(checksum_of(p, ICMP_HEADER), payload);
    be16_store(p + AT_CHECKSUM, checksum_finish(sum));
    return (int)length;
}

size_t icmp_length(const struct icmp_repr *repr)
{
    return ICMP_HEADER + repr->payload.len;
}
