// SPDX-License-Identifier: EUPL-1.2
// A pass over the plans in which a partner ever was a participant or a sender. Knows: the plans'
// rows in key order. Must never know: fields, persons, columns.
// scan_plans reads the rows of one plan and of the plans merged into it, then calls `emit`; rows of
// one plan lie together, so one pass is enough.
#ifndef KETEN_LEDGER_QUERY_PLAN_SCAN_H
#define KETEN_LEDGER_QUERY_PLAN_SCAN_H

#include "daemon/ledger/query/query_context.h"

// One plan, as `emit` gets it. Everything lies in `page` and ends with the next plan.
typedef struct PlanScan {
    QueryContext *context;
    Arena page;
    bool participant; // the asker has a role in the plan that is more than its signals
    uint32_t holder;  // of the root
    bool holds;       // the asker is the holder of the root
    StepRow **steps;  // open ones
    size_t step_count;
    MatterRow **matters; // open ones
    size_t matter_count;
    const PlanRow *row;           // NULL: the plan has no header
    const PlanRow *root;          // the plan that this one was merged into; itself when it was not
    uint64_t signals, repeats;    // sums over the plan and the plans merged into it
    uint64_t members, open_steps; // sums, as above
    uint64_t own;                 // the asker's signals in this very plan
    uint32_t own_under;           // the arrangement of the latest of those signals
    Bookmark after;               // rows of this plan up to here were told by an earlier page
    bool cut;                     // a row did not go in any more
} PlanScan;

// Calls `emit` for each plan, by number, until the answer is full or its time is over; goes on from
// the bookmark of the context. `emit` asks scan_wants before each row.
KtCode
scan_plans(QueryContext *context, void (*emit)(PlanScan *scan));
// Whether the row is to be made: no earlier page has told it, and the answer has room for it. A row
// is named by the plan that stores it (0: the plan of the scan) and its number there. `emit` asks
// about its rows in ascending order of both. Puts the bookmark behind the row.
bool
scan_wants(PlanScan *scan, uint64_t plan, uint64_t number);
// Whether the asker finds the root in its own list. The steps and matters of a merged plan are told
// with its root then.
bool
is_told_with_root(const PlanScan *scan);

#endif
