/*
 * How fast one transfer is, in virtual time, over loss and buffer size: a table that changes only when the stack does.
 */
#include "sim/sim.h"

enum { BYTES = 10 << 20, RTT_US = 100000, TEXT_MAX = 4096 };

static const uint32_t losses_ppm[] = {0, 10000, 50000, 100000};
static const uint32_t buffers[] = {16384, 32768, 65536, 131072};
enum {
    LOSS_COUNT = sizeof losses_ppm / sizeof losses_ppm[0],
    BUFFER_COUNT = sizeof buffers / sizeof buffers[0]
};

static void plan_transfer(struct plan *p, uint32_t loss_ppm, uint32_t buffer)
{
    *p = (struct plan){.seed = 1,
                       .program = SIM_ONE_WAY,
                       .retries_max = 15,
                       .down_frames = UINT32_MAX,
                       .wrap_host = -1,
                       .connections = 1,
                       .rounds = 1};
    for (unsigned d = 0; d < 2; d++) {
        p->direction[d] =
            (struct direction_plan){.loss_ppm = loss_ppm, .delay_us = RTT_US / 2, .queue_frames = 1000};
        p->mtu[d] = 1500;
        p->timestamps[d] = p->window_scale[d] = p->sack[d] = true;
        p->rack[d] = true;
        p->delayed_ack_us[d] = 40000;
        p->end[d] = (struct end_plan){.write_chunk = 65536,
                                      .read_chunk = 65536,
                                      .ending = d ? ENDING_LATE : ENDING_GRACEFUL,
                                      .send_bytes = d ? 0 : BYTES,
                                      .send_buffer = buffer,
                                      .receive_buffer = buffer,
                                      .expected = RESULT_OK};
    }
}

/* kB (1000 bytes) a second from connect() to the peer's end of stream, or -1. */
static double transfer(struct arenas *a, uint32_t loss_ppm, uint32_t buffer)
{
    struct run *r = calloc(1, sizeof *r);
    double kb_per_s = -1;
    if (!r)
        return kb_per_s;
    plan_transfer(&r->plan, loss_ppm, buffer);
    run_setup(r, a);
    ends_open(r);
    run_until_done(r);
    if (!r->failed)
        ends_judge(r);
    if (!r->failed)
        kb_per_s = BYTES * 1000.0 / (double)(r->now_us - r->start_us);
    else
        printf("loss %u ppm, buffer %u: %s\n", loss_ppm, buffer, r->reason);
    run_teardown(r);
    free(r);
    return kb_per_s;
}

static bool make_table(struct arenas *a, char text[TEXT_MAX])
{
    size_t at = (size_t)snprintf(
        text, TEXT_MAX,
        "# kB/s of 10 MiB, 100 ms round-trip time, loss in both directions, SO_SNDBUF = SO_RCVBUF = buffer.\n"
        "# `make goodput` writes it anew.\n"
        "%-8s",
        "loss");
    bool good = true;
    for (int b = 0; b < BUFFER_COUNT; b++)
        at += (size_t)snprintf(text + at, TEXT_MAX - at, "%6u KiB", buffers[b] / 1024);
    for (int l = 0; l < LOSS_COUNT; l++) {
        at += (size_t)snprintf(text + at, TEXT_MAX - at, "\n%5.1f %% ", losses_ppm[l] / 10000.0);
        for (int b = 0; b < BUFFER_COUNT; b++) {
            double kb_per_s = transfer(a, losses_ppm[l], buffers[b]);
            good = good && kb_per_s > 0;
            at += (size_t)snprintf(text + at, TEXT_MAX - at, "%10.1f", kb_per_s);
        }
    }
    snprintf(text + at, TEXT_MAX - at, "\n");
    return good;
}

int goodput(struct arenas *a, const char *path, bool update)
{
    static char text[TEXT_MAX], known[TEXT_MAX];
    if (!make_table(a, text))
        return 1;
    FILE *f = fopen(path, update ? "w" : "r");
    if (!f) {
        printf("%s cannot be opened\n", path);
        return 1;
    }
    if (update) {
        fputs(text, f);
        fputs(text, stdout);
        return fclose(f) != 0;
    }
    size_t len = fread(known, 1, sizeof known - 1, f);
    known[len] = '\0';
    fclose(f);
    if (strcmp(text, known) == 0)
        return 0;
    printf("Goodput has changed. It was:\n%sNow it is:\n%s", known, text);
    return 1;
}
