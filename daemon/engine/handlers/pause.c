// SPDX-License-Identifier: EUPL-1.2
// Commands on a pause: begin and end one.
// Knows: the partners that may pause, and for how long. Must never know: the effect on steps
// (rules/pause.h).
//
// The path: check_plan → the reason, the actions, the instant → acting_worker → pause_start or
// pause_end.

#include "daemon/engine/rules/pause.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"

// The holder may, and so may a rung that a step or matter of the plan has climbed to, if its
// mandate says so.
static bool
may_pause(const Draft *draft)
{
    const Plan *plan = &draft->plan;
    const uint32_t actor = draft->context->actor;
    bool may = plan_holder(plan) == actor;
    for (size_t i = 0; !may && i < plan->step_count; i++)
        may = plan->steps[i]->turn == actor && plan->steps[i]->rung > 0 &&
              rung_may(ladder_rung(draft->arrangement, plan->steps[i]->rung - 1), "pause");
    for (size_t i = 0; !may && i < plan->matter_count; i++)
        may = plan->matters[i]->turn == actor && plan->matters[i]->rung > 0 &&
              rung_may(ladder_rung(draft->arrangement, plan->matters[i]->rung - 1), "pause");
    return may;
}

static Result
check_plan(Draft *draft, uint64_t plan)
{
    const Result result = check_open(draft, plan);
    if (result.code == KT_OK && !may_pause(draft))
        return refuse(KT_NOT_YOURS, "plan", print_plan(draft, plan));
    return result;
}

static Result
check_actions(Draft *draft, const Keten__V1__PauseStart *start)
{
    const Keten__V1__Pause *pause = draft->arrangement->pause;
    const size_t known = pause == NULL ? 0 : pause->n_actions;
    const char **names = arena_take(draft->arena, (known + 1) * sizeof *names);
    for (size_t i = 0; i < known; i++)
        names[i] = pause->actions[i]->name;
    if (start->n_actions == 0)
        return refuse(KT_MISSING, "actions", "actions");
    for (size_t i = 0; i < start->n_actions; i++)
        if (pause_action(draft->arrangement, start->actions[i]) == NULL)
            return refuse(KT_UNKNOWN_ACTION, "actions",
                          agreement_hint(draft->arena, start->actions[i], names, known));
    return ALLOWED;
}

static Result
check_until(Draft *draft, int64_t until_ms)
{
    const int64_t last_ms = draft_due(draft, draft->arrangement->pause->at_most);
    char last[INSTANT_TEXT_BYTES];
    if (until_ms <= draft->now_ms)
        return refuse(KT_TIME, "until_ms", "until");
    if (until_ms <= last_ms)
        return ALLOWED;
    instant_format_local(last_ms, last);
    return refuse(KT_PAUSE_LONG, "until_ms", arena_text(draft->arena, last));
}

static const char *
until_text(Draft *draft, int64_t until_ms)
{
    char until[INSTANT_TEXT_BYTES];
    instant_format_local(until_ms, until);
    return arena_text(draft->arena, until);
}

Result
decide_pause_start(Draft *draft, const Command *command)
{
    const Keten__V1__PauseStart *start = command->pause_start;
    Result result = check_plan(draft, start->plan);
    if (result.code == KT_OK)
        result = check_actions(draft, start);
    if (result.code == KT_OK)
        result = reason_check(start->reason, true);
    if (result.code == KT_OK && draft->plan.row.pause != NULL)
        result = refuse(KT_PAUSE_OPEN, "plan", until_text(draft, draft->plan.row.pause->until_ms));
    if (result.code == KT_OK)
        result = check_until(draft, start->until_ms);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    uint32_t words;
    const char *reason = reason_code(draft, start->reason, &words);
    pause_start(draft, start->actions, start->n_actions, start->until_ms, reason);
    return ALLOWED;
}

Result
decide_pause_end(Draft *draft, const Command *command)
{
    const Keten__V1__PauseEnd *end = command->pause_end;
    Result result = check_plan(draft, end->plan);
    if (result.code == KT_OK)
        result = reason_check(end->reason, true);
    PlanRow *header = plan_header(&draft->plan, draft->origin);
    if (result.code == KT_OK && header->pause == NULL)
        result = refuse(KT_NO_PAUSE, "plan", print_plan(draft, end->plan));
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    uint32_t words;
    pause_end(draft, header, reason_code(draft, end->reason, &words));
    return ALLOWED;
}
