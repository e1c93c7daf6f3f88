// SPDX-License-Identifier: EUPL-1.2
// The mark of what was served, while a daemon runs. Knows: when it is written, and what a store
// behind it means. Must never know: the form of the file, sockets.
#ifndef KETEN_BROKER_MARK_H
#define KETEN_BROKER_MARK_H

#include "daemon/broker/log.h"
#include "daemon/files/served.h"
#include "daemon/ledger/knowledge.h"
#include "daemon/ledger/ledger.h"

typedef struct Mark {
    const char *directory; // the caller's; NULL: no mark is kept
    const Log *log;        // the caller's
    Served served;         // as it was written last; history 0: never
    int64_t written_ms;    // steady clock; when that was
    bool failed;           // the last write failed, and that was told
} Mark;

// Before the store is opened: a mark without a journal means that the data are gone.
// KT_STORE_BEHIND.
KtCode
mark_check_journal(const char *directory, const char *journal, Fault *fault);
// The store against the mark. KT_STORE_BEHIND: it is older than what was served. A mark that is
// missing or unreadable is told, and the start goes on.
KtCode
mark_check(const char *directory, Ledger *ledger, const Log *log, Fault *fault);

void
mark_start(Mark *ret, const char *directory, const Log *log);
// After a barrier: writes the mark when the store has moved on and the last write was a second ago,
// or `now`, which also syncs it. A write that fails is told once.
void
mark_turn(Mark *mark, Ledger *ledger, int64_t steady_ms, bool now);
// How long the loop may wait before mark_turn has something to write, in ms; -1: as long as it
// likes.
long
mark_patience(const Mark *mark, Ledger *ledger, int64_t steady_ms);
// The partner has proved that it knows more. The next start refuses a store that does not know it.
void
mark_proof(Mark *mark, Ledger *ledger, const char *partner, const Knowledge *said);

#endif
