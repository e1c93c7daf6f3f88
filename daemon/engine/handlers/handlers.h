// SPDX-License-Identifier: EUPL-1.2
// What a command's handler answers. A handler checks everything before it adds the first event, so
// that a refusal leaves the draft as it was. Must never know: how refusals are sent.
#ifndef KETEN_ENGINE_HANDLERS_HANDLERS_H
#define KETEN_ENGINE_HANDLERS_HANDLERS_H

#include "daemon/engine/arrangement/values.h"
#include "daemon/engine/record/draft.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/matters.h"

typedef struct Result {
    KtCode code;
    const char *field;
    const char *detail;
} Result;

#define ALLOWED ((Result){KT_OK, "", ""})

static inline Result
refuse(KtCode code, const char *field, const char *detail)
{
    return (Result){code, field, detail};
}

typedef Result (*Handler)(Draft *draft, const Command *command);

// handlers/signal.c
Result
decide_signal(Draft *draft, const Command *command);
// Whether there is room for the persons and for the steps that a signal with these values starts.
Result
signal_room(const Draft *draft, const Arrangement *arrangement, const char *kind,
            const Values *values, size_t persons, bool repeats);
// A fact that the arrangement does not know, with the nearest it does.
Result
signal_unknown_fact(Draft *draft, const Arrangement *arrangement, const char *kind);

// handlers/signal_change.c
Result
decide_signal_withdraw(Draft *draft, const Command *command);
Result
decide_signal_correct(Draft *draft, const Command *command);

// handlers/step.c
Result
decide_step_simple(Draft *draft, const Command *command);
Result
decide_step_extend(Draft *draft, const Command *command);
Result
decide_step_complete(Draft *draft, const Command *command);
Result
decide_step_offer(Draft *draft, const Command *command);
Result
decide_step_replace(Draft *draft, const Command *command);

// handlers/coordinator.c
Result
decide_coordinator_offer(Draft *draft, const Command *command);
Result
decide_coordinator_accept(Draft *draft, const Command *command);
Result
decide_coordinator_refuse(Draft *draft, const Command *command);
Result
decide_coordinator_leave(Draft *draft, const Command *command);
Result
decide_coordinator_absent(Draft *draft, const Command *command);

// handlers/plan.c
Result
decide_plan_close(Draft *draft, const Command *command);

// handlers/merge.c
Result
decide_plan_merge(Draft *draft, const Command *command);
Result
decide_plan_unmerge(Draft *draft, const Command *command);
// An answer to whether two plans may become one, or a plan may move.
Result
merge_check(Draft *draft, const MatterRow *matter, const char *outcome);
void
merge_follow(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why);

// handlers/split.c
Result
decide_plan_split(Draft *draft, const Command *command);

// handlers/move.c
Result
decide_plan_move(Draft *draft, const Command *command);
Result
move_check(Draft *draft, const MatterRow *matter, const char *outcome);
void
move_follow(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why);

// handlers/matter.c
Result
decide_bottleneck_raise(Draft *draft, const Command *command);
Result
decide_matter_settle(Draft *draft, const Command *command);
Result
decide_matter_pass(Draft *draft, const Command *command);
// handlers/member.c
Result
decide_member_join(Draft *draft, const Command *command);
Result
decide_member_leave(Draft *draft, const Command *command);
Result
decide_member_lead(Draft *draft, const Command *command);

// handlers/pause.c
Result
decide_pause_start(Draft *draft, const Command *command);
Result
decide_pause_end(Draft *draft, const Command *command);

// handlers/rejected.c
Result
decide_delivery_reject(Draft *draft, const Command *command);
Result
decide_delivery_resend(Draft *draft, const Command *command);
Result
decide_delivery_give_up(Draft *draft, const Command *command);
// The term of a rejected delivery that no plan answers for has passed.
void
fire_rejected(Draft *draft);

// handlers/load.c
Result
decide_arrangement(Draft *draft, const Arrangement *arrangement, bool *ret_nothing);
Result
decide_partner(Draft *draft, const PartnerRow *row, bool *ret_nothing);

// handlers/fire.c: everything of the plan that is due at now.
void
fire_due(Draft *draft);

// Whether the plan is open and the actor has a part in it, or even holds it.
Result
check_open(Draft *draft, uint64_t plan);
Result
check_holds(Draft *draft, uint64_t plan);

// What the handlers share: the worker's number (0 none named), a reason as code and part, whether
// the actor has a part in the plan, the plan's or a step's printed name.
uint64_t
acting_worker(Draft *draft, const Command *command);
const char *
reason_code(Draft *draft, const char *reason, uint32_t *ret_text);
Result
reason_check(const char *reason, bool required);
bool
has_part(const Draft *draft, uint32_t partner);
bool
has_part_in(const Plan *plan, uint32_t partner);
const char *
print_plan(Draft *draft, uint64_t plan);
const char *
print_step(Draft *draft, const StepRow *step);

#endif
