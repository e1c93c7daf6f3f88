// SPDX-License-Identifier: EUPL-1.2
// FieldSet: which fields of a fact may be copied, or may not. The one place that knows the
// meaning of a bit in ReceiverItem.allowed, ReceiverItem.withheld and FactRow.present.
// Knows: facts, kinds of facts. Must never know: partners, purposes, why a field is allowed.
//
// A fact has values for some fields of its kind: these are present. Its personal part holds the
// values of the present fields alone, in the order of the kind. The kind is the one of the fact's
// own version of the arrangement: a later version may have other fields, in another order.
//
//   fields of the kind, in order    told  since  outcome  address
//   FactRow.present, bit i          1     0      1        1         bit = index in the kind
//   place                           0     -      1        2         = index in the personal part
//   allowed, withheld               0     -      1        2         bit = place
//
// Path: a record is written through field_walk(…, FIELD_SET_ALL), field_next() and field_set_add();
// a delivery is read through field_set_of() and field_set_values().
// Failure modes: a bit too far to the left shows a value to a partner that has no purpose for it.
// Fields beyond the last bit are never present, and so never allowed.
#ifndef KETEN_ENGINE_ARRANGEMENT_FIELD_SET_H
#define KETEN_ENGINE_ARRANGEMENT_FIELD_SET_H

#include <stddef.h>

#include "store/vocabulary.h"

// A struct, so that no bit of it is mixed up with a bit of FactRow.present.
typedef struct FieldSet {
    uint64_t bits; // bit = place; only field_set.c and the code that stores a set look at it
} FieldSet;

#define FIELD_SET_NONE ((FieldSet){0})
#define FIELD_SET_ALL  ((FieldSet){UINT64_MAX})

// A set as a ReceiverItem stores it.
FieldSet
field_set_of(uint64_t stored);
bool
field_set_is_empty(FieldSet set);
// The place must have a bit.
void
field_set_add(FieldSet *set, size_t place);
// The set without the places of another.
FieldSet
field_set_without(FieldSet set, FieldSet other);

// One present field of a fact.
typedef struct PresentField {
    size_t place;           // bit of a FieldSet, and index in the fact's personal part
    size_t at;              // index in the kind of the fact's own version
    const FieldKind *field; // as that version has it
} PresentField;

// Goes through the present fields of a fact that are in a set, in the order of their places.
typedef struct FieldWalk {
    const FactKind *kind; // the caller's
    uint64_t present;     // bit = index in the kind
    FieldSet set;
    size_t at;    // index in the kind of the next field to look at
    size_t place; // the next present field's
} FieldWalk;

// `kind` is that of the fact's own version of the arrangement, see plan_reads_by(); NULL: that
// version has no such kind, and the walk has no fields.
FieldWalk
field_walk(const FactRow *fact, const FactKind *kind, FieldSet set);
// The next one; false when there is none, and *ret is untouched.
bool
field_next(FieldWalk *walk, PresentField *ret);

// The present fields of a type.
FieldSet
field_set_of_type(const FactRow *fact, const FactKind *kind, Keten__V1__FieldType type);

// Copies pointers to the values whose places are in the set from a fact's personal part, in their
// order; `ret` has room for all of them. Returns how many. No set has a place beyond the last bit.
size_t
field_set_values(FieldSet set, const PartBody *body, Field **ret);

// Marks the field at an index in the kind as present.
void
present_add(uint64_t *present, size_t at);
// How many fields are present: as many values as the personal part must hold.
size_t
present_count(uint64_t present);

#endif
