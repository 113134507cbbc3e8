/*
 * The members of a scenario as a table, made of scenario.def: what reading, checking and writing by list needs.
 * What the members mean, in words, is only in the programs that print it (core/native/schema.c).
 */
#ifndef TCPLAB_LAB_SCENARIO_FIELD_H
#define TCPLAB_LAB_SCENARIO_FIELD_H

#include "lab/json.h"

enum scenario_object {
    SCENARIO_NONE,
#define OBJECT(ID, title, also, and_also, text) SCENARIO_##ID,
#define FIELD(...)
#define NUMBER(...)
#define TEXT(...)
#define CHOICE(...)
#define PART(...)
#define LIST(...)
#include "lab/scenario.def"
#undef OBJECT
#undef FIELD
#undef NUMBER
#undef TEXT
#undef CHOICE
#undef PART
#undef LIST
    SCENARIO_OBJECT_COUNT
};

/* What a value looks like that is not stored by the table alone. */
enum scenario_form {
    SCENARIO_STORED, /* the table says it all: field.kind */
    SCENARIO_WHOLE,
    SCENARIO_REAL,
    SCENARIO_CHOICE,
    SCENARIO_PART, /* an object */
    SCENARIO_LIST, /* an array of objects */
    SCENARIO_ANY_TEXT,
    SCENARIO_NODE_NAME,
    SCENARIO_LINK_NAME,
    SCENARIO_LINK_REF, /* a name or a number */
    SCENARIO_ADDRESS,  /* "10.0.0.1", or a machine's name */
    SCENARIO_PREFIX,   /* "10.0.0.1/24" */
    SCENARIO_ENDPOINT, /* "10.0.0.1:80", "server:80"; a bare address where no port is needed */
    SCENARIO_MAC,      /* "02:00:00:00:00:01" */
    SCENARIO_BASE64,
    SCENARIO_YES_NO,
    SCENARIO_FAULT_NAMES,  /* an array of names */
    SCENARIO_TWO_ENDS,     /* ["client", "server:1"] */
    SCENARIO_NTH,          /* 3, or [7, 9] */
    SCENARIO_FLAGS,        /* "SYN,ACK" */
    SCENARIO_OPTION_VALUE, /* a whole number, a boolean or a name */
    SCENARIO_PAIR,         /* two whole numbers of 32 bits */
    SCENARIO_PAIRS,        /* up to four of them */
};

struct scenario_field {
    struct json_field field; /* name, range; kind and offset when the form is SCENARIO_STORED */
    uint8_t object;          /* enum scenario_object that has it */
    uint8_t form;            /* enum scenario_form */
    uint8_t of;              /* SCENARIO_PART, SCENARIO_LIST: the object inside */
    bool needed;
    const char *const *choices; /* SCENARIO_CHOICE, SCENARIO_FAULT_NAMES: ended by NULL */
};

/* All of them, those of one object together; ended by one of SCENARIO_NONE. */
extern const struct scenario_field scenario_fields[];

/* Whose members it has as well: ends with SCENARIO_NONE. */
struct scenario_kin {
    uint8_t also[2];
};
extern const struct scenario_kin scenario_kin[SCENARIO_OBJECT_COUNT];

/* Is `object` `other`, or has it its members? */
bool scenario_is(enum scenario_object object, enum scenario_object other);

/* Notes each member that `object` does not have, with the closest name that it has. */
void scenario_check_names(const struct json_at *at, enum scenario_object object, struct json_scratch *s);

/* Reads those stored members of `object` (not of its kin) that are there. False when any is wrong. */
bool scenario_read_stored(const struct json_at *at, enum scenario_object object, void *into);

/* Adds all of them to a JSON object. */
void scenario_write_stored(cJSON *to, enum scenario_object object, const void *from);

/* Adds those that two structs of the same type have in common. */
void scenario_write_same(cJSON *to, enum scenario_object object, const void *a, const void *b);

/* Copies those that are there from one struct to another of the same type. */
void scenario_copy_given(const struct json_at *at, enum scenario_object object, void *to, const void *from);

/* One member by its name, with the range or the choices that the table says. Each leaves *out alone and
 * returns true when it is not there, false when it is wrong. */
bool scenario_read_number(const struct json_at *at, enum scenario_object object, const char *name,
                          double *out);
bool scenario_read_choice(const struct json_at *at, enum scenario_object object, const char *name,
                          unsigned *out);

/* The table's row of a member; it must exist. */
const struct scenario_field *scenario_field_find(enum scenario_object object, const char *name);

#endif
