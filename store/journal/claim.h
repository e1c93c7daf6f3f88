// SPDX-License-Identifier: EUPL-1.2
// The claim of the journal on disk, as journal_claim promises it. Knows: torn from damaged. Must
// never know: what a record says.
#ifndef KETEN_STORE_JOURNAL_CLAIM_H
#define KETEN_STORE_JOURNAL_CLAIM_H

#include "store/journal/port.h"

KtCode
files_claim(Journal *journal, uint64_t applied, JournalClaim *ret_claim, Fault *fault);

#endif
