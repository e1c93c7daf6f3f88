// SPDX-License-Identifier: EUPL-1.2
// A fact arrives: it is told to whom it concerns, and its links start what follows. Knows: links,
// receivers. Must never know: commands.
#ifndef KETEN_ENGINE_RULES_FACTS_H
#define KETEN_ENGINE_RULES_FACTS_H

#include "daemon/engine/arrangement/values.h"
#include "daemon/engine/record/draft.h"

// Adds the fact with its values in a part of its own and tells its receivers. `step`: the step that
// gave it, NULL for a signal by `source`.
FactRow *
fact_add(Draft *draft, const FactKind *kind, const Values *values, uint32_t source, uint64_t person,
         const StepRow *step);

// Adds a signal that only repeats another: noted, counted, and told to who holds the plan alone.
FactRow *
fact_note(Draft *draft, const FactKind *kind, const Values *values, uint32_t source,
          uint64_t person, uint64_t repeats);

// Tells a fact to the owners of offered or open steps that need it; each sees what its purposes
// allow.
void
fact_to_workers(Draft *draft, const FactRow *fact);

// Its sender joins those of the open steps that its links lead to; nothing is started.
void
fact_joins(Draft *draft, const FactRow *fact, const Values *values);
// Says under which arrangement its fields are to be read, where that is not the plan's first.
void
fact_mark(Draft *draft, FactRow *fact);

// Evaluates the links of a fact that was just added, then offers what waited for it.
void
fact_links(Draft *draft, const FactRow *fact, const Values *values);

// The most steps that a fact of a kind with these values may start at once.
size_t
fact_links_count(const Arrangement *arrangement, const char *kind, const Values *values);

#endif
