/*
 * The same file once more, as it runs on an x86-64 processor without AVX2.
 */
#define CHECKSUM_SSE2   1
#define checksum_of     sse2_of
#define checksum_copy   sse2_copy
#define checksum_pseudo sse2_pseudo
#include "base/checksum.c"
