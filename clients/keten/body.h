// SPDX-License-Identifier: EUPL-1.2
// The body of a command, filled from the command line by a list of fields. Knows: fields of
// messages by name, the forms of words and options. Must never know: what a command means.
//
// A command that takes an id, a version and a reason is one call:
//     return body_give(tool, args, "step_refuse", FIELDS(FIELD_STEP, FIELD_REASON));
#ifndef KETEN_TOOL_BODY_H
#define KETEN_TOOL_BODY_H

#include <stddef.h>

#include "clients/keten/tool.h"
#include "keten/v1/wire.pb-c.h"

typedef enum BodyFieldKind {
    BODY_END = 0,
    BODY_ID,      // a word such as s17 → a number; @4 goes into the message's field `version`
    BODY_IDS,     // all values of an option, each such as s17 → a list of numbers
    BODY_WORD,    // a word → text
    BODY_TEXT,    // an option's last value → text, "" where not given
    BODY_TEXTS,   // all values of an option → a list of texts
    BODY_FLAG,    // true where the option was given
    BODY_INSTANT, // an option in ISO 8601 → ms since 1970; 0 where not given
} BodyFieldKind;

typedef struct BodyField {
    BodyFieldKind kind;
    const char *field;   // its name in the message
    size_t word;         // BODY_ID, BODY_WORD: which of the command's words
    char letter;         // BODY_ID, BODY_IDS: which kind of id
    OptionId option;     // the other kinds
    const char *nl, *en; // told when the option is missing; NULL: it may be missing
} BodyField;

#define FIELDS(...) ((const BodyField[]){__VA_ARGS__, {.kind = BODY_END}})
#define FIELD_ID(f, n, l)                                                                          \
    {                                                                                              \
        .kind = BODY_ID, .field = f, .word = n, .letter = l                                        \
    }
#define FIELD_IDS(f, o, l)                                                                         \
    {                                                                                              \
        .kind = BODY_IDS, .field = f, .option = OPT_##o, .letter = l                               \
    }
#define FIELD_WORD(f, n)                                                                           \
    {                                                                                              \
        .kind = BODY_WORD, .field = f, .word = n                                                   \
    }
#define FIELD_TEXT(f, o)                                                                           \
    {                                                                                              \
        .kind = BODY_TEXT, .field = f, .option = OPT_##o                                           \
    }
#define FIELD_TEXTS(f, o)                                                                          \
    {                                                                                              \
        .kind = BODY_TEXTS, .field = f, .option = OPT_##o                                          \
    }
#define FIELD_FLAG(f, o)                                                                           \
    {                                                                                              \
        .kind = BODY_FLAG, .field = f, .option = OPT_##o                                           \
    }
#define FIELD_INSTANT(f, o)                                                                        \
    {                                                                                              \
        .kind = BODY_INSTANT, .field = f, .option = OPT_##o                                        \
    }
#define NEEDED(k, f, o, n, e)                                                                      \
    {                                                                                              \
        .kind = k, .field = f, .option = OPT_##o, .nl = n, .en = e                                 \
    }

#define FIELD_STEP   FIELD_ID("step", 0, 's')
#define FIELD_PLAN   FIELD_ID("plan", 0, 'p')
#define FIELD_MATTER FIELD_ID("matter", 0, 'm')
#define FIELD_REASON FIELD_TEXT("reason", REASON)

// Fills *ret with the body called `name` in keten.v1.Command. The fields are taken in their order.
// 0, or an exit status after printing what is wrong; the body lives in the tool's arena.
int
body_fill(Tool *tool, const Args *args, const char *name, const BodyField *fields,
          Keten__V1__Command *ret);

// Fills a command and gives it; the exit status.
int
body_give(Tool *tool, const Args *args, const char *name, const BodyField *fields);

#endif
