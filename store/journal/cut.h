// SPDX-License-Identifier: EUPL-1.2
// Cuts off an unfinished end. Knows: it is kept aside before it is zeroed. Must never know: why it
// is unfinished.
#ifndef KETEN_STORE_JOURNAL_CUT_H
#define KETEN_STORE_JOURNAL_CUT_H

#include "store/journal/walk.h"

// Copies the bytes from `place` to the end of its segment into a file of their own, then zeroes
// them. Tells the claim how many bytes, and in which file. A read-only journal is only measured.
KtCode
files_cut(JournalFiles *files, const Place *place, JournalClaim *claim, Fault *fault);

#endif
