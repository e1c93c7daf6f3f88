// SPDX-License-Identifier: EUPL-1.2
// The sentences that a connector says to people, in nl and en. Knows: sentences. Must never know:
// what they are about; a citizen service number never passes through here.
#ifndef KETEN_CONNECTOR_SPEECH_H
#define KETEN_CONNECTOR_SPEECH_H

#include <stddef.h>

#include "clients/lib/keten.h"

typedef enum Say {
#define SAY(name, nl, en) SAY_##name,
#include "clients/connector/speech.def"
#undef SAY
    SAY_COUNT
} Say;

typedef struct Speech {
    Keten__V1__Language language;
    const char *program; // its name, before every line on stderr
} Speech;

const char *
speech_text(const Speech *speech, Say what);

// Fills in a sentence's %s and %zu; cut to `size`. Returns `ret`.
char *
speech_fill(const Speech *speech, char *ret, size_t size, Say what, ...);

// One line on stderr, with the program's name before it.
void
speech_tell(const Speech *speech, Say what, ...);

// Stars over everything in `text` that would pass as a citizen service number.
void
speech_hide_bsn(char *text);

#endif
