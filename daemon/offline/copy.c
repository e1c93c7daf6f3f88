// SPDX-License-Identifier: EUPL-1.2
// See copy.h. Knows: batches of bounded size. Must never know: what a record says.
// Path: open_source opens the journal to read and takes note of where it ends; take_entry gets one
// record after another, collects them and appends them to the copy. Failure: the first fault ends
// the reading; the half copy is the caller's to remove.
#include "daemon/offline/copy.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/assert.h"

#define BATCH_RECORDS 256u
#define BATCH_BYTES   (1u << 20)
#define TRIES         10

typedef struct Copy {
    Journal *into; // NULL: the records are only read
    uint64_t epoch, upto;
    Extent done; // what has been read
    uint64_t written;
    Arena arena; // the bytes of the batch
    JournalEntry entries[BATCH_RECORDS];
    Hash running[BATCH_RECORDS]; // as the source has them
    size_t count, bytes;
    CopyProgress progress;
    KtCode code;
    Fault *fault;
} Copy;

// The end of a journal that is being written can look damaged for a moment. Damage that stays is
// damage.
static KtCode
open_source(const char *path, Journal **ret, JournalClaim *ret_claim, Fault *fault)
{
    const JournalFilesOptions options = {.directory = path, .read_only = true};
    KtCode code = KT_OK;
    for (int i = 0; i < TRIES; i++) {
        Journal *journal = NULL;
        code = journal_files_open(&options, &journal, fault);
        if (code == KT_OK)
            code = journal_claim(journal, 0, ret_claim, fault);
        if (code == KT_OK) {
            *ret = journal;
            return KT_OK;
        }
        journal_done(journal);
        if (code != KT_STORE_DAMAGED)
            break;
    }
    return code;
}

static bool
append_batch(Copy *copy)
{
    if (copy->count == 0)
        return true;
    const JournalResult result =
        journal_append(copy->into, copy->epoch, copy->written, copy->entries, copy->count);
    if (result != JOURNAL_OK) {
        copy->code = fault_set(copy->fault, KT_STORE_WRITE, "the copy, after record %" PRIu64,
                               copy->written);
        return false;
    }
    for (size_t i = 0; i < copy->count; i++)
        if (!hash_equal(&copy->entries[i].running, &copy->running[i])) {
            copy->code = fault_set(copy->fault, KT_VERIFY, "record %" PRIu64 " of the copy",
                                   copy->entries[i].position);
            return false;
        }
    copy->written += copy->count;
    copy->count = copy->bytes = 0;
    arena_reset(&copy->arena);
    return true;
}

static bool
take_entry(void *caller, const JournalEntry *entry)
{
    Copy *copy = caller;
    if (copy->upto != 0 && entry->position > copy->upto)
        return false;
    copy->done = (Extent){entry->position, entry->running};
    if (copy->into == NULL)
        return true;
    copy->running[copy->count] = entry->running;
    copy->entries[copy->count++] = (JournalEntry){
        .bytes = (const uint8_t *)arena_copy(&copy->arena, entry->bytes, entry->length),
        .length = entry->length};
    copy->bytes += entry->length;
    if (copy->count < BATCH_RECORDS && copy->bytes < BATCH_BYTES)
        return true;
    if (copy->progress != NULL)
        copy->progress(NULL, "copied", entry->position, copy->upto);
    return append_batch(copy);
}

static KtCode
read_source(Copy *copy, const char *path)
{
    Journal *source = NULL;
    JournalClaim claim;
    const uint64_t wanted = copy->upto;
    KtCode code = open_source(path, &source, &claim, copy->fault);
    if (code != KT_OK)
        return code;
    if (wanted > claim.tail)
        code = fault_set(copy->fault, KT_USAGE, "%s ends at r%" PRIu64, path, claim.tail);
    copy->upto = wanted != 0 ? wanted : claim.tail;
    if (code == KT_OK && claim.tail > 0)
        code = journal_read(source, 1, take_entry, copy, copy->fault);
    journal_done(source);
    return code == KT_OK ? copy->code : code;
}

KtCode
copy_survey(const char *journal, uint64_t upto, Extent *ret, Fault *fault)
{
    ASSERT(journal != NULL && ret != NULL && fault != NULL);
    Copy copy = {.upto = upto, .fault = fault};
    const KtCode code = read_source(&copy, journal);
    if (code == KT_OK)
        *ret = copy.done;
    return code;
}

static KtCode
close_copy(Copy *copy)
{
    if (!append_batch(copy))
        return copy->code;
    if (journal_close_clean(copy->into, copy->epoch) == JOURNAL_OK)
        return KT_OK;
    return fault_set(copy->fault, KT_STORE_WRITE, "the copy cannot be closed");
}

KtCode
copy_journal(const char *journal, const char *into, uint64_t upto, CopyProgress progress,
             Extent *ret, Fault *fault)
{
    ASSERT(journal != NULL && into != NULL && ret != NULL && fault != NULL);
    Copy *copy = calloc(1, sizeof *copy);
    JournalClaim claim;
    if (copy == NULL)
        exhausted("the copy");
    copy->upto = upto;
    copy->progress = progress;
    copy->fault = fault;
    KtCode code = journal_files_open(&(JournalFilesOptions){.directory = into}, &copy->into, fault);
    code = code == KT_OK ? journal_claim(copy->into, 0, &claim, fault) : code;
    copy->epoch = code == KT_OK ? claim.epoch : 0;
    code = code == KT_OK ? read_source(copy, journal) : code;
    code = code == KT_OK ? close_copy(copy) : code;
    if (code == KT_OK)
        *ret = copy->done;
    journal_done(copy->into);
    arena_done(&copy->arena);
    free(copy);
    return code;
}
