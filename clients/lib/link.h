// SPDX-License-Identifier: EUPL-1.2
// One connection after the other: a DEALER socket with CURVE, what becomes of it, and one
// descriptor to wait on. Knows: ZeroMQ, the monotonic clock. Must never know: what a frame says,
// when to connect again.
#ifndef KETEN_LIB_LINK_H
#define KETEN_LIB_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "clients/lib/address.h"

// How far the connection came before it was lost.
typedef enum LinkLoss {
    LINK_STANDS = 0,  // it was not lost
    LINK_NOBODY,      // nobody took it
    LINK_BROKEN_OFF,  // the other side, or time, ended the handshake without a word
    LINK_KEY_REFUSED, // the other side said that our key is refused
    LINK_CUT,         // it was lost after the handshake
} LinkLoss;

typedef struct Link {
    void *context;    // of ZeroMQ; from link_init() to link_done()
    void *socket;     // from link_open() to link_close(); else NULL
    void *monitor;    // tells of the socket's connection; lives as long as the socket
    bool connected;   // the other side took the connection
    bool shaken;      // the handshake is over
    LinkLoss loss;    // of this connection, as far as the monitor has been read
    int epoll;        // readable when the socket, its monitor or the timer may have something; -1
    int timer;        // a timerfd on the monotonic clock; -1
    unsigned made;    // sockets so far, for the monitor's name
    int64_t alarm_ms; // to which instant link_alarm() has set the timer; -1: off
} Link;

typedef enum LinkWait {
    LINK_WOKEN,       // something may be there
    LINK_QUIET,       // the time is up
    LINK_INTERRUPTED, // a signal came
} LinkWait;

// The monotonic clock.
int64_t
link_now_ms(void);

// False without memory or descriptors. *ret is valid for link_done() even then.
bool
link_init(Link *ret);
void
link_done(Link *link);

// Starts a connection; frames that are sent now leave when it stands. False when the endpoint or a
// key is no good, or without memory.
bool
link_open(Link *link, const Address *address);
// `linger_ms`: how long the frames sent before may take to leave. link_done() spends this time.
void
link_close(Link *link, int linger_ms);

// False when there is no connection, or ZeroMQ does not take the frame.
bool
link_send(Link *link, const void *bytes, size_t length);
// False when nothing is there. Else the caller closes *ret with zmq_msg_close.
bool
link_receive(Link *link, zmq_msg_t *ret);
// True when a frame may be there. Ask after sending: sending takes in frames as well, and the
// descriptor does not become readable for them.
bool
link_has_more(Link *link);
// Tells what became of the connection. The first loss counts until link_open().
LinkLoss
link_loss(Link *link);

// Makes the descriptor readable at this instant; < 0: never.
void
link_alarm(Link *link, int64_t at_ms);
// Waits until something may be there, until the alarm or until this instant; < 0: without end.
LinkWait
link_wait(Link *link, int64_t until_ms);

#endif
