/*
 * host/host.h: what it is made of, its clock and deadlines, faults, loopback, going back in time, and that
 * the same history gives the same frames.
 */
#include "unit/support/pair.h"
#include "unit/support/property.h"

#include "wire/ethernet.h"

enum { PORT = 5000 };

/* A host alone, without trace, in `size` bytes. The block is to be freed. */
static struct host *host_alone(void **memory, size_t size, const struct host_config *config)
{
    *memory = aligned_alloc(64, size);
    memset(*memory, 0, size);
    struct arena *a = arena_create(*memory, size);
    return a ? host_create(a, NULL, config) : NULL;
}

static struct netif_config ethernet_config(void)
{
    return (struct netif_config){.kind = NETIF_ETHERNET,
                                 .mtu_bytes = 1500,
                                 .mac = {{2, 0, 0, 0, 0, 1}},
                                 .addr = pair_addr(0),
                                 .prefix = 24};
}

static void test_parts(void **state)
{
    (void)state;
    struct host_config c;
    host_config_default(&c);
    c.name = "a name that is longer than thirty-one bytes";
    c.node = 7;
    void *memory;
    struct host *h = host_alone(&memory, 1u << 20, &c);
    assert_non_null(h);
    assert_string_equal(host_name(h), "a name that is longer than thir");
    assert_int_equal(host_machine(h)->node, 7);
    assert_non_null(host_ip(h));
    assert_non_null(host_tcp(h));
    assert_non_null(host_udp(h));
    assert_non_null(host_sockets(h, 0));
    assert_int_equal(host_netif_count(h), 0);
    assert_null(host_netif(h, 0));
    unsigned iface;
    assert_null(host_output(h, &iface));
    assert_true(host_deadline(h) == TIME_NEVER);
    free(memory);
}

static void test_interfaces(void **state)
{
    (void)state;
    struct host_config c;
    host_config_default(&c);
    void *memory;
    struct host *h = host_alone(&memory, 1u << 20, &c);
    struct netif_config nc = ethernet_config();
    nc.mtu_bytes = 100;
    assert_int_equal(host_add_interface(h, &nc), STATUS_EINVAL);
    nc.mtu_bytes = 1500;
    for (int i = 0; i < IP_INTERFACES_MAX; i++) {
        nc.addr = ip_addr_v4(0x0a000001u + ((uint32_t)i << 8));
        assert_int_equal(host_add_interface(h, &nc), i);
        assert_int_equal(host_netif(h, (unsigned)i)->index, i);
    }
    size_t in_use = host_machine(h)->arena->in_use;
    assert_int_equal(host_add_interface(h, &nc), STATUS_ENOBUFS);
    assert_int_equal(host_machine(h)->arena->in_use, in_use);
    struct route r = {.net = ip_addr_v4(0), .prefix = 0, .netif = IP_INTERFACES_MAX};
    assert_int_equal(host_add_route(h, &r), STATUS_EINVAL);
    r.netif = 1;
    assert_int_equal(host_add_route(h, &r), 0);
    assert_int_equal(host_set_interface_up(h, IP_INTERFACES_MAX, true), STATUS_EINVAL);
    free(memory);
}

/* However little memory there is: an error, never a crash. */
static void test_out_of_memory(void **state)
{
    (void)state;
    struct host_config c;
    host_config_default(&c);
    struct netif_config nc = ethernet_config();
    bool worked = false;
    for (size_t size = 1024; size <= 262144 && !worked; size += 1024) {
        void *memory;
        struct host *h = host_alone(&memory, size, &c);
        if (h) {
            int iface = host_add_interface(h, &nc);
            int app = host_start_app(h, &app_echo, &(struct app_config){.port = 7}, 0);
            assert_true(iface == 0 || iface == STATUS_ENOMEM);
            assert_true(app > 0 || app == STATUS_ENOMEM);
            worked = iface == 0 && app > 0 && !host_app(h, 1)->done;
        }
        free(memory);
    }
    assert_true(worked);
}

static void test_idle_host_is_small(void **state)
{
    (void)state;
    struct host_config c;
    host_config_default(&c);
    void *memory;
    struct host *h = host_alone(&memory, 1u << 20, &c);
    struct netif_config nc = ethernet_config();
    assert_int_equal(host_add_interface(h, &nc), 0);
    assert_true(host_machine(h)->arena->in_use <= 96 * 1024);
    free(memory);
}

/* A program sends to a program on the same host: nothing goes out. */
static void loopback_transfer(uint32_t addr)
{
    struct pair *p = pair_create(NULL);
    struct app_config rc = {.port = PORT, .keep = true, .close_at_end = true};
    struct app_config sc = {.peer = {ip_addr_v4(addr), PORT}, .total_bytes = 200000, .close_at_end = true};
    struct app *receiver = pair_start(p, 0, &app_receiver, &rc);
    struct app *sender = pair_start(p, 0, &app_sender, &sc);
    assert_true(pair_run_until_done(p, sender, 5000000));
    assert_int_equal(sender->error, 0);
    uint8_t *expected = malloc(200000);
    app_pattern(0, room_of(expected, 200000));
    assert_true(bytes_equal(app_received(receiver, 0), bytes_of(expected, 200000)));
    free(expected);
    assert_int_equal(p->frame_count, 0);
    pair_destroy(p);
}

static void test_loopback(void **state)
{
    (void)state;
    loopback_transfer(0x7f000001);
    loopback_transfer(0x0a000001);
}

/* Two echo servers of one host that answer each other for ever: entries end, and time goes on. */
static void test_endless_loopback(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app *echo = pair_start(p, 0, &app_echo, &(struct app_config){.port = 7, .udp = true});
    struct sockets *s = pair_sockets(p, 0);
    int socket = socket_open(s, SOCKET_UDP);
    assert_int_equal(socket_bind(s, socket, (struct ip_endpoint){ip_addr_v4(0), 8}), 0);
    assert_int_equal(socket_sendto(s, socket, bytes_of("ball", 4), (struct ip_endpoint){pair_addr(0), 7}), 4);
    assert_int_equal(socket_close(s, socket), 0);
    struct app *other = pair_start(p, 0, &app_echo, &(struct app_config){.port = 8, .udp = true});
    pair_run_until(p, 50);
    assert_true(echo->received_messages > 50);
    assert_in_range(echo->received_messages - other->received_messages, 0, 1);
    assert_int_equal(host_deadline(p->host[0]), 51);
    pair_destroy(p);
}

static void spoil_datagram(void *context, struct pair_frame *f)
{
    (void)context;
    if (be16_load(f->bytes + 12) == ETHERNET_TYPE_IPV4 && f->bytes[ETHERNET_HEADER + 9] == IP_PROTOCOL_UDP)
        f->bytes[f->len > 60 ? f->len - 1 : ETHERNET_HEADER + 28] ^= 0x40;
}

static void spoiled_datagrams(uint32_t faults, bool fcs, unsigned expected)
{
    struct pair_config pc;
    pair_config_default(&pc);
    pc.netif.fcs = fcs;
    pc.host[1].faults = faults;
    struct pair *p = pair_create(&pc);
    p->hook = spoil_datagram;
    struct app *receiver = pair_start(p, 1, &app_receiver, &(struct app_config){.port = PORT, .udp = true});
    struct app_config sc = {.peer = pair_endpoint(1, PORT), .udp = true, .data = bytes_of("spoil me", 8)};
    pair_start(p, 0, &app_sender, &sc);
    pair_run_for(p, 1000000);
    assert_int_equal(receiver->received_messages, expected);
    pair_destroy(p);
}

static void test_checksum_fault(void **state)
{
    (void)state;
    spoiled_datagrams(0, false, 0);
    spoiled_datagrams(HOST_FAULT_NO_CHECKSUM_VERIFY, false, 1);
    spoiled_datagrams(HOST_FAULT_NO_CHECKSUM_VERIFY, true, 0); /* the FCS catches what happens on the wire */
}

static void test_checksum_fault_reaches_tcp(void **state)
{
    (void)state;
    struct pair_config pc;
    pair_config_default(&pc);
    pc.host[1].faults = HOST_FAULT_NO_CHECKSUM_VERIFY;
    struct pair *p = pair_create(&pc);
    assert_true(tcp_config(host_tcp(p->host[0]))->verify_checksum);
    assert_false(tcp_config(host_tcp(p->host[1]))->verify_checksum);
    assert_true(host_ip(p->host[0])->verify_checksum);
    assert_false(host_ip(p->host[1])->verify_checksum);
    pair_destroy(p);
}

static void test_interface_down_and_up(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config rc = {.port = PORT, .close_at_end = true};
    struct app_config sc = {.peer = pair_endpoint(1, PORT), .total_bytes = 1 << 20, .close_at_end = true};
    pair_start(p, 1, &app_receiver, &rc);
    struct app *sender = pair_start(p, 0, &app_sender, &sc);
    pair_run_until(p, 100000);
    assert_non_null(arp_find(&host_netif(p->host[0], 0)->arp, pair_addr(1)));
    assert_int_equal(host_set_interface_up(p->host[0], 0, false), 0);
    assert_null(arp_find(&host_netif(p->host[0], 0)->arp, pair_addr(1)));
    size_t before = p->frame_count;
    pair_run_until(p, 150000);
    for (size_t i = before; i < p->frame_count; i++)
        assert_int_equal(p->frames[i]->from, 1);
    uint64_t sent = sender->sent_bytes;
    pair_run_until(p, 2000000);
    assert_true(sender->sent_bytes <= sent + 2 * 65536);
    assert_int_equal(host_set_interface_up(p->host[0], 0, true), 0);
    assert_true(pair_run_until_done(p, sender, 120000000));
    assert_int_equal(sender->error, 0);
    assert_int_equal(sender->sent_bytes, 1 << 20);
    pair_destroy(p);
}

static void drop_some(void *context, struct pair_frame *f)
{
    if (rng_chance(context, 30000))
        f->copies = 0;
}

/* One history; its frames, one after the other with their times, hashed. */
static uint64_t history(uint64_t seed)
{
    struct pair_config pc;
    pair_config_default(&pc);
    pc.seed = seed;
    struct pair *p = pair_create(&pc);
    struct rng rng;
    rng_seed(&rng, 5, 5);
    p->hook = drop_some;
    p->hook_context = &rng;
    pair_start(p, 1, &app_echo, &(struct app_config){.port = 7, .close_at_end = true});
    struct app_config sc = {.peer = pair_endpoint(1, 7), .total_bytes = 100000, .close_at_end = true};
    pair_start(p, 0, &app_sender, &sc);
    pair_start(p, 0, &app_ping, &(struct app_config){.peer = pair_endpoint(1, 0)});
    pair_run_until(p, 20000000);
    uint64_t hash = 0;
    for (size_t i = 0; i < p->frame_count; i++) {
        struct hash_key key = {hash, (uint64_t)p->frames[i]->sent_us};
        hash = hash_bytes(&key, bytes_of(p->frames[i]->bytes, p->frames[i]->len));
    }
    assert_true(p->frame_count > 100);
    pair_destroy(p);
    return hash;
}

static void test_same_history_same_frames(void **state)
{
    (void)state;
    uint64_t hash = history(1);
    assert_true(history(1) == hash);
    assert_false(history(2) == hash);
}

/* Back to a moment between two pieces of a transfer, and on again: the same bytes at the same times. */
static void test_back_in_time(void **state)
{
    (void)state;
    struct pair *p = pair_create(NULL);
    struct app_config rc = {.port = PORT, .keep = true, .close_at_end = true};
    struct app_config sc = {
        .peer = pair_endpoint(1, PORT), .total_bytes = 20000, .chunk_bytes = 2000, .interval_us = 300000};
    struct app *receiver = pair_start(p, 1, &app_receiver, &rc);
    pair_start(p, 0, &app_sender, &sc);
    pair_run_until(p, 1200000);
    assert_null(p->flights);
    uint8_t *saved = malloc(p->arena->used);
    size_t saved_len = arena_save(p->arena, room_of(saved, p->arena->used));
    size_t then = p->frame_count;
    pair_run_until(p, 5000000);
    size_t once = p->frame_count;
    assert_int_equal(receiver->received_bytes, 20000);
    arena_restore(p->arena, bytes_of(saved, saved_len));
    p->now_us = 1200000;
    assert_true(receiver->received_bytes < 20000);
    pair_run_until(p, 5000000);
    assert_int_equal(receiver->received_bytes, 20000);
    assert_int_equal(p->frame_count - once, once - then);
    for (size_t i = 0; i < once - then; i++) {
        const struct pair_frame *a = p->frames[then + i], *b = p->frames[once + i];
        assert_int_equal(a->sent_us, b->sent_us);
        assert_int_equal(a->len, b->len);
        assert_memory_equal(a->bytes, b->bytes, a->len);
    }
    free(saved);
    pair_destroy(p);
}

/* Two interfaces take turns in host_output(). */
static void test_output_is_fair(void **state)
{
    (void)state;
    struct host_config c;
    host_config_default(&c);
    void *memory;
    struct host *h = host_alone(&memory, 1u << 20, &c);
    struct netif_config nc = {.kind = NETIF_RAW_IP, .mtu_bytes = 1500, .prefix = 24};
    for (uint32_t i = 0; i < 2; i++) {
        nc.addr = ip_addr_v4(0x0a000001 + (i << 8));
        assert_int_equal(host_add_interface(h, &nc), (int)i);
    }
    struct sockets *s = host_sockets(h, 0);
    int socket = socket_open(s, SOCKET_UDP);
    for (uint32_t i = 0; i < 2; i++)
        for (int n = 0; n < 3; n++)
            assert_int_equal(socket_sendto(s, socket, bytes_of("x", 1),
                                           (struct ip_endpoint){ip_addr_v4(0x0a000002 + (i << 8)), 9}),
                             1);
    host_poll(h, 0);
    for (unsigned n = 0; n < 6; n++) {
        unsigned iface = 9;
        struct frame *f = host_output(h, &iface);
        assert_non_null(f);
        assert_int_equal(iface, n % 2);
        host_frame_free(h, f);
    }
    free(memory);
}

/* A megabyte over a bad cable, byte for byte. */
static void bad_cable(void *context, struct pair_frame *f)
{
    struct rng *rng = context;
    if (rng_chance(rng, 50000))
        f->copies = 0;
    if (rng_chance(rng, 20000))
        f->copies++;
    if (rng_chance(rng, 50000))
        f->arrival_us += 7000;
    if (rng_chance(rng, 10000))
        f->bytes[rng_below(rng, (uint32_t)f->len)] ^= 4;
}

static void test_bad_cable(void **state)
{
    (void)state;
    enum { TOTAL = 1 << 20 };
    struct pair_config pc;
    pair_config_default(&pc);
    pc.netif.fcs = true;
    struct pair *p = pair_create(&pc);
    struct rng rng;
    rng_seed(&rng, 1, 2);
    p->hook = bad_cable;
    p->hook_context = &rng;
    struct app_config rc = {.port = PORT, .keep = true, .close_at_end = true};
    struct app_config sc = {.peer = pair_endpoint(1, PORT), .total_bytes = TOTAL, .close_at_end = true};
    struct app *receiver = pair_start(p, 1, &app_receiver, &rc);
    struct app *sender = pair_start(p, 0, &app_sender, &sc);
    assert_true(pair_run_until_done(p, sender, 600000000));
    assert_int_equal(sender->error, 0);
    uint8_t *expected = malloc(TOTAL);
    app_pattern(0, room_of(expected, TOTAL));
    assert_true(bytes_equal(app_received(receiver, 0), bytes_of(expected, TOTAL)));
    free(expected);
    pair_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_interfaces),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_idle_host_is_small),
        cmocka_unit_test(test_loopback),
        cmocka_unit_test(test_endless_loopback),
        cmocka_unit_test(test_checksum_fault),
        cmocka_unit_test(test_checksum_fault_reaches_tcp),
        cmocka_unit_test(test_interface_down_and_up),
        cmocka_unit_test(test_same_history_same_frames),
        cmocka_unit_test(test_back_in_time),
        cmocka_unit_test(test_output_is_fair),
        cmocka_unit_test(test_bad_cable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
