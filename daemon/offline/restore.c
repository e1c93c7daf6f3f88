// SPDX-License-Identifier: EUPL-1.2
// Does `restore`: puts a copy in the place of a store, in a new history. Knows: what would be lost,
// where the old store is kept. Must never know: what a record says.
// Path: swap_plan looks at the copy, the store and the mark of what was served; with --try that is
// told and nothing more. Then part_make copies the journal beside the store and begins the history
// there, and swap puts it in place: the rows aside first, then both journals exchanged at once.
// Failure: until the exchange the old store is as it was. The old store is never deleted.
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "daemon/files/served.h"
#include "daemon/offline/copy.h"
#include "daemon/offline/files.h"
#include "daemon/offline/json.h"
#include "daemon/offline/work.h"

typedef struct Swap {
    const char *source, *target; // journals
    const char *served;          // directory of the mark
    Extent copy;                 // of the source, up to --upto
    bool there, readable;        // the store that is to be replaced
    Extent store;
    Served mark;
    bool marked;
    uint64_t lost; // records at least that the copy does not have
    bool newer;    // the store or the mark has what the copy has not
    int lock;      // of the store; -1: none
} Swap;

// Holds the store while it is replaced. A daemon has the same lock.
static KtCode
take_lock(const Offline *offline, Swap *plan, Fault *fault)
{
    char pid[32] = "";
    const char *path = arena_format(offline->arena, "%s/lock", plan->target);
    plan->lock = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (plan->lock < 0 || flock(plan->lock, LOCK_EX | LOCK_NB) == 0)
        return KT_OK;
    const ssize_t got = pread(plan->lock, pid, sizeof pid - 1, 0);
    if (got > 0)
        pid[strcspn(pid, "\n")] = '\0';
    return fault_set(fault, KT_STORE_BUSY, "%s", pid);
}

static KtCode
check_owner(const Offline *offline, Fault *fault)
{
    struct stat about;
    if (stat(offline->to, &about) != 0 || about.st_uid == geteuid())
        return KT_OK;
    return fault_set(fault, KT_SETUP, "%s belongs to user %u: run this as that user, with runuser",
                     offline->to, (unsigned)about.st_uid);
}

// The store has all that the copy has, and goes no further.
static bool
is_same_line(const Swap *plan)
{
    Extent there;
    Fault fault;
    if (plan->store.position < plan->copy.position)
        return copy_survey(plan->source, plan->store.position, &there, &fault) == KT_OK &&
               hash_equal(&there.running, &plan->store.running);
    return copy_survey(plan->target, plan->copy.position, &there, &fault) == KT_OK &&
           hash_equal(&there.running, &plan->copy.running);
}

static void
compare(Swap *plan)
{
    uint64_t known = plan->readable ? plan->store.position : 0;
    if (plan->marked && plan->mark.position > known)
        known = plan->mark.position;
    plan->lost = known > plan->copy.position ? known - plan->copy.position : 0;
    plan->newer = plan->lost > 0 || (plan->there && !plan->readable) ||
                  (plan->there && plan->store.position > 0 && !is_same_line(plan));
}

static KtCode
swap_plan(Offline *offline, Swap *ret, Fault *fault)
{
    Fault unreadable;
    Swap plan = {.lock = -1};
    plan.source = arena_format(offline->arena, "%s/journal", offline->path);
    plan.target = arena_format(offline->arena, "%s/journal", offline->to);
    plan.served =
        offline->served != NULL ? offline->served : served_beside(offline->to, offline->arena);
    if (access(plan.source, F_OK) != 0)
        return fault_set(fault, KT_FILE_UNREADABLE, "%s: no store (no journal/ in it)",
                         offline->path);
    KtCode code = check_owner(offline, fault);
    plan.there = access(plan.target, F_OK) == 0;
    code = code == KT_OK && plan.there ? take_lock(offline, &plan, fault) : code;
    code = code == KT_OK ? copy_survey(plan.source, offline->upto, &plan.copy, fault) : code;
    if (code == KT_OK && plan.copy.position == 0)
        code = fault_set(fault, KT_FILE_UNREADABLE, "%s: the journal is empty", offline->path);
    if (code == KT_OK) {
        plan.readable =
            plan.there && copy_survey(plan.target, 0, &plan.store, &unreadable) == KT_OK;
        plan.marked = served_read(plan.served, &plan.mark) == SERVED_FOUND;
        compare(&plan);
    }
    *ret = plan;
    return code;
}

static void
tell(const Offline *offline, const Swap *plan, uint64_t history, const char *aside)
{
    json_print(stdout, json_pack("{s:s, s:I, s:I, s:I, s:b, s:b, s:s}",
                                 offline->only_try ? "would_restore" : "restored", offline->to,
                                 "history", (json_int_t)history, "kept",
                                 (json_int_t)plan->copy.position, "lost", (json_int_t)plan->lost,
                                 "newer", plan->newer, "marked", plan->marked, "aside", aside));
}

// Whether the old journal and rows, which lie in `part` now, are kept under their name. Without an
// old store the directory is empty.
static bool
keep_old(const Swap *plan, const char *part, const char *aside)
{
    return plan->there ? rename(part, aside) == 0 : rmdir(part) == 0;
}

static KtCode
swap(const Offline *offline, const Swap *plan, const char *part, const char *aside, Fault *fault)
{
    const char *fresh = arena_format(offline->arena, "%s/journal", part);
    const char *rows = arena_format(offline->arena, "%s/state", offline->to);
    const char *rows_aside = arena_format(offline->arena, "%s/state", part);
    const bool good = (access(rows, F_OK) != 0 || rename(rows, rows_aside) == 0) &&
                      files_sync(part) && files_exchange(fresh, plan->target) &&
                      files_sync(offline->to) && keep_old(plan, part, aside) &&
                      files_sync(offline->to);
    return good ? KT_OK : fault_set(fault, KT_STORE_WRITE, "%s: %s", offline->to, strerror(errno));
}

static KtCode
carry_out(Offline *offline, Swap *plan, Fault *fault)
{
    Extent extent;
    Served after;
    const char *part =
        arena_format(offline->arena, "%s/restore-part-%ld", offline->to, (long)getpid());
    if (mkdir(offline->to, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, KT_SETUP, "%s: %s", offline->to, strerror(errno));
    if (mkdir(part, 0700) != 0)
        return fault_set(fault, KT_SETUP, "%s: %s", part, strerror(errno));
    KtCode code = copy_journal(plan->source, arena_format(offline->arena, "%s/journal", part),
                               plan->copy.position, offline_progress, &extent, fault);
    offline_progress_done();
    Offline fresh = {.arena = offline->arena, .path = part, .history = offline->history};
    code = code == KT_OK ? offline_begin_history(&fresh, &plan->mark, &after, fault) : code;
    code = code == KT_OK ? ledger_close_clean(fresh.ledger, fault) : code;
    offline_close(&fresh);
    const char *aside = arena_format(offline->arena, "%s/before-history-%" PRIu64, offline->to,
                                     code == KT_OK ? after.history : 0);
    if (code != KT_OK)
        files_remove(part);
    code = code == KT_OK ? swap(offline, plan, part, aside, fault) : code;
    if (code != KT_OK)
        return code;
    if (!served_write(plan->served, &after, true))
        return fault_set(fault, KT_STORE_WRITE, "%s/mark: %s", plan->served, strerror(errno));
    tell(offline, plan, after.history, plan->there ? aside : "");
    return KT_OK;
}

// The history of the store that is replaced, so that the next one is above it; 0: not known.
static uint64_t
history_of(Offline *offline, const char *path)
{
    Fault fault;
    LedgerStatus status = {0};
    Offline store = {.arena = offline->arena, .path = path};
    if (offline_open(&store, false, &fault) == KT_OK)
        ledger_status(store.ledger, &status);
    offline_close(&store);
    return status.history;
}

KtCode
offline_restore(Offline *offline, Fault *fault)
{
    Swap plan = {.lock = -1};
    KtCode code = swap_plan(offline, &plan, fault);
    if (code == KT_OK && plan.newer && !offline->replace_newer && !offline->only_try)
        code = fault_set(fault, KT_STORE_NEWER, "%" PRIu64, plan.lost);
    if (code == KT_OK)
        offline->history = plan.readable ? history_of(offline, offline->to) : 0;
    if (code == KT_OK && offline->only_try)
        tell(offline, &plan,
             offline_next_history(history_of(offline, offline->path), offline->history, &plan.mark),
             "");
    else if (code == KT_OK)
        code = carry_out(offline, &plan, fault);
    if (plan.lock >= 0)
        close(plan.lock);
    return code;
}
