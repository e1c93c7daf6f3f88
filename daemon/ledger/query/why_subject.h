// SPDX-License-Identifier: EUPL-1.2
// The thing that a `why` asks about. Knows: how its id is written, where its plan stands. Must
// never know: the answer.
#ifndef KETEN_LEDGER_QUERY_WHY_SUBJECT_H
#define KETEN_LEDGER_QUERY_WHY_SUBJECT_H

#include "daemon/ledger/query/query_context.h"

// At most one of step, fact, matter and position is set.
typedef struct WhySubject {
    uint64_t plan; // 0: the record is about no plan
    uint64_t step, fact, matter;
    uint64_t position; // of one record; 0: every record of the plan that touches the subject
    uint64_t n;        // the number of a delivery to the asker; 0: not a delivery
    bool own, refused; // of the record at `position`: the asker commanded it; it was refused
} WhySubject;

// Reads r12, d5, p3, s7, m9, f4, or a command id. False when there is no such thing.
bool
subject_find(QueryContext *context, const char *text, WhySubject *ret);
// Whether a record of the subject's plan is about the subject.
bool
record_touches(const Record *record, const WhySubject *subject);

#endif
