// SPDX-License-Identifier: EUPL-1.2
// The handle of a program: everything that libketen stores for it. Knows: its members and which
// file sets each of them. Must never know: how a session moves from state to state.
//
// keten_open() makes the handle and keten_close() frees it; one thread at a time uses it. All
// instants are ms on the monotonic clock (link_now_ms), and 0 is an instant in the past.
#ifndef KETEN_LIB_HANDLE_H
#define KETEN_LIB_HANDLE_H

#include "clients/lib/address.h"
#include "clients/lib/arrival.h"
#include "clients/lib/flow.h"
#include "clients/lib/given.h"
#include "clients/lib/link.h"
#include "clients/lib/outbox.h"
#include "clients/lib/outlog.h"
#include "clients/lib/session_states.h"
#include "clients/lib/stream.h"
#include "proto/protocol.h"

struct keten {
    // Opened and closed by keten.c, with the options of the program.
    Address address;              // where the daemon listens, and the keys
    Link link;                    // the connection; session_moves.c opens and closes it
    Stream stream;                // the numbers of commands; submit.c takes them
    Outlog log;                   // `commands` on disk; submit.c adds, receive.c removes
    char software[64];            // the name that the hello tells
    Keten__V1__Language language; // of texts from the daemon
    const Protocol *protocol;     // the protocol numbers that this side serves
    bool consumer;                // may acknowledge deliveries; else a looker

    // The session. session_moves.c sets these members, except where another file is named.
    SessionState state;         // see the drawing in session_states.h
    int64_t due_ms;             // DOWN: the next attempt; HELLO: the end of waiting for a welcome
    unsigned failures;          // lost connections since the last good session or receipt
    int64_t welcomed_ms;        // when the present session was welcomed
    keten_result trouble;       // why the last attempt failed; KETEN_OK: none has. Set by session.c
    int64_t throttled_until_ms; // no command leaves before; 0: not throttled. Cleared in session.c
    unsigned throttles;         // throttled since the last receipt; cleared in receive.c as well
    keten_result ended;         // why the session ended; valid in SESSION_ENDED
    bool busy;           // another program is the consumer; set by receive.c, cleared by keten.c
    bool take_over;      // the next hello takes the consumer's place; until a welcome
    Arena welcome_arena; // owns `welcome`
    Keten__V1__Welcome *welcome; // of the present session; NULL unless SESSION_UP
    uint32_t window;             // commands that may be on their way; receive.c follows the daemon
    bool plain_hello;            // this connection could not read a Hello with two numbers

    // Frames on their way, out and in.
    Outbox commands;     // without a final answer; submit.c adds, receive.c removes
    Outbox queries;      // without their last frame of answer; the same files
    uint64_t next_query; // the number of the last query, from 1; 0: none yet. Set by submit.c
    size_t frame_bytes;  // of the last command or query, also when it was too long. By submit.c
    Arrivals arrivals;   // frames for the program; receive.c queues, keten.c and submit.c take
    Flow flow;           // deliveries by number; keten.c, receive.c and session.c
    Given given;         // the tags of deliveries that the program has seen; keten.c
    int64_t saved_ms;    // when session.c last wrote `known` of the stream
    bool watched;        // the program waits on keten_fd(), which sets it
};

#endif
