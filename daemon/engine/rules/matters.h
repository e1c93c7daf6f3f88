// SPDX-License-Identifier: EUPL-1.2
// Matters: what is owned and has a term, and is no step. They open, climb the ladder by themselves,
// and are settled. Knows: the kinds and their answers, rungs, who is told. Must never know:
// commands, what opens a matter of which kind.
//
//   opened ──term passes, or passed on──► next rung ──…──► top rung, which comes round for ever
//     │                                       │                 │
//     └───────────────── settled: everyone it was with before is told ◄──┘
//
#ifndef KETEN_ENGINE_RULES_MATTERS_H
#define KETEN_ENGINE_RULES_MATTERS_H

#include "daemon/engine/record/draft.h"

// What a kind asks. `answers` are the words by which it is settled, ended by NULL; NULL: it is
// decided, with a word of the mandate of the rung it is at.
typedef struct MatterRule {
    MatterKind kind;
    const char *name;
    const char *const *answers;
    bool by_partner; // only the partner concerned answers, whosever turn it is to see to that
} MatterRule;

const MatterRule *
matter_rule(MatterKind kind);
// By its name; NULL.
const MatterRule *
matter_rule_named(const char *name);

// Opens one: `wanted` says what it is about; numbers, version, term and ladder are filled in here.
// `wanted->accountable` 0: whoever holds the plan. `wanted->turn` 0: the same. `within` is the term
// of who has the first turn; NULL: what the ladder's first rung gives the coordinator, or the
// arrangement's return-within. `words` as in MatterChanged. Tells whose turn it is, and the holder.
MatterRow *
matter_open(Draft *draft, const MatterRow *wanted, const Term *within, uint32_t words);

// Why a matter moves: a reason's code, and 1 + the part with the words; 0 none. Words go to who
// holds the plan and to whose turn it is, and to nobody else.
typedef struct MatterWhy {
    const char *reason;
    uint32_t words;
} MatterWhy;

// To the next rung. `late` when its term has passed.
void
matter_climb(Draft *draft, const MatterRow *matter, bool late, MatterWhy why);

// Settled, with an outcome; tells all it was with.
void
matter_settle(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why);

// As steps_follow_holder.
void
matters_follow_holder(Draft *draft, uint32_t was, const Plan *part);
// The plan runs under another arrangement: what lies on its ladder begins at that one's first rung.
void
matters_adopt(Draft *draft);
// The plan ends, and with it what is open.
void
matters_end(Draft *draft, const char *reason);

// The level of the ladder it has reached; "" while on no rung.
const char *
matter_level(const Arrangement *arrangement, const MatterRow *matter);

#endif
