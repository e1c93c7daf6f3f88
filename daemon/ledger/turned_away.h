// SPDX-License-Identifier: EUPL-1.2
// A memory of callers that could not connect, since the start of the daemon. Knows: causes, public
// keys, addresses, counts. Must never know: sockets, what is done about it.
// The table is bounded. When it is full, a new caller takes the place of the caller that was seen
// longest ago, and the place counts how often that happened.
#ifndef KETEN_LEDGER_TURNED_AWAY_H
#define KETEN_LEDGER_TURNED_AWAY_H

#include <stddef.h>
#include <stdint.h>

#include "proto/sizes.h"

#define TURNED_AWAY_PLACES  32u
#define TURNED_AWAY_ADDRESS 64u

typedef enum AwayCause {
    AWAY_UNKNOWN_KEY = 0,  // no partner has the key
    AWAY_KEY_ENDED,        // a partner's key, revoked or outside its dates
    AWAY_TOO_MANY,         // the key has too many connections
    AWAY_CHOSEN_ID,        // the connection chose its own routing id
    AWAY_WRONG_SERVER_KEY, // the other side expects a daemon with another key
    AWAY_PROTOCOL,         // the other side does not speak ZeroMQ with CURVE
    AWAY_UNFINISHED,       // it left, or was silent, before the handshake was over
    AWAY_SILENT,           // too many connections that say nothing
    AWAY_CAUSES,           // how many there are
} AwayCause;

typedef struct AwayCaller {
    AwayCause cause;
    uint32_t partner;               // whose key it is; 0: nobody's
    char key[CURVE_KEY_TEXT_BYTES]; // public, z85; "": not known
    char host[TURNED_AWAY_ADDRESS]; // without a port; "": not known
} AwayCaller;

typedef struct AwayRow {
    AwayCaller caller;
    uint64_t count;
    int64_t first_ms, last_ms; // instants
    uint64_t seen;             // order in which rows were seen last
} AwayRow;

typedef struct TurnedAway {
    AwayRow rows[TURNED_AWAY_PLACES];
    size_t count;
    uint64_t seen;      // so far, of all callers
    uint64_t forgotten; // rows whose place another caller took
} TurnedAway;

// A name of the wire.
const char *
away_cause_name(AwayCause cause);
void
turned_away_note(TurnedAway *away, const AwayCaller *caller, int64_t now_ms);

#endif
