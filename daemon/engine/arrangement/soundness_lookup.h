// SPDX-License-Identifier: EUPL-1.2
// Judge: an arrangement that is judged, with its names resolved, and the findings so far.
// Knows: how a finding is added. Must never know: which rule finds it, files.
#ifndef KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_LOOKUP_H
#define KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_LOOKUP_H

#include "daemon/engine/arrangement/soundness.h"

// No fact, or no step: the name is not declared, or the link starts no step.
#define NOWHERE SIZE_MAX

// A step's facts, as indexes in the arrangement.
typedef struct StepAt {
    size_t *needs, *gives;
} StepAt;

// The ends of a link, as indexes in the arrangement.
typedef struct LinkAt {
    size_t on;    // a fact
    size_t start; // a step
} LinkAt;

typedef struct Judge {
    const Arrangement *arrangement; // the caller's
    Arena *arena;                   // the caller's; findings and their texts lie in it
    Findings found;                 // so far; every rule adds to them
    StepAt *steps;                  // index = that of the step; set by names_resolve()
    LinkAt *links;                  // index = that of the link; set by names_resolve()
} Judge;

// Adds a finding; the texts must live in the arena or for ever.
void
finding_add(Judge *judge, const char *path, const char *nl, const char *en);

// Adds a finding with one set of arguments for the texts of both languages.
#define FINDING(judge, path, nl, en, ...)                                                          \
    finding_add((judge), (path), arena_format((judge)->arena, (nl), __VA_ARGS__),                  \
                arena_format((judge)->arena, (en), __VA_ARGS__))
#define PATH(judge, ...) arena_format((judge)->arena, __VA_ARGS__)

// Whether the value can stand in the field.
bool
value_is_possible(const Judge *judge, const FieldKind *field, const char *value);

#endif
