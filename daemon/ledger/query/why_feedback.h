// SPDX-License-Identifier: EUPL-1.2
// Why feedback has not left yet. Knows: the feedback that the plan's header keeps. Must never know:
// values of fields.
#ifndef KETEN_LEDGER_QUERY_WHY_FEEDBACK_H
#define KETEN_LEDGER_QUERY_WHY_FEEDBACK_H

#include "daemon/ledger/query/query_context.h"

// Tells of the feedback kept for one step; 0: for all of the plan's steps.
void
why_feedback(QueryContext *context, const View *view, uint64_t step);

#endif
