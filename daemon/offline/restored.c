// SPDX-License-Identifier: EUPL-1.2
// Does `restored`: a store that was put back goes on as it is, in a new history. Knows: the mark of
// what was served, the rows beside the journal. Must never know: how the store was put back.
// Path: offline_begin_history opens the journal for writing, folds all of it and writes the record
// under a number that no partner has seen; keep_rows puts rows aside that
// were made from another journal; the mark is written anew. Failure: before the record nothing is
// changed; after it, running the command again is harmless and begins one history more.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "daemon/files/served.h"
#include "daemon/offline/json.h"
#include "daemon/offline/work.h"

static uint64_t
larger(uint64_t one, uint64_t other)
{
    return one > other ? one : other;
}

uint64_t
offline_next_history(uint64_t own, uint64_t other, const Served *mark)
{
    const uint64_t served =
        larger(mark->history, larger(mark->proof.receipt_history, mark->proof.history));
    return larger(larger(own, other), served) + 1;
}

// True when the rows in `directory` were made from the journal that the ledger has.
static bool
rows_fit(Ledger *ledger, const char *directory)
{
    State *state = NULL;
    Fault fault;
    Hash made_from, running;
    LedgerStatus status;
    const StateOptions options = {.directory = directory, .read_only = true};
    if (state_open(&options, &state, &fault) != KT_OK)
        return false;
    const uint64_t applied = state_applied(state, &made_from);
    state_done(state);
    ledger_status(ledger, &status);
    if (applied == 0)
        return true;
    return applied <= status.position &&
           ledger_running(ledger, applied, &running, &fault) == KT_OK &&
           hash_equal(&running, &made_from);
}

// Rows of another journal would stop the next start. They are kept under another name, and the
// daemon makes new ones.
static KtCode
keep_rows(const Offline *offline, uint64_t history, const char **ret_aside, Fault *fault)
{
    const char *rows = arena_format(offline->arena, "%s/state", offline->path);
    const char *aside =
        arena_format(offline->arena, "%s/state-before-history-%" PRIu64, offline->path, history);
    *ret_aside = "";
    if (access(rows, F_OK) != 0 || rows_fit(offline->ledger, rows))
        return KT_OK;
    if (rename(rows, aside) != 0)
        return fault_set(fault, KT_STORE_WRITE, "%s: %s", aside, strerror(errno));
    *ret_aside = aside;
    return KT_OK;
}

KtCode
offline_begin_history(Offline *offline, const Served *before, Served *ret_after, Fault *fault)
{
    LedgerStatus kept, now;
    KtCode code = offline_open_history(offline, fault);
    if (code != KT_OK)
        return code;
    ledger_status(offline->ledger, &kept);
    if (kept.position == 0)
        return fault_set(fault, KT_FILE_UNREADABLE, "%s: the journal is empty", offline->path);
    const uint64_t history = offline_next_history(kept.history, offline->history, before);
    code = ledger_begin_history(offline->ledger, history, fault);
    ledger_status(offline->ledger, &now);
    Served after = {.history = now.history, .position = now.position};
    memcpy(after.id, now.history_id, UUID_BYTES);
    if (code == KT_OK)
        code = ledger_running(offline->ledger, now.position, &after.running, fault);
    if (code == KT_OK)
        *ret_after = after;
    return code;
}

static void
tell(const Offline *offline, const Served *before, const Served *after, const char *aside)
{
    const uint64_t kept = after->position - 1; // the last record is the one that begins the history
    const uint64_t lost = before->position > kept ? before->position - kept : 0;
    json_print(stdout, json_pack("{s:s, s:I, s:I, s:I, s:s}", "restored", offline->path, "history",
                                 (json_int_t)after->history, "kept", (json_int_t)kept, "lost",
                                 (json_int_t)lost, "aside", aside));
}

KtCode
offline_restored(Offline *offline, Fault *fault)
{
    Served before = {0}, after;
    const char *aside = "";
    const char *directory =
        offline->served != NULL ? offline->served : served_beside(offline->path, offline->arena);
    if (served_read(directory, &before) != SERVED_FOUND)
        before = (Served){0};
    KtCode code = offline_begin_history(offline, &before, &after, fault);
    code = code == KT_OK ? keep_rows(offline, after.history, &aside, fault) : code;
    code = code == KT_OK ? ledger_close_clean(offline->ledger, fault) : code;
    if (code == KT_OK && !served_write(directory, &after, true))
        code = fault_set(fault, KT_STORE_WRITE, "%s/mark: %s", directory, strerror(errno));
    if (code == KT_OK)
        tell(offline, &before, &after, aside);
    return code;
}
