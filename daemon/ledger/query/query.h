// SPDX-License-Identifier: EUPL-1.2
// The questions that a partner may ask of a ledger. Knows: the form of an answer. Must never know:
// sessions, frames, how anything is written.
#ifndef KETEN_LEDGER_QUERY_QUERY_H
#define KETEN_LEDGER_QUERY_QUERY_H

#include "daemon/ledger/ledger.h"

// An answer: rows that name their own columns. The rows lie in the caller's arena.
typedef struct QueryRows {
    Keten__V1__Row **rows;
    size_t count;
    const char *field, *detail; // of a refusal: the field of the query, and its value
    bool more;                  // the query is not over
    const char *next;           // the bookmark of the next page; "": there is none
} QueryRows;

// One query (wire.proto) while it is answered. It takes several calls, so that a long list holds
// nobody up. Other calls of the ledger may come between: each row is as it is at the call that
// gives it. A row that exists from the first call to the last comes exactly once.
typedef struct QueryPass QueryPass;

// True: the time of this call is over.
typedef bool (*QueryEnough)(void *caller);

QueryPass *
query_begin(Ledger *ledger, uint32_t partner, const Keten__V1__Query *query);
// The next rows, until ret->more is false; or a refusal, which ends the query: KT_NO_PART,
// KT_NOT_AUDITOR, ... An answer that shows personal fields leaves a record, so it may leave the
// process only after ledger_commit. A call makes a little progress even when `enough` (NULL: no
// bound) is true at once. What a refusal points to lives as long as the pass.
KtCode
query_go_on(QueryPass *pass, int64_t now_ms, QueryEnough enough, void *caller, Arena *arena,
            QueryRows *ret);
// Takes NULL.
void
query_end(QueryPass *pass);

// The rows of QUERY_HANDOVERS for the owner of a stopped store: offered at or after from_ms and
// before to_ms (0: no end), oldest first. KT_STORE_DAMAGED.
KtCode
ledger_handovers(Ledger *ledger, int64_t from_ms, int64_t to_ms, Arena *arena, QueryRows *ret);

#endif
