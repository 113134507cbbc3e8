/*
 * Commands that make frames: a segment by its fields, sent from any machine; and raw bytes, put on any link.
 */
#include "lab/command.h"

#include "base/checksum.h"
#include "base/status.h"
#include "lab/forge.h"
#include "wire/ethernet.h"

enum { FRAME_BYTES_MAX = UINT16_MAX + ETHERNET_HEADER, FLAG_TEXT_MAX = 4 };

/* "SYN,ACK" */
static bool read_flags(const struct json_at *at, uint8_t *flags)
{
    static const char names[8][FLAG_TEXT_MAX] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
    struct json_at m = json_member(at, "flags");
    struct bytes text = {0};
    if (!json_text(at, "flags", &text))
        return false;
    for (size_t i = 0; i < text.len; i += 3) {
        unsigned bit = 0;
        i += i > 0 && text.at[i] == ',';
        while (bit < 8 && (text.len - i < 3 || memcmp(text.at + i, names[bit], 3) != 0))
            bit++;
        if (bit == 8)
            return json_expected(&m, "flags out of FIN SYN RST PSH ACK URG ECE CWR, like \"SYN,ACK\"");
        *flags |= (uint8_t)(1u << bit);
    }
    return true;
}

/* [a, b] */
static bool read_pair(const struct json_at *at, const char *what, uint32_t *a, uint32_t *b)
{
    const cJSON *first = cJSON_IsArray(at->value) ? at->value->child : NULL,
                *second = first ? first->next : NULL;
    if (!second || second->next || !json_is_u32(first) || !json_is_u32(second))
        return json_expected(at, what);
    *a = (uint32_t)first->valuedouble;
    *b = (uint32_t)second->valuedouble;
    return true;
}

static void read_sack(const struct json_at *at, struct tcp_options *o)
{
    struct json_at list = json_member(at, "sack");
    if (!list.value)
        return;
    if (!cJSON_IsArray(list.value) || cJSON_GetArraySize(list.value) > TCP_SACK_BLOCKS_MAX) {
        json_expected(&list, "an array of at most 4 blocks, like [[1000, 2000]]");
        return;
    }
    unsigned index = 0;
    for (const cJSON *block = list.value->child; block; block = block->next, index++) {
        struct json_at e = json_element(&list, index, block);
        if (read_pair(&e, "[left, right]", &o->sack[index].left, &o->sack[index].right))
            o->sack_count = (uint8_t)(index + 1);
    }
}

static void read_options(struct command *c, struct tcp_options *o)
{
    struct json_at at = json_member(c->at, "options"), pair = json_member(&at, "timestamps");
    double mss = 0, scale = 0;
    if (!at.value || !json_is_object(&at))
        return;
    scenario_check_names(&at, SCENARIO_OPTIONS, c->s.scratch);
    scenario_read_stored(&at, SCENARIO_OPTIONS, o);
    scenario_read_number(&at, SCENARIO_OPTIONS, "mss", &mss);
    scenario_read_number(&at, SCENARIO_OPTIONS, "window_scale", &scale);
    o->has_mss = json_has(&at, "mss");
    o->mss = (uint16_t)mss;
    o->has_window_scale = json_has(&at, "window_scale");
    o->window_scale = (uint8_t)scale;
    o->has_timestamps = pair.value && read_pair(&pair, "[value, echo]", &o->ts_value, &o->ts_echo);
    read_sack(&at, o);
}

/* "seq" as it is, or "seq_relative" counted from a SYN that was seen. */
static void read_number(struct command *c, const char *absolute, const char *relative, const bool *base_known,
                        seq_t base, seq_t *out)
{
    struct json_at m = json_member(c->at, relative);
    double number = 0;
    if (json_has(c->at, absolute) && m.value)
        json_fail(&m, "only one of \"%s\" and \"%s\" can say it", absolute, relative);
    scenario_read_number(c->at, SCENARIO_DO_FORGE, absolute, &number);
    *out = (seq_t)(int64_t)number;
    if (!m.value || !scenario_read_number(c->at, SCENARIO_DO_FORGE, relative, &number) || c->checking)
        return;
    if (!*base_known)
        json_fail(&m, "no SYN of that direction was captured to count from; say \"%s\"", absolute);
    *out = base + (seq_t)(int64_t)number;
}

static void read_numbers(struct command *c, struct forged *f)
{
    struct ip_endpoint from = {f->ip.src, f->tcp.src_port}, to = {f->ip.dst, f->tcp.dst_port};
    seq_t isn = 0, peer_isn = 0;
    bool known = !c->checking && forge_find_isn(c->s.lab, from, to, &isn);
    bool peer_known = !c->checking && forge_find_isn(c->s.lab, to, from, &peer_isn);
    read_number(c, "seq", "seq_relative", &known, isn, &f->tcp.seq);
    read_number(c, "ack", "ack_relative", &peer_known, peer_isn, &f->tcp.ack);
}

/* One that the machine has; without a word, that of the route. */
static int read_interface(const struct command *c)
{
    double number = -1;
    json_whole(c->at, "interface", 0, c->host ? host_netif_count(c->host) - 1 : IP_INTERFACES_MAX - 1,
               &number);
    return (int)number;
}

static void read_addresses(struct command *c, struct forged *f)
{
    struct ip_endpoint from = {0}, to = {0};
    struct json_at to_at = json_member(c->at, "to"), from_at = json_member(c->at, "from");
    if (c->host && host_netif_count(c->host) > 0)
        from.addr = host_netif(c->host, f->netif < 0 ? 0 : (unsigned)f->netif)->config.addr;
    if (!to_at.value)
        json_expected(&to_at, "an address and port, like \"10.0.0.2:80\"");
    scenario_read_endpoint(&c->s, c->at, "to", &to);
    scenario_read_endpoint(&c->s, c->at, "from", &from);
    if (to_at.value && !ip_addr_is_v4(to.addr) && c->s.errors->count == 0 && !c->checking)
        json_expected(&to_at, "an IPv4 address");
    if (from_at.value && !ip_addr_is_v4(from.addr) && c->s.errors->count == 0 && !c->checking)
        json_expected(&from_at, "an IPv4 address");
    f->ip.src = from.addr;
    f->ip.dst = to.addr;
    f->tcp.src_port = from.port;
    f->tcp.dst_port = to.port;
}

int64_t command_forge(struct command *c)
{
    struct forged f;
    unsigned protocol = 0, checksum = 0;
    double offset = 0;
    bool given;
    struct json_at offset_at = json_member(c->at, "fragment_offset_bytes");
    forged_default(&f);
    scenario_read_choice(c->at, SCENARIO_DO_FORGE, "protocol", &protocol);
    scenario_read_choice(c->at, SCENARIO_DO_FORGE, "checksum", &checksum);
    scenario_read_stored(c->at, SCENARIO_DO_FORGE, &f);
    scenario_read_number(c->at, SCENARIO_DO_FORGE, "fragment_offset_bytes", &offset);
    if ((unsigned)offset % 8)
        json_expected(&offset_at, "a multiple of 8");
    f.ip.fragment_offset_bytes = (uint16_t)offset;
    f.ip.protocol = protocol == 0 ? IP_PROTOCOL_TCP : IP_PROTOCOL_UDP;
    f.wrong_checksum = checksum == 1;
    f.netif = read_interface(c);
    read_addresses(c, &f);
    read_numbers(c, &f);
    read_flags(c->at, &f.tcp.flags);
    read_options(c, &f.tcp.options);
    scenario_read_data(&c->s, c->at, &f.payload, &given);
    c->detail = f.tcp.flags;
    if (!command_begin(c))
        return STATUS_EINVAL;
    int64_t frame = forge_send(c->host, &f);
    if (frame > 0)
        cJSON_AddNumberToObject(c->reply, "frame", (double)frame);
    return frame;
}

/* Which direction of the link begins at the machine that "from" names; STATUS_ENOENT: it is at neither end. */
static int inject_direction(struct command *c)
{
    struct json_at m = json_member(c->at, "from");
    struct bytes name = {0};
    if (!m.value)
        json_expected(&m, "the name of a node");
    if (!json_text(c->at, "from", &name) || !name.at)
        return STATUS_ENOENT;
    int node = scenario_find_node(&c->s, &m, name);
    const struct link *link = c->link >= 0 ? lab_link(c->s.lab, (unsigned)c->link) : NULL;
    if (node < 0 || !link)
        return STATUS_ENOENT;
    if (link->end[0].node != node && link->end[1].node != node) {
        json_fail(&m, "is at neither end of this link");
        return STATUS_ENOENT;
    }
    return link->end[0].node != node;
}

int64_t command_inject(struct command *c)
{
    struct bytes given = {0};
    bool there;
    unsigned fcs = 0;
    int direction = inject_direction(c);
    scenario_read_choice(c->at, SCENARIO_DO_INJECT, "fcs", &fcs);
    scenario_read_data(&c->s, c->at, &given, &there);
    if (!there)
        json_expected(c->at, "\"base64\" or \"blob\": the frame");
    else if ((given.len == 0 && !json_has(c->at, "blob")) || given.len > FRAME_BYTES_MAX)
        json_fail(c->at, "a frame has 1 to %u bytes", (unsigned)FRAME_BYTES_MAX);
    c->detail = (uint32_t)given.len;
    if (!command_begin(c))
        return STATUS_EINVAL;
    struct lab *l = c->s.lab;
    struct link *link = lab_link(l, (unsigned)c->link);
    uint8_t *frame = json_alloc(c->s.scratch, given.len + ETHERNET_FCS);
    if (!frame || given.len == 0)
        return frame ? STATUS_EINVAL : STATUS_ENOMEM;
    memcpy(frame, given.at, given.len);
    size_t len = given.len;
    if (fcs == 0 && link->framing.ethernet && link->framing.fcs) {
        ethernet_fcs_store(frame + len, crc32_of(frame, len));
        len += ETHERNET_FCS;
    }
    const struct link_packet p = {bytes_of(frame, len), trace_new_frame(l->trace), c->event, RULE_NONE};
    int status = link_send(link, (unsigned)direction, &p, l->now_us);
    if (status == 0)
        cJSON_AddNumberToObject(c->reply, "frame", p.id);
    return status;
}
