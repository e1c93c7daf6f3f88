// SPDX-License-Identifier: EUPL-1.2
// A view of one file through a buffer. Knows: pread. Must never know: what the bytes mean.
// Not mmap: a file cut short under a mapping kills the process where a read says so.
#ifndef KETEN_STORE_JOURNAL_WINDOW_H
#define KETEN_STORE_JOURNAL_WINDOW_H

#include <stddef.h>
#include <stdint.h>

typedef struct Window {
    int fd;        // owned; -1 none
    int failed;    // errno of a read that failed; 0 none
    uint64_t name; // of the file, for whoever opened it
    uint8_t *bytes;
    size_t capacity;
    uint64_t offset; // of bytes[0] in the file
    size_t length;
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

// At least `want` bytes at `offset`, or NULL when the file ends before, or cannot be read (then
// `failed` is set).
// Valid until the next call.
const uint8_t *
window_at(Window *window, uint64_t offset, size_t want);
// As many as there are, at most `want`; *ret_length says how many.
const uint8_t *
window_some(Window *window, uint64_t offset, size_t want, size_t *ret_length);

#endif
