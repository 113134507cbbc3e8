/*
 * What scenario.def says in words, beside the table of lab/scenario_field.h and in the same order.
 */
#ifndef TCPLAB_NATIVE_SCHEMA_TEXT_H
#define TCPLAB_NATIVE_SCHEMA_TEXT_H

#include "lab/scenario_field.h"

struct schema_object {
    const char *id, *title, *text;
};
extern const struct schema_object schema_objects[SCENARIO_OBJECT_COUNT];

struct schema_text {
    const char *unit, *text;
};
extern const struct schema_text schema_texts[]; /* by the index in scenario_fields */

/* The name of an object in the schema: "node", "do_bind". Valid until the next call. */
const char *schema_object_id(enum scenario_object object);

bool schema_is_action(enum scenario_object object);

/* What a member is when it is not given, as far as the stack's own defaults tell; else NULL. */
cJSON *schema_standard(unsigned field);

#endif
