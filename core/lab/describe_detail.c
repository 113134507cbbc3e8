/*
 * The parts of a description that one asks for ("detail"): every connection block with its scoreboard, what it
 * holds out of order and who waits to be accepted; counters of each layer; what a link is told to do to exactly which
 * frames; and what actions wait for. The page, which asks many times a second, does without.
 */
#include "lab/command.h"

#include "base/status.h"
#include "transport/tcp_view.h"

/* More are counted and not listed: a description must end. */
enum { CONNECTIONS_TOLD_MAX = 256, SEGMENTS_TOLD_MAX = 256 };

#define VIEW(name, kind)                                                                                     \
    {                                                                                                        \
#name, kind, offsetof(struct tcp_view, name), 0, 0                                                   \
    }

static const struct json_field sender_fields[] = {
    VIEW(fin_wanted, JSON_BOOLEAN),
    VIEW(flight_count, JSON_U32),
    VIEW(sacked_bytes, JSON_U32),
    VIEW(lost_bytes, JSON_U32),
    VIEW(rack_rtt_us, JSON_U32),
    VIEW(fack, JSON_U32),
    VIEW(recover, JSON_U32),
    VIEW(rtx_next, JSON_U32),
    VIEW(loss_end, JSON_U32),
    VIEW(cwnd_credit_bytes, JSON_U32),
    VIEW(prr_delivered_bytes, JSON_U32),
    VIEW(prr_out_bytes, JSON_U32),
    {.kind = JSON_END},
};

static const struct json_field listener_fields[] = {
    VIEW(backlog, JSON_U32),
    VIEW(half_open, JSON_U32),
    VIEW(ready_count, JSON_U32),
    {.kind = JSON_END},
};

static const struct json_field segment_fields[] = {
    {"from", JSON_U32, offsetof(struct tcp_view_segment, from), 0, 0},
    {"to", JSON_U32, offsetof(struct tcp_view_segment, to), 0, 0},
    {"sent_us", JSON_I64, offsetof(struct tcp_view_segment, sent_us), 0, 0},
    {"sacked", JSON_BOOLEAN, offsetof(struct tcp_view_segment, sacked), 0, 0},
    {"lost", JSON_BOOLEAN, offsetof(struct tcp_view_segment, lost), 0, 0},
    {"sent_again", JSON_BOOLEAN, offsetof(struct tcp_view_segment, sent_again), 0, 0},
    {.kind = JSON_END},
};

static const struct json_field ip_counter_fields[] = {
    {"in_packets", JSON_U64, offsetof(struct ip_counters, in_packets), 0, 0},
    {"in_delivered", JSON_U64, offsetof(struct ip_counters, in_delivered), 0, 0},
    {"in_bad", JSON_U64, offsetof(struct ip_counters, in_bad), 0, 0},
    {"in_no_protocol", JSON_U64, offsetof(struct ip_counters, in_no_protocol), 0, 0},
    {"in_fragments", JSON_U64, offsetof(struct ip_counters, in_fragments), 0, 0},
    {"out_packets", JSON_U64, offsetof(struct ip_counters, out_packets), 0, 0},
    {"out_no_route", JSON_U64, offsetof(struct ip_counters, out_no_route), 0, 0},
    {"forwarded", JSON_U64, offsetof(struct ip_counters, forwarded), 0, 0},
    {"icmp_in", JSON_U64, offsetof(struct ip_counters, icmp_in), 0, 0},
    {"icmp_out", JSON_U64, offsetof(struct ip_counters, icmp_out), 0, 0},
    {.kind = JSON_END},
};

static const struct json_field udp_counter_fields[] = {
    {"in_datagrams", JSON_U64, offsetof(struct udp_counters, in_datagrams), 0, 0},
    {"in_no_port", JSON_U64, offsetof(struct udp_counters, in_no_port), 0, 0},
    {"in_bad", JSON_U64, offsetof(struct udp_counters, in_bad), 0, 0},
    {"in_full", JSON_U64, offsetof(struct udp_counters, in_full), 0, 0},
    {"out_datagrams", JSON_U64, offsetof(struct udp_counters, out_datagrams), 0, 0},
    {.kind = JSON_END},
};

static const struct json_field exact_fields[] = {
    {"first", JSON_U32, offsetof(struct link_exact, first), 0, 0},
    {"last", JSON_U32, offsetof(struct link_exact, last), 0, 0},
    {"every", JSON_U32, offsetof(struct link_exact, every), 0, 0},
    {"seen", JSON_U32, offsetof(struct link_exact, seen), 0, 0},
    {"by_ms", JSON_MS_AS_US32, offsetof(struct link_exact, by_us), 0, 0},
    {.kind = JSON_END},
};

static cJSON *add_element(cJSON *array)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddItemToArray(array, o);
    return o;
}

static void add_endpoint(cJSON *to, const char *name, struct ip_endpoint e)
{
    char text[IP_ENDPOINT_TEXT_MAX];
    ip_endpoint_format(e, text);
    cJSON_AddStringToObject(to, name, text);
}

static void describe_receiver(cJSON *to, const struct tcp_view *v)
{
    cJSON *o = cJSON_AddObjectToObject(to, "receiver"), *held = cJSON_AddArrayToObject(o, "held");
    cJSON_AddBoolToObject(o, "fin_received", v->fin_received);
    for (uint32_t i = 0; i < v->held.count; i++) {
        cJSON *range = add_element(held);
        cJSON_AddNumberToObject(range, "from", v->held.at[i].from);
        cJSON_AddNumberToObject(range, "to", v->held.at[i].to);
    }
}

static void describe_sender(cJSON *to, const struct tcp_conn *c, const struct tcp_view *v)
{
    cJSON *o = cJSON_AddObjectToObject(to, "sender");
    json_write_fields(o, sender_fields, v);
    cJSON *flight = cJSON_AddArrayToObject(o, "flight");
    for (uint32_t i = 0; i < v->flight_count && i < SEGMENTS_TOLD_MAX; i++) {
        const struct tcp_view_segment s = tcp_view_flight(c, i);
        json_write_fields(add_element(flight), segment_fields, &s);
    }
}

static void describe_listener(cJSON *to, const struct tcp_conn *c, const struct tcp_view *v)
{
    cJSON *o = cJSON_AddObjectToObject(to, "listener");
    json_write_fields(o, listener_fields, v);
    cJSON *ready = cJSON_AddArrayToObject(o, "ready");
    for (uint32_t i = 0; i < v->ready_count; i++) {
        char text[IP_ENDPOINT_TEXT_MAX];
        ip_endpoint_format(tcp_view_ready(c, i), text);
        cJSON_AddItemToArray(ready, cJSON_CreateString(text));
    }
}

static void describe_connections(cJSON *to, const struct tcp *t)
{
    cJSON *list = cJSON_AddArrayToObject(to, "connections");
    unsigned count = 0;
    for (const struct tcp_conn *c = NULL; (c = tcp_view_next(t, c));) {
        struct tcp_view v;
        if (++count > CONNECTIONS_TOLD_MAX)
            continue;
        tcp_view_of(&v, c);
        cJSON *o = add_element(list);
        add_endpoint(o, "local", v.local);
        add_endpoint(o, "remote", v.remote);
        cJSON_AddStringToObject(o, "state", tcp_state_name(v.state));
        cJSON_AddNumberToObject(o, "socket", v.socket);
        cJSON_AddBoolToObject(o, "passive", v.passive);
        if (v.listens) {
            describe_listener(o, c, &v);
            continue;
        }
        describe_sender(o, c, &v);
        describe_receiver(o, &v);
    }
    cJSON_AddNumberToObject(to, "connection_count", count);
}

void describe_node_detail(cJSON *to, struct host *h)
{
    describe_connections(to, host_tcp(h));
    json_write_fields(cJSON_AddObjectToObject(to, "ip_counters"), ip_counter_fields, &host_ip(h)->counters);
    json_write_fields(cJSON_AddObjectToObject(to, "udp_counters"), udp_counter_fields,
                      &host_udp(h)->counters);
    int64_t due_us = host_deadline(h);
    if (due_us == TIME_NEVER)
        cJSON_AddNullToObject(to, "next_us");
    else
        cJSON_AddNumberToObject(to, "next_us", (double)due_us);
}

void describe_wishes(cJSON *to, const struct link *l)
{
#define X(NAME, text) text,
    static const char *const kinds[] = {LINK_EXACT_LIST(X)};
    static const char *const matches[] = {LINK_MATCH_LIST(X)};
#undef X
    static const char *const directions[] = {"a_to_b", "b_to_a", "both"};
    cJSON *list = cJSON_AddArrayToObject(to, "exactly");
    for (unsigned i = 0; i < l->exact_count; i++) {
        cJSON *o = add_element(list);
        cJSON_AddStringToObject(o, "do", kinds[l->exact[i].kind]);
        cJSON_AddStringToObject(o, "match", matches[l->exact[i].match]);
        cJSON_AddStringToObject(o, "direction", directions[l->exact[i].direction]);
        json_write_fields(o, exact_fields, &l->exact[i]);
    }
    cJSON *drops = cJSON_AddArrayToObject(to, "drop_next");
    for (unsigned d = 0; d < 2; d++)
        for (unsigned i = 0; i < LINK_MATCHERS_MAX; i++) {
            const struct link_matcher *m = &l->direction[d].matcher[i];
            if (m->count == 0)
                continue;
            cJSON *o = add_element(drops);
            cJSON_AddStringToObject(o, "match", matches[m->match]);
            cJSON_AddStringToObject(o, "direction", directions[d]);
            cJSON_AddNumberToObject(o, "count", m->count);
        }
}

void describe_link_detail(cJSON *to, const struct link *l)
{
    static const char *const directions[] = {"a_to_b", "b_to_a"};
    for (unsigned d = 0; d < 2; d++) {
        cJSON *o = cJSON_GetObjectItemCaseSensitive(to, directions[d]);
        cJSON_AddNumberToObject(o, "queue_length_frames", l->direction[d].queue_count);
        cJSON_AddBoolToObject(o, "bursting", l->direction[d].bursting);
    }
}

/* An action as it was written; it is JSON that we once read. */
static void add_action(cJSON *to, const char *text, uint32_t len)
{
    cJSON *command = cJSON_ParseWithLength(text, len);
    if (command)
        cJSON_AddItemToObject(to, "command", command);
}

void describe_lab_detail(cJSON *to, const struct lab *l)
{
    cJSON *coming = cJSON_AddArrayToObject(to, "actions_to_come");
    for (const struct lab_action *a = l->actions; a; a = a->next) {
        cJSON *o = add_element(coming);
        cJSON_AddNumberToObject(o, "at_us", (double)a->at_us);
        add_action(o, a->json, a->len);
    }
    cJSON *waiting = cJSON_AddArrayToObject(to, "actions_waiting");
    for (const struct lab_wait *w = l->waits; w; w = w->next) {
        cJSON *o = add_element(waiting);
        cJSON_AddNumberToObject(o, "times", w->when.nth);
        cJSON_AddBoolToObject(o, "ends_the_run", w->ends);
        add_action(o, w->json, w->len);
    }
    if (l->ended_us == TIME_NEVER)
        cJSON_AddNullToObject(to, "ended_us");
    else
        cJSON_AddNumberToObject(to, "ended_us", (double)l->ended_us);
    cJSON_AddNumberToObject(to, "seed", (double)l->seed);
}
