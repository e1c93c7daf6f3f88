// SPDX-License-Identifier: EUPL-1.2
// evolve: the plan after a record is a pure copy of what the record says. Knows: events and rows.
// Must never know:
// arrangements, partners, time - all that is in the record.
#include "daemon/engine/evolve.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/moves.h"

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
drop_kind(Plan *plan, const char *kind)
{
    for (size_t i = 0; i < plan->kind_count; i++)
        if (strcmp(plan->kinds[i]->kind, kind) == 0)
            plan->kinds[i] = plan->kinds[--plan->kind_count];
}

static void
set_kind(Plan *plan, FactRow *latest, uint32_t live, Arena *arena)
{
    KindRow *row = arena_take(arena, sizeof *row);
    keten__v1__kind_row__init(row);
    row->kind = latest->kind;
    row->latest = latest;
    row->live = live;
    for (size_t i = 0; i < plan->kind_count; i++) {
        if (strcmp(plan->kinds[i]->kind, latest->kind) == 0) {
            plan->kinds[i] = row;
            return;
        }
    }
    plan_add_kind(plan, arena, row);
}

static void
evolve_withdrawn(Plan *plan, const Keten__V1__FactWithdrawn *withdrawn, Arena *arena)
{
    if (withdrawn->latest == NULL)
        drop_kind(plan, withdrawn->row->kind);
    else
        set_kind(plan, withdrawn->latest, withdrawn->live, arena);
}

void
evolve_event(Plan *plan, const Event *event, Arena *arena)
{
    switch (event->body_case) {
    case KETEN__V1__EVENT__BODY_PLAN_CHANGED:
        plan->row = *event->plan_changed->row;
        break;
    case KETEN__V1__EVENT__BODY_MEMBER_JOINED:
        plan_add_member(plan, arena, event->member_joined->person);
        break;
    case KETEN__V1__EVENT__BODY_FACT_ADDED:
        if (event->fact_added->latest)
            set_kind(plan, event->fact_added->row, event->fact_added->live, arena);
        break;
    case KETEN__V1__EVENT__BODY_FACT_WITHDRAWN:
        evolve_withdrawn(plan, event->fact_withdrawn, arena);
        break;
    case KETEN__V1__EVENT__BODY_STEP_CHANGED:
        evolve_step(plan, event->step_changed, arena);
        break;
    case KETEN__V1__EVENT__BODY_PERSON_SEEN:
    case KETEN__V1__EVENT__BODY_TERM_FIRED:
    case KETEN__V1__EVENT__BODY_HANDOVER_CHANGED:
    case KETEN__V1__EVENT__BODY_PARTNER_LOADED:
    case KETEN__V1__EVENT__BODY_ARRANGEMENT_LOADED:
    case KETEN__V1__EVENT__BODY_ACKNOWLEDGED:
    case KETEN__V1__EVENT__BODY_CLOCK_ADVANCED:
    case KETEN__V1__EVENT__BODY_WORK_OPENED:
    case KETEN__V1__EVENT__BODY_WORK_DONE:
    case KETEN__V1__EVENT__BODY_DISCLOSED:
    case KETEN__V1__EVENT__BODY_HISTORY_STARTED:
        break; // no part of a plan in memory
    case KETEN__V1__EVENT__BODY__NOT_SET:
    case _KETEN__V1__EVENT__BODY__CASE_IS_INT_SIZE:
        unhandled("event without a body");
    }
}

void
evolve(Plan *plan, const Record *record, Arena *arena)
{
    for (size_t i = 0; i < record->head->n_events; i++)
        evolve_event(plan, record->head->events[i], arena);
}
