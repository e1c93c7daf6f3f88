// SPDX-License-Identifier: EUPL-1.2
// Appending to the journal on disk, as journal_append and journal_room promise it. Knows: room on
// the disk. Must never know: what a record says.
#ifndef KETEN_STORE_JOURNAL_APPEND_H
#define KETEN_STORE_JOURNAL_APPEND_H

#include "store/journal/port.h"

JournalResult
files_append(Journal *journal, uint64_t epoch, uint64_t expected_tail, JournalEntry *entries,
             size_t count);
uint64_t
files_room(Journal *journal);

#endif
