/*
 * Reading capture files, piece by piece: pcap (Wireshark's wiki, "Libpcap File Format"; both byte orders, micro- and
 * nanoseconds) and pcapng (draft-ietf-opsawg-pcapng: sections in either byte order, interfaces with their resolution
 * and FCS, enhanced, simple and obsolete packet blocks). What other blocks say is passed over.
 *
 * The bytes are nobody's friend's: each length is checked, and what cannot be ends the reading. What is left of
 * a file that was cut off in the middle is read as far as it goes.
 */
#ifndef TCPLAB_LAB_PCAP_IN_H
#define TCPLAB_LAB_PCAP_IN_H

#include "base/address.h"
#include "wire/dissect.h"

enum {
    PCAP_INTERFACES_MAX = 64,
    PCAP_PACKET_MAX = 1 << 18,               /* larger ones are no packets */
    PCAP_ROOM_MIN = PCAP_PACKET_MAX + 65536, /* a piece of so many bytes always has something to read */
};

/* Link types that are known here (the registry of LINKTYPE_ values). */
enum pcap_link_type {
    PCAP_NULL = 0, /* BSD loopback: the address family, in the byte order of who captured */
    PCAP_ETHERNET = 1,
    PCAP_RAW_OLD = 12, /* DLT_RAW of most systems, which some programs write */
    PCAP_RAW = 101,    /* an IP packet, of the version it says */
    PCAP_LOOP = 108,   /* OpenBSD loopback: the address family, in network byte order */
    PCAP_LINUX_SLL = 113,
    PCAP_IPV4 = 228,
    PCAP_IPV6 = 229,
    PCAP_LINUX_SLL2 = 276,
};

struct pcap_interface {
    uint16_t link_type;
    uint8_t fcs_bytes;
    uint8_t resolution;      /* as in if_tsresol: 10^-n, or with the top bit 2^-n */
    int64_t offset_s;        /* if_tsoffset */
    uint32_t snap_len_bytes; /* 0: no limit */
};

enum pcap_format { PCAP_UNKNOWN, PCAP_CLASSIC, PCAP_NG };

struct pcap_in {
    enum pcap_format format;
    bool swapped; /* not in our byte order */
    bool nanoseconds;
    unsigned interface_count; /* of this section; those past the table are counted, too */
    uint64_t position;        /* in the file, of what is to be read next */
    uint64_t skip_bytes;      /* of what does not interest, still to come */
    struct pcap_interface interface[PCAP_INTERFACES_MAX];
};

struct pcap_packet {
    struct bytes bytes; /* in the piece that was given */
    uint64_t position;  /* of its bytes in the file */
    int64_t t_ns;       /* since 1970, mostly */
    uint32_t wire_bytes;
    uint16_t link_type;
    uint16_t interface;
    uint8_t fcs_bytes; /* at its end */
    bool swapped;      /* the file is of a machine of the other byte order */
};

/* Reads on in `data`, which begins at p->position. 1: *out is a packet. 0: no more without more bytes; a packet's
 * bytes must all be there. STATUS_EBADMSG: this is no capture file, or damaged from here on. *used is how many
 * bytes are done with, in each case. */
int pcap_in_next(struct pcap_in *p, struct bytes data, struct pcap_packet *out, size_t *used);

/* The IP packet in a frame: behind Ethernet with its VLAN tags, Linux's cooked headers, loopback's family, or
 * nothing. Empty when there is none. Checksums are not looked at: a machine that captures what it sends has not
 * made them yet. */
struct bytes pcap_ip_of(const struct pcap_packet *packet);

/* Its bytes as fields, which count from the frame's first byte. False: there is nothing in it that is known here. */
bool pcap_dissect(struct dissect *out, const struct pcap_packet *packet);

/* What is inside of an IP packet, behind all extension headers; `whole` is how long the transport's message was
 * on the wire. False: it is no IP, or a fragment that is not the first. */
struct pcap_message {
    struct ip_addr src, dst;
    struct bytes bytes; /* of it that was captured */
    uint32_t whole_bytes;
    uint8_t protocol;
    bool fragment;
};
bool pcap_message_of(struct bytes ip, struct pcap_message *out);

#endif
