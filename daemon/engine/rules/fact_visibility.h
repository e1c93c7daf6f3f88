// SPDX-License-Identifier: EUPL-1.2
// Which fields of a fact a partner may see.
// Knows: purposes, secret addresses, versions of an arrangement. Must never know: values, why a
// fact is told.
//
// Two arrangements take part. The fact's own version says which fields are present. The version
// that the plan runs under now says whether the partner may see that field; a field that it no
// longer knows is withheld from everybody.
#ifndef KETEN_ENGINE_RULES_FACT_VISIBILITY_H
#define KETEN_ENGINE_RULES_FACT_VISIBILITY_H

#include "daemon/engine/arrangement/field_set.h"
#include "daemon/engine/record/draft.h"

// Every present field of the fact is in exactly one of the two.
typedef struct VisibleFields {
    FieldSet allowed;
    FieldSet withheld;
} VisibleFields;

VisibleFields
fact_visible(Draft *draft, uint32_t partner, const FactRow *fact);

// How a delivery calls the fact: a signal, or the fact of a step.
ItemKind
fact_item_kind(const FactRow *fact);

// Tells the fact to the partner, with the fields it may see. The withheld ones are recorded too.
ReceiverItem *
fact_tell(Draft *draft, uint32_t partner, ItemKind kind, const FactRow *fact);

#endif
