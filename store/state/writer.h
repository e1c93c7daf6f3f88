// SPDX-License-Identifier: EUPL-1.2
// The thread that writes commits to the snapshot, so that nobody waits for the disk. Knows:
// threads, one commit at a time. Must never know: which generations there are, what a row means.
// The path: writer_start once, then writer_give, and writer_take until it hands the result over,
// and writer_stop at the end. The caller is one thread, and gives the next commit only after it
// took the result of the one before.
#ifndef KETEN_STORE_STATE_WRITER_H
#define KETEN_STORE_STATE_WRITER_H

#include "store/state/commit.h"

typedef struct Writer Writer;

// The snapshot is borrowed and outlives the writer. KT_SETUP: the system gives no thread.
KtCode
writer_start(Snapshot *snapshot, Writer **ret, Fault *fault);
// Waits for the commit that is under way. Takes NULL.
void
writer_stop(Writer *writer);

// The rows of the commit must stay as they are until writer_take returns true.
void
writer_give(Writer *writer, const Commit *commit);
// True: the commit is done, and *ret_code and *fault tell how. With `wait` it waits for that.
bool
writer_take(Writer *writer, bool wait, KtCode *ret_code, Fault *fault);

#endif
