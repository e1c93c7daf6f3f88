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
} QueryRows;

// Answers one query (wire.proto). KT_OK, or a refusal: KT_NO_PART, KT_NOT_AUDITOR, ... An answer
// that shows personal fields leaves a record, so it may leave the process only after ledger_commit.
KtCode
ledger_query(Ledger *ledger, uint32_t partner, const Keten__V1__Query *query, int64_t now_ms,
             Arena *arena, QueryRows *ret);

// The rows of QUERY_HANDOVERS for the owner of a stopped store: offered at or after from_ms and
// before to_ms (0: no end), oldest first. KT_STORE_DAMAGED.
KtCode
ledger_handovers(Ledger *ledger, int64_t from_ms, int64_t to_ms, Arena *arena, QueryRows *ret);

#endif
