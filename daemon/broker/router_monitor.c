// SPDX-License-Identifier: EUPL-1.2
// Reading what becomes of connections. Knows: libzmq's events, the address behind a descriptor.
// Must never know: messages, keys.
// The path: router_watch() takes each event that waits (take_event) and hands it to the table of
// connections. libzmq has one thread for all connections, so the events stand in the order in which
// things happened; the end of a connection is told before its descriptor is closed.
#include "daemon/broker/router_monitor.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "daemon/broker/clock_machine.h"

#define WATCHED                                                                                    \
    (ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |                 \
     ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |                  \
     ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)

bool
router_monitor_open(Router *router, void *context)
{
    const char *name = "inproc://router-monitor";
    const int none = 0;
    router->monitor = zmq_socket(context, ZMQ_PAIR);
    // libzmq's thread waits when the monitor's queue is full. So the queue has no limit.
    return router->monitor != NULL &&
           zmq_setsockopt(router->monitor, ZMQ_RCVHWM, &none, sizeof none) == 0 &&
           zmq_setsockopt(router->monitor, ZMQ_LINGER, &none, sizeof none) == 0 &&
           zmq_socket_monitor(router->socket, name, WATCHED) == 0 &&
           zmq_connect(router->monitor, name) == 0;
}

void
router_monitor_done(Router *router)
{
    if (router->socket != NULL)
        (void)zmq_socket_monitor(router->socket, NULL, 0);
    if (router->monitor != NULL)
        zmq_close(router->monitor);
    router->monitor = NULL;
}

// "127.0.0.1", as libzmq says it to the authentication; "local" for a socket of this machine; ""
// when it is gone already.
static void
read_address(int fd, char *ret, size_t size)
{
    struct sockaddr_storage at;
    socklen_t length = sizeof at;
    ret[0] = '\0';
    if (getpeername(fd, (struct sockaddr *)&at, &length) != 0)
        return;
    if (at.ss_family == AF_UNIX)
        snprintf(ret, size, "local");
    else if (getnameinfo((struct sockaddr *)&at, length, ret, (socklen_t)size, NULL, 0,
                         NI_NUMERICHOST) != 0)
        ret[0] = '\0';
}

static void
opened(Router *router, int fd)
{
    char address[CONNECTION_ADDRESS];
    read_address(fd, address, sizeof address);
    connections_opened(&router->connections, fd, address, clock_steady_ms());
}

static void
closed(Router *router, int fd)
{
    const Connection *at = connections_find(&router->connections, fd);
    if (router->failing && router->tells != NULL)
        router->tells(router->caller, router->why, at != NULL ? at->address : "");
    router->failing = false;
    connections_closed(&router->connections, fd);
}

static void
failed(Router *router, RouterRefusal why)
{
    router->failing = true;
    router->why = why;
}

static void
take_event(Router *router, uint16_t event, uint32_t value)
{
    switch (event) {
    case ZMQ_EVENT_ACCEPTED:
        opened(router, (int)value);
        return;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        router->handshakes++;
        return;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        failed(router, REFUSED_UNFINISHED);
        return;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        failed(router, value == ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC ? REFUSED_WRONG_SERVER_KEY
                                                                      : REFUSED_PROTOCOL);
        return;
    case ZMQ_EVENT_DISCONNECTED:
        closed(router, (int)value);
        return;
    default: // a refused key: the authentication has told it
        return;
    }
}

// An event is two messages: its number and value, then the endpoint. False when none waits.
static bool
next_event(void *monitor, uint16_t *ret_event, uint32_t *ret_value)
{
    zmq_msg_t message;
    zmq_msg_init(&message);
    if (zmq_msg_recv(&message, monitor, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&message);
        return false;
    }
    const uint8_t *bytes = zmq_msg_data(&message);
    ASSERT(zmq_msg_size(&message) == 6 && zmq_msg_more(&message));
    memcpy(ret_event, bytes, sizeof *ret_event);
    memcpy(ret_value, bytes + 2, sizeof *ret_value);
    ASSERT(zmq_msg_recv(&message, monitor, 0) >= 0);
    zmq_msg_close(&message);
    return true;
}

// A connection that says nothing takes a descriptor, and nobody knows whose it is.
static void
cut_surplus(Router *router)
{
    const int fd = connections_surplus(&router->connections);
    if (fd < 0)
        return;
    const Connection *at = connections_find(&router->connections, fd);
    if (router->tells != NULL)
        router->tells(router->caller, REFUSED_SILENT, at->address);
    (void)shutdown(fd, SHUT_RDWR);
    connections_closed(&router->connections, fd);
}

void
router_watch(Router *router)
{
    ASSERT(router != NULL && router->monitor != NULL);
    uint16_t event;
    uint32_t value;
    while (next_event(router->monitor, &event, &value)) {
        take_event(router, event, value);
        if (event == ZMQ_EVENT_ACCEPTED)
            cut_surplus(router);
    }
}
