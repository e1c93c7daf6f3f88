// SPDX-License-Identifier: EUPL-1.2
// The journal on disk: the memory and the files of one open journal. Knows: one directory of
// segments. Must never know: what a record says. The directory has these files: lock (flock, and
// the pid of the process that has it), epoch, the segments, and cut-POSITION-N.bin for each
// unfinished end that was cut off.
#ifndef KETEN_STORE_JOURNAL_FILES_H
#define KETEN_STORE_JOURNAL_FILES_H

#include "store/journal/format.h"
#include "store/journal/port.h"
#include "store/journal/recent.h"
#include "store/journal/segments.h"
#include "store/journal/window.h"

// Files and memory belong to this struct; files_done in files.c gives them back.
typedef struct JournalFiles {
    Journal journal;        // first, so that the port's pointer is also ours
    uint64_t segment_bytes; // length of a full segment, in bytes
    uint64_t reserve_bytes; // on the disk; journal_room leaves them out
    bool read_only;         // the journal writes nothing and takes no lock
    char *directory;        // its path, for the texts of faults
    int directory_fd;
    int lock_fd;            // epoch.c; -1: not taken
    int epoch_fd;           // epoch.c: the epoch file as last written here; -1: none
    bool claimed;           // claim.c sets it, a clean close resets it
    bool broken;            // a write failed, so the disk may hold anything: open the journal again
    bool reading;           // a reader is running; a second one would spoil its window
    Epoch epoch;            // as last read or written by this process
    uint64_t tail;          // position of the last record
    Hash tail_hash;         // the running hash at the tail
    Segments segments;      // claim.c reads the list, append.c adds to it
    int active_fd;          // the last segment, open for writing; -1: none yet
    uint64_t active_offset; // in bytes: where the next batch goes in the active segment
    uint64_t active_size;   // in bytes: the active segment is zero-filled up to here
    Window window;          // the segment that is being read
    size_t hint_segment;    // read.c: the index of the segment where the last search ended
    Mark hint;              // read.c: the batch there; position 0: none
    Recent *recent;         // a ring of recent.h
    uint8_t *batch;         // the batch being written, or the recent record being read
    size_t batch_room;      // bytes allocated at `batch`
    Hasher *hasher;
} JournalFiles;

static inline JournalFiles *
files_of(Journal *journal)
{
    return (JournalFiles *)journal;
}

#endif
