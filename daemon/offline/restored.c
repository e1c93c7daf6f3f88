// SPDX-License-Identifier: EUPL-1.2
// Does `restored`: a store that was put back goes on as it is, in a new history. Knows: the mark of
// what was served, the rows beside the journal. Must never know: how the store was put back.
// Path: offline_restored opens the journal for writing and folds all of it; next_history finds a
// number that no partner has seen; the ledger writes the record; keep_rows puts rows aside that
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

// Above every history that the store or a partner knows.
static uint64_t
next_history(uint64_t own, const Served *mark)
{
    const uint64_t served =
        larger(mark->history, larger(mark->proof.receipt_history, mark->proof.history));
    return larger(own, served) + 1;
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

static KtCode
write_mark(const Offline *offline, const char *directory, const LedgerStatus *status, Fault *fault)
{
    Served mark = {.history = status->history, .position = status->position};
    memcpy(mark.id, status->history_id, UUID_BYTES);
    const KtCode code = ledger_running(offline->ledger, status->position, &mark.running, fault);
    if (code != KT_OK || served_write(directory, &mark, true))
        return code;
    return fault_set(fault, KT_STORE_WRITE, "%s/mark: %s", directory, strerror(errno));
}

static void
tell(const Offline *offline, const Served *before, const LedgerStatus *kept,
     const LedgerStatus *now, const char *aside)
{
    const uint64_t lost = before->position > kept->position && before->history >= kept->history
                              ? before->position - kept->position
                              : 0;
    json_print(stdout, json_pack("{s:s, s:I, s:I, s:I, s:s}", "restored", offline->path, "history",
                                 (json_int_t)now->history, "kept", (json_int_t)kept->position,
                                 "lost", (json_int_t)lost, "rows_aside", aside));
}

KtCode
offline_restored(Offline *offline, Fault *fault)
{
    Served before = {0};
    LedgerStatus kept, now;
    const char *aside = "";
    const char *directory =
        offline->served != NULL ? offline->served : served_beside(offline->path, offline->arena);
    if (served_read(directory, &before) != SERVED_FOUND)
        before = (Served){0};
    KtCode code = offline_open_history(offline, fault);
    if (code != KT_OK)
        return code;
    ledger_status(offline->ledger, &kept);
    if (kept.position == 0)
        return fault_set(fault, KT_FILE_UNREADABLE, "%s: the journal is empty", offline->path);
    code = ledger_begin_history(offline->ledger, next_history(kept.history, &before), fault);
    ledger_status(offline->ledger, &now);
    code = code == KT_OK ? keep_rows(offline, now.history, &aside, fault) : code;
    code = code == KT_OK ? ledger_close_clean(offline->ledger, fault) : code;
    code = code == KT_OK ? write_mark(offline, directory, &now, fault) : code;
    if (code == KT_OK)
        tell(offline, &before, &kept, &now, aside);
    return code;
}
