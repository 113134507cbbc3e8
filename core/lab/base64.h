/*
 * Base64 (RFC 4648, section 4): bytes in JSON.
 */
#ifndef TCPLAB_LAB_BASE64_H
#define TCPLAB_LAB_BASE64_H

#include "base/bytes.h"

static inline size_t base64_length(size_t bytes)
{
    return (bytes + 2) / 3 * 4;
}

/* Writes base64_length(data.len) characters and a NUL. */
void base64_encode(char *text, struct bytes data);

/* Returns how many bytes it wrote (at most text.len / 4 * 3), or STATUS_EINVAL when the text is not base64
 * with its padding. */
int64_t base64_decode(uint8_t *data, struct bytes text);

#endif
