// SPDX-License-Identifier: EUPL-1.2
// The sessions there are. Knows: connections by the id the daemon gave them, who speaks there and
// what it may take. Must never know: sockets, frames, what is delivered.
#ifndef KETEN_BROKER_SESSION_H
#define KETEN_BROKER_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/errors.h"

#define SESSIONS_PER_PARTNER 128u // beyond it the one that was silent longest must say Hello again

typedef struct Session {
    uint32_t id; // of the connection
    uint32_t partner;
    uint8_t key[32]; // the key that said Hello; another one on this connection is another session
    KtLanguage language;
    uint32_t protocol; // the number agreed on with Hello
    bool consumer;     // else a looker
    bool lost;         // an answer could not be queued: it must be told to say Hello again
    uint32_t credit;   // deliveries it can still take
    uint64_t sent;     // the highest delivery number that left
    uint32_t asked;    // commands and queries in this turn
    int64_t heard_ms;  // steady clock
} Session;

typedef struct Sessions {
    Session **items; // in no order; a removal moves the last one
    size_t count, room;
    uint32_t *slots; // 1 + index, by id; 0 empty
    size_t slot_count;
} Sessions;

Session *
sessions_find(const Sessions *sessions, uint32_t id);
// A fresh session under a free id.
Session *
sessions_add(Sessions *sessions, uint32_t id);
void
sessions_remove(Sessions *sessions, uint32_t id);
// NULL when the partner has no consumer.
Session *
sessions_consumer(const Sessions *sessions, uint32_t partner);
size_t
sessions_of_partner(const Sessions *sessions, uint32_t partner);
Session *
sessions_stalest(const Sessions *sessions, uint32_t partner);
void
sessions_done(Sessions *sessions);

#endif
