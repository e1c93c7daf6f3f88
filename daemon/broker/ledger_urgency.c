// SPDX-License-Identifier: EUPL-1.2
// See ledger_urgency.h. Must never know: queries.
#include "daemon/broker/ledger_urgency.h"

#include "base/assert.h"
#include "daemon/broker/ledger_view.h"

int
urgent_compare(const Urgent *a, const Urgent *b)
{
    if (a->late != b->late)
        return a->late ? -1 : 1;
    if (a->late && a->rung != b->rung)
        return a->rung > b->rung ? -1 : 1;
    if (a->due_ms != b->due_ms)
        return a->due_ms < b->due_ms ? -1 : 1;
    return (a->plan > b->plan) - (a->plan < b->plan);
}

static void
consider(Urgent *most, Urgent other)
{
    if (other.due_ms == 0)
        return;
    if (most->kind == URGENT_NOTHING || urgent_compare(&other, most) < 0)
        *most = other;
}

Urgent
urgent_of(const Plan *plan, uint32_t partner)
{
    const PlanRow *row = &plan->row;
    const bool holds = plan_holder(plan) == partner;
    Urgent most = {.plan = row->plan, .kind = URGENT_NOTHING};
    for (size_t i = 0; i < plan->step_count; i++) {
        const StepRow *step = plan->steps[i];
        if (step_is_visible(step, partner, holds))
            consider(&most, (Urgent){row->plan, URGENT_STEP, step->step, step->late, step->rung,
                                     step->due_ms});
    }
    for (size_t i = 0; i < plan->matter_count; i++) {
        const MatterRow *matter = plan->matters[i];
        if (holds || matter_is_task(matter, partner))
            consider(&most, (Urgent){row->plan, URGENT_MATTER, matter->matter, matter->late,
                                     matter->rung, matter->due_ms});
    }
    if (holds || row->offered_to == partner)
        consider(&most, (Urgent){row->plan, URGENT_OFFER, 0, row->coordinator_rung > 0,
                                 row->coordinator_rung, row->coordinator_due_ms});
    if (holds)
        consider(&most, (Urgent){row->plan, URGENT_REVIEW, 0, row->review_rung > 0,
                                 row->review_rung, row->review_due_ms});
    return most;
}

// ---- since when ---------------------------------------------------------------------------------

// What one event says of the thing: whether it was late after it, and what had been due before.
typedef struct Standing {
    bool told, late;
    int64_t was_due_ms;
} Standing;

static Standing
standing_after(const Event *event, const Urgent *urgent)
{
    if (urgent->kind == URGENT_STEP && event->body_case == KETEN__V1__EVENT__BODY_STEP_CHANGED &&
        event->step_changed->row->step == urgent->id)
        return (Standing){true, event->step_changed->row->late, event->step_changed->was_due_ms};
    if (urgent->kind == URGENT_MATTER &&
        event->body_case == KETEN__V1__EVENT__BODY_MATTER_CHANGED &&
        event->matter_changed->row->matter == urgent->id)
        return (Standing){true, event->matter_changed->row->late,
                          event->matter_changed->was_due_ms};
    if (event->body_case != KETEN__V1__EVENT__BODY_PLAN_CHANGED ||
        event->plan_changed->row->plan != urgent->plan)
        return (Standing){.told = false};
    const Keten__V1__PlanChanged *changed = event->plan_changed;
    if (urgent->kind == URGENT_OFFER)
        return (Standing){true, changed->row->coordinator_rung > 0,
                          changed->was_coordinator_due_ms};
    if (urgent->kind == URGENT_REVIEW)
        return (Standing){true, changed->row->review_rung > 0, changed->was_review_due_ms};
    return (Standing){.told = false};
}

static void
take_record(const Record *record, const Urgent *urgent, bool *late, int64_t *since_ms)
{
    for (size_t i = 0; i < record->head->n_events; i++) {
        const Standing standing = standing_after(record->head->events[i], urgent);
        if (!standing.told)
            continue;
        if (standing.late && !*late)
            *since_ms = standing.was_due_ms;
        *late = standing.late;
    }
}

int64_t
urgent_since(Ledger *ledger, const Plan *plan, const Urgent *urgent)
{
    View view = {.ledger = ledger, .plan = *plan, .asked = plan->row.plan};
    Arena page = {0};
    KtCode code = KT_OK;
    uint64_t position = 0;
    bool late = false;
    int64_t since_ms = 0;
    while (urgent->late && code == KT_OK && view_next_record(&view, position, &position)) {
        const Record *record = record_find(ledger, position, &page, NULL, &code);
        if (record != NULL)
            take_record(record, urgent, &late, &since_ms);
        arena_reset(&page);
    }
    arena_done(&page);
    return late ? since_ms : 0;
}

// ---- owned --------------------------------------------------------------------------------------

const char *
plan_unowned(Ledger *ledger, const Plan *plan)
{
    const char *broken = plan_check(plan);
    if (broken != NULL)
        return broken;
    const PartnerRow *holder = ledger_partner(ledger, plan_holder(plan));
    if (holder == NULL)
        return "held by no recorded partner";
    return holder->revoked ? "held by a partner that was revoked" : NULL;
}
