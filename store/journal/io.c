// SPDX-License-Identifier: EUPL-1.2
// See io.h. Knows: interrupted and partial writes. Must never know: what is written.
#include "store/journal/io.h"

#include <errno.h>
#include <unistd.h>

bool
write_all(int fd, const void *bytes, size_t length, uint64_t offset)
{
    const uint8_t *at = bytes;
    while (length > 0) {
        const ssize_t done = pwrite(fd, at, length, (off_t)offset);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        offset += (uint64_t)done;
        length -= (size_t)done;
    }
    return true;
}

void
close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}
