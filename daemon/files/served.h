// SPDX-License-Identifier: EUPL-1.2
// The mark of what a daemon has served: a small file outside the data directory, so that a copy of
// the data that is put back can be told from the newest data. Knows: the form of the file. Must
// never know: the ledger, when the mark is written.
#ifndef KETEN_FILES_SERVED_H
#define KETEN_FILES_SERVED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "proto/errors.h"
#include "proto/limits.h"
#include "proto/sizes.h"
#include "store/hash.h"

// The partner's proof that it was given what the store does not have: the fields of its Hello.
typedef struct ServedProof {
    char partner[LIMIT_NAME_BYTES + 1]; // "": there is no proof
    uint64_t receipt_history, receipt_position;
    uint8_t leaf[LEAF_BYTES], receipt_tag[RECEIPT_TAG_BYTES];
    uint64_t history, delivered;
    uint8_t delivery_tag[DELIVERY_TAG_BYTES];
} ServedProof;

typedef struct Served {
    uint64_t history, position;
    uint8_t id[UUID_BYTES]; // of the history
    Hash running;           // the running hash of the journal at `position`
    ServedProof proof;
} Served;

typedef enum ServedRead {
    SERVED_FOUND = 0,
    SERVED_ABSENT,
    SERVED_UNREADABLE, // errno says why; 0: the file has another form
} ServedRead;

// Reads DIRECTORY/mark.
ServedRead
served_read(const char *directory, Served *ret);
// Replaces DIRECTORY/mark, and makes the directory where it is missing. A reader sees the old file
// or the new one. With `durable` it is on disk when this returns true. False with errno.
bool
served_write(const char *directory, const Served *mark, bool durable);
// The directory of a data directory for which the settings name none: DATA-served, beside it.
char *
served_beside(const char *data, Arena *arena);

#endif
