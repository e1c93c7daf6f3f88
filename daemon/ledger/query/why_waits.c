// SPDX-License-Identifier: EUPL-1.2
// Where something waits: for whom, until when, what then, and by which rule of the arrangement.
// Knows: open steps and matters of a view, pauses, a plan at rest. Must never know: records,
// values.
#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/rules/steps.h"
#include "daemon/ledger/query/query.h"

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

// What is left of a term that stands still.
static void
why_left(Sheet *sheet, AnswerRow *row, const StepRow *step)
{
    char text[16];
    if (step->state != STEP_SUSPENDED ||
        (step->left_unit != KETEN__V1__TERM_UNIT__TERM_DAYS &&
         step->left_unit != KETEN__V1__TERM_UNIT__TERM_WORKING_DAYS))
        return;
    span_format((Span){step->left, (SpanUnit)step->left_unit}, text);
    sheet_text(sheet, row, "remaining", text);
}

static void
why_step(Asking *asking, const View *view, const StepRow *step)
{
    Sheet *sheet = &asking->sheet;
    if (!step_is_visible(step, view->partner, view->holds))
        return;
    const bool open = state_is_open(step->state);
    AnswerRow *row = sheet_add(sheet, open ? "waits" : "ended");
    sheet_id(sheet, row, "step", step->step);
    sheet_number(sheet, row, "version", step->version);
    sheet_text(sheet, row, "kind", step->kind);
    sheet_state(sheet, row, "state", step->state);
    sheet_partner(sheet, row, "accountable", step->accountable);
    sheet_partner(sheet, row, "must_move", step_mover(step));
    if (step->state == STEP_WAITING)
        sheet_text(sheet, row, "needs", missing_needs(view, step, sheet->arena));
    sheet_instant(sheet, row, "due", step->due_ms);
    sheet_flag(sheet, row, "late", step->late);
    sheet_text(sheet, row, "then", open ? then_of(view, step) : "");
    sheet_partner(sheet, row, "climbed_to", step->turn);
    if (step->rung > 0)
        sheet_text(sheet, row, "level", ladder_rung(view->arrangement, step->rung - 1)->level);
    sheet_partner(sheet, row, "next", step->next);
    sheet_instant(sheet, row, "reminder", step->remind_ms);
    why_left(sheet, row, step);
    if (open)
        sheet_text(sheet, row, "rule", rule_of_step(view->arrangement, step, sheet->arena));
    if (step->extended)
        sheet_flag(sheet, row, "extended", true);
    sheet_text(sheet, row, "reason", step->reason);
    sheet_awaited(sheet, row, step, view->holds);
}

static void
why_matter(Asking *asking, const View *view, const MatterRow *matter)
{
    Sheet *sheet = &asking->sheet;
    if (!matter_is_visible(matter, view->partner, view->holds))
        return;
    AnswerRow *row = sheet_add(sheet, matter->open ? "waits" : "ended");
    sheet_matter(sheet, row, view->arrangement, matter, view->plan.row.plan);
    if (view->holds)
        sheet_silence(sheet, row, matter->turn);
    if (matter->open) {
        sheet_text(sheet, row, "then", ladder_rung(view->arrangement, matter->rung)->level);
        sheet_text(sheet, row, "rule", rule_of_matter(view->arrangement, matter, sheet->arena));
    }
}

static void
why_pause(Asking *asking, const View *view)
{
    const Keten__V1__PauseRow *pause = view->plan.row.pause;
    Sheet *sheet = &asking->sheet;
    if (pause == NULL)
        return;
    AnswerRow *row = sheet_add(sheet, "pause");
    sheet_id(sheet, row, "plan", view->plan.row.plan);
    sheet_names(sheet, row, "actions", pause->actions, pause->n_actions);
    sheet_instant(sheet, row, "from", pause->from_ms);
    sheet_instant(sheet, row, "due", pause->until_ms);
    sheet_text(sheet, row, "then", "ended");
    sheet_partner(sheet, row, "by", pause->by);
    sheet_text(sheet, row, "reason", pause->reason);
}

static void
why_rest(Asking *asking, const View *view)
{
    const PlanRow *plan = &view->plan.row;
    Sheet *sheet = &asking->sheet;
    if (view->plan.step_count > 0)
        return;
    const bool open = plan->state == KETEN__V1__PLAN_STATE__PLAN_OPEN;
    AnswerRow *row = sheet_add(sheet, open ? "rests" : "closed");
    sheet_id(sheet, row, "plan", plan->plan);
    sheet_partner(sheet, row, "accountable", open ? plan_holder(&view->plan) : 0);
    sheet_partner(sheet, row, "must_move", open ? plan_holder(&view->plan) : 0);
    sheet_instant(sheet, row, "due", plan->review_due_ms);
    sheet_text(sheet, row, "then", open ? "review" : "");
    if (open && plan->review_due_ms != 0)
        sheet_text(sheet, row, "rule", rule_of_review(view->arrangement, plan, sheet->arena));
    sheet_instant(sheet, row, "closed_at", plan->closed_at_ms);
    sheet_text(sheet, row, "reason", plan->reason);
}

void
why_waits(Asking *asking, const View *view, uint64_t step_number, uint64_t matter)
{
    const StepRow *step = step_number == 0 ? NULL : view_step(view, step_number);
    if (step != NULL) {
        why_step(asking, view, step);
        why_feedback(asking, view, step->step);
        return;
    }
    if (matter != 0) {
        why_matter(asking, view, view_matter(view, matter));
        return;
    }
    why_coordination(asking, view);
    sheet_parts(asking, view);
    for (size_t i = 0; i < view->plan.step_count; i++)
        why_step(asking, view, view->plan.steps[i]);
    why_pause(asking, view);
    for (size_t i = 0; i < view->plan.matter_count; i++)
        why_matter(asking, view, view->plan.matters[i]);
    why_feedback(asking, view, 0);
    why_rest(asking, view);
}
