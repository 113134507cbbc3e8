/*
 * The Internet checksum (RFC 1071), alone and fused with a copy.
 *
 * A partial sum is of the 16-bit words as they lie in memory, in the machine's own byte order: the one's
 * complement sum does not care (RFC 1071, section 2(B)). Only checksum_finish() knows the wire. A part that
 * starts at an odd offset of the message has its bytes in the other halves of the words: checksum_add_at()
 * swaps them.
 */
#ifndef TCPLAB_BASE_CHECKSUM_H
#define TCPLAB_BASE_CHECKSUM_H

#include "base/address.h"

/* From 64 bits to 16, keeping the value modulo 0xffff; zero only for zero. */
static inline uint32_t checksum_fold(uint64_t sum)
{
    uint64_t twice = sum + (sum << 32 | sum >> 32); /* the upper half now has the carry of the lower */
    uint32_t high = (uint32_t)(twice >> 32);
    high += high << 16 | high >> 16;
    return high >> 16;
}

/* Partial sum of `len` bytes, at most 0xffff after folding. */
uint32_t checksum_of(const void *at, size_t len);

/* a + b with the carry out of 64 bits added in again: the one's complement sum of 16-bit words does not
 * change (RFC 1071, section 2(C)). */
static inline uint64_t checksum_plus(uint64_t a, uint64_t b)
{
    a += b;
    return a + (a < b);
}

/* A total is a sum that is not folded yet, so that more may be added before. This one is of `more`, which has 33 bits
 * at most, and of the commonest length of all: 20 bytes, a header without options. */
static inline uint64_t checksum_total_of_20(const void *at, uint64_t more)
{
    const uint8_t *p = at;
    assert(more >> 33 == 0);
    return checksum_plus(checksum_plus(word64_load(p), word64_load(p + 8)), word32_load(p + 16) + more);
}

/* Of TCP's timestamps with their padding; or of what a SYN has without them: MSS, window scale, SACK-permitted. */
static inline uint64_t checksum_total_of_12(const void *at)
{
    const uint8_t *p = at;
    return checksum_plus(word64_load(p), word32_load(p + 8));
}

/* Of some words of 32 bits, for which the vectors of checksum_of() are too long: options. */
static inline uint64_t checksum_total_of_words(const uint8_t *at, size_t len)
{
    uint64_t total = 0;
    assert(len % 4 == 0);
    if (len == 12)
        return checksum_total_of_12(at);
    for (const uint8_t *end = at + len; at != end; at += 4)
        total += word32_load(at);
    return total;
}

/* Copies and sums in one pass. The areas must not overlap. */
uint32_t checksum_copy(void *restrict to, const void *restrict from, size_t len);

/* Sum of two parts that both start at even offsets. */
static inline uint32_t checksum_add(uint32_t a, uint32_t b)
{
    uint32_t sum = a + b; /* both folded: at most 0x1fffe */
    return (sum & 0xffff) + (sum >> 16);
}

/* Adds a part that starts `offset` bytes into the message. */
static inline uint32_t checksum_add_at(uint32_t sum, uint32_t part, size_t offset)
{
    uint32_t swapped = (part << 8 | part >> 8) & 0xffff;
    return checksum_add(sum, (offset & 1) ? swapped : part);
}

/* The sum of numbers of 16 or 32 bits that go on the wire at even offsets, given their plain total: what
 * builds a header has them at hand and need not read them again. */
static inline uint32_t checksum_of_numbers(uint64_t total)
{
    return BYTES_TURN(16, (uint16_t)checksum_fold(total));
}

/* The sum of the pseudo-header of TCP and UDP over either family (RFC 9293, section 3.1; RFC 8200,
 * section 8.1). */
uint32_t checksum_pseudo(struct ip_addr src, struct ip_addr dst, uint8_t protocol, uint32_t len);

/* The value for the header field, in host order: store it with be16_store(). */
static inline uint16_t checksum_finish(uint32_t sum)
{
    assert(sum <= 0xffff);
    return BYTES_TURN(16, (uint16_t)~sum);
}

/* The same for the plain total of the numbers that go on the wire and the sum of all else. */
static inline uint16_t checksum_finish_numbers(uint64_t total, uint32_t sum)
{
    return (uint16_t)~checksum_fold(total + BYTES_TURN(16, (uint16_t)sum));
}

/* Did the sum over a whole message, its checksum field included, come out right? */
static inline bool checksum_good(uint32_t sum)
{
    return sum == 0xffff;
}

/* The same of a total: one that is not zero folds to 0xffff when it is a multiple of that, and a message that has a
 * protocol's number in it does not add up to zero. */
static inline bool checksum_total_good(uint64_t total)
{
    assert(total > 0);
    return total % 0xffff == 0;
}

/* CRC-32 of IEEE 802.3, as it goes on the wire as the frame check sequence (least significant byte first). */
uint32_t crc32_of(const void *at, size_t len);

#endif
