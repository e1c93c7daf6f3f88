// SPDX-License-Identifier: EUPL-1.2
// Moving the driven clock. Knows: the one advance that may be under way. Must never know: what
// falls due.
#ifndef KETEN_BROKER_CLOCK_ADVANCE_H
#define KETEN_BROKER_CLOCK_ADVANCE_H

#include "daemon/broker/server_state.h"

// Begins an advance; none may be under way. Copies the command.
void
advance_start(Server *server, const Session *session, const Command *command);
// Fires a bounded number of the terms on the way; at the end decides the command itself and posts
// its answer.
void
advance_go(Server *server);

#endif
