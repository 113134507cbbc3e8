/*
 * The module describes itself: where the fields of its records lie and what their numbers mean, as one JSON
 * text. The JavaScript engine reads it once when it starts, so that neither offsets nor names are typed
 * twice, and so that a module and its description cannot be of two versions.
 */
#ifndef TCPLAB_WASM_LAYOUT_H
#define TCPLAB_WASM_LAYOUT_H

#include "base/bytes.h"

/* Writes the text into `out`. Returns its length in bytes, or STATUS_ENOBUFS when it does not fit. README.md
 * lists its members. */
int64_t layout_write(struct room out);

#endif
