// SPDX-License-Identifier: EUPL-1.2
// Partners that give no sign. Knows: which signs count, when silence is a fault, who is told. Must
// never know: sessions - what does not stand in a record is no sign.
//
//   nothing unprocessed ──first delivery──► watched ──the agreed time passes──► silent
//          ▲                                 │   ▲                                │
//          └──── term passes, all processed ─┘   └── who was told is told ── spoke ◄── a sign
//
// A sign is a command or an acknowledgement. It renews the term only where that makes it end later,
// so that a partner at work causes no rows: a term in days ends with its last day, one in minutes
// or hours gets a sixty-fourth of its length on top each time.
#ifndef KETEN_ENGINE_RULES_SILENCE_H
#define KETEN_ENGINE_RULES_SILENCE_H

#include "daemon/engine/record/draft.h"

// A record is about to be finished, its receivers have their numbers: whom it shows alive, and for
// whom something begins to wait.
void
silence_follow(Draft *draft);

// The term of the context's partner has passed, or something about its silence is left to be told.
void
silence_fire(Draft *draft);

#endif
