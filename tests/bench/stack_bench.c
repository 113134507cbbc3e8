/*
 * Our stack: two hosts on Ethernet without FCS (hardware does that), with what a program does through
 * sockets. Bytes are copied from the program's buffer by send(), once by the link, and into a buffer by
 * recv(). Checksums are made and verified.
 *
 * TCP's timestamps are off, so that segments carry 1460 bytes; all else is as it comes.
 */
#include "bench/support/bench.h"
#include "host/host.h"

enum {
    ARENA_BYTES = 24 << 20,
    FRAME_MAX = 2048,
    PORT = 7,
    ACK_DELAY_US = 50000, /* longer than an acknowledgment is delayed, shorter than a retransmission takes */
    SECOND_US = 1000000,
    TIME_WAIT_US = 61 * SECOND_US,
};

/* One end: a host and the connection or port that the program there has. */
struct end {
    struct host *host;
    int socket;
    uint64_t sent, received;
};

static struct {
    int64_t now_us;
    struct end a, b;
    int listener;
    uint8_t link[FRAME_MAX]; /* the frame that is on its way */
} net;

static _Alignas(ARENA_ALIGN) uint8_t memory[2][ARENA_BYTES];
static uint8_t buffer[BENCH_WRITE]; /* what the receiving program reads into */

static struct ip_endpoint server(void)
{
    return (struct ip_endpoint){ip_addr_v4(0x0a000002), PORT};
}

static struct sockets *sockets_of(const struct end *e)
{
    return host_sockets(e->host, net.now_us);
}

static void start_host(struct end *e, uint8_t number)
{
    struct host_config config;
    host_config_default(&config);
    config.node = number;
    config.sockets_max = BENCH_CONNECTIONS + 8;
    config.tcp.timestamps = false;
    config.tcp.send_buffer_bytes = BENCH_WINDOW;
    config.tcp.receive_buffer_bytes = BENCH_WINDOW;
    struct netif_config netif = {
        .kind = NETIF_ETHERNET,
        .mtu_bytes = 1500,
        .mac = {{2, 0, 0, 0, 0, number}},
        .addr = ip_addr_v4(0x0a000000U | number),
        .prefix = 24,
    };
    memset(memory[number - 1], 0, ARENA_BYTES);
    e->host = host_create(arena_create(memory[number - 1], ARENA_BYTES), NULL, &config);
    bench_require(e->host && host_add_interface(e->host, &netif) == 0, "a host starts");
}

/* The link: each frame that `from` has is copied and arrives a microsecond later. False: there was none. */
static bool move(struct end *from, struct end *to)
{
    unsigned iface;
    struct frame *f = host_output(from->host, &iface);
    if (!f)
        return false;
    struct bytes bytes = frame_bytes(f);
    memcpy(net.link, bytes.at, bytes.len);
    host_frame_free(from->host, f);
    net.now_us++;
    host_input(to->host, 0, bytes_of(net.link, bytes.len), 0, net.now_us);
    return true;
}

static void move_all(void)
{
    while (move(&net.a, &net.b) || move(&net.b, &net.a)) {}
}

/* Reads what there is, as the program on that host would when it is told of it; what does not fill its buffer
 * was all. */
static void read_all(struct end *e)
{
    int64_t n;
    do {
        n = socket_recv(sockets_of(e), e->socket, room_of(buffer, sizeof buffer), 0);
        if (n > 0) {
            bench_received(e->received, buffer, (size_t)n);
            e->received += (uint64_t)n;
        }
    } while (n == sizeof buffer);
}

static int64_t earlier(int64_t a_us, int64_t b_us)
{
    return a_us < b_us ? a_us : b_us;
}

/* What happens when nobody does anything for so long: each timer goes off at its time. */
static void let_pass(int64_t time_us)
{
    int64_t end_us = net.now_us + time_us;
    while (net.now_us < end_us) {
        int64_t due_us = earlier(host_deadline(net.a.host), host_deadline(net.b.host));
        net.now_us = earlier(due_us > net.now_us ? due_us : net.now_us + 1, end_us);
        host_poll(net.a.host, net.now_us);
        host_poll(net.b.host, net.now_us);
        move_all();
    }
}

static void start_hosts(void)
{
    net.now_us = 0;
    start_host(&net.a, 1);
    start_host(&net.b, 2);
    net.a.sent = net.a.received = net.b.sent = net.b.received = 0;
}

static void listen_at_b(void)
{
    start_hosts();
    net.listener = socket_open(sockets_of(&net.b), SOCKET_TCP);
    int bound = socket_bind(sockets_of(&net.b), net.listener, server());
    int listening = socket_listen(sockets_of(&net.b), net.listener, BENCH_CONNECTIONS);
    bench_require(bound == 0 && listening == 0, "the server listens");
}

static void connect_ends(void)
{
    net.a.socket = socket_open(sockets_of(&net.a), SOCKET_TCP);
    socket_connect(sockets_of(&net.a), net.a.socket, server());
    move_all();
    net.b.socket = socket_accept(sockets_of(&net.b), net.listener, NULL);
    bench_require(net.b.socket > 0, "a connection is made");
}

static void prepare_connection(void)
{
    listen_at_b();
    connect_ends();
}

/* Sends as much as is taken of what is left of `end`. */
static void write_until(struct end *e, uint64_t end)
{
    while (e->sent < end) {
        uint32_t length;
        const uint8_t *at = bench_stream(e->sent, &length);
        if (length > end - e->sent)
            length = (uint32_t)(end - e->sent);
        int64_t n = socket_send(sockets_of(e), e->socket, bytes_of(at, length), 0);
        if (n <= 0)
            return;
        e->sent += (uint64_t)n;
    }
}

static void run_bulk(uint32_t segments)
{
    uint64_t end = net.b.received + (uint64_t)segments * BENCH_SEGMENT;
    while (net.b.received < end) {
        uint64_t before = net.b.received;
        write_until(&net.a, end);
        bool moved = true;
        while (moved) {
            moved = move(&net.a, &net.b);
            if (moved)
                read_all(&net.b);
            moved |= move(&net.b, &net.a);
        }
        if (net.b.received == before) /* what is left waits for an acknowledgment that is delayed */
            let_pass(ACK_DELAY_US);
        read_all(&net.b);
    }
}

static void run_pingpong(uint32_t round_trips)
{
    for (uint32_t i = 0; i < round_trips; i++) {
        write_until(&net.a, net.a.sent + BENCH_SMALL);
        move_all();
        read_all(&net.b);
        write_until(&net.b, net.b.sent + BENCH_SMALL);
        move_all();
        read_all(&net.a);
        bench_require(net.a.received == net.a.sent, "each ping has its pong");
    }
}

static void run_open_close(uint32_t connections)
{
    for (uint32_t i = 0; i < connections; i++) {
        connect_ends();
        socket_close(sockets_of(&net.a), net.a.socket);
        move_all();
        int64_t end = socket_recv(sockets_of(&net.b), net.b.socket, room_of(buffer, sizeof buffer), 0);
        bench_require(end == 0, "the server sees the end");
        socket_close(sockets_of(&net.b), net.b.socket);
        move_all();
    }
}

static void end_time_wait(void)
{
    let_pass(TIME_WAIT_US);
    bench_require(tcp_counters(host_tcp(net.a.host))->connections == 0, "connections end");
}

static void prepare_udp(void)
{
    start_hosts();
    net.a.socket = socket_open(sockets_of(&net.a), SOCKET_UDP);
    net.b.socket = socket_open(sockets_of(&net.b), SOCKET_UDP);
    bench_require(socket_bind(sockets_of(&net.b), net.b.socket, server()) == 0, "the port is bound");
}

static void send_datagrams(uint32_t count, uint32_t length)
{
    uint32_t piece;
    struct bytes datagram = bytes_of(bench_stream(0, &piece), length);
    for (uint32_t i = 0; i < count; i++) {
        socket_sendto(sockets_of(&net.a), net.a.socket, datagram, server());
        move_all();
        struct ip_endpoint from;
        int64_t n =
            socket_recvfrom(sockets_of(&net.b), net.b.socket, room_of(buffer, sizeof buffer), &from, NULL, 0);
        bench_require(n == length, "each datagram arrives");
        bench_received(0, buffer, length);
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
    connect_ends(); /* ARP and the tables have what they need; this one stays */
    const struct arena *arena[2] = {host_machine(net.a.host)->arena, host_machine(net.b.host)->arena};
    size_t before = arena[0]->in_use + arena[1]->in_use;
    for (unsigned i = 0; i < BENCH_CONNECTIONS; i++) {
        net.a.sent = net.b.sent = net.a.received = net.b.received = 0;
        connect_ends();
        run_pingpong(1);
    }
    let_pass(SECOND_US);
    size_t after = arena[0]->in_use + arena[1]->in_use;
    return (double)(after - before) / (2 * BENCH_CONNECTIONS);
}

const struct bench_case bench_cases[] = {
    {"tcp_bulk_1460", prepare_connection, run_bulk, NULL, 0},
    {"tcp_pingpong_64", prepare_connection, run_pingpong, NULL, 0},
    {"tcp_open_close", listen_at_b, run_open_close, end_time_wait, 1},
    {"udp_64", prepare_udp, run_udp_small, NULL, 0},
    {"udp_1472", prepare_udp, run_udp_large, NULL, 0},
};
const size_t bench_case_count = sizeof bench_cases / sizeof bench_cases[0];
