// SPDX-License-Identifier: EUPL-1.2
// See view.h. Must never know: the wire. Fails closed: what no rule shows is not seen.
#include "daemon/ledger/query/view.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/plan_pauses.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/query/visibility.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key_read.h"

static void *
list_put(Arena *arena, void *items, size_t *count, void *item)
{
    void **list = items;
    if ((*count & (*count - 1)) == 0)
        list = arena_grow(arena, items, *count, *count == 0 ? 1 : 2 * *count, sizeof *list);
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

static const ArrangementPartner *
place_of(Ledger *ledger, const Arrangement *arrangement, uint32_t partner)
{
    return agreement_partner(arrangement, ledger_partner_name(ledger, partner));
}

static bool
has_matter(MatterRow *const *matters, size_t count, uint32_t partner)
{
    for (size_t i = 0; i < count; i++)
        if (matter_is_task(matters[i], partner))
            return true;
    return false;
}

const MatterRow *
view_matter(const View *view, uint64_t matter)
{
    const MatterRow *row = plan_matter(&view->plan, matter);
    for (size_t i = 0; row == NULL && i < view->settled_count; i++)
        if (view->settled[i]->matter == matter)
            row = view->settled[i];
    return row;
}

static bool
has_step(const View *view, StepRow *const *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (step_is_visible(steps[i], view->partner, false))
            return true;
    return false;
}

// In the very plan that it asks for: what was merged with it is not for a sender to know, nor where
// a signal about people who left went on to.
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

// Closed steps and facts, of the plan and of its parts.
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
    // And what stands here of the plan that it was split off.
    for (size_t i = 0; whole && i < view->plan.kind_count; i++) {
        FactRow *fact = view->plan.kinds[i]->latest;
        if (!plan_covers(&view->plan, fact->plan))
            view->facts = list_put(view->arena, view->facts, &view->fact_count, fact);
    }
    return whole;
}

// Who was accountable for a part before it was merged still knows what became of it.
static bool
held_part(const View *view)
{
    for (size_t i = 0; i < view->plan.merged_count; i++)
        if (view->plan.merged[i]->desk == view->partner ||
            view->plan.merged[i]->coordinator == view->partner)
            return true;
    return false;
}

// A part in the plan that is more than having signalled.
static bool
has_task(const View *view)
{
    const Plan *plan = &view->plan;
    const uint32_t partner = view->partner;
    const bool away = plan->row.absence != NULL && plan->row.absence->partner == partner;
    return view->holds || away || plan->row.desk == partner || plan->row.offered_to == partner ||
           held_part(view) || has_step(view, plan->steps, plan->step_count) ||
           has_step(view, view->closed, view->closed_count) ||
           has_matter(plan->matters, plan->matter_count, partner) ||
           has_matter(view->settled, view->settled_count, partner) ||
           plan_pause_concerns(plan, partner);
}

// Who held a plan that has moved on keeps what happened until then.
static int64_t
held_until(const View *view)
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

bool
view_load(Ledger *ledger, uint32_t partner, uint64_t plan, Arena *arena, View *ret)
{
    View view = {.ledger = ledger, .arena = arena, .partner = partner, .asked = plan};
    if (!ledger_plan(ledger, plan, arena, &view.plan) || !load_closed(&view))
        return false;
    const PlanRow *row = &view.plan.row;
    view.holds = row->state == KETEN__V1__PLAN_STATE__PLAN_OPEN
                     ? plan_holder(&view.plan) == partner
                     : row->desk == partner || row->coordinator == partner;
    view.works = works_in(&view);
    view.arrangement = ledger_arrangement(ledger, row->arrangement);
    ASSERT(view.arrangement != NULL);
    view.place = place_of(ledger, view.arrangement, partner);
    view.held_ms = held_until(&view);
    view.only_held = !has_task(&view) && view.held_ms != 0;
    view.sender = !has_task(&view) && !view.only_held;
    if (view.sender && !has_signalled(&view))
        return false;
    *ret = view;
    return true;
}

const StepRow *
view_step(const View *view, uint64_t step)
{
    const StepRow *row = plan_step(&view->plan, step);
    for (size_t i = 0; row == NULL && i < view->closed_count; i++)
        if (view->closed[i]->step == step)
            row = view->closed[i];
    return row;
}

const FactRow *
view_fact(const View *view, uint64_t fact)
{
    for (size_t i = 0; i < view->fact_count; i++)
        if (view->facts[i]->fact == fact)
            return view->facts[i];
    return NULL;
}

bool
view_sees_fact(const View *view, const FactRow *fact)
{
    if (view->holds || fact->source == view->partner)
        return true;
    const Key key = key_u32(key_u64(key_of(TABLE_RECEIVED), fact->fact), view->partner);
    return state_number(view->ledger, key) != 0;
}

bool
view_sees_members(const View *view)
{
    return view->holds || view->works;
}

static bool
record_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    uint64_t *position = caller;
    (void)value;
    *position = key_read_plan_record(key, key_length).position;
    return false;
}

static uint64_t
next_record_of(const View *view, uint64_t plan, uint64_t after)
{
    const Key prefix = key_u64(key_of(TABLE_PLAN_RECORD), plan);
    const Key from = key_u64(prefix, after + 1);
    uint64_t position = 0;
    return state_each(view->ledger, &prefix, &from, record_visit, &position) ? position : 0;
}

bool
view_next_record(const View *view, uint64_t after, uint64_t *ret_position)
{
    uint64_t first = next_record_of(view, view->asked, after);
    for (size_t i = 0; view->asked == view->plan.row.plan && i < view->plan.merged_count; i++) {
        const uint64_t position = next_record_of(view, view->plan.merged[i]->plan, after);
        if (position != 0 && (first == 0 || position < first))
            first = position;
    }
    *ret_position = first != 0 ? first : *ret_position;
    return first != 0;
}

const FactKind *
view_fact_kind(const View *view, const FactRow *fact)
{
    uint32_t number = plan_reads_by(&view->plan.row, fact);
    for (size_t i = 0; i <= view->plan.merged_count; i++) {
        const PlanRow *row = i == 0 ? &view->plan.row : view->plan.merged[i - 1];
        if (row->plan == fact->plan)
            number = plan_reads_by(row, fact);
    }
    const Arrangement *then = number == 0 ? NULL : ledger_arrangement(view->ledger, number);
    return then == NULL ? NULL : agreement_fact(then, fact->kind);
}

SeenFields
view_fields(const View *view, const FactRow *fact)
{
    SeenFields seen = {0};
    const FactKind *kind = view_fact_kind(view, fact);
    const FactKind *here = agreement_fact(view->arrangement, fact->kind);
    if (kind == NULL || here == NULL || view->place == NULL)
        return seen;
    const Key key = key_u32(key_u64(key_of(TABLE_FACT_VERSION), fact->fact), fact->version);
    const Keten__V1__PartRow *part = ROW(view->ledger, key, part_row, view->arena);
    if (part == NULL)
        return seen;
    const PartBody *body = message_unpack(&keten__v1__part_body__descriptor, view->arena,
                                          part->body.data, part->body.len);
    ASSERT(body != NULL);
    seen.fields = arena_take(view->arena, (body->n_fields + 1) * sizeof *seen.fields);
    const bool secret = plan_is_secret(&view->plan);
    size_t at = 0;
    for (size_t i = 0; i < kind->n_fields && at < body->n_fields; i++) {
        if ((fact->present >> i & 1) == 0)
            continue;
        Field *field = body->fields[at++];
        const FieldKind *now = agreement_field_now(kind, i, here);
        if (now != NULL && !agreement_is_kept(kind->fields[i], secret) &&
            agreement_may_see(view->place, now, secret))
            seen.fields[seen.count++] = field;
    }
    return seen;
}
