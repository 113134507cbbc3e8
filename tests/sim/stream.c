/*
 * Reading and writing. Each stream is a pattern of its own by position, so that a byte lost, doubled or moved is
 * found at once.
 */
#include "sim/sim.h"

static uint8_t pattern_at(const struct run *r, unsigned index, uint32_t position)
{
    uint32_t salt = (uint32_t)r->plan.seed * 2654435761u + (index + 8 * r->round) * 40503u;
    return (uint8_t)(((position + salt) * 2246822519u) >> 23);
}

static void check_bytes(struct run *r, struct end *e, const uint8_t *bytes, uint32_t len)
{
    unsigned from = e->index ^ 1;
    for (uint32_t i = 0; i < len; i++) {
        if (bytes[i] != pattern_at(r, from, e->received + i)) {
            run_fail(r, "end %u: byte %u of the stream is wrong", e->index, e->received + i);
            return;
        }
    }
    if (e->received + len > r->end[from].sent)
        run_fail(r, "end %u: received %u bytes, but only %u were sent", e->index, e->received + len,
                 r->end[from].sent);
}

static void at_end_of_stream(struct run *r, struct end *e)
{
    const struct end *peer = end_peer(r, e);
    e->eof = true;
    text_note(r, "end %u: end of stream after %u bytes", e->index, e->received);
    if (e->read_shut)
        return;
    bool ended = peer->shut || peer->phase == END_DONE;
    if (!ended || e->received != peer->sent)
        run_fail(r, "end %u: end of stream after %u bytes; the peer sent %u and has %sended it", e->index,
                 e->received, peer->sent, ended ? "" : "not ");
}

/* How many bytes it wants at most, given where it is to stop. */
static uint32_t read_wish(const struct end *e)
{
    const struct end_plan *p = e->plan;
    uint32_t most = p->read_chunk;
    bool stops = p->ending == ENDING_CLOSE_EARLY || (p->ending == ENDING_PEER_DONE && !e->read_shut);
    if (stops && p->act_at - e->received < most)
        most = p->act_at - e->received;
    if (p->stall_us && !e->stalled && e->received < p->stall_at && p->stall_at - e->received < most)
        most = p->stall_at - e->received;
    return most;
}

void end_read(struct run *r, struct end *e)
{
    static uint8_t buffer[65536], peeked[65536];
    const struct end_plan *p = e->plan;
    struct sockets *s = end_sockets(r, e);
    while (!e->eof && !r->failed && p->ending != ENDING_CLOSE_UNREAD) {
        if (p->stall_us && !e->stalled && e->received >= p->stall_at) {
            e->stalled = true;
            e->read_at_us = r->now_us + p->stall_us;
        }
        if (e->read_at_us > r->now_us) {
            end_wake_at(e, e->read_at_us);
            return;
        }
        uint32_t wish = read_wish(e);
        if (wish == 0)
            return;
        int64_t ahead = p->peek ? socket_recv(s, e->handle, room_of(peeked, wish), SOCKET_PEEK) : 0;
        int64_t got = p->peek && ahead < 0 ? ahead : socket_recv(s, e->handle, room_of(buffer, wish), 0);
        if (got == STATUS_EAGAIN)
            return;
        if (got < 0) {
            end_close(r, e, result_of((int)got), (int)got);
            return;
        }
        if (p->peek && (ahead != got || memcmp(buffer, peeked, (size_t)got) != 0))
            run_fail(r, "end %u: a peek saw other bytes than the read after it", e->index);
        if (got == 0) {
            at_end_of_stream(r, e);
            return;
        }
        check_bytes(r, e, buffer, (uint32_t)got);
        e->received += (uint32_t)got;
        r->bytes += (uint64_t)got;
        if (p->read_pause_us)
            e->read_at_us = r->now_us + p->read_pause_us;
    }
}

static uint32_t may_send(const struct end *e)
{
    const struct end_plan *p = e->plan;
    if (p->send_after_eof && !e->eof)
        return 0;
    uint32_t upto = p->echo && e->received < p->send_bytes ? e->received : p->send_bytes;
    return upto - e->sent;
}

void end_write(struct run *r, struct end *e)
{
    static uint8_t buffer[65536];
    const struct end_plan *p = e->plan;
    struct sockets *s = end_sockets(r, e);
    while (!e->shut && may_send(e) > 0) {
        if (e->write_at_us > r->now_us) {
            end_wake_at(e, e->write_at_us);
            return;
        }
        uint32_t left = may_send(e);
        uint32_t len = left < p->write_chunk ? left : p->write_chunk;
        len = len < sizeof buffer ? len : (uint32_t)sizeof buffer;
        for (uint32_t i = 0; i < len; i++)
            buffer[i] = pattern_at(r, e->index, e->sent + i);
        unsigned flags = p->more && rng_below(&r->rng, 2) ? SOCKET_MORE : 0;
        if (p->urgent && rng_below(&r->rng, 4) == 0)
            flags |= SOCKET_URGENT;
        int64_t took = socket_send(s, e->handle, bytes_of(buffer, len), flags);
        if (took == STATUS_EAGAIN)
            return;
        if (took < 0) {
            end_close(r, e, result_of((int)took), (int)took);
            return;
        }
        e->sent += (uint32_t)took;
        if (p->write_pause_us)
            e->write_at_us = r->now_us + p->write_pause_us;
        if (p->ending == ENDING_ABORT || p->ending == ENDING_LINGER_ZERO)
            return; /* not past the point at which it is to act: the next turn goes on */
    }
}
