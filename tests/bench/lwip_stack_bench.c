/*
 * The peer: lwIP as Debian builds it (liblwip), through its raw API with the core locked, the fastest way it
 * has. lwIP keeps its state in globals, so both ends live in one stack: two Ethernet interfaces, and every
 * connection and port is bound to one of them (tcp_bind_netif), so that all packets go over the link and none
 * by a short cut. The link copies each frame once, into the buffer that it then arrives in; lwIP takes that
 * over, where our stack is lent it.
 *
 * Bytes are copied by tcp_write() and out of the buffers that the callback gets, as a program has to that
 * keeps its own buffers. Window and send buffer are what Debian chose, 65,535 bytes. It sends no timestamps.
 */
#define _GNU_SOURCE

#include "bench/support/bench.h"

#include <malloc.h>
#include <string.h>

#include "lwip/etharp.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"
#include "lwip/tcpip.h"
#include "lwip/udp.h"
#include "netif/ethernet.h"

enum { QUEUE = 1024, PORT = 7 };

/* One end: an interface and the connection or port there. */
struct end {
    struct netif netif;
    struct tcp_pcb *tcp;
    struct udp_pcb *udp;
    uint64_t sent, received;
    bool echoes;
};

static struct {
    bool started;
    struct end a, b;
    struct {
        struct pbuf *frame;
        struct netif *to;
    } queue[QUEUE]; /* frames on their way */
    unsigned first, count;
} net;

static uint8_t buffer[BENCH_WRITE]; /* what the receiving program reads into */

static err_t link_output(struct netif *from, struct pbuf *p)
{
    struct pbuf *copy = pbuf_alloc(PBUF_RAW, p->tot_len, PBUF_RAM);
    bench_require(copy && net.count < QUEUE, "the link has room");
    pbuf_copy_partial(p, copy->payload, p->tot_len, 0);
    unsigned last = (net.first + net.count++) % QUEUE;
    net.queue[last].frame = copy;
    net.queue[last].to = from == &net.a.netif ? &net.b.netif : &net.a.netif;
    return ERR_OK;
}

static void move_all(void)
{
    while (net.count > 0) {
        struct netif *to = net.queue[net.first].to;
        struct pbuf *frame = net.queue[net.first].frame;
        net.first = (net.first + 1) % QUEUE;
        net.count--;
        if (to->input(frame, to) != ERR_OK)
            pbuf_free(frame);
    }
}

static err_t init_netif(struct netif *n)
{
    n->name[0] = 'b';
    n->name[1] = 'n';
    n->output = etharp_output;
    n->linkoutput = link_output;
    n->mtu = 1500;
    n->hwaddr_len = 6;
    n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

static void start_end(struct end *e, uint8_t number)
{
    ip4_addr_t address, mask, none;
    IP4_ADDR(&address, 10, 0, 0, number);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    ip4_addr_set_zero(&none);
    memcpy(e->netif.hwaddr, (uint8_t[]){2, 0, 0, 0, 0, number}, 6);
    bench_require(netif_add(&e->netif, &address, &mask, &none, NULL, init_netif, ethernet_input) != NULL,
                  "an interface is added");
    netif_set_up(&e->netif);
}

/* From here on this thread holds the lock, so that lwIP's own thread does nothing behind our back. */
static void start(void)
{
    if (net.started)
        return;
    net.started = true;
    tcpip_init(NULL, NULL);
    LOCK_TCPIP_CORE();
    start_end(&net.a, 1);
    start_end(&net.b, 2);
    move_all();
}

static void write_until(struct end *e, uint64_t end)
{
    while (e->sent < end) {
        uint32_t length;
        const uint8_t *at = bench_stream(e->sent, &length);
        if (length > end - e->sent)
            length = (uint32_t)(end - e->sent);
        uint32_t room = tcp_sndbuf(e->tcp);
        if (length > room) /* a full buffer makes it send partial segments, which would be unfair */
            length = room - room % BENCH_SEGMENT;
        if (length == 0 || tcp_write(e->tcp, at, (u16_t)length, TCP_WRITE_FLAG_COPY) != ERR_OK)
            return;
        e->sent += length;
    }
}

static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t error)
{
    struct end *e = arg;
    bench_require(error == ERR_OK, "the connection lives");
    if (!p)
        return tcp_close(pcb);
    pbuf_copy_partial(p, buffer, p->tot_len, 0);
    bench_received(e->received, buffer, p->tot_len);
    e->received += p->tot_len;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    if (e->echoes) /* lwIP sends what is written here when the callback returns */
        write_until(e, e->received);
    return ERR_OK;
}

static err_t on_accepted(void *arg, struct tcp_pcb *pcb, err_t error)
{
    struct end *e = arg;
    bench_require(error == ERR_OK, "a connection is accepted");
    e->tcp = pcb;
    tcp_recv(pcb, on_received);
    return ERR_OK;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t error)
{
    struct end *e = arg;
    bench_require(error == ERR_OK, "a connection is made");
    e->tcp = pcb;
    return ERR_OK;
}

static void listen_at_b(void)
{
    start();
    struct tcp_pcb *pcb = tcp_new();
    tcp_bind_netif(pcb, &net.b.netif);
    bench_require(tcp_bind(pcb, &net.b.netif.ip_addr, PORT) == ERR_OK, "the port is bound");
    pcb = tcp_listen_with_backlog(pcb, 255);
    tcp_arg(pcb, &net.b);
    tcp_accept(pcb, on_accepted);
}

static void connect_ends(void)
{
    net.a.tcp = net.b.tcp = NULL;
    struct tcp_pcb *pcb = tcp_new();
    tcp_bind_netif(pcb, &net.a.netif);
    tcp_arg(pcb, &net.a);
    tcp_recv(pcb, on_received);
    bench_require(tcp_connect(pcb, &net.b.netif.ip_addr, PORT, on_connected) == ERR_OK, "it connects");
    move_all();
    bench_require(net.a.tcp && net.b.tcp, "a connection is made");
}

static void prepare_connection(void)
{
    listen_at_b();
    connect_ends();
}

static void prepare_pingpong(void)
{
    prepare_connection();
    net.b.echoes = true;
}

static void run_bulk(uint32_t segments)
{
    uint64_t end = net.b.received + (uint64_t)segments * BENCH_SEGMENT;
    while (net.b.received < end) {
        uint64_t before = net.b.received;
        write_until(&net.a, end);
        tcp_output(net.a.tcp);
        move_all();
        if (net.b.received == before) { /* what is left waits for an acknowledgment that is delayed */
            tcp_fasttmr();
            move_all();
        }
    }
}

static void run_pingpong(uint32_t round_trips)
{
    for (uint32_t i = 0; i < round_trips; i++) {
        write_until(&net.a, net.a.sent + BENCH_SMALL);
        tcp_output(net.a.tcp);
        move_all();
        bench_require(net.a.received == net.a.sent, "each ping has its pong");
    }
}

static void run_open_close(uint32_t connections)
{
    for (uint32_t i = 0; i < connections; i++) {
        connect_ends();
        tcp_close(net.a.tcp);
        move_all();
    }
}

static void end_time_wait(void)
{
    while (tcp_tw_pcbs)
        tcp_abort(tcp_tw_pcbs);
    bench_require(!tcp_active_pcbs, "connections end");
}

static void on_datagram(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from, u16_t port)
{
    (void)pcb;
    (void)from;
    (void)port;
    struct end *e = arg;
    pbuf_copy_partial(p, buffer, p->tot_len, 0);
    bench_received(0, buffer, p->tot_len);
    e->received += p->tot_len;
    pbuf_free(p);
}

static void prepare_udp(void)
{
    start();
    net.a.udp = udp_new();
    udp_bind_netif(net.a.udp, &net.a.netif);
    net.b.udp = udp_new();
    udp_bind_netif(net.b.udp, &net.b.netif);
    udp_recv(net.b.udp, on_datagram, &net.b);
    bench_require(udp_bind(net.b.udp, &net.b.netif.ip_addr, PORT) == ERR_OK, "the port is bound");
}

static void send_datagrams(uint32_t count, u16_t length)
{
    uint32_t piece;
    const uint8_t *datagram = bench_stream(0, &piece);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t before = net.b.received;
        struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, length, PBUF_RAM);
        pbuf_take(p, datagram, length);
        bench_require(udp_sendto(net.a.udp, p, &net.b.netif.ip_addr, PORT) == ERR_OK,
                      "each datagram is sent");
        pbuf_free(p);
        move_all();
        bench_require(net.b.received - before == length, "each datagram arrives");
    }
}

static void run_udp_small(uint32_t datagrams)
{
    send_datagrams(datagrams, BENCH_SMALL);
}

static void run_udp_large(uint32_t datagrams)
{
    send_datagrams(datagrams, BENCH_DATAGRAM);
}

double bench_idle_bytes(void)
{
    listen_at_b();
    connect_ends();
    net.b.echoes = true;
    size_t before = mallinfo2().uordblks;
    for (unsigned i = 0; i < BENCH_CONNECTIONS; i++) {
        net.a.sent = net.b.sent = net.a.received = net.b.received = 0;
        connect_ends();
        run_pingpong(1);
    }
    tcp_fasttmr();
    move_all();
    return (double)(mallinfo2().uordblks - before) / (2 * BENCH_CONNECTIONS);
}

const struct bench_case bench_cases[] = {
    {"tcp_bulk_1460", prepare_connection, run_bulk, NULL, 0},
    {"tcp_pingpong_64", prepare_pingpong, run_pingpong, NULL, 0},
    {"tcp_open_close", listen_at_b, run_open_close, end_time_wait, 1},
    {"udp_64", prepare_udp, run_udp_small, NULL, 0},
    {"udp_1472", prepare_udp, run_udp_large, NULL, 0},
};
const size_t bench_case_count = sizeof bench_cases / sizeof bench_cases[0];
