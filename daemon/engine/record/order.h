// SPDX-License-Identifier: EUPL-1.2
// Order: what the engine is asked to decide, and Decision: what it answers.
// Knows: the kinds of orders. Must never know: sockets, how a context is loaded.
#ifndef KETEN_ENGINE_RECORD_ORDER_H
#define KETEN_ENGINE_RECORD_ORDER_H

#include "daemon/engine/record/context.h"
#include "proto/errors.h"

typedef enum OrderKind {
    ORDER_COMMAND = 1,      // a partner's command
    ORDER_FIRE,             // terms of the context's plan that are due at now_ms; without a plan
                            // the context's timer
    ORDER_WORK,             // second half of a decision that touches two plans; the context's plan
                            // is the plan that was not touched yet
    ORDER_ACKNOWLEDGE,      // a partner has processed its deliveries up to a number
    ORDER_LOAD_PARTNER,     // from the daemon or an administrator; read and checked
    ORDER_LOAD_ARRANGEMENT, // from the daemon or an administrator; read and checked
    ORDER_ADVANCE,          // the driven clock moves; all terms up to its new time have fired
    ORDER_ACCEPT_CLOCK,     // an administrator says that the wall clock is right
    ORDER_DISCLOSE,         // a partner has read personal fields
    ORDER_HISTORY,          // a journal begins, or goes on after a restore
    ORDER_SECRETS,          // the daemon has secrets that the journal does not know
} OrderKind;

// The caller sets the members of its kind; the others are zero.
typedef struct Order {
    OrderKind kind;
    const Command *command; // ORDER_COMMAND; and ORDER_LOAD_…, ORDER_ADVANCE or ORDER_ACCEPT_CLOCK
                            // that an administrator sent (then context.key is set)
    const WorkRow *work;    // ORDER_WORK
    uint32_t partner;       // ORDER_ACKNOWLEDGE, ORDER_DISCLOSE: partner number
    uint64_t upto; // ORDER_ACKNOWLEDGE: delivery number; the ledger checked that it was given out
    const PartnerRow *partner_row;  // ORDER_LOAD_PARTNER; partner number 0: by name, or new
    const Arrangement *arrangement; // ORDER_LOAD_ARRANGEMENT
    int64_t to_ms;       // ORDER_ADVANCE: the clock's new time; ORDER_ACCEPT_CLOCK: the wall clock
    int64_t believed_ms; // ORDER_ACCEPT_CLOCK: the time that was believed before
    uint64_t plan;       // ORDER_DISCLOSE: plan number
    const char *what;    // ORDER_DISCLOSE: name of the query
    const Keten__V1__HistoryStarted *history; // ORDER_HISTORY
    const Keten__V1__SecretsSeen *secrets;    // ORDER_SECRETS
} Order;

// In the arena of the call.
typedef struct Decision {
    Record *record;    // NULL: nothing to record, because nothing happened or the refusal is not
                       // recorded
    KtCode code;       // KT_OK, or why the order was refused
    const char *field; // the field that a refusal is about; never NULL
    const char *detail;
} Decision;

#endif
