// SPDX-License-Identifier: EUPL-1.2
// The handlers of the queries, in the order of the table in query.c. Knows: their names. Must never
// know: what they answer.
// A handler adds rows to context->table and returns KT_OK, or what query_refused gave.
#ifndef KETEN_LEDGER_QUERY_HANDLERS_H
#define KETEN_LEDGER_QUERY_HANDLERS_H

#include "daemon/ledger/query/query_context.h"

typedef KtCode (*QueryHandler)(QueryContext *context);

KtCode
query_status(QueryContext *context);
KtCode
query_steps(QueryContext *context);
KtCode
query_step(QueryContext *context);
KtCode
query_plans(QueryContext *context);
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
query_rejections(QueryContext *context);
KtCode
query_rejected(QueryContext *context);
KtCode
query_person(QueryContext *context);
KtCode
query_matters(QueryContext *context);
KtCode
query_matter(QueryContext *context);
KtCode
query_bottlenecks(QueryContext *context);
KtCode
query_pauses(QueryContext *context);

#endif
