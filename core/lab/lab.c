/*
 * Machines, links and the clock. All the lab does is to find what is due first and to let it have its turn: a
 * link gives up a frame that arrived, or a host runs its timers; then whatever the host has to send is put on
 * its links.
 *
 * The time of the next thing of each host and link is remembered, so finding the first is a look over small
 * arrays. That is enough for dozens of nodes; a heap would pay beyond that.
 */
#include "lab/lab_state.h"

#include "base/status.h"

enum { LAB_TRACE_DEFAULT = 65536 };

struct lab *lab_create(void *memory, size_t size, const struct lab_config *config)
{
    struct arena *a = arena_create(memory, size);
    struct lab *l = a ? arena_zalloc(a, sizeof *l) : NULL;
    if (!l)
        return NULL;
    uint32_t trace_events = config->trace_events ? config->trace_events : LAB_TRACE_DEFAULT;
    uint32_t capture_bytes = config->capture_bytes ? config->capture_bytes : CAPTURE_BYTES_DEFAULT;
    assert((trace_events & (trace_events - 1)) == 0);
    if (capture_bytes < CAPTURE_BYTES_MIN)
        capture_bytes = CAPTURE_BYTES_MIN;
    l->magic = LAB_MAGIC;
    l->arena = a;
    l->seed = config->seed;
    l->ended_us = TIME_NEVER;
    l->trace = trace_create(a, trace_events);
    l->capture = capture_create(a, capture_bytes & ~7u);
    return l->trace && l->capture ? l : NULL;
}

int lab_find_node(const struct lab *l, struct bytes name)
{
    for (unsigned i = 0; i < l->node_count; i++) {
        const char *other = host_name(l->host[i]);
        if (bytes_equal(name, bytes_of(other, strlen(other))))
            return (int)i;
    }
    return STATUS_ENOENT;
}

int lab_add_host(struct lab *l, struct host_config *config)
{
    if (l->node_count == LAB_NODES_MAX)
        return STATUS_ENOBUFS;
    if (lab_find_node(l, bytes_of(config->name, strlen(config->name))) >= 0)
        return STATUS_EEXIST;
    unsigned node = l->node_count;
    config->node = (uint8_t)node;
    config->seed = l->seed;
    struct host *h = host_create(l->arena, l->trace, config);
    if (!h)
        return STATUS_ENOMEM;
    l->host[node] = h;
    l->host_due_us[node] = host_deadline(h);
    l->node_count++;
    return (int)node;
}

static bool lab_end_exists(const struct lab *l, struct link_end e)
{
    return e.node < l->node_count &&
           e.iface < (lab_is_switch(l, e.node) ? LAB_PORTS_MAX : host_netif_count(l->host[e.node]));
}

int lab_link_at(const struct lab *l, struct link_end end)
{
    if (end.node >= l->node_count || end.iface >= LAB_PORTS_MAX || l->link_at[end.node][end.iface] == 0)
        return STATUS_ENOENT;
    return l->link_at[end.node][end.iface] - 1;
}

int lab_add_link(struct lab *l, struct link_end a, struct link_end b, const struct link_config *config)
{
    if (!lab_end_exists(l, a) || !lab_end_exists(l, b) || (a.node == b.node && a.iface == b.iface))
        return STATUS_EINVAL;
    if (lab_link_at(l, a) >= 0 || lab_link_at(l, b) >= 0)
        return STATUS_EEXIST;
    if (l->link_count == LAB_LINKS_MAX)
        return STATUS_ENOBUFS;
    uint8_t way[LAB_NODES_MAX];
    if (link_config_check(config) < 0 || lab_switch_way(l, a.node, b.node, way) > 0)
        return STATUS_EINVAL;
    if (lab_prepare_port(l, a, b) < 0 || lab_prepare_port(l, b, a) < 0)
        return STATUS_ENOMEM;
    const struct netif_config *na = &host_netif(l->host[a.node], a.iface)->config;
    const struct netif_config *nb = &host_netif(l->host[b.node], b.iface)->config;
    bool ethernet = na->kind != NETIF_RAW_IP;
    if (ethernet != (nb->kind != NETIF_RAW_IP) || na->fcs != nb->fcs)
        return STATUS_EINVAL;
    unsigned number = l->link_count;
    struct link *link = link_create(l->arena, l->trace, l->capture, (uint8_t)number, l->seed, config);
    if (!link)
        return STATUS_ENOMEM;
    link->end[0] = a;
    link->end[1] = b;
    link->framing = (struct link_framing){ethernet, ethernet && na->fcs,
                                          na->mtu_bytes < nb->mtu_bytes ? na->mtu_bytes : nb->mtu_bytes};
    l->link[number] = link;
    l->link_due_us[number] = TIME_NEVER;
    l->link_at[a.node][a.iface] = l->link_at[b.node][b.iface] = (uint8_t)(number + 1);
    l->link_count++;
    lab_carrier(l, number);
    return (int)number;
}

int lab_name_link(struct lab *l, unsigned link, struct bytes name)
{
    assert(link < l->link_count);
    int other = lab_find_link(l, name);
    if (name.len == 0 || name.len > LAB_NAME_MAX)
        return STATUS_EINVAL;
    if (other >= 0 && (unsigned)other != link)
        return STATUS_EEXIST;
    memset(l->link_name[link], 0, sizeof l->link_name[link]);
    memcpy(l->link_name[link], name.at, name.len);
    return 0;
}

int lab_find_link(const struct lab *l, struct bytes name)
{
    for (unsigned i = 0; i < l->link_count; i++)
        if (name.len > 0 && bytes_equal(name, bytes_of(l->link_name[i], strlen(l->link_name[i]))))
            return (int)i;
    return STATUS_ENOENT;
}

const char *lab_link_name(const struct lab *l, unsigned link)
{
    assert(link < l->link_count);
    return l->link_name[link];
}

void lab_link_changed(struct lab *l, unsigned link)
{
    assert(link < l->link_count);
    l->link_due_us[link] = link_deadline(l->link[link]);
}

/* A frame left an interface that no cable is in. */
static void lab_lose_unplugged(struct lab *l, unsigned node, unsigned iface, const struct frame *f)
{
    const struct trace_event e = {
        .t_us = l->now_us,
        .kind = TRACE_FRAME_LOST,
        .cause = f->cause,
        .rule = f->rule,
        .node = (uint8_t)node,
        .iface = (uint8_t)iface,
        .frame = f->id,
        .u.frame_lost = {.link = UINT8_MAX, .reason = LOSS_DOWN, .len_bytes = f->len}};
    trace_emit(l->trace, &e);
}

/* Puts what a host has to send on its links. */
static void lab_drain(struct lab *l, unsigned node)
{
    struct host *h = l->host[node];
    unsigned iface;
    for (struct frame *f; (f = host_output(h, &iface)); host_frame_free(h, f)) {
        struct link_end end = {(uint8_t)node, (uint8_t)iface};
        int number = lab_link_at(l, end);
        if (number < 0) {
            lab_lose_unplugged(l, node, iface, f);
            continue;
        }
        struct link *link = l->link[number];
        unsigned direction = !(link->end[0].node == end.node && link->end[0].iface == end.iface);
        const struct link_packet p = {frame_bytes(f), f->id, f->cause, f->rule};
        link_send(link, direction, &p,
                  l->now_us); /* without memory the frame is lost, as on a machine without it */
        lab_link_changed(l, (unsigned)number);
    }
    l->host_due_us[node] = host_deadline(h);
}

void lab_settle(struct lab *l, unsigned node)
{
    assert(node < l->node_count);
    host_poll(l->host[node], l->now_us);
    lab_drain(l, node);
}

static void lab_run_link(struct lab *l, unsigned number)
{
    struct link *link = l->link[number];
    unsigned direction = 0;
    bool done;
    struct link_frame *f = link_run(link, l->now_us, &direction, &done);
    assert(done);
    if (f) {
        struct link_end to = link->end[1 - direction];
        uint32_t before = trace_enter(l->trace, f->event);
        host_input(l->host[to.node], to.iface, bytes_of(f->bytes, f->len), f->id, l->now_us);
        trace_leave(l->trace, before);
        link_frame_free(link, f);
        lab_drain(l, to.node);
    }
    lab_link_changed(l, number);
}

static void lab_run_action(struct lab *l)
{
    struct lab_action *action = l->actions;
    l->actions = action->next;
    char reply[LAB_REPLY_MIN] = "";
    uint32_t before = trace_enter(l->trace, action->cause);
    lab_act(l, action->planned, bytes_of(action->json, action->len), room_of(reply, sizeof reply));
    trace_leave(l->trace, before);
    if (strncmp(reply, "{\"ok\":true", 10) != 0) {
        l->action_failures++;
        memcpy(l->action_failure, reply, sizeof l->action_failure - 1);
    }
    arena_free(l->arena, action, sizeof *action + action->len);
}

int lab_schedule(struct lab *l, int64_t at_us, uint32_t cause, int32_t planned, struct bytes json)
{
    struct lab_action *action = arena_alloc(l->arena, sizeof *action + json.len);
    if (!action)
        return STATUS_ENOMEM;
    *action =
        (struct lab_action){.at_us = at_us, .cause = cause, .planned = planned, .len = (uint32_t)json.len};
    memcpy(action->json, json.at, json.len);
    struct lab_action **at = &l->actions;
    while (*at && (*at)->at_us <= at_us)
        at = &(*at)->next;
    action->next = *at;
    *at = action;
    return 0;
}

/* What is first: actions, then links, then hosts. */
struct lab_turn {
    int64_t due_us;
    enum { TURN_ACTION, TURN_LINK, TURN_HOST } kind;
    unsigned number;
};

static struct lab_turn lab_next_turn(const struct lab *l)
{
    struct lab_turn turn = {l->actions ? l->actions->at_us : TIME_NEVER, TURN_ACTION, 0};
    for (unsigned i = 0; i < l->link_count; i++)
        if (l->link_due_us[i] < turn.due_us)
            turn = (struct lab_turn){l->link_due_us[i], TURN_LINK, i};
    for (unsigned i = 0; i < l->node_count; i++)
        if (l->host_due_us[i] < turn.due_us)
            turn = (struct lab_turn){l->host_due_us[i], TURN_HOST, i};
    return turn;
}

int64_t lab_next_us(const struct lab *l)
{
    int64_t due_us = lab_next_turn(l).due_us;
    return due_us < l->now_us ? l->now_us : due_us;
}

int64_t lab_run_until(struct lab *l, int64_t t_us, uint32_t events_max)
{
    if (t_us < l->now_us)
        return STATUS_EINVAL;
    int64_t count = 0;
    for (;;) {
        struct lab_turn turn = lab_next_turn(l);
        if (turn.due_us > t_us || turn.due_us == TIME_NEVER)
            break;
        if (events_max && count == events_max)
            return count;
        if (turn.due_us > l->now_us) /* else it was due before it was asked for */
            l->now_us = turn.due_us;
        if (turn.kind == TURN_ACTION)
            lab_run_action(l);
        else if (turn.kind == TURN_LINK)
            lab_run_link(l, turn.number);
        else
            lab_settle(l, turn.number);
        lab_look_at_waits(l);
        count++;
    }
    if (t_us != TIME_NEVER)
        l->now_us = t_us;
    return count;
}

bool lab_frame(struct lab *l, uint32_t id, struct lab_frame *out)
{
    const struct captured *c = capture_find(l->capture, id);
    *out = (struct lab_frame){.t_us = l->now_us};
    unsigned direction = 0;
    if (c) {
        *out = (struct lab_frame){
            bytes_of(c->bytes, c->len), c->t_us, c->event, c->cause, c->rule, c->link, c->direction, 0, 0};
    } else {
        const struct link_frame *f = NULL;
        for (unsigned i = 0; i < l->link_count && !f; i++) {
            f = link_find(l->link[i], id, &direction);
            out->link = (uint8_t)i;
        }
        if (!f)
            return false;
        out->bytes = bytes_of(f->bytes, f->len);
        out->event = f->event;
        out->cause = f->cause;
        out->rule = f->rule;
        out->direction = (uint8_t)direction;
    }
    struct link_end end = l->link[out->link]->end[out->direction];
    out->node = end.node;
    out->iface = end.iface;
    return true;
}

struct bytes lab_image(const struct lab *l)
{
    return bytes_of(l->arena, l->arena->used);
}

size_t lab_save(const struct lab *l, struct room to)
{
    return arena_save(l->arena, to);
}

int lab_restore(struct lab *l, struct bytes image)
{
    const struct arena *now = l->arena;
    struct arena then;
    uint64_t magic;
    size_t lab_at = (size_t)((const uint8_t *)l - (const uint8_t *)now);
    if (image.len < lab_at + sizeof *l)
        return STATUS_EINVAL;
    memcpy(&then, image.at, sizeof then);
    memcpy(&magic, image.at + lab_at, sizeof magic);
    if (then.size != now->size || then.used != image.len || magic != LAB_MAGIC)
        return STATUS_EINVAL;
    arena_restore(l->arena, image);
    return 0;
}

struct host *lab_host(struct lab *l, unsigned node)
{
    return node < l->node_count ? l->host[node] : NULL;
}

unsigned lab_node_count(const struct lab *l)
{
    return l->node_count;
}

struct link *lab_link(struct lab *l, unsigned link)
{
    return link < l->link_count ? l->link[link] : NULL;
}

unsigned lab_link_count(const struct lab *l)
{
    return l->link_count;
}

int64_t lab_now_us(const struct lab *l)
{
    return l->now_us;
}

struct trace *lab_trace(struct lab *l)
{
    return l->trace;
}

struct capture *lab_capture(struct lab *l)
{
    return l->capture;
}

void lab_set_blob(struct lab *l, struct bytes blob)
{
    l->blob = blob;
}

int64_t lab_ended_us(const struct lab *l)
{
    return l->ended_us;
}

void lab_set_scratch(struct lab *l, struct arena *scratch)
{
    l->scratch = scratch;
}

unsigned lab_action_failures(const struct lab *l)
{
    return l->action_failures;
}

const char *lab_action_failure(const struct lab *l)
{
    return l->action_failure;
}
