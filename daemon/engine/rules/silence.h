// SPDX-License-Identifier: EUPL-1.2
// Partners that give no sign: the watch of silence_states.h over the deliveries of each partner.
// Knows: which signs count, when silence is a fault, the partners told. Must never know: sessions -
// what does not stand in a record is no sign.
//
// A sign is a command or an acknowledgement. It renews the term only where that makes it end later,
// so that a partner at work causes no rows: a term in days ends with its last day, one in minutes
// or hours gets a sixty-fourth of its length on top each time.
#ifndef KETEN_ENGINE_RULES_SILENCE_H
#define KETEN_ENGINE_RULES_SILENCE_H

#include "daemon/engine/record/draft.h"

// Moves the watch on each partner that the record concerns: the partner that gives a sign, the
// receivers, the partners that the holder waits for. Call it between draft_number and draft_finish:
// the receivers then have their delivery numbers.
void
silence_follow(Draft *draft);

// The timer of the partner in context.timer is due: its term has passed, or there are still holders
// or other partners to tell.
void
silence_fire(Draft *draft);

#endif
