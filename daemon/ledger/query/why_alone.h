// SPDX-License-Identifier: EUPL-1.2
// Why, for a record about no plan, and for deliveries that were rejected. Knows: such records. Must
// never know: plans.
#ifndef KETEN_LEDGER_QUERY_WHY_ALONE_H
#define KETEN_LEDGER_QUERY_WHY_ALONE_H

#include "daemon/ledger/query/why_subject.h"

// Refuses with `text`, unless the asker commanded the record, was told of it, or is an
// administrator.
KtCode
why_alone(QueryContext *context, const WhySubject *subject, const char *text);
// Adds a row for delivery n if the asker rejected it, and one for each time it was sent and
// rejected again.
void
why_rejected(QueryContext *context, uint64_t n);

#endif
