/*
 * What the C library would ask of an operating system, answered here, so that the module has no imports.
 *
 * cJSON formats and reads numbers with snprintf and strtod. musl's versions of them drag in stdio, and with
 * it calls to a WASI host that a web page does not have: closing, seeking and writing file descriptors,
 * leaving the process. Nothing in this module opens a file, so all of them fail with WASI's errno "badf".
 * A failed assert() has no one to print to: it traps, and the page gets a WebAssembly.RuntimeError whose
 * stack names the function.
 *
 * Left out on purpose: a clock, randomness, an environment. The core asks for none.
 */
#include <stddef.h>
#include <stdint.h>

enum { WASI_ERRNO_BADF = 8 };

_Noreturn void __assert_fail(const char *expression, const char *file, int line, const char *function);
_Noreturn void __wasi_proc_exit(uint32_t code);
uint16_t __wasi_fd_close(uint32_t fd);
uint16_t __wasi_fd_seek(uint32_t fd, int64_t offset, uint8_t whence, uint64_t *position);
uint16_t __wasi_fd_write(uint32_t fd, const void *iovs, size_t iov_count, size_t *written_bytes);
void emscripten_notify_memory_growth(size_t memory_index);

_Noreturn void __assert_fail(const char *expression, const char *file, int line, const char *function)
{
    (void)expression;
    (void)file;
    (void)line;
    (void)function;
    __builtin_trap();
}

_Noreturn void __wasi_proc_exit(uint32_t code)
{
    (void)code;
    __builtin_trap();
}

uint16_t __wasi_fd_close(uint32_t fd)
{
    (void)fd;
    return WASI_ERRNO_BADF;
}

uint16_t __wasi_fd_seek(uint32_t fd, int64_t offset, uint8_t whence, uint64_t *position)
{
    (void)fd;
    (void)offset;
    (void)whence;
    (void)position;
    return WASI_ERRNO_BADF;
}

uint16_t __wasi_fd_write(uint32_t fd, const void *iovs, size_t iov_count, size_t *written_bytes)
{
    (void)fd;
    (void)iovs;
    (void)iov_count;
    *written_bytes = 0;
    return WASI_ERRNO_BADF;
}

/* Called when memory has grown. The loader makes its views anew whenever the buffer's identity changes. */
void emscripten_notify_memory_growth(size_t memory_index)
{
    (void)memory_index;
}
