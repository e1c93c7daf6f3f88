// SPDX-License-Identifier: EUPL-1.2
// Help for people, grown from the table of commands and options. Knows: how a usage line reads.
// Must never know: what a command does.
#ifndef KETEN_TOOL_HELP_H
#define KETEN_TOOL_HELP_H

#include <stdio.h>

#include "proto/language.h"

// Every command with a line of text, and the global options.
void
help_all(FILE *to, KtLanguage language);

// One command with its options; all commands of the word when `verb` is NULL or unknown.
void
help_verbs(FILE *to, KtLanguage language, const char *word, const char *verb);

#endif
