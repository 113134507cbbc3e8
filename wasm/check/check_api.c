/*
 * The exports of the checking module: lesson_check() on a lab that is made for it and thrown away with the instance.
 */
#define _DEFAULT_SOURCE /* sbrk() */
#include "check_api.h"

#include <assert.h>
#include <stddef.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/status.h"
#include "lab/lab.h"
#include "lab/lesson.h"

/* As much as the lab of a lesson has (web/model/). */
enum { LAB_BYTES = 32 << 20, FAULTS_BYTES = 64 << 10 };

static char faults[FAULTS_BYTES];
static uint8_t *document;

/* `size` bytes of new memory, zeroed and aligned; NULL when there is none. */
static uint8_t *memory_take(size_t size)
{
    size_t padding = (ARENA_ALIGN - (uintptr_t)sbrk(0) % ARENA_ALIGN) % ARENA_ALIGN;
    void *at = size > PTRDIFF_MAX - padding ? (void *)-1 : sbrk((intptr_t)(size + padding));
    return at == (void *)-1 ? NULL : (uint8_t *)at + padding;
}

uint8_t *check_api_document(uint32_t len_bytes)
{
    assert(!document);
    document = memory_take(len_bytes + 1u);
    return document;
}

int32_t check_api_lesson(uint32_t len_bytes)
{
    assert(document && !faults[0]);
    uint8_t *memory = memory_take(LAB_BYTES);
    const struct lab_config config = {.seed = 1};
    struct lab *l = memory ? lab_create(memory, LAB_BYTES, &config) : NULL;
    return l ? lesson_check(l, bytes_of(document, len_bytes), room_of((uint8_t *)faults, sizeof faults))
             : STATUS_ENOMEM;
}

const char *check_api_faults(void)
{
    return faults;
}
