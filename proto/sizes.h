// SPDX-License-Identifier: EUPL-1.2
// The sizes of the values of fixed length, on the wire and in records, and of their texts. Knows:
// numbers. Must never know: what a value means.
// A size of a text counts its NUL.
#ifndef KETEN_PROTO_SIZES_H
#define KETEN_PROTO_SIZES_H

#define UUID_BYTES           16
#define UUID_TEXT_BYTES      37
#define STREAM_BYTES         UUID_BYTES // a command stream
#define TOKEN_BYTES          16         // of a person, a worker or a likeness: a keyed hash
#define FINGERPRINT_BYTES    16         // of a command: a keyed hash
#define LEAF_BYTES           32         // of a record: SHA-256
#define CURVE_KEY_BYTES      32
#define CURVE_KEY_TEXT_BYTES 41 // in Z85 (ZeroMQ RFC 32)
#define RECEIPT_TAG_BYTES    16 // a keyed hash of the daemon's
#define DELIVERY_TAG_BYTES   32 // a keyed hash of what it tells, and one over that
#define BSN_TEXT_BYTES       10
#define PSEUDONYM_TEXT_BYTES 24

#endif
