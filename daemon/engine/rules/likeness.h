// SPDX-License-Identifier: EUPL-1.2
// What a person is compared by, as keyed tokens, and whether its address is secret. Knows: tokens,
// which plans a person is in. Must never know: names, addresses - the details pass as a part.
#ifndef KETEN_ENGINE_RULES_LIKENESS_H
#define KETEN_ENGINE_RULES_LIKENESS_H

#include "daemon/engine/record/draft.h"

// Whether two rows of tokens have one in common.
bool
tokens_meet(ProtobufCBinaryData one, ProtobufCBinaryData other);

// What is known of the person after the command; NULL when nothing is.
const TraceRow *
likeness_after(Draft *draft, const PersonEntry *person);

// Records what the command adds to it, with the details as they came; without an address when that
// is secret. A person in plans with a secret address makes those plans keep it, all of them.
void
likeness_person(Draft *draft, const PersonEntry *person, uint64_t number,
                const PersonDetails *details);

// Somebody may not have been born tomorrow. False when so; the border has checked the form.
bool
details_are_past(const Draft *draft, const PersonDetails *details);

#endif
