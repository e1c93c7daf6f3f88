// SPDX-License-Identifier: EUPL-1.2
// Text as people may see it: nothing in it that a terminal obeys. Knows: UTF-8, the characters that
// move a cursor, colour a screen or turn the direction of writing. Must never know: who wrote the
// text, what it is about.
// A character that a terminal obeys becomes \uXXXX, a byte that is no UTF-8 becomes \xXX. The first
// form is also JSON's own for that character, so JSON that passes here says the same as before.
#ifndef KETEN_BASE_PLAIN_H
#define KETEN_BASE_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

// The most bytes that one byte can become.
#define PLAIN_GROWTH 6

// One line: ends of lines and tabs become \u000A and \u0009 as well, so that a text cannot look
// like lines of our own. The text itself when nothing in it needs a change.
const char *
plain_line(Arena *arena, const char *text);
// The same into `ret`, which holds PLAIN_GROWTH * strlen(text) + 1 bytes.
void
plain_line_into(const char *text, char *ret);

// From here on everything that the process writes to stdout and stderr passes here; ends of lines
// and tabs stay. Called once, at the start of main. False: there is no memory for it, and nothing
// has changed.
bool
plain_streams(void);

#endif
