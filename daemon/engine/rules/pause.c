// SPDX-License-Identifier: EUPL-1.2
// See pause.h. Must never know: the wire.
//
// The path of a pause: pause_start → event_pause, tell_all → ask_acknowledgement (a matter for each
// partner) → rest_steps. pause_end → event_pause, tell_all → its matters are settled →
// release_steps.
#include "daemon/engine/rules/pause.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/engine/rules/step_late.h"
#include "daemon/engine/rules/steps.h"

#define PAUSED "paused"

const Action *
pause_action(const Arrangement *arrangement, const char *name)
{
    const Keten__V1__Pause *pause = arrangement->pause;
    for (size_t i = 0; pause != NULL && i < pause->n_actions; i++)
        if (strcmp(pause->actions[i]->name, name) == 0)
            return pause->actions[i];
    return NULL;
}

static void
event_pause(Draft *draft, const PlanRow *header, bool ended, const char *reason)
{
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_PAUSE_CHANGED;
    event.pause_changed = NEW(draft->arena, Keten__V1__PauseChanged, pause_changed);
    event.pause_changed->plan = header->plan;
    event.pause_changed->row = header->pause;
    event.pause_changed->ended = ended;
    event.pause_changed->reason = (char *)(uintptr_t)reason;
    draft_event(draft, &event);
}

static void
tell_all(Draft *draft, const PauseRow *pause, ItemKind kind, const char *reason)
{
    for (size_t i = 0; i < pause->n_partners; i++)
        draft_tell(draft, pause->partners[i], kind, 0, 0)->reason = (char *)(uintptr_t)reason;
    const uint32_t holder = plan_holder(&draft->plan);
    if (holder != draft->context->actor)
        draft_tell(draft, holder, kind, 0, 0)->reason = (char *)(uintptr_t)reason;
}

static bool
is_covered(const Draft *draft, const StepRow *step, const PauseRow *pause)
{
    const StepKind *kind = agreement_step(draft->arrangement, step->kind);
    return kind != NULL && kind->action[0] != '\0' && pause_covers(pause, kind->action);
}

// After a merge a pause covers new steps: those inside the joined plan, or those outside it.
typedef struct Side {
    const Plan *plan; // NULL: every step
    bool inside;
} Side;

static void
rest_step(Draft *draft, const StepRow *step, const PauseRow *pause)
{
    switch (state_rule(step->state)->under_pause) {
    case PAUSE_LEAVES:
        return;
    case PAUSE_SUSPENDS:
        step_move(draft, step, MOVE_SUSPEND,
                  (MoveWith){.reason = PAUSED, .until_ms = pause->until_ms});
        return;
    case PAUSE_PROLONGS:
        if (step->due_ms < pause->until_ms)
            step_rest_until(draft, step, pause->until_ms);
        return;
    case PAUSE_DELAYS:
        step_rest_until(draft, step, pause->until_ms);
        return;
    }
    unhandled("what a pause does to a step");
}

static void
rest_steps(Draft *draft, const PauseRow *pause, Side side)
{
    for (size_t i = 0; i < draft->plan.step_count; i++) {
        const StepRow *step = draft->plan.steps[i];
        if (!is_covered(draft, step, pause) ||
            (side.plan != NULL && plan_covers(side.plan, step->plan) != side.inside))
            continue;
        rest_step(draft, step, pause);
    }
}

static void
release_steps(Draft *draft, const PauseRow *pause)
{
    for (size_t i = 0; i < draft->plan.step_count; i++) {
        const StepRow *step = draft->plan.steps[i];
        if (state_rule(step->state)->under_pause == PAUSE_PROLONGS &&
            strcmp(step->reason, PAUSED) == 0 && is_covered(draft, step, pause))
            step_move(draft, step, MOVE_SUSPENSION_ENDS, (MoveWith){.reason = ""});
    }
    steps_offer_waiting(draft);
}

static void
add_partners(Draft *draft, PauseRow *pause, const Action *action)
{
    for (size_t i = 0; i < action->n_partners; i++) {
        const uint32_t partner = partner_number(draft->context, action->partners[i]);
        ASSERT(partner != 0);
        if (!pause_concerns(pause, partner))
            pause->partners[pause->n_partners++] = partner;
    }
}

static PauseRow *
pause_make(Draft *draft, char *const *actions, size_t count, int64_t until_ms, const char *reason)
{
    PauseRow *pause = NEW(draft->arena, PauseRow, pause_row);
    pause->from_ms = draft->now_ms;
    pause->until_ms = until_ms;
    pause->by = draft->context->actor;
    pause->reason = (char *)(uintptr_t)reason;
    pause->actions = arena_take(draft->arena, count * sizeof *pause->actions);
    pause->partners =
        arena_take(draft->arena, (draft->arrangement->n_partners + 1) * sizeof *pause->partners);
    for (size_t i = 0; i < count; i++) {
        const Action *action = pause_action(draft->arrangement, actions[i]);
        ASSERT(action != NULL);
        if (pause_covers(pause, action->name))
            continue;
        pause->actions[pause->n_actions++] = action->name;
        add_partners(draft, pause, action);
    }
    return pause;
}

static void
ask_acknowledgement(Draft *draft, const PauseRow *pause, const char *reason)
{
    for (size_t i = 0; i < pause->n_partners; i++) {
        if (pause->partners[i] == draft->context->actor)
            continue; // the actor begins the pause, so it knows
        MatterRow wanted = KETEN__V1__MATTER_ROW__INIT;
        wanted.kind = KETEN__V1__MATTER_KIND__MATTER_PAUSE;
        wanted.partner = wanted.turn = pause->partners[i];
        wanted.reason = (char *)(uintptr_t)reason;
        wanted.raised_by = draft->context->actor;
        matter_open(draft, &wanted, draft->arrangement->pause->acknowledge_within, 0);
    }
}

void
pause_start(Draft *draft, char *const *actions, size_t count, int64_t until_ms, const char *reason)
{
    PlanRow *header = &draft->plan.row;
    ASSERT(header->pause == NULL && draft->arrangement->pause != NULL);
    draft->origin = header->plan;
    header->pause = pause_make(draft, actions, count, until_ms, reason);
    event_pause(draft, header, false, reason);
    tell_all(draft, header->pause, KETEN__V1__ITEM_KIND__ITEM_PAUSE_STARTED, reason);
    ask_acknowledgement(draft, header->pause, reason);
    rest_steps(draft, header->pause, (Side){0});
}

static void
spread(Draft *draft, const PlanRow *header, const Plan *joined)
{
    const bool theirs = plan_covers(joined, header->plan);
    if (header->pause != NULL)
        rest_steps(draft, header->pause, (Side){joined, !theirs});
}

void
pause_spread(Draft *draft, const Plan *joined)
{
    spread(draft, &draft->plan.row, joined);
    for (size_t i = 0; i < draft->plan.merged_count; i++)
        spread(draft, draft->plan.merged[i], joined);
}

void
pause_share(Draft *draft, PlanRow *header)
{
    if (draft->plan.row.pause == NULL)
        return;
    header->pause = draft->plan.row.pause;
    event_pause(draft, header, false, "");
}

static const MatterRow *
unanswered(const Plan *plan, uint64_t origin)
{
    for (size_t i = 0; i < plan->matter_count; i++)
        if (plan->matters[i]->kind == KETEN__V1__MATTER_KIND__MATTER_PAUSE &&
            plan->matters[i]->plan == origin)
            return plan->matters[i];
    return NULL;
}

void
pause_end(Draft *draft, PlanRow *header, const char *reason)
{
    const PauseRow *pause = header->pause;
    const MatterRow *matter;
    ASSERT(pause != NULL);
    event_pause(draft, header, true, reason);
    tell_all(draft, pause, KETEN__V1__ITEM_KIND__ITEM_PAUSE_ENDED, reason);
    while ((matter = unanswered(&draft->plan, header->plan)) != NULL)
        matter_settle(draft, matter, "ended", (MatterWhy){.reason = reason});
    header->pause = NULL;
    release_steps(draft, pause);
}
