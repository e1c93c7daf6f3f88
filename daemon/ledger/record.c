// SPDX-License-Identifier: EUPL-1.2
// Records by position.
// Knows: where a record lies: in the batch of this turn, among those lately written, or in the
// journal. Must never know: what a record decides.
// Path: record_append adds to the batch and folds; record_keep keeps what the barrier has written;
// record_find looks in the batch, in memory, then in the journal by read_ahead.h.
// Failure: a record that cannot be read closes the ledger with KT_STORE_DAMAGED.
#include "daemon/ledger/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/fold.h"
#include "proto/message.h"

static JournalEntry *
batch_next(Batch *batch)
{
    batch->entries = array_grow(batch->entries, &batch->room, batch->count + 1,
                                sizeof *batch->entries, "records of a turn");
    return &batch->entries[batch->count++];
}

uint64_t
record_append(Ledger *ledger, const Record *record, Hash *ret_leaf)
{
    ASSERT(record != NULL && ledger->claim.epoch != 0); // a journal that is only read takes none
    const ProtobufCBinaryData bytes = message_pack(&record->base, &ledger->turn);
    JournalEntry *entry = batch_next(&ledger->batch);
    const uint64_t position = ledger->tail + ledger->batch.count;
    *entry = (JournalEntry){.bytes = bytes.data, .length = bytes.len, .position = position};
    // The receipt names the leaf, and a duplicate may be answered before the journal has computed
    // it.
    entry->leaf = hash_leaf(ledger->hasher, bytes.data, bytes.len);
    ledger->batch.bytes += bytes.len;
    metric_add(&ledger->metrics, METRIC_RECORDS, 1);
    metric_add(&ledger->metrics, METRIC_RECORD_BYTES, bytes.len);
    if (ret_leaf != NULL)
        *ret_leaf = entry->leaf;
    fold_record(ledger, record, position, &ledger->scratch);
    return position;
}

void
record_keep(Ledger *ledger, const JournalEntry *entry)
{
    if (entry->length > RECENT_BYTES_MAX)
        return;
    Recent *recent = &ledger->recent[entry->position % RECENT_RECORDS];
    uint8_t *bytes = realloc(recent->bytes, entry->length + 1);
    if (bytes == NULL)
        exhausted("a record kept near");
    memcpy(bytes, entry->bytes, entry->length);
    *recent = (Recent){entry->position, bytes, entry->length, entry->leaf};
}

void
record_done(Ledger *ledger)
{
    for (size_t i = 0; ledger->recent != NULL && i < RECENT_RECORDS; i++)
        free(ledger->recent[i].bytes);
    free(ledger->recent);
    read_ahead_done(ledger->ahead);
    free(ledger->batch.entries);
}

typedef struct RecordSearch {
    Arena *arena;
    uint64_t position;
    const Record *record;
    Hash leaf;
} RecordSearch;

static const Record *
unpacked(Arena *arena, const uint8_t *bytes, size_t length)
{
    const Record *record = message_unpack(&keten__v1__record__descriptor, arena, bytes, length);
    return record == NULL || record->head == NULL ? NULL : record;
}

static bool
find_near(Ledger *ledger, RecordSearch *search)
{
    if (search->position > ledger->tail) {
        const JournalEntry *entry = &ledger->batch.entries[search->position - ledger->tail - 1];
        search->record = unpacked(search->arena, entry->bytes, entry->length);
        search->leaf = entry->leaf;
        return true;
    }
    const Recent *recent = &ledger->recent[search->position % RECENT_RECORDS];
    if (recent->position != search->position)
        return false;
    search->record = unpacked(search->arena, recent->bytes, recent->length);
    search->leaf = recent->leaf;
    return true;
}

static KtCode
find_far(Ledger *ledger, RecordSearch *search, Fault *fault)
{
    const JournalEntry *entry;
    const KtCode code =
        read_ahead_find(ledger->ahead, ledger->journal, search->position, &entry, fault);
    if (code != KT_OK)
        return code;
    // protobuf-c copies strings and bytes out, so nothing points into the entry afterwards.
    search->record = unpacked(search->arena, entry->bytes, entry->length);
    search->leaf = entry->leaf;
    return KT_OK;
}

const Record *
record_find(Ledger *ledger, uint64_t position, Arena *arena, Hash *ret_leaf, KtCode *ret_code)
{
    *ret_code = KT_OK;
    if (position == 0 || position > ledger->tail + ledger->batch.count)
        return NULL;
    RecordSearch search = {.arena = arena, .position = position};
    Fault fault = {.code = KT_OK};
    if (!find_near(ledger, &search)) {
        *ret_code = find_far(ledger, &search, &fault);
        if (*ret_code == KT_OK && search.record == NULL)
            *ret_code = fault_set(&fault, KT_STORE_DAMAGED, "record %llu is no record",
                                  (unsigned long long)position);
    }
    if (*ret_code != KT_OK) {
        ledger_fail(ledger, &fault);
        return NULL;
    }
    ASSERT(search.record != NULL);
    if (ret_leaf != NULL)
        *ret_leaf = search.leaf;
    return search.record;
}

const Record *
ledger_record(Ledger *ledger, uint64_t position, Arena *arena, Hash *ret_leaf)
{
    KtCode code;
    return record_find(ledger, position, arena, ret_leaf, &code);
}

KtCode
ledger_read(Ledger *ledger, uint64_t from, JournalReader reader, void *caller, Fault *fault)
{
    if (from == 0 || from > ledger->tail)
        return KT_OK;
    return journal_read(ledger->journal, from, reader, caller, fault);
}

static bool
take_running(void *caller, const JournalEntry *entry)
{
    *(Hash *)caller = entry->running;
    return false;
}

KtCode
ledger_running(Ledger *ledger, uint64_t position, Hash *ret, Fault *fault)
{
    ASSERT(ledger != NULL && ret != NULL && position >= 1 && position <= ledger->tail);
    if (position != ledger->tail)
        return journal_read(ledger->journal, position, take_running, ret, fault);
    *ret = ledger->running;
    return KT_OK;
}
