/*
 * Two connections through one bottleneck, with equal round-trip times, each congestion control with itself: they share
 * it evenly (Jain's index (x + y)^2 / 2 (x^2 + y^2), 1 for equal shares, 0.5 for all and nothing), and use it well.
 */
#include "lab/support/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RATE_BIT_PER_S = 4000000, SETTLED_US = 30000000, END_US = 90000000 };

static void start_sender(struct bench *b, const char *node)
{
    char command[160];
    snprintf(command, sizeof command,
             "{'do':'start','node':'%s','app':{'app':'sender','to':'server:80','bytes':1000000000}}", node);
    assert_string_equal(bench_do(b, command), "{'ok':true,'app':1}");
}

/* The second begins three seconds after the first, which has filled the pipe by then. */
static void open_bottleneck(struct bench *b, const char *congestion, const char *more)
{
    static char scenario[4096];
#define CLIENT(name, net)                                                                                    \
    "{'name':'" name "','address':'10.0." net ".1/24','routes':[{'to':'0.0.0.0/0','via':'10.0." net          \
    ".254'}],'tcp':{'congestion':'%s'%s}}"
    snprintf(scenario, sizeof scenario,
             "{'tcplab':1,'seed':1,'nodes':[" CLIENT("a", "1") "," CLIENT(
                 "b", "2") ",{'name':'server','address':'10.0.3.1/24','tcp':{'receive_buffer_bytes':262144},"
                           "'routes':[{'to':'0.0.0.0/0','via':'10.0.3.254'}],"
                           "'apps':[{'app':'receiver','port':80}]},"
                           "{'name':'r','kind':'router','interfaces':[{'address':'10.0.1.254/24'},"
                           "{'address':'10.0.2.254/24'},{'address':'10.0.3.254/24'}]}],'links':["
                           "{'name':'la','between':['a','r:0'],'delay_ms':5,'jitter_ms':1},"
                           "{'name':'lb','between':['b','r:1'],'delay_ms':5,'jitter_ms':1},"
                           "{'name':'neck','between':['r:2','server'],'delay_ms':15,'rate_bit_per_s':%d,"
                           "'queue_frames':30,'ecn_mark_frames':10}]}",
             congestion, more, congestion, more, RATE_BIT_PER_S);
#undef CLIENT
    bench_open(b, scenario);
    start_sender(b, "a");
    lab_run_until(b->lab, 3000000, 0);
    start_sender(b, "b");
}

static uint64_t acked_bytes(struct bench *b, unsigned node)
{
    struct tcp_info info;
    const struct tcp_conn *c = tcp_next(host_tcp(lab_host(b->lab, node)), NULL);
    assert_non_null(c);
    tcp_status(c, &info);
    return info.bytes_acked;
}

static void share(const char *congestion, const char *more)
{
    static struct bench b;
    open_bottleneck(&b, congestion, more);
    lab_run_until(b.lab, SETTLED_US, 0);
    uint64_t x = acked_bytes(&b, 0), y = acked_bytes(&b, 1);
    lab_run_until(b.lab, END_US, 0);
    x = acked_bytes(&b, 0) - x;
    y = acked_bytes(&b, 1) - y;
    bench_close(&b);
    uint64_t index_percent = (x + y) * (x + y) * 100 / (2 * (x * x + y * y));
    uint64_t used_percent = (x + y) * 8 * 100 / ((uint64_t)RATE_BIT_PER_S * (END_US - SETTLED_US) / 1000000);
    if (index_percent <= 95 || used_percent < 85)
        print_error("%s: %llu and %llu bytes, index 0.%llu, %llu %% used\n", congestion,
                    (unsigned long long)x, (unsigned long long)y, (unsigned long long)index_percent,
                    (unsigned long long)used_percent);
    assert_true(index_percent > 95);
    assert_true(used_percent >= 85); /* the headers take 5 % */
}

static void newreno_shares(void **state)
{
    (void)state;
    share("newreno", "");
}

static void newreno_without_sack_shares(void **state)
{
    (void)state;
    share("newreno", ",'sack':false");
}

static void newreno_counting_losses_shares(void **state)
{
    (void)state;
    share("newreno", ",'rack':false");
}

static void cubic_shares(void **state)
{
    (void)state;
    share("cubic", "");
}

static void cubic_with_ecn_shares(void **state)
{
    (void)state;
    share("cubic", ",'ecn':'ask'");
}

static void bbr_shares(void **state)
{
    (void)state;
    share("bbr", "");
}

static void bbr_with_ecn_shares(void **state)
{
    (void)state;
    share("bbr", ",'ecn':'ask'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newreno_shares),
        cmocka_unit_test(newreno_without_sack_shares),
        cmocka_unit_test(newreno_counting_losses_shares),
        cmocka_unit_test(cubic_shares),
        cmocka_unit_test(cubic_with_ecn_shares),
        cmocka_unit_test(bbr_shares),
        cmocka_unit_test(bbr_with_ecn_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
