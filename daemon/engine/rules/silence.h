// SPDX-License-Identifier: EUPL-1.2
// Partners that give no sign: the watch of silence_states.h over the deliveries of each partner.
// Knows: which signs count, when silence is a fault, who is told. Must never know: sessions - what
// does not stand in a record is no sign.
//
// A sign is a command or an acknowledgement. It renews the term only where that makes it end later,
// so that a partner at work causes no rows: a term in days ends with its last day, one in minutes
// or hours gets a sixty-fourth of its length on top each time.
#ifndef KETEN_ENGINE_RULES_SILENCE_H
#define KETEN_ENGINE_RULES_SILENCE_H

#include "daemon/engine/record/draft.h"

// Call this between draft_number and draft_finish: the receivers then have their delivery numbers.
// Sees which partner the record shows to be alive, and which partner has something to process or is
// waited for since this record.
void
silence_follow(Draft *draft);

// The term of the partner in context.timer has passed, or its row says that holders are left to be
// told.
void
silence_fire(Draft *draft);

#endif
