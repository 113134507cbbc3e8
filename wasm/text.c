/*
 * The C library's functions between numbers and text, as far as the module calls them, in place of musl's:
 * those drag in stdio and 128-bit floats. cJSON calls sprintf(), sscanf() and strtod(), the lab snprintf() and
 * vsnprintf().
 *
 * Formats are constants of ours and of cJSON's; one that is not understood here is an assertion.
 */
#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

/* A text being written; `len` goes on counting past the end of the room. */
struct out {
    char *at;
    size_t size;
    size_t len;
};

static void put(struct out *o, const char *s, size_t len)
{
    for (; len > 0; len--, s++, o->len++)
        if (o->len + 1 < o->size)
            o->at[o->len] = *s;
}

static void put_unsigned(struct out *o, uint64_t value, unsigned base, int digits_min)
{
    char text[20]; /* of 2^64 - 1 in base 10 */
    size_t at = sizeof text;
    for (; value > 0 || digits_min > 0; value /= base, digits_min--)
        text[--at] = "0123456789abcdef"[value % base];
    put(o, text + at, sizeof text - at);
}

static void put_signed(struct out *o, int value)
{
    if (value < 0)
        put(o, "-", 1);
    put_unsigned(o, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, 1);
}

static void put_double(struct out *o, double value, int digits)
{
    char text[NUMBER_TEXT_MAX];
    put(o, text, number_write(text, value, digits));
}

/* What stands between % and the letter. */
struct spec {
    int width;     /* filled with zeros; 0: none */
    int precision; /* -1: none */
    int longs;     /* 1: long, 2: long long */
};

static int take_number(const char **format)
{
    int n = 0;
    for (; **format >= '0' && **format <= '9'; ++*format)
        n = n * 10 + (**format - '0');
    return n;
}

/* The arguments stand in a struct because the address of a va_list that was passed need not be one of a
 * va_list. */
struct arguments {
    va_list list;
};

static struct spec take_spec(const char **format, struct arguments *args)
{
    struct spec s = {.precision = -1};
    s.width = take_number(format);
    if (**format == '.' && (*format)[1] == '*') {
        *format += 2;
        s.precision = va_arg(args->list, int);
    } else if (**format == '.') {
        ++*format;
        s.precision = take_number(format);
    }
    for (; **format == 'l'; ++*format)
        s.longs++;
    return s;
}

static uint64_t take_unsigned(struct arguments *args, int longs)
{
    if (longs == 0)
        return va_arg(args->list, unsigned);
    return longs == 1 ? va_arg(args->list, unsigned long) : va_arg(args->list, unsigned long long);
}

static void put_string(struct out *o, const char *s, int precision)
{
    size_t len = 0;
    while ((precision < 0 || len < (size_t)precision) && s[len])
        len++;
    put(o, s, len);
}

static void put_argument(struct out *o, char kind, struct spec s, struct arguments *args)
{
    switch (kind) {
    case 's':
        put_string(o, va_arg(args->list, const char *), s.precision);
        return;
    case 'u':
    case 'x':
        put_unsigned(o, take_unsigned(args, s.longs), kind == 'x' ? 16 : 10, s.width > 1 ? s.width : 1);
        return;
    case 'd':
    case 'i':
        put_signed(o, va_arg(args->list, int));
        return;
    case 'g':
        put_double(o, va_arg(args->list, double), s.precision);
        return;
    default:
        assert(false); /* a format that is not known here */
    }
}

int vsnprintf(char *text, size_t size, const char *format, va_list list)
{
    struct out o = {text, size, 0};
    struct arguments args;
    va_copy(args.list, list);
    while (*format) {
        const char *next = format;
        while (*next && *next != '%')
            next++;
        put(&o, format, (size_t)(next - format));
        format = next;
        if (*format) {
            format++;
            struct spec s = take_spec(&format, &args);
            put_argument(&o, *format++, s, &args);
        }
    }
    va_end(args.list);
    if (size > 0)
        text[o.len < size ? o.len : size - 1] = '\0';
    return (int)o.len;
}

int snprintf(char *text, size_t size, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int len = vsnprintf(text, size, format, list);
    va_end(list);
    return len;
}

int sprintf(char *text, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int len = vsnprintf(text, INT32_MAX, format, list);
    va_end(list);
    return len;
}

/* cJSON reads again what it has written, to see whether 15 digits were enough. */
int sscanf(const char *text, const char *format, ...)
{
    assert(strcmp(format, "%lg") == 0);
    va_list list;
    va_start(list, format);
    const char *end = number_read(va_arg(list, double *), text);
    va_end(list);
    return end > text;
}

double strtod(const char *text, char **end)
{
    double value;
    const char *after = number_read(&value, text);
    if (end)
        *end = (char *)(uintptr_t)after;
    return value;
}
