/*
 * The programs on the ends of connections: turns, and how each end comes to its end, done with sockets as a
 * program would.
 */
#include "sim/sim.h"

const char *result_name(unsigned result)
{
    switch (result) {
    case 0:
        return "nothing yet";
    case RESULT_OK:
        return "ok";
    case RESULT_ON_PURPOSE:
        return "ended on purpose";
    case RESULT_RESET:
        return "ECONNRESET";
    case RESULT_PIPE:
        return "EPIPE";
    case RESULT_REFUSED:
        return "ECONNREFUSED";
    case RESULT_TIMEOUT:
        return "ETIMEDOUT";
    case RESULT_UNREACHABLE:
        return "EHOSTUNREACH";
    case RESULT_NEVER:
        return "never accepted";
    default:
        return "another error";
    }
}

unsigned result_of(int error)
{
    switch (error) {
    case STATUS_ECONNRESET:
        return RESULT_RESET;
    case STATUS_EPIPE:
        return RESULT_PIPE;
    case STATUS_ECONNREFUSED:
        return RESULT_REFUSED;
    case STATUS_ETIMEDOUT:
        return RESULT_TIMEOUT;
    case STATUS_EHOSTUNREACH:
        return RESULT_UNREACHABLE;
    default:
        return RESULT_OTHER;
    }
}

struct sockets *end_sockets(struct run *r, const struct end *e)
{
    return host_sockets(r->host[e->host], r->now_us);
}

void end_wake_at(struct end *e, int64_t t_us)
{
    if (t_us < e->wake_us)
        e->wake_us = t_us;
}

static void done(struct run *r, struct end *e, unsigned result, int error)
{
    e->phase = END_DONE;
    e->result = result;
    e->error = error;
    e->wake_us = TIME_NEVER;
    r->done_us = r->now_us;
    end_peer(r, e)->woken = true; /* it may wait for this one */
    text_note(r, "end %u: %s (sent %u, received %u)", e->index,
              result == RESULT_OTHER ? status_name(error) : result_name(result), e->sent, e->received);
}

void end_close(struct run *r, struct end *e, unsigned result, int error)
{
    int status = socket_close(end_sockets(r, e), e->handle);
    if (status < 0)
        run_fail(r, "end %u: close() said %s", e->index, status_name(status));
    done(r, e, result, error);
}

static void shut(struct run *r, struct end *e)
{
    int status = socket_shutdown(end_sockets(r, e), e->handle, SOCKET_SHUT_WR);
    e->shut = true;
    text_note(r, "end %u: shutdown(write)", e->index);
    if (status < 0 && status != STATUS_ENOTCONN)
        run_fail(r, "end %u: shutdown() said %s", e->index, status_name(status));
}

static void close_together(struct run *r, struct end *e)
{
    struct end *peer = end_peer(r, e);
    bool all = e->sent == e->plan->send_bytes && e->received == peer->plan->send_bytes;
    if (!all || e->ready_to_close)
        return;
    e->ready_to_close = true;
    if (!peer->ready_to_close)
        return;
    e->close_at_us = peer->close_at_us =
        r->now_us + rng_below(&r->rng, 2 * r->plan.direction[0].delay_us + 1);
    end_wake_at(e, e->close_at_us);
    end_wake_at(peer, e->close_at_us);
}

static void break_off(struct run *r, struct end *e)
{
    enum sim_ending ending = e->plan->ending;
    struct sockets *s = end_sockets(r, e);
    text_note(r, "end %u: breaks the connection", e->index);
    if (ending == ENDING_ABORT) {
        socket_abort(s, e->handle);
        done(r, e, RESULT_ON_PURPOSE, 0);
        return;
    }
    if (ending == ENDING_LINGER_ZERO)
        end_option(r, e->host, e->handle, SOCKET_OPT_SO_LINGER_MS, 0);
    end_close(r, e, RESULT_ON_PURPOSE, 0);
}

static bool must_break_off(struct run *r, const struct end *e)
{
    const struct end_plan *p = e->plan;
    int64_t readable = 0;
    switch (p->ending) {
    case ENDING_ABORT:
    case ENDING_LINGER_ZERO:
        return e->sent + e->received >= p->act_at;
    case ENDING_CLOSE_UNREAD:
        socket_getopt(end_sockets(r, e), e->handle, SOCKET_OPT_SO_NREAD, &readable);
        return readable > 0;
    case ENDING_CLOSE_EARLY:
        return e->received >= p->act_at;
    default:
        return false;
    }
}

/* What it does when it has come so far. */
static void end_well(struct run *r, struct end *e)
{
    bool all_sent = e->sent == e->plan->send_bytes && (!e->plan->send_after_eof || e->eof);
    switch (e->plan->ending) {
    case ENDING_GRACEFUL:
        if (all_sent && !e->shut)
            shut(r, e);
        if (e->shut && e->eof)
            end_close(r, e, RESULT_OK, 0);
        break;
    case ENDING_LATE:
        if (all_sent && e->eof)
            end_close(r, e, RESULT_OK, 0);
        break;
    case ENDING_CLOSE:
        if (all_sent)
            end_close(r, e, RESULT_OK, 0);
        break;
    case ENDING_TOGETHER:
        close_together(r, e);
        if (e->close_at_us && e->close_at_us <= r->now_us)
            end_close(r, e, RESULT_OK, 0);
        else if (e->close_at_us)
            end_wake_at(e, e->close_at_us);
        break;
    case ENDING_PEER_DONE:
        if (!e->read_shut && e->received >= e->plan->act_at) {
            e->read_shut = true;
            socket_shutdown(end_sockets(r, e), e->handle, SOCKET_SHUT_RD);
            text_note(r, "end %u: shutdown(read)", e->index);
        }
        if (all_sent && !e->shut)
            shut(r, e);
        if (e->read_shut && end_peer(r, e)->phase == END_DONE)
            end_close(r, e, RESULT_OK, 0);
        break;
    default:
        break;
    }
}

/* Is the connection made? An error ends it here. */
static void try_connected(struct run *r, struct end *e)
{
    struct sockets *s = end_sockets(r, e);
    int bits = socket_poll(s, e->handle);
    if (bits & SOCKET_ERROR) {
        int64_t error = 0;
        socket_getopt(s, e->handle, SOCKET_OPT_SO_ERROR, &error);
        end_close(r, e, result_of((int)error), (int)error);
    } else if (bits & SOCKET_WRITABLE) {
        e->phase = END_OPEN;
        end_set_late(r, e);
        text_note(r, "end %u: connected", e->index);
    }
}

static void end_step(struct run *r, struct end *e)
{
    e->woken = false;
    e->wake_us = TIME_NEVER;
    if (e->phase == END_CONNECTING)
        try_connected(r, e);
    if (e->phase != END_OPEN)
        return;
    if (e->plan->fiddle)
        end_fiddle(r, e);
    bool again = true;
    while (again && e->phase == END_OPEN && !r->failed) {
        uint32_t before = e->sent + e->received;
        if (must_break_off(r, e)) {
            break_off(r, e);
            return;
        }
        end_read(r, e);
        if (e->phase == END_OPEN)
            end_write(r, e);
        again = e->sent + e->received != before;
    }
    if (e->phase == END_OPEN)
        end_well(r, e);
}

void ends_step(struct run *r)
{
    unsigned turns = 0;
    for (bool any = true; any && !r->failed;) {
        any = false;
        if (r->listener_woken) {
            r->listener_woken = false;
            ends_accept(r);
        }
        for (unsigned i = 0; i < 2 * r->plan.connections && !r->failed; i++) {
            struct end *e = &r->end[i];
            if (!e->woken && e->wake_us > r->now_us)
                continue;
            any = true;
            end_step(r, e);
        }
        if (++turns > 1000)
            run_fail(r, "programs wake one another without end");
    }
}

int64_t ends_next_us(const struct run *r)
{
    int64_t next_us = TIME_NEVER;
    for (unsigned i = 0; i < 2 * r->plan.connections; i++)
        if (r->end[i].wake_us < next_us)
            next_us = r->end[i].wake_us;
    return next_us;
}

/*
 * On a perfect cable, with programs that never pause, nothing waits for a retransmission or for a timer again and
 * again: each half of the smallest buffer takes one round trip, a delayed ACK and an override timeout at most.
 */
static void judge_pace(struct run *r)
{
    const struct plan *p = &r->plan;
    const struct direction_plan *d = p->direction;
    int64_t turn_us = d[0].delay_us + d[1].delay_us + d[0].jitter_us + d[1].jitter_us + p->delayed_ack_us[0] +
                      p->delayed_ack_us[1] + 200000;
    int64_t most_us = 3 * turn_us + SIM_SECOND_US;
    bool perfect = plan_delivers(p) && p->down_frames == UINT32_MAX && !p->dynamic_arp;
    for (unsigned i = 0; i < 2; i++)
        perfect = perfect && !d[i].loss_ppm && !d[i].duplicate_ppm && !d[i].reorder_ppm &&
                  !d[i].corrupt_ppm && !d[i].jitter_overtakes && d[i].queue_frames == 1000 &&
                  !d[i].rate_bit_per_s;
    for (unsigned i = 0; i < 2 * p->connections; i++) {
        const struct end_plan *e = &p->end[i], *peer = &p->end[i ^ 1];
        uint32_t buffer = e->send_buffer < peer->receive_buffer ? e->send_buffer : peer->receive_buffer;
        perfect = perfect && !e->write_pause_us && !e->read_pause_us && !e->stall_us && !e->fiddle;
        most_us += (2 * (int64_t)e->send_bytes / buffer + 2) * turn_us;
    }
    if (perfect && r->done_us - r->open_us > most_us)
        run_fail(r, "it took %lld us, although nothing was in the way (%lld at most)",
                 (long long)(r->done_us - r->open_us), (long long)most_us);
}

void ends_judge(struct run *r)
{
    for (unsigned i = 0; i < 2 * r->plan.connections && !r->failed; i++) {
        struct end *e = &r->end[i];
        const struct end *peer = end_peer(r, e);
        unsigned result = e->phase == END_IDLE ? RESULT_NEVER : e->result;
        if (!(result & e->plan->expected))
            run_fail(r, "end %u: %s (%s), after %u bytes sent and %u received", i, result_name(result),
                     status_name(e->error), e->sent, e->received);
        else if (plan_delivers(&r->plan) && e->sent != e->plan->send_bytes)
            run_fail(r, "end %u: sent only %u of %u bytes", i, e->sent, e->plan->send_bytes);
        else if (plan_delivers(&r->plan) && !e->read_shut && e->received != peer->plan->send_bytes)
            run_fail(r, "end %u: received only %u of %u bytes", i, e->received, peer->plan->send_bytes);
    }
    if (!r->failed)
        judge_pace(r);
}
