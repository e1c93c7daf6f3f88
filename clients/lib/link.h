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

typedef struct Link {
    void *context;
    void *socket; // NULL while there is no connection
    void *monitor;
    int epoll; // readable when the socket, its monitor or the alarm may have something
    int timer;
    unsigned made; // sockets so far
    int64_t alarm_ms;
} Link;

typedef enum LinkWait { LINK_WOKEN, LINK_QUIET, LINK_INTERRUPTED } LinkWait;

int64_t
link_now_ms(void);

// *ret is valid for link_done even on failure.
bool
link_init(Link *ret);
void
link_done(Link *link);

// Starts a connection; frames sent now leave when it stands.
bool
link_open(Link *link, const Address *address);
// `linger_ms`: how long what was sent may take to leave, spent in link_done.
void
link_close(Link *link, int linger_ms);

bool
link_send(Link *link, const void *bytes, size_t length);
// False when nothing is there. Else the caller closes *ret with zmq_msg_close.
bool
link_receive(Link *link, zmq_msg_t *ret);
// A frame may be there. Sending takes in what arrived, too: the descriptor then stays silent about
// it.
bool
link_has_more(Link *link);
// The connection failed or was lost since the last look.
bool
link_is_lost(Link *link);

// Makes the descriptor readable at this instant; < 0: never.
void
link_alarm(Link *link, int64_t at_ms);
LinkWait
link_wait(Link *link, int64_t until_ms);

#endif
