// SPDX-License-Identifier: EUPL-1.2
// Sending and receiving at the ROUTER socket. Knows: multipart messages, user ids, the descriptor
// behind a message. Must never know: protobuf.
// The path: router_open() and router_bind() at the start; then router_receive(), which names the
// sender of a message (read_sender), and router_send(). Sending never waits: SEND_LATER says that
// the peer's queue is full, SEND_UNREACHABLE that there is no such connection any more. The monitor
// is read in router_monitor.c.
#include "daemon/broker/router.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/text.h"
#include "daemon/broker/router_monitor.h"
#include "proto/transport.h"

// DRAFT in libzmq's header, but part of the library as packaged: without it a missing handler lets
// everyone in.
#define KETEN_ZAP_ENFORCE_DOMAIN 93
#define ID_BYTES                 5 // a zero byte and a number, as libzmq gives them out

typedef struct IntegerOption {
    int option, value;
} IntegerOption;

static const IntegerOption router_options[] = {
    {ZMQ_CURVE_SERVER, 1},      {KETEN_ZAP_ENFORCE_DOMAIN, 1},
    {ZMQ_ROUTER_MANDATORY, 1},  {ZMQ_HANDSHAKE_IVL, 2000},
    {ZMQ_HEARTBEAT_IVL, 5000},  {ZMQ_HEARTBEAT_TIMEOUT, 15000},
    {ZMQ_HEARTBEAT_TTL, 20000}, {ZMQ_SNDHWM, 2048},
    {ZMQ_RCVHWM, 512},          {ZMQ_BACKLOG, 512},
    {ZMQ_TCP_KEEPALIVE, 1},     {ZMQ_LINGER, 0},
};

static bool
set_options(void *router, const CurvePair *pair)
{
    const int64_t most = TRANSPORT_MOST_BYTES;
    for (size_t i = 0; i < sizeof router_options / sizeof router_options[0]; i++)
        if (zmq_setsockopt(router, router_options[i].option, &router_options[i].value,
                           sizeof(int)) != 0)
            return false;
    return zmq_setsockopt(router, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0 &&
           zmq_setsockopt(router, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN, strlen(ZAP_DOMAIN)) == 0 &&
           zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, pair->secret_text, CURVE_KEY_TEXT_BYTES) ==
               0;
}

KtCode
router_open(void *context, const CurvePair *pair, Router *ret, Fault *fault)
{
    ASSERT(context != NULL && pair != NULL && ret != NULL);
    *ret = (Router){.socket = zmq_socket(context, ZMQ_ROUTER)};
    if (ret->socket == NULL)
        return fault_set(fault, KT_SETUP, "socket: %s", zmq_strerror(errno));
    if (!set_options(ret->socket, pair))
        return fault_set(fault, KT_SETUP, "socket options: %s", zmq_strerror(errno));
    if (!router_monitor_open(ret, context))
        return fault_set(fault, KT_SETUP, "socket monitor: %s", zmq_strerror(errno));
    return KT_OK;
}

KtCode
router_bind(Router *router, const char *endpoint, char *ret_bound, size_t size, Fault *fault)
{
    if (zmq_bind(router->socket, endpoint) != 0)
        return fault_set(fault, KT_SETUP, "listen on %s: %s", endpoint, zmq_strerror(errno));
    if (zmq_getsockopt(router->socket, ZMQ_LAST_ENDPOINT, ret_bound, &size) != 0)
        return fault_set(fault, KT_SETUP, "listen on %s: %s", endpoint, zmq_strerror(errno));
    return KT_OK;
}

void
router_done(Router *router, int linger_ms)
{
    router_monitor_done(router);
    if (router->socket != NULL) {
        zmq_setsockopt(router->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
        zmq_close(router->socket);
    }
    connections_done(&router->connections);
    *router = (Router){0};
}

void
router_cut(Router *router, const Peer *peer)
{
    ASSERT(router != NULL && peer != NULL);
    router_watch(router);
    // libzmq has no call that ends one connection of a socket that listens. It ends the connection
    // itself when it reads the end of the stream.
    if (connections_is_open(&router->connections, peer->fd, peer->serial))
        (void)shutdown(peer->fd, SHUT_RDWR);
}

// libzmq counts its ids up by one. An id that it has not given out yet was chosen by the peer.
static bool
given_out(Router *router, uint32_t id)
{
    if (!router->first_known) {
        router->first_id = id;
        router->first_known = true;
    }
    const uint32_t nth = id - router->first_id;
    if (nth >= router->handshakes)
        router_watch(router);
    return nth < router->handshakes;
}

// The id that a peer chooses may have any bytes. As a text the property ends at its first zero
// byte, so an id that begins with one looks empty, and given_out() finds it.
static bool
id_is_chosen(Router *router, zmq_msg_t *id, zmq_msg_t *body)
{
    const uint8_t *bytes = zmq_msg_data(id);
    const char *asked = zmq_msg_gets(body, "Identity");
    return zmq_msg_size(id) != ID_BYTES || bytes[0] != 0 || (asked != NULL && asked[0] != '\0') ||
           !given_out(router, bytes_get_u32(bytes + 1));
}

static bool
read_key(zmq_msg_t *body, uint8_t ret_key[CURVE_KEY_BYTES])
{
    const char *user = zmq_msg_gets(body, "User-Id");
    return user != NULL && strlen(user) == 2 * CURVE_KEY_BYTES &&
           text_from_hex(user, ret_key, CURVE_KEY_BYTES);
}

// A connection that the monitor has not told yet is looked for once more.
static MessageFault
tie(Router *router, Message *message)
{
    Connections *connections = &router->connections;
    Peer *peer = &message->peer;
    Tie tied = connections_tie(connections, peer->fd, peer->id, message->key, &peer->serial);
    if (tied == TIE_GONE || tied == TIE_OTHER) {
        router_watch(router);
        tied = connections_tie(connections, peer->fd, peer->id, message->key, &peer->serial);
    }
    switch (tied) {
    case TIE_OK:
    case TIE_GONE:
        return MESSAGE_OK;
    case TIE_OTHER:
        return MESSAGE_OTHER;
    case TIE_CROWD:
        return MESSAGE_CROWD;
    }
    unhandled("a tie");
}

static MessageFault
read_sender(Router *router, zmq_msg_t *id, Message *message)
{
    const bool keyed = read_key(&message->body, message->key);
    message->peer.fd = zmq_msg_get(&message->body, ZMQ_SRCFD);
    if (id_is_chosen(router, id, &message->body)) {
        const Connection *at = connections_find(&router->connections, message->peer.fd);
        message->peer.serial = at != NULL ? at->serial : SERIAL_GONE;
        return MESSAGE_ID;
    }
    message->peer.id = bytes_get_u32((const uint8_t *)zmq_msg_data(id) + 1);
    return keyed && message->peer.fd >= 0 ? tie(router, message) : MESSAGE_UNKEYED;
}

// Reads the frames behind the one that is wanted; true when there were none.
static bool
skip_rest(void *socket, bool more)
{
    const bool none = !more;
    while (more) {
        zmq_msg_t surplus;
        zmq_msg_init(&surplus);
        ASSERT(zmq_msg_recv(&surplus, socket, 0) >= 0);
        more = zmq_msg_more(&surplus) != 0;
        zmq_msg_close(&surplus);
    }
    return none;
}

bool
router_receive(Router *router, Message *ret)
{
    ASSERT(router != NULL && ret != NULL);
    void *socket = router->socket;
    zmq_msg_t id;
    zmq_msg_init(&id);
    if (zmq_msg_recv(&id, socket, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&id);
        return false;
    }
    memset(ret, 0, sizeof *ret);
    zmq_msg_init(&ret->body);
    // libzmq gives a message as a whole: all its frames are there.
    const bool empty = !zmq_msg_more(&id);
    if (!empty)
        ASSERT(zmq_msg_recv(&ret->body, socket, 0) >= 0);
    const bool single = skip_rest(socket, !empty && zmq_msg_more(&ret->body));
    ret->fault = empty ? MESSAGE_UNKEYED : read_sender(router, &id, ret);
    if (ret->fault == MESSAGE_OK && !single)
        ret->fault = MESSAGE_SHAPE;
    zmq_msg_close(&id);
    return true;
}

void
message_done(Message *message)
{
    zmq_msg_close(&message->body);
}

static SendResult
send_part(void *socket, const void *bytes, size_t length, int flags)
{
    while (zmq_send(socket, bytes, length, flags | ZMQ_DONTWAIT) < 0) {
        if (errno == EAGAIN)
            return SEND_LATER;
        if (errno != EINTR)
            return SEND_UNREACHABLE;
    }
    return SEND_OK;
}

static bool
is_there(const Router *router, const Peer *peer)
{
    return peer->serial == SERIAL_ANY ||
           connections_is_open(&router->connections, peer->fd, peer->serial);
}

// With the first part libzmq chooses the connection that has the id. When a connection ends, libzmq
// tells the monitor before it gives the id free. So when the monitor, read between the two parts,
// has told nothing, libzmq chose the right connection. Else the second part says nothing.
SendResult
router_send(Router *router, const Peer *peer, const void *bytes, size_t length)
{
    ASSERT(router != NULL && peer != NULL && bytes != NULL);
    uint8_t id[ID_BYTES] = {0};
    bytes_put_u32(id + 1, peer->id);
    if (!is_there(router, peer))
        return SEND_UNREACHABLE;
    const SendResult result = send_part(router->socket, id, sizeof id, ZMQ_SNDMORE);
    if (result != SEND_OK)
        return result;
    router_watch(router);
    const bool there = is_there(router, peer);
    // Without its second part this message would swallow the next one, and the parts behind it
    // would go to the wrong partners. libzmq refuses a second part for want of memory only.
    if (send_part(router->socket, bytes, there ? length : 0, 0) != SEND_OK)
        exhausted("memory for a message");
    return there ? SEND_OK : SEND_UNREACHABLE;
}
