/*
 * The Internet checksum (RFC 1071) at the speed of memory.
 *
 * One body serves the sum alone and the sum fused with a copy. It has two parts:
 *
 * - Blocks of 32 bytes, when there are two or more, go through vectors of 16-bit words, added up in 32-bit
 *   sums, so that no carry is ever lost and none has to be carried (RFC 1071, section 2(C): parallel
 *   summation). On x86-64 and WebAssembly that is written in the machine's vector instructions; anywhere else
 *   in plain 64-bit arithmetic, whose results are equal.
 * - What is left is added in words of 8, 4, 2 and 1 bytes with end-around carry: one test per bit of the
 *   length, so that short headers are cheap too.
 *
 * Left out on purpose: incremental update (RFC 1624). Routers here decrement TTL and sum the header anew.
 */
#include "base/checksum.h"

#if defined(CHECKSUM_PORTABLE)
/* Tests compile this file again with it, and with CHECKSUM_SSE2, to compare the ways. */
#elif defined(__SSE2__) && defined(CHECKSUM_SSE2)
#include <emmintrin.h>
#elif defined(__SSE2__)
#include <immintrin.h>
#define CHECKSUM_AVX2
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

#define INLINE static inline __attribute__((always_inline))

enum {
    BLOCK = 32,
    /* A 32-bit lane takes at most 0x1fffe from each of the two vectors of a block: this many still fit. */
    BLOCKS_PER_RUN = 8192,
};

/* Where a pass over the bytes stands. `copies` is a constant in each caller, so the compiler makes two
 * functions of one. */
struct pass {
    bool copies;
    uint8_t *to; /* only when it copies */
    const uint8_t *from;
    uint64_t sum;
};

/* Adds the `n` bytes at `word` to the sum, n <= 8, as a number in the machine's byte order, and moves on. */
INLINE void pass_step(struct pass *p, const void *word, uint64_t value, size_t n)
{
    p->sum = checksum_plus(p->sum, value);
    p->from += n;
    if (p->copies) {
        memcpy(p->to, word, n);
        p->to += n;
    }
}

INLINE void pass_8(struct pass *p)
{
    uint64_t word;
    memcpy(&word, p->from, sizeof word);
    pass_step(p, &word, word, sizeof word);
}

INLINE void pass_4(struct pass *p)
{
    uint32_t word;
    memcpy(&word, p->from, sizeof word);
    pass_step(p, &word, word, sizeof word);
}

INLINE void pass_2(struct pass *p)
{
    uint16_t word;
    memcpy(&word, p->from, sizeof word);
    pass_step(p, &word, word, sizeof word);
}

/* The last byte of an odd length: the one that would follow counts as zero (RFC 1071, section 4.1). */
INLINE void pass_1(struct pass *p)
{
    uint16_t word = 0;
    memcpy(&word, p->from, 1);
    pass_step(p, &word, word, 1);
}

#if !defined(CHECKSUM_PORTABLE) && defined(__SSE2__)

/*
 * Each lane adds up pairs of words as numbers of 32 bits, modulo 2^32, and their upper words alone. What the upper
 * ones are of the first sum is known, and the rest is the sum of the lower ones, which is exact: a run is too
 * short for it to reach 2^32. No multiplication, and no constant that would have to be loaded.
 */
struct sums_sse2 {
    __m128i pairs, upper;
};

INLINE uint64_t lanes_sum(struct sums_sse2 s)
{
    __m128i lower = _mm_sub_epi32(s.pairs, _mm_slli_epi32(s.upper, 16));
    __m128i lanes = _mm_add_epi32(lower, s.upper);
    __m128i low = _mm_unpacklo_epi32(lanes, _mm_setzero_si128()); /* as unsigned numbers */
    __m128i high = _mm_unpackhi_epi32(lanes, _mm_setzero_si128());
    uint64_t half[2];
    _mm_storeu_si128((__m128i *)(void *)half, _mm_add_epi64(low, high));
    return half[0] + half[1];
}

INLINE void add_16(struct sums_sse2 *s, bool copies, uint8_t *to, const uint8_t *from, size_t at)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(from + at));
    if (copies)
        _mm_storeu_si128((__m128i *)(void *)(to + at), v);
    s->pairs = _mm_add_epi32(s->pairs, v);
    s->upper = _mm_add_epi32(s->upper, _mm_srli_epi32(v, 16));
}

INLINE uint64_t blocks_sse2(bool copies, uint8_t *to, const uint8_t *from, size_t blocks)
{
    struct sums_sse2 s = {_mm_setzero_si128(), _mm_setzero_si128()};
    size_t at = 0;
    for (size_t pairs = blocks / 2 * 2 * BLOCK; at != pairs; at += 2 * BLOCK) {
        add_16(&s, copies, to, from, at);
        add_16(&s, copies, to, from, at + 16);
        add_16(&s, copies, to, from, at + 32);
        add_16(&s, copies, to, from, at + 48);
    }
    if (blocks & 1) {
        add_16(&s, copies, to, from, at);
        add_16(&s, copies, to, from, at + 16);
    }
    return lanes_sum(s);
}

#ifdef CHECKSUM_AVX2
#define AVX2 __attribute__((target("avx2")))

/* The same with 32 bytes, where the processor has vectors so long. */
struct sums_avx2 {
    __m256i pairs, upper;
};

AVX2 INLINE void add_32(struct sums_avx2 *s, bool copies, uint8_t *to, const uint8_t *from, size_t at)
{
    __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(from + at));
    if (copies)
        _mm256_storeu_si256((__m256i *)(void *)(to + at), v);
    s->pairs = _mm256_add_epi32(s->pairs, v);
    s->upper = _mm256_add_epi32(s->upper, _mm256_srli_epi32(v, 16));
}

AVX2 INLINE void add_64(struct sums_avx2 *s, bool copies, uint8_t *to, const uint8_t *from, size_t at)
{
    add_32(s, copies, to, from, at);
    add_32(s, copies, to, from, at + 32);
}

AVX2 INLINE void add_128(struct sums_avx2 *s, bool copies, uint8_t *to, const uint8_t *from, size_t at)
{
    add_64(s, copies, to, from, at);
    add_64(s, copies, to, from, at + 64);
}

AVX2 INLINE __m128i halves_sum(__m256i v)
{
    return _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
}

/* `len` bytes, a multiple of 16: 256 in each turn, then one test per bit of what is left. */
AVX2 INLINE uint64_t vectors_avx2(bool copies, uint8_t *to, const uint8_t *from, size_t len)
{
    struct sums_avx2 s = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    size_t at = 0;
    for (size_t turns = len / 256 * 256; at != turns; at += 256) {
        add_128(&s, copies, to, from, at);
        add_128(&s, copies, to, from, at + 128);
    }
    if (len & 128) {
        add_128(&s, copies, to, from, at);
        at += 128;
    }
    if (len & 64) {
        add_64(&s, copies, to, from, at);
        at += 64;
    }
    if (len & 32) {
        add_32(&s, copies, to, from, at);
        at += 32;
    }
    struct sums_sse2 half = {halves_sum(s.pairs), halves_sum(s.upper)};
    if (len & 16)
        add_16(&half, copies, to, from, at);
    return lanes_sum(half);
}
#endif

INLINE void pass_blocks(struct pass *p, size_t blocks)
{
    p->sum = checksum_plus(p->sum, blocks_sse2(p->copies, p->to, p->from, blocks));
    p->from += blocks * BLOCK;
    if (p->copies)
        p->to += blocks * BLOCK;
}

#elif !defined(CHECKSUM_PORTABLE) && defined(__wasm_simd128__)

INLINE v128_t pass_vector(struct pass *p, v128_t sum)
{
    v128_t v = wasm_v128_load(p->from);
    p->from += sizeof v;
    if (p->copies) {
        wasm_v128_store(p->to, v);
        p->to += sizeof v;
    }
    return wasm_i32x4_add(sum, wasm_u32x4_extadd_pairwise_u16x8(v));
}

INLINE void pass_blocks(struct pass *p, size_t blocks)
{
    v128_t even = wasm_i32x4_splat(0);
    v128_t odd = wasm_i32x4_splat(0);
    for (const uint8_t *end = p->from + blocks / 2 * 2 * BLOCK; p->from != end;) {
        even = pass_vector(p, even);
        odd = pass_vector(p, odd);
        even = pass_vector(p, even);
        odd = pass_vector(p, odd);
    }
    if (blocks & 1) {
        even = pass_vector(p, even);
        odd = pass_vector(p, odd);
    }
    v128_t lanes = wasm_i32x4_add(even, odd);
    v128_t halves = wasm_i64x2_add(wasm_u64x2_extend_low_u32x4(lanes), wasm_u64x2_extend_high_u32x4(lanes));
    uint64_t sum =
        (uint64_t)wasm_i64x2_extract_lane(halves, 0) + (uint64_t)wasm_i64x2_extract_lane(halves, 1);
    p->sum = checksum_plus(p->sum, sum);
}

#else

INLINE void pass_blocks(struct pass *p, size_t blocks)
{
    for (const uint8_t *end = p->from + blocks * BLOCK; p->from != end;) {
        pass_8(p);
        pass_8(p);
        pass_8(p);
        pass_8(p);
    }
}

#endif

/* Less than 16 bytes. */
INLINE void pass_tail(struct pass *p, size_t len)
{
    if (len & 8)
        pass_8(p);
    if (len & 4)
        pass_4(p);
    if (len & 3) {
        if (len & 2)
            pass_2(p);
        if (len & 1)
            pass_1(p);
    }
}

/* Less than two blocks. */
INLINE void pass_rest(struct pass *p, size_t len)
{
    if (len & 32) {
        pass_8(p);
        pass_8(p);
        pass_8(p);
        pass_8(p);
    }
    if (len & 16) {
        pass_8(p);
        pass_8(p);
    }
    pass_tail(p, len);
}

INLINE size_t blocks_of_run(size_t len)
{
    return len / BLOCK < BLOCKS_PER_RUN ? len / BLOCK : BLOCKS_PER_RUN;
}

INLINE uint32_t pass_sum(struct pass p, size_t len)
{
    while (len >= 2 * BLOCK) {
        size_t blocks = blocks_of_run(len);
        pass_blocks(&p, blocks);
        len -= blocks * BLOCK;
    }
    pass_rest(&p, len);
    return checksum_fold(p.sum);
}

#ifdef CHECKSUM_AVX2
/* Lengths that are worth a call and whose sums fit without a carry. */
static inline bool takes_avx2(size_t len)
{
    return len - 2 * BLOCK <= (size_t)(BLOCKS_PER_RUN - 2) * BLOCK && __builtin_cpu_supports("avx2");
}

AVX2 INLINE uint32_t pass_sum_avx2(bool copies, uint8_t *to, const uint8_t *from, size_t len)
{
    size_t vectors = len & ~(size_t)15;
    struct pass tail = {.copies = copies, .from = from + vectors};
    if (copies)
        tail.to = to + vectors;
    tail.sum = vectors_avx2(copies, to, from, vectors);
    pass_tail(&tail, len - vectors);
    return checksum_fold(tail.sum);
}

/* Functions of their own: code for another processor cannot be inlined. */
AVX2 static uint32_t sum_avx2(const uint8_t *from, size_t len)
{
    return pass_sum_avx2(false, NULL, from, len);
}

AVX2 static uint32_t copy_avx2(uint8_t *to, const uint8_t *from, size_t len)
{
    return pass_sum_avx2(true, to, from, len);
}
#endif

uint32_t checksum_of(const void *at, size_t len)
{
#ifdef CHECKSUM_AVX2
    if (takes_avx2(len))
        return sum_avx2(at, len);
#endif
    return pass_sum((struct pass){.copies = false, .from = at}, len);
}

uint32_t checksum_copy(void *restrict to, const void *restrict from, size_t len)
{
    assert(len == 0 || to);
#ifdef CHECKSUM_AVX2
    if (takes_avx2(len))
        return copy_avx2(to, from, len);
#endif
    return pass_sum((struct pass){.copies = true, .to = to, .from = from}, len);
}

/*
 * Both families at once: the pseudo-header of IPv6 has the same words as IPv4's, and what an IPv4 address has
 * in front of it here (::ffff) adds 0xffff, which is zero in one's complement.
 */
uint32_t checksum_pseudo(struct ip_addr src, struct ip_addr dst, uint8_t protocol, uint32_t len)
{
    uint64_t sum = checksum_plus(checksum_plus(src.hi, src.lo), checksum_plus(dst.hi, dst.lo));
    return checksum_of_numbers(checksum_plus(sum, (uint64_t)protocol + len));
}
