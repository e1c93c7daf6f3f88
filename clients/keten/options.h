// SPDX-License-Identifier: EUPL-1.2
// The tool's table of commands and options. Knows: words and their forms. Must never know: what a
// command does, the daemon.
#ifndef KETEN_TOOL_OPTIONS_H
#define KETEN_TOOL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/language.h"

typedef enum OptionId {
    OPT_NONE = 0,
#define OPTION(id, name, argument, nl, en) OPT_##id,
#include "clients/keten/options.def"
    OPT_PAIR, // K=V that follows --fact
    OPT_WORD, // any other word
} OptionId;

#define O(id)          (UINT64_C(1) << OPT_##id)
#define OPTIONS_GLOBAL (O(CONTEXT) | O(JSON) | O(LANG) | O(HELP) | O(VERSION))

typedef struct Option {
    OptionId id;
    const char *name, *argument; // argument NULL: a flag
    const char *text[2];         // [KT_NL - 1], [KT_EN - 1]
} Option;

typedef enum VerbId {
#define COMMAND(function, word, verb, nl_word, nl_verb, words, options, nl, en) VERB_##function,
#include "clients/keten/options.def"
} VerbId;

typedef struct Verb {
    VerbId id;
    const char *word, *verb; // verb "" where the word stands alone
    const char *nl_word, *nl_verb;
    const char *words; // "ID KIND", "[KIND]"
    uint64_t options;  // without the global ones
    const char *text[2];
} Verb;

// The tables, in the order of options.def.
size_t
option_count(void);
const Option *
option_at(size_t index);
size_t
verb_count(void);
const Verb *
verb_at(size_t index);
// True when some command begins with this word, in Dutch or English.
bool
word_is_known(const char *word);
// Dutch or English words alike. `verb` may be NULL. NULL when there is none.
const Verb *
verb_find(const char *word, const char *verb);

#endif
