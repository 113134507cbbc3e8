/*
 * TCP options (RFC 9293 section 3.2; window scale and timestamps: RFC 7323; SACK: RFC 2018; Fast Open: RFC
 * 7413).
 */
#ifndef TCPLAB_WIRE_TCP_OPTIONS_H
#define TCPLAB_WIRE_TCP_OPTIONS_H

#include "base/seq.h"
#include "base/bytes.h"

enum {
    TCP_OPTIONS_MAX = 40,
    TCP_SACK_BLOCKS_MAX = 4,
    TCP_WINDOW_SCALE_MAX = 14,
    TCP_FASTOPEN_COOKIE_MAX = 16
};

/* NOP NOP timestamps length (RFC 7323, appendix A), as the word on the wire. */
#define TCP_WORD_NOP_NOP_TIMESTAMPS UINT32_C(0x0101080a)

struct tcp_sack_block {
    seq_t left;
    seq_t right; /* one past the last */
};

struct tcp_options {
    bool has_timestamps;
    bool has_mss;
    bool has_window_scale;
    bool sack_permitted;
    bool has_fastopen;
    uint8_t window_scale; /* as on the wire; above 14 counts as 14 (RFC 7323, 2.3) and parse gives 14 */
    uint8_t sack_count;   /* 0 to 4 */
    uint8_t fastopen_len; /* cookie bytes: 0 (a request), or 4 to 16 */
    uint16_t mss;
    uint32_t ts_value;
    uint32_t ts_echo;
    struct tcp_sack_block sack[TCP_SACK_BLOCKS_MAX];
    uint8_t fastopen_cookie[TCP_FASTOPEN_COOKIE_MAX];
};

/* No options. The values behind the flags and counts are left as they are. */
static inline void tcp_options_clear(struct tcp_options *o)
{
    o->has_timestamps = false;
    o->has_mss = false;
    o->has_window_scale = false;
    o->sack_permitted = false;
    o->has_fastopen = false;
    o->window_scale = 0;
    o->sack_count = 0;
    o->fastopen_len = 0;
}

/* Reads the option bytes of a header. Unknown options are skipped; an option whose length is 0, 1 or past the
 * end ends the list (what was read before it counts) and gives STATUS_EBADMSG, so that callers can count it;
 * the segment itself stays usable. Options of known kind but wrong length are skipped. Of an option that is
 * given twice the last counts. Values without their has_ flag or count stay as they were. */
int tcp_options_parse(struct tcp_options *out, struct bytes options);

/* Writes them in the order of a modern host: MSS, SACK-permitted, timestamps, NOP, window scale on a SYN; NOP
 * NOP timestamps, NOP NOP SACK else; padded with NOP/EOL to a multiple of 4. Returns the bytes written, or
 * STATUS_ENOBUFS, also when they are more than TCP_OPTIONS_MAX (timestamps leave room for 3 SACK blocks). */
int tcp_options_emit(const struct tcp_options *o, struct room to);
size_t tcp_options_length(const struct tcp_options *o);

/* The same where that length is known, and there is room. */
void tcp_options_write(const struct tcp_options *o, uint8_t *to, size_t length);

#endif
