// SPDX-License-Identifier: EUPL-1.2
// A DEALER socket with CURVE and its monitor. Knows: ZeroMQ, epoll, a timer. Must never know: what
// a frame says, when to connect again.
//
// link_init() makes the descriptors, link_open() starts a connection, link_send() and
// link_receive() pass frames without waiting, and link_loss() reads from the monitor whether, and
// at which point, the connection failed. ZeroMQ's own reconnecting is off: a new connection is a
// new session on the wire, only the session knows when to try again, and after a refused key
// ZeroMQ would never connect again.
#include "clients/lib/link.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "proto/transport.h"

#define HEARTBEAT_MS 2000
#define SILENCE_MS   8000
#define CONNECT_MS   5000
#define ALARM_RUNG   (-2) // differs from every instant, so that link_alarm() sets the timer anew

// Each of these events means that the connection does not stand any more.
#define LOSSES                                                                                     \
    (ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_CLOSED | ZMQ_EVENT_DISCONNECTED |                       \
     ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |                  \
     ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)

#define WATCHED (LOSSES | ZMQ_EVENT_CONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED)

int64_t
link_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool
watch(const Link *link, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};
    return epoll_ctl(link->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static int
socket_fd(void *socket)
{
    int fd = -1;
    size_t size = sizeof fd;
    zmq_getsockopt(socket, ZMQ_FD, &fd, &size);
    return fd;
}

bool
link_init(Link *ret)
{
    *ret = (Link){.epoll = -1, .timer = -1, .alarm_ms = -1};
    ret->context = zmq_ctx_new();
    ret->epoll = epoll_create1(EPOLL_CLOEXEC);
    ret->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    return ret->context != NULL && ret->epoll >= 0 && ret->timer >= 0 && watch(ret, ret->timer);
}

void
link_done(Link *link)
{
    link_close(link, 0);
    if (link->context != NULL)
        zmq_ctx_term(link->context);
    if (link->timer >= 0)
        close(link->timer);
    if (link->epoll >= 0)
        close(link->epoll);
    *link = (Link){.epoll = -1, .timer = -1, .alarm_ms = -1};
}

static bool
set_number(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool
set_key(void *socket, int option, const char *key)
{
    return zmq_setsockopt(socket, option, key, CURVE_KEY_TEXT_BYTES) == 0;
}

static bool
set_options(void *socket, const Address *address)
{
    int64_t most = TRANSPORT_MOST_BYTES;
    // ZeroMQ's queues have no limit: the daemon's window and our credit bound them.
    return set_number(socket, ZMQ_SNDHWM, 0) && set_number(socket, ZMQ_RCVHWM, 0) &&
           set_number(socket, ZMQ_LINGER, 0) && set_number(socket, ZMQ_RECONNECT_IVL, -1) &&
           set_number(socket, ZMQ_CONNECT_TIMEOUT, CONNECT_MS) &&
           set_number(socket, ZMQ_HANDSHAKE_IVL, CONNECT_MS) &&
           set_number(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) &&
           set_number(socket, ZMQ_HEARTBEAT_TIMEOUT, SILENCE_MS) &&
           zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0 &&
           set_key(socket, ZMQ_CURVE_SERVERKEY, address->server) &&
           set_key(socket, ZMQ_CURVE_PUBLICKEY, address->public) &&
           set_key(socket, ZMQ_CURVE_SECRETKEY, address->secret);
}

static bool
open_monitor(Link *link)
{
    char name[64];
    snprintf(name, sizeof name, "inproc://monitor-%u", ++link->made);
    if (zmq_socket_monitor(link->socket, name, WATCHED) < 0)
        return false;
    link->monitor = zmq_socket(link->context, ZMQ_PAIR);
    return link->monitor != NULL && set_number(link->monitor, ZMQ_LINGER, 0) &&
           zmq_connect(link->monitor, name) == 0 && watch(link, socket_fd(link->monitor));
}

bool
link_open(Link *link, const Address *address)
{
    ASSERT(link->context != NULL && address != NULL);
    link_close(link, 0);
    link->connected = link->shaken = false;
    link->loss = LINK_STANDS;
    link->socket = zmq_socket(link->context, ZMQ_DEALER);
    if (link->socket != NULL && set_options(link->socket, address) &&
        watch(link, socket_fd(link->socket)) && open_monitor(link) &&
        zmq_connect(link->socket, address->endpoint) == 0)
        return true;
    link_close(link, 0);
    return false;
}

static void
close_socket(const Link *link, void *socket)
{
    // Out of the epoll first: the descriptor is closed later, by another thread.
    epoll_ctl(link->epoll, EPOLL_CTL_DEL, socket_fd(socket), NULL);
    zmq_close(socket);
}

void
link_close(Link *link, int linger_ms)
{
    if (link->socket != NULL) {
        zmq_socket_monitor(link->socket, NULL, 0);
        set_number(link->socket, ZMQ_LINGER, linger_ms);
        close_socket(link, link->socket);
    }
    if (link->monitor != NULL)
        close_socket(link, link->monitor);
    link->socket = link->monitor = NULL;
}

bool
link_send(Link *link, const void *bytes, size_t length)
{
    return link->socket != NULL && zmq_send(link->socket, bytes, length, ZMQ_DONTWAIT) >= 0;
}

bool
link_receive(Link *link, zmq_msg_t *ret)
{
    if (link->socket == NULL)
        return false;
    zmq_msg_init(ret);
    if (zmq_msg_recv(ret, link->socket, ZMQ_DONTWAIT) >= 0)
        return true;
    zmq_msg_close(ret);
    return false;
}

bool
link_has_more(Link *link)
{
    int events = 0;
    size_t size = sizeof events;
    return link->socket != NULL && zmq_getsockopt(link->socket, ZMQ_EVENTS, &events, &size) == 0 &&
           (events & ZMQ_POLLIN);
}

static LinkLoss
loss_of(Link *link, uint16_t event)
{
    switch (event) {
    case ZMQ_EVENT_CONNECTED:
        link->connected = true;
        return LINK_STANDS;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        link->shaken = true;
        return LINK_STANDS;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        return LINK_KEY_REFUSED;
    default: // the other LOSSES
        return link->shaken ? LINK_CUT : link->connected ? LINK_BROKEN_OFF : LINK_NOBODY;
    }
}

LinkLoss
link_loss(Link *link)
{
    zmq_msg_t message;
    zmq_msg_init(&message);
    // An event is two frames: its number and a value, then the endpoint.
    while (link->monitor != NULL && zmq_msg_recv(&message, link->monitor, ZMQ_DONTWAIT) >= 0) {
        uint16_t event;
        if (!zmq_msg_more(&message))
            continue;
        memcpy(&event, zmq_msg_data(&message), sizeof event);
        const LinkLoss loss = loss_of(link, event);
        link->loss = link->loss == LINK_STANDS ? loss : link->loss;
    }
    zmq_msg_close(&message);
    return link->loss;
}

void
link_alarm(Link *link, int64_t at_ms)
{
    if (at_ms == link->alarm_ms)
        return;
    link->alarm_ms = at_ms;
    struct itimerspec when = {0};
    if (at_ms >= 0) {
        when.it_value.tv_sec = (time_t)(at_ms / 1000);
        when.it_value.tv_nsec = (long)(at_ms % 1000) * 1000000 + 1;
    }
    timerfd_settime(link->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

LinkWait
link_wait(Link *link, int64_t until_ms)
{
    zmq_pollitem_t items[3] = {{.fd = link->timer, .events = ZMQ_POLLIN},
                               {.socket = link->socket, .events = ZMQ_POLLIN},
                               {.socket = link->monitor, .events = ZMQ_POLLIN}};
    int64_t left = until_ms - link_now_ms();
    long timeout = until_ms < 0 ? -1 : left < 0 ? 0 : left > 1000000 ? 1000000 : (long)left;
    int ready = zmq_poll(items, link->socket ? 3 : 1, timeout);
    if (ready < 0)
        return LINK_INTERRUPTED;
    uint64_t rings;
    if (items[0].revents && read(link->timer, &rings, sizeof rings) > 0)
        link->alarm_ms = ALARM_RUNG;
    return ready ? LINK_WOKEN : LINK_QUIET;
}
