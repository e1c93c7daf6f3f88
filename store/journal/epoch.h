// SPDX-License-Identifier: EUPL-1.2
// The lock and the epoch of a journal's directory: they decide which process may write. Knows:
// flock, a file that is replaced as a whole. Must never know: what segments hold.
#ifndef KETEN_STORE_JOURNAL_EPOCH_H
#define KETEN_STORE_JOURNAL_EPOCH_H

#include "store/journal/files.h"

// Takes the lock, once; KT_STORE_BUSY names the process that has it.
KtCode
lock_take(JournalFiles *files, Fault *fault);
// Reads the epoch file. A directory with neither epoch nor segments has epoch 0.
KtCode
epoch_read(JournalFiles *files, Epoch *ret, Fault *fault);
// Replaces the epoch file. Durable when it returns true; then files->epoch is the new one.
bool
epoch_write(JournalFiles *files, const Epoch *epoch);
// Whether another process has replaced the epoch file since.
bool
epoch_lost(const JournalFiles *files);

#endif
