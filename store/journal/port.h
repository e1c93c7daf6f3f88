// SPDX-License-Identifier: EUPL-1.2
// The table of calls that an engine puts behind the journal port. Knows: the calls of the port.
// Must never know: any engine.
#ifndef KETEN_STORE_JOURNAL_PORT_H
#define KETEN_STORE_JOURNAL_PORT_H

#include "store/journal/journal.h"

typedef struct JournalEngine {
    KtCode (*lock)(Journal *journal, Fault *fault);
    KtCode (*claim)(Journal *journal, uint64_t applied, JournalClaim *ret_claim, Fault *fault);
    JournalResult (*append)(Journal *journal, uint64_t epoch, uint64_t expected_tail,
                            JournalEntry *entries, size_t count);
    KtCode (*read)(Journal *journal, uint64_t from, JournalReader reader, void *caller,
                   Fault *fault);
    JournalResult (*close_clean)(Journal *journal, uint64_t epoch);
    uint64_t (*room)(Journal *journal);
    void (*done)(Journal *journal);
} JournalEngine;

// The first member of every engine's own structure.
struct Journal {
    const JournalEngine *engine;
};

#endif
