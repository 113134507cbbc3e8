/*
 * Reading JSON with cJSON such that every fault is named by its path, and writing it.
 *
 * cJSON's memory comes from a scratch: chunks of the arena, all given back at the end. cJSON has one set of
 * allocation hooks for the whole process and gives them no context; so while a scratch is open, one variable
 * points to it: the only one in the core. One scratch may be open at a time in a process, and nobody else may
 * use cJSON meanwhile.
 */
#ifndef TCPLAB_LAB_JSON_H
#define TCPLAB_LAB_JSON_H

#include <cjson/cJSON.h>

#include "base/address.h"
#include "base/arena.h"

enum {
    JSON_DEPTH_MAX = 16,
    JSON_BYTES_MAX = 8 << 20,
    JSON_ERRORS_MAX = 50, /* more are not told */
    JSON_CHUNK = 32 << 10,
};

/* ---- Memory ---- */

struct json_chunk;

struct json_scratch {
    struct arena *arena;
    struct json_chunk *chunk; /* the newest */
    bool full;                /* memory ran out once */
};

void json_scratch_open(struct json_scratch *s, struct arena *a);
void json_scratch_close(struct json_scratch *s);

/* Memory that lasts until the scratch is closed. NULL when there is none. */
void *json_alloc(struct json_scratch *s, size_t size);

/* ---- Faults ---- */

/* What is wrong, a line each, in the caller's room. */
struct json_errors {
    struct room out;
    size_t len;
    unsigned count;
};

/* A place in a document: a value, and the way to it. The top has no parent; its name, if any, begins each
 * path. */
struct json_at {
    const struct json_at *parent;
    const char *name; /* of the member; NULL: an element */
    unsigned index;   /* of the element */
    const cJSON *value;
    struct json_errors *errors;
};

/* Says how many faults were not told, if any. */
void json_errors_end(struct json_errors *e);

/* Notes "path: message". Always returns false. */
bool json_fail(const struct json_at *at, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* Notes "path: expected <what>, got <value>". Always returns false. */
bool json_expected(const struct json_at *at, const char *what);

/* Parses a document; at->value is its top. False, with the fault noted, when it is not JSON, too large or
 * too deep. A member that is given twice is noted, too. */
bool json_parse(struct json_at *at, struct json_errors *errors, struct bytes text, struct json_scratch *s);

/* ---- Going down ---- */

/* A member; its value is NULL when it is not there. */
struct json_at json_member(const struct json_at *at, const char *name);
struct json_at json_element(const struct json_at *at, unsigned index, const cJSON *value);
bool json_has(const struct json_at *at, const char *name);

/* Is it an object? Notes it when not. */
bool json_is_object(const struct json_at *at);

/* Notes each member whose name is none of `names` (groups of names, each ended by NULL; the groups by NULL
 * too), with the closest name. */
void json_check_names(const struct json_at *at, const char *const *const *groups);

/* ---- Values. Each leaves *out alone and returns true when the member is not there, false when it is
 * wrong. ---- */

bool json_number(const struct json_at *at, const char *name, double min, double max, double *out);
bool json_whole(const struct json_at *at, const char *name, double min, double max, double *out);
bool json_bool(const struct json_at *at, const char *name, bool *out);
bool json_text(const struct json_at *at, const char *name, struct bytes *out); /* borrowed; NUL behind it */
bool json_choice(const struct json_at *at, const char *name, const char *const *choices,
                 unsigned *out); /* choices ended by NULL */

/* Is it a whole number that a uint32_t holds? */
bool json_is_u32(const cJSON *value);

/* ---- Members that fill a struct ---- */

enum json_kind {
    JSON_END,
    JSON_U8,
    JSON_U16,
    JSON_U32,
    JSON_U64,
    JSON_BOOLEAN,
    JSON_MS_AS_US32, /* milliseconds in JSON, microseconds in a uint32_t */
    JSON_MS_AS_US64, /* the same in an int64_t */
    JSON_CHANCE_PPM, /* 0 to 1 in JSON, millionths in a uint32_t */
    JSON_I32,        /* for writing only, as the next */
    JSON_I64,        /* TIME_NEVER is null */
};

struct json_field {
    const char *name;
    enum json_kind kind;
    uint16_t offset;
    double min, max; /* in the unit of JSON; both 0: what the type holds */
};

/* Reads those members that are there. False when any is wrong. */
bool json_read_fields(const struct json_at *at, const struct json_field *fields, void *into);

/* The same for one member that has that name. */
bool json_read_field(const struct json_at *at, const struct json_field *field, void *into);

/* Its largest value in the unit of JSON, and whether only whole numbers will do. */
double json_field_max(const struct json_field *f);
bool json_kind_is_whole(enum json_kind kind);

/* How many bytes a member of that kind takes in its struct. */
size_t json_kind_bytes(enum json_kind kind);

/* Adds all fields of a struct to an object. */
void json_write_fields(cJSON *object, const struct json_field *fields, const void *from);

#endif
