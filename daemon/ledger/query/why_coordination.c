// SPDX-License-Identifier: EUPL-1.2
// With whom a plan is, since when and why, and what becomes of that by itself. Knows: the rows of a
// view. Must never know: records, names of workers.
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/ledger/query/query.h"

static const char *
why_held(const PlanRow *row)
{
    if (row->absence != NULL)
        return row->coordinator != 0 ? "stands-in" : "absent";
    if (row->coordinator != 0)
        return "accepted";
    return row->left_reason[0] != '\0' ? "left" : "no-coordinator";
}

// Why somebody left or is away is for who holds the plan, and for that one.
static void
add_reason(Sheet *sheet, AnswerRow *row, const View *view)
{
    const Keten__V1__Absence *absence = view->plan.row.absence;
    if (!view->holds && (absence == NULL || absence->partner != view->partner))
        return;
    sheet_text(sheet, row, "reason",
               absence != NULL ? absence->reason : view->plan.row.left_reason);
}

static void
add_absence(Sheet *sheet, AnswerRow *row, const PlanRow *plan)
{
    const Keten__V1__Absence *absence = plan->absence;
    if (absence == NULL)
        return;
    sheet_partner(sheet, row, "absent", absence->partner);
    sheet_instant(sheet, row, "until", absence->until_ms);
    sheet_text(sheet, row, "then", absence->partner != 0 ? "back" : "desk");
    sheet_partner(sheet, row, "next", absence->partner != 0 ? absence->partner : plan->desk);
}

// An offer is with who is asked; the ladder hears of it while there is no answer.
static void
why_offer(Asking *asking, const View *view)
{
    const PlanRow *plan = &view->plan.row;
    Sheet *sheet = &asking->sheet;
    if (plan->offered_to == 0 || (!view->holds && plan->offered_to != view->partner))
        return;
    const uint32_t rung = plan->coordinator_rung;
    AnswerRow *row = sheet_add(sheet, "waits");
    sheet_id(sheet, row, "plan", plan->plan);
    sheet_text(sheet, row, "kind",
               plan->absence != NULL &&
                       plan->absence->offer == KETEN__V1__ABSENCE_OFFER__ABSENCE_OFFER_DEPUTY
                   ? "standing-in"
                   : "coordination");
    sheet_text(sheet, row, "state", "offered");
    sheet_partner(sheet, row, "accountable", plan_holder(&view->plan));
    sheet_partner(sheet, row, "must_move", plan->offered_to);
    sheet_instant(sheet, row, "due", plan->coordinator_due_ms);
    sheet_flag(sheet, row, "late", rung > 0);
    sheet_text(sheet, row, "then", ladder_rung(view->arrangement, rung)->level);
    if (rung > 0)
        sheet_text(sheet, row, "level", ladder_rung(view->arrangement, rung - 1)->level);
    const Rung *at = ladder_rung(view->arrangement, rung > 0 ? rung - 1 : 0);
    sheet_text(sheet, row, "rule",
               rule_text(sheet->arena, view->arrangement,
                         arena_format(sheet->arena, "ladder.%s.within", at->level), at->within,
                         ""));
}

void
why_coordination(Asking *asking, const View *view)
{
    const PlanRow *plan = &view->plan.row;
    Sheet *sheet = &asking->sheet;
    if (plan->state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    AnswerRow *row = sheet_add(sheet, "held");
    sheet_id(sheet, row, "plan", plan->plan);
    sheet_partner(sheet, row, "accountable", plan_holder(&view->plan));
    sheet_instant(sheet, row, "since",
                  plan->holder_since_ms != 0 ? plan->holder_since_ms : plan->opened_at_ms);
    sheet_text(sheet, row, "why", why_held(plan));
    add_reason(sheet, row, view);
    add_absence(sheet, row, plan);
    why_offer(asking, view);
}
