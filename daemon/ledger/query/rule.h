// SPDX-License-Identifier: EUPL-1.2
// The rule of the arrangement behind a due instant. Knows: where each term stands in the
// arrangement's file. Must never know: the asker.
#ifndef KETEN_LEDGER_QUERY_RULE_H
#define KETEN_LEDGER_QUERY_RULE_H

#include "daemon/engine/engine.h"

// "voorbeeld-wijk 1: ladder.city.within 10wd, calendar nl": the key of the term in the
// arrangement's file, and the term; `more` follows the term.
const char *
rule_text(Arena *arena, const Arrangement *arrangement, const char *key, const Term *term,
          const char *more);
// The rule that sets the step's due instant; NULL where a person gave the end.
const char *
rule_of_step(const Arrangement *arrangement, const StepRow *step, Arena *arena);
const char *
rule_of_review(const Arrangement *arrangement, const PlanRow *plan, Arena *arena);
const char *
rule_of_matter(const Arrangement *arrangement, const MatterRow *matter, Arena *arena);

#endif
