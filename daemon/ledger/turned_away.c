// SPDX-License-Identifier: EUPL-1.2
// The bounded table behind turned_away.h. Knows: which two callers are the same. Must never know:
// sockets, the clock.
#include "daemon/ledger/turned_away.h"

#include <stdbool.h>
#include <string.h>

#include "base/assert.h"

const char *
away_cause_name(AwayCause cause)
{
    static const char *const names[AWAY_CAUSES] = {
        [AWAY_UNKNOWN_KEY] = "unknown-key",           [AWAY_KEY_ENDED] = "key-ended",
        [AWAY_TOO_MANY] = "too-many-connections",     [AWAY_CHOSEN_ID] = "chosen-routing-id",
        [AWAY_WRONG_SERVER_KEY] = "wrong-server-key", [AWAY_PROTOCOL] = "no-zeromq-curve",
        [AWAY_UNFINISHED] = "handshake-unfinished",   [AWAY_SILENT] = "silent-connection",
    };
    ASSERT((unsigned)cause < AWAY_CAUSES);
    return names[cause];
}

static bool
is_same(const AwayCaller *a, const AwayCaller *b)
{
    return a->cause == b->cause && strcmp(a->key, b->key) == 0 && strcmp(a->host, b->host) == 0;
}

// The row of the caller; a fresh one has count 0.
static AwayRow *
row_of(TurnedAway *away, const AwayCaller *caller)
{
    AwayRow *oldest = &away->rows[0];
    for (size_t i = 0; i < away->count; i++) {
        AwayRow *row = &away->rows[i];
        if (is_same(&row->caller, caller))
            return row;
        oldest = row->seen < oldest->seen ? row : oldest;
    }
    if (away->count < TURNED_AWAY_PLACES)
        oldest = &away->rows[away->count++];
    else
        away->forgotten++;
    *oldest = (AwayRow){.caller = *caller};
    return oldest;
}

void
turned_away_note(TurnedAway *away, const AwayCaller *caller, int64_t now_ms)
{
    ASSERT(away != NULL && caller != NULL && (unsigned)caller->cause < AWAY_CAUSES);
    AwayRow *row = row_of(away, caller);
    if (row->count++ == 0)
        row->first_ms = now_ms;
    row->last_ms = now_ms;
    row->seen = ++away->seen;
}
