/*
 * Frames come from the arena at their exact size: what a frame may still grow by is known when it is made.
 * Their bytes are not cleared; whoever grows a frame writes what it grew by.
 */
#include "link/frame.h"

#include "trace/trace.h"
#include "wire/ethernet.h"

/* A frame shorter than Ethernet's minimum is padded: with at least the Ethernet header in the headroom,
 * this much may come behind it. */
static uint32_t frame_room(uint32_t payload)
{
    uint32_t behind = payload < ETHERNET_PAYLOAD_MIN ? ETHERNET_PAYLOAD_MIN : payload;
    return FRAME_HEADROOM + behind + FRAME_TAILROOM;
}

/* Nearly half of all frames are small, and those are of one size: known to the compiler, so that the arena's class need not
 * be worked out each time. */
enum { ROOM_SMALL = FRAME_HEADROOM + ETHERNET_PAYLOAD_MIN + FRAME_TAILROOM };

static inline struct frame *take(struct arena *a, uint32_t room)
{
    if (room == ROOM_SMALL)
        return arena_alloc(a, sizeof(struct frame) + ROOM_SMALL);
    return arena_alloc(a, sizeof(struct frame) + room);
}

struct frame *frame_create(struct machine *m, uint32_t payload)
{
    assert(payload <= UINT16_MAX);
    uint32_t room = frame_room(payload);
    struct frame *f = take(m->arena, room);
    if (!f)
        return NULL;
    f->next = NULL;
    f->id = TCPLAB_TRACE && m->trace ? trace_new_frame(m->trace) : 0;
    f->cause = 0;
    f->head = FRAME_HEADROOM;
    f->len = 0;
    f->room = room;
    f->rule = RULE_NONE;
    f->ethertype = 0;
    return f;
}

void frame_free(struct machine *m, struct frame *f)
{
    if (f && f->room == ROOM_SMALL)
        arena_free(m->arena, f, sizeof *f + ROOM_SMALL);
    else if (f)
        arena_free(m->arena, f, sizeof *f + f->room);
}
