// SPDX-License-Identifier: EUPL-1.2
// Does `backup`: a copy of the journal of a store, also of a running daemon. Knows: where a copy
// lies while it is made. Must never know: what a record says.
// Path: offline_backup copies into DEST.part-PID, verifies the copy as a stopped store, renames it
// to DEST and syncs the directory around it. Rows are derived, so they are not copied. Failure: the
// half copy is removed; DEST is there whole or not at all.
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/text.h"
#include "daemon/offline/copy.h"
#include "daemon/offline/files.h"
#include "daemon/offline/json.h"
#include "daemon/offline/work.h"

static KtCode
verify_copy(Offline *offline, const char *part, Fault *fault)
{
    VerifyReport report;
    Offline copy = {.arena = offline->arena, .path = part};
    KtCode code = offline_open(&copy, false, fault);
    code = code == KT_OK ? ledger_verify(copy.ledger, NULL, NULL, &report, fault) : code;
    LedgerStatus status = {0};
    if (code == KT_OK)
        ledger_status(copy.ledger, &status);
    offline->history = status.history;
    offline_close(&copy);
    return code;
}

static void
tell(const Offline *offline, const Extent *extent)
{
    char hash[TEXT_HEX_BYTES(HASH_BYTES)];
    text_hex(extent->running.bytes, HASH_BYTES, hash);
    json_print(stdout, json_pack("{s:s, s:I, s:I, s:s}", "backup", offline->to, "history",
                                 (json_int_t)offline->history, "position",
                                 (json_int_t)extent->position, "hash", hash));
}

KtCode
offline_backup(Offline *offline, Fault *fault)
{
    Extent extent;
    const char *journal = arena_format(offline->arena, "%s/journal", offline->path);
    const char *part = arena_format(offline->arena, "%s.part-%ld", offline->to, (long)getpid());
    if (access(journal, F_OK) != 0)
        return fault_set(fault, KT_FILE_UNREADABLE, "%s: no store (no journal/ in it)",
                         offline->path);
    if (access(offline->to, F_OK) == 0)
        return fault_set(fault, KT_USAGE, "%s is there already: name a new directory", offline->to);
    if (mkdir(part, 0700) != 0)
        return fault_set(fault, KT_SETUP, "%s: %s", part, strerror(errno));
    KtCode code = copy_journal(journal, arena_format(offline->arena, "%s/journal", part), 0,
                               offline_progress, &extent, fault);
    offline_progress_done();
    if (code == KT_OK && extent.position == 0)
        code = fault_set(fault, KT_FILE_UNREADABLE, "%s: the journal is empty", offline->path);
    code = code == KT_OK ? verify_copy(offline, part, fault) : code;
    if (code == KT_OK &&
        (!files_sync(part) || rename(part, offline->to) != 0 || !files_sync_parent(offline->to)))
        code = fault_set(fault, KT_STORE_WRITE, "%s: %s", offline->to, strerror(errno));
    if (code == KT_OK)
        tell(offline, &extent);
    else
        files_remove(part);
    return code;
}
