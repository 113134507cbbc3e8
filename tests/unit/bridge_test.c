/* A switch: what it learns, where it sends frames, what it forgets. */
#include "link/bridge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/checksum.h"
#include "base/status.h"

enum { MEMORY = 4 << 20, TRACE_EVENTS = 4096, PORTS = 4, FRAME_BYTES = 60, MS = 1000, FRAME_ID = 77 };
enum { AGEING_US = 10000 * MS, ADDRESSES = 3 };

/* A switch with four ports, all of them plugged in. */
struct box {
    struct machine m;
    struct bridge b;
    size_t in_use;
};

static struct mac_addr mac(uint8_t last)
{
    return (struct mac_addr){{2, 0, 0, 0, 0, last}};
}

static struct box *box_create(void)
{
    struct arena *a = arena_create(calloc(1, MEMORY), MEMORY);
    assert_non_null(a);
    struct box *box = arena_zalloc(a, sizeof *box);
    assert_non_null(box);
    machine_init(&box->m, a, trace_create(a, TRACE_EVENTS), 0, 1);
    bridge_init(&box->b, &box->m, AGEING_US, ADDRESSES);
    for (int i = 0; i < PORTS; i++) {
        assert_int_equal(bridge_add_port(&box->b), i);
        assert_false(box->b.port[i]->up);
        bridge_plug(&box->b, (uint8_t)i, true);
    }
    box->in_use = a->in_use;
    return box;
}

static struct frame *sent(struct box *box, unsigned port)
{
    return netif_take(box->b.port[port]);
}

/* Takes the only frame that waits at each of these ports, as bits; at others there is none. */
static void assert_sent(struct box *box, unsigned ports)
{
    for (unsigned i = 0; i < box->b.port_count; i++) {
        struct frame *f = sent(box, i);
        assert_int_equal(f != NULL, ports >> i & 1);
        frame_free(&box->m, f);
        assert_null(sent(box, i));
    }
}

/* Whatever was done, no frame and no address is left in memory once all addresses are forgotten. */
static void box_destroy(struct box *box)
{
    assert_sent(box, 0);
    for (uint8_t i = 0; i < box->b.port_count; i++)
        bridge_plug(&box->b, i, false);
    assert_null(box->b.latest);
    assert_null(box->b.earliest);
    assert_int_equal(box->b.address_count, 0);
    assert_int_equal(box->m.arena->in_use, box->in_use);
    free(box->m.arena);
}

static size_t make_frame(uint8_t *at, struct mac_addr dst, struct mac_addr src)
{
    const struct ethernet_repr repr = {dst, src, ETHERNET_TYPE_IPV4};
    memset(at, 0xa5, FRAME_BYTES);
    assert_int_equal(ethernet_emit(&repr, room_of(at, ETHERNET_HEADER)), ETHERNET_HEADER);
    ethernet_fcs_store(at + FRAME_BYTES, crc32_of(at, FRAME_BYTES));
    return FRAME_BYTES + ETHERNET_FCS;
}

static void arrive(struct box *box, unsigned port, struct mac_addr dst, struct mac_addr src)
{
    uint8_t frame[FRAME_BYTES + ETHERNET_FCS];
    netif_input(box->b.port[port], bytes_of(frame, make_frame(frame, dst, src)), FRAME_ID);
}

static void run_until(struct box *box, int64_t now_us)
{
    while (timer_first_due(&box->m.timers) <= now_us) {
        box->m.now_us = timer_first_due(&box->m.timers);
        struct timer *t = timer_take_due(&box->m.timers, box->m.now_us);
        t->fire(t);
    }
    box->m.now_us = now_us;
}

static unsigned count(struct box *box, enum trace_kind kind)
{
    unsigned n = 0;
    for (uint32_t id = 1; id <= box->m.trace->last_id; id++)
        n += trace_at(box->m.trace, id)->kind == kind;
    return n;
}

static const struct trace_event *last(struct box *box, enum trace_kind kind)
{
    uint32_t id = box->m.trace->last_id;
    while (id > 0 && trace_at(box->m.trace, id)->kind != kind)
        id--;
    assert_true(id > 0);
    return trace_at(box->m.trace, id);
}

static void the_unknown_goes_everywhere_but_back(void **state)
{
    (void)state;
    struct box *box = box_create();
    arrive(box, 1, mac(9), mac(1));
    const struct trace_event *e = last(box, TRACE_SWITCH_FLOODED);
    assert_int_equal(e->u.switch_flooded.ports, 3);
    assert_int_equal(e->u.switch_flooded.reason, FLOOD_UNKNOWN);
    assert_int_equal(e->iface, 1);
    assert_int_equal(e->frame, FRAME_ID);
    assert_sent(box, 1 << 0 | 1 << 2 | 1 << 3);
    box_destroy(box);
}

static void a_copy_is_the_same_frame_with_a_cause_of_its_own(void **state)
{
    (void)state;
    struct box *box = box_create();
    uint8_t frame[FRAME_BYTES + ETHERNET_FCS];
    size_t len = make_frame(frame, mac(9), mac(1));
    netif_input(box->b.port[0], bytes_of(frame, len), FRAME_ID);
    struct frame *first = sent(box, 1), *second = sent(box, 2);
    assert_int_equal(first->len, len);
    assert_memory_equal(frame_bytes(first).at, frame, len);
    assert_memory_equal(frame_bytes(second).at, frame, len);
    assert_true(first->id != second->id && first->id != 0);
    assert_int_equal(first->cause, last(box, TRACE_SWITCH_FLOODED)->id);
    assert_int_equal(first->rule, RULE_SWITCH_FLOOD);
    frame_free(&box->m, first);
    frame_free(&box->m, second);
    assert_sent(box, 1 << 3);
    box_destroy(box);
}

static void what_was_heard_is_known(void **state)
{
    (void)state;
    struct box *box = box_create();
    arrive(box, 1, MAC_BROADCAST, mac(1));
    assert_sent(box, 1 << 0 | 1 << 2 | 1 << 3);
    assert_int_equal(last(box, TRACE_SWITCH_FLOODED)->u.switch_flooded.reason, FLOOD_BROADCAST);
    const struct trace_event *e = last(box, TRACE_SWITCH_LEARNED);
    assert_int_equal(e->u.switch_learned.mac_hi, 0x0200);
    assert_int_equal(e->u.switch_learned.mac_lo, 1);
    assert_int_equal(e->iface, 1);
    assert_int_equal(e->rule, RULE_SWITCH_LEARN);
    arrive(box, 3, mac(1), mac(3));
    assert_sent(box, 1 << 1);
    assert_int_equal(last(box, TRACE_SWITCH_FORWARDED)->u.switch_forwarded.out_port, 1);
    arrive(box, 1, mac(3), mac(1));
    assert_sent(box, 1 << 3);
    assert_int_equal(count(box, TRACE_SWITCH_LEARNED), 2); /* that it was heard again is no news */
    assert_int_equal(count(box, TRACE_SWITCH_FLOODED), 1);
    box_destroy(box);
}

static void what_is_behind_the_same_port_is_filtered(void **state)
{
    (void)state;
    struct box *box = box_create();
    arrive(box, 0, MAC_BROADCAST, mac(1));
    assert_sent(box, 0xe);
    arrive(box, 0, mac(1), mac(2));
    assert_sent(box, 0);
    assert_int_equal(last(box, TRACE_SWITCH_FILTERED)->u.switch_filtered.reason, FILTER_SAME_PORT);
    arrive(box, 2, mac(3), mac(3)); /* to itself: it is there */
    assert_sent(box, 0);
    assert_int_equal(count(box, TRACE_SWITCH_FILTERED), 2);
    box_destroy(box);
}

static void groups_are_flooded_but_neighbours_are_not(void **state)
{
    (void)state;
    static const struct mac_addr group = {{1, 0, 0x5e, 0, 0, 1}};
    struct mac_addr reserved = {{1, 0x80, 0xc2, 0, 0, 0}};
    struct box *box = box_create();
    arrive(box, 0, group, mac(1));
    assert_sent(box, 0xe);
    assert_int_equal(last(box, TRACE_SWITCH_FLOODED)->u.switch_flooded.reason, FLOOD_MULTICAST);
    arrive(box, 0, reserved, mac(1));
    reserved.octet[5] = 0x0f;
    arrive(box, 0, reserved, mac(1));
    assert_sent(box, 0);
    assert_int_equal(count(box, TRACE_SWITCH_FILTERED), 2);
    assert_int_equal(last(box, TRACE_SWITCH_FILTERED)->u.switch_filtered.reason, FILTER_RESERVED);
    reserved.octet[5] = 0x10;
    arrive(box, 0, reserved, mac(1));
    assert_sent(box, 0xe);
    box_destroy(box);
}

static void a_station_that_moves_is_found_where_it_is_now(void **state)
{
    (void)state;
    struct box *box = box_create();
    arrive(box, 0, MAC_BROADCAST, mac(1));
    assert_sent(box, 0xe);
    assert_false(last(box, TRACE_SWITCH_LEARNED)->u.switch_learned.moved);
    arrive(box, 2, MAC_BROADCAST, mac(1));
    assert_sent(box, 0xb);
    assert_true(last(box, TRACE_SWITCH_LEARNED)->u.switch_learned.moved);
    arrive(box, 3, mac(1), mac(3));
    assert_sent(box, 1 << 2);
    assert_int_equal(box->b.address_count, 2);
    box_destroy(box);
}

static void what_is_not_heard_ages(void **state)
{
    (void)state;
    struct box *box = box_create();
    arrive(box, 0, MAC_BROADCAST, mac(1));
    arrive(box, 1, MAC_BROADCAST, mac(2));
    run_until(box, AGEING_US / 2);
    arrive(box, 0, mac(2), mac(1)); /* mac(1) is heard again */
    run_until(box, AGEING_US - 1);
    assert_non_null(bridge_find(&box->b, mac(2)));
    run_until(box, AGEING_US);
    assert_null(bridge_find(&box->b, mac(2)));
    assert_non_null(bridge_find(&box->b, mac(1)));
    const struct trace_event *e = last(box, TRACE_SWITCH_FORGOT);
    assert_int_equal(e->u.switch_forgot.mac_lo, 2);
    assert_int_equal(e->u.switch_forgot.reason, FORGET_AGED);
    assert_int_equal(e->rule, RULE_SWITCH_AGE);
    assert_int_equal(e->iface, 1);
    run_until(box, AGEING_US + AGEING_US / 2);
    assert_null(bridge_find(&box->b, mac(1)));
    assert_int_equal(timer_first_due(&box->m.timers), TIME_NEVER); /* there is nothing to wait for */
    for (unsigned i = 0; i < PORTS; i++)
        for (struct frame *f; (f = sent(box, i));)
            frame_free(&box->m, f);
    box_destroy(box);
}

static void the_one_unheard_for_longest_makes_room(void **state)
{
    (void)state;
    struct box *box = box_create();
    for (unsigned i = 1; i <= ADDRESSES; i++) {
        run_until(box, i * MS);
        arrive(box, 0, mac(0xfe), mac((uint8_t)i));
        assert_sent(box, 0xe);
    }
    arrive(box, 0, mac(0xfe), mac(1));
    assert_sent(box, 0xe);
    arrive(box, 3, mac(1), mac(9));
    assert_sent(box, 1);
    assert_int_equal(box->b.address_count, ADDRESSES);
    assert_null(bridge_find(&box->b, mac(2)));
    assert_int_equal(last(box, TRACE_SWITCH_FORGOT)->u.switch_forgot.reason, FORGET_FULL);
    assert_int_equal(last(box, TRACE_SWITCH_FORGOT)->u.switch_forgot.mac_lo, 2);
    box_destroy(box);
}

static void a_pulled_cable_flushes_its_port(void **state)
{
    (void)state;
    struct box *box = box_create();
    arrive(box, 0, MAC_BROADCAST, mac(1));
    assert_sent(box, 0xe);
    arrive(box, 1, mac(1), mac(2));
    assert_sent(box, 1);
    arrive(box, 0, mac(2), mac(3));
    assert_sent(box, 2);
    bridge_plug(&box->b, 0, false);
    assert_null(bridge_find(&box->b, mac(1)));
    assert_null(bridge_find(&box->b, mac(3)));
    assert_non_null(bridge_find(&box->b, mac(2)));
    assert_int_equal(count(box, TRACE_SWITCH_FORGOT), 2);
    assert_int_equal(last(box, TRACE_SWITCH_FORGOT)->u.switch_forgot.reason, FORGET_PORT_DOWN);
    arrive(box, 1, mac(1), mac(2));
    assert_sent(box, 0xc); /* not to a port that is down */
    assert_int_equal(last(box, TRACE_SWITCH_FLOODED)->u.switch_flooded.ports, 2);
    box_destroy(box);
}

static void what_is_spoilt_is_dropped_and_not_learned(void **state)
{
    (void)state;
    struct box *box = box_create();
    uint8_t frame[FRAME_BYTES + ETHERNET_FCS];
    size_t len = make_frame(frame, mac(2), mac(1));
    frame[30] ^= 1;
    netif_input(box->b.port[0], bytes_of(frame, len), FRAME_ID);
    assert_int_equal(last(box, TRACE_PACKET_DROPPED)->u.packet_dropped.reason, DROP_BAD_FCS);
    netif_input(box->b.port[0], bytes_of(frame, 17), FRAME_ID);
    assert_int_equal(last(box, TRACE_PACKET_DROPPED)->u.packet_dropped.reason, DROP_TRUNCATED);
    arrive(box, 0, mac(2), MAC_BROADCAST);
    assert_int_equal(last(box, TRACE_PACKET_DROPPED)->u.packet_dropped.reason, DROP_BAD_ADDRESS);
    assert_int_equal(box->b.address_count, 0);
    assert_int_equal(box->b.port[0]->counters.in_dropped, 3);
    assert_sent(box, 0);
    box->b.port[1]->config.fcs = false;
    netif_input(box->b.port[1], bytes_of(frame, ETHERNET_HEADER - 1), FRAME_ID);
    assert_int_equal(last(box, TRACE_PACKET_DROPPED)->u.packet_dropped.reason, DROP_TRUNCATED);
    box_destroy(box);
}

static void an_fcs_is_put_on_where_the_link_has_one(void **state)
{
    (void)state;
    struct box *box = box_create();
    uint8_t frame[FRAME_BYTES + ETHERNET_FCS];
    make_frame(frame, mac(2), mac(1));
    box->b.port[0]->config.fcs = false;
    box->b.port[1]->config.fcs = false;
    netif_input(box->b.port[0], bytes_of(frame, FRAME_BYTES), FRAME_ID);
    struct frame *bare = sent(box, 1), *whole = sent(box, 2);
    assert_int_equal(bare->len, FRAME_BYTES);
    assert_int_equal(whole->len, FRAME_BYTES + ETHERNET_FCS);
    assert_true(ethernet_fcs_good(frame_bytes(whole)));
    frame_free(&box->m, bare);
    frame_free(&box->m, whole);
    assert_sent(box, 1 << 3);
    box_destroy(box);
}

static void a_frame_with_a_length_is_a_frame(void **state)
{
    (void)state;
    struct box *box = box_create();
    uint8_t frame[FRAME_BYTES + ETHERNET_FCS];
    make_frame(frame, mac(2), mac(1));
    be16_store(frame + 12, 46); /* 802.3: a length where a type might be */
    ethernet_fcs_store(frame + FRAME_BYTES, crc32_of(frame, FRAME_BYTES));
    netif_input(box->b.port[0], bytes_of(frame, sizeof frame), FRAME_ID);
    assert_sent(box, 0xe);
    assert_non_null(bridge_find(&box->b, mac(1)));
    box_destroy(box);
}

static void ports_take_turns_and_are_bounded(void **state)
{
    (void)state;
    struct box *box = box_create();
    unsigned port = 99, seen = 0;
    arrive(box, 0, mac(9), mac(1));
    arrive(box, 0, mac(9), mac(1));
    for (unsigned i = 0; i < 6; i++) {
        struct frame *f = bridge_output(&box->b, &port);
        assert_non_null(f);
        seen |= 1u << port;
        frame_free(&box->m, f);
        assert_true(i != 2 || seen == 0xe); /* each once before any goes twice */
    }
    assert_null(bridge_output(&box->b, &port));
    while (box->b.port_count < BRIDGE_PORTS_MAX)
        assert_true(bridge_add_port(&box->b) >= 0);
    assert_int_equal(bridge_add_port(&box->b), STATUS_ENOBUFS);
    bridge_plug(&box->b, 0, false);
    box->in_use = box->m.arena->in_use;
    box_destroy(box);
}

/* Against a model that keeps all it heard: random stations at random ports. */
static void it_agrees_with_a_model(void **state)
{
    (void)state;
    enum { STATIONS = 12, STEPS = 3000 };
    struct box *box = box_create();
    struct rng rng;
    int64_t heard_us[STATIONS];
    unsigned at[STATIONS];
    box->b.addresses_max = STATIONS;
    for (unsigned i = 0; i < STATIONS; i++)
        heard_us[i] = -AGEING_US;
    rng_seed(&rng, 7, 7);
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned port = rng_below(&rng, PORTS), from = rng_below(&rng, STATIONS),
                 to = rng_below(&rng, STATIONS);
        run_until(box, box->m.now_us + rng_below(&rng, AGEING_US / 5));
        if (heard_us[from] + AGEING_US > box->m.now_us && rng_below(&rng, 20))
            port = at[from];
        at[from] = port;
        heard_us[from] = box->m.now_us;
        bool known = heard_us[to] + AGEING_US > box->m.now_us;
        unsigned others = 0xfu & ~(1u << port);
        arrive(box, port, mac((uint8_t)(to + 1)), mac((uint8_t)(from + 1)));
        assert_sent(box, !known ? others : at[to] == port ? 0 : 1u << at[to]);
    }
    box_destroy(box);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_unknown_goes_everywhere_but_back),
        cmocka_unit_test(a_copy_is_the_same_frame_with_a_cause_of_its_own),
        cmocka_unit_test(what_was_heard_is_known),
        cmocka_unit_test(what_is_behind_the_same_port_is_filtered),
        cmocka_unit_test(groups_are_flooded_but_neighbours_are_not),
        cmocka_unit_test(a_station_that_moves_is_found_where_it_is_now),
        cmocka_unit_test(what_is_not_heard_ages),
        cmocka_unit_test(the_one_unheard_for_longest_makes_room),
        cmocka_unit_test(a_pulled_cable_flushes_its_port),
        cmocka_unit_test(what_is_spoilt_is_dropped_and_not_learned),
        cmocka_unit_test(an_fcs_is_put_on_where_the_link_has_one),
        cmocka_unit_test(a_frame_with_a_length_is_a_frame),
        cmocka_unit_test(ports_take_turns_and_are_bounded),
        cmocka_unit_test(it_agrees_with_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
