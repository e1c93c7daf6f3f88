// SPDX-License-Identifier: EUPL-1.2
// The handlers of the partners' commands: one function per command, or per family of commands.
// Knows: every handler by name. Must never know: how a handler is chosen, how a refusal is sent.
// A handler checks everything before it adds the first event, so that a refusal leaves the draft as
// it was. It has the draft of the command, in which overdue terms have fired already.
#ifndef KETEN_ENGINE_HANDLERS_HANDLERS_H
#define KETEN_ENGINE_HANDLERS_HANDLERS_H

#include "daemon/engine/handlers/result.h"
#include "daemon/engine/record/draft.h"

typedef Result (*Handler)(Draft *draft, const Command *command);

// Every handler of the table; several commands may share one.
#define COMMAND(NAME, name, Type, since, subject, member, version, load, handler)                  \
    Result handler(Draft *draft, const Command *command);
#include "proto/commands.def"

#endif
