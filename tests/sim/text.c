/*
 * What -v prints: the plan, each frame as tcpdump would have it with its fate, and what programs do.
 */
#include "sim/sim.h"

#include "wire/ethernet.h"
#include "wire/ipv4.h"

const char *program_name(enum sim_program program)
{
    static const char *const names[SIM_PROGRAM_COUNT] = {
#define X(NAME, weight) #NAME,
        SIM_PROGRAM_LIST(X)
#undef X
    };
    return names[program];
}

static void text_end(const struct end_plan *e, unsigned index)
{
    static const char *const endings[] = {"graceful", "late",     "close",        "together",   "peer-done",
                                          "abort",    "linger-0", "close-unread", "close-early"};
    printf("  end %u (%s): sends %u%s%s, %s", index, index % 2 ? "server" : "client", e->send_bytes,
           e->echo ? " as echo" : "", e->send_after_eof ? " after the peer" : "", endings[e->ending]);
    if (e->ending >= ENDING_PEER_DONE)
        printf(" at %u", e->act_at);
    printf("; write %u/%u us, read %u/%u us", e->write_chunk, e->write_pause_us, e->read_chunk,
           e->read_pause_us);
    if (e->stall_us)
        printf(", stall at %u for %lld us", e->stall_at, (long long)e->stall_us);
    printf("; sndbuf %u rcvbuf %u mss %u %s%s%s%s%s%s%s%s%s%s\n", e->send_buffer, e->receive_buffer, e->mss,
           tcp_congestion_name(e->congestion), e->no_delay ? " nodelay" : "", e->cork ? " cork" : "",
           e->quick_ack ? " quickack" : "", e->more ? " more" : "", e->peek ? " peek" : "",
           e->fiddle ? " fiddle" : "", e->keepalive ? " keepalive" : "", e->urgent ? " urgent" : "",
           e->fast_open ? " fast-open" : "");
    if (e->user_timeout_ms)
        printf("    user timeout %u ms\n", e->user_timeout_ms);
}

void text_plan(const struct plan *p)
{
    printf("seed %llu: %s, %u connections, %u rounds, %s%s%s, retries %u\n", (unsigned long long)p->seed,
           program_name(p->program), p->connections, p->rounds, p->ethernet ? "Ethernet" : "raw IP",
           p->fcs ? " with FCS" : "", p->dynamic_arp ? " with ARP" : "", p->retries_max);
    for (unsigned h = 0; h < 2; h++) {
        const struct direction_plan *d = &p->direction[h];
        printf(
            "  host %u: mtu %u%s%s%s, ecn %d (marked from %u), delayed ack %u us; to %u: delay %u us + %u%s, rate %llu bit/s, queue %u, loss %u dup %u reorder %u (%u us) corrupt %u ppm\n",
            h, p->mtu[h], p->timestamps[h] ? " timestamps" : "", p->window_scale[h] ? " wscale" : "",
            p->sack[h] ? p->rack[h] ? " sack" : " sack without rack" : "", p->ecn[h], p->mark_frames,
            p->delayed_ack_us[h], 1 - h, d->delay_us, d->jitter_us, d->jitter_overtakes ? " overtaking" : "",
            (unsigned long long)d->rate_bit_per_s, d->queue_frames, d->loss_ppm, d->duplicate_ppm,
            d->reorder_ppm, d->reorder_us, d->corrupt_ppm);
    }
    printf("  listener: SYN cookies %s, Fast Open of %u\n",
           p->syn_cookies == TCP_SYN_COOKIES_ALWAYS ? "always" : "when full", p->fast_open_queue);
    if (p->down_frames != UINT32_MAX)
        printf("  breaks after %u frames%s%s for %lld us\n", p->down_frames, p->down[0] ? "" : ", to 0 only",
               p->down[1] ? "" : ", to 1 only", p->down_us == TIME_NEVER ? -1 : (long long)p->down_us);
    for (unsigned i = 0; i < 2 * p->connections; i++)
        text_end(&p->end[i], i);
}

static void text_time(const struct run *r)
{
    int64_t t_us = r->now_us - r->start_us;
    printf("%6lld.%06lld ", (long long)(t_us / SIM_SECOND_US), (long long)(t_us % SIM_SECOND_US));
}

static void text_tcp(const struct tcp_repr *t, size_t payload)
{
    char flags[TCP_FLAGS_TEXT_MAX];
    tcp_flags_format(t->flags, flags);
    printf("%u > %u [%s] seq %u", t->src_port, t->dst_port, flags, t->seq);
    if (payload)
        printf(":%u", t->seq + (uint32_t)payload);
    if (t->flags & TCP_ACK)
        printf(" ack %u", t->ack);
    printf(" win %u", t->window);
    if (t->flags & TCP_URG)
        printf(" urg %u", t->urgent);
    if (t->options.has_mss)
        printf(" mss %u", t->options.mss);
    if (t->options.has_window_scale)
        printf(" wscale %u", t->options.window_scale);
    if (t->options.sack_permitted)
        printf(" sack-permitted");
    if (t->options.has_timestamps)
        printf(" ts %u/%u", t->options.ts_value, t->options.ts_echo);
    if (t->options.has_fastopen)
        printf(" fast-open cookie of %u", t->options.fastopen_len);
    for (uint8_t i = 0; i < t->options.sack_count; i++)
        printf(" {%u:%u}", t->options.sack[i].left, t->options.sack[i].right);
    printf(" length %zu", payload);
}

void text_frame(const struct run *r, unsigned direction, struct bytes frame, const char *fate)
{
    if (!r->verbose)
        return;
    struct ipv4_repr ip;
    struct tcp_repr tcp;
    text_time(r);
    printf("%s ", direction ? "<--" : "-->");
    struct bytes packet = r->plan.ethernet ? bytes_from(frame, ETHERNET_HEADER) : frame;
    struct bytes segment = {0};
    bool is_ip = ipv4_parse(&ip, packet) == 0;
    if (is_ip)
        segment = bytes_first(bytes_from(packet, ip.header_bytes), ip.payload_bytes);
    if (!is_ip)
        printf("not IPv4, %zu bytes", frame.len);
    else if (ip.protocol != IP_PROTOCOL_TCP || tcp_parse(&tcp, segment) < 0)
        printf("IP protocol %u, %zu bytes", ip.protocol, frame.len);
    else
        text_tcp(&tcp, segment.len - tcp.header_bytes);
    printf("%s%s\n", *fate ? "  *** " : "", fate);
}

void text_note(const struct run *r, const char *format, ...)
{
    if (!r->verbose)
        return;
    text_time(r);
    printf("    # ");
    va_list list;
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n");
}

void text_connections(const struct run *r)
{
    for (unsigned h = 0; h < 2 && r->host[h]; h++) {
        const struct tcp *t = host_tcp(r->host[h]);
        for (struct tcp_conn *c = tcp_next(t, NULL); c; c = tcp_next(t, c)) {
            struct tcp_info i;
            tcp_status(c, &i);
            printf(
                "  host %u: %s, port %u, una %u nxt %u max %u, queued %u (%u not sent), peer's window %u; rcv_nxt %u, window %u, readable %u, held %u; "
                "cwnd %u ssthresh %u rto %u backoff %u probes %u\n",
                h, tcp_state_name(i.state), tcp_local(c).port, i.snd_una, i.snd_nxt, i.snd_max,
                i.send_queue_bytes, i.not_sent_bytes, i.snd_wnd_bytes, i.rcv_nxt, i.rcv_wnd_bytes,
                i.receive_queue_bytes, i.out_of_order_bytes, i.snd_cwnd_bytes, i.snd_ssthresh_bytes, i.rto_us,
                i.backoff, i.probes);
            for (int k = 0; k < TCP_TIMER_COUNT; k++)
                if (i.timer_due_us[k] != TIME_NEVER)
                    printf("    timer %d in %lld us\n", k, (long long)(i.timer_due_us[k] - r->now_us));
        }
    }
}
