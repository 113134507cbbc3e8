/*
 * Builds the trace records of a packet's steps. Only reached when somebody looks, so the checksum may be
 * computed once more here to show what it should have been.
 */
#include "link/step.h"

#include "base/checksum.h"

void step_emit_header(struct step s, bool added, size_t header_bytes, size_t total_bytes)
{
    assert(header_bytes <= total_bytes && header_bytes <= UINT16_MAX);
    if (added)
        TRACE(s.machine, HEADER_ADDED, .iface = s.iface, .frame = s.frame_id,
              .u.header_added = {.protocol = (uint8_t)s.protocol,
                                 .header_bytes = (uint16_t)header_bytes,
                                 .total_bytes = (uint32_t)total_bytes});
    else
        TRACE(s.machine, HEADER_REMOVED, .iface = s.iface, .frame = s.frame_id,
              .u.header_removed = {.protocol = (uint8_t)s.protocol,
                                   .header_bytes = (uint16_t)header_bytes,
                                   .total_bytes = (uint32_t)total_bytes});
}

void step_emit_dropped(struct step s, enum drop_reason reason)
{
    TRACE(s.machine, PACKET_DROPPED, .iface = s.iface, .frame = s.frame_id,
          .u.packet_dropped = {.protocol = (uint8_t)s.protocol, .reason = (uint8_t)reason});
}

void step_emit_checksum(struct step s, const struct step_checksum *c)
{
    assert(c->field_at % 2 == 0 && c->field_at + 2 <= c->message.len);
    size_t behind = c->field_at + 2;
    uint32_t sum = checksum_add(c->pseudo_sum, checksum_of(c->message.at, c->field_at));
    sum = checksum_add(sum, checksum_of(c->message.at + behind, c->message.len - behind));
    uint16_t computed = checksum_finish(sum);
    if (s.protocol == TRACE_UDP && computed == 0)
        computed = 0xffff; /* RFC 768: 0 on the wire means "no checksum" */
    TRACE(s.machine, CHECKSUM_CHECKED, .iface = s.iface, .frame = s.frame_id,
          .u.checksum_checked = {.protocol = (uint8_t)s.protocol,
                                 .good = c->good,
                                 .found = be16_load(c->message.at + c->field_at),
                                 .computed = computed});
}
