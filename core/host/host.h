/*
 * One machine: interfaces, internet layer, transports, sockets and programs put together; or a switch. It has no clock and
 * does no I/O: frames in, frames out, `now` as an argument, the next deadline as a return value.
 */
#ifndef TCPLAB_HOST_HOST_H
#define TCPLAB_HOST_HOST_H

#include "application/programs.h"
#include "link/bridge.h"
#include "trace/trace.h"

/* Fault switches of the machine; those of its TCP are TCP_FAULT_LIST. Each breaks one rule, to show what the rule is
 * for. All off by default. Deaf is a TCP whose segments a person forges. X(NAME, "key in scenarios", "what it
 * does") */
#define HOST_FAULT_LIST(X)                                                                                   \
    X(NO_CHECKSUM_VERIFY, "no_checksum_verify", "take what has a wrong checksum")                            \
    X(DEAF_TCP, "deaf_tcp", "let TCP hear nothing")

enum host_fault_bit {
#define X(NAME, key, text) HOST_FAULT_BIT_##NAME,
    HOST_FAULT_LIST(X)
#undef X
        HOST_FAULT_COUNT
};

enum host_fault {
#define X(NAME, key, text) HOST_FAULT_##NAME = 1 << HOST_FAULT_BIT_##NAME,
    HOST_FAULT_LIST(X)
#undef X
};

struct host_faults {
    uint32_t host; /* enum host_fault bits */
    uint32_t tcp;  /* enum tcp_fault bits */
};

/* Its key in scenarios. */
const char *host_fault_name(enum host_fault_bit bit);

/* A router passes on packets that are not for itself. A switch has a link layer and nothing above it: ports, no
 * addresses, sockets or programs. */
enum host_kind { HOST_KIND_HOST, HOST_KIND_ROUTER, HOST_KIND_SWITCH };

struct host_config {
    const char *name; /* copied, at most HOST_NAME_MAX_BYTES */
    uint64_t seed;    /* together with node: all randomness of this host */
    uint8_t node;     /* its number in the trace */
    enum host_kind kind;
    int64_t ageing_us;      /* a switch: how long it remembers who was not heard; not 0 */
    uint32_t addresses_max; /* a switch: how many it remembers; not 0 */
    uint32_t sockets_max;   /* 0: HOST_SOCKETS_DEFAULT */
    uint32_t faults;        /* enum host_fault bits */
    struct tcp_config tcp;  /* start from host_config_default() */
};

enum { HOST_NAME_MAX_BYTES = 31, HOST_SOCKETS_DEFAULT = 1024, HOST_APPS_MAX = PROGRAMS_MAX };

struct host;

void host_config_default(struct host_config *c);

/* A host in an arena that may hold others too; `trace` may be NULL. For one host alone:
 * host_create(arena_create(memory, size), NULL, &config). NULL: out of memory. */
struct host *host_create(struct arena *a, struct trace *trace, const struct host_config *config);

/* Adds an interface: its index, or STATUS_EINVAL, STATUS_ENOBUFS, STATUS_ENOMEM. */
int host_add_interface(struct host *h, const struct netif_config *config);
int host_add_route(struct host *h, const struct route *route);
int host_set_interface_up(struct host *h, unsigned iface, bool up);

/* A switch: sees to it that it has a port of that number, without a cable as yet. STATUS_ENOBUFS, STATUS_ENOMEM. */
int host_add_ports(struct host *h, unsigned port);

/* A switch: a cable was put into a port of its, or pulled. */
void host_plug_port(struct host *h, unsigned port, bool up, int64_t now_us);

/* Time (`now_us`, microseconds since the host was created) never goes back from one call to the next.
 *
 * A frame arrived on an interface. The bytes are borrowed; `frame_id` names it in the trace (0: none). */
void host_input(struct host *h, unsigned iface, struct bytes frame, uint32_t frame_id, int64_t now_us);

/* Runs timers and programs that are due. */
void host_poll(struct host *h, int64_t now_us);

/* When host_poll() wants to be called next; TIME_NEVER when nothing is pending. Never the time of the last
 * call again unless sockets were called since: whoever polls at each deadline gets on. */
int64_t host_deadline(const struct host *h);

/* The next frame to put on the wire, with its interface; the caller owns it and gives it back with
 * host_frame_free(). NULL: none. */
struct frame *host_output(struct host *h, unsigned *iface);
void host_frame_free(struct host *h, struct frame *f);

/* Before calling sockets from outside: sets the clock. After the calls host_poll() runs what they made
 * ready. */
struct sockets *host_sockets(struct host *h, int64_t now_us);

/* Starts a program; its id on this host (from 1), or STATUS_ENOMEM, STATUS_EINVAL, STATUS_ENOBUFS
 * (HOST_APPS_MAX are running). What it has done can be asked until its id is used again, which happens
 * when all others are in use and it is done. */
int host_start_app(struct host *h, const struct app_class *class, const struct app_config *config,
                   int64_t now_us);
struct app *host_app(struct host *h, unsigned id);
void host_stop_app(struct host *h, unsigned id, int64_t now_us);

/* Breaks these rules from now on, and keeps all others. What was done by then stays done. */
void host_set_faults(struct host *h, struct host_faults faults);
struct host_faults host_faults(const struct host *h);

/* Parts, for the lab's descriptions and for tests. */
const char *host_name(const struct host *h);
enum host_kind host_kind(const struct host *h);
struct bridge *host_bridge(
    struct host *h); /* NULL unless it is a switch; which has none of ip, tcp and udp */
struct machine *host_machine(struct host *h);
struct ip *host_ip(struct host *h);
struct tcp *host_tcp(struct host *h);
struct udp *host_udp(struct host *h);
struct netif *host_netif(struct host *h, unsigned iface);
unsigned host_netif_count(const struct host *h);

#endif
