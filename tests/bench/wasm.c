/*
 * What the benchmark module exports: the cases of stack_bench.c, which node times from outside, since a
 * module without imports has no clock.
 */
#include "bench/support/bench.h"

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(name)))
#else /* for the tools that read this file as a native one */
#define EXPORT(name)
#endif

EXPORT("prepare") void wasm_prepare(uint32_t number);
EXPORT("run") void wasm_run(uint32_t number, uint32_t operations);

void bench_require(bool good, const char *what)
{
    (void)what;
    if (!good)
        __builtin_trap();
}

void wasm_prepare(uint32_t number)
{
    bench_require(number < bench_case_count, "there is such a case");
    bench_prepare(&bench_cases[number]);
}

void wasm_run(uint32_t number, uint32_t operations)
{
    bench_repeat(&bench_cases[number], operations);
}
