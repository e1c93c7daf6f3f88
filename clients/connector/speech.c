// SPDX-License-Identifier: EUPL-1.2
// Sentences in two languages. Knows: one table. Must never know: what the sentences are about.
#include "clients/connector/speech.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/plain.h"
#include "proto/names.h"

static const char *const sentences[SAY_COUNT][2] = {
#define SAY(name, nl, en) [SAY_##name] = {nl, en},
#include "clients/connector/speech.def"
#undef SAY
};

const char *
speech_text(const Speech *speech, Say what)
{
    ASSERT((unsigned)what < SAY_COUNT);
    return sentences[what][speech->language == KETEN__V1__LANGUAGE__LANGUAGE_NL ? 0 : 1];
}

// All formats stand in speech.def, so the compiler cannot check them here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void
fill(const Speech *speech, char *ret, size_t size, Say what, va_list arguments)
{
    vsnprintf(ret, size, speech_text(speech, what), arguments);
}
#pragma GCC diagnostic pop

char *
speech_fill(const Speech *speech, char *ret, size_t size, Say what, ...)
{
    va_list arguments;
    va_start(arguments, what);
    fill(speech, ret, size, what, arguments);
    va_end(arguments);
    return ret;
}

void
speech_tell(const Speech *speech, Say what, ...)
{
    char line[1024], plain[PLAIN_GROWTH * sizeof line];
    va_list arguments;
    va_start(arguments, what);
    fill(speech, line, sizeof line, what, arguments);
    va_end(arguments);
    speech_hide_bsn(line);
    plain_line_into(line, plain);
    fprintf(stderr, "%s: %s\n", speech->program, plain);
}

void
speech_hide_bsn(char *text)
{
    while (*text) {
        size_t digits = strspn(text, "0123456789");
        char number[10];
        if (digits == 8 || digits == 9) {
            memcpy(number, text, digits);
            number[digits] = '\0';
            if (bsn_parse(number, NULL))
                memset(text, '*', digits);
        }
        text += digits ? digits : 1;
    }
}
