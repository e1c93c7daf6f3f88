// SPDX-License-Identifier: EUPL-1.2
// See read_ahead.h. Knows: runs of positions. Must never know: what a record says.
// The path: read_ahead_find looks in the runs; a position that lies shortly behind the end of a run
// is the next of a sequence (run_before), so load reads RUN_RECORDS from there. Another position
// starts a run of one record, in the place of the run that was used longest ago.
// Failure: damage behind the wanted record ends the run before it; the damage is told when that
// record itself is wanted.
#include "daemon/ledger/read_ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/assert.h"

#define RUNS        8u           // so many partners may come back at one time
#define RUN_RECORDS 128u         // at most, in one run
#define RUN_BYTES   (128u << 10) // a run ends with the record that reaches this size

typedef struct Run {
    JournalEntry entries[RUN_RECORDS]; // their bytes are set by entry_of
    size_t places[RUN_RECORDS];        // in bytes, of each record in `bytes`
    size_t count;                      // of records; 0: an empty run
    size_t most;                       // records wanted
    uint8_t *bytes;                    // owned
    size_t used, room;                 // of `bytes`
    uint64_t used_at;                  // on the clock of searches
} Run;

struct ReadAhead {
    Run runs[RUNS];
    uint64_t searches;
};

ReadAhead *
read_ahead_make(void)
{
    ReadAhead *ahead = calloc(1, sizeof *ahead);
    if (ahead == NULL)
        exhausted("records read ahead");
    return ahead;
}

void
read_ahead_done(ReadAhead *ahead)
{
    for (size_t i = 0; ahead != NULL && i < RUNS; i++)
        free(ahead->runs[i].bytes);
    free(ahead);
}

static uint64_t
run_end(const Run *run)
{
    return run->entries[0].position + run->count;
}

static const JournalEntry *
entry_of(Run *run, uint64_t position)
{
    if (run->count == 0 || position < run->entries[0].position || position >= run_end(run))
        return NULL;
    const size_t i = (size_t)(position - run->entries[0].position);
    run->entries[i].bytes = run->bytes + run->places[i];
    return &run->entries[i];
}

// The run that a sequence with this position goes on from; NULL: none.
static Run *
run_before(ReadAhead *ahead, uint64_t position)
{
    for (size_t i = 0; i < RUNS; i++) {
        Run *run = &ahead->runs[i];
        if (run->count > 0 && position >= run_end(run) && position - run_end(run) < RUN_RECORDS)
            return run;
    }
    return NULL;
}

static Run *
run_oldest(ReadAhead *ahead)
{
    Run *oldest = &ahead->runs[0];
    for (size_t i = 1; i < RUNS; i++)
        if (ahead->runs[i].used_at < oldest->used_at)
            oldest = &ahead->runs[i];
    return oldest;
}

static bool
keep_entry(void *caller, const JournalEntry *entry)
{
    Run *run = caller;
    run->bytes =
        array_grow(run->bytes, &run->room, run->used + entry->length + 1, 1, "records read ahead");
    memcpy(run->bytes + run->used, entry->bytes, entry->length);
    run->places[run->count] = run->used;
    run->entries[run->count++] = *entry;
    run->used += entry->length;
    return run->count < run->most && run->used < RUN_BYTES;
}

static KtCode
load(Run *run, Journal *journal, uint64_t position, Fault *fault)
{
    run->count = run->used = 0;
    const KtCode code = journal_read(journal, position, keep_entry, run, fault);
    return run->count > 0 ? KT_OK : code;
}

KtCode
read_ahead_find(ReadAhead *ahead, Journal *journal, uint64_t position, const JournalEntry **ret,
                Fault *fault)
{
    ASSERT(ahead != NULL && position >= 1 && ret != NULL && fault != NULL);
    ahead->searches++;
    for (size_t i = 0; i < RUNS; i++) {
        const JournalEntry *found = entry_of(&ahead->runs[i], position);
        if (found != NULL) {
            ahead->runs[i].used_at = ahead->searches;
            *ret = found;
            return KT_OK;
        }
    }
    Run *run = run_before(ahead, position);
    const bool sequence = run != NULL;
    run = sequence ? run : run_oldest(ahead);
    run->most = sequence ? RUN_RECORDS : 1;
    run->used_at = ahead->searches;
    const KtCode code = load(run, journal, position, fault);
    if (code != KT_OK)
        return code;
    ASSERT(run->count > 0);
    *ret = entry_of(run, position);
    return KT_OK;
}
