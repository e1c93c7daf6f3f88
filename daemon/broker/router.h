// SPDX-License-Identifier: EUPL-1.2
// The ROUTER socket that partners connect to. Knows: libzmq and its traps. Must never know: what
// the frames say.
// Routing ids are given out by libzmq. A message from a connection that chose its own id is marked,
// since libzmq drops another connection with the same id without a word.
#ifndef KETEN_BROKER_ROUTER_H
#define KETEN_BROKER_ROUTER_H

#include <zmq.h>

#include "daemon/broker/zap.h"
#include "daemon/files/keyfile.h"

// Opens a CURVE server: our ZAP domain enforced, frames ≤ 64 KiB, handshakes ≤ 2 s, bounded queues,
// heartbeats, LINGER 0.
KtCode
router_open(void *context, const CurvePair *pair, void **ret_router, Fault *fault);
// `ret_bound` gets the endpoint as it came out: the port of tcp://…:*. At least 256 bytes.
KtCode
router_bind(void *router, const char *endpoint, char *ret_bound, size_t size, Fault *fault);

typedef enum MessageFault {
    MESSAGE_OK = 0,
    MESSAGE_SHAPE,   // not exactly one frame
    MESSAGE_ID,      // the connection chose its own routing id
    MESSAGE_UNKEYED, // no user id: it did not pass our handler
} MessageFault;

typedef struct Message {
    MessageFault fault;
    uint32_t id; // of the connection; 0 with MESSAGE_ID
    uint8_t key[CURVE_KEY_BYTES];
    zmq_msg_t body;
} Message;

// False when no message waits. Otherwise the caller closes the message with message_done.
bool
router_receive(void *router, Message *ret);
void
message_done(Message *message);

typedef enum SendResult {
    SEND_OK = 0,
    SEND_LATER,       // the peer is slow: its queue is full
    SEND_UNREACHABLE, // no such connection any more
} SendResult;

SendResult
router_send(void *router, uint32_t id, const void *bytes, size_t length);

#endif
