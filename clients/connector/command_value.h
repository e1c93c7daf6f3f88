// SPDX-License-Identifier: EUPL-1.2
// Values of a command in the generic form. Knows: the JSON form of each type of field. Must never
// know: which commands there are.
#ifndef KETEN_CONNECTOR_COMMAND_VALUE_H
#define KETEN_CONNECTOR_COMMAND_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/connector/command.h"

typedef struct Reading {
    Arena *arena;         // owns what is read
    Complaint *complaint; // the first thing that is wrong
} Reading;

// Sets the complaint; `about` is copied. Returns false, so that `return complain(…)` reads well.
bool
complain(const Reading *reading, Say what, const char *about);

// Where a field of a message lies.
void *
field_place(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

// The fields of a fact: an object of texts, numbers and yes or no. Complains.
bool
generic_fields(const Reading *reading, const json_t *object, size_t *ret_count,
               Keten__V1__Field ***ret);

// An object of facts by kind. Complains.
bool
generic_facts(const Reading *reading, const json_t *object, Keten__V1__StepComplete *complete);

// An array of citizen service numbers. Complains about their place in it.
bool
generic_persons(const Reading *reading, const json_t *array, Keten__V1__Signal *signal);

// A number from 1, or a printed id such as "s17@4" where `letter` is not 0.
bool
generic_number(const json_t *value, char letter, uint64_t *ret_number, uint32_t *ret_version);

bool
generic_string(const Reading *reading, const json_t *value, char **ret);

// ISO 8601 → ms since 1970.
bool
generic_instant(const json_t *value, int64_t *ret);

// One value by the type of its field.
bool
generic_scalar(const Reading *reading, const json_t *value, const ProtobufCFieldDescriptor *field,
               ProtobufCMessage *message);

#endif
