// SPDX-License-Identifier: EUPL-1.2
// The answers to a partner that has no role in the plan but its signals (view->sender). Knows: the
// partner's own records and deliveries. Must never know: steps, other partners.
#ifndef KETEN_LEDGER_QUERY_SENDER_H
#define KETEN_LEDGER_QUERY_SENDER_H

#include "daemon/ledger/query/query_context.h"

// The subject of `why`: one of the three numbers is set; all 0: the plan.
typedef struct SenderSubject {
    uint64_t fact, position, delivery; // the fact's number; a record's position; n of a delivery
    bool hidden;                       // the question is about something that a sender does not see
} SenderSubject;

// The answers of `plan show`, `plan history` and `why`.
KtCode
sender_plan(QueryContext *context, const View *view);
KtCode
sender_history(QueryContext *context, const View *view);
KtCode
sender_why(QueryContext *context, const View *view, const SenderSubject *subject);

#endif
