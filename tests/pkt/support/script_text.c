/*
 * The words, numbers and times that script lines are made of.
 */
#include "pkt/support/script.h"

#include <ctype.h>
#include <stdlib.h>

void cursor_skip_blanks(struct cursor *c)
{
    while (*c->at == ' ' || *c->at == '\t')
        c->at++;
}

bool cursor_take(struct cursor *c, const char *literal)
{
    cursor_skip_blanks(c);
    size_t len = strlen(literal);
    if (strncmp(c->at, literal, len) != 0)
        return false;
    c->at += len;
    return true;
}

bool cursor_number(struct cursor *c, int64_t *value)
{
    cursor_skip_blanks(c);
    char *end;
    long long number = strtoll(c->at, &end, 0);
    if (end == c->at)
        return false;
    c->at = end;
    *value = number;
    return true;
}

static bool in_word(char ch)
{
    return isalnum((unsigned char)ch) || ch == '_' || ch == '.' || ch == '|' || ch == '-' || ch == '#';
}

bool cursor_word(struct cursor *c, char word[SCRIPT_WORD_MAX])
{
    cursor_skip_blanks(c);
    size_t len = 0;
    while (in_word(c->at[len]))
        len++;
    if (len == 0 || len >= SCRIPT_WORD_MAX)
        return false;
    memcpy(word, c->at, len);
    word[len] = 0;
    c->at += len;
    return true;
}

bool cursor_at_end(struct cursor *c)
{
    cursor_skip_blanks(c);
    return *c->at == 0 || strncmp(c->at, "//", 2) == 0;
}

/* "1.25", ".5" or "3", in microseconds: exact, so not through a floating-point number. */
static bool take_seconds(struct cursor *c, int64_t *us)
{
    const char *at = c->at;
    if (!isdigit((unsigned char)*at) && !(*at == '.' && isdigit((unsigned char)at[1])))
        return false;
    int64_t whole = 0, fraction = 0, unit = 1000000;
    while (isdigit((unsigned char)*at))
        whole = whole * 10 + (*at++ - '0');
    if (*at == '.') {
        for (at++; isdigit((unsigned char)*at); at++) {
            unit /= 10;
            fraction += unit * (*at - '0');
        }
    }
    *us = whole * 1000000 + fraction;
    c->at = at;
    return true;
}

bool cursor_time(struct cursor *c, struct event_time *t)
{
    *t = (struct event_time){0};
    cursor_skip_blanks(c);
    if (cursor_take(c, "*")) {
        t->any = true;
        return true;
    }
    t->relative = cursor_take(c, "+");
    if (!take_seconds(c, &t->from_us))
        return false;
    t->to_us = t->from_us;
    if (*c->at != '~')
        return true;
    c->at += c->at[1] == '+' ? 2 : 1;
    return take_seconds(c, &t->to_us) && t->to_us >= t->from_us;
}

bool cursor_flow(struct cursor *c, unsigned *flow)
{
    int64_t number = 1;
    if (cursor_take(c, "#") && (!cursor_number(c, &number) || number < 1 || number >= SCRIPT_FLOWS_MAX))
        return false;
    *flow = (unsigned)number;
    return true;
}
