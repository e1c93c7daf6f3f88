// SPDX-License-Identifier: EUPL-1.2
// A fact's values: checked against its kind and put into canonical form. Knows: field types. Must
// never know: plans, who sends them. A refusal names the field and what it may be, never the value:
// that is personal.
#ifndef KETEN_ENGINE_ARRANGEMENT_VALUES_H
#define KETEN_ENGINE_ARRANGEMENT_VALUES_H

#include "base/arena.h"
#include "proto/errors.h"
#include "store/vocabulary.h"

typedef struct Values {
    Field **fields; // those present, in the order of the kind
    size_t count;
    uint64_t present; // bit i: field i of the kind
} Values;

typedef struct ValueFault {
    KtCode code;
    const char *detail;
} ValueFault;

// KT_OK with *ret filled, or why not.
ValueFault
values_check(const FactKind *kind, Field *const *given, size_t count, Arena *arena, Values *ret);

// The value of a field; NULL when absent.
const char *
values_find(const Values *values, const char *name);

// Whether every filter has the value of its field among its own.
bool
filters_match(Keten__V1__Filter *const *filters, size_t count, const Values *values);

#endif
