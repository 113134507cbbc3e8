/*
 * An established connection with a congestion control, for tests that set its fields and call what is behind struct tcp_cc
 * themselves: segments of FLOW_MSS bytes, no timestamps, nothing in flight.
 */
#ifndef TCPLAB_TESTS_UNIT_SUPPORT_FLOW_H
#define TCPLAB_TESTS_UNIT_SUPPORT_FLOW_H

#include "transport/tcp_conn.h"
#include "unit/support/pair.h"
#include "unit/support/property.h"

enum { FLOW_MSS = 1000 };

struct flow {
    struct pair *pair;
    struct tcp_conn *c; /* of host 0 */
};

struct flow flow_make(enum tcp_congestion congestion);

#endif
