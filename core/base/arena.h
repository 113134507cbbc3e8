/*
 * All memory of a lab or host: one block, given by the caller. Blocks are taken from size classes (four to
 * each power of two); a freed block goes to its class's list and serves the next request of that class. There
 * is no header on a block: who frees it says how large it was. Nothing is ever given back to the system, so
 * the same history gives the same addresses.
 *
 *   +--------------+-------------------------------------------+---------------------+
 *   | struct arena | blocks in use and on the free lists       | never touched, zero |
 *   +--------------+-------------------------------------------+---------------------+
 *   0                                                        used                 size
 *
 * A snapshot is a copy of [0, used): arena_save(). Restoring is copying it back to the same address and
 * zeroing what was handed out since: arena_restore(). (Copying by hand trips AddressSanitizer, under which
 * freed blocks are poisoned.)
 */
#ifndef TCPLAB_BASE_ARENA_H
#define TCPLAB_BASE_ARENA_H

#include "base/bytes.h"

enum {
    ARENA_ALIGN = 16,
    ARENA_CLASS_COUNT = 128, /* classes up to 2^35 bytes: more than any address space we serve */
};

struct arena {
    size_t size;   /* of the whole block, this struct included */
    size_t used;   /* bytes from the start that were ever handed out */
    size_t in_use; /* bytes handed out now, rounded to their classes */
    void *free_list[ARENA_CLASS_COUNT];
};

/* Makes an arena of `size` bytes at `memory`, which must be zeroed and aligned to 16. NULL when it is too
 * small. */
struct arena *arena_create(void *memory, size_t size);

/* `size` bytes aligned to 16, or NULL when the arena is full. What is in them is left over from earlier
 * users. */
void *arena_alloc(struct arena *a, size_t size);

/* The same, zeroed. */
void *arena_zalloc(struct arena *a, size_t size);

/* Gives back what arena_alloc(a, size) returned. NULL is allowed. */
void arena_free(struct arena *a, void *block, size_t size);

/* How many bytes a request of `size` really takes. */
size_t arena_block_size(size_t size);

/* Copies [0, a->used) to `to`, which must have room for it. Returns a->used. */
size_t arena_save(const struct arena *a, struct room to);

/* Puts back, in place, what arena_save() took of this very arena. Every pointer into it is as it was then. */
void arena_restore(struct arena *a, struct bytes saved);

#endif
