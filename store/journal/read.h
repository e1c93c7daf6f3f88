// SPDX-License-Identifier: EUPL-1.2
// Reading the journal on disk, as journal_read promises it. Knows: how a position is found. Must
// never know: what a record says.
#ifndef KETEN_STORE_JOURNAL_READ_H
#define KETEN_STORE_JOURNAL_READ_H

#include "store/journal/port.h"

KtCode
files_read(Journal *journal, uint64_t from, JournalReader reader, void *caller, Fault *fault);

#endif
