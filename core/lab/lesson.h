/*
 * A lesson, version 1: a scenario with steps (web/lessons/README.md). The browser plays it; here it is only checked,
 * so that each mistake is told by its path before anybody meets it.
 */
#ifndef TCPLAB_LAB_LESSON_H
#define TCPLAB_LAB_LESSON_H

#include "lab/json.h"
#include "lab/lab.h"

/* Is this document meant as a lesson, and not as a scenario? */
bool lesson_is(struct lab *l, struct bytes json);

/* Loads the lesson's scenario into an empty lab and checks all of it. 0, or a status with a line for each
 * fault in `errors`. */
int lesson_check(struct lab *l, struct bytes json, struct room errors);

/* ---- lesson_query.c: what a lesson asks of a run. Each notes what is wrong with the value at `at`. ---- */

void lesson_check_pattern(const struct lab *l, const struct json_at *at);
void lesson_check_value(const struct lab *l, const struct json_at *at);
void lesson_check_statement(const struct lab *l, const struct json_at *at);
void lesson_check_stop(const struct lab *l, const struct json_at *at);
void lesson_check_node(const struct lab *l, const struct json_at *at);

#endif
