/*
 * What to send now (RFC 9293, sections 3.7.4, 3.8.6 and 3.10.2). tcp_decide() looks and fills a plan,
 * tcp_segment.c builds what it says; tcp_output() does one after the other until there is nothing more to
 * send.
 *
 * The order: the SYN, what is lost, new data and the FIN, a bare acknowledgment.
 */
#include "transport/tcp_conn.h"

uint32_t tcp_in_flight(const struct tcp_conn *c)
{
    uint32_t sent = c->snd.nxt - c->snd.una;
    uint32_t lost = c->loss_end - c->rtx_next; /* not on the way, and not yet sent again */
    if (c->uses_sack && c->flight)             /* RFC 6675: the pipe */
        lost = c->flight->sacked_bytes + c->flight->lost_bytes;
    assert(lost <= sent);
    return sent - lost + (c->flight ? c->flight->both_bytes : 0);
}

static APART bool decide_syn(const struct tcp_conn *c, struct tcp_plan *plan)
{
    if (c->snd.nxt != c->snd.iss)
        return false;
    bool passive = c->state == TCP_SYN_RCVD;
    bool waits = !passive && c->fast_open && c->work->send_ring.len == 0;
    if (waits) /* Fast Open: for the text that is to go with it */
        return false;
    *plan = (struct tcp_plan){
        .seq = c->snd.iss,
        .flags = passive ? TCP_SYN | TCP_ACK : TCP_SYN,
        .rule = passive ? RULE_TCP_LISTEN_SYN : RULE_TCP_ACTIVE_OPEN,
    };
    if (!passive && c->fast_open) {
        plan->payload_bytes = tcp_fastopen_syn_text(c);
        plan->rule = RULE_TCP_FAST_OPEN;
    }
    return true;
}

/* The segment that lies at `seq` of what was sent before: SYN, data, FIN, or data with the FIN. */
static void plan_again(const struct tcp_conn *c, seq_t seq, struct tcp_plan *plan)
{
    plan->seq = seq;
    plan->retransmission = true;
    if (!tcp_synchronised(c)) {
        bool has_their_syn = c->state == TCP_SYN_RCVD;
        plan->flags = has_their_syn ? TCP_SYN | TCP_ACK : TCP_SYN;
        if (plan->rule == RULE_TCP_RETRANSMIT_RTO)
            plan->rule = has_their_syn ? RULE_TCP_RETRANSMIT_SYN_ACK : RULE_TCP_RETRANSMIT_SYN;
        return;
    }
    seq_t data_to = tcp_fin_sent(c) ? c->fin_seq : c->snd.nxt;
    uint32_t left = data_to - seq;
    plan->payload_bytes = left < c->snd_mss ? left : c->snd_mss;
    plan->flags = TCP_ACK;
    seq_t end = seq + plan->payload_bytes;
    if (tcp_fin_sent(c) && end == c->fin_seq) {
        plan->flags |= TCP_FIN;
        if (plan->payload_bytes == 0 && plan->rule == RULE_TCP_RETRANSMIT_RTO)
            plan->rule = RULE_TCP_RETRANSMIT_FIN;
    }
    if (plan->payload_bytes && end == tcp_data_end(c))
        plan->flags |= TCP_PSH;
}

/* What the scoreboard has from `from` to `to`, again: no more of it than that, for the rest may have arrived.
 */
static void plan_record(const struct tcp_conn *c, seq_t from, seq_t to, struct tcp_plan *plan)
{
    plan_again(c, from, plan);
    uint32_t data = (tcp_fin_sent(c) ? seq_min(to, c->fin_seq) : to) - from;
    if (plan->payload_bytes > data) {
        plan->payload_bytes = data;
        plan->flags &= (uint8_t) ~(TCP_FIN | TCP_PSH);
    }
}

/* Is anything to be sent again? */
static bool has_lost(const struct tcp_conn *c)
{
    return c->rtx_now || c->rtx_next != c->loss_end || (c->flight && c->flight->lost_bytes > 0);
}

/* May a retransmission as planned go, by the congestion window? The one for which the timer has run out may, whatever is
 * still on its way. */
static bool congestion_allows(const struct tcp_conn *c, const struct tcp_plan *plan)
{
    uint32_t in_flight = tcp_in_flight(c);
    bool of_timer = c->retransmits > 0 && plan->seq == c->snd.una && c->work->resent_us == tcp_now(c);
    return in_flight == 0 || of_timer || !tcp_congestion_limits(c) ||
           in_flight + plan->payload_bytes <= c->cwnd;
}

static RARE bool decide_retransmission(const struct tcp_conn *c, struct tcp_plan *plan)
{
    if (c->rtx_now) {
        plan->rule = (enum trace_rule)c->rtx_rule;
        plan_again(c, c->snd.una, plan);
        return true;
    }
    const struct tcp_sent *lost = c->uses_sack ? tcp_flight_next_lost(c->flight) : NULL;
    if (lost) {
        plan->rule = c->ca_state == TCP_CA_LOSS ? RULE_TCP_RETRANSMIT_RTO
                     : c->tcp->config.rack      ? RULE_TCP_RACK_LOST
                                                : RULE_TCP_SACK_LOST;
        plan_record(c, lost->from, tcp_flight_lost_end(c), plan);
    } else if (c->rtx_next != c->loss_end) {
        plan->rule = RULE_TCP_RETRANSMIT_RTO;
        plan_again(c, c->rtx_next, plan);
    } else {
        return false;
    }
    return !tcp_synchronised(c) ||
           congestion_allows(c, plan); /* a SYN goes, whatever text was sent with it */
}

/* Nothing is lost for certain and there is nothing new to send, but there is room: RFC 6675, NextSeg (3) and (4). */
static RARE bool decide_last_resort(const struct tcp_conn *c, struct tcp_plan *plan)
{
    enum trace_rule rule = RULE_NONE;
    const struct tcp_sent *r = tcp_islost_last_resort(c, &rule);
    if (!r)
        return false;
    struct tcp_plan again = {.rule = rule};
    plan_record(c, r->from, r->to, &again);
    if (!congestion_allows(c, &again))
        return false;
    *plan = again;
    return true;
}

/* How many bytes of new data the congestion window lets out; limited transmit (RFC 3042) lends one segment
 * for each of the first two duplicate acknowledgments. */
static uint32_t congestion_room(const struct tcp_conn *c)
{
    if (!tcp_congestion_limits(c))
        return UINT32_MAX;
    uint32_t in_flight = tcp_in_flight(c);
    uint32_t window = c->cwnd + c->dup_acks_limited * c->snd_mss;
    return window > in_flight ? window - in_flight : 0;
}

/* How many bytes the peer's window has left; less than nothing is nothing. */
static uint32_t peer_room(const struct tcp_conn *c)
{
    if (tcp_faulty(c, TCP_FAULT_IGNORE_WINDOW))
        return UINT32_MAX;
    int32_t room = seq_diff(c->snd.una + c->snd.wnd, c->snd.nxt);
    return room > 0 ? (uint32_t)room : 0;
}

/*
 * May a segment of `len` of `unsent` bytes go? RFC 9293, 3.8.6.2.1 (silly window avoidance) with 3.7.4
 * (Nagle). `peer` is the room that the peer's window has.
 */
static bool worth_sending(const struct tcp_conn *c, uint32_t len, uint32_t unsent, uint32_t peer,
                          bool with_fin)
{
    if (len >= c->snd_mss || c->override_now)
        return true;
    bool nagle_allows = c->snd.nxt == tcp_data_seq(c) || c->user.no_delay;
    if (len == unsent) { /* all there is: Nagle, unless the program said it is in a hurry, or is done */
        bool urgent = c->urgent && c->urgent->sending;
        bool held = c->user.cork || c->more_coming;
        return with_fin || urgent || (!held && nagle_allows);
    }
    bool window_limited = len == peer && nagle_allows;
    uint32_t least = tcp_faulty(c, TCP_FAULT_NO_SWS_AVOIDANCE) ? 1 : c->snd.wnd_max / 2;
    return window_limited && len >= least; /* half of the largest window ever seen */
}

/* Data or a FIN waits and nothing is on the way whose acknowledgment would set it going: a timer must. RFC
 * 9293, 3.8.6.1 and 3.8.6.2.1 (4). */
static void wait_for_room(struct tcp_conn *c)
{
    if (c->snd.una != c->snd.nxt)
        return;
    if (c->snd.wnd == 0) {
        if (!tcp_timer_running(c, TCP_TIMER_PERSIST))
            tcp_arm_persist(c);
    } else if (!tcp_timer_running(c, TCP_TIMER_OVERRIDE)) {
        tcp_timer_arm(c, TCP_TIMER_OVERRIDE, tcp_now(c) + TCP_OVERRIDE_US);
    }
}

static uint32_t min3(uint32_t a, uint32_t b, uint32_t d)
{
    uint32_t least = a < b ? a : b;
    return least < d ? least : d;
}

/* How many more full segments of what is `unsent` go out after this one, if it is full? Not the last of all
 * bytes: that has a PSH, and perhaps a FIN. */
static uint32_t more_of_the_same(const struct tcp_conn *c, uint32_t unsent, uint32_t peer,
                                 uint32_t congestion)
{
    uint32_t room = min3(unsent - 1, peer, congestion);
    if (room < 2 * c->snd_mss || c->dup_acks_limited > 0 || !tcp_takes_shortcuts(c->tcp))
        return 0;
    return room / c->snd_mss - 1;
}

/* New data or the FIN. Most entries end at the first question: nothing was ever left unsent. */
static bool decide_new(struct tcp_conn *c, struct tcp_plan *plan)
{
    uint32_t unsent = tcp_data_end(c) - c->snd.nxt;
    if (unsent == 0 && !c->fin_wanted)
        return false;
    bool early = c->state == TCP_SYN_RCVD && c->passive && c->fast_open; /* RFC 7413, 4.2.2 */
    if ((!tcp_synchronised(c) && !early) || c->state == TCP_TIME_WAIT || tcp_fin_sent(c))
        return false;
    uint32_t peer = peer_room(c);
    uint32_t len = min3(unsent, c->snd_mss, peer);
    uint32_t congestion = congestion_room(c);
    bool with_fin =
        c->fin_wanted && !early && len == unsent && len < peer; /* the FIN needs room in the window as well */
    bool fin_alone = unsent == 0;
    if (fin_alone ? !with_fin : len == 0 || !worth_sending(c, len, unsent, peer, with_fin)) {
        wait_for_room(c);
        return false;
    }
    if (len > congestion) { /* the next acknowledgment will make room for a whole segment */
        tcp_rate_cwnd_limited(c);
        return false;
    }
    bool limited = c->dup_acks_limited > 0;
    plan->seq = c->snd.nxt;
    plan->payload_bytes = len;
    plan->flags = TCP_ACK;
    if (len > 0 && len == unsent)
        plan->flags |= TCP_PSH;
    if (with_fin)
        plan->flags |= TCP_FIN;
    if (fin_alone)
        plan->rule = RULE_TCP_CLOSE_FIN;
    else if (c->override_now && len < c->snd_mss)
        plan->rule = RULE_TCP_OVERRIDE;
    else
        plan->rule = limited ? RULE_TCP_LIMITED_TRANSMIT : RULE_TCP_SEND;
    plan->more = fin_alone ? 0 : more_of_the_same(c, unsent, peer, congestion);
    plan->last = len == unsent && with_fin == c->fin_wanted && c->ca_state < TCP_CA_RECOVERY;
    return true;
}

static bool decide_ack(const struct tcp_conn *c, struct tcp_plan *plan)
{
    if (!c->ack_now || c->state == TCP_SYN_SENT)
        return false;
    plan->seq = c->snd.nxt;
    plan->flags = TCP_ACK;
    plan->rule = (enum trace_rule)c->ack_rule;
    return true;
}

/* RFC 5682, step 2b, when no new data can go (any more). */
static RARE bool decide_after_timer(struct tcp_conn *c, struct tcp_plan *plan)
{
    tcp_spurious_nothing_new(c);
    return has_lost(c) && !tcp_spurious_sends_new(c) && decide_retransmission(c, plan);
}

static bool decide_data(struct tcp_conn *c, struct tcp_plan *plan)
{
    bool sends_new = tcp_spurious_sends_new(c);
    if (has_lost(c) && !sends_new) {
        if (decide_retransmission(c, plan))
            return true;
        *plan = (struct tcp_plan){0};
    }
    if (decide_new(c, plan))
        return true;
    if (sends_new)
        return decide_after_timer(c, plan);
    return c->ca_state == TCP_CA_RECOVERY && decide_last_resort(c, plan);
}

bool tcp_decide(struct tcp_conn *c, struct tcp_plan *plan)
{
    *plan = (struct tcp_plan){0};
    if (!tcp_synchronised(c) && decide_syn(c, plan))
        return true;
    if (decide_data(c, plan)) {
        if (!c->cc->update || plan->payload_bytes == 0)
            return true;
        plan->more = 0; /* each at its time */
        if (tcp_pacing_allows(c))
            return true;
    }
    *plan = (struct tcp_plan){0};
    return decide_ack(c, plan);
}

/* What sending new data, a SYN or a FIN changes. */
static void account_new(struct tcp_conn *c, const struct tcp_plan *plan, uint32_t taken)
{
    bool was_idle = c->snd.una == c->snd.nxt;
    bool syn = (plan->flags & TCP_SYN) != 0;
    if (c->uses_sack && !syn) {
        if (tcp_flight_sent(c, plan->seq, plan->seq + taken))
            c->flight->prr_out += plan->payload_bytes;
        else
            tcp_sack_give_up(c);
    }
    c->snd.nxt += taken;
    c->snd.max = seq_max(c->snd.max, c->snd.nxt);
    c->override_now = false;
    if (c->cc->update)
        tcp_pacing_sent(c, plan->payload_bytes);
    c->data_sent_us = tcp_now(c);
    if (c->dup_acks_limited > 0)
        c->dup_acks_limited--;
    if (was_idle)
        c->work->progress_us = tcp_now(c);
    if (!c->rtt_timing && (syn || !c->uses_sack))
        tcp_rtt_start(c, c->snd.nxt);
    tcp_timer_stop(c, TCP_TIMER_PERSIST);
    tcp_timer_stop(c, TCP_TIMER_OVERRIDE);
    if (!tcp_timer_running(c, TCP_TIMER_RETRANSMIT))
        tcp_arm_retransmit(c);
    if ((plan->flags & TCP_FIN) && c->state == TCP_CLOSE_WAIT)
        tcp_set_state(c, TCP_LAST_ACK);
}

static RARE void account_again(struct tcp_conn *c, const struct tcp_plan *plan)
{
    uint32_t taken = tcp_seq_length(plan->flags, plan->payload_bytes);
    seq_t end = plan->seq + taken;
    c->rtx_now = false;
    if (seq_lt(c->rtx_next, end))
        c->rtx_next = seq_min(end, c->loss_end);
    tcp_spurious_sent_again(c, end);
    tcp_pacing_sent(c, plan->payload_bytes);
    if (plan->rule == RULE_TCP_SACK_RESCUE)
        c->flight->rescue = c->recover;
    if (c->rtt_timing && seq_gt(end, c->snd.una) && seq_lt(plan->seq, c->work->rtt_seq))
        c->rtt_timing = false; /* Karn: it would not be known which of the two was acknowledged */
    if (c->uses_sack && tcp_synchronised(c)) {
        tcp_flight_sent_again(c, plan->seq, end);
        c->flight->prr_out += plan->payload_bytes;
    }
    c->retransmitted_segments++;
    c->bytes_retransmitted += plan->payload_bytes;
    c->tcp->counters.retransmitted_segments++;
    bool first = plan->seq == c->snd.una && tcp_synchronised(c) && c->work->resent_us != tcp_now(c);
    if (first || !tcp_timer_running(c, TCP_TIMER_RETRANSMIT)) /* RFC 6298, 5: not again within an RTO */
        tcp_arm_retransmit(c);
}

void tcp_account(struct tcp_conn *c, const struct tcp_plan *plan)
{
    uint32_t taken = tcp_seq_length(plan->flags, plan->payload_bytes);
    if (plan->retransmission)
        account_again(c, plan);
    else if (taken > 0)
        account_new(c, plan, taken);
}

bool tcp_plan_probe(struct tcp_conn *c, struct tcp_plan *plan)
{
    uint32_t unsent = tcp_fin_sent(c) ? 0 : tcp_data_end(c) - c->snd.nxt;
    uint32_t len = min3(unsent, c->snd_mss, peer_room(c));
    *plan = (struct tcp_plan){.rule = RULE_TCP_TAIL_LOSS_PROBE};
    if (len > 0) {
        plan->seq = c->snd.nxt;
        plan->payload_bytes = len;
        plan->flags = TCP_ACK | (len == unsent ? TCP_PSH : 0);
        return true;
    }
    const struct tcp_sent *last = tcp_flight_at(c->flight, c->flight->count - 1);
    plan_record(c, last->from, last->to, plan);
    return false;
}

/* Sends what the plan says. False: no memory or no route; the timer will try again. */
static bool carry_out(struct tcp_conn *c, struct tcp_plan *plan)
{
    do {
        if (tcp_segment_send(c, plan) < 0) {
            if (c->snd.nxt != c->snd.una && !tcp_timer_running(c, TCP_TIMER_RETRANSMIT))
                tcp_arm_retransmit(c);
            return false;
        }
        tcp_account(c, plan);
        plan->seq += plan->payload_bytes;
    } while (plan->more-- > 0);
    return true;
}

/* Is there a reason to decide once more, after what has just gone out? */
static bool may_be_followed(const struct tcp_conn *c, const struct tcp_plan *sent)
{
    bool bare_ack = sent->payload_bytes == 0 && !(sent->flags & (TCP_SYN | TCP_FIN)); /* it comes last */
    bool opens = (sent->flags & TCP_SYN) && !c->fast_open;
    bool last = sent->last && !c->ack_now; /* blocks that had no room go in an acknowledgment of their own */
    return !bare_ack && !((opens || last) && tcp_takes_shortcuts(c->tcp));
}

void tcp_output(struct tcp_conn *c)
{
    struct tcp_plan plan;
    seq_t nxt_before = c->snd.nxt;
    bool more;
    do
        more = tcp_decide(c, &plan) && carry_out(c, &plan) && may_be_followed(c, &plan);
    while (more && !tcp_all_sent(c));
    if (more && c->ack_now)
        tcp_output_ack(c);
    if (c->uses_sack && c->snd.nxt != nxt_before)
        tcp_probe_schedule(c);
}

void tcp_ack_at_once(struct tcp_conn *c, enum trace_rule rule)
{
    if (!c->ack_now)
        c->ack_rule = (uint16_t)rule;
    c->ack_now = true;
}

/* RFC 9293, 3.8.6.3: at least every second full segment, and within delayed_ack_us. */
void tcp_ack_soon(struct tcp_conn *c)
{
    uint32_t unacked = c->rcv.nxt - c->rcv.acked;
    if (unacked >= 2 * c->rcv_mss)
        tcp_ack_at_once(c, RULE_TCP_ACK_SECOND_SEGMENT);
    else if (c->user.quick_ack || c->tcp->config.delayed_ack_us == 0 ||
             tcp_faulty(c, TCP_FAULT_NO_DELAYED_ACK))
        tcp_ack_at_once(c, RULE_TCP_ACK_NOW);
    else if (!tcp_timer_running(c, TCP_TIMER_DELAYED_ACK))
        tcp_timer_arm(c, TCP_TIMER_DELAYED_ACK, tcp_now(c) + c->tcp->config.delayed_ack_us);
}

/*
 * RFC 5961, section 7: what an outsider could provoke is limited, for all connections of the host together. How
 * many there are in a second nobody can foresee, or who provokes them in a connection of his own could count how
 * many were drawn by another: from half of the limit to all of it.
 */
void tcp_challenge_ack(struct tcp_conn *c, enum trace_rule rule)
{
    struct tcp *t = c->tcp;
    int64_t second = tcp_now(c) / 1000000;
    if (t->challenge_second != second) {
        uint32_t most = t->config.challenge_acks_per_s;
        t->challenge_second = second;
        t->challenges_left = most - (most ? rng_below(&t->machine->rng, most / 2 + 1) : 0);
    }
    if (t->challenges_left == 0)
        return;
    t->challenges_left--;
    tcp_ack_at_once(c, rule);
}
