/*
 * Segments and ICMP messages in script language: "#2 P. 1:1001(1000) ack 1 win 65535 <mss 1460,nop,wscale
 * 7>".
 */
#include "pkt/support/script.h"

struct flag_letter {
    char letter;
    uint8_t flag;
};

static const struct flag_letter flag_letters[] = {
    {'S', TCP_SYN}, {'F', TCP_FIN}, {'R', TCP_RST}, {'P', TCP_PSH},
    {'U', TCP_URG}, {'E', TCP_ECE}, {'W', TCP_CWR}, {'.', TCP_ACK},
};
enum { FLAG_LETTERS = sizeof flag_letters / sizeof *flag_letters };

/* "-" is a segment without any flag. */
static const char *read_flags(struct cursor *c, uint8_t *flags)
{
    cursor_skip_blanks(c);
    *flags = 0;
    const char *start = c->at;
    if (*c->at == '-') {
        c->at++;
        return NULL;
    }
    for (; *c->at && *c->at != ' '; c->at++) {
        uint8_t flag = 0;
        for (unsigned i = 0; i < FLAG_LETTERS; i++)
            flag |= flag_letters[i].letter == *c->at ? flag_letters[i].flag : 0;
        if (!flag)
            return "an unknown flag letter";
        *flags |= flag;
    }
    return c->at == start ? "flags expected" : NULL;
}

static const char *read_range(struct cursor *c, struct segment_spec *s)
{
    int64_t from, to, len;
    s->raw = cursor_take(c, "@");
    bool good = cursor_number(c, &from) && cursor_take(c, ":") && cursor_number(c, &to) &&
                cursor_take(c, "(") && cursor_number(c, &len) && cursor_take(c, ")");
    if (!good)
        return "a range of sequence numbers expected, such as 1:1001(1000)";
    if (to - from != len || len < 0 || len > 65535)
        return "the range and its length do not agree";
    s->seq = (uint32_t)from;
    s->payload_bytes = (uint32_t)len;
    return NULL;
}

static const char *read_number_option(struct cursor *c, int64_t most, int64_t *value)
{
    return cursor_number(c, value) && *value >= 0 && *value <= most
               ? NULL
               : "an option's number is missing or too large";
}

/* After "TS": "val 100 ecr 0", either of them perhaps "*". */
static const char *read_timestamps(struct cursor *c, struct segment_spec *s)
{
    int64_t value = 0;
    s->options.has_timestamps = true;
    if (!cursor_take(c, "val"))
        return "TS val expected";
    s->any_ts_value = cursor_take(c, "*");
    if (!s->any_ts_value && read_number_option(c, UINT32_MAX, &value))
        return "a timestamp expected";
    s->options.ts_value = (uint32_t)value;
    value = 0;
    if (!cursor_take(c, "ecr"))
        return "TS ecr expected";
    s->any_ts_echo = cursor_take(c, "*");
    if (!s->any_ts_echo && read_number_option(c, UINT32_MAX, &value))
        return "a timestamp expected";
    s->options.ts_echo = (uint32_t)value;
    return NULL;
}

/* After "sack": "1001:2001 3001:4001". */
static const char *read_sack(struct cursor *c, struct tcp_options *o)
{
    int64_t left, right;
    while (cursor_number(c, &left)) {
        if (o->sack_count == TCP_SACK_BLOCKS_MAX || !cursor_take(c, ":") || !cursor_number(c, &right))
            return "up to four blocks expected, such as 1001:2001";
        o->sack[o->sack_count++] = (struct tcp_sack_block){(uint32_t)left, (uint32_t)right};
    }
    return o->sack_count ? NULL : "a block expected, such as 1001:2001";
}

/* After "FO": nothing (a request), "*" (the cookie that the host gives), or a cookie as an even number of hex
 * digits. */
static const char *read_fastopen(struct cursor *c, struct segment_spec *s)
{
    struct tcp_options *o = &s->options;
    char digits[SCRIPT_WORD_MAX];
    o->has_fastopen = true;
    s->any_cookie = cursor_take(c, "*");
    if (s->any_cookie || !cursor_word(c, digits))
        return NULL;
    size_t len = strlen(digits) / 2;
    if (strlen(digits) % 2 || len > TCP_FASTOPEN_COOKIE_MAX)
        return "a cookie of up to 16 bytes in hex expected";
    for (size_t i = 0; i < len; i++) {
        unsigned byte;
        if (sscanf(digits + 2 * i, "%2x", &byte) != 1)
            return "a cookie of up to 16 bytes in hex expected";
        o->fastopen_cookie[i] = (uint8_t)byte;
    }
    o->fastopen_len = (uint8_t)len;
    return NULL;
}

static const char *read_option(struct cursor *c, struct segment_spec *s)
{
    struct tcp_options *o = &s->options;
    const char *wrong = NULL;
    int64_t value = 0;
    if (cursor_take(c, "...")) {
        s->any_options = true;
    } else if (cursor_take(c, "nop") || cursor_take(c, "eol")) {
        /* padding: of no meaning, so never compared */
    } else if (cursor_take(c, "mss")) {
        wrong = read_number_option(c, 65535, &value);
        o->has_mss = true;
        o->mss = (uint16_t)value;
    } else if (cursor_take(c, "wscale")) {
        wrong = read_number_option(c, TCP_WINDOW_SCALE_MAX, &value);
        o->has_window_scale = true;
        o->window_scale = (uint8_t)value;
    } else if (cursor_take(c, "sackOK")) {
        o->sack_permitted = true;
    } else if (cursor_take(c, "sack")) {
        wrong = read_sack(c, o);
    } else if (cursor_take(c, "FO")) {
        wrong = read_fastopen(c, s);
    } else if (cursor_take(c, "TS")) {
        wrong = read_timestamps(c, s);
    } else {
        wrong = "an unknown option";
    }
    return wrong;
}

static const char *read_options(struct cursor *c, struct segment_spec *s)
{
    do {
        const char *wrong = read_option(c, s);
        if (wrong)
            return wrong;
    } while (cursor_take(c, ","));
    return cursor_take(c, ">") ? NULL : "> expected after the options";
}

/* Before the flags; without it none is sent and any will do. By the number in the header. */
static const char *const ecn_names[] = {"[noecn]", "[ect1]", "[ect0]", "[ce]"};

const char *segment_ecn_name(uint8_t ecn)
{
    return ecn_names[ecn & 3];
}

static void read_ecn(struct cursor *c, struct segment_spec *s)
{
    for (unsigned i = 0; i < sizeof ecn_names / sizeof *ecn_names; i++) {
        if (cursor_take(c, ecn_names[i])) {
            s->has_ecn = true;
            s->ecn = (uint8_t)i;
        }
    }
}

const char *segment_spec_read(struct cursor *c, struct segment_spec *s)
{
    int64_t value;
    *s = (struct segment_spec){0};
    if (!cursor_flow(c, &s->flow))
        return "a flow expected, #1 to #8";
    s->may_fragment = cursor_take(c, "[frag]");
    read_ecn(c, s);
    const char *wrong = read_flags(c, &s->flags);
    if (!wrong)
        wrong = read_range(c, s);
    if (wrong)
        return wrong;
    bool has_ack = cursor_take(c, "ack");
    if (has_ack != ((s->flags & TCP_ACK) != 0))
        return "\"ack N\" and the flag \".\" go together";
    if (has_ack && !cursor_number(c, &value))
        return "an acknowledgment number expected";
    s->ack = has_ack ? (uint32_t)value : 0;
    if (cursor_take(c, "win")) {
        if (!cursor_number(c, &value) || value < 0 || value > 65535)
            return "a window of 0 to 65535 expected";
        s->has_window = true;
        s->window = (uint16_t)value;
    }
    if (cursor_take(c, "urg")) {
        if (!(s->flags & TCP_URG) || !cursor_number(c, &value) || value < 0 || value > 65535)
            return "the flag U and an urgent pointer of 0 to 65535 expected";
        s->urgent = (uint16_t)value;
    }
    s->bad_checksum = cursor_take(c, "bad_checksum");
    return cursor_take(c, "<") ? read_options(c, s) : NULL;
}

static const struct {
    const char *name;
    uint8_t type, code;
} icmp_errors[] = {
    {"net_unreachable", ICMP_TYPE_UNREACHABLE, ICMP_CODE_NET},
    {"host_unreachable", ICMP_TYPE_UNREACHABLE, ICMP_CODE_HOST},
    {"protocol_unreachable", ICMP_TYPE_UNREACHABLE, ICMP_CODE_PROTOCOL},
    {"port_unreachable", ICMP_TYPE_UNREACHABLE, ICMP_CODE_PORT},
    {"frag_needed", ICMP_TYPE_UNREACHABLE, ICMP_CODE_TOO_BIG},
    {"ttl_exceeded", ICMP_TYPE_TIME_EXCEEDED, ICMP_CODE_TTL},
};

/* After "icmp": "port_unreachable [1:1001(1000)]", "frag_needed mtu 1300 [1:1461(1460)]". */
const char *icmp_spec_read(struct cursor *c, struct icmp_spec *s)
{
    char word[SCRIPT_WORD_MAX];
    int64_t mtu = 0;
    *s = (struct icmp_spec){0};
    if (!cursor_word(c, word))
        return "the kind of ICMP message expected";
    unsigned i = 0;
    while (i < sizeof icmp_errors / sizeof *icmp_errors && strcmp(word, icmp_errors[i].name) != 0)
        i++;
    if (i == sizeof icmp_errors / sizeof *icmp_errors)
        return "an unknown kind of ICMP message";
    s->type = icmp_errors[i].type;
    s->code = icmp_errors[i].code;
    if (cursor_take(c, "mtu") && (!cursor_number(c, &mtu) || mtu < 0 || mtu > 65535))
        return "an MTU expected";
    s->mtu = (uint16_t)mtu;
    if (!cursor_take(c, "[") || !cursor_flow(c, &s->quoted.flow))
        return "the quoted segment expected, such as [1:1001(1000)]";
    const char *wrong = read_range(c, &s->quoted);
    if (!wrong && !cursor_take(c, "]"))
        wrong = "] expected";
    return wrong;
}

static void format_options(const struct segment_spec *s, char *text, size_t size)
{
    const struct tcp_options *o = &s->options;
    size_t len = 0;
    text[0] = 0;
    if (o->has_mss)
        len += (size_t)snprintf(text + len, size - len, ",mss %u", o->mss);
    if (o->has_window_scale)
        len += (size_t)snprintf(text + len, size - len, ",wscale %u", o->window_scale);
    if (o->sack_permitted)
        len += (size_t)snprintf(text + len, size - len, ",sackOK");
    if (o->has_timestamps)
        len += (size_t)snprintf(text + len, size - len, ",TS val %u ecr %u", (unsigned)o->ts_value,
                                (unsigned)o->ts_echo);
    if (o->has_fastopen)
        len += (size_t)snprintf(text + len, size - len, o->fastopen_len ? ",FO " : ",FO");
    for (unsigned i = 0; o->has_fastopen && i < o->fastopen_len; i++)
        len += (size_t)snprintf(text + len, size - len, "%02x", o->fastopen_cookie[i]);
    for (unsigned i = 0; i < o->sack_count; i++)
        len += (size_t)snprintf(text + len, size - len, "%s %u:%u", i ? "" : ",sack",
                                (unsigned)o->sack[i].left, (unsigned)o->sack[i].right);
    assert(len < size);
}

void segment_flags_format(uint8_t flags, char text[16])
{
    size_t n = 0;
    for (unsigned i = 0; i < FLAG_LETTERS; i++) {
        if (flags & flag_letters[i].flag)
            text[n++] = flag_letters[i].letter;
    }
    if (n == 0)
        text[n++] = '-';
    text[n] = 0;
}

void segment_spec_format(const struct segment_spec *s, char *text, size_t size)
{
    char flags[16], options[240], ack[24] = "", flow[16] = "", urgent[16] = "";
    segment_flags_format(s->flags, flags);
    if (s->flags & TCP_ACK)
        snprintf(ack, sizeof ack, " ack %u", (unsigned)s->ack);
    if (s->flags & TCP_URG)
        snprintf(urgent, sizeof urgent, " urg %u", s->urgent);
    if (s->flow > 1)
        snprintf(flow, sizeof flow, "#%u ", s->flow);
    format_options(s, options, sizeof options);
    snprintf(text, size, "%s%s%s%s%s %s%u:%u(%u)%s win %u%s%s%s%s", flow, s->may_fragment ? "[frag] " : "",
             s->ecn ? segment_ecn_name(s->ecn) : "", s->ecn ? " " : "", flags, s->raw ? "@" : "",
             (unsigned)s->seq, (unsigned)(s->seq + s->payload_bytes), (unsigned)s->payload_bytes, ack,
             s->window, urgent, options[0] ? " <" : "", options[0] ? options + 1 : "", options[0] ? ">" : "");
}
