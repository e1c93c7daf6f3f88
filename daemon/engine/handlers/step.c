// SPDX-License-Identifier: EUPL-1.2
// Commands that make one move on one step and nothing else; the extension of a term; and the
// handing of a step to a colleague.
// Knows: what a move asks beyond the checks of step_checks.h. Must never know: how a move is
// carried out (steps.h).
//
// The path of each command: address_of → check_move, with what the move asks beyond it →
// acting_worker → step_move.
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/handlers/step_checks.h"
#include "daemon/engine/rules/step_change.h"
#include "daemon/engine/rules/steps.h"
#include "proto/limits.h"

static Result
check_extra(const Draft *draft, const StepAddress *address)
{
    const int64_t now_ms = draft->now_ms;
    const MoveKind kind = address->move->kind;
    if (kind == MOVE_ACCEPT && draft->context->worker == NULL)
        return refuse(KT_MISSING, "worker", "worker");
    if (kind == MOVE_SUSPEND &&
        (address->until_ms <= now_ms || address->until_ms - now_ms > LIMIT_SUSPEND_MS))
        return refuse(KT_TIME, "until_ms", "until");
    return ALLOWED;
}

Result
decide_step_simple(Draft *draft, const Command *command)
{
    const StepAddress address = address_of(command);
    const MoveKind kind = address.move->kind;
    const StepRow *step = NULL;
    Result result = check_extra(draft, &address);
    if (result.code == KT_OK)
        result = check_move(draft, &address, &step);
    if (result.code == KT_OK && (kind == MOVE_ACCEPT || kind == MOVE_RESUME))
        result = check_pause(draft, step->kind);
    if (result.code != KT_OK)
        return result;
    MoveWith with = {.until_ms = address.until_ms, .worker = acting_worker(draft, command)};
    with.reason = reason_code(draft, address.reason, &with.text);
    step_move(draft, step, kind, with);
    return ALLOWED;
}

// Overdue terms have fired by now, so a late step is marked as late.
Result
decide_step_extend(Draft *draft, const Command *command)
{
    const StepAddress address = address_of(command);
    const StepRow *step = NULL;
    const Result result = check_move(draft, &address, &step);
    if (result.code != KT_OK)
        return result;
    if (agreement_step(draft->arrangement, step->kind)->extend_within == NULL)
        return refuse(KT_NO_EXTENSION, "step", step->kind);
    if (step->extended)
        return refuse(KT_EXTENDED, "step", print_step(draft, step));
    if (step->late)
        return refuse(KT_EXTEND_LATE, "step", print_step(draft, step));
    MoveWith with = {.worker = acting_worker(draft, command)};
    with.reason = reason_code(draft, address.reason, &with.text);
    step_move(draft, step, MOVE_EXTEND, with);
    return ALLOWED;
}

// Assigning is no row of the table of moves, because the step stays in its state.
static const Move assigning = {.from = FROM(STEP_ACTIVE) | FROM(STEP_SUSPENDED), .by = BY_OWNER};

// The partner stays accountable and the term goes on. The holder is told, since it sees the worker.
// Where the colleague has the step already nothing changes.
Result
decide_step_assign(Draft *draft, const Command *command)
{
    const Keten__V1__StepAssign *assign = command->step_assign;
    const StepAddress address = {&assigning, assign->step, assign->version, "", 0};
    const StepRow *step = NULL;
    const Result result = check_move(draft, &address, &step);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    const uint64_t colleague = draft_person(draft, draft->context->other_worker, assign->worker);
    if (colleague == step->owner_worker)
        return ALLOWED;
    StepRow *row = step_copy(draft, step);
    row->version++;
    row->owner_worker = colleague;
    step_event(draft, row, step);
    draft_tell(draft, plan_holder(&draft->plan), KETEN__V1__ITEM_KIND__ITEM_STEP_CHANGED, row->step,
               0);
    return ALLOWED;
}
