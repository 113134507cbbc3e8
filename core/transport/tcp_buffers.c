/*
 * Buffers that grow with the connection (dynamic right-sizing, as on Linux): the receive buffer so that the
 * window never holds the sender back while the program keeps reading, the send buffer so that a full
 * congestion window fits twice. A program that sets SO_RCVBUF or SO_SNDBUF has said what it wants, and keeps
 * that.
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
    if ((uint32_t)tcp_now(c) - c->read_round_us < c->srtt_us)
        return;
    uint32_t want = c->read_in_round < most / 2 ? 2 * c->read_in_round + 16 * c->rcv_mss : most;
    if (want > c->user.receive_buffer_bytes)
        c->user.receive_buffer_bytes = want < most ? want : most;
    c->read_in_round = 0;
    c->read_round_us = (uint32_t)tcp_now(c);
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
