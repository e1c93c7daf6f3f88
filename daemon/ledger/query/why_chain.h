// SPDX-License-Identifier: EUPL-1.2
// The chain of one record: what came in, which partner got which fields, which did not and why.
// Knows: records of one plan, names of fields and purposes. Must never know: values.
#ifndef KETEN_LEDGER_QUERY_WHY_CHAIN_H
#define KETEN_LEDGER_QUERY_WHY_CHAIN_H

#include "daemon/ledger/query/why_subject.h"

// Adds the chain of each record about the subject, oldest first.
void
why_records(QueryContext *context, const View *view, const WhySubject *subject);

#endif
