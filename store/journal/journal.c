// SPDX-License-Identifier: EUPL-1.2
// The journal port: hands each call to the engine behind it. Knows: the rules that every caller
// must keep, whatever the engine. Must never know: which engines there are.
#include "store/journal/journal.h"

#include "base/assert.h"
#include "store/journal/port.h"

KtCode
journal_lock(Journal *journal, Fault *fault)
{
    ASSERT(journal != NULL && fault != NULL);
    return journal->engine->lock(journal, fault);
}

KtCode
journal_claim(Journal *journal, uint64_t applied, JournalClaim *ret_claim, Fault *fault)
{
    ASSERT(journal != NULL && ret_claim != NULL && fault != NULL);
    return journal->engine->claim(journal, applied, ret_claim, fault);
}

JournalResult
journal_append(Journal *journal, uint64_t epoch, uint64_t expected_tail, JournalEntry *entries,
               size_t count)
{
    ASSERT(journal != NULL && entries != NULL && count > 0);
    return journal->engine->append(journal, epoch, expected_tail, entries, count);
}

KtCode
journal_read(Journal *journal, uint64_t from, JournalReader reader, void *caller, Fault *fault)
{
    ASSERT(journal != NULL && reader != NULL && from >= 1 && fault != NULL);
    return journal->engine->read(journal, from, reader, caller, fault);
}

JournalResult
journal_close_clean(Journal *journal, uint64_t epoch)
{
    ASSERT(journal != NULL);
    return journal->engine->close_clean(journal, epoch);
}

uint64_t
journal_room(Journal *journal)
{
    ASSERT(journal != NULL);
    return journal->engine->room(journal);
}

void
journal_done(Journal *journal)
{
    if (journal != NULL)
        journal->engine->done(journal);
}
