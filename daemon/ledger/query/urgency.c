// SPDX-License-Identifier: EUPL-1.2
// Finds the most urgent thing of a plan and since when it is late. Knows: due instants, rungs,
// records. Must never know: queries.
// Path: urgent_of compares everything open that the partner may see; urgent_since walks the records
// back to the one before the thing was late. Failure: damage gives 0, not known; the ledger failed.
#include "daemon/ledger/query/urgency.h"

#include "base/assert.h"
#include "daemon/ledger/record.h"
#include "daemon/ledger/rows.h"
#include "store/key_read.h"

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
    ASSERT(plan != NULL);
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

// How the urgent thing stood after an event.
typedef struct Standing {
    bool told; // the event is about the thing
    bool late;
    int64_t was_due_ms; // the due instant before the event
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

// Positions of the records of one plan, ascending.
typedef struct Positions {
    Arena arena;
    uint64_t *items;
    size_t count;
} Positions;

static bool
position_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Positions *positions = caller;
    (void)value;
    positions->items =
        arena_more(&positions->arena, positions->items, positions->count, sizeof *positions->items);
    positions->items[positions->count++] = key_read_plan_record(key, key_length).position;
    return true;
}

// The plan under which the thing is stored; its records are stored there too.
static uint64_t
began_in(const Plan *plan, const Urgent *urgent)
{
    if (urgent->kind == URGENT_STEP)
        return plan_step(plan, urgent->id)->plan;
    return urgent->kind == URGENT_MATTER ? plan_matter(plan, urgent->id)->plan : plan->row.plan;
}

// Goes back through one record. True when the thing was not late yet: *since_ms is then the due
// instant that passed first.
static bool
record_ends(const Record *record, const Urgent *urgent, int64_t *since_ms)
{
    for (size_t i = record->head->n_events; i > 0; i--) {
        const Standing standing = standing_after(record->head->events[i - 1], urgent);
        if (standing.told && !standing.late)
            return true;
        if (standing.told)
            *since_ms = standing.was_due_ms;
    }
    return false;
}

int64_t
urgent_since(Ledger *ledger, const Plan *plan, const Urgent *urgent)
{
    ASSERT(ledger != NULL && plan != NULL && urgent != NULL);
    Arena page = {0};
    Positions positions = {.count = 0};
    KtCode code = KT_OK;
    int64_t since_ms = 0;
    if (!urgent->late)
        return 0;
    const Key prefix = key_u64(key_of(TABLE_PLAN_RECORD), began_in(plan, urgent));
    (void)state_each(ledger, &prefix, NULL, position_visit, &positions);
    for (size_t i = positions.count; i > 0 && code == KT_OK; i--) {
        const Record *record = record_find(ledger, positions.items[i - 1], &page, NULL, &code);
        if (record != NULL && record_ends(record, urgent, &since_ms))
            break;
        arena_reset(&page);
    }
    arena_done(&page);
    arena_done(&positions.arena);
    return since_ms;
}

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
