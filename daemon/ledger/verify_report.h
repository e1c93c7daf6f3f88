// SPDX-License-Identifier: EUPL-1.2
// The findings of a verification: counts, and the first wrong thing. Must never know: what is being
// looked at.
#ifndef KETEN_LEDGER_VERIFY_REPORT_H
#define KETEN_LEDGER_VERIFY_REPORT_H

#include "daemon/ledger/ledger.h"

// `what` is done for the `done`th thing of `of`; `of` 0: the number is not known.
typedef void (*VerifyProgress)(void *caller, const char *what, uint64_t done, uint64_t of);

// One verification; ledger_verify fills it in and frees it.
typedef struct Verify {
    Ledger *ledger;
    VerifyProgress progress; // may be NULL
    void *caller;            // of progress
    VerifyReport report;     // each check counts in it
    State *rebuilt;          // while the journal is folded again; else NULL
    Arena page;              // lives until the next plan, timer or row
    int64_t at_ms;           // of the record before
    KtCode code;             // KT_OK, or that of the first thing that is wrong
    Fault *fault;            // the caller's; set with `code`
} Verify;

// Records that something is wrong, in words for the owner of the store.
#define WRONG(verify, ...) ((verify)->code = fault_set((verify)->fault, KT_VERIFY, __VA_ARGS__))

void
verify_tell(const Verify *verify, const char *what, uint64_t done, uint64_t of);
// Whether anything is wrong, or the ledger failed: then the verification ends.
bool
verify_failed(Verify *verify);
// False for a damaged row, too; then the ledger failed.
bool
verify_has_row(Verify *verify, Key key);
bool
verify_has_timer(Verify *verify, int64_t due_ms, uint64_t plan, Keten__V1__TimerKind kind,
                 uint64_t step);

#endif
