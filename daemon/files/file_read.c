// SPDX-License-Identifier: EUPL-1.2
// Reading a regular file from disk. Knows: open, fstat, read. Must never know: what a file says.
#include "daemon/files/file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"

#define FILE_MOST (1u << 20)

static KtCode
read_all(int fd, Arena *arena, char **ret_bytes, size_t *ret_length)
{
    struct stat at;
    size_t length = 0;
    if (fstat(fd, &at) != 0)
        return KT_FILE_UNREADABLE;
    if (!S_ISREG(at.st_mode) || at.st_size > FILE_MOST) {
        errno = S_ISREG(at.st_mode) ? EFBIG : EINVAL;
        return KT_FILE_UNREADABLE;
    }
    char *bytes = arena_take(arena, (size_t)at.st_size + 1);
    while (length < (size_t)at.st_size) {
        const ssize_t got = read(fd, bytes + length, (size_t)at.st_size - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return KT_FILE_UNREADABLE;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    *ret_bytes = bytes;
    *ret_length = length;
    return KT_OK;
}

KtCode
file_read(const char *path, Arena *arena, char **ret_bytes, size_t *ret_length, Fault *fault)
{
    ASSERT(path != NULL && arena != NULL && fault != NULL);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fault_set(fault, KT_FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    const KtCode code = read_all(fd, arena, ret_bytes, ret_length);
    if (code != KT_OK)
        fault_set(fault, code, "%s: %s", path, strerror(errno));
    close(fd);
    return code;
}
