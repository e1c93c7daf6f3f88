// SPDX-License-Identifier: EUPL-1.2
// See window.h. Knows: pread. Must never know: what the bytes mean.
// A disk may fail to read a place once and give it the next time, so a read that fails is tried
// once more. A read that fails again leaves its errno in `failed`; a file that ends gives fewer
// bytes.
#include "store/journal/window.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"

#define WINDOW_BYTES 65536u

void
window_open(Window *window, int fd, uint64_t name)
{
    if (window->fd >= 0)
        close(window->fd);
    window->fd = fd;
    window->failed = 0;
    window->name = name;
    window->length = 0;
}

void
window_close(Window *window)
{
    if (window->fd >= 0)
        close(window->fd);
    free(window->bytes);
    *window = (Window){.fd = -1};
}

void
window_forget(Window *window)
{
    window->length = 0;
}

static void
fill(Window *window, uint64_t offset, size_t want)
{
    const size_t room = want < WINDOW_BYTES ? WINDOW_BYTES : want;
    if (window->capacity < room) {
        free(window->bytes);
        window->bytes = malloc(room);
        if (window->bytes == NULL)
            exhausted("a window on the journal");
        window->capacity = room;
    }
    window->offset = offset;
    window->length = 0;
    bool again = false;
    while (window->length < room) {
        const ssize_t got = pread(window->fd, window->bytes + window->length, room - window->length,
                                  (off_t)(offset + window->length));
        if (got < 0 && (errno == EINTR || !again)) {
            again = again || errno != EINTR;
            continue;
        }
        if (got < 0)
            window->failed = errno;
        if (got <= 0)
            return;
        window->length += (size_t)got;
    }
}

const uint8_t *
window_some(Window *window, uint64_t offset, size_t want, size_t *ret_length)
{
    if (offset < window->offset || offset + want > window->offset + window->length)
        fill(window, offset, want);
    const uint64_t end = window->offset + window->length;
    const size_t have = offset >= end ? 0 : (size_t)(end - offset);
    *ret_length = have < want ? have : want;
    return window->bytes + (have == 0 ? 0 : offset - window->offset);
}

const uint8_t *
window_at(Window *window, uint64_t offset, size_t want)
{
    size_t have;
    const uint8_t *bytes = window_some(window, offset, want, &have);
    return have < want ? NULL : bytes;
}
