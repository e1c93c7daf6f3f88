// SPDX-License-Identifier: EUPL-1.2
// Tells the events of one record, a function an event. Knows: which event gets which row. Must
// never know: fields of facts. Names of persons are the asker's own pseudonyms.
// Path: history_events looks each event up in the table `tellers`; a teller adds a row unless the
// view may not see the event.
#include "daemon/ledger/query/history_events.h"

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/query/cells_plan.h"
#include "daemon/ledger/query/cells_step.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/receipt.h"

// One record, the answer that it is told in, and the view of the asker.
typedef struct Telling {
    QueryContext *context;
    ResultTable *table; // of the context
    const View *view;
    const Record *record;
    uint64_t position; // of the record
    bool *named;       // set when the name of a worker is shown
} Telling;

static AnswerRow *
event_row(const Telling *at, const char *name)
{
    ResultTable *table = at->table;
    AnswerRow *row = table_add(table, "event");
    table_id(table, row, "position", at->position);
    table_instant(table, row, "at", at->record->head->at_ms);
    table_text(table, row, "event", name);
    table_enum(table, row, "cause", &keten__v1__cause__descriptor, (int)at->record->head->cause,
               "CAUSE_");
    table_partner(table, row, "partner", at->record->head->partner);
    return row;
}

static void
event_step(const Telling *at, const Event *event)
{
    const Keten__V1__StepChanged *changed = event->step_changed;
    const StepRow *step = changed->row;
    if (!step_is_visible(step, at->view->partner, at->view->holds))
        return;
    AnswerRow *row = event_row(at, "step");
    table_id(at->table, row, "step", step->step);
    table_number(at->table, row, "version", step->version);
    table_text(at->table, row, "kind", step->kind);
    table_state(at->table, row, "was", changed->was);
    table_state(at->table, row, "state", step->state);
    table_partner(at->table, row, "owner", step->owner);
    table_instant(at->table, row, "due", step->due_ms);
    table_text(at->table, row, "reason", step->reason);
    if (at->record->head->cause == KETEN__V1__CAUSE__CAUSE_STEP_ASSIGN)
        *at->named |= cells_worker(at->context, at->view, row, step->owner, step->owner_worker);
}

static void
add_fact_event(const Telling *at, const FactRow *fact, const char *name)
{
    if (!view_sees_fact(at->view, fact))
        return;
    AnswerRow *row = event_row(at, name);
    table_id(at->table, row, "fact", fact->fact);
    table_number(at->table, row, "version", fact->version);
    table_text(at->table, row, "kind", fact->kind);
    table_partner(at->table, row, "from", fact->source);
    table_text(at->table, row, "reason", fact->reason);
    table_id(at->table, row, "repeats", fact->repeats);
}

static void
event_fact(const Telling *at, const Event *event)
{
    const FactRow *fact = event->fact_added->row;
    add_fact_event(at, fact, fact->signal ? "signal" : "fact");
}

static void
event_withdrawn(const Telling *at, const Event *event)
{
    add_fact_event(at, event->fact_withdrawn->row, "signal_withdrawn");
}

static void
event_term(const Telling *at, const Event *event)
{
    const Keten__V1__TermFired *fired = event->term_fired;
    const StepRow *step = fired->step == 0 ? NULL : view_step(at->view, fired->step);
    const MatterRow *matter = fired->matter == 0 ? NULL : view_matter(at->view, fired->matter);
    if (matter != NULL ? !matter_is_visible(matter, at->view->partner, at->view->holds)
        : step == NULL ? !at->view->holds
                       : !step_is_visible(step, at->view->partner, at->view->holds))
        return;
    AnswerRow *row = event_row(at, "term_passed");
    table_id(at->table, row, "step", fired->step);
    table_id(at->table, row, "matter", fired->matter);
    table_instant(at->table, row, "due", fired->due_ms);
    table_text(at->table, row, "level", fired->level);
}

static void
event_feedback(const Telling *at, const Event *event)
{
    const Keten__V1__FeedbackReleased *released = event->feedback_released;
    if (!at->view->holds)
        return;
    AnswerRow *row = event_row(at, "feedback");
    table_id(at->table, row, "step", released->step);
    table_instant(at->table, row, "due", released->due_ms);
}

static void
event_reminded(const Telling *at, const Event *event)
{
    const Keten__V1__TermReminded *reminded = event->term_reminded;
    const StepRow *step = view_step(at->view, reminded->step);
    if (step == NULL || !step_is_visible(step, at->view->partner, at->view->holds))
        return;
    AnswerRow *row = event_row(at, "reminder");
    table_id(at->table, row, "step", reminded->step);
    table_instant(at->table, row, "due", reminded->due_ms);
}

static void
event_plan(const Telling *at, const Event *event)
{
    const PlanRow *plan = event->plan_changed->row;
    AnswerRow *row = event_row(at, "plan");
    table_id(at->table, row, "plan", plan->plan);
    cells_plan_state(at->table, row, plan);
    table_id(at->table, row, "into", plan->into);
    table_partner(at->table, row, "coordinator", plan->coordinator);
    table_partner(at->table, row, "offered_to", plan->offered_to);
    cells_absence(at->table, row, plan);
    table_text(at->table, row, "reason",
               plan->state == KETEN__V1__PLAN_STATE__PLAN_OPEN ? plan->left_reason : plan->reason);
}

static void
event_matter(const Telling *at, const Event *event)
{
    const MatterRow *matter = event->matter_changed->row;
    if (!matter_is_visible(matter, at->view->partner, at->view->holds))
        return;
    AnswerRow *row = event_row(at, "matter");
    table_id(at->table, row, "matter", matter->matter);
    table_number(at->table, row, "version", matter->version);
    table_text(at->table, row, "kind", matter_rule(matter->kind)->name);
    table_text(at->table, row, "state", matter->open ? "open" : "settled");
    table_text(at->table, row, "level", matter_level(at->view->arrangement, matter));
    table_partner(at->table, row, "owner", matter->turn);
    table_instant(at->table, row, "due", matter->due_ms);
    table_text(at->table, row, "reason", matter->reason);
    table_text(at->table, row, "outcome", matter->outcome);
}

// NULL when the view may not see the members.
static AnswerRow *
member_row(const Telling *at, const char *name, uint64_t person)
{
    if (!view_sees_members(at->view))
        return NULL;
    AnswerRow *row = event_row(at, name);
    table_text(at->table, row, "person",
               answer_pseudonym(at->view->ledger, at->view->partner, person, at->table->arena));
    return row;
}

static void
event_joined(const Telling *at, const Event *event)
{
    const Keten__V1__MemberJoined *joined = event->member_joined;
    AnswerRow *row = member_row(at, "member_joined", joined->person);
    if (row == NULL)
        return;
    table_text(at->table, row, "since", joined->since);
    table_text(at->table, row, "reason", joined->why);
}

static void
event_left(const Telling *at, const Event *event)
{
    const Keten__V1__MemberLeft *left = event->member_left;
    AnswerRow *row = member_row(at, "member_left", left->person);
    if (row == NULL)
        return;
    table_text(at->table, row, "since", left->row->since);
    table_text(at->table, row, "until", left->row->until);
    table_text(at->table, row, "reason", left->row->left_why);
}

static void
event_pause(const Telling *at, const Event *event)
{
    const Keten__V1__PauseChanged *changed = event->pause_changed;
    AnswerRow *row = event_row(at, changed->ended ? "pause_ended" : "pause_started");
    table_names(at->table, row, "actions", changed->row->actions, changed->row->n_actions);
    table_instant(at->table, row, "due", changed->row->until_ms);
    table_text(at->table, row, "reason", changed->reason);
}

typedef void (*EventTeller)(const Telling *at, const Event *event);

// The other events leave no row.
#define TOLD(NAME, TELLER) [KETEN__V1__EVENT__BODY_##NAME] = (TELLER)
static const EventTeller tellers[] = {
    TOLD(STEP_CHANGED, event_step),          TOLD(FACT_ADDED, event_fact),
    TOLD(FACT_WITHDRAWN, event_withdrawn),   TOLD(TERM_FIRED, event_term),
    TOLD(PAUSE_CHANGED, event_pause),        TOLD(MATTER_CHANGED, event_matter),
    TOLD(MEMBER_JOINED, event_joined),       TOLD(MEMBER_LEFT, event_left),
    TOLD(FEEDBACK_RELEASED, event_feedback), TOLD(TERM_REMINDED, event_reminded),
    TOLD(PLAN_CHANGED, event_plan),
};

static EventTeller
teller_of(const Event *event)
{
    const size_t at = (size_t)event->body_case;
    return at < sizeof tellers / sizeof tellers[0] ? tellers[at] : NULL;
}

// An event may have begun in a plan that was merged with this one then, and is not now.
static bool
is_of_plan(const View *view, const Event *event)
{
    const uint64_t origin = event_origin(event);
    return origin == 0 || plan_covers(&view->plan, origin);
}

static void
event_refused(const Telling *at, const Refused *refused)
{
    if (!at->view->holds && at->record->head->partner != at->view->partner)
        return;
    AnswerRow *row = event_row(at, "refused");
    table_number(at->table, row, "code", refused->code);
    table_text(at->table, row, "detail", refused->detail);
}

bool
history_events(QueryContext *context, const View *view, const Record *record, uint64_t position)
{
    ASSERT(record != NULL && record->head != NULL);
    bool named = false;
    const Telling at = {context, &context->table, view, record, position, &named};
    const Head *head = record->head;
    for (size_t i = 0; i < head->n_events; i++) {
        const EventTeller tell = teller_of(head->events[i]);
        if (tell != NULL && is_of_plan(view, head->events[i]))
            tell(&at, head->events[i]);
    }
    if (head->refused != NULL)
        event_refused(&at, head->refused);
    return named;
}
