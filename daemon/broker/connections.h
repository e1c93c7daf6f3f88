// SPDX-License-Identifier: EUPL-1.2
// The connections that stand, by descriptor. Knows: descriptors, keys, routing ids, counts. Must
// never know: ZeroMQ, sessions, what a frame says.
// A descriptor is used again for a later connection; a serial number never is. So a descriptor and
// a serial together name one connection for ever (Peer).
// The path: the router tells connections_opened() and connections_closed() what its monitor saw.
// connections_tie() ties a connection to the key and the routing id of its first message; a message
// of the same connection with another key or id then shows.
#ifndef KETEN_BROKER_CONNECTIONS_H
#define KETEN_BROKER_CONNECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/sizes.h"

#define CONNECTIONS_PER_KEY 128u // that have said something
#define CONNECTIONS_SILENT  256u // that have said nothing yet, of all keys together
#define CONNECTION_ADDRESS  64u  // bytes, with the NUL

#define SERIAL_GONE 0u         // no connection: nothing can be sent to it
#define SERIAL_ANY  UINT64_MAX // whichever connection has the routing id; for notices only

typedef struct Peer {
    uint32_t id; // the routing id that libzmq gave
    int fd;      // of the connection; -1 with SERIAL_ANY
    uint64_t serial;
} Peer;

typedef struct Connection {
    uint64_t serial; // SERIAL_GONE: the descriptor has no connection
    int64_t since_ms;
    bool tied; // to the two members below
    uint32_t id;
    uint8_t key[CURVE_KEY_BYTES];
    char address[CONNECTION_ADDRESS]; // of the other side; "" where it has none
} Connection;

typedef struct Connections {
    Connection *items; // owned; index = descriptor
    size_t room;
    uint64_t made;   // connections so far: the last serial
    uint64_t closed; // connections that have ended so far
    size_t silent;   // that stand and are not tied
} Connections;

typedef enum Tie {
    TIE_OK = 0,
    TIE_GONE,  // the connection has ended; the message was on its way before
    TIE_OTHER, // the connection is tied to another key or another id
    TIE_CROWD, // the key has CONNECTIONS_PER_KEY others
} Tie;

void
connections_opened(Connections *connections, int fd, const char *address, int64_t now_ms);
void
connections_closed(Connections *connections, int fd);
// *ret_serial is the connection's, and SERIAL_GONE with TIE_GONE and TIE_OTHER.
Tie
connections_tie(Connections *connections, int fd, uint32_t id, const uint8_t key[CURVE_KEY_BYTES],
                uint64_t *ret_serial);
bool
connections_is_open(const Connections *connections, int fd, uint64_t serial);
// NULL when the descriptor has no connection. Lives until the next change.
const Connection *
connections_find(const Connections *connections, int fd);
size_t
connections_of_key(const Connections *connections, const uint8_t key[CURVE_KEY_BYTES]);
// The descriptor of the connection that has been silent longest, when there are more than
// CONNECTIONS_SILENT; else -1.
int
connections_surplus(const Connections *connections);
void
connections_done(Connections *connections);

#endif
