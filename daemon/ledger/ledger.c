// SPDX-License-Identifier: EUPL-1.2
// The ledger opens, commits, checkpoints and closes.
// Knows: the order in which journal and state may be touched. Must never know: what a record says,
// its sender.
// Path: ledger_open → claim the journal, load the registry, replay; then per turn ledger_commit
// (the barrier), ledger_turn_done, ledger_checkpoint; at the end ledger_close_clean, ledger_done.
// Failure: after a failed append the ledger is closed, and the process must stop: only a restart
// reads what is really on disk.
#include "daemon/ledger/ledger.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/context_plan.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/fold.h"
#include "daemon/ledger/histories.h"
#include "daemon/ledger/rows.h"
#include "daemon/ledger/turn.h"
#include "proto/sizes.h"

#define OVERLAY_BYTES   (32u * 1024 * 1024)
#define OVERLAY_RECORDS 16384u

static Ledger *
ledger_make(const LedgerOptions *options)
{
    Ledger *ledger = calloc(1, sizeof *ledger);
    Recent *recent = calloc(RECENT_RECORDS, sizeof *recent);
    if (ledger == NULL || recent == NULL)
        exhausted("the ledger");
    ledger->recent = recent;
    ledger->ahead = read_ahead_make();
    ledger->journal = options->journal;
    ledger->state = options->state;
    ledger->secrets = options->secrets;
    ledger->offline = options->offline;
    ASSERT(options->offline || options->zone != NULL);
    ledger->calendar.zone = options->zone;
    ledger->overlay_bytes = options->overlay_bytes == 0 ? OVERLAY_BYTES : options->overlay_bytes;
    ledger->overlay_records =
        options->overlay_records == 0 ? OVERLAY_RECORDS : options->overlay_records;
    for (size_t kind = 0; kind < QUOTAS; kind++)
        ledger->quotas.most[kind] =
            options->quotas[kind] == 0 ? QUOTA_DEFAULT : options->quotas[kind];
    ledger->hasher = hasher_make();
    ledger->counters = (Counters)KETEN__V1__COUNTERS__INIT;
    return ledger;
}

static void
load_numbers(Ledger *ledger)
{
    const Counters *counters = ROW(ledger, key_of(TABLE_COUNTERS), counters, &ledger->scratch);
    const Keten__V1__TimeRow *time = ROW(ledger, key_of(TABLE_TIME), time_row, &ledger->scratch);
    const Keten__V1__HistoryRow *history =
        ROW(ledger, key_of(TABLE_HISTORY), history_row, &ledger->scratch);
    if (counters != NULL)
        ledger->counters = *counters;
    // Before the first record any time is late enough.
    ledger->at_ms = time != NULL ? time->at_ms : INT64_MIN;
    histories_load(ledger, history);
}

static KtCode
check_clock(const Ledger *ledger, const LedgerOptions *options, Fault *fault)
{
    if (ledger->offline || ledger->driven == options->driven)
        return KT_OK;
    return fault_set(fault, KT_SETUP, "this store was born with a %s clock and keeps it",
                     ledger->driven ? "driven" : "real");
}

// Writes the record that begins a history, with the barrier.
static KtCode
record_history(Ledger *ledger, const Keten__V1__HistoryStarted *started, int64_t now_ms,
               Fault *fault)
{
    Context context;
    arena_reset(&ledger->scratch);
    context_start(ledger, now_ms, &context);
    const Order order = {.kind = ORDER_HISTORY, .history = started};
    const Decision decision = decide(&context, &order, &ledger->scratch);
    ASSERT(decision.record != NULL);
    record_append(ledger, decision.record, NULL);
    const KtCode code = ledger_commit(ledger, fault);
    ledger_turn_done(ledger);
    return code;
}

// The first record of an empty journal.
static KtCode
start_history(Ledger *ledger, const LedgerOptions *options, Fault *fault)
{
    uint8_t id[UUID_BYTES];
    if (options->history_id != NULL)
        memcpy(id, options->history_id, sizeof id);
    else
        randombytes_buf(id, sizeof id);
    Keten__V1__HistoryStarted history = KETEN__V1__HISTORY_STARTED__INIT;
    history.history = 1;
    history.driven = options->driven;
    history.start_ms = options->start_ms;
    history.id = (ProtobufCBinaryData){sizeof id, id};
    return record_history(ledger, &history, options->start_ms, fault);
}

KtCode
ledger_begin_history(Ledger *ledger, uint64_t history, Fault *fault)
{
    HistorySpan spans[LEDGER_HISTORIES_MAX], *later[LEDGER_HISTORIES_MAX];
    uint8_t id[UUID_BYTES];
    Keten__V1__HistoryStarted started = KETEN__V1__HISTORY_STARTED__INIT;
    ASSERT(ledger != NULL && fault != NULL && ledger->tail > 0 && history > ledger->history);
    started.n_later = histories_later(ledger, spans);
    for (size_t i = 0; i < started.n_later; i++)
        later[i] = &spans[i];
    randombytes_buf(id, sizeof id);
    started.later = later;
    started.history = history;
    started.driven = ledger->driven;
    started.start_ms = ledger->start_ms;
    started.id = (ProtobufCBinaryData){sizeof id, id};
    return record_history(ledger, &started, ledger->at_ms, fault);
}

static KtCode
ledger_start(Ledger *ledger, const LedgerOptions *options, Fault *fault)
{
    Hash running;
    KtCode code = journal_claim(ledger->journal, state_applied(ledger->state, &running),
                                &ledger->claim, fault);
    if (code != KT_OK)
        return code;
    ledger->tail = ledger->claim.tail;
    ledger->running = ledger->claim.tail_hash;
    load_numbers(ledger);
    code = registry_load(ledger, fault);
    if (code == KT_OK)
        code = fold_replay(ledger, options, fault);
    if (code != KT_OK)
        return code;
    if (ledger->tail == 0)
        return ledger->offline ? KT_OK : start_history(ledger, options, fault);
    return check_clock(ledger, options, fault);
}

KtCode
ledger_open(const LedgerOptions *options, Ledger **ret, Fault *fault)
{
    ASSERT(options != NULL && options->journal != NULL && options->state != NULL);
    ASSERT(options->secrets != NULL && ret != NULL && fault != NULL);
    Ledger *ledger = ledger_make(options);
    const KtCode code = ledger_start(ledger, options, fault);
    if (code != KT_OK) {
        ledger_done(ledger);
        return code;
    }
    *ret = ledger;
    return KT_OK;
}

void
ledger_done(Ledger *ledger)
{
    if (ledger == NULL)
        return;
    registry_done(ledger);
    record_done(ledger);
    free(ledger->throttled.items);
    free(ledger->quotas.partners);
    hasher_free(ledger->hasher);
    arena_done(&ledger->turn);
    arena_done(&ledger->scratch);
    state_done(ledger->state);
    journal_done(ledger->journal);
    free(ledger);
}

void
ledger_status(Ledger *ledger, LedgerStatus *ret)
{
    ASSERT(ledger != NULL && ret != NULL);
    Hash running;
    const Counters *next = &ledger->counters;
    *ret = (LedgerStatus){
        .history = ledger->history,
        .position = ledger->tail,
        .applied = state_applied(ledger->state, &running),
        .replayed = ledger->replayed,
        .at_ms = ledger->at_ms,
        .driven = ledger->driven,
        .was_clean = ledger->claim.clean,
        .cut_bytes = ledger->claim.cut_bytes,
        .plans = next->plan == 0 ? 0 : next->plan - 1,
        .steps = next->step == 0 ? 0 : next->step - 1,
        .facts = next->fact == 0 ? 0 : next->fact - 1,
        .persons = next->person == 0 ? 0 : next->person - 1,
        .duplicates = ledger->metrics.values[METRIC_DUPLICATES],
        .overlay_bytes = state_pending_bytes(ledger->state),
        .generations = state_generations(ledger->state),
        .stopped = ledger->stopped,
    };
    memcpy(ret->history_id, ledger->history_id, sizeof ret->history_id);
}

void
ledger_stop(Ledger *ledger)
{
    ASSERT(ledger != NULL);
    ledger->stopped = true;
}

void
ledger_clock(Ledger *ledger, const LedgerClock *clock)
{
    ASSERT(ledger != NULL && clock != NULL);
    ledger->clock = *clock;
}

int64_t
ledger_last_ms(const Ledger *ledger)
{
    return ledger->tail <= 1 ? INT64_MIN : ledger->at_ms;
}

Metrics *
ledger_metrics(Ledger *ledger)
{
    return &ledger->metrics;
}

TurnedAway *
ledger_turned_away(Ledger *ledger)
{
    return &ledger->away;
}

State *
ledger_state(Ledger *ledger)
{
    return ledger->state;
}

// Whether anything waits for the barrier.
static bool
is_dirty(const Ledger *ledger)
{
    return ledger->failed || ledger->batch.count > 0 || ledger->acknowledging > 0;
}

static KtCode
append_failed(Ledger *ledger, JournalResult result)
{
    static const char *const why[] = {
        [JOURNAL_OK] = "",
        [JOURNAL_FENCED] = "another process has claimed the journal",
        [JOURNAL_MOVED] = "the journal does not end where it should",
        [JOURNAL_FULL] = "the journal is full",
        [JOURNAL_UNKNOWN] = "the journal could not be written or synced",
    };
    Fault fault = {.code = KT_OK};
    fault_set(&fault, KT_STORE_WRITE, "%s, after record %" PRIu64, why[result], ledger->tail);
    ledger_fail(ledger, &fault);
    return fault.code;
}

static void
batch_written(Ledger *ledger)
{
    Batch *batch = &ledger->batch;
    metric_add(&ledger->metrics, METRIC_BARRIERS, 1);
    metric_set(&ledger->metrics, METRIC_BATCH_RECORDS, batch->count);
    for (size_t i = 0; i < batch->count; i++)
        record_keep(ledger, &batch->entries[i]);
    ledger->tail += batch->count;
    ledger->running = batch->entries[batch->count - 1].running;
    batch->count = 0;
    batch->bytes = 0;
}

KtCode
ledger_commit(Ledger *ledger, Fault *fault)
{
    ASSERT(ledger != NULL && fault != NULL);
    Batch *batch = &ledger->batch;
    if (!ledger->failed)
        turn_acknowledge(ledger);
    if (!ledger->failed && batch->count > 0) {
        const Hash leaf = batch->entries[batch->count - 1].leaf;
        const JournalResult result = journal_append(ledger->journal, ledger->claim.epoch,
                                                    ledger->tail, batch->entries, batch->count);
        if (result != JOURNAL_OK) {
            append_failed(ledger, result);
        } else {
            ASSERT(hash_equal(&leaf, &batch->entries[batch->count - 1].leaf));
            batch_written(ledger);
        }
    }
    if (!ledger->failed)
        return KT_OK;
    *fault = ledger->fault;
    return fault->code;
}

void
ledger_turn_done(Ledger *ledger)
{
    ASSERT(ledger->failed || ledger->batch.count == 0);
    ledger->room_known = false;
    arena_reset(&ledger->turn);
    arena_reset(&ledger->scratch);
}

KtCode
ledger_checkpoint(Ledger *ledger, bool now, Fault *fault)
{
    ASSERT(ledger->batch.count == 0 || ledger->failed);
    if (ledger->failed || ledger->offline)
        return KT_OK;
    if (now && state_open_bytes(ledger->state) > 0)
        state_seal(ledger->state, ledger->tail, &ledger->running);
    const KtCode code = now ? state_flush(ledger->state, fault)
                            : ledger_flush(ledger, ledger->tail, &ledger->running, fault);
    if (code != KT_OK)
        ledger_fail(ledger, fault);
    return code;
}

bool
ledger_is_short(const Ledger *ledger)
{
    ASSERT(ledger != NULL);
    return ledger->is_short;
}

bool
ledger_quota_news(Ledger *ledger, uint32_t *ret_partner, const char **ret_name)
{
    QuotaKind kind;
    ASSERT(ledger != NULL && ret_partner != NULL && ret_name != NULL);
    if (!quota_news(&ledger->quotas, ret_partner, &kind))
        return false;
    *ret_name = quota_name(kind);
    return true;
}

bool
ledger_is_flushing(const Ledger *ledger)
{
    ASSERT(ledger != NULL);
    return state_is_writing(ledger->state);
}

KtCode
ledger_scrub(Ledger *ledger, size_t rows, bool *ret_round, Fault *fault)
{
    ASSERT(ledger != NULL && ret_round != NULL && fault != NULL);
    *ret_round = true;
    if (ledger->failed || ledger->offline)
        return KT_OK;
    const KtCode code = state_scrub(ledger->state, rows, ret_round, fault);
    if (code != KT_OK)
        ledger_fail(ledger, fault);
    return code;
}

KtCode
ledger_close_clean(Ledger *ledger, Fault *fault)
{
    if (ledger->failed || ledger->claim.epoch == 0) // a journal that is only read
        return KT_OK;
    ASSERT(!is_dirty(ledger));
    const JournalResult result = journal_close_clean(ledger->journal, ledger->claim.epoch);
    if (result == JOURNAL_OK)
        return KT_OK;
    append_failed(ledger, result);
    *fault = ledger->fault;
    return fault->code;
}
