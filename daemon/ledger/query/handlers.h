// SPDX-License-Identifier: EUPL-1.2
// The handlers of the queries, in the order of the table in query.c. Knows: their names and files.
// Must never know: what they answer.
// A handler adds rows to context->table and returns KT_OK, or what query_refused gave.
#ifndef KETEN_LEDGER_QUERY_HANDLERS_H
#define KETEN_LEDGER_QUERY_HANDLERS_H

#include "daemon/ledger/query/query_context.h"

typedef KtCode (*QueryHandler)(QueryContext *context);

KtCode
query_status(QueryContext *context); // status_show.c
KtCode
query_steps(QueryContext *context); // step_list.c
KtCode
query_step(QueryContext *context); // step_show.c
KtCode
query_plans(QueryContext *context); // plan_list.c
KtCode
query_plan(QueryContext *context); // plan_show.c
KtCode
query_history(QueryContext *context); // plan_history.c
KtCode
query_why(QueryContext *context); // why.c
KtCode
query_arrangements(QueryContext *context); // arrangement.c
KtCode
query_arrangement(QueryContext *context); // arrangement.c
KtCode
query_handovers(QueryContext *context); // handover_list.c
KtCode
query_partners(QueryContext *context); // partner_list.c
KtCode
query_rejections(QueryContext *context); // rejected_list.c
KtCode
query_rejected(QueryContext *context); // rejected_show.c
KtCode
query_person(QueryContext *context); // person_show.c
KtCode
query_matters(QueryContext *context); // matter_list.c
KtCode
query_matter(QueryContext *context); // matter_show.c
KtCode
query_bottlenecks(QueryContext *context); // bottleneck_list.c
KtCode
query_pauses(QueryContext *context); // pause_list.c

#endif
