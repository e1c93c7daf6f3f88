// SPDX-License-Identifier: EUPL-1.2
// What reading and committing a snapshot share. Knows: the form of a stored value. Must never know:
// the layers above.
// A stored value is the first 16 bytes of SHA-256(key ‖ value), then the value.
#ifndef KETEN_STORE_STATE_SNAPSHOT_PRIVATE_H
#define KETEN_STORE_STATE_SNAPSHOT_PRIVATE_H

#include "store/hash.h"
#include "store/state/snapshot.h"

#define VALUE_HASH_BYTES 16
#define SNAPSHOT_FORMAT  1
#define META_BYTES       (4 + 8 + HASH_BYTES) // format, applied position, running hash there

struct Snapshot {
    MDB_env *environment;
    MDB_dbi rows;
    MDB_txn *read; // renewed after each commit; reset while one runs, so that it pins no pages
    bool reading;
    MDB_txn *write; // between begin and commit
    bool broken;    // a commit failed
    Hasher *hasher;
    uint64_t applied;
    Hash running;
};

extern const uint8_t snapshot_meta_key[1];

void
snapshot_value_hash(Snapshot *snapshot, const MDB_val *key, const void *bytes, size_t length,
                    uint8_t ret[VALUE_HASH_BYTES]);

#endif
