// SPDX-License-Identifier: EUPL-1.2
// The values of a fact: checked against its kind and put into canonical form.
// Knows: types of fields. Must never know: plans, partners.
// Failure modes: a refusal names the field and the values that it may have, never the given value,
// because that is personal.
#ifndef KETEN_ENGINE_ARRANGEMENT_VALUES_H
#define KETEN_ENGINE_ARRANGEMENT_VALUES_H

#include "base/arena.h"
#include "proto/errors.h"
#include "store/vocabulary.h"

typedef struct Values {
    Field **fields; // the present fields, in the order of the kind
    size_t count;
    uint64_t present; // FactRow.present, see field_set.h
} Values;

typedef struct ValueFault {
    KtCode code;        // KT_OK, or why the values are refused
    const char *detail; // names and types, never values
} ValueFault;

// KT_OK with *ret filled in, in the arena; or a fault, and *ret is untouched.
ValueFault
values_check(const FactKind *kind, Field *const *given, size_t count, Arena *arena, Values *ret);

// The canonical value of a field; NULL when it is not present.
const char *
values_find(const Values *values, const char *name);

// Whether each filter lists the value that its field has. A field without a value matches no
// filter.
bool
filters_match(Keten__V1__Filter *const *filters, size_t count, const Values *values);

#endif
