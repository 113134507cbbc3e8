/*
 * ICMP errors about segments of ours (RFC 9293, section 3.9.2.2; RFC 5927). Anybody can send one, so only
 * those are believed that quote a sequence number which is on the way; and but for a connection that is being
 * opened they end nothing: they are remembered as the reason to give when it times out.
 */
#include "transport/tcp_conn.h"

/* The connection that a quoted segment of ours belongs to, if its sequence number is one that is on the way
 * (RFC 5927, section 4). */
static struct tcp_conn *find_quoted(struct tcp *t, const struct ip_error *e)
{
    if (e->quoted.len < 8)
        return NULL;
    struct ip_endpoint local = {e->src, be16_load(e->quoted.at)};
    struct ip_endpoint remote = {e->dst, be16_load(e->quoted.at + 2)};
    seq_t seq = be32_load(e->quoted.at + 4);
    struct tcp_conn *c = tcp_demux_find(t, local, remote);
    bool on_the_way = c && seq_ge(seq, c->snd.una) && seq_lt(seq, c->snd.max);
    return on_the_way ? c : NULL;
}

/*
 * "Fragmentation needed": RFC 1191, section 3, has 68 bytes as the least that a host may come to by it. We stop at 576
 * instead, as Linux does at 552: with less, most of each packet would be headers, for anybody who guesses a sequence
 * number; and below TCP_MSS_MIN with its headers nothing could be sent at all. A hop that does take less may cut up
 * what we send, which ends the discovery (section 2). A router that does not say what it takes gets the same (section 5).
 * DEVIATION from RFC 5927, 7.2, as on Linux: it is believed at once, if it quotes what is on the way, not only when nothing
 * was acknowledged meanwhile.
 */
static void too_big(struct tcp_conn *c, uint32_t told)
{
    struct tcp_work *w = c->work;
    uint32_t mtu = told > TCP_PATH_MTU_MIN ? told : TCP_PATH_MTU_MIN;
    assert(w != &tcp_at_rest); /* something of it is on the way */
    bool cut_up = told < TCP_PATH_MTU_MIN && !w->may_fragment;
    if (mtu >= w->path.mtu_bytes && !cut_up)
        return;
    if (mtu < w->path.mtu_bytes)
        w->path.mtu_bytes = mtu;
    w->may_fragment |= cut_up;
    w->flow.version = 0;
    uint32_t mss = c->snd_mss;
    tcp_update_mss(c);
    struct tcp_window before = tcp_window_of(c);
    if (tcp_synchronised(c) &&
        tcp_congestion_limits(c)) /* RFC 5681, 3.1: as many segments, not more of the smaller */
        c->cwnd = (uint32_t)(((uint64_t)c->cwnd * c->snd_mss + mss - 1) / mss);
    tcp_trace_window(c, before);
    c->rtx_now = tcp_synchronised(c);
    c->rtx_rule = RULE_TCP_RETRANSMIT_TOO_BIG;
}

/*
 * ICMP errors (RFC 9293, 3.9.2.2): those of which the text thinks that they pass are only remembered; so are, once the
 * connection is synchronised, the others (RFC 5927, 5.2).
 * DEVIATION from MUST-56, as on Linux and others (RFC 5461, 4.1): any "unreachable" ends an attempt to open.
 * And from MUST-47: of what is remembered a program learns when the connection gives up, not before.
 */
void tcp_error(void *layer, const struct ip_error *e)
{
    struct tcp *t = layer;
    struct tcp_conn *c = find_quoted(t, e);
    bool unreachable = e->type == ICMP_TYPE_UNREACHABLE;
    if (!c)
        return;
    if (unreachable && e->code == ICMP_CODE_TOO_BIG) {
        too_big(c, e->mtu);
        tcp_settle(c);
        return;
    }
    bool refused = unreachable && (e->code == ICMP_CODE_PORT || e->code == ICMP_CODE_PROTOCOL);
    int error = refused ? STATUS_ECONNREFUSED : STATUS_EHOSTUNREACH;
    if (c->state == TCP_SYN_SENT && unreachable) {
        tcp_fastopen_unanswered(c);
        tcp_terminate(c, error);
    } else {
        c->soft_error = (int16_t)error;
    }
    tcp_settle(c);
}
