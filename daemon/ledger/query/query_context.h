// SPDX-License-Identifier: EUPL-1.2
// One query while it is answered. Knows: the asker, the question, the rows so far. Must never know:
// which columns a row has.
#ifndef KETEN_LEDGER_QUERY_QUERY_CONTEXT_H
#define KETEN_LEDGER_QUERY_QUERY_CONTEXT_H

#include "daemon/ledger/query/bookmark.h"
#include "daemon/ledger/query/query.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"

typedef struct QueryContext {
    Ledger *ledger;
    uint32_t partner;      // the asker
    const PartnerRow *row; // of the asker; NULL when no record knows it
    const Keten__V1__Query *query;
    int64_t now_ms;             // given by the caller, not read from a clock
    ResultTable table;          // the answer; its arena is the caller's
    const char *field, *detail; // of a refusal: set by query_refused
    Bookmark at;                // where a list goes on; the list moves it from row to row
    bool more;                  // a list stopped before its end
    QueryEnough enough;         // NULL: the time has no bound
    void *caller;               // of `enough`
    Arena *kept;                // what a list keeps until the query is over lies here …
    void *held;                 // … NULL at first
    KtCode denied;              // set by query_disclosed: the answer may not be shown
} QueryContext;

// A list asks this after each thing that it has looked at, when `at` lies behind that thing. True:
// it stops here, since the answer is full or its time is over.
bool
query_stops(QueryContext *context);

// Says why there is no answer, and gives `code` back. `detail` is copied.
KtCode
query_refused(QueryContext *context, KtCode code, const char *field, const char *detail);
// As view_load; *ret is NULL unless the code is KT_OK. KT_NO_PART with the printed id as its
// detail.
KtCode
query_view(QueryContext *context, uint64_t plan, const char *field, const char *printed,
           const View **ret);
// The later of the caller's clock and the time of the last record, since records may be ahead.
int64_t
query_now(const QueryContext *context);
// Records that the asker was shown personal fields of a plan by the query named `what`. Where no
// record may be written, the query is refused: nothing is shown that is not recorded.
void
query_disclosed(QueryContext *context, uint64_t plan, const char *what);

#endif
