/*
 * `tcplab seek`: what is there at a time, in a few lines, and what comes next.
 */
#include "native/native.h"

#include "base/status.h"

enum { NEXT_STANDARD = 5 };

struct seek {
    struct ladder ladder;
    uint32_t last_event;
    unsigned lines_left;
};

static void print_socket(struct host *h, int handle, int64_t now_us)
{
    struct socket_info info;
    char local[IP_ENDPOINT_TEXT_MAX], remote[IP_ENDPOINT_TEXT_MAX];
    if (socket_info(host_sockets(h, now_us), handle, &info) < 0)
        return;
    ip_endpoint_format(info.local, local);
    ip_endpoint_format(info.remote, remote);
    printf("  %-12s socket %-3d %s %s > %s", host_name(h), handle,
           info.type == SOCKET_TCP   ? "tcp"
           : info.type == SOCKET_UDP ? "udp"
                                     : "ping",
           local, remote);
    if (info.type == SOCKET_TCP)
        printf("  %s, %u bytes in flight, %u not sent, %u to read, cwnd %u", tcp_state_name(info.tcp.state),
               info.tcp.unacked_bytes, info.tcp.not_sent_bytes, info.readable_bytes, info.tcp.snd_cwnd_bytes);
    putchar('\n');
}

static void print_addresses(struct host *h, int64_t now_us)
{
    for (const struct bridge_entry *e = host_bridge(h)->latest; e; e = e->earlier) {
        char mac[MAC_ADDR_TEXT_MAX];
        mac_addr_format(e->mac, mac);
        printf("  %-12s port %-5u %s, heard %.6f s ago\n", host_name(h), e->port, mac,
               (double)(now_us - e->heard_us) / 1e6);
    }
}

static void print_frames(struct ladder *ladder, unsigned number, unsigned direction)
{
    const struct link *link = lab_link(ladder->lab, number);
    const struct link_direction *d = &link->direction[direction];
    const struct link_frame *lists[2] = {d->way_head, d->queue_head};
    for (unsigned k = 0; k < 2; k++)
        for (const struct link_frame *f = lists[k]; f; f = f->next) {
            char text[240];
            ladder_frame_text(ladder, bytes_of(f->bytes, f->len), link->framing.ethernet, link->framing.fcs,
                              text, sizeof text);
            printf("  %-12s frame %u to %s %s: %s\n", lab_link_name(ladder->lab, number), f->id,
                   host_name(lab_host(ladder->lab, link->end[1 - direction].node)),
                   k == 0 ? (f->lost ? "will be lost" : "on its way") : "waits", text);
        }
}

static void print_now(struct seek *s, struct lab *l)
{
    printf("at %.6f s\n", (double)lab_now_us(l) / 1e6);
    for (unsigned i = 0; i < lab_node_count(l); i++) {
        struct host *h = lab_host(l, i);
        if (host_kind(h) == HOST_KIND_SWITCH) {
            print_addresses(h, lab_now_us(l));
            continue;
        }
        struct sockets *sockets = host_sockets(h, lab_now_us(l));
        for (int handle = socket_next(sockets, 0); handle > 0; handle = socket_next(sockets, handle))
            print_socket(h, handle, lab_now_us(l));
    }
    for (unsigned i = 0; i < lab_link_count(l); i++)
        for (unsigned d = 0; d < 2; d++)
            print_frames(&s->ladder, i, d);
}

/* Learns sequence numbers on the way there, and prints lines afterwards. */
static void look(void *context, struct native_run *r)
{
    struct seek *s = context;
    struct trace *t = lab_trace(r->lab);
    char text[240];
    struct lab_frame f;
    s->ladder.lab = r->lab;
    for (; s->last_event < t->last_id; s->last_event++) {
        const struct trace_event *e = trace_at(t, s->last_event + 1);
        if (!e)
            continue;
        if (s->lines_left > 0) {
            long before = s->ladder.line_count;
            ladder_event(&s->ladder, e);
            s->lines_left -= s->ladder.line_count > before;
        } else if (e->kind == TRACE_FRAME_SENT && lab_frame(r->lab, e->frame, &f)) {
            const struct link_framing *framing = &lab_link(r->lab, f.link)->framing;
            ladder_frame_text(&s->ladder, f.bytes, framing->ethernet, framing->fcs, text, sizeof text);
        }
    }
}

static void print_next(struct seek *s, struct native_run *r, unsigned lines)
{
    enum { THINGS_MAX = 100000 };
    s->lines_left = lines;
    if (lines > 0)
        puts("next");
    for (unsigned i = 0; i < THINGS_MAX && s->lines_left > 0; i++) {
        int64_t next_us = lab_next_us(r->lab);
        const cJSON *at = r->next ? cJSON_GetObjectItemCaseSensitive(r->next, "at_us") : NULL;
        double action_us = cJSON_GetNumberValue(at); /* NaN when there is none, which is before nothing */
        if (action_us < (double)next_us)
            next_us = (int64_t)action_us;
        if (next_us == TIME_NEVER || !native_advance(r, next_us))
            break;
    }
}

int seek_command(const struct native_args *a)
{
    static struct native_run run;
    static struct seek s;
    double at_ms = 0, lines = NEXT_STANDARD;
    if (a->operands != 1) {
        native_fail("seek", "expected one scenario");
        return EXIT_INPUT;
    }
    if (!native_number(a, "--at", 9e12, &at_ms) || !native_number(a, "--next", 1e6, &lines))
        return EXIT_INPUT;
    s.ladder.out = stdout;
    int code = native_load(&run, a, a->operand[0], native_value(a, "--actions"));
    if (code == EXIT_GOOD) {
        run.look = look;
        run.context = &s;
        s.ladder.lab = run.lab;
        if (native_advance(&run, (int64_t)(at_ms * 1000))) {
            look(&s, &run);
            print_now(&s, run.lab);
            print_next(&s, &run, (unsigned)lines);
            code = native_run_code(&run);
        } else {
            code = EXIT_INPUT;
        }
    }
    native_unload(&run);
    return code;
}
