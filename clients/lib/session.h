// SPDX-License-Identifier: EUPL-1.2
// The turn of a session: frames in, timers, frames out. Knows: when something is due. Must never
// know: what commands mean, what the program does with events.
#ifndef KETEN_LIB_SESSION_H
#define KETEN_LIB_SESSION_H

#include "clients/lib/handle.h"

// The most bytes that the daemon takes in a frame; without a session, the most that any takes. A
// longer frame would end the connection, each time that it is sent.
size_t
session_most_bytes(const keten *k);

// Does everything that can be done without waiting: frames in, timers, frames out.
void
session_turn(keten *k);

// Sends what may leave now: credit, queries, and commands within the window.
void
session_pump(keten *k);

// Makes keten_fd readable when there is something to do or to take, for a program that waits on it.
void
session_rearm(keten *k);

// The instant on the monotonic clock at which a timeout ends; -1 for a negative one: never.
int64_t
session_until(int timeout_ms);

// Waits until there is something to do. False when the time is up, or a signal came.
bool
session_wait(keten *k, int64_t until_ms);

#endif
