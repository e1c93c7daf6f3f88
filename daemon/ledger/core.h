// SPDX-License-Identifier: EUPL-1.2
// The ledger's one struct and how it closes itself. Knows: what lives how long. Must never know:
// sockets, sessions, files.
#ifndef KETEN_LEDGER_CORE_H
#define KETEN_LEDGER_CORE_H

#include "daemon/ledger/ledger.h"
#include "daemon/ledger/metrics.h"
#include "daemon/ledger/quota.h"
#include "daemon/ledger/read_ahead.h"
#include "daemon/ledger/record.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/throttled_streams.h"
#include "daemon/ledger/turned_away.h"
#include "store/hash.h"

// protobuf-c's fields are not const; what is put there is only read.
static inline char *
unconst(const char *text)
{
    return (char *)(uintptr_t)text;
}

typedef struct Histories {
    HistoryBegan items[LEDGER_HISTORIES_MAX]; // oldest first
    size_t count;
} Histories;

struct Ledger {
    Journal *journal;         // owned
    State *state;             // owned
    const Secrets *secrets;   // borrowed; outlives the ledger
    Hasher *hasher;           // owned
    JournalClaim claim;       // set by ledger_open
    uint64_t tail;            // position of the last durable record; commit moves it
    Hash running;             // of the journal, at `tail`
    uint64_t room;            // bytes that the disk can still take, as of this turn …
    bool room_known;          // … when a command of this turn has asked
    bool is_short;            // commands are refused for want of room
    uint64_t short_reads;     // bytes of disclosures since then
    Quotas quotas;            // owned
    uint64_t replayed;        // records folded again at the start
    Metrics metrics;          // since this start; set where the thing that is counted happens
    TurnedAway away;          // since this start; the broker notes them
    size_t overlay_bytes;     // flush when the overlay has more bytes …
    uint64_t overlay_records; // … or more records than this
    bool offline;             // a stopped store: nothing is written
    bool failed;              // closed: `fault` says why
    Fault fault;              // the first one

    Counters counters;              // next free numbers; a fold sets them
    int64_t at_ms;                  // time of the last record; INT64_MIN before the first
    uint64_t history;               // number of this history; 0 before the first record
    uint8_t history_id[UUID_BYTES]; // of this history
    Histories histories;            // all of them; histories_begin sets these five
    bool driven;                    // the clock moves by command; the first record says so
    int64_t start_ms;               // at which a driven store was born
    bool stopped;                   // see ledger_stop
    LedgerClock clock;              // of the machine; ledger_clock sets it
    int64_t next_due_ms;            // of the earliest timer; INT64_MAX when nothing waits
    bool next_due_known;            // due_first sets it; a fold that touches a timer clears it

    Registry registry;          // owned; a fold keeps it up to date
    ThrottledStreams throttled; // owned
    Calendar calendar;          // without closing days: for what is about no plan
    Recent *recent;             // RECENT_RECORDS of them; owned
    ReadAhead *ahead;           // old records read from the journal; owned
    Batch batch;                // records of this turn
    size_t acknowledging;       // partners whose cursor is to be recorded at the barrier
    int64_t acknowledge_ms;     // when the last of them acknowledged
    Arena turn;                 // lives until ledger_turn_done
    Arena scratch;              // lives until the next submit
};

// Closes the ledger: ledger_commit tells the fault. Keeps the first one.
void
ledger_fail(Ledger *ledger, const Fault *fault);
// After a read of the state gave STATE_DAMAGED or a range failed.
void
ledger_fail_state(Ledger *ledger);
// Whether the disk has room for a new command. Measured anew in each turn that asks, so that a disk
// that fills, or is freed, is seen at once.
bool
ledger_has_room(Ledger *ledger);
// Seals the overlay when it has grown, and lets the state's thread write what is sealed. It waits
// for the thread only when STATE_GENERATIONS_MOST generations are behind. `position` and `running`
// are those of the last durable record.
KtCode
ledger_flush(Ledger *ledger, uint64_t position, const Hash *running, Fault *fault);

#endif
