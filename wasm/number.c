/*
 * Integers of up to 4,096 bits, a ratio of two of them, and its digits in base 10 or in base 2.
 *
 * musl does this with 128-bit floats, which WebAssembly does not have: a tenth of what the module weighed.
 * Here a number that is not whole costs a few microseconds to write, which nobody waits for.
 */
#include "number.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    FRACTION_BITS = 52,
    EXPONENT_MAX = 1023,
    EXPONENT_MIN = -1022,
    /* No number halfway between two doubles has more significant digits than 767. */
    DIGITS_KEPT = 768,
    /* Powers of ten that are doubles without rounding. */
    TEN_EXACT = 22,
    /* More than 10^309 is infinite, less than 10^-324 is 0. */
    TEN_MAX = 310,
    TEN_MIN = -326,
    EXPONENT_TEXT_MAX = 100000000,
    /* The largest is 10^1094: what 768 digits below 10^-326 are divided by. */
    WORDS = 128,
};

/* ---- Whole numbers ------------------------------------------------------------------------------- */

/* word[0] is the lowest; word[count - 1] is not 0. */
struct whole {
    unsigned count;
    uint32_t word[WORDS];
};

/* n = n * factor + more. */
static void whole_grow(struct whole *n, uint32_t factor, uint32_t more)
{
    uint64_t carry = more;
    for (unsigned i = 0; i < n->count; i++) {
        carry += (uint64_t)n->word[i] * factor;
        n->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry) {
        assert(n->count < WORDS);
        n->word[n->count++] = (uint32_t)carry;
    }
}

static void whole_raise(struct whole *n, uint32_t base, int times)
{
    for (; times > 0; times--)
        whole_grow(n, base, 0);
}

/* Less than 0, 0, more than 0: as a is to b. */
static int whole_compare(const struct whole *a, const struct whole *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (unsigned i = a->count; i-- > 0;)
        if (a->word[i] != b->word[i])
            return a->word[i] < b->word[i] ? -1 : 1;
    return 0;
}

/* a -= b, which is not larger. */
static void whole_subtract(struct whole *a, const struct whole *b)
{
    int64_t carry = 0;
    for (unsigned i = 0; i < a->count; i++) {
        carry += (int64_t)a->word[i] - (i < b->count ? b->word[i] : 0);
        a->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    assert(carry == 0);
    while (a->count > 0 && a->word[a->count - 1] == 0)
        a->count--;
}

/* ---- Ratios -------------------------------------------------------------------------------------- */

struct ratio {
    struct whole over, under;
};

/* A power of the base that takes many steps at once. */
struct base {
    uint32_t base, leap;
    int steps;
};
static const struct base TWO = {2, UINT32_C(1) << 31, 31}, TEN = {10, 1000000000, 9};

/* Brings the ratio to 1 <= r < base. The exponent: r * base^exponent is what it was. */
static int ratio_scale(struct ratio *r, const struct base *b)
{
    int exponent = 0;
    for (; r->over.count + 1 < r->under.count; exponent -= b->steps)
        whole_grow(&r->over, b->leap, 0);
    for (; r->under.count + 1 < r->over.count; exponent += b->steps)
        whole_grow(&r->under, b->leap, 0);
    for (; whole_compare(&r->over, &r->under) < 0; exponent--)
        whole_grow(&r->over, b->base, 0);
    for (;; exponent++) {
        struct whole next = r->under;
        whole_grow(&next, b->base, 0);
        if (whole_compare(&r->over, &next) < 0)
            return exponent;
        r->under = next;
    }
}

/* The first `count` digits of a scaled ratio, as a number; the last is rounded, so it may be base^count. */
static uint64_t ratio_digits(struct ratio *r, uint32_t base, int count)
{
    uint64_t digits = 0;
    for (; count > 0; count--) {
        digits *= base;
        for (; whole_compare(&r->over, &r->under) >= 0; digits++)
            whole_subtract(&r->over, &r->under);
        if (count > 1)
            whole_grow(&r->over, base, 0);
    }
    whole_grow(&r->over, 2, 0);
    int half = whole_compare(&r->over, &r->under);
    return digits + (half > 0 || (half == 0 && (digits & 1)));
}

/* ---- Writing ------------------------------------------------------------------------------------- */

static uint64_t ten_to(int power)
{
    uint64_t n = 1;
    for (; power > 0; power--)
        n *= 10;
    return n;
}

/* value > 0, as `count` digits and the power of ten of the first of them. */
static uint64_t number_digits(int *power, double value, int count)
{
    if (value < (double)ten_to(count) && value == floor(value)) {
        uint64_t n = (uint64_t)value;
        for (*power = count - 1; n < ten_to(count - 1); --*power)
            n *= 10;
        return n;
    }
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> FRACTION_BITS);
    uint64_t fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    if (exponent > 0)
        fraction |= UINT64_C(1) << FRACTION_BITS;
    else
        exponent = 1;
    exponent += EXPONENT_MIN - 1 - FRACTION_BITS;
    struct ratio r = {.over = {0}, .under = {1, {1}}};
    whole_grow(&r.over, 1, (uint32_t)(fraction >> 32));
    whole_raise(&r.over, UINT32_C(1) << 16, 2);
    whole_grow(&r.over, 1, (uint32_t)fraction);
    whole_raise(exponent > 0 ? &r.over : &r.under, 2, exponent > 0 ? exponent : -exponent);
    *power = ratio_scale(&r, &TEN);
    uint64_t digits = ratio_digits(&r, 10, count);
    if (digits < ten_to(count))
        return digits;
    ++*power;
    return digits / 10;
}

/* The digits of n, `count` of them, with a point after `before`. Where it ends. */
static char *put_digits(char *at, uint64_t n, int count, int before)
{
    for (int i = 0; i < count; i++) {
        if (i == before)
            *at++ = '.';
        *at++ = (char)('0' + n / ten_to(count - 1 - i) % 10);
    }
    return at;
}

size_t number_write(char text[NUMBER_TEXT_MAX], double value, int digits)
{
    assert(digits >= 1 && digits <= NUMBER_DIGITS_MAX);
    char *at = text;
    if (signbit(value))
        *at++ = '-';
    value = fabs(value);
    if (!isfinite(value) || value == 0) {
        const char *name = value == 0 ? "0" : isnan(value) ? "nan" : "inf";
        memcpy(at, name, strlen(name) + 1);
        return (size_t)(at - text) + strlen(name);
    }
    int power;
    uint64_t n = number_digits(&power, value, digits);
    int count = digits;
    for (; n % 10 == 0; count--)
        n /= 10;
    if (power >= -4 && power < digits) {
        for (int zero = power; zero < 0; zero++) {
            *at++ = '0';
            if (zero == power)
                *at++ = '.';
        }
        int whole = power < count ? count : power + 1;
        at = put_digits(at, n * ten_to(whole - count), whole, power < 0 ? whole : power + 1);
    } else {
        at = put_digits(at, n, count, 1);
        *at++ = 'e';
        *at++ = power < 0 ? '-' : '+';
        unsigned size = (unsigned)(power < 0 ? -power : power);
        at = put_digits(at, size, size < 100 ? 2 : 3, 3);
    }
    *at = '\0';
    return (size_t)(at - text);
}

/* ---- Reading ------------------------------------------------------------------------------------- */

/* What was read: significant digits as a whole number, times 10^power. */
struct decimal {
    struct whole n;
    int count;
    int power;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Of digits beyond those that are kept only whether one is not 0 matters. A number that may be halfway ends
 * with 0 then, and its lowest bit makes it a little more; any other is rounded the same with it and without. */
static void decimal_digit(struct decimal *d, char c, bool after_point)
{
    if (d->count == DIGITS_KEPT) {
        d->n.word[0] |= c != '0';
        d->power += !after_point;
        return;
    }
    whole_grow(&d->n, 10, (uint32_t)(c - '0'));
    d->count += d->n.count > 0;
    d->power -= after_point;
}

/* The nearest double, when both the digits and the power of ten are doubles: one operation rounds once. */
static bool decimal_is_short(double *value, const struct decimal *d)
{
    uint64_t n = d->n.word[0] | (uint64_t)d->n.word[1] << 32;
    if (d->n.count > 2 || n >> (FRACTION_BITS + 1) || d->power > TEN_EXACT || d->power < -TEN_EXACT)
        return false;
    double ten = 1;
    for (int power = d->power > 0 ? d->power : -d->power; power > 0; power--)
        ten *= 10;
    *value = d->power > 0 ? (double)n * ten : (double)n / ten;
    return true;
}

/* The nearest double to a number that is not 0. */
static double decimal_value(const struct decimal *d)
{
    int highest = d->count + d->power;
    if (highest > TEN_MAX)
        return HUGE_VAL;
    if (highest < TEN_MIN)
        return 0;
    struct ratio r = {.over = d->n, .under = {1, {1}}};
    whole_raise(d->power > 0 ? &r.over : &r.under, 10, d->power > 0 ? d->power : -d->power);
    int exponent = ratio_scale(&r, &TWO);
    if (exponent > EXPONENT_MAX)
        return HUGE_VAL;
    /* Below the smallest exponent there are fewer bits; where there is none, half of the smallest double
     * decides. */
    int count = FRACTION_BITS + 1 - (exponent < EXPONENT_MIN ? EXPONENT_MIN - exponent : 0);
    if (count < 0)
        return 0;
    if (count == 0)
        whole_grow(&r.under, 2, 0);
    uint64_t bits = ratio_digits(&r, 2, count);
    /* A bit that rounding carries out of the fraction is one more in the exponent, as it should be. */
    if (exponent > EXPONENT_MIN)
        bits += (uint64_t)(exponent - EXPONENT_MIN) << FRACTION_BITS;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The digits at `at` and, after a point, more of them. Where they end, or NULL when there was none. */
static const char *read_digits(struct decimal *d, const char *at)
{
    bool found = false, after_point = false;
    for (;; at++) {
        if (*at == '.' && !after_point && (found || is_digit(at[1])))
            after_point = true;
        else if (is_digit(*at))
            decimal_digit(d, *at, after_point), found = true;
        else
            return found ? at : NULL;
    }
}

/* "e-12" at `at`, if it is there. Where it ends. */
static const char *read_exponent(int *exponent, const char *at)
{
    const char *digits = at + 1;
    if (*at != 'e' && *at != 'E')
        return at;
    bool is_negative = *digits == '-';
    if (*digits == '-' || *digits == '+')
        digits++;
    if (!is_digit(*digits))
        return at;
    for (; is_digit(*digits); digits++)
        if (*exponent < EXPONENT_TEXT_MAX)
            *exponent = *exponent * 10 + (*digits - '0');
    if (is_negative)
        *exponent = -*exponent;
    return digits;
}

const char *number_read(double *value, const char *text)
{
    *value = 0;
    const char *at = text;
    bool is_negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    struct decimal d = {0};
    at = read_digits(&d, at);
    if (!at)
        return text;
    int exponent = 0;
    at = read_exponent(&exponent, at);
    d.power += exponent;
    if (d.n.count > 0 && !decimal_is_short(value, &d))
        *value = decimal_value(&d);
    if (is_negative)
        *value = -*value;
    return at;
}
