/*
 * What the second module exports: one analysis of one capture file in one instance, fed piece by piece. It is apart from the
 * lab's module, so that a page which opens no capture does not download it. A failed assertion traps.
 */
#ifndef TCPLAB_WASM_CAPTURE_API_H
#define TCPLAB_WASM_CAPTURE_API_H

#include <stdint.h>

#ifdef __wasm__
#define CAPTURE_EXPORT(name) __attribute__((used, export_name(#name))) name
#else
#define CAPTURE_EXPORT(name) name
#endif

/* Begins, once, with so much memory for connections. The address where pieces are written, of CAPTURE_PIECE_BYTES; NULL: no
 * memory. */
enum { CAPTURE_PIECE_BYTES = 1 << 20, CAPTURE_RECORDS_MAX = 4096 };
uint8_t *CAPTURE_EXPORT(capture_api_begin)(uint32_t memory_bytes, uint32_t connections_max);

/* Reads what it can of the first `len_bytes` of the piece, at most CAPTURE_RECORDS_MAX packets: how many, or STATUS_EBADMSG
 * when the file is damaged from there on. What was used of the piece stands in capture_api_used(); the rest is to be given
 * again, with what follows it. */
int32_t CAPTURE_EXPORT(capture_api_feed)(uint32_t len_bytes);
uint32_t CAPTURE_EXPORT(capture_api_used)(void);
uint32_t CAPTURE_EXPORT(capture_api_piece_bytes)(void);

/* The records of the packets read last: struct analysed. */
const void *CAPTURE_EXPORT(capture_api_records)(void);

uint32_t CAPTURE_EXPORT(capture_api_connections)(void);
double CAPTURE_EXPORT(capture_api_ignored)(void);

/* A struct analyse_connection by its number, from 1, and one of its endpoints as text with a NUL. */
const void *CAPTURE_EXPORT(capture_api_connection)(uint32_t number);
const char *CAPTURE_EXPORT(capture_api_endpoint)(uint32_t number, uint32_t end);

/* A struct dissect of `len_bytes` of the piece, captured of a frame of `wire_bytes`; offsets count from the frame's first byte. */
const void *CAPTURE_EXPORT(capture_api_dissect)(uint32_t len_bytes, uint32_t wire_bytes, uint32_t link_type,
                                                uint32_t fcs_bytes);

/* Where members lie and what numbers mean, as JSON: a NUL behind it. */
const char *CAPTURE_EXPORT(capture_api_layout)(void);

#endif
