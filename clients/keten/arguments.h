// SPDX-License-Identifier: EUPL-1.2
// The command line, read by the table of commands and options. Knows: which option goes with which
// command. Must never know: what a value means, the daemon.
#ifndef KETEN_TOOL_ARGUMENTS_H
#define KETEN_TOOL_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "clients/keten/options.h"
#include "proto/errors.h"
#include "proto/language.h"

// One thing on the command line.
typedef struct Arg {
    OptionId id;
    const char *value; // NULL for a flag
} Arg;

typedef struct Args {
    const char *word;   // the first word, as given; NULL: the line has no words
    const Verb *verb;   // NULL: no words, or --help with a word that needs a verb
    Arg *items;         // all options and words in the order of the line, in the arena
    size_t count;       // of `items`
    const char **words; // the words behind the command's own, in the arena
    size_t word_count;  // as many as Verb.words allows; fewer are possible with --help
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

#endif
