/*
 * Numbers as text and back, exactly: what the C library's "%.15g" and strtod() do, in little room.
 *
 * Every double is a ratio of two integers, and so is every decimal number. Both ways bring such a ratio
 * between 1 and the base, take digits off it, and round once, by what is left: to the nearest, a tie to the
 * even one.
 */
#ifndef TCPLAB_WASM_NUMBER_H
#define TCPLAB_WASM_NUMBER_H

#include <stddef.h>

enum {
    NUMBER_DIGITS_MAX = 17,
    NUMBER_TEXT_MAX = 25, /* "-1.2345678901234567e-308" and its end */
};

/* Writes `value` as printf's "%.<digits>g" does, 1 <= digits <= NUMBER_DIGITS_MAX. The length, without the
 * end. */
size_t number_write(char text[NUMBER_TEXT_MAX], double value, int digits);

/* Reads a decimal number at the start of `text`, as strtod() does in the "C" locale, without leading space,
 * hexadecimal digits, "inf" and "nan". Where it ends; `text` itself when there is none, and 0 in `value`. */
const char *number_read(double *value, const char *text);

#endif
