/*
 * All of TCP Lab's C interface. Two ways in:
 *
 * One host of your own, wired to whatever you like (a TAP device, another stack, a test):
 *
 *     struct host_config hc;
 *     host_config_default(&hc);
 *     struct host *h = host_create(arena_create(zeroed_memory, size), NULL, &hc);
 *     host_add_interface(h, &(struct netif_config){.kind = NETIF_RAW_IP, .mtu_bytes = 1500,
 *                                                  .addr = ip_addr_v4(0x0a000001), .prefix = 24});
 *     struct sockets *s = host_sockets(h, now_us);
 *     int socket = socket_open(s, SOCKET_TCP);
 *     socket_connect(s, socket, peer);              // STATUS_EINPROGRESS
 *     for (;;) {
 *         host_poll(h, now_us);                     // or host_input(h, 0, packet, 0, now_us)
 *         while ((f = host_output(h, &iface)))      // send frame_bytes(f), then host_frame_free(h, f)
 *             ...
 *         ...                                       // socket_poll(), socket_send(), socket_recv()
 *         ...                                       // wait for a packet, or until host_deadline(h)
 *     }
 *
 * A whole network in virtual time, from a scenario or by calls: see lab/lab.h.
 *
 * Nothing in here reads a clock, does I/O, allocates or keeps a global; everything lives in memory you gave.
 */
#ifndef TCPLAB_TCPLAB_H
#define TCPLAB_TCPLAB_H

#include "base/status.h"
#include "host/host.h"
#include "lab/lab.h"
#include "socket/socket.h"

#endif
