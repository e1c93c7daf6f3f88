// SPDX-License-Identifier: EUPL-1.2
// See open_store.h. Knows: the order journal, state, ledger, and the words for what was found. Must
// never know: sockets, files of partners.
// The path: store_open locks the journal, so that no other process writes while the state is
// checked; state_open_mended checks it and puts a damaged one aside (tell_found); ledger_open folds
// what the state does not cover, after damage the whole journal. A long start says to systemd how
// far it is.
#include "daemon/broker/open_store.h"

#include "daemon/broker/notify.h"

static void
checking(void *caller, uint64_t done, uint64_t of)
{
    (void)caller;
    notify_progress("checking the state", done, of);
}

static void
folding(void *caller, uint64_t done, uint64_t of)
{
    (void)caller;
    notify_progress("building the state from the journal", done, of);
}

static void
tell_found(const Store *store, const Fault *found, const StateReport *report)
{
    if (report->reads_again > 0)
        log_line(
            store->log, LOG_LEVEL_WARNING,
            "%llu reads of the state failed, and succeeded when they were tried again: look at "
            "the disk",
            (unsigned long long)report->reads_again);
    if (found->code == KT_OK)
        return;
    log_fault(store->log, found);
    log_line(store->log, LOG_LEVEL_WARNING,
             "the state is put aside as %s/state.damaged and built again from the journal",
             store->data);
}

static void
tell_store(const Store *store, Ledger *ledger)
{
    LedgerStatus status;
    ledger_status(ledger, &status);
    const char *stop = status.was_clean        ? "the last stop was in order"
                       : status.replayed > 0   ? "the last stop was not in order"
                       : status.position <= 1u ? "it is new"
                                               : "nothing had to be replayed";
    log_line(store->log, LOG_LEVEL_INFO,
             "store open: history %llu, position %llu, %llu records replayed; %s",
             (unsigned long long)status.history, (unsigned long long)status.position,
             (unsigned long long)status.replayed, stop);
    if (status.cut_bytes > 0)
        log_line(store->log, LOG_LEVEL_WARNING,
                 "an unfinished last batch of %llu bytes was cut off and kept aside",
                 (unsigned long long)status.cut_bytes);
}

static KtCode
open_state(const Store *store, Journal *journal, State **ret, Fault *fault)
{
    StateReport report = {0};
    Fault found = {.code = KT_OK};
    const StateOptions options = {.directory = arena_format(store->arena, "%s/state", store->data),
                                  .report = &report,
                                  .progress = checking};
    KtCode code = journal_lock(journal, fault);
    code = code == KT_OK ? state_open_mended(&options, ret, &found, fault) : code;
    tell_found(store, &found, &report);
    return code;
}

KtCode
store_open(const Store *store, Ledger **ret, Fault *fault)
{
    Journal *journal = NULL;
    State *state = NULL;
    const JournalFilesOptions files = {.directory =
                                           arena_format(store->arena, "%s/journal", store->data)};
    KtCode code = journal_files_open(&files, &journal, fault);
    if (code == KT_OK && (code = open_state(store, journal, &state, fault)) != KT_OK)
        journal_done(journal);
    if (code != KT_OK)
        return code;
    code = ledger_open(&(LedgerOptions){.journal = journal,
                                        .state = state,
                                        .secrets = store->secrets,
                                        .zone = store->zone,
                                        .driven = store->driven,
                                        .overlay_records = store->snapshot_every,
                                        .quotas = {[QUOTA_READS] = store->reads_per_hour,
                                                   [QUOTA_REFUSALS] = store->refusals_per_hour},
                                        .start_ms = store->start_ms,
                                        .progress = folding},
                       ret, fault);
    if (code == KT_OK)
        tell_store(store, *ret);
    return code;
}
