// SPDX-License-Identifier: EUPL-1.2
// The outbox on disk: commands that have no answer yet, so that the next program with the same
// state directory sends them again. Knows: one append-only file. Must never know: sockets, what a
// frame says. Its content is personal data that the partner itself sent, in a directory that only
// the partner reads.
#ifndef KETEN_LIB_OUTLOG_H
#define KETEN_LIB_OUTLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Outlog {
    int directory; // not owned; -1: nothing is kept
    int file;
    uint64_t bytes; // written so far
} Outlog;

// Told of every command that was written; `frame` NULL: that number was answered.
typedef bool (*OutlogReader)(void *context, uint64_t number, const uint8_t *frame, size_t length);

// Reads what stands there, oldest first; an unfinished end is cut off. False when the file cannot
// be used.
bool
outlog_open(Outlog *ret, int directory, OutlogReader reader, void *context);

// On disk when this returns true.
bool
outlog_add(Outlog *log, uint64_t number, const uint8_t *frame, size_t length);

// Not synced: forgetting it means that a command goes out once more under its own number.
void
outlog_answered(Outlog *log, uint64_t number);

// The file has grown far beyond what is still waiting: worth a rewrite.
bool
outlog_is_long(const Outlog *log);
// Starts a new file with nothing in it, to which what still waits is added; then it takes the old
// one's place.
bool
outlog_rewrite_begin(const Outlog *log, Outlog *ret_new);
bool
outlog_rewrite_end(Outlog *log, Outlog *new);

// Nothing is waiting any more.
void
outlog_clear(Outlog *log);

void
outlog_close(Outlog *log);

#endif
