// SPDX-License-Identifier: EUPL-1.2
// The files that propose partners and arrangements. Knows: two directories, every error in them.
// Must never know: what is decided about a proposal.
#ifndef KETEN_BROKER_LOAD_FILES_H
#define KETEN_BROKER_LOAD_FILES_H

#include "daemon/broker/log.h"
#include "daemon/ledger/ledger.h"

typedef struct Proposals {
    const PartnerRow **partners;
    size_t partner_count;
    const Arrangement **arrangements;
    const char **arrangement_files;
    size_t arrangement_count;
    size_t wrong; // files with errors, each of them told
} Proposals;

// Reads every *.yaml of both directories, in the order of their names; all errors of all files are
// told in the log. `ledger`: whose recorded partners an arrangement may also name; NULL when there
// is none. KT_OK even with wrong files; otherwise a directory cannot be read.
KtCode
proposals_read(const char *partners, const char *arrangements, Ledger *ledger, const Log *log,
               Arena *arena, Proposals *ret, Fault *fault);

// Partners first, then arrangements, as actor "local". What is refused is told; returns how many
// were.
size_t
proposals_load(const Proposals *proposals, Ledger *ledger, int64_t now_ms, const Log *log);

#endif
