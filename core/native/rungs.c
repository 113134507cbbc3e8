/*
 * A run as a drawing: a column for each machine, an arrow for each frame at the time it is sent, states where they
 * change.
 *
 *                 client                                server
 *     0.020000    │──────────── SYN seq 0 ─────────────▶│
 *     0.040000    │                            SYN_RCVD ●
 *
 * On a narrow terminal labels are cut, and then left out; machines that have no room get none.
 */
#include "native/native.h"

enum { TIME_COLUMNS = 13, SPACING_MIN = 14, CELLS_MAX = 1024, LABEL_MAX = 240, GLYPH_BYTES = 4 };

#define PLAIN   ""
#define GREY    "\033[2m"
#define RED     "\033[31m"
#define GREEN   "\033[32m"
#define YELLOW  "\033[1;33m"
#define BLUE    "\033[34m"
#define MAGENTA "\033[35m"
#define CYAN    "\033[36m"

/* One line of the drawing, a glyph in each cell. */
struct canvas {
    unsigned width;
    char cell[CELLS_MAX][GLYPH_BYTES];
    const char *colour[CELLS_MAX];
};

static void put(struct canvas *c, unsigned x, const char *glyph, const char *colour)
{
    if (x >= c->width)
        return;
    memset(c->cell[x], 0, GLYPH_BYTES);
    memcpy(c->cell[x], glyph, strlen(glyph) < GLYPH_BYTES ? strlen(glyph) : GLYPH_BYTES - 1);
    c->colour[x] = colour;
}

/* ASCII only: names of machines may be anything, so other bytes become '?'. */
static void put_text(struct canvas *c, unsigned x, const char *text, const char *colour)
{
    for (; *text; text++, x++) {
        const char glyph[2] = {*text, 0};
        put(c, x, (unsigned char)*text < 128 ? glyph : "?", colour);
    }
}

static unsigned node_count(const struct ladder *l)
{
    unsigned count = lab_node_count(l->lab);
    unsigned fit = l->width > TIME_COLUMNS + SPACING_MIN ? (l->width - TIME_COLUMNS) / SPACING_MIN + 1 : 2;
    return count < fit ? count : fit;
}

/* Where a machine's line is. */
static unsigned node_column(const struct ladder *l, unsigned node)
{
    unsigned count = node_count(l), span = l->width > TIME_COLUMNS + 1 ? l->width - TIME_COLUMNS - 1 : 1;
    return count < 2 ? 0 : node * span / (count - 1);
}

static void clear(const struct ladder *l, struct canvas *c)
{
    c->width = l->width > TIME_COLUMNS + 2 ? l->width - TIME_COLUMNS : 2;
    if (c->width > CELLS_MAX)
        c->width = CELLS_MAX;
    for (unsigned x = 0; x < c->width; x++)
        put(c, x, " ", PLAIN);
    for (unsigned i = 0; i < node_count(l); i++)
        put(c, node_column(l, i), "│", PLAIN);
}

static void print(const struct ladder *l, const struct canvas *c, const char *time)
{
    const char *colour = PLAIN;
    unsigned end = c->width;
    while (end > 0 && strcmp(c->cell[end - 1], " ") == 0)
        end--;
    fprintf(l->out, "%-*s", TIME_COLUMNS, time);
    for (unsigned x = 0; x < end; x++) {
        if (l->colour && strcmp(c->colour[x], colour) != 0) {
            fprintf(l->out, "%s%s", colour[0] ? "\033[0m" : "", c->colour[x]);
            colour = c->colour[x];
        }
        fputs(c->cell[x], l->out);
    }
    fputs(colour[0] ? "\033[0m\n" : "\n", l->out);
}

/* The head: each machine's name above its line. */
static void print_names(struct ladder *l)
{
    struct canvas c;
    l->begun = true;
    clear(l, &c);
    for (unsigned x = 0; x < c.width; x++)
        put(&c, x, " ", PLAIN);
    for (unsigned i = 0; i < node_count(l); i++) {
        const char *name = host_name(lab_host(l->lab, i));
        unsigned column = node_column(l, i), len = (unsigned)strlen(name);
        unsigned x = i == 0 ? 0 : i + 1 < node_count(l) ? column - len / 2 : column + 1 - len;
        put_text(&c, x < c.width ? x : 0, name, YELLOW);
    }
    print(l, &c, "");
    if (node_count(l) < lab_node_count(l->lab))
        fprintf(l->out, "%-*s(%u more machines have no room)\n", TIME_COLUMNS, "",
                lab_node_count(l->lab) - node_count(l));
}

static void time_text(char text[32], int64_t t_us)
{
    snprintf(text, 32, "%4lld.%06lld ", (long long)(t_us / 1000000), (long long)(t_us % 1000000));
}

/* "SYN seq 0 win 65535" out of "TCP 49152 > 80 [SYN] seq 0 win 65535 len 0 <...>". */
static const char *short_label(char label[LABEL_MAX])
{
    char *open = strchr(label, '['), *close = open ? strchr(open, ']') : NULL, *options = strstr(label, " <");
    if (options)
        *options = 0;
    if (strncmp(label, "TCP ", 4) != 0 || !close)
        return label;
    *close = ' ';
    memmove(close, close + 1, strlen(close));
    return open + 1;
}

static const char *label_colour(const char *label)
{
    if (strncmp(label, "RST", 3) == 0 || strstr(label, ",RST"))
        return RED;
    if (strncmp(label, "SYN", 3) == 0)
        return GREEN;
    if (strncmp(label, "FIN", 3) == 0)
        return MAGENTA;
    if (strncmp(label, "ARP", 3) == 0)
        return BLUE;
    return strstr(label, "len 0") ? GREY : CYAN;
}

/* An arrow from one column to another with a label in its middle; `head` is its tip. */
static void draw_arrow(struct canvas *c, unsigned from, unsigned to, const char *label, const char *head,
                       const char *colour)
{
    bool right = to > from;
    unsigned left = (right ? from : to) + 1, end = right ? to : from, room = end - left;
    unsigned len = (unsigned)strlen(label), fits = room > 4 ? room - 4 : 0;
    for (unsigned x = left; x < end; x++)
        put(c, x, "─", colour);
    put(c, right ? end - 1 : left, head, colour);
    if (fits < 3)
        return;
    char text[LABEL_MAX];
    snprintf(text, sizeof text, "%.*s%s", (int)(len > fits ? fits - 1 : len), label, len > fits ? "~" : "");
    len = (unsigned)strlen(text);
    unsigned at = left + (room - len) / 2;
    put(c, at - 1, " ", PLAIN);
    put_text(c, at, text, colour);
    put(c, at + len, " ", PLAIN);
}

static void draw_frame(struct ladder *l, const struct trace_event *e, const char *head, const char *what,
                       const char *loud)
{
    struct canvas c;
    struct lab_frame f;
    char text[LABEL_MAX] = "a frame", whole[LABEL_MAX + 32], time[32];
    uint8_t direction = e->u.frame_sent.direction; /* at the same place in all of these */
    const struct link *link = lab_link(l->lab, e->u.frame_sent.link);
    if (!link)
        return;
    unsigned a = link->end[direction].node, b = link->end[1 - direction].node;
    if (a >= node_count(l) || b >= node_count(l) || node_column(l, a) == node_column(l, b))
        return;
    if (lab_frame(l->lab, e->frame, &f))
        ladder_frame_text(l, f.bytes, link->framing.ethernet, link->framing.fcs, text, sizeof text);
    const char *label = short_label(text);
    snprintf(whole, sizeof whole, "%s%s", what, label);
    clear(l, &c);
    draw_arrow(&c, node_column(l, a), node_column(l, b), whole, head, loud ? loud : label_colour(label));
    time_text(time, e->t_us);
    print(l, &c, time);
}

/* A word beside a machine's line, inwards. */
static void draw_word(struct ladder *l, const struct trace_event *e, const char *word, const char *glyph,
                      const char *colour)
{
    struct canvas c;
    char time[32];
    unsigned len = (unsigned)strlen(word);
    if (e->node >= node_count(l))
        return;
    unsigned column = node_column(l, e->node);
    clear(l, &c);
    put(&c, column, glyph, colour);
    bool last = e->node > 0 && e->node + 1u == node_count(l);
    unsigned at = !last ? column + 2 : column > len + 1 ? column - 1 - len : 0;
    put_text(&c, at, word, colour);
    time_text(time, e->t_us);
    print(l, &c, time);
}

void rungs_event(struct ladder *l, const struct trace_event *e)
{
    bool right = lab_link(l->lab, e->u.frame_sent.link) != NULL;
    if (!l->begun && lab_node_count(l->lab) > 0)
        print_names(l);
    if (e->kind >= TRACE_FRAME_QUEUED && e->kind <= TRACE_FRAME_DELAYED && right) {
        const struct link *link = lab_link(l->lab, e->u.frame_sent.link);
        right = link->end[e->u.frame_sent.direction].node < link->end[1 - e->u.frame_sent.direction].node;
    }
    switch ((enum trace_kind)e->kind) {
    case TRACE_FRAME_SENT:
        draw_frame(l, e, right ? "▶" : "◀", "", NULL);
        break;
    case TRACE_FRAME_DELIVERED:
        if (l->deliveries)
            draw_frame(l, e, right ? "▷" : "◁", "", GREY);
        break;
    case TRACE_FRAME_LOST:
        draw_frame(l, e, "✗", "LOST ", RED);
        break;
    case TRACE_FRAME_DUPLICATED:
        draw_frame(l, e, "»", "TWICE ", YELLOW);
        break;
    case TRACE_FRAME_CORRUPTED:
        draw_frame(l, e, "≉", "SPOILT ", RED);
        break;
    case TRACE_ACTION:
        draw_word(l, e, lab_action_name((enum lab_action_kind)e->u.action.action), "*", CYAN);
        break;
    case TRACE_PACKET_DROPPED:
        draw_word(l, e, drop_reason_phrase((enum drop_reason)e->u.packet_dropped.reason), "✗", RED);
        break;
    case TRACE_TCP_STATE:
        draw_word(l, e, tcp_state_name((enum tcp_state)e->u.tcp_state.to), "●", YELLOW);
        break;
    default:
        break;
    }
}
