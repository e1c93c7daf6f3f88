// SPDX-License-Identifier: EUPL-1.2
// Does `verify` and `digest` on a stopped store, and opens it for every command. Knows: where a
// store keeps its journal and its rows. Must never know: how they are read.
// Path: offline_open opens journal, state and ledger read-only; verify compares, digest hashes.
// Failure: the fault names the store, or the position that is damaged.
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "daemon/files/data_trust.h"
#include "daemon/offline/json.h"
#include "daemon/offline/work.h"

// `rows` NULL: every row is derived anew in memory.
static KtCode
open_store(Offline *offline, const char *rows, bool read_only, Fault *fault)
{
    Journal *journal = NULL;
    State *state = NULL;
    const JournalFilesOptions files = {
        .directory = arena_format(offline->arena, "%s/journal", offline->path),
        .read_only = read_only};
    const StateOptions options = {.directory = rows, .read_only = true};
    if (access(files.directory, F_OK) != 0)
        return fault_set(fault, KT_FILE_UNREADABLE, "%s: no store (no journal/ in it)",
                         offline->path);
    KtCode code = data_trusted(offline->path, fault);
    if (code == KT_OK)
        code = journal_files_open(&files, &journal, fault);
    if (code == KT_OK && (code = state_open(&options, &state, fault)) != KT_OK)
        journal_done(journal);
    if (code != KT_OK)
        return code;
    // Offline commands name no persons, so they do without the real keys.
    offline->secrets = secrets_of_seed(0);
    return ledger_open(
        &(LedgerOptions){
            .journal = journal, .state = state, .secrets = offline->secrets, .offline = true},
        &offline->ledger, fault);
}

KtCode
offline_open(Offline *offline, bool snapshot, Fault *fault)
{
    const char *rows = arena_format(offline->arena, "%s/state", offline->path);
    return open_store(offline, snapshot && access(rows, F_OK) == 0 ? rows : NULL, true, fault);
}

KtCode
offline_open_history(Offline *offline, Fault *fault)
{
    struct stat about;
    if (stat(offline->path, &about) == 0 && about.st_uid != geteuid())
        return fault_set(fault, KT_SETUP,
                         "%s belongs to user %u: run this as that user, with runuser -u NAME",
                         offline->path, (unsigned)about.st_uid);
    return open_store(offline, NULL, false, fault);
}

// Moves the cursor itself, so it goes past the stream that lets nothing through that a terminal
// obeys.
void
offline_progress(void *caller, const char *what, uint64_t done, uint64_t of)
{
    (void)caller;
    if (isatty(STDERR_FILENO))
        dprintf(STDERR_FILENO, "\r%s %llu/%llu", what, (unsigned long long)done,
                (unsigned long long)of);
}

void
offline_progress_done(void)
{
    if (isatty(STDERR_FILENO))
        dprintf(STDERR_FILENO, "\r\033[K");
}

void
offline_close(Offline *offline)
{
    if (offline->ledger != NULL)
        ledger_done(offline->ledger);
    if (offline->secrets != NULL)
        secrets_done(offline->secrets);
    offline->ledger = NULL;
    offline->secrets = NULL;
}

KtCode
offline_verify(Offline *offline, Fault *fault)
{
    VerifyReport report;
    char digest[2 * HASH_BYTES + 1];
    KtCode code = offline_open(offline, true, fault);
    if (code == KT_OK)
        code = ledger_verify(offline->ledger, offline_progress, NULL, &report, fault);
    offline_progress_done();
    if (code != KT_OK)
        return code;
    text_hex(report.digest.bytes, sizeof report.digest.bytes, digest);
    json_print(stdout,
               json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "verify", "ok", "records",
                         (json_int_t)report.records, "rows", (json_int_t)report.rows, "plans",
                         (json_int_t)report.plans, "open_plans", (json_int_t)report.open_plans,
                         "open_steps", (json_int_t)report.open_steps, "deliveries",
                         (json_int_t)report.deliveries, "digest", digest));
    return KT_OK;
}

KtCode
offline_digest(Offline *offline, Fault *fault)
{
    Hash digest;
    char text[2 * HASH_BYTES + 1];
    KtCode code = offline_open(offline, false, fault);
    if (code == KT_OK && (code = state_digest(ledger_state(offline->ledger), &digest)) != KT_OK)
        *fault = *state_fault(ledger_state(offline->ledger));
    if (code != KT_OK)
        return code;
    text_hex(digest.bytes, sizeof digest.bytes, text);
    puts(text);
    return KT_OK;
}
