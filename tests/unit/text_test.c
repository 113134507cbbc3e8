/*
 * wasm/number.h and wasm/text.c, which the module has in place of the C library's, beside the C library's: the
 * same bytes for the same numbers and formats.
 */
#include <float.h>
#include <math.h>

#include "unit/support/property.h"

#include "../../wasm/number.c"

#define vsnprintf ours_vsnprintf
#define snprintf  ours_snprintf
#define sprintf   ours_sprintf
#define sscanf    ours_sscanf
#define strtod    ours_strtod
int vsnprintf(char *restrict text, size_t size, const char *restrict format, va_list list);
int snprintf(char *restrict text, size_t size, const char *restrict format, ...);
int sprintf(char *restrict text, const char *restrict format, ...);
int sscanf(const char *restrict text, const char *restrict format, ...);
double strtod(const char *restrict text, char **restrict end);
#include "../../wasm/text.c"
#undef vsnprintf
#undef snprintf
#undef sprintf
#undef sscanf
#undef strtod

static double of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void written_as_libc(double value)
{
    static const int DIGITS[] = {15, 17, 1, 6};
    for (size_t i = 0; i < sizeof DIGITS / sizeof DIGITS[0]; i++) {
        char ours[NUMBER_TEXT_MAX], libc[64];
        int len = snprintf(libc, sizeof libc, "%.*g", DIGITS[i], value);
        assert_int_equal(number_write(ours, value, DIGITS[i]), len);
        assert_string_equal(ours, libc);
    }
}

/* The same number to its last bit, the sign of 0 too, and the same end. */
static void read_as_libc(const char *text)
{
    char *end;
    double value, libc = strtod(text, &end);
    const char *after = number_read(&value, text);
    if (bits_of(value) != bits_of(libc) || after != end)
        fail_msg("%s: %a, not %a, and %d characters, not %d", text, value, libc, (int)(after - text),
                 (int)(end - text));
}

static void both_as_libc(double value)
{
    char text[64];
    written_as_libc(value);
    snprintf(text, sizeof text, "%.17g", value);
    read_as_libc(text);
    snprintf(text, sizeof text, "%.15g", value);
    read_as_libc(text);
}

static void test_edges(void **state)
{
    (void)state;
    static const double EDGES[] = {0,
                                   1,
                                   0.1,
                                   0.5,
                                   1.5,
                                   2.5,
                                   9.5,
                                   99999.5,
                                   0.0001,
                                   0.00001,
                                   1e15,
                                   1e16,
                                   1e17,
                                   1e21,
                                   1e22,
                                   1e23,
                                   5e-324,
                                   1e-323,
                                   1e308,
                                   DBL_MAX,
                                   DBL_MIN,
                                   0.3,
                                   1e-5,
                                   123456,
                                   123456789.5,
                                   1e-7,
                                   4503599627370496.5,
                                   9.995e2,
                                   1e100,
                                   8.5e-20,
                                   1e-300,
                                   9e-324,
                                   HUGE_VAL,
                                   1e14,
                                   1e9,
                                   4096,
                                   9007199254740993.0};
    for (size_t i = 0; i < sizeof EDGES / sizeof EDGES[0]; i++) {
        written_as_libc(EDGES[i]);
        written_as_libc(-EDGES[i]);
        if (isfinite(EDGES[i]))
            both_as_libc(EDGES[i]);
    }
    /* Each power of two, the doubles beside it, and each power of ten. */
    for (unsigned exponent = 0; exponent < 2047; exponent++)
        for (unsigned beside = 0; beside < 3; beside++)
            both_as_libc(of_bits(((uint64_t)exponent << FRACTION_BITS) + beside - (exponent > 0)));
    for (int power = -345; power < 320; power++) {
        char text[32];
        snprintf(text, sizeof text, "1e%d", power);
        read_as_libc(text);
        if (isfinite(strtod(text, NULL)))
            both_as_libc(strtod(text, NULL));
    }
}

/* Any double; most of them far from 1. */
static void any_number(struct rng *rng)
{
    double value = of_bits(rng_u64(rng));
    if (isfinite(value))
        both_as_libc(value);
}

/* Numbers as scenarios and descriptions have them: few digits, whole and not. */
static void short_number(struct rng *rng)
{
    static const double TENTHS[] = {1, 10, 100, 1000, 1e6, 1e9, 1e-3, 3, 7};
    double value = (double)(rng_u32(rng) >> rng_below(rng, 32)) / TENTHS[rng_below(rng, 9)];
    both_as_libc(value);
    both_as_libc(value * (double)rng_u32(rng));
}

/* Exactly between two doubles, and a little off it in a digit far behind. */
static void halfway(struct rng *rng)
{
    uint64_t bits = rng_u64(rng) >> 1;
    double low = of_bits(bits), high = of_bits(bits + 1);
    if (!isfinite(high))
        return;
    char text[2048];
    /* With a long double of 64 bits of fraction the midpoint is exact; the smallest are
     * left to test_long_texts(). */
    snprintf(text, sizeof text, "%.1100Lg", ((long double)low + (long double)high) / 2);
    read_as_libc(text);
    size_t len = strcspn(text, "e");
    char off[2048];
    snprintf(off, sizeof off, "%.*s%s%.*s1%s", (int)len, text, memchr(text, '.', len) ? "" : ".", 800,
             "00000000", text + len);
    read_as_libc(off);
}

static void test_numbers(void **state)
{
    (void)state;
    property_run(4000, any_number);
    property_run(4000, short_number);
    property_run(2000, halfway);
}

/* What is a number and where it ends, and numbers at the edges of what doubles are. */
static const char *const TEXTS[] = {
    "",
    "-",
    "+",
    ".",
    "e5",
    "-.",
    "1.",
    ".5",
    "-.5e1",
    "1e",
    "1e+",
    "1e-",
    "1e5x",
    "12.5.7",
    "007",
    "-0",
    "+3",
    "1E2",
    "1e400",
    "-1e400",
    "1e-400",
    "0e9999",
    "1e999999999999",
    "0.0e-1",
    "1e-999999999999",
    "x",
    "--1",
    "1-2",
    "0x",
    "4.9406564584124654e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "7.4109846876186981e-324",
    "7.4109846876186982e-324",
    "2.2250738585072011e-308",
    "2.2250738585072012e-308",
    "2.2250738585072014e-308",
    "1.7976931348623158e308",
    "1.7976931348623159e308",
    "179769313486231580793e289",
    "9007199254740993",
    "9007199254740992.999999999999999999999999999999999999999999",
    "9007199254740993.000000000000000000000000000000000000000000000001",
    "0.1e1",
    "100000000000000000000000000000000000000000000000000000000000000000000000000000e-77",
};

static void test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++)
        read_as_libc(TEXTS[i]);
}

static void test_long_texts(void **state)
{
    (void)state;
    /* Half of the smallest double is 751 digits behind 323 zeros; a thousand digits more may tip it over. */
    char text[4096];
    for (unsigned times = 1; times < 40; times++) {
        snprintf(text, sizeof text, "%.1200f", ldexp((double)(2 * times + 1), -1074));
        read_as_libc(text);
        size_t len = strlen(text);
        memset(text + len, '0', 1000);
        text[len + 1000] = '\0';
        read_as_libc(text);
        text[len + 999] = '1';
        read_as_libc(text);
    }
    /* 2^-1075 in full, and with something behind it. */
    long double half = ldexpl(1, -1075);
    snprintf(text, sizeof text, "%.1075Lf", half);
    read_as_libc(text);
    size_t end = strlen(text);
    snprintf(text + end, sizeof text - end, "0000001");
    read_as_libc(text);
    memset(text, '9', 2000);
    snprintf(text + 2000, sizeof text - 2000, "e-1999");
    read_as_libc(text);
}

#define SAME(...)                                                                                            \
    do {                                                                                                     \
        char ours[48], libc[48];                                                                             \
        memset(ours, 'x', sizeof ours);                                                                      \
        memset(libc, 'x', sizeof libc);                                                                      \
        for (size_t size = 0; size <= sizeof ours; size += 12) {                                             \
            assert_int_equal(ours_snprintf(ours, size, __VA_ARGS__), snprintf(libc, size, __VA_ARGS__));     \
            assert_memory_equal(ours, libc, sizeof ours);                                                    \
        }                                                                                                    \
    } while (0)

static void test_formats(void **state)
{
    (void)state;
    SAME("nothing");
    SAME("%s", "");
    SAME("[%u]", 0U);
    SAME("%s:%u and %s", "a host with a long name", 4294967295U, "more");
    SAME("%lu-%lu", 0UL, 4294967295UL);
    SAME("%llu (%s)", 18446744073709551615ULL, "phrase");
    SAME("0x%04x 0x%08x %02x %x", 0xabU, 0x12345678U, 0U, 0xfffU);
    SAME("%d %i", -2147483647 - 1, 2147483647);
    SAME("scenario.%.*s|%.3s|%.60s", 3, "links", "abcdef", "short");
    SAME("from %.15g to %.15g", -0.25, 1e300);
    char ours[64], libc[64];
    assert_int_equal(ours_sprintf(ours, "u%04x %1.17g", 31U, 0.1), sprintf(libc, "u%04x %.17g", 31U, 0.1));
    assert_string_equal(ours, libc);
    double value = 0;
    assert_int_equal(ours_sscanf("12.5", "%lg", &value), 1);
    assert_true(value == 12.5);
    assert_int_equal(ours_sscanf("null", "%lg", &value), 0);
    char *end;
    assert_true(ours_strtod("0.75]", &end) == 0.75 && *end == ']');
    assert_true(ours_strtod("8", NULL) == 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),      cmocka_unit_test(test_numbers), cmocka_unit_test(test_texts),
        cmocka_unit_test(test_long_texts), cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
