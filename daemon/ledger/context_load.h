// SPDX-License-Identifier: EUPL-1.2
// The loaders of a command's context, one per kind of subject, declared from proto/commands.def.
// Must never know: which rule will read what they load.
#ifndef KETEN_LEDGER_CONTEXT_LOAD_H
#define KETEN_LEDGER_CONTEXT_LOAD_H

#include "daemon/ledger/check.h"

typedef struct Loading {
    Ledger *ledger;
    const Command *command;
    const Checked *checked;
    uint64_t number; // of the plan, step, matter, signal or delivery that the command names; else 0
    Arena *arena;    // takes what is loaded
    Context *context; // its actor is set
} Loading;

// False when the state is damaged and the ledger failed; what the command names and is not there is
// no failure.
typedef bool (*Loader)(const Loading *loading);

#define COMMAND(NAME, name, Type, since, subject, member, version, load, handler)                  \
    bool load(const Loading *loading);
#define ADMINISTRATION(NAME, name, Type, since, subject, member, version, load)                    \
    bool load(const Loading *loading);
#include "proto/commands.def"

#endif
