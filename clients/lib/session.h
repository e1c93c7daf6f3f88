// SPDX-License-Identifier: EUPL-1.2
// The turn of a session: frames in, timers, frames out. Knows: when something is due. Must never
// know: what commands mean, what the program does with events.
#ifndef KETEN_LIB_SESSION_H
#define KETEN_LIB_SESSION_H

#include "clients/lib/session_states.h"

// Everything that can be done without waiting: frames in, timers, frames out.
void
session_turn(keten *k);

// Frames out: credit, queries, commands within the window.
void
session_pump(keten *k);

// Makes keten_fd readable when there is something to do or to take, for a program that waits on it.
void
session_rearm(keten *k);

// When session_turn has something to do by itself; -1: never.
int64_t
session_due_ms(const keten *k);

#endif
