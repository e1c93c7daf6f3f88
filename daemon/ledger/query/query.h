// SPDX-License-Identifier: EUPL-1.2
// Queries, one handler a kind. Knows: who asks, what for. Must never know: sessions, frames.
#ifndef KETEN_LEDGER_QUERY_QUERY_H
#define KETEN_LEDGER_QUERY_QUERY_H

#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"

typedef struct QueryContext {
    Ledger *ledger;
    uint32_t partner;
    const PartnerRow *row;
    const Keten__V1__Query *query;
    int64_t now_ms;
    ResultTable table;
    const char *field, *detail; // of a refusal
} QueryContext;

typedef KtCode (*QueryHandler)(QueryContext *context);

KtCode
query_refused(QueryContext *context, KtCode code, const char *field, const char *detail);
// As view_load; KT_NO_PART with the printed id.
KtCode
query_view(QueryContext *context, uint64_t plan, const char *field, const char *printed, View *ret);

// The cells that rows of steps and facts share. `plan`: the whole that a step is part of now; where
// it began is told if that is another.
void
table_step(ResultTable *table, AnswerRow *row, const StepRow *step, uint64_t plan);
// A row for each plan that was merged into the one shown.
void
table_parts(QueryContext *context, const View *view);
// open, closed, or merged.
void
table_plan_state(ResultTable *table, AnswerRow *row, const PlanRow *plan);
void
table_fact(ResultTable *table, AnswerRow *row, const FactRow *fact);
void
table_matter(ResultTable *table, AnswerRow *row, const Arrangement *arrangement,
             const MatterRow *matter, uint64_t plan);
void
table_handover(ResultTable *table, const HandoverRow *handover);

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
why_waits(QueryContext *context, const View *view, uint64_t step_number, uint64_t matter);
// With whom the plan is and why; ledger/query/why_coordination.c.
void
why_coordination(QueryContext *context, const View *view);
// "debt-help, housing"
const char *
purposes_text(ResultTable *table, const Arrangement *arrangement, const uint32_t *purposes,
              size_t count);

// Feedback that is held; `step` 0: all of the plan's. ledger/query/why_feedback.c.
void
why_feedback(QueryContext *context, const View *view, uint64_t step);

// ---- ledger/query/sender.c --------------------------------------------------------------------
// The same questions by a partner that has no part in the plan but its signals (view->sender).
typedef struct SenderSubject {
    uint64_t fact, position, delivery; // one of its own each; all 0: the plan
    bool hidden;                       // about something that a sender does not see
} SenderSubject;

void
table_sender_plan(ResultTable *table, AnswerRow *row, uint64_t plan, bool open,
                  const Arrangement *arrangement, uint64_t signals);
KtCode
sender_plan(QueryContext *context, const View *view);
KtCode
sender_history(QueryContext *context, const View *view);
KtCode
sender_why(QueryContext *context, const View *view, const SenderSubject *subject);

KtCode
query_status(QueryContext *context);
KtCode
query_steps(QueryContext *context);
KtCode
query_step(QueryContext *context);
KtCode
query_plans(QueryContext *context);
KtCode
query_urgent(QueryContext *context);
KtCode
query_plan(QueryContext *context);
KtCode
query_history(QueryContext *context);
KtCode
query_why(QueryContext *context);
KtCode
query_arrangements(QueryContext *context);
KtCode
query_arrangement(QueryContext *context);
KtCode
query_handovers(QueryContext *context);
KtCode
query_partners(QueryContext *context);
KtCode
query_matters(QueryContext *context);
KtCode
query_matter(QueryContext *context);
KtCode
query_bottlenecks(QueryContext *context);
KtCode
query_pauses(QueryContext *context);
KtCode
query_rejections(QueryContext *context);
KtCode
query_rejected(QueryContext *context);
// The row of a rejected delivery. Its number is for the partner itself, and for an administrator
// where no plan answers for it: how much another partner is given is nobody's business.
void
table_rejected(QueryContext *context, const DeadRow *rejected);
// Those of others in plans that the asker holds, or whose ladder has come to it.
KtCode
query_rejections_held(QueryContext *context);
// Since when a partner is silent, where it is.
void
table_silence(ResultTable *table, AnswerRow *row, uint32_t partner);
// Likewise of whom a step waits for: that is for who holds the plan.
void
table_awaited(ResultTable *table, AnswerRow *row, const StepRow *step, bool holds);
KtCode
query_person(QueryContext *context);

#endif
