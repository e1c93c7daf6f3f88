// SPDX-License-Identifier: EUPL-1.2
// Checks a command by itself. Knows: the limits and forms of its fields. Must never know: plans;
// of the state it reads the sender alone.
#ifndef KETEN_LEDGER_CHECK_H
#define KETEN_LEDGER_CHECK_H

#include "daemon/ledger/ledger.h"

// A command after its checks: numbers and tokens instead of names and BSNs. Everything lies
// in `arena`.
typedef struct Checked {
    KtLanguage language;            // of refusals; set by the caller
    Arena *arena;                   // set by the caller
    uint8_t (*tokens)[TOKEN_BYTES]; // of the command's persons that are named by BSN, in order
    size_t token_count;
    const TraceRow **given; // the likeness that details give each token; NULL without details
    const Arrangement *arrangement; // of ArrangementLoad
    const PartnerRow *loaded;       // of PartnerLoad
    const char *field, *detail;     // of a refusal; not set while the code is KT_OK
} Checked;

// KT_OK, or a code of kind MALFORMED with checked->field and checked->detail.
KtCode
check_command(Ledger *ledger, uint32_t partner, const Command *command, Checked *checked);

#endif
