// SPDX-License-Identifier: EUPL-1.2
// The size that libzmq may let through, so that our own limit is the one that counts. Knows: what
// CURVE adds to a frame. Must never know: sockets, what a frame says.
// libzmq compares ZMQ_MAXMSGSIZE with the frame as it travels, and ends the connection of a larger
// one without a word. So libzmq gets the limit, what CURVE adds, and some room: a frame that is a
// little too long arrives, and is answered with its size. Only a frame beyond the room ends the
// connection.
#ifndef KETEN_PROTO_TRANSPORT_H
#define KETEN_PROTO_TRANSPORT_H

#include "proto/limits.h"

// RFC 26: eight bytes "\x07MESSAGE", a nonce of eight, an authenticator of 16, one byte of flags.
#define TRANSPORT_CURVE_BYTES 33u
#define TRANSPORT_ROOM_BYTES  16384u
#define TRANSPORT_MOST_BYTES  (LIMIT_FRAME_BYTES + TRANSPORT_CURVE_BYTES + TRANSPORT_ROOM_BYTES)

// Programs that know no higher protocol number than this gave libzmq the limit alone, so a frame
// for them has to be shorter by what CURVE adds.
#define TRANSPORT_SHORT_PROTOCOL 2u

#endif
