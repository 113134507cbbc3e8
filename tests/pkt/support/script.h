/*
 * Packet scripts: what a program calls, what its peer sends, and what the stack must send, line by line, in
 * packetdrill's language (see
 * tests/pkt/README.md for what of it is here). This is the script as text made into events; playing it is
 * play.h's.
 */
#ifndef TCPLAB_TESTS_PKT_SCRIPT_H
#define TCPLAB_TESTS_PKT_SCRIPT_H

#include <stdio.h>

#include "host/host.h"
#include "wire/tcp.h"

enum {
    SCRIPT_EVENTS_MAX = 512,
    SCRIPT_FLOWS_MAX = 9, /* #1 to #8: peers of one script; #1 goes without saying */
    SCRIPT_ARGS_MAX = 6,
    SCRIPT_WORD_MAX = 48,
    SCRIPT_MESSAGE_MAX = 4096,
};

enum event_kind { EVENT_INBOUND, EVENT_OUTBOUND, EVENT_ICMP, EVENT_CALL, EVENT_ASSERT };

/* When: `from` to `to`, both microseconds, since the script began or (relative) since the event before. */
struct event_time {
    bool relative;
    bool any; /* "*": whenever it comes */
    int64_t from_us, to_us;
};

/* A segment as a script says it: numbers count from the initial sequence numbers. */
struct segment_spec {
    unsigned flow;
    uint8_t flags;
    bool raw; /* "@": seq is the number on the wire */
    bool has_window;
    bool any_options; /* "<...>" */
    bool any_ts_value, any_ts_echo;
    bool any_cookie; /* "FO *": the Fast Open cookie that the host gives */
    bool bad_checksum;
    bool may_fragment; /* "[frag]": without "do not fragment" */
    bool has_ecn;      /* "[ect0]": ecn is what it is, or must be */
    uint8_t ecn;
    uint32_t seq, payload_bytes, ack;
    uint16_t window;
    uint16_t urgent;
    struct tcp_options options;
};

struct icmp_spec {
    uint8_t type, code;
    uint16_t mtu;
    struct segment_spec quoted;
};

struct call_spec {
    char name[SCRIPT_WORD_MAX];
    char args[SCRIPT_ARGS_MAX][SCRIPT_WORD_MAX];
    unsigned arg_count;
    char result[SCRIPT_WORD_MAX]; /* "0", "3", "EAGAIN", "POLLIN|POLLOUT" */
};

/* %{ name value, name < value ... }%: the words between the braces are looked at when it is played. */
struct assert_spec {
    unsigned flow;
    char text[200];
};

struct event {
    enum event_kind kind;
    struct event_time time;
    char where[96]; /* file:line */
    char text[200]; /* the line */
    union {
        struct segment_spec segment;
        struct icmp_spec icmp;
        struct call_spec call;
        struct assert_spec check;
    } u;
};

struct script {
    char name[256];
    struct tcp_config config;
    uint32_t host_faults; /* enum host_fault bits */
    uint16_t mtu_bytes;
    unsigned count, room; /* of events, at most SCRIPT_EVENTS_MAX */
    struct event *events;
};

/* Reads a script and what it includes. False: `message` says where and why it cannot be read. script_free()
 * in both cases. */
bool script_read(struct script *s, const char *path, char message[SCRIPT_MESSAGE_MAX]);
void script_free(struct script *s);

/* script_text.c: reading a line from left to right. Each returns false, or NULL, and moves nothing when what
 * is asked for is not there. */
struct cursor {
    const char *at;
};
void cursor_skip_blanks(struct cursor *c);
bool cursor_take(struct cursor *c, const char *literal);
bool cursor_number(struct cursor *c, int64_t *value);
bool cursor_word(struct cursor *c, char word[SCRIPT_WORD_MAX]);
bool cursor_at_end(struct cursor *c);

/* "0", "+.25", "0.2~0.3", "+1~+1.5", "*". */
bool cursor_time(struct cursor *c, struct event_time *t);

/* "#2" or nothing: 1. */
bool cursor_flow(struct cursor *c, unsigned *flow);

/* script_segment.c: what follows "<" or ">"; and "icmp ...". They return NULL, or what is wrong. */
const char *segment_spec_read(struct cursor *c, struct segment_spec *s);
const char *icmp_spec_read(struct cursor *c, struct icmp_spec *s);

/* "P.", "-". */
void segment_flags_format(uint8_t flags, char text[16]);

/* The segment as a script would have it, without "<" or ">". */
const char *segment_ecn_name(uint8_t ecn); /* "[ect0]" */
void segment_spec_format(const struct segment_spec *s, char *text, size_t size);

#endif
