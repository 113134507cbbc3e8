/*
 * What the C library would ask of an operating system, answered here, so that the module has no imports.
 *
 * What musl does with numbers and text is in text.c, in another way.
 *
 * A failed assert() has no one to print to: it traps, and the page gets a WebAssembly.RuntimeError whose
 * stack names the function.
 *
 * Left out on purpose: a clock, randomness, an environment. The core asks for none.
 */
#include <stddef.h>

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
