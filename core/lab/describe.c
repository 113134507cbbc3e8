/*
 * The lab's state as JSON: what the page's panels and the command line show of machines and links at this
 * moment. Numbers have the units of their names; times that will never come are null.
 */
#include "lab/command.h"

#include "base/status.h"

#include <stdio.h>

#define INFO(name, kind)                                                                                     \
    {                                                                                                        \
#name, kind, offsetof(struct tcp_info, name), 0, 0                                                   \
    }

static const struct json_field tcp_info_fields[] = {
    INFO(option_window_scale, JSON_BOOLEAN),
    INFO(option_timestamps, JSON_BOOLEAN),
    INFO(option_sack, JSON_BOOLEAN),
    INFO(option_ecn, JSON_BOOLEAN),
    INFO(option_syn_data, JSON_BOOLEAN),
    INFO(ecn_echoing, JSON_BOOLEAN),
    INFO(snd_wscale, JSON_U8),
    INFO(rcv_wscale, JSON_U8),
    INFO(backoff, JSON_U8),
    INFO(probes, JSON_U8),
    INFO(retransmits, JSON_U8),
    INFO(snd_mss, JSON_U16),
    INFO(rcv_mss, JSON_U16),
    INFO(rto_us, JSON_U32),
    INFO(rtt_us, JSON_U32),
    INFO(rttvar_us, JSON_U32),
    INFO(rtt_min_us, JSON_U32),
    INFO(snd_cwnd_bytes, JSON_U32),
    INFO(snd_ssthresh_bytes, JSON_U32),
    INFO(unacked_bytes, JSON_U32),
    INFO(pacing_bytes_per_s, JSON_U64),
    INFO(delivery_bytes_per_s, JSON_U64),
    INFO(lost_segments, JSON_U32),
    INFO(retransmitted_segments, JSON_U32),
    INFO(reordering_seen, JSON_BOOLEAN),
    INFO(dup_acks, JSON_U32),
    INFO(iss, JSON_U32),
    INFO(irs, JSON_U32),
    INFO(snd_una, JSON_U32),
    INFO(snd_nxt, JSON_U32),
    INFO(snd_max, JSON_U32),
    INFO(rcv_nxt, JSON_U32),
    INFO(snd_wnd_bytes, JSON_U32),
    INFO(rcv_wnd_bytes, JSON_U32),
    INFO(send_queue_bytes, JSON_U32),
    INFO(not_sent_bytes, JSON_U32),
    INFO(receive_queue_bytes, JSON_U32),
    INFO(out_of_order_bytes, JSON_U32),
    INFO(send_buffer_bytes, JSON_U32),
    INFO(receive_buffer_bytes, JSON_U32),
    INFO(bytes_sent, JSON_U64),
    INFO(bytes_retransmitted, JSON_U64),
    INFO(bytes_acked, JSON_U64),
    INFO(bytes_received, JSON_U64),
    INFO(segments_out, JSON_U64),
    INFO(segments_in, JSON_U64),
    {.kind = JSON_END},
};

static const struct json_field timer_fields[] = {
#define X(NAME, key) {key, JSON_I64, TCP_TIMER_##NAME * sizeof(int64_t), 0, 0},
    TCP_TIMER_LIST(X)
#undef X
        {.kind = JSON_END},
};

static const struct json_field netif_counter_fields[] = {
    {"in_frames", JSON_U64, offsetof(struct netif_counters, in_frames), 0, 0},
    {"in_bytes", JSON_U64, offsetof(struct netif_counters, in_bytes), 0, 0},
    {"out_frames", JSON_U64, offsetof(struct netif_counters, out_frames), 0, 0},
    {"out_bytes", JSON_U64, offsetof(struct netif_counters, out_bytes), 0, 0},
    {"in_dropped", JSON_U64, offsetof(struct netif_counters, in_dropped), 0, 0},
    {"out_dropped", JSON_U64, offsetof(struct netif_counters, out_dropped), 0, 0},
    {.kind = JSON_END},
};

static const struct json_field tcp_counter_fields[] = {
    {"in_segments", JSON_U64, offsetof(struct tcp_counters, in_segments), 0, 0},
    {"in_bad_checksum", JSON_U64, offsetof(struct tcp_counters, in_bad_checksum), 0, 0},
    {"in_malformed", JSON_U64, offsetof(struct tcp_counters, in_malformed), 0, 0},
    {"in_no_connection", JSON_U64, offsetof(struct tcp_counters, in_no_connection), 0, 0},
    {"out_segments", JSON_U64, offsetof(struct tcp_counters, out_segments), 0, 0},
    {"out_resets", JSON_U64, offsetof(struct tcp_counters, out_resets), 0, 0},
    {"retransmitted_segments", JSON_U64, offsetof(struct tcp_counters, retransmitted_segments), 0, 0},
    {"active_opens", JSON_U64, offsetof(struct tcp_counters, active_opens), 0, 0},
    {"passive_opens", JSON_U64, offsetof(struct tcp_counters, passive_opens), 0, 0},
    {"failed_opens", JSON_U64, offsetof(struct tcp_counters, failed_opens), 0, 0},
    {"resets_received", JSON_U64, offsetof(struct tcp_counters, resets_received), 0, 0},
    {"timeouts", JSON_U64, offsetof(struct tcp_counters, timeouts), 0, 0},
    {"backlog_drops", JSON_U64, offsetof(struct tcp_counters, backlog_drops), 0, 0},
    {"cookies_sent", JSON_U64, offsetof(struct tcp_counters, cookies_sent), 0, 0},
    {"cookies_taken", JSON_U64, offsetof(struct tcp_counters, cookies_taken), 0, 0},
    {"cookies_failed", JSON_U64, offsetof(struct tcp_counters, cookies_failed), 0, 0},
    {"fast_opens_active", JSON_U64, offsetof(struct tcp_counters, fast_opens_active), 0, 0},
    {"fast_opens_passive", JSON_U64, offsetof(struct tcp_counters, fast_opens_passive), 0, 0},
    {"fast_opens_refused", JSON_U64, offsetof(struct tcp_counters, fast_opens_refused), 0, 0},
    {"connections", JSON_U32, offsetof(struct tcp_counters, connections), 0, 0},
    {.kind = JSON_END},
};

static const struct json_field app_state_fields[] = {
    {"id", JSON_U8, offsetof(struct app, id), 0, 0},
    {"step", JSON_U8, offsetof(struct app, step), 0, 0},
    {"done", JSON_BOOLEAN, offsetof(struct app, done), 0, 0},
    {"sent_bytes", JSON_U64, offsetof(struct app, sent_bytes), 0, 0},
    {"received_bytes", JSON_U64, offsetof(struct app, received_bytes), 0, 0},
    {"sent_messages", JSON_U32, offsetof(struct app, sent_messages), 0, 0},
    {"received_messages", JSON_U32, offsetof(struct app, received_messages), 0, 0},
    {"lost_messages", JSON_U32, offsetof(struct app, lost_messages), 0, 0},
    {"connection_count", JSON_U32, offsetof(struct app, connection_count), 0, 0},
    {"wake_us", JSON_I64, offsetof(struct app, wake_us), 0, 0},
    {.kind = JSON_END},
};

static const struct json_field link_counter_fields[] = {
    {"frames", JSON_U64, offsetof(struct link_counters, frames), 0, 0},
    {"delivered", JSON_U64, offsetof(struct link_counters, delivered), 0, 0},
    {"duplicated", JSON_U64, offsetof(struct link_counters, duplicated), 0, 0},
    {"delayed", JSON_U64, offsetof(struct link_counters, delayed), 0, 0},
    {"corrupted", JSON_U64, offsetof(struct link_counters, corrupted), 0, 0},
    {"marked", JSON_U64, offsetof(struct link_counters, marked), 0, 0},
    {.kind = JSON_END},
};

static const struct json_field arp_fields[] = {
    {"deadline_us", JSON_I64, offsetof(struct arp_entry, deadline_us), 0, 0},
    {"used_us", JSON_I64, offsetof(struct arp_entry, used_us), 0, 0},
    {.kind = JSON_END},
};

static const struct json_field bridge_fields[] = {
    {"ageing_us", JSON_I64, offsetof(struct bridge, ageing_us), 0, 0},
    {"addresses_max", JSON_U32, offsetof(struct bridge, addresses_max), 0, 0},
    {.kind = JSON_END},
};

static const struct json_field bridge_entry_fields[] = {
    {"port", JSON_U8, offsetof(struct bridge_entry, port), 0, 0},
    {"heard_us", JSON_I64, offsetof(struct bridge_entry, heard_us), 0, 0},
    {.kind = JSON_END},
};

static const struct json_field in_flight_fields[] = {
    {"frame", JSON_U32, offsetof(struct link_frame, id), 0, 0},
    {"len_bytes", JSON_U32, offsetof(struct link_frame, len), 0, 0},
    {"sent_us", JSON_I64, offsetof(struct link_frame, sent_us), 0, 0},
    {"arrival_us", JSON_I64, offsetof(struct link_frame, arrival_us), 0, 0},
    {.kind = JSON_END},
};

static void add_address(cJSON *to, const char *name, struct ip_addr a)
{
    char text[IP_ADDR_TEXT_MAX];
    ip_addr_format(a, text);
    cJSON_AddStringToObject(to, name, text);
}

static void add_prefix(cJSON *to, const char *name, struct ip_addr a, unsigned prefix)
{
    char text[IP_ADDR_TEXT_MAX], whole[IP_ADDR_TEXT_MAX + 8];
    ip_addr_format(a, text);
    snprintf(whole, sizeof whole, "%s/%u", text, prefix);
    cJSON_AddStringToObject(to, name, whole);
}

static void add_mac(cJSON *to, struct mac_addr a)
{
    char text[MAC_ADDR_TEXT_MAX];
    mac_addr_format(a, text);
    cJSON_AddStringToObject(to, "mac", text);
}

static void add_endpoint(cJSON *to, const char *name, struct ip_endpoint e)
{
    char text[IP_ENDPOINT_TEXT_MAX];
    ip_endpoint_format(e, text);
    cJSON_AddStringToObject(to, name, text);
}

/* A new object at the end of an array. */
static cJSON *add_element(cJSON *array)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddItemToArray(array, o);
    return o;
}

static void describe_arp(cJSON *to, const struct arp *a)
{
    static const char *const states[] = {[ARP_FREE] = "free", [ARP_ASKING] = "asking", [ARP_KNOWN] = "known"};
    cJSON *list = cJSON_AddArrayToObject(to, "arp");
    for (unsigned i = 0; i < ARP_ENTRIES_MAX; i++) {
        const struct arp_entry *e = &a->entry[i];
        if (e->state == ARP_FREE)
            continue;
        cJSON *o = add_element(list);
        add_address(o, "address", e->ip);
        cJSON_AddStringToObject(o, "state", states[e->state]);
        if (e->state == ARP_KNOWN)
            add_mac(o, e->mac);
        cJSON_AddNumberToObject(o, "waiting", e->queued);
        cJSON_AddNumberToObject(o, "attempts", e->attempts);
        json_write_fields(o, arp_fields, e);
    }
}

static void describe_interfaces(cJSON *to, struct lab *l, unsigned node)
{
    struct host *h = l->host[node];
    cJSON *list = cJSON_AddArrayToObject(to, "interfaces");
    for (unsigned i = 0; i < host_netif_count(h); i++) {
        const struct netif *n = host_netif(h, i);
        cJSON *o = add_element(list);
        int link = lab_link_at(l, (struct link_end){(uint8_t)node, (uint8_t)i});
        bool is_port = n->config.kind == NETIF_PORT;
        cJSON_AddStringToObject(o, "kind", n->config.kind == NETIF_RAW_IP ? "raw_ip" : "ethernet");
        if (!is_port) {
            add_prefix(o, "address", n->config.addr, n->config.prefix);
            add_mac(o, n->config.mac);
        }
        cJSON_AddNumberToObject(o, "mtu", n->config.mtu_bytes);
        cJSON_AddBoolToObject(o, "up", n->up);
        if (link >= 0)
            cJSON_AddNumberToObject(o, "link", link);
        cJSON_AddNumberToObject(o, "queue_length_frames", n->queue_count);
        json_write_fields(o, netif_counter_fields, &n->counters);
        if (!is_port)
            describe_arp(o, &n->arp);
    }
}

/* Whom a switch has heard, the last one first. */
static void describe_addresses(cJSON *to, const struct bridge *b)
{
    json_write_fields(to, bridge_fields, b);
    cJSON *list = cJSON_AddArrayToObject(to, "addresses");
    for (const struct bridge_entry *e = b->latest; e; e = e->earlier) {
        cJSON *o = add_element(list);
        add_mac(o, e->mac);
        json_write_fields(o, bridge_entry_fields, e);
    }
}

static void describe_routes(cJSON *to, struct host *h)
{
    const struct route_table *t = &host_ip(h)->routes;
    cJSON *list = cJSON_AddArrayToObject(to, "routes");
    for (unsigned i = 0; i < t->count; i++) {
        const struct route *r = &t->at[i];
        cJSON *o = add_element(list);
        add_prefix(o, "to", r->net, r->prefix);
        if (r->has_gateway)
            add_address(o, "via", r->gateway);
        cJSON_AddNumberToObject(o, "interface", r->netif);
    }
}

static void describe_tcp(cJSON *to, const struct tcp_info *info)
{
    static const char *const phases[] = {
#define X(NAME, key) key,
        TCP_CA_STATE_LIST(X)
#undef X
    };
    cJSON *o = cJSON_AddObjectToObject(to, "tcp");
    cJSON_AddStringToObject(o, "state", tcp_state_name(info->state));
    cJSON_AddStringToObject(o, "ca_state", phases[info->ca_state]);
    cJSON_AddStringToObject(o, "congestion", tcp_congestion_name(info->congestion));
    json_write_fields(o, tcp_info_fields, info);
    json_write_fields(cJSON_AddObjectToObject(o, "timers"), timer_fields, info->timer_due_us);
}

static void describe_sockets(cJSON *to, struct host *h, int64_t now_us)
{
    static const char *const types[] = {
        [SOCKET_FREE] = "free", [SOCKET_TCP] = "tcp", [SOCKET_UDP] = "udp", [SOCKET_PING] = "ping"};
    const int64_t clock_us = host_machine(h)->now_us;
    struct sockets *s = host_sockets(h, now_us);
    cJSON *list = cJSON_AddArrayToObject(to, "sockets");
    for (int handle = socket_next(s, 0); handle > 0; handle = socket_next(s, handle)) {
        struct socket_info info;
        if (socket_info(s, handle, &info) < 0)
            continue;
        cJSON *o = add_element(list);
        cJSON_AddNumberToObject(o, "socket", handle);
        cJSON_AddStringToObject(o, "type", types[info.type]);
        add_endpoint(o, "local", info.local);
        add_endpoint(o, "remote", info.remote);
        cJSON_AddNumberToObject(o, "readable_bytes", info.readable_bytes);
        cJSON_AddNumberToObject(o, "unsent_bytes", info.unsent_bytes);
        cJSON_AddNumberToObject(o, "accept_queue", info.accept_queue);
        cJSON_AddNumberToObject(o, "backlog", info.backlog);
        cJSON_AddStringToObject(o, "error", status_name(info.error));
        cJSON_AddNumberToObject(o, "ready", socket_poll(s, handle));
        if (info.type == SOCKET_TCP)
            describe_tcp(o, &info.tcp);
    }
    host_machine(h)->now_us = clock_us; /* looking leaves no trace */
}

static void describe_apps(cJSON *to, struct host *h)
{
    cJSON *list = cJSON_AddArrayToObject(to, "apps");
    for (unsigned id = 0; id <= HOST_APPS_MAX; id++) {
        const struct app *a = host_app(h, id);
        if (!a)
            continue;
        cJSON *o = add_element(list);
        cJSON *steps = cJSON_AddArrayToObject(o, "steps");
        cJSON_AddStringToObject(o, "app", a->class->name);
        for (const char *const *step = a->class->steps; *step; step++)
            cJSON_AddItemToArray(steps, cJSON_CreateStringReference(*step));
        json_write_fields(o, app_state_fields, a);
        cJSON_AddStringToObject(o, "error", status_name(a->error));
    }
}

/* The rules it breaks. */
static void describe_faults(cJSON *to, const struct host *h)
{
    cJSON *list = cJSON_AddArrayToObject(to, "faults");
    struct host_faults faults = host_faults(h);
    for (unsigned bit = 0; bit < HOST_FAULT_COUNT; bit++)
        if (faults.host & 1u << bit)
            cJSON_AddItemToArray(list,
                                 cJSON_CreateStringReference(host_fault_name((enum host_fault_bit)bit)));
    for (unsigned bit = 0; bit < TCP_FAULT_COUNT; bit++)
        if (faults.tcp & 1u << bit)
            cJSON_AddItemToArray(list, cJSON_CreateStringReference(tcp_fault_name((enum tcp_fault_bit)bit)));
}

/* What TCP counts, for the host's whole life. */
static void describe_counters(cJSON *to, struct host *h)
{
    json_write_fields(cJSON_AddObjectToObject(to, "tcp_counters"), tcp_counter_fields,
                      tcp_counters(host_tcp(h)));
}

cJSON *describe_node(struct lab *l, unsigned node, bool detail)
{
    static const char *const kinds[] = {"host", "router", "switch"};
    assert(node < l->node_count);
    struct host *h = l->host[node];
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "node", node);
    cJSON_AddStringToObject(o, "name", host_name(h));
    cJSON_AddStringToObject(o, "kind", kinds[host_kind(h)]);
    describe_interfaces(o, l, node);
    if (host_bridge(h)) {
        describe_addresses(o, host_bridge(h));
        return o;
    }
    describe_faults(o, h);
    describe_routes(o, h);
    describe_sockets(o, h, l->now_us);
    describe_apps(o, h);
    describe_counters(o, h);
    if (detail)
        describe_node_detail(o, h);
    return o;
}

static void describe_frames(cJSON *list, const struct link *link, unsigned direction)
{
    const struct link_direction *d = &link->direction[direction];
    const struct link_frame *lists[2] = {d->way_head, d->queue_head};
    for (unsigned k = 0; k < 2; k++)
        for (const struct link_frame *f = lists[k]; f; f = f->next) {
            cJSON *o = add_element(list);
            cJSON_AddNumberToObject(o, "direction", direction);
            cJSON_AddBoolToObject(o, "queued", k == 1);
            json_write_fields(o, in_flight_fields, f);
        }
}

cJSON *describe_link(struct lab *l, unsigned number, bool detail)
{
    static const char *const directions[] = {"a_to_b", "b_to_a"};
    const struct link *link = l->link[number];
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "link", number);
    cJSON_AddStringToObject(o, "name", lab_link_name(l, number));
    cJSON *between = cJSON_AddArrayToObject(o, "between");
    for (unsigned i = 0; i < 2; i++) {
        char text[HOST_NAME_MAX_BYTES + 8];
        snprintf(text, sizeof text, "%s:%u", host_name(l->host[link->end[i].node]), link->end[i].iface);
        cJSON_AddItemToArray(between, cJSON_CreateString(text));
    }
    scenario_write_same(o, SCENARIO_WAY, &link->config.way[0], &link->config.way[1]);
    cJSON_AddNumberToObject(o, "mtu", link->config.mtu_bytes);
    for (unsigned d = 0; d < 2; d++) {
        cJSON *direction = cJSON_AddObjectToObject(o, directions[d]);
        scenario_write_stored(direction, SCENARIO_WAY, &link->config.way[d]);
        json_write_fields(direction, link_counter_fields, &link->counters[d]);
        cJSON *lost = cJSON_AddObjectToObject(direction, "lost");
        for (unsigned r = 0; r < LOSS_REASON_COUNT; r++)
            cJSON_AddNumberToObject(lost, loss_reason_name((enum loss_reason)r),
                                    (double)link->counters[d].lost[r]);
    }
    cJSON *frames = cJSON_AddArrayToObject(o, "frames");
    for (unsigned d = 0; d < 2; d++)
        describe_frames(frames, link, d);
    describe_wishes(o, link);
    if (detail)
        describe_link_detail(o, link);
    return o;
}

cJSON *describe_lab(struct lab *l, bool detail)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "now_us", (double)l->now_us);
    cJSON *nodes = cJSON_AddArrayToObject(o, "nodes");
    for (unsigned i = 0; i < l->node_count; i++)
        cJSON_AddItemToArray(nodes, describe_node(l, i, detail));
    cJSON *links = cJSON_AddArrayToObject(o, "links");
    for (unsigned i = 0; i < l->link_count; i++)
        cJSON_AddItemToArray(links, describe_link(l, i, detail));
    cJSON_AddNumberToObject(o, "action_failures", l->action_failures);
    cJSON_AddStringToObject(o, "action_failure", l->action_failure);
    if (detail)
        describe_lab_detail(o, l);
    return o;
}
