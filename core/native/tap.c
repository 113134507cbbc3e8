/*
 * `tcplab tap`: one of our hosts on a TAP device (or TUN, for raw IP), so that a real kernel is at the other end of the cable. The clock is the
 * machine's, in microseconds from the start; frames go to and from the device as they come.
 */
#define _GNU_SOURCE
#include "native/native.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"

enum { TAP_MIB = 256, TAP_FRAME_MAX = 65536, TAP_APPS_MAX = 16, TAP_WAIT_MS_MAX = 1000 };

struct tap {
    const char *device;
    bool raw_ip;
    struct netif_config netif;
    struct ip_addr gateway;
    uint64_t seed;
    uint16_t fast_open_queue; /* 0: no Fast Open */
    unsigned app_count;
    const struct app_class *class[TAP_APPS_MAX];
    struct app_config app[TAP_APPS_MAX];
    int fd;
    struct host *host;
    int64_t started_us;
};

static volatile sig_atomic_t tap_stopped;

static void tap_on_signal(int number)
{
    (void)number;
    tap_stopped = 1;
}

static int tap_fault(const char *option, const char *why)
{
    fprintf(stderr, "tcplab: tap %s: %s.\n", option, why);
    return EXIT_INPUT;
}

static int64_t tap_clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* "10.0.0.2/24" */
static bool tap_read_network(const char *text, struct netif_config *n)
{
    const char *slash = strchr(text, '/');
    char *end = NULL;
    unsigned long prefix = slash ? strtoul(slash + 1, &end, 10) : 0;
    if (!slash || end == slash + 1 || *end || prefix > 32)
        return false;
    n->prefix = (uint8_t)prefix;
    return ip_addr_parse(&n->addr, bytes_of(text, (size_t)(slash - text))) == 0 && ip_addr_is_v4(n->addr);
}

/* "echo:7", "receiver:80": a server on a port, TCP; "echo-udp:7" over UDP. */
static bool tap_read_app(struct tap *t, const char *text)
{
    const char *colon = strchr(text, ':');
    char *end = NULL;
    unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;
    if (!colon || end == colon + 1 || *end || port == 0 || port > 65535 || t->app_count == TAP_APPS_MAX)
        return false;
    size_t len = (size_t)(colon - text);
    bool udp = len > 4 && memcmp(colon - 4, "-udp", 4) == 0;
    const struct app_class *class = app_class_find(bytes_of(text, udp ? len - 4 : len));
    if (!class)
        return false;
    t->class[t->app_count] = class;
    t->app[t->app_count++] = (struct app_config){.port = (uint16_t)port, .udp = udp, .close_at_end = true};
    return true;
}

static bool tap_read_fast_open(struct tap *t, const char *text)
{
    char *end = NULL;
    unsigned long queue = strtoul(text, &end, 10);
    t->fast_open_queue = (uint16_t)queue;
    return end != text && !*end && queue > 0 && queue <= 65535;
}

static int tap_read_option(struct tap *t, const char *option, const char *value)
{
    if (strcmp(option, "--device") == 0)
        t->device = value;
    else if (strcmp(option, "--address") == 0)
        return tap_read_network(value, &t->netif)
                   ? EXIT_GOOD
                   : tap_fault(option, "expected an address such as 10.0.0.2/24");
    else if (strcmp(option, "--gateway") == 0)
        return ip_addr_parse(&t->gateway, bytes_of(value, strlen(value))) == 0
                   ? EXIT_GOOD
                   : tap_fault(option, "expected an address");
    else if (strcmp(option, "--app") == 0)
        return tap_read_app(t, value)
                   ? EXIT_GOOD
                   : tap_fault(option,
                               "expected a server and a port, such as echo:7, receiver:80 or echo-udp:7");
    else if (strcmp(option, "--fast-open") == 0)
        return tap_read_fast_open(t, value) ? EXIT_GOOD
                                            : tap_fault(option, "expected a number from 1 to 65535");
    else if (strcmp(option, "--seed") == 0)
        t->seed = strtoull(value, NULL, 10);
    else
        return tap_fault(option, "there is no such option; see tcplab --help");
    return EXIT_GOOD;
}

static int tap_open_device(struct tap *t)
{
    struct ifreq request = {.ifr_flags = (short)((t->raw_ip ? IFF_TUN : IFF_TAP) | IFF_NO_PI)};
    if (strlen(t->device) >= sizeof request.ifr_name)
        return tap_fault("--device", "the name is too long");
    memcpy(request.ifr_name, t->device, strlen(t->device) + 1);
    t->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    if (t->fd < 0 || ioctl(t->fd, TUNSETIFF, &request) < 0) {
        fprintf(stderr, "tcplab: tap: %s: %s.\n", t->fd < 0 ? "/dev/net/tun" : t->device, strerror(errno));
        return EXIT_SYSTEM;
    }
    return EXIT_GOOD;
}

static bool tap_make_host(struct tap *t)
{
    struct host_config config;
    void *memory = calloc(TAP_MIB, 1 << 20);
    struct arena *arena = memory ? arena_create(memory, (size_t)TAP_MIB << 20) : NULL;
    host_config_default(&config);
    config.name = t->device;
    config.seed = t->seed;
    if (t->fast_open_queue)
        config.tcp.fast_open = TCP_FAST_OPEN_BOTH;
    t->host = arena ? host_create(arena, NULL, &config) : NULL;
    if (!t->host || host_add_interface(t->host, &t->netif) < 0)
        return false;
    struct route standard = {.net = ip_addr_v4(0), .has_gateway = true, .gateway = t->gateway};
    if (!ip_addr_is_any(t->gateway) && host_add_route(t->host, &standard) < 0)
        return false;
    for (unsigned i = 0; i < t->app_count; i++) {
        if (host_start_app(t->host, t->class[i], &t -> app[i], 0) < 0)
            return false;
    }
    host_poll(t->host, 0); /* the servers listen now */
    struct sockets *s = host_sockets(t->host, 0);
    for (int handle = 0; t->fast_open_queue && (handle = socket_next(s, handle)) != 0;)
        socket_setopt(s, handle, SOCKET_OPT_TCP_FASTOPEN, t->fast_open_queue); /* UDP has no such option */
    return true;
}

/* What the host has to send; what the device does not take is lost, as on any cable. */
static void tap_send_all(struct tap *t)
{
    unsigned iface;
    for (struct frame *f; (f = host_output(t->host, &iface)) != NULL; host_frame_free(t->host, f)) {
        struct bytes b = frame_bytes(f);
        if (write(t->fd, b.at, b.len) < 0 && errno != EAGAIN && errno != EIO) /* EIO: the device is down */
            perror("tcplab: tap: write");
    }
}

static void tap_receive_all(struct tap *t)
{
    static uint8_t frame[TAP_FRAME_MAX];
    ssize_t n;
    while ((n = read(t->fd, frame, sizeof frame)) > 0) {
        host_input(t->host, 0, bytes_of(frame, (size_t)n), 0, tap_clock_us() - t->started_us);
        tap_send_all(t);
    }
}

static void tap_run(struct tap *t)
{
    struct pollfd ready = {.fd = t->fd, .events = POLLIN};
    while (!tap_stopped) {
        int64_t now_us = tap_clock_us() - t->started_us;
        host_poll(t->host, now_us);
        tap_send_all(t);
        int64_t wait_us = host_deadline(t->host) - now_us;
        int64_t wait_ms = wait_us <= 0 ? 0 : wait_us / 1000 + 1;
        if (poll(&ready, 1, wait_ms > TAP_WAIT_MS_MAX ? TAP_WAIT_MS_MAX : (int)wait_ms) > 0)
            tap_receive_all(t);
    }
}

int tap_main(int argc, char **argv)
{
    struct tap t = {.device = NULL, .seed = (uint64_t)tap_clock_us()};
    t.netif = (struct netif_config){.kind = NETIF_ETHERNET, .mtu_bytes = 1500, .mac = {{2, 0, 0, 0, 0, 2}}};
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--raw-ip") == 0) {
            t.raw_ip = true;
            t.netif.kind = NETIF_RAW_IP;
            continue;
        }
        if (i + 1 == argc)
            return tap_fault(argv[i], "needs a value, or there is no such option; see tcplab --help");
        int read = tap_read_option(&t, argv[i], argv[i + 1]);
        if (read != EXIT_GOOD)
            return read;
        i++;
    }
    if (!t.device || ip_addr_is_any(t.netif.addr))
        return tap_fault("", "--device NAME and --address ADDRESS/PREFIX are needed");
    int opened = tap_open_device(&t);
    if (opened != EXIT_GOOD)
        return opened;
    t.started_us = tap_clock_us();
    if (!tap_make_host(&t)) {
        fputs("tcplab: tap: the host could not be made.\n", stderr);
        return EXIT_SYSTEM;
    }
    signal(SIGINT, tap_on_signal);
    signal(SIGTERM, tap_on_signal);
    puts("ready");
    fflush(stdout);
    tap_run(&t);
    return EXIT_GOOD;
}
