/*
 * SipHash-2-4 (Aumasson and Bernstein), the keyed hash behind initial sequence numbers (RFC 6528), port
 * choice (RFC 6056) and the demultiplexing table: nobody outside can aim at one bucket. Nothing here
 * allocates.
 */
#ifndef TCPLAB_BASE_HASH_H
#define TCPLAB_BASE_HASH_H

#include "base/bytes.h"

struct hash_key {
    uint64_t k0;
    uint64_t k1;
};

uint64_t hash_bytes(const struct hash_key *key, struct bytes data);

/* The same of three words of 32 bits, 12 bytes in little-endian order: as it is for what IPv4 calls a connection by. */
uint64_t hash_three(const struct hash_key *key, uint32_t a, uint32_t b, uint32_t c);

/* A cheap, keyed mix of three words, for tables. */
static inline uint32_t hash_words(const struct hash_key *key, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t h = (a ^ key->k0) * 0x9e3779b97f4a7c15ull;
    h = (h ^ (h >> 32) ^ b ^ key->k1) * 0xbf58476d1ce4e5b9ull;
    h = (h ^ (h >> 29) ^ c) * 0x94d049bb133111ebull;
    return (uint32_t)(h >> 32);
}

#endif
