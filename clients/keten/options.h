// SPDX-License-Identifier: EUPL-1.2
// The tool's table of commands and options, and the command line read by it. Knows: words and their
// forms. Must never know: what a command does, the daemon.
#ifndef KETEN_TOOL_OPTIONS_H
#define KETEN_TOOL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "proto/errors.h"

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
// Dutch or English words alike. `verb` may be NULL. NULL when there is none.
const Verb *
verb_find(const char *word, const char *verb);

// One thing on the command line.
typedef struct Arg {
    OptionId id;
    const char *value; // NULL for a flag
} Arg;

typedef struct Args {
    const Verb *verb; // NULL: none was given
    Arg *items;       // in their order, in the arena
    size_t count;
    const char **words; // what stood behind the command's own words
    size_t word_count;
} Args;

// Reads a command line. Never prints. KT_USAGE with a detail in `language`, before which a --lang
// on the line goes; the options are in *ret even when the rest is wrong.
KtCode
args_read(int argc, char **argv, KtLanguage language, Arena *arena, Args *ret, Fault *fault);

bool
args_has(const Args *args, OptionId id);
// The last value given, or NULL.
const char *
args_value(const Args *args, OptionId id);
// The same line without an option.
Args
args_without(const Args *args, OptionId id, Arena *arena);
// The values of a repeated option; *ret_count may be 0.
const char **
args_values(const Args *args, OptionId id, Arena *arena, size_t *ret_count);

// Help and completion, grown from the table.
void
help_all(FILE *to, KtLanguage language);
void
help_verbs(FILE *to, KtLanguage language, const char *word, const char *verb);
void
completion_bash(FILE *to);

#endif
