// SPDX-License-Identifier: EUPL-1.2
// Commands that make one move on one step and nothing else; and the extension of a term.
// Knows: what a move asks beyond the checks of step_checks.h. Must never know: how a move is
// carried out (steps.h).
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/handlers/step_checks.h"
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
