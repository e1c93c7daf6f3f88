// SPDX-License-Identifier: EUPL-1.2
// Finds the end of the journal and judges it. Knows: torn from damaged. Must never know: which
// process may write.
// The path: scan_begin chooses the segment to start in, scan_all walks to the end.
#ifndef KETEN_STORE_JOURNAL_SCAN_H
#define KETEN_STORE_JOURNAL_SCAN_H

#include "store/journal/walk.h"

typedef struct Scan {
    Place place;  // where the walk is; after scan_all the end of the journal
    Place last;   // the start of the last batch; meaningless while batch.count is 0
    Batch batch;  // the header of the last batch; count 0: none was met
    bool checked; // the records of the last batch were checked, not only its header
} Scan;

// The start of the scan: the segment that holds position `applied`, 0 for the first.
KtCode
scan_begin(const JournalFiles *files, uint64_t applied, Scan *ret, Fault *fault);
// Walks to the end. Checks everything from `applied` on, cuts off a torn end (the claim tells what
// was cut), and compares the end with what a clean stop left. KT_STORE_DAMAGED and KT_STORE_FORMAT
// name position, segment and offset.
KtCode
scan_all(JournalFiles *files, uint64_t applied, Scan *scan, JournalClaim *claim, Fault *fault);

#endif
