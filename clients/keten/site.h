// SPDX-License-Identifier: EUPL-1.2
// A directory from which a chain starts: configuration, keys, partners, contexts. Knows: the files
// and their modes. Must never know: what an arrangement says, how ketend is run.
#ifndef KETEN_TOOL_SITE_H
#define KETEN_TOOL_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "proto/errors.h"

#define SITE_ADMINISTRATOR "administrator"

typedef struct SitePartner {
    const char *name, *title; // title may be NULL
    bool administrator;       // administrator and auditor
} SitePartner;

typedef struct Site {
    const char *directory; // exists
    const char *listen;    // an endpoint; with port * the contexts follow what was bound
    const char *data;      // as ketend.yaml names it: absolute, or relative to the directory
    const char *start;     // where a driven clock starts; NULL: not given
    bool demo;
    const SitePartner *partners;
    size_t partner_count;
    const char *arrangement; // its name
    const char *yaml;
    size_t yaml_length;
} Site;

// Writes everything below the directory, secrets first and never readable for others. KT_SETUP with
// a fault.
KtCode
site_write(const Site *site, Arena *arena, Fault *fault);

// Makes the directory, or finds it empty. KT_SETUP with a fault otherwise.
KtCode
site_claim(const char *directory, KtLanguage language, Fault *fault);

// Removes a directory that site_write filled, with whatever lies in it.
void
site_remove(const char *directory);

// A text in single quotes as YAML has it, or in double quotes where it needs escapes.
const char *
yaml_quote(Arena *arena, const char *text);

#endif
