/*
 * ICMP for IPv4 (RFC 792; RFC 1122 section 3.2.2; for routers RFC 1812 section 4.3): echo, and errors in both
 * directions.
 *
 * An error quotes as much of the offending packet as fits into 576 bytes (RFC 1812 4.3.2.3) and is sent as
 * the precedence "internetwork control" (4.3.2.5). A token bucket limits them (4.3.2.8).
 *
 * Left out on purpose: redirects, source quench (RFC 6633 forbids it), timestamps and router discovery.
 */
#include "internet/ip.h"

#include "base/status.h"

enum {
    ICMP_QUOTE_MAX = 576 - IPV4_HEADER - ICMP_HEADER,
    ICMP_QUOTED_TRANSPORT_MIN = 8, /* RFC 792: "the first 64 bits of the original data" */
    ICMP_ERROR_TOS = 0xc0,
    ICMP_TOKEN_US = 1000000 / ICMP_ERRORS_PER_S,
    ICMP_TYPE_SOURCE_QUENCH = 4,
    ICMP_TYPE_REDIRECT = 5,
};

static bool icmp_type_is_error(uint8_t type)
{
    return type == ICMP_TYPE_UNREACHABLE || type == ICMP_TYPE_SOURCE_QUENCH || type == ICMP_TYPE_REDIRECT ||
           type == ICMP_TYPE_TIME_EXCEEDED || type == ICMP_TYPE_PARAMETER_PROBLEM;
}

static enum trace_rule icmp_rule(uint8_t type, uint8_t code)
{
    static const enum trace_rule unreachable[] = {
        [ICMP_CODE_NET] = RULE_ICMP_NET_UNREACHABLE,
        [ICMP_CODE_HOST] = RULE_ICMP_HOST_UNREACHABLE,
        [ICMP_CODE_PROTOCOL] = RULE_ICMP_PROTOCOL_UNREACHABLE,
        [ICMP_CODE_PORT] = RULE_ICMP_PORT_UNREACHABLE,
        [ICMP_CODE_TOO_BIG] = RULE_ICMP_TOO_BIG,
    };
    switch (type) {
    case ICMP_TYPE_ECHO:
        return RULE_ICMP_ECHO_REQUEST;
    case ICMP_TYPE_ECHO_REPLY:
        return RULE_ICMP_ECHO_REPLY;
    case ICMP_TYPE_TIME_EXCEEDED:
        return RULE_ICMP_TIME_EXCEEDED;
    case ICMP_TYPE_UNREACHABLE:
        return code < sizeof unreachable / sizeof unreachable[0] ? unreachable[code] : RULE_NONE;
    default:
        return RULE_NONE;
    }
}

/* Builds and sends one message. */
static int icmp_send(struct ip *ip, const struct icmp_repr *repr, const struct ip_send *s)
{
    size_t len = icmp_length(repr);
    if (len > IP_LOOPBACK_MTU - IPV4_HEADER)
        return STATUS_EMSGSIZE;
    struct frame *f = frame_create(ip->machine, (uint32_t)len);
    if (!f)
        return STATUS_ENOBUFS;
    int written = icmp_emit(repr, room_of(frame_append(f, (uint32_t)len), len));
    assert(written >= 0 && (size_t)written == len);
    (void)written;
    enum trace_rule rule = icmp_rule(repr->type, repr->code);
    f->rule = (uint16_t)rule;
    f->cause = TRACE(ip->machine, ICMP_SENT, .frame = f->id, .rule = (uint16_t)rule,
                     .u.icmp_sent = {.type = repr->type,
                                     .code = repr->code,
                                     .echo_id = repr->id,
                                     .sequence = repr->sequence,
                                     .addr = ip_addr_to_v4(s->dst)});
    step_header_added((struct step){ip->machine, TRACE_ICMP, STEP_NO_INTERFACE, f->id}, ICMP_HEADER, len);
    ip->counters.icmp_out++;
    return ip_output(ip, f, s, NULL);
}

/* RFC 1122, 3.2.2: what must not be answered with an error. */
static bool icmp_error_allowed(const struct ip *ip, const struct ip_packet *about)
{
    struct ipv4_repr repr;
    if (ipv4_parse_quoted(&repr, about->header) < 0 || repr.fragment_offset_bytes > 0)
        return false;
    if (about->protocol == IP_PROTOCOL_ICMP &&
        (about->payload.len == 0 || icmp_type_is_error(about->payload.at[0])))
        return false;
    if (about->to_group || ip_addr_is_multicast(about->dst) || ip_is_broadcast(ip, about->dst))
        return false;
    if (ip_addr_is_loopback(about->src) && !about->loopback)
        return false;
    return !ip_addr_is_any(about->src) && !ip_addr_is_multicast(about->src) &&
           !ip_is_broadcast(ip, about->src);
}

/* Takes a token; there is a new one each ICMP_TOKEN_US. */
static bool icmp_token_take(struct ip *ip)
{
    int64_t now_us = ip->machine->now_us;
    int64_t fresh = (now_us - ip->icmp_refilled_us) / ICMP_TOKEN_US;
    assert(fresh >= 0 && ip->icmp_tokens <= ICMP_ERRORS_BURST);
    if (fresh >= ICMP_ERRORS_BURST - (int64_t)ip->icmp_tokens) {
        ip->icmp_tokens = ICMP_ERRORS_BURST;
        ip->icmp_refilled_us = now_us;
    } else {
        ip->icmp_tokens += (uint32_t)fresh;
        ip->icmp_refilled_us += fresh * ICMP_TOKEN_US;
    }
    if (ip->icmp_tokens == 0)
        return false;
    ip->icmp_tokens--;
    return true;
}

void icmp_send_error(struct ip *ip, const struct ip_packet *about, uint8_t type, uint8_t code, uint16_t mtu)
{
    assert(icmp_type_is_error(type));
    assert(about->payload.at == about->header.at + about->header.len);
    if (!icmp_error_allowed(ip, about) || !icmp_token_take(ip))
        return;
    size_t len = about->header.len + about->payload.len;
    struct icmp_repr repr = {.type = type,
                             .code = code,
                             .mtu = mtu,
                             .payload =
                                 bytes_of(about->header.at, len < ICMP_QUOTE_MAX ? len : ICMP_QUOTE_MAX)};
    struct ip_send s = {.dst = about->src, .protocol = IP_PROTOCOL_ICMP, .tos = ICMP_ERROR_TOS};
    if (ip_is_local(ip, about->dst))
        s.src = about->dst;
    icmp_send(ip, &repr, &s); /* an error that cannot be sent is an error lost, as on any link */
}

int icmp_send_echo(struct ip *ip, struct ip_addr dst, uint16_t id, uint16_t sequence, struct bytes data,
                   uint8_t ttl)
{
    struct ip_path path; /* a destination without a way to it should cost no event of sending */
    int status = ip_route(ip, dst, &path);
    if (status < 0)
        return status;
    struct icmp_repr repr = {.type = ICMP_TYPE_ECHO, .id = id, .sequence = sequence, .payload = data};
    struct ip_send s = {.dst = dst, .protocol = IP_PROTOCOL_ICMP, .ttl = ttl};
    return icmp_send(ip, &repr, &s);
}

/* RFC 1122, 3.2.2.6: same data, addresses swapped. To everybody's address nobody answers, so that one
 * packet cannot raise a storm. */
static void icmp_echo_input(struct ip *ip, const struct ip_packet *p, const struct icmp_repr *request)
{
    if (p->to_group || !ip_is_local(ip, p->dst)) {
        ip_drop(ip, p, TRACE_ICMP, DROP_BAD_ADDRESS);
        return;
    }
    struct icmp_repr reply = *request;
    reply.type = ICMP_TYPE_ECHO_REPLY;
    reply.code = 0;
    struct ip_send s = {.src = p->dst, .dst = p->src, .protocol = IP_PROTOCOL_ICMP, .tos = p->tos};
    icmp_send(ip, &reply, &s);
}

/* RFC 1122, 3.2.2: an error goes to the transport that sent the quoted packet. What we cannot have sent is
 * not believed. */
static void icmp_error_input(struct ip *ip, const struct ip_packet *p, const struct icmp_repr *error)
{
    struct ipv4_repr quoted;
    if (ipv4_parse_quoted(&quoted, error->payload) < 0 ||
        error->payload.len < (size_t)quoted.header_bytes + ICMP_QUOTED_TRANSPORT_MIN) {
        ip_drop(ip, p, TRACE_ICMP, DROP_MALFORMED);
        return;
    }
    if (!ip_is_local(ip, quoted.src) || quoted.fragment_offset_bytes > 0) {
        ip_drop(ip, p, TRACE_ICMP, DROP_BAD_ADDRESS);
        return;
    }
    struct ip_error e = {.type = error->type,
                         .code = error->code,
                         .mtu = error->mtu,
                         .from = p->src,
                         .src = quoted.src,
                         .dst = quoted.dst,
                         .frame_id = p->frame_id,
                         .quoted = bytes_from(error->payload, quoted.header_bytes)};
    const struct ip_protocol *handler = ip_handler(ip, quoted.protocol);
    if (handler && handler->error)
        handler->error(handler->layer, &e);
    else if (quoted.protocol == IP_PROTOCOL_ICMP && ip->echo_error && e.quoted.at[0] == ICMP_TYPE_ECHO)
        ip->echo_error(ip->echo_reply_context, &e);
}

/* Verifies and reads. False: dropped. */
static bool icmp_accept(struct ip *ip, const struct ip_packet *p, struct icmp_repr *repr)
{
    if (p->payload.len < ICMP_HEADER || icmp_parse(repr, p->payload) < 0) {
        ip_drop(ip, p, TRACE_ICMP, p->payload.len < ICMP_HEADER ? DROP_TRUNCATED : DROP_MALFORMED);
        return false;
    }
    struct step step = {ip->machine, TRACE_ICMP, ip_packet_iface(p), p->frame_id};
    if (ip->verify_checksum) {
        bool good = icmp_checksum_good(p->payload);
        step_checksum_checked(step, (struct step_checksum){p->payload, ICMP_CHECKSUM_AT, 0, good});
        if (!good) {
            ip_drop(ip, p, TRACE_ICMP, DROP_BAD_CHECKSUM);
            return false;
        }
    }
    step_header_removed(step, ICMP_HEADER, p->payload.len);
    return true;
}

void icmp_input(struct ip *ip, const struct ip_packet *p)
{
    struct icmp_repr repr;
    ip->counters.icmp_in++;
    if (!icmp_accept(ip, p, &repr))
        return;
    TRACE(ip->machine, ICMP_RECEIVED, .iface = ip_packet_iface(p), .frame = p->frame_id,
          .u.icmp_received = {.type = repr.type,
                              .code = repr.code,
                              .echo_id = repr.id,
                              .sequence = repr.sequence,
                              .addr = ip_addr_to_v4(p->src)});
    switch (repr.type) {
    case ICMP_TYPE_ECHO:
        icmp_echo_input(ip, p, &repr);
        break;
    case ICMP_TYPE_ECHO_REPLY:
        if (ip->echo_reply)
            ip->echo_reply(ip->echo_reply_context, p->src, &repr, p->frame_id);
        break;
    case ICMP_TYPE_UNREACHABLE:
    case ICMP_TYPE_TIME_EXCEEDED:
    case ICMP_TYPE_PARAMETER_PROBLEM:
        icmp_error_input(ip, p, &repr);
        break;
    default: /* RFC 1122, 3.2.2: an unknown type is silently discarded */
        ip_drop(ip, p, TRACE_ICMP, DROP_UNKNOWN_PROTOCOL);
    }
}
