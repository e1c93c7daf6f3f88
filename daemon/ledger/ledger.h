// SPDX-License-Identifier: EUPL-1.2
// The ledger: journal, state and engine joined. Knows: how a command becomes one durable record and
// its rows. Must never know: sockets, sessions, the wall clock - the time comes with each call.
// A turn is any number of commands, firings and loads, then one ledger_commit: the barrier. Nothing
// that a call of the turn returned may leave the process before ledger_commit returned KT_OK.
// Results live until ledger_turn_done.
#ifndef KETEN_LEDGER_LEDGER_H
#define KETEN_LEDGER_LEDGER_H

#include "daemon/engine/engine.h"
#include "daemon/ledger/quota.h"
#include "proto/sizes.h"
#include "store/journal/journal.h"
#include "store/secret.h"
#include "store/state/state.h"

typedef struct Ledger Ledger;

typedef struct LedgerOptions {
    Journal *journal;          // owned by the ledger from here on, also on failure
    State *state;              // owned by the ledger from here on, also on failure
    const Secrets *secrets;    // borrowed; outlives the ledger
    const Zone *zone;          // borrowed, as above; NULL only with `offline`: nothing is decided
    bool driven;               // for an empty journal: born driven …
    int64_t start_ms;          // … at this instant
    const uint8_t *history_id; // … and known by these 16 bytes; NULL: random ones
    size_t overlay_bytes;      // flush when the overlay has more; 0: 32 MiB
    uint32_t quotas[QUOTAS];   // records an hour and partner (daemon/ledger/quota.h); 0: 10,000
    uint64_t overlay_records;  // or when so many records are not in the snapshot; 0: 16,384
    bool offline; // a stopped store: takes the clock that it was born with, and writes nothing
    // Told now and then while records are folded at the start: positions, up to the last. May be
    // NULL.
    void (*progress)(void *caller, uint64_t done, uint64_t of);
    void *caller; // of progress
} LedgerOptions;

// Claims the journal, replays what the state does not cover yet, writes the first record of an
// empty journal. KT_STORE_ROLLBACK when the journal is shorter than the state or its running hash
// differs there. A driven store opened with driven=false, or the other way round, is KT_SETUP.
KtCode
ledger_open(const LedgerOptions *options, Ledger **ret, Fault *fault);
// Without ledger_checkpoint and ledger_close_clean: as if killed.
void
ledger_done(Ledger *ledger);

// Set by ledger_status.
typedef struct LedgerStatus {
    uint64_t history;                      // number of the history; 0 before the first record
    uint64_t position;                     // of the last durable record
    uint64_t applied;                      // position that the snapshot covers
    uint64_t replayed;                     // records folded again at the start
    int64_t at_ms;                         // time of the last record
    bool driven;                           // the clock moves by command
    bool was_clean;                        // the process before this one stopped in an orderly way
    uint64_t cut_bytes;                    // of an unfinished batch, cut off at the start
    uint64_t plans, steps, facts, persons; // numbers given out
    uint64_t duplicates;            // commands answered from an earlier record since this start
    size_t overlay_bytes;           // bytes of rows that are not in the snapshot
    size_t generations;             // sealed, and not in the snapshot yet
    bool stopped;                   // ledger_stop was called
    uint8_t history_id[UUID_BYTES]; // of the history
} LedgerStatus;
void
ledger_status(Ledger *ledger, LedgerStatus *ret);

// A history, and the position of its first record.
typedef struct HistoryBegan {
    uint64_t history, position;
} HistoryBegan;
#define LEDGER_HISTORIES_MAX 64
// Oldest first; the last one is the present one. The list lives as long as the ledger.
const HistoryBegan *
ledger_histories(const Ledger *ledger, size_t *ret_count);

// The recorded partner whose valid key this is at now_ms; NULL when none. Lives until the next
// load.
const PartnerRow *
ledger_partner_of_key(Ledger *ledger, const uint8_t key[CURVE_KEY_BYTES], int64_t now_ms);
// The number of the recorded partner whose key this is, valid or not; 0 when it is nobody's.
uint32_t
ledger_owner_of_key(Ledger *ledger, const uint8_t key[CURVE_KEY_BYTES]);
const PartnerRow *
ledger_partner(Ledger *ledger, uint32_t number);
size_t
ledger_partner_count(Ledger *ledger);
// The number of the partner of that name; 0 when there is none.
uint32_t
ledger_partner_number(Ledger *ledger, const char *name);

typedef struct Answer {
    const Keten__V1__Receipt *receipt; // exactly one of the two
    const Keten__V1__Refusal *refusal;
    bool duplicate; // answered from an earlier record
} Answer;

// Answers a partner's command: checks it, turns BSNs into tokens, finds an earlier answer, loads
// the context, decides, and folds the record into the overlay. `language` is that of refusals. A
// ledger that failed is told by ledger_commit, not here.
Answer
ledger_command(Ledger *ledger, uint32_t partner, const Command *command, KtLanguage language,
               int64_t now_ms);

// The clock of the machine, as its owner judges it. The ledger only tells it on, and records that
// it was accepted.
typedef struct LedgerClock {
    const char *state;            // a word for people; lives for ever. NULL: nobody told
    bool acceptable;              // the wall clock is not followed, and may be accepted
    int64_t wall_ms, believed_ms; // what it shows, and the time that goes into records
} LedgerClock;
// For the commands and queries that follow, until the next call.
void
ledger_clock(Ledger *ledger, const LedgerClock *clock);

// The time of the last record; INT64_MIN while there is none but the birth of the store, whose time
// is made up.
int64_t
ledger_last_ms(const Ledger *ledger);

// Fires what is due at now_ms, at most `most` plans, oldest first. Returns how many fired; call
// again when == most.
size_t
ledger_fire(Ledger *ledger, int64_t now_ms, size_t most);
// The next due instant; INT64_MAX when nothing waits.
int64_t
ledger_next_due(Ledger *ledger);
// Does the work items that earlier records left open, at most `most`, for work that touches one
// plan after another; returns how many were done.
size_t
ledger_work(Ledger *ledger, int64_t now_ms, size_t most);

// The partner has processed every delivery up to `upto`. The next commit records the last call for
// each partner, in one record. False when `upto` was never assigned: nothing is recorded.
bool
ledger_acknowledge(Ledger *ledger, uint32_t partner, uint64_t upto, int64_t now_ms);

// Loads from the daemon's own files. A row that is unchanged or older, or whose file was
// taken before, writes nothing and is KT_OK.
KtCode
ledger_load_partner(Ledger *ledger, const PartnerRow *row, int64_t now_ms, Fault *fault);
// Whether the file that gave this row was taken before, and a later load says otherwise: then the
// file is left aside.
bool
ledger_partner_is_aside(Ledger *ledger, const PartnerRow *row);
KtCode
ledger_load_arrangement(Ledger *ledger, const Arrangement *arrangement, int64_t now_ms,
                        Fault *fault);

// The version in force of an arrangement; 0: there is none of this name.
uint32_t
ledger_arrangement_version(Ledger *ledger, const char *name);

// Holds the secrets against those that the store knows. KT_SECRET_OTHER names the first that is
// another; `renewed`, a name or NULL, may be. Records those that the store does not know yet.
KtCode
ledger_know_secrets(Ledger *ledger, SecretCheck *const *checks, size_t count, const char *renewed,
                    int64_t now_ms, Fault *fault);

// The journal goes on in another history: what was told under the one before, after the present
// position, does not count. `history` is above all that were ever told. The record takes the time
// of the last one. With the barrier.
KtCode
ledger_begin_history(Ledger *ledger, uint64_t history, Fault *fault);
// From here on every command is refused with KT_HISTORY_STOPPED, and no term fires: the store is
// older than what its partners were told.
void
ledger_stop(Ledger *ledger);

// The barrier: one append, one fdatasync. After anything but KT_OK the ledger is closed: stop the
// process.
KtCode
ledger_commit(Ledger *ledger, Fault *fault);
// Forgets the turn's results.
void
ledger_turn_done(Ledger *ledger);
// Lets a thread write the overlay to the snapshot when it has grown, and does not wait for it. A
// failure of the thread is told by the next call. With `now` everything is in the snapshot when it
// returns KT_OK.
KtCode
ledger_checkpoint(Ledger *ledger, bool now, Fault *fault);
// Whether the last command was refused for want of room.
bool
ledger_is_short(const Ledger *ledger);
// True: a partner has used up a quota, whose key in ketend.yaml is *ret_name. Each is told once an
// hour.
bool
ledger_quota_news(Ledger *ledger, uint32_t *ret_partner, const char **ret_name);
// Whether the thread is writing. Its result waits for the next ledger_checkpoint.
bool
ledger_is_flushing(const Ledger *ledger);
// Reads at most `rows` rows of the snapshot again, in rounds over all of it; *ret_round: a round
// has ended. After KT_STATE_DAMAGED the ledger is closed: the next start builds the state again.
KtCode
ledger_scrub(Ledger *ledger, size_t rows, bool *ret_round, Fault *fault);
KtCode
ledger_close_clean(Ledger *ledger, Fault *fault);

// Up to which number the partner was given deliveries, and has acknowledged them, in this turn too;
// 0 for a partner that is not recorded.
uint64_t
ledger_assigned(Ledger *ledger, uint32_t partner);
uint64_t
ledger_acknowledged(Ledger *ledger, uint32_t partner);

// Delivery n of a partner, built by copying in what its record allows. NULL when n was never
// assigned. Damage in the store is KT_STORE_DAMAGED in *ret_code, and nothing is served.
const Keten__V1__Delivery *
ledger_delivery(Ledger *ledger, uint32_t partner, uint64_t n, Arena *arena, KtCode *ret_code);

// The running hash of the journal after the record at `position`, which is at most that of the last
// durable record. KT_STORE_DAMAGED.
KtCode
ledger_running(Ledger *ledger, uint64_t position, Hash *ret, Fault *fault);

// The record at a position, NULL when there is none; *ret_leaf may be NULL.
const Record *
ledger_record(Ledger *ledger, uint64_t position, Arena *arena, Hash *ret_leaf);

State *
ledger_state(Ledger *ledger);

// The counts since this start (daemon/ledger/metrics.h); the broker counts in them, too.
struct Metrics *
ledger_metrics(Ledger *ledger);
// The callers that could not connect (daemon/ledger/turned_away.h); the broker notes them.
struct TurnedAway *
ledger_turned_away(Ledger *ledger);

// Counts of what was looked at.
typedef struct VerifyReport {
    uint64_t records, rows, plans, open_plans, open_steps, deliveries;
    Hash digest; // of all rows
} VerifyReport;
// Checks a whole stopped store: plan_check on every plan, every timer, inbox and cursor; and the
// state, against one that is made anew from the journal. `progress` may be NULL. KT_VERIFY with the
// first thing that is wrong, or the code of damage.
KtCode
ledger_verify(Ledger *ledger,
              void (*progress)(void *caller, const char *what, uint64_t done, uint64_t of),
              void *caller, VerifyReport *ret, Fault *fault);

#endif
