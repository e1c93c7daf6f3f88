// SPDX-License-Identifier: EUPL-1.2
// What the parts of the soundness check share: the arrangement with its names resolved, and what
// was found so far. Must never know: files.
#ifndef KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_JUDGE_H
#define KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_JUDGE_H

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/arrangement/soundness.h"

#define NOWHERE SIZE_MAX

// A step's facts and a link's ends as indexes; NOWHERE for a name that is not declared, or for no
// step.
typedef struct StepAt {
    size_t *needs, *gives;
} StepAt;
typedef struct LinkAt {
    size_t on, start;
} LinkAt;

typedef struct Judge {
    const Arrangement *arrangement;
    Arena *arena;
    Findings found;
    StepAt *steps;
    LinkAt *links;
} Judge;

void
finding_add(Judge *judge, const char *path, const char *nl, const char *en);

// One set of arguments for both languages.
#define FINDING(judge, path, nl, en, ...)                                                          \
    finding_add((judge), (path), arena_format((judge)->arena, (nl), __VA_ARGS__),                  \
                arena_format((judge)->arena, (en), __VA_ARGS__))
#define PATH(judge, ...) arena_format((judge)->arena, __VA_ARGS__)

// Whether the value can stand in the field.
bool
value_is_possible(const Judge *judge, const FieldKind *field, const char *value);
const FieldKind *
fact_field(const FactKind *fact, const char *name);

// The chain as a whole: what never comes, what is never reached, where nothing continues. Every
// name is resolved.
void
chain_judge(Judge *judge);
// A value of a fact for which no link continues.
void
coverage_judge(Judge *judge);

#endif
