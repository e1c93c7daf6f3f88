// SPDX-License-Identifier: EUPL-1.2
// A fact enters the plan: its receivers are told, and its links start what follows.
// Knows: links, receivers. Must never know: commands, terms.
#ifndef KETEN_ENGINE_RULES_FACTS_H
#define KETEN_ENGINE_RULES_FACTS_H

#include "daemon/engine/arrangement/values.h"
#include "daemon/engine/record/draft.h"

// Adds the fact, with its values in a personal part of its own, and tells the holder and the
// owners that need it. `step`: the step that gave it; NULL: a signal by `source`.
FactRow *
fact_add(Draft *draft, const FactKind *kind, const Values *values, uint32_t source, uint64_t person,
         const StepRow *step);

// Adds a signal that only repeats another: it is counted and told to the holder alone, and
// starts nothing.
FactRow *
fact_note(Draft *draft, const FactKind *kind, const Values *values, uint32_t source,
          uint64_t person, uint64_t repeats);

// Tells the fact to each owner of a step that needs it and that the owner has to answer or to work
// on. An owner sees the fields that its purposes allow.
void
fact_to_workers(Draft *draft, const FactRow *fact);

// Follows the links of a repeat: its sender joins the open steps that they lead to; no step is
// started.
void
fact_joins(Draft *draft, const FactRow *fact, const Values *values);
// Notes in the row the arrangement by which its fields are read, unless that is the first
// arrangement of the plan.
void
fact_mark(Draft *draft, FactRow *fact);

// Follows the links of a fact that was just added, then offers the steps that waited for it.
void
fact_links(Draft *draft, const FactRow *fact, const Values *values);

// The most steps that a fact of a kind with these values may start at once.
size_t
fact_links_count(const Arrangement *arrangement, const char *kind, const Values *values);

#endif
