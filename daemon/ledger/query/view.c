// SPDX-License-Identifier: EUPL-1.2
// Looks up rows, records and fields in a loaded view. Knows: purposes, the arrangement under which
// a fact was given. Must never know: the wire.
// Fails closed: a field is hidden unless the partner has a purpose for it under the arrangement
// that the plan has now.
#include "daemon/ledger/query/view.h"

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"
#include "store/key_read.h"

const MatterRow *
view_matter(const View *view, uint64_t matter)
{
    const MatterRow *row = plan_matter(&view->plan, matter);
    for (size_t i = 0; row == NULL && i < view->settled_count; i++)
        if (view->settled[i]->matter == matter)
            row = view->settled[i];
    return row;
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

const Arrangement *
view_given_under(const View *view, const FactRow *fact)
{
    const PlanRow *header = &view->plan.row;
    for (size_t i = 0; i < view->plan.merged_count; i++)
        if (view->plan.merged[i]->plan == fact->plan)
            header = view->plan.merged[i];
    return ledger_arrangement(view->ledger, plan_reads_by(header, fact));
}

const FactKind *
view_fact_kind(const View *view, const FactRow *fact)
{
    const Arrangement *then = view_given_under(view, fact);
    return then == NULL ? NULL : agreement_fact(then, fact->kind);
}

SeenFields
view_fields(const View *view, const FactRow *fact)
{
    ASSERT(view != NULL && fact != NULL);
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
    FieldWalk walk = field_walk(fact, kind, FIELD_SET_ALL);
    PresentField present;
    while (field_next(&walk, &present) && present.place < body->n_fields) {
        const FieldKind *now = agreement_field_now(kind, present.at, here);
        if (now != NULL && !agreement_hides(present.field, secret) &&
            agreement_may_see(view->place, now, secret))
            seen.fields[seen.count++] = body->fields[present.place];
    }
    return seen;
}
