/*
 * Base64 with the standard alphabet and padding (RFC 4648, section 4). Line breaks and anything else outside
 * of the alphabet are refused, as section 3.3 asks, and so are bits behind the end that are not zero (section
 * 3.5).
 */
#include "lab/base64.h"

#include "base/status.h"

void base64_encode(char *text, struct bytes data)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < data.len; i += 3) {
        size_t left = data.len - i;
        uint32_t group = (uint32_t)data.at[i] << 16;
        if (left > 1)
            group |= (uint32_t)data.at[i + 1] << 8;
        if (left > 2)
            group |= data.at[i + 2];
        *text++ = alphabet[group >> 18];
        *text++ = alphabet[group >> 12 & 63];
        *text++ = left > 1 ? alphabet[group >> 6 & 63] : '=';
        *text++ = left > 2 ? alphabet[group & 63] : '=';
    }
    *text = 0;
}

static int base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : STATUS_EINVAL;
}

int64_t base64_decode(uint8_t *data, struct bytes text)
{
    int64_t len = 0;
    if (text.len % 4 != 0)
        return STATUS_EINVAL;
    for (size_t i = 0; i < text.len; i += 4) {
        bool last = i + 4 == text.len;
        unsigned padding =
            last ? (text.at[i + 3] == '=') + (text.at[i + 3] == '=' && text.at[i + 2] == '=') : 0;
        uint32_t group = 0;
        for (unsigned k = 0; k < 4; k++) {
            int v = k < 4 - padding ? base64_value(text.at[i + k]) : 0;
            if (v < 0)
                return STATUS_EINVAL;
            group = group << 6 | (uint32_t)v;
        }
        if (group & ((1u << 8 * padding) - 1))
            return STATUS_EINVAL;
        for (unsigned k = 0; k < 3 - padding; k++)
            data[len++] = (uint8_t)(group >> (16 - 8 * k));
    }
    return len;
}
