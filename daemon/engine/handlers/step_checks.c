// SPDX-License-Identifier: EUPL-1.2
// See step_checks.h. Must never know: facts, links.
#include "daemon/engine/handlers/step_checks.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/record/plan_pauses.h"
#include "proto/commands.h"

// A command that makes one move on the step that it names.
typedef struct MoveCommand {
    Keten__V1__Command__BodyCase body;
    MoveKind move;
    size_t reason_at; // offset of the reason in the body; 0: it has none
    size_t until_at;  // offset of the end of a suspension; 0: it has none
} MoveCommand;

#define MOVES(NAME)  .body = KETEN__V1__COMMAND__BODY_STEP_##NAME, .move = MOVE_##NAME
#define REASON(Type) .reason_at = offsetof(Keten__V1__##Type, reason)
static const MoveCommand commands[] = {
    {MOVES(ACCEPT)},
    {MOVES(REFUSE), REASON(StepRefuse)},
    {MOVES(COMPLETE)},
    {MOVES(FAIL), REASON(StepFail)},
    {MOVES(REPLACE), REASON(StepReplace)},
    {MOVES(DROP), REASON(StepDrop)},
    {MOVES(WITHDRAW), REASON(StepWithdraw)},
    {MOVES(SUSPEND), REASON(StepSuspend), .until_at = offsetof(Keten__V1__StepSuspend, until_ms)},
    {MOVES(RESUME)},
    {MOVES(EXTEND), REASON(StepExtend)},
};

static const MoveCommand *
command_of(Keten__V1__Command__BodyCase body)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (commands[i].body == body)
            return &commands[i];
    unhandled("a command on no step");
}

StepAddress
address_of(const Command *command)
{
    const MoveCommand *row = command_of(command->body_case);
    const char *body = command_body(command);
    StepAddress address = {move_of(row->move), command_number(command), command_version(command),
                           "", 0};
    if (row->reason_at != 0)
        address.reason = *(char *const *)(const void *)(body + row->reason_at);
    if (row->until_at != 0)
        address.until_ms = *(const int64_t *)(const void *)(body + row->until_at);
    return address;
}

static Result
no_part(Draft *draft, uint64_t step)
{
    return refuse(KT_NO_PART, "step", arena_format(draft->arena, "s%" PRIu64, step));
}

// Only an actor that sees the closed step is told that it is closed.
static Result
not_open(Draft *draft, uint64_t step)
{
    const StepRow *closed = draft->context->closed.step;
    if (closed != NULL && actor_sees_step(draft, closed))
        return refuse(KT_NOT_THIS_STATE, "step", print_step(draft, closed));
    return no_part(draft, step);
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
    if (!actor_sees_step(draft, step))
        return no_part(draft, address->step);
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
