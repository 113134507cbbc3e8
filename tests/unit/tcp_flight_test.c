/*
 * The scoreboard (tcp_flight.c) beside a model that is as simple as can be: it keeps every byte by itself and counts them
 * all each time. Random sendings, acknowledgments, blocks, losses, retransmissions and timeouts must leave both the same.
 */
#include "transport/tcp_conn.h"
#include "unit/support/pair.h"
#include "unit/support/property.h"

enum { MSS = 1000, BYTES_MAX = 60000, OPERATIONS = 400 };

/* A byte in flight, and the record that it is of. */
struct byte {
    bool begins; /* a record */
    uint8_t flags;
    int64_t sent_us;
    uint64_t delivered; /* C.delivered when it was sent; 0: not measured */
};

struct model {
    struct byte at[BYTES_MAX]; /* from snd.una on */
    uint32_t count;
    bool rack, measures;
    uint64_t delivered; /* ever */
    seq_t fack, rack_to;
    int64_t rack_sent_us;
};

struct fixture {
    struct pair *pair;
    struct tcp_conn *c;
    struct rng *rng;
    struct model *m;
};

static uint32_t record_end(const struct model *m, uint32_t from)
{
    uint32_t end = from + 1;
    while (end < m->count && !m->at[end].begins)
        end++;
    return end;
}

static bool waits(uint8_t flags)
{
    return (flags & (TCP_SENT_LOST | TCP_SENT_AGAIN)) == TCP_SENT_LOST;
}

static void set_flags(struct model *m, uint32_t from, uint32_t end, uint8_t flags)
{
    for (uint32_t i = from; i < end; i++)
        m->at[i].flags = flags;
}

/* What the peer turns out to have: RFC 8985, 6.2, steps 1 and 2; `known` is fack before this acknowledgment. */
static void model_delivers(struct fixture *f, uint32_t from, uint32_t end, struct tcp_delivery *d)
{
    struct model *m = f->m;
    const struct byte *b = &m->at[from];
    seq_t to = f->c->snd.una + end;
    bool twice = (b->flags & TCP_SENT_TWICE) != 0;
    int64_t rtt_us = tcp_now(f->c) - b->sent_us;
    d->bytes += end - from;
    m->delivered += end - from;
    m->fack = seq_max(m->fack, to);
    if (!twice)
        d->rtt_us = rtt_us ? (uint32_t)rtt_us : 1;
    else if (rtt_us < f->c->rtt_min_us)
        return;
    if (b->sent_us > m->rack_sent_us || (b->sent_us == m->rack_sent_us && seq_gt(to, m->rack_to))) {
        m->rack_sent_us = b->sent_us;
        m->rack_to = to;
    }
}

static void check_sums(const struct fixture *f)
{
    const struct tcp_flight *flight = f->c->flight;
    const struct model *m = f->m;
    uint32_t sacked = 0, lost = 0, both = 0, sacked_count = 0, lost_count = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        const struct byte *b = &m->at[i];
        sacked += (b->flags & TCP_SENT_SACKED) != 0;
        lost += waits(b->flags);
        both += (b->flags & TCP_SENT_BOTH) != 0;
        sacked_count += b->begins && (b->flags & TCP_SENT_SACKED);
        lost_count += b->begins && waits(b->flags);
    }
    assert_int_equal(flight->sacked_bytes, sacked);
    assert_int_equal(flight->lost_bytes, lost);
    assert_int_equal(flight->both_bytes, both);
    assert_int_equal(flight->sacked_count, sacked_count);
    assert_int_equal(flight->lost_count, lost_count);
    assert_int_equal(tcp_in_flight(f->c), m->count - sacked - lost + both);
    assert_int_equal(flight->fack, m->fack);
    assert_int_equal(flight->rack_sent_us, m->rack_sent_us);
    assert_int_equal(flight->rack_to, m->rack_to);
}

static void check_records(const struct fixture *f)
{
    const struct tcp_flight *flight = f->c->flight;
    const struct model *m = f->m;
    uint32_t index = 0;
    for (uint32_t from = 0, end; from < m->count; from = end, index++) {
        end = record_end(m, from);
        assert_true(index < flight->count);
        const struct tcp_sent *r = tcp_flight_at(flight, index);
        assert_int_equal(r->from, f->c->snd.una + from);
        assert_int_equal(r->to, f->c->snd.una + end);
        assert_int_equal(r->flags, m->at[from].flags);
        assert_int_equal(r->sent_us, m->at[from].sent_us);
        if (m->measures)
            assert_int_equal(flight->rate[r - flight->at].delivered, m->at[from].delivered);
    }
    assert_int_equal(index, flight->count);
}

/* What is to be sent again next, and how much of it in one segment. */
static void check_next_lost(const struct fixture *f)
{
    const struct model *m = f->m;
    const struct tcp_sent *next = tcp_flight_next_lost(f->c->flight);
    uint32_t from = 0;
    while (from < m->count && !waits(m->at[from].flags))
        from++;
    if (from == m->count) {
        assert_null(next);
        return;
    }
    assert_non_null(next);
    assert_int_equal(next->from, f->c->snd.una + from);
    uint32_t end = record_end(m, from);
    while (end < m->count && waits(m->at[end].flags) && record_end(m, end) - from <= f->c->snd_mss)
        end = record_end(m, end);
    assert_int_equal(tcp_flight_lost_end(f->c), f->c->snd.una + end);
}

static void check(const struct fixture *f)
{
    check_sums(f);
    check_records(f);
    check_next_lost(f);
    tcp_flight_check(f->c);
}

static void send_new(struct fixture *f)
{
    struct model *m = f->m;
    uint32_t len = rng_below(f->rng, 3) ? MSS : rng_between(f->rng, 1, MSS);
    if (m->count + len > BYTES_MAX)
        return;
    seq_t from = f->c->snd.nxt;
    assert_true(tcp_flight_sent(f->c, from, from + len));
    f->c->snd.nxt = f->c->snd.max = from + len;
    for (uint32_t i = 0; i < len; i++)
        m->at[m->count++] = (struct byte){i == 0, 0, tcp_now(f->c), m->delivered};
}

/* Up to any byte: the end of a record, or the middle of one, where segments were put together anew. */
static uint32_t pick_byte(struct fixture *f)
{
    const struct model *m = f->m;
    uint32_t i = rng_below(f->rng, m->count + 1);
    bool whole = rng_below(f->rng, 4) > 0;
    while (whole && i < m->count && !m->at[i].begins)
        i++;
    return i;
}

static void acknowledge(struct fixture *f)
{
    struct model *m = f->m;
    struct tcp_delivery seen = {.fack = m->fack}, expected = {.fack = m->fack};
    uint32_t acked = pick_byte(f);
    for (uint32_t from = 0, end; from < acked; from = end) {
        end = record_end(m, from);
        bool sacked = m->at[from].flags & TCP_SENT_SACKED;
        if (end <= acked && !sacked) {
            model_delivers(f, from, end, &expected);
        } else if (end > acked) { /* the rest of it stays; it counts once from now on */
            expected.bytes += sacked ? 0 : acked - from;
            m->at[acked] = m->at[from];
            set_flags(m, acked, end, (uint8_t)(m->at[from].flags & ~TCP_SENT_BOTH));
        }
    }
    memmove(m->at, m->at + acked, (m->count - acked) * sizeof m->at[0]);
    m->count -= acked;
    f->c->snd.una += acked;
    f->c->loss_end = f->c->rtx_next = f->c->snd.una;
    tcp_flight_acked(f->c, &seen);
    assert_int_equal(seen.bytes, expected.bytes);
    assert_int_equal(seen.rtt_us, expected.rtt_us);
}

static void take_block(struct fixture *f)
{
    struct model *m = f->m;
    struct tcp_delivery seen = {.fack = m->fack}, expected = {.fack = m->fack};
    uint32_t a = pick_byte(f), b = pick_byte(f);
    uint32_t left = a < b ? a : b, right = a < b ? b : a;
    if (rng_below(f->rng, 2) && right > left + 5 * MSS)
        right = left + 5 * MSS;
    for (uint32_t from = 0, end; from < m->count; from = end) {
        end = record_end(m, from);
        if (from < left || end > right || (m->at[from].flags & TCP_SENT_SACKED))
            continue;
        model_delivers(f, from, end, &expected);
        set_flags(m, from, end, (uint8_t)((m->at[from].flags & TCP_SENT_TWICE) | TCP_SENT_SACKED));
    }
    if (left < right)
        tcp_flight_sacked(f->c, (struct range){f->c->snd.una + left, f->c->snd.una + right}, &seen);
    assert_int_equal(seen.bytes, expected.bytes);
    assert_int_equal(seen.rtt_us, expected.rtt_us);
}

static void model_loses(struct model *m, uint32_t from, uint32_t end)
{
    uint8_t flags = m->at[from].flags;
    if (!waits(flags))
        set_flags(m, from, end, (uint8_t)((flags & ~(TCP_SENT_AGAIN | TCP_SENT_BOTH)) | TCP_SENT_LOST));
}

static void lose(struct fixture *f)
{
    struct model *m = f->m;
    uint32_t count = f->c->flight->count, index = count ? rng_below(f->rng, count) : 0, from = 0;
    for (uint32_t i = 0; i < index; i++)
        from = record_end(m, from);
    if (count == 0 || (m->at[from].flags & TCP_SENT_SACKED))
        return;
    model_loses(m, from, record_end(m, from));
    tcp_flight_mark_lost(f->c, index);
}

/* From the beginning of a record; to its end, that of another, or the middle of one. */
static void send_again(struct fixture *f)
{
    struct model *m = f->m;
    const struct tcp_sent *lost = tcp_flight_next_lost(f->c->flight);
    if (m->count == 0)
        return;
    uint32_t from = lost && rng_below(f->rng, 4) ? lost->from - f->c->snd.una : 0;
    while (rng_below(f->rng, 3) == 0 && record_end(m, from) < m->count)
        from = record_end(m, from);
    uint32_t to = from + rng_between(f->rng, 1, 2 * MSS);
    if (rng_below(f->rng, 2) || to > m->count)
        to = record_end(m, from);
    for (uint32_t at = from, end; at < to; at = end) {
        end = record_end(m, at);
        uint8_t flags = m->at[at].flags;
        if (flags & TCP_SENT_SACKED)
            continue;
        if (to < end) {
            m->at[to].begins = true;
            end = to;
        }
        bool both = !(flags & TCP_SENT_LOST) && !m->rack;
        flags = (uint8_t)((flags & ~TCP_SENT_BOTH) | TCP_SENT_AGAIN | TCP_SENT_TWICE);
        set_flags(m, at, end, (uint8_t)(flags | (both ? TCP_SENT_BOTH : 0)));
        for (uint32_t i = at; i < end; i++) {
            m->at[i].sent_us = tcp_now(f->c);
            m->at[i].delivered = m->delivered;
        }
    }
    tcp_flight_sent_again(f->c, f->c->snd.una + from, f->c->snd.una + to);
}

static void time_out(struct fixture *f)
{
    struct model *m = f->m;
    int64_t before_us = tcp_now(f->c) - rng_below(f->rng, 20000);
    bool reneged = m->count > 0 && (m->at[0].flags & TCP_SENT_SACKED);
    for (uint32_t from = 0, end; from < m->count; from = end) {
        end = record_end(m, from);
        if (reneged)
            set_flags(m, from, end, (uint8_t)(m->at[from].flags & ~TCP_SENT_SACKED));
        if (!(m->at[from].flags & TCP_SENT_SACKED) && (from == 0 || m->at[from].sent_us <= before_us))
            model_loses(m, from, end);
    }
    tcp_flight_timeout(f->c, before_us);
}

static void take_back(struct fixture *f)
{
    struct model *m = f->m;
    for (uint32_t i = 0; i < m->count; i++)
        if (waits(m->at[i].flags))
            m->at[i].flags &= (uint8_t)~TCP_SENT_LOST;
    tcp_flight_none_lost(f->c);
}

static void one_operation(struct fixture *f)
{
    uint32_t what = rng_below(f->rng, 100);
    tcp_machine(f->c)->now_us += rng_below(f->rng, 2) ? rng_below(f->rng, 8000) : 0;
    if (what < 40)
        send_new(f);
    else if (what < 50)
        acknowledge(f);
    else if (what < 70)
        take_block(f);
    else if (what < 80)
        lose(f);
    else if (what < 95)
        send_again(f);
    else if (what < 98)
        time_out(f);
    else
        take_back(f);
}

/* An established connection with nothing in flight, its numbers perhaps about to pass 2^32. */
static struct fixture make(struct rng *rng, bool rack, bool measures, bool shortcuts)
{
    struct pair_config config;
    pair_config_default(&config);
    config.host[0].tcp.mss_max_bytes = MSS;
    config.host[0].tcp.timestamps = false;
    config.host[0].tcp.rack = rack;
    config.host[0].tcp.congestion = measures ? TCP_CONGESTION_BBR : TCP_CONGESTION_NEWRENO;
    struct fixture f = {.pair = pair_create(&config), .rng = rng, .m = calloc(1, sizeof *f.m)};
    int client = 0, server = 0;
    pair_connect(f.pair, 80, &client, &server);
    f.c = tcp_next(host_tcp(f.pair->host[0]), NULL);
    assert_true(f.c->uses_sack && f.c->snd_mss == MSS);
    f.c->tcp->no_shortcuts = !shortcuts;
    tcp_flight_free(f.c);
    if (rng_below(rng, 2))
        f.c->snd.una = f.c->snd.nxt = f.c->snd.max = 0u - rng_below(rng, BYTES_MAX);
    f.c->loss_end = f.c->rtx_next = f.c->snd.una;
    assert_non_null(tcp_flight_of(f.c));
    *f.m = (struct model){.rack = rack, .measures = measures, .fack = f.c->snd.una};
    return f;
}

static void free_fixture(struct fixture *f)
{
    f->c->snd.nxt = f->c->snd.max = f->c->snd.una;
    free(f->m);
    pair_destroy(f->pair);
}

static void run(struct rng *rng, bool measures)
{
    struct fixture f = make(rng, rng_below(rng, 2) != 0, measures, rng_below(rng, 2) != 0);
    for (int i = 0; i < OPERATIONS; i++) {
        one_operation(&f);
        check(&f);
    }
    free_fixture(&f);
}

static void run_plain(struct rng *rng)
{
    run(rng, false);
}

static void run_measured(struct rng *rng)
{
    run(rng, true);
}

static void test_against_a_model(void **state)
{
    (void)state;
    property_run(60, run_plain);
}

static void test_against_a_model_with_rates(void **state)
{
    (void)state;
    property_run(20, run_measured);
}

/* An acknowledgment passes what the peer has in one step, however many segments that are. */
static void test_a_run_knows_how_long_it_is(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 1, 1);
    struct fixture f = make(&rng, true, false, true);
    for (int i = 0; i < 10; i++) {
        seq_t from = f.c->snd.nxt;
        assert_true(tcp_flight_sent(f.c, from, from + MSS));
        f.c->snd.nxt = f.c->snd.max = from + MSS;
    }
    struct tcp_delivery d = {0};
    seq_t una = f.c->snd.una;
    tcp_flight_sacked(f.c, (struct range){una + 2 * MSS, una + 4 * MSS}, &d);
    tcp_flight_sacked(f.c, (struct range){una + 5 * MSS, una + 8 * MSS}, &d);
    assert_int_equal(tcp_flight_run(f.c->flight, 2), 2);
    assert_int_equal(tcp_flight_run(f.c->flight, 5), 3);
    assert_int_equal(tcp_flight_run(f.c->flight, 4), 0);
    tcp_flight_sacked(f.c, (struct range){una + 4 * MSS, una + 5 * MSS}, &d); /* joins them */
    assert_int_equal(tcp_flight_run(f.c->flight, 2), 6);
    f.c->snd.una = una + 3 * MSS;
    f.c->loss_end = f.c->rtx_next = f.c->snd.una;
    tcp_flight_acked(f.c, &d);
    assert_int_equal(tcp_flight_run(f.c->flight, 0), 5);
    free_fixture(&f);
}

/* When there is no memory for a record, the caller is told; when there is none for a split, all of it counts as sent. */
static void test_out_of_memory(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 1, 1);
    struct fixture f = make(&rng, true, false, true);
    struct arena *a = tcp_machine(f.c)->arena;
    for (size_t size = 1 << 20; size >= 16; size /= 2)
        while (arena_alloc(a, size))
            continue;
    uint32_t sent = 0;
    for (; sent < 3; sent++) {
        seq_t from = f.c->snd.nxt;
        if (!tcp_flight_sent(f.c, from, from + MSS))
            break;
        f.c->snd.nxt = f.c->snd.max = from + MSS;
    }
    assert_int_equal(sent, TCP_FLIGHT_RECORDS_FIRST);
    tcp_flight_mark_lost(f.c, 0);
    tcp_flight_sent_again(f.c, f.c->snd.una, f.c->snd.una + MSS / 2);
    assert_int_equal(f.c->flight->count, 2);
    assert_int_equal(f.c->flight->lost_bytes, 0);
    tcp_flight_check(f.c);
    free_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_a_model),
        cmocka_unit_test(test_against_a_model_with_rates),
        cmocka_unit_test(test_a_run_knows_how_long_it_is),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
