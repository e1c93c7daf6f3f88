// SPDX-License-Identifier: EUPL-1.2
// Messages from partners. Knows: one function per message. Must never know: when messages are read.
#ifndef KETEN_BROKER_FRAMES_H
#define KETEN_BROKER_FRAMES_H

#include "daemon/broker/server_state.h"

// Takes one message: checks its bytes, finds its session, does what its body asks. The message
// stays the caller's.
void
frames_message(Server *server, Message *message);

#endif
