// SPDX-License-Identifier: EUPL-1.2
// A record becomes rows, the same way for a new record and for a replayed one.
// Knows: project, the overlay, the registry, the checks of a replay. Must never know: commands, the
// clock.
// Path: fold_record puts the rows of project() into the overlay first, then hands each event to its
// row of the table `folds`, which brings the registry up to date; fold_replay calls fold_record for
// every record that the state does not cover yet.
// Failure: KT_STORE_ROLLBACK when journal and state do not belong together, KT_STORE_DAMAGED.
#include "daemon/ledger/fold.h"

#include <inttypes.h>

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/histories.h"
#include "daemon/ledger/registry_partner.h"
#include "daemon/ledger/registry_silence.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"

static void
fold_history(Ledger *ledger, const Event *event, uint64_t position)
{
    histories_begin(ledger, event->history_started, position);
}

static void
fold_partner(Ledger *ledger, const Event *event, uint64_t position)
{
    (void)position;
    registry_partner(ledger, event->partner_loaded->row);
}

static void
fold_arrangement(Ledger *ledger, const Event *event, uint64_t position)
{
    (void)position;
    registry_arrangement(ledger, event->arrangement_loaded->arrangement,
                         event->arrangement_loaded->content);
}

static void
fold_silence(Ledger *ledger, const Event *event, uint64_t position)
{
    (void)position;
    registry_silence(ledger, event->silence_changed->row);
}

// rejected_ahead reads the rows of the state. Those of this record are in the overlay already.
static void
fold_cursor(Ledger *ledger, const Event *event, uint64_t position)
{
    (void)position;
    const Keten__V1__Acknowledged *acknowledged = event->acknowledged;
    Cursor *cursor = registry_cursor(ledger, acknowledged->partner);
    ASSERT(cursor != NULL);
    ledger->registry.partners[acknowledged->partner - 1].acknowledged = acknowledged->upto;
    if (cursor->ahead > 0)
        cursor->ahead = rejected_ahead(ledger, acknowledged->partner, acknowledged->upto);
}

static void
fold_rejected(Ledger *ledger, const Event *event, uint64_t position)
{
    (void)position;
    const DeadRow *row = event->dead_changed->row;
    Cursor *cursor = registry_cursor(ledger, row->partner);
    ASSERT(cursor != NULL);
    const bool is_new = row->position == 0;
    if (is_new && row->n > ledger->registry.partners[row->partner - 1].acknowledged)
        cursor->ahead++;
}

typedef void (*EventFold)(Ledger *ledger, const Event *event, uint64_t position);

// The other events change nothing that is kept in memory.
#define FOLDS(NAME, fold) [KETEN__V1__EVENT__BODY_##NAME] = (fold)
static const EventFold folds[] = {
    FOLDS(HISTORY_STARTED, fold_history),
    FOLDS(PARTNER_LOADED, fold_partner),
    FOLDS(ARRANGEMENT_LOADED, fold_arrangement),
    FOLDS(SILENCE_CHANGED, fold_silence),
    FOLDS(ACKNOWLEDGED, fold_cursor),
    FOLDS(DEAD_CHANGED, fold_rejected),
};

static void
fold_events(Ledger *ledger, const Head *head, uint64_t position)
{
    for (size_t i = 0; i < head->n_events; i++) {
        const size_t at = (size_t)head->events[i]->body_case;
        if (at < sizeof folds / sizeof folds[0] && folds[at] != NULL)
            folds[at](ledger, head->events[i], position);
    }
}

static void
fold_receivers(Ledger *ledger, const Head *head)
{
    for (size_t i = 0; i < head->n_receivers; i++) {
        const Receiver *receiver = head->receivers[i];
        ASSERT(receiver->partner >= 1 && receiver->partner <= ledger->registry.partner_count);
        if (receiver->n != 0)
            ledger->registry.partners[receiver->partner - 1].assigned = receiver->n;
    }
}

static void
fold_changes(Ledger *ledger, const Changes *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        const Change *change = &changes->items[i];
        if (change->key[0] == TABLE_TIMER)
            ledger->next_due_known = false;
        state_change(ledger->state, change);
    }
}

void
fold_record(Ledger *ledger, const Record *record, uint64_t position, Arena *arena)
{
    ASSERT(record != NULL && record->head != NULL && position != 0);
    const Head *head = record->head;
    const Changes changes = project(record, position, arena);
    fold_changes(ledger, &changes);
    fold_events(ledger, head, position);
    fold_receivers(ledger, head);
    if (head->counters != NULL)
        ledger->counters = *head->counters;
    ASSERT(head->at_ms >= ledger->at_ms);
    ledger->at_ms = head->at_ms;
}

typedef struct Replay {
    Ledger *ledger;
    uint64_t applied;
    Hash running; // of the state, at `applied`
    KtCode code;
    const LedgerOptions *options; // for progress
    Fault *fault;
} Replay;

#define PROGRESS_RECORDS 1024 // between two calls of progress

static void
replay_tell(const Replay *replay, uint64_t position)
{
    const LedgerOptions *options = replay->options;
    if (options->progress != NULL && position % PROGRESS_RECORDS == 0)
        options->progress(options->caller, position, replay->ledger->claim.tail);
}

static bool
replay_flush(Replay *replay, const JournalEntry *entry)
{
    Ledger *ledger = replay->ledger;
    if (ledger->offline)
        return true;
    replay->code = ledger_flush(ledger, entry->position, &entry->running, replay->fault);
    return replay->code == KT_OK;
}

static bool
replay_entry(void *caller, const JournalEntry *entry)
{
    Replay *replay = caller;
    Ledger *ledger = replay->ledger;
    if (entry->position == replay->applied) {
        if (hash_equal(&entry->running, &replay->running))
            return true;
        replay->code =
            fault_set(replay->fault, KT_STORE_ROLLBACK,
                      "record %" PRIu64 " is not the one the state was made from", entry->position);
        return false;
    }
    const Record *record = message_unpack(&keten__v1__record__descriptor, &ledger->scratch,
                                          entry->bytes, entry->length);
    if (record == NULL || record->head == NULL) {
        replay->code = fault_set(replay->fault, KT_STORE_DAMAGED, "record %" PRIu64 " is no record",
                                 entry->position);
        return false;
    }
    fold_record(ledger, record, entry->position, &ledger->scratch);
    ledger->replayed++;
    arena_reset(&ledger->scratch);
    replay_tell(replay, entry->position);
    return replay_flush(replay, entry);
}

KtCode
fold_replay(Ledger *ledger, const LedgerOptions *options, Fault *fault)
{
    Replay replay = {.ledger = ledger, .options = options, .fault = fault};
    replay.applied = state_applied(ledger->state, &replay.running);
    if (ledger->claim.tail < replay.applied)
        return fault_set(fault, KT_STORE_ROLLBACK,
                         "the journal ends at record %" PRIu64
                         ", the state has seen record %" PRIu64,
                         ledger->claim.tail, replay.applied);
    if (ledger->claim.tail == 0)
        return KT_OK;
    const KtCode code = journal_read(ledger->journal, replay.applied == 0 ? 1 : replay.applied,
                                     replay_entry, &replay, fault);
    return code != KT_OK ? code : replay.code;
}
