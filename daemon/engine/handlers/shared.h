// SPDX-License-Identifier: EUPL-1.2
// Checks and names that several handlers need.
// Knows: what the actor may see, reasons, how numbers are printed. Must never know: single
// commands, what a handler changes.
#ifndef KETEN_ENGINE_HANDLERS_SHARED_H
#define KETEN_ENGINE_HANDLERS_SHARED_H

#include "daemon/engine/handlers/result.h"
#include "daemon/engine/record/draft.h"

// Whether the actor is a participant of the plan of the decision (rules/visibility.h).
bool
actor_participates(const Draft *draft);

// Whether the actor may see a step or a matter of that plan, open or closed. What it may not see is
// refused like what does not exist: KT_NO_PART with the number that the command names.
bool
actor_sees_step(const Draft *draft, const StepRow *step);
bool
actor_sees_matter(const Draft *draft, const MatterRow *matter);

// Whether the actor is a participant of the open plan. `plan` is the number that the command names.
Result
check_open(Draft *draft, uint64_t plan);

// Whether the actor also holds it.
Result
check_holds(Draft *draft, uint64_t plan);

// Writes the worker of the command into the record's head; returns its number, 0 when the command
// names none.
uint64_t
acting_worker(Draft *draft, const Command *command);

// Whether a reason is there, when it must be, and short enough.
Result
reason_check(const char *reason, bool required);

// The reason as a code. Free text becomes "other"; the words go into a personal part of the
// record, since they may name a person. *ret_text is 1 + the index of that personal part; 0 none.
const char *
reason_code(Draft *draft, const char *reason, uint32_t *ret_text);

// "p17"
const char *
print_plan(Draft *draft, uint64_t plan);

// "m17@4"
const char *
print_matter(Draft *draft, const MatterRow *matter);

// "2024-03-04"; `day` is counted as in base/calendar.h.
const char *
print_day(Draft *draft, int32_t day);

// "s17@4 active"
const char *
print_step(Draft *draft, const StepRow *step);

#endif
