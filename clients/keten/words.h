// SPDX-License-Identifier: EUPL-1.2
// Names of cells, states and items as words for people. Knows: both languages. Must never know:
// where a word is shown.
#ifndef KETEN_TOOL_WORDS_H
#define KETEN_TOOL_WORDS_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "proto/language.h"

// The word for a name, or the name itself.
const char *
word_of(KtLanguage language, const char *name);

// The name of a value without its prefix, in lower case: "STEP_WAITING" with "STEP_" → "waiting".
// "" for a value that the enum does not have.
const char *
enum_word(const ProtobufCEnumDescriptor *type, int value, const char *prefix, Arena *arena);

#endif
