// SPDX-License-Identifier: EUPL-1.2
// The tool's session with the daemon. Knows: the context's place, the stream, waiting for an
// answer. Must never know: what a command means, how an answer is shown.
#ifndef KETEN_TOOL_SESSION_H
#define KETEN_TOOL_SESSION_H

#include "clients/keten/tool.h"
#include "clients/lib/keten.h"

#define SESSION_CONNECT_MS 10000
#define SESSION_ANSWER_MS  30000

// A name is a directory, or stands under $KETEN_CONTEXTS or ~/.config/keten/contexts. KT_CONNECT
// when there is none.
KtCode
context_find(const char *name, Arena *arena, const char **ret_directory, Fault *fault);

typedef struct SessionWish {
    bool consumer, take_over;
    uint32_t credit;
    const uint8_t
        *stream; // from --id; NULL: the stream of the context, or a new one while that is in use
} SessionWish;

// 0, or an exit status after printing why not.
int
session_open(const Tool *tool, const SessionWish *wish, keten **ret);

// Waits for the answer under `number`; *ret lives until the next call on the handle. An answer that
// does not come is printed and returns 3.
int
session_answer(const Tool *tool, keten *session, uint64_t number, keten_event *ret);

// Prints a notice. Gives the exit status of one that ends the session; 0 for one that says
// something about the store only, and for an event that is no notice: then what was asked is still
// answered.
int
session_take_notice(const keten_event *event);
// Prints a result that ends the session; gives the exit status.
int
session_result(const Tool *tool, keten_result result, const char *what);
// A command or a query that did not leave: printed, with its size when that is the reason; the exit
// status.
int
session_unsent(const Tool *tool, const keten *session, keten_result result);

Keten__V1__Language
session_language(const Tool *tool);

#endif
