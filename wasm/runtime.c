/*
 * What the C library would ask of an operating system, answered here, so that the module has no imports.
 *
 * What musl does with numbers and text is in text.c, in another way.
 *
 * A failed assert() has no one to print to: it traps, and the page gets a WebAssembly.RuntimeError whose
 * stack names the function.
 *
 * Left out on purpose: a clock, randomness, an environment, a heap. The core asks for none, and cJSON gets its memory by
 * hooks (lab/json.c); what it would ask of malloc() without them traps.
 */
#include <stddef.h>
#include <stdlib.h>

_Noreturn void __assert_fail(const char *expression, const char *file, int line, const char *function);
void emscripten_notify_memory_growth(size_t memory_index);

_Noreturn void __assert_fail(const char *expression, const char *file, int line, const char *function)
{
    (void)expression;
    (void)file;
    (void)line;
    (void)function;
    __builtin_trap();
}

/* Called when memory has grown. The loader makes its views anew whenever the buffer's identity changes. */
void emscripten_notify_memory_growth(size_t memory_index)
{
    (void)memory_index;
}

void *malloc(size_t size)
{
    (void)size;
    __builtin_trap();
}

void *realloc(void *block, size_t size)
{
    (void)block;
    (void)size;
    __builtin_trap();
}

void free(void *block)
{
    (void)block;
    __builtin_trap();
}
