/*
 * Any frame as labelled byte ranges: which bytes are which field of which protocol, and what they mean. For
 * people: the packet view, the command line. It never fails: what it cannot read is a range named "data" or
 * "malformed".
 */
#ifndef TCPLAB_WIRE_DISSECT_H
#define TCPLAB_WIRE_DISSECT_H

#include "base/bytes.h"

enum { DISSECT_TEXT_MAX = 96, DISSECT_FIELDS_MAX = 160 };

enum dissect_layer { DISSECT_LINK, DISSECT_INTERNET, DISSECT_TRANSPORT, DISSECT_APPLICATION };

enum dissect_start { DISSECT_ETHERNET, DISSECT_RAW_IP };

/*
 * A field: bytes [offset, offset + len) of the frame, or bits of them when bit_count > 0 (bit_offset counts
 * from the most significant bit of byte `offset`). A header itself is a field too, named "header", with
 * is_header set, in front of its own fields; its text is a summary.
 */
struct dissect_field {
    const char *protocol; /* "ethernet" "arp" "ipv4" "ipv6" "icmp" "udp" "tcp" "payload" */
    const char
        *name; /* stable snake_case key: "seq", "option_mss" ...; the page explains it in each language */
    uint16_t offset;
    uint16_t len;
    uint8_t bit_offset;
    uint8_t bit_count;
    uint8_t layer; /* enum dissect_layer */
    bool is_header;
    bool is_bad;                 /* a wrong checksum, an impossible length ... */
    bool is_quoted;              /* inside the packet that an ICMP error quotes */
    uint64_t value;              /* the number, where it is one */
    char text[DISSECT_TEXT_MAX]; /* the value as people read it: "10.0.0.1", "SYN,ACK", "0x3c1e (good)" */
};

struct dissect {
    uint32_t count;
    bool malformed;
    struct dissect_field field[DISSECT_FIELDS_MAX];
};

/* Dissects a frame. `has_fcs`: an Ethernet frame's last 4 bytes are its FCS. */
void dissect_frame(struct dissect *out, struct bytes frame, enum dissect_start start, bool has_fcs);

#endif
