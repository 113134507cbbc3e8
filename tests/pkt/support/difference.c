/*
 * Which fields of two segments differ, and how that is shown.
 */
#include "pkt/support/difference.h"

#include <stdarg.h>

enum side { WANT, SEEN };

/* The text of the newest field, on one side. */
__attribute__((format(printf, 3, 4))) static void put(struct difference *d, enum side side,
                                                      const char *format, ...)
{
    char *text = side == WANT ? d->field[d->count - 1].want : d->field[d->count - 1].seen;
    va_list list;
    va_start(list, format);
    vsnprintf(text, DIFFERENCE_FIELD_BYTES, format, list);
    va_end(list);
}

/* `name` is NULL when both are the same. */
static void begin(struct difference *d, const char *name)
{
    assert(d->count < DIFFERENCE_FIELDS_MAX);
    d->field[d->count].name = name;
    d->field[d->count].want[0] = d->field[d->count].seen[0] = 0;
    d->count++;
}

static void add_flags(struct difference *d, const struct segment_spec *want, const struct segment_spec *seen)
{
    char text[16];
    begin(d, want->flags == seen->flags ? NULL : "flags");
    segment_flags_format(want->flags, text);
    put(d, WANT, "%s", text);
    segment_flags_format(seen->flags, text);
    put(d, SEEN, "%s", text);
}

static void add_may_fragment(struct difference *d, const struct segment_spec *want,
                             const struct segment_spec *seen)
{
    if (!want->may_fragment && !seen->may_fragment)
        return;
    begin(d, want->may_fragment == seen->may_fragment ? NULL : "\"do not fragment\"");
    put(d, WANT, "%s", want->may_fragment ? "[frag]" : "");
    put(d, SEEN, "%s", seen->may_fragment ? "[frag]" : "");
}

/* Only when the script says what they must be. */
static void add_ecn(struct difference *d, const struct segment_spec *want, const struct segment_spec *seen)
{
    if (!want->has_ecn)
        return;
    begin(d, want->ecn == seen->ecn ? NULL : "ECN bits");
    put(d, WANT, "%s", segment_ecn_name(want->ecn));
    put(d, SEEN, "%s", segment_ecn_name(seen->ecn));
}

static void put_range(struct difference *d, enum side side, const struct segment_spec *s)
{
    put(d, side, "%s%u:%u(%u)", s->raw ? "@" : "", (unsigned)s->seq, (unsigned)(s->seq + s->payload_bytes),
        (unsigned)s->payload_bytes);
}

static void add_range(struct difference *d, const struct segment_spec *want, const struct segment_spec *seen)
{
    bool seq = want->seq != seen->seq, length = want->payload_bytes != seen->payload_bytes;
    begin(d, seq && length ? "sequence number, length" : seq ? "sequence number" : length ? "length" : NULL);
    put_range(d, WANT, want);
    put_range(d, SEEN, seen);
}

static void add_ack_and_window(struct difference *d, const struct segment_spec *want,
                               const struct segment_spec *seen)
{
    begin(d, want->ack == seen->ack ? NULL : "acknowledgment number");
    if (want->flags & TCP_ACK)
        put(d, WANT, "ack %u", (unsigned)want->ack);
    if (seen->flags & TCP_ACK)
        put(d, SEEN, "ack %u", (unsigned)seen->ack);
    begin(d, want->has_window && want->window != seen->window ? "window" : NULL);
    if (want->has_window)
        put(d, WANT, "win %u", want->window);
    else
        put(d, WANT, "win *");
    put(d, SEEN, "win %u", seen->window);
}

/* An option that is a number, or only there. */
static void add_number(struct difference *d, const char *name, bool wanted, unsigned want, bool has_seen,
                       unsigned seen, bool any)
{
    if (!wanted && !has_seen)
        return;
    bool differs = !any && (wanted != has_seen || want != seen);
    begin(d, differs ? name : NULL);
    if (wanted)
        put(d, WANT, "%s %u", name, want);
    else if (any)
        put(d, WANT, "...");
    if (has_seen)
        put(d, SEEN, "%s %u", name, seen);
}

static void put_cookie(struct difference *d, enum side side, const struct segment_spec *s)
{
    const struct tcp_options *o = &s->options;
    char digits[2 * TCP_FASTOPEN_COOKIE_MAX + 1] = "";
    for (unsigned i = 0; i < o->fastopen_len; i++)
        snprintf(digits + 2 * (size_t)i, 3, "%02x", o->fastopen_cookie[i]);
    if (o->has_fastopen)
        put(d, side, "FO %s", s->any_cookie ? "*" : digits);
}

static void add_cookie(struct difference *d, const struct segment_spec *want, const struct segment_spec *seen)
{
    const struct tcp_options *a = &want->options, *b = &seen->options;
    if (!a->has_fastopen && !b->has_fastopen)
        return;
    bool same = a->fastopen_len == b->fastopen_len &&
                memcmp(a->fastopen_cookie, b->fastopen_cookie, a->fastopen_len) == 0;
    if (want->any_cookie)
        same = b->fastopen_len > 0;
    begin(d, want->any_options || (a->has_fastopen == b->has_fastopen && same) ? NULL : "FO");
    put_cookie(d, WANT, want);
    put_cookie(d, SEEN, seen);
}

static void add_urgent(struct difference *d, const struct segment_spec *want, const struct segment_spec *seen)
{
    if (!((want->flags | seen->flags) & TCP_URG))
        return;
    begin(d, want->urgent == seen->urgent ? NULL : "urgent pointer");
    put(d, WANT, "urg %u", want->urgent);
    put(d, SEEN, "urg %u", seen->urgent);
}

static void put_timestamps(struct difference *d, enum side side, const struct segment_spec *s)
{
    char value[16] = "*", echo[16] = "*";
    if (!s->any_ts_value)
        snprintf(value, sizeof value, "%u", (unsigned)s->options.ts_value);
    if (!s->any_ts_echo)
        snprintf(echo, sizeof echo, "%u", (unsigned)s->options.ts_echo);
    if (s->options.has_timestamps)
        put(d, side, "TS val %s ecr %s", value, echo);
    else if (s->any_options)
        put(d, side, "...");
}

static void add_timestamps(struct difference *d, const struct segment_spec *want,
                           const struct segment_spec *seen)
{
    const struct tcp_options *a = &want->options, *b = &seen->options;
    if (!a->has_timestamps && !b->has_timestamps)
        return;
    const char *name = NULL;
    if (a->has_timestamps && !want->any_ts_echo && a->ts_echo != b->ts_echo)
        name = "TS ecr";
    if (a->has_timestamps && !want->any_ts_value && a->ts_value != b->ts_value)
        name = "TS val";
    if (a->has_timestamps != b->has_timestamps)
        name = "timestamps";
    begin(d, want->any_options ? NULL : name);
    put_timestamps(d, WANT, want);
    put_timestamps(d, SEEN, seen);
}

static void put_sack(struct difference *d, enum side side, const struct tcp_options *o)
{
    char text[DIFFERENCE_FIELD_BYTES] = "";
    size_t len = 0;
    for (unsigned i = 0; i < o->sack_count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%u:%u", i ? " " : "sack ",
                                (unsigned)o->sack[i].left, (unsigned)o->sack[i].right);
    put(d, side, "%s", text);
}

static void add_sack(struct difference *d, const struct segment_spec *want, const struct segment_spec *seen)
{
    const struct tcp_options *a = &want->options, *b = &seen->options;
    if (a->sack_count == 0 && b->sack_count == 0)
        return;
    bool same =
        a->sack_count == b->sack_count && memcmp(a->sack, b->sack, a->sack_count * sizeof *a->sack) == 0;
    begin(d, same || want->any_options ? NULL : "sack");
    put_sack(d, WANT, a);
    put_sack(d, SEEN, b);
}

void difference_of(struct difference *d, const struct segment_spec *want, const struct segment_spec *seen)
{
    const struct tcp_options *a = &want->options, *b = &seen->options;
    bool any = want->any_options;
    d->count = 0;
    add_may_fragment(d, want, seen);
    add_ecn(d, want, seen);
    add_flags(d, want, seen);
    add_range(d, want, seen);
    add_ack_and_window(d, want, seen);
    add_urgent(d, want, seen);
    add_number(d, "mss", a->has_mss, a->mss, b->has_mss, b->mss, any);
    add_number(d, "wscale", a->has_window_scale, a->window_scale, b->has_window_scale, b->window_scale, any);
    add_number(d, "sackOK", a->sack_permitted, 1, b->sack_permitted, 1, any);
    add_cookie(d, want, seen);
    add_timestamps(d, want, seen);
    add_sack(d, want, seen);
}

void difference_names(const struct difference *d, char *text, size_t size)
{
    size_t len = 0;
    text[0] = 0;
    for (unsigned i = 0; i < d->count; i++)
        if (d->field[i].name)
            len += (size_t)snprintf(text + len, size - len, "%s%s", len ? ", " : "", d->field[i].name);
}

/* A field of one line, as wide as the widest of the three. */
static void draw_field(char *line, const char *text, size_t width)
{
    size_t used = strlen(line);
    snprintf(line + used, DIFFERENCE_TEXT_BYTES / 3 - used, " %-*s", (int)width, text);
}

void difference_draw(const struct difference *d, char text[DIFFERENCE_TEXT_BYTES])
{
    enum { LINE_BYTES = DIFFERENCE_TEXT_BYTES / 3 };
    char want[LINE_BYTES] = "  expected", seen[LINE_BYTES] = "  seen    ", marks[LINE_BYTES] = "          ";
    for (unsigned i = 0; i < d->count; i++) {
        size_t width = strlen(d->field[i].want), other = strlen(d->field[i].seen);
        width = other > width ? other : width;
        char mark[DIFFERENCE_FIELD_BYTES] = "";
        memset(mark, '^', d->field[i].name ? width : 0);
        draw_field(want, d->field[i].want, width);
        draw_field(seen, d->field[i].seen, width);
        draw_field(marks, mark, width);
    }
    snprintf(text, DIFFERENCE_TEXT_BYTES, "%s\n%s\n%s\n", want, seen, marks);
}
