/* Whole labs: real transfers over bad links, the same run twice, snapshots. */
#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/status.h"

enum { MIB = 1 << 20 };

static const struct app *app_of(struct bench *b, unsigned node)
{
    for (unsigned id = 0; id <= HOST_APPS_MAX; id++)
        if (host_app(lab_host(b->lab, node), id))
            return host_app(lab_host(b->lab, node), id);
    fail_msg("node %u has no program", node);
    return NULL;
}

/* 1 MiB that does not repeat. */
static uint8_t *make_file(void)
{
    uint8_t *file = malloc(MIB);
    struct rng r;
    rng_seed(&r, 2024, 1);
    assert_non_null(file);
    for (size_t i = 0; i < MIB; i++)
        file[i] = (uint8_t)rng_u32(&r);
    return file;
}

#define LOSSY                                                                                                                      \
    "{'nodes':[{'name':'client','address':'10.0.0.1/24'},{'name':'server','address':'10.0.0.2/24','apps':[" SERVER                 \
    "]}],"                                                                                                                         \
    "'links':[{'between':['client','server'],'delay_ms':10,'rate_bit_per_s':10000000,'loss':0.05,'duplicate':0.05,'reorder':0.05," \
    "'reorder_ms':5}]}"

static void a_mebibyte_arrives_over_tcp_whatever_the_link_does(void **state)
{
    (void)state;
#define SERVER "{'app':'receiver','port':80,'close':true,'keep':true}"
    static struct bench b;
    uint8_t *file = make_file();
    bench_open(&b, LOSSY);
    lab_set_blob(b.lab, bytes_of(file, MIB));
    bench_do(
        &b,
        "{'do':'start','node':'client','app':{'app':'sender','to':'server:80','blob':true,'close':true}}");
    assert_non_null(strstr(b.reply, "'ok':true"));
    bench_rest(&b, 120000000);
    struct bytes received = app_received(app_of(&b, 1), 0);
    assert_int_equal(received.len, MIB);
    assert_memory_equal(received.at, file, MIB);
    const struct link_counters *c = lab_link(b.lab, 0)->counters;
    assert_true(c[0].lost[LOSS_RANDOM] > 20 && c[0].duplicated > 20 && c[0].delayed > 20);
    assert_true(tcp_counters(host_tcp(lab_host(b.lab, 0)))->retransmitted_segments >=
                c[0].lost[LOSS_RANDOM] / 2);
    assert_true(app_of(&b, 0)->done);
    assert_int_equal(app_of(&b, 0)->error, 0);
    assert_int_equal(tcp_counters(host_tcp(lab_host(b.lab, 0)))->connections, 0);
    assert_int_equal(tcp_counters(host_tcp(lab_host(b.lab, 1)))->connections, 1); /* the listener */
    bench_close(&b);
    free(file);
#undef SERVER
}

static void over_udp_what_is_missing_is_counted(void **state)
{
    (void)state;
#define SERVER "{'app':'receiver','port':80,'protocol':'udp'}"
    static struct bench b;
    uint8_t *file = make_file();
    bench_open(&b, LOSSY);
    lab_set_blob(b.lab, bytes_of(file, MIB));
    bench_do(
        &b,
        "{'do':'ping','node':'client','to':'server','count':20,'interval_ms':10}"); /* so that no datagram waits for ARP */
    lab_run_until(b.lab, 10000000, 0);
    bench_do(&b, "{'do':'link','link':0,'duplicate':0}");
    uint64_t before = lab_link(b.lab, 0)->counters[0].frames,
             lost_before = lab_link(b.lab, 0)->counters[0].lost[LOSS_RANDOM];
    lab_set_blob(b.lab, bytes_of(file, MIB));
    bench_do(
        &b,
        "{'do':'start','node':'client','app':{'app':'sender','to':'server:80','protocol':'udp','blob':true,'chunk':1024,"
        "'interval_ms':2,'close':true}}");
    lab_run_until(b.lab, 30000000, 0);
    const struct link_counters *c = &lab_link(b.lab, 0)->counters[0];
    const struct app *sender = host_app(lab_host(b.lab, 0), 2), *receiver = app_of(&b, 1);
    assert_int_equal(sender->sent_messages, 1024);
    assert_int_equal(c->frames - before, 1024);
    assert_int_equal(receiver->received_messages, 1024 - (c->lost[LOSS_RANDOM] - lost_before));
    assert_true(receiver->received_messages < 1000);
    assert_int_equal(receiver->received_bytes, receiver->received_messages * 1024);
    bench_close(&b);
    free(file);
#undef SERVER
}

static void the_same_run_gives_the_same_bytes_and_events(void **state)
{
    (void)state;
    static const char *const names[] = {"bulk_lossy", "udp_lossy", "routed", "ping"};
    static struct bench one, two;
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        bench_open_file(&one, names[i], 5);
        bench_open_file(&two, names[i], 5);
        bench_rest(&one, 20000000);
        for (int64_t t = 0; t <= 20000000; t += 12345) /* other steps, and looking on */
            lab_run_until(two.lab, t, 0);
        bench_rest(&two, 20000000);
        assert_true(bench_hash(&one) == bench_hash(&two));
        bench_close(&two);
        bench_open_file(&two, names[i], 6);
        bench_rest(&two, 20000000);
        assert_true(bench_hash(&one) != bench_hash(&two));
        bench_close(&one);
        bench_close(&two);
    }
}

static void a_snapshot_goes_on_as_if_nothing_had_been(void **state)
{
    (void)state;
    static struct bench b;
    bench_open_file(&b, "bulk_lossy", 0);
    lab_run_until(b.lab, 700000, 0);
    size_t size = lab_image(b.lab).len;
    uint8_t *image = malloc(size);
    assert_non_null(image);
    assert_int_equal(lab_save(b.lab, room_of(image, size)), size);
    lab_run_until(b.lab, 3000000, 0);
    uint64_t hash = bench_hash(&b);
    bench_do(&b, "{'do':'link','link':'wire','up':false}");
    bench_rest(&b, 100000000);
    assert_true(bench_hash(&b) != hash);
    assert_int_equal(lab_restore(b.lab, bytes_of(image, size)), 0);
    assert_int_equal(lab_now_us(b.lab), 700000);
    lab_run_until(b.lab, 3000000, 0);
    assert_true(bench_hash(&b) == hash);
    assert_int_equal(lab_restore(b.lab, bytes_of(image, size - 16)), STATUS_EINVAL);
    image[0] ^= 1;
    assert_int_equal(lab_restore(b.lab, bytes_of(image, size)), STATUS_EINVAL);
    free(image);
    bench_close(&b);
}

static void time_does_not_run_backwards_and_stops_where_told(void **state)
{
    (void)state;
    static struct bench b;
    bench_open_file(&b, "handshake", 0);
    assert_true(lab_run_until(b.lab, 50000, 0) > 0);
    assert_int_equal(lab_now_us(b.lab), 50000);
    assert_int_equal(lab_run_until(b.lab, 49999, 0), STATUS_EINVAL);
    int64_t next = lab_next_us(b.lab);
    assert_true(next > 50000);
    assert_int_equal(lab_run_until(b.lab, 10000000, 1), 1);
    assert_int_equal(lab_now_us(b.lab), next);
    bench_close(&b);
}

/* Follows causes to their root. */
static void every_segment_leads_back_to_a_root(void **state)
{
    (void)state;
    static struct bench b;
    bench_open_file(&b, "handshake", 0);
    bench_rest(&b, 100000000);
    struct trace *t = lab_trace(b.lab);
    unsigned segments = 0;
    for (uint32_t id = 1; id <= t->last_id; id++) {
        const struct trace_event *e = trace_at(t, id);
        assert_true(e->cause < e->id);
        if (e->kind == TRACE_FRAME_SENT)
            assert_int_equal(trace_at(t, e->cause)->kind, TRACE_FRAME_QUEUED);
        if (e->kind == TRACE_FRAME_QUEUED)
            assert_true(e->cause > 0 && e->rule != RULE_NONE);
        if (e->kind == TRACE_FRAME_DELIVERED)
            assert_int_equal(trace_at(t, e->cause)->kind, TRACE_FRAME_SENT);
        if (e->kind != TRACE_TCP_SEGMENT_SENT)
            continue;
        segments++;
        assert_true(e->cause > 0 && e->rule != RULE_NONE);
    }
    assert_true(segments >= 8);
    bench_close(&b);
}

/* In JSON an event is one object: a field must not be named as what all events have. */
static void no_field_of_an_event_hides_a_common_one(void **state)
{
    (void)state;
    static const char *const common[] = {"id",   "cause", "t_us",  "kind",  "layer",
                                         "rule", "node",  "iface", "frame", "socket"};
    for (unsigned kind = 1; kind < TRACE_KIND_COUNT; kind++) {
        unsigned count = 0;
        const struct trace_field *fields = trace_fields((enum trace_kind)kind, &count);
        for (unsigned i = 0; i < count; i++)
            for (unsigned k = 0; k < sizeof common / sizeof common[0]; k++)
                assert_string_not_equal(fields[i].name, common[k]);
    }
}

static void states_of(struct bench *b, unsigned node, uint8_t states[16], unsigned *count)
{
    *count = 0;
    for (unsigned n = 0; bench_event(b, TRACE_TCP_STATE, n); n++) {
        const struct trace_event *e = bench_event(b, TRACE_TCP_STATE, n);
        if (e->node == node && *count < 16)
            states[(*count)++] = e->u.tcp_state.to;
    }
}

static void both_close_at_once(void **state)
{
    (void)state;
    static struct bench b;
    static const uint8_t expected[] = {TCP_SYN_SENT, TCP_ESTABLISHED, TCP_FIN_WAIT_1,
                                       TCP_CLOSING,  TCP_TIME_WAIT,   TCP_CLOSED};
    uint8_t states[16];
    unsigned count;
    bench_open_file(&b, "simultaneous_close", 0);
    bench_rest(&b, 100000000);
    assert_int_equal(lab_action_failures(b.lab), 0);
    states_of(&b, 0, states, &count);
    assert_int_equal(count, sizeof expected);
    assert_memory_equal(states, expected, sizeof expected);
    bench_close(&b);
}

static void only_the_transport_catches_what_a_device_broke(void **state)
{
    (void)state;
    static struct bench b;
    unsigned fcs = 0, checksum = 0;
    bench_open_file(&b, "routed", 0);
    bench_rest(&b, 100000000);
    for (unsigned n = 0; bench_event(&b, TRACE_PACKET_DROPPED, n); n++) {
        uint8_t reason = bench_event(&b, TRACE_PACKET_DROPPED, n)->u.packet_dropped.reason;
        fcs += reason == DROP_BAD_FCS;
        checksum += reason == DROP_BAD_CHECKSUM;
    }
    assert_true(fcs > 0 && checksum > 0);
    struct bytes received = app_received(app_of(&b, 2), 0);
    assert_int_equal(received.len, 50000);
    bench_close(&b);
}

static void an_interface_without_a_cable_loses_what_it_sends(void **state)
{
    (void)state;
    static struct bench b;
    bench_open(&b, "{'nodes':[{'name':'alone','address':'10.0.0.1/24'}]}");
    bench_do(&b, "{'do':'ping','node':'alone','to':'10.0.0.2','count':1}");
    bench_rest(&b, 60000000);
    assert_int_equal(bench_event(&b, TRACE_FRAME_LOST, 0)->u.frame_lost.reason, LOSS_DOWN);
    bench_close(&b);
}

static void too_little_memory_is_an_error_not_a_crash(void **state)
{
    (void)state;
    static char errors[256];
    static const char json[] =
        "{\"nodes\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"links\":[{\"between\":[\"a\",\"b\"]}]}";
    unsigned made = 0, refused = 0;
    for (size_t size = 4096; size < (2u << 20); size = size * 5 / 4 / 16 * 16) {
        const struct lab_config config = {.seed = 1, .trace_events = 256, .capture_bytes = CAPTURE_BYTES_MIN};
        void *memory = calloc(1, size);
        struct lab *l = lab_create(memory, size, &config);
        int status =
            l ? lab_load(l, bytes_of(json, sizeof json - 1), room_of(errors, sizeof errors)) : STATUS_ENOMEM;
        made += status == 0;
        refused += status < 0;
        free(memory);
    }
    assert_true(made > 0 && refused > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mebibyte_arrives_over_tcp_whatever_the_link_does),
        cmocka_unit_test(over_udp_what_is_missing_is_counted),
        cmocka_unit_test(the_same_run_gives_the_same_bytes_and_events),
        cmocka_unit_test(a_snapshot_goes_on_as_if_nothing_had_been),
        cmocka_unit_test(time_does_not_run_backwards_and_stops_where_told),
        cmocka_unit_test(every_segment_leads_back_to_a_root),
        cmocka_unit_test(no_field_of_an_event_hides_a_common_one),
        cmocka_unit_test(both_close_at_once),
        cmocka_unit_test(only_the_transport_catches_what_a_device_broke),
        cmocka_unit_test(an_interface_without_a_cable_loses_what_it_sends),
        cmocka_unit_test(too_little_memory_is_an_error_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
