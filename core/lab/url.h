/*
 * A run as a short text that fits into a URL: "tcplab:1:" and bits, six to a character of base64url (RFC 4648,
 * section 5), the highest first:
 *
 *   CRC-32 of the text, 32 bits | its length + 1, as a number | tokens | zeros up to the end of a character
 *
 *   a number n >= 1      as many zeros as it has bits behind its first, then those bits (Elias' gamma code)
 *   0 and 7 bits         the next byte of the text, below 128
 *   0, seven 0, 8 bits   any other byte
 *   1, number, bits      a copy: length - 2 as a number, then how far back, in as many bits as the number of
 *                        bytes before needs (at most 15); before the text lies a dictionary of what
 *                        scenarios are full of
 *
 * The text is the run's JSON: {"scenario":{...},"actions":[...]}. So a document of a kilobyte takes three or four
 * hundred characters, and a URL that was cut, mistyped or made by another version is told.
 */
#ifndef TCPLAB_LAB_URL_H
#define TCPLAB_LAB_URL_H

#include "base/bytes.h"

#define URL_PREFIX "tcplab:1:"

enum {
    URL_TEXT_MAX = 1 << 20,      /* of the JSON; also what a hostile URL can make of a few bytes */
    URL_LESSON_MAX = 2048,       /* what mail programs and chats leave whole */
    URL_SCRATCH_BYTES = 1 << 17, /* working memory of url_pack() */
    URL_DICTIONARY_BYTES = 3072,
};

/* How long the URL of a text may become, with its NUL. */
size_t url_room(size_t text_bytes);

/* Writes the URL and a NUL. Returns its length, or STATUS_EMSGSIZE (longer than URL_TEXT_MAX), STATUS_ENOBUFS
 * (less than url_room() or URL_SCRATCH_BYTES, aligned to 4). */
int64_t url_pack(struct room url, struct bytes text, struct room scratch);

/* Reads a URL back; anything before "tcplab:" (the address of a page and '#') is passed over. Returns the text's
 * length, or a status with a sentence in *why: STATUS_EINVAL (not such a URL, damaged, of another version),
 * STATUS_ENOBUFS (the text is longer than its room). */
int64_t url_unpack(struct room text, struct bytes url, const char **why);

/* JSON without the blanks between its parts. Returns the length; `to` has room for as much as there is. */
size_t url_minify(struct room to, struct bytes json);

#endif
