/* RACK (RFC 8985): what takes more recoveries than a packet script should have. */
#include "transport/tcp_conn.h"
#include "unit/support/pair.h"
#include "unit/support/property.h"

enum { MSS = 1000, SEGMENTS = 5 };

struct fixture {
    struct pair *pair;
    struct tcp_conn *c;
    int client;
    bool drop; /* the next segment with text */
};

static void drop_one(void *context, struct pair_frame *f)
{
    struct fixture *t = context;
    if (!t->drop || f->from != 0 || f->len < MSS)
        return;
    t->drop = false;
    f->copies = 0;
}

/* The first of a few segments is lost, which takes one recovery. */
static void recover_once(struct fixture *f)
{
    static const uint8_t text[SEGMENTS * MSS];
    uint32_t before = f->c->lost_segments;
    f->drop = true;
    assert_int_equal(socket_send(host_sockets(f->pair->host[0], f->pair->now_us), f->client,
                                 bytes_of(text, sizeof text), 0),
                     sizeof text);
    pair_run_for(f->pair, 2000000);
    assert_int_equal(f->c->lost_segments, before + 1);
    assert_int_equal(f->c->snd.una, f->c->snd.nxt);
}

/* Section 6.2, step 4: after 16 recoveries without a duplicate the reordering window is as narrow as it was. */
static void test_reordering_window_shrinks_after_sixteen_recoveries(void **state)
{
    (void)state;
    struct pair_config config;
    pair_config_default(&config);
    config.host[0].tcp.mss_max_bytes = MSS;
    config.host[1].tcp.receive_buffer_bytes = 1 << 20; /* nobody reads there */
    struct fixture f = {.pair = pair_create(&config)};
    int server = 0;
    pair_connect(f.pair, 80, &f.client, &server);
    f.pair->hook = drop_one;
    f.pair->hook_context = &f;
    f.c = tcp_next(host_tcp(f.pair->host[0]), NULL);
    assert_true(tcp_wake(f.c) == STATUS_OK && tcp_flight_of(f.c));
    tcp_rack_duplicate_told(f.c);
    assert_int_equal(f.c->flight->reo_mult, 2);
    for (int i = 0; i < 16; i++) {
        assert_int_equal(f.c->flight->reo_mult, 2);
        recover_once(&f);
    }
    assert_true(!f.c->flight || f.c->flight->reo_mult == 1); /* with nothing to remember it may have gone */
    pair_destroy(f.pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reordering_window_shrinks_after_sixteen_recoveries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
