// SPDX-License-Identifier: EUPL-1.2
// Queries while they are answered. Knows: frames of rows, the time that a query may take of a turn.
// Must never know: what a query is about.
#ifndef KETEN_BROKER_QUERIES_H
#define KETEN_BROKER_QUERIES_H

#include "daemon/broker/server_state.h"

// Begins to answer a query, and ends it when that takes little time.
void
queries_take(Server *server, const Session *session, const Keten__V1__Query *query);
// Goes on with the queries that are not answered wholly, for a bounded time. Their rows leave after
// the barrier of this turn.
void
queries_round(Server *server);
// At the end of a turn, when its messages were sent.
void
queries_turn_done(Server *server);
void
queries_done(Server *server);

#endif
