// SPDX-License-Identifier: EUPL-1.2
// The moves of a session, one function per event. Knows: the handle, what has to be undone when a
// session ends. Must never know: what commands mean, what the program does with events.
#ifndef KETEN_LIB_SESSION_MOVES_H
#define KETEN_LIB_SESSION_MOVES_H

#include "clients/lib/handle.h"

// Packs and sends one message; false when it cannot leave now.
bool
session_send(keten *k, const Keten__V1__ToDaemon *message);

// One function per event. Each does nothing in a state in which its event means nothing.
void
session_connect(keten *k);
void
session_welcome(keten *k, const Keten__V1__Welcome *welcome);
void
session_say_hello(keten *k);
// The daemon cannot read the Hello: says Hello once more, with the oldest number alone. False when
// that was said already, or when no Hello waits for its answer.
bool
session_say_plain_hello(keten *k);
void
session_lose(keten *k);
void
session_end(keten *k, keten_result why);

// The daemon has no room: commands wait for a while, longer each time in a row.
void
session_throttle(keten *k);

// Tells the daemon how far the program has processed its deliveries.
void
session_acknowledge(keten *k);

#endif
