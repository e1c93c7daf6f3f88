// SPDX-License-Identifier: EUPL-1.2
// Loads a view and finds the roles that the partner has in it. Knows: the roles of participants.
// Must never know: the wire, purposes of fields.
// Path: view_load takes the plan as a decision sees it, load_closed adds what is closed, has_task
// and has_signalled find the role. Failure: a plan in which the partner has no role is not there
// for it.
#include "daemon/ledger/query/view.h"

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key_read.h"

static void *
list_put(Arena *arena, void *items, size_t *count, void *item)
{
    void **list = arena_more(arena, items, *count, sizeof *list);
    list[(*count)++] = item;
    return list;
}

static bool
closed_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    View *view = caller;
    const PlanSub sub = key_read_plan(key, key_length).sub;
    if (sub == PLAN_SUB_CLOSED_STEP) {
        StepRow *row = message_unpack(&keten__v1__step_row__descriptor, view->arena, value.bytes,
                                      value.length);
        ASSERT(row != NULL);
        view->closed = list_put(view->arena, view->closed, &view->closed_count, row);
    } else if (sub == PLAN_SUB_FACT) {
        FactRow *row = message_unpack(&keten__v1__fact_row__descriptor, view->arena, value.bytes,
                                      value.length);
        ASSERT(row != NULL);
        view->facts = list_put(view->arena, view->facts, &view->fact_count, row);
    } else if (sub == PLAN_SUB_CLOSED_MATTER) {
        MatterRow *row = message_unpack(&keten__v1__matter_row__descriptor, view->arena,
                                        value.bytes, value.length);
        ASSERT(row != NULL);
        view->settled = list_put(view->arena, view->settled, &view->settled_count, row);
    }
    return true;
}

static bool
has_matter(MatterRow *const *matters, size_t count, uint32_t partner)
{
    for (size_t i = 0; i < count; i++)
        if (matter_is_task(matters[i], partner))
            return true;
    return false;
}

static bool
has_step(const View *view, StepRow *const *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (step_is_visible(steps[i], view->partner, false))
            return true;
    return false;
}

// Only signals in the very plan that was asked for count. A sender may not learn which plans were
// merged with it, nor to which plan a signal about departed members went on.
static bool
has_signalled(const View *view)
{
    for (size_t i = 0; !view->plan.row.moved_on && i < view->fact_count; i++)
        if (view->facts[i]->signal && view->facts[i]->source == view->partner &&
            view->facts[i]->plan == view->asked)
            return true;
    return false;
}

static bool
works_in(const View *view)
{
    for (size_t i = 0; i < view->plan.step_count; i++) {
        const StepRow *step = view->plan.steps[i];
        if (step->owner == view->partner && state_rule(step->state)->with_owner)
            return true;
    }
    return false;
}

// Loads what is closed: steps, matters and facts of the plan and of the plans merged into it.
static bool
load_closed(View *view)
{
    bool whole = true;
    for (size_t i = 0; whole && i <= view->plan.merged_count; i++) {
        const PlanRow *row = i == 0 ? &view->plan.row : view->plan.merged[i - 1];
        const Key prefix = key_u64(key_of(TABLE_PLAN), row->plan);
        const Key from = key_plan(row->plan, PLAN_SUB_CLOSED_STEP);
        whole = state_each(view->ledger, &prefix, &from, closed_visit, view);
    }
    // A plan that was split off also points at facts of the plan that it came from.
    for (size_t i = 0; whole && i < view->plan.kind_count; i++) {
        FactRow *fact = view->plan.kinds[i]->latest;
        if (!plan_covers(&view->plan, fact->plan))
            view->facts = list_put(view->arena, view->facts, &view->fact_count, fact);
    }
    return whole;
}

// Whether the partner is a participant, or was one of what is closed. Having signalled is not
// enough.
static bool
has_task(const View *view)
{
    return view->holds || is_participant(&view->plan, view->partner) ||
           has_step(view, view->closed, view->closed_count) ||
           has_matter(view->settled, view->settled_count, view->partner);
}

// Until when the partner was the holder before the plan moved to another arrangement; 0: it was
// not. An earlier holder keeps the sight of what happened until then.
static int64_t
holder_until(const View *view)
{
    int64_t until_ms = 0;
    for (size_t i = 0; i <= view->plan.merged_count; i++) {
        const PlanRow *row = i == 0 ? &view->plan.row : view->plan.merged[i - 1];
        for (size_t j = 0; j < row->n_past; j++)
            if (row->past[j]->desk == view->partner || row->past[j]->coordinator == view->partner)
                until_ms = row->past[j]->until_ms;
    }
    return until_ms;
}

const View *
view_load(Ledger *ledger, uint32_t partner, uint64_t plan, Arena *arena)
{
    ASSERT(ledger != NULL && arena != NULL);
    View view = {.ledger = ledger, .arena = arena, .partner = partner, .asked = plan};
    if (!ledger_plan(ledger, plan, arena, &view.plan) || !load_closed(&view))
        return NULL;
    const PlanRow *row = &view.plan.row;
    view.holds = plan_is_held_by(&view.plan, partner);
    view.works = works_in(&view);
    view.arrangement = ledger_arrangement(ledger, row->arrangement);
    ASSERT(view.arrangement != NULL);
    view.place = agreement_partner(view.arrangement, ledger_partner_name(ledger, partner));
    view.holder_until_ms = holder_until(&view);
    view.only_past = !has_task(&view) && view.holder_until_ms != 0;
    view.sender = !has_task(&view) && !view.only_past;
    if (view.sender && !has_signalled(&view))
        return NULL;
    View *loaded = arena_take(arena, sizeof *loaded);
    *loaded = view;
    return loaded;
}
