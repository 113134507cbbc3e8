/*
 * `tcplab dissect`: frames out of a capture file, or out of hexadecimal text, field by field. Captures are read by
 * lab/pcap_in.c, as everywhere.
 */
#include "native/native.h"

#include <ctype.h>
#include <stdlib.h>

#include "lab/pcap_in.h"

enum { FCS_BYTES = 4 };

struct dissection {
    const char *name;
    uint32_t only; /* 0: all */
    uint32_t count;
};

static void print_frame(struct dissection *d, const struct pcap_packet *p)
{
    static struct dissect out;
    d->count++;
    if (d->only && d->count != d->only)
        return;
    printf("%sframe %u: %zu bytes\n", d->count > 1 && !d->only ? "\n" : "", d->count, p->bytes.len);
    if (!pcap_dissect(&out, p)) {
        printf("  there is no IP packet in it; its link type is %u\n", p->link_type);
        return;
    }
    for (uint32_t i = 0; i < out.count; i++) {
        const struct dissect_field *f = &out.field[i];
        char place[24];
        snprintf(place, sizeof place, "%u+%u", f->offset, f->len);
        printf("  %-9s %s%-*s %s%s\n", place, f->is_header ? "" : "  ", f->is_header ? 26 : 24,
               f->is_header ? f->protocol : f->name, f->text, f->is_bad ? "  (bad)" : "");
    }
}

static bool cut_off(const struct dissection *d, uint64_t at)
{
    char why[80];
    snprintf(why, sizeof why, "it is cut off or damaged at byte %llu", (unsigned long long)at);
    return native_fail(d->name, why);
}

/* Hexadecimal digits with anything blank, ':' or '-' between bytes; "0x" in front of one is passed over. */
static bool read_hex(struct dissection *d, struct room file, const struct native_args *a)
{
    size_t len = 0, digits = 0;
    unsigned value = 0;
    for (size_t i = 0; i < file.len; i++) {
        int c = file.at[i];
        if (c == '0' && i + 1 < file.len && (file.at[i + 1] == 'x' || file.at[i + 1] == 'X') && digits == 0) {
            i++;
            continue;
        }
        if (isspace(c) || c == ':' || c == '-' || c == ',') {
            if (digits == 1)
                return native_fail(d->name, "half a byte stands alone in it");
            continue;
        }
        if (!isxdigit(c))
            return native_fail(d->name, "it is no capture and no hexadecimal text");
        value = value << 4 | (unsigned)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
        if (++digits == 2) {
            file.at[len++] = (uint8_t)value;
            digits = value = 0;
        }
    }
    if (digits == 1 || len == 0)
        return native_fail(d->name, len == 0 ? "there are no bytes in it" : "half a byte stands alone in it");
    const struct pcap_packet frame = {
        .bytes = bytes_of(file.at, len),
        .wire_bytes = (uint32_t)len,
        .link_type = native_given(a, "--raw-ip") ? PCAP_RAW : PCAP_ETHERNET,
        .fcs_bytes = native_given(a, "--fcs") ? FCS_BYTES : 0,
    };
    print_frame(d, &frame);
    return true;
}

/* The frames of a capture. *is_capture is left false when it is none. */
static bool read_capture(struct dissection *d, struct bytes file, bool *is_capture)
{
    static struct pcap_in in;
    struct pcap_packet packet;
    size_t used = 0;
    int status;
    in = (struct pcap_in){0};
    while ((status = pcap_in_next(&in, file, &packet, &used)) > 0) {
        print_frame(d, &packet);
        file = bytes_from(file, used);
    }
    *is_capture = in.format != PCAP_UNKNOWN;
    /* Bytes that are left, or that were to come, belong to what was cut off. */
    return status == 0 && used == file.len && in.skip_bytes == 0 ? true
                                                                 : !*is_capture || cut_off(d, in.position);
}

int dissect_command(const struct native_args *a)
{
    static struct dissection d;
    double only = 0;
    if (a->operands != 1) {
        native_fail("dissect", "expected a capture, or hexadecimal text");
        return EXIT_INPUT;
    }
    if (!native_number(a, "--frame", UINT32_MAX, &only))
        return EXIT_INPUT;
    d = (struct dissection){.name = a->operand[0], .only = (uint32_t)only};
    struct room file = file_read(a->operand[0]);
    if (!file.at)
        return EXIT_SYSTEM;
    bool is_capture = false;
    bool good = read_capture(&d, bytes_of(file.at, file.len), &is_capture);
    if (!is_capture)
        good = read_hex(&d, file, a);
    if (good && d.only > d.count)
        good = native_fail("--frame", "there are not so many frames");
    free(file.at);
    return good ? EXIT_GOOD : EXIT_INPUT;
}
