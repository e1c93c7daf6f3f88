// SPDX-License-Identifier: EUPL-1.2
// What happened to a plan, record by record. Knows: events of a record, what a view may see of
// each. Must never know: fields of facts. Names of persons are the asker's own.
#include <inttypes.h>

#include "daemon/engine/record/origin.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/ledger/query/query.h"

static AnswerRow *
event_row(Sheet *sheet, const Record *record, uint64_t position, const char *what)
{
    AnswerRow *row = sheet_add(sheet, "event");
    sheet_id(sheet, row, "position", position);
    sheet_instant(sheet, row, "at", record->head->at_ms);
    sheet_text(sheet, row, "event", what);
    sheet_enum(sheet, row, "cause", &keten__v1__cause__descriptor, (int)record->head->cause,
               "CAUSE_");
    sheet_partner(sheet, row, "partner", record->head->partner);
    return row;
}

static void
event_step(Sheet *sheet, const View *view, const Record *record, uint64_t position,
           const Keten__V1__StepChanged *changed)
{
    const StepRow *step = changed->row;
    if (!step_is_visible(step, view->partner, view->holds))
        return;
    AnswerRow *row = event_row(sheet, record, position, "step");
    sheet_id(sheet, row, "step", step->step);
    sheet_number(sheet, row, "version", step->version);
    sheet_text(sheet, row, "kind", step->kind);
    sheet_state(sheet, row, "was", changed->was);
    sheet_state(sheet, row, "state", step->state);
    sheet_partner(sheet, row, "owner", step->owner);
    sheet_instant(sheet, row, "due", step->due_ms);
    sheet_text(sheet, row, "reason", step->reason);
}

static void
event_fact(Sheet *sheet, const View *view, const Record *record, uint64_t position,
           const FactRow *fact, const char *what)
{
    if (!view_sees_fact(view, fact))
        return;
    AnswerRow *row = event_row(sheet, record, position, what);
    sheet_id(sheet, row, "fact", fact->fact);
    sheet_number(sheet, row, "version", fact->version);
    sheet_text(sheet, row, "kind", fact->kind);
    sheet_partner(sheet, row, "from", fact->source);
    sheet_text(sheet, row, "reason", fact->reason);
    sheet_id(sheet, row, "repeats", fact->repeats);
}

static void
event_term(Sheet *sheet, const View *view, const Record *record, uint64_t position,
           const Keten__V1__TermFired *fired)
{
    const StepRow *step = fired->step == 0 ? NULL : view_step(view, fired->step);
    const MatterRow *matter = fired->matter == 0 ? NULL : view_matter(view, fired->matter);
    if (matter != NULL ? !matter_is_visible(matter, view->partner, view->holds)
        : step == NULL ? !view->holds
                       : !step_is_visible(step, view->partner, view->holds))
        return;
    AnswerRow *row = event_row(sheet, record, position, "term_passed");
    sheet_id(sheet, row, "step", fired->step);
    sheet_id(sheet, row, "matter", fired->matter);
    sheet_instant(sheet, row, "due", fired->due_ms);
    sheet_text(sheet, row, "level", fired->level);
}

static void
event_feedback(Sheet *sheet, const View *view, const Record *record, uint64_t position,
               const Keten__V1__FeedbackReleased *released)
{
    if (!view->holds)
        return;
    AnswerRow *row = event_row(sheet, record, position, "feedback");
    sheet_id(sheet, row, "step", released->step);
    sheet_instant(sheet, row, "due", released->due_ms);
}

static void
event_reminded(Sheet *sheet, const View *view, const Record *record, uint64_t position,
               const Keten__V1__TermReminded *reminded)
{
    const StepRow *step = view_step(view, reminded->step);
    if (step == NULL || !step_is_visible(step, view->partner, view->holds))
        return;
    AnswerRow *row = event_row(sheet, record, position, "reminder");
    sheet_id(sheet, row, "step", reminded->step);
    sheet_instant(sheet, row, "due", reminded->due_ms);
}

static void
event_plan(Sheet *sheet, const Record *record, uint64_t position, const PlanRow *plan)
{
    AnswerRow *row = event_row(sheet, record, position, "plan");
    sheet_id(sheet, row, "plan", plan->plan);
    sheet_plan_state(sheet, row, plan);
    sheet_id(sheet, row, "into", plan->into);
    sheet_partner(sheet, row, "coordinator", plan->coordinator);
    sheet_partner(sheet, row, "offered_to", plan->offered_to);
    if (plan->absence != NULL) {
        sheet_partner(sheet, row, "absent", plan->absence->partner);
        sheet_instant(sheet, row, "absent_until", plan->absence->until_ms);
    }
    sheet_text(sheet, row, "reason",
               plan->state == KETEN__V1__PLAN_STATE__PLAN_OPEN ? plan->left_reason : plan->reason);
}

static void
event_matter(Sheet *sheet, const View *view, const Record *record, uint64_t position,
             const MatterRow *matter)
{
    if (!matter_is_visible(matter, view->partner, view->holds))
        return;
    AnswerRow *row = event_row(sheet, record, position, "matter");
    sheet_id(sheet, row, "matter", matter->matter);
    sheet_number(sheet, row, "version", matter->version);
    sheet_text(sheet, row, "kind", matter_rule(matter->kind)->name);
    sheet_text(sheet, row, "state", matter->open ? "open" : "settled");
    sheet_text(sheet, row, "level", matter_level(view->arrangement, matter));
    sheet_partner(sheet, row, "owner", matter->turn);
    sheet_instant(sheet, row, "due", matter->due_ms);
    sheet_text(sheet, row, "reason", matter->reason);
    sheet_text(sheet, row, "outcome", matter->outcome);
}

static void
event_member(Sheet *sheet, const View *view, const Record *record, uint64_t position,
             const Event *event)
{
    const bool joined = event->body_case == KETEN__V1__EVENT__BODY_MEMBER_JOINED;
    const Keten__V1__MemberJoined *join = event->member_joined;
    const Keten__V1__MemberLeft *left = event->member_left;
    if (!view_sees_members(view))
        return;
    AnswerRow *row = event_row(sheet, record, position, joined ? "member_joined" : "member_left");
    sheet_text(sheet, row, "person",
               answer_pseudonym(view->ledger, view->partner, joined ? join->person : left->person,
                                sheet->arena));
    sheet_text(sheet, row, "since", joined ? join->since : left->row->since);
    sheet_text(sheet, row, "until", joined ? "" : left->row->until);
    sheet_text(sheet, row, "reason", joined ? join->why : left->row->left_why);
}

static void
event_pause(Sheet *sheet, const Record *record, uint64_t position,
            const Keten__V1__PauseChanged *changed)
{
    AnswerRow *row =
        event_row(sheet, record, position, changed->ended ? "pause_ended" : "pause_started");
    sheet_names(sheet, row, "actions", changed->row->actions, changed->row->n_actions);
    sheet_instant(sheet, row, "due", changed->row->until_ms);
    sheet_text(sheet, row, "reason", changed->reason);
}

static void
record_events(Sheet *sheet, const View *view, const Record *record, uint64_t position)
{
    for (size_t i = 0; i < record->head->n_events; i++) {
        const Event *event = record->head->events[i];
        const uint64_t origin = event_origin(event);
        if (origin != 0 && !plan_covers(&view->plan, origin))
            continue; // of a plan that was one with this one then, and is not now
        if (event->body_case == KETEN__V1__EVENT__BODY_STEP_CHANGED)
            event_step(sheet, view, record, position, event->step_changed);
        else if (event->body_case == KETEN__V1__EVENT__BODY_FACT_ADDED)
            event_fact(sheet, view, record, position, event->fact_added->row,
                       event->fact_added->row->signal ? "signal" : "fact");
        else if (event->body_case == KETEN__V1__EVENT__BODY_FACT_WITHDRAWN)
            event_fact(sheet, view, record, position, event->fact_withdrawn->row,
                       "signal_withdrawn");
        else if (event->body_case == KETEN__V1__EVENT__BODY_TERM_FIRED)
            event_term(sheet, view, record, position, event->term_fired);
        else if (event->body_case == KETEN__V1__EVENT__BODY_PAUSE_CHANGED)
            event_pause(sheet, record, position, event->pause_changed);
        else if (event->body_case == KETEN__V1__EVENT__BODY_MATTER_CHANGED)
            event_matter(sheet, view, record, position, event->matter_changed->row);
        else if (event->body_case == KETEN__V1__EVENT__BODY_MEMBER_JOINED ||
                 event->body_case == KETEN__V1__EVENT__BODY_MEMBER_LEFT)
            event_member(sheet, view, record, position, event);
        else if (event->body_case == KETEN__V1__EVENT__BODY_FEEDBACK_RELEASED)
            event_feedback(sheet, view, record, position, event->feedback_released);
        else if (event->body_case == KETEN__V1__EVENT__BODY_TERM_REMINDED)
            event_reminded(sheet, view, record, position, event->term_reminded);
        else if (event->body_case == KETEN__V1__EVENT__BODY_PLAN_CHANGED)
            event_plan(sheet, record, position, event->plan_changed->row);
    }
    const Refused *refused = record->head->refused;
    if (refused != NULL && (view->holds || record->head->partner == view->partner)) {
        AnswerRow *row = event_row(sheet, record, position, "refused");
        sheet_number(sheet, row, "code", refused->code);
        sheet_text(sheet, row, "detail", refused->detail);
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
            past->until_ms == view->held_ms && past->arrangement != row->arrangement)
            return true;
    }
    return false;
}

KtCode
query_history(Asking *asking)
{
    View view;
    const char *printed = arena_format(asking->sheet.arena, "p%" PRIu64, asking->query->id);
    const KtCode code = asking_view(asking, asking->query->id, "id", printed, &view);
    if (code != KT_OK)
        return code;
    if (view.sender)
        return sender_history(asking, &view);
    Arena page = {0};
    KtCode found = KT_OK;
    uint64_t position = 0;
    bool held = view.held_ms != 0;
    while (found == KT_OK && !sheet_is_full(&asking->sheet) &&
           view_next_record(&view, position, &position)) {
        const Record *record = record_find(asking->ledger, position, &page, NULL, &found);
        if (record != NULL && (held || !view.only_held)) {
            View then = view;
            then.holds |= held;
            record_events(&asking->sheet, &then, record, position);
            held = held && !moves_away(&view, record);
        }
        arena_reset(&page);
    }
    arena_done(&page);
    return KT_OK;
}
