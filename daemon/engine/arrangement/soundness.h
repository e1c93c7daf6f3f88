// SPDX-License-Identifier: EUPL-1.2
// Whether an arrangement could leave somebody waiting for ever, or show a field to nobody.
// Knows: arrangements. Must never know: files, lines, its callers.
#ifndef KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_H
#define KETEN_ENGINE_ARRANGEMENT_SOUNDNESS_H

#include "base/arena.h"
#include "proto/errors.h"
#include "store/vocabulary.h"

// One counterexample, and the part of the file it is about ("steps.assess-signal", "links.3" -
// lists from 1).
typedef struct Finding {
    const char *path;
    const char *text[2]; // [KT_NL - 1], [KT_EN - 1]
} Finding;

typedef struct Findings {
    Finding *items;
    size_t count;
} Findings;

// All of them, in the arena; none for a sound arrangement.
Findings
arrangement_findings(const Arrangement *arrangement, Arena *arena);

// NULL for a sound arrangement, else the first counterexample as a sentence in the arena; *ret_path
// says which part of the file it is about ("steps.assess-signal").
const char *
arrangement_unsound(const Arrangement *arrangement, KtLanguage language, Arena *arena,
                    const char **ret_path);

#endif
