// SPDX-License-Identifier: EUPL-1.2
// The offline commands, as the table in offline.c calls them. Knows: what a command gets. Must
// never know: the words of a command line.
#ifndef KETEN_OFFLINE_WORK_H
#define KETEN_OFFLINE_WORK_H

#include "daemon/files/served.h"
#include "daemon/ledger/ledger.h"

// One run of one command. offline_run sets the words and frees the rest.
typedef struct Offline {
    KtLanguage language;    // of errors in a file
    Arena *arena;           // the caller's
    const char *path;       // the directory or file on the command line
    bool matrix;            // handovers: counts instead of rows
    int64_t from_ms, to_ms; // handovers: offered in [from_ms, to_ms); to_ms 0: no end
    const char *to;         // backup, restore: the second directory on the command line
    const char *served;     // where the mark of what was served lies; NULL: beside the store
    uint64_t upto;          // restore: the last record to keep; 0: all
    bool only_try;          // restore: tells what would happen
    bool replace_newer;     // restore: also when something is lost
    uint64_t history;       // one that the next history has to be above; 0: none
    Ledger *ledger;         // owned; NULL until offline_open
    Secrets *secrets;       // owned; NULL until offline_open
    const char *lines;      // errors found in a file; NULL: none
} Offline;

typedef KtCode (*OfflineWork)(Offline *offline, Fault *fault);

// Opens the store at offline->path read-only. `snapshot`: with the rows that the daemon derived, as
// they lie on disk; else every row is derived anew in memory.
KtCode
offline_open(Offline *offline, bool snapshot, Fault *fault);

// Opens the store at offline->path to begin a history: the journal for writing, and every row
// derived anew in memory. KT_STORE_BUSY while a daemon runs on it, KT_SETUP when it belongs to
// another user.
KtCode
offline_open_history(Offline *offline, Fault *fault);

// Gives back what offline_open took.
void
offline_close(Offline *offline);
// A number above every history that a store or a partner knows.
uint64_t
offline_next_history(uint64_t own, uint64_t other, const Served *mark);
// Opens the store at offline->path and begins a history in it; the caller closes the ledger in
// order. *ret_after is the mark that fits.
KtCode
offline_begin_history(Offline *offline, const Served *before, Served *ret_after, Fault *fault);
// Shows how far a long piece of work is, to people at a terminal.
void
offline_progress(void *caller, const char *what, uint64_t done, uint64_t of);
void
offline_progress_done(void);

KtCode
offline_backup(Offline *offline, Fault *fault);
KtCode
offline_restore(Offline *offline, Fault *fault);
KtCode
offline_restored(Offline *offline, Fault *fault);
KtCode
offline_verify(Offline *offline, Fault *fault);
KtCode
offline_digest(Offline *offline, Fault *fault);
KtCode
offline_handovers(Offline *offline, Fault *fault);
KtCode
offline_arrangement_check(Offline *offline, Fault *fault);
KtCode
offline_arrangement_show(Offline *offline, Fault *fault);

#endif
