// SPDX-License-Identifier: EUPL-1.2
// Persons with an address, or a birth date and name, in common with those of a command. Must never
// know: what makes a question of it, names, addresses.
#ifndef KETEN_LEDGER_CONTEXT_NEIGHBOURS_H
#define KETEN_LEDGER_CONTEXT_NEIGHBOURS_H

#include "daemon/ledger/ledger.h"

// Adds the neighbours of the context's persons, and what was asked about their plans; `persons` are
// the context's persons, whose whole plans it fills in. False when the state is damaged.
bool
context_neighbours(Ledger *ledger, PersonEntry *persons, Arena *arena, Context *context);

#endif
