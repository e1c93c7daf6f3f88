// SPDX-License-Identifier: EUPL-1.2
// See turn_away.h. Knows: the ledger's keys, the bounds of the log. Must never know: frames.
// The path: libzmq asks about a key (turn_away_or_let_in), or the router tells of a handshake that
// failed (turn_away_told), or a message shows a fault of its connection; all end in turn_away().
#include "daemon/broker/turn_away.h"

#include <stdio.h>
#include <zmq.h>

#include "base/assert.h"
#include "daemon/broker/clock_machine.h"
#include "daemon/broker/log_bounds.h"
#include "daemon/ledger/metrics.h"

static const char *
words_of(AwayCause cause)
{
    switch (cause) {
    case AWAY_UNKNOWN_KEY:
        return "no partner has its key (compare with partners.d)";
    case AWAY_KEY_ENDED:
        return "its key is revoked, or outside its dates (see partners.d)";
    case AWAY_TOO_MANY:
        return "its key has too many connections (does a program connect without end?)";
    case AWAY_CHOSEN_ID:
        return "it chose its own routing id (it must set none)";
    case AWAY_WRONG_SERVER_KEY:
        return "it expects a daemon with another key (give it the server.key of this daemon)";
    case AWAY_PROTOCOL:
        return "it does not speak ZeroMQ with CURVE";
    case AWAY_UNFINISHED:
        return "it left, or said nothing, before the handshake was over";
    case AWAY_SILENT:
        return "too many connections say nothing";
    case AWAY_CAUSES:
        break;
    }
    unhandled("a cause to turn a caller away");
}

static void
tell(Server *server, const AwayCaller *caller)
{
    // A subject per cause: a stranger who repeats one fault leaves the lines of other faults alone.
    const uint32_t subject = caller->partner * AWAY_CAUSES + (uint32_t)caller->cause;
    if (!log_may(&server->log_bounds, LOG_CAUSE_TURNED_AWAY, subject, clock_steady_ms()))
        return;
    const PartnerRow *partner =
        caller->partner != 0 ? ledger_partner(server->ledger, caller->partner) : NULL;
    log_line(server->log, LOG_LEVEL_WARNING,
             "refused a connection: %s; from %s, partner %s, key %s", words_of(caller->cause),
             caller->host[0] != '\0' ? caller->host : "-", partner != NULL ? partner->name : "-",
             caller->key[0] != '\0' ? caller->key : "-");
}

void
turn_away(Server *server, AwayCause cause, const uint8_t *key, const char *address)
{
    ASSERT(server != NULL && address != NULL);
    AwayCaller caller = {.cause = cause};
    if (!server->open) // the self-test knocks with a key that is nobody's
        return;
    if (key != NULL) {
        (void)zmq_z85_encode(caller.key, key, CURVE_KEY_BYTES);
        caller.partner = ledger_owner_of_key(server->ledger, key);
    }
    snprintf(caller.host, sizeof caller.host, "%s", address);
    metric_add(ledger_metrics(server->ledger), METRIC_CONNECTIONS_REFUSED, 1);
    turned_away_note(ledger_turned_away(server->ledger), &caller, server->now_ms);
    tell(server, &caller);
}

ZapVerdict
turn_away_or_let_in(void *caller, const uint8_t key[CURVE_KEY_BYTES], const char *address)
{
    Server *server = caller;
    if (ledger_partner_of_key(server->ledger, key, server->now_ms) == NULL) {
        const bool owned = ledger_owner_of_key(server->ledger, key) != 0;
        turn_away(server, owned ? AWAY_KEY_ENDED : AWAY_UNKNOWN_KEY, key, address);
        return ZAP_NO;
    }
    router_watch(&server->router);
    if (connections_of_key(&server->router.connections, key) < CONNECTIONS_PER_KEY)
        return ZAP_YES;
    turn_away(server, AWAY_TOO_MANY, key, address);
    return ZAP_LATER;
}

void
turn_away_told(void *caller, RouterRefusal why, const char *address)
{
    static const AwayCause causes[] = {
        [REFUSED_WRONG_SERVER_KEY] = AWAY_WRONG_SERVER_KEY,
        [REFUSED_PROTOCOL] = AWAY_PROTOCOL,
        [REFUSED_UNFINISHED] = AWAY_UNFINISHED,
        [REFUSED_SILENT] = AWAY_SILENT,
    };
    turn_away(caller, causes[why], NULL, address);
}
