/*
 * Ethernet II framing (IEEE 802.3-2022, clause 3; RFC 894): the header, padding to the minimum, and the frame
 * check sequence where no hardware does it. Frames for somebody else end here, as they do in a network card
 * that is not promiscuous.
 *
 * Left out on purpose: 802.3 length frames with LLC, VLAN tags, multicast filters (all groups are heard; the
 * internet layer decides).
 */
#include "base/checksum.h"
#include "base/status.h"
#include "link/netif.h"
#include "link/step.h"
#include "wire/ethernet.h"

static struct step ethernet_step(const struct netif *n, uint32_t frame_id)
{
    return (struct step){n->machine, TRACE_ETHERNET, n->index, frame_id};
}

RARE void ethernet_fcs_append(struct frame *f)
{
    uint32_t fcs = crc32_of(f->buf + f->head, f->len);
    ethernet_fcs_store(frame_append(f, ETHERNET_FCS), fcs);
}

void ethernet_output(struct netif *n, struct frame *f, const struct mac_addr *dst, uint16_t type)
{
    assert(n->config.kind == NETIF_ETHERNET && f->len <= n->config.mtu_bytes);
    struct ethernet_repr repr = {.dst = *dst, .src = n->config.mac, .type = type};
    int written = ethernet_emit(&repr, room_of(frame_push(f, ETHERNET_HEADER), ETHERNET_HEADER));
    assert(written == ETHERNET_HEADER);
    (void)written;
    ethernet_pad(f);
    if (n->config.fcs)
        ethernet_fcs_append(f);
    step_header_added(ethernet_step(n, f->id), ETHERNET_HEADER, f->len);
    netif_enqueue(n, f);
}

RARE bool ethernet_fcs_verified(struct netif *n, struct bytes frame, uint32_t frame_id)
{
    if (frame.len < ETHERNET_HEADER + ETHERNET_FCS) {
        netif_drop_in(n, TRACE_ETHERNET, DROP_TRUNCATED, frame_id);
        return false;
    }
    size_t len = frame.len - ETHERNET_FCS;
    uint32_t found = ethernet_fcs_load(frame.at + len);
    uint32_t computed = crc32_of(frame.at, len);
    TRACE(n->machine, CHECKSUM_CHECKED, .iface = n->index, .frame = frame_id,
          .u.checksum_checked = {
              .protocol = TRACE_ETHERNET, .good = found == computed, .found = found, .computed = computed});
    if (found != computed)
        netif_drop_in(n, TRACE_ETHERNET, DROP_BAD_FCS, frame_id);
    return found == computed;
}

/* A frame without its FCS; on the wire it had `total` bytes. */
static void ethernet_accept(struct netif *n, struct bytes frame, size_t total, uint32_t frame_id)
{
    if (ethernet_is_plain(frame, &n->config.mac, ETHERNET_TYPE_IPV4) &&
        n->ipv4_input) { /* as nearly all are */
        step_header_removed(ethernet_step(n, frame_id), ETHERNET_HEADER, total);
        n->ipv4_input(n->internet, n, bytes_from(frame, ETHERNET_HEADER), frame_id, false);
        return;
    }
    struct ethernet_repr repr;
    if (ethernet_parse(&repr, frame) < 0) {
        netif_drop_in(n, TRACE_ETHERNET, frame.len < ETHERNET_HEADER ? DROP_TRUNCATED : DROP_MALFORMED,
                      frame_id);
        return;
    }
    bool to_group = repr.dst.octet[0] & 1;
    if (!to_group && !mac_addr_equal(repr.dst, n->config.mac)) {
        netif_drop_in(n, TRACE_ETHERNET, DROP_NOT_FOR_US, frame_id);
        return;
    }
    if (repr.src.octet[0] & 1) { /* a group never sends */
        netif_drop_in(n, TRACE_ETHERNET, DROP_BAD_ADDRESS, frame_id);
        return;
    }
    struct bytes packet = bytes_from(frame, ETHERNET_HEADER);
    step_header_removed(ethernet_step(n, frame_id), ETHERNET_HEADER, total);
    if (repr.type == ETHERNET_TYPE_IPV4 && n->ipv4_input)
        n->ipv4_input(n->internet, n, packet, frame_id, to_group);
    else if (repr.type == ETHERNET_TYPE_ARP)
        arp_input(&n->arp, packet, frame_id);
    else
        netif_drop_in(n, TRACE_ETHERNET, DROP_UNKNOWN_PROTOCOL, frame_id);
}

void ethernet_input(struct netif *n, struct bytes frame, uint32_t frame_id)
{
    if (!n->config.fcs)
        ethernet_accept(n, frame, frame.len, frame_id);
    else if (ethernet_fcs_verified(n, frame, frame_id))
        ethernet_accept(n, bytes_first(frame, frame.len - ETHERNET_FCS), frame.len, frame_id);
}
