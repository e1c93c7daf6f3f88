// SPDX-License-Identifier: EUPL-1.2
// Queries, one handler a kind. Knows: who asks, what for. Must never know: sessions, frames.
#ifndef KETEN_LEDGER_QUERY_QUERY_H
#define KETEN_LEDGER_QUERY_QUERY_H

#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"

typedef struct Asking {
    Ledger *ledger;
    uint32_t partner;
    const PartnerRow *row;
    const Keten__V1__Query *query;
    int64_t now_ms;
    Sheet sheet;
    const char *field, *detail; // of a refusal
} Asking;

typedef KtCode (*QueryHandler)(Asking *asking);

KtCode
asking_refused(Asking *asking, KtCode code, const char *field, const char *detail);
// As view_load; KT_NO_PART with the printed id.
KtCode
asking_view(Asking *asking, uint64_t plan, const char *field, const char *printed, View *ret);

// The cells that rows of steps and facts share. `plan`: the whole that a step is part of now; where
// it began is told if that is another.
void
sheet_step(Sheet *sheet, AnswerRow *row, const StepRow *step, uint64_t plan);
// A row for each plan that was merged into the one shown.
void
sheet_parts(Asking *asking, const View *view);
// open, closed, or merged.
void
sheet_plan_state(Sheet *sheet, AnswerRow *row, const PlanRow *plan);
void
sheet_fact(Sheet *sheet, AnswerRow *row, const FactRow *fact);
void
sheet_matter(Sheet *sheet, AnswerRow *row, const Arrangement *arrangement, const MatterRow *matter,
             uint64_t plan);
void
sheet_handover(Sheet *sheet, const HandoverRow *handover);

// ---- ledger/query/rule.c ----------------------------------------------------------------------
// "voorbeeld-wijk 1: ladder.city.within 10wd, calendar nl": the key of the arrangement's file that
// a term stands behind, and what stands there; `more` follows the term.
const char *
rule_text(Arena *arena, const Arrangement *arrangement, const char *key, const Term *term,
          const char *more);
// By which rule each waits; NULL where somebody gave the end.
const char *
rule_of_step(const Arrangement *arrangement, const StepRow *step, Arena *arena);
const char *
rule_of_review(const Arrangement *arrangement, const PlanRow *plan, Arena *arena);
const char *
rule_of_matter(const Arrangement *arrangement, const MatterRow *matter, Arena *arena);

// What waits, of the whole plan, or one step or matter (0: not asked for):
// ledger/query/why_waits.c.
void
why_waits(Asking *asking, const View *view, uint64_t step_number, uint64_t matter);
// With whom the plan is and why; ledger/query/why_coordination.c.
void
why_coordination(Asking *asking, const View *view);
// "debt-help, housing"
const char *
purposes_text(Sheet *sheet, const Arrangement *arrangement, const uint32_t *purposes, size_t count);

// Feedback that is held; `step` 0: all of the plan's. ledger/query/why_feedback.c.
void
why_feedback(Asking *asking, const View *view, uint64_t step);

// ---- ledger/query/sender.c --------------------------------------------------------------------
// The same questions by a partner that has no part in the plan but its signals (view->sender).
typedef struct SenderSubject {
    uint64_t fact, position, delivery; // one of its own each; all 0: the plan
    bool hidden;                       // about something that a sender does not see
} SenderSubject;

void
sheet_sender_plan(Sheet *sheet, AnswerRow *row, uint64_t plan, bool open,
                  const Arrangement *arrangement, uint64_t signals);
KtCode
sender_plan(Asking *asking, const View *view);
KtCode
sender_history(Asking *asking, const View *view);
KtCode
sender_why(Asking *asking, const View *view, const SenderSubject *subject);

KtCode
query_status(Asking *asking);
KtCode
query_steps(Asking *asking);
KtCode
query_step(Asking *asking);
KtCode
query_plans(Asking *asking);
KtCode
query_urgent(Asking *asking);
KtCode
query_plan(Asking *asking);
KtCode
query_history(Asking *asking);
KtCode
query_why(Asking *asking);
KtCode
query_arrangements(Asking *asking);
KtCode
query_arrangement(Asking *asking);
KtCode
query_handovers(Asking *asking);
KtCode
query_partners(Asking *asking);
KtCode
query_matters(Asking *asking);
KtCode
query_matter(Asking *asking);
KtCode
query_bottlenecks(Asking *asking);
KtCode
query_pauses(Asking *asking);
KtCode
query_deads(Asking *asking);
KtCode
query_dead(Asking *asking);
// The row of a rejected delivery. Its number is for the partner itself, and for an administrator
// where no plan answers for it: how much another partner is given is nobody's business.
void
sheet_dead(Asking *asking, const DeadRow *dead);
// Those of others in plans that the asker holds, or whose ladder has come to it.
KtCode
query_deads_held(Asking *asking);
// Since when a partner is silent, where it is.
void
sheet_silence(Sheet *sheet, AnswerRow *row, uint32_t partner);
// Likewise of whom a step waits for: that is for who holds the plan.
void
sheet_awaited(Sheet *sheet, AnswerRow *row, const StepRow *step, bool holds);
KtCode
query_person(Asking *asking);

#endif
