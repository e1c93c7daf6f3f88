// SPDX-License-Identifier: EUPL-1.2
// The ROUTER socket that partners connect to. Knows: libzmq and its traps. Must never know: what
// the frames say.
// Routing ids are given out by libzmq. A message from a connection that chose its own id is marked,
// since libzmq drops another connection with the same id without a word.
// libzmq gives an id to another connection when the first one is gone. So the router follows each
// connection by its descriptor and a serial number (connections.h), and sends to a connection, not
// to an id.
#ifndef KETEN_BROKER_ROUTER_H
#define KETEN_BROKER_ROUTER_H

#include <zmq.h>

#include "daemon/broker/connections.h"
#include "daemon/broker/zap.h"
#include "daemon/files/keyfile.h"

// Why a connection got no further than its handshake.
typedef enum RouterRefusal {
    REFUSED_WRONG_SERVER_KEY = 0, // the other side expects a daemon with another key
    REFUSED_PROTOCOL,             // the other side does not speak ZeroMQ with CURVE
    REFUSED_UNFINISHED,           // it left, or was silent, before the handshake was over
    REFUSED_SILENT,               // the handshake was good, and too many like it said nothing
} RouterRefusal;

typedef void (*RouterTells)(void *caller, RouterRefusal why, const char *address);

typedef struct Router {
    void *socket;            // owned; NULL: closed
    void *monitor;           // owned; tells what becomes of connections
    Connections connections; // as far as the monitor has been read
    uint32_t first_id;       // the first routing id that libzmq gave out
    bool first_known;
    uint64_t handshakes; // that succeeded: libzmq gave out at most so many ids
    bool failing;        // the monitor told of a failed handshake; its descriptor comes next
    RouterRefusal why;   // of that handshake
    RouterTells tells;   // NULL: nobody wants to know
    void *caller;        // its first argument; not owned
} Router;

// Opens a CURVE server: our ZAP domain enforced, frames ≤ 64 KiB, handshakes ≤ 2 s, bounded queues,
// heartbeats, LINGER 0. The caller ends *ret with router_done, also after a failure.
KtCode
router_open(void *context, const CurvePair *pair, Router *ret, Fault *fault);
// `ret_bound` gets the endpoint as it came out: the port of tcp://…:*. At least 256 bytes.
KtCode
router_bind(Router *router, const char *endpoint, char *ret_bound, size_t size, Fault *fault);
// `linger_ms`: how long sent messages may still take to leave.
void
router_done(Router *router, int linger_ms);

// Reads what the monitor has to tell, and ends the oldest silent connection where there are too
// many. Sending and receiving read it too, where the answer depends on it.
void
router_watch(Router *router);
// Ends the connection, as soon as libzmq sees it. Nothing happens when it is gone already.
void
router_cut(Router *router, const Peer *peer);

typedef enum MessageFault {
    MESSAGE_OK = 0,
    MESSAGE_SHAPE,   // not exactly one frame
    MESSAGE_ID,      // the connection chose its own routing id
    MESSAGE_UNKEYED, // no user id: it did not pass our handler
    MESSAGE_OTHER,   // the connection has spoken under another key or another id
    MESSAGE_CROWD,   // the key has too many connections
} MessageFault;

typedef struct Message {
    MessageFault fault;
    Peer peer; // id 0 with MESSAGE_ID
    uint8_t key[CURVE_KEY_BYTES];
    zmq_msg_t body;
} Message;

// False when no message waits. Otherwise the caller closes the message with message_done.
bool
router_receive(Router *router, Message *ret);
void
message_done(Message *message);

typedef enum SendResult {
    SEND_OK = 0,
    SEND_LATER,       // the peer is slow: its queue is full
    SEND_UNREACHABLE, // no such connection any more
} SendResult;

// Sends to the peer's own connection, and to no later one with the same routing id. With SERIAL_ANY
// any connection that has the id gets the frame.
SendResult
router_send(Router *router, const Peer *peer, const void *bytes, size_t length);

#endif
