// SPDX-License-Identifier: EUPL-1.2
// Persons and workers of a command, as decisions see them: by token. Must never know: BSNs, which
// command names them.
#ifndef KETEN_LEDGER_CONTEXT_PERSON_H
#define KETEN_LEDGER_CONTEXT_PERSON_H

#include "daemon/ledger/ledger.h"

// The person behind a token, with its plans; its number is 0 when the person is not recorded.
PersonEntry *
person_entry(Ledger *ledger, const uint8_t token[TOKEN_BYTES], Arena *arena);
// Fills in the plans, departure and likeness of entry->number.
void
person_places(Ledger *ledger, PersonEntry *entry, Arena *arena);
// The member of the context's plan to whom the actor gives this pseudonym; NULL when none.
PersonEntry *
person_called(Ledger *ledger, const Context *context, const char *pseudonym, Arena *arena);
// A worker of a partner; NULL when none is named.
const PersonEntry *
worker_entry(Ledger *ledger, uint32_t partner, const char *worker, Arena *arena);
// A membership; NULL when the person is no member.
const MemberRow *
member_of(Ledger *ledger, uint64_t plan, uint64_t person, Arena *arena);

#endif
