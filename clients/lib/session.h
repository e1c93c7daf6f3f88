// SPDX-License-Identifier: EUPL-1.2
// A handle and the life of its session. Knows: when to say hello, what to send next, what a lost
// connection means. Must never know: what commands mean, what the program does with events.
//
//     down ──due──► greeting ──Welcome──► up ──REPLACED, PROTOCOL──► ended
//      ▲               │                  │ │
//      │   connection gone, no answer,    │ └─SAY_HELLO, a gap──► greeting
//      └───BUSY───────────────────────────┘
#ifndef KETEN_LIB_SESSION_H
#define KETEN_LIB_SESSION_H

#include "clients/lib/address.h"
#include "clients/lib/arrival.h"
#include "clients/lib/flow.h"
#include "clients/lib/link.h"
#include "clients/lib/outbox.h"
#include "clients/lib/outlog.h"
#include "clients/lib/stream.h"

typedef enum SessionState {
    SESSION_DOWN,
    SESSION_HELLO,
    SESSION_UP,
    SESSION_ENDED,
} SessionState;

struct keten {
    Address address;
    Link link;
    Stream stream;
    Outlog log;
    Outbox commands;
    Outbox queries;
    Arrivals arrivals;
    Flow flow;
    SessionState state;
    int64_t due_ms;    // down: connect; greeting: give up
    unsigned failures; // in a row
    int64_t hold_ms;   // commands wait until then after a refusal for want of room
    unsigned holds;
    keten_result ended; // why, once ended
    bool busy;          // the last session was refused: another one is the consumer
    Arena welcome_arena;
    Keten__V1__Welcome *welcome; // of the present session
    uint32_t window;
    uint64_t next_query;
    int64_t saved_ms;
    char software[64];
    Keten__V1__Language language;
    bool consumer;
    bool take_over;
    bool watched; // the program waits on keten_fd
};

// Packs and sends one message; false when it cannot leave now.
bool
session_send(keten *k, const Keten__V1__ToDaemon *message);

// Everything that can be done without waiting: frames in, timers, frames out.
void
session_turn(keten *k);

// Frames out: credit, queries, commands within the window.
void
session_pump(keten *k);

// Tells the daemon how far the program is.
void
session_acknowledge(keten *k);

// Makes keten_fd readable when there is something to do or to take, for a program that waits on it.
void
session_rearm(keten *k);

// When session_turn has something to do by itself; -1: never.
int64_t
session_due_ms(const keten *k);

// What arriving frames bring about.
void
session_welcome(keten *k, const Keten__V1__Welcome *welcome);
void
session_say_hello(keten *k);
void
session_lose(keten *k);
void
session_end(keten *k, keten_result why);
void
session_hold(keten *k);

// One frame from the daemon (receive.c).
void
receive_frame(keten *k, const void *bytes, size_t length);

#endif
