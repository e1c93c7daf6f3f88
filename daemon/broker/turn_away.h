// SPDX-License-Identifier: EUPL-1.2
// Telling of callers that could not connect: in the log, in the counts and in the memory that an
// administrator can ask for. Knows: causes, keys, addresses. Must never know: how a caller was
// found out.
#ifndef KETEN_BROKER_TURN_AWAY_H
#define KETEN_BROKER_TURN_AWAY_H

#include "daemon/broker/server_state.h"
#include "daemon/ledger/turned_away.h"

// `key` is NULL where the handshake did not get so far. `address` is "" where there is none.
void
turn_away(Server *server, AwayCause cause, const uint8_t *key, const char *address);
// The answer to libzmq about a key (ZapKnows); its caller is a Server.
ZapVerdict
turn_away_or_let_in(void *caller, const uint8_t key[CURVE_KEY_BYTES], const char *address);
// Takes what the router's monitor saw (RouterTells); its caller is a Server.
void
turn_away_told(void *caller, RouterRefusal why, const char *address);

#endif
