// SPDX-License-Identifier: EUPL-1.2
// Tells why something waits. Knows: open steps and matters of a view, pauses, a plan at rest. Must
// never know: records, values.
// Path: why_waits picks one step, one matter, or the whole plan: coordination, merged plans, steps,
// the pause, matters, kept feedback, and the rest of a plan without steps.
#include "daemon/ledger/query/why_waits.h"

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/query/cells_matter.h"
#include "daemon/ledger/query/cells_partner.h"
#include "daemon/ledger/query/cells_plan.h"
#include "daemon/ledger/query/cells_step.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/rule.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/query/why_coordination.h"
#include "daemon/ledger/query/why_feedback.h"

static const char *
missing_needs(const View *view, const StepRow *step, Arena *arena)
{
    const StepKind *kind = agreement_step(view->arrangement, step->kind);
    const char *text = "";
    for (size_t i = 0; kind != NULL && i < kind->n_needs; i++)
        if (plan_kind(&view->plan, kind->needs[i]) == NULL)
            text = text[0] == '\0' ? kind->needs[i]
                                   : arena_format(arena, "%s, %s", text, kind->needs[i]);
    return text;
}

static const char *
then_of(const View *view, const StepRow *step)
{
    switch (state_rule(step->state)->then) {
    case THEN_NOTHING:
        return "";
    case THEN_LADDER:
        return ladder_rung(view->arrangement, step->rung)->level;
    case THEN_RETURNED:
        return "returned";
    case THEN_ACTIVE:
        return "active";
    }
    unhandled("what a term leads to");
}

// The rest of a term that stands still, because its step is suspended.
static void
why_left(ResultTable *table, AnswerRow *row, const StepRow *step)
{
    char text[SPAN_TEXT_BYTES];
    if (state_rule(step->state)->term != TERM_GIVEN ||
        (step->left_unit != KETEN__V1__TERM_UNIT__TERM_DAYS &&
         step->left_unit != KETEN__V1__TERM_UNIT__TERM_WORKING_DAYS))
        return;
    span_format((Span){step->left, (SpanUnit)step->left_unit}, text);
    table_text(table, row, "remaining", text);
}

static void
why_step(QueryContext *context, const View *view, const StepRow *step)
{
    ResultTable *table = &context->table;
    if (!step_is_visible(step, view->partner, view->holds))
        return;
    const bool open = state_is_open(step->state);
    AnswerRow *row = table_add(table, open ? "waits" : "ended");
    table_id(table, row, "step", step->step);
    table_number(table, row, "version", step->version);
    table_text(table, row, "kind", step->kind);
    table_state(table, row, "state", step->state);
    table_partner(table, row, "accountable", step->accountable);
    table_partner(table, row, "must_move", step_mover(step));
    if (step->state == STEP_WAITING)
        table_text(table, row, "needs", missing_needs(view, step, table->arena));
    table_instant(table, row, "due", step->due_ms);
    table_flag(table, row, "late", step->late);
    table_text(table, row, "then", open ? then_of(view, step) : "");
    table_partner(table, row, "climbed_to", step->turn);
    if (step->rung > 0)
        table_text(table, row, "level", ladder_rung(view->arrangement, step->rung - 1)->level);
    table_partner(table, row, "next", step->next);
    table_instant(table, row, "reminder", step->remind_ms);
    why_left(table, row, step);
    if (open)
        table_text(table, row, "rule", rule_of_step(view->arrangement, step, table->arena));
    if (step->extended)
        table_flag(table, row, "extended", true);
    table_text(table, row, "reason", step->reason);
    cells_awaited(table, row, step, view->holds);
}

static void
why_matter(QueryContext *context, const View *view, const MatterRow *matter)
{
    ResultTable *table = &context->table;
    if (!matter_is_visible(matter, view->partner, view->holds))
        return;
    AnswerRow *row = table_add(table, matter->open ? "waits" : "ended");
    cells_matter(table, row, view->arrangement, matter, view->plan.row.plan);
    if (view->holds)
        cells_silence(table, row, matter->turn);
    if (matter->open) {
        table_text(table, row, "then", ladder_rung(view->arrangement, matter->rung)->level);
        table_text(table, row, "rule", rule_of_matter(view->arrangement, matter, table->arena));
    }
}

static void
why_pause(QueryContext *context, const View *view)
{
    const Keten__V1__PauseRow *pause = view->plan.row.pause;
    ResultTable *table = &context->table;
    if (pause == NULL)
        return;
    AnswerRow *row = table_add(table, "pause");
    table_id(table, row, "plan", view->plan.row.plan);
    table_names(table, row, "actions", pause->actions, pause->n_actions);
    table_instant(table, row, "from", pause->from_ms);
    table_instant(table, row, "due", pause->until_ms);
    table_text(table, row, "then", "ended");
    table_partner(table, row, "by", pause->by);
    table_text(table, row, "reason", pause->reason);
}

static void
why_rest(QueryContext *context, const View *view)
{
    const PlanRow *plan = &view->plan.row;
    ResultTable *table = &context->table;
    if (view->plan.step_count > 0)
        return;
    const bool open = plan->state == KETEN__V1__PLAN_STATE__PLAN_OPEN;
    AnswerRow *row = table_add(table, open ? "rests" : "closed");
    table_id(table, row, "plan", plan->plan);
    table_partner(table, row, "accountable", open ? plan_holder(&view->plan) : 0);
    table_partner(table, row, "must_move", open ? plan_holder(&view->plan) : 0);
    table_instant(table, row, "due", plan->review_due_ms);
    table_text(table, row, "then", open ? "review" : "");
    if (open && plan->review_due_ms != 0)
        table_text(table, row, "rule", rule_of_review(view->arrangement, plan, table->arena));
    table_instant(table, row, "closed_at", plan->closed_at_ms);
    table_text(table, row, "reason", plan->reason);
}

void
why_waits(QueryContext *context, const View *view, uint64_t step_number, uint64_t matter)
{
    ASSERT(context != NULL && view != NULL && !view->sender);
    const StepRow *step = step_number == 0 ? NULL : view_step(view, step_number);
    if (step != NULL) {
        why_step(context, view, step);
        why_feedback(context, view, step->step);
        return;
    }
    if (matter != 0) {
        why_matter(context, view, view_matter(view, matter));
        return;
    }
    why_coordination(context, view);
    add_merged_plans(&context->table, view);
    for (size_t i = 0; i < view->plan.step_count; i++)
        why_step(context, view, view->plan.steps[i]);
    why_pause(context, view);
    for (size_t i = 0; i < view->plan.matter_count; i++)
        why_matter(context, view, view->plan.matters[i]);
    why_feedback(context, view, 0);
    why_rest(context, view);
}
