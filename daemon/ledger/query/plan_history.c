// SPDX-License-Identifier: EUPL-1.2
// The answer of `plan history`: what happened to a plan, record by record. Knows: events of a
// record, what a view may see of each. Must never know: fields of facts.
#include <inttypes.h>

#include "daemon/engine/record/origin.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/ledger/query/cells_plan.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/sender.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/query/visibility.h"
#include "daemon/ledger/receipt.h"
#include "daemon/ledger/record.h"

static AnswerRow *
event_row(ResultTable *table, const Record *record, uint64_t position, const char *what)
{
    AnswerRow *row = table_add(table, "event");
    table_id(table, row, "position", position);
    table_instant(table, row, "at", record->head->at_ms);
    table_text(table, row, "event", what);
    table_enum(table, row, "cause", &keten__v1__cause__descriptor, (int)record->head->cause,
               "CAUSE_");
    table_partner(table, row, "partner", record->head->partner);
    return row;
}

static void
event_step(ResultTable *table, const View *view, const Record *record, uint64_t position,
           const Keten__V1__StepChanged *changed)
{
    const StepRow *step = changed->row;
    if (!step_is_visible(step, view->partner, view->holds))
        return;
    AnswerRow *row = event_row(table, record, position, "step");
    table_id(table, row, "step", step->step);
    table_number(table, row, "version", step->version);
    table_text(table, row, "kind", step->kind);
    table_state(table, row, "was", changed->was);
    table_state(table, row, "state", step->state);
    table_partner(table, row, "owner", step->owner);
    table_instant(table, row, "due", step->due_ms);
    table_text(table, row, "reason", step->reason);
}

static void
event_fact(ResultTable *table, const View *view, const Record *record, uint64_t position,
           const FactRow *fact, const char *what)
{
    if (!view_sees_fact(view, fact))
        return;
    AnswerRow *row = event_row(table, record, position, what);
    table_id(table, row, "fact", fact->fact);
    table_number(table, row, "version", fact->version);
    table_text(table, row, "kind", fact->kind);
    table_partner(table, row, "from", fact->source);
    table_text(table, row, "reason", fact->reason);
    table_id(table, row, "repeats", fact->repeats);
}

static void
event_term(ResultTable *table, const View *view, const Record *record, uint64_t position,
           const Keten__V1__TermFired *fired)
{
    const StepRow *step = fired->step == 0 ? NULL : view_step(view, fired->step);
    const MatterRow *matter = fired->matter == 0 ? NULL : view_matter(view, fired->matter);
    if (matter != NULL ? !matter_is_visible(matter, view->partner, view->holds)
        : step == NULL ? !view->holds
                       : !step_is_visible(step, view->partner, view->holds))
        return;
    AnswerRow *row = event_row(table, record, position, "term_passed");
    table_id(table, row, "step", fired->step);
    table_id(table, row, "matter", fired->matter);
    table_instant(table, row, "due", fired->due_ms);
    table_text(table, row, "level", fired->level);
}

static void
event_feedback(ResultTable *table, const View *view, const Record *record, uint64_t position,
               const Keten__V1__FeedbackReleased *released)
{
    if (!view->holds)
        return;
    AnswerRow *row = event_row(table, record, position, "feedback");
    table_id(table, row, "step", released->step);
    table_instant(table, row, "due", released->due_ms);
}

static void
event_reminded(ResultTable *table, const View *view, const Record *record, uint64_t position,
               const Keten__V1__TermReminded *reminded)
{
    const StepRow *step = view_step(view, reminded->step);
    if (step == NULL || !step_is_visible(step, view->partner, view->holds))
        return;
    AnswerRow *row = event_row(table, record, position, "reminder");
    table_id(table, row, "step", reminded->step);
    table_instant(table, row, "due", reminded->due_ms);
}

static void
event_plan(ResultTable *table, const Record *record, uint64_t position, const PlanRow *plan)
{
    AnswerRow *row = event_row(table, record, position, "plan");
    table_id(table, row, "plan", plan->plan);
    cells_plan_state(table, row, plan);
    table_id(table, row, "into", plan->into);
    table_partner(table, row, "coordinator", plan->coordinator);
    table_partner(table, row, "offered_to", plan->offered_to);
    if (plan->absence != NULL) {
        table_partner(table, row, "absent", plan->absence->partner);
        table_instant(table, row, "absent_until", plan->absence->until_ms);
    }
    table_text(table, row, "reason",
               plan->state == KETEN__V1__PLAN_STATE__PLAN_OPEN ? plan->left_reason : plan->reason);
}

static void
event_matter(ResultTable *table, const View *view, const Record *record, uint64_t position,
             const MatterRow *matter)
{
    if (!matter_is_visible(matter, view->partner, view->holds))
        return;
    AnswerRow *row = event_row(table, record, position, "matter");
    table_id(table, row, "matter", matter->matter);
    table_number(table, row, "version", matter->version);
    table_text(table, row, "kind", matter_rule(matter->kind)->name);
    table_text(table, row, "state", matter->open ? "open" : "settled");
    table_text(table, row, "level", matter_level(view->arrangement, matter));
    table_partner(table, row, "owner", matter->turn);
    table_instant(table, row, "due", matter->due_ms);
    table_text(table, row, "reason", matter->reason);
    table_text(table, row, "outcome", matter->outcome);
}

static void
event_member(ResultTable *table, const View *view, const Record *record, uint64_t position,
             const Event *event)
{
    const bool joined = event->body_case == KETEN__V1__EVENT__BODY_MEMBER_JOINED;
    const Keten__V1__MemberJoined *join = event->member_joined;
    const Keten__V1__MemberLeft *left = event->member_left;
    if (!view_sees_members(view))
        return;
    AnswerRow *row = event_row(table, record, position, joined ? "member_joined" : "member_left");
    table_text(table, row, "person",
               answer_pseudonym(view->ledger, view->partner, joined ? join->person : left->person,
                                table->arena));
    table_text(table, row, "since", joined ? join->since : left->row->since);
    table_text(table, row, "until", joined ? "" : left->row->until);
    table_text(table, row, "reason", joined ? join->why : left->row->left_why);
}

static void
event_pause(ResultTable *table, const Record *record, uint64_t position,
            const Keten__V1__PauseChanged *changed)
{
    AnswerRow *row =
        event_row(table, record, position, changed->ended ? "pause_ended" : "pause_started");
    table_names(table, row, "actions", changed->row->actions, changed->row->n_actions);
    table_instant(table, row, "due", changed->row->until_ms);
    table_text(table, row, "reason", changed->reason);
}

static void
record_events(ResultTable *table, const View *view, const Record *record, uint64_t position)
{
    for (size_t i = 0; i < record->head->n_events; i++) {
        const Event *event = record->head->events[i];
        const uint64_t origin = event_origin(event);
        if (origin != 0 && !plan_covers(&view->plan, origin))
            continue; // of a plan that was one with this one then, and is not now
        if (event->body_case == KETEN__V1__EVENT__BODY_STEP_CHANGED)
            event_step(table, view, record, position, event->step_changed);
        else if (event->body_case == KETEN__V1__EVENT__BODY_FACT_ADDED)
            event_fact(table, view, record, position, event->fact_added->row,
                       event->fact_added->row->signal ? "signal" : "fact");
        else if (event->body_case == KETEN__V1__EVENT__BODY_FACT_WITHDRAWN)
            event_fact(table, view, record, position, event->fact_withdrawn->row,
                       "signal_withdrawn");
        else if (event->body_case == KETEN__V1__EVENT__BODY_TERM_FIRED)
            event_term(table, view, record, position, event->term_fired);
        else if (event->body_case == KETEN__V1__EVENT__BODY_PAUSE_CHANGED)
            event_pause(table, record, position, event->pause_changed);
        else if (event->body_case == KETEN__V1__EVENT__BODY_MATTER_CHANGED)
            event_matter(table, view, record, position, event->matter_changed->row);
        else if (event->body_case == KETEN__V1__EVENT__BODY_MEMBER_JOINED ||
                 event->body_case == KETEN__V1__EVENT__BODY_MEMBER_LEFT)
            event_member(table, view, record, position, event);
        else if (event->body_case == KETEN__V1__EVENT__BODY_FEEDBACK_RELEASED)
            event_feedback(table, view, record, position, event->feedback_released);
        else if (event->body_case == KETEN__V1__EVENT__BODY_TERM_REMINDED)
            event_reminded(table, view, record, position, event->term_reminded);
        else if (event->body_case == KETEN__V1__EVENT__BODY_PLAN_CHANGED)
            event_plan(table, record, position, event->plan_changed->row);
    }
    const Refused *refused = record->head->refused;
    if (refused != NULL && (view->holds || record->head->partner == view->partner)) {
        AnswerRow *row = event_row(table, record, position, "refused");
        table_number(table, row, "code", refused->code);
        table_text(table, row, "detail", refused->detail);
    }
}

// Whether it is the record by which the plan left the arrangement under which the asker held it.
static bool
moves_away(const View *view, const Record *record)
{
    for (size_t i = 0; i < record->head->n_events; i++) {
        const Event *event = record->head->events[i];
        if (event->body_case != KETEN__V1__EVENT__BODY_PLAN_CHANGED)
            continue;
        const PlanRow *row = event->plan_changed->row;
        const PlanPast *past = row->n_past == 0 ? NULL : row->past[row->n_past - 1];
        if (past != NULL && past->until_ms == record->head->at_ms &&
            past->until_ms == view->held_until_ms && past->arrangement != row->arrangement)
            return true;
    }
    return false;
}

KtCode
query_history(QueryContext *context)
{
    View view;
    const char *printed = arena_format(context->table.arena, "p%" PRIu64, context->query->id);
    const KtCode code = query_view(context, context->query->id, "id", printed, &view);
    if (code != KT_OK)
        return code;
    if (view.sender)
        return sender_history(context, &view);
    Arena page = {0};
    KtCode found = KT_OK;
    uint64_t position = 0;
    bool held = view.held_until_ms != 0;
    while (found == KT_OK && !table_is_full(&context->table) &&
           view_next_record(&view, position, &position)) {
        const Record *record = record_find(context->ledger, position, &page, NULL, &found);
        if (record != NULL && (held || !view.only_past)) {
            View then = view;
            then.holds |= held;
            record_events(&context->table, &then, record, position);
            held = held && !moves_away(&view, record);
        }
        arena_reset(&page);
    }
    arena_done(&page);
    return KT_OK;
}
