/*
 * A scenario's machines: interfaces, routes, TCP settings.
 */
#include "lab/scenario.h"

#include "base/status.h"

enum { MTU_ETHERNET = 1500 };

/* All of a node that must be known before it is built. */
struct scenario_node {
    struct host_config host;
    char name[SCENARIO_NAME_MAX + 1];
    struct netif_config netif[IP_INTERFACES_MAX];
    unsigned netif_count;
};

/* "10.0.0.1/24" */
static bool scenario_read_prefix(const struct json_at *at, const char *name, struct ip_addr *addr,
                                 uint8_t *prefix)
{
    struct json_at m = json_member(at, name);
    struct bytes text = {0};
    if (!json_text(at, name, &text) || !text.at)
        return !m.value;
    const uint8_t *slash = memchr(text.at, '/', text.len);
    size_t len = slash ? (size_t)(slash - text.at) : text.len;
    unsigned bits = 0, digits = 0;
    for (const uint8_t *c = slash ? slash + 1 : NULL; c && *c; c++, digits++) {
        if (*c < '0' || *c > '9' || digits == 3)
            return json_expected(&m, "an address and its prefix length, like \"10.0.0.1/24\"");
        bits = bits * 10 + (unsigned)(*c - '0');
    }
    struct ip_addr parsed;
    if (digits == 0 || ip_addr_parse(&parsed, bytes_first(text, len)) < 0 || !ip_addr_is_v4(parsed) ||
        bits > 32)
        return json_expected(&m, "an address and its prefix length, like \"10.0.0.1/24\"");
    *addr = parsed;
    *prefix = (uint8_t)bits;
    return true;
}

/* What an interface is when nothing is said: numbers by their order in the lab. */
static struct netif_config scenario_netif_default(const struct scenario *s, unsigned index)
{
    unsigned number = s->lab->interface_count + index + 1;
    return (struct netif_config){
        .kind = NETIF_ETHERNET,
        .mtu_bytes = MTU_ETHERNET,
        .mac = {{2, 0, 0, 0, (uint8_t)(number >> 8), (uint8_t)number}},
        .addr = ip_addr_v4(0x0a000000 + (number & 0xffff)),
        .prefix = 24,
        .fcs = true,
    };
}

static void scenario_read_interface(struct scenario *s, const struct json_at *at, struct netif_config *n)
{
    if (!json_is_object(at))
        return;
    scenario_check_names(at, SCENARIO_INTERFACE, s->scratch);
    scenario_read_prefix(at, "address", &n->addr, &n->prefix);
    scenario_read_stored(at, SCENARIO_INTERFACE, n);
    struct bytes mac = {0};
    struct json_at mac_at = json_member(at, "mac");
    if (json_text(at, "mac", &mac) && mac.at && (mac_addr_parse(&n->mac, mac) < 0 || (n->mac.octet[0] & 1)))
        json_expected(&mac_at, "the address of one interface, like \"02:00:00:00:00:01\"");
    unsigned kind = n->kind;
    scenario_read_choice(at, SCENARIO_INTERFACE, "kind", &kind);
    n->kind = kind == 0 ? NETIF_ETHERNET : NETIF_RAW_IP;
    n->fcs = n->fcs && n->kind == NETIF_ETHERNET;
}

static void scenario_read_interfaces(struct scenario *s, const struct json_at *at, struct scenario_node *node)
{
    struct json_at list = json_member(at, "interfaces");
    node->netif[0] = scenario_netif_default(s, 0);
    node->netif_count = 1;
    if (!list.value) {
        scenario_read_prefix(at, "address", &node->netif[0].addr, &node->netif[0].prefix);
        return;
    }
    if (json_has(at, "address"))
        json_fail(at, "has \"address\" and \"interfaces\"; one of them says it all");
    int count = cJSON_GetArraySize(list.value);
    if (!cJSON_IsArray(list.value) || count < 1 || count > IP_INTERFACES_MAX) {
        json_expected(&list, "an array of 1 to 8 interfaces");
        return;
    }
    node->netif_count = 0;
    for (const cJSON *n = list.value->child; n; n = n->next) {
        struct json_at interface = json_element(&list, node->netif_count, n);
        node->netif[node->netif_count] = scenario_netif_default(s, node->netif_count);
        scenario_read_interface(s, &interface, &node->netif[node->netif_count++]);
    }
}

static void scenario_read_tcp(struct scenario *s, const struct json_at *at, struct tcp_config *tcp)
{
    struct json_at m = json_member(at, "tcp");
    unsigned congestion = tcp->congestion, ecn = tcp->ecn;
    if (!m.value || !json_is_object(&m))
        return;
    scenario_check_names(&m, SCENARIO_TCP, s->scratch);
    scenario_read_stored(&m, SCENARIO_TCP, tcp);
    scenario_read_choice(&m, SCENARIO_TCP, "congestion", &congestion);
    unsigned syn_cookies = tcp->syn_cookies, fast_open = tcp->fast_open;
    scenario_read_choice(&m, SCENARIO_TCP, "syn_cookies", &syn_cookies);
    scenario_read_choice(&m, SCENARIO_TCP, "fast_open", &fast_open);
    tcp->congestion = (enum tcp_congestion)congestion;
    tcp->syn_cookies = (enum tcp_syn_cookies)syn_cookies;
    tcp->fast_open = (enum tcp_fast_open)fast_open;
    scenario_read_choice(&m, SCENARIO_TCP, "ecn", &ecn);
    tcp->ecn = (enum tcp_ecn)ecn;
}

static bool scenario_read_name(const struct json_at *at, char name[SCENARIO_NAME_MAX + 1])
{
    struct json_at m = json_member(at, "name");
    struct bytes text = {0};
    if (!json_text(at, "name", &text))
        return false;
    if (!text.at || text.len == 0 || text.len > SCENARIO_NAME_MAX || memchr(text.at, ':', text.len))
        return json_expected(&m, "a name of 1 to 31 bytes without \":\"");
    memset(name, 0, SCENARIO_NAME_MAX + 1);
    memcpy(name, text.at, text.len);
    return true;
}

static bool scenario_switch_fault(struct host_faults *faults, const char *name)
{
    for (unsigned bit = 0; bit < HOST_FAULT_COUNT; bit++) {
        if (strcmp(name, host_fault_name((enum host_fault_bit)bit)) == 0) {
            faults->host |= 1u << bit;
            return true;
        }
    }
    for (unsigned bit = 0; bit < TCP_FAULT_COUNT; bit++) {
        if (strcmp(name, tcp_fault_name((enum tcp_fault_bit)bit)) == 0) {
            faults->tcp |= 1u << bit;
            return true;
        }
    }
    return false;
}

void scenario_read_faults(const struct json_at *at, struct host_faults *out)
{
    struct json_at list = json_member(at, "faults");
    if (!list.value)
        return;
    if (!cJSON_IsArray(list.value)) {
        json_expected(&list, "an array of names");
        return;
    }
    unsigned index = 0;
    for (const cJSON *f = list.value->child; f; f = f->next, index++) {
        struct json_at fault = json_element(&list, index, f);
        if (!cJSON_IsString(f) || !scenario_switch_fault(out, f->valuestring))
            json_expected(&fault,
                          "the name of a fault, such as \"no_checksum_verify\" or \"skip_time_wait\"");
    }
}

/* A switch has not what machines have, and the other way round. */
static void scenario_check_kind(const struct json_at *at, bool is_switch)
{
    static const char *const of_machines[] = {"address", "interfaces",  "routes", "tcp",
                                              "apps",    "sockets_max", "faults", NULL};
    static const char *const of_switches[] = {"ageing_ms", "addresses_max", NULL};
    for (const char *const *name = is_switch ? of_machines : of_switches; *name; name++) {
        struct json_at m = json_member(at, *name);
        if (m.value)
            json_fail(&m, is_switch ? "a switch has none: it has a link layer and nothing above it"
                                    : "only a switch has that");
    }
}

static void scenario_read_node(struct scenario *s, const struct json_at *at, enum scenario_object as,
                               struct scenario_node *node)
{
    unsigned kind = 0;
    struct host_faults faults = {0};
    scenario_check_names(at, as, s->scratch);
    scenario_read_name(at, node->name);
    node->host.name = node->name;
    scenario_read_choice(at, SCENARIO_NODE, "kind", &kind);
    node->host.kind = (enum host_kind)kind;
    scenario_read_stored(at, SCENARIO_NODE, &node->host);
    scenario_check_kind(at, node->host.kind == HOST_KIND_SWITCH);
    if (node->host.kind == HOST_KIND_SWITCH)
        return;
    scenario_read_interfaces(s, at, node);
    scenario_read_tcp(s, at, &node->host.tcp);
    scenario_read_faults(at, &faults);
    node->host.faults = faults.host;
    node->host.tcp.faults = faults.tcp;
}

int scenario_add_node(struct scenario *s, const struct json_at *at, enum scenario_object as)
{
    if (!json_is_object(at))
        return STATUS_EINVAL;
    struct scenario_node node = {0};
    host_config_default(&node.host);
    scenario_read_node(s, at, as, &node);
    if (s->errors->count > 0)
        return STATUS_EINVAL;
    int number = lab_add_host(s->lab, &node.host);
    if (number < 0) {
        json_fail(at, "cannot be made: %s", status_phrase(number));
        return number;
    }
    struct host *h = lab_host(s->lab, (unsigned)number);
    for (unsigned i = 0; i < node.netif_count; i++) {
        int status = host_add_interface(h, &node.netif[i]);
        if (status < 0) {
            json_fail(at, "interface %u cannot be made: %s", i, status_phrase(status));
            return status;
        }
    }
    s->lab->interface_count += node.netif_count;
    return number;
}

/* The interface whose network the gateway is in. */
static bool scenario_route_interface(const struct json_at *at, struct host *h, struct route *r)
{
    for (unsigned i = 0; i < host_netif_count(h); i++) {
        const struct netif_config *n = &host_netif(h, i)->config;
        if (ip_addr_same_net(n->addr, r->gateway, n->prefix)) {
            r->netif = (uint8_t)i;
            return true;
        }
    }
    struct json_at via = json_member(at, "via");
    return json_fail(&via, "no interface of this node is in that network; say which one with \"interface\"");
}

static void scenario_add_route(struct scenario *s, const struct json_at *at, struct host *h)
{
    struct route r = {0};
    double interface = -1;
    if (!json_is_object(at))
        return;
    scenario_check_names(at, SCENARIO_ROUTE, s->scratch);
    if (!json_has(at, "to") || (!json_has(at, "via") && !json_has(at, "interface"))) {
        json_expected(at, "\"to\" with \"via\" or \"interface\"");
        return;
    }
    bool good = scenario_read_prefix(at, "to", &r.net, &r.prefix) &&
                scenario_read_address(s, at, "via", &r.gateway) &&
                json_whole(at, "interface", 0, host_netif_count(h) - 1, &interface);
    r.has_gateway = json_has(at, "via");
    if (!good || (interface < 0 && !scenario_route_interface(at, h, &r)))
        return;
    if (interface >= 0)
        r.netif = (uint8_t)interface;
    int status = host_add_route(h, &r);
    if (status < 0)
        json_fail(at, "%s", status_phrase(status));
}

void scenario_add_routes(struct scenario *s, const struct json_at *node_at, unsigned node)
{
    struct json_at list = json_member(node_at, "routes");
    unsigned index = 0;
    for (const cJSON *r = scenario_list(node_at, SCENARIO_NODE, "routes"); r; r = r->next, index++) {
        struct json_at at = json_element(&list, index, r);
        scenario_add_route(s, &at, lab_host(s->lab, node));
    }
}
