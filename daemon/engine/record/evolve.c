// SPDX-License-Identifier: EUPL-1.2
// evolve: the plan after a record is a pure copy of what the record says of it and its parts.
// Knows: events and rows.
// Must never know: arrangements, partners, time - all that is in the record.
#include "daemon/engine/record/evolve.h"

#include <string.h>

#include "base/assert.h"
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
    for (size_t i = 0; i < plan->kind_count; i++) {
        if (plan->kind_plans[i] != origin || strcmp(plan->kinds[i]->kind, kind) != 0)
            continue;
        plan_remove_kind(plan, i);
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
evolve_header(Plan *plan, const PlanRow *row)
{
    PlanRow *header = plan_header(plan, row->plan);
    if (header != NULL)
        *header = *row;
}

static void
evolve_matter(Plan *plan, MatterRow *row, Arena *arena)
{
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
    case KETEN__V1__EVENT__BODY_PLAN_CHANGED:
        evolve_header(plan, event->plan_changed->row);
        break;
    case KETEN__V1__EVENT__BODY_MEMBER_JOINED:
        evolve_joined(plan, event->member_joined, arena);
        break;
    case KETEN__V1__EVENT__BODY_MEMBER_LEFT:
        if (plan_covers(plan, event->member_left->plan))
            plan_remove_member(plan, event->member_left->plan, event->member_left->person);
        break;
    case KETEN__V1__EVENT__BODY_FACT_ADDED:
        evolve_added(plan, event->fact_added, arena);
        break;
    case KETEN__V1__EVENT__BODY_FACT_WITHDRAWN:
        evolve_withdrawn(plan, event->fact_withdrawn, arena);
        break;
    case KETEN__V1__EVENT__BODY_STEP_PARTED:
        evolve_parted(plan, event->step_parted, arena);
        break;
    case KETEN__V1__EVENT__BODY_FACT_SHARED:
        evolve_shared(plan, event->fact_shared, arena);
        break;
    case KETEN__V1__EVENT__BODY_STEP_CHANGED:
        evolve_step(plan, event->step_changed, arena);
        break;
    case KETEN__V1__EVENT__BODY_MATTER_CHANGED:
        evolve_matter(plan, event->matter_changed->row, arena);
        break;
    case KETEN__V1__EVENT__BODY_PAUSE_CHANGED: // the header tells it too
    case KETEN__V1__EVENT__BODY_PERSON_SEEN:
    case KETEN__V1__EVENT__BODY_TERM_FIRED:
    case KETEN__V1__EVENT__BODY_FEEDBACK_RELEASED:
    case KETEN__V1__EVENT__BODY_TERM_REMINDED:
    case KETEN__V1__EVENT__BODY_HANDOVER_CHANGED:
    case KETEN__V1__EVENT__BODY_PARTNER_LOADED:
    case KETEN__V1__EVENT__BODY_ARRANGEMENT_LOADED:
    case KETEN__V1__EVENT__BODY_ACKNOWLEDGED:
    case KETEN__V1__EVENT__BODY_CLOCK_ADVANCED:
    case KETEN__V1__EVENT__BODY_WORK_OPENED:
    case KETEN__V1__EVENT__BODY_WORK_DONE:
    case KETEN__V1__EVENT__BODY_DISCLOSED:
    case KETEN__V1__EVENT__BODY_HISTORY_STARTED:
    case KETEN__V1__EVENT__BODY_MEMBER_PLACED:
    case KETEN__V1__EVENT__BODY_SIGNAL_RETURNED:
    case KETEN__V1__EVENT__BODY_DEAD_CHANGED:
    case KETEN__V1__EVENT__BODY_SILENCE_CHANGED:
    case KETEN__V1__EVENT__BODY_PERSON_TRACED:
    case KETEN__V1__EVENT__BODY_PLANS_PAIRED:
        break; // no part of a plan in memory
    case KETEN__V1__EVENT__BODY__NOT_SET:
    case _KETEN__V1__EVENT__BODY__CASE_IS_INT_SIZE:
        unhandled("event without a body");
    }
}

void
evolve(Plan *plan, const Record *record, Arena *arena)
{
    if (plan->row.plan == 0)
        plan->row.plan = record->head->plan;
    for (size_t i = 0; i < record->head->n_events; i++)
        evolve_event(plan, record->head->events[i], arena);
}
