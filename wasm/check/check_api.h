/*
 * What the third module exports: the checker of lessons that `tcplab check` is, for a page on which lessons are written. One
 * instance checks one document. A failed assertion traps.
 */
#ifndef TCPLAB_WASM_CHECK_API_H
#define TCPLAB_WASM_CHECK_API_H

#include <stdint.h>

#ifdef __wasm__
#define CHECK_EXPORT(name) __attribute__((used, export_name(#name))) name
#else
#define CHECK_EXPORT(name) name
#endif

/* Where a document of `len_bytes` is to be written; NULL: no memory. Once. */
uint8_t *CHECK_EXPORT(check_api_document)(uint32_t len_bytes);

/* Checks it as a lesson: 0, or a status, and then check_api_faults() has a line for each fault, "path: what", and a NUL. */
int32_t CHECK_EXPORT(check_api_lesson)(uint32_t len_bytes);
const char *CHECK_EXPORT(check_api_faults)(void);

#endif
