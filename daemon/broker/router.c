// SPDX-License-Identifier: EUPL-1.2
// Sending and receiving at the ROUTER socket. Knows: multipart messages, user ids. Must never know:
// protobuf.
// The path: router_open() and router_bind() at the start; then router_receive(), which names the
// sender of a message (read_sender), and router_send(). Sending never waits: SEND_LATER says that
// the peer's queue is full, SEND_UNREACHABLE that there is no such connection any more.
#include "daemon/broker/router.h"

#include <errno.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/text.h"
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
router_open(void *context, const CurvePair *pair, void **ret_router, Fault *fault)
{
    ASSERT(context != NULL && pair != NULL && ret_router != NULL);
    void *router = zmq_socket(context, ZMQ_ROUTER);
    if (router == NULL)
        return fault_set(fault, KT_SETUP, "socket: %s", zmq_strerror(errno));
    if (!set_options(router, pair)) {
        const int error = errno;
        zmq_close(router);
        return fault_set(fault, KT_SETUP, "socket options: %s", zmq_strerror(error));
    }
    *ret_router = router;
    return KT_OK;
}

KtCode
router_bind(void *router, const char *endpoint, char *ret_bound, size_t size, Fault *fault)
{
    if (zmq_bind(router, endpoint) != 0)
        return fault_set(fault, KT_SETUP, "listen on %s: %s", endpoint, zmq_strerror(errno));
    if (zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, ret_bound, &size) != 0)
        return fault_set(fault, KT_SETUP, "listen on %s: %s", endpoint, zmq_strerror(errno));
    return KT_OK;
}

static uint32_t
id_of_bytes(const uint8_t *bytes)
{
    return bytes_get_u32(bytes + 1);
}

static MessageFault
read_sender(zmq_msg_t *id, Message *message)
{
    const uint8_t *bytes = zmq_msg_data(id);
    // A peer may choose a routing id that looks like one that libzmq gives out.
    const char *asked = zmq_msg_gets(&message->body, "Identity");
    const char *user = zmq_msg_gets(&message->body, "User-Id");
    if (zmq_msg_size(id) != ID_BYTES || bytes[0] != 0 || (asked != NULL && asked[0] != '\0'))
        return MESSAGE_ID;
    message->id = id_of_bytes(bytes);
    if (user == NULL || strlen(user) != 2 * CURVE_KEY_BYTES ||
        !text_from_hex(user, message->key, CURVE_KEY_BYTES))
        return MESSAGE_UNKEYED;
    return MESSAGE_OK;
}

// Reads the frames behind the one that is wanted; true when there were none.
static bool
skip_rest(void *router, bool more)
{
    const bool none = !more;
    while (more) {
        zmq_msg_t surplus;
        zmq_msg_init(&surplus);
        ASSERT(zmq_msg_recv(&surplus, router, 0) >= 0);
        more = zmq_msg_more(&surplus) != 0;
        zmq_msg_close(&surplus);
    }
    return none;
}

bool
router_receive(void *router, Message *ret)
{
    ASSERT(router != NULL && ret != NULL);
    zmq_msg_t id;
    zmq_msg_init(&id);
    if (zmq_msg_recv(&id, router, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&id);
        return false;
    }
    memset(ret, 0, sizeof *ret);
    zmq_msg_init(&ret->body);
    // libzmq gives a message as a whole: all its frames are there.
    const bool empty = !zmq_msg_more(&id);
    if (!empty)
        ASSERT(zmq_msg_recv(&ret->body, router, 0) >= 0);
    const bool single = skip_rest(router, !empty && zmq_msg_more(&ret->body));
    ret->fault = empty ? MESSAGE_UNKEYED : read_sender(&id, ret);
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

SendResult
router_send(void *router, uint32_t id, const void *bytes, size_t length)
{
    ASSERT(router != NULL && bytes != NULL);
    uint8_t peer[ID_BYTES] = {0};
    bytes_put_u32(peer + 1, id);
    while (zmq_send(router, peer, sizeof peer, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) {
        if (errno == EAGAIN)
            return SEND_LATER;
        if (errno == EHOSTUNREACH)
            return SEND_UNREACHABLE;
        ASSERT(errno == EINTR);
    }
    while (zmq_send(router, bytes, length, ZMQ_DONTWAIT) < 0)
        if (errno != EINTR)
            return SEND_UNREACHABLE;
    return SEND_OK;
}
