// SPDX-License-Identifier: EUPL-1.2
// The files that propose partners and arrangements. Knows: two directories, every error in their
// files. Must never know: what is decided about a proposal.
#ifndef KETEN_BROKER_LOAD_FILES_H
#define KETEN_BROKER_LOAD_FILES_H

#include "daemon/broker/log.h"
#include "daemon/ledger/ledger.h"

// Everything lies in the arena of proposals_read.
typedef struct Proposals {
    const PartnerRow **partners;
    size_t partner_count;
    const Arrangement **arrangements;
    const char **arrangement_files;
    size_t arrangement_count;
    size_t wrong; // files with errors; the log has told each
} Proposals;

// Reads every *.yaml of both directories, in the order of their names, and tells all errors of all
// files in the log. An arrangement may also name the recorded partners of `ledger`; NULL when there
// is none. KT_OK even with wrong files; KT_FILE_UNREADABLE when a directory cannot be read.
KtCode
proposals_read(const char *partners, const char *arrangements, Ledger *ledger, const Log *log,
               Arena *arena, Proposals *ret, Fault *fault);

// Loads partners, then arrangements, as actor "local". The log tells each that is refused. Returns
// how many were refused.
size_t
proposals_load(const Proposals *proposals, Ledger *ledger, int64_t now_ms, const Log *log);

#endif
