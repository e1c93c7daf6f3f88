// SPDX-License-Identifier: EUPL-1.2
// The likeness of a person: keyed tokens by which the person is compared, and whether the person's
// address is secret.
// Knows: tokens, the plans of a person. Must never know: names, addresses - the details pass as a
// personal part.
#ifndef KETEN_ENGINE_RULES_LIKENESS_H
#define KETEN_ENGINE_RULES_LIKENESS_H

#include "daemon/engine/record/draft.h"

// Whether two lists of tokens have one in common.
bool
tokens_meet(ProtobufCBinaryData one, ProtobufCBinaryData other);

// The likeness of the person as the command leaves it; NULL when none is known.
const TraceRow *
likeness_after(Draft *draft, const PersonEntry *person);

// Records what the command adds to the likeness, and the details as they came, without a secret
// address. `details` may be NULL when the person has no given tokens. A person with a secret
// address makes each of the person's plans keep addresses secret.
void
likeness_person(Draft *draft, const PersonEntry *person, uint64_t number,
                const PersonDetails *details);

// False when the birth date lies in the future. The ledger has checked its form.
bool
details_are_past(const Draft *draft, const PersonDetails *details);

#endif
