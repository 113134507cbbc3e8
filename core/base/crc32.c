/*
 * CRC-32 of IEEE 802.3 (polynomial 0x04c11db7, reflected), four bytes at a step ("slicing by 4": one table
 * for each byte of a word).
 *
 * The CRC is linear: the entry of n is the exclusive or of the entries of n's bits. So eight numbers make a
 * table of 256, and the compiler does it. No such table can be compressed, so where the code travels to whoever
 * runs it, CRC32_HALVES takes two tables of 16 in its place, one for each half of a byte.
 */
#include "base/checksum.h"

/* The entry whose bits choose among the entries a to h of 1, 2, 4 to 128. */
#define ENTRY(n, a, b, c, d, e, f, g, h)                                                                     \
    (((n)&1 ? (a) : 0u) ^ ((n)&2 ? (b) : 0u) ^ ((n)&4 ? (c) : 0u) ^ ((n)&8 ? (d) : 0u) ^                     \
     ((n)&16 ? (e) : 0u) ^ ((n)&32 ? (f) : 0u) ^ ((n)&64 ? (g) : 0u) ^ ((n)&128 ? (h) : 0u))
#define ENTRIES_4(n, ...)                                                                                    \
    ENTRY(n, __VA_ARGS__), ENTRY((n) + 1, __VA_ARGS__), ENTRY((n) + 2, __VA_ARGS__),                         \
        ENTRY((n) + 3, __VA_ARGS__)
#define ENTRIES_16(n, ...)                                                                                   \
    ENTRIES_4(n, __VA_ARGS__), ENTRIES_4((n) + 4, __VA_ARGS__), ENTRIES_4((n) + 8, __VA_ARGS__),             \
        ENTRIES_4((n) + 12, __VA_ARGS__)
#define ENTRIES_64(n, ...)                                                                                   \
    ENTRIES_16(n, __VA_ARGS__), ENTRIES_16((n) + 16, __VA_ARGS__), ENTRIES_16((n) + 32, __VA_ARGS__),        \
        ENTRIES_16((n) + 48, __VA_ARGS__)
#ifdef CRC32_HALVES
#define ENTRIES 32
#define TABLE(a, b, c, d, e, f, g, h)                                                                        \
    ENTRIES_16(0, a, b, c, d, 0, 0, 0, 0), ENTRIES_16(0, e, f, g, h, 0, 0, 0, 0)
#else
#define ENTRIES 256
#define TABLE(...)                                                                                           \
    ENTRIES_64(0, __VA_ARGS__), ENTRIES_64(64, __VA_ARGS__), ENTRIES_64(128, __VA_ARGS__),                   \
        ENTRIES_64(192, __VA_ARGS__)
#endif

static const uint32_t crc_table[4][ENTRIES] = {
    {TABLE(0x77073096, 0xee0e612c, 0x076dc419, 0x0edb8832, 0x1db71064, 0x3b6e20c8, 0x76dc4190, 0xedb88320)},
    {TABLE(0x191b3141, 0x32366282, 0x646cc504, 0xc8d98a08, 0x4ac21251, 0x958424a2, 0xf0794f05, 0x3b83984b)},
    {TABLE(0x01c26a37, 0x0384d46e, 0x0709a8dc, 0x0e1351b8, 0x1c26a370, 0x384d46e0, 0x709a8dc0, 0xe1351b80)},
    {TABLE(0xb8bc6765, 0xaa09c88b, 0x8f629757, 0xc5b428ef, 0x5019579f, 0xa032af3e, 0x9b14583d, 0xed59b63b)},
};

/* What the lowest byte of `n` leaves behind after k more bytes of zero. */
static inline uint32_t crc_entry(unsigned k, uint32_t n)
{
#ifdef CRC32_HALVES
    return crc_table[k][n & 0xf] ^ crc_table[k][16 + (n >> 4 & 0xf)];
#else
    return crc_table[k][n & 0xff];
#endif
}

static inline uint32_t le32_load(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

uint32_t crc32_of(const void *at, size_t len)
{
    assert(len == 0 || at);
    const uint8_t *p = at;
    uint32_t crc = 0xffffffff;
    for (; len >= 4; p += 4, len -= 4) {
        crc ^= le32_load(p);
        crc = crc_entry(3, crc) ^ crc_entry(2, crc >> 8) ^ crc_entry(1, crc >> 16) ^ crc_entry(0, crc >> 24);
    }
    for (; len > 0; p++, len--)
        crc = crc >> 8 ^ crc_entry(0, crc ^ *p);
    return ~crc;
}
