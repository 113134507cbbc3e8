/*
 * SipHash-2-4: two rounds for each 8 bytes, four at the end ("SipHash: a fast short-input PRF", 2012, section
 * 2).
 */
#include "base/hash.h"

static inline uint64_t rotate(uint64_t v, unsigned bits)
{
    return v << bits | v >> (64 - bits);
}

static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

static inline void sip_absorb(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
}

/* Little-endian, `n` <= 8 bytes; what is missing is zero. */
static inline uint64_t le_load(const uint8_t *p, size_t n)
{
    uint8_t turned[8] = {0};
    for (size_t i = 0; i < n; i++)
        turned[7 - i] = p[i];
    return be64_load(turned);
}

static inline uint64_t le64_load(const uint8_t *p)
{
    return __builtin_bswap64(be64_load(p));
}

static inline void sip_begin(uint64_t v[4], const struct hash_key *key)
{
    v[0] = key->k0 ^ 0x736f6d6570736575ull;
    v[1] = key->k1 ^ 0x646f72616e646f6dull;
    v[2] = key->k0 ^ 0x6c7967656e657261ull;
    v[3] = key->k1 ^ 0x7465646279746573ull;
}

/* The last block has the length in its highest byte. */
static inline uint64_t sip_end(uint64_t v[4], uint64_t last)
{
    sip_absorb(v, last);
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t hash_bytes(const struct hash_key *key, struct bytes data)
{
    uint64_t v[4];
    sip_begin(v, key);
    size_t whole = data.len & ~(size_t)7;
    for (size_t i = 0; i < whole; i += 8)
        sip_absorb(v, le64_load(data.at + i));
    uint64_t last = (uint64_t)data.len << 56;
    if (data.len > whole)
        last |= le_load(data.at + whole, data.len - whole);
    return sip_end(v, last);
}

uint64_t hash_three(const struct hash_key *key, uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t v[4];
    sip_begin(v, key);
    sip_absorb(v, (uint64_t)b << 32 | a);
    return sip_end(v, UINT64_C(12) << 56 | c);
}
