// SPDX-License-Identifier: EUPL-1.2
// See facts.h. Must never know: commands, terms.
//
// The path of a fact: fact_add → fact_row and its personal part → event_fact → fact_to_holder,
// fact_to_workers. Then fact_links → follow_link for each link that matches → step_start, or attach
// where a step of the kind is open → steps_offer_waiting.
#include "daemon/engine/rules/facts.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/fact_visibility.h"
#include "daemon/engine/rules/feedback.h"
#include "daemon/engine/rules/steps.h"
#include "proto/limits.h"

static bool
needs(const StepKind *kind, const char *fact)
{
    for (size_t i = 0; i < kind->n_needs; i++)
        if (strcmp(kind->needs[i], fact) == 0)
            return true;
    return false;
}

void
fact_to_workers(Draft *draft, const FactRow *fact)
{
    const ItemKind item = fact_item_kind(fact);
    for (size_t i = 0; i < draft->plan.step_count; i++) {
        const StepRow *step = draft->plan.steps[i];
        const StepKind *kind = agreement_step(draft->arrangement, step->kind);
        if (state_rule(step->state)->with_owner && step->owner != fact->source &&
            needs(kind, fact->kind))
            fact_tell(draft, step->owner, item, fact);
    }
}

static void
fact_to_holder(Draft *draft, const FactRow *fact)
{
    const uint32_t holder = plan_holder(&draft->plan);
    if (holder != fact->source)
        fact_tell(draft, holder, fact_item_kind(fact), fact);
}

void
fact_mark(Draft *draft, FactRow *fact)
{
    const PlanRow *header = plan_header(&draft->plan, fact->plan);
    fact->arrangement = header->n_past > 0 ? header->arrangement : 0;
}

// A new fact, of the plan where its step or the draft's origin lies. `step` NULL: a signal.
static FactRow *
fact_row(Draft *draft, const FactKind *kind, const Values *values, uint32_t source, uint64_t person,
         const StepRow *step)
{
    PartBody body = KETEN__V1__PART_BODY__INIT;
    body.n_fields = values->count;
    body.fields = values->fields;
    FactRow *row = NEW(draft->arena, FactRow, fact_row);
    const uint64_t origin = step == NULL ? draft->origin : step->plan;
    const KindRow *before = plan_kind_at(&draft->plan, origin, kind->name);
    row->fact = draft->counters.fact++;
    draft->numbered = true;
    row->plan = origin;
    row->version = 1;
    row->kind = kind->name;
    row->source = source;
    row->signal = step == NULL;
    row->step = step == NULL ? 0 : step->step;
    row->person = person;
    row->at_ms = draft->now_ms;
    row->previous = before == NULL ? 0 : before->latest->fact;
    row->present = values->present;
    fact_mark(draft, row);
    row->part = draft_personal_part(draft, person, &body);
    return row;
}

static void
event_fact(Draft *draft, FactRow *row)
{
    const KindRow *before = plan_kind_at(&draft->plan, row->plan, row->kind);
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_FACT_ADDED;
    event.fact_added = NEW(draft->arena, Keten__V1__FactAdded, fact_added);
    event.fact_added->row = row;
    event.fact_added->live = before == NULL ? 1 : before->live + 1;
    event.fact_added->latest = true;
    draft_event(draft, &event);
}

FactRow *
fact_add(Draft *draft, const FactKind *kind, const Values *values, uint32_t source, uint64_t person,
         const StepRow *step)
{
    FactRow *row = fact_row(draft, kind, values, source, person, step);
    event_fact(draft, row);
    fact_to_holder(draft, row);
    fact_to_workers(draft, row);
    return row;
}

FactRow *
fact_note(Draft *draft, const FactKind *kind, const Values *values, uint32_t source,
          uint64_t person, uint64_t repeats)
{
    FactRow *row = fact_row(draft, kind, values, source, person, NULL);
    row->repeats = repeats;
    event_fact(draft, row);
    plan_header(&draft->plan, row->plan)->repeats++;
    fact_to_holder(draft, row);
    return row;
}

static bool
link_matches(const Draft *draft, const Link *link, const FactRow *fact, const Values *values)
{
    if (strcmp(link->on, fact->kind) != 0)
        return false;
    const ArrangementPartner *source =
        partner_place(draft->context, draft->arrangement, fact->source);
    if (link->from != KETEN__V1__PARTNER_KIND__PARTNER_KIND_UNSPECIFIED &&
        (source == NULL || !agreement_from(link, source)))
        return false;
    return filters_match(link->when, link->n_when, values);
}

// Only one step of a kind is open in a plan. A signal that would start another joins the open
// step, and its sender gets the feedback.
static void
attach(Draft *draft, const StepRow *step, const FactRow *fact)
{
    if (!fact->signal || step->n_senders >= LIMIT_SENDERS_PER_STEP ||
        feedback_has_sender(step, fact->source))
        return;
    StepRow *row = NEW(draft->arena, StepRow, step_row);
    *row = *step;
    feedback_sender(draft, row, fact);
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_STEP_CHANGED;
    event.step_changed = NEW(draft->arena, Keten__V1__StepChanged, step_changed);
    event.step_changed->row = row;
    event.step_changed->was = step->state;
    event.step_changed->was_due_ms = step->due_ms;
    draft_event(draft, &event);
}

static void
follow_link(Draft *draft, const Link *link, const FactRow *fact)
{
    const StepRow *open = plan_step_of_kind(&draft->plan, fact->plan, link->start);
    if (open != NULL) {
        attach(draft, open, fact);
        return;
    }
    const StepKind *kind = agreement_step(draft->arrangement, link->start);
    ASSERT(kind != NULL);
    const uint32_t owner = partner_number(draft->context, kind->owner);
    ASSERT(owner != 0);
    step_start(draft, kind, fact, fact->signal ? 0 : fact->source, owner);
}

void
fact_links(Draft *draft, const FactRow *fact, const Values *values)
{
    const Arrangement *arrangement = draft->arrangement;
    for (size_t i = 0; i < arrangement->n_links; i++) {
        const Link *link = arrangement->links[i];
        if (!link->end && link_matches(draft, link, fact, values))
            follow_link(draft, link, fact);
    }
    steps_offer_waiting(draft);
}

void
fact_joins(Draft *draft, const FactRow *fact, const Values *values)
{
    const Arrangement *arrangement = draft->arrangement;
    for (size_t i = 0; i < arrangement->n_links; i++) {
        const Link *link = arrangement->links[i];
        const StepRow *open =
            link->end ? NULL : plan_step_of_kind(&draft->plan, fact->plan, link->start);
        if (open != NULL && link_matches(draft, link, fact, values))
            attach(draft, open, fact);
    }
}

size_t
fact_links_count(const Arrangement *arrangement, const char *kind, const Values *values)
{
    size_t count = 0;
    for (size_t i = 0; i < arrangement->n_links; i++)
        if (strcmp(arrangement->links[i]->on, kind) == 0 &&
            filters_match(arrangement->links[i]->when, arrangement->links[i]->n_when, values))
            count++;
    return count;
}
