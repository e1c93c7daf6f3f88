// SPDX-License-Identifier: EUPL-1.2
// The line between a partner and the ledger. Knows: that frames arrive late, twice or not at all.
// Must never know: what the ledger answers.
#ifndef KETEN_TESTS_SIMULATION_SIM_LINE_H
#define KETEN_TESTS_SIMULATION_SIM_LINE_H

#include "tests/simulation/sim.h"

// Puts an index into the outbox on the line, or OUTBOX for an acknowledgement. A full line breaks.
void
line_put(Client *client, size_t frame);
// The partner sends a new command. It stays silent when the model has no room for the outcome.
void
line_act(Sim *sim, Client *client);
// An earlier command goes on the line again.
void
line_resend(Sim *sim, Client *client);
// Every frame on the line is lost.
void
line_break(Client *client);
// A broken line works again; the commands without an answer come again, in order.
void
line_connect(Client *client);

#endif
