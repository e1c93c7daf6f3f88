// SPDX-License-Identifier: EUPL-1.2
// The handle of a program: all that libketen keeps for one connection. Knows: which part of the
// library owns which member. Must never know: how a session moves from state to state.
#ifndef KETEN_LIB_HANDLE_H
#define KETEN_LIB_HANDLE_H

#include "clients/lib/address.h"
#include "clients/lib/arrival.h"
#include "clients/lib/flow.h"
#include "clients/lib/link.h"
#include "clients/lib/outbox.h"
#include "clients/lib/outlog.h"
#include "clients/lib/session_states.h"
#include "clients/lib/stream.h"
#include "proto/protocol.h"

struct keten {
    Address address;
    Link link;
    Stream stream;
    Outlog log;
    Outbox commands;
    Outbox queries;
    Arrivals arrivals;
    Flow flow;
    SessionState state;          // set in session_moves.c only
    int64_t due_ms;              // monotonic; DOWN: connect then, HELLO: give up then
    unsigned failures;           // lost connections in a row
    int64_t throttled_until_ms;  // monotonic; the daemon had no room for commands. 0: not throttled
    unsigned throttles;          // in a row
    keten_result ended;          // valid in SESSION_ENDED
    bool busy;                   // the last session was refused: another program is the consumer
    Arena welcome_arena;         // owns `welcome`
    Keten__V1__Welcome *welcome; // of the present session; NULL unless SESSION_UP
    uint32_t window;             // commands that may be on their way; the daemon sets it
    bool plain_hello;            // this connection could not read a Hello with two numbers
    const Protocol *protocol;    // the numbers that this side serves
    uint64_t next_query;         // the number given last
    int64_t saved_ms;            // monotonic; when `known` was last written
    char software[64];
    Keten__V1__Language language;
    bool consumer;
    bool take_over; // until the first welcome
    bool watched;   // the program waits on keten_fd
};

#endif
