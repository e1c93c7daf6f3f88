// SPDX-License-Identifier: EUPL-1.2
// A view of one file through a buffer. Knows: pread. Must never know: what the bytes mean.
// It reads with pread, not mmap: when another program cuts a mapped file short, the process dies; a
// read reports the failure.
#ifndef KETEN_STORE_JOURNAL_WINDOW_H
#define KETEN_STORE_JOURNAL_WINDOW_H

#include <stddef.h>
#include <stdint.h>

typedef struct Window {
    int fd;          // owned; -1 none
    int failed;      // errno of a read that failed; 0 none
    uint64_t name;   // tells the caller which file it opened here
    uint8_t *bytes;  // owned
    size_t capacity; // bytes allocated at `bytes`
    uint64_t offset; // in bytes: the place of bytes[0] in the file
    size_t length;   // bytes that were read from there; 0: none
} Window;

// Looks through `fd` from now on and owns it.
void
window_open(Window *window, int fd, uint64_t name);
// Takes zeroed windows whose fd is -1.
void
window_close(Window *window);
// Forgets what was read, for a file that was written.
void
window_forget(Window *window);

// The `want` bytes at `offset`; NULL when the file ends before their end or cannot be read (then
// `failed` is set). Valid until the next call.
const uint8_t *
window_at(Window *window, uint64_t offset, size_t want);
// The bytes at `offset`, at most `want`; *ret_length tells how many there are.
const uint8_t *
window_some(Window *window, uint64_t offset, size_t want, size_t *ret_length);

#endif
