// SPDX-License-Identifier: EUPL-1.2
// Reading a regular file from disk. Knows: read. Must never know: what a file says.
#include "daemon/files/file_read.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "proto/trust.h"

#define FILE_MOST (1u << 20)

static KtCode
read_all(int fd, off_t size, Arena *arena, char **ret_bytes, size_t *ret_length)
{
    size_t length = 0;
    if (size > FILE_MOST) {
        errno = EFBIG;
        return KT_FILE_UNREADABLE;
    }
    char *bytes = arena_take(arena, (size_t)size + 1);
    while (length < (size_t)size) {
        const ssize_t got = read(fd, bytes + length, (size_t)size - length);
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
file_read(const char *path, TrustNeed need, Arena *arena, char **ret_bytes, size_t *ret_length,
          Fault *fault)
{
    ASSERT(path != NULL && arena != NULL && fault != NULL);
    struct stat status;
    TrustFault trust;
    const int fd = trusted_open(path, need, &trust, &status);
    if (fd < 0)
        return trust_fault(trust, path, KT_FILE_UNREADABLE, fault);
    const KtCode code = read_all(fd, status.st_size, arena, ret_bytes, ret_length);
    if (code != KT_OK)
        fault_set(fault, code, "%s: %s", path, strerror(errno));
    close(fd);
    return code;
}
