// SPDX-License-Identifier: EUPL-1.2
// evolve_event: changes the plan in memory as an event of a record says.
// Knows: which function takes which event (events.def), the arrays of the plan in memory.
// Must never know: arrangements, partners, time - the record says all that.
//
// Path: draft_event() calls evolve_event() for each event, which calls the function in its row.
// Each function skips what began in a plan that this plan does not cover: a record may touch two
// plans.
// Failure modes: none; an event without a body is a programming error.
#include "daemon/engine/record/evolve.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/record/plan_rows.h"
#include "daemon/engine/record/step_states.h"

static void
remove_step(Plan *plan, size_t at)
{
    memmove(plan->steps + at, plan->steps + at + 1,
            (plan->step_count - at - 1) * sizeof *plan->steps);
    plan->step_count--;
}

static void
evolve_step(Plan *plan, const Keten__V1__StepChanged *changed, Arena *arena)
{
    StepRow *row = changed->row;
    if (!plan_covers(plan, row->plan))
        return;
    for (size_t i = 0; i < plan->step_count; i++) {
        if (plan->steps[i]->step != row->step)
            continue;
        if (state_is_open(row->state))
            plan->steps[i] = row;
        else
            remove_step(plan, i);
        return;
    }
    if (state_is_open(row->state))
        plan_add_step(plan, arena, row);
}

static void
drop_kind(Plan *plan, uint64_t origin, const char *kind)
{
    for (size_t i = 0; i < plan->kind_count; i++)
        if (plan->kind_plans[i] == origin && strcmp(plan->kinds[i]->kind, kind) == 0) {
            plan_remove_kind(plan, i);
            return;
        }
}

static void
set_kind(Plan *plan, uint64_t origin, FactRow *latest, uint32_t live, Arena *arena)
{
    KindRow *row = arena_take(arena, sizeof *row);
    keten__v1__kind_row__init(row);
    row->kind = latest->kind;
    row->latest = latest;
    row->live = live;
    for (size_t i = 0; i < plan->kind_count; i++) {
        if (plan->kind_plans[i] == origin && strcmp(plan->kinds[i]->kind, latest->kind) == 0) {
            plan->kinds[i] = row;
            return;
        }
    }
    plan_add_kind(plan, arena, origin, row);
}

static void
evolve_added(Plan *plan, const Keten__V1__FactAdded *added, Arena *arena)
{
    FactRow *row = added->row;
    if (added->latest && plan_covers(plan, row->plan))
        set_kind(plan, row->plan, row, added->live, arena);
}

static void
evolve_parted(Plan *plan, const Keten__V1__StepParted *parted, Arena *arena)
{
    for (size_t i = 0; plan_covers(plan, parted->from) && i < plan->step_count; i++)
        if (plan->steps[i]->step == parted->row->step)
            remove_step(plan, i);
    if (plan_covers(plan, parted->row->plan))
        plan_add_step(plan, arena, parted->row);
}

static void
evolve_shared(Plan *plan, const Keten__V1__FactShared *shared, Arena *arena)
{
    if (plan_covers(plan, shared->plan))
        set_kind(plan, shared->plan, shared->latest, 1, arena);
}

static void
evolve_withdrawn(Plan *plan, const Keten__V1__FactWithdrawn *withdrawn, Arena *arena)
{
    if (!plan_covers(plan, withdrawn->plan))
        return;
    if (withdrawn->latest == NULL)
        drop_kind(plan, withdrawn->plan, withdrawn->row->kind);
    else
        set_kind(plan, withdrawn->plan, withdrawn->latest, withdrawn->live, arena);
}

static void
evolve_joined(Plan *plan, const Keten__V1__MemberJoined *joined, Arena *arena)
{
    if (plan_covers(plan, joined->plan))
        plan_add_member(plan, arena, joined->plan, joined->person);
}

static void
evolve_left(Plan *plan, const Keten__V1__MemberLeft *left, Arena *arena)
{
    (void)arena;
    if (plan_covers(plan, left->plan))
        plan_remove_member(plan, left->plan, left->person);
}

static void
evolve_header(Plan *plan, const Keten__V1__PlanChanged *changed, Arena *arena)
{
    (void)arena;
    PlanRow *header = plan_header(plan, changed->row->plan);
    if (header != NULL)
        *header = *changed->row;
}

static void
evolve_matter(Plan *plan, const Keten__V1__MatterChanged *changed, Arena *arena)
{
    MatterRow *row = changed->row;
    if (!plan_covers(plan, row->plan))
        return;
    size_t at = 0;
    while (at < plan->matter_count && plan->matters[at]->matter != row->matter)
        at++;
    if (at == plan->matter_count) {
        if (row->open)
            plan_add_matter(plan, arena, row);
    } else if (row->open) {
        plan->matters[at] = row;
    } else {
        memmove(plan->matters + at, plan->matters + at + 1,
                (plan->matter_count - at - 1) * sizeof(MatterRow *));
        plan->matter_count--;
    }
}

void
evolve_event(Plan *plan, const Event *event, Arena *arena)
{
    switch (event->body_case) {
#define EVENT(BODY, member, origin, evolve, project)                                               \
    case KETEN__V1__EVENT__BODY_##BODY:                                                            \
        evolve(plan, event->member, arena);                                                        \
        return;
#define NOTHING(plan, member, arena) ((void)0)
#include "daemon/engine/record/events.def"
#undef NOTHING
#undef EVENT
    case KETEN__V1__EVENT__BODY__NOT_SET:
    case _KETEN__V1__EVENT__BODY__CASE_IS_INT_SIZE:
        break;
    }
    unhandled("event without a body");
}
