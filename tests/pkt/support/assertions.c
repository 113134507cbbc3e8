/*
 * %{ ... }%: what must hold of a connection, as TCP_INFO would tell, whether a program still owns it or not.
 */
#include "pkt/support/play.h"

struct field {
    const char *name;
    int64_t value;
};

static bool find_field(const struct world *w, const struct tcp_info *i, const char *name, int64_t *value)
{
    int64_t now_us = w->start.base_us + w->now_us;
    const struct tcp_counters *n = tcp_counters(host_tcp(w->host));
    const struct field fields[] = {
        {"cwnd", i->snd_cwnd_bytes},
        {"ssthresh", i->snd_ssthresh_bytes},
        {"rto_us", i->rto_us},
        {"srtt_us", i->rtt_us},
        {"rttvar_us", i->rttvar_us},
        {"mss", i->snd_mss},
        {"rcv_mss", i->rcv_mss},
        {"unacked", i->unacked_bytes},
        {"not_sent", i->not_sent_bytes},
        {"send_queue", i->send_queue_bytes},
        {"receive_queue", i->receive_queue_bytes},
        {"out_of_order", i->out_of_order_bytes},
        {"snd_wnd", i->snd_wnd_bytes},
        {"rcv_wnd", i->rcv_wnd_bytes},
        {"snd_wscale", i->snd_wscale},
        {"rcv_wscale", i->rcv_wscale},
        {"wscale_on", i->option_window_scale},
        {"timestamps_on", i->option_timestamps},
        {"ecn_on", i->option_ecn},
        {"syn_data_on", i->option_syn_data},
        {"ecn_echoing", i->ecn_echoing},
        {"backoff", i->backoff},
        {"probes", i->probes},
        {"retransmits", i->retransmits},
        {"dup_acks", i->dup_acks},
        {"in_recovery", i->ca_state == TCP_CA_RECOVERY},
        {"in_loss", i->ca_state == TCP_CA_LOSS},
        {"retransmitted", i->retransmitted_segments},
        {"retransmit_due_us", i->timer_due_us[TCP_TIMER_RETRANSMIT] == TIME_NEVER
                                  ? -1
                                  : i->timer_due_us[TCP_TIMER_RETRANSMIT] - now_us},
        {"connections", n->connections},
        {"bad_checksums", (int64_t)n->in_bad_checksum},
        {"backlog_drops", (int64_t)n->backlog_drops},
        {"cookies_sent", (int64_t)n->cookies_sent},
        {"cookies_taken", (int64_t)n->cookies_taken},
        {"cookies_failed", (int64_t)n->cookies_failed},
        {"fast_opens_active", (int64_t)n->fast_opens_active},
        {"fast_opens_passive", (int64_t)n->fast_opens_passive},
        {"fast_opens_refused", (int64_t)n->fast_opens_refused},
    };
    for (unsigned f = 0; f < sizeof fields / sizeof *fields; f++) {
        if (strcmp(fields[f].name, name) == 0) {
            *value = fields[f].value;
            return true;
        }
    }
    return false;
}

static const char *const comparisons[] = {"==", "!=", "<=", ">=", "<", ">"};

static bool holds(unsigned comparison, int64_t value, int64_t limit)
{
    switch (comparison) {
    case 1:
        return value != limit;
    case 2:
        return value <= limit;
    case 3:
        return value >= limit;
    case 4:
        return value < limit;
    case 5:
        return value > limit;
    default:
        return value == limit;
    }
}

static const char *check_state(struct cursor *c, const struct tcp_conn *conn, const struct tcp_info *i,
                               char why[SCRIPT_MESSAGE_MAX])
{
    char want[SCRIPT_WORD_MAX];
    const char *seen = conn ? tcp_state_name(i->state) : "GONE";
    if (!cursor_word(c, want))
        return "the name of a state expected";
    if (strcmp(want, seen) == 0)
        return NULL;
    snprintf(why, SCRIPT_MESSAGE_MAX, "the state is %s, not %s", seen, want);
    return why;
}

static const char *check_number(struct world *w, struct cursor *c, const char *name, const struct tcp_info *i,
                                char why[SCRIPT_MESSAGE_MAX])
{
    int64_t value, limit;
    unsigned comparison = 0;
    if (!find_field(w, i, name, &value))
        return "no such thing to assert";
    while (comparison < 6 && !cursor_take(c, comparisons[comparison]))
        comparison++;
    if (!cursor_number(c, &limit))
        return "a number expected";
    if (holds(comparison, value, limit))
        return NULL;
    snprintf(why, SCRIPT_MESSAGE_MAX, "%s is %lld", name, (long long)value);
    return why;
}

const char *assertions_play(struct world *w, const struct assert_spec *a, char why[SCRIPT_MESSAGE_MAX])
{
    struct cursor c = {a->text};
    struct tcp_conn *conn = world_connection(w, a->flow);
    struct tcp_info info = {0};
    if (conn)
        tcp_status(conn, &info);
    do {
        char name[SCRIPT_WORD_MAX];
        const char *wrong = NULL;
        if (!cursor_word(&c, name))
            return "the name of something expected";
        if (strcmp(name, "new_isn") == 0)
            w->flows[a->flow].isn_known = w->flows[a->flow].ts_known = false;
        else if (strcmp(name, "state") == 0)
            wrong = check_state(&c, conn, &info, why);
        else
            wrong = check_number(w, &c, name, &info, why);
        if (wrong)
            return wrong;
    } while (cursor_take(&c, ","));
    return cursor_at_end(&c) ? NULL : "a comma expected";
}
