// SPDX-License-Identifier: EUPL-1.2
// The histories of a journal: the lives between one restore and the next. Knows: their numbers, and
// where each began. Must never know: why a store was put back, sessions.
#ifndef KETEN_LEDGER_HISTORIES_H
#define KETEN_LEDGER_HISTORIES_H

#include "daemon/ledger/ledger.h"

// Takes over what the row says; NULL: a journal without a record.
void
histories_load(Ledger *ledger, const Keten__V1__HistoryRow *row);
// A history begins with the record at `position`.
void
histories_begin(Ledger *ledger, const Keten__V1__HistoryStarted *started, uint64_t position);
// The spans of the histories after the first, for the record that begins the next one; returns how
// many.
size_t
histories_later(const Ledger *ledger, HistorySpan ret[LEDGER_HISTORIES_MAX]);
// The history in which the record at `position` was written.
uint64_t
histories_at(const Ledger *ledger, uint64_t position);
// Up to which position the journal is what it was in `history`: the tail in the present history, 0
// when the journal does not come from that history.
uint64_t
histories_kept(const Ledger *ledger, uint64_t history);

#endif
