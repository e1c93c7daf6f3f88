// SPDX-License-Identifier: EUPL-1.2
// The handlers of the partners' commands: one function per command, or per family of commands.
// Knows: every handler by name. Must never know: how a handler is chosen, how a refusal is sent.
// A handler checks everything before it adds the first event, so that a refusal leaves the draft as
// it was. It has the draft of the command, in which overdue terms have fired already.
#ifndef KETEN_ENGINE_HANDLERS_HANDLERS_H
#define KETEN_ENGINE_HANDLERS_HANDLERS_H

#include "daemon/engine/handlers/result.h"
#include "daemon/engine/record/draft.h"

typedef Result (*Handler)(Draft *draft, const Command *command);

// handlers/signal.c
Result
decide_signal(Draft *draft, const Command *command);

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

// handlers/split.c
Result
decide_plan_split(Draft *draft, const Command *command);

// handlers/move.c
Result
decide_plan_move(Draft *draft, const Command *command);

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

#endif
