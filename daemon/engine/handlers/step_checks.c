// SPDX-License-Identifier: EUPL-1.2
// See step_checks.h. Must never know: facts, links.
#include "daemon/engine/handlers/step_checks.h"

#include <inttypes.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/record/plan_pauses.h"
#include "proto/commands.h"

static StepAddress
address_for(const Command *command, MoveKind move, const char *reason)
{
    return (StepAddress){move_of(move), command_number(command), command_version(command), reason,
                         0};
}

static StepAddress
address_of_suspension(const Command *command)
{
    StepAddress address = address_for(command, MOVE_SUSPEND, command->step_suspend->reason);
    address.until_ms = command->step_suspend->until_ms;
    return address;
}

StepAddress
address_of(const Command *command)
{
    switch (command->body_case) {
    case KETEN__V1__COMMAND__BODY_STEP_ACCEPT:
        return address_for(command, MOVE_ACCEPT, "");
    case KETEN__V1__COMMAND__BODY_STEP_REFUSE:
        return address_for(command, MOVE_REFUSE, command->step_refuse->reason);
    case KETEN__V1__COMMAND__BODY_STEP_COMPLETE:
        return address_for(command, MOVE_COMPLETE, "");
    case KETEN__V1__COMMAND__BODY_STEP_FAIL:
        return address_for(command, MOVE_FAIL, command->step_fail->reason);
    case KETEN__V1__COMMAND__BODY_STEP_REPLACE:
        return address_for(command, MOVE_REPLACE, command->step_replace->reason);
    case KETEN__V1__COMMAND__BODY_STEP_DROP:
        return address_for(command, MOVE_DROP, command->step_drop->reason);
    case KETEN__V1__COMMAND__BODY_STEP_WITHDRAW:
        return address_for(command, MOVE_WITHDRAW, command->step_withdraw->reason);
    case KETEN__V1__COMMAND__BODY_STEP_SUSPEND:
        return address_of_suspension(command);
    case KETEN__V1__COMMAND__BODY_STEP_EXTEND:
        return address_for(command, MOVE_EXTEND, command->step_extend->reason);
    case KETEN__V1__COMMAND__BODY_STEP_RESUME:
        return address_for(command, MOVE_RESUME, "");
    default: // the commands that are on no step
        break;
    }
    unhandled("a command on no step");
}

// Only a participant, or the owner or giver of the step, is told that the step is closed; any
// other actor that it has no part.
static Result
not_open(Draft *draft, uint64_t step)
{
    const StepRow *closed = draft->context->closed.step;
    const uint32_t actor = draft->context->actor;
    if (closed != NULL &&
        (closed->owner == actor || closed->giver == actor || actor_participates(draft)))
        return refuse(KT_NOT_THIS_STATE, "step", print_step(draft, closed));
    return refuse(KT_NO_PART, "step", arena_format(draft->arena, "s%" PRIu64, step));
}

Result
check_mandate(Draft *draft, const Move *move, const StepRow *step)
{
    ASSERT(step->rung > 0);
    const Rung *rung = ladder_rung(draft->arrangement, step->rung - 1);
    if (move->mandate != NULL && rung_may(rung, move->mandate))
        return ALLOWED;
    return refuse(KT_MANDATE, "step",
                  arena_format(draft->arena, "s%" PRIu64 " %s", step->step,
                               mandate_text(draft->arena, rung)));
}

static Result
check_actor(Draft *draft, const Move *move, const StepRow *step)
{
    const uint32_t actor = draft->context->actor;
    if (move->by == BY_OWNER && step->owner != actor)
        return refuse(KT_NOT_YOURS, "step",
                      arena_format(draft->arena, "s%" PRIu64 " %s", step->step,
                                   partner_name(draft->context, step->owner)));
    if (move->by == BY_HOLDER && plan_holder(&draft->plan) != actor && step->turn == actor)
        return check_mandate(draft, move, step);
    if (move->by == BY_HOLDER && plan_holder(&draft->plan) != actor)
        return refuse(KT_NOT_YOURS, "step",
                      arena_format(draft->arena, "s%" PRIu64 " %s", step->step,
                                   partner_name(draft->context, plan_holder(&draft->plan))));
    return ALLOWED;
}

Result
check_move(Draft *draft, const StepAddress *address, const StepRow **ret_step)
{
    const StepRow *step = plan_step(&draft->plan, address->step);
    if (step == NULL)
        return not_open(draft, address->step);
    if (!actor_participates(draft))
        return refuse(KT_NO_PART, "step", arena_format(draft->arena, "s%" PRIu64, address->step));
    const Move *move = address->move;
    Result result = check_actor(draft, move, step);
    if (result.code != KT_OK)
        return result;
    if (address->version != 0 && address->version != step->version)
        return refuse(KT_VERSION, "version", print_step(draft, step));
    if (!move_allows(move, step->state))
        return refuse(KT_NOT_THIS_STATE, "step", print_step(draft, step));
    result = reason_check(address->reason, move->reason);
    if (result.code == KT_OK)
        *ret_step = step;
    return result;
}

Result
check_pause(Draft *draft, const char *step_kind)
{
    const StepKind *kind = agreement_step(draft->arrangement, step_kind);
    const PauseRow *pause = kind == NULL ? NULL : plan_pause_of(&draft->plan, kind->action);
    char until[INSTANT_TEXT_BYTES];
    if (pause == NULL)
        return ALLOWED;
    instant_format_local(pause->until_ms, until);
    return refuse(KT_PAUSED, "step", arena_text(draft->arena, until));
}
