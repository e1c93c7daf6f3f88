// SPDX-License-Identifier: EUPL-1.2
// Moving the driven clock. Knows: the due instants on the way. Must never know: what falls due.
// The path: a command ClockAdvance calls advance_start(); every turn calls advance_go(), which
// fires terms for a bounded time; at the end arrive() decides the command itself, whose receipt is
// the answer. An advance takes as many turns as it needs, so that its deliveries leave meanwhile,
// memory stays bounded and the watchdog is fed.
#include "daemon/broker/clock_advance.h"

#include "base/assert.h"
#include "daemon/broker/post.h"
#include "proto/message.h"

#define ADVANCE_US    5000 // of a turn
#define PLANS_AT_ONCE 16   // between two looks at the clock

void
advance_start(Server *server, const Session *session, const Command *command)
{
    ASSERT(server != NULL && session != NULL && command != NULL);
    Advance *advance = &server->advance;
    ASSERT(!advance->active);
    advance->active = true;
    advance->session = session->id;
    advance->partner = session->partner;
    advance->language = session->language;
    advance->command = message_copy(&command->base, &advance->arena);
}

static void
arrive(Server *server)
{
    Advance *advance = &server->advance;
    // The answer may point into the command, so the command must live as long as the turn.
    const Command *command = message_copy(&advance->command->base, &server->answers);
    server->now_ms = command->clock_advance->to_ms;
    server_answer(server, advance->session,
                  ledger_command(server->ledger, advance->partner, command, advance->language,
                                 server->now_ms));
    advance->active = false;
    arena_reset(&advance->arena);
}

void
advance_go(Server *server)
{
    ASSERT(server != NULL && server->advance.active);
    const int64_t to_ms = server->advance.command->clock_advance->to_ms;
    server->more = true;
    const Slice slice = slice_begin(ADVANCE_US);
    while (!slice_is_over(&slice)) {
        const int64_t due_ms = ledger_next_due(server->ledger);
        if (due_ms > to_ms) {
            arrive(server);
            return;
        }
        if (due_ms > server->now_ms)
            server->now_ms = due_ms;
        // When nothing fires, the due term waits for work that is left open in another plan.
        if (ledger_fire(server->ledger, server->now_ms, PLANS_AT_ONCE) == 0 &&
            ledger_work(server->ledger, server->now_ms, PLANS_AT_ONCE) == 0)
            unhandled("a term that is due and does not fire");
    }
}
