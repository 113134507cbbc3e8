/*
 * What unit tests share: cmocka with its includes in order, property tests over seeded randomness, bytes
 * written as hex.
 */
#ifndef TCPLAB_TESTS_UNIT_SUPPORT_PROPERTY_H
#define TCPLAB_TESTS_UNIT_SUPPORT_PROPERTY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/rng.h"

/*
 * Runs `body` `rounds` times, each with a generator of its own: round n always sees the same numbers. A round
 * that fails is left by longjmp; PROPERTY_VERBOSE=1 in the environment shows how far it came and
 * PROPERTY_ROUND=n runs that one alone.
 */
static inline void property_run(uint32_t rounds, void (*body)(struct rng *rng))
{
    const char *only = getenv("PROPERTY_ROUND");
    const char *verbose = getenv("PROPERTY_VERBOSE");
    for (uint32_t round = 0; round < rounds; round++) {
        if (only && strtoul(only, NULL, 10) != round)
            continue;
        if (verbose)
            print_message("round %u\n", (unsigned)round);
        struct rng rng;
        rng_seed(&rng, 0x7c91ab, round);
        body(&rng);
    }
}

/* Evenly in [low, high]. */
static inline uint32_t rng_between(struct rng *rng, uint32_t low, uint32_t high)
{
    return low + rng_below(rng, high - low + 1);
}

static inline void rng_fill(struct rng *rng, void *to, size_t len)
{
    uint8_t *p = to;
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)rng_u32(rng);
}

/* Bytes from hex digits; blanks are skipped. Fails the test when `hex` is not hex or longer than `max` bytes.
 */
static inline size_t hex_read(uint8_t *to, size_t max, const char *hex)
{
    static const char digits[] = "0123456789abcdef";
    size_t nibbles = 0;
    for (; *hex; hex++) {
        if (*hex == ' ' || *hex == '\n')
            continue;
        const char *digit = strchr(digits, *hex);
        assert_non_null(digit);
        assert_true(nibbles / 2 < max);
        uint8_t value = (uint8_t)(digit - digits);
        to[nibbles / 2] = (uint8_t)(nibbles % 2 ? to[nibbles / 2] | value : value << 4);
        nibbles++;
    }
    assert_true(nibbles % 2 == 0);
    return nibbles / 2;
}

/* Fails the test, showing both as hex, unless `got` is the bytes written in `hex`. */
static inline void assert_hex(struct bytes got, const char *hex)
{
    uint8_t want[4096];
    size_t len = hex_read(want, sizeof want, hex);
    if (bytes_equal(got, bytes_of(want, len)))
        return;
    print_error("want %zu bytes: ", len);
    for (size_t i = 0; i < len; i++)
        print_error("%02x%s", want[i], i % 2 ? " " : "");
    print_error("\ngot  %zu bytes: ", got.len);
    for (size_t i = 0; i < got.len; i++)
        print_error("%02x%s", got.at[i], i % 2 ? " " : "");
    print_error("\n");
    fail();
}

#endif
