/*
 * Buffers that grow with the connection (dynamic right-sizing, as Linux and RFC 7323's appendix on large
 * windows have it in mind): the receive buffer so that the window never holds the sender back while the
 * program keeps reading, the send buffer so that a full congestion window fits twice. A program that sets
 * SO_RCVBUF or SO_SNDBUF has said what it wants, and keeps that.
 */
#include "transport/tcp_conn.h"

/* The program has read `len` bytes. What it reads in one round-trip time is what the sender could send in
 * one: the window must allow for twice that, since a sender in slow start doubles. */
void tcp_buffer_read(struct tcp_conn *c, uint32_t len)
{
    uint32_t most = c->tcp->config.receive_buffer_max_bytes;
    if (c->user.receive_buffer_fixed || c->user.receive_buffer_bytes >= most || c->srtt_us == 0)
        return;
    c->read_in_round += len;
    if (tcp_now(c) - c->read_round_us < c->srtt_us)
        return;
    uint32_t want = c->read_in_round < most / 2 ? 2 * c->read_in_round + 16 * c->rcv_mss : most;
    if (want > c->user.receive_buffer_bytes)
        c->user.receive_buffer_bytes = want < most ? want : most;
    c->read_in_round = 0;
    c->read_round_us = tcp_now(c);
}

/* The congestion window has grown. */
void tcp_buffer_window_grew(struct tcp_conn *c)
{
    uint32_t most = c->tcp->config.send_buffer_max_bytes;
    if (c->user.send_buffer_fixed || c->user.send_buffer_bytes >= most)
        return;
    uint32_t want = c->cwnd < most / 2 ? 2 * c->cwnd : most;
    if (want > c->user.send_buffer_bytes)
        c->user.send_buffer_bytes = want;
}

/*
 * Called when the connection's timer runs out: memory that holds nothing goes back, and comes again with the
 * next bytes. Each exchange arms a timer, so an idle connection ends up small; a transfer meets one seldom,
 * and then mostly has something in each of them.
 */
void tcp_buffers_rest(struct tcp_conn *c)
{
    struct arena *a = tcp_machine(c)->arena;
    if (c->send_ring.len == 0)
        ring_release(&c->send_ring, a);
    if (c->receive_ring.len == 0 && !c->held)
        ring_release(&c->receive_ring, a);
    tcp_flight_rest(c);
}
