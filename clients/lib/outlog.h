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
    int directory;  // the state directory, which Stream owns; -1: no file, all calls do nothing
    int file;       // `outbox`; -1: not open
    uint64_t bytes; // the length of the file, up to the end of the last whole entry
    bool damaged;   // outlog_open() found damaged bytes
    uint64_t damaged_at; // the first of them
} Outlog;

typedef enum OutlogOpen {
    OUTLOG_OK,
    OUTLOG_FAILED,  // the file cannot be used; errno may say why
    OUTLOG_DAMAGED, // bytes in it are damaged, which was not told before: see `damaged_at`
} OutlogOpen;

// outlog_open() calls this for every entry. `frame` is NULL when the entry says that the command
// under this number was answered. False ends the reading.
typedef bool (*OutlogReader)(void *context, uint64_t number, const uint8_t *frame, size_t length);

// Reads the whole entries, oldest first, and cuts an unfinished end off. A damaged file is kept as
// `outbox.damaged` and told once: the same file is OUTLOG_OK the next time, without what cannot be
// read.
OutlogOpen
outlog_open(Outlog *ret, int directory, OutlogReader reader, void *context);

// Adds a command; it is on disk when this returns true.
bool
outlog_add(Outlog *log, uint64_t number, const uint8_t *frame, size_t length);

// Adds that a command was answered. This is not synced: if the entry is lost, the command leaves
// once more under its own number, and the daemon gives the same answer.
void
outlog_answered(Outlog *log, uint64_t number);

// True when the file is so long that a rewrite is worth while.
bool
outlog_is_long(const Outlog *log);
// Starts an empty new file. The caller adds the commands without an answer to it, and
// outlog_rewrite_end() puts it in the place of the old file.
bool
outlog_rewrite_begin(const Outlog *log, Outlog *ret_new);
bool
outlog_rewrite_end(Outlog *log, Outlog *new);

// Empties the file: no command waits for an answer any more.
void
outlog_clear(Outlog *log);

void
outlog_close(Outlog *log);

#endif
