// SPDX-License-Identifier: EUPL-1.2
// The beginning of a session. Knows: Hello and Welcome. Must never know: commands.
#ifndef KETEN_BROKER_HELLO_H
#define KETEN_BROKER_HELLO_H

#include "daemon/broker/server_state.h"

// Begins a session on the message's connection, or begins it again; posts Welcome, or the notice
// that refuses the Hello.
void
hello(Server *server, const Message *message, const PartnerRow *partner,
      const Keten__V1__Hello *hello);

#endif
