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
#ifdef __wasm__
    ARENA_BYTES = 24 << 20, /* no 100,000 connections there */
#else
    ARENA_BYTES = 128 << 20,
#endif
    FRAME_MAX = 2048,
    LARGE_WINDOW = 4 << 20,      /* bytes */
    LARGE_FILL_SEGMENTS = 20000, /* until slow start has opened that */
    FEW = 10,
    MANY = 100000,       /* connections */
    MANY_LISTENERS = 10, /* so that the client's 16,384 ephemeral ports are enough */
    TURN_SEGMENTS = BENCH_WRITE / BENCH_SEGMENT,
    TURN_US = 1000,
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
    uint8_t link[FRAME_MAX];             /* the frame that is on its way */
    struct frame *line_head, *line_tail; /* frames of A on a long line */
    uint32_t window_bytes, sockets_max;
    uint32_t connections, next; /* that take turns */
    int many[2][MANY];          /* their handles on each host */
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
    config.sockets_max = net.sockets_max;
    config.tcp.timestamps = false;
    config.tcp.send_buffer_bytes = config.tcp.send_buffer_max_bytes = net.window_bytes;
    config.tcp.receive_buffer_bytes = config.tcp.receive_buffer_max_bytes = net.window_bytes;
    struct netif_config netif = {
        .kind = NETIF_ETHERNET,
        .mtu_bytes = 1500,
        .mac = {{2, 0, 0, 0, 0, number}},
        .addr = ip_addr_v4(0x0a000000U | number),
        .prefix = 24,
    };
    size_t used = e->host ? host_machine(e->host)->arena->used : 0; /* by the case before */
    memset(memory[number - 1], 0, used);
    e->host = host_create(arena_create(memory[number - 1], ARENA_BYTES), NULL, &config);
    bench_require(e->host && host_add_interface(e->host, &netif) == 0, "a host starts");
}

/* The link: each frame that `from` has is copied and arrives a microsecond later. False: there was none. It is to cost
 * little, so it is part of whoever moves frames. */
static inline __attribute__((always_inline)) bool move(struct end *from, struct end *to)
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
    net.line_head = net.line_tail = NULL;
    net.connections = net.next = 0;
    net.window_bytes = net.window_bytes ? net.window_bytes : BENCH_WINDOW;
    net.sockets_max = net.sockets_max ? net.sockets_max : BENCH_CONNECTIONS + 8;
    start_host(&net.a, 1);
    start_host(&net.b, 2);
    net.a.sent = net.a.received = net.b.sent = net.b.received = 0;
}

static int listener_at_b(uint16_t port)
{
    struct ip_endpoint local = {server().addr, port};
    int listener = socket_open(sockets_of(&net.b), SOCKET_TCP);
    int bound = socket_bind(sockets_of(&net.b), listener, local);
    int listening = socket_listen(sockets_of(&net.b), listener, BENCH_CONNECTIONS);
    bench_require(bound == 0 && listening == 0, "the server listens");
    return listener;
}

static void listen_at_b(void)
{
    net.window_bytes = net.sockets_max = 0;
    start_hosts();
    net.listener = listener_at_b(PORT);
}

static void connect_to(uint16_t port)
{
    struct ip_endpoint to = {server().addr, port};
    net.a.socket = socket_open(sockets_of(&net.a), SOCKET_TCP);
    socket_connect(sockets_of(&net.a), net.a.socket, to);
    move_all();
    net.b.socket = socket_accept(sockets_of(&net.b), net.listener, NULL);
    bench_require(net.b.socket > 0, "a connection is made");
}

static void connect_ends(void)
{
    connect_to(PORT);
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

/* What A has to send goes on the line, where it stays a while. */
static void fill_line(void)
{
    unsigned iface;
    struct frame *f;
    while ((f = host_output(net.a.host, &iface))) {
        f->next = NULL;
        if (net.line_tail)
            net.line_tail->next = f;
        else
            net.line_head = f;
        net.line_tail = f;
    }
}

/* The frame that is on the line longest arrives. */
static void arrive_from_line(void)
{
    struct frame *f = net.line_head;
    bench_require(f != NULL, "a whole window is on the line");
    assert(f);
    net.line_head = f->next;
    if (!net.line_head)
        net.line_tail = NULL;
    struct bytes bytes = frame_bytes(f);
    memcpy(net.link, bytes.at, bytes.len);
    host_frame_free(net.a.host, f);
    net.now_us++;
    host_input(net.b.host, 0, bytes_of(net.link, bytes.len), 0, net.now_us);
}

/* As run_bulk(), with all that the window allows on the line at any time. */
static void run_window(uint32_t segments)
{
    uint64_t end = net.b.received + (uint64_t)segments * BENCH_SEGMENT;
    while (net.b.received < end) {
        uint64_t before;
        do {
            before = net.a.sent;
            write_until(&net.a, before + BENCH_WRITE);
            fill_line();
        } while (net.a.sent != before);
        arrive_from_line();
        read_all(&net.b);
        move(&net.b, &net.a);
        fill_line();
    }
}

static void prepare_window(uint32_t bytes)
{
    net.window_bytes = bytes;
    net.sockets_max = 0;
    start_hosts();
    net.listener = listener_at_b(PORT);
    connect_ends();
    run_window(LARGE_FILL_SEGMENTS);
}

static void prepare_small_window(void)
{
    prepare_window(BENCH_WINDOW + 1);
}

static void prepare_large_window(void)
{
    prepare_window(LARGE_WINDOW);
}

/* Connections that take turns: each sends ten segments when it is its turn. */
static void run_turns(uint32_t segments)
{
    for (uint32_t turn = 0; turn < segments / TURN_SEGMENTS; turn++) {
        net.a.socket = net.many[0][net.next];
        net.b.socket = net.many[1][net.next];
        net.a.sent = net.b.received = 0;
        net.next = net.next + 1 < net.connections ? net.next + 1 : 0;
        run_bulk(TURN_SEGMENTS);
        net.now_us += TURN_US;
    }
}

static void prepare_turns(uint32_t connections)
{
    int listener[MANY_LISTENERS];
    net.window_bytes = 0;
    net.sockets_max = connections + MANY_LISTENERS;
    start_hosts();
    for (unsigned i = 0; i < MANY_LISTENERS; i++)
        listener[i] = listener_at_b((uint16_t)(PORT + i));
    for (uint32_t i = 0; i < connections; i++) {
        net.listener = listener[i % MANY_LISTENERS];
        connect_to((uint16_t)(PORT + i % MANY_LISTENERS));
        net.many[0][i] = net.a.socket;
        net.many[1][i] = net.b.socket;
        if (i % BENCH_CONNECTIONS == 0)
            let_pass(SECOND_US); /* those that were made rest */
    }
    net.connections = connections;
    let_pass(SECOND_US);
}

static void prepare_few(void)
{
    prepare_turns(FEW);
}

#ifndef __wasm__
static void prepare_many(void)
{
    prepare_turns(MANY);
}
#endif

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
    net.window_bytes = net.sockets_max = 0;
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
    {"tcp_bulk_1460_64kib", prepare_small_window, run_window, NULL, 0},
    {"tcp_bulk_1460_4mib", prepare_large_window, run_window, NULL, 0},
    {"tcp_many_10", prepare_few, run_turns, NULL, 0},
#ifndef __wasm__
    {"tcp_many_100000", prepare_many, run_turns, NULL, 0},
#endif
    {"udp_64", prepare_udp, run_udp_small, NULL, 0},
    {"udp_1472", prepare_udp, run_udp_large, NULL, 0},
};
const size_t bench_case_count = sizeof bench_cases / sizeof bench_cases[0];
