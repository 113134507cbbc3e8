#include "unit/support/flow.h"

struct flow flow_make(enum tcp_congestion congestion)
{
    struct pair_config config;
    pair_config_default(&config);
    for (int h = 0; h < 2; h++) {
        config.host[h].tcp.congestion = congestion;
        config.host[h].tcp.mss_max_bytes = FLOW_MSS;
        config.host[h].tcp.timestamps = false;
    }
    struct flow f = {.pair = pair_create(&config)};
    int client = 0, server = 0;
    pair_connect(f.pair, 80, &client, &server);
    f.c = tcp_next(host_tcp(f.pair->host[0]), NULL);
    assert_int_equal(f.c->state, TCP_ESTABLISHED);
    assert_int_equal(f.c->snd_mss, FLOW_MSS);
    return f;
}
