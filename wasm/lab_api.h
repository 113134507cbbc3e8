/*
 * What the WebAssembly module exports: one lab in one instance, on plain numbers. There is no protocol logic
 * here. Text and bytes go through three areas of memory; lab_api_area() gives their addresses. Times are
 * doubles in microseconds, exact up to 2^53, so that JavaScript needs no BigInt.
 *
 * A failed assertion traps; after a trap the instance is of no use. README.md has the contract with
 * JavaScript.
 */
#ifndef TCPLAB_WASM_LAB_API_H
#define TCPLAB_WASM_LAB_API_H

#include <stdint.h>

/* In front of what JavaScript may call. The list of exports is made of these alone. */
#ifdef __wasm__
#define LAB_EXPORT(name) __attribute__((used, export_name(#name))) name
#else
#define LAB_EXPORT(name) name
#endif

enum lab_api_area {
    LAB_AREA_REQUEST, /* JavaScript writes: JSON, or bytes to look at */
    LAB_AREA_REPLY,   /* C writes: JSON, or a list */
    LAB_AREA_BLOB,    /* either: bytes to send, an image to put back, a capture file */
    LAB_AREA_COUNT
};

/* The address of an area with room for at least `len_bytes`; what was in it stays. 0: no memory. It may move
 * when it grows, and all memory's views with it. */
uint8_t *LAB_EXPORT(lab_api_area)(uint32_t area, uint32_t len_bytes);

/* What LabModule gives a reply that need not be larger. */
enum { LAB_API_REPLY_BYTES = 1 << 20 };

/* Makes the lab, once, from the scenario of `len_bytes` in the request area, in a block of `memory_bytes`; of
 * length 0: a lab without anything in it, with that seed. The length of the reply, JSON as a command's:
 * {"ok":true} or {"ok":false,"error":"EINVAL","message":"..."}. */
uint32_t LAB_EXPORT(lab_api_create)(uint32_t len_bytes, uint32_t memory_bytes, double seed);

/* Does the command in the request area, with `blob_bytes` of the blob area for "blob": true, and
 * `reply_bytes` of room for the reply. The length of the reply. How much recv gives at once depends on that
 * room, so a run has always the same; a longer description may ask for more. */
uint32_t LAB_EXPORT(lab_api_command)(uint32_t len_bytes, uint32_t blob_bytes, uint32_t reply_bytes);

/* lab_run_until(): how many things were done (at most events_max when that is not 0), or a status. */
int32_t LAB_EXPORT(lab_api_run_until)(double t_us, uint32_t events_max);
double LAB_EXPORT(lab_api_now)(void);

/* INT64_MAX as a double, about 9.2e18, when the lab is at rest. */
double LAB_EXPORT(lab_api_next)(void);

/* A run's JSON in the request area as a URL, in the reply area, and back: lab/url.h. No lab is needed. The length
 * of the reply, JSON as a command's: {"ok":true,"url":"tcplab:1:..."}, {"ok":true,"run":{...}}. */
uint32_t LAB_EXPORT(lab_api_url_pack)(uint32_t len_bytes);
uint32_t LAB_EXPORT(lab_api_url_unpack)(uint32_t len_bytes);

/* The ring of events: the record of id i is at index i % capacity (a power of two). */
const void *LAB_EXPORT(lab_api_trace_ring)(void);
uint32_t LAB_EXPORT(lab_api_trace_capacity)(void);
uint32_t LAB_EXPORT(lab_api_trace_last)(void);

/* A frame as it was sent, or with `received` as it arrived: a struct lab_frame, valid until the next call.
 * NULL: not kept. */
const void *LAB_EXPORT(lab_api_frame)(uint32_t id, uint32_t received);

/* Writes the ids of all captured frames to the reply area as u32, a frame captured twice twice. How many, or
 * STATUS_ENOMEM. */
int32_t LAB_EXPORT(lab_api_frames)(void);

/* A struct dissect, valid until the next call. NULL: the frame is not kept. */
const void *LAB_EXPORT(lab_api_dissect_frame)(uint32_t id, uint32_t received);
const void *LAB_EXPORT(lab_api_dissect_bytes)(uint32_t len_bytes, uint32_t raw_ip, uint32_t fcs);

/* Writes the capture as pcapng to the blob area. `view` and `end`: struct lab_pcapng. Its length, or
 * STATUS_ENOMEM. */
int32_t LAB_EXPORT(lab_api_pcapng)(uint32_t view, uint32_t end);

/* The lab's memory in use, for snapshots; restore takes it from the blob area: 0, or STATUS_EINVAL when it is
 * none of this lab. */
const void *LAB_EXPORT(lab_api_image)(void);
uint32_t LAB_EXPORT(lab_api_image_len)(void);
int32_t LAB_EXPORT(lab_api_restore)(uint32_t len_bytes);

/* The ring of frames inside the image, and how many bytes were ever written to it: what snapshots need to know
 * which of its pages changed. */
const void *LAB_EXPORT(lab_api_capture_ring)(void);
uint32_t LAB_EXPORT(lab_api_capture_capacity)(void);
double LAB_EXPORT(lab_api_capture_end)(void);

/* Compares the image in the blob area, of another future of this lab, with the lab as it is now, and writes
 * doubles to the reply area: event, first_known, t_us, same, the counts, and seven for each segment listed (kind,
 * link, direction, frame_a, frame_b, a_us, b_us; see core/lab/compare.h). How many are listed, or a status. */
int32_t LAB_EXPORT(lab_api_compare)(uint32_t len_bytes, uint32_t list_max);

/* SipHash of `len_bytes` of memory, in two halves: first the lower one, then the upper one of that same hash. */
uint32_t LAB_EXPORT(lab_api_hash)(const void *at, uint32_t len_bytes);
uint32_t LAB_EXPORT(lab_api_hash_upper)(void);

/* Writes layout.h's text to the reply area. Its length. */
uint32_t LAB_EXPORT(lab_api_layout)(void);

#endif
