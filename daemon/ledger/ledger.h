// SPDX-License-Identifier: EUPL-1.2
// The ledger: journal, state and engine joined. Knows: how a command becomes one durable record and
// its rows. Must never know: sockets, sessions, the clock on the wall - the time comes with each
// call. A turn: any number of commands, firings and loads, then one ledger_commit - the barrier.
// Nothing that a submit returned may leave the process before the commit returned KT_OK. Results
// live until ledger_turn_done.
#ifndef KETEN_LEDGER_LEDGER_H
#define KETEN_LEDGER_LEDGER_H

#include "daemon/engine/engine.h"
#include "store/journal/journal.h"
#include "store/secret.h"
#include "store/state/state.h"

typedef struct Ledger Ledger;

typedef struct LedgerOptions {
    Journal *journal;          // owned by the ledger from here on, also on failure
    State *state;              // owned by the ledger from here on, also on failure
    const Secrets *secrets;    // outlives it
    const Zone *zone;          // outlives it; NULL only with `offline`: nothing is decided there
    bool driven;               // for an empty journal: born driven …
    int64_t start_ms;          // … at this instant
    const uint8_t *history_id; // … and known by these 16 bytes; NULL: random ones
    size_t overlay_bytes;      // flush when the overlay holds more; 0: 32 MiB
    uint64_t overlay_records;  // or when so many records are not in the snapshot; 0: 16,384
    bool offline; // for tools on a stopped store: takes the clock it was born with, writes nothing
} LedgerOptions;

// Claims the journal, replays what the state does not cover yet, writes the first record of an
// empty journal. KT_STORE_ROLLBACK when the journal is shorter than the state or its running hash
// differs there. A driven store opened with driven=false, or the other way round, is KT_SETUP.
KtCode
ledger_open(const LedgerOptions *options, Ledger **ret, Fault *fault);
// Without ledger_checkpoint and ledger_close_clean: as if killed.
void
ledger_done(Ledger *ledger);

typedef struct LedgerStatus {
    uint64_t history, position, applied, replayed;
    int64_t at_ms; // last record time
    bool driven, was_clean;
    uint64_t cut_bytes;
    uint64_t plans, steps, facts, persons; // numbers given out
    uint64_t duplicates; // commands answered from an earlier record since this start
    size_t overlay_bytes;
} LedgerStatus;
void
ledger_status(Ledger *ledger, LedgerStatus *ret);

// The recorded partner whose valid key this is at now_ms; NULL when none. Lives until the next
// load.
const PartnerRow *
ledger_partner_of_key(Ledger *ledger, const uint8_t key[32], int64_t now_ms);
const PartnerRow *
ledger_partner(Ledger *ledger, uint32_t number);
size_t
ledger_partner_count(Ledger *ledger);

typedef struct Answer {
    const Keten__V1__Receipt *receipt; // exactly one of the two
    const Keten__V1__Refusal *refusal;
    bool duplicate; // answered from an earlier record
} Answer;

// A partner's command: limits, BSN check and tokens, duplicate suppression, context, decide, fold
// into the overlay. `language` is that of refusals. A closed (failed) store is reported by commit,
// not here.
Answer
ledger_command(Ledger *ledger, uint32_t partner, const Command *command, KtLanguage language,
               int64_t now_ms);

// Fires what is due at now_ms, at most `most` plans, oldest first. Returns how many fired; call
// again when == most.
size_t
ledger_fire(Ledger *ledger, int64_t now_ms, size_t most);
// The next due instant; INT64_MAX when nothing waits.
int64_t
ledger_next_due(Ledger *ledger);
// Carries on the work items left open (what touches two plans); returns how many were done.
size_t
ledger_work(Ledger *ledger, int64_t now_ms, size_t most);

// Cumulative. False when `upto` was never assigned: nothing is recorded. Coalesced: one record per
// commit.
bool
ledger_acknowledge(Ledger *ledger, uint32_t partner, uint64_t upto, int64_t now_ms);

// Local loads; what is unchanged or older writes nothing and is KT_OK.
KtCode
ledger_load_partner(Ledger *ledger, const PartnerRow *row, int64_t now_ms, Fault *fault);
KtCode
ledger_load_arrangement(Ledger *ledger, const Arrangement *arrangement, int64_t now_ms,
                        Fault *fault);

// The barrier: one append, one fdatasync. After anything but KT_OK the ledger is closed: stop the
// process.
KtCode
ledger_commit(Ledger *ledger, Fault *fault);
// Forgets the turn's results.
void
ledger_turn_done(Ledger *ledger);
// Writes the overlay to the snapshot when it has grown, or `now`.
KtCode
ledger_checkpoint(Ledger *ledger, bool now, Fault *fault);
KtCode
ledger_close_clean(Ledger *ledger, Fault *fault);

uint64_t
ledger_assigned(Ledger *ledger, uint32_t partner);
uint64_t
ledger_acknowledged(Ledger *ledger, uint32_t partner);

// Delivery n of a partner, built by copying in what its record allows. NULL when n was never
// assigned. Damage in the store is KT_STORE_DAMAGED in *ret_code, and nothing is served.
const Keten__V1__Delivery *
ledger_delivery(Ledger *ledger, uint32_t partner, uint64_t n, Arena *arena, KtCode *ret_code);

// The record at a position, NULL when there is none; *ret_leaf may be NULL.
const Record *
ledger_record(Ledger *ledger, uint64_t position, Arena *arena, Hash *ret_leaf);

State *
ledger_state(Ledger *ledger);

// The counts since this start (daemon/ledger/metrics.h); the broker counts in them, too.
struct Metrics *
ledger_metrics(Ledger *ledger);

// Rule 9 and the rest on the whole store: plan_check on every plan, every timer, inbox and cursor;
// the state rebuilt from the journal and compared. For a stopped store.
typedef struct VerifyReport {
    uint64_t records, rows, plans, open_plans, open_steps, deliveries;
    Hash digest;
} VerifyReport;
KtCode
ledger_verify(Ledger *ledger,
              void (*progress)(void *caller, const char *what, uint64_t done, uint64_t of),
              void *caller, VerifyReport *ret, Fault *fault);

#endif
